import type { Row } from './row.js';

/** What models and components have alike; datasets have no group, and services no copyright. */
export const NAMED: readonly Row[] = [
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
];
