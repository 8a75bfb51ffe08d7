/** Digests that a store or a download record states for files, against the ones that were computed. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Finding } from '../core/finding.js';
import type { SourceEntry, SourceTree } from '../core/source-tree.js';
import type { FileDigest } from './describe.js';
import { readWhole } from './read.js';

/** git's SHA-1 is computed for small files only; large ones are stored by their SHA-256. */
const MAX_GIT_BLOB_BYTES = 16 * 1024 * 1024;

/** A finding for every file whose bytes are not the ones that were published. */
export async function checkPublished(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  digests: readonly FileDigest[],
): Promise<readonly Finding[]> {
  const computed = new Map(digests.map(({ path, digest }) => [path, digest.sha256]));
  const findings: Finding[] = [];
  for (const { path, size, claimed } of entries) {
    if (claimed?.sha256 !== undefined && claimed.sha256 !== computed.get(path)) findings.push(mismatch(path, 'SHA-256', claimed.sha256));
    if (claimed?.gitBlob === undefined) continue;
    if (size > MAX_GIT_BLOB_BYTES) findings.push(notCompared(path, size));
    else if (gitBlob((await readWhole(tree, path)).bytes) !== claimed.gitBlob)
      findings.push(mismatch(path, 'git object id', claimed.gitBlob));
  }
  return findings;
}

/** Id of a git blob: SHA-1 over `blob <size>\0` and the bytes. Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function gitBlob(bytes: Uint8Array): string {
  return bytesToHex(sha1(concatBytes(utf8ToBytes(`blob ${bytes.byteLength}\u0000`), bytes)));
}

function mismatch(file: string, kind: string, stated: string): Finding {
  return {
    id: 'published-digest',
    severity: 'high',
    message: `the bytes are not the published ones: the ${kind} stated where the file came from is ${stated.slice(0, 16)}…`,
    fix: 'Do not use the file; download it again.',
    file,
  };
}

function notCompared(file: string, size: number): Finding {
  return {
    id: 'published-digest',
    severity: 'low',
    message: `the file has ${size} bytes, too many to compute its git object id; it was not compared with the published one`,
    fix: 'Compare it with `git hash-object`.',
    file,
  };
}
