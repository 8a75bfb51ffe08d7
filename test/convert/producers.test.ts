/** What documents of other producers say, in forms that are easily read wrongly. */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { openDocument, readSource } from '../../src/convert/document.js';
import { isGitoid } from '../../src/convert/identifiers.js';
import { fromSPDX2, toSPDX2 } from '../../src/convert/spdx2/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { validateDocument } from '../../src/convert/validate.js';
import { isCpe22, isCpe23 } from '../../src/core/cpe.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';

type Any = Readonly<Record<string, unknown>>;
const BOM = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const cyclonedx = (components: readonly object[]): Manifest =>
  fromCycloneDX({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { timestamp: BOM.timestamp, component: { type: 'application', 'bom-ref': 'app', name: 'app' } },
    components,
  }).manifest;
const componentsOf = (manifest: Manifest): readonly Any[] => (toCycloneDX(manifest).document.components ?? []) as readonly Any[];
const spdx2 = (packages: readonly object[]): Any => ({
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'it',
  documentNamespace: 'https://example.org/it',
  creationInfo: { created: BOM.timestamp, creators: ['Tool: t'] },
  packages: packages.map((each, i) => ({ SPDXID: `SPDXRef-${i}`, name: `p${i}`, downloadLocation: 'NOASSERTION', ...each })),
});
const nodes = (manifest: Manifest): readonly Any[] => toSPDX(manifest).document['@graph'] as readonly Any[];
const kinds = ({ components = {} }: Manifest): readonly unknown[] => Object.values(components).map(({ type }) => type);

describe('kinds', () => {
  it('what has no word in SPDX is other, and no cryptographic asset', () => {
    expect(kinds(fromSPDX2(spdx2([{ primaryPackagePurpose: 'OTHER' }])).manifest)).toEqual(['other']);
    const asset: Manifest = { bom: BOM, components: { key: { name: 'key', type: 'cryptographic-asset' } } };
    expect(fromSPDX(toSPDX(asset).document).manifest.components).toEqual(asset.components);
  });

  it('an operating system is one as the text of SPDX 2.3 spells it, and for the validator too', async () => {
    const document = JSON.stringify(spdx2([{ primaryPackagePurpose: 'OPERATING-SYSTEM' }]));
    expect((await validateDocument(document)).valid).toBe(true);
    expect(kinds((await readSource(await openDocument(document))).manifest)).toEqual(['operating-system']);
    expect((await validateDocument(JSON.stringify(spdx2([{ primaryPackagePurpose: 'OPERATING SYSTEM' }])))).valid).toBe(false);
  });

  it('a file is a file of SPDX, and a package of that purpose where it has a version or an address', () => {
    const of = (more: object): readonly unknown[] =>
      nodes({ bom: BOM, components: { it: { name: 'it', type: 'file', ...more } } })
        .filter(({ type }) => /_File$|_Package$/.test(String(type)))
        .map(({ type, software_primaryPurpose: purpose }) => [type, purpose]);
    expect(of({})).toEqual([['software_File', 'file']]);
    const uri = 'https://example.org/it';
    for (const more of [
      { version: '1' },
      { identifiers: [{ type: 'purl', value: 'pkg:generic/it' }] },
      { uris: { distribution: uri } },
      { uris: { homepage: uri } },
    ])
      expect(of(more)).toEqual([['software_Package', 'file']]);
  });

  it('a file has a supplier', () => {
    const graph = nodes(cyclonedx([{ type: 'file', 'bom-ref': 'it', name: 'it', supplier: { name: 'Acme' } }]));
    const file = graph.find(({ type }) => type === 'software_File');
    expect(graph.find(({ spdxId }) => spdxId === file?.suppliedBy)?.name).toBe('Acme');
  });
});

