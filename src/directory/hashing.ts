import type { FileDigest } from '../collect/index.js';
import type { MsbomError } from '../core/error.js';
import type { Limits } from '../core/limits.js';
import type { DiskEntry } from '../node/files.js';
import { type FileAlgorithm, hashFiles } from '../node/hash.js';

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

/** Digests of files, in the order given, and what could not be read. */
export async function hashEntries(
  entries: readonly DiskEntry[],
  options: DirectoryOptions,
): Promise<{ readonly files: readonly FileDigest[]; readonly problems: readonly MsbomError[] }> {
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
