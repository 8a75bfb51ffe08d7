import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A hash tree that grows leaf by leaf and holds one hash for each level. */
export interface MerkleTree {
  /** Number of leaves. */
  readonly size: number;
  push(leaf: Uint8Array | string): void;
  /** Root of the leaves so far, in lower-case hexadecimal; that of no leaves is the SHA-256 of nothing. */
  root(): string;
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash tree of RFC 6962 section 2.1 with SHA-256. Texts are their UTF-8. Source: https://www.rfc-editor.org/rfc/rfc6962 */
export function merkleTree(): MerkleTree {
  /** Roots of whole subtrees, the largest first: one for each bit of the number of leaves. */
  const whole: { readonly leaves: number; readonly hash: Uint8Array }[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(leaf) {
      let node = { leaves: 1, hash: hashOf(LEAF, typeof leaf === 'string' ? utf8ToBytes(leaf) : leaf) };
      for (let last = whole.at(-1); last?.leaves === node.leaves; last = whole.at(-1)) {
        whole.pop();
        node = { leaves: node.leaves * 2, hash: hashOf(NODE, last.hash, node.hash) };
      }
      whole.push(node);
      size++;
    },
    root() {
      if (whole.length === 0) return bytesToHex(sha256(new Uint8Array(0)));
      return bytesToHex(whole.map(({ hash }) => hash).reduceRight((right, left) => hashOf(NODE, left, right)));
    },
  };
}

function hashOf(prefix: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = sha256.create().update(prefix);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
