import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { parameterCounter, safetensors } from '../../src/formats/safetensors/index.js';
import { safetensorsFile } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const tensor = (dtype: string, shape: number[], begin: number, end: number) => ({ dtype, shape, data_offsets: [begin, end] });
const good = safetensorsFile(
  {
    __metadata__: {
      format: 'pt',
      'modelspec.title': 'a lora',
      ss_learning_rate: '0.0001',
      ss_new_sd_model_hash: 'ab'.repeat(32),
      ss_dataset_dirs: '{"10_cats":{"n_repeats":10}}',
    },
    a: tensor('F32', [2, 3], 0, 24),
    b: tensor('BF16', [4], 24, 32),
    c: tensor('I64', [], 32, 40),
  },
  40,
);
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => safetensors.read(bytesSource('m.safetensors', bytes), limits);

async function failure(bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<MsbomError> {
  const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
  if (!MsbomError.is(error)) throw new Error('no error was thrown');
  return error;
}

describe('a well-formed file', () => {
  it('gives tensors, parameters and data types', async () => {
    const facts = safetensors.describe(await read(good));
    expect(facts.tensors).toEqual({ count: 3, parameters: 11, dtypes: { BF16: 4, F32: 6, I64: 1 }, bytes: 40 });
    expect(facts.role).toBe('weights');
  });
  it('gives what modelspec and kohya keys say, with their keys', async () => {
    const facts = safetensors.describe(await read(good));
    expect(facts.name).toEqual({ value: 'a lora', key: 'modelspec.title' });
    expect(facts.hyperparameters).toEqual([{ key: 'ss_learning_rate', value: { name: 'learning_rate', value: 0.0001 } }]);
    expect(facts.baseModels).toEqual([{ key: 'ss_new_sd_model_hash', digest: { sha256: 'ab'.repeat(32) } }]);
    expect(facts.datasets).toEqual([{ key: 'ss_dataset_dirs', value: { name: '10_cats' } }]);
  });
  it('is an adapter when all its tensors are low-rank factors', async () => {
    const file = safetensorsFile({ 'q.lora_A.weight': tensor('F16', [1], 0, 2), 'q.lora_B.weight': tensor('F16', [1], 2, 4) }, 4);
    expect(safetensors.describe(await read(file)).role).toBe('adapter');
  });
  it('of 100 GB costs its header', async () => {
    const data = 100e9;
    const head = safetensorsFile({ t: tensor('F32', [1000, data / 4000], 0, data) }, 0);
    const source = {
      name: 'big',
      size: head.byteLength + data,
      read: async (offset: number, length: number) => head.slice(offset, offset + length),
    };
    expect(safetensors.describe(await safetensors.read(source, DEFAULT_LIMITS)).tensors?.parameters).toBe(data / 4);
  });
});

describe('parameters under quantisation', () => {
  const list = [
    { name: 'l.qweight', dtype: 'I32', shape: [8, 16] },
    { name: 'l.scales', dtype: 'F16', shape: [1, 16] },
    { name: 'l.qzeros', dtype: 'I32', shape: [1, 2] },
  ];
  it('unpacks when the bits are known', () => {
    const count = parameterCounter(list, { bits: 4 });
    expect(list.map(count)).toEqual([8 * 16 * 8, 0, 0]);
  });
  it('counts stored numbers when they are not', () => {
    expect(list.map(parameterCounter(list))).toEqual([8 * 16, 0, 0]);
  });
  it('sees bitsandbytes 4-bit from its quant_state', () => {
    const bnb = [
      { name: 'w.weight', dtype: 'U8', shape: [100, 1] },
      { name: 'w.weight.quant_state.bitsandbytes__nf4', dtype: 'U8', shape: [80] },
      { name: 'w.weight.absmax', dtype: 'U8', shape: [4] },
    ];
    expect(bnb.map(parameterCounter(bnb))).toEqual([200, 0, 0]);
  });
});

describe('a broken file', () => {
  it.each([
    ['shorter than its header says', good.slice(0, 20), 'ERR_FORMAT_TRUNCATED', 8],
    ['without its last byte', good.slice(0, -1), 'ERR_FORMAT_TRUNCATED', good.byteLength - 1],
    ['with a byte behind', safetensorsFile({ t: tensor('F32', [1], 0, 4) }, 5), 'ERR_FORMAT_MALFORMED', 66],
    [
      'with overlapping tensors',
      safetensorsFile({ a: tensor('F32', [1], 0, 4), b: tensor('F32', [1], 0, 4) }, 4),
      'ERR_FORMAT_MALFORMED',
      undefined,
    ],
    ['with a hole', safetensorsFile({ a: tensor('F32', [1], 4, 8) }, 8), 'ERR_FORMAT_MALFORMED', undefined],
    ['with a shape that does not fit', safetensorsFile({ a: tensor('F32', [2], 0, 4) }, 4), 'ERR_FORMAT_MALFORMED', 8],
    ['with a shape that overflows', safetensorsFile({ a: tensor('F32', [2 ** 40, 2 ** 40], 0, 4) }, 4), 'ERR_FORMAT_MALFORMED', 8],
    ['with a negative offset', safetensorsFile({ a: tensor('F32', [1], -4, 0) }, 4), 'ERR_FORMAT_MALFORMED', 8],
    ['with an unknown data type', safetensorsFile({ a: tensor('F7', [1], 0, 4) }, 4), 'ERR_FORMAT_UNSUPPORTED', 8],
    [
      'with a duplicate tensor',
      safetensorsFile('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      'ERR_FORMAT_MALFORMED',
      undefined,
    ],
    ['with metadata that is no text', safetensorsFile({ __metadata__: { a: 1 } }, 0), 'ERR_FORMAT_MALFORMED', 8],
    ['whose header is a list', safetensorsFile('[1]', 0), 'ERR_FORMAT_MALFORMED', 8],
  ])('%s', async (_what, bytes, code, offset) => {
    const error = await failure(bytes);
    expect(error.code).toBe(code);
    expect(error.file).toBe('m.safetensors');
    if (offset !== undefined) expect(error.offset).toBe(offset);
  });
  it('with a header beyond the limit', async () => {
    expect((await failure(good, withLimits({ maxHeaderBytes: 10 }))).code).toBe('ERR_LIMIT_BYTES');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(safetensors, good);
  });
});
