/** Bounded decompression by the platform's own DecompressionStream: deflate-raw (zip), deflate (zlib) and gzip. */
import { MsbomError } from '../../core/error.js';

export type Compression = 'deflate-raw' | 'deflate' | 'gzip';

/** Where compressed bytes come from, for messages. */
export interface InflatePlace {
  readonly file: string;
  readonly offset: number;
}

/**
 * The decompressed bytes, at most `maxBytes` of them.
 * @throws ERR_LIMIT_BYTES when there are more, ERR_FORMAT_MALFORMED when the stream is broken
 */
export async function inflate(compressed: Uint8Array, kind: Compression, maxBytes: number, place: InflatePlace): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of inflateStream([compressed], kind, place)) {
    total += chunk.byteLength;
    if (total > maxBytes)
      throw new MsbomError('ERR_LIMIT_BYTES', `compressed data holds more than ${maxBytes} bytes`, {
        ...place,
        hint: 'Raise the limits if the file is trusted.',
      });
    chunks.push(chunk);
  }
  return joined(chunks, total);
}

/**
 * Decompressed chunks, as they come. Stop reading to stop the work; nothing is held beyond a chunk.
 * @throws ERR_FORMAT_MALFORMED when the stream is broken
 */
export async function* inflateStream(
  compressed: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  kind: Compression,
  place: InflatePlace,
): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream(kind);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  let failure: unknown;
  const feeding = (async () => {
    for await (const chunk of compressed) {
      await writer.ready;
      await writer.write(chunk.slice());
    }
    await writer.close();
  })().catch((error: unknown) => {
    // A failure of the source itself; one of the stream shows on its readable side too.
    if (MsbomError.is(error)) {
      failure = error;
      void writer.abort(error).catch(() => undefined);
    }
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await feeding;
  } catch (cause) {
    throw failure ?? new MsbomError('ERR_FORMAT_MALFORMED', 'the compressed data is broken', { ...place, cause });
  } finally {
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
}

/** Chunks as one; `total` is the sum of their bytes. */
export function joined(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
