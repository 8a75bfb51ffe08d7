import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOfBase64, integrityDigest } from '../../src/collect/hashes.js';
import { vcsPlace } from '../../src/collect/public-uri.js';
import { pythonLicenses } from '../../src/collect/python-package/license.js';
import { evaluateMarker } from '../../src/collect/python-package/marker.js';
import { parseRequirement } from '../../src/collect/python-package/requirement.js';
import { described, filesOf, fuzzFiles, text } from '../support/runs.js';
import { edgeOf, listOf } from '../support/things.js';

const locks = fileURLToPath(new URL('../fixtures/collect/locks', import.meta.url));
const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(join(locks, path)));
const COMMIT = '34793a6417ea6a5b1f7d4c3e2b1a0f9e8d7c6b5a';

async function locked(files: Readonly<Record<string, Uint8Array>>) {
  const result = await described(files);
  const components = listOf(result.manifest.components);
  const full = ({ group, name }: (typeof components)[number]) => (group === undefined ? name : `${group}/${name}`);
  return {
    ...result,
    components,
    list: components.map((each) => `${full(each)} ${each.version ?? '-'} ${each.status}`).sort(),
    /** Name, version and digest. */
    pinned: components.map((each) => `${full(each)} ${each.version} ${JSON.stringify(each.digest ?? null)}`).sort(),
    named: (name: string) => components.find((each) => full(each) === name),
    edge: (ref: string) => edgeOf(result.manifest, ref),
  };
}

describe('one project locked by every tool for Node', () => {
  const files = {
    'npm 3': { 'package-lock.json': bytes('npm/package-lock.json') },
    'npm 1': { 'npm-shrinkwrap.json': bytes('npm-v1/package-lock.json') },
    pnpm: { 'pnpm-lock.yaml': bytes('pnpm/pnpm-lock.yaml') },
    Yarn: { 'yarn.lock': bytes('yarn/yarn.lock') },
    Bun: { 'bun.lock': bytes('bun/bun.lock') },
  };
  it.each(Object.entries(files))('%s: the same packages with the same digests', async (_tool, each) => {
    const { pinned, ids } = await locked(each);
    expect(ids).toEqual([]);
    expect(pinned).toHaveLength(20);
    // What npm's own lock has, read here with no code of ours.
    const npm = JSON.parse(new TextDecoder().decode(files['npm 3']['package-lock.json'])) as {
      packages: Record<string, { version: string; integrity: string }>;
    };
    const expected = Object.entries(npm.packages)
      .filter(([place]) => place !== '')
      .map(([place, { version, integrity }]) => {
        const sha512 = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
        return `${place.split('node_modules/').at(-1)} ${version} ${JSON.stringify({ sha512 })}`;
      });
    expect(pinned).toEqual(expected.sort());
  });
  it.each(Object.entries(files))('%s: the same edges, with the version that each package sees', async (_tool, each) => {
    const { edge, named } = await locked(each);
    const chalk = { '2.4.2': 'npm.chalk_2.4.2', '4.1.2': 'npm.chalk_4.1.2' };
    const highlight = named('@babel/highlight')?.id ?? '';
    expect(edge(highlight)?.dependsOn).toEqual(expect.arrayContaining([chalk['2.4.2'], named('@babel/helper-validator-identifier')?.id]));
    expect(edge(chalk['2.4.2'])?.dependsOn).toContain('npm.ansi-styles_3.2.1');
    expect(edge(chalk['4.1.2'])?.dependsOn).toContain('npm.ansi-styles_4.3.0');
    expect(edge(chalk['4.1.2'])?.completeness).toBe('complete');
  });
  it('has the scope as a group, and npm the licence and the address', async () => {
    const { named } = await locked(files['npm 3']);
    expect(named('@babel/code-frame')).toMatchObject({
      group: '@babel',
      name: 'code-frame',
      identifiers: [{ type: 'purl', value: 'pkg:npm/%40babel/code-frame@7.24.7' }],
      licenses: [{ expression: 'MIT', kind: 'declared' }],
      filename: 'code-frame-7.24.7.tgz',
      uris: { distribution: expect.stringMatching(/^https:/) },
      status: 'locked',
    });
  });
  it('package.json asks for it', async () => {
    const { list, manifest } = await locked({ 'package.json': bytes('npm/package.json') });
    // The project itself is the package that a model here comes in.
    expect(list).toEqual(['@babel/code-frame 7.24.7 declared', 'chalk - declared', 'example-app 1.0.0 undefined']);
    expect(JSON.stringify(manifest.evidence)).toContain('chalk ^4.1.2');
  });
});

