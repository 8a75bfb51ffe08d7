/** Content that has to be decompressed, as a byte source: held when it is small, else made anew while it is read forwards. */
import { type ByteSource, bytesSource } from '../core/byte-source.js';
import { MsbomError } from '../core/error.js';
import { joined } from '../formats/shared/inflate.js';
import type { Budget } from './budget.js';

/** Content up to this size is held. */
const HELD_BYTES = 24 * 1024 * 1024;
/** Behind the last read so much is kept, so that small steps back cost nothing. */
const BACK_BYTES = 2 * 1024 * 1024;
const MAX_RESTARTS = 40;
/** Content that is so many times larger than what it is made of is a bomb, once it is large at all. */
const BOMB_RATIO = 400;
const BOMB_BYTES = 64 * 1024 * 1024;

export interface Opened {
  readonly source: ByteSource;
  /** Why the content ends before it should, if it does. */
  readonly problem: string | undefined;
  readonly bomb: boolean;
}

export type MakeChunks = () => AsyncGenerator<Uint8Array>;

/**
 * Runs through the content once, then gives it as a source. A stream that breaks gives what came before.
 * @throws ERR_IO_*
 */
export async function openStreamed(name: string, packed: number, make: MakeChunks, budget: Budget): Promise<Opened> {
  const held: Uint8Array[] = [];
  let size = 0;
  let problem: string | undefined;
  let bomb = false;
  try {
    for await (const chunk of make()) {
      if (!budget.take('decodedBytes', chunk.length) || !budget.inTime()) {
        problem = 'it has more bytes than the limit';
        break;
      }
      size += chunk.length;
      if (size <= HELD_BYTES) held.push(chunk);
      if (size > BOMB_BYTES && size > BOMB_RATIO * packed) {
        bomb = true;
        problem = `it has more than ${BOMB_RATIO} times as many bytes as it is packed in`;
        break;
      }
    }
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
    problem = error.message;
  }
  const source =
    size <= HELD_BYTES
      ? bytesSource(
          name,
          joined(
            held,
            held.reduce((sum, { length }) => sum + length, 0),
          ),
        )
      : forwards(name, size, make, budget);
  return { source, problem, bomb };
}

function forwards(name: string, size: number, make: MakeChunks, budget: Budget): ByteSource {
  let stream = make();
  let buffer: Uint8Array = new Uint8Array(2 * BACK_BYTES);
  let filled = 0;
  let window: Uint8Array = buffer.subarray(0, 0);
  let start = 0;
  let restarts = 0;

  async function next(): Promise<boolean> {
    const { done, value } = await stream.next();
    if (done === true || !budget.take('decodedBytes', value.length)) return false;
    if (filled + value.length > buffer.length) {
      const kept = Math.min(filled, BACK_BYTES);
      if (kept + value.length > buffer.length) buffer = new Uint8Array(2 * (kept + value.length));
      buffer.set(window.slice(filled - kept));
      start += filled - kept;
      filled = kept;
    }
    buffer.set(value, filled);
    filled += value.length;
    window = buffer.subarray(0, filled);
    return true;
  }

  async function read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < start) {
      if (++restarts > MAX_RESTARTS)
        throw new MsbomError('ERR_LIMIT_COUNT', 'the compressed content would have to be read over and over', { file: name, offset: 0 });
      await stream.return(undefined);
      stream = make();
      filled = 0;
      window = buffer.subarray(0, 0);
      start = 0;
    }
    const wanted = Math.max(0, Math.min(length, size - offset));
    const result = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const from = offset + done - start;
      if (from < window.length) {
        const part = window.subarray(from, from + wanted - done);
        result.set(part, done);
        done += part.length;
      } else if (!(await next())) break;
    }
    return result.subarray(0, done);
  }
  return { name, size, read };
}

const CHUNK_BYTES = 64 * 1024;

/** A source in chunks. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += CHUNK_BYTES) yield await source.read(at, Math.min(CHUNK_BYTES, source.size - at));
}
