/** Findings that somebody decided to live with: shown, with who and why, until the last day; and the formats that CI systems read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWaivers, waiversOf } from '../../src/core/waiver.js';
import * as library from '../../src/node.js';
import { safetensorsFile } from '../support/builders.js';
import { runCli } from '../support/cli.js';
import { sarifProblems } from '../support/sarif.js';
import { temporaryDirectory } from '../support/temporary.js';

const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
const BOM = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const torch = {
  bom: BOM,
  model: { name: 'm' },
  components: {
    torch: { type: 'library', name: 'torch', version: '1.13.0', identifiers: [{ type: 'purl', value: 'pkg:pypi/torch@1.13.0' }] },
  },
};
const advisory = {
  id: 'GHSA-47fc-vmwq-366v',
  aliases: ['CVE-2022-45907'],
  modified: '2026-01-10T00:00:00Z',
  affected: [
    { package: { ecosystem: 'PyPI', name: 'torch' }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.13.1' }] }] },
  ],
};

const AT = '2026-03-01';
const env = { SOURCE_DATE_EPOCH: String(Date.parse(`${AT}T12:00:00Z`) / 1000) };
const decided = (id: string, more: object = {}) => ({ id, reason: 'looked at by hand', author: 'Ada', expires: AT, ...more });

async function place(): Promise<string> {
  const cwd = temporaryDirectory({
    'model/m.safetensors': weights,
    'model/evil.pkl': 'cos\nsystem\n(S"true"\ntR.',
    'broken.json': JSON.stringify({ bom: BOM, model: {} }),
    'torch.json': JSON.stringify(torch),
    'osv/a.json': JSON.stringify(advisory),
  });
  await runCli(cwd, ['collect', 'model', '-o', 'm.json'], { env });
  writeFileSync(join(cwd, 'model/added.txt'), 'x');
  return cwd;
}

/** Verbs that exit 1 for what they find, and what a waiver may say besides where they find one thing. */
const VERBS: readonly (readonly [verb: string, argv: readonly string[], place: object])[] = [
  ['validate', ['validate', 'broken.json'], {}],
  ['scan', ['scan', 'model'], { file: '**/evil.pkl' }],
  ['audit', ['audit', 'torch.json', '-a', 'osv'], { place: '/components/torch' }],
  ['comply', ['comply', 'm.json', '-p', 'cisa-2026', '--fail-on', 'missing:MUST'], {}],
  ['verify', ['verify', 'model', '-m', 'm.json'], { file: 'added.txt' }],
];

/** Ids of what fails, as SARIF has them. */
async function idsOf(cwd: string, argv: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCli(cwd, [...argv, '-f', 'sarif'], { env });
  const { runs } = JSON.parse(out) as { runs: { results: { ruleId: string; level: string; suppressions?: unknown }[] }[] };
  return runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId));
}

describe.each(VERBS)('%s', (_verb, argv, more) => {
  it('counts what nobody waived, and shows what somebody did', { timeout: 60_000 }, async () => {
    const cwd = await place();
    expect((await runCli(cwd, argv, { env })).code).toBe(1);
    const ids = [...new Set(await idsOf(cwd, argv))];
    expect(ids.length).toBeGreaterThan(0);
    const waivers = ids.map((id) => decided(id, ids.length === 1 ? more : {}));
    writeFileSync(join(cwd, 'w.yaml'), JSON.stringify({ waivers }));
    const waived = [...argv, '--waivers', 'w.yaml'];
    const text = await runCli(cwd, waived, { env });
    expect(text).toMatchObject({ code: 0, out: expect.stringContaining(`by Ada until ${AT}: looked at by hand`) });
    for (const format of ['json', 'sarif', 'github']) {
      const { code, out } = await runCli(cwd, [...waived, '-f', format], { env });
      expect({ format, code, out }).toEqual({ format, code: 0, out: expect.stringContaining('looked at by hand') });
      expect(out).not.toContain('::error');
    }
    const log = (await runCli(cwd, [...waived, '-f', 'sarif'], { env })).out;
    expect(sarifProblems(log)).toEqual([]);
    for (const { results } of JSON.parse(log).runs)
      for (const result of results) expect(result.suppressions).toMatchObject([{ kind: 'external', justification: 'looked at by hand' }]);
  });
  it('counts it again the day after, and tells of waivers that are of no use', { timeout: 60_000 }, async () => {
    const cwd = await place();
    const ids = [...new Set(await idsOf(cwd, argv))];
    writeFileSync(join(cwd, 'w.yaml'), JSON.stringify({ waivers: [...ids.map((id) => decided(id)), decided('nothing-such')] }));
    const later = { SOURCE_DATE_EPOCH: String(Date.parse(`${AT}T00:00:00Z`) / 1000 + 86_400) };
    const { code, out, err } = await runCli(cwd, [...argv, '--waivers', 'w.yaml'], { env: later });
    expect(code).toBe(1);
    expect(out + err).toContain(`expired on ${AT}`);
    expect(out + err).toContain('the waiver of nothing-such by Ada covers no finding');
  });
  it('says in SARIF what the official schema takes, and in annotations', { timeout: 60_000 }, async () => {
    const cwd = await place();
    expect(sarifProblems((await runCli(cwd, [...argv, '-f', 'sarif'], { env })).out)).toEqual([]);
    expect((await runCli(cwd, [...argv, '-f', 'github'], { env })).out).toMatch(/^::(error|warning|notice) file=/m);
  });
});

