/**
 * Raw array bytes that joblib writes into the stream, right behind the object that stands for the array.
 * Source: https://github.com/joblib/joblib/blob/main/joblib/numpy_pickle.py
 */
import type { ByteSource } from '../../core/byte-source.js';
import { fetchText } from './run.js';
import { madeBy, madeOf, type Value } from './values.js';

/** What follows: so many raw bytes, or a pickle of objects. */
export interface RawArray {
  readonly bytes: number | 'pickle';
  /** A byte that counts padding comes first. */
  readonly padded: boolean;
}

const OBJECT_FLAG = 1;

/** From the state of a `NumpyArrayWrapper`; a text says what is wrong with it. @throws ERR_IO_* */
export async function rawArray(source: ByteSource, state: Value): Promise<RawArray | string> {
  if (typeof state !== 'object' || state === null || state.kind !== 'dict') return 'an array has no state';
  const entries = new Map<string, Value>();
  for (let i = 0; i + 1 < state.items.length; i += 2) {
    const key = state.items[i];
    if (typeof key === 'object' && key !== null && key.kind === 'text')
      entries.set(await fetchText(source, key), state.items[i + 1] ?? null);
  }
  const alignment = entries.get('numpy_array_alignment_bytes');
  const padded = alignment !== undefined && alignment !== null;
  const element = await elementBytes(source, entries.get('dtype'));
  if (element === undefined) return 'an array has a data type that is not known';
  if (element === 'pickle') return { bytes: 'pickle', padded: false };
  const shape = entries.get('shape');
  if (
    typeof shape !== 'object' ||
    shape === null ||
    (shape.kind !== 'tuple' && shape.kind !== 'list') ||
    shape.length !== shape.items.length
  )
    return 'an array has no shape';
  let count = 1n;
  for (const size of shape.items) {
    if (typeof size !== 'number' || size < 0) return 'an array has a shape that is no list of sizes';
    count *= BigInt(size);
  }
  const bytes = count * BigInt(element);
  return bytes > BigInt(source.size) ? 'an array is longer than the file' : { bytes: Number(bytes), padded };
}

/** Bytes of one element of `numpy.dtype(code)` with its state. */
async function elementBytes(source: ByteSource, dtype: Value | undefined): Promise<number | 'pickle' | undefined> {
  const made = madeOf(dtype);
  if (made === undefined || madeBy(dtype) !== 'numpy.dtype') return undefined;
  const [code] = made.args?.items ?? [];
  const word =
    typeof code === 'object' && code !== null && (code.kind === 'text' || code.kind === 'bytes') ? await wordOf(source, code) : undefined;
  const state = typeof made.state === 'object' && made.state !== null && made.state.kind === 'tuple' ? made.state.items : [];
  const flags = state[7];
  if (typeof flags === 'number' && (flags & OBJECT_FLAG) !== 0) return 'pickle';
  if (word === undefined) return undefined;
  const plain = '<>|='.includes(word.charAt(0)) ? word.slice(1) : word;
  const letter = plain.charAt(0);
  const digits = Number(plain.slice(1));
  if (letter === 'O') return 'pickle';
  const itemBytes = state[5];
  if (typeof itemBytes === 'number' && itemBytes > 0) return itemBytes;
  if (!Number.isSafeInteger(digits)) return undefined;
  return letter === 'U' ? 4 * digits : digits;
}

async function wordOf(
  source: ByteSource,
  code: { readonly kind: 'text' | 'bytes'; readonly at: number; readonly length: number },
): Promise<string> {
  if (code.kind === 'text') return fetchText(source, code as Parameters<typeof fetchText>[1]);
  return String.fromCharCode(...(await source.read(code.at, Math.min(code.length, 16))));
}
