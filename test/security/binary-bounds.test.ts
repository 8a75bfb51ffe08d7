/** What small files may make a reader hold, in counts: the same on every machine. */
import { describe, expect, it } from 'vitest';
import { WORST } from '../../scripts/fuzz/worst.mjs';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { keeper, keptLimit } from '../../src/core/kept.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { readFacts } from '../../src/formats/index.js';

const maker = (id: string) => {
  const found = WORST.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no maker ${id}`);
  return found;
};
/** What reading ends in: facts, or the error as it is told. */
async function outcome(id: string, n: number): Promise<{ readonly code?: string; readonly message?: string; readonly gaps?: string }> {
  const { name, make } = maker(id);
  try {
    const read = await readFacts(bytesSource(name, make(n)), DEFAULT_LIMITS);
    return { gaps: read?.facts.notInspected?.join() ?? '' };
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Bytes until there are too many, of makers that take several for each object. */
const PER_BYTE = new Map([
  ['dicts-of-one', 420_000],
  ['dicts-of-text', 420_000],
  ['lists-of-one', 600_000],
  ['imports', 600_000],
  ['bytes-of-one', 400_000],
]);

describe('things that are kept of a file', () => {
  it('may be so many for its size, and never more than the limits', () => {
    expect(keptLimit(DEFAULT_LIMITS, 0)).toBe(200_000);
    expect(keptLimit(DEFAULT_LIMITS, 1_600_000)).toBe(300_000);
    expect(keptLimit(DEFAULT_LIMITS, 2 ** 40)).toBe(3_000_000);
    expect(keptLimit({ maxItems: 7 }, 1_600_000)).toBe(7);
  });
  it('are counted by their weight', () => {
    const keep = keeper({ name: 'm.bin', size: 16 }, { maxItems: 10 });
    keep(1, 8);
    keep(2);
    keep(3);
    expect(() => keep(4)).toThrow(expect.objectContaining({ code: 'ERR_LIMIT_COUNT', file: 'm.bin', offset: 4 }));
  });
  // Two or three bytes for each, so that there are more than the file may ask for.
  it.each([
    ['savedmodel-graphs', 70_000],
    ['savedmodel-tags', 500_000],
    ['savedmodel-signatures', 600_000],
    ['onnx-tensors', 500_000],
    ['onnx-inputs', 500_000],
    ['onnx-domains', 500_000],
    ['tflite-buffers', 1_200_000],
    ['executorch-segments', 1_200_000],
  ])('are too many in %s', async (id, n) => {
    expect(await outcome(id, n)).toMatchObject({ code: 'ERR_LIMIT_COUNT', message: expect.stringContaining('too many for') });
  });
  it.each([
    'tuples',
    'dicts',
    'dicts-of-one',
    'dicts-of-text',
    'lists',
    'lists-of-one',
    'sets',
    'imports',
    'persistent',
    'buffers',
    'bytes-of-one',
  ])('are too many objects in a pickle of %s, which is described in part', async (id) => {
    const n = PER_BYTE.get(id) ?? 300_000;
    expect((await outcome(`pickle-${id}`, n)).gaps).toMatch(/more than \d+ objects/);
  });
  it('are not objects in a pickle when they are one and the same', async () => {
    for (const id of ['empty-tuples', 'marked-tuples', 'texts']) expect(await outcome(`pickle-${id}`, 600_000), id).toEqual({ gaps: '' });
  });
});

it.each(WORST.map(({ id }) => id))('%s of 20 kB is read or refused with a code', async (id) => {
  const { code } = await outcome(id, 20_000);
  expect(code ?? 'read').toMatch(/^read$|^ERR_(FORMAT|LIMIT)_/);
});
