import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assemble } from '../../src/collect/assemble.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { type HostOptions, openHost } from '../../src/platform/host.js';
import { nodePackages } from '../../src/probe/node-packages/index.js';
import type { Manifest } from '../../src/schema/index.js';
import { problemsOf } from '../support/sections.js';
import { temporaryDirectory } from '../support/temporary.js';
import { listOf } from '../support/things.js';

const lock = JSON.parse(readFileSync(new URL('../fixtures/collect/locks/npm/package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Record<string, unknown>>;
};
const { '': _project, ...installed } = lock.packages;
const HIDDEN = 'app/node_modules/.package-lock.json';

/** A root with these files; npm's hidden lock is the other one without the project. */
function tree(files: Readonly<Record<string, unknown>>): string {
  const root = temporaryDirectory();
  for (const [path, value] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return root;
}

async function probe(options: HostOptions) {
  const { contributions, findings = [] } = await nodePackages.probe(openHost({ cwd: '/app', ...options }), {
    environment: 'here',
    purpose: ['inference'],
    limits: DEFAULT_LIMITS,
    includePrivate: false,
  });
  const { sections } = assemble(contributions);
  expect(problemsOf({ environments: { here: { purpose: ['inference'] } }, ...sections })).toEqual([]);
  return { findings, components: listOf((sections as Partial<Manifest>).components) };
}

it('lists what npm installed', async () => {
  const { findings, components } = await probe({ root: tree({ [HIDDEN]: { lockfileVersion: 3, packages: installed } }) });
  expect(findings).toEqual([]);
  expect(components).toHaveLength(Object.keys(installed).length);
  expect(components.find(({ name }) => name === 'is-odd')).toMatchObject({
    version: '3.0.1',
    status: 'installed',
    environment: 'here',
    scope: ['inference'],
    digest: { sha512: expect.stringMatching(/^[0-9a-f]{128}$/) },
  });
});

it('takes the licence of package.json where the lock has none', async () => {
  const files = {
    [HIDDEN]: { packages: { 'node_modules/old': { version: '1.0.0' }, 'node_modules/odd': { version: '1.0.0' } } },
    'app/node_modules/old/package.json': { licenses: [{ type: 'MIT' }] },
    'app/node_modules/odd/package.json': '{',
  };
  const { components } = await probe({ root: tree(files) });
  expect(components).toMatchObject([{ name: 'old', licenses: [{ expression: 'MIT' }] }, { name: 'odd' }]);
  expect(components[1]).not.toHaveProperty('licenses');
});

it('names the interpreter only on a running machine', async () => {
  const root = tree({ [HIDDEN]: { packages: installed } });
  const run: HostOptions['run'] = async () => ({ exitCode: 0, stdout: 'v20.1.2\n' });
  const node = ({ components }: Awaited<ReturnType<typeof probe>>) => components.filter(({ name }) => name === 'node');
  expect(node(await probe({ root, run, live: true }))).toMatchObject([{ type: 'platform', version: '20.1.2' }]);
  expect(node(await probe({ root, run }))).toEqual([]);
});

it('says what it did not look at', async () => {
  expect((await probe({ root: tree({ 'app/node_modules/a/package.json': {} }) })).findings).toMatchObject([
    { severity: 'low', file: 'node_modules' },
  ]);
  expect((await probe({ root: tree({ [HIDDEN]: '{' }) })).findings).toMatchObject([{ severity: 'medium' }]);
  expect((await probe({ root: tree({ 'app/x': '' }) })).findings).toEqual([]);
});

it('takes hostile locks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.jsonValue(),
      fc.constantFrom('version', 'resolved', 'integrity', 'license', 'dependencies', 'name'),
      async (place, value, key) => {
        const packages = {
          [`node_modules/${place}`]: { version: '1.0.0', [key]: value },
          'node_modules/a': { version: '1.0.0', dependencies: { [place]: '1' } },
        };
        await probe({ root: tree({ [HIDDEN]: { packages } }) });
      },
    ),
    { numRuns: Number(process.env.MSBOM_RUNS ?? 100) },
  );
});
