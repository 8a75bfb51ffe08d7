/** Collecting for tests of single sources. These have no weights; that none are there is told by tests of its own. */
import { type CollectDirectoryOptions, collectDirectory as collectWhole } from '../../src/collect/disk/directory.js';
import { type CollectOptions, type CollectResult, collect as collectTree } from '../../src/collect/index.js';
import type { SourceTree } from '../../src/core/source-tree.js';

export const collect = (tree: SourceTree, options: CollectOptions): Promise<CollectResult> =>
  collectTree(tree, { expectsWeights: false, ...options });
export const collectDirectory = (directory: string, options: CollectDirectoryOptions = {}): Promise<CollectResult> =>
  collectWhole(directory, { expectsWeights: false, ...options });