describe('one project locked by uv', () => {
  const uv = (name: string) => ({ [name]: bytes(`uv/${name}`) });
  it('without itself, and with what its extras need', async () => {
    const { list, ids, named, edge } = await locked(uv('uv.lock'));
    expect(ids).toEqual([]);
    expect(list).toEqual(UV.map((each) => `${each} locked`));
    expect(named('httpx')).toMatchObject({ identifiers: [{ value: 'pkg:pypi/httpx@0.28.1' }] });
    // A wheel and a source archive: nobody knows which one is used.
    expect(named('httpx')).not.toHaveProperty('digest');
    expect(edge('pypi.httpx_0.28.1')).toMatchObject({
      dependsOn: expect.arrayContaining(['pypi.anyio_4.16.0', 'pypi.httpcore_1.0.9']),
      completeness: 'partial',
    });
  });
  it('in pylock.toml and requirements.txt the same without extras and other platforms', async () => {
    const pylock = await locked(uv('pylock.toml'));
    const requirements = await locked(uv('requirements.txt'));
    const lean = UV.filter((each) => !/^(tqdm|colorama) /.test(each));
    const names = (list: readonly string[]) =>
      list.map((each) => each.split(' ').slice(0, 2).join(' ')).filter((each) => !/^(tqdm|colorama) /.test(each));
    expect([pylock.ids, requirements.ids]).toEqual([[], []]);
    expect(names(pylock.list)).toEqual(lean);
    expect(names(requirements.list)).toEqual(lean);
    const certifi = { sha256: '1324c476b4811eff41a8bc2122cd0bbd4d9c7234c725446d99ab1612b3a7fdd2' };
    // Exactly one file is pinned.
    expect(requirements.named('certifi')?.digest).toEqual(pylock.named('certifi') === undefined ? undefined : certifi);
  });
  it('pyproject.toml asks for it', async () => {
    const { list } = await locked(uv('pyproject.toml'));
    expect(list).toEqual(['click - declared', 'example-model 0.1.0 undefined', 'httpx - declared', 'packaging 24.2 declared']);
  });
  it('says each thing once when all files lie together, the lock before the wish', async () => {
    const { components } = await locked(filesOf(join(locks, 'uv')));
    const packaging = components.filter(({ name }) => name === 'packaging');
    expect(packaging.map(({ version, status }) => [version, status])).toEqual([['24.2', 'locked']]);
    expect(
      components
        .filter(({ name }) => name === 'click')
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['declared', 'locked']);
  });
});

/** `uv.lock` as `grep -A1 '^name'` shows it. */
const UV = [...new TextDecoder().decode(bytes('uv/uv.lock')).matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)]
  .map(([, name, version]) => `${name} ${version}`)
  .filter((each) => !each.startsWith('example-model '))
  .sort();

describe('other lock files of Python', () => {
  it('Poetry', async () => {
    const { list, ids, named, edge } = await locked({ 'poetry.lock': bytes('poetry/poetry.lock') });
    const expected = [...new TextDecoder().decode(bytes('poetry/poetry.lock')).matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)];
    expect(ids).toEqual([]);
    expect(list).toEqual(expected.map(([, name, version]) => `${name} ${version} locked`).sort());
    expect(named('anyio')).toMatchObject({ description: expect.stringContaining('concurrency') });
    expect(edge('pypi.anyio_4.16.0')).toMatchObject({ dependsOn: [expect.stringMatching(/^pypi\.idna_/)], completeness: 'partial' });
  });
  it('Poetry before 1.3 keeps the files apart', async () => {
    const old = `[[package]]\nname = "six"\nversion = "1.16.0"\n[metadata]\nlock-version = "1.1"\n[metadata.files]\nsix = [{file = "six-1.16.0-py2.py3-none-any.whl", hash = "sha256:${'ab'.repeat(31)}cd"}]\n`;
    const { named } = await locked({ 'poetry.lock': text(old) });
    expect(named('six')).toMatchObject({ digest: { sha256: `${'ab'.repeat(31)}cd` }, filename: 'six-1.16.0-py2.py3-none-any.whl' });
  });
  it('PDM', async () => {
    const { list, ids, named, edge } = await locked({ 'pdm.lock': bytes('pdm/pdm.lock') });
    expect(ids).toEqual([]);
    expect(list).toEqual(['click 8.5.1 locked', 'httpx 0.28.1 locked', 'iniconfig 2.1.0 locked']);
    // Twice the same file is one file.
    expect(named('httpx')?.digest).toEqual({ sha256: 'd909fcccc110f8c7faf814ca82a9a4d816bc5a6dbfea25d6591d6985b8ba59ad' });
    expect(named('iniconfig')).toMatchObject({
      sourceDigest: { gitCommit: COMMIT },
      uris: { source: 'https://github.com/pytest-dev/iniconfig' },
    });
    expect(edge('pypi.click_8.5.1')).toMatchObject({ dependsOn: [], completeness: 'partial' });
  });
  it('Pipenv', async () => {
    const { list, ids } = await locked({ 'Pipfile.lock': bytes('pipenv/Pipfile.lock') });
    expect(ids).toEqual([]);
    expect(list).toEqual(['click 8.5.1 locked', 'tqdm 4.70.1 locked']);
  });
});

