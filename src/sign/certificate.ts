/** One X.509 certificate: what of it decides whether it may sign a model. Source: RFC 5280. */
import { createHash, X509Certificate } from 'node:crypto';
import { MsbomError } from '../core/error.js';
import { bitsOf, childrenOf, type Der, oidOf, readDer, smallInteger, timeOf } from './der.js';
import { ascii, nameText } from './distinguished-name.js';

/** A name of the subject outside of its distinguished name. */
export interface AlternativeName {
  readonly kind: 'email' | 'dns' | 'uri';
  readonly value: string;
}

export interface Certificate {
  readonly der: Buffer;
  readonly x509: X509Certificate;
  /** SHA-256 of the certificate, in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** RFC 4514. */
  readonly subject: string;
  /** The names as they stand, in hexadecimal: what a chain is built by. */
  readonly rawSubject: string;
  readonly rawIssuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signatureAlgorithm: string;
  readonly alternativeNames: readonly AlternativeName[];
  /** Bits of key usage; undefined where any is allowed. */
  readonly keyUsage?: ReadonlySet<string>;
  /** Object identifiers of extended key usage; undefined where any is allowed. */
  readonly extendedKeyUsage?: readonly string[];
  readonly isAuthority: boolean;
  /** Certificates of authorities that may stand below it. */
  readonly pathLength?: number;
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  /** Extensions that limit it in a way that is not understood here. */
  readonly notUnderstood: readonly string[];
}

const KEY_USAGE_BITS = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

type Parts = { -readonly [K in keyof Certificate]?: Certificate[K] };

/** By object identifier: what an extension says. What is not here must not be critical. */
const EXTENSIONS: Readonly<Record<string, (value: Der) => Parts>> = {
  '2.5.29.14': (value) => ({ subjectKeyId: value.content.toString('hex') }),
  '2.5.29.15': (value) => ({ keyUsage: bitsOf(value, KEY_USAGE_BITS) }),
  '2.5.29.17': (value) => ({ alternativeNames: alternativeNames(value) }),
  '2.5.29.19': basicConstraints,
  // Policies of whoever issued it; none are asked for here.
  '2.5.29.32': () => ({}),
  '2.5.29.35': (value) => {
    const id = childrenOf(value).find(({ tag }) => tag === 0x80);
    return id === undefined ? {} : { authorityKeyId: id.content.toString('hex') };
  },
  '2.5.29.37': (value) => ({ extendedKeyUsage: childrenOf(value).map(oidOf) }),
};
/** Not understood, critical or not: limits on names, on policies and on their mapping. */
const LIMITING = new Set(['2.5.29.30', '2.5.29.36', '2.5.29.33', '2.5.29.54']);

function basicConstraints(value: Der): Parts {
  const parts = childrenOf(value);
  const flag = parts.find(({ tag }) => tag === 0x01);
  const length = parts.find(({ tag }) => tag === 0x02);
  const isAuthority = flag?.content.byteLength === 1 && flag.content[0] === 0xff;
  return { isAuthority, ...(length === undefined ? {} : { pathLength: smallInteger(length) }) };
}

const KINDS: Readonly<Record<number, AlternativeName['kind']>> = { 129: 'email', 130: 'dns', 134: 'uri' };

/** Those that are text; one that is not printable ASCII is no name of anybody. */
const alternativeNames = (value: Der): readonly AlternativeName[] =>
  childrenOf(value).flatMap(({ tag, content }) => {
    const kind = KINDS[tag];
    const text = ascii(content);
    return kind === undefined || text === undefined || text === '' ? [] : [{ kind, value: text }];
  });

/** @throws ERR_SIGN_CERTIFICATE */
export function readCertificate(der: Buffer, file?: string): Certificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
    // Made when it is asked for: a key that cannot be read is told here.
    void x509.publicKey;
  } catch {
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'it is no X.509 certificate', { file });
  }
  // Node would take what follows a certificate for nothing.
  const [body, outer] = childrenOf(readDer(der));
  if (body === undefined || outer === undefined) throw new MsbomError('ERR_SIGN_CERTIFICATE', 'it is no X.509 certificate', { file });
  const fields = childrenOf(body);
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [, inner, issuer, validity, subject] = fields.slice(at);
  const [from, to] = validity === undefined ? [] : childrenOf(validity);
  if (inner === undefined || issuer === undefined || subject === undefined || from === undefined || to === undefined)
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'the certificate lacks a part', { file });
  if (!inner.whole.equals(outer.whole))
    throw new MsbomError('ERR_SIGN_CERTIFICATE', 'the certificate names two signature algorithms', { file });
  const [algorithm] = childrenOf(outer);
  return {
    der,
    x509,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    subject: nameText(subject),
    rawSubject: subject.whole.toString('hex'),
    rawIssuer: issuer.whole.toString('hex'),
    notBefore: timeOf(from),
    notAfter: timeOf(to),
    signatureAlgorithm: algorithm === undefined ? '' : oidOf(algorithm),
    ...extensionsOf(fields.find(({ tag }) => tag === 0xa3)),
  };
}

function extensionsOf(block: Der | undefined): Pick<Certificate, 'alternativeNames' | 'isAuthority' | 'notUnderstood'> & Parts {
  const said: Parts = {};
  const notUnderstood: string[] = [];
  const seen = new Set<string>();
  const [list] = block === undefined ? [] : childrenOf(block);
  for (const extension of list === undefined ? [] : childrenOf(list)) {
    const parts = childrenOf(extension);
    const [type] = parts;
    const value = parts.at(-1);
    if (type === undefined || value === undefined || value.tag !== 0x04)
      throw new MsbomError('ERR_SIGN_CERTIFICATE', 'an extension of the certificate lacks a part');
    const oid = oidOf(type);
    if (seen.has(oid)) throw new MsbomError('ERR_SIGN_CERTIFICATE', `the certificate has the extension ${oid} twice`);
    seen.add(oid);
    const isCritical = parts.length === 3 && parts[1]?.content[0] === 0xff;
    const read = Object.hasOwn(EXTENSIONS, oid) ? EXTENSIONS[oid] : undefined;
    if (read !== undefined) Object.assign(said, read(readDer(value.content)));
    else if (isCritical || LIMITING.has(oid)) notUnderstood.push(oid);
  }
  return { alternativeNames: [], isAuthority: false, ...said, notUnderstood };
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
/** Certificates in one file at most. */
const MAX_CERTIFICATES = 1000;

/** The certificates of a PEM text, in their order; or the one of a file in DER. @throws ERR_SIGN_CERTIFICATE */
export function readCertificates(bytes: Uint8Array, file?: string): readonly Certificate[] {
  if (bytes[0] === 0x30) return [readCertificate(Buffer.from(bytes), file)];
  const blocks = Buffer.from(bytes).toString('latin1').split(BEGIN).slice(1);
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES)
    throw new MsbomError(
      'ERR_SIGN_CERTIFICATE',
      blocks.length === 0 ? 'there is no certificate in PEM in it' : 'it has too many certificates',
      {
        file,
      },
    );
  return blocks.map((block) => {
    const end = block.indexOf(END);
    if (end === -1) throw new MsbomError('ERR_SIGN_CERTIFICATE', 'a certificate in PEM has no end', { file });
    return readCertificate(Buffer.from(block.slice(0, end), 'base64'), file);
  });
}