describe('waivers', () => {
  it('are those of the project for documents, and never for files of others', async () => {
    const cwd = await place();
    const ids = await idsOf(cwd, ['validate', 'broken.json']);
    const waivers = [...ids, 'file-added', 'pickle-call'].map((id) => decided(id));
    writeFileSync(join(cwd, '.msbom.yaml'), JSON.stringify({ waivers }));
    expect((await runCli(cwd, ['validate', 'broken.json'], { env })).code).toBe(0);
    expect((await runCli(cwd, ['verify', 'model', '-m', 'm.json'], { env })).code).toBe(1);
    expect((await runCli(cwd, ['scan', 'model'], { env })).code).toBe(1);
    // Of a directory that is audited, not those that lie in it.
    mkdirSync(join(cwd, 'inner'));
    writeFileSync(join(cwd, 'inner/.msbom.yaml'), JSON.stringify({ waivers: [decided('CVE-2022-45907')] }));
    writeFileSync(join(cwd, 'inner/requirements.txt'), 'torch==1.13.0\n');
    writeFileSync(join(cwd, 'inner/m.safetensors'), weights);
    const found = await runCli(join(cwd, 'inner'), ['audit', '.', '-a', '../osv'], { env });
    expect(found.err).toContain('.msbom.yaml lies in what is described');
    expect(found.code).not.toBe(0);
  });
  it('cover what they say and no more', () => {
    const of = (more: object) => waiversOf(readWaivers([decided('a', more)], 'w'), { file: 'w', now: new Date(0) });
    const finding = { id: 'a', severity: 'high', message: 'm', pointer: '/model/licenses/0', file: 'x/y.json' } as const;
    expect(of({}).judged(finding, 'f').waived).toEqual({ reason: 'looked at by hand', author: 'Ada', expires: AT });
    for (const more of [{ place: '/model/licenses' }, { place: '/model/licenses/0' }, { file: 'x/*.json' }])
      expect(of(more).judged(finding, 'f').waived).toBeDefined();
    for (const more of [
      { id: 'b' },
      { place: '/model/lic' },
      { place: '/model/licenses/0/x' },
      { file: '*.json' },
      { place: '/x', file: 'x/*' },
    ])
      expect(of(more).judged(finding, 'f').waived).toBeUndefined();
    expect(of({ place: '/x' }).judged({ ...finding, pointer: undefined }, 'f').waived).toBeUndefined();
    const { file: _, ...anywhere } = finding;
    expect(of({ file: 'f' }).judged(anywhere, 'f').waived).toBeDefined();
  });
  it.each([
    [{}, '`waivers` is not a list'],
    [[1], 'waiver 1 is no object'],
    [[decided('a', { expire: '2026-01-01' })], 'did you mean `expires`?'],
    [[{ id: 'a', reason: 'r', expires: AT }], 'waiver 1 has no `author`'],
    [[decided('a', { reason: ' ' })], '`reason` of waiver 1 is not a text'],
    [[decided('a', { expires: '2026-02-30' })], '`expires` of waiver 1 is no day'],
    [[decided('a', { expires: 'tomorrow' })], '`expires` of waiver 1 is no day'],
    [[decided('a'), decided('b', { place: 'model' })], '`place` of waiver 2 is no pointer'],
  ])('that are %j are refused', async (waivers, words) => {
    const cwd = temporaryDirectory({ 'w.yaml': JSON.stringify({ waivers }), 'm.json': '{}' });
    expect(await runCli(cwd, ['validate', 'm.json', '--waivers', 'w.yaml'])).toMatchObject({
      code: 2,
      err: expect.stringContaining(words),
    });
  });
  it('that are none, or that overrule a signature, are refused', async () => {
    const cwd = temporaryDirectory({ 'w.yaml': 'a: 1', 'x.yaml': 'a: [', 'm.json': '{}' });
    const { err } = await runCli(cwd, ['validate', 'm.json', '--waivers', 'w.yaml']);
    expect(err).toContain('the file holds no `waivers`');
    expect((await runCli(cwd, ['validate', 'm.json', '--waivers', 'x.yaml'])).err).toContain('not YAML');
    const signed = await runCli(cwd, ['verify', '.', '--signature', 's', '--public-key', 'k', '--waivers', 'w.yaml']);
    expect(signed).toMatchObject({ code: 2, err: expect.stringContaining('`--waivers` means nothing with a signature') });
    expect(() => readWaivers(Array(10_001).fill(decided('a')), 'w')).toThrow(expect.objectContaining({ code: 'ERR_LIMIT_COUNT' }));
  });
  it('are data for the library', async () => {
    const cwd = await place();
    const ids = await idsOf(cwd, ['validate', 'broken.json']);
    const result = await library.validate('broken.json', { cwd, now: `${AT}T00:00:00Z`, waivers: ids.map((id) => decided(id)) });
    expect(result.exitCode).toBe(0);
    expect(result.findings.map(({ waived }) => waived?.author)).toEqual(result.findings.map(() => 'Ada'));
  });
});

it('every id that SARIF tells of a signature is explained', async () => {
  const { REASONS } = await import('../../src/sign/reasons.js');
  for (const id of Object.keys(REASONS))
    expect(await runCli('.', ['explain', id])).toMatchObject({ code: 0, out: expect.stringContaining(`# ${id}\n`) });
  expect((await runCli('.', ['explain', 'signature-invalid'])).out).toContain(REASONS['signature-invalid'][1]);
  for (const id of ['lineage-unsigned', 'lineage-unresolved', 'lineage-mismatch', 'lineage-untrusted', 'policy-not-met', 'base-model'])
    expect((await runCli('.', ['explain', id])).code).toBe(0);
});
