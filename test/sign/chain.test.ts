import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CertificateTrust, keySigner, signDirectory, verifyDirectory } from '../../src/sign/index.js';
import { type CertificateShape, makeCertificate, makeKey, pemOf } from '../support/certificates.js';
import { bundleObject, listed, statementText } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const [rootKey, middleKey, leafKey] = [makeKey('secp384r1').object, makeKey('secp384r1').object, makeKey().object];
const named = (name: string): CertificateShape['subject'] => [
  ['organization', 'Acme'],
  ['commonName', name],
];
const ROOT: CertificateShape = { subject: named('Root'), key: rootKey, isAuthority: true, keyUsage: 0x04, keyId: 'root' };
const MIDDLE: CertificateShape = {
  subject: named('Middle'),
  key: middleKey,
  issuer: { subject: named('Root'), key: rootKey, keyId: 'root' },
  isAuthority: true,
  keyUsage: 0x04,
  keyId: 'middle',
};
const LEAF: CertificateShape = {
  subject: named('Release, "1"'),
  key: leafKey,
  issuer: { subject: named('Middle'), key: middleKey, keyId: 'middle' },
  isAuthority: false,
  keyUsage: 0x80,
  usages: ['codeSigning'],
  names: [
    [0x81, 'release@acme.example'],
    [0x86, 'https://ci.acme.example/release'],
    [0x82, 'build.acme.example'],
  ],
};
const ME = 'release@acme.example';
const at = new Date('2026-01-01T00:00:00Z');

const model = temporaryDirectory({ 'm/x': 'content' });

interface Case {
  readonly chain: readonly CertificateShape[];
  readonly roots?: readonly CertificateShape[];
  readonly key?: CertificateShape['key'];
  readonly hash?: string;
  readonly trust?: Partial<CertificateTrust>;
}

let counter = 0;
async function judge({ chain, roots = [ROOT], key = leafKey, hash = 'sha256', trust = {} }: Case) {
  const signature = join(model, `${counter++}.sig`);
  const payload = statementText(listed({ x: 'content' }));
  writeFileSync(signature, JSON.stringify(bundleObject({ key, payload, hash, certificates: chain.map(makeCertificate) })));
  const verdict = await verifyDirectory(join(model, 'm'), signature, {
    trust: { roots: roots.map((each) => pemOf(makeCertificate(each))), identities: [ME], at, ...trust },
  });
  return { ...verdict, codes: [...new Set(verdict.reasons.map(({ code }) => code))] };
}

// ECDSA signs anew each time: what is the same certificate to a verifier must be the same bytes.
const MADE = new Map<CertificateShape, Buffer>();
const made = (shape: CertificateShape): Buffer => {
  const known = MADE.get(shape) ?? makeCertificate(shape);
  MADE.set(shape, known);
  return known;
};

