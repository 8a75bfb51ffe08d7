/** Digests that published statements use and msbom does not compute by itself. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Digests } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import type { SourceTree } from '../../core/source-tree.js';
import { close } from '../close.js';

const ALGORITHMS = { md5, sha1, sha512 } as const;
export type StatedAlgorithm = keyof typeof ALGORITHMS;
const CHUNK_BYTES = 1024 * 1024;

/** Algorithms of a digest set that have to be computed, because SHA-256 is not among them. */
export function neededAlgorithms(digest: Digests): readonly StatedAlgorithm[] {
  if (digest.sha256 !== undefined) return [];
  return (Object.keys(ALGORITHMS) as StatedAlgorithm[]).filter((algorithm) => digest[algorithm] !== undefined);
}

/** The digests of a file, read once. @throws ERR_IO_* */
export async function computeDigests(tree: SourceTree, path: string, algorithms: readonly StatedAlgorithm[]): Promise<Digests> {
  const hashes = algorithms.map((algorithm) => [algorithm, ALGORITHMS[algorithm].create()] as const);
  const source = await tree.open(path);
  try {
    for (let at = 0; at < source.size; at += CHUNK_BYTES) {
      const wanted = Math.min(CHUNK_BYTES, source.size - at);
      const chunk = await source.read(at, wanted);
      if (chunk.byteLength < wanted)
        throw new MsbomError('ERR_IO_CHANGED', 'the file became shorter while it was being read', { file: path });
      for (const [, hash] of hashes) hash.update(chunk);
    }
  } finally {
    await close(source);
  }
  return Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, bytesToHex(hash.digest())]));
}
