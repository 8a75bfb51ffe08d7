import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { huggingfaceTokenizer } from '../../src/formats/huggingface-tokenizer/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const document = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    { id: 0, content: '<s>', special: true },
    { id: 3, content: '<|im_end|>', special: true },
    { id: 4, content: 'the', special: false },
  ],
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
  post_processor: null,
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', unk_token: null, vocab: { '<s>': 0, a: 1, '",{[:\\': 2 }, merges: ['a b', 'b c'] },
};
const bytesOf = (value: unknown, space?: number) => utf8(JSON.stringify(value, null, space));
const good = bytesOf(document);
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => huggingfaceTokenizer.read(bytesSource('tokenizer.json', bytes), limits);
const facts = async (bytes: Uint8Array) => huggingfaceTokenizer.describe(await read(bytes));
const codeOf = (bytes: Uint8Array, limits = DEFAULT_LIMITS) =>
  read(bytes, limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );

describe('a tokenizer', () => {
  it.each([0, 2])('gives its kind, sizes and steps (indented by %d)', async (space) => {
    expect(await facts(bytesOf(document, space))).toEqual({
      format: 'huggingface-tokenizer',
      formatVersion: '1.0',
      mediaType: 'application/json',
      role: 'tokenizer',
      vocabularySize: { value: 5, key: 'model.vocab, added_tokens' },
      metadata: {
        'model.type': 'BPE',
        'model.vocab': '3',
        'model.merges': '2',
        added_tokens: '3',
        'added_tokens.special': '2',
        normalizer: 'NFC, Lowercase',
        pre_tokenizer: 'ByteLevel',
        decoder: 'ByteLevel',
      },
    });
  });

  it('counts the vocabulary of a Unigram model, which is a list', async () => {
    const unigram = {
      ...document,
      added_tokens: [],
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['<unk>', 0],
          ['a', -1.5],
        ],
      },
    };
    expect((await facts(bytesOf(unigram))).vocabularySize).toEqual({ value: 2, key: 'model.vocab' });
  });

  it('says nothing of what is not there', async () => {
    expect((await facts(utf8('{"version":"1.0","truncation":null}'))).vocabularySize).toBeUndefined();
  });

  it('is told from other JSON', () => {
    expect(huggingfaceTokenizer.sniff(good, 'x')).toBe(true);
    expect(huggingfaceTokenizer.sniff(bytesOf(document, 2), 'x')).toBe(true);
    for (const text of [
      '{"version":"1.0","name":"x"}',
      '{"truncation":null,"version":"1.0"}',
      '{"version":1.0,"truncation":null}',
      '["version"]',
      '{"version":"1.0"',
    ])
      expect(huggingfaceTokenizer.sniff(utf8(text), 'tokenizer.json'), text).toBe(false);
  });

  it('is read in pages, whatever its vocabulary', async () => {
    const vocab = `{${Array.from({ length: 300_000 }, (_, i) => `"token ${i}":${i}`).join(',')}}`;
    const bytes = utf8(`{"version":"1.0","truncation":null,"model":{"type":"BPE","vocab":${vocab},"merges":[]}}`);
    let most = 0;
    const source = bytesSource('tokenizer.json', bytes);
    const watched = {
      ...source,
      read(offset: number, length: number) {
        most = Math.max(most, length);
        return source.read(offset, length);
      },
    };
    const header = await huggingfaceTokenizer.read(watched, DEFAULT_LIMITS);
    expect(header.modelVocabulary).toBe(300_000);
    expect(most).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('a broken tokenizer', () => {
  it.each<[string, Uint8Array, string]>([
    ['a cut end', good.slice(0, -2), 'ERR_FORMAT_TRUNCATED'],
    ['a key twice', utf8('{"version":"1.0","version":"1.0"}'), 'ERR_FORMAT_MALFORMED'],
    ['something behind it', utf8('{"version":"1.0","truncation":null} {}'), 'ERR_FORMAT_MALFORMED'],
    ['brackets of two kinds', utf8('{"version":"1.0","model":{"vocab":{]}}}'), 'ERR_FORMAT_MALFORMED'],
  ])('with %s', async (_what, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it('meets the limits', async () => {
    expect(await codeOf(good, withLimits({ maxItems: 2 }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(good, withLimits({ maxDepth: 2 }))).toBe('ERR_LIMIT_DEPTH');
    expect(await codeOf(good, withLimits({ maxReadBytes: 100 }))).toBe('ERR_LIMIT_BYTES');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(huggingfaceTokenizer, good);
  }, 60_000);
});