describe('a chain', () => {
  it('from the signer to the root is trusted, whatever else is in it, in any order', async () => {
    const other = { ...MIDDLE, subject: named('Somebody'), keyId: 'somebody' };
    for (const chain of [
      [LEAF, MIDDLE],
      [LEAF, other, MIDDLE],
      [LEAF, MIDDLE, ROOT],
      [LEAF, MIDDLE, MIDDLE],
    ]) {
      const verdict = await judge({ chain });
      expect(verdict.codes).toEqual([]);
      expect(verdict).toMatchObject({
        ok: true,
        signer: { names: [ME, 'https://ci.acme.example/release', 'build.acme.example', 'CN=Release\\, \\"1\\",O=Acme'] },
      });
    }
  });
  it('begins with any certificate that is trusted, which may be the signer itself', async () => {
    const self: CertificateShape = { ...LEAF, issuer: undefined as never, subject: named('Self') };
    const { issuer: _issuer, ...shape } = self;
    const certificate = makeCertificate(shape);
    const signature = join(model, 'self.sig');
    const payload = statementText(listed({ x: 'content' }));
    writeFileSync(signature, JSON.stringify(bundleObject({ key: leafKey, payload, certificates: [certificate] })));
    const verify = (roots: readonly Buffer[]) => verifyDirectory(join(model, 'm'), signature, { trust: { roots, identities: [ME], at } });
    expect(await verify([certificate])).toMatchObject({ ok: true });
    expect((await verify([makeCertificate(ROOT)])).reasons).toMatchObject([{ code: 'chain-untrusted' }]);
  });
  it('of certificates with one name is built by keys', async () => {
    const same = named('Middle');
    const leaf = { ...LEAF, subject: same };
    expect(await judge({ chain: [leaf, MIDDLE], trust: { identities: ['CN=Middle,O=Acme'] } })).toMatchObject({ ok: true });
  });
  const bad: readonly (readonly [string, string, Case])[] = [
    ['that lacks a link', 'chain-untrusted', { chain: [LEAF] }],
    ['to another root', 'chain-untrusted', { chain: [LEAF, MIDDLE], roots: [{ ...ROOT, key: makeKey().object }] }],
    [
      'to a root that only the signature has',
      'chain-untrusted',
      { chain: [LEAF, MIDDLE, ROOT], roots: [{ ...ROOT, subject: named('Other'), key: middleKey }] },
    ],
    ['with an issuer that is no authority', 'certificate-not-ca', { chain: [LEAF, { ...MIDDLE, isAuthority: false }] }],
    [
      'with an issuer that says nothing of being an authority',
      'certificate-not-ca',
      { chain: [LEAF, (({ isAuthority: _, ...rest }) => rest)(MIDDLE)] },
    ],
    ['with an authority that may not sign certificates', 'certificate-not-ca', { chain: [LEAF, { ...MIDDLE, keyUsage: 0x80 }] }],
    ['longer than its root allows', 'certificate-not-ca', { chain: [LEAF, MIDDLE], roots: [{ ...ROOT, pathLength: 0 }] }],
    ['with an authority for servers', 'certificate-usage', { chain: [LEAF, { ...MIDDLE, usages: ['serverAuth'] }] }],
    ['of a certificate for servers', 'certificate-usage', { chain: [{ ...LEAF, usages: ['serverAuth'] }, MIDDLE] }],
    ['of a certificate for anything', 'certificate-usage', { chain: [(({ usages: _, ...rest }) => rest)(LEAF), MIDDLE] }],
    ['of a certificate whose key may not sign', 'certificate-usage', { chain: [{ ...LEAF, keyUsage: 0x20 }, MIDDLE] }],
    ['with an expired signer', 'certificate-expired', { chain: [{ ...LEAF, to: '20251231235959Z' }, MIDDLE] }],
    ['with an expired authority', 'certificate-expired', { chain: [LEAF, { ...MIDDLE, to: '20251231235959Z' }] }],
    ['with an expired root', 'certificate-expired', { chain: [LEAF, MIDDLE], roots: [{ ...ROOT, to: '20251231235959Z' }] }],
    ['that is not valid yet', 'certificate-not-yet-valid', { chain: [{ ...LEAF, from: '20260101000001Z' }, MIDDLE] }],
    ['signed with SHA-1', 'certificate-weak', { chain: [{ ...LEAF, algorithm: 'ecdsa-sha1' }, MIDDLE] }],
    ['with an extension that must be understood', 'certificate-unsupported', { chain: [{ ...LEAF, extra: 'unknown critical' }, MIDDLE] }],
    ['with limits on names', 'certificate-unsupported', { chain: [LEAF, { ...MIDDLE, extra: 'name constraints' }] }],
    ['with an extension twice', 'certificate-malformed', { chain: [{ ...LEAF, extra: 'usage twice' }, MIDDLE] }],
    [
      'of somebody else',
      'identity-mismatch',
      { chain: [LEAF, MIDDLE], trust: { identities: ['release@acme.example.org', 'acme.example'] } },
    ],
    ['by another key than the certificate has', 'signature-invalid', { chain: [LEAF, MIDDLE], key: middleKey }],
    ['by another hash than the curve has', 'signature-invalid', { chain: [LEAF, MIDDLE], hash: 'sha512' }],
  ];
  it.each(bad)('%s: %s', async (_what, code, setup) => {
    const verdict = await judge(setup);
    expect(verdict.ok).toBe(false);
    expect(verdict.codes).toEqual([code]);
    expect(verdict.files).toBeUndefined();
    expect(verdict.signer).toBeUndefined();
  });
  it('by a weak RSA key, or with an RSA key that signs, is not trusted', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const roots = [{ ...ROOT, key: weak }];
    const middle = { ...MIDDLE, issuer: { subject: named('Root'), key: weak, keyId: 'root' } };
    expect((await judge({ chain: [LEAF, middle], roots })).codes).toEqual(['certificate-weak']);
    const strong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const rooted = { ...MIDDLE, issuer: { subject: named('Root'), key: strong, keyId: 'root' } };
    expect((await judge({ chain: [LEAF, rooted], roots: [{ ...ROOT, key: strong }] })).ok).toBe(true);
    expect((await judge({ chain: [{ ...LEAF, key: strong }, MIDDLE], key: strong })).codes).toEqual(['key-unsupported']);
  });
  it('by a curve that signs no models is not trusted', async () => {
    const { object } = makeKey('secp256k1');
    expect((await judge({ chain: [{ ...LEAF, key: object }, MIDDLE], key: object })).codes).toEqual(['key-unsupported']);
  });
  it('may be relaxed by name, which the verdict repeats', async () => {
    const servers = { ...LEAF, usages: ['serverAuth'] as const };
    const verdict = await judge({ chain: [servers, MIDDLE], trust: { anyUsage: true, identities: 'any' } });
    expect(verdict).toMatchObject({ ok: true, relaxed: ['any-identity', 'any-usage', 'at 2026-01-01T00:00:00.000Z'] });
    const none = { ...servers, keyUsage: 0x20 };
    expect((await judge({ chain: [none, MIDDLE], trust: { anyUsage: true } })).codes).toEqual(['certificate-usage']);
  });
  it('with an extension that may be passed over is trusted', async () => {
    expect((await judge({ chain: [{ ...LEAF, extra: 'unknown' }, MIDDLE] })).ok).toBe(true);
  });
  it('of many certificates ends', async () => {
    const keys = Array.from({ length: 14 }, () => makeKey().object);
    const chain = keys.map((key, i): CertificateShape => {
      const issuerKey = keys[i + 1] ?? rootKey;
      const issuer = { subject: named(i + 1 < keys.length ? `A${i + 1}` : 'Root'), key: issuerKey };
      return i === 0 ? { ...LEAF, key, issuer } : { subject: named(`A${i}`), key, issuer, isAuthority: true, keyUsage: 0x04 };
    });
    expect((await judge({ chain, key: keys[0] as never })).codes).toEqual(['chain-too-long']);
    // One name and one key for all: each may have issued each.
    const alike = Array.from({ length: 31 }, (): CertificateShape => ({ ...MIDDLE, issuer: { subject: named('Middle'), key: middleKey } }));
    expect((await judge({ chain: [LEAF, ...alike] })).codes).toEqual(['chain-too-long']);
    expect((await judge({ chain: [LEAF, ...alike, MIDDLE, MIDDLE] })).codes).toEqual(['bundle-limit']);
  });
});

