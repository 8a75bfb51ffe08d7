/**
 * A LevelDB table, as TensorFlow writes the index of a checkpoint: sorted keys with values, in blocks.
 * Source: https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { type ByteSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';

/** 0xdb4775248b80fb57, least significant byte first. */
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb] as const;
export const FOOTER_BYTES = 48;
const TRAILER_BYTES = 5;

export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Offset of the value in the file. */
  readonly offset: number;
}

export const hasTableMagic = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[bytes.byteLength - MAGIC.length + i] === byte);

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/**
 * All entries in order. Blocks must follow each other, so the work is linear in the size of the file.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED for compressed blocks, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT
 */
export async function* tableEntries(source: ByteSource, limits: Limits): AsyncGenerator<TableEntry> {
  if (source.size < FOOTER_BYTES) throw truncated(source);
  const footerAt = source.size - FOOTER_BYTES;
  const footer = (await readExactly(source, footerAt, FOOTER_BYTES)).slice();
  if (!hasTableMagic(footer)) throw truncated(source);
  if (source.size > limits.maxReadBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `the table has ${source.size} bytes`, { file: source.name, offset: 0 });
  const reader = { bytes: footer, at: 0, offset: footerAt, file: source.name };
  readHandle(reader); // of the metaindex
  let count = 0;
  let end = 0;
  // A key may repeat all of the one before it at no cost, so that many short entries make very long keys.
  let keyBytes = 0;
  const paid = (entry: TableEntry): void => {
    keyBytes += entry.key.byteLength;
    if (keyBytes > limits.maxHeaderBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the keys of the table have more than ${limits.maxHeaderBytes} bytes`, {
        file: source.name,
        offset: entry.offset,
      });
  };
  for (const block of blockEntries(await readBlock(source, readHandle(reader), limits), source.name)) {
    paid(block);
    const handle = readHandle({ bytes: block.value, at: 0, offset: block.offset, file: source.name });
    if (handle.offset < end) throw malformed('the blocks of the table overlap', source.name, block.offset);
    end = handle.offset + handle.size + TRAILER_BYTES;
    for (const entry of blockEntries(await readBlock(source, handle, limits), source.name)) {
      if (++count > limits.maxItems)
        throw new MsbomError('ERR_LIMIT_COUNT', `more than ${limits.maxItems} entries`, { file: source.name, offset: entry.offset });
      paid(entry);
      yield entry;
    }
  }
}

const malformed = (message: string, file: string, offset: number): MsbomError =>
  new MsbomError('ERR_FORMAT_MALFORMED', message, { file, offset });

const truncated = (source: ByteSource): MsbomError =>
  new MsbomError('ERR_FORMAT_TRUNCATED', 'the table does not end as it must', {
    file: source.name,
    offset: source.size,
    hint: 'Fetch the file again; it is shorter than it was.',
  });

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  /** Offset of `bytes` in the file. */
  readonly offset: number;
  readonly file: string;
}

/** A varint of at most 2^53 - 1. */
function readVarint(reader: Reader): number {
  let value = 0;
  for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80 && Number.isSafeInteger(value)) return value;
  }
  throw malformed('a number of the table does not end', reader.file, reader.offset);
}

function readHandle(reader: Reader): Handle {
  const offset = readVarint(reader);
  return { offset, size: readVarint(reader) };
}

/** A block and its place: content, kind of compression, checksum. */
async function readBlock(source: ByteSource, { offset, size }: Handle, limits: Limits): Promise<{ bytes: Uint8Array; offset: number }> {
  if (offset + size + TRAILER_BYTES > source.size)
    throw malformed('a block of the table is outside of the file', source.name, Math.min(offset, source.size));
  if (size > limits.maxHeaderBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a block of the table has ${size} bytes`, { file: source.name, offset });
  const bytes = (await readExactly(source, offset, size + TRAILER_BYTES)).slice();
  const compression = bytes[size];
  if (compression !== 0)
    throw new MsbomError(
      'ERR_FORMAT_UNSUPPORTED',
      `a block of the table is compressed by method ${compression}; TensorFlow writes plain ones`,
      {
        file: source.name,
        offset: offset + size,
      },
    );
  return { bytes: bytes.subarray(0, size), offset };
}

/** Entries share the start of their key with the one before; offsets of restarts and their number end the block. */
function* blockEntries({ bytes, offset }: { bytes: Uint8Array; offset: number }, file: string): Generator<TableEntry> {
  if (bytes.byteLength < 4) throw malformed('a block of the table is too short', file, offset);
  const restarts = new DataView(bytes.buffer, bytes.byteOffset + bytes.byteLength - 4, 4).getUint32(0, true);
  const end = bytes.byteLength - 4 - 4 * restarts;
  if (end < 0) throw malformed('a block of the table has more restarts than bytes', file, offset);
  const reader: Reader = { bytes: bytes.subarray(0, end), at: 0, offset, file };
  let key = new Uint8Array();
  while (reader.at < end) {
    const shared = readVarint(reader);
    const own = readVarint(reader);
    const length = readVarint(reader);
    const start = reader.at;
    if (shared > key.byteLength || start + own + length > end)
      throw malformed('an entry of the table reaches over its block', file, offset + start);
    const next = new Uint8Array(shared + own);
    next.set(key.subarray(0, shared));
    next.set(bytes.subarray(start, start + own), shared);
    key = next;
    reader.at = start + own + length;
    yield { key, value: bytes.subarray(start + own, reader.at), offset: offset + start + own };
  }
}
