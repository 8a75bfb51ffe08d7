import { createPublicKey } from 'node:crypto';
import { appendFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keySigner, signDirectory, type VerifyOptions, verifyDirectory } from '../../src/sign/index.js';
import { makeCertificate, makeKey } from '../support/certificates.js';
import { type BundleShape, bundleObject, type Listed, listed, sha256, statementText } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const { object: key, publicKey, key: pem } = makeKey();
const FILES = { a: '1', 'b/c': '2' };
const cwd = temporaryDirectory({ 'm/a': '1', 'm/b/c': '2', secret: 'secret', 'b/c': '2' });
const model = join(cwd, 'm');

async function verdictOf(signature: string | Uint8Array, options: Partial<VerifyOptions> = {}) {
  const file = join(cwd, 'x.sig');
  writeFileSync(file, signature);
  const verdict = await verifyDirectory(model, file, { trust: { publicKey }, ...options });
  return { ...verdict, codes: verdict.reasons.map(({ code }) => code) };
}
const bundle = (payload: string | Uint8Array, shape: Partial<BundleShape> = {}): string =>
  JSON.stringify(bundleObject({ key, payload, ...shape }));
const good = statementText(listed(FILES));

it('what the tests change is good before', async () => {
  expect(await verdictOf(bundle(good))).toMatchObject({ ok: true, files: { signed: 2, verified: 2 } });
});

type Node = { parent: Record<string, unknown>; name: string; at: string };
/** Every member and item of a JSON value. */
function nodesOf(value: unknown, at = ''): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((name) => [{ parent, name, at: `${at}/${name}` }, ...nodesOf(parent[name], `${at}/${name}`)]);
}
const REMOVED = Symbol('removed');
/** What a value becomes. */
const MUTANTS: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ['removed', () => REMOVED],
  ['null', () => null],
  ['a number', () => 7],
  ['another text', (value) => (typeof value === 'string' ? `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}` : 'text')],
  ['an empty text', () => ''],
  ['an empty list', () => []],
  ['an empty object', () => ({})],
  ['twice as long', (value) => (Array.isArray(value) ? [...value, ...value, 1] : typeof value === 'string' ? value + value : [value])],
];
/** What says nothing about who signed what: other tools leave it out, or write it otherwise. */
const SAYS_NOTHING = new Set([
  '/verificationMaterial/tlogEntries removed',
  '/verificationMaterial/tlogEntries an empty list',
  '/verificationMaterial/publicKey/hint an empty text',
  '/dsseEnvelope/signatures/0/keyid removed',
  '/dsseEnvelope/signatures/0/keyid null',
  '/dsseEnvelope/signatures/0/keyid another text',
  '/dsseEnvelope/signatures/0/keyid an empty text',
  '/dsseEnvelope/signatures/0/keyid twice as long',
]);

async function survivors(make: () => unknown, options: Partial<VerifyOptions>): Promise<readonly string[]> {
  const alive: string[] = [];
  for (const { at } of nodesOf(make())) {
    for (const [what, change] of MUTANTS) {
      const copy = structuredClone(make());
      const node = nodesOf(copy).find((each) => each.at === at);
      if (node === undefined) throw new Error(at);
      const to = change(node.parent[node.name]);
      if (to === REMOVED && Array.isArray(node.parent)) node.parent.splice(Number(node.name), 1);
      else if (to === REMOVED) delete node.parent[node.name];
      else node.parent[node.name] = to;
      const verdict = await verdictOf(JSON.stringify(copy), options);
      if (verdict.ok) alive.push(`${at} ${what}`);
      else expect(verdict.reasons.length, `${at} ${what}`).toBeGreaterThan(0);
    }
  }
  return alive.sort();
}

describe('a signature that is changed at any place', () => {
  it('by a key never verifies, but where nothing is said', async () => {
    const whole = bundleObject({ key, payload: good });
    expect(await survivors(() => whole, {})).toEqual([...SAYS_NOTHING].sort());
  });
  it('by a certificate never verifies, but where nothing is said', async () => {
    const subject = [['commonName', 'x']] as const;
    const certificate = makeCertificate({ subject, key, keyUsage: 0x80, usages: ['codeSigning'] });
    const trust = { roots: [certificate], identities: 'any', at: new Date('2026-01-01T00:00:00Z') } as const;
    const whole = bundleObject({ key, payload: good, certificates: [certificate] });
    const expected = [...SAYS_NOTHING].filter((each) => !each.includes('publicKey'));
    expect(await survivors(() => whole, { trust })).toEqual(expected.sort());
  });
  it('cut at any byte never verifies', async () => {
    const whole = bundle(good);
    for (let length = 0; length < whole.length; length += 5) expect((await verdictOf(whole.slice(0, length))).ok).toBe(false);
  });
});

