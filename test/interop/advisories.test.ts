/** Decisions on versions against Python packaging, over the shared records of PyPI. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Advisory, compareVersions, decide, readAdvisory } from '../../src/audit/index.js';
import { parseYaml } from '../../src/core/yaml.js';

const directory = fileURLToPath(new URL('../../../shared/data/advisories/pypi/', import.meta.url));

function records(): readonly Advisory[] {
  const files = (readdirSync(directory, { recursive: true }) as string[]).filter(
    (path) => path.endsWith('.yaml') && statSync(join(directory, path)).isFile(),
  );
  return files.flatMap((path) => {
    const parsed = parseYaml(readFileSync(join(directory, path), 'utf8'));
    const advisory = 'problem' in parsed ? undefined : readAdvisory(parsed.value);
    return advisory === undefined ? [] : [advisory];
  });
}

/** The algorithm of the OSV schema over ranges alone, with the versions of Python packaging. */
const PYTHON = `
import json, sys
from packaging.version import Version, InvalidVersion
def v(text):
    try: return Version(text.split('+')[0])
    except InvalidVersion: return None
out = []
for ranges, versions in json.load(sys.stdin):
    for text in versions:
        own, hit, open_ = v(text), False, False
        for events in ranges:
            marks = [(k, None if w == '0' else v(w), w) for k, w in events]
            if own is None or any(m is None and w != '0' for _, m, w in marks): open_ = True; continue
            marks.sort(key=lambda e: (e[1] is not None, e[1] or Version('0')))
            state = False
            for k, m, _ in marks:
                if k == 'introduced' and (m is None or own >= m): state = True
                elif k == 'fixed' and m is not None and own >= m: state = False
                elif k == 'last_affected' and m is not None and own > m: state = False
            hit = hit or state
        out.append('affected' if hit else 'open' if open_ else 'unaffected')
json.dump(out, sys.stdout)
`;

it.skipIf(!existsSync(directory))('decides as Python packaging does, and finds every version that is listed', () => {
  const all = records();
  const versions = new Map<string, Set<string>>();
  for (const { affected } of all) {
    for (const each of affected) {
      const known = versions.get(each.name) ?? new Set();
      for (const version of [...each.versions, ...each.ranges.flat().map((event) => event.version)])
        if (version !== '0') known.add(version);
      versions.set(each.name, known);
    }
  }
  const asked = all.flatMap(({ affected }) => affected.filter(({ ranges }) => ranges.length > 0));
  const input = asked.map((each) => [
    each.ranges.map((events) => events.map(({ kind, version }) => [kind, version])),
    [...(versions.get(each.name) ?? [])],
  ]);
  const theirs = JSON.parse(
    execFileSync('python3', ['-c', PYTHON], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1e8 }),
  ) as string[];
  const ours = asked.flatMap((each) =>
    [...(versions.get(each.name) ?? [])].map((version) => {
      const decision = decide({ ...each, versions: [] }, version);
      return typeof decision === 'string' ? decision : 'open';
    }),
  );
  const different = ours.filter((each, i) => each !== theirs[i]).length;
  const listed = all.flatMap(({ affected }) => affected.flatMap((each) => each.versions.map((version) => decide(each, version))));
  console.log(`${all.length} advisories, ${ours.length} decisions, ${different} different; ${listed.length} listed versions`);
  expect(ours.length).toBeGreaterThan(50_000);
  expect(different).toBe(0);
  expect(listed.every((each) => each === 'affected')).toBe(true);
});

/** Orders pairs of versions by the comparer of osv-scanner: lines of ecosystem, a and b, parted by tabs; `none` where one is no version. */
const COMPARER = process.env.MSBOM_SEMANTIC;
const PARTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Debian: [['', '1:'], ['1', '2', '01', '10'], ['.'], ['0', '3', '11'], ['', '~rc1', '+dfsg', 'a', '~~'], ['', '-1', '-1~deb12u1', '-0']],
  'Red Hat': [['', '1:'], ['1', '2', '10'], ['.'], ['0', '3', '11'], ['', '~rc1', 'a', '^git1'], ['-1', '-2.el9', '-10']],
  NuGet: [['1', '2', '10'], ['.'], ['0', '3'], ['', '.0', '.1', '.0.5'], ['', '-alpha', '-Beta.2', '-rc.11', '+x']],
  Maven: [
    ['1', '2', '10'],
    ['.', '-'],
    ['0', '3'],
    ['', '-alpha-1', '-a1', '-SNAPSHOT', '-ga', '-sp', '-foo', '-1', '.RELEASE'],
  ],
  RubyGems: [['1', '2', '10'], ['.'], ['0', '3'], ['', '.0', '.rc1', '.a.1', '.b2']],
  Packagist: [['', 'v'], ['1', '10'], ['.'], ['0', '3'], ['.0', '.7'], ['', '-alpha1', '-beta2', '-RC1']],
  'crates.io': [['1', '2', '10'], ['.'], ['0', '3'], ['.0', '.7'], ['', '-alpha', '-rc.1', '-1', '+b']],
};
const all = (parts: readonly (readonly string[])[]): readonly string[] =>
  parts.reduce<readonly string[]>((starts, ends) => starts.flatMap((start) => ends.map((end) => start + end)), ['']);

it.skipIf(COMPARER === undefined)('orders versions of other ecosystems as osv-scanner does', () => {
  for (const [ecosystem, parts] of Object.entries(PARTS)) {
    const versions = all(parts);
    const pairs = versions.flatMap((a, i) => versions.filter((_, j) => (i * 31 + j * 17) % 7 === 0).map((b) => [a, b] as const));
    const input = pairs.map(([a, b]) => `${ecosystem}\t${a}\t${b}\n`).join('');
    const theirs = execFileSync(COMPARER ?? '', { input, encoding: 'utf8', maxBuffer: 1e8 })
      .trim()
      .split('\n');
    const different = pairs.filter(([a, b], i) => String(Math.sign(compareVersions(ecosystem, a, b) ?? Number.NaN) + 0) !== theirs[i]);
    console.log(`${ecosystem}: ${pairs.length} pairs, ${different.length} different`);
    expect(different).toEqual([]);
  }
});

it.skipIf(!existsSync('/usr/bin/dpkg'))('orders versions of Debian as dpkg does', () => {
  const versions = all(PARTS.Debian ?? []);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [versions[(i * 37) % versions.length] ?? '', versions[(i * 101 + 13) % versions.length] ?? ''];
    const theirs = ['lt', 'eq', 'gt'].findIndex((word) => spawnSync('dpkg', ['--compare-versions', a, word, b]).status === 0) - 1;
    expect(Math.sign(compareVersions('Debian', a, b) ?? Number.NaN), `${a} and ${b}`).toBe(theirs);
  }
});
