/** Compressed content as a byte source: decompressed as it is read, never held as a whole unless it is small. */
import { type ByteSource, bytesSource, readExactly } from '../../core/byte-source.js';
import { MsbomError } from '../../core/error.js';
import { type Compression, inflateStream, joined } from './inflate.js';

const CHUNK_BYTES = 64 * 1024;
/** Content up to this size is kept after the first pass. */
const HELD_BYTES = 8 * 1024 * 1024;
/** Reading backwards starts again from the beginning; this often at most. */
const MAX_RESTARTS = 8;

/**
 * The content of a compressed file. It is decompressed once to learn its size, and again while it is read forwards.
 * @throws ERR_FORMAT_MALFORMED for a broken stream, ERR_LIMIT_BYTES for more than `maxBytes`
 */
export async function openInflated(source: ByteSource, kind: Compression, maxBytes: number): Promise<ByteSource> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of inflated(source, kind)) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `the content has more than ${maxBytes} bytes after decompression`, {
        file: source.name,
        offset: 0,
        hint: 'Raise maxReadBytes if the file is trusted.',
      });
    if (size <= HELD_BYTES) held.push(chunk);
    else held.length = 0;
  }
  return size <= HELD_BYTES ? bytesSource(source.name, joined(held, size)) : forwardSource(source, kind, size);
}

function inflated(source: ByteSource, kind: Compression): AsyncGenerator<Uint8Array> {
  return inflateStream(chunksOf(source), kind, { file: source.name, offset: 0 });
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += CHUNK_BYTES) yield readExactly(source, at, Math.min(CHUNK_BYTES, source.size - at));
}

function forwardSource(source: ByteSource, kind: Compression, size: number): ByteSource {
  let stream = inflated(source, kind);
  let chunk: Uint8Array = new Uint8Array(0);
  let start = 0; // offset of the chunk in the content
  let restarts = 0;

  async function restart(): Promise<void> {
    await stream.return(undefined);
    if (++restarts > MAX_RESTARTS)
      throw new MsbomError('ERR_LIMIT_COUNT', 'the compressed content would have to be read over and over', {
        file: source.name,
        offset: 0,
      });
    stream = inflated(source, kind);
    chunk = new Uint8Array(0);
    start = 0;
  }

  async function read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < start) await restart();
    const wanted = Math.max(0, Math.min(length, size - offset));
    const result = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const from = offset + filled - start;
      if (from < chunk.byteLength) {
        const part = chunk.subarray(from, from + wanted - filled);
        result.set(part, filled);
        filled += part.byteLength;
        continue;
      }
      const next = await stream.next();
      if (next.done === true) return result.subarray(0, filled);
      start += chunk.byteLength;
      chunk = next.value;
    }
    if (offset + wanted === size) await stream.return(undefined);
    return result;
  }
  return { name: source.name, size, read };
}
