/**
 * The header of a 7z archive: folders of coders, streams, names.
 * Source: https://github.com/ip7z/7zip/blob/main/DOC/7zFormat.txt (public domain)
 */
import { MsbomError } from '../../core/error.js';

/** Kinds of records. */
const K = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additional: 3,
  mainStreams: 4,
  files: 5,
  pack: 6,
  unpack: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  unpackSize: 12,
  streams: 13,
  emptyStream: 14,
  names: 17,
  encoded: 23,
} as const;
const MAX_COUNT = 1_000_000;

export interface Coder {
  /** In hexadecimal: `00` copies, `030101` is LZMA, `21` is LZMA2. */
  readonly id: string;
  readonly properties: Uint8Array;
  readonly simple: boolean;
}

export interface Folder {
  readonly coders: readonly Coder[];
  readonly packedStreams: number;
  /** Bytes of what each coder gives. */
  sizes: number[];
  /** Bytes of the files in it, one behind the other. */
  files: number[];
}

export interface Header {
  /** Offset of the packed streams. */
  readonly packAt: number;
  readonly packSizes: readonly number[];
  readonly folders: readonly Folder[];
  /** Names of all files; those without content have no part in a folder. */
  readonly names: readonly string[];
  readonly empty: readonly boolean[];
}

export interface Reader {
  readonly bytes: Uint8Array;
  pos: number;
}

const broken = (r: Reader, message: string): MsbomError => new MsbomError('ERR_FORMAT_MALFORMED', message, { offset: r.pos });

function byte(r: Reader): number {
  const value = r.bytes[r.pos++];
  if (value === undefined) throw broken(r, 'the header ends too early');
  return value;
}

/** A number of one to nine bytes, whose first byte says how many follow. */
export function number(r: Reader): number {
  const first = byte(r);
  let value = 0;
  for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
    if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i);
    value += byte(r) * 2 ** (8 * i);
  }
  return value;
}

function count(r: Reader): number {
  const value = number(r);
  if (value > MAX_COUNT || value > 8 * r.bytes.length) throw broken(r, `a count of ${value} is more than the header can hold`);
  return value;
}

function bits(r: Reader, length: number): boolean[] {
  const values: boolean[] = [];
  for (let i = 0, value = 0; i < length; i++) {
    if (i % 8 === 0) value = byte(r);
    values.push((value & (0x80 >> (i % 8))) !== 0);
  }
  return values;
}

const optionalBits = (r: Reader, length: number): boolean[] => (byte(r) !== 0 ? Array<boolean>(length).fill(true) : bits(r, length));

function skipDigests(r: Reader, length: number): number {
  const defined = optionalBits(r, length).filter(Boolean).length;
  r.pos += 4 * defined;
  return defined;
}

function folder(r: Reader): Folder {
  const coders: Coder[] = [];
  let inputs = 0;
  let outputs = 0;
  const number_ = count(r);
  if (number_ < 1 || number_ > 32) throw broken(r, 'a folder has no coders, or too many');
  for (let i = 0; i < number_; i++) {
    const flags = byte(r);
    const id = Array.from(r.bytes.subarray(r.pos, r.pos + (flags & 0xf)), (value) => value.toString(16).padStart(2, '0')).join('');
    r.pos += flags & 0xf;
    const simple = (flags & 0x10) === 0;
    const from = simple ? 1 : count(r);
    const to = simple ? 1 : count(r);
    inputs += from;
    outputs += to;
    const length = (flags & 0x20) === 0 ? 0 : count(r);
    coders.push({ id, properties: r.bytes.slice(r.pos, r.pos + length), simple: from === 1 && to === 1 });
    r.pos += length;
  }
  for (let i = 0; i < outputs - 1; i++) {
    count(r);
    count(r);
  }
  const packedStreams = inputs - (outputs - 1);
  if (packedStreams > 1) for (let i = 0; i < packedStreams; i++) count(r);
  return { coders, packedStreams, sizes: [], files: [] };
}

interface Streams {
  packAt: number;
  packSizes: number[];
  folders: Folder[];
}

/** The streams of a header, or of a header that is packed itself. @throws ERR_FORMAT_MALFORMED */
export function streams(r: Reader): Streams {
  const found: Streams = { packAt: 0, packSizes: [], folders: [] };
  for (;;) {
    const kind = number(r);
    if (kind === K.end) return found;
    if (kind === K.pack) packInfo(r, found);
    else if (kind === K.unpack) unpackInfo(r, found);
    else if (kind === K.subStreams) subStreams(r, found);
    else throw broken(r, `a record of kind ${kind} is not known`);
  }
}

