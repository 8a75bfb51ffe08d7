/** A file beside another that only one program can make: whoever made it writes alone. */
import { open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MsbomError } from '../core/error.js';
import { ioError } from './io-error.js';

const WAIT_MS = 10_000;
const LOOK_MS = 25;

/**
 * Does the work while `file.lock` is ours.
 * @param what is being written, for the message
 * @throws ERR_IO_LOCKED when another program has it for longer than is waited, ERR_IO_*, and what the work throws
 */
export async function withLock<T>(file: string, what: string, work: () => Promise<T>, waitMs = WAIT_MS): Promise<T> {
  const path = `${file}.lock`;
  for (let waited = 0; ; waited += LOOK_MS) {
    try {
      await (await open(path, 'wx')).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw ioError(error, basename(path), 'ERR_IO_WRITE'); // a system error
      if (waited >= waitMs)
        throw new MsbomError('ERR_IO_LOCKED', `another program is writing ${what}`, {
          file: basename(path),
          hint: 'Remove the lock when no program is at work any more.',
        });
      await wait(LOOK_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
