/** The program and the library are one: the same question has the same answer. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run.js';
import * as library from '../../src/node.js';
import { keySigner, subjectsOf, testResult } from '../../src/sign/index.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { person, signed } from '../support/custody.js';
import { pushModel, startRegistry } from '../support/oci-registry.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
const SECONDS = 1763888400;
const now = new Date(SECONDS * 1000);
const env = { SOURCE_DATE_EPOCH: String(SECONDS) };

async function place(): Promise<string> {
  const cwd = temporaryDirectory({
    'model/m.safetensors': weights,
    'model/README.md': '---\nlicense: mit\n---\n',
    'model/evil.pkl': 'cos\nsystem\n(S"true"\ntR.',
    'broken.json': '{"bom":{}}',
  });
  await runCli(cwd, ['collect', 'model', '-o', 'm.msbom.json', '-o', 'm.cdx.json'], { env });
  await runCli(cwd, ['collect', 'model', '-o', 'n.msbom.json', '--set', 'model.version=2'], { env });
  return cwd;
}

/** What all answers have in common. */
type Answer = { readonly exitCode: number; render(format: never): Promise<string> };
type Ask = (cwd: string) => Promise<Answer>;
const CASES: readonly (readonly [verb: string, argv: readonly string[], ask: Ask, format: string])[] = [
  ['collect', ['collect', 'model'], (cwd) => library.collect('model', { cwd, now }), 'msbom'],
  ['collect of one file', ['collect', 'model/m.safetensors'], (cwd) => library.collect('model/m.safetensors', { cwd, now }), 'msbom'],
  ['collect with a scan', ['collect', 'model', '--scan'], (cwd) => library.collect('model', { cwd, now, scan: true }), 'msbom'],
  ['inspect', ['inspect', 'model/m.safetensors'], (cwd) => library.inspect('model/m.safetensors', { cwd }), 'text'],
  ['inspect of what is no weight file', ['inspect', 'model/README.md'], (cwd) => library.inspect('model/README.md', { cwd }), 'text'],
  ['show', ['show', 'm.msbom.json', '-f', 'markdown'], (cwd) => library.show('m.msbom.json', { cwd }), 'markdown'],
  ['show of CycloneDX', ['show', 'm.cdx.json'], (cwd) => library.show('m.cdx.json', { cwd, now }), 'text'],
  ['validate', ['validate', 'm.msbom.json', '-f', 'json'], (cwd) => library.validate('m.msbom.json', { cwd }), 'json'],
  ['validate of what is wrong', ['validate', 'broken.json'], (cwd) => library.validate(['broken.json'], { cwd }), 'text'],
  ['convert', ['convert', 'm.msbom.json'], (cwd) => library.convert('m.msbom.json', { cwd, now }), 'cyclonedx@1.6'],
  ['convert back', ['convert', 'm.cdx.json'], (cwd) => library.convert('m.cdx.json', { cwd, now }), 'msbom'],
  ['merge', ['merge', 'm.msbom.json', 'm.cdx.json'], (cwd) => library.merge('m.msbom.json', ['m.cdx.json'], { cwd, now }), 'msbom'],
  ['diff', ['diff', 'm.msbom.json', 'n.msbom.json'], (cwd) => library.diff('m.msbom.json', 'n.msbom.json', { cwd }), 'text'],
  ['verify', ['verify', 'model', '-m', 'm.msbom.json'], (cwd) => library.verify('model', { cwd, manifest: 'm.msbom.json' }), 'text'],
  [
    'verify of another model',
    ['verify', '.', '-m', 'm.msbom.json'],
    (cwd) => library.verify('.', { cwd, manifest: 'm.msbom.json' }),
    'text',
  ],
  ['scan', ['scan', 'model', '-f', 'sarif'], (cwd) => library.scan('model', { cwd }), 'sarif'],
  ['scan of a clean file', ['scan', 'model/m.safetensors'], (cwd) => library.scan('model/m.safetensors', { cwd }), 'text'],
  ['paper', ['paper', 'annex-iv', 'm.msbom.json'], (cwd) => library.paper('annex-iv', 'm.msbom.json', { cwd }), 'markdown'],
  [
    'paper with gaps',
    ['paper', 'annex-iv', 'm.msbom.json', '--fail-on', 'gaps', '-f', 'csv'],
    (cwd) => library.paper('annex-iv', 'm.msbom.json', { cwd, failOn: 'gaps' }),
    'csv',
  ],
  [
    'the SBOM of the BSI',
    ['paper', 'bsi-sbom', 'm.cdx.json', '-f', 'cyclonedx-xml@1.6'],
    (cwd) => library.paper('bsi-sbom', 'm.cdx.json', { cwd, now }),
    'cyclonedx-xml@1.6',
  ],
  [
    'comply',
    ['comply', 'm.msbom.json', '-p', 'cisa-2026'],
    (cwd) => library.comply('m.msbom.json', { cwd, profiles: ['cisa-2026'] }),
    'text',
  ],
];

