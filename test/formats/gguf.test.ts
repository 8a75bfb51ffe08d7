import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GGMLQuantizationType, gguf as peer } from '@huggingface/gguf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { gguf } from '../../src/formats/gguf/index.js';
import { concat, type GgufParts, ggufFile, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const parts: GgufParts = {
  metadata: [
    ['general.architecture', 8, 'llama'],
    ['general.name', 8, 'Tiny'],
    ['general.file_type', 4, 15],
    ['general.license', 8, 'apache-2.0'],
    ['general.base_model.count', 4, 1],
    ['general.base_model.0.name', 8, 'Base'],
    ['general.base_model.0.organization', 8, 'org'],
    ['general.datasets', 9, [8, ['org/data']]],
    ['general.languages', 9, [8, ['en', 'de']]],
    ['llama.context_length', 4, 4096],
    ['llama.rope.freq_base', 6, 10000],
    ['tokenizer.ggml.tokens', 9, [8, Array.from({ length: 100 }, (_, i) => `token-${i}`)]],
    ['tokenizer.ggml.scores', 9, [6, Array.from({ length: 100 }, (_, i) => i / 2)]],
    ['tokenizer.chat_template', 8, '{{ messages }}'],
  ],
  tensors: [
    { name: 'a', sizes: [256, 2], type: 12, offset: 0 },
    { name: 'b', sizes: [3], type: 0, offset: 288 },
  ],
  dataBytes: 300,
};
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => gguf.read(bytesSource('m.gguf', bytes), limits);

describe('numbers that forks use for types of their own', () => {
  const file = (architecture: string, type: number, fileType = 40) =>
    ggufFile({
      metadata: [
        ['general.architecture', 8, architecture],
        ['general.file_type', 4, fileType],
      ],
      tensors: [{ name: 'w', sizes: [128, 4], type, offset: 0 }],
      dataBytes: 600,
    });
  const facts = async (bytes: Uint8Array) => gguf.describe(await read(bytes));

  it.each([
    ['bitnet', 36, 'I2_S'],
    ['bitnet-b1.58', 38, 'TL1'],
    ['bitnet-25', 39, 'TL2'],
  ])('are those of bitnet.cpp under %s', async (architecture, type, name) => {
    const { tensors, quantization } = await facts(file(architecture, type));
    expect(tensors).toEqual({ count: 1, parameters: 512, dtypes: { [name]: 512 } });
    expect(quantization?.value).toBe(name);
  });
  it("are those of ggml under any other, and of bitnet where no type is a fork's", async () => {
    expect((await facts(file('llama', 36))).tensors?.dtypes).toEqual({ 'ggml:36': 512 });
    expect((await facts(file('llama', 39))).tensors?.dtypes).toEqual({ MXFP4: 512 });
    expect(await facts(file('bitnet', 41))).toMatchObject({ tensors: { dtypes: { Q1_0: 512 } }, quantization: { value: 'Q1_0' } });
    expect((await facts(file('bitnetwork', 36))).tensors?.dtypes).toEqual({ 'ggml:36': 512 });
  });
});

describe('a well-formed file', () => {
  it('names nobody who quantised it as a program', async () => {
    const bytes = ggufFile({ metadata: [['general.quantized_by', 8, 'Example']] });
    const facts = gguf.describe(await gguf.read(bytesSource('m.gguf', bytes), DEFAULT_LIMITS));
    expect(facts).toMatchObject({ metadata: { 'general.quantized_by': 'Example' } });
    expect(facts.producers).toBeUndefined();
  });
  it.each([1, 2, 3])('of version %i in both byte orders gives the same facts', async (version) => {
    const little = gguf.describe(await read(ggufFile({ ...parts, version })));
    expect(little).toEqual(gguf.describe(await read(ggufFile({ ...parts, version, little: false }))));
    expect(little).toMatchObject({
      formatVersion: String(version),
      tensors: { count: 2, parameters: 515, dtypes: { F32: 3, Q4_K: 512 }, bytes: 288 + 12 },
      architecture: { value: 'llama' },
      contextLength: { value: 4096, key: 'llama.context_length' },
      vocabularySize: { value: 100 },
      quantization: { value: 'Q4_K_M' },
      license: { value: 'apache-2.0' },
      baseModels: [{ key: 'general.base_model.0', name: 'Base', organization: 'org' }],
      datasets: [{ value: { name: 'org/data' } }],
    });
    expect(Object.keys(little.chatTemplates ?? {})).toEqual(['default']);
  });
  it('keeps tensor types that it does not know', async () => {
    const header = await read(ggufFile({ tensors: [{ name: 'x', sizes: [7], type: 99, offset: 0 }], dataBytes: 32 }));
    expect(header.tensors).toEqual([{ name: 'x', dtype: 'ggml:99', shape: [7] }]);
  });
});

describe('what a file is for', () => {
  const facts = async (metadata: GgufParts['metadata'], name = 'm.gguf', more: Partial<GgufParts> = {}) =>
    gguf.describe(await gguf.read(bytesSource(name, ggufFile({ ...parts, ...more, metadata: metadata ?? [] })), DEFAULT_LIMITS));

  it('is told of adapters and importance matrices', async () => {
    const adapter = await facts([
      ['general.type', 8, 'adapter'],
      ['adapter.type', 8, 'lora'],
      ['adapter.lora.alpha', 6, 16],
    ]);
    expect(adapter.role).toBe('adapter');
    expect(adapter.hyperparameters).toEqual([
      { key: 'adapter.type', value: { name: 'type', value: 'lora' } },
      { key: 'adapter.lora.alpha', value: { name: 'lora.alpha', value: 16 } },
    ]);
    const matrix = await facts([['general.type', 8, 'imatrix']]);
    expect([matrix.role, matrix.tensors]).toEqual(['data', undefined]);
  });

  it('comes with the model that it was converted from', async () => {
    const found = await facts([
      ['general.source.repo_url', 8, 'https://example.com/a'],
      ['general.source.doi', 8, '10.1000/1'],
    ]);
    expect(found.baseModels).toEqual([{ key: 'general.source', uri: 'https://example.com/a', doi: '10.1000/1' }]);
  });

  it('hashes every chat template, whatever its name', async () => {
    const found = await facts([
      ['tokenizer.chat_template', 8, 'a'],
      ['tokenizer.chat_template.tool_use', 8, 'b'],
      ['tokenizer.chat_template.__proto__', 8, 'c'],
    ]);
    expect(Object.keys(found.chatTemplates ?? {})).toEqual(['default', 'tool_use', '__proto__']);
    expect(found.metadata).toBeUndefined();
  });

  const split = (part: number, count: number, tensors = 2): GgufParts['metadata'] => [
    ['split.no', 2, part],
    ['split.count', 2, count],
    ['split.tensors.count', 5, tensors],
  ];
  it.each<[string, GgufParts['metadata'], string, string | undefined]>([
    ['fits', split(1, 3), 'm-00002-of-00003.gguf', undefined],
    ['has another name', split(1, 3), 'm.gguf', undefined],
    ['is no part', [], 'm.gguf', undefined],
    ['is the one part', [], 'm-00001-of-00001.gguf', undefined],
    ['is beyond the last', split(3, 3), 'm.gguf', 'the file says it is part 4 of 3'],
    ['has the number of another', split(1, 3), 'm-00001-of-00003.gguf', 'the file says it is part 2 of 3, its name says part 1 of 3'],
    ['has the count of another', split(1, 3), 'm-00002-of-00004.gguf', 'the file says it is part 2 of 3, its name says part 2 of 4'],
    ['says nothing', [], 'm-00002-of-00003.gguf', 'the name says part 2 of 3, the file says nothing of parts'],
    ['has too many tensors', split(0, 1, 1), 'm.gguf', 'the file has 2 tensors, all parts together are said to have 1'],
  ])('a part that %s', async (_what, metadata, name, message) => {
    expect((await facts(metadata, name)).findings?.map(({ id, message: said }) => [id, said])).toEqual(
      message === undefined ? undefined : [['shard-set', message]],
    );
  });
});

describe('the peer @huggingface/gguf', () => {
  const recorded = fileURLToPath(new URL('../fixtures/formats/gguf', import.meta.url));
  it.each(readdirSync(recorded).filter((name) => name.endsWith('.gguf')))(
    'reads the same of %s, which the library for Python wrote',
    async (name) => {
      const path = join(recorded, name);
      const theirs = await peer(path, { allowLocalFile: true });
      const ours = await gguf.read(bytesSource(name, new Uint8Array(readFileSync(path))), DEFAULT_LIMITS);
      expect(ours.tensors.map(({ name: tensor, shape, dtype }) => [tensor, [...shape].reverse(), dtype])).toEqual(
        theirs.tensorInfos.map(({ name: tensor, shape, dtype }) => [tensor, shape.map(Number), GGMLQuantizationType[dtype]]),
      );
      const metadata = Object.entries(theirs.metadata).filter(([key]) => !['version', 'tensor_count', 'kv_count'].includes(key));
      expect([...ours.metadata.keys()].sort()).toEqual(metadata.map(([key]) => key).sort());
      for (const [key, value] of metadata) {
        const our = ours.metadata.get(key);
        if (!Array.isArray(value)) expect(our?.value, key).toEqual(typeof value === 'bigint' ? Number(value) : value);
        else expect(our?.length, key).toBe(value.length);
      }
    },
  );

  const directory = mkdtempSync(join(tmpdir(), 'msbom-gguf-'));
  it('reads the same metadata and tensors', async () => {
    const path = join(directory, 'm.gguf');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(0, 4, 5, 6, 7, 8, 12)), { maxLength: 8 }),
        async (entries) => {
          const metadata = [...new Map(entries)].map(
            ([key, type]) => [key, type, type === 8 ? `text ${key}` : type === 7 ? 1 : 42] as const,
          );
          writeFileSync(path, ggufFile({ ...parts, metadata }));
          const theirs = await peer(path, { allowLocalFile: true });
          const ours = await read(ggufFile({ ...parts, metadata }));
          for (const [key] of metadata) expect(ours.metadata.get(key)?.value).toEqual((theirs.metadata as Record<string, unknown>)[key]);
          expect(ours.tensors.map(({ name, shape }) => [name, [...shape].reverse()])).toEqual(
            theirs.tensorInfos.map(({ name, shape }) => [name, shape.map(Number)]),
          );
        },
      ),
      { numRuns: 25 },
    );
    rmSync(directory, { recursive: true });
  });
});

