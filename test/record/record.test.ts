/** Recording real commands: the command must not notice, and the record must be true. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { MsbomError } from '../../src/core/error.js';
import { recordRun } from '../../src/node.js';
import { openHost } from '../../src/platform/host.js';
import { selectedVariables } from '../../src/record/variables.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest, validateText } from '../../src/validate/index.js';
import { temporaryDirectory } from '../support/temporary.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const TRAIN = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const rows = readFileSync('data/rows.csv', 'utf8').split('\\n').length;
mkdirSync('out', { recursive: true });
const header = JSON.stringify({ w: { dtype: 'F32', shape: [rows], data_offsets: [0, rows * 4] } });
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(header.length));
writeFileSync('out/model.safetensors', Buffer.concat([length, Buffer.from(header), Buffer.alloc(rows * 4)]));
console.log('trained on ' + rows + ' rows, ' + process.argv.slice(2).join(' '));
process.exitCode = Number(process.env.EXIT ?? 0);
`;

beforeAll(() => {
  if (!existsSync(program)) throw new Error('dist is missing: run `npm run build` first');
});

function project(files: Readonly<Record<string, string>> = {}) {
  return temporaryDirectory({ 'train.mjs': TRAIN, 'data/rows.csv': 'a\nb\nc', ...files });
}
function record(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [program, 'record', ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
}
const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const running = async (directory: string, name: string): Promise<void> => {
  for (let i = 0; i < 200 && !existsSync(join(directory, name)); i++) await sleep(50);
};
const ended = (child: ChildProcess) =>
  new Promise<readonly [number | null, NodeJS.Signals | null]>((done) => child.on('exit', (code, signal) => done([code, signal])));

describe('a command that completes', () => {
  const directory = project();
  const result = record(
    directory,
    ['--input', 'data', '-o', 'run.msbom.json', '--name', 'tiny', '--', 'node', 'train.mjs', '--lr', '0.1', '--hub-token', 'hf_secret'],
    {
      CUDA_VISIBLE_DEVICES: '0',
      HF_TOKEN: 'hf_secret',
    },
  );
  const manifest = () => readManifest(join(directory, 'run.msbom.json'));

  it('does not notice: streams and exit code are its own', () => {
    expect(result.stdout).toBe('trained on 3 rows, --lr 0.1 --hub-token hf_secret\n');
    expect(result.status).toBe(0);
    expect(result.stderr).toContain('recorded: run.msbom.json (run completed, 1 files)');
  });
  it('leaves a valid manifest with data, code, weights, times and machine', () => {
    const described = manifest();
    expect(validateText(readFileSync(join(directory, 'run.msbom.json'))).valid).toBe(true);
    expect(described.model?.name).toBe('tiny');
    expect(described.artifacts).toMatchObject({ 'model.safetensors': { role: 'weights', tensors: { parameters: 3 } } });
    expect(described.datasets).toMatchObject({
      data: { name: 'data', roles: ['training'], files: { 'rows.csv': { digest: { sha256: sha256('a\nb\nc') } } }, size: { bytes: 5 } },
    });
    expect(described.model?.training).toMatchObject({
      run: { status: 'completed', exitCode: 0, tracker: 'msbom', provenance: { title: 'run.provenance.json' } },
      code: { entrypoint: 'train.mjs', digest: { sha256: sha256(TRAIN) } },
    });
    expect(described.bom.generationContext).toMatchObject({ phase: 'build' });
    expect(described.environments?.machine).toMatchObject({
      purpose: ['training'],
      variables: { CUDA_VISIBLE_DEVICES: '0' },
      host: { cores: expect.any(Number) },
    });
  });
  it('lists no packages of a Python that did not run', () => {
    expect(
      Object.values(manifest().components ?? {}).filter(({ identifiers }) =>
        identifiers?.some(({ value }) => value.startsWith('pkg:pypi/')),
      ),
    ).toEqual([]);
  });
  it('holds no secret', () => {
    const text = readFileSync(join(directory, 'run.msbom.json'), 'utf8') + readFileSync(join(directory, 'run.provenance.json'), 'utf8');
    expect(text).not.toContain('hf_secret');
    expect(manifest().model?.training?.code?.arguments).toEqual(['node', 'train.mjs', '--lr', '0.1', '--hub-token', '[redacted]']);
  });
  it('leaves SLSA provenance that the manifest names by its digest', () => {
    const text = readFileSync(join(directory, 'run.provenance.json'), 'utf8');
    const statement = JSON.parse(text) as { readonly [key: string]: unknown };
    expect(manifest().model?.training?.run?.provenance?.digest).toEqual({ sha256: sha256(text) });
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://slsa.dev/provenance/v1',
      subject: [{ name: 'model.safetensors', digest: { sha256: manifest().artifacts?.['model.safetensors']?.digest?.sha256 } }],
      predicate: {
        buildDefinition: {
          externalParameters: { entrypoint: 'train.mjs' },
          resolvedDependencies: expect.arrayContaining([expect.objectContaining({ name: 'data' })]),
        },
        runDetails: { metadata: { invocationId: manifest().model?.training?.run?.id } },
      },
    });
  });
});

it('a command that fails keeps its exit code, and has no provenance', () => {
  const directory = project();
  const result = record(directory, ['-o', 'run.msbom.json', '--', 'node', 'train.mjs'], { EXIT: '7' });
  expect(result.status).toBe(7);
  const manifest = readManifest(join(directory, 'run.msbom.json'));
  expect(manifest.model?.training?.run).toMatchObject({ status: 'failed', exitCode: 7 });
  expect(manifest.bom.coverage).toMatchObject({ artifacts: 'partial', note: expect.stringContaining('failed') });
  expect(manifest.provenance).toBeUndefined();
  expect(existsSync(join(directory, 'run.provenance.json'))).toBe(false);
  expect(validateManifest(manifest).findings.map(({ id }) => id)).toContain('run-incomplete');
});

it('a command that is not there is not recorded', () => {
  const directory = project();
  const result = record(directory, ['-o', 'run.msbom.json', '--', 'no-such-program']);
  expect(result.status).toBe(127);
  expect(result.stderr).toContain('`no-such-program` was not found');
  expect(existsSync(join(directory, 'run.msbom.json'))).toBe(false);
});

it('an input that is not there stops before the command starts', () => {
  const directory = project();
  const result = record(directory, ['--input', 'nowhere', '--', 'node', 'train.mjs']);
  expect(result.status).toBe(2);
  expect(result.stderr).toContain('ERR_IO_NOT_FOUND');
  expect(existsSync(join(directory, 'out'))).toBe(false);
});

describe('a run that is killed', () => {
  const LONG = `import { writeFileSync } from 'node:fs'; writeFileSync('started', String(process.pid)); setTimeout(() => {}, 60000);`;
  const start = async () => {
    const directory = temporaryDirectory({ 'train.mjs': LONG });
    const recorder = spawn(process.execPath, [program, 'record', '-o', 'run.msbom.json', '--', 'node', 'train.mjs'], {
      cwd: directory,
      stdio: 'ignore',
    });
    const end = ended(recorder);
    await running(directory, 'started');
    return { directory, recorder, end, pid: Number(readFileSync(join(directory, 'started'), 'utf8')) };
  };
  it('by SIGKILL leaves a record that says so, and ends the recorder by the same signal', async () => {
    const { directory, end, pid } = await start();
    process.kill(pid, 'SIGKILL');
    expect(await end).toEqual([null, 'SIGKILL']);
    const manifest = readManifest(join(directory, 'run.msbom.json'));
    expect(manifest.model?.training?.run).toMatchObject({ status: 'killed' });
    expect(manifest.bom.coverage?.note).toContain('SIGKILL');
    expect(validateManifest(manifest)).toMatchObject({ valid: true });
  });
  it('passes on a signal that was meant for it', async () => {
    const { directory, recorder, end } = await start();
    recorder.kill('SIGTERM');
    expect(await end).toEqual([null, 'SIGTERM']);
    expect(readManifest(join(directory, 'run.msbom.json')).model?.training?.run?.status).toBe('killed');
  });
  it('together with its recorder leaves the first record, marked incomplete', async () => {
    const { directory, recorder, end, pid } = await start();
    recorder.kill('SIGKILL');
    await end;
    process.kill(pid, 'SIGKILL');
    const manifest = readManifest(join(directory, 'run.msbom.json'));
    expect(manifest.model?.training?.run).toMatchObject({ status: 'running', start: expect.any(String) });
    expect(manifest.model?.training?.run?.end).toBeUndefined();
    expect(manifest.bom.coverage).toMatchObject({ artifacts: 'unknown', note: expect.stringContaining('had not ended') });
    expect(validateManifest(manifest)).toMatchObject({ valid: true });
    expect(validateManifest(manifest).findings.map(({ id }) => id)).toContain('run-incomplete');
  });
  it('together with its recorder leaves what was learnt of the machine until then', async () => {
    const { directory, recorder, end, pid } = await start();
    const left = () => readManifest(join(directory, 'run.msbom.json'));
    for (let i = 0; i < 600 && left().environments === undefined; i++) await sleep(50);
    recorder.kill('SIGKILL');
    await end;
    process.kill(pid, 'SIGKILL');
    expect(left().model?.training?.run).toMatchObject({ status: 'running' });
    expect(Object.keys(left().environments ?? {})).toEqual(['machine']);
    expect(validateManifest(left())).toMatchObject({ valid: true });
  });
});

// util-linux's script(1) gives the command a terminal.
it.skipIf(!existsSync('/usr/bin/script') || process.platform !== 'linux')(
  'an interrupt of the terminal reaches the command once, whatever its standard input is joined to',
  async () => {
    const count = `import { writeFileSync } from 'node:fs'; let n = 0; process.on('SIGINT', () => n++); writeFileSync('started', '');
      setTimeout(() => writeFileSync('count', String(n)), 1500);`;
    const directory = temporaryDirectory({ 'train.mjs': count });
    const line = `sleep 3 | ${process.execPath} ${program} record -q -o run.msbom.json -- node train.mjs`;
    const terminal = spawn('/usr/bin/script', ['-qec', line, '/dev/null'], { cwd: directory, stdio: ['pipe', 'ignore', 'ignore'] });
    const end = ended(terminal);
    await running(directory, 'started');
    await sleep(300);
    terminal.stdin.write('\u0003');
    await running(directory, 'count');
    terminal.stdin.end();
    await end;
    expect(readFileSync(join(directory, 'count'), 'utf8')).toBe('1');
  },
);

describe('a command line that cannot be right', () => {
  it.each([
    [['node', 'train.mjs', '--lr', '1'], 'put `--` before the command'],
    [['-o', '-', '--', 'node', 'train.mjs'], 'cannot go to standard output'],
    [['--set', 'model.training.hyperparameters=5', '--', 'node', 'train.mjs'], '`model.training.hyperparameters` is a number'],
    [['--output-path', '..', '--', 'node', 'train.mjs'], 'outside the directory of the run'],
  ])('%j runs nothing', (args, message) => {
    const directory = project();
    const result = record(directory, args);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(message);
    expect(existsSync(join(directory, 'out'))).toBe(false);
  });
});

it('an input that changes while the run goes on is reported', () => {
  const directory = project({
    'train.mjs': `import { appendFileSync, writeFileSync } from 'node:fs'; appendFileSync('data/rows.csv', 'd'); writeFileSync('model.bin', 'x');`,
  });
  const result = record(directory, ['--input', 'data/*.csv', '-o', 'run.msbom.json', '--', 'node', 'train.mjs']);
  expect(result.stderr).toContain('[input-changed]');
  expect(readManifest(join(directory, 'run.msbom.json')).datasets).toMatchObject({ 'data-.csv': { name: 'data/*.csv' } });
});

describe('recordRun', () => {
  const options = { host: openHost({ root: temporaryDirectory({ 'etc/os-release': 'NAME=Example\nVERSION_ID=1\n' }) }), env: {} };
  it('does the same for a function, with what the script says', async () => {
    const cwd = project();
    const { manifest, result, file } = await recordRun(
      async (run) => {
        await run.input(join(cwd, 'data/rows.csv'), ['training', 'validation']);
        run.hyperparameters({ learning_rate: 0.5, 'a/b': true });
        run.metric('loss', 0.25, { split: 'train' });
        run.say({ model: { name: 'said', version: '1.10' }, usage: { domains: ['tests'] } });
        writeFileSync(join(cwd, 'model.bin'), 'weights');
        return 42;
      },
      { ...options, cwd, file: 'run.msbom.json' },
    );
    expect(result).toBe(42);
    expect(file).toBe(join(cwd, 'run.msbom.json'));
    expect(manifest).toMatchObject({
      model: {
        name: 'said',
        version: '1.10',
        training: {
          hyperparameters: { learning_rate: 0.5, 'a/b': true },
          metrics: { 'loss train': { name: 'loss', value: 0.25, slice: 'train' } },
          run: { status: 'completed' },
        },
      },
      datasets: { 'rows.csv': { roles: ['training', 'validation'], digest: { root: { sha256: sha256('a\nb\nc') }, method: 'file' } } },
      usage: { domains: ['tests'] },
      artifacts: { 'model.bin': { digest: { sha256: sha256('weights') } } },
    });
    expect(validateManifest(manifest).valid).toBe(true);
    expect(readManifest(file)).toEqual(manifest);
  });
  it('records a failure and throws it on', async () => {
    const cwd = project();
    const failing = recordRun(
      () => {
        throw new RangeError('diverged');
      },
      { ...options, cwd, file: 'run.msbom.json' },
    );
    await expect(failing).rejects.toThrow('diverged');
    expect(readManifest(join(cwd, 'run.msbom.json')).model?.training?.run?.status).toBe('failed');
  });
  it('takes no output from outside the directory of the run', async () => {
    const cwd = project();
    const error: unknown = await recordRun((run) => run.output('../elsewhere'), { ...options, cwd }).catch((reason: unknown) => reason);
    expect(MsbomError.is(error)).toBe(true);
  });
});

it('selects variables by name and never one that may be a secret', () => {
  expect(
    selectedVariables({
      NCCL_DEBUG: 'INFO',
      TORCH_TOKEN: 'x',
      OMP_NUM_THREADS: '4',
      HOME: '/root',
      PATH: '/bin',
      NCCL_LONG: 'x'.repeat(600),
    }),
  ).toEqual({
    NCCL_DEBUG: 'INFO',
    OMP_NUM_THREADS: '4',
  });
});
