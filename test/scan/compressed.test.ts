/** Decoders, against what Python's bz2, lzma and zstandard and the program lz4 wrote. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { decoderFor } from '../../src/scan/compressed/decoders.js';

interface Fixture {
  readonly sha256: string;
  readonly bytes: number;
  readonly packed: Readonly<Record<string, string>>;
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/scan/packed.json', import.meta.url), 'utf8')) as Fixture;
const decoderOf = (name: string): string => ['bzip2', 'lz4', 'lzma', 'xz', 'zstd'].find((kind) => name.includes(kind)) ?? name;

async function decode(name: string, bytes: Uint8Array): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decoderFor(name)?.(bytesSource('a', bytes), -1)() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(Object.entries(fixture.packed))('%s', (name, packed) => {
  const bytes = Buffer.from(packed, 'base64');
  it('gives the content', async () => {
    const content = await decode(decoderOf(name), bytes);
    expect(content.length).toBe(fixture.bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(fixture.sha256);
  });
  it('tells what breaks off', async () => {
    await expect(decode(decoderOf(name), bytes.subarray(0, bytes.length >> 1))).rejects.toSatisfy((error) => MsbomError.is(error));
  });
  it('fails with a code or gives bytes, whatever is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const broken = Buffer.from(bytes);
        broken[at] = value;
        await decode(decoderOf(name), broken).catch((error: unknown) => {
          if (!MsbomError.is(error)) throw error;
        });
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

describe('zstd', () => {
  /** A frame that names its window, with one block of one byte, repeated. */
  const frame = (windowCode: number, flags = 0): Uint8Array =>
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, flags, windowCode, ...(flags === 1 ? [7] : []), 0x23, 0, 0, 0x61);
  it('repeats a byte', async () => {
    expect((await decode('zstd', frame(8))).toString()).toBe('aaaa');
  });
  it('refuses windows that cost too much memory, and dictionaries that are elsewhere', async () => {
    await expect(decode('zstd', frame((31 - 10) << 3))).rejects.toMatchObject({ code: 'ERR_FORMAT_UNSUPPORTED' });
    await expect(decode('zstd', frame(8, 1))).rejects.toMatchObject({ code: 'ERR_FORMAT_UNSUPPORTED' });
  });
  it('refuses many blocks that hold next to nothing', async () => {
    const block = Uint8Array.of(0x08, 0, 0, 0x61);
    const bytes = Buffer.concat([frame((25 - 10) << 3).subarray(0, 6), ...Array.from({ length: 150 }, () => block), frame(8).subarray(6)]);
    await expect(decode('zstd', bytes)).rejects.toMatchObject({ code: 'ERR_FORMAT_UNSUPPORTED' });
  }, 60_000);
  it('tells bytes behind the last frame', async () => {
    await expect(decode('zstd', Buffer.concat([frame(8), Buffer.from('bytes')]))).rejects.toMatchObject({ code: 'ERR_FORMAT_MALFORMED' });
  });
});
