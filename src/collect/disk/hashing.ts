import { append } from '../../core/append.js';
import type { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import type { DiskEntry } from '../../platform/files.js';
import type { FileGuard } from '../../platform/guard.js';
import { type FileAlgorithm, type HashJob, hashFiles } from '../../platform/hash.js';
import type { DescribeOptions, FileDigest } from '../describe.js';
import { incomplete } from '../document.js';

export interface DirectoryOptions {
  /** Hash files with SHA-512 too. */
  readonly sha512?: boolean;
  /** Threads for hashing at most. */
  readonly jobs?: number;
  readonly limits?: Limits;
  /** Paths to leave out. */
  readonly exclude?: (path: string) => boolean;
  /** What is written meanwhile: left out, and refused where it is one of the files. */
  readonly guard?: FileGuard;
  /** Called while hashing, also within a big file; `path` is the file that was read last. */
  readonly onProgress?: (doneBytes: number, totalBytes: number, path: string) => void;
}

/** Digests of files, in the order given, and what could not be read. */
export async function hashEntries(
  entries: readonly (DiskEntry & Pick<HashJob, 'also'>)[],
  options: DirectoryOptions,
  onHead?: (path: string, head: Uint8Array) => void,
): Promise<{ readonly files: readonly FileDigest[]; readonly problems: readonly MsbomError[] }> {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const algorithms: readonly FileAlgorithm[] = options.sha512 === true ? ['sha256', 'sha512'] : ['sha256'];
  const { files, problems } = await hashFiles(entries, {
    algorithms,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    ...(onHead === undefined ? {} : { onHead }),
    onProgress: (bytes, path) => {
      done += bytes;
      options.onProgress?.(done, total, path);
    },
  });
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { files: entries.flatMap(({ path }) => byPath.get(path) ?? []), problems };
}

/**
 * Hashes the files of a collected directory. The small ones come first, with a look at each; what cannot be read among them
 * is kept until the big ones are through, so that every problem is named at once.
 */
export function digester(options: DirectoryOptions): DescribeOptions['digestFiles'] {
  const { onProgress, ...rest } = options;
  const held: MsbomError[] = [];
  let before = 0;
  return async (entries, look) => {
    const more =
      onProgress === undefined || look !== undefined
        ? {}
        : { onProgress: (done: number, total: number, path: string) => onProgress(before + done, before + total, path) };
    const { files, problems } = await hashEntries(entries as readonly DiskEntry[], { ...rest, ...more }, look); // openTree yields disk entries
    append(held, problems);
    before += entries.reduce((sum, { size }) => sum + size, 0);
    if (look === undefined && held.length > 0) throw incomplete(held);
    return files;
  };
}
