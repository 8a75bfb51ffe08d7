/**
 * The two tables of a zip archive, read apart and tolerantly: the directories at its end, and the headers before the members.
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import type { ByteSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
/** Bytes at the end in which directories are looked for. */
const TAIL_BYTES = 256 * 1024;
const MAX_RECORDS = 200_000;
const MAX_DIRECTORY = 256 * 1024 * 1024;
const WORD32 = 0xffff_ffff;

export interface Entry {
  /** Its bytes as characters, so that two names can be compared exactly. */
  readonly rawName: string;
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Offset of the header before the member, as it stands in the file. */
  readonly at: number;
  /** Offset of the data; only known from the header before it. */
  readonly data: number;
  /** Mode of Unix, from the directory; 0 where there is none. */
  readonly mode: number;
}

export interface Directory {
  readonly entries: readonly Entry[];
  /** Range of the directory and its end record. */
  readonly from: number;
  readonly to: number;
  readonly comment: { readonly from: number; readonly to: number };
  /** Bytes by which all offsets are off: there is data before the archive. */
  readonly shift: number;
  readonly problem: string | undefined;
}

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
const utf8 = new TextDecoder('utf-8');

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Values of 8 bytes from the extra field, for those that do not fit into 4. */
function widened(extra: Uint8Array, small: readonly number[]): number[] {
  const values = [...small];
  const data = view(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = data.getUint16(at, true);
    const length = data.getUint16(at + 2, true);
    if (id === 1) {
      let from = at + 4;
      for (const [i, value] of values.entries()) {
        if (value !== WORD32 || from + 8 > Math.min(extra.length, at + 4 + length)) continue;
        values[i] = Number(data.getBigUint64(from, true));
        from += 8;
      }
      return values;
    }
    at += 4 + length;
  }
  return values;
}

/** All directories that an end record near the end of the file points at, the last one first. @throws ERR_IO_* */
export async function readDirectories(source: ByteSource, budget: Budget): Promise<readonly Directory[]> {
  const length = Math.min(TAIL_BYTES, source.size);
  const base = source.size - length;
  const tail = (await source.read(base, length)).slice();
  const found: Directory[] = [];
  for (let i = tail.length - END_BYTES; i >= 0 && found.length < 8; i--) {
    if (tail[i] !== 0x50 || tail[i + 1] !== 0x4b || tail[i + 2] !== 5 || tail[i + 3] !== 6) continue;
    const directory = await directoryAt(source, base + i, tail.subarray(i), budget);
    if (directory !== undefined) found.push(directory);
  }
  return found;
}

async function directoryAt(source: ByteSource, at: number, record: Uint8Array, budget: Budget): Promise<Directory | undefined> {
  const data = view(record);
  if (data.getUint32(0, true) !== END) return undefined;
  let count = data.getUint16(10, true);
  let size = data.getUint32(12, true);
  let offset = data.getUint32(16, true);
  const to = at + END_BYTES;
  const comment = { from: to, to: Math.min(source.size, to + data.getUint16(20, true)) };
  // Some writers, torch among them, add the wide record also where its values fit into the plain one; it stands between.
  const wide = await end64(source, at);
  const from = wide?.from ?? at;
  const plain = count !== 0xffff && size !== WORD32 && offset !== WORD32;
  const disagree = plain && wide !== undefined && (wide.count !== count || wide.size !== size || wide.offset !== offset);
  if (wide !== undefined) ({ count, size, offset } = wide);
  const problem = (why: string): Directory => ({ entries: [], from, to, comment, shift: 0, problem: why });
  if (size > Math.min(MAX_DIRECTORY, from) || !budget.take('readBytes', size))
    return problem('the directory has more bytes than there are before its end');
  // The directory stands right before its end record: what its offset says less is data before the archive.
  const start = from - size;
  const bytes = (await source.read(start, size)).slice();
  const shift = start - offset;
  const entries: Entry[] = [];
  let next = 0;
  while (next + CENTRAL_BYTES <= bytes.length && entries.length < MAX_RECORDS) {
    const entry = centralEntry(bytes.subarray(next), shift);
    if (entry === undefined) break;
    entries.push(entry[0]);
    next += entry[1];
  }
  const wrong = disagree
    ? 'the two end records of the directory disagree'
    : entries.length !== count || next !== bytes.length
      ? `the directory has ${entries.length} entries, its end says ${count}`
      : undefined;
  return { entries, from: start, to, comment, shift, problem: wrong };
}

async function end64(source: ByteSource, at: number): Promise<{ count: number; size: number; offset: number; from: number } | undefined> {
  if (at < 20) return undefined;
  const locator = view((await source.read(at - 20, 20)).slice());
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== LOCATOR64) return undefined;
  // The record itself stands right before its locator, wherever that points.
  for (const from of [Number(locator.getBigUint64(8, true)), at - 20 - 56]) {
    if (from < 0 || from + 56 > source.size) continue;
    const record = view((await source.read(from, 56)).slice());
    if (record.getUint32(0, true) !== END64) continue;
    return {
      count: Number(record.getBigUint64(32, true)),
      size: Number(record.getBigUint64(40, true)),
      offset: Number(record.getBigUint64(48, true)),
      from,
    };
  }
  return undefined;
}

function centralEntry(bytes: Uint8Array, shift: number): readonly [Entry, number] | undefined {
  const data = view(bytes);
  if (data.getUint32(0, true) !== CENTRAL) return undefined;
  const nameLength = data.getUint16(28, true);
  const extraLength = data.getUint16(30, true);
  const length = CENTRAL_BYTES + nameLength + extraLength + data.getUint16(32, true);
  if (length > bytes.length) return undefined;
  const raw = bytes.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameLength);
  const extra = bytes.subarray(CENTRAL_BYTES + nameLength, CENTRAL_BYTES + nameLength + extraLength);
  const [size = 0, packed = 0, offset = 0] = widened(extra, [data.getUint32(24, true), data.getUint32(20, true), data.getUint32(42, true)]);
  const entry: Entry = {
    rawName: latin1(raw),
    name: utf8.decode(raw),
    method: data.getUint16(10, true),
    flags: data.getUint16(8, true),
    crc: data.getUint32(16, true),
    packed,
    size,
    at: offset + shift,
    data: -1,
    mode: data.getUint32(38, true) >>> 16,
  };
  return [entry, length];
}

/** The header before a member; undefined when there is none at that place. @throws ERR_IO_* */
export async function localEntry(source: ByteSource, at: number): Promise<Entry | undefined> {
  if (at < 0 || at + LOCAL_BYTES > source.size) return undefined;
  const bytes = (await source.read(at, Math.min(1024, source.size - at))).slice();
  const data = view(bytes);
  if (data.getUint32(0, true) !== LOCAL) return undefined;
  const nameLength = data.getUint16(26, true);
  const extraLength = data.getUint16(28, true);
  const whole = LOCAL_BYTES + nameLength + extraLength;
  const all = whole <= bytes.length ? bytes : (await source.read(at, Math.min(whole, source.size - at))).slice();
  const raw = all.subarray(LOCAL_BYTES, LOCAL_BYTES + nameLength);
  const [size = 0, packed = 0] = widened(all.subarray(LOCAL_BYTES + nameLength, whole), [
    data.getUint32(22, true),
    data.getUint32(18, true),
  ]);
  return {
    rawName: latin1(raw),
    name: utf8.decode(raw),
    method: data.getUint16(8, true),
    flags: data.getUint16(6, true),
    crc: data.getUint32(14, true),
    packed,
    size,
    at,
    data: at + whole,
    mode: 0,
  };
}
