import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { fasttext } from '../../src/formats/fasttext/index.js';
import { detectFormat } from '../../src/formats/index.js';
import { type FasttextParts, fasttextFile } from '../support/fasttext.js';
import { fuzzReader } from '../support/fuzz.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => fasttext.read(bytesSource('m.bin', bytes), limits);
const facts = async (parts: FasttextParts = {}) => fasttext.describe(await read(fasttextFile(parts)));
const shapes = async (parts: FasttextParts = {}) => fasttext.tensors(await read(fasttextFile(parts)));
const named = (found: Awaited<ReturnType<typeof facts>>) =>
  Object.fromEntries((found.hyperparameters ?? []).map(({ value }) => [value.name, value.value]));

describe('a model', () => {
  it('is recognised and described', async () => {
    expect((await detectFormat(bytesSource('m', fasttextFile())))?.id).toBe('fasttext');
    const found = await facts();
    expect(found).toMatchObject({
      format: 'fasttext',
      formatVersion: '12',
      role: 'weights',
      architecture: { value: 'supervised', key: 'args.model' },
      vocabularySize: { value: 3, key: 'dictionary.nwords' },
      tensors: { count: 2, parameters: 13 * 4 + 2 * 4, dtypes: { float32: 60 }, bytes: 240 },
      metadata: { words: '3', labels: '2', tokens: '99' },
    });
    expect(Object.keys(found)).not.toContain('quantization');
    expect(named(found)).toEqual({
      dim: 4,
      ws: 5,
      epoch: 1,
      minCount: 1,
      neg: 5,
      wordNgrams: 2,
      loss: 'softmax',
      model: 'supervised',
      bucket: 10,
      minn: 2,
      maxn: 3,
      lrUpdateRate: 100,
      t: 0.0001,
    });
  });
  it('that is quantised has the shapes of the matrices before it was', async () => {
    for (const qnorm of [true, false]) {
      expect(await shapes({ quantized: 1, qnorm })).toMatchObject([
        { name: 'input', dtype: 'float32 (pq)', shape: [13, 4] },
        { name: 'output', dtype: 'float32', shape: [2, 4], bytes: 32 },
      ]);
      expect((await facts({ quantized: 2, qnorm })).tensors).toMatchObject({ parameters: 60, dtypes: { 'float32 (pq)': 60 } });
    }
    expect((await facts({ quantized: 1 })).quantization).toEqual({ value: 'product quantization', key: 'quant' });
  });
  it('that is pruned says how many n-grams are left', async () => {
    expect((await facts({ pruned: 3 })).metadata).toMatchObject({ pruned_ngrams: '3' });
    expect((await facts({ pruned: 0 })).metadata).toMatchObject({ pruned_ngrams: '0' });
  });
  it('of version 11 keeps quiet about n-grams that it never used', async () => {
    expect(Object.keys(named(await facts({ version: 11 })))).not.toContain('maxn');
    const args = [4, 5, 1, 1, 5, 1, 2, 1, 10, 2, 3, 100];
    expect(named(await facts({ version: 11, args }))).toMatchObject({ maxn: 3, model: 'cbow', loss: 'ns' });
  });
  it('with an unknown loss or model leaves it out', async () => {
    const found = await facts({ args: [4, 5, 1, 1, 5, 1, 9, 9, 10, 2, 3, 100] });
    expect(Object.keys(named(found))).not.toContain('loss');
    expect(found.architecture).toBeUndefined();
  });
  it('with something behind it says so', async () => {
    expect((await facts({ extra: 5 })).notInspected).toEqual(['5 bytes behind the output matrix']);
  });
  it('is read without its matrices', async () => {
    const bytes = fasttextFile({ args: [4, 5, 1, 1, 5, 1, 3, 3, 10, 2, 3, 100], rows: 500_000 });
    const source = bytesSource('m', bytes);
    let total = 0;
    const reading = (offset: number, length: number) => {
      total += length;
      return source.read(offset, length);
    };
    await fasttext.read({ ...source, read: reading }, DEFAULT_LIMITS);
    expect(total).toBeLessThan(140_000);
  });
});

describe('a broken model', () => {
  const code = async (parts: FasttextParts | Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const error: unknown = await read(parts instanceof Uint8Array ? parts : fasttextFile(parts), limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
  };
  it.each<[string, FasttextParts | Uint8Array, string]>([
    ['of version 13', { version: 13 }, 'ERR_FORMAT_UNSUPPORTED'],
    ['with another magic', { magic: 1 }, 'ERR_FORMAT_MALFORMED'],
    ['of no dimension', { args: [0, 5, 1, 1, 5, 2, 3, 3, 10, 2, 3, 100] }, 'ERR_FORMAT_MALFORMED'],
    ['whose dictionary does not add up', { sizes: [9, 3, 2] }, 'ERR_FORMAT_MALFORMED'],
    ['with a negative number of words', { sizes: [2, -1, 3] }, 'ERR_FORMAT_MALFORMED'],
    ['with fewer labels than it says', { sizes: [5, 2, 3] }, 'ERR_FORMAT_MALFORMED'],
    ['with more entries than the file can hold', { sizes: [1_000_000, 1_000_000, 0] }, 'ERR_LIMIT_COUNT'],
    ['with an entry of an unknown type', { entryType: 2 }, 'ERR_FORMAT_MALFORMED'],
    ['with a negative number of tokens', { tokens: -5 }, 'ERR_FORMAT_MALFORMED'],
    ['cut off in its matrix', fasttextFile().slice(0, -20), 'ERR_FORMAT_TRUNCATED'],
    ['cut off in its codebook', fasttextFile({ quantized: 2 }).slice(0, -20), 'ERR_FORMAT_TRUNCATED'],
  ])('%s', async (_, parts, expected) => {
    expect(await code(parts)).toEqual([expected, 'number', 'm.bin']);
  });
  it('with a flag of 2, pruned n-grams beyond the end, a matrix beyond counting', async () => {
    const at = 8 + 56 + 28 + 3 * 10 + 6 + 2 * 20 - 1;
    const bytes = fasttextFile();
    const flag = bytes.findIndex((value, i) => i > 100 && value === 0 && bytes[i + 1] === 13);
    expect(flag).toBeGreaterThan(at - 40);
    expect((await code(bytes.slice().fill(2, flag, flag + 1)))[0]).toBe('ERR_FORMAT_MALFORMED');
    expect((await code(bytes.slice().fill(0x1f, flag + 1, flag + 17)))[0]).toBe('ERR_FORMAT_MALFORMED');
    const pruned = fasttextFile({ pruned: 1 });
    new DataView(pruned.buffer).setBigInt64(8 + 56 + 20, 1n << 40n, true);
    expect((await code(pruned))[0]).toBe('ERR_FORMAT_MALFORMED');
  });
  it('that exceeds a limit', async () => {
    expect((await code({}, withLimits({ maxItems: 4 })))[0]).toBe('ERR_LIMIT_COUNT');
    expect((await code({ words: ['x'.repeat(50)] }, withLimits({ maxStringBytes: 40 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code({}, withLimits({ maxReadBytes: 40 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('throws nothing but our own errors', async () => {
    await fuzzReader(fasttext, fasttextFile());
    await fuzzReader(fasttext, fasttextFile({ args: [1, 5, 1, 1, 5, 2, 3, 3, 10, 2, 3, 100], rows: 2, quantized: 2, pruned: 2 }), 150);
  });
});
