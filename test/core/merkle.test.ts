import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleTree } from '../../src/core/merkle.js';

/**
 * Leaves and roots of the test data that implementations of RFC 6962 share.
 * Source: https://github.com/google/certificate-transparency/blob/master/cpp/merkletree/merkle_tree_test.cc
 */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The definition of RFC 6962 section 2.1, word for word. */
function byDefinition(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Uint8Array.of(1), byDefinition(leaves.slice(0, split)), byDefinition(leaves.slice(split)));
}

describe('the hash tree of RFC 6962', () => {
  it('has the roots that are known', () => {
    const tree = merkleTree();
    expect(tree.root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    LEAVES.forEach((leaf, i) => {
      tree.push(Uint8Array.from(Buffer.from(leaf, 'hex')));
      expect(tree.size).toBe(i + 1);
      expect(tree.root(), `${i + 1} leaves`).toBe(ROOTS[i]);
    });
  });
  it('is that of the definition for any leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 70 }), (leaves) => {
        const tree = merkleTree();
        for (const leaf of leaves) tree.push(leaf);
        expect(tree.root()).toBe(byDefinition(leaves).toString('hex'));
      }),
      { numRuns: 100 },
    );
  });
  it('takes texts as UTF-8', () => {
    const [text, bytes] = [merkleTree(), merkleTree()];
    text.push('é');
    bytes.push(Uint8Array.of(0xc3, 0xa9));
    expect(text.root()).toBe(bytes.root());
  });
});
