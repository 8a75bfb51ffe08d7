import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const fixture = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = fixture('docs/rules/base.json');

const msbom = (cwd: string, ...argv: readonly string[]) => runCli(cwd, argv, { env: { SOURCE_DATE_EPOCH: '1763888400' } });

const same = (a: string, b: string) => expect(canonicalize(JSON.parse(a))).toBe(canonicalize(JSON.parse(b)));
const targets = [
  'cyclonedx@1.5',
  'cyclonedx@1.6',
  'cyclonedx@1.7',
  'cyclonedx-xml@1.5',
  'cyclonedx-xml@1.6',
  'cyclonedx-xml@1.7',
  'spdx@3.0.1',
];

describe('convert', () => {
  it.each(targets)('to %s and back gives the same manifest, whatever the file is called', async (target) => {
    const cwd = temporaryDirectory({ 'm.txt': manifest });
    expect((await msbom(cwd, 'convert', 'm.txt', '--to', target, '--lossless', '-o', 'bom.txt')).code).toBe(0);
    const valid = await msbom(cwd, 'validate', 'bom.txt');
    expect(valid.err + (valid.code === 0 ? '' : valid.out)).toBe('');
    const back = await msbom(cwd, 'convert', 'bom.txt', '-q');
    expect(back.err).toBe('');
    same(back.out, manifest);
  });

  it('goes around the triangle', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    await msbom(cwd, 'convert', 'm.json', '--to', 'cyclonedx@1.7', '--lossless', '-o', 'a.json');
    expect((await msbom(cwd, 'convert', 'a.json', '--to', 'spdx', '--lossless', '-o', 'b.json')).code).toBe(0);
    expect((await msbom(cwd, 'convert', 'b.json', '--to', 'cyclonedx-xml@1.6', '--lossless', '-o', 'c.xml')).code).toBe(0);
    expect((await msbom(cwd, 'convert', 'c.xml', '--to', 'cyclonedx@1.7', '--lossless', '-o', 'd.json')).code).toBe(0);
    same((await msbom(cwd, 'convert', 'd.json', '--to', 'msbom')).out, manifest);
  });

  it('writes SPDX 2.3, and reads what it says', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    expect((await msbom(cwd, 'convert', 'm.json', '--to', 'spdx@2.3', '-o', 'a.json')).code).toBe(0);
    const back = await msbom(cwd, 'convert', 'a.json', '-o', 'b.json');
    expect(back.code).toBe(0);
    expect((await msbom(cwd, 'validate', 'b.json')).code).toBe(0);
    const [before, after] = [manifest, readFileSync(join(cwd, 'b.json'), 'utf8')].map((text) => parseManifest(text));
    // SPDX 2.3 knows packages only.
    const subject = after?.components?.[after.bom.subject ?? ''];
    expect(subject).toMatchObject({ name: before?.model?.name, version: before?.model?.version });
    expect(after?.bom).toMatchObject({ serialNumber: before?.bom.serialNumber, version: before?.bom.version });
  });

  it('sums up the losses, and lists them', async () => {
    const cwd = temporaryDirectory({ 'm.json': manifest });
    const carried = await msbom(cwd, 'convert', 'm.json', '--lossless', '--losses', 'losses.json', '-o', 'bom.json');
    expect(carried.err).toMatch(/\ncyclonedx@1\.6: \d+ values or groups of values ride along in properties.*\nlisted in losses\.json\n$/);
    const list = JSON.parse(readFileSync(join(cwd, 'losses.json'), 'utf8')) as {
      target: string;
      losses: { id: string; pointer: string }[];
    };
    expect(list.target).toBe('cyclonedx@1.6');
    expect(list.losses).toContainEqual(expect.objectContaining({ id: 'conversion-carried', pointer: '/evidence', severity: 'info' }));
    const clean = await msbom(cwd, 'convert', 'm.json');
    expect(clean.err).toMatch(/\ncyclonedx@1\.6: \d+ values or groups of values are lost\n--losses FILE lists them\n$/);
    expect(clean.out).not.toContain('msbom:patch');
    expect((await msbom(cwd, 'convert', 'm.json', '--quiet')).err).toBe('');
  });

  it('makes a view for an audience, which says what it leaves out', async () => {
    const tagged = JSON.parse(manifest) as { bom: object };
    const cwd = temporaryDirectory({
      'm.json': JSON.stringify({ ...tagged, bom: { ...tagged.bom, audiences: { '/model/training': 'internal' } } }),
    });
    const seen = await msbom(cwd, 'convert', 'm.json', '--view', 'public', '--to', 'msbom');
    const { model, bom } = JSON.parse(seen.out) as { model: { training?: object }; bom: { declarations: object } };
    expect(model.training).toBeUndefined();
    expect(bom.declarations).toMatchObject({ '/model/training': { status: 'withheld' } });
    const whole = await msbom(cwd, 'convert', 'm.json', '--to', 'msbom', '--view', 'internal');
    expect(whole.out).toContain('"training"');
    const foreign = await msbom(cwd, 'convert', 'm.json', '--view', 'public');
    expect(foreign.out).not.toContain('learning_rate');
  });

  it('makes no model of a document that has none', async () => {
    const cwd = temporaryDirectory({ 'bom.json': JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [] }) });
    const { code, out } = await msbom(cwd, 'convert', 'bom.json');
    expect(code).toBe(0);
    const { model, bom } = JSON.parse(out) as { model?: object; bom: { timestamp: string } };
    expect(model).toBeUndefined();
    expect(bom.timestamp).toBe('2025-11-23T09:00:00Z');
  });

  it.each<[string, string, RegExp]>([
    [
      'breaks its schema',
      '{\n"bomFormat":"CycloneDX",\n"specVersion":"1.6",\n"version":"1"}',
      /^error: bom\.json:4:1: .*\[ERR_CONVERT_INPUT\]/,
    ],
    ['is of a version that is not read', '{"bomFormat":"CycloneDX","specVersion":"1.1"}', /ERR_CONVERT_INPUT/],
    ['breaks the rules of XML', '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><x></bom>', /bom\.json:1:\d+: .*ERR_FORMAT_MALFORMED/],
    [
      'is XML that its schema refuses',
      '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><nonsense/></bom>',
      /bom\.json:1:\d+: .*ERR_CONVERT_INPUT/,
    ],
    ['is no manifest', '{"a":1}', /ERR_MANIFEST_INVALID/],
    ['has a key twice', '{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}', /bom\.json:1:26: .*\[ERR_JSON_DUPLICATE_KEY\]/],
  ])('refuses a document that %s, and writes nothing', async (_what, text, message) => {
    const cwd = temporaryDirectory({ 'bom.json': text });
    const { code, out, err } = await msbom(cwd, 'convert', 'bom.json', '-o', 'out.json');
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(readdirSync(cwd)).toEqual(['bom.json']);
  });
});

const shared = fileURLToPath(new URL('../../../shared/data/cyclonedx/1.6/', import.meta.url));
const names = existsSync(shared) ? readdirSync(shared).filter((name) => /^valid.*\.json$/.test(name)) : [];

describe.skipIf(names.length === 0)('official test documents (skipped where ../shared is absent)', () => {
  it.each(names)('%s is the same after a manifest was made of it and of that a document', async (name) => {
    const text = readFileSync(`${shared}${name}`, 'utf8');
    const cwd = temporaryDirectory({ 'bom.json': text });
    expect((await msbom(cwd, 'convert', 'bom.json', '--to', 'msbom', '-o', 'm.json')).code).toBe(0);
    same((await msbom(cwd, 'convert', 'm.json', '--to', 'cyclonedx@1.6')).out, text);
    // Into a later version, too, without a word lost that it can hold.
    const later = await msbom(cwd, 'convert', 'm.json', '--to', 'cyclonedx@1.7');
    expect(later.code).toBe(0);
  });
});
