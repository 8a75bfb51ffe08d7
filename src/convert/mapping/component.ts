import { NAMED } from './common.js';
import type { Row } from './row.js';

/** What BSI TR-03183-2, section 5.2.2, asks of each component. Source: https://github.com/BSI-Bund/tr-03183-cyclonedx-property-taxonomy */
const BSI: readonly Row[] = [
  { at: 'properties.executable', cyclonedx: 'bsi:component:executable', codec: 'executable' },
  { at: 'properties.archive', cyclonedx: 'bsi:component:archive', codec: 'archive' },
  { at: 'properties.structured', cyclonedx: 'bsi:component:structured', codec: 'structured' },
];

/** A component of software or hardware; what kind it is stands in a table of its own (`kinds.ts`). */
export const COMPONENT: readonly Row[] = [
  ...NAMED,
  { at: 'timestamp', spdx3: 'builtTime', spdx2: 'builtDate', codec: 'seconds' },
  { at: 'filename', cyclonedx: 'bsi:component:filename', spdx2: 'packageFileName', codec: 'text' },
  ...BSI,
  { at: 'supportEnd', spdx3: 'validUntilTime', spdx2: 'validUntilDate', codec: 'day' },
];

/** A file; its path is its name. */
export const ARTIFACT: readonly Row[] = [
  ...BSI,
  { at: 'format.mediaType', cyclonedx: 'mime-type', spdx3: 'contentType', codec: 'mediaType' },
  { at: 'note', spdx3: 'comment', spdx2: 'comment', codec: 'text' },
];

/** A service; those that it is made of lie in it. */
export const SERVICE: readonly Row[] = [
  ...NAMED.filter(({ at }) => at !== 'copyright'),
  { at: 'endpoints', cyclonedx: 'endpoints', codec: 'texts' },
];
