import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joinSoftware } from '../../src/manifest/join.js';
import type { Component, Dependency, Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';

const bom = {
  specVersion: '1.0' as const,
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-11-23T09:00:00Z',
  declarations: [{ pointer: '/bom/authors', status: 'unknown' as const }],
};
const purl = (value: string) => ({ identifiers: [{ type: 'purl' as const, value }] });
const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const SHA = { a: hash('sha256', 'a'), b: hash('sha256', 'b') };
const SHA512 = hash('sha512', 'a');

const model = (components: Component[], dependencies?: Dependency[]): Manifest => ({
  bom,
  model: { name: 'classifier', ...purl('pkg:huggingface/example/classifier@1') },
  ...(components.length > 0 && { components }),
  ...(dependencies && { dependencies }),
});
const sbom = (components: Component[], dependencies?: Dependency[], parts: Partial<Manifest> = {}): Manifest => ({
  ...model(components, dependencies),
  model: { name: 'app', version: '3', licenses: [{ expression: 'MIT', kind: 'declared' }] },
  ...parts,
});
const join = (first: Manifest, second: Manifest) => {
  const result = joinSoftware(first, second, { source: { name: 'app.cdx.json' } });
  const checked = validateManifest(result.manifest);
  expect(checked.valid, JSON.stringify(checked.findings)).toBe(true);
  return result;
};
const ids = ({ findings }: { findings: readonly { id: string; pointer?: string | undefined }[] }) =>
  findings.map(({ id, pointer }) => `${id} ${pointer ?? ''}`);

describe('a component', () => {
  it('stands once when its purl is the same, whatever its qualifiers', () => {
    const { manifest, findings } = join(
      model([{ id: 'torch', name: 'torch', version: '2.9.0', ...purl('pkg:pypi/torch@2.9.0') }]),
      sbom([{ id: 'c1', name: 'Torch', version: '2.9.0', ...purl('pkg:pypi/torch@2.9.0?file_name=torch.whl'), description: 'tensors' }]),
    );
    expect(manifest.components?.map(({ id, name, description }) => [id, name, description])).toEqual([
      ['torch', 'torch', 'tensors'],
      ['model-2', 'app', undefined],
    ]);
    expect(manifest.components?.[0]?.identifiers).toHaveLength(2);
    expect(findings).toEqual([]);
  });
  it('stands once when name, version and type are the same and one of the two has no purl', () => {
    const { manifest } = join(
      model([{ name: 'torch', version: '2.9.0' }]),
      sbom([{ id: 'c1', name: 'torch', version: '2.9.0', type: 'library', ...purl('pkg:pypi/torch@2.9.0') }]),
    );
    expect(manifest.components?.[0]).toEqual({
      id: 'c1',
      name: 'torch',
      version: '2.9.0',
      type: 'library',
      ...purl('pkg:pypi/torch@2.9.0'),
    });
    expect(manifest.components).toHaveLength(2);
  });
  it.each([
    ['another purl', { ...purl('pkg:conda/torch@2.9.0') }],
    ['another version', { version: '2.8.0' }],
    ['another type', { type: 'framework' as const }],
  ])('is another one with %s', (_, part) => {
    const torch: Component = { id: 'torch', name: 'torch', version: '2.9.0', type: 'library', ...purl('pkg:pypi/torch@2.9.0') };
    const other: Component = { ...torch, identifiers: undefined as never, ...part };
    if (other.identifiers === undefined) delete other.identifiers;
    const { manifest } = join(model([torch]), sbom([other]));
    expect(manifest.components?.map(({ id }) => id)).toEqual(['torch', 'model-2', 'torch-2']);
  });
  it('of Python stands once however its name is spelled, when one of the two has a purl of Python', () => {
    const zope = { name: 'Zope.Interface', version: '5' };
    const other = { id: 'z', name: 'zope-interface', version: '5' };
    const of = (first: Component, second: Component) => join(model([first]), sbom([second])).manifest.components?.map(({ name }) => name);
    expect(of(zope, { ...other, ...purl('pkg:pypi/zope-interface@5') })).toEqual(['Zope.Interface', 'app']);
    expect(of({ ...zope, ...purl('pkg:pypi/zope.interface@5') }, other)).toEqual(['Zope.Interface', 'app']);
    expect(of(zope, other)).toEqual(['Zope.Interface', 'app', 'zope-interface']);
    expect(of(zope, { ...other, ...purl('pkg:npm/zope-interface@5') })).toEqual(['Zope.Interface', 'app', 'zope-interface']);
    expect(of(zope, { ...other, version: '6', ...purl('pkg:pypi/zope-interface@6') })).toEqual(['Zope.Interface', 'app', 'zope-interface']);
  });
  it('has one purl where two are spelled in different ways', () => {
    const { manifest } = join(
      model([{ name: 'Pillow', version: '10', ...purl('pkg:pypi/Pillow@10') }]),
      sbom([{ name: 'pillow', version: '10', ...purl('pkg:PyPI/pillow@10') }]),
    );
    expect(manifest.components?.[0]?.identifiers).toEqual(purl('pkg:pypi/Pillow@10').identifiers);
  });
  it('that the other document lists twice stands once', () => {
    const one = { name: 'a', version: '1', ...purl('pkg:npm/a@1') };
    const { manifest } = join(
      model([]),
      sbom(
        [
          { id: 'x', ...one },
          { id: 'y', ...one },
          { id: 'z', name: 'b' },
        ],
        [{ ref: 'z', dependsOn: ['y'] }],
      ),
    );
    expect(manifest.components?.map(({ name }) => name)).toEqual(['app', 'a', 'b']);
    expect(manifest.dependencies).toEqual([{ ref: 'z', dependsOn: ['x'] }]);
  });
});

describe('what two documents say of one component', () => {
  const torch: Component = { id: 'torch', name: 'torch', version: '2.9.0', ...purl('pkg:pypi/torch@2.9.0') };
  it('is joined where it does not collide', () => {
    const { manifest, findings } = join(
      model([{ ...torch, digest: { sha256: SHA.a } }]),
      sbom([{ ...torch, digest: { sha512: SHA512 }, copyright: '(c)' }]),
    );
    expect(manifest.components?.[0]).toMatchObject({ digest: { sha256: SHA.a, sha512: SHA512 }, copyright: '(c)' });
    expect(findings).toEqual([]);
  });
  it('is a finding where it does, and the model wins', () => {
    const mine: Component = { ...torch, digest: { sha256: SHA.a }, licenses: [{ expression: 'MIT', kind: 'declared' }], description: 'x' };
    const theirs: Component = {
      ...torch,
      digest: { sha256: SHA.b },
      licenses: [{ expression: 'BSD-3-Clause', kind: 'declared' }],
      description: 'y',
    };
    const result = join(model([mine]), sbom([theirs]));
    expect(result.manifest.components?.[0]).toEqual(mine);
    expect(ids(result)).toEqual([
      'merge-conflict /components/0/digest/sha256',
      'merge-conflict /components/0/licenses',
      'merge-conflict /components/0/description',
    ]);
    expect(result.findings.map(({ severity }) => severity)).toEqual(['medium', 'medium', 'low']);
  });
  it('may be the same hash in other letters', () => {
    expect(join(model([{ ...torch, digest: { sha256: SHA.a } }]), sbom([{ ...torch, digest: { sha256: SHA.a } }])).findings).toEqual([]);
  });
});

describe('the graph', () => {
  it('keeps the edges of both, under the ids of the merged document', () => {
    const { manifest } = join(
      model([{ id: 'torch', name: 'torch', ...purl('pkg:pypi/torch@2') }], [{ ref: 'model', dependsOn: ['torch'] }]),
      sbom(
        [
          { id: 'c1', name: 'torch', ...purl('pkg:pypi/torch@2') },
          { id: 'torch', name: 'torchvision', ...purl('pkg:pypi/torchvision@1') },
        ],
        [
          { ref: 'model', dependsOn: ['torch', 'c1'] },
          { ref: 'torch', dependsOn: ['c1'] },
          { ref: 'c1', dependsOn: [] },
        ],
      ),
    );
    expect(manifest.components?.map(({ id, name }) => [id, name])).toEqual([
      ['torch', 'torch'],
      ['model-2', 'app'],
      ['torch-2', 'torchvision'],
    ]);
    expect(manifest.dependencies).toEqual([
      { ref: 'model', dependsOn: ['torch'] },
      { ref: 'model-2', dependsOn: ['torch-2', 'torch'] },
      { ref: 'torch-2', dependsOn: ['torch'] },
      { ref: 'torch', dependsOn: [] },
    ]);
  });
  it('knows the model again in the other document', () => {
    const weights: Component = { id: 'm', name: 'classifier', ...purl('pkg:huggingface/example/classifier@1') };
    const { manifest } = join(model([]), sbom([weights], [{ ref: 'model', dependsOn: ['m'] }]));
    expect(manifest.components?.map(({ name }) => name)).toEqual(['app']);
    expect(manifest.dependencies).toEqual([{ ref: 'model-2', dependsOn: ['model'] }]);
  });
  it('leaves out edges to what is no software, and says so', () => {
    const data = { datasets: [{ id: 'data', name: 'data' }] };
    const result = join(model([]), sbom([{ id: 'c', name: 'c' }], [{ ref: 'c', dependsOn: ['data'] }], data));
    expect(result.manifest.datasets).toBeUndefined();
    expect(result.manifest.dependencies).toEqual([{ ref: 'c', dependsOn: [] }]);
    expect(ids(result)).toEqual(['merge-left-out ', 'merge-left-out ']);
  });
});

it('everything new has evidence that names the document, and nothing else has', () => {
  const torch: Component = { id: 'torch', name: 'torch', version: '2', ...purl('pkg:pypi/torch@2') };
  const { manifest } = join(
    model([torch]),
    sbom(
      [
        { ...torch, copyright: '(c)' },
        { id: 'b', name: 'b' },
      ],
      [{ ref: 'b', dependsOn: ['torch'] }],
    ),
  );
  expect(manifest.evidence).toEqual([
    {
      origin: 'declared',
      method: 'merge',
      source: { name: 'app.cdx.json' },
      pointers: ['/components/0/copyright', '/components/1', '/components/2', '/dependencies'],
    },
  ]);
});

it('advisories and services come along', () => {
  const parts: Partial<Manifest> = {
    services: [{ id: 's', name: 'serving' }],
    security: { vulnerabilities: [{ id: 'CVE-2026-0001', affects: ['c'] }] },
  };
  const { manifest } = join(
    model([{ id: 'torch', name: 'c', ...purl('pkg:pypi/c@1') }]),
    sbom([{ id: 'c', name: 'c', ...purl('pkg:pypi/c@1') }], undefined, parts),
  );
  expect(manifest.services).toEqual([{ id: 's', name: 'serving' }]);
  expect(manifest.security?.vulnerabilities).toEqual([{ id: 'CVE-2026-0001', affects: ['torch'] }]);
});

it('merging twice changes nothing more', () => {
  const other = sbom([{ id: 'a', name: 'a', ...purl('pkg:npm/a@1') }], [{ ref: 'model', dependsOn: ['a'] }]);
  const once = join(model([]), other).manifest;
  const twice = join(once, other);
  expect(twice.manifest).toEqual(once);
  expect(twice.findings).toEqual([]);
});

it('a hundred thousand components take seconds', () => {
  const components = Array.from(
    { length: 100_000 },
    (_, i): Component => ({ id: `c${i}`, name: `c${i}`, version: '1', ...purl(`pkg:npm/c${i}@1`) }),
  );
  const start = performance.now();
  const { manifest } = joinSoftware(model(components.slice(0, 50_000)), sbom(components, [{ ref: 'c1', dependsOn: ['c2'] }]), {
    source: { name: 'x' },
  });
  expect(manifest.components).toHaveLength(100_001);
  expect(performance.now() - start).toBeLessThan(20_000);
});

describe('what is not taken over', () => {
  const vulnerable = (affects: string[]): Partial<Manifest> => ({
    datasets: [{ id: 'shared', name: 'their data', roles: ['training'] }],
    environments: [{ id: 'host', purpose: ['training'] }],
    security: { vulnerabilities: [{ id: 'CVE-2026-0001', affects, status: 'affected' }] },
  });
  const ours: Manifest = { ...model([{ id: 'lib', name: 'lib' }]), datasets: [{ id: 'shared', name: 'our data', roles: ['training'] }] };

  it('is not referred to, even where the model has something of the same id', () => {
    const { manifest } = join(
      ours,
      sbom([{ id: 'c', name: 'c', environment: 'host' }], [{ ref: 'c', dependsOn: ['shared'] }], vulnerable(['shared', 'c'])),
    );
    expect(manifest.components?.find(({ name }) => name === 'c')).toEqual({ id: 'c', name: 'c' });
    expect(manifest.security?.vulnerabilities).toEqual([{ id: 'CVE-2026-0001', affects: ['c'], status: 'affected' }]);
    expect(JSON.stringify(manifest.dependencies)).not.toContain('shared');
  });
  it('has no advisories', () => {
    expect(join(ours, sbom([], undefined, vulnerable(['shared']))).manifest.security).toBeUndefined();
  });
  it('is another model, its edges and its advisories', () => {
    const other: Manifest = {
      ...sbom([{ id: 'c', name: 'c' }], [{ ref: 'model', dependsOn: ['c'] }]),
      security: { vulnerabilities: [{ id: 'CVE-2026-0001', affects: ['model'], status: 'affected' }] },
    };
    const { manifest, findings } = joinSoftware(ours, other, { source: { name: 'x' }, subjectType: 'model' });
    expect(manifest.components?.map(({ name }) => name)).toEqual(['lib', 'c']);
    expect(manifest.dependencies ?? []).toEqual([]);
    expect(manifest.security).toBeUndefined();
    expect(findings.map(({ message }) => message)).toContain('left out of the other document: other models: app');
  });
  it('is not the model itself, which is known by its name where it has no purl', () => {
    const other: Manifest = { ...sbom([{ id: 'c', name: 'c' }], [{ ref: 'model', dependsOn: ['c'] }]), model: { name: 'classifier' } };
    const { manifest } = joinSoftware(ours, other, { source: { name: 'x' }, subjectType: 'model' });
    expect(manifest.components?.map(({ name }) => name)).toEqual(['lib', 'c']);
    expect(manifest.dependencies).toEqual([{ ref: 'model', dependsOn: ['c'] }]);
  });
});
