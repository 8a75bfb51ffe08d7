import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { isBlocking } from '../../src/core/finding.js';
import { contradictions, evidenceFor } from '../../src/manifest/evidence.js';
import { mergeManifests } from '../../src/manifest/merge.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { manifest as base, bom } from './documents.js';

const blocking = (manifest: Manifest) => validateManifest(manifest).findings.filter(isBlocking);
const runs = { numRuns: 60, endOnFailure: true };

describe('merge', () => {
  it('of a manifest with itself changes nothing', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { manifest: merged, findings } = mergeManifests(manifest, structuredClone(manifest));
        expect(findings).toEqual([]);
        expect(canonicalize({ ...merged, evidence: [] })).toBe(canonicalize({ ...manifest, evidence: [] }));
      }),
      runs,
    );
  });
  it('of any two is valid, has all of the first and is the same when done again', () => {
    fc.assert(
      fc.property(arbitraryManifest, arbitraryManifest, (first, second) => {
        const { model: _, bom: _bom, artifacts: _files, evaluations: _e, system: _s, ...part } = second;
        if (first.model === undefined || second.model !== undefined) return;
        const once = mergeManifests(first, part);
        const twice = mergeManifests(once.manifest, part);
        expect(canonicalize({ ...twice.manifest, evidence: [] })).toBe(canonicalize({ ...once.manifest, evidence: [] }));
        for (const [id, each] of Object.entries(first.components ?? {}))
          expect(once.manifest.components?.[id]).toMatchObject({ name: each.name });
      }),
      runs,
    );
  });
  it('joins by key, and evidence goes on saying of each value what its source said of it', () => {
    const first: Manifest = {
      ...base,
      evidence: [
        { origin: 'observed', method: 'files', values: { '/datasets': {}, '/model': {} } },
        { origin: 'supplied', method: 'rule', values: { '/components': { members: ['*/type'] } } },
      ],
    };
    const { manifest, findings } = mergeManifests(first, {
      datasets: { tickets: { name: 'support tickets', uri: 'https://example.org/t' }, extra: { name: 'extra data' } },
      components: { numpy: { name: 'numpy', type: 'library' } },
      evidence: [{ origin: 'declared', method: 'card', values: { '/datasets/tickets/uri': {}, '/datasets/extra': {} } }],
    });
    expect(findings).toEqual([]);
    expect(Object.keys(manifest.datasets ?? {})).toEqual(['tickets', 'extra']);
    const methods = (pointer: string) => evidenceFor(manifest, pointer).supports.map(({ entry }) => entry.method);
    expect(methods('/datasets/tickets/name')).toEqual(['files']);
    expect(methods('/datasets/tickets/uri')).toEqual(['card']);
    expect(methods('/datasets/extra/name')).toEqual(['card']);
    expect(methods('/model/name')).toEqual(['files']);
    expect(methods('/components/torch/type')).toEqual(['rule']);
    expect(methods('/components/numpy/type')).toEqual([]);
    expect(blocking(manifest)).toEqual([]);
  });
  it('keeps what the second says as a contradiction with its source, and tells', () => {
    const { manifest, findings } = mergeManifests(base, {
      model: { name: base.model?.name ?? '', contextLength: 4096 },
      evidence: [{ origin: 'declared', method: 'card', source: { path: 'README.md' }, values: { '/model': {} } }],
    });
    expect(manifest.model?.contextLength).toBe(8192);
    expect(findings).toEqual([expect.objectContaining({ id: 'merge-conflict', pointer: '/model/contextLength' })]);
    expect(contradictions(manifest)).toMatchObject([
      {
        pointer: '/model/contextLength',
        value: 8192,
        dissents: [{ said: 4096, entry: { method: 'card', source: { path: 'README.md' } } }],
      },
    ]);
  });
  it('names the other document where it has no evidence of its own', () => {
    const other: Manifest = { bom: { ...bom, serialNumber: `${bom.serialNumber.slice(0, -1)}5` }, model: { name: 'other' } };
    const { manifest } = mergeManifests(base, other);
    const [{ dissents: [dissent] = [] } = {}] = contradictions(manifest);
    expect(dissent).toMatchObject({ said: 'other', entry: { source: { uri: other.bom.serialNumber } } });
  });
  it('takes digests, tools and parents as a whole', () => {
    const digest = { root: { sha256: '12'.repeat(32) }, method: 'archive', complete: false };
    const { manifest, findings } = mergeManifests(base, { model: { name: base.model?.name ?? '', digest } });
    expect(manifest.model?.digest).toEqual(base.model?.digest);
    expect(findings.map(({ pointer }) => pointer)).toEqual(['/model/digest']);
    expect(contradictions(manifest)[0]?.dissents[0]?.said).toEqual(digest);
  });
  it('says of a list that several sources gave which part is whose', () => {
    const first: Manifest = { ...base, evidence: [{ origin: 'observed', method: 'files', values: { '/model': {} } }] };
    const { manifest } = mergeManifests(first, {
      model: { name: base.model?.name ?? '', tags: ['b', 'c'] },
      evidence: [{ origin: 'declared', method: 'card', values: { '/model/tags': {} } }],
    });
    expect(manifest.model?.tags).toEqual(['a', 'b', 'c']);
    expect(evidenceFor(manifest, '/model/tags').supports.map(({ entry, said }) => [entry.method, said])).toEqual([
      ['files', ['a', 'b']],
      ['card', ['b', 'c']],
    ]);
    expect(contradictions(manifest)).toEqual([]);
  });
  it('renames an id that means another thing, where it stands, where it is used and in evidence', () => {
    const { manifest, findings } = mergeManifests(base, {
      components: { tickets: { name: 'ticket-tool', version: '1' } },
      dependencies: { tickets: { edges: { 'depends-on': ['tickets'] } } },
      evidence: [
        { origin: 'declared', method: 'm', values: { '/components/tickets/version': {}, '/components': { members: ['tickets/name'] } } },
      ],
    });
    expect(manifest.components?.['tickets-2']).toEqual({ name: 'ticket-tool', version: '1' });
    expect(manifest.dependencies?.['tickets-2']).toEqual({ edges: { 'depends-on': ['tickets-2'] } });
    expect(evidenceFor(manifest, '/components/tickets-2/version').supports).toHaveLength(1);
    expect(evidenceFor(manifest, '/components/tickets-2/name').supports).toHaveLength(1);
    expect(evidenceFor(manifest, '/components/torch/name').supports).toHaveLength(0);
    expect(findings).toEqual([expect.objectContaining({ id: 'merge-renamed', pointer: '/components/tickets-2' })]);
    expect(blocking(manifest)).toEqual([]);
  });
  it('never makes one of two evaluations that say different things', () => {
    const second = { name: 'MMLU', metrics: { accuracy: { value: 0.7 } } };
    const once = mergeManifests(base, { evaluations: { mmlu: second } }).manifest;
    expect(Object.values(once.evaluations ?? {}).map(({ metrics }) => metrics?.accuracy?.value)).toEqual([0.61, 0.7]);
    expect(mergeManifests(once, { evaluations: { mmlu: second } }).manifest).toEqual(once);
  });
  it('keeps two uses, and two metrics with another slice, that have one short name', () => {
    const { manifest } = mergeManifests(base, {
      model: {
        name: base.model?.name ?? '',
        training: { uses: { data: { dataset: 'tickets', split: 'test' } }, metrics: { loss: { value: 2, slice: 'de' } } },
      },
      evidence: [{ origin: 'declared', method: 'm', values: { '/model/training/uses/data/split': {} } }],
    });
    expect(manifest.model?.training?.uses).toEqual({
      data: { dataset: 'tickets', split: 'train' },
      'data-2': { dataset: 'tickets', split: 'test' },
    });
    expect(manifest.model?.training?.metrics?.['loss-2']).toEqual({ name: 'loss', value: 2, slice: 'de' });
    expect(evidenceFor(manifest, '/model/training/uses/data-2/split').supports).toHaveLength(1);
  });
  it('takes back what was unknown when the value is there', () => {
    const first: Manifest = {
      ...base,
      bom: { ...bom, declarations: { '/model/version': { status: 'unknown' }, '/usage': { status: 'withheld' } } },
    };
    const { manifest } = mergeManifests(first, { model: { name: base.model?.name ?? '', version: '1' } });
    expect(manifest.bom.declarations).toEqual({ '/usage': { status: 'withheld' } });
  });
  it('takes names that mean something to JavaScript for names', () => {
    const files = Object.fromEntries(
      ['constructor', '__proto__', 'toString'].map((name) => [name, { size: 1, digest: { sha256: 'a1'.repeat(32) } }]),
    );
    const { manifest } = mergeManifests({ ...base, artifacts: {} }, { artifacts: files });
    expect(Object.keys(manifest.artifacts ?? {})).toEqual(['constructor', '__proto__', 'toString']);
  });
});
