/** The library for Node: directories, hashing, writing. Everything here reads the disk; nothing touches the network. */

import type { ManifestDraft } from './build/builder.js';
import { type CollectOptions, type CollectResult, collect, type FileDigest, hubLocation, incomplete, isExcluded } from './collect/index.js';
import { MsbomError } from './core/error.js';
import { DEFAULT_LIMITS, type Limits } from './core/limits.js';
import { type FileFacts, readFacts } from './formats/index.js';
import { compareFiles, type VerifyResult } from './manifest/compare-files.js';
import { type DiskEntry, openFile, openTree } from './node/files.js';
import { type FileAlgorithm, hashFiles } from './node/hash.js';
import type { Manifest } from './schema/index.js';

export type { CollectResult } from './collect/index.js';
export type { FileVerdict, VerifyResult } from './manifest/compare-files.js';
export { type OpenFile, openFile, openTree } from './node/files.js';
export { hashFile } from './node/hash.js';
export { type WriteOptions, writeFileAtomic } from './node/write.js';

export interface DirectoryOptions {
  /** Hash files with SHA-512 too. */
  readonly sha512?: boolean;
  /** Threads for hashing at most. */
  readonly jobs?: number;
  readonly limits?: Limits;
  /** Paths to leave out. */
  readonly exclude?: (path: string) => boolean;
  /** Called while hashing. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface CollectDirectoryOptions
  extends DirectoryOptions,
    Omit<CollectOptions, 'digestFiles' | 'now' | 'location' | 'limits' | 'exclude'> {
  /** Time of the document; default the present. */
  readonly now?: Date | string;
}

/**
 * Describes the model in a directory.
 * @throws ERR_IO_*, ERR_COLLECT_INCOMPLETE with a finding for each file that cannot be read
 */
export async function collectDirectory(directory: string, options: CollectDirectoryOptions = {}): Promise<CollectResult> {
  const tree = await openTree(directory);
  return collect(tree, {
    ...options,
    now: options.now ?? new Date(),
    location: hubLocation(tree.root),
    digestFiles: async (entries) => {
      const { files, problems } = await hashEntries(entries as readonly DiskEntry[], options); // the tree above yields disk entries
      if (problems.length > 0) throw incomplete(problems);
      return files;
    },
  });
}

/**
 * Recomputes every digest of a manifest from the files of a directory.
 * A file that cannot be read, is new, gone or different makes `ok` false.
 */
export async function verifyDirectory(directory: string, manifest: Manifest, options: DirectoryOptions = {}): Promise<VerifyResult> {
  const tree = await openTree(directory);
  const entries: DiskEntry[] = [];
  const listed = new Set((manifest.artifacts ?? manifest.datasets?.[0]?.files ?? []).map(({ path }) => path));
  for await (const entry of tree.list()) {
    if (!listed.has(entry.path) && (isExcluded(entry.path) || options.exclude?.(entry.path) === true)) continue;
    entries.push(entry);
    const { maxFiles } = options.limits ?? DEFAULT_LIMITS;
    if (entries.length > maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${maxFiles} files`, { file: tree.name });
  }
  const problems = entries.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const readable = entries.filter(({ problem }) => problem === undefined);
  const sha512 = manifest.artifacts?.some(({ digest }) => digest.sha512 !== undefined) ?? false;
  const hashed = await hashEntries(readable, { ...options, sha512 });
  return compareFiles(manifest, hashed.files, [...problems, ...hashed.problems]);
}

async function hashEntries(
  entries: readonly DiskEntry[],
  options: DirectoryOptions,
): Promise<{ files: readonly FileDigest[]; problems: readonly MsbomError[] }> {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const algorithms: readonly FileAlgorithm[] = options.sha512 === true ? ['sha256', 'sha512'] : ['sha256'];
  const { files, problems } = await hashFiles(entries, {
    algorithms,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    onProgress: (bytes) => {
      done += bytes;
      options.onProgress?.(done, total);
    },
  });
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { files: entries.flatMap(({ path }) => byPath.get(path) ?? []), problems };
}

/** What the header of one file says; undefined when no reader recognises it. */
export async function inspectFile(path: string, limits: Limits = DEFAULT_LIMITS): Promise<FileFacts | undefined> {
  const file = await openFile(path);
  try {
    return await readFacts(file, limits);
  } finally {
    await file.close();
  }
}

/**
 * Hashes the files of a directory, reads their headers and adds what they say to a manifest in the making.
 * What the draft already says stays; a name is never taken from the files.
 */
export async function addFiles(draft: ManifestDraft, directory: string, options: DirectoryOptions = {}): Promise<CollectResult> {
  const result = await collectDirectory(directory, { ...options, now: new Date(0), name: 'unnamed' });
  const { bom: _bom, $schema: _schema, model, evidence = [], ...rest } = result.manifest;
  const { name: _name, rootDigest: _root, ...facts } = model ?? { name: '' };
  const kept = evidence
    .map((entry) => ({
      ...entry,
      pointers: entry.pointers.filter((pointer) => pointer !== '/model/name' && pointer !== '/model/rootDigest'),
    }))
    .filter((entry) => entry.pointers.length > 0);
  draft.include({ ...rest, ...(Object.keys(facts).length > 0 ? { model: facts as Manifest['model'] & object } : {}), evidence: kept });
  return result;
}
