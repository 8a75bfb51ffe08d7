/**
 * The core of LZMA: range coder, probabilities and dictionary.
 * Source: https://github.com/ip7z/7zip/blob/main/DOC/lzma.txt (public domain), lzma-specification
 */
import { byte, type Input, malformed } from './input.js';

/** Dictionaries beyond this size are not decoded. */
export const MAX_DICTIONARY = 64 * 1024 * 1024;
const PROBABILITY = 1024;
const TOP = 2 ** 24;

export interface Lzma {
  readonly input: Input;
  lc: number;
  lp: number;
  pb: number;
  range: number;
  code: number;
  state: number;
  reps: [number, number, number, number];
  dictionary: Uint8Array;
  /** Next place in the dictionary. */
  at: number;
  /** Bytes in the dictionary that were written. */
  full: number;
  /** Bytes since the dictionary was empty. */
  position: number;
  /** Bytes written since `drain`. */
  pending: number;
  /** Bytes of a match that did not fit into the last step. */
  match: number;
  probabilities: Uint16Array;
}

/** Where each table of probabilities begins. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + 12 * 16;
const IS_REP_G0 = IS_REP + 12;
const IS_REP_G1 = IS_REP_G0 + 12;
const IS_REP_G2 = IS_REP_G1 + 12;
const IS_REP0_LONG = IS_REP_G2 + 12;
const SLOTS = IS_REP0_LONG + 12 * 16;
const SPECIAL = SLOTS + 4 * 64;
const ALIGN = SPECIAL + 115;
const LENGTH = ALIGN + 16;
const LENGTH_SIZE = 2 + 16 * 8 + 16 * 8 + 256;
const REP_LENGTH = LENGTH + LENGTH_SIZE;
const LITERAL = REP_LENGTH + LENGTH_SIZE;

export function newLzma(input: Input, dictionarySize: number): Lzma {
  return {
    input,
    lc: 0,
    lp: 0,
    pb: 0,
    range: 0,
    code: 0,
    state: 0,
    reps: [0, 0, 0, 0],
    dictionary: new Uint8Array(Math.max(4096, Math.min(dictionarySize, MAX_DICTIONARY))),
    at: 0,
    full: 0,
    position: 0,
    pending: 0,
    match: 0,
    probabilities: new Uint16Array(0),
  };
}

/** Sets lc, lp and pb from their common byte. @throws ERR_FORMAT_MALFORMED */
export function setProperties(z: Lzma, value: number): void {
  if (value >= 225) throw malformed(z.input, 'the properties of LZMA are out of range');
  z.lc = value % 9;
  z.lp = Math.floor(value / 9) % 5;
  z.pb = Math.floor(value / 45);
  resetState(z);
}

export function resetState(z: Lzma): void {
  z.state = 0;
  z.reps = [0, 0, 0, 0];
  z.match = 0;
  const length = LITERAL + 0x300 * 2 ** (z.lc + z.lp);
  if (z.probabilities.length !== length) z.probabilities = new Uint16Array(length);
  z.probabilities.fill(PROBABILITY);
}

/** Reads the five bytes with which the range coder begins. */
export function startRange(z: Lzma): void {
  if (byte(z.input) !== 0) throw malformed(z.input, 'the range coder does not begin with zero');
  z.range = 0xffff_ffff;
  z.code = 0;
  for (let i = 0; i < 4; i++) z.code = ((z.code << 8) | byte(z.input)) >>> 0;
}

function bit(z: Lzma, index: number): number {
  const probability = z.probabilities[index] ?? PROBABILITY;
  const bound = (z.range >>> 11) * probability;
  let result = 0;
  if (z.code < bound) {
    z.range = bound;
    z.probabilities[index] = probability + ((2048 - probability) >>> 5);
  } else {
    z.range -= bound;
    z.code -= bound;
    z.probabilities[index] = probability - (probability >>> 5);
    result = 1;
  }
  if (z.range < TOP) {
    z.range = (z.range << 8) >>> 0;
    z.code = ((z.code << 8) | byte(z.input)) >>> 0;
  }
  return result;
}

function direct(z: Lzma, count: number): number {
  let result = 0;
  for (let i = 0; i < count; i++) {
    z.range >>>= 1;
    const one = z.code >= z.range ? 1 : 0;
    if (one === 1) z.code -= z.range;
    if (z.range < TOP) {
      z.range = (z.range << 8) >>> 0;
      z.code = ((z.code << 8) | byte(z.input)) >>> 0;
    }
    result = result * 2 + one;
  }
  return result;
}

function tree(z: Lzma, base: number, bits: number): number {
  let node = 1;
  for (let i = 0; i < bits; i++) node = (node << 1) | bit(z, base + node);
  return node - (1 << bits);
}

function reverseTree(z: Lzma, base: number, bits: number): number {
  let node = 1;
  let value = 0;
  for (let i = 0; i < bits; i++) {
    const one = bit(z, base + node);
    node = (node << 1) | one;
    value |= one << i;
  }
  return value;
}

