import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuditResult, audit, readAdvisory, readVex, toCycloneDXVex, toOpenVex } from '../../src/audit/index.js';
import { validateCycloneDX } from '../../src/convert/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';
import { zipFile } from '../support/zip.js';

const bom = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const component = (purl: string | undefined, name: string, version?: string) => ({
  type: 'library',
  name,
  ...(version === undefined ? {} : { version }),
  ...(purl === undefined ? {} : { identifiers: [{ type: 'purl', value: purl }] }),
});
const manifest = (components: object, artifacts: object = {}): Manifest =>
  ({ bom, model: { name: 'm' }, ...(Object.keys(artifacts).length === 0 ? {} : { artifacts }), components }) as unknown as Manifest;

const range = (fixed: string) => [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
const record = (id: string, name: string, more: object = {}, ecosystem = 'PyPI') => ({
  id,
  modified: '2026-01-10T00:00:00Z',
  affected: [{ package: { ecosystem, name }, ranges: range('1.13.1') }],
  ...more,
});
const advisories = (...records: readonly object[]) => records.map((each) => readAdvisory(each)).filter((each) => each !== undefined);
const torch = manifest({ torch: component('pkg:pypi/torch@1.13.0', 'torch', '1.13.0') });

describe('audit', () => {
  it('unites the names of one vulnerability, the known best first, and takes the latest fix', () => {
    const { findings, evaluated } = audit(
      torch,
      advisories(
        record('PYSEC-1', 'torch', { aliases: ['CVE-2022-45907'] }),
        record('GHSA-a', 'Torch', {
          aliases: ['CVE-2022-45907'],
          affected: [{ package: { ecosystem: 'PyPI', name: 'Torch' }, ranges: range('1.13.2') }],
          summary: 'eval',
        }),
        record('PYSEC-2', 'torch', { aliases: ['GHSA-b'] }),
        record('PYSEC-3', 'torchvision'),
      ),
    );
    expect(evaluated).toBe(1);
    expect(findings.map(({ id, ids, fix, summary }) => [id, ids, fix, summary])).toEqual([
      ['CVE-2022-45907', ['CVE-2022-45907', 'GHSA-a', 'PYSEC-1'], '1.13.2', 'eval'],
      ['GHSA-b', ['GHSA-b', 'PYSEC-2'], '1.13.1', undefined],
    ]);
  });
  it('unites what only a third name joins', () => {
    const chain = advisories(
      record('A', 'torch', { aliases: ['X'] }),
      record('B', 'torch', { aliases: ['Y'] }),
      record('C', 'torch', { aliases: ['X', 'Y'] }),
    );
    expect(audit(torch, chain).findings.map(({ ids }) => ids)).toEqual([['A', 'B', 'C', 'X', 'Y']]);
  });
  it('leaves out what was withdrawn', () => {
    const { findings, advisories: read } = audit(torch, advisories(record('A', 'torch', { withdrawn: '2026-01-01T00:00:00Z' })));
    expect([findings, read]).toEqual([[], { records: 1, withdrawn: 1, newest: '2026-01-10T00:00:00Z' }]);
  });
  it('compares names as their registries do', () => {
    const m = manifest({ a: component('pkg:pypi/scikit.learn@1.0', 'x'), b: component('pkg:npm/%40acme/Lib@1.0.0', 'x') });
    const found = audit(
      m,
      advisories(record('A', 'Scikit_Learn'), record('B', '@acme/Lib', {}, 'npm'), record('C', '@acme/lib', {}, 'npm')),
    );
    expect(found.findings.map(({ id, package: of }) => [id, of.components])).toEqual([
      ['B', ['b']],
      ['C', ['b']],
      ['A', ['a']],
    ]);
  });
  it('tells lists of packages that nobody looked into', () => {
    const file = { role: 'other', size: 1, digest: { sha256: 'a'.repeat(64) } };
    const artifacts = { 'a/go.mod': file, 'Cargo.lock': file, 'go.mod.txt': file };
    const what = (components: object) =>
      audit(manifest(components, artifacts), advisories(record('A', 'e'))).unevaluated.map((each) => each.what);
    expect(what({})).toEqual(['a/go.mod', 'Cargo.lock']);
    const time = component('pkg:cargo/time@0.1.43', 'time', '0.1.43');
    expect(what({ time })).toEqual(['a/go.mod', expect.stringContaining('time')]);
  });
  it('lists what it cannot tell: no address, no version, no advisories, no order', () => {
    const m = manifest({
      a: component(undefined, 'a', '1'),
      b: component('pkg:pypi/b', 'b'),
      c: component('pkg:npm/c@1.0.0', 'c'),
      d: component('pkg:apk/alpine/d@1.0-r1', 'd'),
      e: component('pkg:pypi/e@not-a-version', 'e'),
      f: component('pkg:pypi/f@1.0', 'f'),
      g: component('pkg:generic/g@1.0', 'g'),
      w: { ...component(undefined, 'w'), type: 'file' },
    });
    const { unevaluated, evaluated, findings } = audit(m, advisories(record('A', 'e'), record('D', 'd', {}, 'Alpine:v3.19')));
    expect(findings).toEqual([]);
    expect(evaluated).toBe(2);
    expect(unevaluated).toEqual([
      { what: 'a', why: 'it has no package URL' },
      { what: 'b', why: 'its version is not known' },
      { what: 'g', why: 'packages of the type generic are not looked up' },
      { what: 'c 1.0.0', why: 'no advisories of npm were given' },
      { what: 'd 1.0-r1', why: expect.stringContaining('Alpine:v3.19'), advisory: 'D' },
      { what: 'd 1.0-r1', why: expect.stringContaining('only what advisories list') },
      { what: 'e not-a-version', why: expect.stringContaining('not ordered'), advisory: 'A' },
    ]);
  });
});

describe('reachability', () => {
  const about = (details: string) => advisories(record('A', 'torch', { details }));
  const of = (artifacts: object, details = 'torch.load runs code from a pickle') =>
    audit(manifest({ torch: component('pkg:pypi/torch@1.13.0', 'torch') }, artifacts), about(details)).findings[0]?.reachability;
  const file = (serialization?: string, more: object = {}) => ({
    role: 'weights',
    ...(serialization === undefined ? {} : { format: { serialization } }),
    ...more,
  });
  it('follows from the formats of the files', () => {
    expect(of({ 'a.pt': file('pytorch') })).toEqual({
      status: 'reachable',
      reason: 'it is about loading a pickle, and such files lie here',
      paths: ['a.pt'],
    });
    expect(of({ 'a.safetensors': file('safetensors') })).toEqual({
      status: 'not-loaded',
      reason: 'it is about loading a pickle, and no file of the model is one',
    });
  });
  it('is not known where a format is not, or nobody says what it is about', () => {
    expect(of({ 'a.bin': file(), 'b.safetensors': file('safetensors') })).toMatchObject({ status: 'unknown', paths: ['a.bin'] });
    expect(of({ 'b.safetensors': file('safetensors', { inspection: { status: 'not-inspected' } }) })).toMatchObject({ status: 'unknown' });
    expect(of({})).toMatchObject({ status: 'unknown' });
    expect(of({ 'a.safetensors': file('safetensors') }, 'an overflow in a kernel')).toMatchObject({ status: 'unknown' });
  });
  it('knows templates in files', () => {
    const jinja = manifest(
      { j: component('pkg:pypi/jinja2@1.0', 'j') },
      { 'm.gguf': { ...file('gguf'), chatTemplates: { default: 'a'.repeat(64) } } },
    );
    expect(
      audit(jinja, advisories(record('A', 'Jinja2', { summary: 'Chat template escapes the sandbox' }))).findings[0]?.reachability,
    ).toMatchObject({
      status: 'reachable',
      paths: ['m.gguf'],
    });
  });
});

describe('VEX', () => {
  const found = audit(
    torch,
    advisories(
      record('PYSEC-1', 'torch', {
        aliases: ['CVE-1'],
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      }),
    ),
  );
  const options = { author: 'acme', timestamp: '2026-01-01T00:00:00Z', id: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' };
  const said = (status: string, more: object = {}, product = 'pkg:pypi/torch@1.13.0') =>
    readVex(
      {
        '@context': 'https://openvex.dev/ns/v0.2.0',
        author: 'Ada',
        timestamp: '2026-02-01T00:00:00Z',
        statements: [{ vulnerability: { name: 'CVE-1' }, products: [{ '@id': product }], status, ...more }],
      },
      'v.json',
    ) ?? [];
  const with_ = (...vex: Parameters<typeof said>) =>
    audit(torch, advisories(record('PYSEC-1', 'torch', { aliases: ['CVE-1'] })), { vex: said(...vex) });
  it('is under investigation until a person says more', () => {
    expect(toOpenVex(found.findings, options).document).toMatchObject({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [
        {
          vulnerability: { name: 'CVE-1', aliases: ['PYSEC-1'] },
          products: [{ '@id': 'pkg:pypi/torch@1.13.0' }],
          status: 'under_investigation',
        },
      ],
    });
  });
  it('is valid CycloneDX', async () => {
    const { document } = toCycloneDXVex(found.findings, options);
    expect(document).toMatchObject({
      vulnerabilities: [
        {
          id: 'CVE-1',
          ratings: [{ severity: 'critical', method: 'CVSSv31' }],
          affects: [{ ref: 'pkg:pypi/torch@1.13.0' }],
          analysis: { state: 'in_triage' },
        },
      ],
    });
    expect(await validateCycloneDX(JSON.stringify(document), '1.6')).toEqual([]);
  });
  it('takes out what does not affect, and says who said so', () => {
    const { findings, suppressed } = with_('not_affected', { justification: 'vulnerable_code_not_present' });
    expect(findings).toEqual([]);
    expect(suppressed[0]?.vex).toMatchObject({ author: 'Ada', document: 'v.json', justification: 'vulnerable_code_not_present' });
    expect(with_('fixed').suppressed).toHaveLength(1);
  });
  it('takes out nothing without a reason, for another version, or that affects', () => {
    expect(with_('not_affected').findings).toHaveLength(1);
    expect(with_('not_affected', { justification: 'x' }, 'pkg:pypi/torch@1.12.0').findings).toHaveLength(1);
    expect(with_('not_affected', { justification: 'x' }, 'pkg:pypi/torch').findings).toEqual([]);
    expect(with_('not_affected', { justification: 'x' }, 'https://example.org/product').findings).toHaveLength(1);
    expect(with_('affected').findings).toHaveLength(1);
    expect(readVex({ bomFormat: 'other' }, 'x')).toBeUndefined();
  });
});

describe('msbom audit', () => {
  const env = { SOURCE_DATE_EPOCH: String(Date.parse('2026-01-20T00:00:00Z') / 1000) };
  const yaml =
    'id: PYSEC-1\nmodified: "2026-01-10T00:00:00Z"\naffected:\n- package: {name: torch, ecosystem: PyPI}\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: "0"\n    - fixed: 1.13.1\naliases: [CVE-1]\n';
  const files = (more: Readonly<Record<string, string | Uint8Array>> = {}) => ({
    'm.json': JSON.stringify({ ...torch, parties: undefined }),
    'osv/torch/PYSEC-1.yaml': yaml,
    ...more,
  });
  const msbom = async (argv: readonly string[], more?: Readonly<Record<string, string | Uint8Array>>) => {
    const cwd = temporaryDirectory(files(more));
    return { ...(await runCli(cwd, ['audit', ...argv], { env })), cwd };
  };
  it('finds in folders of YAML and JSON, and says how old they are', async () => {
    const { code, out } = await msbom(['m.json', '-a', 'osv']);
    expect(code).toBe(1);
    expect(out).toBe(
      'not scored  torch 1.13.0  CVE-1 (PYSEC-1)\n' +
        '  whether it is reached is not known: the advisory does not say that it is about loading files of a format\n' +
        '  fixed in 1.13.1\n' +
        'fix  torch 1.13.0: update to 1.13.1 (1 known vulnerability)\n' +
        '1 advisories, the latest of 2026-01-10, 10 days ago; 0 withdrawn\n' +
        '1 packages were looked up: 1 known vulnerabilities\n',
    );
  });
  it('finds in archives as osv-scanner keeps them', async () => {
    const zip = zipFile([{ name: 'A.json', bytes: new TextEncoder().encode(JSON.stringify(record('A', 'torch'))) }]);
    expect(await msbom(['m.json', '-a', 'osv/PyPI/all.zip', '-f', 'json'], { 'osv/PyPI/all.zip': zip })).toMatchObject({
      code: 1,
      out: expect.stringContaining('"id": "A"'),
    });
    expect(await msbom(['m.json', '-a', 'bad.zip'], { 'bad.zip': 'PK' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('ERR_IO_READ'),
    });
  });
  it('is no success when something was not evaluated', async () => {
    const fixed = JSON.stringify(manifest({ torch: component('pkg:pypi/torch@2.0', 'torch', '2.0') }));
    const both = JSON.stringify(manifest({ torch: component('pkg:pypi/torch@2.0', 'torch', '2.0'), x: component(undefined, 'x', '1') }));
    expect(await msbom(['f.json', '-a', 'osv'], { 'f.json': fixed })).toMatchObject({
      code: 0,
      out: expect.stringContaining('no known vulnerability among those'),
    });
    expect(await msbom(['b.json', '-a', 'osv'], { 'b.json': both })).toMatchObject({
      code: 2,
      out: expect.stringContaining('not evaluated  x: it has no package URL'),
    });
    expect((await msbom(['b.json', '-a', 'osv', '--accept-unevaluated'], { 'b.json': both })).code).toBe(0);
    expect(await msbom(['f.json', '-a', 'osv'], { 'f.json': fixed, 'osv/bad.yaml': 'a: [', 'osv/other.json': '{}' })).toMatchObject({
      code: 2,
      out: expect.stringContaining('the advisory other.json: it is no advisory of OSV, NVD or CSAF'),
    });
    expect(
      (await msbom(['n.json', '-a', 'osv'], { 'n.json': JSON.stringify(manifest({ a: component('pkg:npm/a@1.0.0', 'a', '1.0.0') })) }))
        .code,
    ).toBe(2);
  });
  it('gives no answer from old advisories', async () => {
    expect((await msbom(['m.json', '-a', 'osv', '--max-age', '10'])).code).toBe(1);
    expect(await msbom(['m.json', '-a', 'osv', '--max-age', '9'])).toMatchObject({ code: 2, err: expect.stringContaining('too old') });
  });
  it('writes VEX, and takes what was judged', async () => {
    const { cwd, code } = await msbom(['m.json', '-a', 'osv', '--vex-out', 'v.json']);
    expect(code).toBe(1);
    const vex = JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')) as {
      author: string;
      statements: { status: string; justification?: string }[];
    };
    expect(vex.statements.map(({ status }) => status)).toEqual(['under_investigation']);
    Object.assign(vex, { author: 'Ada' });
    Object.assign(vex.statements[0] ?? {}, { status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' });
    writeFileSync(join(cwd, 'judged.json'), JSON.stringify(vex));
    const after = await runCli(cwd, ['audit', 'm.json', '-a', 'osv', '--vex', 'judged.json'], { env });
    expect(after).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'suppressed  CVE-1 in torch 1.13.0: not_affected, by Ada in judged.json of 2026-01-20T00:00:00Z: vulnerable_code_not_in_execute_path\n',
      ),
    });
  });
  it('fails from a severity on; what is not scored counts as high', async () => {
    const exit = async (severity: string) => (await msbom(['m.json', '-a', 'osv', '--fail-on', severity])).code;
    expect([await exit('high'), await exit('critical'), await exit('never')]).toEqual([1, 0, 0]);
  });
  it('needs advisories, and files that are what they are taken for', async () => {
    expect(await msbom(['m.json'])).toMatchObject({ code: 2, err: expect.stringContaining('--advisories') });
    expect(await msbom(['m.json', '-a', 'gone'])).toMatchObject({ code: 2, err: expect.stringContaining('ERR_IO_NOT_FOUND') });
    expect(await msbom(['m.json', '-a', 'osv', '--vex', 'm.json'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no VEX document'),
    });
  });
  it('collects a directory first', async () => {
    const { out } = await msbom(['model', '-a', 'osv', '-f', 'json'], {
      'model/requirements.txt': 'torch==1.13.0\n',
      'model/README.md': '# m\n',
    });
    expect((JSON.parse(out) as AuditResult).findings.map(({ id }) => id)).toEqual(['CVE-1']);
  });
});

describe('hostile advisories', () => {
  const env = { SOURCE_DATE_EPOCH: '1768867200' };
  const run = (files: Readonly<Record<string, string | Uint8Array>>, path: string) =>
    runCli(temporaryDirectory({ 'm.json': JSON.stringify(torch), ...files }), ['audit', 'm.json', '-a', path], { env });
  it('are unpacked no further than a record may be long', async () => {
    const bomb = zipFile([
      { name: 'bomb.json', bytes: new Uint8Array(64 * 1024 * 1024), method: 8 },
      { name: 'A.json', bytes: new TextEncoder().encode(JSON.stringify(record('A', 'torch'))) },
    ]);
    const { code, out } = await run({ 'all.zip': bomb }, 'all.zip');
    expect(code).toBe(1);
    expect(out).toContain('not evaluated  the advisory bomb.json: it cannot be unpacked');
    expect(out).toContain('not scored  torch 1.13.0  A');
  });
  it('cannot make aliases of YAML grow', async () => {
    const laughs = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${String.fromCharCode(97 + i)}`).join(', ')}]`).join('\n')}\n`;
    expect(await run({ 'osv/a.yaml': laughs }, 'osv')).toMatchObject({ code: 2, out: expect.stringContaining('the advisory a.yaml') });
  });
  it('may have names of the prototype, circles of aliases and ranges without end', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ introduced: `${i}.0` }));
    const odd = advisories(
      record('__proto__', 'torch', { aliases: ['constructor', '__proto__'] }),
      record('constructor', 'torch', { aliases: ['__proto__'] }),
      record('C', 'torch', { aliases: ['D'] }),
      record('D', 'torch', { aliases: ['C'] }),
      record('E', 'torch', {
        affected: [{ package: { ecosystem: 'PyPI', name: 'torch' }, ranges: [{ type: 'ECOSYSTEM', events: many }] }],
      }),
      record('F', 'torch', { affected: [{ package: { ecosystem: '__proto__', name: 'torch' }, ranges: range('2') }] }),
    );
    expect(audit(torch, odd).findings.map(({ ids }) => ids)).toEqual([['C', 'D'], ['E'], ['__proto__', 'constructor']]);
  });
  it('cannot be deep', async () => {
    expect(await run({ 'osv/a.json': '['.repeat(10_000) }, 'osv')).toMatchObject({
      code: 2,
      out: expect.stringContaining('the advisory a.json'),
    });
  });
});
