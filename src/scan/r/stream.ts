/** The three ways in which R writes numbers and bytes: XDR, the order of the machine, and lines of text. */
import type { ByteSource } from '../../core/byte-source.js';
import { type Cursor, openCursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';

export interface RStream {
  readonly position: () => number;
  int(): Promise<number>;
  /** Bytes of a text, `length` of them; only the first `most` are given. */
  text(length: number, most: number): Promise<string>;
  /** Passes over so many values of so many bytes each. */
  skip(count: number, bytes: number): Promise<void>;
  fail(message: string): MsbomError;
}

/** R's missing integer, as which `-2147483648` stands. */
const MISSING = -2_147_483_648;

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

export function openBinary(source: ByteSource, at: number, littleEndian: boolean, maxReadBytes: number): RStream {
  const cursor = openCursor(source, { maxReadBytes });
  cursor.littleEndian = littleEndian;
  cursor.seek(at);
  return {
    position: () => cursor.position,
    async int() {
      if (cursor.buffered < 4) await cursor.fill(4);
      return cursor.i32();
    },
    async text(length, most) {
      const kept = Math.min(length, most);
      if (cursor.buffered < kept) await cursor.fill(kept);
      const text = latin(cursor.bytes(kept));
      move(cursor, source, length - kept);
      return text;
    },
    async skip(count, bytes) {
      move(cursor, source, count * bytes);
    },
    fail: (message) => cursor.malformed(message),
  };
}

function move(cursor: Cursor, source: ByteSource, length: number): void {
  if (length > source.size - cursor.position)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `${length} bytes are named, and the file has fewer`, {
      file: source.name,
      offset: cursor.position,
    });
  cursor.skip(length);
}

const MAX_TOKEN = 4096;

/** Values stand in lines of their own; texts have escapes in place of blanks. */
export function openText(source: ByteSource, at: number, maxReadBytes: number): RStream {
  const cursor = openCursor(source, { maxReadBytes });
  cursor.seek(at);
  async function byte(): Promise<number> {
    if (cursor.buffered < 1) await cursor.fill(1);
    return cursor.u8();
  }
  async function token(): Promise<string> {
    let next = await byte();
    while (next <= 0x20) next = await byte();
    let text = '';
    while (next > 0x20) {
      if (text.length >= MAX_TOKEN) throw cursor.malformed('a value of too many letters');
      text += String.fromCharCode(next);
      if (cursor.position >= source.size) break;
      next = await byte();
    }
    return text;
  }
  async function int(): Promise<number> {
    const text = await token();
    const value = text === 'NA' ? MISSING : Number(text);
    if (!Number.isInteger(value)) throw cursor.malformed('a value that is no number');
    return value;
  }
  async function text(length: number, most: number): Promise<string> {
    if (length === 0) return '';
    let next = await byte();
    while (next <= 0x20) next = await byte();
    let out = '';
    for (let i = 0; i < length; i++) {
      let value = next;
      if (value === 0x5c) {
        value = await byte();
        const octal = value >= 0x30 && value <= 0x37;
        if (octal) {
          let digits = 1;
          value -= 0x30;
          next = await byte();
          while (digits < 3 && next >= 0x30 && next <= 0x37) {
            value = value * 8 + next - 0x30;
            digits++;
            next = await byte();
          }
          if (out.length < most) out += String.fromCharCode(value & 0xff);
          continue;
        }
      }
      if (out.length < most) out += String.fromCharCode(value);
      if (i + 1 < length || cursor.position < source.size) next = await byte();
    }
    return out;
  }
  return {
    position: () => cursor.position,
    int,
    text,
    async skip(count, bytes) {
      // A complex number is two.
      for (let left = bytes === 16 ? 2 * count : count; left > 0; left--) await token();
    },
    fail: (message) => cursor.malformed(message),
  };
}
