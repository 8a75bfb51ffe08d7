import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { tensorflowCheckpoint as reader } from '../../src/formats/tensorflow-checkpoint/index.js';
import { concat, field, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { bundleEntry, bundleHeader, table } from '../support/tensorflow.js';

const VALUE = '/.ATTRIBUTES/VARIABLE_VALUE';
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS, name = 'dir/variables.index') => reader.read(bytesSource(name, bytes), limits);
const facts = async (bytes: Uint8Array, name?: string) => reader.describe(await read(bytes, DEFAULT_LIMITS, name));
const float = (...sizes: readonly number[]) => bundleEntry(1, sizes, 4 * sizes.reduce((a, b) => a * b, 1));
const index = (names: readonly string[], shards = 1) =>
  table([['', bundleHeader(shards)], ...[...names].sort().map((name) => [name, float(2, 3)] as const)]);
const parameters = async (...names: readonly string[]) => (await facts(index(names))).tensors?.parameters;

describe('an index', () => {
  it('gives tensors, shards and companions', async () => {
    const bytes = table([
      ['', bundleHeader(2)],
      ['_CHECKPOINTABLE_OBJECT_GRAPH', bundleEntry(7, [], 99)],
      [`a${VALUE}`, bundleEntry(14, [4], 8, 1)],
      [`b${VALUE}`, float(2, 3)],
      [`save_counter${VALUE}`, bundleEntry(9, [], 8)],
    ]);
    expect(await facts(bytes)).toEqual({
      format: 'tensorflow-checkpoint',
      formatVersion: '1',
      mediaType: 'application/octet-stream',
      role: 'weights',
      tensors: { count: 4, parameters: 10, dtypes: { bfloat16: 4, float32: 6 }, bytes: 139 },
      companions: ['variables.data-00000-of-00002', 'variables.data-00001-of-00002'],
      metadata: { endianness: 'little', objectGraph: 'in the data file', shards: '2' },
    });
    expect((await facts(bytes, 'other')).companions).toBeUndefined();
  });
  it('of several blocks is read whole', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `layer-${String(i).padStart(3, '0')}/kernel`);
    const entries = [['', bundleHeader()] as const, ...names.map((name) => [name, float(2)] as const)];
    for (const perBlock of [1, 7, 1000])
      for (const prefixes of [true, false]) {
        const header = await read(table(entries, { perBlock, prefixes }));
        expect(reader.tensors(header).map(({ name }) => name)).toEqual(names);
      }
  });
  it.each<[string, readonly string[], number]>([
    ['slots', [`a${VALUE}`, `a/.OPTIMIZER_SLOT/optimizer/m${VALUE}`], 6],
    ['the state of an optimizer', [`a${VALUE}`, `optimizer/_variables/2${VALUE}`, `optimizer/beta_1${VALUE}`], 6],
    ['all but the variables that it trains', [`optimizer/_trainable_variables/0${VALUE}`, `optimizer/_variables/2${VALUE}`], 6],
    ['slots of TensorFlow 1', ['w', 'w/Adam', 'w/Adam_1', 'beta1_power', 'global_step'], 6],
    ['nothing that is only named like a slot', ['block/Adam', 'm', 'w'], 18],
    ['metrics', [`a${VALUE}`, `keras_api/metrics/0/total${VALUE}`], 6],
    ['the second list of an export', [`_all_variables/0${VALUE}`, `variables/0${VALUE}`, `variables/1${VALUE}`], 6],
  ])('does not count %s', async (_what, names, expected) => {
    expect(await parameters(...names)).toBe(expected);
  });
  it('counts a variable in slices once', async () => {
    const bytes = table([
      ['', bundleHeader()],
      ['\u0000\u0001w', float(1, 3)],
      ['w', bundleEntry(1, [6, 3], 0, 0, field(7, new Uint8Array()))],
    ]);
    expect((await facts(bytes)).tensors).toEqual({ count: 1, parameters: 18, dtypes: { float32: 18 } });
  });
});