describe('an identity', () => {
  it('is one whole name of the certificate', async () => {
    for (const identity of [ME, 'https://ci.acme.example/release', 'build.acme.example', 'CN=Release\\, \\"1\\",O=Acme'])
      expect((await judge({ chain: [LEAF, MIDDLE], trust: { identities: ['nobody', identity] } })).ok, identity).toBe(true);
    for (const identity of ['Release@acme.example', 'acme.example', 'https://ci.acme.example/', 'CN=Release', 'Release, "1"', '*'])
      expect((await judge({ chain: [LEAF, MIDDLE], trust: { identities: [identity] } })).ok, identity).toBe(false);
  });
  it('does not end at a NUL, and no address is taken for a subject', async () => {
    const tricks = {
      ...LEAF,
      names: [
        [0x81, `${ME}\0@evil.example`],
        [0x82, 'CN=Boss,O=Acme'],
      ] as const,
    };
    expect((await judge({ chain: [tricks, MIDDLE] })).codes).toEqual(['identity-mismatch']);
    expect((await judge({ chain: [tricks, MIDDLE], trust: { identities: ['CN=Boss,O=Acme'] } })).codes).toEqual(['identity-mismatch']);
  });
  it('must be given', async () => {
    await expect(judge({ chain: [LEAF, MIDDLE], trust: { identities: [] } })).rejects.toMatchObject({ code: 'ERR_SIGN_CERTIFICATE' });
    await expect(judge({ chain: [LEAF, MIDDLE], trust: { roots: [] } })).rejects.toMatchObject({ code: 'ERR_SIGN_CERTIFICATE' });
    await expect(judge({ chain: [LEAF, MIDDLE], trust: { roots: ['no certificate'] } })).rejects.toMatchObject({
      code: 'ERR_SIGN_CERTIFICATE',
    });
  });
});

