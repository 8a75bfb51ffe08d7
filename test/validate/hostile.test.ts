import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../scripts/merge-patch.mjs';
import { privateReason } from '../../src/collect/redact.js';
import { validateManifest, validateText } from '../../src/validate/index.js';

const base = JSON.parse(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8')) as object;
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Each would take hours if something in its way were quadratic. */
describe('documents made to be expensive', () => {
  it.each<[string, object]>([
    ['a text of word boundaries before an @', { model: { description: `${'a.'.repeat(500_000)}@` } }],
    ['a text of token beginnings', { model: { description: 'eyJ-'.repeat(250_000) } }],
    ['a text of schemes', { model: { description: `${'a://b'.repeat(200_000)}@` } }],
    ['many references to nothing', { dependencies: many(20_000, (i) => ({ ref: `r${i}`, dependsOn: [`s${i}`, `t${i}`] })) }],
    [
      'many ids and slips',
      {
        components: many(20_000, (i) => ({ id: `component-${i}`, name: `c${i}` })),
        dependencies: [{ ref: 'model', dependsOn: many(20_000, (i) => `componemt-${i}`) }],
      },
    ],
    ['many unknown properties', Object.fromEntries(many(50_000, (i) => [`proprety${i}`, i]))],
    ['many wrong parties', { bom: { authors: many(20_000, () => ({ nmae: 'x' })) } }],
    ['a long chain of dependencies', { dependencies: many(50_000, (i) => ({ ref: `d${i}`, dependsOn: [`d${i + 1}`] })) }],
    [
      'much evidence',
      {
        evidence: [
          {
            origin: 'observed',
            method: 'm',
            pointers: many(20_000, (i) => `/x${i}`),
            keys: Object.fromEntries(many(20_000, (i) => [`/y${i}`, 'k'])),
          },
        ],
      },
    ],
  ])('%s', (_what, patch) => {
    const document = mergePatch(base, patch);
    expect(validateManifest(document).findings.length).toBeGreaterThan(-1);
    const { valid, findings } = validateText(JSON.stringify(document));
    expect(valid).toBe(!findings.some(({ severity }) => severity === 'high' || severity === 'critical'));
  });
  it('a private text of a megabyte', () => {
    expect(privateReason('a'.repeat(1_000_000))).toBeUndefined();
    expect(privateReason(`${'a.'.repeat(500_000)}@example.org`)).toBe('an e-mail address');
  });
});
