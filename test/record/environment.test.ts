/** Whose environment is attested: that of the interpreter that ran, whoever launched it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SeenProgram } from '../../src/platform/processes.js';
import { pace } from '../../src/platform/watch.js';
import { choose, type Interpreter, known as identified, type Known } from '../../src/record/interpreters.js';
import { languageOf, targetOf } from '../../src/record/words.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Two environments with a shell that goes by the name of Python: what a process is called is all that is to be seen of it. */
function twoEnvironments(files: Readonly<Record<string, string>>): string {
  const environment = (name: string, version: string): Readonly<Record<string, string>> => ({
    [`${name}/pyvenv.cfg`]: `home = /opt/none/bin\nversion = 3.${version}\n`,
    [`${name}/lib/python3.${version[0]}/site-packages/trainlib-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: trainlib\nVersion: ${version}\n`,
    [`${name}/bin/keep`]: '',
  });
  const root = temporaryDirectory({ ...environment('ran', '7.7'), ...environment('other', '1.1'), ...files });
  for (const name of ['ran', 'other']) {
    copyFileSync('/bin/sh', join(root, name, 'bin/python3'));
    chmodSync(join(root, name, 'bin/python3'), 0o755);
  }
  return root;
}

const TRAIN = 'sleep 0.1; echo weights > model.bin\n';

describe.skipIf(process.platform !== 'linux' || !existsSync('/bin/sh'))('the environment of a recorded command', () => {
  function record(command: readonly string[], files: Readonly<Record<string, string>> = {}) {
    const root = twoEnvironments({ 'work/train.py': TRAIN, ...files });
    const cwd = join(root, 'work');
    const result = spawnSync(
      process.execPath,
      [program, 'record', '-o', 'run.msbom.json', '--', ...command.map((word) => word.replace('{root}', root))],
      {
        cwd,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, RAN: join(root, 'ran'), PATH: `${join(root, 'other/bin')}:${process.env.PATH}` },
      },
    );
    const manifest = JSON.parse(readFileSync(join(cwd, 'run.msbom.json'), 'utf8')) as Manifest;
    const versions = Object.values(manifest.components ?? {}).flatMap(({ name, version }) => (name === 'trainlib' ? [version] : []));
    return { manifest, versions, stderr: result.stderr };
  }

  it.each([
    ['a shell script', ['sh', 'run.sh']],
    ['words of a shell', ['sh', '-c', '"$RAN/bin/python3" train.py']],
    ['env', ['env', 'OMP_NUM_THREADS=3', '{root}/ran/bin/python3', 'train.py']],
    ['a search path that the script sets', ['sh', 'path.sh']],
    ['a launcher that is replaced by it', ['sh', '-c', 'exec "$RAN/bin/python3" train.py']],
    ['a launcher of another environment', ['{root}/other/bin/python3', '{root}/other/launcher', 'train.py']],
  ])('is that of the interpreter which %s starts', (_, command) => {
    const { manifest, versions } = record(command, {
      'work/run.sh': '"$RAN/bin/python3" train.py\n',
      'work/path.sh': 'PATH="$RAN/bin:$PATH"\npython3 train.py\n',
      'other/launcher': 'sleep 0.1\n"$RAN/bin/python3" "$@"\n',
    });
    expect(versions).toEqual(['7.7']);
    expect(manifest.environments?.machine?.runtime).toMatchObject({ language: 'Python', version: '3.7.7' });
    expect(manifest.bom.declarations?.['/environments/machine/runtime']).toBeUndefined();
    expect(validateManifest(manifest).valid).toBe(true);
  });
  it('has the variables that its process had, and the script that it ran', () => {
    const { manifest } = record(['sh', '-c', 'OMP_NUM_THREADS=3 "$RAN/bin/python3" train.py']);
    expect(manifest.environments?.machine?.variables).toMatchObject({ OMP_NUM_THREADS: '3' });
    expect(manifest.model?.training?.code).toMatchObject({ entrypoint: 'train.py', digest: { sha256: expect.any(String) } });
  });
  it('is said not to be known where no interpreter was seen', () => {
    const { manifest, versions, stderr } = record(['sh', '-c', 'sleep 0.1; echo weights > model.bin']);
    expect(versions).toEqual([]);
    expect(stderr).toContain('[environment-missing]');
    expect(manifest.bom.declarations).toMatchObject({ '/environments/machine/runtime': { status: 'unknown' } });
    expect(manifest.environments?.machine?.runtime).toBeUndefined();
    expect(validateManifest(manifest).valid).toBe(true);
  });
  it('is said not to be known where two ran files of the project', () => {
    const { versions, stderr } = record(['sh', '-c', '"$RAN/bin/python3" prepare.py; python3 train.py'], {
      'work/prepare.py': 'sleep 0.1\n',
    });
    expect(versions).toEqual([]);
    expect(stderr).toMatch(/2 environments were used.*`python prepare\.py`, `python train\.py`/);
  });
});

