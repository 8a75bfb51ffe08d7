import { expect, it } from 'vitest';
import { TARGETS } from '../../src/convert/targets.js';
import { fullAnswers } from '../support/complying.js';

it.each(['cyclonedx@1.5', 'cyclonedx@1.6', 'cyclonedx@1.7', 'spdx@3.0.1'])(
  '%s is the same document when nobody asks what it loses',
  async (target) => {
    const write = TARGETS[target] as NonNullable<(typeof TARGETS)[string]>;
    const [whole, alone] = [await write(fullAnswers()), await write(fullAnswers(), { measure: false })];
    expect(alone.text).toBe(whole.text);
    expect(whole.losses.length).toBeGreaterThan(alone.losses.length);
    expect((await write(fullAnswers(), { measure: false, lossless: true })).text).toBe(
      (await write(fullAnswers(), { lossless: true })).text,
    );
  },
);
