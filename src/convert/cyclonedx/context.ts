/** What the blocks of CycloneDX share while a document is written or read. */

import type { CycloneDXVersion } from '../mapping/row.js';
import type { Parties } from '../parties.js';

export interface Context extends Parties {
  readonly version: CycloneDXVersion;
}

/** Is `version` at least `since`? */
export const atLeast = (version: CycloneDXVersion, since: CycloneDXVersion): boolean => Number(version.slice(2)) >= Number(since.slice(2));
