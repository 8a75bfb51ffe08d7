/** What the collectors say before it is brought into the form of the specification, and whether it can be. */

import { type CollectDirectoryOptions, collectDirectoryDraft } from '../../src/collect/disk/directory.js';
import { type CollectedDraft, collectDraft, type DraftOptions } from '../../src/collect/draft.js';
import type { SourceTree } from '../../src/core/source-tree.js';
import { fromDraft } from '../../src/draft/bridge/from-draft.js';
import type { Manifest } from '../../src/draft/schema/index.js';
import { stringifyManifest as stringify } from '../../src/manifest/stringify.js';
import { type ValidationResult, validateManifest as validate } from '../../src/validate/index.js';

export { collectDataset, describeDataset, withDataset } from '../../src/collect/dataset/index.js';
export type { DraftOptions as CollectOptions } from '../../src/collect/draft.js';

/** Tests of single sources have no weights; that none are there is told by tests of its own. */
export const collect = (tree: SourceTree, options: DraftOptions): Promise<CollectedDraft> =>
  collectDraft(tree, { expectsWeights: false, ...options });
export const collectDirectory = (directory: string, options: CollectDirectoryOptions = {}): Promise<CollectedDraft> =>
  collectDirectoryDraft(directory, { expectsWeights: false, ...options });

/** The verdict about the manifest that comes of a draft. @throws when a value of the draft has no place in it */
export function validateManifest(draft: Manifest): ValidationResult {
  const { manifest, lost } = fromDraft(draft);
  // Parts of a manifest may name what is in another part.
  const left = lost.filter((pointer) => !pointer.startsWith('/evidence/') && !/^\/components\/[^/]+\/environment$/.test(pointer));
  if (left.length > 0) throw new Error(`no place for ${left.join(', ')}`);
  return validate(manifest);
}

/** The text of the manifest that comes of a draft. */
export const stringifyManifest = (draft: Manifest): string => stringify(fromDraft(draft).manifest);
