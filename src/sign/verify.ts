/** Verifies a model against its signature: who signed, what was signed, what lies there, and what nobody signed. */

import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { ioError } from '../platform/io-error.js';
import { type Bundle, type Method, readBundle } from './bundle.js';
import { compareSource, type FileAnswer } from './compare.js';
import { type ModelStatement, readModelStatement } from './model-statement.js';
import { proofOf, type ReadTrust, readTrust, type SignerAnswer, type Trust } from './proof.js';
import { type Reason, reason, refusable } from './reasons.js';
import { diskSource, type ModelFile, type ModelPlace } from './source.js';

export interface VerifyOptions {
  readonly trust: Trust;
  /** Paths relative to the model, of files or directories, that need not be signed, besides those that the signer named. They are listed. */
  readonly ignore?: readonly string[];
  /** Accept files that nobody signed, but for those that can run. They are listed. */
  readonly allowUnsigned?: boolean;
  /** Files that may be there unsigned or ignored although they can run. */
  readonly allowLoader?: (path: string) => boolean;
  /** Follow links to files where the signer did. */
  readonly allowSymlinks?: boolean;
  /** Accept the form of releases before 1.0 of the reference implementation. */
  readonly legacy?: boolean;
  readonly jobs?: number;
  readonly limits?: Limits;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** The answer. Its form is stable: members are added, none changes its meaning. */
export interface Verdict {
  readonly version: 1;
  readonly ok: boolean;
  /** Base name of what was verified. */
  readonly model: string;
  readonly method?: Method;
  /** Missing while nobody is proven to have signed. */
  readonly signer?: SignerAnswer;
  /** SHA-256 over the digests of the files, as signed; and in the order of the specification, where the signer took another. */
  readonly root?: { readonly sha256: string; readonly specification?: string };
  /** Missing when the files were not looked at, because the signature had failed before. */
  readonly files?: FileAnswer;
  /** What speaks against it: nothing when `ok`. */
  readonly reasons: readonly Reason[];
  /** What was noticed besides. */
  readonly notes: readonly Reason[];
  /** What the caller accepts that is not accepted by itself. */
  readonly relaxed: readonly string[];
}

/**
 * Verifies a directory, or one file, against a signature of OpenSSF Model Signing v1.0 by key or by certificate. Whatever is wrong with the
 * signature or the files is in the verdict; nothing is `ok` that was not proven.
 *
 * @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE for trust that cannot be read; ERR_IO_*, ERR_LIMIT_COUNT when the question cannot be answered
 */
export async function verifyDirectory(target: string, signatureFile: string, options: VerifyOptions): Promise<Verdict> {
  return verifyWith(readTrust(options.trust), target, signatureFile, options);
}

/** The same for many models, whose trust is read once. @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE */
export function verifier(options: VerifyOptions): {
  /** What the caller accepts that is not accepted by itself. */
  readonly relaxed: readonly string[];
  verify(target: string, signatureFile: string): Promise<Verdict>;
} {
  const trust = readTrust(options.trust);
  return {
    relaxed: relaxationsOf(options),
    verify: (target, signatureFile) => verifyWith(trust, target, signatureFile, options),
  };
}

async function verifyWith(trust: ReadTrust, target: string, signatureFile: string, options: VerifyOptions): Promise<Verdict> {
  const bytes = await readSignature(signatureFile, options.limits);
  const open = () => diskSource(target, { own: [signatureFile], limits: options.limits });
  return judgeModel(trust, bytes, { name: basename(resolve(target)), open }, options);
}

/**
 * The same for a model that lies somewhere else, by the bytes of a signature.
 * @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE for trust that cannot be read, and what the place throws
 */
export async function verifyPlace<File extends ModelFile>(
  place: ModelPlace<File>,
  signature: Uint8Array,
  options: VerifyOptions,
): Promise<Verdict> {
  return judgeModel(readTrust(options.trust), signature, place, options);
}

async function judgeModel<File extends ModelFile>(
  trust: ReadTrust,
  bytes: Uint8Array,
  { name, open }: ModelPlace<File>,
  options: VerifyOptions,
): Promise<Verdict> {
  const base = { version: 1, model: name, relaxed: relaxationsOf(options) } as const;
  const read = refusable(() => readBundle(bytes, options.limits));
  if ('reason' in read) return { ...base, ok: false, reasons: [read.reason], notes: [] };
  const bundle = read.value;
  const isUnchecked = bundle.timestamps.length > 0 && bundle.method !== 'sigstore';
  const notes = isUnchecked ? [reason('timestamp-unchecked', 'the signature has times of a time-stamping authority')] : [];
  const proof = proofOf(bundle, trust, options.legacy === true);
  const known = { ...base, method: bundle.method, ...(proof.signer === undefined ? {} : { signer: proof.signer }) };
  if (proof.reasons.length > 0) return { ...known, ok: false, reasons: proof.reasons, notes };
  const stated = refusable(() => statementOf(bundle, proof.isLegacy, options));
  if ('reason' in stated) return { ...known, ok: false, reasons: [stated.reason], notes };
  const compared = await compareSource(await open(stated.value), stated.value, options);
  return {
    ...known,
    ok: compared.reasons.length === 0,
    root: compared.root,
    files: compared.files,
    reasons: compared.reasons,
    notes: [...notes, ...compared.notes],
  };
}

/** @throws ERR_IO_*; too large a file is told in the verdict */
export async function readSignature(path: string, limits: Limits = DEFAULT_LIMITS): Promise<Uint8Array> {
  const name = basename(path);
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: name });
    if (found.size > limits.maxDocumentBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the signature has ${found.size} bytes, the limit is ${limits.maxDocumentBytes}`, {
        file: name,
      });
    return await readFile(path);
  } catch (error) {
    throw ioError(error, name, 'ERR_IO_READ');
  }
}

function statementOf(bundle: Bundle, isLegacy: boolean, { legacy = false, limits }: VerifyOptions): ModelStatement {
  return readModelStatement(bundle.payload, { legacy: legacy || isLegacy, ...(limits === undefined ? {} : { limits }) });
}

/** What the caller accepts that is not accepted by itself. */
export function relaxationsOf({ trust, allowUnsigned, allowLoader, allowSymlinks, legacy, ignore = [] }: VerifyOptions): readonly string[] {
  const byCertificate = 'roots' in trust ? trust : undefined;
  const said: readonly (readonly [boolean, string])[] = [
    ['identities' in trust && trust.identities === 'any', 'any-identity'],
    [byCertificate?.anyUsage === true, 'any-usage'],
    [byCertificate?.at !== undefined, `at ${byCertificate?.at?.toISOString()}`],
    [allowUnsigned === true, 'allow-unsigned'],
    [allowLoader !== undefined, 'allow-loader'],
    [allowSymlinks === true, 'allow-symlinks'],
    [legacy === true, 'legacy'],
    ...ignore.map((path) => [true, `ignore ${path}`] as const),
  ];
  return said.flatMap(([isSo, word]) => (isSo ? [word] : []));
}
