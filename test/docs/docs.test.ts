import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');

// Inside the repository, so that `msbom` means this package.
mkdirSync(join(root, '.tmp'), { recursive: true });
const work = mkdtempSync(join(root, '.tmp', 'docs-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('links to files that are there', () => {
    for (const [, target = ''] of text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^[a-z]+:/.test(target)) expect(existsSync(join(root, dirname(page), target)), `${page} → ${target}`).toBe(true);
    }
  });

  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)\n```/gm)].map((match) => match[1] ?? '');
  it.each(examples.map((code, i) => [i + 1, code] as const))('example %i runs', (number, code) => {
    if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');
    const directory = mkdtempSync(join(work, 'example-'));
    mkdirSync(join(directory, 'out'));
    writeFileSync(join(directory, 'out', 'labels.txt'), 'zero\none\n');
    writeFileSync(join(directory, `example-${number}.mjs`), transformSync(code, { loader: 'ts', format: 'esm', target: 'node20' }).code);
    execFileSync(process.execPath, [`example-${number}.mjs`], { cwd: directory, stdio: 'pipe' });
  });
});

it('says nothing of the machine it was written on', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const text = files
    .filter((path) => /\.(md|ts|mjs|json|yml|sh)$/.test(path) && existsSync(join(root, path)))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  for (const each of text) expect(each.includes(root.slice(0, -1)), 'an absolute path of this checkout').toBe(false);
});
