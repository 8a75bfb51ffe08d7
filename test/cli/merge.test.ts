import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toSPDX } from '../../src/convert/index.js';
import { parseManifest } from '../../src/manifest/parse.js';
import type { Manifest } from '../../src/schema/index.js';
import { runCli } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary.js';

const model = readFileSync(new URL('../../docs/rules/base.json', import.meta.url), 'utf8');

/** An application that serves the model: one component is in the model's manifest too, with another licence. */
const application = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { timestamp: '2026-01-01T00:00:00Z', component: { type: 'application', 'bom-ref': 'app', name: 'desk', version: '3' } },
  components: [
    {
      type: 'library',
      'bom-ref': 'pkg:pypi/torch@2.9.1',
      name: 'torch',
      version: '2.9.1',
      purl: 'pkg:pypi/torch@2.9.1',
      copyright: '(c) Example',
    },
    { type: 'library', 'bom-ref': 'pkg:pypi/fastapi@0.100.0', name: 'fastapi', version: '0.100.0', purl: 'pkg:pypi/fastapi@0.100.0' },
  ],
  dependencies: [
    { ref: 'app', dependsOn: ['pkg:pypi/fastapi@0.100.0', 'pkg:pypi/torch@2.9.1'] },
    { ref: 'pkg:pypi/fastapi@0.100.0', dependsOn: [] },
  ],
};
const xml =
  '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><component type="application" bom-ref="app"><name>desk</name></component></metadata>' +
  '<components><component type="library" bom-ref="x"><name>uvicorn</name><version>1</version><purl>pkg:pypi/uvicorn@1</purl></component></components></bom>';
const spdx = JSON.stringify(toSPDX(parseManifest(model)).document);
const namesOf = ({ components = {} }: Manifest): readonly string[] => Object.values(components).map(({ name }) => name);
/** The key of a component, by its name. */
const keyOf = ({ components = {} }: Manifest, wanted: string): string =>
  Object.keys(components).find((key) => components[key]?.name === wanted) ?? '';
const edgesOf = (manifest: Manifest, wanted: string): readonly string[] =>
  Object.values(manifest.dependencies?.[keyOf(manifest, wanted)]?.edges ?? {}).flat();

const spdx2 = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'desk',
  documentNamespace: 'https://example.org/spdx/desk',
  creationInfo: { created: '2026-01-31T09:00:00Z', creators: ['Tool: maker'] },
  documentDescribes: ['SPDXRef-desk'],
  packages: ['desk@3', 'torch@2.9.1', 'fastapi@1'].map((each) => {
    const [name = '', versionInfo = ''] = each.split('@');
    const purl = { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: `pkg:pypi/${each}` };
    return { SPDXID: `SPDXRef-${name}`, name, versionInfo, downloadLocation: 'NOASSERTION', externalRefs: [purl] };
  }),
  relationships: [
    { spdxElementId: 'SPDXRef-desk', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-torch' },
    { spdxElementId: 'SPDXRef-fastapi', relationshipType: 'DEPENDENCY_OF', relatedSpdxElement: 'SPDXRef-desk' },
  ],
};

async function msbom(argv: readonly string[], stdin = '') {
  const cwd = temporaryDirectory({
    'm.msbom.json': model,
    'app.cdx.json': JSON.stringify(application),
    'app.cdx.xml': xml,
    'm.spdx.json': spdx,
    'tag.spdx': 'SPDXVersion: SPDX-2.3\n',
    'app.spdx2.json': JSON.stringify(spdx2),
    'bad.cdx.json': JSON.stringify({ ...application, colour: 'red' }),
  });
  return { ...(await runCli(cwd, argv, { stdin, env: { SOURCE_DATE_EPOCH: '1800000000' } })), cwd };
}

