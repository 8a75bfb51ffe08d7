/** Decisions on versions against Python packaging, over the shared records of PyPI. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Advisory, decide, readAdvisory } from '../../src/audit/index.js';
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
