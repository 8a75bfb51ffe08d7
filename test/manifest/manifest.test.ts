import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../scripts/merge-patch.mjs';
import { canonicalize } from '../../src/core/canonical-json.js';
import { diffManifests } from '../../src/manifest/diff.js';
import { digestManifest } from '../../src/manifest/digest.js';
import { evidenceFor } from '../../src/manifest/evidence.js';
import { mergeManifests } from '../../src/manifest/merge.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { ID_PROPERTIES } from '../../src/manifest/references.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const base = JSON.parse(readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8')) as Manifest;
const changed = (patch: object) => mergePatch(base, patch) as Manifest;

describe('text', () => {
  it('comes back as the same manifest', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        expect(canonicalize(parseManifest(stringifyManifest(manifest)))).toBe(canonicalize(manifest));
      }),
      { numRuns: 40 },
    );
  });
  it('comes back with whole numbers of any size', () => {
    const hyperparameters = { seed: 2 ** 60, limit: -1e19, '12345678901234567890': 1 };
    const manifest = changed({ training: { hyperparameters } });
    expect(parseManifest(stringifyManifest(manifest)).training?.hyperparameters).toMatchObject(hyperparameters);
  });
  it('that is no manifest is refused with its place', () => {
    expect(() => parseManifest('{"bom":{}}')).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_INVALID' }));
  });
  it('has a digest that signatures do not change', () => {
    expect(digestManifest(changed({ bom: { signatures: [{ method: 'dsse' }] } }))).toBe(digestManifest(base));
    expect(digestManifest(changed({ bom: { version: 2 } }))).not.toBe(digestManifest(base));
  });
});

it('knows every property of the schema that holds ids', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8')) as object;
  const found = new Set<string>();
  const visit = (node: unknown, key: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const reference = (node as { $ref?: string }).$ref;
    if ((reference === '#/$defs/id' || reference === '#/$defs/partyRef') && key !== 'id' && key !== 'oneOf') found.add(key);
    for (const [name, child] of Object.entries(node))
      visit(child, name === 'items' || name === 'additionalProperties' || /^\d+$/.test(name) ? key : name);
  };
  visit(schema, '');
  found.delete('roles');
  expect([...ID_PROPERTIES].sort()).toEqual([...found].sort());
});

describe('merge', () => {
  it('of a manifest with itself changes nothing', () => {
    fc.assert(
      fc.property(arbitraryManifest, ({ evidence: _evidence, ...manifest }) => {
        const { manifest: merged, conflicts } = mergeManifests(manifest, structuredClone(manifest));
        expect(conflicts).toEqual([]);
        expect(checkSchema(merged)).toEqual([]);
        for (const section of ['artifacts', 'datasets', 'components'] as const)
          expect(merged[section]?.length ?? 0).toBeLessThanOrEqual(manifest[section]?.length ?? 0);
      }),
      { numRuns: 40 },
    );
  });
  it('joins lists by what their items are, and lets evidence follow', () => {
    const part = {
      datasets: [
        { id: 'extra', name: 'extra data' },
        { id: 'tickets', name: 'support tickets 2025', uri: 'https://example.org/t' },
      ],
      evidence: [{ origin: 'declared' as const, method: 'm', pointers: ['/datasets/0/name', '/datasets/1/uri'] }],
    };
    const { manifest, conflicts } = mergeManifests(base, part);
    expect(conflicts).toEqual([]);
    expect(manifest.datasets?.map(({ name }) => name)).toEqual(['support tickets 2025', 'held-out tickets', 'extra data']);
    expect(evidenceFor(manifest, '/datasets/2/name')).toHaveLength(1);
    expect(evidenceFor(manifest, '/datasets/0/uri')).toHaveLength(1);
    expect(validateManifest(manifest).valid).toBe(true);
  });
  it('reports a disagreement and keeps the first value', () => {
    const { manifest, conflicts } = mergeManifests(base, { model: { name: 'other' } });
    expect(manifest.model?.name).toBe('support-assistant-lora');
    expect(conflicts).toEqual([expect.objectContaining({ id: 'merge-conflict', pointer: '/model/name' })]);
  });
  it('renames an id that means another thing, where it stands and where it is used', () => {
    const { manifest } = mergeManifests(base, {
      components: [{ id: 'tickets', name: 'ticket-tool', version: '1' }],
      dependencies: [{ ref: 'tickets', dependsOn: [] }],
    });
    expect(manifest.components?.at(-1)).toMatchObject({ id: 'tickets-2', name: 'ticket-tool' });
    expect(manifest.dependencies?.at(-1)).toMatchObject({ ref: 'tickets-2' });
    expect(validateManifest(manifest).valid).toBe(true);
  });
});

