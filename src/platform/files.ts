/** Files on disk as byte sources and trees. Links are followed only to regular files inside the root. */
import { close, closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { type ByteSource, bytesSource } from '../core/byte-source.js';
import { MsbomError } from '../core/error.js';
import { compareCodePoints, type SourceEntry, type SourceTree } from '../core/source-tree.js';
import type { FileGuard } from './guard.js';
import { ioError } from './io-error.js';

/** A byte source that holds a file descriptor; close it. */
export interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

/** Files up to this size are read when they are opened, and held: of thousands of small ones the way there and back costs most. */
const HELD_BYTES = 64 * 1024;

/** Opens a file for reading at any offset. `name` is the one used in messages. @throws ERR_IO_* */
export async function openFile(path: string, name: string = basename(path)): Promise<OpenFile> {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: name });
    if (stats.size > HELD_BYTES) {
      const source = fileSource(file, name, stats.size);
      file = undefined;
      return source;
    }
    return { ...bytesSource(name, held(file, stats.size)), close: () => Promise.resolve() };
  } catch (error) {
    throw MsbomError.is(error) ? error : ioError(error, name, 'ERR_IO_READ');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function held(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(file, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

const readAsync = promisify(read);
const closeAsync = promisify(close);

function fileSource(file: number, name: string, size: number): OpenFile {
  let isOpen = true;
  return {
    name,
    size,
    async read(offset, length) {
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.byteLength) {
        const { bytesRead } = await readAsync(file, buffer, filled, buffer.byteLength - filled, offset + filled).catch((error: unknown) => {
          throw ioError(error, name, 'ERR_IO_READ');
        });
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === buffer.byteLength ? buffer : buffer.subarray(0, filled);
    },
    async close() {
      // The number may belong to another file by then.
      if (isOpen) await closeAsync(file);
      isOpen = false;
    },
  };
}

/** A file found in a directory. */
export interface DiskEntry extends SourceEntry {
  readonly absolutePath: string;
  /** It is a symbolic link; size and content are those of the file that it leads to. */
  readonly isLink?: boolean;
  /** It is no file and holds none: a link that leads nowhere, a pipe, a socket or a device. It has a `problem` too. */
  readonly nothing?: true;
}

export interface DiskTree extends SourceTree {
  /** Absolute path of the root. */
  readonly root: string;
  list(): AsyncIterable<DiskEntry>;
  open(path: string): Promise<OpenFile>;
}

export interface TreeOptions {
  /** Paths relative to the directory; default all that lie in it. */
  readonly files?: Iterable<string> | undefined;
  /** Keeps out what is being written. */
  readonly guard?: FileGuard | undefined;
  /** Told of each directory in which nothing lies. */
  readonly onEmpty?: ((path: string) => void) | undefined;
}

/**
 * A directory as a tree. The names of each directory come in code point order. What cannot be read, links that lead out and
 * files that are not regular come as entries with a `problem`.
 *
 * In a Hugging Face cache (`models--org--name/snapshots/<commit>`) the files are links into `blobs` beside the
 * snapshot; there the root that links may not leave is the repository's directory.
 *
 * With `files`, only those paths are looked at, whatever else lies there. What is being written is left out, as `guard` says.
 */
export async function openTree(directory: string, { files, guard, onEmpty }: TreeOptions = {}): Promise<DiskTree> {
  const root = resolve(directory);
  const name = basename(root);
  const real = await realpath(root).catch((error: unknown) => {
    throw ioError(error, name, 'ERR_IO_READ');
  });
  if (!(await stat(real)).isDirectory())
    throw new MsbomError('ERR_IO_READ', 'not a directory', { file: name, hint: 'Give the directory that the model is in.' });
  const boundary = linkBoundary(real);
  return {
    name,
    root,
    async *list() {
      for await (const entry of files === undefined ? walk(root, '', boundary, onEmpty) : listed(root, files, boundary))
        if (guard?.leavesOut(entry.absolutePath, entry.path) !== true) yield entry;
    },
    open: (path) => openFile(join(root, path), path),
  };
}

/** The directory that links may not lead out of. */
function linkBoundary(root: string): string {
  const snapshots = dirname(root);
  const repository = dirname(snapshots);
  return basename(snapshots) === 'snapshots' && /^(models|datasets|spaces)--/.test(basename(repository)) ? repository : root;
}

async function* listed(root: string, files: Iterable<string>, boundary: string): AsyncGenerator<DiskEntry> {
  for (const path of files) {
    const absolutePath = join(root, path);
    const isLink = lstatSync(absolutePath, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    yield await describe(path, absolutePath, isLink, boundary);
  }
}

async function* walk(root: string, prefix: string, boundary: string, onEmpty: TreeOptions['onEmpty']): AsyncGenerator<DiskEntry> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(join(root, prefix), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    yield { path: prefix, size: 0, absolutePath: join(root, prefix), problem: ioError(error, prefix, 'ERR_IO_READ') };
    return;
  }
  if (entries.length === 0) onEmpty?.(prefix);
  const named = entries.map((entry) => ({ entry, name: entry.name.toString('utf8') })).sort((a, b) => compareCodePoints(a.name, b.name));
  for (const { entry, name } of named) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const absolutePath = join(root, path);
    if (!Buffer.from(name, 'utf8').equals(entry.name)) {
      yield {
        path,
        size: 0,
        absolutePath,
        problem: new MsbomError('ERR_IO_READ', 'the file name is not valid UTF-8', { file: path, hint: 'Rename the file.' }),
      };
    } else if (entry.isDirectory()) yield* walk(root, path, boundary, onEmpty);
    else yield await describe(path, absolutePath, entry.isSymbolicLink(), boundary);
  }
}

async function describe(path: string, absolutePath: string, isLink: boolean, boundary: string): Promise<DiskEntry> {
  try {
    const target = isLink ? await checkLink(path, absolutePath, boundary) : undefined;
    // Waiting for each file of a large tree costs far more than the call itself.
    const stats: Stats = isLink ? await stat(absolutePath) : lstatSync(absolutePath);
    if (stats.isDirectory())
      throw new MsbomError('ERR_IO_LINK', 'a link to a directory is not followed', {
        file: path,
        hint: 'Put the directory itself there, or remove the link.',
      });
    if (!stats.isFile())
      throw new MsbomError('ERR_IO_READ', 'not a regular file', { file: path, hint: 'Remove it from the model directory.' });
    const claimed = target === undefined ? undefined : claimOf(target);
    return { path, size: stats.size, absolutePath, ...(isLink ? { isLink } : {}), ...(claimed === undefined ? {} : { claimed }) };
  } catch (error) {
    const problem = ioError(error, path, 'ERR_IO_READ');
    return {
      path,
      size: 0,
      absolutePath,
      ...(isLink ? { isLink } : {}),
      problem,
      ...(holdsNothing(absolutePath, error) ? { nothing: true } : {}),
    };
  }
}

/** Is it no regular file, and would reading it give no bytes of one? */
function holdsNothing(absolutePath: string, error: unknown): boolean {
  const found = lstatSync(absolutePath, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isSymbolicLink()) return error instanceof Error && ['ENOENT', 'ELOOP'].includes(String((error as NodeJS.ErrnoException).code));
  return !found.isFile() && !found.isDirectory();
}

/** In the cache of the Hub a blob is named after its digest: SHA-256 of large files, git's SHA-1 of small ones. */
function claimOf(target: string): SourceEntry['claimed'] {
  const name = basename(target);
  if (basename(dirname(target)) !== 'blobs') return undefined;
  return /^[0-9a-f]{64}$/.test(name) ? { sha256: name } : /^[0-9a-f]{40}$/.test(name) ? { gitBlob: name } : undefined;
}

/** Where the link leads. @throws ERR_IO_LINK when that is outside */
async function checkLink(path: string, absolutePath: string, boundary: string): Promise<string> {
  const target = await realpath(absolutePath);
  if (target.startsWith(boundary + sep)) return target;
  throw new MsbomError('ERR_IO_LINK', 'the link leads out of the directory', {
    file: path,
    hint: 'Put the file itself there, or remove the link.',
  });
}
