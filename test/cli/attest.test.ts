import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/convert/index.js';
import { validateText } from '../../src/index.js';
import type { Statement } from '../../src/sign/index.js';
import { makeKey } from '../support/certificates.js';
import { runCli } from '../support/cli.js';
import { IN_TOTO_PREDICATES, IN_TOTO_STATEMENT } from '../support/in-toto.js';
import { sarifProblems } from '../support/sarif.js';
import { sha256 } from '../support/signatures.js';
import { temporaryDirectory } from '../support/temporary.js';

const ajv = new Ajv2020.default({ strict: false });
addFormats.default(ajv);
const pair = makeKey();
const env = { SOURCE_DATE_EPOCH: '1767225600' };

/** A signed adapter of a signed base and an unsigned dataset. */
async function work() {
  const cwd = temporaryDirectory({
    'key.pem': pair.key,
    'key.pub': pair.publicKey,
    'base/model.bin': 'base',
    'data/train.jsonl': 'data',
    'lora/adapter.dat': 'lora',
  });
  const run = (...argv: readonly string[]) => runCli(cwd, argv, { env });
  const attest = (...argv: readonly string[]) => run('attest', 'lora', '--key', 'key.pem', ...argv);
  for (const name of ['base', 'lora']) expect(await run('sign', name, '--key', 'key.pem')).toMatchObject({ code: 0 });
  const lines = (): readonly string[] => readFileSync(join(cwd, 'lora/claims.jsonl'), 'utf8').trim().split('\n');
  const payload = (line: string): Statement => {
    const { dsseEnvelope } = JSON.parse(line) as { dsseEnvelope: { payload: string } };
    return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as Statement;
  };
  const last = (): Statement => payload(lines().at(-1) ?? '');
  const rootOf = (content: string) => sha256(Buffer.from(sha256(content), 'hex'));
  return { cwd, run, attest, lines, last, payload, rootOf };
}

/** By the public types of in-toto. */
function expectPublic(made: Statement): void {
  const check = (schema: object, value: unknown): void => {
    const validate = ajv.compile(schema);
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  };
  check(IN_TOTO_STATEMENT, made);
  const own = IN_TOTO_PREDICATES[made.predicateType];
  if (own !== undefined) check(own, made.predicate);
}

const PROVENANCE = ['--type', 'provenance', '--kind', 'finetune', '--builder', 'https://ci.example'] as const;
const TEST = ['--type', 'test-result', '--result', 'PASSED', '--configuration', 'https://eval.example/suite'] as const;
const HANDOFF = ['--type', 'handoff', '--from', 'https://a.example', '--to', 'https://b.example', '--purpose', 'release'] as const;

