import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { sentencepiece } from '../../src/formats/sentencepiece/index.js';
import { concat, field, onnxFile, utf8, varint } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

function float(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat(varint(number * 8 + 5), bytes);
}
const piece = (text: string, type?: number) =>
  field(1, concat(field(1, text), float(2, -1.5), ...(type === undefined ? [] : [field(3, type)])));
const pieces = concat(piece('<unk>', 2), piece('<s>', 3), piece('</s>', 3), piece('▁a'), piece('<0x00>', 6), piece('b', 9));
const trainer = field(
  2,
  concat(field(1, '/home/me/corpus.txt'), field(2, 'm'), field(3, 2), field(4, 6), float(10, 0.9995), field(35, 1), field(43, 2 ** 53)),
);
const normalizer = field(3, concat(field(1, 'nmt_nfkc'), field(2, new Uint8Array(50)), field(3, 0)));
const good = concat(pieces, trainer, normalizer);

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => sentencepiece.read(bytesSource('tokenizer.model', bytes), limits);
const codeOf = (bytes: Uint8Array, limits = DEFAULT_LIMITS) =>
  read(bytes, limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );

describe('a SentencePiece model', () => {
  it('may have pieces without a score, as long as one of them is the unknown piece', async () => {
    const bare = (text: string, type?: number) => field(1, concat(field(1, text), ...(type === undefined ? [] : [field(3, type)])));
    const model = concat(bare('<unk>', 2), bare('<s>', 3), bare('a'), bare('b'));
    expect(sentencepiece.sniff(model, 'tokenizer.model')).toBe(true);
    expect(sentencepiece.describe(await read(model))).toMatchObject({
      vocabularySize: { value: 4 },
      metadata: { 'pieces.UNKNOWN': '1', 'pieces.CONTROL': '1', 'pieces.NORMAL': '2' },
    });
    expect(sentencepiece.sniff(concat(bare('<s>', 3), bare('a'), bare('b')), 'tokenizer.model')).toBe(false);
  });
  it('gives its vocabulary and settings, and no file names of the training', async () => {
    expect(sentencepiece.describe(await read(good))).toEqual({
      format: 'sentencepiece',
      mediaType: 'application/x-protobuf',
      role: 'tokenizer',
      vocabularySize: { value: 6, key: 'pieces' },
      metadata: {
        'normalizer_spec.add_dummy_prefix': 'false',
        'normalizer_spec.name': 'nmt_nfkc',
        'pieces.BYTE': '1',
        'pieces.CONTROL': '2',
        'pieces.NORMAL': '1',
        'pieces.UNKNOWN': '1',
        'pieces.sentencepiece:9': '1',
        'trainer_spec.byte_fallback': 'true',
        'trainer_spec.character_coverage': '0.9995',
        'trainer_spec.model_type': 'BPE',
        'trainer_spec.pad_id': String(2 ** 53),
        'trainer_spec.vocab_size': '6',
      },
    });
    expect(sentencepiece.tensors(await read(good))).toEqual([]);
  });

  it('is told from other protobuf', () => {
    expect(sentencepiece.sniff(good, 'x')).toBe(true);
    expect(sentencepiece.sniff(pieces.subarray(0, -2), 'x')).toBe(true);
    expect(sentencepiece.sniff(onnxFile(), 'tokenizer.model')).toBe(false);
    expect(sentencepiece.sniff(concat(piece('a'), piece('b'), piece('c')), 'tokenizer.model')).toBe(false);
    expect(sentencepiece.sniff(concat(piece('<unk>', 2), piece('a')), 'tokenizer.model')).toBe(false);
    expect(sentencepiece.sniff(concat(piece('<unk>', 2), field(1, 'a'), field(1, 'b')), 'tokenizer.model')).toBe(false);
    expect(sentencepiece.sniff(utf8('\n\n\n\n\n\n\n'), 'tokenizer.model')).toBe(false);
  });

  it('is checked', async () => {
    expect(await codeOf(good.slice(0, -1))).toBe('ERR_FORMAT_TRUNCATED');
    expect(await codeOf(trainer)).toBe('ERR_FORMAT_MALFORMED');
    expect(await codeOf(concat(pieces, field(2, 7)))).toBe('ERR_FORMAT_MALFORMED');
    expect(await codeOf(good, withLimits({ maxItems: 4 }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(good, withLimits({ maxDepth: 1 }))).toBe('ERR_LIMIT_DEPTH');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(sentencepiece, good);
  }, 60_000);
});
