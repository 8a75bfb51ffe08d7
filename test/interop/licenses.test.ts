/**
 * Licence texts that real packages ship, as google/licensecheck (the detector of pkg.go.dev) tells them. It allows for other words, we do
 * not: what it names and we do not is no disagreement where the text differs; what we name and it does not is one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recognizeLicense } from '../../src/collect/licenses/recognize.js';
import { temporaryDirectory } from '../support/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasGo = spawnSync('go', ['version']).status === 0;
const NAME = /^(?:licen[cs]e|copying)[^/]*$/i;
const CODE = /\.(?:py|pyc|js|ts|mjs|cjs|json|go)$/;

/** Files of the name of licences below these directories, one of each content. */
function texts(directories: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return directories
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
    .filter(
      (entry) => entry.isFile() && ((NAME.test(entry.name) && !CODE.test(entry.name)) || entry.parentPath.endsWith('common-licenses')),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .filter((path) => {
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      return !seen.has(digest) && seen.add(digest);
    });
}

interface Told {
  readonly path: string;
  readonly ids: readonly string[];
  /** Of the words, those that belong to a licence. */
  readonly percent: number;
}

function told(paths: readonly string[]): readonly Told[] {
  const program = join(temporaryDirectory(), 'licenses');
  execFileSync('go', ['build', '-o', program, '.'], { cwd: join(root, 'scripts/interop/licenses'), stdio: 'inherit' });
  const lines = execFileSync(program, { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Told);
}

/** The texts do not say whether later versions may be chosen. */
const plain = (ids: readonly string[]): readonly string[] => [...new Set(ids.map((id) => id.replace(/-(?:only|or-later)$/, '')))].sort();
/** The detector's own words for licences that SPDX calls otherwise. */
const isSame = (one: string, two: string): boolean => one === two || two.startsWith(`${one}-`);

describe.runIf(hasGo)('licence texts of packages', () => {
  const paths = texts([join(root, 'node_modules'), join(root, '.tmp/interop/lib'), '/usr/share/common-licenses']);
  const all = told(paths).map((each) => ({ ...each, ours: recognizeLicense(readFileSync(each.path, 'utf8')) }));
  it('are many', () => expect(all.length).toBeGreaterThanOrEqual(100));
  it('are never told to be another licence than the detector tells', () => {
    const wrong = all.filter(({ ours, ids }) => !plain(ours.ids).every((id) => plain(ids).some((theirs) => isSame(id, theirs))));
    expect(wrong.map(({ path, ours, ids }) => [path, ours.ids, ids])).toEqual([]);
  });
  it('are told to hold more where the detector finds another licence in them', () => {
    const more = all.filter(({ ours, ids }) => ours.ids.length > 0 && plain(ids).length > plain(ours.ids).length);
    expect(more.filter(({ ours }) => !ours.hasMore).map(({ path }) => path)).toEqual([]);
  });
  it('are known, but for those that are in no table and those with other words', () => {
    const known = all.filter(({ ours }) => ours.ids.length > 0);
    const common = all.filter(
      ({ ids, percent }) => percent > 99 && ids.every((id) => ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause'].includes(id)),
    );
    expect(known.length / all.length).toBeGreaterThan(0.9);
    expect(common.filter(({ ours }) => ours.ids.length === 0).map(({ path }) => path)).toEqual([]);
  });
});