describe('a file of a model whose size nobody says', () => {
  const HASH = 'a'.repeat(64);
  const expected = { type: 'file', name: 'w.bin', digest: { sha256: HASH } };
  it('stays there in CycloneDX and in SPDX', () => {
    const file = { type: 'file', 'bom-ref': 'f', name: 'w.bin', hashes: [{ alg: 'SHA-256', content: HASH }] };
    const { foreign: _foreign, ...manifest } = cyclonedx([
      { type: 'machine-learning-model', 'bom-ref': 'm', name: 'm', components: [file] },
    ]);
    expect(manifest.components?.f).toEqual(expected);
    expect(manifest.artifacts).toBeUndefined();
    expect(manifest.dependencies).toEqual({ m: { edges: { contains: ['f'] } } });
    const [model] = componentsOf(manifest) as readonly { readonly components?: readonly Any[] }[];
    expect(model?.components?.[0]).toMatchObject(file);
    const graph = nodes(manifest);
    const node = graph.find(({ type }) => type === 'software_File');
    expect(node).toMatchObject({ name: 'w.bin', verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: HASH }] });
    expect(graph.find(({ relationshipType }) => relationshipType === 'contains')?.to).toEqual([node?.spdxId]);
    const { components } = fromSPDX({ ...toSPDX(manifest).document }).manifest;
    expect(components?.f).toEqual(expected);
  });
});

describe('SPDX 2', () => {
  it.each([
    [1, 'SPDXRef-0'],
    [2, undefined],
  ])('with %s packages and nothing described', (count, subject) => {
    const { manifest } = fromSPDX2(spdx2(Array.from({ length: count }, () => ({}))));
    expect(manifest.bom.subject).toBe(subject);
  });

  it('of 2.2 is read, of 2.1 it is not', async () => {
    const text = (version: string): string => JSON.stringify({ ...spdx2([{}]), spdxVersion: `SPDX-${version}` });
    expect(kinds((await readSource(await openDocument(text('2.2')))).manifest)).toEqual([undefined]);
    expect((await validateDocument(text('2.2'))).valid).toBe(true);
    await expect(openDocument(text('2.1')).then((opened) => readSource(opened))).rejects.toThrow('SPDX 2.1 is not read');
    expect((await validateDocument(text('2.1'))).valid).toBe(false);
  });
});

