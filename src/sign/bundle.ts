/** The bundle of a signature: Sigstore's, v0.3, as OpenSSF Model Signing v1.0 uses it (section 4). Lenient where other tools differ. */
import type { KeyObject } from 'node:crypto';
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { parseJson } from '../core/json.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { isList, isObject, type JsonObject, own } from '../core/objects.js';
import { type Certificate, readCertificate } from './certificate.js';
import { PAYLOAD_TYPE, strictBase64 } from './envelope.js';
import { hintOf } from './keys.js';
import { Refusal } from './reasons.js';

/** The one form of bundles that models are signed in. */
export const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export type Method = 'key' | 'certificate' | 'sigstore';

export interface Bundle {
  readonly method: Method;
  /** What the signer calls the key; missing in bundles of before 1.1.0 of the reference. */
  readonly hint?: string;
  /** Of the signer first; no more is known of them than that they are certificates. */
  readonly certificates: readonly Certificate[];
  readonly payload: Buffer;
  readonly payloadType: string;
  readonly signature: Buffer;
  /** Name of the key beside the signature; it proves nothing. */
  readonly keyid: string;
  /** Of transparency logs, as they stand there: nothing of them is used for keys and certificates. */
  readonly entries: readonly JsonObject[];
  /** RFC 3161, of time-stamping authorities, as they stand there. */
  readonly timestamps: readonly JsonObject[];
}

/** Nesting of a bundle or a statement: theirs is below ten. */
const MAX_DEPTH = 32;
const MAX_CERTIFICATES = 32;
const MAX_ENTRIES = 64;
const MAX_SIGNATURE_BYTES = 1024;

/** Errors of strict JSON, and the reasons that they are here. */
const JSON_REASONS: Readonly<Record<string, 'bundle-encoding' | 'bundle-limit'>> = {
  ERR_JSON_ENCODING: 'bundle-encoding',
  ERR_LIMIT_BYTES: 'bundle-limit',
  ERR_LIMIT_COUNT: 'bundle-limit',
  ERR_LIMIT_DEPTH: 'bundle-limit',
};

/** Strict JSON of the signature or of what is in it. @throws Refusal */
export function jsonOf(bytes: Uint8Array, what: string, limits: Limits = DEFAULT_LIMITS): JsonValue {
  try {
    return parseJson(bytes, { limits: { ...limits, maxDepth: Math.min(limits.maxDepth, MAX_DEPTH) } });
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    throw new Refusal(JSON_REASONS[error.code] ?? 'bundle-json', `${what}: ${error.message}`, error.pointer);
  }
}

/** @throws Refusal */
export function readBundle(bytes: Uint8Array, limits?: Limits): Bundle {
  const bundle = object(jsonOf(bytes, 'the signature', limits), '');
  const mediaType = own(bundle, 'mediaType');
  if (typeof mediaType !== 'string') throw shape('/mediaType');
  if (mediaType !== MEDIA_TYPE) throw new Refusal('bundle-version', `the bundle is ${mediaType}`, '/mediaType');
  const material = object(own(bundle, 'verificationMaterial'), '/verificationMaterial');
  const envelope = object(own(bundle, 'dsseEnvelope'), '/dsseEnvelope');
  const payloadType = own(envelope, 'payloadType');
  if (typeof payloadType !== 'string') throw shape('/dsseEnvelope/payloadType');
  return {
    ...signerOf(material),
    payload: base64(own(envelope, 'payload'), '/dsseEnvelope/payload'),
    payloadType,
    ...signatureOf(own(envelope, 'signatures')),
    entries: objects(own(material, 'tlogEntries'), '/verificationMaterial/tlogEntries', 'entries of logs'),
    timestamps: timestampsOf(own(material, 'timestampVerificationData')),
  };
}

const METHODS = { publicKey: 'key', x509CertificateChain: 'certificate', certificate: 'sigstore' } as const;

