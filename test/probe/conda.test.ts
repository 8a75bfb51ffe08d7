import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assemble } from '../../src/collect/assemble.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { type HostOptions, openHost } from '../../src/platform/host.js';
import { condaProbe } from '../../src/probe/conda/index.js';
import type { ProbeContext } from '../../src/probe/probe.js';
import type { Manifest } from '../../src/schema/index.js';
import { problemsOf } from '../support/sections.js';
import { temporaryDirectory } from '../support/temporary.js';
import { listOf } from '../support/things.js';

const fixture = fileURLToPath(new URL('../fixtures/hosts/conda-env', import.meta.url));
const PREFIX = '/opt/conda/envs/train';
const RECORD = `${PREFIX}/conda-meta/bzip2-1.0.8-hd590300_5.json`;

async function probe(options: HostOptions = {}, context: Partial<ProbeContext> = {}) {
  const host = openHost({ root: fixture, env: { CONDA_PREFIX: PREFIX }, ...options });
  const { contributions, findings = [] } = await condaProbe.probe(host, {
    environment: 'here',
    purpose: ['training'],
    limits: DEFAULT_LIMITS,
    includePrivate: false,
    ...context,
  });
  const sections = assemble(contributions).sections as Partial<Manifest>;
  expect(problemsOf({ environments: { here: { purpose: ['training'] } }, ...sections })).toEqual([]);
  return { findings, sections, text: JSON.stringify(sections) };
}

it('lists the packages of the active environment by their records', async () => {
  const { sections, findings } = await probe();
  expect(findings).toEqual([]);
  expect(listOf(sections.components)).toMatchObject([
    {
      name: 'bzip2',
      version: '1.0.8',
      identifiers: [{ type: 'purl', value: 'pkg:conda/bzip2@1.0.8?build=hd590300_5&channel=conda-forge&subdir=linux-64&type=conda' }],
      digest: { sha256: '242c0c324507ee172c0e0dd2045814e746bb303d1eb78870d182ceb0abc726a8', md5: '69b8b6202a07720f448be700e300ccf4' },
      licenses: [{ expression: 'bzip2-1.0.6', kind: 'declared' }],
      filename: 'bzip2-1.0.8-hd590300_5.conda',
      status: 'installed',
      environment: 'here',
      scope: ['training'],
      uris: { distribution: expect.stringContaining('/conda-forge/linux-64/bzip2-1.0.8') },
    },
    { name: 'libgcc-ng', licenses: [{ expression: 'GPL-3.0-only WITH GCC-exception-3.1' }] },
  ]);
  const [bzip2, libgcc] = listOf(sections.components);
  // `__glibc` is of the system.
  expect(sections.dependencies?.[bzip2?.id ?? '']).toEqual({ edges: { 'depends-on': [libgcc?.id] }, completeness: 'complete' });
});

it('tells nothing of a private channel, of paths and of people', async () => {
  const { text } = await probe();
  expect(text).not.toMatch(/secret|conda\.example\.com|someone|miniconda3/);
});

it('finds the environment by an interpreter in it, and is silent where there is none', async () => {
  const root = temporaryDirectory();
  cpSync(fixture, root, { recursive: true });
  expect(listOf((await probe({ root, env: {} }, { python: `${PREFIX}/bin/python` })).sections.components)).toHaveLength(2);
  expect((await probe({ env: {} })).sections.components).toBeUndefined();
});

it('reports a record that cannot be read, and goes on', async () => {
  const root = temporaryDirectory();
  cpSync(fixture, root, { recursive: true });
  writeFileSync(join(root, PREFIX, 'conda-meta/broken-1-0.json'), '{"name":');
  const { findings, sections } = await probe({ root });
  expect(findings).toMatchObject([{ id: 'metadata-unreadable', file: 'broken-1-0.json' }]);
  expect(listOf(sections.components)).toHaveLength(2);
});

it('takes hostile records', async () => {
  const root = temporaryDirectory();
  cpSync(fixture, root, { recursive: true });
  const good = JSON.parse(readFileSync(join(root, RECORD), 'utf8')) as Record<string, unknown>;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), async (key, value) => {
      writeFileSync(join(root, RECORD), JSON.stringify({ ...good, [key]: value }));
      await probe({ root });
    }),
    { numRuns: Number(process.env.MSBOM_RUNS ?? 150) },
  );
});
