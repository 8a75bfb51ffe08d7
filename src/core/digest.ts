import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { canonicalize } from './canonical-json.js';
import { compareCodePoints } from './source-tree.js';

/**
 * Algorithms of a DigestSet and the length of their values in hexadecimal digits. Names are those of in-toto
 * (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md).
 */
export const DIGEST_HEX_LENGTHS = {
  sha256: 64,
  sha512: 128,
  sha384: 96,
  sha224: 56,
  sha512_256: 64,
  sha3_256: 64,
  sha3_384: 96,
  sha3_512: 128,
  blake2b: 128,
  blake2b_384: 96,
  blake2b_256: 64,
  blake3: 64,
  sha1: 40,
  md5: 32,
  gitCommit: 40,
  gitBlob: 40,
  gitTree: 40,
} as const;

export type DigestAlgorithm = keyof typeof DIGEST_HEX_LENGTHS;

/** Digest by algorithm, values in lower-case hexadecimal. */
export type Digests = { readonly [A in DigestAlgorithm]?: string };

const encoder = new TextEncoder();

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. For small things; files are hashed by `msbom/node`. */
export function sha256Text(text: string): string {
  return bytesToHex(sha256(encoder.encode(text)));
}

/** SHA-256 of the canonical form (RFC 8785) of a JSON value. */
export function canonicalDigest(value: unknown): string {
  return sha256Text(canonicalize(value));
}

/** A file as the root digest sees it. */
export interface DigestedFile {
  readonly path: string;
  readonly digest: { readonly sha256?: string | undefined };
}

/**
 * The root digest of OpenSSF Model Signing v1.0: SHA-256 over the raw SHA-256 digests of the files in code point order
 * of their paths. Undefined for no files, or when one of them has no valid SHA-256.
 * Source: https://github.com/ossf/model-signing-spec
 */
export function rootDigest(files: readonly DigestedFile[]): string | undefined {
  if (files.length === 0) return undefined;
  const hash = sha256.create();
  for (const file of [...files].sort((a, b) => compareCodePoints(a.path, b.path))) {
    const digest = file.digest.sha256;
    if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest)) return undefined;
    hash.update(hexToBytes(digest));
  }
  return bytesToHex(hash.digest());
}

/**
 * `dirHash` of in-toto: SHA-256 of the lines that `sha256sum` prints for the files in the order of their paths by code point.
 * Undefined for no files, when one of them has no valid SHA-256, or when a path holds a line break.
 * Source: https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md
 */
export function dirHash(files: readonly DigestedFile[]): string | undefined {
  const isFit = files.every(({ path, digest }) => /^[0-9a-f]{64}$/.test(digest.sha256 ?? '') && !path.includes('\n'));
  if (files.length === 0 || !isFit) return undefined;
  const sorted = [...files].sort((a, b) => compareCodePoints(a.path, b.path));
  return sha256Text(sorted.map(({ path, digest }) => `${digest.sha256}  ${path}\n`).join(''));
}

/**
 * How two digest sets compare: `same` when they share an algorithm and agree on all they share, `different` when they
 * disagree on one, `unknown` when they share none. "Unknown" is never "same".
 */
export function compareDigests(a: Digests | undefined, b: Digests | undefined): 'same' | 'different' | 'unknown' {
  let shared = false;
  for (const algorithm of Object.keys(DIGEST_HEX_LENGTHS) as DigestAlgorithm[]) {
    const x = a?.[algorithm];
    const y = b?.[algorithm];
    if (x === undefined || y === undefined) continue;
    if (x !== y) return 'different';
    shared = true;
  }
  return shared ? 'same' : 'unknown';
}
