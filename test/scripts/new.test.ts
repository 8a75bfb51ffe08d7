/** What `npm run new` makes compiles, stands at its place in the sorted list, and does what it says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesOf, mergePatch } from '../../scripts/merge-patch.mjs';
import { readProfile } from '../../src/comply/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
let copy: string;
let count = 0;
const create = (...argv: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/new.mjs'), ...argv, '--root', copy], { encoding: 'utf8' });
/** A module of the copy, bundled as it is when it is built. */
async function bundled<T>(entry: string): Promise<T> {
  const outfile = join(copy, 'out', `${++count}.mjs`);
  await build({ entryPoints: [join(copy, entry)], bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile });
  return (await import(pathToFileURL(outfile).href)) as T;
}

beforeAll(() => {
  // Inside of the repository, so that packages are found.
  mkdirSync(join(root, '.tmp'), { recursive: true });
  copy = mkdtempSync(join(root, '.tmp', 'new-'));
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(root, 'docs/rules/base.json'), join(copy, 'docs/rules/base.json'));
  symlinkSync(join(root, 'package.json'), join(copy, 'package.json'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('npm run new', () => {
  it.each(['aaa-first', 'license-missing', 'zzz-last'])('rule %s', async (id) => {
    expect(create('rule', id)).toMatchObject({ status: 0, stderr: '' });
    const { RULES } = await bundled<{ RULES: readonly { meta: { id: string; title: string; fix: string } }[] }>(
      'src/validate/rules/index.ts',
    );
    const ids = RULES.map(({ meta }) => meta.id);
    expect(ids).toContain(id);
    expect(ids).toEqual([...ids].sort());
    const page = readFileSync(join(copy, `docs/rules/${id}.md`), 'utf8');
    const { meta } = RULES.find((each) => each.meta.id === id) ?? RULES[0] ?? { meta: { title: '', fix: '' } };
    expect(page).toContain(meta.title);
    expect(page).toContain(meta.fix);
    const { validateManifest } = await bundled<{ validateManifest(of: unknown): { findings: { id: string }[] } }>('src/validate/index.ts');
    const base = JSON.parse(readFileSync(join(copy, 'docs/rules/base.json'), 'utf8')) as object;
    for (const { kind, patch } of examplesOf(page))
      expect(validateManifest(mergePatch(base, patch)).findings.some((each) => each.id === id)).toBe(kind === 'invalid');
  });
  it('collector', { timeout: 60_000 }, async () => {
    expect(create('collector', 'mid-tool')).toMatchObject({ status: 0, stderr: '' });
    const { COLLECTORS } = await bundled<{ COLLECTORS: readonly { id: string }[] }>('src/collect/index.ts');
    const ids = COLLECTORS.map(({ id }) => id);
    expect(ids).toContain('mid-tool');
    expect(ids).toEqual([...ids].sort());
    const { collectDirectory } =
      await bundled<Pick<typeof import('../../src/node.js'), 'collectDirectory'>>('src/collect/disk/directory.ts');
    const { manifest } = await collectDirectory(temporaryDirectory({ 'mid-tool.json': '{"description":"said"}' }), { now: new Date(0) });
    expect(manifest.model).toMatchObject({ description: 'said' });
    expect(existsSync(join(copy, 'test/collect/mid-tool.test.ts'))).toBe(true);
  });
  it('profile, which is one', async () => {
    expect(create('profile', 'house-rules')).toMatchObject({ status: 0, stderr: '' });
    expect(await readProfile(readFileSync(join(copy, 'house-rules.json')), 'house-rules.json')).toMatchObject({ id: 'house-rules' });
  });
  it('refuses what is there, and what is no name', () => {
    expect(create('rule', 'digest-form')).toMatchObject({ status: 1, stderr: expect.stringContaining('exists already') });
    for (const argv of [['rule'], ['rule', 'Not A Name'], ['thing', 'name'], ['rule', '../x']]) expect(create(...argv).status).toBe(2);
    expect(execFileSync('git', ['status', '--porcelain', 'src'], { cwd: root, encoding: 'utf8' })).not.toContain('digest-form');
  });
});
