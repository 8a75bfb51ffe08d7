/** What the blocks of CycloneDX share while a document is written or read. */

import type { Party } from '../../schema/index.js';
import type { CycloneDXVersion } from './library.js';

export interface Context {
  readonly version: CycloneDXVersion;
  /** The party of an id. */
  readonly party: (id: unknown) => Party | undefined;
  /** The id of a party that a document names: that of one of the same name, or a new one. */
  readonly partyId: (party: Party) => string;
}

/** Is `version` at least `since`? */
export const atLeast = (version: CycloneDXVersion, since: CycloneDXVersion): boolean => Number(version.slice(2)) >= Number(since.slice(2));
