/**
 * Records of SQLite: a header of serial types, then the values.
 * Source: https://www.sqlite.org/fileformat2.html#record_format
 */

/** Stands for a value that is too long to hold, or a text that is not one in the encoding of the database. */
export const UNREAD: unique symbol = Symbol('value that was not read');

/** Whole numbers beyond 2^53 are bigints. */
export type SqlValue = null | number | bigint | string | Uint8Array | typeof UNREAD;

/** Columns of a table that SQLite can be built for at most. */
export const MAX_COLUMNS = 32_767;
/** Bytes of one text or blob that is taken. */
export const MAX_VALUE_BYTES = 64 * 1024;
/** Longest varint: eight bytes of seven bits and one of eight. */
const VARINT_BYTES = 9;

/** A varint and where the next thing begins; undefined where the bytes end before it does. */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: bigint; readonly next: number } | undefined {
  let value = 0n;
  for (let i = 0; i < VARINT_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    if (i === VARINT_BYTES - 1) return { value: BigInt.asIntN(64, (value << 8n) | BigInt(byte)), next: at + VARINT_BYTES };
    // Nearly all are short: numbers of up to four bytes need no bigint on the way.
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return undefined;
}

/** Bytes of a value by its serial type; undefined for a type that is not in use. */
export function serialBytes(type: number): number | undefined {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
}

/** Decodes texts; undefined for bytes that are not in the encoding. */
export type DecodeText = (bytes: Uint8Array) => string | undefined;

/** The value of a serial type from its bytes. */
export function readValue(type: number, bytes: Uint8Array, decode: DecodeText): SqlValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type >= 12) return type % 2 === 0 ? bytes.slice() : (decode(bytes) ?? UNREAD);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // SQLite never stores a NaN and reads one as NULL.
  if (type === 7) return Number.isNaN(view.getFloat64(0)) ? null : view.getFloat64(0);
  return readInteger(view);
}

/** A signed big-endian number of 1 to 8 bytes. */
function readInteger(view: DataView): number | bigint {
  if (view.byteLength === 8) {
    const value = view.getBigInt64(0);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  let value = view.getInt8(0);
  for (let i = 1; i < view.byteLength; i++) value = value * 256 + view.getUint8(i);
  return value;
}
