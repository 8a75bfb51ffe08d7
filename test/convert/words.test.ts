/** Words of which a document has one, each for itself. */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import type { Manifest } from '../../src/schema/index.js';

const BOM = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:5a0f2f7e-13f5-4a41-9f0d-0d6a3c1b7e11',
  version: 1,
  timestamp: '2026-02-03T04:05:06Z',
};
// biome-ignore lint/suspicious/noExplicitAny: documents are looked into by name
type Any = any;
const cyclonedx = (manifest: Manifest, version: '1.6' | '1.7' = '1.6') => toCycloneDX(manifest, { version }).document as Any;
const graph = (manifest: Manifest) => (toSPDX(manifest).document as { readonly '@graph': Any[] })['@graph'];

it.each([
  ['design', { phase: 'design' }, 'design', 'design'],
  ['pre-build', { phase: 'pre-build' }, 'source', 'pre-build'],
  ['build', { phase: 'build' }, 'build', 'build'],
  ['post-build', { phase: 'post-build' }, 'analyzed', 'post-build'],
  ['deployed', { phase: 'operations' }, 'deployed', 'deployed'],
  ['runtime', { phase: 'operations' }, 'runtime', 'deployed'],
  ['retrospective', { phase: 'discovery' }, 'analyzed', 'retrospective'],
  ['operations', { phase: 'operations' }, undefined, 'deployed'],
  ['discovery', { phase: 'discovery' }, undefined, 'retrospective'],
  ['decommission', { phase: 'decommission' }, undefined, 'decommission'],
  ['our own', { name: 'our own' }, undefined, 'our own'],
])('the phase %s', (phase, lifecycle, sbomType, back) => {
  const manifest: Manifest = { bom: { ...BOM, generationContext: { phase } }, model: { name: 'net' } };
  const { metadata } = cyclonedx(manifest) as unknown as { metadata: { lifecycles: unknown; properties?: unknown } };
  expect(metadata.lifecycles).toEqual([lifecycle]);
  const { properties: _properties, ...bare } = metadata;
  expect(fromCycloneDX({ ...cyclonedx(manifest), metadata: bare }).manifest.bom.generationContext).toEqual({ phase: back });
  const sbom = graph(manifest).find(({ type }) => type === 'software_Sbom');
  expect(sbom?.software_sbomType).toEqual(sbomType === undefined ? undefined : [sbomType]);
  expect(fromSPDX(toSPDX(manifest).document).manifest.bom.generationContext).toEqual({ phase });
});

it.each(['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'])('the label %s', (tlp) => {
  const document = cyclonedx({ bom: { ...BOM, distribution: { access: 'public', tlp } }, model: { name: 'net' } }, '1.7');
  expect((document.metadata as Any).distributionConstraints).toEqual({ tlp: tlp.replace('+', '_AND_') });
  expect(fromCycloneDX(document).manifest.bom.distribution).toEqual({ access: 'public', tlp });
});

it.each(['supervised', 'unsupervised', 'reinforcement-learning', 'semi-supervised', 'self-supervised'])('the approach %s', (word) => {
  const document = cyclonedx({ bom: BOM, model: { name: 'net', learningApproaches: [word] } });
  const component = (document.metadata as Any).component as Any;
  expect(component.modelCard).toEqual({ modelParameters: { approach: { type: word } } });
  expect(component.properties).toBeUndefined();
});

it.each([
  ['testing', 'testedOn'],
  ['validation', 'testedOn'],
  ['calibration', 'testedOn'],
  ['grounding', 'testedOn'],
  ['finetuning', 'trainedOn'],
])('data for %s', (role, relationshipType) => {
  const manifest: Manifest = {
    bom: BOM,
    model: { name: 'net', training: { uses: { a: { dataset: 'letters', role } } } },
    datasets: { letters: { name: 'letters', content: { modalities: ['code'] } } },
  };
  const nodes = graph(manifest);
  expect(nodes.flatMap((node) => node.relationshipType ?? [])).toEqual([relationshipType]);
  expect(nodes.find(({ type }) => type === 'dataset_DatasetPackage')?.dataset_datasetType).toEqual(['text']);
});

