import { type FileHandle, link, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { FileGuard } from './guard.js';
import { ioError } from './io-error.js';

export interface WriteOptions {
  /** Replace a file that is there already. Default true. */
  readonly overwrite?: boolean;
  /** Force the bytes to the disk. Default true; without it the file survives the end of the program, not a loss of power. */
  readonly sync?: boolean;
  /** What else is read and written: the file is refused when it is one of those, also when it became one meanwhile. */
  readonly guard?: FileGuard;
}

/**
 * Writes a whole file or nothing: into a new file beside it, forced to disk, then moved into place. A file that is there keeps its
 * permissions, and a link to a file stays a link. What is no file, such as a device or a pipe, is written to as it is.
 * @throws ERR_OUTPUT_IS_INPUT, ERR_IO_LINK with a guard, ERR_IO_EXISTS when it is there and may not be replaced, ERR_IO_PERMISSION, ERR_IO_WRITE
 */
export async function writeFileAtomic(path: string, text: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
  const { overwrite = true, sync = true, guard } = options;
  try {
    await guard?.writes(path);
    const there = overwrite ? await targetOf(path) : { path };
    if (there.isSpecial === true) await writeFile(path, text);
    else await replace(there, text, sync, overwrite, () => guard?.writes(path));
    await guard?.wrote(path);
  } catch (error) {
    throw writeError(error, basename(path));
  }
}

interface Target {
  /** Of the file itself, where `path` is a link to it. */
  readonly path: string;
  /** Permissions of the file that is there. */
  readonly mode?: number;
  /** It is there and is no file. */
  readonly isSpecial?: boolean;
}

async function targetOf(path: string): Promise<Target> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return { path, isSpecial: true };
    return { path: await realpath(path), mode: found.mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path }; // a system error
    throw error;
  }
}

/** `check` is asked when all is written and only the name is missing. */
async function replace(
  { path, mode }: Target,
  text: string | Uint8Array,
  sync: boolean,
  overwrite: boolean,
  check: () => Promise<void> | undefined,
): Promise<void> {
  // Costs a few milliseconds to load, and most commands write to standard output.
  const { randomBytes } = await import('node:crypto');
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    // Nobody may read the new file who may not read the old one, not even for a moment.
    const handle = await open(temporary, 'wx', mode === undefined ? 0o666 : 0o600);
    try {
      await handle.writeFile(text);
      if (mode !== undefined) await giveMode(handle, mode);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    await check();
    // A hard link fails when the name is taken, which a rename does not.
    if (overwrite) await rename(temporary, path);
    else await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Only where it has another: some file systems know no permissions and refuse to change them. */
async function giveMode(handle: FileHandle, mode: number): Promise<void> {
  if (((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode);
}

/** What is not there is the directory. */
function writeError(error: unknown, file: string): MsbomError {
  const known = ioError(error, file, 'ERR_IO_WRITE');
  return known.code !== 'ERR_IO_NOT_FOUND'
    ? known
    : new MsbomError(known.code, 'the directory that it is to be written into does not exist', {
        file,
        hint: 'Make the directory first.',
        cause: error,
      });
}
