import { expect, it } from 'vitest';
import { bytesSource, readAhead } from '../../src/core/byte-source.js';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A source that keeps what was asked of it. */
function watched() {
  const asked: [number, number][] = [];
  const source = bytesSource('f', bytes);
  const read = (at: number, length: number) => {
    asked.push([at, length]);
    return source.read(at, length);
  };
  return { asked, source: { ...source, read } };
}

it('reads along what lies behind, and gives the bytes that are there', async () => {
  const { asked, source } = watched();
  const ahead = readAhead(source, 100);
  for (let at = 0; at < 1000; at += 7) expect(await ahead.read(at, 7)).toEqual(bytes.subarray(at, at + 7));
  expect(await ahead.read(995, 50)).toEqual(bytes.subarray(995));
  expect(asked.length).toBeLessThan(20);
  expect(Math.max(...asked.map(([, length]) => length))).toBe(100);
});

it('takes what is asked for where it goes to and fro', async () => {
  const { asked, source } = watched();
  const ahead = readAhead(source, 100);
  for (const at of [900, 10, 500, 3]) expect(await ahead.read(at, 5)).toEqual(bytes.subarray(at, at + 5));
  expect(asked).toEqual([900, 10, 500, 3].map((at) => [at, 5]));
  const views = [await ahead.read(100, 2), await ahead.read(700, 2)];
  expect(views[0]).toEqual(bytes.subarray(100, 102));
});
