import { resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { printableJson } from '../core/printable.js';
import type { VerifyResult } from '../manifest/compare-files.js';
import { verdictAsText } from '../report/index.js';
import type { VerifyOptions as SignatureOptions, Verdict } from '../sign/index.js';
import { bytesOf, type DocumentInput } from './document.js';
import { manifestFrom, readManifest } from './input.js';
import type { VerbOptions } from './options.js';
import type { VerbResult } from './result.js';
import { type VerifyOptions as DirectoryOptions, verifyDirectory } from './verify-directory.js';

export const VERIFY_FORMATS = ['text', 'json'] as const;
export type VerifyFormat = (typeof VERIFY_FORMATS)[number];

/** Against a manifest. */
export interface VerifyByManifest extends VerbOptions, Omit<DirectoryOptions, 'manifestFile'> {
  readonly manifest: DocumentInput;
}

/** Against a signature, and whom to trust. */
export interface VerifyBySignature extends VerbOptions, SignatureOptions {
  /** Path of the signature. */
  readonly signature: string;
}

export interface ManifestVerdict extends VerbResult<VerifyFormat> {
  readonly verdict: VerifyResult;
}
export interface SignatureVerdict extends VerbResult<'json'> {
  readonly verdict: Verdict;
}

export async function verify(directory: string, options: VerifyByManifest): Promise<ManifestVerdict>;
export async function verify(directory: string, options: VerifyBySignature): Promise<SignatureVerdict>;
/**
 * Recomputes every digest of the files, and compares it with a manifest or a signature. `exitCode` is 0 only when every file matches and
 * nothing else is there.
 * @throws ERR_IO_*, ERR_MANIFEST_INVALID, ERR_CLI_USAGE for a document of another standard or of no files
 */
export async function verify(
  directory: string,
  options: VerifyByManifest | VerifyBySignature,
): Promise<ManifestVerdict | SignatureVerdict> {
  const target = resolve(options.cwd ?? '.', directory);
  if ('signature' in options) return bySignature(target, options);
  if (options.manifest === undefined)
    throw new MsbomError('ERR_CLI_USAGE', '`verify` needs a manifest or a signature', {
      hint: 'give the option `manifest` or `signature`',
    });
  const verdict = await byManifest(target, options);
  const result: ManifestVerdict = {
    exitCode: verdict.ok ? 0 : 1,
    findings: [],
    formats: VERIFY_FORMATS,
    verdict,
    render: async (format, { paint } = {}) => (format === 'json' ? printableJson(verdict) : verdictAsText(verdict, paint)),
  };
  return result;
}

async function byManifest(target: string, { manifest: input, cwd, ...options }: VerifyByManifest): Promise<VerifyResult> {
  const place = cwd === undefined ? options : { ...options, cwd };
  if (typeof input === 'string') {
    const manifest = await readManifest(input, place);
    return verifyDirectory(target, manifest, { ...options, ...(input === '-' ? {} : { manifestFile: resolve(cwd ?? '.', input) }) });
  }
  const { bytes, file } = await bytesOf(input, place);
  return verifyDirectory(target, manifestFrom(bytes, file), options);
}

async function bySignature(target: string, options: VerifyBySignature): Promise<SignatureVerdict> {
  const sign = await import('../sign/index.js');
  const { signature, cwd = '.', guard: _guard, now: _now, readStdin: _read, outputDescriptor: _descriptor, ...rest } = options;
  const verdict = await sign.verifyDirectory(target, resolve(cwd, signature), rest);
  return {
    exitCode: verdict.ok ? 0 : 1,
    findings: [],
    formats: ['json'],
    verdict,
    render: async () => printableJson(verdict),
  };
}
