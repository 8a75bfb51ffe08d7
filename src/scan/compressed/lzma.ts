/** Streams of LZMA: alone, as in 7z and zip, and in the chunks of LZMA2. */
import { buffered, byte, type Input, isLast, little, malformed, need, unsupported } from './input.js';
import {
  copyMatch,
  drain,
  emptyDictionary,
  type Lzma,
  MAX_DICTIONARY,
  newLzma,
  putByte,
  resetState,
  setProperties,
  startRange,
  symbol,
} from './lzma-state.js';

const OUT_BYTES = 64 * 1024;
/** No symbol takes more bytes of input. */
const SYMBOL_BYTES = 32;

/** Decodes until `size` bytes are there, or to the mark of the end where the size is unknown (-1). */
async function* symbols(z: Lzma, size: number, limit: number): AsyncGenerator<Uint8Array> {
  let written = 0;
  for (;;) {
    if (size >= 0 && written >= size && z.match === 0) return;
    if (buffered(z.input) < SYMBOL_BYTES && !isLast(z.input)) await need(z.input, SYMBOL_BYTES);
    const before = z.pending;
    const room = Math.min(limit - z.pending, size < 0 ? OUT_BYTES : size - written);
    if (z.match > 0) copyMatch(z, room);
    else if (!symbol(z)) {
      yield drain(z);
      return;
    }
    written += z.pending - before;
    if (size >= 0 && written > size) throw malformed(z.input, 'there are more bytes than the size says');
    if (z.pending >= limit) yield drain(z);
    else if (size >= 0 && written >= size) {
      yield drain(z);
      return;
    }
  }
}

function dictionary(input: Input, size: number): number {
  if (size > MAX_DICTIONARY) throw unsupported(input, `the dictionary has ${size} bytes`);
  return size;
}

/** The old file format: properties, the size of the dictionary, the size of the content. @throws ERR_FORMAT_* */
export async function* lzmaAlone(input: Input): AsyncGenerator<Uint8Array> {
  await need(input, 32);
  const properties = byte(input);
  const size = little(input, 4);
  const low = little(input, 4);
  const high = little(input, 4);
  const z = newLzma(input, dictionary(input, size));
  setProperties(z, properties);
  startRange(z);
  yield* symbols(z, low === 0xffff_ffff && high === 0xffff_ffff ? -1 : high * 2 ** 32 + low, OUT_BYTES);
}

/** The stream of 7z and of zip, whose properties stand elsewhere. @throws ERR_FORMAT_* */
export async function* lzmaRaw(input: Input, properties: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await need(input, 32);
  const [first = 255, a = 0, b = 0, c = 0, d = 0] = properties;
  const z = newLzma(input, dictionary(input, a + b * 256 + c * 65_536 + d * 2 ** 24));
  setProperties(z, first);
  startRange(z);
  yield* symbols(z, size, OUT_BYTES);
}

/** Chunks of LZMA2, to the one that ends them. @throws ERR_FORMAT_* */
export async function* lzma2(input: Input, dictionarySize: number): AsyncGenerator<Uint8Array> {
  const z = newLzma(input, dictionary(input, dictionarySize));
  for (;;) {
    await need(input, 16);
    const control = byte(input);
    if (control === 0) return;
    if (control >= 0x80) {
      const size = (control & 0x1f) * 65_536 + byte(input) * 256 + byte(input) + 1;
      // The packed size is told by the range coder too.
      byte(input);
      byte(input);
      if (control >= 0xe0) emptyDictionary(z);
      if (control >= 0xc0) setProperties(z, byte(input));
      else if (control >= 0xa0) resetState(z);
      startRange(z);
      yield* symbols(z, size, OUT_BYTES);
    } else if (control <= 2) {
      const size = byte(input) * 256 + byte(input) + 1;
      if (control === 1) emptyDictionary(z);
      await need(input, size);
      for (let i = 0; i < size; i++) putByte(z, byte(input));
      yield drain(z);
    } else throw malformed(input, 'a chunk of LZMA2 has an unknown kind');
  }
}

/** Bytes of the dictionary that LZMA2 tells by one number. */
export function lzma2Dictionary(code: number): number {
  return code >= 40 ? 0xffff_ffff : (2 | (code & 1)) * 2 ** ((code >> 1) + 11);
}
