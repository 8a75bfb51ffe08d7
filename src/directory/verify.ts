import { isExcluded } from '../collect/index.js';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { compareFiles, type VerifyResult } from '../manifest/compare-files.js';
import { type DiskEntry, openTree } from '../node/files.js';
import type { Manifest } from '../schema/index.js';
import { type DirectoryOptions, hashEntries } from './hashing.js';

/**
 * Recomputes every digest of a manifest from the files of a directory.
 * A file that cannot be read, is new, gone or different makes `ok` false.
 */
export async function verifyDirectory(directory: string, manifest: Manifest, options: DirectoryOptions = {}): Promise<VerifyResult> {
  const tree = await openTree(directory);
  const entries: DiskEntry[] = [];
  const files = manifest.artifacts ?? manifest.datasets?.[0]?.files ?? [];
  const listed = new Set(files.map(({ path }) => path));
  for await (const entry of tree.list()) {
    if (!listed.has(entry.path) && (isExcluded(entry.path) || options.exclude?.(entry.path) === true)) continue;
    entries.push(entry);
    const { maxFiles } = options.limits ?? DEFAULT_LIMITS;
    if (entries.length > maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${maxFiles} files`, { file: tree.name });
  }
  const problems = entries.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const readable = entries.filter(({ problem }) => problem === undefined);
  const sha512 = files.some(({ digest }) => digest.sha512 !== undefined);
  const hashed = await hashEntries(readable, { ...options, sha512 });
  return compareFiles(manifest, hashed.files, [...problems, ...hashed.problems]);
}
