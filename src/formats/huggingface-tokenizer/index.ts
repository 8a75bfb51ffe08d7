/**
 * `tokenizer.json` of the tokenizers library: kind, sizes and steps. Vocabulary and merges are counted, not held.
 * Source: https://github.com/huggingface/tokenizers, the serialisation of `Tokenizer`
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { BRACE, firstByte } from '../shared/first-byte.js';
import { walkJson } from '../shared/json-walk.js';
import { type Selection, selection } from '../shared/selection.js';
import { smallList, smallMetadata } from '../shared/small-metadata.js';

export interface TokenizerHeader {
  readonly version: string | undefined;
  /** `BPE`, `WordPiece`, `Unigram`, `WordLevel`. */
  readonly model: string | undefined;
  readonly modelVocabulary: number | undefined;
  readonly merges: number | undefined;
  readonly addedTokens: readonly AddedToken[];
  /** Names of each step, in order. */
  readonly steps: ReadonlyMap<Step, readonly string[]>;
  readonly unknownToken: string | undefined;
}

export interface AddedToken {
  readonly id: number;
  readonly special: boolean;
}

const STEPS = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'] as const;
type Step = (typeof STEPS)[number];

const WANTED: Selection = selection({
  version: 'value',
  'added_tokens[]': 'value',
  ...Object.fromEntries(STEPS.map((step) => [step, 'value'])),
  'model.type': 'value',
  'model.unk_token': 'value',
  'model.vocab': 'size',
  'model.merges': 'size',
});

export const huggingfaceTokenizer = defineReader<TokenizerHeader>({
  id: 'huggingface-tokenizer',
  title: 'Hugging Face tokenizer',
  extensions: [],
  sniff: (head) =>
    firstByte(head) === BRACE &&
    /^\ufeff?\s*\{\s*"version"\s*:\s*"\d{1,3}\.\d{1,3}"\s*,\s*"(truncation|padding|added_tokens)"\s*:/.test(decode(head)),
  read: readTokenizer,
  describe,
  tensors: () => [],
});

const decode = (head: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(head.subarray(0, 512));

async function readTokenizer(source: ByteSource, limits: Limits): Promise<TokenizerHeader> {
  const cursor = openCursor(source, limits);
  if ((await source.read(0, Math.min(3, source.size)))[0] === 0xef) cursor.seek(3);
  const found = new Map<string, JsonValue>();
  const addedTokens: AddedToken[] = [];
  await walkJson(cursor, WANTED, limits, (path, value) => {
    if (path !== 'added_tokens[]') found.set(path, value);
    else if (addedTokens.length >= limits.maxItems)
      throw new MsbomError('ERR_LIMIT_COUNT', `more than ${limits.maxItems} added tokens`, { file: source.name, offset: cursor.position });
    else addedTokens.push(addedToken(value));
  });
  const text = (path: string): string | undefined => asText(found.get(path));
  const number = (path: string): number | undefined => asNumber(found.get(path));
  if (cursor.position < source.size) throw cursor.malformed('something stands behind the document');
  return {
    version: text('version'),
    model: text('model.type'),
    modelVocabulary: number('model.vocab'),
    merges: number('model.merges'),
    addedTokens,
    steps: new Map(STEPS.flatMap((step) => (found.get(step) == null ? [] : [[step, stepNames(found.get(step))] as const]))),
    unknownToken: text('model.unk_token'),
  };
}

const asText = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const asNumber = (value: JsonValue | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
const asRecord = (value: JsonValue | undefined): { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: JsonValue }) : {};

function addedToken(value: JsonValue): AddedToken {
  const { id, special } = asRecord(value);
  return { id: asNumber(id) ?? -1, special: special === true };
}

/** Type of a step; of a sequence the types inside it. */
function stepNames(value: JsonValue | undefined): readonly string[] {
  const step = asRecord(value);
  const inner = [step.normalizers, step.pretokenizers, step.processors, step.decoders].find(Array.isArray);
  const type = asText(step.type);
  if (type === 'Sequence' && inner !== undefined) return (inner as JsonValue[]).map((item) => asText(asRecord(item).type) ?? 'unknown');
  return type === undefined ? [] : [type];
}

function describe(header: TokenizerHeader): ModelFacts {
  const { model, modelVocabulary, merges, addedTokens, steps } = header;
  return knownFacts<ModelFacts>({
    format: 'huggingface-tokenizer',
    formatVersion: header.version,
    mediaType: 'application/json',
    role: 'tokenizer',
    vocabularySize: vocabulary(header),
    metadata: smallMetadata([
      ['model.type', model],
      ['model.vocab', modelVocabulary],
      ['model.merges', merges],
      ['model.unk_token', header.unknownToken],
      ['added_tokens', addedTokens.length > 0 ? addedTokens.length : undefined],
      [
        'added_tokens.special',
        addedTokens.some(({ special }) => special) ? addedTokens.filter(({ special }) => special).length : undefined,
      ],
      ...[...steps].map(([step, names]): [string, string] => [step, smallList(names)]),
    ]),
  });
}

/** Tokens of the model and those that were added to it; an added token that the model has already keeps the model's id. */
function vocabulary({ modelVocabulary, addedTokens }: TokenizerHeader): Keyed<number> | undefined {
  if (modelVocabulary === undefined) return undefined;
  const beyond = new Set(addedTokens.filter(({ id }) => id >= modelVocabulary).map(({ id }) => id));
  return { value: modelVocabulary + beyond.size, key: beyond.size > 0 ? 'model.vocab, added_tokens' : 'model.vocab' };
}
