/**
 * SentencePiece models: vocabulary, kind and settings of the trainer and the normaliser.
 * Source: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import {
  countName,
  type Field,
  type PeekedField,
  type ProtobufBudget,
  peekFields,
  protobufBudget,
  readText,
  walkMessage,
} from '../shared/protobuf.js';
import { smallMetadata } from '../shared/small-metadata.js';

export interface SentencepieceHeader {
  pieces: number;
  /** Pieces by their type. */
  readonly types: Map<string, number>;
  /** Settings that are stored: `trainer_spec.NAME`, `normalizer_spec.NAME`, `denormalizer_spec.NAME`. */
  readonly settings: Map<string, string | number | boolean>;
}

type Kind = 'int' | 'bool' | 'float' | 'text' | Readonly<Record<number, string>>;
type Fields = Readonly<Record<number, readonly [name: string, kind: Kind]>>;

const MODEL_TYPES = { 1: 'UNIGRAM', 2: 'BPE', 3: 'WORD', 4: 'CHAR' };
const PIECE_TYPES: Readonly<Record<number, string>> = {
  1: 'NORMAL',
  2: 'UNKNOWN',
  3: 'CONTROL',
  4: 'USER_DEFINED',
  5: 'UNUSED',
  6: 'BYTE',
};

/** Settings of the trainer; file names (`input`, `model_prefix`) speak of the machine that it ran on and are left out. */
const TRAINER: Fields = {
  3: ['model_type', MODEL_TYPES],
  4: ['vocab_size', 'int'],
  10: ['character_coverage', 'float'],
  11: ['input_sentence_size', 'int'],
  14: ['seed_sentencepiece_size', 'int'],
  15: ['shrinking_factor', 'float'],
  17: ['num_sub_iterations', 'int'],
  18: ['max_sentence_length', 'int'],
  19: ['shuffle_input_sentence', 'bool'],
  20: ['max_sentencepiece_length', 'int'],
  21: ['split_by_unicode_script', 'bool'],
  22: ['split_by_whitespace', 'bool'],
  23: ['split_by_number', 'bool'],
  24: ['treat_whitespace_as_suffix', 'bool'],
  25: ['split_digits', 'bool'],
  26: ['allow_whitespace_only_pieces', 'bool'],
  33: ['hard_vocab_limit', 'bool'],
  35: ['byte_fallback', 'bool'],
  40: ['unk_id', 'int'],
  41: ['bos_id', 'int'],
  42: ['eos_id', 'int'],
  43: ['pad_id', 'int'],
  50: ['enable_differential_privacy', 'bool'],
  51: ['differential_privacy_noise_level', 'float'],
};

const NORMALIZER: Fields = {
  1: ['name', 'text'],
  3: ['add_dummy_prefix', 'bool'],
  4: ['remove_extra_whitespaces', 'bool'],
  5: ['escape_whitespaces', 'bool'],
};

const SPECS: Readonly<Record<number, readonly [name: string, fields: Fields]>> = {
  2: ['trainer_spec', TRAINER],
  3: ['normalizer_spec', NORMALIZER],
  5: ['denormalizer_spec', NORMALIZER],
};

export const sentencepiece = defineReader<SentencepieceHeader>({
  id: 'sentencepiece',
  title: 'SentencePiece',
  extensions: [],
  sniff: looksLikeSentencepiece,
  read: readModel,
  describe: ({ pieces, types, settings }): ModelFacts =>
    knownFacts<ModelFacts>({
      format: 'sentencepiece',
      mediaType: 'application/x-protobuf',
      role: 'tokenizer',
      vocabularySize: { value: pieces, key: 'pieces' },
      metadata: smallMetadata([...settings, ...[...types].map(([type, count]): [string, number] => [`pieces.${type}`, count])]),
    }),
  tensors: () => [],
});

/** Without a magic number: the file starts with pieces (text, score, type), and one of them is the unknown piece. */
function looksLikeSentencepiece(head: Uint8Array): boolean {
  const fields = peekFields(head, 32) ?? [];
  const pieces = fields.filter(({ start, value }) => start + value <= head.byteLength);
  if (pieces.length < 3 || !fields.slice(0, 3).every(({ number, wireType }) => number === 1 && wireType === 2)) return false;
  const first = pieces
    .filter(({ number }) => number === 1)
    .map(({ start, value }) => peekFields(head.subarray(start, start + value)) ?? []);
  return first.every(isPiece) && first.some((piece) => piece.some(({ number, value }) => number === 3 && value === 2));
}

/** A score that is 0, and the type of a normal piece, need not be stored. */
const PIECES: ReadonlySet<string> = new Set(['1:2', '1:2 2:5', '1:2 3:0', '1:2 2:5 3:0']);

function isPiece(fields: readonly PeekedField[]): boolean {
  const shape = fields.map(({ number, wireType }) => `${number}:${wireType}`).join(' ');
  return PIECES.has(shape);
}

interface Walk {
  readonly cursor: Cursor;
  readonly limits: Limits;
  readonly budget: ProtobufBudget;
  readonly header: SentencepieceHeader;
}

const message = ({ cursor, limits, budget }: Walk, field: Field, visit: (field: Field) => void | Promise<void>): Promise<void> => {
  if (field.wireType !== 2) throw cursor.malformed(`the field ${field.number} is not a message`, field.start);
  return walkMessage(cursor, field.start + field.length, limits, budget, visit);
};

async function readModel(source: ByteSource, limits: Limits): Promise<SentencepieceHeader> {
  const header: SentencepieceHeader = { pieces: 0, types: new Map(), settings: new Map() };
  const walk: Walk = { cursor: openCursor(source, limits), limits, budget: protobufBudget(source, limits), header };
  await walkMessage(walk.cursor, source.size, limits, walk.budget, (field) => {
    const spec = SPECS[field.number];
    if (field.number === 1) return readPiece(walk, field);
    return spec === undefined ? undefined : readSpec(walk, field, ...spec);
  });
  if (header.pieces === 0) throw walk.cursor.malformed('the model has no pieces', 0);
  return header;
}

/** SentencePiece: 3 type; one that is not stored is normal. */
async function readPiece(walk: Walk, field: Field): Promise<void> {
  const { header } = walk;
  let type = 1;
  await message(walk, field, (inner) => {
    if (inner.number === 3) type = inner.varint;
  });
  const name = PIECE_TYPES[type] ?? `sentencepiece:${type}`;
  header.pieces++;
  countName(walk.budget, header.types, name, field.start);
}

async function readSpec(walk: Walk, field: Field, spec: string, fields: Fields): Promise<void> {
  await message(walk, field, async (inner) => {
    const known = fields[inner.number];
    if (known === undefined) return;
    const value = await settingOf(walk, inner, known[1]);
    if (value !== undefined) walk.header.settings.set(`${spec}.${known[0]}`, value);
  });
}

async function settingOf({ cursor }: Walk, field: Field, kind: Kind): Promise<string | number | boolean | undefined> {
  if (kind === 'text') return readText(cursor, field, 4096);
  if (kind === 'float') {
    if (field.wireType !== 5) return undefined;
    await cursor.fill(4);
    // Of a number that was written with seven digits the others are noise.
    return Number(cursor.f32().toPrecision(7));
  }
  if (field.wireType !== 0) return undefined;
  if (kind === 'bool') return field.varint === 1;
  if (kind === 'int') return field.varint >= 2 ** 63 ? field.varint - 2 ** 64 : field.varint;
  return kind[field.varint] ?? `sentencepiece:${field.varint}`;
}
