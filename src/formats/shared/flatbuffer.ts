/**
 * A bounded reader of flatbuffer tables: no schema, no generated code. It reads the bytes it is asked for and nothing else, so
 * that a file of gigabytes costs kilobytes; data vectors are located, never loaded.
 * Source: https://flatbuffers.dev/internals/
 */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { type Keep, keeper } from '../../core/kept.js';
import type { Limits } from '../../core/limits.js';
import { openPages } from './pages.js';

/** A vector: where its elements start and how many there are. It lies inside the buffer, which has been checked. */
export interface FlatVector {
  /** Offset of the first element in the file. */
  readonly start: number;
  readonly length: number;
}

/** Element types of vectors of numbers. */
const NUMBERS = {
  u8: { bytes: 1, get: (view: DataView, at: number) => view.getUint8(at) },
  i8: { bytes: 1, get: (view: DataView, at: number) => view.getInt8(at) },
  u16: { bytes: 2, get: (view: DataView, at: number) => view.getUint16(at, true) },
  i16: { bytes: 2, get: (view: DataView, at: number) => view.getInt16(at, true) },
  u32: { bytes: 4, get: (view: DataView, at: number) => view.getUint32(at, true) },
  i32: { bytes: 4, get: (view: DataView, at: number) => view.getInt32(at, true) },
  f32: { bytes: 4, get: (view: DataView, at: number) => view.getFloat32(at, true) },
  /** Above 2^53 the nearest double. */
  u64: { bytes: 8, get: (view: DataView, at: number) => Number(view.getBigUint64(at, true)) },
  i64: { bytes: 8, get: (view: DataView, at: number) => Number(view.getBigInt64(at, true)) },
  f64: { bytes: 8, get: (view: DataView, at: number) => view.getFloat64(at, true) },
} as const;

export type FlatNumber = keyof typeof NUMBERS;

