import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/collect/assemble.js';
import { pypiName } from '../../src/collect/component.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { type HostOptions, openHost } from '../../src/platform/host.js';
import type { ProbeContext } from '../../src/probe/probe.js';
import { readBundled } from '../../src/probe/python/bundled.js';
import { pythonProbe } from '../../src/probe/python/index.js';
import { parseRecord } from '../../src/probe/python/record.js';
import type { Manifest } from '../../src/schema/index.js';
import { problemsOf } from '../support/sections.js';
import { temporaryDirectory } from '../support/temporary.js';
import { edgeOf, listOf } from '../support/things.js';

const fixture = fileURLToPath(new URL('../fixtures/hosts/python-venv', import.meta.url));
const COMMIT = '8d1b5b9a9a0c8b0b2f3f4e5d6c7b8a9f0e1d2c3b';
const SITE = 'opt/venv/lib/python3.11/site-packages';
const INFO = `${SITE}/example_package-1.2.0.dist-info`;

async function probe(options: HostOptions = {}, context: Partial<ProbeContext> = {}) {
  const host = openHost({ root: fixture, ...options });
  const { contributions, findings = [] } = await pythonProbe.probe(host, {
    environment: 'here',
    purpose: ['training'],
    limits: DEFAULT_LIMITS,
    includePrivate: false,
    python: '/opt/venv',
    ...context,
  });
  const { sections, evidence } = assemble(contributions);
  expect(problemsOf(sections)).toEqual([]);
  const manifest = sections as Partial<Manifest>;
  const components = listOf(manifest.components);
  const dependencies = manifest.dependencies ?? {};
  return { sections, components, dependencies, findings, evidence, named: (name: string) => components.find((each) => each.name === name) };
}

/** The fixture with some files changed: undefined removes one. */
function changed(files: Readonly<Record<string, string | undefined>>): HostOptions {
  const root = temporaryDirectory();
  cpSync(fixture, root, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(root, path), { recursive: true });
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  return { root };
}

