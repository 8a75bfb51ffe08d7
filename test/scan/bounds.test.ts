/** What asks for more than any model: stopped, told, and what was found is kept. */
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/core/byte-source.js';
import { openBudget, scanSettings, scanSource } from '../../src/scan/index.js';
import { concat } from '../support/builders.js';
import { little, op } from '../support/pickle.js';
import { PAYLOAD, torchMembers } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { zipFile } from '../support/zip.js';

const settings = (
  limits: Parameters<typeof scanSettings>[0] extends infer T ? NonNullable<T extends { limits?: infer L } ? L : never> : never,
) => scanSettings({ limits });

describe('a pickle of', () => {
  it('tuples doubled over and over costs as many steps as it has opcodes', async () => {
    const doubled = concat(...Array.from({ length: 100_000 }, () => concat(op.dup, op.tuple2)));
    expect(await scanBytes(concat(op.proto(2), op.none, doubled, op.stop))).toMatchObject({ verdict: 'clean', status: 'complete' });
  });
  it('an integer of many digits is clean', async () => {
    expect(await scanBytes(concat(op.proto(2), op.line('L', `${'7'.repeat(4300)}L`), op.stop))).toMatchObject({ verdict: 'clean' });
  });
  it('marks without end is read to its fault', async () => {
    const { status, verdict } = await scanBytes(concat(op.proto(2), new Uint8Array(300_000).fill(0x28), op.stop));
    expect({ status, verdict }).toEqual({ status: 'incomplete', verdict: 'unknown' });
  });
  it('more opcodes than the limit keeps what was found', async () => {
    const bytes = concat(
      PAYLOAD.subarray(0, -1),
      op.pop,
      ...Array.from({ length: 200_000 }, () => concat(op.none, op.pop)),
      op.none,
      op.stop,
    );
    const { status, verdict, findings } = await scanBytes(bytes, 'a', settings({ opcodes: 100_000 }));
    expect({ status, verdict }).toEqual({ status: 'incomplete', verdict: 'malicious' });
    expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['pickle-denied-call', 'scan-limit']));
  });
});

it('many pickles behind one another are counted, and the rest is searched', async () => {
  const one = concat(op.none, op.stop);
  const bytes = concat(op.proto(2), ...Array.from({ length: 50_000 }, () => one), PAYLOAD);
  const { status, verdict } = await scanBytes(bytes);
  expect({ status, verdict }).toEqual({ status: 'incomplete', verdict: 'malicious' });
});

it('members beyond the limit are told', async () => {
  const bytes = zipFile(Array.from({ length: 50 }, (_, i) => ({ name: `m${i}`, bytes: new Uint8Array(1) })));
  const { status, findings } = await scanBytes(bytes, 'a', settings({ members: 20 }));
  expect(status).toBe('incomplete');
  expect(findings.map(({ rule }) => rule)).toContain('scan-limit');
});

it('a budget gives so much and no more, and remembers what ran out', () => {
  let now = 0;
  const budget = openBudget(settings({ members: 2, milliseconds: 10 }), () => now);
  expect([budget.take('members', 2), budget.take('members', 1), budget.inTime()]).toEqual([true, false, true]);
  now = 11;
  expect(budget.inTime()).toBe(false);
  expect([...budget.spent]).toEqual(['members', 'milliseconds']);
});

describe('bytes that are data', () => {
  /** A source that counts what is read of it; its middle is zeros. */
  function counted(head: Uint8Array, zeros: number, tail: Uint8Array): ByteSource & { readonly total: () => number } {
    const size = head.length + zeros + tail.length;
    let total = 0;
    return {
      name: 'a',
      size,
      total: () => total,
      read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        total += wanted;
        const bytes = new Uint8Array(wanted);
        for (let i = 0; i < wanted; i++) {
          const at = offset + i;
          bytes[i] = at < head.length ? (head[at] ?? 0) : at >= head.length + zeros ? (tail[at - head.length - zeros] ?? 0) : 0;
        }
        return Promise.resolve(bytes);
      },
    };
  }
  const MiB = 1024 * 1024;

  it('in a constant of 300 MB are passed over', async () => {
    const source = counted(concat(op.proto(4), Uint8Array.of(0x8e), little(300 * MiB, 8)), 300 * MiB, PAYLOAD.subarray(2));
    const { verdict } = await scanSource('a', source);
    expect(verdict).toBe('malicious');
    expect(source.total()).toBeLessThan(MiB);
  });
  it('in a tensor of 1 GB of a file of torch are not read', async () => {
    const zeros = 1024 * MiB;
    const small = zipFile(torchMembers(PAYLOAD));
    const at = Buffer.from(small).indexOf(Buffer.from('archive/data/0')) + 'archive/data/0'.length;
    const [head, tail] = [small.slice(0, at), small.slice(at + 4096)];
    const set = (bytes: Uint8Array, offset: number, value: number): void => new DataView(bytes.buffer).setUint32(offset, value, true);
    const name = 'archive/data/0'.length;
    set(head, at - name - 30 + 18, zeros);
    set(head, at - name - 30 + 22, zeros);
    const directory = Buffer.from(tail);
    const entry = directory.indexOf(Buffer.from('archive/data/0')) - 46;
    set(tail, entry + 20, zeros);
    set(tail, entry + 24, zeros);
    const version = directory.indexOf(Buffer.from('archive/version'), entry + 60) - 46;
    set(tail, version + 42, directory.indexOf(Buffer.from('archive/version')) - 30 + at + zeros);
    const end = directory.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    set(tail, end + 16, directory.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + at + zeros);
    const source = counted(head, zeros, tail);
    const { verdict, status, formats } = await scanSource('a', source);
    expect({ verdict, status, formats }).toEqual({ verdict: 'malicious', status: 'complete', formats: ['pytorch-zip'] });
    expect(source.total()).toBeLessThan(2 * MiB);
  });
});
