/** Byte strings and texts in a pickle that may be something to load themselves: recognised, decoded, handed on. */
import type { ByteSource } from '../../core/byte-source.js';
import { bytesSource } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { inflate } from '../../formats/shared/inflate.js';
import type { Budget } from '../budget.js';
import { looksLikePickle } from './sniff.js';

export interface Candidate {
  readonly kind: 'bytes' | 'text';
  readonly at: number;
  readonly length: number;
}

const SHORTEST = 8;
/** Longest constant that is decoded; a longer one is looked at by its head alone. */
const MAX_DECODED = 16 * 1024 * 1024;
const MAX_LAYERS = 4;

/** Beginnings that say what follows, in hexadecimal. */
const MAGICS: readonly (readonly [name: string, hex: string])[] = [
  ['zip', '504b0304'],
  ['gzip', '1f8b08'],
  ['zlib', '7801'],
  ['zlib', '785e'],
  ['zlib', '789c'],
  ['zlib', '78da'],
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['7z', '377abcaf271c'],
  ['code', 'e300000000'],
  ['code', '6300000000'],
  ['executable', '7f454c46'],
  ['executable', '4d5a90'],
  ['executable', 'cffaedfe'],
];
const BY_FIRST = new Map<number, (readonly [string, Uint8Array])[]>();
for (const [name, hex] of MAGICS) {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const first = bytes[0] ?? 0;
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), [name, bytes]]);
}

/** What the first bytes say; `pickle` for one that announces itself or starts with lines as old ones do. */
export function magicOf(head: Uint8Array): string | undefined {
  const [first = 0, second = 0] = head;
  if (first === 0x80 && second <= 5) return 'pickle';
  const known = BY_FIRST.get(first)?.find(([, bytes]) => bytes.length <= head.length && bytes.every((byte, i) => head[i] === byte));
  if (known !== undefined) return known[0];
  // GLOBAL, MARK and INST of old pickles have their names on lines.
  if ((first === 0x63 || first === 0x28) && head.indexOf(0x0a) > 1) return 'pickle';
  return undefined;
}

/** Characters that base64 of the beginnings above starts with, and hexadecimal digits of them. */
export const ENCODED: ReadonlySet<string> = new Set([
  'gA',
  'UE',
  'H4',
  'eA',
  'eF',
  'eJ',
  'eN',
  'Ql',
  '/T',
  'N3',
  '4w',
  'Yw',
  'f0',
  'TV',
  'Y2',
  'Y3',
  'Y1',
  'Y0',
  'KG',
  'KE',
  'KF',
  '80',
  '50',
  '1f',
  '1F',
  '78',
  '42',
  'e3',
  'E3',
  '63',
  '7f',
  '7F',
  '28',
]);

/** Is the constant worth a second look? Asked for every constant, so that it must be quick. */
export function candidateOf(kind: 'bytes' | 'text', at: number, length: number, head: Uint8Array): Candidate | undefined {
  if (length < SHORTEST) return undefined;
  const [first = 0, second = 0] = head;
  // The characters U+0080… of a text that is turned into bytes again.
  if (first === 0xc2 && second === 0x80) return { kind, at, length };
  if (magicOf(head) !== undefined) return { kind, at, length };
  return length >= 16 && ENCODED.has(String.fromCharCode(first, second)) && isEncoded(head) ? { kind, at, length } : undefined;
}

function isEncoded(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    const letter = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
    if (!letter && byte !== 0x2b && byte !== 0x2f && byte !== 0x3d && byte !== 0x5f && byte !== 0x2d && byte !== 0x0a && byte !== 0x0d)
      return false;
  }
  return true;
}

/** What a constant turned out to be. */
export interface Payload {
  readonly what: string;
  /** How it was wrapped, from the outside in. */
  readonly layers: readonly string[];
  readonly source: ByteSource;
}

/** Unwraps a constant; undefined when there is nothing in it that could be loaded. */
export async function payloadOf(source: ByteSource, candidate: Candidate, budget: Budget): Promise<Payload | undefined> {
  const length = Math.min(candidate.length, MAX_DECODED);
  if (!budget.take('decodedBytes', length)) return undefined;
  let bytes: Uint8Array = (await source.read(candidate.at, length)).slice();
  if (candidate.kind === 'text' && isUtf8(bytes, candidate.length > length)) bytes = fromUtf8(bytes);
  const layers: string[] = [];
  for (let i = 0; i <= MAX_LAYERS; i++) {
    const what = magicOf(bytes);
    if (what === 'pickle') return looksLikePickle(bytes, true) ? found('pickle') : undefined;
    if (what === 'zlib' || what === 'gzip') {
      const inner = await tryInflate(bytes, what, budget);
      if (inner === undefined) return undefined;
      layers.push(what);
      bytes = inner;
      continue;
    }
    if (what !== undefined) return found(what);
    const decoded = decode(bytes);
    if (decoded === undefined) return looksLikePickle(bytes, true) && i > 0 ? found('pickle') : undefined;
    layers.push(decoded[0]);
    bytes = decoded[1];
  }
  return undefined;

  function found(what: string): Payload {
    return { what, layers, source: bytesSource(source.name, bytes) };
  }
}

async function tryInflate(bytes: Uint8Array, what: 'zlib' | 'gzip', budget: Budget): Promise<Uint8Array | undefined> {
  try {
    const inner = await inflate(bytes, what === 'zlib' ? 'deflate' : 'gzip', MAX_DECODED, { file: '', offset: 0 });
    return budget.take('decodedBytes', inner.length) ? inner : undefined;
  } catch (error) {
    if (MsbomError.is(error)) return undefined;
    throw error;
  }
}

/** Old strings are bytes already; those of an archive are hardly ever UTF-8. */
function isUtf8(bytes: Uint8Array, isCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return true;
  } catch {
    return false;
  }
}

/** Bytes of characters below U+0100. */
function fromUtf8(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const next = bytes[i + 1] ?? 0;
    if ((byte === 0xc2 || byte === 0xc3) && i + 1 < bytes.length) {
      out[at++] = ((byte & 3) << 6) | (next & 0x3f);
      i++;
    } else out[at++] = byte;
  }
  return out.subarray(0, at);
}

/** Hexadecimal digits, and letters of what stands behind. */
const HEX = /^([0-9a-fA-F]+)[^0-9a-fA-F]{0,3}$/;

function decode(bytes: Uint8Array): readonly [string, Uint8Array] | undefined {
  if (bytes.length < SHORTEST || !isEncoded(bytes.subarray(0, 64))) return undefined;
  const text = new TextDecoder('latin1').decode(bytes).replaceAll('\r', '').replaceAll('\n', '');
  const digits = HEX.exec(text)?.[1];
  if (digits !== undefined) return ['hex', fromHex(digits)];
  let end = text.length;
  while (text[end - 1] === '=') end--;
  const letters = text.slice(0, end).replaceAll('-', '+').replaceAll('_', '/');
  // A single letter is no byte, but the beginning of what stands behind.
  const plain = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  try {
    return ['base64', Uint8Array.from(atob(plain), (character) => character.charCodeAt(0))];
  } catch {
    return undefined;
  }
}

function fromHex(text: string): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}
