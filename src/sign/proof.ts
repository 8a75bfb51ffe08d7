/** Who signed a bundle, as far as trust in a key or in a root proves it. */
import type { KeyObject } from 'node:crypto';
import { MsbomError } from '../core/error.js';
import type { Bundle } from './bundle.js';
import { type Certificate, readCertificates } from './certificate.js';
import { judgeChain, namesOf } from './chain.js';
import { legacyPreAuthentication, PAYLOAD_TYPE, preAuthentication } from './envelope.js';
import { curveOf, hintOf, isHintOf, isSignedBy, publicKeyFrom } from './keys.js';
import { type Reason, reason } from './reasons.js';

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

/** What an authority such as Sigstore proves of who signed, by its own certificates and logs. */
export interface KeylessAnswer {
  /** What speaks against it. */
  readonly reasons: readonly Reason[];
  /** Address or URI that the certificate names. */
  readonly name?: string;
  /** Who vouched for the name: the issuer of the OpenID Connect token. */
  readonly issuer?: string;
}

/** What is given whole must be equal, letter by letter, to what the certificate says. */
export type KeylessIdentity = {
  /** Who vouched for the name, whole: the issuer of the OpenID Connect token, a URL. */
  readonly issuer: string;
} & (
  | {
      /** Address or URI of the certificate's subject alternative name, whole. */
      readonly name: string;
    }
  | {
      /** Its form: see `fitsNamePattern`. */
      readonly pattern: string;
    }
);

/** Trust in an authority that certifies identities for minutes; `keylessTrust` of `msbom/sign/keyless` makes it. */
export interface KeylessTrust {
  /** SHA-256 of the document that says what the authority's certificates and logs are. */
  readonly trustedRoot: string;
  readonly identities: readonly KeylessIdentity[] | 'any';
  prove(bundle: Bundle): KeylessAnswer;
}

export type Trust = KeyTrust | CertificateTrust | KeylessTrust;

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
  /** Who vouched for the name, of an identity of Sigstore. */
  readonly issuer?: string;
}

/** Trust with its keys and certificates read. */
export type ReadTrust =
  | { readonly publicKey: KeyObject }
  | KeylessTrust
  | {
      readonly roots: readonly Certificate[];
      readonly identities: readonly string[] | 'any';
      readonly anyUsage: boolean;
      readonly at: Date;
    };

export interface Proof {
  readonly signer?: SignerAnswer;
  readonly reasons: readonly Reason[];
  /** The signature is over what releases before 1.0 signed by mistake. */
  readonly isLegacy: boolean;
}

const METHOD_WORDS = { key: 'a key', certificate: 'a certificate', sigstore: 'an identity of Sigstore' } as const;

/** Is the signature by somebody who is trusted? Nothing is said of what was signed. */
export function proofOf(bundle: Bundle, trust: ReadTrust, legacy: boolean): Proof {
  const wanted = 'publicKey' in trust ? 'key' : 'prove' in trust ? 'sigstore' : 'certificate';
  if (bundle.method !== wanted)
    return denied(
      reason('method-mismatch', `the signature is by ${METHOD_WORDS[bundle.method]}, and is to be checked by ${METHOD_WORDS[wanted]}`),
    );
  if ('publicKey' in trust) return proofByKey(bundle, trust.publicKey, legacy);
  return 'prove' in trust ? proofByAuthority(bundle, trust) : proofByChain(bundle, trust, legacy);
}

const denied = (...reasons: readonly Reason[]): Proof => ({ reasons, isLegacy: false });

function proofByKey(bundle: Bundle, key: KeyObject, legacy: boolean): Proof {
  if (bundle.hint !== undefined && !isHintOf(bundle.hint, key))
    return denied(
      reason('hint-mismatch', `the signature is by the key ${bundle.hint}, not by ${hintOf(key)}`, '/verificationMaterial/publicKey/hint'),
    );
  return proofOfSignature(bundle, key, legacy, {});
}

/** The authority proves the name and the time; that this key signed this content is proven here as for every other method. */
function proofByAuthority(bundle: Bundle, trust: KeylessTrust): Proof {
  const [leaf] = bundle.certificates;
  const { reasons, name, issuer } = trust.prove(bundle);
  if (leaf === undefined || reasons.length > 0) return denied(...reasons);
  return proofOfSignature(bundle, leaf.x509.publicKey, false, {
    ...(name === undefined ? {} : { names: [name] }),
    ...(issuer === undefined ? {} : { issuer }),
    certificate: leaf.fingerprint,
  });
}

type ChainTrust = Exclude<ReadTrust, { publicKey: KeyObject } | KeylessTrust>;

function proofByChain(bundle: Bundle, trust: ChainTrust, legacy: boolean): Proof {
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

/** @throws ERR_SIGN_KEY, ERR_SIGN_CERTIFICATE */
export function readTrust(trust: Trust): ReadTrust {
  if ('publicKey' in trust) return { publicKey: publicKeyFrom(trust.publicKey) };
  if ('prove' in trust) return trust;
  const roots = trust.roots.flatMap((each) => readCertificates(Buffer.from(each)));
  if (roots.length === 0) throw new MsbomError('ERR_SIGN_CERTIFICATE', 'no root was given to trust');
  if (trust.identities !== 'any' && trust.identities.length === 0)
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'nobody was named who may have signed', {
      hint: 'Give names that the certificate is to have, or accept everybody whom the roots certify by name.',
    });
  return { roots, identities: trust.identities, anyUsage: trust.anyUsage === true, at: trust.at ?? new Date() };
}