function length(z: Lzma, base: number, position: number): number {
  if (bit(z, base) === 0) return tree(z, base + 2 + position * 8, 3);
  if (bit(z, base + 1) === 0) return 8 + tree(z, base + 2 + 128 + position * 8, 3);
  return 16 + tree(z, base + 2 + 256, 8);
}

function put(z: Lzma, value: number): void {
  z.dictionary[z.at] = value;
  z.at = z.at + 1 === z.dictionary.length ? 0 : z.at + 1;
  if (z.full < z.dictionary.length) z.full++;
  z.pending++;
  z.position++;
}

function back(z: Lzma, distance: number): number {
  const from = z.at - distance - 1;
  return z.dictionary[from < 0 ? from + z.dictionary.length : from] ?? 0;
}

function literal(z: Lzma, position: number): void {
  const previous = z.full > 0 ? back(z, 0) : 0;
  const context = ((position & ((1 << z.lp) - 1)) << z.lc) + (previous >>> (8 - z.lc));
  const base = LITERAL + 0x300 * context;
  let symbol = 1;
  if (z.state >= 7) {
    let matched = back(z, z.reps[0]);
    while (symbol < 0x100) {
      const expected = (matched >>> 7) & 1;
      matched <<= 1;
      const one = bit(z, base + ((1 + expected) << 8) + symbol);
      symbol = (symbol << 1) | one;
      if (expected !== one) break;
    }
  }
  while (symbol < 0x100) symbol = (symbol << 1) | bit(z, base + symbol);
  put(z, symbol & 0xff);
  z.state = z.state < 4 ? 0 : z.state < 10 ? z.state - 3 : z.state - 6;
}

/** A distance; -1 is the mark of the end. */
function distance(z: Lzma, matchLength: number): number {
  const slot = tree(z, SLOTS + Math.min(matchLength, 3) * 64, 6);
  if (slot < 4) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) * 2 ** bits;
  if (slot < 14) return base + reverseTree(z, SPECIAL + base - slot, bits);
  const value = base + direct(z, bits - 4) * 16 + reverseTree(z, ALIGN, 4);
  return value >= 0xffff_ffff ? -1 : value;
}

/** The length of a repeated match; 0 when it was a single byte. */
function repeated(z: Lzma, context: number): number {
  const { reps, state } = z;
  if (z.full === 0) throw malformed(z.input, 'a match refers to nothing');
  if (bit(z, IS_REP_G0 + state) === 0) {
    if (bit(z, IS_REP0_LONG + state * 16 + context) === 0) {
      z.state = state < 7 ? 9 : 11;
      put(z, back(z, reps[0]));
      return 0;
    }
  } else if (bit(z, IS_REP_G1 + state) === 0) z.reps = [reps[1], reps[0], reps[2], reps[3]];
  else if (bit(z, IS_REP_G2 + state) === 0) z.reps = [reps[2], reps[0], reps[1], reps[3]];
  else z.reps = [reps[3], reps[0], reps[1], reps[2]];
  z.state = state < 7 ? 8 : 11;
  return 2 + length(z, REP_LENGTH, context);
}

/** One symbol; false at the mark of the end. @throws ERR_FORMAT_* */
export function symbol(z: Lzma): boolean {
  const { position } = z;
  const context = position & ((1 << z.pb) - 1);
  if (bit(z, IS_MATCH + z.state * 16 + context) === 0) {
    literal(z, position);
    return true;
  }
  if (bit(z, IS_REP + z.state) === 1) {
    z.match = repeated(z, context);
    if (z.match === 0) return true;
  } else {
    const matchLength = length(z, LENGTH, context);
    const far = distance(z, matchLength);
    if (far < 0) return false;
    z.reps = [far, z.reps[0], z.reps[1], z.reps[2]];
    z.state = z.state < 7 ? 7 : 10;
    z.match = matchLength + 2;
  }
  if (z.reps[0] >= z.full) throw malformed(z.input, 'a match reaches before the beginning');
  return true;
}

/** Writes what is left of a match, `limit` bytes at most. */
export function copyMatch(z: Lzma, limit: number): void {
  const count = Math.min(z.match, limit);
  for (let i = 0; i < count; i++) put(z, back(z, z.reps[0]));
  z.match -= count;
}

/** The bytes written since the last call. */
export function drain(z: Lzma): Uint8Array {
  const from = z.at - z.pending;
  const out = new Uint8Array(z.pending);
  if (from >= 0) out.set(z.dictionary.subarray(from, z.at));
  else {
    out.set(z.dictionary.subarray(z.dictionary.length + from));
    out.set(z.dictionary.subarray(0, z.at), -from);
  }
  z.pending = 0;
  return out;
}

/** A byte that is not compressed. */
export const putByte = put;

/** Forgets what was written: no match reaches before this place. */
export function emptyDictionary(z: Lzma): void {
  z.full = 0;
  z.position = 0;
}