describe('requirements.txt', () => {
  const SHA = '8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37';
  const files = {
    'requirements.txt': text(
      [
        '--index-url https://user:secret@index.example.com/simple',
        '-r more/extra.txt',
        '-c constraints.txt',
        'Torch[opt]==2.1.0+cu121 ; python_version >= "3.9"  # pinned',
        `click==8.5.1 \\\n    --hash=sha256:${SHA}`,
        'scipy >= 1.11, < 2',
        'Pillow',
        `one @ https://files.pythonhosted.org/packages/one-1.0-py3-none-any.whl#sha256=${SHA}`,
        'two @ https://user:secret@index.example.com/two-2.0.tar.gz?token=secret',
        `three @ git+https://github.com/example/three.git@${COMMIT}`,
        '-e git+ssh://git@git.example.com/team/four.git@main#egg=four',
        './local',
        '-e .',
      ].join('\n'),
    ),
    'more/extra.txt': text('six==1.16.*\n-r ../../outside.txt\n'),
    'constraints.txt': text('pillow==10.0.0\nunused==1\n'),
  };
  it('with all its forms', async () => {
    const { list, findings, named, text: whole } = await locked(files);
    expect(list).toEqual([
      'click 8.5.1 locked',
      'four - declared',
      'one 1.0 locked',
      'pillow 10.0.0 locked',
      'scipy - declared',
      'six - declared',
      'three - locked',
      'torch 2.1.0+cu121 locked',
      'two 2.0 locked',
    ]);
    expect(named('click')?.digest).toEqual({ sha256: SHA });
    expect(named('one')).toMatchObject({
      digest: { sha256: SHA },
      filename: 'one-1.0-py3-none-any.whl',
      uris: { distribution: expect.stringContaining('one-1.0') },
    });
    expect(named('three')).toMatchObject({ sourceDigest: { gitCommit: COMMIT }, uris: { source: 'https://github.com/example/three.git' } });
    expect(named('torch')).toMatchObject({ identifiers: [{ value: 'pkg:pypi/torch@2.1.0+cu121' }] });
    expect(whole).not.toMatch(/secret|index\.example\.com|git\.example\.com/);
    expect(findings.map(({ id, severity, file }) => [id, severity, file])).toEqual([
      ['metadata-unreadable', 'low', 'more/extra.txt'],
      ['metadata-unreadable', 'low', 'requirements.txt'],
    ]);
  });
  it('that includes itself ends', async () => {
    const { list } = await locked({ 'requirements.txt': text('-r a.txt\n'), 'a.txt': text('-r requirements.txt\n-r a.txt\nsix==1.0\n') });
    expect(list).toEqual(['six 1.0 locked']);
  });
  it('of a package inside the directory is not of the project', async () => {
    expect((await locked({ 'venv/lib/site-packages/x/requirements.txt': text('six==1.0') })).list).toEqual([]);
  });
});

