/** Verifies every signed directory below one, in one process. */
import { basename, dirname, join, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import { openTree } from '../platform/files.js';
import { type Reason, reason } from './reasons.js';
import { type Verdict, type VerifyOptions, verifier } from './verify.js';

export interface BatchOptions extends VerifyOptions {
  /** Base name of signatures. Default `model.sig`. */
  readonly signatureName?: string;
}

export interface BatchResult extends Partial<Omit<Verdict, 'ok' | 'reasons' | 'version' | 'relaxed'>> {
  /** Paths relative to the directory that was searched; `.` is that directory itself. */
  readonly signature: string;
  readonly directory: string;
  readonly ok: boolean;
  readonly reasons: readonly Reason[];
}

export interface BatchVerdict {
  readonly version: 1;
  /** True when there was a signature and all are good. */
  readonly ok: boolean;
  readonly results: readonly BatchResult[];
  /** What speaks against the whole: that nothing was there to verify, or that a part could not be searched. */
  readonly reasons: readonly Reason[];
  readonly relaxed: readonly string[];
}

/**
 * One verdict for each signature of that name in a directory and below it; links are not followed. What cannot be read is told in its
 * result, and the others are verified all the same.
 * @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE, ERR_IO_*, ERR_LIMIT_COUNT
 */
export async function verifyTree(root: string, options: BatchOptions): Promise<BatchVerdict> {
  const { signatureName = 'model.sig', limits = DEFAULT_LIMITS } = options;
  const { relaxed, verify } = verifier(options);
  const tree = await openTree(resolve(root));
  const results: BatchResult[] = [];
  const reasons: Reason[] = [];
  let seen = 0;
  for await (const { path, absolutePath, isLink, problem } of tree.list()) {
    if (++seen > limits.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${limits.maxFiles} files`, { file: tree.name });
    const isSignature = basename(path) === signatureName;
    // A directory that cannot be opened may hold signatures.
    if (problem !== undefined && isLink !== true && !isSignature) reasons.push(reason('file-unreadable', problem.message, path));
    if (!isSignature) continue;
    const place = { signature: path, directory: dirname(path) };
    if (isLink === true) results.push({ ...place, ok: false, reasons: [reason('link-refused', 'the signature is a symbolic link', path)] });
    else results.push({ ...place, ...(await answerOf(() => verify(dirname(absolutePath), join(absolutePath)), path)) });
  }
  if (results.length === 0) reasons.push(reason('nothing-signed', `there is no ${signatureName} in the directory or below it`));
  return { version: 1, ok: reasons.length === 0 && results.every(({ ok }) => ok), results, reasons, relaxed };
}

async function answerOf(verify: () => Promise<Verdict>, path: string): Promise<Omit<BatchResult, 'signature' | 'directory'>> {
  try {
    const { version: _version, relaxed: _relaxed, ...verdict } = await verify();
    return verdict;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { ok: false, reasons: [reason('file-unreadable', error.message, error.file ?? path)] };
  }
}