function packInfo(r: Reader, found: Streams): void {
  found.packAt = number(r);
  const length = count(r);
  for (;;) {
    const kind = number(r);
    if (kind === K.end) return;
    if (kind === K.size) found.packSizes = Array.from({ length }, () => number(r));
    else if (kind === K.crc) skipDigests(r, length);
    else throw broken(r, `a record of kind ${kind} is not known`);
  }
}

function unpackInfo(r: Reader, found: Streams): void {
  if (number(r) !== K.folder) throw broken(r, 'the folders are missing');
  const length = count(r);
  if (byte(r) !== 0) throw new MsbomError('ERR_FORMAT_UNSUPPORTED', 'the folders are described elsewhere', { offset: r.pos });
  found.folders = Array.from({ length }, () => folder(r));
  for (;;) {
    const kind = number(r);
    if (kind === K.end) break;
    if (kind === K.unpackSize) for (const each of found.folders) each.sizes = each.coders.map(() => number(r));
    else if (kind === K.crc) skipDigests(r, length);
    else throw broken(r, `a record of kind ${kind} is not known`);
  }
  for (const each of found.folders) each.files = [each.sizes.at(-1) ?? 0];
}

function subStreams(r: Reader, found: Streams): void {
  const counts = found.folders.map(() => 1);
  for (;;) {
    const kind = number(r);
    if (kind === K.end) return;
    if (kind === K.streams) for (const i of counts.keys()) counts[i] = count(r);
    else if (kind === K.size) sizes(r, found, counts);
    else if (kind === K.crc)
      skipDigests(
        r,
        counts.reduce((sum, each) => sum + each, 0),
      );
    else throw broken(r, `a record of kind ${kind} is not known`);
    if (kind === K.streams) for (const [i, each] of found.folders.entries()) if (counts[i] === 0) each.files = [];
  }
}

/** All sizes of a folder but the last, which is what is left. */
function sizes(r: Reader, found: Streams, counts: readonly number[]): void {
  for (const [i, each] of found.folders.entries()) {
    const total = each.sizes.at(-1) ?? 0;
    const files = Array.from({ length: Math.max(0, (counts[i] ?? 1) - 1) }, () => number(r));
    const rest = total - files.reduce((sum, size) => sum + size, 0);
    if (rest < 0) throw broken(r, 'the files of a folder are longer than it is');
    each.files = (counts[i] ?? 1) === 0 ? [] : [...files, rest];
  }
}

/** The header proper, of which the kind was read already. @throws ERR_FORMAT_MALFORMED */
export function header(r: Reader): Header {
  let found: Streams = { packAt: 0, packSizes: [], folders: [] };
  let names: string[] = [];
  let empty: boolean[] = [];
  for (;;) {
    const kind = number(r);
    if (kind === K.end) return { ...found, names, empty };
    if (kind === K.mainStreams || kind === K.additional) found = streams(r);
    else if (kind === K.files) ({ names, empty } = files(r));
    else if (kind === K.archiveProperties) while (number(r) !== K.end) r.pos += number(r);
    else throw broken(r, `a record of kind ${kind} is not known`);
  }
}

function files(r: Reader): { names: string[]; empty: boolean[] } {
  const length = count(r);
  const names = Array<string>(length).fill('');
  let empty = Array<boolean>(length).fill(false);
  for (;;) {
    const kind = number(r);
    if (kind === K.end) return { names, empty };
    const end = number(r) + r.pos;
    if (end > r.bytes.length) throw broken(r, 'a property of files reaches over the end of the header');
    if (kind === K.emptyStream) empty = bits(r, length);
    else if (kind === K.names && byte(r) === 0) readNames(r, names, end);
    r.pos = end;
  }
}

function readNames(r: Reader, names: string[], end: number): void {
  const decoder = new TextDecoder('utf-16le');
  for (let i = 0; i < names.length; i++) {
    let at = r.pos;
    while (at + 1 < end && (r.bytes[at] !== 0 || r.bytes[at + 1] !== 0)) at += 2;
    names[i] = decoder.decode(r.bytes.subarray(r.pos, at));
    r.pos = at + 2;
  }
}

export const KINDS = K;
