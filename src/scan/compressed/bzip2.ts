/** Files of bzip2. Source: https://sourceware.org/bzip2/, github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf */
import { buffered, byte, type Input, malformed, need, offsetOf } from './input.js';

const BLOCK = 0x3141_5926;
const END = 0x1772_4538;
const MAX_CODE = 20;
/** A block takes no more bytes than its content and its tables. */
const BLOCK_BYTES = 1_200_000;

interface Bits {
  readonly input: Input;
  value: number;
  count: number;
}

function bits(b: Bits, count: number): number {
  let result = 0;
  let left = count;
  while (left > 0) {
    if (b.count === 0) {
      b.value = byte(b.input);
      b.count = 8;
    }
    const take = Math.min(left, b.count);
    result = result * 2 ** take + ((b.value >> (b.count - take)) & ((1 << take) - 1));
    b.count -= take;
    left -= take;
  }
  return result;
}

/** A prefix code: the first code, the first index and the symbols of each length. */
interface Code {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Int32Array(MAX_CODE + 2);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const limits = new Int32Array(MAX_CODE + 2).fill(-1);
  const bases = new Int32Array(MAX_CODE + 2);
  let first = 0;
  let index = 0;
  for (let length = 1; length <= MAX_CODE; length++) {
    const count = counts[length] ?? 0;
    bases[length] = index - first;
    limits[length] = first + count - 1;
    first = (first + count) * 2;
    index += count;
  }
  const symbols = new Uint16Array(lengths.length);
  let at = 0;
  for (let length = 1; length <= MAX_CODE; length++) for (let i = 0; i < lengths.length; i++) if (lengths[i] === length) symbols[at++] = i;
  return { limits, bases, symbols };
}

function decode(b: Bits, { limits, bases, symbols }: Code): number {
  let code = 0;
  for (let length = 1; length <= MAX_CODE; length++) {
    code = code * 2 + bits(b, 1);
    if (code <= (limits[length] ?? -1)) return symbols[code + (bases[length] ?? 0)] ?? 0;
  }
  throw malformed(b.input, 'a code of bzip2 is too long');
}

/** All streams, one behind the other. @throws ERR_FORMAT_* */
export async function* bzip2(input: Input): AsyncGenerator<Uint8Array> {
  for (let streams = 0; offsetOf(input) < input.source.size; streams++) {
    await need(input, BLOCK_BYTES);
    const level = (input.buf[input.pos + 3] ?? 0) - 0x30;
    if (input.buf[input.pos] !== 0x42 || input.buf[input.pos + 1] !== 0x5a || level < 1 || level > 9)
      throw malformed(input, streams === 0 ? 'the data does not begin like bzip2' : 'bytes stand behind the last stream');
    input.pos += 4;
    const b: Bits = { input, value: 0, count: 0 };
    for (;;) {
      await need(input, BLOCK_BYTES);
      const magic = bits(b, 32);
      const rest = bits(b, 16);
      bits(b, 32);
      if (magic === END && rest === 0x5090) break;
      if (magic !== BLOCK || rest !== 0x5359) throw malformed(input, 'a block of bzip2 has no magic');
      yield block(b, level * 100_000);
    }
    if (buffered(input) < 0) return;
  }
}

function block(b: Bits, maximum: number): Uint8Array {
  if (bits(b, 1) === 1) throw malformed(b.input, 'a block of bzip2 is randomised');
  const origin = bits(b, 24);
  const used: number[] = [];
  const groups = bits(b, 16);
  for (let i = 0; i < 16; i++) {
    if (((groups >> (15 - i)) & 1) === 0) continue;
    const word = bits(b, 16);
    for (let j = 0; j < 16; j++) if (((word >> (15 - j)) & 1) === 1) used.push(i * 16 + j);
  }
  const tables = bits(b, 3);
  const selectorCount = bits(b, 15);
  if (used.length === 0 || tables < 2 || tables > 6 || selectorCount === 0)
    throw malformed(b.input, 'the tables of a block are out of range');
  const selectors = readSelectors(b, tables, selectorCount);
  const codes = Array.from({ length: tables }, () => codeOf(readLengths(b, used.length + 2)));
  return inverse(b, readSymbols(b, used, selectors, codes, maximum), origin);
}

