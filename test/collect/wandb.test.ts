import { describe, expect, it } from 'vitest';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('wandb');
const facts = factsOf('wandb') as unknown as { runId: string; hyperparameters: Record<string, unknown>; metrics: Record<string, number> };
const find = (ending: string): string => Object.keys(files).find((path) => path.endsWith(ending)) ?? ending;
const run = (metadata: object, config = '{}') => ({
  'wandb/run-20260101_000000-abc/files/wandb-metadata.json': text(JSON.stringify(metadata)),
  'wandb/run-20260101_000000-abc/files/config.yaml': text(config),
});

/** One field of a protobuf message: a text, a message, or a whole number. */
function field(number: number, value: string | Uint8Array | number): Uint8Array {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
  if (typeof value === 'number') return Uint8Array.from([...varint(number * 8), ...varint(value)]);
  const bytes = typeof value === 'string' ? text(value) : value;
  return Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.byteLength), ...bytes]);
}
const message = (...fields: readonly Uint8Array[]): Uint8Array => Uint8Array.from(fields.flatMap((each) => [...each]));
const update = (key: string, json: string): Uint8Array => field(1, message(field(1, key), field(16, json)));

/** The log of a run: records in blocks of 32 KiB. */
function log(...records: readonly Uint8Array[]): Uint8Array {
  const bytes = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];
  for (const record of records) {
    for (let at = 0, first = true; first || at < record.byteLength; first = false) {
      let left = 32768 - (bytes.length % 32768);
      if (left < 7) {
        bytes.push(...new Array<number>(left).fill(0));
        left = 32768;
      }
      const part = record.subarray(at, at + left - 7);
      at += part.byteLength;
      const last = at >= record.byteLength;
      bytes.push(0, 0, 0, 0, part.byteLength % 256, part.byteLength >> 8, first && last ? 1 : first ? 2 : last ? 4 : 3);
      for (const byte of part) bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}
const LOG = log(
  field(21, message(field(1, '0.31.0'))),
  field(
    17,
    message(field(4, message(update('lr', '0.1'), update('api_token', '"x"'))), field(19, message(field(5, '0.31.0'), field(6, '5.0.0')))),
  ),
  field(
    26,
    message(
      field(1, 'Linux-6.1'),
      field(2, 'CPython 3.11.7'),
      field(10, 'jane@example.org'),
      field(12, 'box'),
      field(13, 'jane'),
      field(5, '--lr'),
      field(5, '0.1'),
    ),
  ),
  field(26, message(field(24, message(field(1, 'NVIDIA L4'), field(2, 24152899584))), field(25, '12.4'))),
  field(2, message(update('loss', '0.5'), update('note', `"${'n'.repeat(70_000)}"`))),
  field(2, message(update('loss', '0.25'))),
  field(3, message(update('accuracy', '0.75'))),
  field(18, message(field(1, 0))),
);
const LOG_PATH = 'wandb/offline-run-20260101_000000-abc/run-abc.wandb';

describe('the files of a run of Weights & Biases', () => {
  it('are what the client says', async () => {
    const { manifest, ids, own } = await described(files);
    // The key of the interface, and the token among the arguments.
    expect(ids).toEqual(['private-data', 'private-data']);
    const { api_key: key, ...expected } = facts.hyperparameters;
    expect(key).toBe('not-a-secret');
    expect(own).toEqual(expected);
    expect(Object.fromEntries(listOf(manifest.model?.training?.metrics, 'name').map(({ name, value }) => [name, value]))).toEqual(
      facts.metrics,
    );
    expect(manifest.model?.training?.run).toMatchObject({ id: facts.runId, tracker: 'wandb' });
    expect(manifest.model?.training?.code).toMatchObject({
      repository: 'https://example.org/team/project.git',
      entrypoint: 'train.py',
      arguments: ['--lr', '0.01', '--token', '[redacted]', '--data', '…'],
    });
    expect(listOf(manifest.environments)).toMatchObject([
      { purpose: ['training'], runtime: { language: 'Python', version: '3.11.7', implementation: 'CPython' } },
    ]);
  });
  it.each([false, true])('keep user, host and credentials out, private things wanted or not (%s)', async (includePrivate) => {
    const { text: whole } = await described(files, { includePrivate });
    expect(whole).not.toMatch(/not-a-secret|user@example|"host":"host"|username|\/home\/user/);
  });
  it('name devices, CUDA and container', async () => {
    const device = { name: 'NVIDIA A100', memoryTotal: '85899345920', uuid: 'GPU-1', architecture: 'Ampere' };
    const { manifest, text: whole } = await described(
      run({
        gpu: 'NVIDIA A100',
        gpu_count: 2,
        gpu_nvidia: [device, device],
        cudaVersion: '12.4',
        docker: 'example/image:1',
        python: '3.10.4',
        memory: { total: 31.2 },
      }),
    );
    expect(listOf(manifest.environments)).toEqual([
      {
        id: 'training',
        purpose: ['training'],
        runtime: { language: 'Python', version: '3.10.4', container: { image: 'example/image:1' } },
        accelerators: [
          {
            vendor: 'NVIDIA',
            model: 'NVIDIA A100',
            memoryBytes: 85899345920,
            computeCapability: 'Ampere',
            toolkit: { name: 'CUDA', version: '12.4' },
            count: 2,
          },
        ],
      },
    ]);
    expect(whole).not.toContain('GPU-1');
  });
  it('name the devices of older clients', async () => {
    const { manifest } = await described(run({ gpu: 'Tesla T4', gpu_count: 1, cuda: '11.0' }));
    expect(listOf(manifest.environments)[0]?.accelerators).toEqual([
      { model: 'Tesla T4', count: 1, toolkit: { name: 'CUDA', version: '11.0' } },
    ]);
  });
  it('note the versions of client and frameworks', async () => {
    const { manifest } = await described(
      run({}, '_wandb:\n  value:\n    cli_version: 0.18.0\n    huggingface_version: 4.45.0\nlr:\n  desc: null\n  value: 0.1\n'),
    );
    expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([
      ['wandb', '0.18.0'],
      ['transformers', '4.45.0'],
    ]);
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 0.1 });
  });
  it('of several runs say what they agree on', async () => {
    const other = Object.fromEntries(
      Object.entries(run({ python: '3.10.4' }, 'lr: {value: 1}')).map(([path, bytes]) => [path.replace('-abc', '-def'), bytes]),
    );
    const { manifest, ids } = await described({ ...run({ python: '3.10.4' }, 'lr: {value: 2}'), ...other });
    expect(manifest.model?.training).toEqual({ run: { tracker: 'wandb' } });
    expect(listOf(manifest.environments)).toHaveLength(1);
    expect(ids).toEqual(['several-runs']);
  });
  it('may have a damaged configuration', () => fuzzFiles(files, find('config.yaml')));
  it('may have damaged metadata', () => fuzzFiles(files, find('wandb-metadata.json')));
  it('may have a damaged summary', () => fuzzFiles(files, find('wandb-summary.json'), 20));
});

