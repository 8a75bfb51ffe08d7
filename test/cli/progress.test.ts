import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/cli/progress.js';

describe('the line of progress', () => {
  it('shows share, amount, rate, time left and the file', () => {
    const line = progressLine({ done: 1e9, total: 4e9, elapsed: 2, path: 'model.safetensors' });
    expect(line).toBe('█████░░░░░░░░░░░░░░░ 25 %  1.0 of 4.0 GB  500 MB/s, 6 s left  model.safetensors');
  });
  it.each([
    [60, '1 min left'],
    [61, '2 min left'],
    [3600, '1 h 0 min left'],
    [5400, '1 h 30 min left'],
  ])('says that %d seconds are %s', (seconds, words) => {
    expect(progressLine({ done: 1, total: 1 + seconds, elapsed: 1 })).toContain(words);
  });
  it('is not over before all is done', () => expect(progressLine({ done: 999, total: 1000, elapsed: 1 })).toContain(' 99 %'));
  it('names a long path by its end, and nothing that a terminal obeys', () => {
    const line = progressLine({ done: 1, total: 2, elapsed: 1, path: `${'a/'.repeat(40)}\u001b[2Jb.bin` });
    expect(line).toMatch(/…[a/]+\\x1b\[2Jb\.bin$/);
    expect(line.length).toBeLessThan(100);
  });
  it('claims no rate before there is one', () => expect(progressLine({ done: 0, total: 2, elapsed: 0 })).toContain('0 MB/s'));
});
