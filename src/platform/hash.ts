/** Digests of files: each read once, in a stream, on as many cores as pay. */
import { type BigIntStats, closeSync, constants, existsSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as rest } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { MsbomError } from '../core/error.js';
import { type Hasher, hasherOf, type Wanted } from './algorithms.js';
import { openFileLimit, threadsWithin } from './descriptors.js';
import { ioError } from './io-error.js';

/** Algorithms that files are hashed with. */
export type FileAlgorithm = 'sha256' | 'sha512';
export type FileDigest = { readonly sha256: string; readonly sha512?: string };

const DIGITS: Readonly<Record<FileAlgorithm, number>> = { sha256: 64, sha512: 128 };
/** What is computed of a file: what every file gets, and what it wants besides. */
const wantedOf = ({ also = [] }: HashJob, algorithms: readonly FileAlgorithm[]): readonly Wanted[] => [
  ...algorithms.map((algorithm) => ({ algorithm, digits: DIGITS[algorithm] })),
  ...also.filter(({ algorithm }) => !algorithms.some((each) => each === algorithm)),
];

export interface HashJob {
  readonly absolutePath: string;
  /** Name in messages. */
  readonly path: string;
  /** Bytes, as the directory said; used to share out the work. */
  readonly size: number;
  /** Digests of this file besides those of all, computed in the same pass. */
  readonly also?: readonly Wanted[];
  /** Say the state of the file that was read. */
  readonly withState?: boolean;
}

export interface HashedFile {
  readonly path: string;
  readonly size: number;
  readonly digest: FileDigest;
  /** Of the file that was read, as `fileState` gives it. */
  readonly state?: string;
}

