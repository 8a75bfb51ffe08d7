/** Digests of the parts of a file, in one pass. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { MsbomError } from '../core/error.js';
import { hasherOf, type Wanted } from './algorithms.js';
import { fileState } from './hash.js';
import { ioError } from './io-error.js';

export interface ShardedFile {
  readonly path: string;
  readonly size: number;
  /** In their order; none for a file without content. */
  readonly digests: readonly string[];
  readonly state: string;
}

const CHUNK_BYTES = 1024 * 1024;
/** Parts of one file at most: their digests stay in memory. */
const MAX_SHARDS = 10_000_000;

/** Digests of a file's parts of `shardSize` bytes, the last as long as the rest. @throws ERR_IO_CHANGED, ERR_IO_*, ERR_LIMIT_COUNT */
export async function hashShards(absolutePath: string, path: string, shardSize: number, wanted: Wanted): Promise<ShardedFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(absolutePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: path });
    const size = Number(before.size);
    if (size / shardSize > MAX_SHARDS)
      throw new MsbomError('ERR_LIMIT_COUNT', `the file has more than ${MAX_SHARDS} parts of ${shardSize} bytes`, { file: path });
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(size, 1)));
    const digests: string[] = [];
    for (let start = 0; start < size; start += shardSize)
      digests.push(await digestOf(handle, start, Math.min(start + shardSize, size), buffer, wanted, path));
    const state = fileState(await handle.stat({ bigint: true }));
    if (state !== fileState(before)) throw changed(path);
    return { path, size, digests, state };
  } catch (error) {
    throw ioError(error, path, 'ERR_IO_READ');
  } finally {
    await handle?.close();
  }
}

async function digestOf(handle: FileHandle, start: number, end: number, buffer: Buffer, wanted: Wanted, path: string): Promise<string> {
  const hash = hasherOf(wanted, end - start);
  for (let at = start; at < end; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.byteLength, end - at), at);
    if (bytesRead === 0) throw changed(path);
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.hex();
}

const changed = (path: string): MsbomError =>
  new MsbomError('ERR_IO_CHANGED', 'the file changed while it was being read', {
    file: path,
    hint: 'Wait until it is written, then try again.',
  });
