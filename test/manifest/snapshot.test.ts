import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { merkleTree } from '../../src/core/merkle.js';
import { compareCodePoints } from '../../src/core/source-tree.js';
import { type SnapshotItem, snapshotOfItems, snapshotOfLines } from '../../src/manifest/snapshot.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { utf8 } from '../support/builders.js';
import { manifest as base } from './documents.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ITEMS: readonly SnapshotItem[] = [
  { uri: 'https://example.org/a', digest: { sha256: sha256('a') }, size: 1, retrievedAt: '2026-01-02T00:00:00Z' },
  { uri: 'https://example.org/b', digest: { sha256: sha256('b') }, retrievedAt: '2026-01-01T00:00:00.5Z' },
  { uri: 'https://example.org/c', digest: { md5: '0'.repeat(32) } },
];
const lines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

describe('a snapshot', () => {
  it('binds the items of a list, whatever the order of members and the size of the pieces', async () => {
    const tree = merkleTree();
    for (const item of ITEMS) tree.push(canonicalize(item));
    const text = lines(ITEMS.map((item) => Object.fromEntries(Object.entries(item).reverse())));
    for (const size of [1, 7, 100_000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) => utf8(text.slice(i * size, (i + 1) * size)));
      const snapshot = await snapshotOfLines(pieces, { listing: { uri: 'https://example.org/items.jsonl' } });
      expect(snapshot).toEqual({
        count: 3,
        retrieved: { start: '2026-01-01T00:00:00.5Z', end: '2026-01-02T00:00:00Z' },
        merkleRoot: { sha256: tree.root() },
        listing: { uri: 'https://example.org/items.jsonl', digest: { sha256: sha256(text) } },
      });
      const manifest: Manifest = { ...base, datasets: { tickets: { name: 'support tickets', snapshot } } };
      expect(validateManifest(manifest).findings.filter(({ pointer }) => pointer?.includes('snapshot'))).toEqual([]);
    }
  });
  it('is the same from a list and from items in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.webUrl(), { minLength: 1, maxLength: 20 }), async (uris) => {
        const items = uris.map((uri) => ({ uri, digest: { sha256: sha256(uri) } }));
        const sorted = [...items].sort((a, b) => compareCodePoints(a.uri, b.uri));
        expect(snapshotOfItems(items)).toEqual(await snapshotOfLines([utf8(lines(sorted))]));
      }),
      { numRuns: 50 },
    );
  });
  it('takes lines without an end, with CRLF, and empty ones', async () => {
    const text = `${JSON.stringify(ITEMS[0])}\r\n\r\n${JSON.stringify(ITEMS[1])}`;
    expect(await snapshotOfLines([utf8(text)])).toEqual(snapshotOfItems(ITEMS.slice(0, 2)));
  });
  it.each<[string, string, string, number | undefined]>([
    ['out of order', lines([ITEMS[1], ITEMS[0]]), 'ERR_MANIFEST_VALUE', 2],
    ['listed twice', lines([ITEMS[0], ITEMS[0]]), 'ERR_MANIFEST_VALUE', 2],
    ['of something else', '[]\n', 'ERR_MANIFEST_VALUE', 1],
    ['with an unknown member', lines([{ ...ITEMS[0], path: 'x' }]), 'ERR_MANIFEST_VALUE', 1],
    ['without a digest', lines([{ uri: 'https://example.org/a' }]), 'ERR_MANIFEST_VALUE', 1],
    ['with a digest in capitals', lines([{ uri: 'https://example.org/a', digest: { sha256: 'A'.repeat(64) } }]), 'ERR_MANIFEST_VALUE', 1],
    ['with a digest that is cut', lines([{ uri: 'https://example.org/a', digest: { sha256: 'ab' } }]), 'ERR_MANIFEST_VALUE', 1],
    ['with a relative address', lines([{ uri: 'a.jpg', digest: { sha256: sha256('a') } }]), 'ERR_MANIFEST_VALUE', 1],
    ['with a local time', lines([{ ...ITEMS[0], retrievedAt: '2026-01-01T00:00:00+01:00' }]), 'ERR_MANIFEST_VALUE', 1],
    ['with a negative size', lines([{ ...ITEMS[0], size: -1 }]), 'ERR_MANIFEST_VALUE', 1],
    ['that is no JSON', `${lines([ITEMS[0]])}{\n`, 'ERR_JSON_SYNTAX', 2],
    ['with a key twice', '{"uri":"https://example.org/a","uri":"https://example.org/b"}\n', 'ERR_JSON_DUPLICATE_KEY', 1],
    ['too long', `"${'x'.repeat(70_000)}`, 'ERR_LIMIT_BYTES', 1],
    ['that is empty', '\n', 'ERR_MANIFEST_VALUE', undefined],
  ])('is refused for a list %s', async (_, text, code, line) => {
    const error = await snapshotOfLines([utf8(text)], { file: 'items.jsonl' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, ...(line === undefined ? {} : { line, file: 'items.jsonl' }) });
  });
  it('of items refuses what a list refuses', () => {
    expect(() => snapshotOfItems([])).toThrow(/no items/);
    expect(() => snapshotOfItems([...ITEMS, ...ITEMS.slice(0, 1)])).toThrow(/listed twice/);
  });
});
