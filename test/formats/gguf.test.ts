import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gguf as peer } from '@huggingface/gguf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { gguf } from '../../src/formats/gguf/index.js';
import { type GgufParts, ggufFile } from '../support/builders.js';
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

describe('a well-formed file', () => {
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

describe('the peer @huggingface/gguf', () => {
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
