/**
 * Signatures both ways with the reference implementation of OpenSSF Model Signing (`model-signing` of PyPI): what it signs we verify, what
 * we sign it verifies, and what is tampered with neither does. Where verdicts differ, the table of differences says why.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { keySigner, signDirectory, type VerifyOptions, verifyDirectory } from '../../src/sign/index.js';
import { type CertificateShape, makeCertificate, makeKey, pemOf } from '../support/certificates.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

type Files = Readonly<Record<string, string>>;
const named = (...paths: readonly string[]): Files => Object.fromEntries(paths.map((path) => [path, `${path}\n`]));
const TREES: Readonly<Record<string, Files>> = {
  'one file': named('model.safetensors'),
  'order clashes': named('a-b', 'a/b', 'a.b', 'a b', 'model.safetensors', 'model/x', 'x/a/b', 'x/a.b'),
  'spaces and signs': named('a file', 'b(1)', "c'd", 'e&f', 'g;h', '#', '%41', '~', 'q"uote', 'back\\slash'),
  scripts: named('é', 'e\u0301', 'ß', '模型', '\u{1d4b3}'),
  'empty files': { a: '', b: '', c: 'c' },
  'files of Git': named('.git/config', '.gitignore', '.github/x.yml', 'm', 's/.git/config', 's/.gitignore', '.gitmodules', '.hidden/x'),
};
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'] as const;
const base = temporaryDirectory();
const script = fileURLToPath(new URL('../../scripts/interop/oms-jobs.py', import.meta.url));

interface Job {
  readonly op: 'sign' | 'verify';
  readonly model: string;
  readonly signature: string;
  readonly [more: string]: unknown;
}
interface Answer {
  readonly ok: boolean;
  readonly error?: string;
}
function reference(jobs: readonly Job[]): readonly Answer[] {
  const out = execFileSync(PYTHON, [script], { input: JSON.stringify(jobs), encoding: 'utf8', maxBuffer: 1 << 26 });
  return JSON.parse(out) as readonly Answer[];
}

let made = 0;
function plant(files: Files): string {
  const model = join(base, `t${made++}`, 'model');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(model, path)), { recursive: true });
    writeFileSync(join(model, path), content);
  }
  return model;
}
function keep(name: string, text: string): string {
  const path = join(base, name);
  writeFileSync(path, text);
  return path;
}

const KEYS = Object.fromEntries(
  CURVES.map((curve) => {
    const { key, publicKey } = makeKey(curve);
    return [curve, { key, publicKey, keyFile: keep(`${curve}.pem`, key), publicFile: keep(`${curve}.pub`, publicKey) }];
  }),
);
const keyOf = (curve: string) => KEYS[curve] ?? { key: '', publicKey: '', keyFile: '', publicFile: '' };
const P256 = keyOf('prime256v1');

async function ours(model: string, curve = 'prime256v1', more: object = {}): Promise<string> {
  const signature = join(model, '..', 'ours.sig');
  writeFileSync(
    signature,
    (await signDirectory(model, { signer: keySigner({ key: keyOf(curve).key }), signatureFile: signature, ...more })).bundle,
  );
  return signature;
}

describe('signatures by key', () => {
  const cases = Object.keys(TREES).flatMap((tree) => CURVES.map((curve) => ({ tree, curve, model: '', ours: '' })));
  let theirs: readonly Answer[] = [];
  let check: readonly Answer[] = [];
  beforeAll(async () => {
    for (const each of cases) {
      each.model = plant(TREES[each.tree] ?? {});
      each.ours = await ours(each.model, each.curve);
    }
    theirs = reference(
      cases.map(({ model, curve }) => ({ op: 'sign', model, signature: `${model}/model.sig`, key: keyOf(curve).keyFile })),
    );
    for (const { model } of cases) renameSync(join(model, 'model.sig'), join(model, '..', 'theirs.sig'));
    check = reference(
      cases.map(({ model, curve, ours: signature }) => ({ op: 'verify', model, signature, publicKey: keyOf(curve).publicFile })),
    );
  });
  it.each(cases.map(({ tree, curve }, i) => [tree, curve, i] as const))('%s, %s, both ways', async (_tree, curve, i) => {
    expect(theirs[i]).toEqual({ ok: true });
    expect(check[i]).toEqual({ ok: true });
    const { model = '' } = cases[i] ?? {};
    const verdict = await verifyDirectory(model, join(model, '..', 'theirs.sig'), { trust: { publicKey: keyOf(curve).publicKey } });
    expect(verdict.reasons).toEqual([]);
    expect(verdict.ok).toBe(true);
  });
});

describe('hashes and parts', () => {
  const files = { 'a-b': '1234567890', 'a/b': '2', empty: '', 'n:1': 'colon' };
  it('of the reference are verified', async () => {
    const models = [{ hash: 'blake2' }, { hash: 'blake3' }, { shardSize: 4 }].map((form) => ({
      form,
      model: plant('shardSize' in form ? { ...files, 'n:1': '' } : files),
    }));
    const signed = reference(
      models.map(({ form, model }) => ({ op: 'sign', model, signature: `${model}.sig`, key: P256.keyFile, ...form })),
    );
    for (const [i, { model, form }] of models.entries()) {
      expect(signed[i], JSON.stringify(form)).toEqual({ ok: true });
      expect(
        (await verifyDirectory(model, `${model}.sig`, { trust: { publicKey: P256.publicKey } })).reasons,
        JSON.stringify(form),
      ).toEqual([]);
      writeFileSync(join(model, 'a-b'), '1234567891');
      expect((await verifyDirectory(model, `${model}.sig`, { trust: { publicKey: P256.publicKey } })).reasons).toMatchObject([
        { code: 'file-changed' },
      ]);
    }
  });
  it('of ours are verified by the reference when it is told of them', async () => {
    const forms = [
      { form: { hash: 'blake2b' }, theirs: { hash: 'blake2' } },
      { form: { hash: 'blake3' }, theirs: { hash: 'blake3' } },
    ];
    const jobs: Job[] = [];
    for (const { form, theirs } of forms) {
      const model = plant(files);
      jobs.push({ op: 'verify', model, signature: await ours(model, 'prime256v1', form), publicKey: P256.publicFile, ...theirs });
    }
    expect(reference(jobs)).toEqual([{ ok: true }, { ok: true }]);
    const [blake2b, blake3] = reference(jobs.map((job) => ({ ...job, asProgram: false })));
    expect(blake3).toEqual({ ok: true });
    // Its registry of hashes knows the name `blake2` alone, while it writes `blake2b`.
    expect(blake2b?.ok).toBe(false);
  });
});

describe('what is tampered with', () => {
  const FILES = { a: '1', b: '2', 'c/d': '3' };
  const CHANGES: Readonly<Record<string, (model: string) => void>> = {
    nothing: () => {},
    'a flipped byte': (m) => writeFileSync(join(m, 'a'), '0'),
    'a file that is added': (m) => writeFileSync(join(m, 'e'), ''),
    'a file that is removed': (m) => rmSync(join(m, 'a')),
    'a file that is renamed': (m) => renameSync(join(m, 'a'), join(m, 'z')),
    'two files that are swapped': (m) => {
      const [a, b] = [readFileSync(join(m, 'a')), readFileSync(join(m, 'b'))];
      writeFileSync(join(m, 'a'), b);
      writeFileSync(join(m, 'b'), a);
    },
  };
  it('is judged alike, whoever signed', async () => {
    const models = Object.keys(CHANGES).map((what) => ({ what, model: plant(FILES), ours: '' }));
    for (const each of models) each.ours = await ours(each.model);
    reference(models.map(({ model }) => ({ op: 'sign', model, signature: `${model}.sig`, key: P256.keyFile })));
    for (const { what, model } of models) CHANGES[what]?.(model);
    const pairs = models.flatMap((each) => [each.ours, `${each.model}.sig`].map((signature) => ({ ...each, signature })));
    const wrong = keyOf('secp384r1');
    const asked = pairs.flatMap(({ model, signature }) => [
      { op: 'verify' as const, model, signature, publicKey: P256.publicFile },
      { op: 'verify' as const, model, signature, publicKey: P256.publicFile, ignoreUnsigned: true },
      { op: 'verify' as const, model, signature, publicKey: wrong.publicFile },
    ]);
    const theirs = reference(asked).map(({ ok }) => ok);
    const mine: boolean[] = [];
    for (const { model, signature } of pairs)
      for (const [publicKey, more] of [
        [P256.publicKey, {}],
        [P256.publicKey, { allowUnsigned: true }],
        [wrong.publicKey, {}],
      ] as const)
        mine.push((await verifyDirectory(model, signature, { trust: { publicKey }, ...more })).ok);
    expect(mine).toEqual(theirs);
    // Untouched both are good; with unsigned files allowed the added one is; all else is bad.
    expect(theirs.filter(Boolean)).toHaveLength(2 * 2 + 2);
  });
});

describe('signatures by certificate', () => {
  const [rootKey, middleKey] = [makeKey('secp384r1').object, makeKey('secp384r1').object];
  const leafPair = makeKey();
  const name = (text: string): CertificateShape['subject'] => [['commonName', text]];
  const root = makeCertificate({ subject: name('root'), key: rootKey, isAuthority: true, keyUsage: 0x04, keyId: 'r' });
  const other = makeCertificate({ subject: name('root'), key: middleKey, isAuthority: true, keyUsage: 0x04, keyId: 'r' });
  const middle = makeCertificate({
    subject: name('middle'),
    key: middleKey,
    issuer: { subject: name('root'), key: rootKey, keyId: 'r' },
    isAuthority: true,
    keyUsage: 0x04,
    keyId: 'm',
  });
  const leafOf = (more: Partial<CertificateShape>): string =>
    pemOf(
      makeCertificate({
        subject: name('release'),
        key: leafPair.object,
        issuer: { subject: name('middle'), key: middleKey, keyId: 'm' },
        isAuthority: false,
        keyUsage: 0x80,
        usages: ['codeSigning'],
        names: [[0x81, 'release@example.com']],
        ...more,
      }),
    );
  const rootFile = keep('root.crt', pemOf(root));
  const otherFile = keep('other.crt', pemOf(other));
  const middleFile = keep('middle.crt', pemOf(middle));
  const keyFile = keep('leaf.pem', leafPair.key);
  const trust: VerifyOptions['trust'] = { roots: [pemOf(root)], identities: ['release@example.com'] };

  /** Leaves, and whether the reference and we accept them. */
  const LEAVES: readonly (readonly [what: string, shape: Partial<CertificateShape>, theirs: boolean, mine: string | undefined])[] = [
    ['for code signing', {}, true, undefined],
    ['without extended usage', { usages: [] }, true, 'certificate-usage'],
    ['for servers', { usages: ['serverAuth'] }, true, 'certificate-usage'],
    ['that is expired', { to: '20210101000000Z' }, true, 'certificate-expired'],
    ['of somebody else', { names: [[0x81, 'other@example.com']] }, true, 'identity-mismatch'],
    ['that may not sign', { keyUsage: 0x20, usages: ['serverAuth'] }, false, 'certificate-usage'],
  ];
  it.each(LEAVES)('%s, both ways', async (what, shape, theirs, mine) => {
    const leaf = leafOf(shape);
    const leafFile = keep(`${what}.crt`, leaf);
    const model = plant(named('a', 'b/c'));
    const signature = join(model, '..', 'ours.sig');
    const signer = keySigner({ key: leafPair.key, certificate: leaf, chain: [pemOf(middle)] });
    writeFileSync(signature, (await signDirectory(model, { signer })).bundle);
    const [signed, verified, refused] = reference([
      { op: 'sign', model, signature: `${model}.sig`, key: keyFile, certificate: leafFile, chain: [middleFile] },
      { op: 'verify', model, signature, roots: [rootFile] },
      { op: 'verify', model, signature, roots: [otherFile] },
    ]);
    expect(signed).toEqual({ ok: true });
    expect(verified?.ok, verified?.error).toBe(theirs);
    expect(refused?.ok).toBe(false);
    for (const each of [signature, `${model}.sig`]) {
      const codes = (await verifyDirectory(model, each, { trust })).reasons.map(({ code }) => code);
      expect(codes).toEqual(mine === undefined ? [] : [mine]);
      const wrong = await verifyDirectory(model, each, { trust: { ...trust, roots: [pemOf(other)] } });
      expect(wrong.reasons[0]?.code).toBe('chain-untrusted');
    }
  });
});