describe('msbom merge', () => {
  it('brings an application and a model into one manifest', async () => {
    const { code, out } = await msbom(['merge', 'm.msbom.json', 'app.cdx.json']);
    expect(code).toBe(0);
    const merged = JSON.parse(out) as Manifest;
    const before = parseManifest(model);
    expect(merged.bom).toMatchObject({ serialNumber: before.bom.serialNumber, version: 2, timestamp: '2027-01-15T08:00:00Z' });
    expect(merged.components?.[keyOf(merged, 'torch')]).toMatchObject({ copyright: '(c) Example' });
    expect([...namesOf(merged)].sort()).toEqual([...namesOf(before), 'desk', 'fastapi'].sort());
    // The application stays one, with its own edges, and the model is a part of it.
    expect(merged.components?.[keyOf(merged, 'desk')]).toMatchObject({
      type: 'application',
      version: '3',
      composition: { model: { model: 'model', relation: 'part' } },
    });
    expect([...edgesOf(merged, 'desk')].sort()).toEqual([keyOf(merged, 'fastapi'), keyOf(merged, 'torch')].sort());
    expect(merged.bom.subject ?? 'model').toBe('model');
    expect(merged.evidence).toContainEqual(
      expect.objectContaining({
        origin: 'declared',
        source: { name: 'app.cdx.json', digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      }),
    );
    expect((await msbom(['validate', '-'], out)).code).toBe(0);
  });
  it('takes SPDX 2.3, as most programs write it', async () => {
    const { code, out } = await msbom(['merge', 'm.msbom.json', 'app.spdx2.json']);
    expect(code).toBe(0);
    const merged = JSON.parse(out) as Manifest;
    const before = parseManifest(model);
    expect([...namesOf(merged)].sort()).toEqual([...namesOf(before), 'desk', 'fastapi'].sort());
    expect([...edgesOf(merged, 'desk')].sort()).toEqual([keyOf(merged, 'fastapi'), keyOf(merged, 'torch')].sort());
    expect((await msbom(['validate', '-'], out)).code).toBe(0);
  });
  it('takes what the application is, also when the model is one of its components', async () => {
    const theirs = { type: 'machine-learning-model', 'bom-ref': 'theirs', name: 'other', version: '1', modelCard: {} };
    const { name = '', version, group } = parseManifest(model).model ?? {};
    const ours = { type: 'machine-learning-model', 'bom-ref': 'ours', name, version, group };
    const both = {
      ...application,
      components: [...application.components.map((each, i) => (i === 1 ? { ...each, components: [ours] } : each)), theirs],
      dependencies: [{ ref: 'app', dependsOn: ['ours', 'theirs', 'pkg:pypi/fastapi@0.100.0'] }],
    };
    const { code, out } = await msbom(['merge', 'm.msbom.json', '-'], JSON.stringify(both));
    expect(code).toBe(0);
    const merged = JSON.parse(out) as Manifest;
    expect(merged.components?.[keyOf(merged, 'desk')]?.type).toBe('application');
    const [other = ''] = Object.entries(merged.models ?? {}).flatMap(([key, { name }]) => (name === 'other' ? [key] : []));
    // Ours is the model, another one of the models.
    expect([...edgesOf(merged, 'desk')].sort()).toEqual(['model', keyOf(merged, 'fastapi'), other].sort());
    expect(merged.model?.name).toBe(parseManifest(model).model?.name);
    expect(namesOf(merged)).not.toContain('other');
  });
  it('takes an environment without a subject, and does not complain that it is no model', async () => {
    const { metadata: _metadata, ...environment } = application;
    const { code, out } = await msbom(['merge', 'm.msbom.json', '-', '--fail-on', 'medium'], JSON.stringify(environment));
    expect(code).toBe(0);
    expect(namesOf(JSON.parse(out) as Manifest)).toContain('fastapi');
  });
  it('takes the software of an SPDX document of another model, which is not the subject', async () => {
    const base = parseManifest(model);
    const other: Manifest = {
      ...base,
      model: { name: 'another' },
      components: { c: { name: 'c' } },
    };
    const { out, code } = await msbom(['merge', 'm.msbom.json', '-'], JSON.stringify(toSPDX(other).document));
    expect(code).toBe(0);
    const merged = JSON.parse(out) as Manifest;
    expect(namesOf(merged)).toContain('c');
    expect(namesOf(merged)).not.toContain('another');
    expect(merged.model?.name).toBe(base.model?.name);
    expect(Object.values(merged.models ?? {}).map(({ name }) => name)).toContain('another');
  });
  it('takes XML, SPDX, manifests and several documents, also from standard input', async () => {
    const { code, out, cwd } = await msbom(['merge', 'm.msbom.json', 'app.cdx.xml', '-', '-o', 'out.json'], JSON.stringify(application));
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const merged = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as Manifest;
    expect(namesOf(merged)).toEqual(expect.arrayContaining(['uvicorn', 'fastapi', 'desk']));
    for (const same of ['m.spdx.json', 'm.msbom.json']) {
      const again = JSON.parse((await msbom(['merge', 'm.msbom.json', same])).out) as Manifest;
      expect(again.components, same).toEqual(parseManifest(model).components);
    }
  });
  it('writes other standards', async () => {
    const { code, out } = await msbom(['merge', 'm.msbom.json', 'app.cdx.json', '--to', 'cyclonedx@1.5']);
    expect(code).toBe(0);
    const bom = JSON.parse(out) as { specVersion: string; components: { name: string }[] };
    expect(bom.specVersion).toBe('1.5');
    expect(bom.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['desk', 'fastapi', 'torch']));
    expect((await msbom(['validate', '-'], out)).code).toBe(0);
    expect((await msbom(['validate', '-'], (await msbom(['merge', 'm.msbom.json', 'app.cdx.json', '--to', 'spdx'])).out)).code).toBe(0);
  });
  it('tells what disagrees, and fails on it when asked', async () => {
    const other = JSON.stringify(application).replace(
      '"name":"torch"',
      `"name":"torch","hashes":[{"alg":"SHA-256","content":"${'1a'.repeat(32)}"}]`,
    );
    const parsed = parseManifest(model);
    const components = Object.fromEntries(
      Object.entries(parsed.components ?? {}).map(([key, each]) => [key, { ...each, digest: { sha256: '2b'.repeat(32) } }]),
    );
    const first = temporaryDirectory({ 'm.json': JSON.stringify({ ...parsed, components }) });
    const told = await msbom(['merge', join(first, 'm.json'), '-'], other);
    expect(told).toMatchObject({
      code: 0,
      err: expect.stringMatching(/medium two sources disagree: .*2b2b.* was kept, .*1a1a.* \[merge-conflict\]/),
    });
    expect((await msbom(['merge', join(first, 'm.json'), '-', '--fail-on', 'medium'], other)).code).toBe(1);
  });
  it.each([
    ['a document that is not there', ['merge', 'm.msbom.json', 'none.json'], 2, 'ERR_IO_NOT_FOUND'],
    ['a model that its schema refuses', ['merge', 'bad.cdx.json', 'm.msbom.json'], 2, 'ERR_CONVERT_INPUT'],
    ['SPDX 2', ['merge', 'm.msbom.json', 'tag.spdx'], 2, 'ERR_CONVERT_INPUT'],
    ['what its schema refuses', ['merge', 'm.msbom.json', 'bad.cdx.json'], 2, 'ERR_CONVERT_INPUT'],
    ['nothing to merge', ['merge', 'm.msbom.json'], 2, 'ERR_CLI_USAGE'],
  ])('refuses %s', async (_, argv, code, error) =>
    expect(await msbom(argv)).toMatchObject({ code, out: '', err: expect.stringContaining(error) }),
  );
  it('says where a manifest among the others is wrong, and how to see the rest', async () => {
    const bad = temporaryDirectory({ 'bad.json': model.replace('"version": 1,', '"version": "two",') });
    const name = join(bad, 'bad.json');
    const { code, err } = await msbom(['merge', 'm.msbom.json', name]);
    expect(code).toBe(2);
    expect(err).toMatch(/bad\.json:\d+:\d+: .*\[ERR_MANIFEST_INVALID\]\nhint: run `msbom validate .*bad\.json`/);
  });
});
