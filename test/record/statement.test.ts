/** What the provenance statement attests: results as subjects, materials by digests that anybody can compute again. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../src/platform/host.js';
import { recordCommand } from '../../src/record/command.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const host = openHost({ root: temporaryDirectory({ 'etc/os-release': 'NAME=Example\nVERSION_ID=1\n' }) });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
interface Descriptor {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}
async function record(cwd: string, script: string, more: object = {}) {
  const { record: done } = await recordCommand(['sh', '-c', script], {
    host,
    env: { PATH: process.env.PATH },
    probes: [],
    cwd,
    file: 'run.msbom.json',
    ...more,
  });
  if (done?.provenance === undefined) throw new Error('there is no statement');
  expect(validateManifest(done.manifest).valid).toBe(true);
  const { subject, predicate } = JSON.parse(readFileSync(done.provenance, 'utf8')) as {
    readonly subject: readonly Descriptor[];
    readonly predicate: {
      readonly buildDefinition: { readonly resolvedDependencies: readonly Descriptor[] };
      readonly runDetails: { readonly byproducts?: readonly Descriptor[] };
    };
  };
  return { ...done, subject, materials: predicate.buildDefinition.resolvedDependencies, byproducts: predicate.runDetails.byproducts };
}
const names = (all: readonly Descriptor[] = []) => all.map(({ name }) => name);

describe('the statement of a run', () => {
  it('has results as subjects, and what lies beside them as by-products', async () => {
    const script =
      'mkdir -p out/wandb out/runs; echo 1 > out/w.bin; echo 1 > out/train.log; echo 1 > out/wandb/x; echo 1 > out/runs/best.pt';
    const { subject, byproducts, manifest } = await record(temporaryDirectory(), script);
    expect(names(subject)).toEqual(['runs/best.pt', 'w.bin']);
    expect(names(byproducts)).toEqual(['train.log', 'wandb/x']);
    expect(Object.values(manifest.provenance ?? {})[0]?.subjects).toHaveLength(2);
  });
  it('has directories by dirHash, as in-toto says to compute it', async () => {
    const cwd = temporaryDirectory({ 'data/b.csv': '1', 'data/a/c.csv': '2', 'base/config.json': '{}', 'base/model.safetensors': 'x' });
    const { materials } = await record(cwd, 'echo 1 > w.bin', { inputs: ['data', 'base', 'data/b.csv'] });
    const by = new Map(materials.map(({ name, digest }) => [name, digest]));
    // `find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum`
    expect(by.get('data')?.dirHash).toBe(sha256(`${sha256('2')}  a/c.csv\n${sha256('1')}  b.csv\n`));
    expect(by.get('base')?.dirHash).toBe(sha256(`${sha256('{}')}  config.json\n${sha256('x')}  model.safetensors\n`));
    expect(by.get('data')).not.toHaveProperty('sha256');
    expect(by.get('b.csv')).toEqual({ sha256: sha256('1') });
  });
  it.skipIf(spawnSync('git', ['--version']).status !== 0)('has the files that are not those of the commit', async () => {
    const cwd = temporaryDirectory({
      'train.py': 'a',
      'helper.py': 'b',
      'gone.py': 'c',
      'staged.py': 'd',
      'pkg/deep.py': 'e',
      '.gitignore': 'ignored.py\n',
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd, stdio: 'ignore' });
    git('init');
    git('add', '-A');
    git('commit', '-m', 'x');
    for (const [name, text] of [
      ['helper.py', 'B'],
      ['staged.py', 'D'],
      ['new.py', 'n'],
      ['ignored.py', 'i'],
      ['big.csv', 'data'],
      ['pkg/deep.py', 'E'],
    ] as const)
      writeFileSync(join(cwd, name), text);
    git('rm', 'gone.py');
    git('add', 'staged.py');
    const { materials, findings, manifest } = await record(cwd, 'mkdir out; echo 1 > out/w.bin', { host: undefined, probes: ['git'] });
    expect(findings.find(({ id }) => id === 'code-changed')?.message).toContain(
      '5 files with uncommitted changes (`gone.py` (removed), `helper.py`, `new.py` (added), `pkg/deep.py`, `staged.py`)',
    );
    expect(Object.values(manifest.components ?? {}).map(({ name, digest }) => [name, digest?.sha256])).toEqual(
      [
        ['helper.py', 'B'],
        ['new.py', 'n'],
        ['pkg/deep.py', 'E'],
        ['staged.py', 'D'],
      ].map(([name, text = '']) => [name, sha256(text)]),
    );
    expect(materials.find(({ name }) => name === 'uncommitted changes')?.digest).toEqual({
      dirHash: sha256(`${sha256('B')}  helper.py\n${sha256('n')}  new.py\n${sha256('E')}  pkg/deep.py\n${sha256('D')}  staged.py\n`),
    });
  });
});

describe('what other programs note of the run', () => {
  const LOCK = `schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: train.py\n      md5: ${'a'.repeat(32)}\n`;
  it('is no digest of what we saw run', async () => {
    const cwd = temporaryDirectory({ 'run.sh': 'echo 1 > w.bin; mv lock.txt dvc.lock\n', 'lock.txt': LOCK });
    const { manifest, findings } = await record(cwd, 'sh run.sh');
    expect(manifest.model?.training?.code).toEqual({ entrypoint: 'sh', arguments: ['sh', '-c', 'sh run.sh'] });
    expect(findings.filter(({ id }) => id === 'source-conflict')).toEqual([]);
  });
  it('is kept by its id, and contradicts nothing', async () => {
    const id = 'f'.repeat(32);
    const MLMODEL = `artifact_path: model\nflavors: {}\nrun_id: ${id}\n`;
    const cwd = temporaryDirectory({ 'm.txt': MLMODEL });
    const { manifest, findings } = await record(cwd, 'mkdir out; echo 1 > out/model.pkl; cp m.txt out/MLmodel');
    expect(manifest.model?.training?.run).toMatchObject({ tracker: 'msbom', status: 'completed' });
    expect(manifest.model?.training?.run?.id).not.toBe(id);
    expect(Object.values(manifest.documents ?? {})).toMatchObject([{ title: `Run ${id} of mlflow` }]);
    expect(findings.filter(({ id: finding }) => finding === 'source-conflict')).toEqual([]);
  });
});
