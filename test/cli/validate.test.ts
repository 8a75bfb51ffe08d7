import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { readFixture } from '../support/cyclonedx.js';
import { temporaryDirectory } from '../support/temporary.js';

const good = readFixture('adapter-1.6.cdx.json');
const bad = good.replace('"specVersion": "1.6"', '"specVersion": "1.6",\n  "colour": "red"');
const xml = readFixture('xml/model-1.6.cdx.xml');

const msbom = (argv: readonly string[], stdin = '') =>
  runCli(temporaryDirectory({ 'good.json': good, 'bad.json': bad, 'bom.xml': xml }), argv, { stdin });

describe('msbom validate', () => {
  it('tells a document by its content, in files and on standard input', async () => {
    expect(await msbom(['validate', 'good.json', '-'], good)).toEqual({ code: 0, out: 'valid  good.json\nvalid  -\n', err: '' });
    expect(await msbom(['validate', '-'], xml)).toMatchObject({ code: 0, out: expect.stringContaining('valid  -') });
  });
  it('shows line and column of what is wrong', async () => {
    const { code, out } = await msbom(['validate', 'bad.json', 'bom.xml']);
    expect(code).toBe(1);
    expect(out).toContain('bad.json:5:3: high "colour" is not known here [cyclonedx-schema]\n  at /colour\n');
    expect(out).toContain(
      'bom.xml:66:7: low <x:rating> in <service> is of another namespace, which is not checked [cyclonedx-xml-extension]\n',
    );
    expect(out).toContain('\nvalid  bom.xml  (1 medium, 1 low)\n');
  });
  it('writes all formats of findings', async () => {
    expect(JSON.parse((await msbom(['validate', '--format', 'json', 'bad.json'])).out)).toMatchObject({
      files: [{ file: 'bad.json', valid: false, findings: [{ id: 'cyclonedx-schema', line: 5 }] }],
    });
    expect((await msbom(['validate', '--format', 'sarif', 'bad.json'])).out).toContain('"startLine": 5');
    expect((await msbom(['validate', '--format', 'github', 'bad.json'])).out).toContain('line=5');
  });
  it('lints for consumers', async () => {
    const { code, out } = await msbom(['validate', 'good.json', '--for', 'dependency-track', '--for', 'guac', '--fail-on', 'info']);
    expect(code).toBe(1);
    expect(out).toContain('Dependency-Track does not read `modelCard` [dependency-track-ignored]');
    expect(out).toContain('GUAC does not read `modelCard` [guac-ignored]');
    expect(await msbom(['validate', 'good.json', '--for', 'nobody'])).toMatchObject({ code: 2, err: expect.stringContaining('--for') });
  });
  it('takes what cannot be read for wrong', async () => {
    expect(await msbom(['validate', '-'], '<bom')).toMatchObject({ code: 1, out: expect.stringContaining('[format-malformed]') });
    expect(await msbom(['validate', '-'], '{"bomFormat":')).toMatchObject({ code: 1, out: expect.stringContaining('[json-syntax]') });
  });
});
