import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../scripts/merge-patch.mjs';
import type { Manifest } from '../../src/schema/index.js';
import { coverageOf } from '../../src/validate/coverage.js';
import { validateManifest, validateText } from '../../src/validate/index.js';

const base = JSON.parse(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8')) as Manifest;
const many = <T>(count: number, make: (i: number) => readonly [string, T]): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => make(i)));
const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Each would take hours if something in its way were quadratic. */
describe('documents made to be expensive', () => {
  it.each<[string, object]>([
    ['a text of word boundaries before an @', { model: { description: `${'a.'.repeat(500_000)}@` } }],
    ['a text of token beginnings', { model: { description: 'eyJ-'.repeat(250_000) } }],
    ['a text of schemes', { model: { description: `${'a://b'.repeat(200_000)}@` } }],
    ['an address of dots', { parties: { example: { contact: { email: `${'a.'.repeat(200_000)}@` } } } }],
    ['many references to nothing', { dependencies: many(20_000, (i) => [`r${i}`, { edges: { loads: [`s${i}`, `t${i}`] } }]) }],
    [
      'many ids and slips',
      {
        components: many(20_000, (i) => [`component-${i}`, { name: `c${i}` }]),
        dependencies: { model: { edges: { loads: list(20_000, (i) => `componemt-${i}`) } } },
      },
    ],
    ['many unknown properties', many(50_000, (i) => [`proprety${i}`, i])],
    ['many wrong keys', { parties: many(20_000, (i) => [`-${i}`, { name: 'x' }]) }],
    ['a long chain of dependencies', { dependencies: many(50_000, (i) => [`d${i}`, { edges: { loads: [`d${i + 1}`] } }]) }],
    [
      'a long chain of models',
      {
        models: many(20_000, (i) => [
          `m${i}`,
          {
            name: `m${i}`,
            licenses: [{ expression: 'MIT' }],
            lineage: { parents: { up: { model: `m${(i + 1) % 20_000}`, relation: 'derived' } } },
          },
        ]),
      },
    ],
    ['many unknown words', { components: many(20_000, (i) => [`c${i}`, { name: 'x', type: `libary${i}` }]) }],
    ['much evidence for nothing', { evidence: [{ origin: 'observed', method: 'm', values: many(20_000, (i) => [`/x${i}`, {}]) }] }],
    [
      'many entries for one value',
      { evidence: list(20_000, () => ({ origin: 'observed', method: 'm', values: { '': {}, '/model': { said: 1 } } })) },
    ],
    [
      'many patterns over many values',
      {
        components: many(5_000, (i) => [`c${i}`, { name: 'x' }]),
        evidence: [{ origin: 'observed', method: 'm', values: { '': { members: list(5_000, (i) => `components/*/n${i}`) } } }],
      },
    ],
    [
      'many shards of one set',
      { artifacts: many(20_000, (i) => [`f${i}`, { size: 1, digest: { sha256: 'ab'.repeat(32) }, shard: { index: 1, total: 2 } }]) },
    ],
  ])('%s', (_what, patch) => {
    const document = mergePatch(base, patch);
    const { valid, findings } = validateText(JSON.stringify(document));
    expect(valid).toBe(!findings.some(({ severity }) => severity === 'high' || severity === 'critical'));
    expect(findings.length).toBeLessThan(12_000);
  });

  it('stops at a number of steps, and says so', () => {
    const components = many(5_000, (i) => [`c${i}`, { name: 'x' }]);
    const members = list(5_000, (i) => `components/*/n${i}`);
    const document = { ...base, components, evidence: [{ origin: 'observed', method: 'm', values: { '': { members } } }] } as Manifest;
    expect(coverageOf(document)).toMatchObject({ complete: false, unmatched: [] });
    expect(validateManifest(document).findings).toContainEqual(
      expect.objectContaining({ id: 'evidence-missing', severity: 'medium', pointer: '/evidence' }),
    );
  });
});

describe('names that objects have by themselves', () => {
  const text = (patch: string) => JSON.stringify(base).replace('"artifacts":{', `"artifacts":{${patch}`);
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a file called %s', (name) => {
    const { valid, findings } = validateText(
      text(`"${name}":{"size":1,"digest":{"sha256":"${'ab'.repeat(32)}"}},`).replace('"complete":true', '"complete":false'),
    );
    expect(findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
    expect(valid).toBe(true);
  });
  it.each(['__proto__', 'constructor', 'toString'])('are named by nothing: %s', (name) => {
    const ids = (patch: object) => validateManifest(mergePatch(base, patch)).findings.map(({ id }) => id);
    expect(ids({ model: { producer: name.replaceAll('_', '') } })).toContain('reference-unresolved');
    expect(ids({ bom: { subject: name.replaceAll('_', '') } })).toContain('subject-mismatch');
    expect(ids({ evidence: [{ origin: 'observed', method: 'm', values: { '': {}, [`/${name}`]: {} } }] })).toContain('evidence-pointer');
    expect(ids({ model: { identifiers: [{ type: name.replaceAll('_', ''), value: 'x' }] } })).toContain('word-unknown');
  });
});
