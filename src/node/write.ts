import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MsbomError } from '../core/error.js';
import { ioError } from './io-error.js';

export interface WriteOptions {
  /** Replace a file that is there already. Default true. */
  readonly overwrite?: boolean;
  /** Force the bytes to the disk. Default true; without it the file survives the end of the program, not a loss of power. */
  readonly sync?: boolean;
}

/**
 * Writes a whole file or nothing: into a new file beside it, forced to disk, then moved into place.
 * @throws ERR_IO_EXISTS when it is there and may not be replaced, ERR_IO_PERMISSION, ERR_IO_WRITE
 */
export async function writeFileAtomic(path: string, text: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
  const { overwrite = true, sync = true } = options;
  // Costs a few milliseconds to load, and most commands write to standard output.
  const { randomBytes } = await import('node:crypto');
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o666);
    try {
      await handle.writeFile(text);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    // A hard link fails when the name is taken, which a rename does not.
    if (overwrite) await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    throw writeError(error, basename(path));
  } finally {
    await rm(temporary, { force: true });
  }
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
