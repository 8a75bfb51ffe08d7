import { type ErrorCode, MsbomError } from '../core/error.js';

/** Without a code, that of the caller: the same fault of reading and of writing. */
const CODES: Readonly<Record<string, readonly [ErrorCode | undefined, string]>> = {
  ENOENT: ['ERR_IO_NOT_FOUND', 'there is no such file or directory'],
  ENOTDIR: ['ERR_IO_NOT_FOUND', 'a part of the path is not a directory'],
  EACCES: ['ERR_IO_PERMISSION', 'permission denied'],
  EPERM: ['ERR_IO_PERMISSION', 'not permitted'],
  EROFS: ['ERR_IO_PERMISSION', 'the file system is read-only'],
  EEXIST: ['ERR_IO_EXISTS', 'the file exists already'],
  ELOOP: ['ERR_IO_LINK', 'the symbolic links run in a circle'],
  ENOSPC: ['ERR_IO_WRITE', 'there is no space left'],
  EDQUOT: ['ERR_IO_WRITE', 'there is no space left for this user'],
  EMFILE: [undefined, 'too many files are open: the system allows this process no more'],
  ENFILE: [undefined, 'too many files are open on this system'],
  EISDIR: [undefined, 'it is a directory'],
};

/** A system error as an MsbomError without absolute paths; other errors of this package pass through. */
export function ioError(error: unknown, file: string, fallback: 'ERR_IO_READ' | 'ERR_IO_WRITE'): MsbomError {
  if (MsbomError.is(error)) return error;
  const system = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const [code = fallback, message] = CODES[system] ?? [fallback, `the system says ${system || String(error)}`];
  return new MsbomError(code, message, { file, cause: error });
}
