import { MsbomError } from './error.js';

/** A file seen as bytes that can be read anywhere: on disk, in memory, in an archive or behind a range request. */
export interface ByteSource {
  /** Path relative to the model root, with `/`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from `offset`; fewer than `length` only at the end of the file.
   * The result may be a view of a buffer that later reads reuse: copy what must last.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A byte source over bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/**
 * The same source for many small reads from front to back: what lies behind is read along, twice as much with every step. A read that
 * is no such step takes what it asks for.
 *
 * @param most bytes that are read along
 */
export function readAhead(source: ByteSource, most = 4 * 1024 * 1024): ByteSource {
  let start = 0;
  let held: Uint8Array = new Uint8Array(0);
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      const end = start + held.byteLength;
      const isHeld = offset >= start && offset + length <= end;
      if (!isHeld) {
        const isStep = offset >= start && offset <= end;
        held = (await source.read(offset, Math.max(length, isStep ? Math.min(most, 2 * held.byteLength) : 0))).slice();
        start = offset;
      }
      return held.subarray(offset - start, offset - start + length);
    },
  };
}

/** Exactly `length` bytes, or ERR_FORMAT_TRUNCATED with the offset at which they end. */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (offset + length > source.size) throw truncated(source, offset, length);
  const bytes = await source.read(offset, length);
  if (bytes.byteLength < length) throw truncated(source, offset, length);
  return bytes;
}

/** The error for bytes that are not there. */
export function truncated(source: Pick<ByteSource, 'name' | 'size'>, offset: number, length: number): MsbomError {
  return new MsbomError('ERR_FORMAT_TRUNCATED', `${length} bytes are needed at offset ${offset}, the file has ${source.size} bytes`, {
    file: source.name,
    offset,
    hint: 'Fetch the file again; it is shorter than its own header says.',
  });
}
