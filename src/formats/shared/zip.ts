/**
 * The directory of a zip archive, ZIP64 included: names, sizes and places; members are read one at a time, within limits.
 * Source: APPNOTE.TXT 6.3.10, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { inflate, inflateStream } from './inflate.js';

export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated; others cannot be read. */
  readonly method: number;
  readonly compressedSize: number;
  /** Bytes after decompression, as the directory says. */
  readonly size: number;
  readonly crc32: number;
  /** Offset of the local header. */
  readonly headerOffset: number;
  readonly encrypted: boolean;
}

export interface ZipArchive {
  readonly source: ByteSource;
  /** By name, in the order of the directory. Of a name that stands twice the last is kept, as Python's zipfile does. */
  readonly members: ReadonlyMap<string, ZipMember>;
  /** Names that stand more than once: programs disagree on which of them counts. */
  readonly duplicates: readonly string[];
  /** Bytes before the first member; not zero when something else was put in front of the archive. */
  readonly prefixBytes: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const MAX_COMMENT = 0xffff;
const MAX_MEMBERS = 1_000_000;
const CHUNK_BYTES = 16 * 1024;
const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/**
 * Reads the central directory.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_COUNT, ERR_LIMIT_BYTES with file and offset
 */
export async function openZip(source: ByteSource, limits: Limits): Promise<ZipArchive> {
  const { count, offset, size, shift } = await findDirectory(source);
  if (count > Math.min(MAX_MEMBERS, limits.maxItems))
    throw new MsbomError('ERR_LIMIT_COUNT', `the archive says it has ${count} members`, { file: source.name, offset });
  if (size > limits.maxHeaderBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the directory of the archive says it has ${size} bytes`, { file: source.name, offset });
  const bytes = (await readExactly(source, offset, size)).slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map<string, ZipMember>();
  const duplicates = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { member, next } = readEntry(view, at, offset, shift, source);
    if (members.has(member.name)) duplicates.add(member.name);
    members.set(member.name, member);
    at = next;
  }
  let prefixBytes = offset;
  for (const { headerOffset } of members.values()) prefixBytes = Math.min(prefixBytes, headerOffset);
  return { source, members, duplicates: [...duplicates].sort(), prefixBytes };
}

interface Directory {
  readonly count: number;
  readonly offset: number;
  readonly size: number;
  /** Bytes put in front of the archive after it was made; offsets inside it lack them. */
  readonly shift: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const start = Math.max(0, source.size - END_BYTES - MAX_COMMENT);
  const tail = (await source.read(start, source.size - start)).slice();
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + END_BYTES + view.getUint16(at + 20, true) > tail.byteLength) continue;
    const count = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    // PyTorch writes ZIP64 records even where the fields of 32 bits would do.
    return (await directory64(source, start + at)) ?? placed({ count, size, offset }, start + at, source);
  }
  throw new MsbomError('ERR_FORMAT_TRUNCATED', 'the archive has no directory at its end', {
    file: source.name,
    offset: source.size,
    hint: 'Fetch the file again; it is shorter than it was.',
  });
}

async function directory64(source: ByteSource, endOffset: number): Promise<Directory | undefined> {
  if (endOffset < 20) return undefined;
  const locator = viewOf(await readExactly(source, endOffset - 20, 20));
  if (locator.getUint32(0, true) !== LOCATOR64) return undefined;
  // Right before the locator, also when something was put in front of the archive; else where the locator says.
  const near = endOffset - 20 - END64_BYTES;
  const at = (await isRecord64(source, near)) ? near : wide(locator, 8, source, endOffset - 20);
  if (!(await isRecord64(source, at)))
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the archive has no ZIP64 record where it says', { file: source.name, offset: at });
  const record = viewOf((await readExactly(source, at, END64_BYTES)).slice());
  return placed(
    { count: wide(record, 32, source, at), size: wide(record, 40, source, at), offset: wide(record, 48, source, at) },
    at,
    source,
  );
}

async function isRecord64(source: ByteSource, at: number): Promise<boolean> {
  if (at < 0 || at + END64_BYTES > source.size) return false;
  return viewOf(await readExactly(source, at, 4)).getUint32(0, true) === END64;
}

function placed({ count, size, offset }: Omit<Directory, 'shift'>, endOffset: number, source: ByteSource): Directory {
  const shift = endOffset - size - offset;
  if (shift < 0 || !Number.isSafeInteger(shift))
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'the directory of the archive reaches over its end', {
      file: source.name,
      offset: endOffset,
    });
  return { count, size, offset: offset + shift, shift };
}

function readEntry(
  view: DataView,
  at: number,
  directoryOffset: number,
  shift: number,
  source: ByteSource,
): { member: ZipMember; next: number } {
  const place = { file: source.name, offset: directoryOffset + at };
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL)
    throw new MsbomError('ERR_FORMAT_MALFORMED', 'a member of the archive is not listed where it should be', place);
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw new MsbomError('ERR_FORMAT_MALFORMED', 'a member reaches over the end of the directory', place);
  const sizes = readSizes(view, at, at + 46 + nameBytes, extraBytes, source, place.offset);
  const flags = view.getUint16(at + 8, true);
  const name = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes);
  const headerOffset = sizes.headerOffset + shift;
  if (headerOffset + 30 + sizes.compressedSize > source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', 'a member of the archive reaches over the end of the file', place);
  return {
    member: {
      ...sizes,
      headerOffset,
      name: ((flags & 0x800) === 0 ? latin1 : utf8).decode(name),
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      encrypted: (flags & 1) === 1,
    },
    next,
  };
}

/** Sizes and offset, from the ZIP64 extra field where the 32-bit ones are full. */
function readSizes(view: DataView, at: number, extraAt: number, extraBytes: number, source: ByteSource, offset: number) {
  let size = view.getUint32(at + 24, true);
  let compressedSize = view.getUint32(at + 20, true);
  let headerOffset = view.getUint32(at + 42, true);
  const extraEnd = extraAt + extraBytes;
  for (let p = extraAt; p + 4 <= extraEnd; ) {
    const id = view.getUint16(p, true);
    const end = p + 4 + view.getUint16(p + 2, true);
    if (id === 1 && end <= extraEnd) {
      let q = p + 4;
      const take = (value: number): number => {
        if (value !== 0xffffffff || q + 8 > end) return value;
        q += 8;
        return wide(view, q - 8, source, offset);
      };
      size = take(size);
      compressedSize = take(compressedSize);
      headerOffset = take(headerOffset);
    }
    p = end;
  }
  return { size, compressedSize, headerOffset };
}

/**
 * The bytes of a member, whole.
 * @throws ERR_LIMIT_BYTES above `maxBytes`, ERR_FORMAT_UNSUPPORTED for encryption or other compression, ERR_FORMAT_*
 */
export async function readMember({ source }: ZipArchive, member: ZipMember, maxBytes: number): Promise<Uint8Array> {
  const place = { file: source.name, offset: member.headerOffset };
  if (Math.max(member.size, member.compressedSize) > maxBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the member \`${member.name.slice(0, 200)}\` has more than ${maxBytes} bytes`, place);
  const start = await dataOffset(source, member);
  const stored = (await readExactly(source, start, member.compressedSize)).slice();
  return member.method === 0 ? stored : inflate(stored, 'deflate-raw', maxBytes, place);
}

/** The first bytes of a member, at most `length`; no more of it is decompressed than they need. */
export async function readMemberHead({ source }: ZipArchive, member: ZipMember, length: number): Promise<Uint8Array> {
  const start = await dataOffset(source, member);
  if (member.method === 0) return (await readExactly(source, start, Math.min(length, member.compressedSize))).slice();
  const head = new Uint8Array(Math.min(length, member.size));
  let filled = 0;
  for await (const chunk of inflateStream(chunksOf(source, start, member.compressedSize), 'deflate-raw', {
    file: source.name,
    offset: start,
  })) {
    const taken = chunk.subarray(0, head.byteLength - filled);
    head.set(taken, filled);
    filled += taken.byteLength;
    if (filled === head.byteLength) break;
  }
  return head.subarray(0, filled);
}

async function* chunksOf(source: ByteSource, start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += CHUNK_BYTES) yield readExactly(source, start + at, Math.min(CHUNK_BYTES, size - at));
}

