/** X.509 certificates of any shape, by hand: what an authority would not issue is what the tests need. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { byteLength } = content;
  const octets = byteLength < 0x80 ? [byteLength] : byteLength < 0x100 ? [0x81, byteLength] : [0x82, byteLength >> 8, byteLength & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), content]);
};
export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Object identifiers as their bytes, tag and length too. */
const OID = {
  commonName: hex('0603550403'),
  organization: hex('060355040a'),
  subjectKeyId: hex('0603551d0e'),
  keyUsage: hex('0603551d0f'),
  alternativeName: hex('0603551d11'),
  basicConstraints: hex('0603551d13'),
  nameConstraints: hex('0603551d1e'),
  authorityKeyId: hex('0603551d23'),
  extendedKeyUsage: hex('0603551d25'),
  codeSigning: hex('06082b06010505070303'),
  serverAuth: hex('06082b06010505070301'),
  unknown: hex('06032a0304'),
} as const;

/** Signature algorithms: identifier, and the hash of Node. */
const ALGORITHMS = {
  'ecdsa-sha256': [sequence(hex('06082a8648ce3d040302')), 'sha256'],
  'ecdsa-sha384': [sequence(hex('06082a8648ce3d040303')), 'sha384'],
  'ecdsa-sha1': [sequence(hex('06072a8648ce3d0401')), 'sha1'],
  'rsa-sha256': [sequence(hex('06092a864886f70d01010b'), hex('0500')), 'sha256'],
} as const;

export interface CertificateShape {
  readonly subject: readonly (readonly [type: 'commonName' | 'organization', value: string])[];
  readonly key: KeyObject;
  /** Itself when missing. */
  readonly issuer?: { readonly subject: CertificateShape['subject']; readonly key: KeyObject; readonly keyId?: string };
  readonly from?: string;
  readonly to?: string;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Bits: 0x80 digital signature, 0x04 certificate signing. */
  readonly keyUsage?: number;
  readonly usages?: readonly ('codeSigning' | 'serverAuth')[];
  /** Tag of the general name (0x81 e-mail, 0x82 host, 0x86 URI) and its bytes. */
  readonly names?: readonly (readonly [tag: number, value: string])[];
  readonly keyId?: string;
  readonly extra?: 'unknown critical' | 'unknown' | 'name constraints' | 'usage twice';
  readonly algorithm?: keyof typeof ALGORITHMS;
}

const nameOf = (parts: CertificateShape['subject']): Buffer =>
  sequence(...parts.map(([type, value]) => der(0x31, sequence(OID[type], der(0x0c, Buffer.from(value))))));

const extension = (oid: Buffer, value: Buffer, isCritical = false): Buffer =>
  sequence(oid, ...(isCritical ? [hex('0101ff')] : []), der(0x04, value));

function extensionsOf(shape: CertificateShape): readonly Buffer[] {
  const { isAuthority, pathLength, keyUsage, usages, names, keyId, issuer, extra } = shape;
  const length = pathLength === undefined ? [] : [der(0x02, Buffer.from([pathLength]))];
  return [
    ...(isAuthority === undefined
      ? []
      : [extension(OID.basicConstraints, sequence(...(isAuthority ? [hex('0101ff')] : []), ...length), true)]),
    ...(keyUsage === undefined ? [] : [extension(OID.keyUsage, der(0x03, Buffer.from([0, keyUsage])), true)]),
    ...(usages === undefined || usages.length === 0
      ? []
      : [extension(OID.extendedKeyUsage, sequence(...usages.map((usage) => OID[usage])))]),
    ...(names === undefined
      ? []
      : [extension(OID.alternativeName, sequence(...names.map(([tag, value]) => der(tag, Buffer.from(value, 'latin1')))))]),
    ...(keyId === undefined ? [] : [extension(OID.subjectKeyId, der(0x04, Buffer.from(keyId)))]),
    ...(issuer?.keyId === undefined ? [] : [extension(OID.authorityKeyId, sequence(der(0x80, Buffer.from(issuer.keyId))))]),
    ...(extra === 'unknown critical' ? [extension(OID.unknown, hex('0500'), true)] : []),
    ...(extra === 'unknown' ? [extension(OID.unknown, hex('0500'))] : []),
    ...(extra === 'name constraints' ? [extension(OID.nameConstraints, sequence())] : []),
    ...(extra === 'usage twice' ? [extension(OID.extendedKeyUsage, sequence(OID.codeSigning))] : []),
  ];
}

/** A certificate in DER. */
export function makeCertificate(shape: CertificateShape): Buffer {
  const issuer = shape.issuer ?? { subject: shape.subject, key: shape.key };
  const [algorithm, hash] = ALGORITHMS[shape.algorithm ?? (issuer.key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256')];
  const time = (text: string): Buffer => der(0x18, Buffer.from(text));
  const publicKey = shape.key.type === 'private' ? publicOf(shape.key) : shape.key;
  const body = sequence(
    hex('a003020102'),
    der(0x02, Buffer.from([7])),
    algorithm,
    nameOf(issuer.subject),
    sequence(time(shape.from ?? '20200101000000Z'), time(shape.to ?? '20990101000000Z')),
    nameOf(shape.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensionsOf(shape))),
  );
  return sequence(body, algorithm, der(0x03, Buffer.from([0]), sign(hash, body, issuer.key)));
}

const publicOf = (key: KeyObject): KeyObject => createPublicKey(key);

export const pemOf = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** A private key of a curve in PKCS#8, and its public part, both in PEM. */
export function makeKey(curve: 'prime256v1' | 'secp384r1' | 'secp521r1' | 'secp256k1' = 'prime256v1') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: curve,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { key: privateKey, publicKey, object: createPrivateKey(privateKey) };
}