describe('a statement that is signed and wrong', () => {
  const changed = (change: (statement: never) => void): string => bundle(statementText(listed(FILES), change as () => void));
  const resources = (...more: readonly Listed[]): string => bundle(statementText([...listed(FILES), ...more]));
  const one = (name: string, digest = sha256('1'), algorithm = 'sha256'): Listed => ({ name, digest, algorithm });
  it.each([
    [
      'with another root',
      'root-mismatch',
      changed((s: { subject: object[] }) => (s.subject = [{ name: 'm', digest: { sha256: sha256('x') } }])),
    ],
    ['with two subjects', 'statement-shape', changed((s: { subject: unknown[] }) => s.subject.push(s.subject[0]))],
    ['without resources', 'statement-shape', bundle(statementText([]))],
    ['of another type', 'statement-shape', changed((s: { _type: string }) => (s._type = 'https://in-toto.io/Statement/v0.1'))],
    ['with another predicate', 'predicate-type', changed((s: { predicateType: string }) => (s.predicateType = 'https://example.com/x'))],
    [
      'of before 1.0',
      'predicate-legacy',
      changed((s: { predicateType: string }) => (s.predicateType = 'https://model_signing/Digests/v0.1')),
    ],
    ['that lists a file twice', 'resource-duplicate', resources(one('a'))],
    ['that names a file above', 'resource-path', resources(one('../secret', sha256('secret')))],
    ['that names a file above, further in', 'resource-path', resources(one('b/../../secret', sha256('secret')))],
    ['that names an absolute file', 'resource-path', resources(one(join(cwd, 'secret'), sha256('secret')))],
    ['that names a file by a long way', 'resource-path', resources(one('b/./c', sha256('2')))],
    ['that names a file with two slashes', 'resource-path', resources(one('b//c', sha256('2')))],
    ['that names a directory', 'resource-path', resources(one('b/'))],
    ['that names nothing', 'resource-path', resources(one(''))],
    ['that names itself', 'resource-path', resources(one('.'))],
    ['with NUL in a name', 'resource-path', resources(one('a\0b'))],
    ['with half a character in a name', 'resource-path', resources(one('\ud800'))],
    ['with a digest in capitals', 'statement-shape', resources(one('d', sha256('1').toUpperCase()))],
    ['with a short digest', 'statement-shape', resources(one('d', 'ab'))],
    ['with a digest that is no hexadecimal', 'statement-shape', resources(one('d', `${sha256('1').slice(1)}g`))],
    ['with another algorithm for one file', 'statement-shape', resources(one('d', sha256('1'), 'blake3'))],
    [
      'with MD5',
      'statement-shape',
      changed((s: { predicate: { serialization: Record<string, unknown> } }) => (s.predicate.serialization.hash_type = 'md5')),
    ],
    [
      'with parts and whole files',
      'statement-shape',
      changed((s: { predicate: { serialization: Record<string, unknown> } }) => (s.predicate.serialization.shard_size = 5)),
    ],
    ['with a member twice', 'bundle-json', bundle(good.replace('"_type"', '"_type":"x","_type"'))],
    ['with __proto__', 'bundle-json', bundle(good.replace('"_type"', '"__proto__":{},"_type"'))],
    ['in UTF-16', 'bundle-encoding', bundle(Buffer.from(good, 'utf16le'))],
    ['with bytes that are no UTF-8', 'bundle-encoding', bundle(Buffer.concat([Buffer.from(good), Buffer.from([0xff])]))],
    ['nested too deep', 'bundle-limit', bundle(`${'['.repeat(40)}${']'.repeat(40)}`)],
    ['that is no statement', 'statement-shape', bundle('[]')],
  ])('%s is refused: %s', async (_what, code, signature) => {
    const verdict = await verdictOf(signature);
    expect(verdict).toMatchObject({ ok: false, reasons: [{ class: 'malformed', code }] });
    expect(verdict.reasons).toHaveLength(1);
  });
  const shards = (size: number, ...names: readonly string[]): string =>
    bundle(
      statementText(
        names.map((name) => one(name)),
        (statement) => {
          const { serialization } = statement.predicate as { serialization: Record<string, unknown> };
          Object.assign(serialization, { method: 'shards', shard_size: size });
        },
      ),
    );
  it.each([
    ['with a hole', shards(4, 'a:0:4', 'a:8:12')],
    ['with a hole at the start', shards(4, 'a:4:8')],
    ['that lie over each other', shards(4, 'a:0:4', 'a:2:6')],
    ['longer than the size', shards(4, 'a:0:5')],
    ['with a short one in the middle', shards(4, 'a:0:2', 'a:2:6')],
    ['that end before they begin', shards(4, 'a:4:0')],
    ['without content', shards(4, 'a:0:0')],
    ['with numbers of another form', shards(4, 'a:00:4')],
    ['with signs', shards(4, 'a:-0:4')],
    ['beyond what a number holds', shards(4, 'a:0:99999999999999999999')],
    ['without numbers', shards(4, 'a')],
    ['of nothing', shards(4, ':0:4')],
  ])('parts %s are refused', async (_what, signature) => {
    expect((await verdictOf(signature)).reasons).toMatchObject([{ class: 'malformed', code: 'resource-shard' }]);
  });
});

