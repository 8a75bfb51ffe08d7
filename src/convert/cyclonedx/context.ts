/** What the blocks of CycloneDX share while a document is written or read. */

import type { Parties } from '../parties.js';
import type { CycloneDXVersion } from './library.js';

export interface Context extends Parties {
  readonly version: CycloneDXVersion;
}

/** Is `version` at least `since`? */
export const atLeast = (version: CycloneDXVersion, since: CycloneDXVersion): boolean => Number(version.slice(2)) >= Number(since.slice(2));
