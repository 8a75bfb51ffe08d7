/** The scanner's machine against the one of the readers, which is held against pickletools: the same opcodes at the same places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { OPCODES } from '../../src/formats/shared/pickle/opcodes.js';
import { openBudget, scanSettings } from '../../src/scan/index.js';
import { STEPS } from '../../src/scan/pickle/steps.js';
import { readStreams } from '../../src/scan/pickle/streams.js';
import { opcodesOf } from '../support/pickle-opcodes.js';
import { benignPickles } from '../support/scan/benign.js';
import { hostilePickles } from '../support/scan/pickles.js';

const settings = scanSettings();

async function traced(bytes: Uint8Array): Promise<string[]> {
  const opcodes: string[] = [];
  const trace = (code: number, at: number): void => void opcodes.push(`${OPCODES[code]?.name} ${at}`);
  await readStreams(bytesSource('a', bytes), { settings, budget: openBudget(settings), trace });
  return opcodes;
}

/** What both have run before either of them refused. */
async function compare(bytes: Uint8Array): Promise<void> {
  const { opcodes: theirs, error } = await opcodesOf(bytes, 1);
  const own = await traced(bytes);
  // The one that is refused is told by the other machine before it is run.
  const ran = error === undefined ? theirs : theirs.slice(0, -1);
  const common = Math.min(ran.length, own.length);
  expect(own.slice(0, common)).toEqual(ran.slice(0, common));
  if (error === undefined) expect(own.length).toBeGreaterThanOrEqual(ran.length);
}

describe('opcodes', () => {
  it('are all 68', () => {
    const known = [...OPCODES.keys()].filter((code) => OPCODES[code] !== undefined);
    expect([...STEPS.keys()].filter((code) => STEPS[code] !== undefined)).toEqual(known);
    expect(known.length).toBe(68);
  });
  // Raw bytes of joblib lie between opcodes: the readers pass over them in another place.
  const pickles = [...benignPickles(), ...hostilePickles()].filter(({ name }) => !name.startsWith('joblib'));
  it('of every case are the same', async () => {
    for (const { bytes } of pickles.filter((_, i) => i % 7 === 0)) await compare(bytes);
  });
  it('of bytes that are changed are the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pickles), fc.nat(300), fc.nat(255), async ({ bytes }, place, byte) => {
        const copy = bytes.slice();
        copy[place % copy.length] = byte;
        await compare(copy);
      }),
      { numRuns: 600, seed: 5 },
    );
  });
});