describe('conda', () => {
  it('environment.yml: pinned, asked for, and of pip', async () => {
    const { list, ids, named, text: whole } = await locked({ 'environment.yml': bytes('conda/environment.yml') });
    expect(ids).toEqual([]);
    expect(list).toEqual([
      'accelerate - declared',
      'example - declared',
      'numpy 1.26.4 locked',
      'python - declared',
      'pytorch 2.1.0 locked',
      'scipy - declared',
      'transformers 4.40.1 locked',
    ]);
    expect(named('numpy')?.identifiers?.[0]?.value).toBe('pkg:conda/numpy@1.26.4?build=py311h64a7726_0&channel=conda-forge');
    expect(whole).not.toMatch(/secret|someone/);
  });
  it('conda-lock.yml: every platform, and pip', async () => {
    const { list, ids, named, edge } = await locked({ 'conda-lock.yml': bytes('conda/conda-lock.yml') });
    expect(ids).toEqual([]);
    expect(list).toEqual(['_libgcc_mutex 0.1 locked', 'bzip2 1.0.8 locked', 'click 8.5.1 locked']);
    expect(named('bzip2')).toMatchObject({
      identifiers: [{ value: 'pkg:conda/bzip2@1.0.8?build=hd590300_5&channel=conda-forge&subdir=linux-64&type=conda' }],
      digest: { md5: '69b8b6202a07720f448be700e300ccf4', sha256: expect.stringMatching(/^242c/) },
    });
    expect(named('click')?.digest).toEqual({ sha256: '8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37' });
    // libgcc-ng is not in the file, and __glibc is of the system.
    expect(edge(named('bzip2')?.id ?? '')).toMatchObject({ dependsOn: [named('_libgcc_mutex')?.id], completeness: 'partial' });
  });
  it('a list of addresses, without those of a private channel', async () => {
    const { list, named, text: whole } = await locked({ 'conda-linux-64.lock': bytes('conda/conda-linux-64.lock') });
    expect(list).toEqual(['_libgcc_mutex 0.1 locked', 'tzdata 2023c locked']);
    expect(named('tzdata')).toMatchObject({ identifiers: [{ value: 'pkg:conda/tzdata@2023c?build=h71feb2d_0&subdir=noarch&type=conda' }] });
    expect(whole).not.toMatch(/secret|example\.com/);
  });
  it('pixi.lock', async () => {
    const { list, ids, named } = await locked({ 'pixi.lock': bytes('conda/pixi.lock') });
    expect(ids).toEqual([]);
    expect(list).toEqual(['click 8.5.1 locked', 'fmt 12.1.0 locked']);
    expect(named('fmt')).toMatchObject({ licenses: [{ expression: 'MIT' }], digest: { sha256: expect.stringMatching(/^d4e9/) } });
  });
});

describe('other forms for Node', () => {
  it('Yarn 2 and later', async () => {
    const lock = `__metadata:\n  version: 8\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n  linkType: soft\n\n"left@npm:^1.0.0, left@npm:^1.1.0":\n  version: 1.1.0\n  resolution: "left@npm:1.1.0"\n  dependencies:\n    right: "npm:^2.0.0"\n  checksum: 10c0/abc\n  linkType: hard\n\n"right@npm:^2.0.0":\n  version: 2.0.1\n  resolution: "right@npm:2.0.1"\n  linkType: hard\n`;
    const { list, named, edge } = await locked({ 'yarn.lock': text(lock) });
    expect(list).toEqual(['left 1.1.0 locked', 'right 2.0.1 locked']);
    expect(named('left')).not.toHaveProperty('digest');
    expect(edge('npm.left_1.1.0')).toMatchObject({ dependsOn: ['npm.right_2.0.1'], completeness: 'complete' });
  });
  it('pnpm before version 9, with peers and aliases', async () => {
    const lock = `lockfileVersion: '6.0'\npackages:\n  /left@1.0.0(right@2.0.0):\n    resolution: {integrity: sha512-${Buffer.alloc(64, 'ab').toString('base64')}}\n    dependencies:\n      right: 2.0.0\n      other: /real@3.0.0\n  /right@2.0.0:\n    resolution: {tarball: https://codeload.github.com/example/right/tar.gz/x}\n  /real@3.0.0:\n    resolution: {integrity: bad}\n`;
    const { list, edge } = await locked({ 'pnpm-lock.yaml': text(lock) });
    expect(list).toEqual(['left 1.0.0 locked', 'real 3.0.0 locked', 'right 2.0.0 locked']);
    expect(edge('npm.left_1.0.0')?.dependsOn).toEqual(['npm.real_3.0.0', 'npm.right_2.0.0']);
  });
  it('links to workspaces and code from repositories', async () => {
    const lock = {
      packages: {
        '': { name: 'app' },
        'libs/a': { name: 'a', version: '1.0.0' },
        'node_modules/a': { link: true, resolved: 'libs/a' },
        'node_modules/b': { version: '1.0.0', resolved: `git+ssh://git@github.com/example/b.git#${COMMIT}`, integrity: 'x' },
        'node_modules/c': { version: '1.0.0', resolved: 'https://npm.example.com/c/-/c-1.0.0.tgz' },
        'node_modules/d': { resolved: 'x' },
      },
    };
    const { list, named, findings, text: whole } = await locked({ 'package-lock.json': text(JSON.stringify(lock)) });
    expect(list).toEqual(['b 1.0.0 locked', 'c 1.0.0 locked']);
    expect(named('b')).toMatchObject({ sourceDigest: { gitCommit: COMMIT }, uris: { source: 'https://github.com/example/b.git' } });
    expect(whole).not.toContain('npm.example.com');
    expect(findings).toMatchObject([{ id: 'metadata-unreadable', severity: 'low' }]);
  });
  it('the binary lock of Bun is said not to be read', async () => {
    expect((await locked({ 'bun.lockb': text('#!/usr/bin/env bun') })).findings).toMatchObject([
      { id: 'metadata-unreadable', severity: 'medium' },
    ]);
  });
});

