/** Bytes of a packed source, read forwards: fetched between steps, taken without waiting inside of them. */
import type { ByteSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';

const BLOCK_BYTES = 256 * 1024;

export interface Input {
  readonly source: ByteSource;
  buf: Uint8Array;
  /** Index of the next byte in `buf`. */
  pos: number;
  /** Offset of `buf` in the source. */
  base: number;
}

export function openInput(source: ByteSource, from = 0): Input {
  return { source, buf: new Uint8Array(0), pos: 0, base: from };
}

export const offsetOf = (input: Input): number => input.base + input.pos;
export const buffered = (input: Input): number => input.buf.length - input.pos;
/** Has the source no more bytes than are buffered? */
export const isLast = (input: Input): boolean => input.base + input.buf.length >= input.source.size;

/** Makes `length` bytes available, or all that are left. @throws ERR_IO_* */
export async function need(input: Input, length: number): Promise<void> {
  if (buffered(input) >= length || isLast(input)) return;
  const from = offsetOf(input);
  const wanted = Math.min(Math.max(length, BLOCK_BYTES), input.source.size - from);
  input.buf = (await input.source.read(from, wanted)).slice();
  input.base = from;
  input.pos = 0;
}

/** @throws ERR_FORMAT_TRUNCATED */
export function byte(input: Input): number {
  const value = input.buf[input.pos++];
  if (value === undefined) throw truncated(input);
  return value;
}

/** A little-endian number. @throws ERR_FORMAT_TRUNCATED */
export function little(input: Input, bytes: number): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytes; i++, scale *= 256) value += byte(input) * scale;
  return value;
}

export function truncated({ source }: Input): MsbomError {
  return new MsbomError('ERR_FORMAT_TRUNCATED', 'the compressed data ends too early', { file: source.name, offset: source.size });
}

export function malformed(input: Input, message: string): MsbomError {
  return new MsbomError('ERR_FORMAT_MALFORMED', message, { file: input.source.name, offset: offsetOf(input) });
}

export function unsupported(input: Input, message: string): MsbomError {
  return new MsbomError('ERR_FORMAT_UNSUPPORTED', message, { file: input.source.name, offset: offsetOf(input) });
}
