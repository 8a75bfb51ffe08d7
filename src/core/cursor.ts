import { type ByteSource, truncated } from './byte-source.js';
import { MsbomError } from './error.js';
import type { Limits } from './limits.js';

const PAGE_BYTES = 64 * 1024;

/**
 * A forward reader over a byte source: one window of bytes, refilled a page at a time, every access checked against
 * the file's size and against `limits.maxReadBytes`.
 *
 * `await fill(n)` makes the next `n` bytes available; then the synchronous reads below take them. Check `buffered`
 * first on hot paths, since awaiting costs more than reading.
 */
export interface Cursor {
  readonly source: ByteSource;
  /** Offset of the next byte in the file. */
  readonly position: number;
  /** Bytes that can be read without `fill`. */
  readonly buffered: number;
  /** Bytes read from the source so far. */
  readonly bytesRead: number;
  littleEndian: boolean;
  fill(length: number): Promise<void>;
  /** Moves to an absolute offset; nothing is read. */
  seek(offset: number): void;
  skip(length: number): void;
  u8(): number;
  u16(): number;
  u32(): number;
  /** A 64-bit count or length; ERR_FORMAT_MALFORMED above 2^53 - 1. */
  u64(): number;
  bigU64(): bigint;
  bigI64(): bigint;
  i8(): number;
  i16(): number;
  i32(): number;
  f32(): number;
  f64(): number;
  /** A view of the next bytes, valid until the next `fill`. */
  bytes(length: number): Uint8Array;
  /** The next bytes as UTF-8; ERR_FORMAT_MALFORMED when they are not. */
  text(length: number): string;
  /** An error at the current position. */
  malformed(message: string, offset?: number): MsbomError;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A cursor at the start of `source`. */
export function openCursor(source: ByteSource, limits: Pick<Limits, 'maxReadBytes'>, pageBytes: number = PAGE_BYTES): Cursor {
  let window = new Uint8Array(0);
  let view = new DataView(window.buffer);
  let start = 0; // file offset of window[0]
  let at = 0; // index into window
  let bytesRead = 0;

  const malformed = (message: string, offset = start + at): MsbomError =>
    new MsbomError('ERR_FORMAT_MALFORMED', message, { file: source.name, offset });

  async function fill(length: number): Promise<void> {
    if (window.byteLength - at >= length) return;
    const position = start + at;
    if (position + length > source.size) throw truncated(source, position, length);
    const kept = Math.max(0, window.byteLength - at);
    const wanted = Math.min(Math.max(length, pageBytes), source.size - position);
    bytesRead += wanted - kept;
    if (bytesRead > limits.maxReadBytes) {
      throw new MsbomError('ERR_LIMIT_BYTES', `the header needs more than ${limits.maxReadBytes} bytes`, {
        file: source.name,
        offset: position,
        hint: 'Raise maxReadBytes if the file is trusted.',
      });
    }
    const next = new Uint8Array(wanted);
    next.set(window.subarray(at, at + kept), 0);
    const more = await source.read(position + kept, wanted - kept);
    if (more.byteLength < wanted - kept) {
      throw new MsbomError('ERR_FORMAT_TRUNCATED', `the file ends at offset ${position + kept + more.byteLength}, before its stated size`, {
        file: source.name,
        offset: position,
      });
    }
    next.set(more, kept);
    window = next;
    view = new DataView(window.buffer);
    start = position;
    at = 0;
  }

  /** Index of the next `length` bytes in the window, which move past it. */
  function take(length: number): number {
    if (at < 0 || window.byteLength - at < length) throw new RangeError(`cursor: ${length} bytes were not filled at ${start + at}`);
    const index = at;
    at += length;
    return index;
  }

  function seek(offset: number): void {
    if (offset >= start && offset <= start + window.byteLength) {
      at = offset - start;
      return;
    }
    window = new Uint8Array(0);
    view = new DataView(window.buffer);
    start = offset;
    at = 0;
  }

  const cursor: Cursor = {
    source,
    littleEndian: true,
    get position() {
      return start + at;
    },
    get buffered() {
      return window.byteLength - at;
    },
    get bytesRead() {
      return bytesRead;
    },
    fill,
    seek,
    skip: (length) => seek(start + at + length),
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), cursor.littleEndian),
    u32: () => view.getUint32(take(4), cursor.littleEndian),
    u64() {
      const value = view.getBigUint64(take(8), cursor.littleEndian);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`the count ${value} is too large`, start + at - 8);
      return Number(value);
    },
    bigU64: () => view.getBigUint64(take(8), cursor.littleEndian),
    bigI64: () => view.getBigInt64(take(8), cursor.littleEndian),
    i8: () => view.getInt8(take(1)),
    i16: () => view.getInt16(take(2), cursor.littleEndian),
    i32: () => view.getInt32(take(4), cursor.littleEndian),
    f32: () => view.getFloat32(take(4), cursor.littleEndian),
    f64: () => view.getFloat64(take(8), cursor.littleEndian),
    bytes(length) {
      const index = take(length);
      return window.subarray(index, index + length);
    },
    text(length) {
      const offset = start + at;
      const index = take(length);
      try {
        return utf8.decode(window.subarray(index, index + length));
      } catch {
        throw malformed('the string is not valid UTF-8', offset);
      }
    },
    malformed,
  };
  return cursor;
}

/** Moves over bytes that are not read but have to be there. @throws ERR_FORMAT_TRUNCATED */
export function skipPresent(cursor: Cursor, length: number): void {
  if (cursor.position + length > cursor.source.size) throw truncated(cursor.source, cursor.position, length);
  cursor.skip(length);
}
