import type { Row } from './row.js';

/** A component of software or hardware; what kind it is stands in a table of its own (`kinds.ts`). */
export const COMPONENT: readonly Row[] = [
  { at: 'name', cyclonedx: 'name', spdx3: 'name', spdx2: 'name', codec: 'text' },
  { at: 'group', cyclonedx: 'group', codec: 'text' },
  { at: 'version', cyclonedx: 'version', spdx3: 'software_packageVersion', spdx2: 'versionInfo', codec: 'text' },
  { at: 'description', cyclonedx: 'description', spdx3: 'description', spdx2: 'description', codec: 'text' },
  {
    at: 'copyright',
    cyclonedx: 'copyright',
    spdx3: 'software_copyrightText',
    spdx2: 'copyrightText',
    codec: { cyclonedx: 'text', spdx3: 'said' },
  },
  { at: 'timestamp', spdx3: 'builtTime', spdx2: 'builtDate', codec: 'seconds' },
  { at: 'filename', spdx2: 'packageFileName', codec: 'text' },
  { at: 'supportEnd', spdx3: 'validUntilTime', spdx2: 'validUntilDate', codec: 'day' },
];

/** A file; its path is its name. */
export const ARTIFACT: readonly Row[] = [
  { at: 'format.mediaType', cyclonedx: 'mime-type', spdx3: 'contentType', codec: 'mediaType' },
  { at: 'note', spdx3: 'comment', spdx2: 'comment', codec: 'text' },
];

/** A service; those that it is made of lie in it. */
export const SERVICE: readonly Row[] = [
  { at: 'name', cyclonedx: 'name', spdx3: 'name', spdx2: 'name', codec: 'text' },
  { at: 'group', cyclonedx: 'group', codec: 'text' },
  { at: 'version', cyclonedx: 'version', spdx3: 'software_packageVersion', spdx2: 'versionInfo', codec: 'text' },
  { at: 'description', cyclonedx: 'description', spdx3: 'description', spdx2: 'description', codec: 'text' },
  { at: 'endpoints', cyclonedx: 'endpoints', codec: 'texts' },
];