describe('the words of a command line', () => {
  it.each([
    ['python', ['-u', '-X', 'dev', 'train.py', '--lr', '1'], { file: 'train.py' }],
    ['python', ['-Wignore', '-Im', 'pkg.train', 'x.py'], { module: 'pkg.train' }],
    ['python', ['-mpkg'], { module: 'pkg' }],
    ['python', ['-c', 'pass', 'x.py'], { code: 'pass' }],
    ['python', ['--', 'train.py'], { file: 'train.py' }],
    ['python', ['-'], undefined],
    ['node', ['--import', 'tsx', 'train.mjs'], { file: 'train.mjs' }],
    ['node', ['-r', './hook.cjs', 'train.mjs'], { file: 'train.mjs' }],
    ['shell', ['-ec', 'python x.py', 'name'], { code: 'python x.py' }],
    ['shell', ['-o', 'pipefail', 'run.sh'], { file: 'run.sh' }],
  ] as const)('of %s %j', (language, words, target) => {
    expect(targetOf(language, words)).toEqual(target);
  });
  it('tell a language by the name of its program', () => {
    const names = [
      '/usr/bin/python3.12',
      '/x/python3.13t',
      'C:\\x\\python.exe',
      '/bin/dash',
      '/bin/node',
      '/usr/bin/make',
      '/x/pythonista',
    ];
    expect(names.map(languageOf)).toEqual(['python', 'python', 'python', 'shell', 'node', undefined, undefined]);
  });
});

describe('the choice among environments', () => {
  const known = (pid: number, parent: number, facts: Partial<Interpreter>): Known => ({
    seen: { pid, parent, program: '', words: [], cwd: '', variables: {} } satisfies SeenProgram,
    interpreter: { language: 'python', path: facts.environment ?? '', environment: '', cwd: '', variables: {}, ...facts },
  });
  const names = (all: readonly Known[]) => choose(all).used.map(({ environment }) => environment);
  it('takes what a launcher started, not the launcher', () => {
    expect(names([known(1, 0, { environment: 'tools' }), known(2, 1, { environment: 'kernel' })])).toEqual(['kernel']);
  });
  it('finds the descendants of one between whom no interpreter stands', () => {
    const shell = { ...known(2, 1, {}), interpreter: undefined } as unknown as Known;
    expect(names([known(1, 0, { environment: 'tools' }), shell, known(3, 2, { environment: 'kernel' })])).toEqual(['kernel']);
  });
  it('takes what ran a file of the project, whatever that started', () => {
    const all = [known(1, 0, { environment: 'project', script: 'train.py' }), known(2, 1, { environment: 'helper' })];
    expect(names(all)).toEqual(['project']);
    expect(choose(all).others.map(({ environment }) => environment)).toEqual(['helper']);
  });
  it('takes the language that ran a file of the project', () => {
    expect(names([known(1, 0, { environment: 'npm', language: 'node' }), known(2, 1, { environment: 'py', script: 'train.py' })])).toEqual([
      'py',
    ]);
  });
});

it('looks often while something new is seen, and seldom when a look takes long', () => {
  let time = 0;
  const wait = pace(() => time);
  time = 1;
  expect(wait(1)).toBe(2);
  time = 6000;
  expect(wait(1)).toBeGreaterThan(1000);
  expect(wait(2)).toBe(2);
});

describe('a notebook that a program is told to run', () => {
  const words = ['python3', '-m', 'papermill', 'book.ipynb', 'gone.ipynb', '-p', 'x', '1'];
  const seenIn = (cwd: string): SeenProgram => ({ pid: 1, parent: 0, program: '/usr/bin/python3', words, cwd, variables: {} });
  it('is a file of the project whose imports count', async () => {
    const cwd = temporaryDirectory({ 'book.ipynb': '{}' });
    expect((await identified(seenIn(cwd), cwd)).interpreter).toMatchObject({ module: 'papermill', notebooks: ['book.ipynb'] });
  });
  it('counts only where it lies in the project', async () => {
    const cwd = temporaryDirectory({ 'x.txt': '' });
    expect((await identified(seenIn(temporaryDirectory({ 'book.ipynb': '{}' })), cwd)).interpreter).not.toHaveProperty('notebooks');
  });
});
