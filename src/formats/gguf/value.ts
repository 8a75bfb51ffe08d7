import { type Cursor, skipPresent } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

/** A metadata value. Integers beyond 2^53 are text. Of an array longer than 64 items only the first ones are kept. */
export interface GgufValue {
  readonly value: string | number | boolean | readonly (string | number | boolean)[];
  /** Length of an array, kept or not. */
  readonly length?: number;
}

type Scalar = string | number | boolean;

const STRING = 8;
const ARRAY = 9;
const KEPT_ITEMS = 64;
const MAX_ARRAY_DEPTH = 4;

interface ScalarType {
  readonly bytes: number;
  readonly read: (cursor: Cursor) => Scalar;
}

const wide = (value: bigint): number | string => (value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value));

/** By type number (gguf.md, gguf_metadata_value_type). */
const SCALARS: Readonly<Record<number, ScalarType>> = {
  0: { bytes: 1, read: (cursor) => cursor.u8() },
  1: { bytes: 1, read: (cursor) => cursor.i8() },
  2: { bytes: 2, read: (cursor) => cursor.u16() },
  3: { bytes: 2, read: (cursor) => cursor.i16() },
  4: { bytes: 4, read: (cursor) => cursor.u32() },
  5: { bytes: 4, read: (cursor) => cursor.i32() },
  6: { bytes: 4, read: (cursor) => cursor.f32() },
  7: { bytes: 1, read: readBoolean },
  10: { bytes: 8, read: (cursor) => wide(cursor.bigU64()) },
  11: { bytes: 8, read: (cursor) => wide(cursor.bigI64()) },
  12: { bytes: 8, read: (cursor) => cursor.f64() },
};

function readBoolean(cursor: Cursor): boolean {
  const value = cursor.u8();
  if (value > 1) throw cursor.malformed(`a boolean is ${value}`, cursor.position - 1);
  return value === 1;
}

/** A length-prefixed UTF-8 string. */
export async function readString(cursor: Cursor, wideLengths: boolean, maxBytes: number): Promise<string> {
  const length = await readLength(cursor, wideLengths);
  if (length > maxBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a string says it has ${length} bytes, the limit is ${maxBytes}`, {
      file: cursor.source.name,
      offset: cursor.position,
    });
  if (cursor.buffered < length) await cursor.fill(length);
  return cursor.text(length);
}

async function readLength(cursor: Cursor, wideLengths: boolean): Promise<number> {
  const bytes = wideLengths ? 8 : 4;
  if (cursor.buffered < bytes) await cursor.fill(bytes);
  return wideLengths ? cursor.u64() : cursor.u32();
}

/** The value of type `type` at the cursor. */
export async function readValue(cursor: Cursor, type: number, wideLengths: boolean, limits: Limits, depth: number): Promise<GgufValue> {
  if (type === STRING) return { value: await readString(cursor, wideLengths, limits.maxStringBytes) };
  if (type === ARRAY) return readArray(cursor, wideLengths, limits, depth);
  const scalar = SCALARS[type];
  if (scalar === undefined) throw cursor.malformed(`the value type ${type} is not known`, cursor.position - 4);
  if (cursor.buffered < scalar.bytes) await cursor.fill(scalar.bytes);
  return { value: scalar.read(cursor) };
}

async function readArray(cursor: Cursor, wideLengths: boolean, limits: Limits, depth: number): Promise<GgufValue> {
  if (depth >= MAX_ARRAY_DEPTH)
    throw new MsbomError('ERR_LIMIT_DEPTH', `arrays nest deeper than ${MAX_ARRAY_DEPTH}`, {
      file: cursor.source.name,
      offset: cursor.position,
    });
  if (cursor.buffered < 4) await cursor.fill(4);
  const type = cursor.u32();
  const length = await readLength(cursor, wideLengths);
  if (length > limits.maxItems)
    throw new MsbomError('ERR_LIMIT_COUNT', `an array says it has ${length} items, the limit is ${limits.maxItems}`, {
      file: cursor.source.name,
      offset: cursor.position,
    });
  const kept: Scalar[] = [];
  const keep = length <= KEPT_ITEMS ? length : 0;
  for (let i = 0; i < keep; i++) {
    const { value } = await readValue(cursor, type, wideLengths, limits, depth + 1);
    if (typeof value !== 'object') kept.push(value);
  }
  if (keep === 0 && length > 0) await skipItems(cursor, type, length, wideLengths, limits, depth);
  return { value: kept, length };
}

async function skipItems(cursor: Cursor, type: number, length: number, wideLengths: boolean, limits: Limits, depth: number): Promise<void> {
  const scalar = SCALARS[type];
  if (scalar !== undefined) skipPresent(cursor, length * scalar.bytes);
  else if (type === STRING) await skipStrings(cursor, length, wideLengths, limits);
  else for (let i = 0; i < length; i++) await readValue(cursor, type, wideLengths, limits, depth + 1);
}

/** The hot loop: a vocabulary has hundreds of thousands of strings, so it waits only when the window runs out. */
async function skipStrings(cursor: Cursor, count: number, wideLengths: boolean, limits: Limits): Promise<void> {
  const prefix = wideLengths ? 8 : 4;
  for (let i = 0; i < count; i++) {
    if (cursor.buffered < prefix) await cursor.fill(prefix);
    const length = wideLengths ? cursor.u64() : cursor.u32();
    if (length > limits.maxStringBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `a string says it has ${length} bytes, the limit is ${limits.maxStringBytes}`, {
        file: cursor.source.name,
        offset: cursor.position,
      });
    skipPresent(cursor, length);
  }
}