describe('diff', () => {
  it('of a manifest with itself is empty, whatever the order of its lists', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        expect(diffManifests(manifest, structuredClone(manifest))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    expect(diffManifests(base, { ...base, artifacts: [...(base.artifacts ?? [])].reverse() })).toEqual([]);
  });
  it('takes lists by any name, also one that objects of JavaScript have by themselves', () => {
    const withList = (value: number) => ({ ...base, training: { ...base.training, hyperparameters: { valueOf: [{ value }] } } });
    expect(diffManifests(withList(1), withList(1))).toEqual([]);
    expect(diffManifests(withList(1), withList(2))).not.toEqual([]);
  });
  const artifacts = base.artifacts ?? [];
  it.each<[string, object, object]>([
    [
      'other weights',
      { artifacts: [artifacts[0], { ...artifacts[1], digest: { sha256: '12'.repeat(32) } }] },
      { area: 'weights', severity: 'high', kind: 'changed', pointer: '/artifacts/1/digest/sha256' },
    ],
    [
      'a removed config',
      { artifacts: [artifacts[1]] },
      { area: 'files', severity: 'medium', kind: 'removed', label: 'artifacts › adapter_config.json' },
    ],
    [
      'another licence',
      { model: { licenses: [{ expression: 'MIT', kind: 'declared' }] } },
      { area: 'licences', severity: 'high', before: 'Apache-2.0', after: 'MIT' },
    ],
    [
      'another base',
      { lineage: { ancestors: [{ id: 'base', name: 'org/other' }] } },
      { area: 'lineage', severity: 'high', kind: 'added', label: 'lineage › ancestors › org/other' },
    ],
    [
      'new data',
      { datasets: [...(base.datasets ?? []), { id: 'x', name: 'scraped' }] },
      { area: 'data', severity: 'high', kind: 'added', label: 'datasets › scraped' },
    ],
    [
      'a hyperparameter',
      { training: { hyperparameters: { seed: 43 } } },
      { area: 'hyperparameters', severity: 'medium', before: 42, after: 43 },
    ],
    [
      'a metric',
      { evaluations: [{ ...base.evaluations?.[0], metrics: [{ name: 'exact_match', value: 0.5, slice: 'de' }] }] },
      { area: 'metrics', severity: 'medium', before: 0.71, after: 0.5 },
    ],
    [
      'a library version',
      { components: [{ ...base.components?.[0], version: '2.9.1' }] },
      { area: 'components', severity: 'medium', before: '2.9.0', after: '2.9.1' },
    ],
    ['a new time', { bom: { timestamp: '2026-12-01T00:00:00Z' } }, { area: 'document', severity: 'info' }],
  ])('%s', (_what, patch, expected) => {
    expect(diffManifests(base, changed(patch))).toContainEqual(expect.objectContaining(expected));
  });
  it('puts the most serious first', () => {
    const severities = diffManifests(base, changed({ bom: { version: 2 }, model: { licenses: [{ name: 'x' }] } })).map(
      ({ severity }) => severity,
    );
    expect(severities[0]).toBe('high');
    expect(severities.at(-1)).toBe('info');
  });
});