it('what is unknown of a graph is no assertion', () => {
  const manifest: Manifest = {
    bom: BOM,
    model: { name: 'net' },
    components: { lib: { name: 'lib' } },
    dependencies: { model: { edges: { 'depends-on': ['lib'] }, completeness: 'unknown' } },
  };
  expect(graph(manifest).find(({ relationshipType }) => relationshipType === 'dependsOn')?.completeness).toBe('noAssertion');
  expect(fromSPDX(toSPDX(manifest).document).manifest.dependencies).toEqual(manifest.dependencies);
});

describe('CycloneDX of others', () => {
  const read = (more: object) =>
    fromCycloneDX({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { timestamp: BOM.timestamp, component: { type: 'application', 'bom-ref': 'app', name: 'app' } },
      ...more,
    }).manifest;
  it.each([
    ['complete', 'complete'],
    ['incomplete', 'partial'],
    ['incomplete_first_party_only', 'partial'],
    ['incomplete_first_party_proprietary_only', 'partial'],
    ['incomplete_first_party_opensource_only', 'partial'],
    ['incomplete_third_party_only', 'partial'],
    ['incomplete_third_party_proprietary_only', 'partial'],
    ['incomplete_third_party_opensource_only', 'partial'],
    ['unknown', 'unknown'],
  ])('a graph that is %s', (aggregate, completeness) => {
    expect(read({ compositions: [{ aggregate, dependencies: ['app'] }] }).dependencies).toEqual({ app: { completeness } });
  });
  it.each([
    ['false_positive', 'not_affected'],
    ['resolved_with_pedigree', 'fixed'],
    ['resolved', 'fixed'],
    ['in_triage', 'under_investigation'],
  ])('a weakness that is %s', (state, status) => {
    expect(read({ vulnerabilities: [{ id: 'X-1', analysis: { state } }] }).security?.vulnerabilities).toEqual({
      'X-1': { id: 'X-1', status },
    });
  });
  it('has ancestors of software', () => {
    const ancestors = [{ type: 'library', 'bom-ref': 'old', name: 'old' }];
    const { dependencies, components } = read({
      components: [{ type: 'library', 'bom-ref': 'new', name: 'new', pedigree: { ancestors } }],
    });
    expect(dependencies).toEqual({ new: { edges: { 'derived-from': ['old'] } } });
    expect(Object.keys(components ?? {})).toEqual(['app', 'new', 'old']);
  });
});

it('the reference to the manifest stands before the graph', () => {
  const weakness = { id: 'X-1' };
  const keys = (more: Partial<Manifest>) => Object.keys(cyclonedx({ bom: BOM, model: { name: 'net' }, ...more })).slice(-2);
  expect(keys({ security: { vulnerabilities: { 'X-1': weakness } } })).toEqual(['externalReferences', 'vulnerabilities']);
  expect(keys({ dependencies: { model: { completeness: 'unknown' } } })).toEqual(['externalReferences', 'compositions']);
  expect(keys({ dependencies: { model: { completeness: 'complete' } } })).toEqual(['externalReferences', 'dependencies']);
  expect(keys({ model: { name: 'net', training: { hyperparameters: { seed: 1 } } } })).toEqual(['externalReferences', 'formulation']);
});

it('citations name the places of models, components and services', () => {
  const values = Object.fromEntries(['/models/base/name', '/components/lib/name', '/services/host/name'].map((each) => [each, {}]));
  const document = cyclonedx(
    {
      bom: { ...BOM, tools: [{ name: 'maker' }] },
      model: { name: 'net' },
      models: { base: { name: 'base' } },
      components: { lib: { name: 'lib' } },
      services: { host: { name: 'host' } },
      evidence: [{ origin: 'declared', method: 'card', values }],
    },
    '1.7',
  );
  expect((document.citations as unknown as readonly Any[])[0]?.pointers).toEqual([
    '/components/1/name',
    '/components/0/name',
    '/services/0/name',
  ]);
});