/** A stored member as a byte source of its own; a deflated one is decompressed into memory first, at most `maxBytes`. */
export async function memberSource(archive: ZipArchive, member: ZipMember, maxBytes: number): Promise<ByteSource> {
  const { source } = archive;
  if (member.method !== 0) {
    const bytes = await readMember(archive, member, maxBytes);
    return {
      name: source.name,
      size: bytes.byteLength,
      read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    };
  }
  const start = await dataOffset(source, member);
  const size = member.compressedSize;
  return { name: source.name, size, read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))) };
}

async function dataOffset(source: ByteSource, member: ZipMember): Promise<number> {
  const place = { file: source.name, offset: member.headerOffset };
  if (member.encrypted) throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `the member \`${member.name.slice(0, 200)}\` is encrypted`, place);
  if (member.method !== 0 && member.method !== 8)
    throw new MsbomError(
      'ERR_FORMAT_UNSUPPORTED',
      `the member \`${member.name.slice(0, 200)}\` is compressed by method ${member.method}, only 0 and 8 can be read`,
      place,
    );
  const local = viewOf(await readExactly(source, member.headerOffset, 30));
  if (local.getUint32(0, true) !== LOCAL)
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the member \`${member.name.slice(0, 200)}\` is not where the directory says`, place);
  const start = member.headerOffset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + member.compressedSize > source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `the member \`${member.name.slice(0, 200)}\` reaches over the end of the file`, place);
  return start;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function wide(view: DataView, at: number, source: ByteSource, offset: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new MsbomError('ERR_FORMAT_MALFORMED', `the archive states ${value} bytes`, { file: source.name, offset });
  return Number(value);
}