describe('a signature over something else', () => {
  it.each([
    ['another type of payload', bundle(good, { payloadType: 'text/plain' }), 'payload-type'],
    ['the same under another type', bundle(good, { signedType: 'text/plain' }), 'signature-invalid'],
    ['it with another hash', bundle(good, { hash: 'sha384' }), 'signature-invalid'],
    ['it in the other form of ECDSA', bundle(good, { dsaEncoding: 'ieee-p1363' }), 'signature-invalid'],
    ['it by another key that says to be this one', bundle(good, { key: makeKey().object, hint: sha256(publicKey) }), 'signature-invalid'],
    ['it by another key', bundle(good, { key: makeKey().object }), 'hint-mismatch'],
  ])('%s does not verify: %s', async (_what, signature, code) => {
    const verdict = await verdictOf(signature);
    expect(verdict).toMatchObject({ ok: false, reasons: [{ code }] });
    expect(verdict.files).toBeUndefined();
  });
  it('verifies with the hint that cosign writes', async () => {
    const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
    expect(await verdictOf(bundle(good, { hint: Buffer.from(sha256(der), 'hex').toString('base64') }))).toMatchObject({ ok: true });
  });
});

describe('a bundle of another form', () => {
  const change = (edit: (object: never) => void): string => {
    const object = bundleObject({ key, payload: good });
    edit(object as never);
    return JSON.stringify(object);
  };
  type Loose = {
    mediaType: string;
    verificationMaterial: Record<string, unknown>;
    dsseEnvelope: { payload: string; signatures: { sig: string }[] };
  };
  it.each([
    ['v0.1', 'bundle-version', change((b: Loose) => (b.mediaType = 'application/vnd.dev.sigstore.bundle.v0.1+json'))],
    ['two methods', 'bundle-method', change((b: Loose) => (b.verificationMaterial.certificate = { rawBytes: 'AA==' }))],
    ['no method', 'bundle-method', change((b: Loose) => delete b.verificationMaterial.publicKey)],
    ['two signatures', 'bundle-shape', change((b: Loose) => b.dsseEnvelope.signatures.push({ sig: 'AA==' }))],
    ['no signature', 'bundle-shape', change((b: Loose) => (b.dsseEnvelope.signatures = []))],
    ['Base64 of URLs', 'bundle-shape', change((b: Loose) => (b.dsseEnvelope.payload = Buffer.from('???>>>').toString('base64url')))],
    [
      'Base64 without padding',
      'bundle-shape',
      change((b: Loose) => (b.dsseEnvelope.payload = b.dsseEnvelope.payload.replace(/=*$/, 'QQ'))),
    ],
    ['Base64 with a line break', 'bundle-shape', change((b: Loose) => (b.dsseEnvelope.payload = `${b.dsseEnvelope.payload}\n`))],
    [
      'a long signature',
      'bundle-shape',
      change((b: Loose) => (b.dsseEnvelope.signatures = [{ sig: Buffer.alloc(2000).toString('base64') }])),
    ],
    ['a member twice', 'bundle-json', bundle(good).replace('"mediaType"', '"mediaType":"x","mediaType"')],
    [
      'many entries of logs',
      'bundle-limit',
      change((b: Loose) => (b.verificationMaterial.tlogEntries = Array.from({ length: 65 }, () => ({})))),
    ],
    ['depth', 'bundle-limit', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
    ['nothing', 'bundle-json', ''],
    ['text', 'bundle-json', 'a signature'],
  ])('with %s is refused: %s', async (_what, code, signature) => {
    expect(await verdictOf(signature)).toMatchObject({ ok: false, reasons: [{ class: 'malformed', code }] });
  });
  it('that is too large is not read', async () => {
    const limits = { maxDocumentBytes: 100 } as never;
    await expect(verdictOf(bundle(good), { limits })).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  });
});

describe('names that some systems take for one', () => {
  it('are told, and compared as they are', async () => {
    const files = { A: '1', a: '2', é: '3', 'e\u0301': '4' };
    const directory = temporaryDirectory(files);
    const signature = join(cwd, 'twins.sig');
    writeFileSync(signature, (await signDirectory(directory, { signer: keySigner({ key: pem }) })).bundle);
    const verdict = await verifyDirectory(directory, signature, { trust: { publicKey } });
    expect(verdict).toMatchObject({ ok: true, files: { signed: 4, verified: 4 } });
    expect(verdict.notes.map(({ code, path }) => [code, path])).toEqual([
      ['name-twins', 'A'],
      ['name-twins', 'e\u0301'],
    ]);
    renameSync(join(directory, 'é'), join(directory, 'x'));
    expect((await verifyDirectory(directory, signature, { trust: { publicKey } })).reasons.map(({ code, path }) => [code, path])).toEqual([
      ['file-missing', 'é'],
      ['file-unsigned', 'x'],
    ]);
  });
});

describe('a directory that changes while it is read', () => {
  const MiB = 1024 * 1024;
  /** Files above one MiB are read with progress told after each, the largest first. */
  async function during(change: (directory: string) => void) {
    const directory = temporaryDirectory({ 'big.bin': Buffer.alloc(3 * MiB), 'mid/small.bin': Buffer.alloc(2 * MiB, 1), 'last.txt': 'x' });
    const signature = join(cwd, `during.sig`);
    writeFileSync(signature, (await signDirectory(directory, { signer: keySigner({ key: pem }) })).bundle);
    let done = false;
    const onProgress = (bytes: number): void => {
      if (done || bytes < 3 * MiB) return;
      done = true;
      change(directory);
    };
    const verdict = await verifyDirectory(directory, signature, { trust: { publicKey }, onProgress });
    expect(done).toBe(true);
    done = false;
    return { verdict, sign: () => signDirectory(directory, { signer: keySigner({ key: pem }), onProgress }) };
  }
  it.each([
    ['a file that grows after it was read', (d: string) => appendFileSync(join(d, 'big.bin'), 'x'), 'big.bin'],
    ['a file that comes', (d: string) => writeFileSync(join(d, 'new'), 'x'), 'new'],
    ['a file that goes', (d: string) => renameSync(join(d, 'last.txt'), join(cwd, 'gone')), 'last.txt'],
    [
      'a file that is swapped for another of the same content',
      (d: string) => {
        writeFileSync(join(cwd, 'same'), 'x');
        renameSync(join(cwd, 'same'), join(d, 'last.txt'));
      },
      'last.txt',
    ],
    [
      'a directory that becomes a link to one of the same content',
      (d: string) => {
        const elsewhere = temporaryDirectory({ 'small.bin': Buffer.alloc(2 * MiB, 1) });
        renameSync(join(d, 'mid'), join(elsewhere, 'old'));
        symlinkSync(elsewhere, join(d, 'mid'));
      },
      'mid',
    ],
  ])('%s is found', async (_what, change, path) => {
    const { verdict } = await during(change);
    expect(verdict.ok).toBe(false);
    expect(verdict.reasons.filter(({ code }) => code === 'directory-changed').map((each) => each.path)).toContain(path);
  });
  it('is not signed', async () => {
    const { sign } = await during((d) => writeFileSync(join(d, `new${Math.random()}`), 'x'));
    await expect(sign()).rejects.toMatchObject({ code: 'ERR_IO_CHANGED' });
  });
});

describe('many files', () => {
  it('are no more than the limit', async () => {
    const directory = temporaryDirectory({ a: '1', b: '2', c: '3' });
    const limits = { maxFiles: 2, maxDocumentBytes: 1e6, maxDepth: 30, maxValues: 1e6 } as never;
    await expect(signDirectory(directory, { signer: keySigner({ key: pem }), limits })).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
  });
});