describe('components of several sources', () => {
  it('of one package are one, of two versions two, and ids never clash', async () => {
    const { manifest } = await described({ 'requirements.txt': text('a==1\nA.b==1.0\n'), 'uv.lock': bytes('uv/uv.lock') });
    const ids = listOf(manifest.components).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('that need each other in a circle stay valid', async () => {
    const lock =
      '[[package]]\nname = "a"\nversion = "1"\ndependencies = [{name = "b"}]\n[[package]]\nname = "b"\nversion = "1"\ndependencies = [{name = "a"}]\n';
    const { edge } = await locked({ 'uv.lock': text(lock) });
    expect([edge('pypi.a_1'), edge('pypi.b_1')]).toMatchObject([
      { dependsOn: ['pypi.b_1'], completeness: 'complete' },
      { dependsOn: [], completeness: 'partial' },
    ]);
  });
});

describe('parts', () => {
  it('requirements by PEP 508', () => {
    expect(parseRequirement('Foo_Bar[X,y] (>=1.0,<2) ; os_name == "nt"')).toEqual({
      name: 'foo-bar',
      extras: ['x', 'y'],
      specifier: '>=1.0,<2',
      marker: 'os_name == "nt"',
    });
    expect(parseRequirement('a@https://x/y;z ; os_name == "nt"')).toMatchObject({ url: 'https://x/y;z', marker: 'os_name == "nt"' });
    for (const bad of ['', '-x', 'a b', 'a >', './a', 'a==1 2', 'a=1', 'https://x/a.whl'])
      expect(parseRequirement(bad), bad).toBeUndefined();
  });
  it('markers hold, do not, or cannot be told', () => {
    const environment = new Map([
      ['python_version', '3.11'],
      ['sys_platform', 'linux'],
    ]);
    const cases: readonly (readonly [string, boolean | undefined])[] = [
      ['python_version >= "3.9" and sys_platform == "linux"', true],
      ['python_version < "3.9"', false],
      ['python_version == "3.*"', true],
      ['python_version ~= "3.8"', true],
      ['"linux" in sys_platform', true],
      ['sys_platform not in "win32,darwin"', true],
      ['platform_machine == "arm64"', undefined],
      ['platform_machine == "arm64" and python_version < "3"', false],
      ['platform_machine == "arm64" or python_version > "3"', true],
      ['(python_version > "3.9" or os_name == "nt") and sys_platform != "win32"', true],
      ['python_version >', undefined],
      ['(python_version > "3"', undefined],
      ['python_version > "3" extra', undefined],
      ['"a" "b"', undefined],
    ];
    for (const [marker, verdict] of cases) expect(evaluateMarker(marker, environment), marker).toBe(verdict);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (marker) => [true, false, undefined].includes(evaluateMarker(marker, environment))),
    );
    expect(evaluateMarker('('.repeat(4000), environment)).toBeUndefined();
  });
  it('licences are SPDX only when that is certain', () => {
    const of = (field?: string, ...classifiers: string[]) =>
      pythonLicenses(
        undefined,
        field,
        classifiers.map((each) => `License :: OSI Approved :: ${each}`),
      ).map(({ expression, name }) => expression ?? `(${name})`);
    expect(pythonLicenses('mit or apache-2.0', 'BSD', [])).toEqual([{ kind: 'declared', expression: 'MIT OR Apache-2.0' }]);
    expect(pythonLicenses('no such', undefined, [])).toEqual([{ kind: 'declared', name: 'no such' }]);
    expect(of('Apache 2.0')).toEqual(['Apache-2.0']);
    expect(of('Apache License, Version 2.0')).toEqual(['Apache-2.0']);
    expect(of('BSD', 'BSD License')).toEqual(['(BSD)']);
    expect(of(undefined, 'Apache Software License')).toEqual(['(Apache Software License)']);
    expect(of('UNKNOWN', 'MIT License')).toEqual(['MIT']);
    expect(of(undefined, 'MIT License', 'BSD License')).toEqual(['(MIT License; BSD License)']);
    expect(of(undefined)).toEqual([]);
    expect(pythonLicenses(undefined, 'Copyright\nall of it', [])).toEqual([
      { kind: 'declared', name: 'Copyright', note: expect.any(String) },
    ]);
  });
  it('hashes that are none are none', () => {
    expect(integrityDigest(`sha512-${Buffer.alloc(64, 7).toString('base64')} sha1-x`)).toEqual({ sha512: '07'.repeat(64) });
    expect(integrityDigest('sha512-AAAA')).toBeUndefined();
    expect(hexOfBase64('!')).toBeUndefined();
  });
  it('repositories lose credentials, and keep only whole commits', () => {
    expect(vcsPlace(`git+https://u:p@github.com/a/b.git@${COMMIT}`, false)).toEqual({
      source: 'https://github.com/a/b.git',
      commit: COMMIT,
    });
    expect(vcsPlace('git+https://github.com/a/b.git@main#subdirectory=x', false)).toEqual({ source: 'https://github.com/a/b.git' });
    expect(vcsPlace('git+https://git.example.com/a/b.git', false)).toEqual({});
  });
});

