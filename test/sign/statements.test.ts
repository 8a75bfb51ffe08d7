import { createHash, createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  appendClaim,
  handoff,
  keySigner,
  PREDICATES,
  provenance,
  type Statement,
  signStatement,
  statement,
  testResult,
  verificationSummary,
  verifyClaims,
  verifyDirectory,
  verifyStatement,
} from '../../src/sign/index.js';
import { makeKey } from '../support/certificates.js';
import { bundleObject, sha256 } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const pair = makeKey();
const signer = keySigner({ key: pair.key });
const trust = { publicKey: pair.publicKey };
const other = makeKey('secp384r1');
const ROOT = sha256('root');
const BASE = sha256('base');
const at = new Date('2026-01-02T03:04:05.678Z');
const subject = [{ name: 'acme-7b', digest: { sha256: ROOT } }];

const MADE: Readonly<Record<string, Statement>> = {
  provenance: provenance({
    subject,
    kind: 'finetune',
    parameters: { recipe: 'sft' },
    internal: { gpu: 'H100' },
    inputs: [
      { name: 'base', digest: { sha256: BASE }, role: 'base-model' },
      { uri: 'git+https://git.example/acme/train', digest: { gitCommit: 'a'.repeat(40) }, role: 'code', annotations: { dirty: false } },
      { uri: 'https://data.example/set' },
    ],
    builder: 'https://ci.acme.example/runner',
    invocation: 'run-7',
    started: at,
    byproducts: [{ name: 'train.log', digest: { sha256: sha256('log') } }],
  }),
  'test-result': testResult({
    subject,
    result: 'WARNED',
    configuration: [{ uri: 'https://eval.example/suite@1' }],
    passed: ['a'],
    warned: ['b'],
  }),
  handoff: handoff({
    subject,
    from: 'https://acme.example',
    to: 'https://shop.example',
    at,
    purpose: 'deploy',
    priorClaims: [`sha256:${'b'.repeat(64)}`, `sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
  }),
};

describe('a statement', () => {
  it('of a run is SLSA provenance', () => {
    expect(JSON.parse(JSON.stringify(MADE.provenance))).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'urn:msbom:build-type:finetune:1',
          externalParameters: { recipe: 'sft' },
          internalParameters: { gpu: 'H100' },
          resolvedDependencies: [
            { name: 'base', digest: { sha256: BASE }, annotations: { role: 'base-model' } },
            {
              uri: 'git+https://git.example/acme/train',
              digest: { gitCommit: 'a'.repeat(40) },
              annotations: { dirty: false, role: 'code' },
            },
            { uri: 'https://data.example/set' },
          ],
        },
        runDetails: {
          builder: { id: 'https://ci.acme.example/runner' },
          metadata: { invocationId: 'run-7', startedOn: '2026-01-02T03:04:05Z' },
          byproducts: [{ name: 'train.log', digest: { sha256: sha256('log') } }],
        },
      },
    });
  });
  it.each([
    ['https://in-toto.io/Statement/v0.1', true],
    ['https://in-toto.io/Statement/v0.2', false],
  ])('of the type %s, as others write it, is read: %s', (type, ok) => {
    const payload = JSON.stringify({ ...MADE.handoff, _type: type });
    const bundle = JSON.stringify(bundleObject({ key: createPrivateKey(pair.key), payload }));
    expect(verifyStatement(bundle, { trust, subject: ROOT }).ok).toBe(ok);
  });
  it('of a hand-off has the claims once and sorted', () => {
    expect(MADE.handoff?.predicate).toEqual({
      from: { id: 'https://acme.example' },
      to: { id: 'https://shop.example' },
      at: '2026-01-02T03:04:05Z',
      priorClaims: [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
      purpose: 'deploy',
    });
  });
  it.each(Object.entries(MADE))('%s is signed, named by what it says, and verified', async (_name, made) => {
    const one = await signStatement(made, signer);
    const two = await signStatement(structuredClone(made), keySigner({ key: other.key }));
    expect(two.id).toBe(one.id);
    const { dsseEnvelope } = JSON.parse(one.bundle) as { dsseEnvelope: { payload: string } };
    const payload = Buffer.from(dsseEnvelope.payload, 'base64');
    const pae = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.byteLength} `), payload]);
    expect(one.id).toBe(`sha256:${createHash('sha256').update(pae).digest('hex')}`);
    const verdict = verifyStatement(one.bundle, { trust, subject: ROOT, predicateType: made.predicateType });
    expect(verdict).toMatchObject({ ok: true, id: one.id, reasons: [], signer: { curve: 'P-256' } });
    expect(verdict.statement).toEqual(JSON.parse(JSON.stringify(made)));
    expect(verifyStatement(one.bundle, { trust: { publicKey: other.publicKey } })).toMatchObject({
      ok: false,
      reasons: [{ code: 'hint-mismatch' }],
    });
    expect(verifyStatement(one.bundle, { trust, subject: BASE }).reasons).toMatchObject([{ code: 'claim-subject' }]);
    expect(verifyStatement(one.bundle, { trust, predicateType: 'https://example.com/x' }).reasons).toMatchObject([
      { code: 'predicate-type' },
    ]);
  });
  it('of a type that is not known is signed and kept as it is', async () => {
    const made = statement(subject, 'https://x.example/y', { format: 'x', unknown: [1, { x: null }] });
    const { bundle } = await signStatement(made, signer);
    expect(verifyStatement(bundle, { trust }).statement).toEqual(made);
  });
  const bad: readonly (readonly [string, string, () => unknown])[] = [
    ['without a subject', '/subject', () => statement([], 'https://x.example', {})],
    ['about nothing', '/subject/0/digest', () => statement([{ digest: {} }], 'https://x.example', {})],
    [
      'with a digest in capitals',
      '/subject/0/digest/sha256',
      () => statement([{ digest: { sha256: ROOT.toUpperCase() } }], 'https://x.example', {}),
    ],
    ['with a short digest', '/subject/0/digest/sha256', () => statement([{ digest: { sha256: 'ab' } }], 'https://x.example', {})],
    ['of no type', '/predicateType', () => statement(subject, 'x', {})],
    [
      'of many subjects',
      '/subject',
      () =>
        statement(
          Array.from({ length: 1025 }, () => ({ digest: { sha256: ROOT } })),
          'https://x.example',
          {},
        ),
    ],
    [
      'whose builder is no URI',
      '/predicate/runDetails/builder/id',
      () => provenance({ subject, kind: 'train', parameters: {}, builder: 'me' }),
    ],
    [
      'with an input that is nowhere',
      '/predicate/buildDefinition/resolvedDependencies/0',
      () => provenance({ subject, kind: 'train', parameters: {}, builder: 'urn:me', inputs: [{ name: 'x' }] }),
    ],
    [
      'with a claim of another name',
      '/predicate/priorClaims/0',
      () => handoff({ subject, from: 'urn:a', to: 'urn:b', at, purpose: 'mirror', priorClaims: ['x'] }),
    ],
    ['with a result of its own', '/predicate/result', () => testResult({ subject, result: 'GOOD' as 'PASSED', configuration: [] })],
  ];
  it.each(bad)('%s is not made', (_what, pointer, make) => {
    expect(make).toThrowError(expect.objectContaining({ code: 'ERR_SIGN_STATEMENT', pointer }));
  });
  it.each([
    ['priorClaims that are not sorted', (p: { priorClaims: string[] }) => p.priorClaims.reverse()],
    ['no purpose', (p: { purpose?: string }) => delete p.purpose],
    ['a time of somewhere', (p: { at: string }) => (p.at = '2026-01-02T03:04:05+01:00')],
    ['a time that is none', (p: { at: string }) => (p.at = '2026-13-02T03:04:05Z')],
    ['nobody it comes from', (p: { from: object }) => (p.from = {})],
  ])('that is signed with %s is not accepted', (_what, change) => {
    const made = structuredClone(MADE.handoff) as Statement;
    change(made.predicate as never);
    const bundle = JSON.stringify(bundleObject({ key: pair.object, payload: JSON.stringify(made) }));
    expect(verifyStatement(bundle, { trust })).toMatchObject({ ok: false, reasons: [{ class: 'malformed', code: 'predicate-shape' }] });
  });
  it('with members that are not known is accepted', () => {
    const made = structuredClone(MADE.handoff) as unknown as Record<string, object>;
    const payload = JSON.stringify({ ...made, more: 1, predicate: { ...made.predicate, more: { x: 1 } } });
    expect(verifyStatement(JSON.stringify(bundleObject({ key: pair.object, payload })), { trust }).ok).toBe(true);
  });
  it('that was changed, or is none, is not accepted', async () => {
    const { bundle } = await signStatement(MADE.handoff as Statement, signer);
    const object = JSON.parse(bundle) as { dsseEnvelope: { payload: string } };
    const payload = Buffer.from(object.dsseEnvelope.payload, 'base64').toString().replace('deploy', 'mirror');
    object.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
    expect(verifyStatement(JSON.stringify(object), { trust }).reasons).toMatchObject([{ code: 'signature-invalid' }]);
    for (const text of ['', '{}', 'x']) expect(verifyStatement(text, { trust }).ok).toBe(false);
    expect(verifyStatement(JSON.stringify(bundleObject({ key: pair.object, payload: '[]' })), { trust }).ok).toBe(false);
  });
});

