import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { type FlatTable, flatIdentifier, openFlatbuffer } from '../../src/formats/shared/flatbuffer.js';
import { bytes, flatbuffer, numbers, scalar, table, text, vector } from '../support/flatbuffer.js';

const good = flatbuffer(
  table({
    0: scalar('u32', 3),
    1: text('näme'),
    2: vector(table({ 0: scalar('i64', -5) }), table({ 1: scalar('f32', 0.5) })),
    4: numbers('i32', [1, -2, 3]),
    5: bytes(new Uint8Array(20_000).fill(7)),
    6: table({ 0: scalar('u8', 1), 1: numbers('u64', [2 ** 40]) }),
    7: vector(text('a'), text('b')),
    8: numbers('f64', [0.25]),
  }),
  'TEST',
);
const open = (content: Uint8Array, limits = DEFAULT_LIMITS) => openFlatbuffer(bytesSource('x', content), limits);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('flatbuffer tables', () => {
  it('reads scalars, texts, vectors and nested tables', async () => {
    const root = await open(good);
    expect(flatIdentifier(good)).toBe('TEST');
    expect(root.number(0, 'u32', 0)).toBe(3);
    expect(root.number(3, 'u32', 42)).toBe(42);
    expect([root.has(0), root.has(3), root.has(99)]).toEqual([true, false, false]);
    expect(await root.text(1)).toBe('näme');
    const items = await all(root.tables(2));
    expect(items.map((item) => [item.number(0, 'i64', 0), item.number(1, 'f32', 1)])).toEqual([
      [-5, 1],
      [0, 0.5],
    ]);
    expect(await root.numbers(4, 'i32')).toEqual([1, -2, 3]);
    expect(await root.numbers(9, 'i32')).toEqual([]);
    expect(await root.bytes(5, 20_000)).toEqual(new Uint8Array(20_000).fill(7));
    expect(await (await root.table(6))?.numbers(1, 'u64')).toEqual([2 ** 40]);
    expect(await root.table(10)).toBeUndefined();
    expect(await root.texts(7)).toEqual(['a', 'b']);
    expect(await root.numbers(8, 'f64')).toEqual([0.25]);
    expect(root.struct(0, 4)?.getUint32(0, true)).toBe(3);
  });

  it('reads a part of a file with its own offsets', async () => {
    const shifted = new Uint8Array(good.byteLength + 1003);
    shifted.set(good, 1000);
    const root = await openFlatbuffer(bytesSource('x', shifted), DEFAULT_LIMITS, { start: 1000, end: 1000 + good.byteLength });
    expect(await root.texts(7)).toEqual(['a', 'b']);
  });

  it('locates data without reading it', async () => {
    const big = flatbuffer(table({ 0: bytes(new Uint8Array(4_000_000)), 1: text('end') }), 'TEST');
    const source = bytesSource('x', big);
    let read = 0;
    const counting = {
      ...source,
      read(offset: number, length: number) {
        read += length;
        return source.read(offset, length);
      },
    };
    const root = await openFlatbuffer(counting, DEFAULT_LIMITS);
    expect((await root.vector(0, 1))?.length).toBe(4_000_000);
    expect(await root.text(1)).toBe('end');
    expect(read).toBeLessThan(16_384);
  });

  it('says where an offset leads astray', async () => {
    expect(await codeOf(open(good.slice(0, 3)))).toBe('ERR_FORMAT_TRUNCATED');
    const far = good.slice();
    new DataView(far.buffer).setUint32(0, 0xffff_ffff, true);
    expect(await codeOf(open(far))).toBe('ERR_FORMAT_TRUNCATED');
    expect(await codeOf(openFlatbuffer(bytesSource('x', far), DEFAULT_LIMITS, { start: 0, end: 100 }))).toBe('ERR_FORMAT_MALFORMED');
    const backwards = good.slice();
    const root = new DataView(backwards.buffer).getUint32(0, true);
    new DataView(backwards.buffer).setInt32(root, 0x7fff_ffff, true);
    expect(await codeOf(open(backwards))).toBe('ERR_FORMAT_MALFORMED');
    const noFields = good.slice();
    new DataView(noFields.buffer).setUint16(root - new DataView(good.buffer).getInt32(root, true), 3, true);
    expect(await codeOf(open(noFields))).toBe('ERR_FORMAT_MALFORMED');
  });

  it('keeps to the limits', async () => {
    const root = await open(good);
    expect(await codeOf(root.bytes(5, 19_999))).toBe('ERR_LIMIT_BYTES');
    expect(await codeOf((await open(good, withLimits({ maxItems: 2 }))).numbers(4, 'i32'))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf((await open(good, withLimits({ maxStringBytes: 2 }))).text(1))).toBe('ERR_LIMIT_BYTES');
    expect(await codeOf((await open(good, withLimits({ maxDepth: 1 }))).table(6))).toBe('ERR_LIMIT_DEPTH');
    expect(await codeOf(open(good, withLimits({ maxReadBytes: 10 })))).toBe('ERR_LIMIT_BYTES');
  });

  it('stops at tables that share their children until they have no end', async () => {
    // Each table holds a vector with the next table twice: 2^60 paths in two kilobytes.
    const { content, depth } = sharedChain(60);
    const visit = async (node: FlatTable): Promise<void> => {
      for await (const child of node.tables(0)) await visit(child);
    };
    expect(await codeOf(open(content, withLimits({ maxDepth: depth + 1 })).then(visit))).toBe('ERR_LIMIT_BYTES');
  });
});

function sharedChain(depth: number): { content: Uint8Array; depth: number } {
  const size = 24; // vtable 8, table 8, vector 12 with a shared end
  const content = new Uint8Array(16 + depth * (size + 8) + 16);
  const view = new DataView(content.buffer);
  const tableAt = (i: number): number => 16 + i * (size + 8) + 8;
  view.setUint32(0, tableAt(0), true);
  for (let i = 0; i < depth; i++) {
    const at = tableAt(i);
    view.setUint16(at - 8, 6, true);
    view.setUint16(at - 6, 8, true);
    view.setUint16(at - 4, i === depth - 1 ? 0 : 4, true);
    view.setInt32(at, 8, true);
    view.setUint32(at + 4, 4, true);
    if (i === depth - 1) continue;
    view.setUint32(at + 8, 2, true);
    view.setUint32(at + 12, tableAt(i + 1) - (at + 12), true);
    view.setUint32(at + 16, tableAt(i + 1) - (at + 16), true);
  }
  return { content, depth };
}
