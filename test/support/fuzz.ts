import fc from 'fast-check';
import { expect } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { withLimits } from '../../src/core/limits.js';
import type { FormatReader } from '../../src/formats/reader.js';

const limits = withLimits({ maxReadBytes: 1 << 20, maxHeaderBytes: 1 << 20, maxStringBytes: 1 << 16, maxItems: 1 << 16 });

/** Reads bytes with a reader: facts, or one of the errors that hostile bytes may cause. Every read is within the file. */
export async function readHostile(reader: FormatReader, bytes: Uint8Array): Promise<'read' | string> {
  const source = bytesSource('hostile', bytes);
  const watched = {
    ...source,
    read(offset: number, length: number) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset + length).toBeLessThanOrEqual(bytes.byteLength);
      return source.read(offset, length);
    },
  };
  try {
    const header = await reader.read(watched, limits);
    reader.describe(header);
    reader.tensors(header);
    return 'read';
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    expect(error.code).toMatch(/^ERR_(FORMAT|LIMIT)_/);
    expect(error.file).toBe('hostile');
    return error.code;
  }
}

/** Truncation at every byte, flipped bits, and numbers set to hostile values, on a well-formed file. */
export async function fuzzReader(reader: FormatReader, good: Uint8Array, runs = Number(process.env.MSBOM_RUNS ?? 300)): Promise<void> {
  expect(await readHostile(reader, good)).toBe('read');
  for (let length = 0; length < Math.min(good.byteLength, 4096); length++) await readHostile(reader, good.slice(0, length));
  const hostile = fc.constantFrom(0x00, 0x7f, 0x80, 0xff);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: good.byteLength - 1 }), fc.oneof(hostile, fc.nat({ max: 255 })), fc.integer({ min: 1, max: 8 })), {
        minLength: 1,
        maxLength: 6,
      }),
      async (changes) => {
        const bytes = good.slice();
        for (const [at, value, length] of changes) bytes.fill(value, at, at + length);
        await readHostile(reader, bytes);
      },
    ),
    { numRuns: runs },
  );
}
