/**
 * fastText models, plain (.bin) and quantised (.ftz): arguments, dictionary sizes, shapes of the matrices.
 * Source: https://github.com/facebookresearch/fastText/tree/main/src (args.cc, dictionary.cc, fasttext.cc, quantmatrix.cc)
 */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor, skipPresent } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { defineReader } from '../reader.js';
import { type Dictionary, readDictionary } from './dictionary.js';

export interface FasttextHeader {
  readonly version: number;
  /** In the order of the file, under fastText's own names. */
  readonly args: ReadonlyMap<string, number>;
  readonly dictionary: Dictionary;
  readonly input: TensorInfo;
  readonly output: TensorInfo;
  /** Is the input matrix quantised? */
  readonly quantized: boolean;
  /** Bytes behind the output matrix. */
  readonly extraBytes: number;
}

const MAGIC = 793_712_314;
const VERSIONS: readonly number[] = [11, 12];
const ARGS = ['dim', 'ws', 'epoch', 'minCount', 'neg', 'wordNgrams', 'loss', 'model', 'bucket', 'minn', 'maxn', 'lrUpdateRate'] as const;
const ARGS_BYTES = ARGS.length * 4 + 8;
/** Names by number, as the program spells them. */
const LOSSES: ReadonlyMap<number, string> = new Map([
  [1, 'hs'],
  [2, 'ns'],
  [3, 'softmax'],
  [4, 'one-vs-all'],
]);
const MODELS: ReadonlyMap<number, string> = new Map([
  [1, 'cbow'],
  [2, 'skipgram'],
  [3, 'supervised'],
]);
const SUPERVISED = 3;
/** Values that a codebook of the product quantiser has. */
const CENTROIDS = 256;

export const fasttext = defineReader<FasttextHeader>({
  id: 'fasttext',
  title: 'fastText',
  extensions: ['.ftz'],
  sniff(head) {
    if (head.byteLength < 8) return false;
    const view = new DataView(head.buffer, head.byteOffset);
    return view.getInt32(0, true) === MAGIC && view.getInt32(4, true) > 0 && view.getInt32(4, true) < 1000;
  },
  read: readModel,
  describe: describeModel,
  tensors: ({ input, output }) => [input, output],
});

async function readModel(source: ByteSource, limits: Limits): Promise<FasttextHeader> {
  const cursor = openCursor(source, limits);
  await cursor.fill(8);
  if (cursor.i32() !== MAGIC) throw cursor.malformed('the file does not start with the magic number of fastText', 0);
  const version = cursor.i32();
  if (!VERSIONS.includes(version))
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `version ${version} of the format is not known, only 11 and 12 are`, {
      file: source.name,
      offset: 4,
    });
  const args = await readArgs(cursor);
  const dictionary = await readDictionary(cursor, limits);
  const quantized = await readFlag(cursor);
  const input = await readMatrix(cursor, 'input', quantized);
  const isOutputQuantized = await readFlag(cursor);
  const output = await readMatrix(cursor, 'output', quantized && isOutputQuantized);
  return { version, args, dictionary, input, output, quantized, extraBytes: source.size - cursor.position };
}

async function readArgs(cursor: Cursor): Promise<ReadonlyMap<string, number>> {
  await cursor.fill(ARGS_BYTES);
  const start = cursor.position;
  const args = new Map<string, number>(ARGS.map((name) => [name, cursor.i32()]));
  args.set('t', cursor.f64());
  if ((args.get('dim') ?? 0) < 1) throw cursor.malformed('the dimension is not positive', start);
  return args;
}

async function readFlag(cursor: Cursor): Promise<boolean> {
  await cursor.fill(1);
  const value = cursor.u8();
  if (value > 1) throw cursor.malformed(`a boolean is ${value}`, cursor.position - 1);
  return value === 1;
}

async function readMatrix(cursor: Cursor, name: string, quantized: boolean): Promise<TensorInfo> {
  const start = cursor.position;
  const hasNorms = quantized && (await readFlag(cursor));
  await cursor.fill(16);
  const shape = [cursor.u64(), cursor.u64()] as const;
  const [rows, columns] = shape;
  if (!Number.isSafeInteger(rows * columns * 4)) throw cursor.malformed('the matrix has more values than can be counted', start);
  if (!quantized) {
    skipPresent(cursor, rows * columns * 4);
    return { name, dtype: 'float32', shape, bytes: rows * columns * 4 };
  }
  await cursor.fill(4);
  const dataStart = cursor.position + 4;
  skipPresent(cursor, nonNegative(cursor, cursor.i32()));
  await skipQuantizer(cursor);
  if (hasNorms) {
    skipPresent(cursor, rows);
    await skipQuantizer(cursor);
  }
  return { name, dtype: 'float32 (pq)', shape, bytes: cursor.position - dataStart };
}

/** A product quantiser: four sizes, then its codebooks. */
async function skipQuantizer(cursor: Cursor): Promise<void> {
  await cursor.fill(16);
  const dimension = nonNegative(cursor, cursor.i32());
  cursor.skip(12);
  skipPresent(cursor, dimension * CENTROIDS * 4);
}

function nonNegative(cursor: Cursor, value: number): number {
  if (value < 0) throw cursor.malformed(`a size is ${value}`, cursor.position - 4);
  return value;
}

function describeModel({ version, args, dictionary, input, output, quantized, extraBytes }: FasttextHeader): ModelFacts {
  const model = MODELS.get(args.get('model') ?? 0);
  const { words, labels, tokens, pruned } = dictionary;
  return knownFacts<ModelFacts>({
    format: 'fasttext',
    formatVersion: String(version),
    role: 'weights',
    tensors: summarize([input, output]),
    architecture: model === undefined ? undefined : { value: model, key: 'args.model' },
    vocabularySize: { value: words, key: 'dictionary.nwords' },
    quantization: quantized ? { value: 'product quantization', key: 'quant' } : undefined,
    hyperparameters: hyperparameters(version, args),
    metadata: {
      words: String(words),
      labels: String(labels),
      tokens: String(tokens),
      ...(pruned === undefined ? {} : { pruned_ngrams: String(pruned) }),
    },
    notInspected: extraBytes > 0 ? [`${extraBytes} bytes behind the output matrix`] : undefined,
  });
}

function hyperparameters(version: number, args: FasttextHeader['args']): ModelFacts['hyperparameters'] {
  // Supervised models of version 11 carry lengths of character n-grams that were never used.
  const withoutNgrams = version === 11 && args.get('model') === SUPERVISED;
  return [...args].flatMap(([name, number]) => {
    if (withoutNgrams && (name === 'minn' || name === 'maxn')) return [];
    const names = name === 'loss' ? LOSSES : name === 'model' ? MODELS : undefined;
    const value = names === undefined ? number : names.get(number);
    return value === undefined || !(typeof value === 'string' || Number.isFinite(value))
      ? []
      : [{ key: `args.${name}`, value: { name, value } }];
  });
}