function readSelectors(b: Bits, tables: number, count: number): Uint8Array {
  const order = Array.from({ length: tables }, (_, i) => i);
  const selectors = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let index = 0;
    while (bits(b, 1) === 1) if (++index >= tables) throw malformed(b.input, 'a selector is out of range');
    const [value = 0] = order.splice(index, 1);
    order.unshift(value);
    selectors[i] = value;
  }
  return selectors;
}

function readLengths(b: Bits, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  let length = bits(b, 5);
  for (let i = 0; i < count; i++) {
    while (bits(b, 1) === 1) length += bits(b, 1) === 0 ? 1 : -1;
    if (length < 1 || length > MAX_CODE) throw malformed(b.input, 'a code has a length that is out of range');
    lengths[i] = length;
  }
  return lengths;
}

/** The last column of the sorted block. */
function readSymbols(b: Bits, used: number[], selectors: Uint8Array, codes: readonly Code[], maximum: number): Uint32Array {
  const end = used.length + 1;
  const column = new Uint32Array(maximum);
  const order = used.slice();
  let at = 0;
  let run = 0;
  let weight = 1;
  for (let group = 0, left = 0; ; left--) {
    if (left === 0) {
      left = 50;
      if (group >= selectors.length) throw malformed(b.input, 'a block has more groups than selectors');
      group++;
    }
    const symbol = decode(b, codes[selectors[group - 1] ?? 0] as Code);
    if (symbol <= 1) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > maximum) throw malformed(b.input, 'a run is longer than its block');
      continue;
    }
    if (at + run > maximum) throw malformed(b.input, 'a block is longer than its level allows');
    if (run > 0) column.fill(order[0] ?? 0, at, at + run);
    at += run;
    run = 0;
    weight = 1;
    if (symbol === end) return column.subarray(0, at);
    if (at >= maximum) throw malformed(b.input, 'a block is longer than its level allows');
    const [value = 0] = order.splice(symbol - 1, 1);
    order.unshift(value);
    column[at++] = value;
  }
}

/** Undoes the sorting, then the runs that were written before it. */
function inverse(b: Bits, column: Uint32Array, origin: number): Uint8Array {
  const { length } = column;
  if (origin >= length) throw malformed(b.input, 'the origin of a block is out of range');
  const starts = new Uint32Array(257);
  for (const value of column) starts[(value & 0xff) + 1] = (starts[(value & 0xff) + 1] ?? 0) + 1;
  for (let i = 0; i < 256; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  for (let i = 0; i < length; i++) {
    const value = (column[i] ?? 0) & 0xff;
    const place = starts[value] ?? 0;
    starts[value] = place + 1;
    column[place] = ((column[place] ?? 0) & 0xff) + i * 256;
  }
  return runs(column, origin);
}

function runs(column: Uint32Array, origin: number): Uint8Array {
  let out = new Uint8Array(column.length * 2);
  let size = 0;
  let next = (column[origin] ?? 0) >>> 8;
  let repeats = 0;
  let previous = -1;
  for (let i = 0; i < column.length; i++) {
    const entry = column[next] ?? 0;
    next = entry >>> 8;
    const value = entry & 0xff;
    const count = repeats === 4 ? value : 1;
    if (size + count > out.length) {
      const grown = new Uint8Array(2 * (size + count));
      grown.set(out);
      out = grown;
    }
    if (repeats === 4) {
      out.fill(previous, size, size + count);
      size += count;
      repeats = 0;
      previous = -1;
      continue;
    }
    out[size++] = value;
    repeats = value === previous ? repeats + 1 : 1;
    previous = value;
  }
  return out.subarray(0, size);
}
