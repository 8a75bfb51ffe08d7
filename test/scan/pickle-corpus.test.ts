/** Every hostile pickle is told as such, whatever carries the payload; no harmless one is. */
import { describe, expect, it } from 'vitest';
import { benignPickles } from '../support/scan/benign.js';
import { hostilePickles } from '../support/scan/pickles.js';
import { scanBytes } from '../support/scan/scan.js';

describe('pickles', () => {
  it('that are hostile are malicious', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const { name, bytes } of hostilePickles()) {
      count++;
      const { verdict, findings } = await scanBytes(bytes);
      if (verdict !== 'malicious') wrong.push(`${name}: ${verdict} ${findings.map(({ rule }) => rule).join()}`);
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(1500);
  });
  it('that are harmless are clean and complete', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const { name, bytes } of benignPickles()) {
      count++;
      const { verdict, status, findings, notInspected } = await scanBytes(bytes);
      if (verdict !== 'clean' || status !== 'complete')
        wrong.push(`${name}: ${verdict} ${findings.map(({ message }) => message).join()} ${notInspected.join()}`);
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(450);
  });
});
