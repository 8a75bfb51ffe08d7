import { type ByteSource, bytesSource } from './byte-source.js';
import { MsbomError } from './error.js';

/** One regular file of a tree. */
export interface SourceEntry {
  /** Path relative to the root, with `/`, no leading `/`, no `..`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Digests that the store it lies in states for the file, for example by the name of its blob: claims, to be checked. */
  readonly claimed?: { readonly sha256?: string; readonly gitBlob?: string };
  /** Why the file cannot be part of the model: unreadable, a link that leads out, not a regular file. */
  readonly problem?: MsbomError;
}

/** A directory seen as a list of regular files: on disk, in memory or in an archive. */
export interface SourceTree {
  /** Name of the root, for messages and for a last guess at a model's name; never an absolute path. */
  readonly name: string;
  list(): AsyncIterable<SourceEntry>;
  open(path: string): Promise<ByteSource>;
}

/** A tree over files in memory. */
export function memoryTree(name: string, files: Readonly<Record<string, Uint8Array>>): SourceTree {
  const map = new Map(Object.entries(files));
  return {
    name,
    async *list() {
      for (const [path, bytes] of map) yield { path, size: bytes.byteLength };
    },
    async open(path) {
      const bytes = map.get(path);
      if (bytes === undefined) throw new MsbomError('ERR_IO_NOT_FOUND', `there is no file ${path}`, { file: path });
      return bytesSource(path, bytes);
    },
  };
}

/** Code point order of paths, the order of OpenSSF Model Signing (equal to the order of their UTF-8 bytes). */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above every other UTF-16 unit.
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}
