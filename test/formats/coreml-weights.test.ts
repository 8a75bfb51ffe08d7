import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { coremlWeights } from '../../src/formats/coreml-weights/index.js';
import { fuzzReader } from '../support/fuzz.js';

/** Blobs of a type and a size, each behind its record. */
function weightsFile(blobs: readonly (readonly [type: number, bytes: number])[], count = blobs.length): Uint8Array {
  const parts: Uint8Array[] = [];
  const head = new DataView(new ArrayBuffer(64));
  head.setUint32(0, count, true);
  head.setUint32(4, 2, true);
  parts.push(new Uint8Array(head.buffer));
  let at = 64;
  for (const [type, bytes] of blobs) {
    const size = 64 + Math.ceil(bytes / 64) * 64;
    const record = new DataView(new ArrayBuffer(size));
    record.setUint32(0, 0xdeadbeef, true);
    record.setUint32(4, type, true);
    record.setBigUint64(8, BigInt(bytes), true);
    record.setBigUint64(16, BigInt(at + 64), true);
    parts.push(new Uint8Array(record.buffer));
    at += size;
  }
  const file = new Uint8Array(at);
  let offset = 0;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.byteLength;
  }
  return file;
}

const good = weightsFile([
  [1, 100],
  [1, 64],
  [8, 7],
  [99, 1],
]);
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => coremlWeights.read(bytesSource('weight.bin', bytes), limits);
const codeOf = (bytes: Uint8Array, limits = DEFAULT_LIMITS) =>
  read(bytes, limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );

describe('weights of an ML program', () => {
  it('gives the blobs by type', async () => {
    expect(coremlWeights.describe(await read(good))).toMatchObject({
      formatVersion: '2',
      role: 'weights',
      metadata: { blobs: 'Float16 2, Int4 1, coreml:99 1', bytes: '172' },
      notInspected: ['names and shapes, which only the model specification has'],
    });
    expect(coremlWeights.tensors(await read(good))).toEqual([]);
  });

  it('are recognised by header and first record together', () => {
    expect(coremlWeights.sniff(good, 'x')).toBe(true);
    const noRecord = good.slice();
    noRecord[64] = 0;
    expect(coremlWeights.sniff(noRecord, 'weight.bin')).toBe(false);
  });

  it('are checked', async () => {
    expect(await codeOf(good.slice(0, -64))).toBe('ERR_FORMAT_TRUNCATED');
    expect(await codeOf(weightsFile([[1, 4]], 9))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(weightsFile([[1, 128]], 2))).toBe('ERR_FORMAT_TRUNCATED');
    const loop = good.slice();
    new DataView(loop.buffer).setBigUint64(64 + 16, 0n, true);
    expect(await codeOf(loop)).toBe('ERR_FORMAT_MALFORMED');
    expect(await codeOf(good, withLimits({ maxReadBytes: 100 }))).toBe('ERR_LIMIT_BYTES');
  });

  it('throw nothing but errors of their own', async () => {
    await fuzzReader(coremlWeights, good);
  }, 60_000);
});
