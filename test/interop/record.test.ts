/** `msbom record` in front of a real training run in Python, and one that is killed. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { verifyDirectory } from '../../src/node.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';
import { PYTHON } from './python.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const version = (name: string): string =>
  execFileSync(PYTHON, ['-c', `import importlib.metadata as m; print(m.version("${name}"))`], { encoding: 'utf8' }).trim();
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

function project(): string {
  const directory = temporaryDirectory();
  cpSync(join(root, 'examples/record'), directory, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=user', '-c', 'user.email=user@example.org', ...args]);
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  return directory;
}

it('a scikit-learn run leaves data, versions, hyperparameters, commit and weights', async () => {
  const directory = project();
  const commit = execFileSync('git', ['-C', directory, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      program,
      'record',
      '--input',
      'data',
      '--output-path',
      'out',
      '-o',
      'run.msbom.json',
      '--',
      PYTHON,
      'train.py',
      '--trees',
      '9',
      '--seed',
      '3',
    ],
    {
      cwd: directory,
      encoding: 'utf8',
    },
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^accuracy \d\.\d+ on 27 flowers\n$/);
  const manifest = readManifest(join(directory, 'run.msbom.json'));
  expect(validateManifest(manifest).valid).toBe(true);
  expect(manifest.datasets).toMatchObject({
    data: { files: { 'flowers.csv': { digest: { sha256: sha256(join(directory, 'data/flowers.csv')) } } } },
  });
  for (const name of ['scikit-learn', 'numpy', 'joblib', 'scipy']) {
    expect(Object.values(manifest.components ?? {}).find((component) => component.name === name)).toMatchObject({
      version: version(name),
      status: 'installed',
    });
  }
  expect(manifest.model?.training?.hyperparameters).toMatchObject({ n_estimators: 9, seed: 3 });
  expect(manifest.model?.training?.code).toMatchObject({
    commit,
    dirty: false,
    entrypoint: 'train.py',
    digest: { sha256: sha256(join(directory, 'train.py')) },
  });
  expect(manifest.artifacts?.['model.joblib']).toMatchObject({
    role: 'weights',
    digest: { sha256: sha256(join(directory, 'out/model.joblib')) },
  });
  expect(Object.values(manifest.environments ?? {})[0]?.runtime).toMatchObject({ language: 'Python' });
  expect((await verifyDirectory(join(directory, 'out'), manifest)).ok).toBe(true);
});

it('a run that is killed is marked incomplete', async () => {
  const directory = project();
  writeFileSync(
    join(directory, 'train.py'),
    'import os, pathlib, time\npathlib.Path("started").write_text(str(os.getpid()))\ntime.sleep(60)\n',
  );
  const recorder = spawn(process.execPath, [program, 'record', '--input', 'data', '-o', 'run.msbom.json', '--', PYTHON, 'train.py'], {
    cwd: directory,
    stdio: 'ignore',
  });
  const end = new Promise<NodeJS.Signals | null>((done) => recorder.on('exit', (_, signal) => done(signal)));
  for (let i = 0; i < 200 && !existsSync(join(directory, 'started')); i++) await sleep(50);
  await sleep(200);
  process.kill(Number(readFileSync(join(directory, 'started'), 'utf8')), 'SIGKILL');
  expect(await end).toBe('SIGKILL');
  const manifest = readManifest(join(directory, 'run.msbom.json'));
  expect(manifest.model?.training?.run?.status).toBe('killed');
  expect(manifest.bom.coverage?.note).toContain('killed');
  expect(validateManifest(manifest).findings.map(({ id }) => id)).toContain('run-incomplete');
});