function signerOf(material: JsonObject): Pick<Bundle, 'method' | 'hint' | 'certificates'> {
  const names = (Object.keys(METHODS) as (keyof typeof METHODS)[]).filter((name) => Object.hasOwn(material, name));
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new Refusal('bundle-method', `it says by ${names.length} methods who signed`, '/verificationMaterial');
  const method = METHODS[name];
  const at = `/verificationMaterial/${name}`;
  const entries = own(material, 'tlogEntries');
  const said = object(own(material, name), at);
  if (method === 'key') return { method, certificates: [], ...keyOf(said, at) };
  if (method === 'sigstore') {
    if (!isList(entries) || entries.length === 0) throw shape('/verificationMaterial/tlogEntries');
    return { method, certificates: [certificateOf(said, at)] };
  }
  const list = own(said, 'certificates');
  if (!isList(list) || list.length === 0) throw shape(`${at}/certificates`);
  if (list.length > MAX_CERTIFICATES) throw new Refusal('bundle-limit', `it has ${list.length} certificates`, `${at}/certificates`);
  return { method, certificates: list.map((each, i) => certificateOf(object(each, `${at}/certificates/${i}`), `${at}/certificates/${i}`)) };
}

/** Bundles of before 1.1.0 have the key itself in place of its hint; it proves nothing, and is not used. */
function keyOf(said: JsonObject, at: string): { readonly hint?: string } {
  const hint = own(said, 'hint');
  if (hint === undefined || hint === null) {
    base64(own(said, 'rawBytes'), `${at}/rawBytes`);
    return {};
  }
  if (typeof hint !== 'string') throw shape(`${at}/hint`);
  return hint === '' ? {} : { hint };
}

function certificateOf(said: JsonObject, at: string): Certificate {
  const der = base64(own(said, 'rawBytes'), `${at}/rawBytes`);
  try {
    return readCertificate(der);
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    throw new Refusal('certificate-malformed', error.message, at);
  }
}

function objects(value: JsonValue | undefined, at: string, what: string): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!isList(value) || !value.every(isObject)) throw shape(at);
  if (value.length > MAX_ENTRIES) throw new Refusal('bundle-limit', `it has ${value.length} ${what}`, at);
  return value;
}

function timestampsOf(value: JsonValue | undefined): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  const at = '/verificationMaterial/timestampVerificationData';
  const list = own(object(value, at), 'rfc3161Timestamps');
  return list === null ? [] : objects(list, `${at}/rfc3161Timestamps`, 'times');
}

function signatureOf(value: JsonValue | undefined): Pick<Bundle, 'signature' | 'keyid'> {
  const at = '/dsseEnvelope/signatures';
  if (!isList(value) || value.length !== 1) throw shape(at);
  const said = object(value[0], `${at}/0`);
  const keyid = own(said, 'keyid');
  if (keyid !== undefined && keyid !== null && typeof keyid !== 'string') throw shape(`${at}/0/keyid`);
  const signature = base64(own(said, 'sig'), `${at}/0/sig`);
  if (signature.byteLength > MAX_SIGNATURE_BYTES) throw shape(`${at}/0/sig`);
  return { signature, keyid: keyid ?? '' };
}

const shape = (at: string): Refusal => new Refusal('bundle-shape', 'it is missing or has another form', at);

function object(value: JsonValue | undefined, at: string): JsonObject {
  if (!isObject(value)) throw shape(at);
  return value;
}

/** Not empty. */
function base64(value: JsonValue | undefined, at: string): Buffer {
  const bytes = typeof value === 'string' ? strictBase64(value) : undefined;
  if (bytes === undefined || bytes.byteLength === 0) throw shape(at);
  return bytes;
}

/** Who signed, as a bundle says it. */
export interface Material {
  readonly publicKey: KeyObject;
  /** Of the signer first; then the method is `certificate`. */
  readonly certificates?: readonly Certificate[];
}

/** The text of a bundle, in one line. Nothing is in it that readers generated from Sigstore's definitions do not know. */
export function bundleText(material: Material, payload: Uint8Array, signature: Uint8Array): string {
  const hint = hintOf(material.publicKey);
  const { certificates } = material;
  const signer =
    certificates === undefined
      ? { publicKey: { hint } }
      : { x509CertificateChain: { certificates: certificates.map(({ der }) => ({ rawBytes: der.toString('base64') })) } };
  return JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: { ...signer, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString('base64'),
      payloadType: PAYLOAD_TYPE,
      // As the reference has it: cosign refuses a signature whose key goes by another id than its own.
      signatures: [{ sig: Buffer.from(signature).toString('base64'), keyid: '' }],
    },
  });
}
