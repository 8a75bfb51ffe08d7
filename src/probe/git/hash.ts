/** Ids of git's objects: a digest over the type, the size and the bytes. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The name of the algorithm whose ids have so many digits. */
export const algorithmOf = (digits: 40 | 64): 'sha1' | 'sha256' => (digits === 64 ? 'sha256' : 'sha1');

/** Digest of bytes as they are, raw. */
export const digestOf = (digits: 40 | 64, bytes: Uint8Array): Uint8Array => (digits === 64 ? sha256 : sha1)(bytes);

/** The id of an object. */
export function hashed(digits: 40 | 64, type: string, body: Uint8Array): string {
  const hash = (digits === 64 ? sha256 : sha1).create();
  return bytesToHex(
    hash
      .update(utf8ToBytes(`${type} ${body.byteLength}\0`))
      .update(body)
      .digest(),
  );
}
