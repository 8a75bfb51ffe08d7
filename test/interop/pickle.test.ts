/** Our decoding of opcodes against that of Python's pickletools, which decodes and never loads. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opcodesOf } from '../support/pickle-opcodes.js';
import { PYTHON } from './python.js';

const script = fileURLToPath(new URL('../../scripts/interop/pickle_opcodes.py', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/formats/pickle', import.meta.url));
const samples = readdirSync(fixtures)
  .filter((name) => name.endsWith('.pkl'))
  .map((name) => new Uint8Array(readFileSync(join(fixtures, name))));

type Decoded = readonly [opcodes: readonly string[], error: string | null];

function pickletools(streams: readonly Uint8Array[]): readonly Decoded[] {
  const input = streams.map((stream) => `${Buffer.from(stream).toString('hex')}\n`).join('');
  const output = execFileSync(PYTHON, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Decoded);
}

/** Well-formed pickles with some bytes changed, cut out or put in. */
const mutated = fc
  .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.noBias(fc.nat(999)), fc.nat(255), fc.constantFrom(0, 1, 2)), { maxLength: 4 }))
  .map(([sample, changes]) => {
    const bytes = [...sample.subarray(0, 3000)];
    for (const [place, byte, kind] of changes)
      bytes.splice(Math.floor((place * bytes.length) / 1000), kind === 1 ? 0 : 1, ...(kind === 2 ? [] : [byte]));
    return Uint8Array.from(bytes);
  });

describe('pickletools', () => {
  it('sees the same opcodes in pickles that Python wrote', async () => {
    for (const [i, [theirs, error]] of pickletools(samples).entries()) {
      expect(error).toBeNull();
      expect((await opcodesOf(samples[i] ?? new Uint8Array(), 1)).opcodes).toEqual(theirs);
    }
  });
  it('sees the same opcodes in broken ones, up to where one of us stops', async () => {
    const streams = fc.sample(mutated, { numRuns: Number(process.env.MSBOM_RUNS ?? 2000), seed: 7 });
    let same = 0;
    for (const [i, [theirs]] of pickletools(streams).entries()) {
      const { opcodes } = await opcodesOf(streams[i] ?? new Uint8Array(), 1);
      const both = Math.min(opcodes.length, theirs.length);
      expect(opcodes.slice(0, both)).toEqual(theirs.slice(0, both));
      if (both > 3) same++;
    }
    expect(same).toBeGreaterThan(streams.length / 2);
  });
});