/** A table. Fields go by their id: their place in the schema, counted from 0; a union takes two. */
export interface FlatTable {
  /** Offset in the file, for messages. */
  readonly start: number;
  /** Where what was visited so far of the whole buffer ends: nothing of it lies behind once all of it was. */
  end(): number;
  /** Is the field stored? One that equals the schema's default usually is not. */
  has(field: number): boolean;
  /** A scalar, or what the schema gives as its default. Booleans are `u8`. */
  number(field: number, kind: FlatNumber, missing: number): number;
  /** A struct that stands inside the table. */
  struct(field: number, bytes: number): DataView | undefined;
  text(field: number): Promise<string | undefined>;
  table(field: number): Promise<FlatTable | undefined>;
  /** The elements of a vector of tables, one at a time. */
  tables(field: number): AsyncGenerator<FlatTable>;
  /** One element of a vector of tables; undefined when there are fewer. */
  tableAt(field: number, index: number): Promise<FlatTable | undefined>;
  texts(field: number): Promise<readonly string[]>;
  /** A small vector of numbers; an empty list when it is not stored. */
  numbers(field: number, kind: FlatNumber): Promise<readonly number[]>;
  /** Where a vector of elements of this size lies; nothing of it is read but its length. */
  vector(field: number, elementBytes: number): Promise<FlatVector | undefined>;
  /** The bytes of a vector of bytes, at most `maxBytes` of them. */
  bytes(field: number, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** The part of a file that is the buffer; offsets are absolute. */
export interface FlatRange {
  readonly start: number;
  readonly end: number;
}

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
/** A small file may be read over several times in a legal way; beyond this it shares its parts to make us read them for ever. */
const FREE_BYTES = 64 * 1024;
const MAX_REUSE = 16;

/** The identifier of four letters that stands behind the root offset. */
export function flatIdentifier(head: Uint8Array, start = 0): string {
  return head.byteLength < start + 8 ? '' : String.fromCharCode(...head.subarray(start + 4, start + 8));
}

/**
 * The root table of the flatbuffer in `range`, by default the whole file. Offsets point forward only, so that tables cannot
 * be cyclic; what many offsets share is paid for each time, and the bill is limited.
 *
 * @throws ERR_FORMAT_MALFORMED for offsets that lead out of the range, ERR_FORMAT_TRUNCATED when that is the file's end,
 *   ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH, from this function and from every method of the tables
 */
export async function openFlatbuffer(
  source: ByteSource,
  limits: Limits,
  range: FlatRange = { start: 0, end: source.size },
): Promise<FlatTable> {
  const buffer = flatBuffer(source, limits, range);
  return readTable(buffer, await buffer.target(range.start), 1);
}

interface FlatBuffer {
  readonly limits: Limits;
  /** Counts tables and texts, each of which may be kept. */
  readonly keep: Keep;
  /** A checked view of bytes, valid until the next call. */
  view(at: number, length: number): Promise<DataView>;
  /** Makes sure that bytes are inside the range, without reading them. */
  check(at: number, length: number): void;
  /** Behind the furthest byte that was checked. */
  end(): number;
  /** Where the offset at `at` points. */
  target(at: number): Promise<number>;
  error(
    code: 'ERR_FORMAT_MALFORMED' | 'ERR_LIMIT_BYTES' | 'ERR_LIMIT_COUNT' | 'ERR_LIMIT_DEPTH',
    message: string,
    offset: number,
  ): MsbomError;
}

function flatBuffer(source: ByteSource, limits: Limits, range: FlatRange): FlatBuffer {
  const pages = openPages(source, limits);
  const allowance = Math.min(limits.maxReadBytes, FREE_BYTES + MAX_REUSE * (range.end - range.start));
  let spent = 0;
  let end = range.start;
  const error: FlatBuffer['error'] = (code, message, offset) => new MsbomError(code, message, { file: source.name, offset });
  const check = (at: number, length: number): void => {
    if (at >= range.start && at + length <= range.end) {
      end = Math.max(end, at + length);
      return;
    }
    if (at + length > source.size && range.end >= source.size)
      throw new MsbomError('ERR_FORMAT_TRUNCATED', `${length} bytes are needed at offset ${at}, the file has ${source.size} bytes`, {
        file: source.name,
        offset: at,
        hint: 'Fetch the file again; it is shorter than its own header says.',
      });
    throw error('ERR_FORMAT_MALFORMED', `an offset leads to ${at}, out of the buffer`, Math.max(0, at));
  };
  const view = (at: number, length: number): Promise<DataView> => {
    check(at, length);
    spent += length;
    if (spent > allowance) throw error('ERR_LIMIT_BYTES', `the tables need more than ${allowance} bytes`, at);
    return pages.view(at, length);
  };
  const target = async (at: number): Promise<number> => at + (await view(at, 4)).getUint32(0, true);
  return { limits, keep: keeper(source, limits), view, check, end: () => end, target, error };
}

async function readTable(buffer: FlatBuffer, start: number, depth: number): Promise<FlatTable> {
  if (depth > buffer.limits.maxDepth) throw buffer.error('ERR_LIMIT_DEPTH', `tables nest deeper than ${buffer.limits.maxDepth}`, start);
  buffer.keep(start);
  const vtable = start - (await buffer.view(start, 4)).getInt32(0, true);
  const sizes = await buffer.view(vtable, 4);
  const vtableBytes = sizes.getUint16(0, true);
  const inlineBytes = sizes.getUint16(2, true);
  if (vtableBytes < 4 || vtableBytes % 2 !== 0 || inlineBytes < 4)
    throw buffer.error('ERR_FORMAT_MALFORMED', 'a table has no valid list of fields', start);
  const slots = owned(await buffer.view(vtable, vtableBytes));
  const inline = owned(await buffer.view(start, inlineBytes));
  return tableOf(buffer, { start, depth, slots, inline });
}

interface RawTable {
  readonly start: number;
  readonly depth: number;
  /** The vtable: its size, the table's size, then the place of each field in the table, 0 for missing ones. */
  readonly slots: DataView;
  /** The table's own bytes: scalars, structs and offsets. */
  readonly inline: DataView;
}

/** Place of a field in the table's own bytes, checked to hold `bytes`; undefined when it is not stored. */
function placeOf(buffer: FlatBuffer, { start, slots, inline }: RawTable, field: number, bytes: number): number | undefined {
  const slot = 4 + field * 2;
  const place = slot + 2 <= slots.byteLength ? slots.getUint16(slot, true) : 0;
  if (place === 0) return undefined;
  if (place < 4 || place + bytes > inline.byteLength)
    throw buffer.error('ERR_FORMAT_MALFORMED', `the field ${field} lies outside its table`, start);
  return place;
}

function tableOf(buffer: FlatBuffer, raw: RawTable): FlatTable {
  const { start, depth, inline } = raw;
  const target = (field: number): number | undefined => {
    const place = placeOf(buffer, raw, field, 4);
    return place === undefined ? undefined : start + place + inline.getUint32(place, true);
  };
  const vector = async (field: number, elementBytes: number): Promise<FlatVector | undefined> => {
    const at = target(field);
    return at === undefined ? undefined : readVector(buffer, at, elementBytes);
  };
  return {
    start,
    end: buffer.end,
    has: (field) => placeOf(buffer, raw, field, 1) !== undefined,
    number(field, kind, missing) {
      const { bytes, get } = NUMBERS[kind];
      const place = placeOf(buffer, raw, field, bytes);
      return place === undefined ? missing : get(inline, place);
    },
    struct(field, bytes) {
      const place = placeOf(buffer, raw, field, bytes);
      return place === undefined ? undefined : new DataView(inline.buffer, inline.byteOffset + place, bytes);
    },
    async text(field) {
      const at = target(field);
      return at === undefined ? undefined : readText(buffer, at);
    },
    async table(field) {
      const at = target(field);
      return at === undefined ? undefined : readTable(buffer, at, depth + 1);
    },
    async *tables(field) {
      for await (const at of targets(buffer, await vector(field, 4))) yield await readTable(buffer, at, depth + 1);
    },
    async tableAt(field, index) {
      const found = await vector(field, 4);
      if (found === undefined || index >= found.length) return undefined;
      return readTable(buffer, await buffer.target(found.start + index * 4), depth + 1);
    },
    async texts(field) {
      const texts: string[] = [];
      for await (const at of targets(buffer, await vector(field, 4))) texts.push(await readText(buffer, at));
      return texts;
    },
    numbers: async (field, kind) => readNumbers(buffer, await vector(field, NUMBERS[kind].bytes), kind),
    vector,
    bytes: async (field, maxBytes) => readBytes(buffer, await vector(field, 1), maxBytes),
  };
}

async function readVector(buffer: FlatBuffer, at: number, elementBytes: number): Promise<FlatVector> {
  const length = (await buffer.view(at, 4)).getUint32(0, true);
  buffer.check(at + 4, length * elementBytes);
  return { start: at + 4, length };
}

async function* targets(buffer: FlatBuffer, vector: FlatVector | undefined): AsyncGenerator<number> {
  if (vector === undefined) return;
  limitCount(buffer, vector);
  for (let i = 0; i < vector.length; i++) yield await buffer.target(vector.start + i * 4);
}

async function readNumbers(buffer: FlatBuffer, vector: FlatVector | undefined, kind: FlatNumber): Promise<readonly number[]> {
  if (vector === undefined) return [];
  limitCount(buffer, vector);
  const { bytes, get } = NUMBERS[kind];
  const view = await buffer.view(vector.start, vector.length * bytes);
  return Array.from({ length: vector.length }, (_, i) => get(view, i * bytes));
}

async function readBytes(buffer: FlatBuffer, vector: FlatVector | undefined, maxBytes: number): Promise<Uint8Array | undefined> {
  if (vector === undefined) return undefined;
  if (vector.length > maxBytes)
    throw buffer.error('ERR_LIMIT_BYTES', `a vector says it has ${vector.length} bytes, the limit is ${maxBytes}`, vector.start);
  const { buffer: bytes, byteOffset, byteLength } = owned(await buffer.view(vector.start, vector.length));
  return new Uint8Array(bytes, byteOffset, byteLength);
}

/** Writers do not check that a string is UTF-8 and loaders do not ask, so that a bad one does not stop the reading. */
async function readText(buffer: FlatBuffer, at: number): Promise<string> {
  buffer.keep(at);
  const { start, length } = await readVector(buffer, at, 1);
  if (length > buffer.limits.maxStringBytes)
    throw buffer.error('ERR_LIMIT_BYTES', `a string says it has ${length} bytes, the limit is ${buffer.limits.maxStringBytes}`, at);
  return lenient.decode(await buffer.view(start, length));
}

function limitCount({ limits, error }: FlatBuffer, { start, length }: FlatVector): void {
  if (length > limits.maxItems)
    throw error('ERR_LIMIT_COUNT', `a vector says it has ${length} elements, the limit is ${limits.maxItems}`, start);
}

const owned = (view: DataView): DataView => {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return new DataView(bytes.buffer);
};
