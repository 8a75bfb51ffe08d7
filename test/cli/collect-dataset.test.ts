import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { fixtureFiles } from '../support/datasets.js';
import { temporaryDirectory } from '../support/temporary.js';

const msbom = (cwd: string, ...argv: readonly string[]) => runCli(cwd, argv, { env: { SOURCE_DATE_EPOCH: '1763888400' } });

const workspace = (changes: Record<string, string> = {}) =>
  temporaryDirectory({
    ...Object.fromEntries(Object.entries(fixtureFiles('croissant/1.1')).map(([path, bytes]) => [`data/${path}`, bytes])),
    ...changes,
  });

describe('collect --subject dataset', () => {
  it('writes a manifest that validates and verifies', async () => {
    const cwd = workspace();
    expect(
      await msbom(cwd, 'collect', 'data', '--subject', 'dataset', '-o', 'd.msbom.json', '--name', 'reviews', '--group', 'org'),
    ).toMatchObject({ code: 0, out: '' });
    const manifest = JSON.parse(readFileSync(join(cwd, 'd.msbom.json'), 'utf8')) as Manifest;
    expect(manifest.datasets?.[manifest.bom.subject ?? '']).toMatchObject({ name: 'org/reviews', provenanceStatus: 'verified' });
    expect(await msbom(cwd, 'validate', 'd.msbom.json')).toMatchObject({ code: 0 });
    expect(await msbom(cwd, 'verify', 'data', '-m', 'd.msbom.json')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^verified {2}3 files match$/m),
    });
  });
  it('says so when the bytes are not the published ones', async () => {
    const { code, err } = await msbom(
      workspace({ 'data/data/train.csv': 'text,label\nodd,pos\nbad,neg\n' }),
      'collect',
      'data',
      '--subject',
      'dataset',
    );
    expect(code).toBe(1);
    expect(err).toContain('dataset-digest-mismatch');
  });
  it('leaves out a source that is excluded', async () => {
    const { out } = await msbom(workspace(), 'collect', 'data', '--subject', 'dataset', '--exclude', 'croissant');
    expect((JSON.parse(out) as Manifest).datasets?.data).toMatchObject({ name: 'data', provenanceStatus: 'unknown' });
  });
  it.each([
    ['--set', 'model.version=1'],
    ['--select', 'x'],
    ['--with', 'os'],
    ['--group', 'org'],
  ])('refuses %s, which would be ignored', async (...option) => {
    expect(await msbom(workspace(), 'collect', 'data', '--subject', 'dataset', ...option)).toMatchObject({ code: 2, out: '' });
  });
});
