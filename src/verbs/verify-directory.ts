import { type DirectoryOptions, hashEntries } from '../collect/disk/hashing.js';
import { isExcluded } from '../collect/document.js';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { compareFiles, filesOf, type Uncovered, type VerifyResult } from '../manifest/compare-files.js';
import { hasLength, isComputable, type Wanted } from '../platform/algorithms.js';
import { type DiskEntry, openTree } from '../platform/files.js';
import { sameFile } from '../platform/guard.js';
import type { Manifest } from '../schema/index.js';

export interface VerifyOptions extends Omit<DirectoryOptions, 'sha512' | 'guard'> {
  /** Where the manifest lies: in the directory, it is no file of it, unless it lists itself. */
  readonly manifestFile?: string;
  /** Accept nothing that the manifest does not cover: no path that is left out, no link, no digest that is not checked. */
  readonly strict?: boolean;
}

/**
 * Recomputes every digest of a manifest from the files of a directory, each file read once.
 * A file that cannot be read, is new, gone or different makes `ok` false, and so does one of which no digest could be checked.
 */
export async function verifyDirectory(directory: string, manifest: Manifest, options: VerifyOptions = {}): Promise<VerifyResult> {
  const listed = new Map([...filesOf(manifest)].map(([path, { digest }]) => [path, wantedOf(digest)]));
  const { entries, uncovered } = await entriesOf(directory, listed, options);
  const problems = entries.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const readable = entries.filter(({ problem }) => problem === undefined);
  const hashed = await hashEntries(readable, options);
  const links = new Set(entries.filter(({ isLink }) => isLink === true).map(({ path }) => path));
  const files = hashed.files.map(({ digest, ...file }) => ({
    ...file,
    digest: { ...digest },
    ...(links.has(file.path) ? { isLink: true } : {}),
  }));
  const { strict = false } = options;
  return compareFiles(manifest, files, [...problems, ...hashed.problems], { uncovered, strict });
}

/** The digests of a file that can be computed. */
const wantedOf = (digest: object = {}): readonly Wanted[] =>
  Object.entries(digest as Readonly<Record<string, string>>)
    .map(([algorithm, { length: digits }]) => ({ algorithm, digits }))
    .filter((wanted) => isComputable(wanted.algorithm) && hasLength(wanted));

/** What is compared, and what is there besides. */
async function entriesOf(
  directory: string,
  listed: ReadonlyMap<string, readonly Wanted[]>,
  { exclude, manifestFile, limits = DEFAULT_LIMITS }: VerifyOptions,
): Promise<{ readonly entries: readonly DiskEntry[]; readonly uncovered: readonly Uncovered[] }> {
  const uncovered = new Map<string, Uncovered>();
  const leaveOut = (path: string, why: Uncovered['why']): void => void uncovered.set(path, { path, why });
  const tree = await openTree(directory, { onEmpty: (path) => leaveOut(path === '' ? './' : `${path}/`, 'empty') });
  const isManifest = await sameFile(manifestFile);
  const entries: (DiskEntry & { readonly also?: readonly Wanted[] })[] = [];
  for await (const entry of tree.list()) {
    const also = listed.get(entry.path);
    if (also !== undefined) entries.push({ ...entry, also });
    else if (isManifest(entry.absolutePath)) leaveOut(entry.path, 'manifest');
    // Git keeps thousands of files.
    else if (isExcluded(entry.path)) leaveOut(entry.path.replace(/\/.*$/s, '/'), 'ignored');
    else if (exclude?.(entry.path) === true) leaveOut(entry.path, 'excluded');
    else entries.push(entry);
    if (entries.length > limits.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${limits.maxFiles} files`, { file: tree.name });
  }
  return { entries, uncovered: [...uncovered.values()] };
}
