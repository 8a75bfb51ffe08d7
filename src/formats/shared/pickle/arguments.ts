/** Arguments of opcodes: lines, counted strings and integers. Long ones stay where they are and are known by their place. */
import type { Cursor } from '../../../core/cursor.js';
import { MsbomError } from '../../../core/error.js';
import type { PickleReference } from './values.js';

/** Longest text that becomes a string; a longer one is a reference. */
const MAX_TEXT = 64 * 1024;
/** Longest bytes of which a copy is kept. */
const MAX_COPY = 1024;
/** Longest integer that becomes a number; CPython refuses decimals of more than 4300 digits. */
const MAX_INTEGER_BYTES = 1024;
const MAX_DIGITS = 4300;
const NEWLINE = 0x0a;
const NO_BYTES = new Uint8Array(0);

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A run of bytes in the file. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Texts held so far by one pickle; when the allowance is spent, further texts become references. */
export interface TextAllowance {
  left: number;
}

/** The next bytes as text, or a reference to them; a promise only when they have to be fetched. */
export function readText(cursor: Cursor, length: number, allowance: TextAllowance): string | PickleReference | Promise<string> {
  const offset = cursor.position;
  checkLength(cursor, length);
  if (length > MAX_TEXT || length > allowance.left) {
    cursor.skip(length);
    return { kind: 'text', offset, length };
  }
  allowance.left -= length;
  if (cursor.buffered >= length) return decode(cursor.bytes(length));
  return cursor.fill(length).then(() => decode(cursor.bytes(length)));
}

/** Bytes by their place, short ones with a copy. */
export function readBytes(cursor: Cursor, length: number, kind: 'bytes' | 'bytearray'): PickleReference | Promise<PickleReference> {
  const offset = cursor.position;
  checkLength(cursor, length);
  if (length > MAX_COPY) {
    cursor.skip(length);
    return { kind, offset, length };
  }
  if (length === 0) return { kind, offset, length, bytes: NO_BYTES };
  const copied = (): PickleReference => ({ kind, offset, length, bytes: cursor.bytes(length).slice() });
  return cursor.buffered >= length ? copied() : cursor.fill(length).then(copied);
}

/** A str of Python 2, which is text or bytes: text when it is UTF-8 and short, else bytes. */
export async function readOldString(cursor: Cursor, length: number, allowance: TextAllowance): Promise<string | PickleReference> {
  const offset = cursor.position;
  checkLength(cursor, length);
  if (length > MAX_TEXT || length > allowance.left) {
    cursor.skip(length);
    return { kind: 'bytes', offset, length };
  }
  allowance.left -= length;
  await cursor.fill(length);
  return textOrBytes(cursor.bytes(length), offset);
}

/** The text of a string of Python 2 that has been unquoted to one character for each byte; bytes when it is no UTF-8. */
export function oldText(characters: string, span: Span): string | PickleReference {
  return textOrBytes(
    Uint8Array.from(characters, (character) => character.charCodeAt(0)),
    span.offset,
  );
}

function textOrBytes(bytes: Uint8Array, offset: number): string | PickleReference {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return { kind: 'bytes', offset, length: bytes.byteLength, bytes: bytes.slice(0, MAX_COPY) };
  }
}

/** A little-endian two's complement integer of any length. */
export async function readLong(cursor: Cursor, length: number): Promise<number | bigint | PickleReference> {
  const offset = cursor.position;
  checkLength(cursor, length);
  if (length > MAX_INTEGER_BYTES) {
    cursor.skip(length);
    return { kind: 'integer', offset, length };
  }
  await cursor.fill(length);
  const bytes = cursor.bytes(length);
  if (length === 0) return 0;
  let digits = '';
  for (const byte of bytes) digits = byte.toString(16).padStart(2, '0') + digits;
  const value = BigInt(`0x${digits}`);
  return narrow((bytes[length - 1] ?? 0) >= 0x80 ? value - (1n << BigInt(8 * length)) : value);
}

function checkLength(cursor: Cursor, length: number): void {
  if (cursor.position + length <= cursor.source.size) return;
  throw new MsbomError(
    'ERR_FORMAT_TRUNCATED',
    `${length} bytes are needed at offset ${cursor.position}, the file has ${cursor.source.size}`,
    { file: cursor.source.name, offset: cursor.position, hint: 'Fetch the file again; it is shorter than its own opcodes say.' },
  );
}

/** The place of the next line, without its end; the cursor then stands behind it. */
async function readLine(cursor: Cursor): Promise<Span> {
  const offset = cursor.position;
  for (;;) {
    // Throws ERR_FORMAT_TRUNCATED at the end of the file.
    if (cursor.buffered === 0) await cursor.fill(1);
    const seen = cursor.position;
    const available = cursor.buffered;
    const found = cursor.bytes(available).indexOf(NEWLINE);
    if (found < 0) continue;
    cursor.seek(seen + found + 1);
    return { offset, length: seen + found - offset };
  }
}

/** A line as text when it is short enough to be held; `bytes` gives one character for each byte. */
export async function readLineText(cursor: Cursor, allowance: TextAllowance, as: 'utf8' | 'bytes'): Promise<string | Span> {
  const line = await readLine(cursor);
  if (line.length > MAX_TEXT || line.length > allowance.left) return line;
  allowance.left -= line.length;
  const end = cursor.position;
  cursor.seek(line.offset);
  await cursor.fill(line.length);
  const bytes = cursor.bytes(line.length);
  const text = as === 'utf8' ? decode(bytes) : Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  cursor.seek(end);
  return text;
}

/** A line that has to be short, such as a number. */
export async function readShortLine(cursor: Cursor, what: string): Promise<string> {
  const start = cursor.position;
  const text = await readLineText(cursor, { left: MAX_DIGITS + 2 }, 'bytes');
  if (typeof text !== 'string') throw cursor.malformed(`${what} is longer than ${MAX_DIGITS} digits`, start);
  return text;
}

/** Text of bytes; what is not UTF-8 becomes U+FFFD. */
function decode(bytes: Uint8Array): string {
  if (bytes.byteLength > 24) return utf8.decode(bytes);
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return utf8.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A whole number as Python writes it; undefined for anything else. */
export function parseInteger(text: string): number | bigint | undefined {
  const match = /^\s*([+-]?)(\d[\d_]*|0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)\s*$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  const digits = match[2].replace(/_/g, '');
  if (/^0[xob]$/i.test(digits)) return undefined;
  const value = BigInt(digits);
  return narrow(match[1] === '-' ? -value : value);
}

/** A float as Python writes it; undefined for anything else. */
export function parseFloat64(text: string): number | undefined {
  const plain = text.trim();
  if (/^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}

function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/** The text of a quoted Python string (opcode STRING); undefined when it is not quoted. */
export function parseQuoted(text: string): string | undefined {
  const match = /^\s*(['"])([\s\S]*)\1\s*$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  return match[2].replace(/\\(?:x([\da-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (whole, hex?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return SIMPLE_ESCAPES[other ?? ''] ?? whole;
  });
}

/** The text of a raw-unicode-escape string (opcode UNICODE). */
export function parseUnicode(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