describe('the text file', () => {
  it('names the latest checkpoint without its directory', async () => {
    const text =
      'model_checkpoint_path: "/home/example/run/ckpt-3"\nall_model_checkpoint_paths: "ckpt-2"\nall_model_checkpoint_paths: "ckpt-3"\n';
    expect(await facts(utf8(text), 'checkpoint')).toMatchObject({
      role: 'index',
      metadata: { model_checkpoint_path: 'ckpt-3', all_model_checkpoint_paths: '2 items' },
    });
  });
  it('is bounded', async () => {
    await expect(read(utf8(`model_checkpoint_path: "${'x'.repeat(2 ** 20)}"`))).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  });
});

describe('detection', () => {
  it('knows an index and the text', () => {
    expect(reader.sniff(index(['a']), 'x')).toBe(true);
    expect(reader.sniff(utf8('model_checkpoint_path: "a"\n'), 'x')).toBe(true);
  });
  it.each<[string, Uint8Array]>([
    ['another table', table([['a', float(1)]])],
    ['a table without a version', table([['', field(1, 1)]])],
    ['zeros', new Uint8Array(4096)],
    ['a small file without the number', index(['a']).slice(0, -1)],
    ['text', utf8('the model_checkpoint_path: "a"')],
  ])('takes %s for none', (_what, bytes) => {
    expect(reader.sniff(bytes, 'variables.index')).toBe(false);
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  const good = index(['a', 'ab', 'b']);
  const one = (value: Uint8Array) =>
    table([
      ['', bundleHeader()],
      ['a', value],
    ]);
  it.each<[string, Uint8Array, string]>([
    ['that is cut', good.slice(0, -1), 'ERR_FORMAT_TRUNCATED'],
    ['that is short', good.slice(0, 20), 'ERR_FORMAT_TRUNCATED'],
    ['with compressed blocks', table([['', bundleHeader()]], { compression: 1 }), 'ERR_FORMAT_UNSUPPORTED'],
    ['without a header', table([['a', float(1)]]), 'ERR_FORMAT_MALFORMED'],
    ['without entries', table([]), 'ERR_FORMAT_MALFORMED'],
    ['without data files', table([['', field(3, field(1, 1))]]), 'ERR_FORMAT_MALFORMED'],
    ['with too many data files', table([['', bundleHeader(1e6)]]), 'ERR_LIMIT_COUNT'],
    ['with a tensor in a file that is not there', one(bundleEntry(1, [1], 4, 5)), 'ERR_FORMAT_MALFORMED'],
    ['with a shape that overflows', one(float(2 ** 40, 2 ** 40)), 'ERR_FORMAT_MALFORMED'],
    ['with a shape that is not known', one(bundleEntry(1, [2 ** 64], 4)), 'ERR_FORMAT_MALFORMED'],
    ['with an entry that is cut', one(concat(field(1, 1), Uint8Array.of(0x12, 9))), 'ERR_FORMAT_TRUNCATED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  it('with too many entries', async () => {
    expect(await code(index(['a', 'b', 'c', 'd', 'e', 'f', 'g']), withLimits({ maxItems: 6 }))).toBe('ERR_LIMIT_COUNT');
  });
  it('with too many bytes', async () => {
    expect(await code(good, withLimits({ maxReadBytes: 50 }))).toBe('ERR_LIMIT_BYTES');
  });
  it('whose blocks overlap', async () => {
    const bytes = table(
      [
        ['', bundleHeader()],
        ['a', float(1)],
      ],
      { perBlock: 1 },
    );
    const first = bundleHeader().byteLength + 3 + 8 + 5;
    // The second handle in the index names the first block again.
    const at = bytes.lastIndexOf(first, bytes.byteLength - 57);
    bytes[at] = 0;
    expect(await code(bytes)).toBe('ERR_FORMAT_MALFORMED');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(reader, good);
  });
  const fixtures = fileURLToPath(new URL('../fixtures/formats/tensorflow-checkpoint/', import.meta.url));
  it.each(['many.index', 'trained-1.index', 'checkpoint'])('may be %s, broken anywhere', async (name) => {
    await fuzzReader(reader, new Uint8Array(readFileSync(fixtures + name)), Number(process.env.MSBOM_RUNS ?? 50));
  });
});
