/** What files of a directory are, against what is said of them. */
import { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import type { SourceTree } from '../core/source-tree.js';
import { readFacts } from '../formats/index.js';
import type { FileProbe } from './contribution.js';
import { computeDigests } from './dataset/digests.js';
import { close } from './read.js';

/** MD5 is computed on one processor, at some hundred megabytes a second. */
const MAX_MD5_BYTES = 256 * 1024 * 1024;

/** @param sizes of all files, by path */
export const probeOf = (tree: SourceTree, sizes: ReadonlyMap<string, number>, limits: Limits): FileProbe => ({
  size: (path) => sizes.get(path),
  md5: async (path) => {
    const size = sizes.get(path);
    return size === undefined || size > MAX_MD5_BYTES ? undefined : (await computeDigests(tree, path, ['md5'])).md5;
  },
  tensors: async (path) => (sizes.has(path) ? tensorNames(tree, path, limits) : undefined),
});

async function tensorNames(tree: SourceTree, path: string, limits: Limits): Promise<ReadonlySet<string> | undefined> {
  const source = await tree.open(path);
  try {
    const facts = await readFacts(source, limits);
    return facts && new Set(facts.tensors.map(({ name }) => name));
  } catch (error) {
    // What is wrong with it is said by whoever describes the file.
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    return undefined;
  } finally {
    await close(source);
  }
}