describe('the program and the library agree', () => {
  it.each(CASES)('on %s', async (_verb, argv, ask, format) => {
    const cwd = await place();
    const program = await runCli(cwd, argv, { env });
    const answer = await ask(cwd);
    expect({ code: answer.exitCode, out: await answer.render(format as never) }).toEqual({ code: program.code, out: program.out });
  });
  it('on sign, and on verify of the signature', async () => {
    const cwd = await place();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    writeFileSync(join(cwd, 'key.pem'), pem);
    writeFileSync(join(cwd, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const { signed, exitCode } = await library.sign('model', { cwd, signer: keySigner({ key: Buffer.from(pem) }), output: 'ours.sig' });
    const said = await runCli(cwd, ['sign', 'model', '-k', 'key.pem', '-o', 'theirs.sig']);
    expect([exitCode, said.code]).toEqual([0, 0]);
    expect(said.err).toContain(`root sha256:${signed.root}`);
    const trust = { publicKey: readFileSync(join(cwd, 'key.pub')) };
    for (const signature of ['ours.sig', 'theirs.sig']) {
      const verdict = await library.verify('model', { cwd, signature, trust });
      const program = await runCli(cwd, ['verify', 'model', '-s', signature, '--public-key', 'key.pub', '-f', 'json']);
      expect({ code: verdict.exitCode, out: await verdict.render('json') }).toEqual({ code: program.code, out: program.out });
      expect(verdict.exitCode).toBe(0);
    }
  });
  it('on attest', async () => {
    const cwd = await place();
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    writeFileSync(join(cwd, 'key.pem'), pem);
    const argv = [
      'attest',
      'model',
      '--type',
      'test-result',
      '--result',
      'PASSED',
      '--configuration',
      'https://eval.example/suite',
      '-k',
      'key.pem',
    ];
    const said = await runCli(cwd, argv, { env });
    const configuration = [{ uri: 'https://eval.example/suite' }];
    const { id, exitCode, bundle, root } = await library.attest('model', {
      cwd,
      signer: keySigner({ key: Buffer.from(pem) }),
      statement: ({ model }) =>
        testResult({ subject: subjectsOf(model), result: 'PASSED', configuration, passed: [], warned: [], failed: [], finished: now }),
    });
    expect([said.code, exitCode]).toEqual([0, 0]);
    expect(said.err).toContain(`sha256:${root}\nclaim  ${id}\n`);
    // The signature is random, what is signed is not.
    const claims = readFileSync(join(cwd, 'model/claims.jsonl'), 'utf8').trimEnd().split('\n');
    expect(claims).toHaveLength(2);
    expect(claims[1]).toBe(bundle);
    const payload = (line = '') => JSON.parse(line).dsseEnvelope.payload;
    expect(payload(claims[0])).toBe(payload(claims[1]));
    const written = await library.attest('model', {
      cwd,
      signer: keySigner({ key: Buffer.from(pem) }),
      statement: () => JSON.parse(Buffer.from(payload(bundle), 'base64').toString()),
      output: 'one.json',
    });
    expect(readFileSync(join(cwd, 'one.json'), 'utf8')).toBe(await written.render('json'));
    expect(readFileSync(join(cwd, 'model/claims.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });
  it('on documents that are no files', async () => {
    const cwd = await place();
    const text = readFileSync(join(cwd, 'm.cdx.json'), 'utf8');
    const [path, bytes, object] = await Promise.all([
      library.convert('m.cdx.json', { cwd, now }),
      library.convert(new TextEncoder().encode(text), { now }),
      library.convert(JSON.parse(text) as object, { now }),
    ]);
    expect([bytes.text, object.text]).toEqual([path.text, path.text]);
  });
  it('on which verbs there are', () => {
    const functions = Object.keys(COMMANDS).filter((verb) => typeof (library as Record<string, unknown>)[verb] === 'function');
    // What is left prints what comes with the program, is made of others, or speaks with a registry, for which there is `msbom/oci`.
    const withoutFunction = Object.keys(COMMANDS).filter((verb) => !functions.includes(verb));
    expect(withoutFunction.sort()).toEqual(['completion', 'explain', 'init', 'schema']);
  });
  describe('on evidence in a registry', async () => {
    const me = person();
    const files = { 'model.safetensors': 'weights', 'config.json': '{}' };
    const at = async () => {
      const cwd = temporaryDirectory({ 'me.pub': me.publicKey, 'other.pub': person().publicKey });
      await signed(join(cwd, 'model'), files, me);
      const registry = await startRegistry();
      for (const tag of ['ours', 'theirs']) pushModel(registry, `acme/${tag}`, '1.0', files);
      const access = { http: fetch };
      return { cwd, ref: (name: string) => `oci://${registry.host}/acme/${name}:1.0`, access };
    };
    const both = async (program: Promise<{ code: number; out: string }>, answer: Answer, format: string) => {
      const { code, out } = await program;
      expect({ code: answer.exitCode, out: await answer.render(format as never) }).toEqual({
        code,
        out: out.replaceAll('/theirs', '/ours'),
      });
    };
    it.each(['text', 'json'])('attach, as %s', async (format) => {
      const { cwd, ref, access } = await at();
      const argv = ['attach', ref('theirs'), 'model', '-f', format];
      const first = await library.attach(ref('ours'), 'model', { cwd, now, registry: access });
      expect(first).toMatchObject({ exitCode: 0, attached: [{ name: 'model.sig', isNew: true }] });
      await both(runCli(cwd, argv, { env }), first, format);
      await both(runCli(cwd, argv, { env }), await library.attach(ref('ours'), ['model'], { cwd, now, registry: access }), format);
    });
    it.each([
      ['text', 'me.pub', 0],
      ['json', 'me.pub', 0],
      ['text', 'other.pub', 1],
      ['json', 'other.pub', 1],
      ['sarif', 'other.pub', 1],
      ['github', 'other.pub', 1],
    ] as const)('verify and pull, as %s, by %s', async (format, key, code) => {
      const { cwd, ref, access } = await at();
      await library.attach(ref('ours'), 'model', { cwd, now, registry: access });
      const trust = { publicKey: readFileSync(join(cwd, key)) };
      const verdict = await library.verify(ref('ours'), { cwd, trust, registry: access });
      expect([verdict.exitCode, verdict.verdict.ok, verdict.findings.length > 0]).toEqual([code, code === 0, code === 1]);
      await both(runCli(cwd, ['verify', ref('ours'), '--public-key', key, '-f', format]), verdict, format);
      if (format !== 'text' && format !== 'json') return;
      const argv = ['pull', ref('ours'), '-o', 'theirs', '--files', '--public-key', key, '-f', format];
      const answer = await library.pull(ref('ours'), { cwd, output: 'ours', files: true, trust, registry: access });
      await both(runCli(cwd, argv), answer, format);
      expect(answer.pulled.map(({ path }) => path)).toEqual(code === 0 ? ['model.sig', 'model.safetensors', 'config.json'] : []);
      expect([existsSync(join(cwd, 'ours')), existsSync(join(cwd, 'theirs'))]).toEqual([code === 0, code === 0]);
    });
    it('and neither asks a registry unless it is given something to ask with', async () => {
      const { cwd, ref } = await at();
      const trust = { publicKey: readFileSync(join(cwd, 'me.pub')) };
      for (const ask of [
        () => library.attach(ref('ours'), 'model', { cwd }),
        () => library.pull(ref('ours'), { cwd, output: 'x' }),
        () => library.verify(ref('ours'), { cwd, trust, registry: {} }),
      ])
        await expect(ask()).rejects.toMatchObject({ code: 'ERR_CLI_USAGE', hint: expect.stringContaining('`fetch`') });
    });
  });
});
