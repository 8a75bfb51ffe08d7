import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ownText, printableDocument } from '../core/printable.js';
import { ioError } from '../platform/io-error.js';
import { writeFileAtomic } from '../platform/write.js';
import type { SignOptions, SignResult } from '../sign/index.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';

export const SIGN_FORMATS = ['text', 'json'] as const;
export type SignFormat = (typeof SIGN_FORMATS)[number];

export interface SignVerbOptions extends VerbOptions, SignOptions {
  /** Where the signature goes; default `model.sig` in the directory, or beside the file. */
  readonly output?: string;
}

export interface SignVerbResult extends VerbResult<SignFormat> {
  readonly signed: SignResult;
  /** Path of the signature. */
  readonly file: string;
}

/**
 * Signs all files of a directory, or one file, by OpenSSF Model Signing, and writes the signature. As JSON the answer is the signature.
 * @throws ERR_SIGN_*, ERR_IO_*, ERR_OUTPUT_IS_INPUT
 */
export async function sign(path: string, options: SignVerbOptions): Promise<SignVerbResult> {
  const { cwd = '.', guard, output, now: _now, readStdin: _read, outputDescriptor: _descriptor, ...rest } = options;
  const target = resolve(cwd, path);
  const file = output === undefined ? await besideOrIn(target) : resolve(cwd, output);
  const { signDirectory } = await import('../sign/index.js');
  await guard?.writes(file, 'application/vnd.dev.sigstore.bundle');
  await guard?.describes(target);
  const signed = await signDirectory(target, { ...rest, signatureFile: file });
  await writeFileAtomic(file, `${signed.bundle}\n`, guard === undefined ? {} : { guard });
  return {
    exitCode: 0,
    findings: [],
    formats: SIGN_FORMATS,
    signed,
    file,
    render: async (format) =>
      format === 'json' ? printableDocument(`${signed.bundle}\n`) : ownText(`signed  ${signed.files} files, root sha256:${signed.root}\n`),
  };
}

async function besideOrIn(target: string): Promise<string> {
  const found = await stat(target).catch((error: unknown) => {
    throw ioError(error, basename(target), 'ERR_IO_READ');
  });
  return found.isFile() ? join(dirname(target), `${basename(target)}.sig`) : join(target, 'model.sig');
}