describe('a verification summary', () => {
  const model = temporaryDirectory({ 'm/x': 'content' });
  const facts = { verifier: 'https://verify.example', at, resource: 'oci://registry.example/m', policy: { uri: 'urn:policy' } };
  it('says PASSED of a verdict that is good, and of no other', async () => {
    const { signDirectory } = await import('../../src/sign/index.js');
    const file = join(model, 's.sig');
    const { bundle, root } = await signDirectory(join(model, 'm'), { signer });
    writeFileSync(file, bundle);
    const good = verificationSummary({
      ...facts,
      verdict: await verifyDirectory(join(model, 'm'), file, { trust }),
      levels: ['MSBOM_SIGNED'],
    });
    expect(good.subject).toEqual([{ name: 'm', digest: { sha256: root } }]);
    expect(good.predicate).toMatchObject({
      verificationResult: 'PASSED',
      verifiedLevels: ['MSBOM_SIGNED'],
      timeVerified: '2026-01-02T03:04:05Z',
    });
    writeFileSync(join(model, 'm/x'), 'other');
    const bad = verificationSummary({
      ...facts,
      verdict: await verifyDirectory(join(model, 'm'), file, { trust }),
      levels: ['MSBOM_SIGNED'],
    });
    expect(bad.predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
    const unread = await verifyDirectory(join(model, 'm'), file, { trust: { publicKey: other.publicKey } });
    expect(() => verificationSummary({ ...facts, verdict: unread })).toThrowError(expect.objectContaining({ code: 'ERR_SIGN_STATEMENT' }));
  });
});

describe('claims', () => {
  const signed = (name: string, by = signer) => signStatement(MADE[name] as Statement, by);
  const verify = (file: string, subjectOf = ROOT) =>
    verifyClaims(file, { trust: [{ publicKey: other.publicKey }, trust], subject: subjectOf });
  it('are lines, each once, whoever appends at the same time', async () => {
    const file = join(temporaryDirectory(), 'claims.jsonl');
    const bundles = await Promise.all(Array.from({ length: 12 }, (_, i) => signed(i % 2 === 0 ? 'provenance' : 'test-result')));
    const results = await Promise.all([...bundles, ...bundles.slice(0, 3)].map(({ bundle }) => appendClaim(file, bundle)));
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(12);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    expect(text.trim().split('\n').sort()).toEqual(bundles.map(({ bundle }) => bundle).sort());
    const verdict = await verify(file);
    expect(verdict.claims.map(({ ok, line }) => [ok, line])).toEqual(bundles.map((_, i) => [true, i + 1]));
  });
  it('wait for a lock, and do not break it', async () => {
    const directory = temporaryDirectory({ 'claims.jsonl.lock': '' });
    const file = join(directory, 'claims.jsonl');
    const { bundle } = await signed('provenance');
    await expect(appendClaim(file, bundle, { waitMs: 60 })).rejects.toMatchObject({ code: 'ERR_IO_LOCKED' });
    expect((await verify(file)).claims).toEqual([]);
    for (const text of ['', '{}', `${bundle}\n${bundle}`])
      await expect(appendClaim(join(directory, 'b'), text)).rejects.toMatchObject({ code: 'ERR_SIGN_STATEMENT' });
  });
  it('are judged one by one: a bad one is no fault of the others', async () => {
    const file = join(temporaryDirectory(), 'claims.jsonl');
    const stranger = keySigner({ key: makeKey().key });
    const about = await signStatement(testResult({ subject: [{ digest: { sha256: BASE } }], result: 'PASSED', configuration: [] }), signer);
    const lines = [
      (await signed('provenance')).bundle,
      'rubbish',
      (await signed('test-result', stranger)).bundle,
      about.bundle,
      '',
      (await signed('test-result', keySigner({ key: other.key }))).bundle,
    ];
    writeFileSync(file, lines.join('\n'));
    const { claims, reasons } = await verify(file);
    expect(claims.map(({ ok, reasons: [first] }) => [ok, first?.code])).toEqual([
      [true, undefined],
      [false, 'bundle-json'],
      [false, 'hint-mismatch'],
      [false, 'claim-subject'],
      [true, undefined],
    ]);
    expect(reasons).toEqual([]);
  });
  it('that a hand-off names are missed when they are gone, whatever else was put there', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'claims.jsonl');
    const facts = { subject, from: 'urn:a', to: 'urn:b', at, purpose: 'release' as const };
    const [made, tested] = [await signed('provenance'), await signed('test-result')];
    for (const { bundle } of [made, tested]) await appendClaim(file, bundle);
    const first = await signStatement(handoff({ ...facts, priorClaims: [made.id, tested.id] }), signer);
    await appendClaim(file, first.bundle);
    const second = await signStatement(
      handoff({ ...facts, from: 'urn:b', to: 'urn:c', priorClaims: [made.id, tested.id, first.id], previousHandoff: first.id }),
      signer,
    );
    await appendClaim(file, second.bundle);
    expect((await verify(file)).reasons).toEqual([]);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const codesWithout = async (gone: readonly number[], more: readonly string[] = []) => {
      writeFileSync(file, [...lines.filter((_, i) => !gone.includes(i)), ...more].join('\n'));
      return (await verify(file)).reasons.map(({ code, detail }) => `${code} ${detail.slice(-4)}`);
    };
    expect(await codesWithout([0])).toEqual(['claim-missing gone', 'claim-missing gone']);
    // The hand-off that came first is a claim too, and the one before.
    expect((await codesWithout([2])).length).toBe(2);
    expect(await codesWithout([0, 1, 2])).toHaveLength(4);
    // By somebody who is not trusted it says the same and counts for nothing.
    const stranger = (await signed('provenance', keySigner({ key: makeKey().key }))).bundle;
    expect((await codesWithout([0], [stranger])).every((each) => each === 'claim-missing pted')).toBe(true);
    // Another signature of the same claim by somebody who is trusted is the claim.
    expect(await codesWithout([0], [(await signed('provenance', keySigner({ key: other.key }))).bundle])).toEqual([]);
    // Order says nothing.
    writeFileSync(file, [...lines].reverse().join('\n'));
    expect((await verify(file)).reasons).toEqual([]);
  });
  it('of a hand-off that follows itself or no hand-off are missed', async () => {
    const file = join(temporaryDirectory(), 'claims.jsonl');
    const made = await signed('provenance');
    await appendClaim(file, made.bundle);
    const { bundle } = await signStatement(
      handoff({ subject, from: 'urn:a', to: 'urn:b', at, purpose: 'release', priorClaims: [], previousHandoff: made.id }),
      signer,
    );
    await appendClaim(file, bundle);
    expect((await verify(file)).reasons).toMatchObject([{ code: 'claim-missing' }]);
  });
  it('are no directory, and no more than the limit', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'claims.jsonl'));
    await expect(verify(join(directory, 'claims.jsonl'))).rejects.toMatchObject({ code: 'ERR_IO_READ' });
    writeFileSync(join(directory, 'many'), 'x\n'.repeat(10_001));
    await expect(verify(join(directory, 'many'))).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    await expect(
      verifyClaims(join(directory, 'many'), { trust: [trust], subject: ROOT, limits: { maxDocumentBytes: 10 } as never }),
    ).rejects.toMatchObject({
      code: 'ERR_LIMIT_BYTES',
    });
  });
});

it('types of predicates are those of their specifications', () => {
  expect(PREDICATES).toEqual({
    provenance: 'https://slsa.dev/provenance/v1',
    verificationSummary: 'https://slsa.dev/verification_summary/v1',
    testResult: 'https://in-toto.io/attestation/test-result/v0.1',
    handoff: 'urn:msbom:predicate:handoff:1',
    manifest: 'urn:msbom:predicate:manifest:1',
    cyclonedx: 'https://cyclonedx.org/bom',
  });
});
