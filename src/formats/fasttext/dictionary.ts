/** The dictionary of a fastText model: how many words and labels; the entries are walked, not kept. */
import type { Cursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

export interface Dictionary {
  readonly words: number;
  readonly labels: number;
  /** Tokens of the training data, repeated ones included. */
  readonly tokens: number;
  /** N-grams that pruning kept; undefined when the model is not pruned. */
  readonly pruned?: number;
}

/** A word of one byte with its end, its count and its type. */
const MIN_ENTRY_BYTES = 10;
const PAIR_BYTES = 8;

export async function readDictionary(cursor: Cursor, limits: Limits): Promise<Dictionary> {
  const start = cursor.position;
  await cursor.fill(28);
  const [size = 0, words = 0, labels = 0] = [cursor.i32(), cursor.i32(), cursor.i32()];
  const tokens = wholeNumber(cursor, cursor.bigI64());
  const pruned = wholeNumber(cursor, cursor.bigI64());
  if (words < 0 || labels < 0 || tokens < 0 || pruned < -1 || size !== words + labels)
    throw cursor.malformed('the sizes of the dictionary do not add up', start);
  if (size > Math.min(limits.maxItems, cursor.source.size / (MIN_ENTRY_BYTES - 1)))
    throw new MsbomError('ERR_LIMIT_COUNT', `the dictionary says it has ${size} entries`, { file: cursor.source.name, offset: start });
  const counted = await walkEntries(cursor, size, limits);
  if (counted !== labels) throw cursor.malformed(`the dictionary has ${counted} labels and says ${labels}`, start);
  if (pruned <= 0) return { words, labels, tokens, ...(pruned < 0 ? {} : { pruned }) };
  if (cursor.position + pruned * PAIR_BYTES > cursor.source.size) throw cursor.malformed('the pruned n-grams reach over the end', start);
  cursor.skip(pruned * PAIR_BYTES);
  return { words, labels, tokens, pruned };
}

function wholeNumber(cursor: Cursor, value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < -1n) throw cursor.malformed(`a count is ${value}`, cursor.position - 8);
  return Number(value);
}

/** Passes over the entries and counts those that are labels. */
async function walkEntries(cursor: Cursor, count: number, limits: Limits): Promise<number> {
  let labels = 0;
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    do {
      if (cursor.buffered < 1) await cursor.fill(1);
      if (cursor.position - start > limits.maxStringBytes)
        throw new MsbomError('ERR_LIMIT_BYTES', `a word has more than ${limits.maxStringBytes} bytes`, {
          file: cursor.source.name,
          offset: start,
        });
    } while (cursor.u8() !== 0);
    if (cursor.buffered < 9) await cursor.fill(9);
    cursor.skip(8);
    const type = cursor.u8();
    if (type > 1) throw cursor.malformed(`an entry is of type ${type}`, cursor.position - 1);
    labels += type;
  }
  return labels;
}