describe('a virtual environment that sees the packages of its base', () => {
  it('has the packages that pip lists, and those of the base', async () => {
    const listed = JSON.parse(readFileSync(join(fixture, 'pip-list.json'), 'utf8')) as { name: string; version: string }[];
    const { components, findings } = await probe();
    expect(findings).toEqual([]);
    const ours = components.filter(({ status }) => status === 'installed').map(({ name, version }) => `${name} ${version}`);
    const base = ['pyjwt 2.6.0', 'six 1.16.0'];
    expect(ours.sort()).toEqual([...listed.map(({ name, version }) => `${pypiName(name)} ${version}`), ...base].sort());
  });
  it('is told by the files of the interpreter, which are newer than pyvenv.cfg', async () => {
    const { sections, evidence } = await probe();
    expect(sections.environments).toEqual({
      here: { purpose: ['training'], runtime: { language: 'Python', version: '3.11.9', implementation: 'CPython' } },
    });
    expect(evidence).toContainEqual(expect.objectContaining({ source: { name: 'patchlevel.h' }, pointer: '/environments/here' }));
  });
  it('says of a package all that its metadata says', async () => {
    const { named, sections } = await probe();
    expect(named('example-package')).toEqual({
      id: 'pypi.example-package_1.2.0',
      type: 'library',
      name: 'example-package',
      version: '1.2.0',
      description: 'A package for tests',
      producer: 'example',
      identifiers: [
        { type: 'purl', value: 'pkg:pypi/example-package@1.2.0' },
        { type: 'other', scheme: 'SHA-256 of RECORD', value: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      licenses: [{ expression: 'Apache-2.0', kind: 'declared' }],
      digest: { sha256: 'a1d498c4854b970a405d6964572e370e7da531828ac0d4f718b48fa57b005e68' },
      filename: 'example_package-1.2.0-py3-none-any.whl',
      scope: ['training'],
      status: 'installed',
      environment: 'here',
      uris: { homepage: 'https://example.org/package', source: 'https://example.org/source' },
    });
    expect(sections.parties).toMatchObject({
      example: { name: 'Example', contact: { url: 'https://example.org/package' } },
      'benjamin-peterson': { name: 'Benjamin Peterson' },
    });
    // Without an address that it came from there is no digest of a wheel.
    expect(named('iniconfig')).not.toHaveProperty('digest');
    expect(named('six')).toMatchObject({ licenses: [{ expression: 'MIT' }], producer: 'benjamin-peterson' });
  });
  it('tells who installed it and that it is editable, and no path', async () => {
    const { evidence, sections } = await probe();
    const methods = evidence.map(({ method }) => method);
    expect(methods).toContain('metadata of an installed distribution, installed by pip, editable');
    expect(JSON.stringify([sections, evidence])).not.toMatch(/\/tmp\/|file:|@example/);
  });
  it('has edges that hold here, and says where there may be more', async () => {
    const { dependencies } = await probe();
    const edge = (ref: string) => edgeOf({ dependencies }, ref);
    // colorama is for Windows, tomli for an older Python.
    expect(edge('pypi.example-package_1.2.0')).toMatchObject({ dependsOn: ['pypi.iniconfig_2.3.1'], completeness: 'complete' });
    expect(edge('pypi.editable-example_0.1.0')).toMatchObject({ dependsOn: ['pypi.example-package_1.2.0'] });
    expect(edge('pypi.iniconfig_2.3.1')).toMatchObject({ dependsOn: [], completeness: 'complete' });
    // Its requires.txt has extras.
    expect(edge('pypi.pyjwt_2.6.0')).toMatchObject({ completeness: 'partial' });
  });
  it('lists what is built into a wheel by its SBOM', async () => {
    const { dependencies, sections, named, components } = await probe();
    expect(named('memchr')).toMatchObject({
      identifiers: [{ value: 'pkg:cargo/memchr@2.7.4' }],
      licenses: [{ expression: 'Unlicense OR MIT' }],
      digest: { sha256: expect.stringMatching(/^78ca/) },
      environment: 'here',
    });
    expect(named('memchr')?.status).toBeUndefined();
    expect(named('part')).toMatchObject({ group: 'inner', version: '1' });
    expect(named('cc')).toBeUndefined();
    expect(components.filter(({ name }) => name === 'example-package')).toHaveLength(1);
    expect(dependencies['pypi.example-package_1.2.0']).toMatchObject({
      edges: { contains: expect.arrayContaining(['cargo.memchr_2.7.4']) },
      completeness: 'complete',
    });
    expect(listOf((sections as Partial<Manifest>).documents)).toMatchObject([
      { type: 'sbom', mediaType: 'application/vnd.cyclonedx+json', digest: { sha256: expect.any(String) } },
    ]);
  });
  it('without the base has only its own', async () => {
    const { named } = await probe(changed({ 'opt/venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.11.2\n' }));
    expect(named('six')).toBeUndefined();
    expect(named('pluggy')).toBeDefined();
  });
});

describe('the environment is found', () => {
  it('by the interpreter, whose links do not matter, by the variables, and by the search path', async () => {
    const options = changed({});
    symlinkSync('/usr/bin/python3.11', join(String(options.root), 'opt/venv/bin/python3'));
    mkdirSync(join(String(options.root), 'usr/bin'));
    writeFileSync(join(String(options.root), 'usr/bin/python3.11'), '');
    for (const [given, env] of [
      ['/opt/venv/bin/python3', {}],
      [undefined, { VIRTUAL_ENV: '/opt/venv' }],
      [undefined, { PATH: '/nowhere:/opt/venv/bin' }],
    ] as const) {
      const { named } = await probe({ ...options, env }, { python: given });
      expect(named('pluggy')).toBeDefined();
    }
    const base = await probe(options, { python: '/usr/bin/python3.11' });
    expect(base.named('six')).toBeDefined();
    expect(base.named('pluggy')).toBeUndefined();
  });
  it('by asking a wrapper, in isolation, only on a running machine', async () => {
    const asked: string[][] = [];
    const run: HostOptions['run'] = async (command, args) => {
      asked.push([command, ...args.slice(0, 2)]);
      return { exitCode: 0, stdout: '/opt/venv/bin/python3\n/usr\n3.11.9\ncpython\n' };
    };
    const options = { ...changed({ 'shims/bin/python3': '#!/bin/sh\n' }), env: { PATH: '/shims/bin' }, run };
    expect((await probe({ ...options, live: true }, { python: undefined })).named('pluggy')).toBeDefined();
    expect(asked).toEqual([['/shims/bin/python3', '-I', '-S']]);
    expect((await probe({ ...options, live: false }, { python: undefined })).findings).toMatchObject([
      { id: 'environment-missing', severity: 'info' },
    ]);
  });
  it('or not, and that is said', async () => {
    expect((await probe({}, { python: '/opt/other' })).findings).toMatchObject([{ id: 'environment-missing', severity: 'medium' }]);
  });
});

describe('odd packages', () => {
  it('of one name are a finding, and all are listed', async () => {
    const { findings, components } = await probe(
      changed({ [`${SITE}/pluggy-1.6.0.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: pluggy\nVersion: 1.6.0\n' }),
    );
    expect(findings).toMatchObject([
      { id: 'package-duplicate', severity: 'medium', message: expect.stringContaining('pluggy-1.6.0.dist-info') },
    ]);
    expect(
      components
        .filter(({ name }) => name === 'pluggy')
        .map(({ version }) => version)
        .sort(),
    ).toEqual(['1.6.0', '1.7.0']);
  });
  it('in two directories are a smaller one', async () => {
    const { findings } = await probe(changed({ [`${SITE}/six-1.17.0.dist-info/METADATA`]: 'Name: six\nVersion: 1.17.0\n' }));
    expect(findings).toMatchObject([{ id: 'package-duplicate', severity: 'info' }]);
  });
  it('that cannot be read leave the others alone', async () => {
    const { findings, named } = await probe(
      changed({
        [`${SITE}/broken-1.dist-info/METADATA`]: 'nothing',
        [`${SITE}/~luggy-1.dist-info/METADATA`]: 'Name: x\nVersion: 1\n',
        [`${SITE}/old-1.0-py3.11.egg`]: 'PK',
        [`${SITE}/lie-1.dist-info/METADATA`]: 'Name: ../../etc\nVersion: 1\n',
        [`${INFO}/sboms/other.json`]: '{}',
        [`${INFO}/sboms/broken.json`]: '{',
      }),
    );
    expect(findings.map(({ id, file }) => [id, file]).sort()).toEqual(
      [
        'broken-1.dist-info',
        'example_package-1.2.0.dist-info/sboms/broken.json',
        'example_package-1.2.0.dist-info/sboms/other.json',
        'lie-1.dist-info',
        'old-1.0-py3.11.egg',
        '~luggy-1.dist-info',
      ].map((file) => ['metadata-unreadable', file]),
    );
    expect(named('pluggy')).toBeDefined();
  });
  it('from a repository name its commit and no private address', async () => {
    const direct = (url: string) => JSON.stringify({ url, vcs_info: { vcs: 'git', commit_id: COMMIT } });
    const open = await probe(changed({ [`${INFO}/direct_url.json`]: direct('https://user:secret@github.com/example/package.git') }));
    expect(open.named('example-package')).toMatchObject({
      sourceDigest: { gitCommit: COMMIT },
      uris: { source: 'https://github.com/example/package.git' },
    });
    expect(JSON.stringify(open.sections)).not.toContain('secret');
    const closed = await probe(changed({ [`${INFO}/direct_url.json`]: direct('https://git.example.com/team/package.git') }));
    expect(JSON.stringify(closed.sections)).not.toContain('git.example.com');
  });
  it('that need each other do not make a circle', async () => {
    const { dependencies, components } = await probe(
      changed({ [`${SITE}/iniconfig-2.3.1.dist-info/METADATA`]: 'Name: iniconfig\nVersion: 2.3.1\nRequires-Dist: Example.Package\n' }),
    );
    const edges = Object.entries(dependencies);
    const between = edges.flatMap(([ref, { edges: kinds }]) => (kinds?.['depends-on'] ?? []).map((target) => `${ref} ${target}`));
    expect(between.filter((each) => each.includes('iniconfig') && each.includes('example-package'))).toHaveLength(1);
    expect(edges.filter(([, { completeness }]) => completeness === 'partial').map(([ref]) => ref)).toContain('pypi.iniconfig_2.3.1');
    expect(new Set(components.map(({ id }) => id)).size).toBe(components.length);
  });
});

describe('RECORD', () => {
  it('is verified when asked for: what was changed and what is gone', async () => {
    expect((await probe({}, { verifyRecord: true })).findings.filter(({ file }) => file?.startsWith('example_package'))).toEqual([]);
    const { findings } = await probe(
      changed({ [`${SITE}/example_package/__init__.py`]: 'evil()\n', 'opt/venv/bin/example-package': undefined }),
      { verifyRecord: true },
    );
    expect(findings.filter(({ file }) => file?.startsWith('example_package'))).toMatchObject([
      { id: 'package-altered', severity: 'medium', message: expect.stringContaining('example_package/__init__.py') },
      { id: 'package-altered', severity: 'medium', message: expect.stringContaining('../../../bin/example-package') },
    ]);
  });
  it('does not lead out of the environment', async () => {
    const record = `../../../../../usr/lib/python3.11/os.py,sha256=${'A'.repeat(43)},1\n/etc/passwd,sha256=${'A'.repeat(43)},1\n"a,b",md5=x,1\n`;
    const { findings } = await probe(changed({ [`${INFO}/RECORD`]: record }), { verifyRecord: true });
    expect(findings.filter(({ file }) => file?.startsWith('example_package'))).toMatchObject([
      { severity: 'info', message: expect.stringContaining('3 files') },
    ]);
  });
  it('of quoted paths is read', () => {
    expect(parseRecord(new TextEncoder().encode('"a ""b"", c.py",,\r\nd.py,,1\n')).files.map(({ path }) => path)).toEqual([
      'a "b", c.py',
      'd.py',
    ]);
  });
});

describe('hostile files', () => {
  it('give findings at most', async () => {
    const options = changed({});
    const files = [
      `${INFO}/METADATA`,
      `${INFO}/RECORD`,
      `${INFO}/direct_url.json`,
      `${INFO}/sboms/parts.cdx.json`,
      'opt/venv/pyvenv.cfg',
      'usr/lib/python3/dist-packages/PyJWT-2.6.0.egg-info/requires.txt',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 4 }),
        async (file, edits) => {
          const original = readFileSync(join(fixture, file), 'utf8');
          let text = original;
          for (const [at, insert] of edits)
            text = text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 2);
          writeFileSync(join(String(options.root), file), text);
          await probe(options, { verifyRecord: true });
          writeFileSync(join(String(options.root), file), original);
        },
      ),
      { numRuns: Number(process.env.MSBOM_RUNS ?? 100) },
    );
  });
  const read = (document: unknown) => readBundled(JSON.stringify(document), { environment: 'e', scope: ['training'] });
  it('of any JSON are an SBOM or none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (components, packages) => {
        // A key that is never allowed is refused, as the test below says.
        fc.pre(!JSON.stringify([components, packages]).includes('__proto__'));
        read({ bomFormat: 'CycloneDX', components });
        read({ spdxVersion: 'SPDX-2.3', packages: [packages] });
      }),
    );
  });
  it('with a key that is never allowed are refused', () => {
    const components = JSON.parse('[{"__proto__": 1}]') as unknown;
    expect(() => read({ bomFormat: 'CycloneDX', components })).toThrow(expect.objectContaining({ code: 'ERR_JSON_FORBIDDEN_KEY' }));
  });
});
