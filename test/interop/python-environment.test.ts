/** The packages of a real environment against those that pip lists. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { assemble } from '../../src/collect/assemble.js';
import { pypiName } from '../../src/collect/component.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { openHost } from '../../src/platform/host.js';
import { pythonProbe } from '../../src/probe/python/index.js';
import { problemsOf } from '../support/sections.js';
import { PYTHON } from './python.js';

const python = (...args: readonly string[]): string => execFileSync(PYTHON, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

it('has the names and versions of `pip list`, and the version of the interpreter', async () => {
  const listed = JSON.parse(python('-m', 'pip', 'list', '--format', 'json')) as { name: string; version: string }[];
  const executable = python('-c', 'import sys; print(sys.executable)').trim();
  const context = { environment: 'here', purpose: ['training'] as ['training'], limits: DEFAULT_LIMITS, includePrivate: false };
  const { contributions, findings = [] } = await pythonProbe.probe(openHost(), { ...context, python: executable });
  const { sections } = assemble(contributions);
  expect(problemsOf(sections)).toEqual([]);
  const components = Object.values(sections.components ?? {}) as { name: string; version: string; status?: string; licenses?: unknown }[];
  const ours = components.filter(({ status }) => status === 'installed');
  // pip shows one of several of a name.
  const twice = new Set(findings.filter(({ id }) => id === 'package-duplicate').map(({ message }) => /`(.+?)`/.exec(message)?.[1]));
  const of = (all: readonly { name: string; version: string }[]) =>
    all
      .filter(({ name }) => !twice.has(pypiName(name)))
      .map(({ name, version }) => `${pypiName(name)} ${version}`)
      .sort();
  expect(of(ours)).toEqual(of(listed));
  const [environment] = Object.values(sections.environments ?? {}) as { runtime: { version: string; implementation: string } }[];
  expect(environment?.runtime).toMatchObject({
    version: python('-c', 'import platform; print(platform.python_version())').trim(),
    implementation: python('-c', 'import platform; print(platform.python_implementation())').trim(),
  });
  console.log(`${ours.length} packages compared, ${ours.filter(({ licenses }) => licenses !== undefined).length} with a licence`);
});

it('has the requirements that `importlib.metadata` knows to hold here', async () => {
  const script = `
import importlib.metadata as m, json, re
from packaging.requirements import Requirement
name = lambda n: re.sub(r'[-_.]+', '-', n).lower()
have = {name(d.metadata['Name']) for d in m.distributions()}
edges = {}
for d in m.distributions():
    wanted = [Requirement(r) for r in d.requires or []]
    edges[name(d.metadata['Name'])] = sorted({name(r.name) for r in wanted if 'extra' not in str(r.marker or '') and (r.marker is None or r.marker.evaluate()) and name(r.name) in have} - {name(d.metadata['Name'])})
print(json.dumps(edges))`;
  const theirs = JSON.parse(python('-c', script)) as Record<string, string[]>;
  const context = { environment: 'here', purpose: ['training'] as ['training'], limits: DEFAULT_LIMITS, includePrivate: false };
  const { contributions } = await pythonProbe.probe(openHost(), {
    ...context,
    python: python('-c', 'import sys; print(sys.executable)').trim(),
  });
  const edges = contributions.flatMap((each) =>
    each.kind === 'addition' && each.list === '/dependencies' && each.item.kind === 'depends-on' ? [each.item] : [],
  );
  const bare = (id: unknown): string => String(id).slice('pypi.'.length).replace(/_.*$/, '');
  const ours = Object.fromEntries(edges.map(({ ref, dependsOn }) => [bare(ref), (dependsOn as readonly string[]).map(bare).sort()]));
  expect(ours).toEqual(theirs);
});