describe('SPDX 2.3, read and written', () => {
  const back = (document: Any) => toSPDX2(fromSPDX2(document).manifest).document;
  const edges = (document: Any): readonly string[] =>
    back(document).relationships.map(({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      [spdxElementId, relationshipType, relatedSpdxElement].join(' ').replaceAll('SPDXRef-', ''),
    );

  it('a package that has the id of the document is what the document is about', () => {
    const document = {
      ...spdx2([{ SPDXID: 'SPDXRef-app', versionInfo: '1' }, {}]),
      SPDXID: 'SPDXRef-app',
      documentDescribes: ['SPDXRef-app'],
      relationships: [{ spdxElementId: 'SPDXRef-app', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-1' }],
    };
    const { manifest } = fromSPDX2(document);
    expect(manifest.components?.[manifest.bom.subject ?? '']).toMatchObject({ name: 'p0', version: '1' });
    expect(edges(document)).toEqual(['DOCUMENT DESCRIBES app', 'app CONTAINS 1']);
  });

  it.each([
    ['0 DYNAMIC_LINK 1'],
    ['0 STATIC_LINK 1'],
    ['0 BUILD_TOOL_OF 1'],
    ['0 DEV_TOOL_OF 1'],
    ['0 TEST_TOOL_OF 1'],
    ['0 DEPENDS_ON 1'],
  ])('%s stays what it is, and no other is a dependency of CycloneDX', (edge) => {
    const [from, type, to] = edge.split(' ');
    const relationship = { spdxElementId: `SPDXRef-${from}`, relationshipType: type, relatedSpdxElement: `SPDXRef-${to}` };
    const document = { ...spdx2([{}, {}]), relationships: [relationship] };
    expect(edges(document).filter((each) => !each.includes('DESCRIBES'))).toEqual([edge]);
    const { dependencies = [] } = toCycloneDX(fromSPDX2(document).manifest).document;
    expect((dependencies as readonly Any[]).some(({ dependsOn }) => dependsOn !== undefined)).toBe(type === 'DEPENDS_ON');
  });

  it('each licence that stands in a file', () => {
    const file = {
      SPDXID: 'SPDXRef-file',
      fileName: './a.c',
      checksums: [{ algorithm: 'SHA1', checksumValue: 'd6a770ba38583ed4bb4525bd96e50461655d2758' }],
      licenseInfoInFiles: ['MIT', 'GPL-2.0-only'],
      copyrightText: 'NOASSERTION',
    };
    const { files } = back({ ...spdx2([{}]), files: [file] });
    expect(files).toMatchObject([{ licenseInfoInFiles: ['MIT', 'GPL-2.0-only'], copyrightText: 'NOASSERTION' }]);
  });

  it('digests by BLAKE2b of every length', () => {
    const checksums = [
      { algorithm: 'BLAKE2b-256', checksumValue: '5a'.repeat(32) },
      { algorithm: 'BLAKE2b-384', checksumValue: '5a'.repeat(48) },
    ];
    const document = spdx2([{ checksums }]);
    expect(new Set(back(document).packages[0]?.checksums)).toEqual(new Set(checksums));
    expect(componentsOf(fromSPDX2(document).manifest)).toEqual([]);
    expect((toCycloneDX(fromSPDX2(document).manifest).document.metadata as Any).component).toMatchObject({
      hashes: [
        { alg: 'BLAKE2b-384', content: '5a'.repeat(48) },
        { alg: 'BLAKE2b-256', content: '5a'.repeat(32) },
      ],
    });
  });
});

describe('SPDX 3', () => {
  it('that says nothing of a copyright says none', () => {
    const text = JSON.stringify(toSPDX({ bom: BOM, components: { it: { name: 'it', copyright: 'COPYRIGHT' } } }).document);
    const read = (copyright: string): unknown => fromSPDX(JSON.parse(text.replace('COPYRIGHT', copyright))).manifest.components;
    expect(read('NOASSERTION')).toEqual({ it: { name: 'it' } });
    expect(read('2026 Acme')).toEqual({ it: { name: 'it', copyright: '2026 Acme' } });
  });
});

describe('external references of a component', () => {
  const at = (path: string): string => `https://example.org/${path}`;
  const stated = [
    { type: 'vcs', url: at('git') },
    { type: 'distribution', url: at('a.whl') },
    { type: 'distribution', url: at('a.tar.gz'), comment: 'as source' },
    { type: 'issue-tracker', url: at('issues') },
    { type: 'poam', url: at('poam') },
  ];
  const manifest = cyclonedx([{ type: 'library', 'bom-ref': 'it', name: 'it', externalReferences: stated }]);

  it('are there in CycloneDX, whatever their type', () => {
    expect(new Set(componentsOf(manifest)[0]?.externalReferences as readonly Any[])).toEqual(new Set(stated));
    const patent: Manifest = {
      bom: BOM,
      components: { a: { name: 'a', references: [{ type: 'patent', uri: at('p') }] }, b: { name: 'b' } },
    };
    const of = (version: '1.6' | '1.7'): unknown =>
      (toCycloneDX(patent, { version }).document.components as readonly Any[])[0]?.externalReferences;
    expect(of('1.7')).toEqual([{ type: 'patent', url: at('p') }]);
    expect(of('1.6')).toEqual([{ type: 'other', url: at('p'), comment: 'patent' }]);
  });

  it('are there in SPDX 3 and SPDX 2.3, by the types that these have', () => {
    const [node = {}] = nodes(manifest).filter(({ name, type }) => name === 'it' && type === 'software_Package');
    expect(node.software_downloadLocation).toBe(at('a.whl'));
    expect(node.externalRef).toEqual([
      { type: 'ExternalRef', externalRefType: 'vcs', locator: [at('git')] },
      { type: 'ExternalRef', externalRefType: 'altDownloadLocation', locator: [at('a.tar.gz')], comment: 'as source' },
      { type: 'ExternalRef', externalRefType: 'issueTracker', locator: [at('issues')] },
      { type: 'ExternalRef', externalRefType: 'other', locator: [at('poam')], comment: 'poam' },
    ]);
    const { document } = toSPDX2(manifest);
    const refs = document.packages.find(({ name }) => name === 'it')?.externalRefs;
    expect(refs?.map((each) => [each.referenceType, each.referenceLocator])).toEqual([
      ['vcs', at('git')],
      ['altDownloadLocation', at('a.tar.gz')],
      ['issueTracker', at('issues')],
      ['other', at('poam')],
    ]);
    const { components = {} } = fromSPDX2(document as unknown as Any).manifest;
    expect(Object.values(components).find(({ name }) => name === 'it')?.references).toEqual([
      ...(manifest.components?.it?.references ?? []).slice(0, -1),
      // A type that SPDX does not have is said in words.
      { type: 'other', uri: at('poam'), comment: 'poam' },
    ]);
  });
});

describe('services', () => {
  const services: Manifest['services'] = {
    shop: {
      group: 'com.example',
      name: 'shop',
      version: '2',
      description: 'Sells.',
      licenses: [{ expression: 'MIT', kind: 'declared' }],
    },
    stock: { name: 'stock', version: '3' },
    shelf: { name: 'shelf' },
  };
  const manifest: Manifest = {
    bom: BOM,
    services,
    dependencies: { shop: { edges: { contains: ['stock'], 'depends-on': ['stock'] } }, stock: { edges: { contains: ['shelf'] } } },
  };

  it('lie in one another in CycloneDX', () => {
    const { document } = toCycloneDX(manifest);
    expect(document.services).toMatchObject([
      {
        group: 'com.example',
        name: 'shop',
        version: '2',
        licenses: [{ license: { id: 'MIT', acknowledgement: 'declared' } }],
        services: [{ name: 'stock', version: '3', services: [{ name: 'shelf' }] }],
      },
    ]);
    expect(fromCycloneDX(document).manifest).toMatchObject({ services, dependencies: manifest.dependencies });
  });

  it('have their version and licences in SPDX', () => {
    const found = nodes(manifest).filter(({ type }) => type === 'software_Package');
    expect(found.map(({ name, software_packageVersion: version }) => [name, version])).toEqual(
      expect.arrayContaining([
        ['shop', '2'],
        ['stock', '3'],
        ['shelf', undefined],
      ]),
    );
    expect(fromSPDX(toSPDX(manifest).document).manifest.services?.shop).toMatchObject({ version: '2', licenses: services.shop?.licenses });
    expect(toSPDX2(manifest).document.packages.find(({ name }) => name === 'shop')).toMatchObject({
      versionInfo: '2',
      licenseDeclared: 'MIT',
    });
  });
});

describe('licences before CycloneDX 1.7', () => {
  const written = (...expressions: readonly string[]): unknown =>
    componentsOf({ bom: BOM, components: { it: { name: 'it', licenses: expressions.map((expression) => ({ expression })) } } })[0]
      ?.licenses;
  it('a licence of nobody’s list stands beside others by its name, alone as an expression', () => {
    expect(written('LicenseRef-own', 'MIT')).toEqual([{ license: { name: 'LicenseRef-own' } }, { license: { id: 'MIT' } }]);
    expect(written('LicenseRef-own')).toEqual([{ expression: 'LicenseRef-own' }]);
  });
  it('an expression of several stands alone', () => {
    expect(written('MIT', 'MIT OR Apache-2.0')).toEqual([{ expression: 'MIT OR Apache-2.0' }]);
  });
});

describe('what is said of a model that is not the subject', () => {
  const model = (name: string, more: object) => ({ type: 'machine-learning-model', 'bom-ref': name, name, ...more });
  it('is no risk of the application', () => {
    const modelCard = { considerations: { ethicalConsiderations: [{ name: 'bias' }] } };
    const manifest = cyclonedx([model('a', { modelCard }), model('b', {})]);
    expect(manifest.risk).toBeUndefined();
    expect(componentsOf(manifest)[0]?.modelCard).toEqual(modelCard);
  });
  it('is where it is: its website, else where it is had', () => {
    const references = (...types: readonly string[]) => ({
      externalReferences: types.map((type) => ({ type, url: `https://example.org/${type}` })),
    });
    const { models } = cyclonedx([model('a', references('distribution')), model('b', references('distribution', 'website'))]);
    expect(models?.a?.uri).toBe('https://example.org/distribution');
    expect(models?.b?.uri).toBe('https://example.org/website');
    const again = componentsOf({ bom: BOM, models: { a: { name: 'a', uri: 'https://example.org/x' } } });
    expect(again[0]?.externalReferences).toEqual([{ url: 'https://example.org/x', type: 'website' }]);
  });
});

describe('identifiers', () => {
  const TAIL = ':*:*:*:*:*:*:*';
  it.each([
    [`cpe:2.3:a:acme:it:1.0${TAIL}`, true],
    [`cpe:2.3:a:gnu:libgcc:8.3.0-6\\+deb10u1${TAIL}`, true],
    [`cpe:2.3:a:a\\:b:it:?1*${TAIL}`, true],
    [`cpe:2.3:-:-:it:-${TAIL}`, true],
    [`cpe:2.3:x:acme:it:1.0${TAIL}`, false],
    [`cpe:2.3:a:ac me:it:1.0${TAIL}`, false],
    [`cpe:2.3:a:acme:it:1+0${TAIL}`, false],
    [`cpe:2.3:a:acme:it\\x:1.0${TAIL}`, false],
    [`cpe:2.3:a::it:1.0${TAIL}`, false],
    ['cpe:2.3:a:acme:it:1.0', false],
    [`cpe:2.3:a:acme:it:1.0${TAIL}:*`, false],
    [`cpe:2.3:a:acme:${'x'.repeat(5000)}:1.0${TAIL}`, false],
    ['cpe:/a:acme:it:1.0', false],
  ])('%s of CPE 2.3: %s', (text, answer) => {
    expect(isCpe23(text)).toBe(answer);
  });
  it.each([
    ['cpe:/a:acme:it:1.0', true],
    ['cpe:/a:a:b:c:d:e:f:g', false],
    [`cpe:/a:${'x'.repeat(5000)}`, false],
    [`cpe:2.3:a:acme:it:1.0${TAIL}`, false],
  ])('%s of CPE 2.2: %s', (text, answer) => {
    expect(isCpe22(text)).toBe(answer);
  });
  it.each(['cpe:/a:acme:it:1.0', `cpe:2.3:a:gnu:libgcc:8.3.0-6\\+deb10u1${TAIL}`])('%s is there in each standard', (cpe) => {
    const { foreign: _foreign, ...manifest } = cyclonedx([{ type: 'library', 'bom-ref': 'it', name: 'it', cpe }]);
    expect(componentsOf(manifest)[0]?.cpe).toBe(cpe);
    const old = toSPDX2(manifest).document;
    expect(old.packages.flatMap(({ externalRefs = [] }) => externalRefs.map(({ referenceLocator }) => referenceLocator))).toEqual([cpe]);
    const read = fromSPDX2(old as unknown as Any).manifest.components ?? {};
    expect(Object.values(read).flatMap(({ identifiers = [] }) => identifiers)).toEqual([{ type: 'cpe', value: cpe }]);
  });
  it('what does not have the form of its type is kept as something else', () => {
    const [cpe, purl] = ['cpe:2.3:a:acme:it:1.0', 'acme/it@1'];
    const kept = { identifiers: [{ type: 'other', scheme: 'cpe', value: cpe }] };
    const stated = [{ referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: cpe }];
    expect(Object.values(fromSPDX2(spdx2([{ externalRefs: stated }])).manifest.components ?? {})).toMatchObject([kept]);
    const { components = {} } = cyclonedx([{ type: 'library', 'bom-ref': 'it', name: 'it', cpe, purl }]);
    expect(components.it).toMatchObject({ identifiers: [{ type: 'other', scheme: 'purl', value: purl }, ...kept.identifiers] });
    const commit = `gitoid:commit:sha1:${'5a'.repeat(20)}`;
    const odd = cyclonedx([{ type: 'library', 'bom-ref': 'it', name: 'it', omniborId: [commit], swhid: ['swh:1:abc'] }]);
    expect(odd.components?.it).toMatchObject({
      identifiers: [
        { type: 'other', scheme: 'swhid', value: 'swh:1:abc' },
        { type: 'other', scheme: 'omnibor', value: commit },
      ],
    });
    expect(validateManifest(fromSPDX2(spdx2([{ externalRefs: stated }])).manifest).findings.map(({ id }) => id)).not.toContain(
      'identifier-invalid',
    );
  });

  it('a commit is one of SPDX, and no artefact of OmniBOR', () => {
    const value = `gitoid:commit:sha1:${'a'.repeat(40)}`;
    expect(isGitoid(value)).toBe(true);
    const manifest: Manifest = { bom: BOM, components: { it: { name: 'it', identifiers: [{ type: 'omnibor', value }] } } };
    expect(componentsOf(manifest)[0]?.omniborId).toBeUndefined();
    expect(toSPDX2(manifest).document.packages[0]?.externalRefs?.map(({ referenceType }) => referenceType)).toEqual(['gitoid']);
  });
});

describe('file properties of BSI TR-03183-2 in CycloneDX', () => {
  // Names and words of https://github.com/BSI-Bund/tr-03183-cyclonedx-property-taxonomy
  const component = {
    name: 'it',
    filename: 'it.tar',
    properties: { executable: false, archive: true, structured: false },
  };
  const manifest: Manifest = { bom: BOM, model: { name: 'm' }, components: { it: component } };
  it('stand under the names of its taxonomy, and are read from any document', () => {
    const properties = [
      { name: 'bsi:component:filename', value: 'it.tar' },
      { name: 'bsi:component:executable', value: 'non-executable' },
      { name: 'bsi:component:archive', value: 'archive' },
      { name: 'bsi:component:structured', value: 'unstructured' },
    ];
    expect(componentsOf(manifest)[0]?.properties).toEqual(expect.arrayContaining(properties));
    expect(JSON.stringify(componentsOf(manifest)[0])).not.toContain('msbom:component:properties');
    const document = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [{ type: 'file', name: 'it', properties }] };
    const [read] = Object.values(fromCycloneDX(document).manifest.components ?? {});
    expect(read).toMatchObject(component);
    const files: Manifest = {
      bom: BOM,
      model: { name: 'm' },
      artifacts: { a: { role: 'weights', size: 1, digest: { sha256: 'a'.repeat(64) }, properties: { executable: true } } },
    };
    const back = fromCycloneDX(toCycloneDX(files).document).manifest;
    expect(back.artifacts?.a?.properties).toEqual({ executable: true });
  });
  it('with another word stay the words of their document', () => {
    const properties = [{ name: 'bsi:component:executable', value: 'perhaps' }];
    const document = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [{ type: 'file', name: 'it', properties }] };
    const { manifest: read } = fromCycloneDX(document);
    expect(Object.values(read.components ?? {})[0]?.properties).toBeUndefined();
    expect(JSON.stringify(toCycloneDX(read).document)).toContain('perhaps');
  });
});

describe('hyperparameters in SPDX 3', () => {
  const OFFICIAL = 'cdx:ai-ml:model:hyperparameter:context_length';
  it('hold what CycloneDX has official names for, which is no hyperparameter of the training', () => {
    const manifest: Manifest = { bom: BOM, model: { name: 'net', contextLength: 512, languages: ['en', 'de'] } };
    const [model = {}] = nodes(manifest).filter(({ type }) => type === 'ai_AIPackage');
    expect((model.ai_hyperparameter as readonly Any[]).map(({ key, value }) => [key, value])).toEqual([
      ['cdx:ai-ml:model:language', 'en'],
      ['cdx:ai-ml:model:language', 'de'],
      [OFFICIAL, '512'],
    ]);
    expect(model.extension).toBeUndefined();
    expect(fromSPDX(toSPDX(manifest).document).manifest.model).toEqual(manifest.model);
  });
  it('of such a name in the training stay there', () => {
    const manifest: Manifest = { bom: BOM, model: { name: 'net', training: { hyperparameters: { [OFFICIAL]: 1, seed: 2 } } } };
    expect(fromSPDX(toSPDX(manifest).document).manifest.model).toEqual(manifest.model);
  });
});

describe('a run in SPDX 3', () => {
  const manifest: Manifest = {
    bom: BOM,
    model: {
      name: 'net',
      training: {
        hyperparameters: { seed: 1 },
        code: { repository: 'https://git.example.org/train.git' },
        uses: { a: { dataset: 'letters' } },
        run: { id: 'run-7', start: '2026-01-01T10:00:00Z', end: '2026-01-01T11:00:00.5Z', status: 'done' },
      },
    },
    datasets: { letters: { name: 'letters' } },
  };
  const builds = (of: Manifest): readonly Any[] => nodes(of).filter(({ type }) => type === 'build_Build');

  it('is the build that has put out the model', () => {
    const graph = nodes(manifest);
    const [build] = builds(manifest);
    expect(build).toMatchObject({
      build_buildType: 'urn:msbom:build-type:training:1',
      build_buildId: 'run-7',
      build_buildStartTime: '2026-01-01T10:00:00Z',
      build_buildEndTime: '2026-01-01T11:00:00Z',
      build_configSourceUri: ['https://git.example.org/train.git'],
      build_parameter: [{ type: 'DictionaryEntry', key: 'seed', value: '1' }],
    });
    const names = (relation: string) =>
      graph
        .filter(({ relationshipType, from }) => relationshipType === relation && from === build?.spdxId)
        .flatMap(({ to }) => (to as readonly string[]).map((iri) => graph.find(({ spdxId }) => spdxId === iri)?.name));
    expect(names('hasOutput')).toEqual(['net']);
    expect(names('hasInput')).toEqual(['letters']);
    expect(graph.find(({ type }) => type === 'SpdxDocument')?.profileConformance).toContain('build');
    expect(fromSPDX(toSPDX(manifest).document).manifest.model).toEqual(manifest.model);
  });

  it('is written where something is known of it', () => {
    const of = (run: object) => builds({ bom: BOM, model: { name: 'net', training: { run } } }).map(({ build_buildId: id }) => id);
    expect(of({ status: 'done' })).toEqual([]);
    expect(of({ start: '2026-01-01T10:00:00Z' })).toEqual([undefined]);
    expect(of({ id: '7' })).toEqual(['7']);
  });

  it('of another producer is read with its parameters, unless the model has its own', () => {
    const { document } = toSPDX({ bom: BOM, model: { name: 'net', training: { run: { id: '1' } } } });
    const edited = (own: object) =>
      fromSPDX({
        ...document,
        '@graph': (document['@graph'] as readonly Any[]).map((node) =>
          node.type === 'build_Build'
            ? { ...node, build_buildId: '2', build_parameter: [{ type: 'DictionaryEntry', key: 'lr', value: '0.5' }] }
            : node.type === 'ai_AIPackage'
              ? { ...node, ...own }
              : node,
        ),
      }).manifest.model?.training;
    expect(edited({})).toEqual({ run: { id: '2' }, hyperparameters: { lr: 0.5 } });
    const own = [{ type: 'DictionaryEntry', key: 'seed', value: '1' }];
    expect(edited({ ai_hyperparameter: own })).toEqual({ run: { id: '2' }, hyperparameters: { seed: 1 } });
  });
});

describe('citations of CycloneDX 1.7', () => {
  const HEX = 'a'.repeat(64);
  const manifest: Manifest = {
    bom: { ...BOM, tools: [{ name: 'maker' }] },
    model: { name: 'net', version: '1' },
    artifacts: { 'config.json': { role: 'config', size: 3, digest: { sha256: HEX } } },
    evidence: [
      {
        origin: 'declared',
        method: 'config',
        source: { path: 'config.json' },
        at: '2026-01-02T00:00:00Z',
        values: { '/model/version': {} },
      },
      { origin: 'supplied', method: 'caller', values: { '/model/name': {}, '/artifacts/config.json/digest': {} } },
    ],
  };
  const citations = (document: Any): readonly Any[] => (document.citations ?? []) as readonly Any[];

  it('name who said it, when, and how: the file that it stands in, else the program', () => {
    const { document } = toCycloneDX(manifest, { version: '1.7' });
    expect(citations(document)).toEqual([
      {
        'bom-ref': 'msbom:citation:0',
        pointers: ['/metadata/component/version'],
        timestamp: '2026-01-02T00:00:00Z',
        attributedTo: 'file:config.json',
        note: 'declared by config, from config.json, 1 values',
      },
      {
        'bom-ref': 'msbom:citation:1',
        pointers: ['/metadata/component/components/0/hashes', '/metadata/component/name'],
        timestamp: BOM.timestamp,
        attributedTo: 'msbom:tool',
        note: 'supplied by caller, 2 values',
      },
    ]);
    expect(citations(toCycloneDX(manifest, { version: '1.6' }).document)).toEqual([]);
  });

  it('go when the document is read, and those of others stay', () => {
    const { document } = toCycloneDX(manifest, { version: '1.7' });
    const theirs = { 'bom-ref': 'theirs', pointers: ['/metadata'], timestamp: BOM.timestamp, attributedTo: 'model' };
    const { manifest: read } = fromCycloneDX({ ...document, citations: [...citations(document), theirs] });
    expect(read.bom.tools).toEqual(manifest.bom.tools);
    expect(citations(toCycloneDX(read, { version: '1.7' }).document)).toEqual([theirs]);
    const { manifest: own } = fromCycloneDX(document);
    expect(own.foreign).toBeUndefined();
  });
});

describe('CycloneDX before 1.4', () => {
  const document = (version: string): string =>
    JSON.stringify({
      $schema: `http://cyclonedx.org/schema/bom-${version}.schema.json`,
      bomFormat: 'CycloneDX',
      specVersion: version,
      version: 1,
      metadata: { timestamp: BOM.timestamp, component: { type: 'application', 'bom-ref': 'app', name: 'app', version: '1' } },
      components: [{ type: 'library', 'bom-ref': 'lib', name: 'lib', version: '2' }],
      dependencies: [{ ref: 'app', dependsOn: ['lib'] }],
    });
  const xml = (version: string): string =>
    `<bom xmlns="http://cyclonedx.org/schema/bom/${version}" version="1"><components><component type="library" bom-ref="lib"><name>lib</name><version>2</version></component></components></bom>`;

  it.each(['1.2', '1.3'])('%s is read, and written as what has all of it', async (version) => {
    for (const text of [document(version), xml(version)]) {
      expect((await validateDocument(text)).findings).toEqual([]);
      const { manifest } = await readSource(await openDocument(text));
      expect(manifest.components?.lib).toEqual({ type: 'library', name: 'lib', version: '2' });
      expect(componentsOf(manifest)[0]).toEqual({ type: 'library', 'bom-ref': 'lib', name: 'lib', version: '2' });
    }
    const { manifest } = await readSource(await openDocument(document(version)));
    expect(toCycloneDX(manifest, { version: '1.5' }).document).toMatchObject({
      specVersion: '1.5',
      dependencies: [{ ref: 'app', dependsOn: ['lib'] }],
    });
  });
  it('1.1 is not', async () => {
    await expect(openDocument(document('1.1')).then((opened) => readSource(opened))).rejects.toThrow('CycloneDX 1.1 is not read');
  });
});