describe('a certificate', () => {
  it('that is cut, or has bytes behind it, is refused at every length, and never crashes', async () => {
    const certificate = made(LEAF);
    const payload = statementText(listed({ x: 'content' }));
    const roots = [made(ROOT)];
    const signature = join(model, 'cut.sig');
    const verdictOf = async (leaf: Buffer) => {
      writeFileSync(signature, JSON.stringify(bundleObject({ key: leafKey, payload, certificates: [leaf, made(MIDDLE)] })));
      return verifyDirectory(join(model, 'm'), signature, { trust: { roots, identities: [ME], at } });
    };
    expect((await verdictOf(certificate)).ok).toBe(true);
    for (let length = 1; length < certificate.byteLength; length += 7)
      expect((await verdictOf(certificate.subarray(0, length))).reasons).toMatchObject([{ code: 'certificate-malformed' }]);
    expect((await verdictOf(Buffer.concat([certificate, Buffer.from([0])]))).ok).toBe(false);
  });
  it('with any byte changed is not trusted', async () => {
    const certificate = made(LEAF);
    const payload = statementText(listed({ x: 'content' }));
    const signature = join(model, 'changed.sig');
    for (let i = 0; i < certificate.byteLength; i += 3) {
      const changed = Buffer.from(certificate);
      changed[i] = (changed[i] ?? 0) ^ 0x01;
      writeFileSync(signature, JSON.stringify(bundleObject({ key: leafKey, payload, certificates: [changed, made(MIDDLE)] })));
      const verdict = await verifyDirectory(join(model, 'm'), signature, {
        trust: { roots: [made(ROOT)], identities: 'any', anyUsage: true, at },
      });
      expect(verdict.ok, `byte ${i}`).toBe(false);
    }
  });
  it('is written into the signature with its chain, and verified by the root', async () => {
    const { key } = makeKey();
    const leaf = makeCertificate({ ...LEAF, key: createPrivateKey(key) });
    const signer = keySigner({ key, certificate: pemOf(leaf), chain: [pemOf(made(MIDDLE))] });
    const signature = join(model, 'whole.sig');
    writeFileSync(signature, (await signDirectory(join(model, 'm'), { signer })).bundle);
    const trust = { roots: [made(ROOT)], identities: [ME], at };
    expect(await verifyDirectory(join(model, 'm'), signature, { trust })).toMatchObject({ ok: true, method: 'certificate' });
  });
});
