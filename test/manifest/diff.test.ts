import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffManifests } from '../../src/manifest/diff.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { artifacts, manifest as base, bom } from './documents.js';

const runs = { numRuns: 60, endOnFailure: true };
const model = base.model ?? { name: '' };
const weights = artifacts['model.safetensors'];
const config = artifacts['config.json'];

/** The same document with members and sets the other way round. */
function turned(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return [
      'revisions',
      'changes',
      'inputs',
      'outputs',
      'previousVersions',
      'processing',
      'accelerators',
      'arguments',
      'shape',
      'seeds',
      'evidence',
    ].includes(key)
      ? value
      : [...value].reverse();
  if (
    typeof value !== 'object' ||
    value === null ||
    /^(foreign|extensions|hyperparameters|parameters|settings|generationDefaults)$/.test(key)
  )
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member, name)]),
  );
}

describe('diff', () => {
  it('of a manifest with itself is empty, whatever the order of members and sets', () => {
    fc.assert(
      fc.property(arbitraryManifest, ({ evidence: _, ...manifest }) => {
        expect(diffManifests(manifest, structuredClone(manifest))).toEqual([]);
        const { foreign: _f, ...rest } = manifest;
        expect(diffManifests(rest, turned(rest) as Manifest)).toEqual([]);
      }),
      runs,
    );
  });
  it.each<[string, Partial<Manifest>, object]>([
    [
      'other weights',
      { artifacts: { ...artifacts, 'model.safetensors': { ...weights, size: 101, digest: { sha256: '12'.repeat(32) } } as never } },
      { area: 'weights', severity: 'high', kind: 'changed', pointer: '/artifacts/model.safetensors/digest/sha256' },
    ],
    [
      'a removed config',
      { artifacts: { 'model.safetensors': weights } as never },
      { area: 'files', severity: 'medium', kind: 'removed', label: 'artifacts › config.json', before: config },
    ],
    [
      'another licence',
      { model: { ...model, licenses: [{ expression: 'MIT', kind: 'declared' }] } },
      { area: 'licences', severity: 'high', kind: 'changed' },
    ],
    [
      'another parent',
      { model: { ...model, lineage: { parents: { ...model.lineage?.parents, teacher: { model: 'base', relation: 'distill' } } } } },
      { area: 'lineage', severity: 'high', kind: 'added', pointer: '/model/lineage/parents/teacher' },
    ],
    [
      'no parents',
      { model: { ...model, lineage: { scratch: true } } },
      { area: 'lineage', severity: 'high', kind: 'removed', pointer: '/model/lineage/parents/base' },
    ],
    [
      'no lineage at all',
      { model: { name: model.name } as never },
      { area: 'lineage', severity: 'high', kind: 'removed', pointer: '/model/lineage' },
    ],
    [
      'new data',
      { datasets: { ...base.datasets, x: { name: 'scraped' } } },
      { area: 'data', severity: 'high', kind: 'added', label: 'datasets › scraped' },
    ],
    [
      'a hyperparameter',
      { model: { ...model, training: { ...model.training, hyperparameters: { seed: 43 } } } },
      { area: 'hyperparameters', severity: 'medium', before: 42, after: 43 },
    ],
    [
      'a metric',
      { evaluations: { mmlu: { name: 'MMLU', metrics: { accuracy: { value: 0.5 } } } } },
      { area: 'metrics', severity: 'medium', before: 0.61, after: 0.5 },
    ],
    [
      'a library version',
      { components: { torch: { name: 'torch', version: '2.9.1', type: 'library' } } },
      { area: 'components', severity: 'medium', before: '2.9.0', after: '2.9.1' },
    ],
    ['a new time', { bom: { ...bom, timestamp: '2026-12-01T00:00:00Z' } }, { area: 'document', severity: 'info' }],
  ])('%s', (_what, patch, expected) => {
    expect(diffManifests(base, { ...base, ...patch })).toContainEqual(expect.objectContaining(expected));
  });
  it('takes renamed ids for no change, also of another version', () => {
    const renamed: Manifest = {
      ...base,
      components: { 'pypi.torch': { name: 'torch', version: '2.9.0', type: 'library' } },
      datasets: { data: { name: 'support tickets', issuer: 'maker' } },
      parties: { acme: { name: 'Acme' }, maker: { name: 'Lab' } },
      dependencies: { model: { edges: { 'depends-on': ['pypi.torch'], 'trained-on': ['data'] } } },
      model: { ...model, training: { ...model.training, uses: { data: { dataset: 'data', split: 'train' } } } },
    };
    expect(diffManifests(base, renamed)).toEqual([]);
    const newer = { ...renamed, components: { 'pypi.torch': { name: 'torch', version: '3', type: 'library' } } };
    expect(diffManifests(base, newer).map(({ pointer, kind }) => [pointer, kind])).toEqual([['/components/pypi.torch/version', 'changed']]);
  });
  it('tells evidence that changed from values, and shows contradictions that appear and go', () => {
    const values = { '/model/contextLength': {} };
    const first: Manifest = { ...base, evidence: [{ origin: 'observed', method: 'files', values }] };
    const second: Manifest = {
      ...base,
      evidence: [{ origin: 'declared', method: 'card', values: { '/model/contextLength': { said: 4096 } } }],
    };
    const changes = diffManifests(first, second);
    expect(changes.map(({ area, kind, before, after }) => [area, kind, before, after])).toEqual([
      ['identity', 'contradicted', 8192, 4096],
      ['evidence', 'changed', undefined, undefined],
    ]);
    expect(diffManifests(second, first)[0]).toMatchObject({ kind: 'agreed', after: 4096 });
  });
});