describe('attest', () => {
  it('states what a model was made from, by the roots of what lies there', async () => {
    const { attest, last, rootOf } = await work();
    const { code, err } = await attest(...PROVENANCE, '--input', 'base-model=base', '--input', 'dataset=data', '--parameter', 'epochs=3');
    expect([code, err]).toEqual([0, expect.stringContaining('attested')]);
    expectPublic(last());
    expect(last()).toMatchObject({
      subject: [{ name: 'lora', digest: { sha256: rootOf('lora') } }],
      predicate: {
        buildDefinition: {
          buildType: 'urn:msbom:build-type:finetune:1',
          externalParameters: { epochs: '3' },
          resolvedDependencies: [
            { name: 'base', digest: { sha256: rootOf('base') }, annotations: { role: 'base-model' } },
            { name: 'data', digest: { sha256: rootOf('data') }, annotations: { role: 'dataset' } },
          ],
        },
      },
    });
  });
  it('takes the statement of a recorded run, once its files are those of the model', async () => {
    const { cwd, attest, last, rootOf } = await work();
    const recorded = (content: string) => ({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'adapter.dat', digest: { sha256: sha256(content) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          buildType: 'urn:msbom:build-type:record:1',
          externalParameters: { entrypoint: 'train.py' },
          resolvedDependencies: [{ name: 'data', digest: { omsV1: rootOf('data') }, annotations: { role: 'dataset' } }],
        },
        runDetails: { builder: { id: 'urn:msbom:builder:record', version: { msbom: '0' } } },
      },
    });
    writeFileSync(join(cwd, 'run.json'), JSON.stringify(recorded('lora')));
    const argv = ['--type', 'provenance', '--predicate', 'run.json', '--kind', 'finetune', '--input', 'base-model=base'];
    expect((await attest(...argv)).code).toBe(0);
    expectPublic(last());
    expect(last()).toMatchObject({
      subject: [{ digest: { sha256: rootOf('lora') } }, { name: 'adapter.dat', digest: { sha256: sha256('lora') } }],
      predicate: { buildDefinition: { buildType: 'urn:msbom:build-type:finetune:1', resolvedDependencies: { length: 2 } } },
    });
    writeFileSync(join(cwd, 'run.json'), JSON.stringify(recorded('other')));
    expect(await attest(...argv)).toMatchObject({ code: 2, err: expect.stringContaining('not in the model as it was written') });
  });
  it('states test results and hand-offs, which name every claim and follow each other', async () => {
    const { attest, last, lines } = await work();
    expect((await attest(...TEST, '--passed', 'a', '--failed', 'b')).code).toBe(0);
    expectPublic(last());
    expect(last().predicate).toMatchObject({
      result: 'PASSED',
      configuration: [{ uri: 'https://eval.example/suite', annotations: { finishedOn: '2026-01-01T00:00:00Z' } }],
      passedTests: ['a'],
      failedTests: ['b'],
    });
    expect((await attest(...HANDOFF)).code).toBe(0);
    expectPublic(last());
    expect(last().predicate).toMatchObject({ priorClaims: { length: 1 }, purpose: 'release', at: '2026-01-01T00:00:00Z' });
    expect(last().predicate).not.toHaveProperty('previousHandoff');
    expect((await attest(...HANDOFF)).code).toBe(0);
    expect(last().predicate).toMatchObject({ priorClaims: { length: 2 }, previousHandoff: expect.stringMatching(/^sha256:/) });
    expect(lines()).toHaveLength(3);
  });
  it('states a manifest, and the same as CycloneDX, which are valid', async () => {
    const { cwd, run, attest, last } = await work();
    expect((await run('collect', 'lora', '--fail-on', 'never', '-o', 'lora.msbom.json')).code).toBe(0);
    expect((await attest('--type', 'manifest', '--predicate', 'lora.msbom.json')).code).toBe(0);
    expectPublic(last());
    expect(validateText(JSON.stringify(last().predicate)).valid).toBe(true);
    expect((await attest('--type', 'cyclonedx', '--predicate', 'lora.msbom.json')).code).toBe(0);
    expect(last().predicateType).toBe('https://cyclonedx.org/bom');
    expect(await validateDocument(JSON.stringify(last().predicate))).toMatchObject({ valid: true, kind: { standard: 'cyclonedx' } });
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other/adapter.dat'), 'other');
    expect((await run('collect', 'other', '--fail-on', 'never', '-o', 'other.msbom.json')).code).toBe(0);
    expect(await attest('--type', 'manifest', '--predicate', 'other.msbom.json')).toMatchObject({ code: 2 });
  });
  it('states anything else with further subjects, into a file of its own', async () => {
    const { cwd, attest, payload } = await work();
    writeFileSync(join(cwd, 'p.json'), '{"a":1}');
    const digest = 'a'.repeat(64);
    const argv = ['--type', 'https://x.example/y', '--predicate', 'p.json', '--subject', `registry.example/m=sha256:${digest}`];
    expect((await attest(...argv, '-o', 'one.json')).code).toBe(0);
    expect(existsSync(join(cwd, 'lora/claims.jsonl'))).toBe(false);
    const made = payload(readFileSync(join(cwd, 'one.json'), 'utf8'));
    expectPublic(made);
    expect(made).toMatchObject({ subject: [{}, { name: 'registry.example/m', digest: { sha256: digest } }], predicate: { a: 1 } });
  });
  it('writes nothing when the files are not those that were signed', async () => {
    const { cwd, attest } = await work();
    writeFileSync(join(cwd, 'lora/adapter.dat'), 'changed');
    expect(await attest(...TEST)).toMatchObject({ code: 2, err: expect.stringContaining('ERR_SIGN_CONTENT') });
    expect(existsSync(join(cwd, 'lora/claims.jsonl'))).toBe(false);
  });
  it.each([
    ['no type', []],
    ['a type that is none', ['--type', 'x']],
    ['an option of another type', [...TEST, '--purpose', 'release']],
    ['a role that is none', [...PROVENANCE, '--input', 'parent=base']],
    ['a subject that is none', [...TEST, '--subject', 'x=sha256:1']],
    ['no builder', ['--type', 'provenance', '--kind', 'train']],
    ['nothing that was tested with', ['--type', 'test-result', '--result', 'PASSED']],
    ['nobody who takes', ['--type', 'handoff', '--from', 'urn:a', '--purpose', 'release']],
  ])('with %s is a usage error', async (_what, argv) => {
    const { cwd, attest } = await work();
    expect((await attest(...argv)).code).toBe(2);
    expect(existsSync(join(cwd, 'lora/claims.jsonl'))).toBe(false);
  });
});