describe('the log of a run that was offline', () => {
  it('says the same as the files would', async () => {
    const { manifest, ids, text: whole } = await described({ [LOG_PATH]: LOG });
    expect(ids).toEqual(['private-data']);
    expect(manifest.model?.training).toEqual({
      run: { tracker: 'wandb', id: 'abc', status: 'completed', exitCode: 0 },
      hyperparameters: { learning_rate: 0.1 },
      code: { arguments: ['--lr', '0.1'] },
      metrics: { loss: { value: 0.25 }, accuracy: { value: 0.75 } },
    });
    expect(listOf(manifest.environments)[0]).toMatchObject({
      os: { name: 'Linux-6.1' },
      accelerators: [{ model: 'NVIDIA L4', memoryBytes: 24152899584, count: 1, toolkit: { version: '12.4' } }],
    });
    expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([
      ['wandb', '0.31.0'],
      ['transformers', '5.0.0'],
    ]);
    expect(whole).not.toMatch(/jane|box/);
  });
  it('is not read where the files are', async () => {
    const { manifest } = await described({ ...run({}, 'lr: {value: 3}'), 'wandb/run-20260101_000000-abc/run-abc.wandb': LOG });
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 3 });
  });
  it('that was cut off is read as far as it goes', async () => {
    const { manifest, ids } = await described({ [LOG_PATH]: LOG.subarray(0, LOG.byteLength - 20) });
    expect(manifest.model?.training?.run).not.toHaveProperty('exitCode');
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 0.1 });
    expect(ids).toEqual(['private-data']);
  });
  it('of another kind is a finding', async () => {
    expect((await described({ [LOG_PATH]: text('no log at all') })).ids).toEqual(['metadata-unreadable']);
    expect((await described({ [LOG_PATH]: new Uint8Array(3) })).ids).toEqual(['metadata-unreadable']);
  });
  it('that is too long to be read is said not to have been', async () => {
    const { manifest, ids } = await described(
      { [LOG_PATH]: LOG },
      { limits: { ...(await import('../../src/core/limits.js')).DEFAULT_LIMITS, maxReadBytes: 100 } },
    );
    expect(ids).toEqual(['run-not-inspected']);
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
  });
  it('may be damaged in any way', () =>
    fuzzFiles({ [LOG_PATH]: log(...[1, 2].map(() => field(5, message(update('lr', '0.1'))))) }, LOG_PATH, 150));
});

describe('packages that were installed', () => {
  const installed = (packages: string, id = 'abc') => ({
    [`wandb/run-20260101_000000-${id}/files/config.yaml`]: text('lr: {value: 0.1}'),
    [`wandb/run-20260101_000000-${id}/files/requirements.txt`]: text(packages),
  });
  const components = async (of: Readonly<Record<string, Uint8Array>>) =>
    listOf((await described(of)).manifest.components).map(({ name, version, status, environment }) => [name, version, status, environment]);
  it('belong to the environment of the run', async () => {
    expect(await components(installed('Torch==2.9.0\n-e git+https://u:secret@example.org/x\nnot a line\nnumpy==2.3.1\n'))).toEqual([
      ['torch', '2.9.0', 'installed', 'training'],
      ['numpy', '2.3.1', 'installed', 'training'],
    ]);
  });
  it('of several runs are those that all had', async () => {
    const both = { ...installed('torch==2.9.0\nnumpy==2.3.1\n'), ...installed('torch==2.8.0\nnumpy==2.3.1\n', 'def') };
    expect(await components(both)).toEqual([['numpy', '2.3.1', 'installed', 'training']]);
  });
});