describe('hostile files', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'uv.lock': ['uv', 'uv.lock'],
    'pylock.toml': ['uv', 'pylock.toml'],
    'pyproject.toml': ['uv', 'pyproject.toml'],
    'requirements.txt': ['uv', 'requirements.txt'],
    'poetry.lock': ['poetry', 'poetry.lock'],
    'pdm.lock': ['pdm', 'pdm.lock'],
    'Pipfile.lock': ['pipenv', 'Pipfile.lock'],
    'environment.yml': ['conda', 'environment.yml'],
    'conda-lock.yml': ['conda', 'conda-lock.yml'],
    'conda-linux-64.lock': ['conda', 'conda-linux-64.lock'],
    'pixi.lock': ['conda', 'pixi.lock'],
    'package-lock.json': ['npm', 'package-lock.json'],
    'package.json': ['npm', 'package.json'],
    'pnpm-lock.yaml': ['pnpm', 'pnpm-lock.yaml'],
    'yarn.lock': ['yarn', 'yarn.lock'],
    'bun.lock': ['bun', 'bun.lock'],
  };
  it.each(Object.entries(cases))(
    '%s gives findings at most',
    async (name, [folder, file]) => {
      await fuzzFiles({ [name]: bytes(`${folder}/${file}`) }, name, Number(process.env.MSBOM_RUNS ?? 40));
    },
    60_000,
  );
  it('many entries of one name, and packages that need thousands, cost little', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `p${i}`);
    const needs = Object.fromEntries(names.map((name) => [name, '1']));
    const deep = `${'node_modules/a/'.repeat(60)}node_modules/a`;
    const packages = Object.fromEntries(
      names.map((name) => [`node_modules/${name}/${deep}`, { version: '1.0.0', dependencies: { p0: '1' } }]),
    );
    await described({
      'package-lock.json': text(JSON.stringify({ packages: { ...packages, [deep]: { version: '1.0.0', dependencies: needs } } })),
      'uv.lock': text(names.map((_, i) => `[[package]]\nname = "a"\nversion = "${i % 1500}"\ndependencies = [{name = "a"}]\n`).join('')),
      'poetry.lock': text(
        `[[package]]\nname = "b"\nversion = "1"\n[package.dependencies]\n${names.map((name) => `${name} = "1"\n`).join('')}`,
      ),
    });
  }, 60_000);
  it('long lines and deep nesting cost little', async () => {
    await described({
      'requirements.txt': text(`${' '.repeat(500_000)}x\n${'a '.repeat(100_000)}\n${'\\\n'.repeat(100_000)}`),
      'pyproject.toml': text(`a = ${'['.repeat(50_000)}`),
      'package-lock.json': text(
        `{"packages":{"${'node_modules/a/'.repeat(20_000)}node_modules/a":{"version":"1.0.0","dependencies":{"b":"1"}}}}`,
      ),
      'yarn.lock': text(`${'"'.repeat(100_000)}:\n  ${'x '.repeat(4000)}\n`),
    });
  });
});