describe('verify --lineage', () => {
  const made = async () => {
    const all = await work();
    const argv = ['verify', 'lora', '--lineage', '--roots', 'base', '--public-key', 'key.pub'];
    await all.attest(...PROVENANCE, '--input', 'base-model=base');
    return { ...all, argv };
  };
  it('shows the tree, and draws it', async () => {
    const { run, argv, rootOf } = await made();
    const shown = await run(...argv);
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringContaining(`base-model  base  verified  by signer  sha256:${rootOf('base')}`),
    });
    expect(JSON.parse((await run(...argv, '-f', 'json')).out)).toMatchObject({ version: 1, ok: true, lineage: { nodes: { length: 2 } } });
    expect((await run(...argv, '-f', 'dot')).out).toContain('digraph lineage {');
    expect((await run(...argv, '-f', 'mermaid')).out).toContain('flowchart LR');
  });
  it('refuses a base that was changed, is not there, or is another', async () => {
    const { cwd, run, argv } = await made();
    expect((await run(...argv, '--base', 'base')).code).toBe(0);
    expect(await run(...argv, '--base', 'data')).toMatchObject({ code: 1, out: expect.stringContaining('the model was made for sha256:') });
    expect((await run('verify', 'lora', '--lineage', '--public-key', 'key.pub')).code).toBe(1);
    writeFileSync(join(cwd, 'base/model.bin'), 'swapped');
    expect(await run(...argv)).toMatchObject({ code: 1, out: expect.stringContaining('mismatch') });
  });
  it('is told to systems of CI, by a signature and a policy too', async () => {
    const { cwd, run, argv } = await made();
    const signature = ['verify', 'lora', '--signature', 'lora/model.sig', '--public-key', 'key.pub'];
    const policy = [
      'verify',
      'lora',
      '--policy',
      'deploy-strict',
      '--role',
      'creator=key.pub',
      '--role',
      'builder=key.pub',
      '--roots',
      'base',
    ];
    const results = async (line: readonly string[]) => {
      const { code, out } = await run(...line, '-f', 'sarif');
      expect(sarifProblems(out)).toEqual([]);
      return { code, ids: (JSON.parse(out).runs[0].results as { ruleId: string }[]).map(({ ruleId }) => ruleId) };
    };
    expect(await results(argv)).toEqual({ code: 0, ids: [] });
    expect(await results(signature)).toEqual({ code: 0, ids: [] });
    expect(await results(policy)).toMatchObject({ code: 1, ids: expect.arrayContaining(['policy-not-met']) });
    expect((await results([...argv, '--base', 'data'])).ids).toContain('base-model');
    writeFileSync(join(cwd, 'lora/adapter.bin'), 'x');
    for (const line of [argv, signature]) {
      const { code, ids } = await results(line);
      expect({ code, isEmpty: ids.length === 0 }).toEqual({ code: 1, isEmpty: false });
      expect(await run(...line, '-f', 'github')).toMatchObject({ code: 1, out: expect.stringMatching(/^::error file=/) });
    }
    expect((await results(['verify', '.', '--recursive', '--public-key', 'key.pub'])).code).toBe(1);
  });
  it('writes a summary that in-toto knows, by a policy too', async () => {
    const { cwd, run, argv, payload } = await made();
    const summary = ['--emit-vsa', 'v.json', '--vsa-key', 'key.pem', '--verifier', 'https://v.example', '--resource', 'oci://r.example/m'];
    expect((await run(...argv, ...summary)).code).toBe(0);
    const said = payload(readFileSync(join(cwd, 'v.json'), 'utf8'));
    expectPublic(said);
    expect(said.predicate).toMatchObject({ verificationResult: 'PASSED', policy: { uri: 'urn:msbom:policy:lineage:1' } });
    const policy = [
      'verify',
      'lora',
      '--policy',
      'deploy-strict',
      '--role',
      'creator=key.pub',
      '--role',
      'builder=key.pub',
      '--roots',
      'base',
      ...summary,
    ];
    expect((await run(...policy)).code).toBe(1);
    const refused = payload(readFileSync(join(cwd, 'v.json'), 'utf8'));
    expectPublic(refused);
    expect(refused.predicate).toMatchObject({ verificationResult: 'FAILED', policy: { uri: 'urn:msbom:policy:deploy-strict' } });
  });
  it('explains a policy rule by rule', async () => {
    const { run } = await made();
    const argv = [
      'verify',
      'lora',
      '--policy',
      'deploy-strict',
      '--role',
      'creator=key.pub',
      '--role',
      'builder=key.pub',
      '--roots',
      'base',
    ];
    const { code, out } = await run(...argv, '--explain');
    expect(code).toBe(1);
    expect(out).toContain('met  model-signed (model');
    expect(out).toContain('met  base-model-verified (model');
    expect(out).toContain('not met  tested (model');
    expect((await run(...argv)).out).not.toContain('met  model-signed');
  });
  it('lets files in that nobody signed by a rule of the policy alone, at the boundary that has it', async () => {
    const { cwd, run } = await made();
    const signed = { id: 'signed', require: 'signature', by: ['creator'] };
    const policy = {
      policyVersion: '1.0',
      id: 'acme',
      roles: { creator: { anyOf: [{ publicKey: 'key.pub' }] } },
      rules: [signed],
      boundaries: {
        strict: { rules: [] },
        notes: { rules: [{ id: 'files', require: 'files', unsigned: true }] },
        code: { rules: [{ id: 'files', require: 'files', unsigned: true, loaders: ['run.py'] }] },
      },
    };
    writeFileSync(join(cwd, 'policy.json'), JSON.stringify(policy));
    const at = async (boundary: string) => (await run('verify', 'lora', '--policy', 'policy.json', '--boundary', boundary)).code;
    const codes = async () => [await at('strict'), await at('notes'), await at('code')];
    expect(await codes()).toEqual([0, 0, 0]);
    writeFileSync(join(cwd, 'lora/notes.txt'), 'x');
    expect(await codes()).toEqual([1, 0, 0]);
    writeFileSync(join(cwd, 'lora/run.py'), 'x');
    expect(await codes()).toEqual([1, 1, 0]);
    expect((await run('verify', 'lora', '--policy', 'policy.json')).code).toBe(2);
    expect((await run('verify', 'lora', '--policy', 'policy.json', '--boundary', 'strict', '--allow-unsigned')).code).toBe(2);
  });
  it('repeats what the caller accepts, and writes over nothing that it reads', async () => {
    const { cwd, run, argv } = await made();
    writeFileSync(join(cwd, 'lora/notes.txt'), 'x');
    expect((await run(...argv)).code).toBe(1);
    const relaxed = await run(...argv, '--allow-unsigned', '-f', 'json');
    expect(JSON.parse(relaxed.out)).toMatchObject({ ok: true, relaxed: ['allow-unsigned'] });
    const summary = ['--vsa-key', 'key.pem', '--verifier', 'https://v.example', '--resource', 'oci://r.example/m'];
    expect((await run(...argv, ...summary, '--emit-vsa', 'lora/model.sig')).err).toContain('ERR_OUTPUT_IS_INPUT');
  });
  it.each([
    ['a manifest besides', ['--lineage', '--manifest', 'x']],
    ['a boundary without a policy', ['--lineage', '--public-key', 'key.pub', '--boundary', 'x']],
    ['a key besides a policy', ['--policy', 'deploy-strict', '--public-key', 'key.pub']],
    ['a trusted root besides a policy', ['--policy', 'deploy-strict', '--trusted-root', 'root.json'], '`--trusted-root` means nothing'],
    [
      'an identity provider besides a policy',
      ['--policy', 'deploy-strict', '--identity-provider', 'https://issuer.example'],
      '`--identity-provider` means nothing',
    ],
    ['an identity besides a policy', ['--policy', 'deploy-strict', '--identity', 'a@b.example'], '`--identity` means nothing'],
    ['a time besides a policy', ['--policy', 'deploy-strict', '--at', '2026-01-31T12:00:00Z'], '`--at` means nothing'],
    ['a policy that is none', ['--policy', 'deploy-strct']],
    ['a role that is none', ['--policy', 'deploy-strict', '--role', 'x=key.pub']],
    ['roots alone', ['--signature', 'lora/model.sig', '--public-key', 'key.pub', '--roots', 'base']],
  ])('with %s is a usage error', async (_what, argv, words = '') => {
    const { run } = await made();
    const { code, err } = await run('verify', 'lora', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
