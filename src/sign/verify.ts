/** Verifies a model against its signature: who signed, what was signed, what lies there, and what nobody signed. */

import type { KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { ioError } from '../node/io-error.js';
import { type Bundle, type Method, readBundle } from './bundle.js';
import { type Certificate, readCertificates } from './certificate.js';
import { judgeChain, namesOf } from './chain.js';
import { compareModel, type FileAnswer } from './compare.js';
import { legacyPreAuthentication, PAYLOAD_TYPE, preAuthentication } from './envelope.js';
import { curveOf, hintOf, isHintOf, isSignedBy, publicKeyFrom } from './keys.js';
import { type ModelStatement, readModelStatement } from './model-statement.js';
import { type Reason, reason, refusable } from './reasons.js';

/** Trust in a public key, in PEM. */
export interface KeyTrust {
  readonly publicKey: string | Uint8Array;
}

/** Trust in what a certificate authority says of a signer. */
export interface CertificateTrust {
  /** Where trust begins, in PEM or DER. Certificates in a signature never add to it. */
  readonly roots: readonly (string | Uint8Array)[];
  /**
   * Of which the signer must have one: an e-mail address, host name or URI of its certificate, or its subject in RFC 4514
   * (`CN=release,O=Acme`). `any` accepts everybody whom the roots certify.
   */
  readonly identities: readonly string[] | 'any';
  /** Accept certificates for any kind of signing. Default only those for code signing. */
  readonly anyUsage?: boolean;
  /** The time that the chain must be valid at. Default the present. */
  readonly at?: Date;
}

export type Trust = KeyTrust | CertificateTrust;

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

/** Who signed, as far as that was proven. */
export interface SignerAnswer {
  /** SHA-256 of the public key's PEM text. */
  readonly keyHint: string;
  readonly curve: string;
  /** Of a certificate: its names, its subject last; SHA-256 of it and of the root that it was trusted by. */
  readonly names?: readonly string[];
  readonly certificate?: string;
  readonly trustedBy?: string;
  readonly validUntil?: string;
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

/** Trust with its keys and certificates read. */
type ReadTrust =
  | { readonly publicKey: KeyObject }
  | {
      readonly roots: readonly Certificate[];
      readonly identities: readonly string[] | 'any';
      readonly anyUsage: boolean;
      readonly at: Date;
    };

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
  const base = { version: 1, model: basename(resolve(target)), relaxed: relaxationsOf(options) } as const;
  const bytes = await readSignature(signatureFile, options.limits);
  const read = refusable(() => readBundle(bytes, options.limits));
  if ('reason' in read) return { ...base, ok: false, reasons: [read.reason], notes: [] };
  const bundle = read.value;
  const notes = bundle.hasTimestamps ? [reason('timestamp-unchecked', 'the signature has times of a time-stamping authority')] : [];
  const proof = proofOf(bundle, trust, options.legacy === true);
  const known = { ...base, method: bundle.method, ...(proof.signer === undefined ? {} : { signer: proof.signer }) };
  if (proof.reasons.length > 0) return { ...known, ok: false, reasons: proof.reasons, notes };
  const stated = refusable(() => statementOf(bundle, proof.isLegacy, options));
  if ('reason' in stated) return { ...known, ok: false, reasons: [stated.reason], notes };
  const compared = await compareModel(target, signatureFile, stated.value, options);
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
async function readSignature(path: string, limits: Limits = DEFAULT_LIMITS): Promise<Uint8Array> {
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

interface Proof {
  readonly signer?: SignerAnswer;
  readonly reasons: readonly Reason[];
  /** The signature is over what releases before 1.0 signed by mistake. */
  readonly isLegacy: boolean;
}

const METHOD_WORDS = { key: 'a key', certificate: 'a certificate', sigstore: 'an identity of Sigstore' } as const;

function proofOf(bundle: Bundle, trust: ReadTrust, legacy: boolean): Proof {
  const wanted = 'publicKey' in trust ? 'key' : 'certificate';
  const { method } = bundle;
  if (method !== wanted) {
    const code = method === 'sigstore' && wanted === 'certificate' ? 'keyless-unsupported' : 'method-mismatch';
    return denied(reason(code, `the signature is by ${METHOD_WORDS[method]}, and is to be checked by ${METHOD_WORDS[wanted]}`));
  }
  return 'publicKey' in trust ? proofByKey(bundle, trust.publicKey, legacy) : proofByChain(bundle, trust, legacy);
}

const denied = (...reasons: readonly Reason[]): Proof => ({ reasons, isLegacy: false });

function proofByKey(bundle: Bundle, key: KeyObject, legacy: boolean): Proof {
  if (bundle.hint !== undefined && !isHintOf(bundle.hint, key))
    return denied(
      reason('hint-mismatch', `the signature is by the key ${bundle.hint}, not by ${hintOf(key)}`, '/verificationMaterial/publicKey/hint'),
    );
  return proofOfSignature(bundle, key, legacy, {});
}

function proofByChain(bundle: Bundle, trust: Exclude<ReadTrust, { publicKey: KeyObject }>, legacy: boolean): Proof {
  const [leaf] = bundle.certificates;
  const { way, reasons } = judgeChain(bundle.certificates, trust);
  if (leaf === undefined) return denied(...reasons);
  if (curveOf(leaf.x509.publicKey) === undefined)
    return denied(reason('key-unsupported', `the key of ${leaf.subject} is not of a curve that signs models`));
  const root = way.at(-1);
  const proof = proofOfSignature(bundle, leaf.x509.publicKey, legacy, {
    names: namesOf(leaf),
    certificate: leaf.fingerprint,
    ...(root === undefined || reasons.length > 0 ? {} : { trustedBy: root.fingerprint }),
    validUntil: leaf.notAfter.toISOString(),
  });
  // A name that nobody vouches for is no signer.
  return reasons.length === 0 ? proof : denied(...proof.reasons, ...reasons);
}

function proofOfSignature(bundle: Bundle, key: KeyObject, legacy: boolean, more: Partial<SignerAnswer>): Proof {
  const { payload, payloadType, signature } = bundle;
  const signer: SignerAnswer = { keyHint: hintOf(key), curve: curveOf(key)?.name ?? '', ...more };
  if (isSignedBy(key, preAuthentication(payloadType, payload), signature)) {
    return payloadType === PAYLOAD_TYPE
      ? { signer, reasons: [], isLegacy: false }
      : { signer, reasons: [reason('payload-type', `the signature is over ${payloadType}`, '/dsseEnvelope/payloadType')], isLegacy: false };
  }
  // Those releases took SHA-256 for certificates of every curve.
  const hash = bundle.method === 'certificate' ? 'sha256' : undefined;
  if (legacy && payloadType === PAYLOAD_TYPE && isSignedBy(key, legacyPreAuthentication(payload), signature, hash))
    return { signer, reasons: [], isLegacy: true };
  return denied(reason('signature-invalid', 'the signature is not by this key over this content', '/dsseEnvelope/signatures/0/sig'));
}

function statementOf(bundle: Bundle, isLegacy: boolean, { legacy = false, limits }: VerifyOptions): ModelStatement {
  return readModelStatement(bundle.payload, { legacy: legacy || isLegacy, ...(limits === undefined ? {} : { limits }) });
}

function readTrust(trust: Trust): ReadTrust {
  if ('publicKey' in trust) return { publicKey: publicKeyFrom(trust.publicKey) };
  const roots = trust.roots.flatMap((each) => readCertificates(Buffer.from(each)));
  if (roots.length === 0) throw new MsbomError('ERR_SIGN_CERTIFICATE', 'no root was given to trust');
  if (trust.identities !== 'any' && trust.identities.length === 0)
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'nobody was named who may have signed', {
      hint: 'Give names that the certificate is to have, or accept everybody whom the roots certify by name.',
    });
  return { roots, identities: trust.identities, anyUsage: trust.anyUsage === true, at: trust.at ?? new Date() };
}

function relaxationsOf({ trust, allowUnsigned, allowLoader, allowSymlinks, legacy, ignore = [] }: VerifyOptions): readonly string[] {
  const byCertificate = 'roots' in trust ? trust : undefined;
  const said: readonly (readonly [boolean, string])[] = [
    [byCertificate?.identities === 'any', 'any-identity'],
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
