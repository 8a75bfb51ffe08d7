/** Signatures by identities: made with an authority on loopback, verified without it, and never when anything of them is changed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/core/canonical-json.js';
import { type KeylessIdentity, signDirectory, type Verdict, verifyDirectory } from '../../src/sign/index.js';
import { keylessSigner, keylessTrust } from '../../src/sign/keyless/index.js';
import { type Authority, openAuthority, type TrustedRoot, tokenOf } from '../support/sigstore-authority.js';

const ISSUER = 'https://accounts.example.com';
const RELEASE: KeylessIdentity = { name: 'release@example.com', issuer: ISSUER };
const work = mkdtempSync(join(tmpdir(), 'msbom-keyless-'));
const model = join(work, 'model');
const signature = join(work, 'model.sig');
let authority: Authority;
let other: Authority;

const signed = async (by: Authority, path: string): Promise<string> => {
  const signer = await keylessSigner({
    identityToken: tokenOf(RELEASE.name, ISSUER),
    signingConfig: JSON.stringify(by.signingConfig),
  });
  const { bundle } = await signDirectory(model, { signer, signatureFile: path });
  writeFileSync(path, bundle);
  return bundle;
};

const verify = async (
  file: string,
  { root = authority.trustedRoot, identities = [RELEASE] as readonly KeylessIdentity[] | 'any' } = {},
): Promise<Verdict> => {
  const trust = await keylessTrust({ trustedRoot: JSON.stringify(root), identities });
  return verifyDirectory(model, file, { trust });
};

beforeAll(async () => {
  authority = await openAuthority();
  other = await openAuthority({ withTimes: false });
  const { mkdirSync } = await import('node:fs');
  mkdirSync(model);
  writeFileSync(join(model, 'weights.bin'), 'weights');
  await signed(authority, signature);
});
afterAll(async () => {
  await Promise.all([authority, other].map((each) => each?.close()));
  rmSync(work, { recursive: true, force: true });
});

describe('a signature by an identity', () => {
  it('says who signed and who vouched, and asks nobody to say it', async () => {
    const before = authority.asked.length;
    const verdict = await verify(signature);
    expect(verdict.reasons).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, method: 'sigstore', notes: [], relaxed: [], files: { signed: 1, verified: 1 } });
    expect(verdict.signer).toMatchObject({ names: [RELEASE.name], issuer: ISSUER, curve: 'P-256' });
    expect(authority.asked).toHaveLength(before);
  });
  it('was made by one certificate, one entry of a log and one time', () => {
    expect(authority.asked).toEqual(['/api/v2/signingCert', '/api/v1/log/entries', '/api/v1/timestamp']);
  });
  it('needs no time-stamping authority where the log has promised a time', async () => {
    const file = join(work, 'no-times.sig');
    await signed(other, file);
    expect(await verify(file, { root: other.trustedRoot })).toMatchObject({ ok: true, signer: { names: [RELEASE.name] } });
  });
  it('accepts everybody only by name', async () => {
    expect(await verify(signature, { identities: 'any' })).toMatchObject({ ok: true, relaxed: ['any-identity'] });
  });
  it.each([
    [{ name: 'release@example.org', issuer: ISSUER }],
    [{ name: 'Release@example.com', issuer: ISSUER }],
    [{ name: '.*', issuer: ISSUER }],
    [{ name: 'release@example', issuer: ISSUER }],
    [{ name: RELEASE.name, issuer: 'https://accounts.example.org' }],
    [{ name: RELEASE.name, issuer: '' }],
    [{ name: '', issuer: '' }],
  ])('is not that of %j', async (identity) => {
    const verdict = await verify(signature, { identities: [identity] });
    expect(verdict).toMatchObject({ ok: false, reasons: [{ class: 'trust', code: 'identity-mismatch' }] });
    expect(verdict.signer).toBeUndefined();
    expect(verdict.files).toBeUndefined();
  });
  it('is checked by nothing else than an identity', async () => {
    const roots = ['-----BEGIN CERTIFICATE-----\n'];
    await expect(verifyDirectory(model, signature, { trust: { roots, identities: 'any' } })).rejects.toMatchObject({
      code: 'ERR_SIGN_CERTIFICATE',
    });
    const { generateKeyPairSync } = await import('node:crypto');
    const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' });
    expect(await verifyDirectory(model, signature, { trust: { publicKey } })).toMatchObject({
      ok: false,
      reasons: [{ code: 'method-mismatch' }],
    });
  });
});

describe('an authority', () => {
  it.each([
    ['certificateAuthorities', 'keyless-certificate'],
    ['ctlogs', 'keyless-certificate'],
    ['tlogs', 'keyless-log'],
    ['timestampAuthorities', 'keyless-time'],
  ] as const)('whose %s are of another is not the one', async (member, code) => {
    const root = { ...authority.trustedRoot, [member]: other.trustedRoot[member] } satisfies TrustedRoot;
    expect(await verify(signature, { root })).toMatchObject({ ok: false, reasons: [{ class: 'trust', code }] });
    expect(await verify(signature, { root: { ...authority.trustedRoot, [member]: [] } })).toMatchObject({ ok: false });
  });
  it('that refuses is told without the token', async () => {
    const token = tokenOf(RELEASE.name, ISSUER);
    const signingConfig = JSON.stringify(authority.signingConfig).replace(/(http:\/\/127\.0\.0\.1:\d+)/g, '$1/nowhere');
    const signer = await keylessSigner({ identityToken: token, signingConfig });
    const error = await signDirectory(model, { signer }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_SIGN_KEYLESS' });
    expect(JSON.stringify(error)).not.toContain(token);
  });
  it.each(['{}', '[]', '1', '{"tlogs": 3}', '{"certificateAuthorities":[{"certChain":{"certificates":[{"rawBytes":"AA=="}]}}]}'])(
    'is not described by %s',
    async (trustedRoot) => {
      const trust = await keylessTrust({ trustedRoot, identities: 'any' }).catch((error: unknown) => error);
      if (trust instanceof Error) expect(trust).toMatchObject({ code: 'ERR_SIGN_KEYLESS' });
      else expect(await verifyDirectory(model, signature, { trust: trust as never })).toMatchObject({ ok: false });
    },
  );
  it('is asked by nobody whose name is not given', async () => {
    await expect(keylessTrust({ trustedRoot: JSON.stringify(authority.trustedRoot), identities: [] })).rejects.toMatchObject({
      code: 'ERR_SIGN_KEYLESS',
    });
  });
});

describe('a changed signature', () => {
  /** Every member and item, taken away or in another form. */
  function* mutants(value: JsonValue, path: readonly (string | number)[] = []): Generator<[string, (document: JsonValue) => void]> {
    const parent = (document: JsonValue): Record<string | number, JsonValue> =>
      path.slice(0, -1).reduce((at, key) => (at as Record<string | number, JsonValue>)[key] as JsonValue, document) as never;
    const last = path.at(-1);
    if (last !== undefined) {
      const name = path.join('/');
      if (typeof last === 'string') yield [`without ${name}`, (document) => void delete parent(document)[last]];
      if (typeof value === 'string' && value.length > 8)
        yield [
          `other ${name}`,
          (document) => {
            const middle = value.length >> 1;
            parent(document)[last] = `${value.slice(0, middle)}${value[middle] === 'A' ? 'B' : 'A'}${value.slice(middle + 1)}`;
          },
        ];
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) yield* mutants(child, [...path, Array.isArray(value) ? Number(key) : key]);
  }
  /** Of what nothing is proven and nothing follows: what the log says of itself again elsewhere, and hints. */
  const FREE =
    /kindVersion|logIndex$|keyid$|integratedTime$|treeSize$|rootHash$|inclusionPromise$|inclusionProof$|timestampVerificationData$|rfc3161Timestamps$|hashes$/;
  it('is not verified, or proves the same signer', async () => {
    const document = JSON.parse(readFileSync(signature, 'utf8')) as JsonValue;
    let refused = 0;
    for (const [name, change] of mutants(document)) {
      const copy = structuredClone(document);
      change(copy);
      const file = join(work, 'mutant.sig');
      writeFileSync(file, JSON.stringify(copy));
      const verdict = await verify(file);
      if (verdict.ok) {
        expect(name).toMatch(FREE);
        expect(verdict.signer?.names).toEqual([RELEASE.name]);
      } else refused += 1;
    }
    expect(refused).toBeGreaterThan(25);
  });
  it('of other files is not theirs', async () => {
    writeFileSync(join(model, 'weights.bin'), 'others!');
    expect(await verify(signature)).toMatchObject({ ok: false, reasons: [{ code: 'file-changed' }] });
    writeFileSync(join(model, 'weights.bin'), 'weights');
  });
  it('with an entry that stands twice counts it once', async () => {
    const document = JSON.parse(readFileSync(signature, 'utf8')) as { verificationMaterial: { tlogEntries: JsonValue[] } };
    document.verificationMaterial.tlogEntries.push(...structuredClone(document.verificationMaterial.tlogEntries));
    const file = join(work, 'twice.sig');
    writeFileSync(file, JSON.stringify(document));
    expect(await verify(file)).toMatchObject({ ok: true });
  });
});
