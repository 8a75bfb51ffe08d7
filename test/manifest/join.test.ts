import { describe, expect, it } from 'vitest';
import { isBlocking } from '../../src/core/finding.js';
import { evidenceFor } from '../../src/manifest/evidence.js';
import { type JoinOptions, joinManifests } from '../../src/manifest/join.js';
import type { Component, Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { bom as whole } from './documents.js';

const bom = { ...whole, declarations: { '/bom/authors': { status: 'unknown' as const } } };
const purl = (value: string) => ({ identifiers: [{ type: 'purl', value }] });
type Components = Readonly<Record<string, Component>>;
type Edges = Readonly<Record<string, readonly string[]>>;
const graph = (edges: Edges): Pick<Manifest, 'dependencies'> => ({
  dependencies: Object.fromEntries(Object.entries(edges).map(([id, ids]) => [id, { edges: { 'depends-on': [...ids] } }])),
});
const model = (components: Components = {}, edges: Edges = {}): Manifest => ({
  bom,
  model: { name: 'classifier', ...purl('pkg:huggingface/example/classifier@1') },
  ...(Object.keys(components).length > 0 && { components }),
  ...(Object.keys(edges).length > 0 && graph(edges)),
});
/** The document of an application. */
const sbom = (components: Components = {}, edges: Edges = {}, more: Partial<Manifest> = {}): Manifest => ({
  bom: { ...bom, subject: 'app', serialNumber: `${bom.serialNumber.slice(0, -1)}8` },
  components: { app: { type: 'application', name: 'app', version: '3' }, ...components },
  ...(Object.keys(edges).length > 0 && graph(edges)),
  ...more,
});
const join = (first: Manifest, second: Manifest, options: JoinOptions = {}) => {
  const result = joinManifests(first, second, { source: { name: 'app.cdx.json' }, ...options });
  expect(validateManifest(result.manifest).findings.filter(isBlocking)).toEqual([]);
  return result;
};
const names = ({ manifest }: { manifest: Manifest }) =>
  Object.entries(manifest.components ?? {}).map(([id, { name, version }]) => [id, name, version]);
const edges = ({ manifest }: { manifest: Manifest }) =>
  Object.fromEntries(Object.entries(manifest.dependencies ?? {}).map(([id, node]) => [id, [...(node.edges?.['depends-on'] ?? [])].sort()]));
const torch: Component = { name: 'torch', version: '2.9.0', type: 'library', ...purl('pkg:pypi/torch@2.9.0') };

describe('a component stands once', () => {
  it.each<[string, Component, Component]>([
    [
      'the same purl, whatever its qualifiers',
      torch,
      { name: 'Torch', version: '2.9.0', ...purl('pkg:PyPI/torch@2.9.0?file_name=torch.whl') },
    ],
    [
      'the same digest',
      { name: 'a', version: '1', digest: { sha256: '1a'.repeat(32) } },
      { name: 'a.js', digest: { sha256: '1a'.repeat(32) } },
    ],
    ['the same name and version, where one has no purl', { name: 'torch', version: '2.9.0' }, torch],
    [
      'a name that Python takes for the same',
      { name: 'Zope.Interface', version: '5', ...purl('pkg:pypi/zope.interface@5') },
      { name: 'zope-interface', version: '5' },
    ],
  ])('with %s', (_, mine, theirs) => {
    const { manifest } = join(model({ mine }), sbom({ c1: theirs }, { app: ['c1'] }));
    expect(Object.keys(manifest.components ?? {}).sort()).toEqual(['app', 'mine']);
    expect(edges({ manifest })).toEqual({ app: ['mine'] });
  });
  it.each<[string, Component]>([
    ['another purl', { ...torch, ...purl('pkg:conda/torch@2.9.0') }],
    ['another version', { name: 'torch', version: '2.8.0', type: 'library' }],
    ['another type', { name: 'torch', version: '2.9.0', type: 'framework' }],
  ])('but is another one with %s', (_, theirs) => {
    expect(names(join(model({ torch }), sbom({ torch: theirs }))).map(([id]) => id)).toEqual(['torch', 'app', 'torch-2']);
  });
  it('where the other document lists it twice or three times, with the edges of all', () => {
    const one = { name: 'a', version: '1', ...purl('pkg:npm/a@1') };
    const result = join(
      model(),
      sbom({ x: one, y: one, w: { ...one, copyright: '(c)' }, z: { name: 'b' } }, { z: ['y'], y: ['z'], x: ['app'] }),
    );
    expect(names(result).map(([id]) => id)).toEqual(['app', 'x', 'z']);
    expect(edges(result)).toEqual({ z: ['x'], x: ['app', 'z'] });
    expect(result.manifest.components?.x?.copyright).toBe('(c)');
  });
});

describe('an application', () => {
  it('stays one with its own edges, tied to the model, which gets none', () => {
    const result = join(model(), sbom({ alpha: { name: 'alpha' }, beta: { name: 'beta' } }, { app: ['beta'], beta: ['alpha'] }));
    expect(result.manifest.bom.subject).toBeUndefined();
    expect(result.manifest.components?.app).toEqual({
      type: 'application',
      name: 'app',
      version: '3',
      composition: { model: { model: 'model', relation: 'part' } },
    });
    expect(edges(result)).toEqual({ app: ['beta'], beta: ['alpha'] });
    expect(evidenceFor(result.manifest, '/components/app/composition/model').supports.map(({ entry }) => entry.origin)).toEqual([
      'supplied',
    ]);
  });
  it('that knows the model is tied by what it says itself', () => {
    const other = sbom({}, { app: ['m'] }, { models: { m: { name: 'classifier', ...purl('pkg:huggingface/example/classifier@1') } } });
    const result = join(model(), other);
    expect(result.manifest.models).toBeUndefined();
    expect(edges(result)).toEqual({ app: ['model'] });
    expect(result.manifest.components?.app?.composition).toBeUndefined();
  });
  it('is the subject where that is asked for, and the model one of the models', () => {
    const { manifest } = join(model({ torch }, { model: ['torch'] }), sbom(), { subject: 'app' });
    expect(manifest.bom.subject).toBe('app');
    expect(manifest.model).toBeUndefined();
    const [id = ''] = Object.keys(manifest.models ?? {});
    expect(manifest.components?.app?.composition?.model?.model).toBe(id);
    expect(edges({ manifest })).toEqual({ [id]: ['torch'] });
    expect(() => join(model(), sbom(), { subject: 'nothing' })).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE' }));
  });
});

describe('the rest of a document', () => {
  it('keeps circles and scopes', () => {
    const result = join(model(), sbom({ a: { name: 'a', scope: ['runtime'] }, b: { name: 'b' } }, { a: ['b'], b: ['a'] }));
    expect(edges(result)).toEqual({ a: ['b'], b: ['a'] });
    expect(result.manifest.components?.a?.scope).toEqual(['runtime']);
    expect(validateManifest(result.manifest).findings.map(({ id }) => id)).toContain('dependency-cycle');
  });
  it('brings other models, data, services and advisories', () => {
    const result = join(
      model({ lib: { name: 'c', ...purl('pkg:pypi/c@1') } }),
      sbom(
        { c: { name: 'c', ...purl('pkg:pypi/c@1') } },
        { app: ['s', 'other', 'data'] },
        {
          services: { s: { name: 'serving' } },
          models: { other: { name: 'guard' } },
          datasets: { data: { name: 'handbook' } },
          security: { vulnerabilities: { v: { id: 'CVE-2026-0001', affects: ['c'] } } },
        },
      ),
    );
    expect(edges(result)).toEqual({ app: ['data', 'other', 's'] });
    expect(result.manifest.security?.vulnerabilities?.v?.affects).toEqual(['lib']);
    expect([result.manifest.services?.s?.name, result.manifest.models?.other?.name, result.manifest.datasets?.data?.name]).toEqual([
      'serving',
      'guard',
      'handbook',
    ]);
  });
  it('that is about another model makes that one of the models', () => {
    const other: Manifest = { bom, model: { name: 'other' }, ...graph({ model: ['c'] }), components: { c: { name: 'c' } } };
    const result = join(model(), other);
    const [[id, { name }] = ['', { name: '' }]] = Object.entries(result.manifest.models ?? {});
    expect([name, edges(result)]).toEqual(['other', { [id]: ['c'] }]);
    expect(result.manifest.model?.name).toBe('classifier');
  });
  it('leaves files out with their names, and says so', () => {
    const artifacts = { 'x.js': { size: 1, digest: { sha256: '1a'.repeat(32) } } };
    const { manifest, findings } = join(model(), sbom({ c: { name: 'c', artifacts: ['x.js'] } }, {}, { artifacts }));
    expect(manifest.artifacts).toBeUndefined();
    expect(manifest.components?.c).toEqual({ name: 'c' });
    expect(findings.map(({ id, message }) => [id, message])).toEqual([
      ['merge-left-out', expect.stringContaining('artifacts')],
      ['merge-left-out', expect.stringContaining('1 names')],
    ]);
  });
  it('has evidence that names the document, and nothing else has', () => {
    const { manifest } = join(model({ torch }), sbom({ t: { ...torch, copyright: '(c)' } }, { app: ['t'] }));
    const sources = (pointer: string) => evidenceFor(manifest, pointer).supports.map(({ entry }) => entry.source?.name);
    expect([sources('/components/torch/copyright'), sources('/components/app/name'), sources('/dependencies/app')]).toEqual([
      ['app.cdx.json'],
      ['app.cdx.json'],
      ['app.cdx.json'],
    ]);
    expect(sources('/components/torch/name')).toEqual([]);
  });
  it('joined twice changes nothing more', () => {
    const other = sbom({ a: { name: 'a', ...purl('pkg:npm/a@1') } }, { app: ['a'] });
    const once = join(model({ torch }), other).manifest;
    const twice = join(once, other);
    expect(twice.manifest).toEqual(once);
    expect(twice.findings).toEqual([]);
  });
});
