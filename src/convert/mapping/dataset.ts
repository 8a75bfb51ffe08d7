import { NAMED } from './common.js';
import type { Row } from './row.js';

/** A dataset: a `data` component of CycloneDX, whose `data` member has one item; a dataset package of SPDX 3. */
export const DATASET: readonly Row[] = [
  ...NAMED.filter(({ at }) => at !== 'group'),
  { at: 'uri', cyclonedx: 'dataset.contents.url', spdx3: 'software_downloadLocation', codec: 'text' },
  { at: 'dates.issued', spdx3: 'releaseTime', spdx2: 'releaseDate', codec: 'day' },
  { at: 'dates.updated', spdx3: 'builtTime', spdx2: 'builtDate', codec: 'day' },
  { at: 'intendedUse', spdx3: 'dataset_intendedUse', codec: 'text' },
  { at: 'statistics.noise', spdx3: 'dataset_datasetNoise', codec: 'text' },
  { at: 'size.bytes', spdx3: 'dataset_datasetSize', codec: 'same' },
  { at: 'maintenance.updateMechanism', spdx3: 'dataset_datasetUpdateMechanism', codec: 'text' },
  {
    at: 'sensitivity.level',
    cyclonedx: 'dataset.classification',
    spdx3: 'dataset_confidentialityLevel',
    codec: { cyclonedx: 'text', spdx3: 'confidentiality' },
  },
  { at: 'sensitivity.classes', cyclonedx: 'dataset.sensitiveData', codec: 'texts' },
  { at: 'personalData.special', spdx3: 'dataset_hasSensitivePersonalInformation', codec: 'presenceFlag' },
  { at: 'access', spdx3: 'dataset_datasetAvailability', codec: 'availability' },
];
