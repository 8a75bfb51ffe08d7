/** What the engine makes of what inspectors say. */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { type Inspection, type Inspector, scanSettings, scanSource } from '../../src/scan/index.js';
import { unaccounted, verdictOf } from '../../src/scan/verdict.js';

const bytes = new Uint8Array(10).fill(0xf7);
const saying = (inspection: Partial<Inspection>): Inspector => ({
  format: 'some',
  matches: () => true,
  inspect: () =>
    Promise.resolve({ format: 'some', findings: [], status: 'complete', spans: [{ from: 0, to: 10, as: 'parsed' }], ...inspection }),
});
const scan = (...inspectors: readonly Inspector[]) => scanSource('a', bytesSource('a', bytes), scanSettings(), inspectors);

describe('an inspection', () => {
  it('that tells of all bytes is clean', async () => {
    expect(await scan(saying({}))).toMatchObject({ status: 'complete', verdict: 'clean', formats: ['some'] });
  });
  it('that leaves bytes out is not complete', async () => {
    const spans = [
      { from: 6, to: 10, as: 'data' },
      { from: 0, to: 4, as: 'parsed' },
    ] as const;
    const { status, verdict, notInspected } = await scan(saying({ spans: [...spans] }));
    expect({ status, verdict, notInspected }).toEqual({
      status: 'incomplete',
      verdict: 'unknown',
      notInspected: ['bytes 4 to 6 are not accounted for'],
    });
  });
  it('of another format may tell of what one leaves out', async () => {
    const first = saying({ spans: [{ from: 0, to: 5, as: 'parsed' }] });
    const second = saying({ spans: [{ from: 5, to: 10, as: 'data' }] });
    expect(await scan(first, second)).toMatchObject({ status: 'complete', verdict: 'clean' });
  });
  it('that is not complete says so, even without a reason', async () => {
    expect(await scan(saying({ status: 'incomplete' }))).toMatchObject({
      notInspected: ['some was not read to its end'],
      verdict: 'unknown',
    });
  });
  it('that fails with a code is an error, and takes nothing back', async () => {
    const failing: Inspector = {
      ...saying({}),
      inspect: () => Promise.reject(new MsbomError('ERR_FORMAT_MALFORMED', 'it is broken', { offset: 3 })),
    };
    const evil = saying({ findings: [{ rule: 'pickle-denied-call', severity: 'critical', verdict: 'malicious', message: 'calls' }] });
    expect(await scan(evil, failing)).toMatchObject({ status: 'error', verdict: 'malicious' });
  });
  it('that fails without one is a fault of ours', async () => {
    await expect(scan({ ...saying({}), inspect: () => Promise.reject(new Error('x')) })).rejects.toThrow('x');
  });
});

it('ranges that no span tells of', () => {
  expect(unaccounted([], 3)).toEqual([[0, 3]]);
  expect(
    unaccounted(
      [
        { from: 1, to: 5, as: 'data' },
        { from: 2, to: 3, as: 'data' },
        { from: 7, to: 8, as: 'data' },
      ],
      9,
    ),
  ).toEqual([
    [0, 1],
    [5, 7],
    [8, 9],
  ]);
});

it('nothing found is clean only when it is complete', () => {
  expect(verdictOf([], 'complete')).toBe('clean');
  expect(verdictOf([], 'incomplete')).toBe('unknown');
  expect(verdictOf([], 'error')).toBe('unknown');
});

describe('what is told of a file', () => {
  const TOKEN = 'hf_'.concat('kQ7xV2mN9bR4tY6wZ1cP8sD3fG5hJ0aLe');
  const told = JSON.stringify({
    a: { _target_: `os.system.${TOKEN}` },
    b: { class_name: 'TFSMLayer', config: { filepath: `https://u:Zx9aQw83j@h.example/${TOKEN}` } },
  });
  it('is shown without the credentials that stand in it', async () => {
    const text = new TextEncoder().encode(told);
    const shown = JSON.stringify(await scanSource('a.json', bytesSource('a.json', text)));
    expect(shown).toContain('TFSMLayer');
    expect(shown).not.toMatch(/Zx9aQw83j|kQ7xV2mN9b/);
    const gap = await scan(saying({ status: 'incomplete', notInspected: [`the member ${TOKEN}`] }));
    expect(gap.notInspected).toEqual(['the member [redacted]']);
    const found = { rule: 'scan-limit', severity: 'high', verdict: 'suspicious', message: 'x', member: `a/${TOKEN}` } as const;
    expect(JSON.stringify(await scan(saying({ findings: [found] })))).not.toContain(TOKEN);
  });
});