describe('a broken file', () => {
  const code = async (file: GgufParts | Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(file instanceof Uint8Array ? file : ggufFile(file), limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, error.offset !== undefined, error.file] : error;
  };
  it.each<[string, GgufParts, string]>([
    ['of version 4', { version: 4 }, 'ERR_FORMAT_UNSUPPORTED'],
    [
      'with the same key twice',
      {
        metadata: [
          ['a', 4, 1],
          ['a', 4, 2],
        ],
      },
      'ERR_FORMAT_MALFORMED',
    ],
    ['with an unknown value type', { metadata: [['a', 77, 1]] }, 'ERR_FORMAT_MALFORMED'],
    ['with a boolean of 2', { metadata: [['a', 7, 2]] }, 'ERR_FORMAT_MALFORMED'],
    ['with an odd alignment', { metadata: [['general.alignment', 4, 33]] }, 'ERR_FORMAT_MALFORMED'],
    ['with tensors beyond the end', { ...parts, dataBytes: 100 }, 'ERR_FORMAT_TRUNCATED'],
    ['with an unaligned tensor', { tensors: [{ name: 'x', sizes: [1], type: 0, offset: 4 }], dataBytes: 64 }, 'ERR_FORMAT_MALFORMED'],
    ['with half a block', { tensors: [{ name: 'x', sizes: [100], type: 12, offset: 0 }], dataBytes: 64 }, 'ERR_FORMAT_MALFORMED'],
    [
      'with nine dimensions',
      { tensors: [{ name: 'x', sizes: Array(9).fill(1), type: 0, offset: 0 }], dataBytes: 64 },
      'ERR_FORMAT_MALFORMED',
    ],
    [
      'with too many values',
      { tensors: [{ name: 'x', sizes: [2 ** 40, 2 ** 40], type: 0, offset: 0 }], dataBytes: 64 },
      'ERR_FORMAT_MALFORMED',
    ],
  ])('%s', async (_what, file, expected) => {
    expect(await code(file)).toEqual([expected, true, 'm.gguf']);
  });
  it.each(['lmgg', 'fmgg', 'tjgg', 'algg'])('of the older kind %s is named', async (magic) => {
    const bytes = concat(utf8(magic), Uint8Array.of(1, 0, 0, 0), new Uint8Array(40));
    expect(gguf.sniff(bytes, 'x')).toBe(true);
    expect(gguf.sniff(concat(utf8(magic), Uint8Array.of(1, 0, 0, 9)), 'x')).toBe(false);
    expect(await code(bytes)).toEqual(['ERR_FORMAT_UNSUPPORTED', true, 'm.gguf']);
  });
  it('that claims more tensors than fit', async () => {
    const bytes = ggufFile({});
    new DataView(bytes.buffer).setBigUint64(8, 1_000_000n, true);
    expect(await code(bytes)).toEqual(['ERR_LIMIT_COUNT', true, 'm.gguf']);
  });
  it('with a string beyond the limit', async () => {
    expect(await code(parts, withLimits({ maxStringBytes: 3 }))).toEqual(['ERR_LIMIT_BYTES', true, 'm.gguf']);
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(gguf, ggufFile(parts));
  });
});
