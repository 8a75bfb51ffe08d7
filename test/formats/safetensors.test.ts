import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { safetensors } from '../../src/formats/safetensors/index.js';
import { parameterCounter } from '../../src/formats/shared/parameters.js';
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
    expect(facts.tensors).toEqual({ count: 3, parameters: 10, dtypes: { BF16: 4, F32: 6 }, bytes: 40 });
    expect(facts.role).toBe('weights');
  });
  it('gives what modelspec and kohya keys say, with their keys', async () => {
    const facts = safetensors.describe(await read(good));
    expect(facts.name).toEqual({ value: 'a lora', key: 'modelspec.title' });
    expect(facts.hyperparameters).toEqual([{ key: 'ss_learning_rate', value: { name: 'learning_rate', value: 0.0001 } }]);
    expect(facts.baseModels).toEqual([{ key: 'ss_new_sd_model_hash', digest: { sha256: 'ab'.repeat(32) } }]);
    expect(facts.datasets).toEqual([{ key: 'ss_dataset_dirs', value: { name: '10_cats' } }]);
  });
  it('reads nested JSON, hashes a chat template and keeps long values out', async () => {
    const file = safetensorsFile(
      {
        __metadata__: {
          ss_datasets: JSON.stringify([
            { batch_size_per_device: 2, subsets: [{ image_dir: '10_cats' }, { image_dir: '/home/me/private' }] },
          ]),
          ss_tag_frequency: '{"5_dogs":{}}',
          ss_bucket_info: 'not JSON',
          ss_base_model_version: 'sdxl_base_v1-0',
          lora_adapter_metadata: '{"unet.r":8,"unet.target_modules":["q"],"unet.use_dora":false}',
          'modelspec.tags': 'cat, dog,',
          'modelspec.thumbnail': 'x'.repeat(2000),
          chat_template: '{{ messages }}',
        },
      },
      0,
    );
    const facts = safetensors.describe(await read(file));
    expect(facts.datasets?.map(({ value }) => value.name)).toEqual(['5_dogs', '10_cats']);
    expect(facts.hyperparameters?.map(({ key, value }) => [key, value.value])).toEqual([
      ['ss_datasets[0].batch_size_per_device', 2],
      ['lora_adapter_metadata.unet.r', 8],
      ['lora_adapter_metadata.unet.use_dora', false],
    ]);
    expect(facts.baseModels).toEqual([{ key: 'ss_base_model_version', version: 'sdxl_base_v1-0' }]);
    expect(facts.tags?.value).toEqual(['cat', 'dog']);
    expect(facts.chatTemplates?.default).toMatch(/^[0-9a-f]{64}$/);
    expect(facts.metadata).toMatchObject({ 'modelspec.thumbnail': '[2000 characters left out]' });
    expect(facts.metadata).not.toHaveProperty('chat_template');
  });
  it('says its licence, and takes no placeholder for the digest of a base', async () => {
    const file = safetensorsFile({ __metadata__: { license: 'agpl-3.0', ss_new_sd_model_hash: '0'.repeat(64), ss_sd_model_name: 'b' } }, 0);
    const facts = safetensors.describe(await read(file));
    expect([facts.license, facts.baseModels]).toEqual([{ value: 'agpl-3.0', key: 'license' }, [{ key: 'ss_sd_model_name', name: 'b' }]]);
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
  it.each<[string, readonly (readonly [name: string, dtype: string, shape: readonly number[]])[], readonly number[]]>([
    [
      'GPTQ by g_idx, three bits too',
      [
        ['l.qweight', 'I32', [12, 16]],
        ['l.g_idx', 'I32', [128]],
        ['l.scales', 'F16', [1, 16]],
      ],
      [128 * 16, 0, 0],
    ],
    [
      'AWQ by the columns of the scales',
      [
        ['l.qweight', 'I32', [128, 2]],
        ['l.scales', 'F16', [1, 16]],
        ['l.qzeros', 'I32', [1, 2]],
      ],
      [128 * 16, 0, 0],
    ],
    [
      'MXFP4 blocks with their scales',
      [
        ['e.up_proj_blocks', 'U8', [4, 6, 2, 16]],
        ['e.up_proj_scales', 'U8', [4, 6, 2]],
      ],
      [4 * 6 * 2 * 32, 0],
    ],
    [
      'NVFP4 by its FP8 scales',
      [
        ['l.weight', 'U8', [16, 32]],
        ['l.weight_scale', 'F8_E4M3', [16, 4]],
        ['l.weight_scale_2', 'F32', []],
      ],
      [1024, 0, 0],
    ],
    [
      'FP8 with a scale',
      [
        ['l.weight', 'F8_E4M3', [16, 32]],
        ['l.weight_scale_inv', 'F32', [1, 1]],
      ],
      [512, 0],
    ],
    [
      'bitsandbytes 8-bit',
      [
        ['l.weight', 'I8', [16, 32]],
        ['l.SCB', 'F32', [16]],
        ['l.weight_format', 'U8', []],
      ],
      [512, 0, 0],
    ],
    [
      'MLX only as stored',
      [
        ['l.weight', 'U32', [16, 4]],
        ['l.scales', 'F16', [16, 1]],
        ['l.biases', 'F16', [16, 1]],
      ],
      [64, 0, 0],
    ],
    [
      'bytes that only look like blocks',
      [
        ['e.up_proj_blocks', 'U8', [4, 16]],
        ['e.up_proj_scales', 'U8', [7]],
      ],
      [64, 0],
    ],
    [
      'biases and scales of other kinds',
      [
        ['norm.scale', 'F32', [4]],
        ['a.biases', 'F32', [4]],
      ],
      [4, 4],
    ],
  ])('counts %s', (_what, given, expected) => {
    const tensors = given.map(([name, dtype, shape]) => ({ name, dtype, shape }));
    expect(tensors.map(parameterCounter(tensors))).toEqual(expected);
  });
  it('unpacks MLX with the bits of its configuration', () => {
    const mlx = [
      { name: 'l.weight', dtype: 'U32', shape: [16, 4] },
      { name: 'l.scales', dtype: 'F16', shape: [16, 1] },
    ];
    expect(mlx.map(parameterCounter(mlx, { bits: 4 }))).toEqual([512, 0]);
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
    ['without a data type', safetensorsFile({ a: { shape: [1], data_offsets: [0, 4] } }, 4), 'ERR_FORMAT_MALFORMED', 8],
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

describe('what is no parameter', () => {
  const counted = (name: string, dtype: string, shape: number[]) => {
    const tensor = { name, dtype, shape };
    return parameterCounter([tensor])(tensor);
  };
  it.each([
    ['embeddings.position_ids', 'I64', [1, 512]],
    ['bn.num_batches_tracked', 'I64', []],
    ['relative_position_index', 'I32', [49, 49]],
    ['attn_mask', 'BOOL', [4, 4]],
    ['h.0.attn.bias', 'F32', [1, 1, 64, 64]],
    ['gpt_neox.layers.0.attention.bias', 'U8', [1, 1, 64, 64]],
    ['h.0.attn.masked_bias', 'F32', []],
    ['layers.0.self_attn.rotary_emb.inv_freq', 'F32', [32]],
  ] as [string, string, number[]][])('is a buffer: %s of %s', (name, dtype, shape) => expect(counted(name, dtype, shape)).toBe(0));
  it.each([
    ['attn.bias', 'F32', [64], 64],
    ['conv.bias', 'F32', [1, 1, 3, 3], 9],
    ['w', 'I8', [4], 4],
    ['w', 'U8', [4], 4],
    ['bn.running_mean', 'F32', [8], 8],
    ['qweight', 'I32', [8, 2], 16],
  ] as [string, string, number[], number][])('but %s of %s is one', (name, dtype, shape, count) =>
    expect(counted(name, dtype, shape)).toBe(count),
  );
  it('is told by the same names in PyTorch', () => {
    const packed = [
      { name: 'l.qweight', dtype: 'int32', shape: [12, 16] },
      { name: 'l.g_idx', dtype: 'int32', shape: [128] },
      { name: 'l.scales', dtype: 'float16', shape: [1, 16] },
    ];
    expect(packed.map(parameterCounter(packed))).toEqual([128 * 16, 0, 0]);
  });
});