/** What tells a file from another and from itself when it has changed: device, inode, size, times of content and of the entry. */
export const fileState = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string => `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;

/** Of every file either its digest or what stopped it. */
export interface HashOutcome {
  readonly files: readonly HashedFile[];
  readonly problems: readonly MsbomError[];
}

export interface HashOptions {
  /** Default SHA-256 alone. */
  readonly algorithms?: readonly FileAlgorithm[];
  /** Threads at most; default the number of cores. */
  readonly jobs?: number;
  /** Called with bytes that are done, and the file that they are of; of big files again and again. */
  readonly onProgress?: (bytes: number, path: string) => void;
  /** Called with the first bytes of each small file; they are valid during the call only. */
  readonly onHead?: (path: string, head: Uint8Array) => void;
}

/** Bytes of a head at most. */
const HEAD_BYTES = 4096;
/** A file up to this size is read whole in one go, which is several times faster than a stream. */
const SMALL_FILE_BYTES = 1024 * 1024;
/** Small files between two rests, in which other work of the process goes on. */
const REST_EVERY = 256;

/**
 * Bytes of one read. Where the processor hashes by itself, handing buffers through the pool of threads costs as much as the hash: plain
 * reads run at its speed (`npm run bench -- hashing`).
 */
const CHUNK_BYTES = 512 * 1024;
/** Chunks between two rests, and two words on how far a file is. */
const CHUNKS_TO_REST = 64;
/** Below this a thread costs more than it saves. */
const BIG_FILE_BYTES = 32 * 1024 * 1024;

/** Digests of one file. @throws ERR_IO_CHANGED when it changes meanwhile, ERR_IO_* */
export function hashFile(absolutePath: string, path: string, algorithms: readonly FileAlgorithm[] = ['sha256']): Promise<HashedFile> {
  return hashJob({ absolutePath, path, size: 0 }, algorithms);
}

/** The same with all that is wanted of the file; says from time to time how many bytes more are done. @throws ERR_IO_CHANGED, ERR_IO_* */
export async function hashJob(
  job: HashJob,
  algorithms: readonly FileAlgorithm[],
  onBytes: (bytes: number) => void = () => {},
): Promise<HashedFile> {
  const { absolutePath, path } = job;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(absolutePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: path });
    const wanted = wantedOf(job, algorithms);
    const hashes = wanted.map((each) => hasherOf(each, Number(before.size)));
    const size = await feed(descriptor, hashes, Number(before.size), onBytes);
    const after = fstatSync(descriptor, { bigint: true });
    if (
      BigInt(size) !== before.size ||
      after.size !== before.size ||
      after.mtimeNs !== before.mtimeNs ||
      after.ctimeNs !== before.ctimeNs
    ) {
      throw changed(path);
    }
    return { path, size, digest: digestOf(wanted, hashes), ...(job.withState === true ? { state: fileState(after) } : {}) };
  } catch (error) {
    throw ioError(error, path, 'ERR_IO_READ');
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** SHA-256 is among them unless the caller asked for others alone. */
const digestOf = (wanted: readonly Wanted[], hashes: readonly Hasher[]): FileDigest =>
  Object.fromEntries(hashes.map((hash, i) => [wanted[i]?.algorithm, hash.hex()])) as unknown as FileDigest;

/** Digests of one small file, without waiting. `buffer` has a byte more than any of them. */
function hashSmall(job: HashJob, buffer: Buffer, algorithms: readonly FileAlgorithm[], onHead: HashOptions['onHead']): HashedFile {
  const { absolutePath, path } = job;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(absolutePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // From before the first byte: whatever changes later, the state is another.
    const state = job.withState === true ? { state: fileState(fstatSync(descriptor, { bigint: true })) } : {};
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: path });
    let size = 0;
    // A read goes beyond the size that the system states, so that more than that is noticed; the state is compared afterwards.
    for (let read = -1; read !== 0 && (size < before.size || size === 0); size += read)
      read = readSync(descriptor, buffer, size, buffer.byteLength - size, null);
    const after = fstatSync(descriptor);
    if (size !== before.size || !sameState(before, after)) throw changed(path);
    const bytes = buffer.subarray(0, size);
    onHead?.(path, bytes.subarray(0, HEAD_BYTES));
    const wanted = wantedOf(job, algorithms);
    const hashes = wanted.map((each) => hasherOf(each, size));
    for (const hash of hashes) hash.update(bytes);
    return { path, size, digest: digestOf(wanted, hashes), ...state };
  } catch (error) {
    throw ioError(error, path, 'ERR_IO_READ');
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const sameState = (a: Stats, b: Stats): boolean => a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

const changed = (path: string): MsbomError =>
  new MsbomError('ERR_IO_CHANGED', 'the file changed while it was being read', {
    file: path,
    hint: 'Wait until it is written, then try again.',
  });

/** Reads to the end; the other work of the thread goes on in between. */
async function feed(descriptor: number, hashes: readonly Hasher[], expected: number, onBytes: (bytes: number) => void): Promise<number> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(expected, 1) + 1));
  let total = 0;
  let told = 0;
  for (let chunk = 1; ; chunk++) {
    const read = readSync(descriptor, buffer, 0, buffer.byteLength, null);
    if (read === 0) return total;
    total += read;
    const bytes = read === buffer.byteLength ? buffer : buffer.subarray(0, read);
    for (const hash of hashes) hash.update(bytes);
    if (chunk % CHUNKS_TO_REST > 0) continue;
    onBytes(total - told);
    told = total;
    await rest();
  }
}

/** Digests of many files: big ones on worker threads, small ones here. Failures do not stop the others. */
export async function hashFiles(jobs: readonly HashJob[], options: HashOptions = {}): Promise<HashOutcome> {
  const { algorithms = ['sha256'], onProgress, onHead } = options;
  const files: HashedFile[] = [];
  const problems: MsbomError[] = [];
  const run: Run = async (job, hash) => {
    let told = 0;
    try {
      files.push(
        await hash(job, (bytes) => {
          told += bytes;
          onProgress?.(bytes, job.path);
        }),
      );
    } catch (error) {
      problems.push(ioError(error, job.path, 'ERR_IO_READ'));
    }
    if (told < job.size) onProgress?.(job.size - told, job.path);
  };
  const here: Hash = (job, onBytes) => hashJob(job, algorithms, onBytes);
  const queue = jobs.filter(({ size }) => size > SMALL_FILE_BYTES).sort((a, b) => b.size - a.size);
  const wanted = Math.min(options.jobs ?? availableParallelism(), queue.filter(({ size }) => size >= BIG_FILE_BYTES).length);
  const threads = wanted > 1 ? Math.min(wanted, threadsWithin(openFileLimit())) : wanted;
  const worker = threads > 1 ? workerPath() : undefined;
  // This thread is one of them: it starts at once, while the others come up.
  const others = worker === undefined ? [] : Array.from({ length: threads - 1 }, () => drain(queue, worker, algorithms, run));
  const buffer = Buffer.allocUnsafeSlow(SMALL_FILE_BYTES + 1);
  let done = 0;
  for (const job of jobs) {
    if (job.size > SMALL_FILE_BYTES) continue;
    try {
      files.push(hashSmall(job, buffer, algorithms, onHead));
    } catch (error) {
      problems.push(ioError(error, job.path, 'ERR_IO_READ'));
    }
    onProgress?.(job.size, job.path);
    if (++done % REST_EVERY === 0) await rest();
  }
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) await run(job, here);
  await Promise.all(others);
  return { files, problems };
}

/** The compiled worker stands beside the compiled bundle; in the source tree there is none, and files are hashed here. */
function workerPath(): string | undefined {
  const path = fileURLToPath(new URL('./hash-worker.js', import.meta.url));
  return existsSync(path) ? path : undefined;
}

type Hash = (job: HashJob, onBytes: (bytes: number) => void) => Promise<HashedFile>;
type Run = (job: HashJob, hash: Hash) => Promise<void>;

async function drain(queue: HashJob[], path: string, algorithms: readonly FileAlgorithm[], run: Run): Promise<void> {
  const worker = new Worker(path);
  try {
    // The biggest come first, so that what is left for the end is small; small ones are not worth a message.
    for (let job = queue[0]; job !== undefined && job.size >= BIG_FILE_BYTES; job = queue[0]) {
      queue.shift();
      await run(job, (each, onBytes) => ask(worker, each, algorithms, onBytes));
    }
  } finally {
    await worker.terminate();
  }
}

/** What a worker answers: how many bytes more are done, and in the end the digests, or code and words of the error. */
export type WorkerAnswer =
  | { readonly bytes: number }
  | { readonly file: HashedFile }
  | { readonly code: MsbomError['code']; readonly message: string; readonly hint?: string | undefined };
export interface WorkerQuestion {
  readonly job: HashJob;
  readonly algorithms: readonly FileAlgorithm[];
}

function ask(worker: Worker, job: HashJob, algorithms: readonly FileAlgorithm[], onBytes: (bytes: number) => void): Promise<HashedFile> {
  return new Promise((done, fail) => {
    const finish = (): void => {
      worker.off('message', onMessage).off('error', onError);
    };
    const onError = (error: unknown): void => {
      finish();
      fail(error);
    };
    const onMessage = (answer: WorkerAnswer): void => {
      if ('bytes' in answer) {
        onBytes(answer.bytes);
        return;
      }
      finish();
      if ('file' in answer) done(answer.file);
      else fail(new MsbomError(answer.code, answer.message, { file: job.path, hint: answer.hint }));
    };
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage({ job, algorithms } satisfies WorkerQuestion);
  });
}
