/** What a run leaves behind, and what it must not touch: real files, in a directory of their own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordRun, verifyDirectory } from '../../src/node.js';
import { openHost } from '../../src/platform/host.js';
import { recordCommand } from '../../src/record/command.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const host = openHost({ root: temporaryDirectory({ 'etc/os-release': 'NAME=Example\nVERSION_ID=1\n' }) });
const quick = { host, env: { PATH: process.env.PATH }, probes: [] };
const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const thrown = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const sh = (cwd: string, script: string, more: object = {}) => recordCommand(['sh', '-c', script], { ...quick, cwd, ...more });

describe('outputs', () => {
  it('the record itself is none, whatever its name', async () => {
    const cwd = temporaryDirectory();
    const { record } = await sh(cwd, 'mkdir out; echo 1 > out/w.bin', { file: 'run.json' });
    expect(Object.keys(record?.manifest.artifacts ?? {})).toEqual(['w.bin']);
    expect(await verifyDirectory(join(cwd, 'out'), readManifest(join(cwd, 'run.json')))).toMatchObject({ ok: true });
  });
  it('nor are the records of other runs, also while they are written', async () => {
    const cwd = temporaryDirectory();
    const others = 'touch b.msbom.json b.provenance.json .b.msbom.json.0123456789ab.tmp';
    const { record } = await sh(cwd, `mkdir out; echo 1 > out/w.bin; ${others}`);
    expect(Object.keys(record?.manifest.artifacts ?? {})).toEqual(['w.bin']);
  });
  it('that lie outside stop the run before it starts', async () => {
    const cwd = temporaryDirectory();
    expect(await thrown(sh(cwd, 'touch ran', { outputs: ['../elsewhere'] }))).toMatchObject({ code: 'ERR_CLI_USAGE' });
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });
  it('may be links to files beside them; other links are named', async () => {
    const cwd = temporaryDirectory({ 'before.bin': 'x' });
    const { record } = await sh(
      cwd,
      'mkdir -p out/step; echo 1 > out/step/w.bin; cd out; ln -s step/w.bin best.bin; ln -s ../before.bin far.bin; ln -s step last; ln -s gone lost',
    );
    expect(Object.keys(record?.manifest.artifacts ?? {})).toEqual(['best.bin', 'step/w.bin']);
    expect(record?.findings.map(({ id, file }) => [id, file])).toEqual([
      ['io-link', 'out/far.bin'],
      ['io-link', 'out/last'],
      ['io-link', 'out/lost'],
    ]);
  });
  it('that were named and are not there are reported, beside those that are', async () => {
    const cwd = temporaryDirectory();
    const { record } = await sh(cwd, 'echo 1 > w.bin', { outputs: ['w.bin', 'gone.bin'] });
    expect(Object.keys(record?.manifest.artifacts ?? {})).toEqual(['w.bin']);
    expect(record?.findings).toMatchObject([{ id: 'nothing-written', file: 'gone.bin' }]);
  });
  it.skipIf(process.getuid?.() === 0)('that cannot be read leave a record that says how the run ended', async () => {
    const cwd = temporaryDirectory();
    expect(await thrown(sh(cwd, 'echo 1 > w.bin; chmod 000 w.bin', { file: 'run.msbom.json' }))).toMatchObject({
      code: 'ERR_COLLECT_INCOMPLETE',
    });
    chmodSync(join(cwd, 'w.bin'), 0o600);
    expect(readManifest(join(cwd, 'run.msbom.json')).model?.training?.run?.status).toBe('completed');
  });
  it('that cannot be listed leave a record that says how the run ended, and that it knows no more', async () => {
    const cwd = temporaryDirectory();
    const limits = { ...(await import('../../src/core/limits.js')).DEFAULT_LIMITS, maxFiles: 3 };
    expect(await thrown(sh(cwd, 'touch a b c d; exit 5', { file: 'run.msbom.json', limits }))).toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    const manifest = readManifest(join(cwd, 'run.msbom.json'));
    expect(manifest.model?.training?.run).toMatchObject({ status: 'failed', exitCode: 5, end: expect.any(String) });
    expect(manifest.bom.coverage).toMatchObject({ artifacts: 'unknown', note: expect.stringContaining('could not be described') });
    expect(validateManifest(manifest).valid).toBe(true);
  });
});

describe('what lies there already', () => {
  it('a manifest that no run wrote is not replaced by a record that nobody named', async () => {
    const cwd = temporaryDirectory({ 'x.msbom.json': '{"written": "by hand"}' });
    expect(await thrown(sh(cwd, 'touch ran', { name: 'x' }))).toMatchObject({ code: 'ERR_IO_EXISTS' });
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
    // The run may read whatever lies in its directory; a manifest may be replaced by the one who names it.
    expect(await thrown(sh(cwd, 'touch ran', { file: 'x.msbom.json' }))).toMatchObject({ code: 'ERR_OUTPUT_IS_INPUT' });
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
    writeFileSync(join(cwd, 'x.msbom.json'), readFileSync(new URL('../../docs/rules/base.json', import.meta.url)));
    await sh(cwd, 'touch ran', { file: 'x.msbom.json' });
    await sh(cwd, 'touch ran', { name: 'x' });
    expect(readManifest(join(cwd, 'x.msbom.json')).model?.training?.run?.status).toBe('completed');
  });
  it('a statement that is not ours is never replaced', async () => {
    const cwd = temporaryDirectory({ 'x.provenance.json': '{}' });
    expect(await thrown(sh(cwd, 'true', { file: 'x.msbom.json' }))).toMatchObject({ code: 'ERR_IO_EXISTS' });
  });
  it('the statement of an earlier run does not stand beside the record of one that failed', async () => {
    const cwd = temporaryDirectory();
    await sh(cwd, 'echo 1 > w.bin', { file: 'x.msbom.json' });
    expect(existsSync(join(cwd, 'x.provenance.json'))).toBe(true);
    await sh(cwd, 'exit 1', { file: 'x.msbom.json' });
    expect(existsSync(join(cwd, 'x.provenance.json'))).toBe(false);
  });
});

describe('inputs', () => {
  it('a file is looked at alone, a link with what it leads to', async () => {
    const cwd = temporaryDirectory({ 'data/rows.csv': 'a', 'real.csv': 'b' });
    symlinkSync('../real.csv', join(cwd, 'data', 'link.csv'));
    mkdirSync(join(cwd, 'data', 'other'));
    const { record } = await sh(cwd, 'echo c >> real.csv; echo 1 > data/other/w.bin', { inputs: ['data/rows.csv', 'data/link.csv'] });
    expect(record?.findings.filter(({ id }) => id === 'input-changed').map(({ file }) => file)).toEqual(['data/link.csv']);
  });
});

describe('what is private', () => {
  it('is left out and reported, also of a run without files; a pattern is not named after the place it lies in', async () => {
    const cwd = temporaryDirectory({ 'data/rows.csv': 'a' });
    const env = { PATH: process.env.PATH, TORCH_HOME: '/home/someone/torch', WORLD_SIZE: '2' };
    const { record } = await sh(cwd, 'true', { env, inputs: [join(cwd, 'data/*.csv')] });
    expect(Object.values(record?.manifest.environments ?? {})[0]?.variables).toEqual({ WORLD_SIZE: '2' });
    expect(record?.findings.map(({ id }) => id)).toContain('private-data');
    expect(Object.values(record?.manifest.datasets ?? {})[0]?.name).toBe('data/*.csv');
    expect(JSON.stringify(record?.manifest)).not.toContain(cwd);
  });
});

describe('what was run', () => {
  const entrypoint = async (cwd: string, command: readonly [string, ...string[]]) =>
    (await recordCommand(command, { ...quick, cwd, file: 'run.msbom.json' })).record?.manifest.model?.training?.code?.entrypoint;
  it('is the script, not the configuration before it, nor a tool of an environment that lies here', async () => {
    const cwd = temporaryDirectory({
      'conf.yaml': 'a: 1',
      'train.mjs': '',
      'venv/pyvenv.cfg': '',
      'venv/bin/launch': '#!/bin/sh\n',
      own: '#!/bin/sh\n',
    });
    for (const path of ['venv/bin/launch', 'own']) chmodSync(join(cwd, path), 0o755);
    expect(await entrypoint(cwd, ['node', '--conditions', 'conf.yaml', 'train.mjs'])).toBe('train.mjs');
    expect(await entrypoint(cwd, ['venv/bin/launch', '--config', 'conf.yaml', 'train.mjs'])).toBe('train.mjs');
    expect(await entrypoint(cwd, ['./own', 'train.mjs'])).toBe('own');
    expect(await entrypoint(cwd, ['cat', '/dev/null'])).toBe('cat');
  });
});

describe('the repository', () => {
  it('is that of the directory of the run, reached by ssh or not, and does not name the model', async () => {
    const cwd = temporaryDirectory({ 'train.sh': '' });
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=E', '-c', 'user.email=e@example.org', ...args], { cwd, encoding: 'utf8' }).trim();
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'x');
    git('remote', 'add', 'origin', 'git@example.org:group/code.git');
    const { manifest, provenance = '' } = await recordRun(() => writeFileSync(join(cwd, 'w.bin'), '1'), {
      cwd,
      probes: ['git'],
      name: 'tiny',
    });
    const commit = git('rev-parse', 'HEAD');
    expect(manifest.model?.training?.code).toMatchObject({ repository: 'git@example.org:group/code.git', commit, dirty: false });
    expect(manifest.model).toEqual({ name: 'tiny', digest: expect.anything(), training: expect.anything() });
    expect(JSON.parse(readFileSync(provenance, 'utf8'))).toMatchObject({
      predicate: {
        buildDefinition: {
          externalParameters: {}, // required by SLSA
          resolvedDependencies: [
            { uri: 'git+ssh://git@example.org/group/code.git', digest: { gitCommit: commit }, annotations: { dirty: false } },
          ],
        },
      },
    });
  });
});

describe('recordRun', () => {
  it('waits for inputs that nobody waited for', async () => {
    const cwd = temporaryDirectory({ 'data/rows.csv': 'a' });
    const { manifest } = await recordRun((run) => void run.input('data'), { ...quick, cwd });
    expect(manifest.datasets).toMatchObject({ data: { name: 'data' } });
  });
  it('leaves out what JSON cannot hold, and says so; the last value of a metric counts', async () => {
    const cwd = temporaryDirectory();
    const { manifest, findings, valid } = await recordRun(
      (run) => {
        for (const loss of [3, 2, 1]) run.metric('loss', loss);
        run.metric('other', Number.NaN);
        run.hyperparameters({ lr: Number.POSITIVE_INFINITY, seed: 1 });
      },
      { ...quick, cwd },
    );
    expect(valid).toBe(true);
    expect(manifest.model?.training).toMatchObject({ metrics: { loss: { value: 1 } }, hyperparameters: { seed: 1 } });
    expect(findings.filter(({ id }) => id === 'value-left-out').map(({ message }) => message)).toEqual([
      expect.stringContaining('hyperparameters/lr'),
      expect.stringContaining('metrics/other'),
    ]);
  });
  it('says when what the script says makes the manifest invalid', async () => {
    const cwd = temporaryDirectory();
    const { valid, findings } = await recordRun((run) => run.say({ bom: { timestamp: 'yesterday' } } as object), { ...quick, cwd });
    expect(valid).toBe(false);
    expect(findings.map(({ severity }) => severity)).toContain('high');
  });
  it('throws the error of the function, even when the record cannot be written', async () => {
    const cwd = temporaryDirectory({ 'sub/x': '' });
    const { rmSync } = await import('node:fs');
    const failing = recordRun(
      () => {
        rmSync(join(cwd, 'sub'), { recursive: true });
        throw new RangeError('diverged');
      },
      { ...quick, cwd, file: 'sub/run.msbom.json' },
    );
    await expect(failing).rejects.toThrow('diverged');
  });
});

describe('a command that cannot be started', () => {
  it('is not there, or may not be run', async () => {
    const cwd = temporaryDirectory({ 'train.sh': 'true' });
    expect(await recordCommand(['./nowhere.sh'], { ...quick, cwd })).toEqual({ outcome: { startError: 'ENOENT' } });
    expect(await recordCommand(['./train.sh'], { ...quick, cwd })).toEqual({ outcome: { startError: 'EACCES' } });
  });
});
