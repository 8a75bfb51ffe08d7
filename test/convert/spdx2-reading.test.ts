/** SPDX 2.3 of any producer, by way of SPDX 3.0.1. */
import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSPDX, lintSPDX, toSPDX, toSPDX2, upgradeSPDX2 } from '../../src/convert/index.js';
import {
  ALGORITHMS,
  FILE_CONTENTS,
  FILE_PURPOSES,
  IDENTIFIERS,
  PURPOSES,
  REFERENCES,
  RELATIONSHIPS,
} from '../../src/convert/spdx2/words.js';
import { propertiesOf } from '../../src/convert/spdx3/classes.js';
import { checkSPDXSchema } from '../../src/convert/spdx3/schema.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { MsbomError } from '../../src/core/error.js';
import { isBlocking } from '../../src/core/finding.js';
import { checkSchema } from '../../src/schema/check.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON of a schema and of documents
type Json = any;

const schema2: Json = JSON.parse(readFileSync(new URL('../support/spdx/spdx-schema-v2.3.json', import.meta.url), 'utf8'));
const official2 = new Ajv2019({ strict: false }).compile(schema2);
const numRuns = Number(process.env.MSBOM_RUNS ?? 60);
const NAMESPACE = 'https://example.org/spdx/desk-3';

const nodesOf = (document: Json): readonly Json[] => document['@graph'];
const lost = (more: object): unknown[] => upgradeSPDX2(documentOf(more)).losses.map(({ pointer }) => pointer);
const byName = (document: Json, name: string): Json => nodesOf(document).find((node) => node.name === name);
const iri = (name: string): string => `${NAMESPACE}#SPDXRef-${name}`;

const packageOf = (name: string, more: object = {}) => ({ SPDXID: `SPDXRef-${name}`, name, downloadLocation: 'NOASSERTION', ...more });
const documentOf = (more: object = {}): Json => ({
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'desk',
  documentNamespace: NAMESPACE,
  creationInfo: {
    created: '2026-01-31T09:00:00.123Z',
    creators: ['Tool: maker-1.0', 'Person: Jo Doe (jo@example.org)', 'Organization: Example ()'],
  },
  packages: [packageOf('desk', { versionInfo: '3' }), packageOf('lib')],
  documentDescribes: ['SPDXRef-desk'],
  relationships: [],
  ...more,
});

/** A document with something in every place of the schema. */
const full: Json = documentOf({
  comment: 'by hand',
  externalDocumentRefs: [
    {
      externalDocumentId: 'DocumentRef-other',
      spdxDocument: 'https://example.org/spdx/other',
      checksum: { algorithm: 'SHA1', checksumValue: 'a'.repeat(40) },
    },
  ],
  packages: [
    packageOf('desk', {
      versionInfo: '3',
      packageFileName: 'desk-3.tar.gz',
      supplier: 'Organization: Example',
      originator: 'Person: Jo Doe (jo@example.org)',
      downloadLocation: 'https://example.org/desk-3.tar.gz',
      filesAnalyzed: true,
      packageVerificationCode: { packageVerificationCodeValue: 'b'.repeat(40), packageVerificationCodeExcludedFiles: ['./desk.spdx'] },
      checksums: [
        { algorithm: 'SHA256', checksumValue: 'c'.repeat(64) },
        { algorithm: 'SHA1', checksumValue: '0'.repeat(40) },
      ],
      homepage: 'https://example.org',
      sourceInfo: 'https://example.org/desk.git',
      licenseConcluded: 'MIT OR LicenseRef-own',
      licenseDeclared: 'NONE',
      licenseInfoFromFiles: ['MIT'],
      licenseComments: 'as it says',
      copyrightText: '(c) Example',
      summary: 'a desk',
      description: 'a desk for all',
      comment: 'of wood',
      attributionTexts: ['by Jo'],
      primaryPackagePurpose: 'OPERATING_SYSTEM',
      releaseDate: '2026-01-01T00:00:00Z',
      builtDate: '2025-12-31T00:00:00Z',
      validUntilDate: '2027-01-01T00:00:00Z',
      hasFiles: ['SPDXRef-file'],
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:pypi/desk@3' },
        { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:example:desk:3:*:*:*:*:*:*:*' },
        { referenceCategory: 'SECURITY', referenceType: 'advisory', referenceLocator: 'https://example.org/advisory' },
        { referenceCategory: 'OTHER', referenceType: 'shelf', referenceLocator: 'third from the left', comment: 'in the hall' },
      ],
      annotations: [{ annotationDate: '2026-01-31T10:00:00Z', annotationType: 'REVIEW', annotator: 'Tool: checker', comment: 'well made' }],
    }),
    packageOf('lib', { externalRefs: [] }),
  ],
  files: [
    {
      SPDXID: 'SPDXRef-file',
      fileName: './desk.py',
      fileTypes: ['SOURCE', 'TEXT', 'OTHER'],
      checksums: [{ algorithm: 'SHA1', checksumValue: 'd'.repeat(40) }],
      licenseConcluded: 'NOASSERTION',
      licenseInfoInFiles: ['MIT', 'LicenseRef-own'],
      fileContributors: ['Jo Doe'],
      noticeText: 'see LICENSE',
      fileDependencies: ['SPDXRef-other'],
      copyrightText: 'NOASSERTION',
    },
    { SPDXID: 'SPDXRef-other', fileName: './other.py', checksums: [{ algorithm: 'SHA1', checksumValue: 'e'.repeat(40) }] },
  ],
  snippets: [
    {
      SPDXID: 'SPDXRef-snippet',
      name: 'top',
      snippetFromFile: 'SPDXRef-file',
      ranges: [
        { startPointer: { offset: 1, reference: 'SPDXRef-file' }, endPointer: { offset: 20, reference: 'SPDXRef-file' } },
        { startPointer: { lineNumber: 1, reference: 'SPDXRef-file' }, endPointer: { lineNumber: 2, reference: 'SPDXRef-file' } },
      ],
    },
  ],
  hasExtractedLicensingInfos: [
    { licenseId: 'LicenseRef-own', extractedText: 'do what you like', name: 'Own', seeAlsos: ['https://example.org/own'] },
  ],
  annotations: [{ annotationDate: '2026-01-31T11:00:00Z', annotationType: 'OTHER', annotator: 'Person: Jo Doe', comment: 'done' }],
  revieweds: [{ reviewer: 'Person: Jo Doe', reviewDate: '2026-01-31T12:00:00Z', comment: 'seen' }],
  relationships: [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-desk' },
    { spdxElementId: 'SPDXRef-lib', relationshipType: 'BUILD_DEPENDENCY_OF', relatedSpdxElement: 'SPDXRef-desk', comment: 'only then' },
    { spdxElementId: 'SPDXRef-lib', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'NONE' },
    { spdxElementId: 'SPDXRef-desk', relationshipType: 'DESCENDANT_OF', relatedSpdxElement: 'DocumentRef-other:SPDXRef-chair' },
  ],
});

describe('an SPDX 2.3 document', () => {
  it('with something in every place says it in SPDX 3.0.1', async () => {
    expect(official2(full), JSON.stringify(official2.errors)).toBe(true);
    const { document, losses } = upgradeSPDX2(full);
    expect(meetsOfficialSchema(document)).toBe(true);
    // Of what class an element of another document is, only that document says.
    expect((await shaclFindings(document)).filter((each) => !each.includes('spdx/other#SPDXRef-chair: Class'))).toEqual([]);
    expect(lintSPDX(document).filter(isBlocking)).toEqual([]);
    expect(losses.map(({ pointer }) => pointer)).toEqual(['/packages/0/checksums/1/checksumValue', '/packages/0/licenseInfoFromFiles/0']);
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../fixtures/convert/from-2.3.spdx.json');
  });

  it('gives its packages, what they need and who made it', () => {
    const { manifest } = fromSPDX(upgradeSPDX2(full).document);
    expect(checkSchema(manifest)).toEqual([]);
    // An application stays one.
    expect(manifest.model).toBeUndefined();
    expect(manifest.components?.[manifest.bom.subject ?? '']).toMatchObject({ name: 'desk', version: '3' });
    expect(manifest.bom).toMatchObject({ timestamp: '2026-01-31T09:00:00Z', tools: [{ name: 'maker-1.0' }] });
    expect((manifest.bom.authors ?? []).map((id) => manifest.parties?.[id])).toEqual(
      expect.arrayContaining([
        { name: 'Jo Doe', kind: 'person', contact: { email: 'jo@example.org' } },
        { name: 'Example', kind: 'organization' },
      ]),
    );
    expect(manifest.components?.['SPDXRef-lib']?.name).toBe('lib');
    expect(Object.values(manifest.dependencies ?? {}).flatMap(({ edges = {} }) => Object.entries(edges))).toContainEqual([
      'depends-on',
      ['SPDXRef-lib'],
    ]);
  });

  it('comes out as the SPDX 3.0.1 that it was read as', () => {
    const { document } = upgradeSPDX2(full);
    expect(canonicalize(toSPDX(fromSPDX(document).manifest).document)).toBe(canonicalize(document));
  });

  it('names no author when only a program made it', () => {
    const created = { created: '2026-01-31T09:00:00Z', creators: ['Tool: maker-1.0'] };
    const { document } = upgradeSPDX2(documentOf({ creationInfo: created }));
    expect(fromSPDX(document).manifest.bom).toMatchObject({ tools: [{ name: 'maker-1.0' }] });
    expect(fromSPDX(document).manifest.bom.authors).toBeUndefined();
  });

  it('tells of relationships that lead nowhere', () => {
    const relationships = [
      { spdxElementId: 'SPDXRef-desk', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-nobody' },
      { spdxElementId: 'SPDXRef-desk', relationshipType: 'TEST_OF', relatedSpdxElement: 'NONE' },
      { spdxElementId: 'SPDXRef-desk', relationshipType: 'CONTAINS', relatedSpdxElement: 'DocumentRef-unknown:SPDXRef-lib' },
    ];
    const { document, losses } = upgradeSPDX2(documentOf({ relationships }));
    expect(losses.map(({ message }) => message)).toEqual([
      '3 values at /relationships/-/relatedSpdxElement are left out: nothing is said, or SPDX 3.0.1 has no place for it',
    ]);
    const named = { documentDescribes: ['SPDXRef-nobody'], packages: [packageOf('desk', { hasFiles: ['SPDXRef-none'] })] };
    expect(lost(named)).toEqual(['/packages/0/hasFiles/0', '/documentDescribes/0']);
    expect(nodesOf(document).filter(({ from }) => from === iri('desk'))).toEqual([]);
  });

  it('tells of every value that has no place', () => {
    const dates = { releaseDate: '2026-01-01', builtDate: '2026-01-01T00:00:00+01:00', validUntilDate: '2026-02-30T00:00:00Z' };
    expect(lost({ packages: [packageOf('desk', dates)] }).sort()).toEqual(
      Object.keys(dates)
        .map((key) => `/packages/0/${key}`)
        .sort(),
    );
    expect(lost({ packages: [packageOf('desk', { homepage: 'NONE', downloadLocation: 'NONE' })] })).toEqual([
      '/packages/0/downloadLocation',
      '/packages/0/homepage',
    ]);
    const file = { SPDXID: 'SPDXRef-f', fileName: './f', fileTypes: ['AUDIO', 'TEXT', 'SOURCE', 'BINARY'], checksums: [] };
    expect(lost({ files: [file] })).toEqual(['/files/0/fileTypes/0']);
    expect(lost({ files: [file], snippets: [{ SPDXID: 'SPDXRef-s', name: 's', snippetFromFile: 'SPDXRef-desk', ranges: [] }] })).toContain(
      '/snippets/0/SPDXID',
    );
    const range = (start: object, end: object) => ({
      startPointer: { reference: 'SPDXRef-f', ...start },
      endPointer: { reference: 'SPDXRef-f', ...end },
    });
    const ranges = [
      range({ offset: 0 }, { offset: 4 }),
      range({ offset: 1 }, { lineNumber: 4 }),
      range({ lineNumber: 1 }, { lineNumber: 2 }),
    ];
    const snippets = [{ SPDXID: 'SPDXRef-s', name: 's', snippetFromFile: 'SPDXRef-f', ranges }];
    expect(lost({ files: [{ ...file, fileTypes: [] }], snippets })).toEqual(['/snippets/0/ranges/0']);
    expect(lost({ packages: [packageOf('desk'), packageOf('desk', { versionInfo: '4' })] })).toContain('/packages/1/SPDXID');
    expect(lost({ documentNamespace: 'my doc <1>' })).toEqual(['/documentNamespace']);
    const annotations = [{ annotationDate: 'once', annotationType: 'OTHER', annotator: 'Person: Jo', comment: 'c' }];
    const revieweds = [{ reviewDate: 'then', reviewer: 'Person: Jo', comment: 'r' }];
    expect(lost({ annotations, revieweds })).toEqual(['/annotations/0/annotationDate', '/revieweds/0/reviewDate']);
    const checksum = { algorithm: 'SHA1', checksumValue: '0'.repeat(40) };
    const externalDocumentRefs = [{ externalDocumentId: 'DocumentRef-o', spdxDocument: 'https://example.org/o', checksum }];
    expect(lost({ externalDocumentRefs })).toEqual(['/externalDocumentRefs/0/checksum/checksumValue']);
  });

  it('keeps what each relationship says of its own targets', () => {
    const to = (relatedSpdxElement: string, comment?: string) => ({
      spdxElementId: 'SPDXRef-desk',
      relationshipType: 'DEPENDS_ON',
      relatedSpdxElement,
      ...(comment === undefined ? {} : { comment }),
    });
    const packages = ['desk', 'lib', 'more'].map((name) => packageOf(name));
    const edges = (...relationships: object[]) =>
      nodesOf(upgradeSPDX2(documentOf({ packages, relationships })).document)
        .filter(({ relationshipType }) => relationshipType === 'dependsOn')
        .map((edge) => [edge.to, edge.comment, edge.completeness]);
    expect(edges(to('SPDXRef-lib', 'x'), to('SPDXRef-more', 'y'))).toEqual([
      [[iri('lib')], 'x', undefined],
      [[iri('more')], 'y', undefined],
    ]);
    expect(edges(to('NONE'))).toEqual([[['NoneElement'], undefined, 'complete']]);
    expect(edges(to('NONE'), to('SPDXRef-lib'))).toEqual([[[iri('lib')], undefined, undefined]]);
    expect(edges(to('SPDXRef-lib'), to('NOASSERTION'))).toEqual([[[iri('lib')], undefined, 'noAssertion']]);
    const { manifest } = fromSPDX(
      upgradeSPDX2(documentOf({ packages, relationships: [to('SPDXRef-lib', 'x'), to('SPDXRef-more')] })).document,
    );
    expect(
      Object.values(manifest.dependencies ?? {})
        .flatMap(({ edges = {} }) => Object.values(edges).flat())
        .sort(),
    ).toEqual(['SPDXRef-lib', 'SPDXRef-more']);
  });

  it.each([
    ['DESCRIBES', 'SPDXRef-DOCUMENT', 'SPDXRef-lib'],
    ['DESCRIBED_BY', 'SPDXRef-lib', 'SPDXRef-DOCUMENT'],
  ])('is about what it says it %s', (relationshipType, spdxElementId, relatedSpdxElement) => {
    const relationships = [{ spdxElementId, relationshipType, relatedSpdxElement, comment: 'why' }];
    const { document, losses } = upgradeSPDX2(documentOf({ documentDescribes: ['SPDXRef-DOCUMENT'], relationships }));
    expect(nodesOf(document).find(({ type }) => type === 'SpdxDocument').rootElement).toEqual([iri('lib')]);
    expect(nodesOf(document).find((node) => node.relationshipType === 'describes')).toMatchObject({ to: [iri('lib')], comment: 'why' });
    const { bom, components } = fromSPDX(document).manifest;
    expect([components?.[bom.subject ?? '']?.name, losses]).toEqual(['lib', []]);
  });

  it.each([
    ['Organization: ACME (Europe)', { name: 'ACME (Europe)' }],
    ['Organization: ACME ()', { name: 'ACME' }],
    ['Person: Jo (jo@example.org)', { name: 'Jo', externalIdentifier: [expect.objectContaining({ identifier: 'jo@example.org' })] }],
    ['Person: (jo@example.org)', { name: 'jo@example.org' }],
  ])('takes %j for the supplier that it is', (supplier, expected) => {
    const { document } = upgradeSPDX2(documentOf({ packages: [packageOf('desk', { supplier })] }));
    const id = nodesOf(document).find(({ spdxId }) => spdxId === iri('desk')).suppliedBy;
    expect(nodesOf(document).find(({ spdxId }) => spdxId === id)).toMatchObject(expected);
  });

  it('takes long texts and lists in time that grows with them', { timeout: 20_000 }, () => {
    const supplier = `Person: a${' '.repeat(1_000_000)}x`;
    const creators = Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? `Tool: t${i}` : `Person: p${i}`));
    const creationInfo = { created: '2026-01-31T09:00:00Z', creators };
    expect(
      nodesOf(upgradeSPDX2(documentOf({ packages: [packageOf('desk', { supplier })], creationInfo })).document).length,
    ).toBeGreaterThan(100_000);
  });

  it.each(['SPDXID', 'licenseId'])('with half of a character in an id is refused: %s', (key) => {
    const license = { licenseId: 'LicenseRef-a', extractedText: 'x', ...(key === 'licenseId' ? { licenseId: 'LicenseRef-\udc00' } : {}) };
    const broken = documentOf({ packages: [packageOf(key === 'SPDXID' ? '\ud800' : 'a')], hasExtractedLicensingInfos: [license] });
    expect(() => upgradeSPDX2(broken)).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE' }));
  });

  it.each(['SPDXRef-DOCUMENT', '__proto__', 'constructor', ''])('takes a package of the id %j', (SPDXID) => {
    const { document } = upgradeSPDX2(documentOf({ packages: [packageOf('desk'), { SPDXID, name: 'odd', downloadLocation: 'NONE' }] }));
    expect(meetsOfficialSchema(document)).toBe(true);
    expect(byName(document, 'odd') === undefined).toBe(SPDXID === 'SPDXRef-DOCUMENT');
  });

  it('may be frozen', () => {
    const freeze = (value: Json): Json => {
      if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    expect(upgradeSPDX2(freeze(structuredClone(full)))).toEqual(upgradeSPDX2(full));
  });

  it('without a namespace has an id that follows from its content', () => {
    const { documentNamespace: _, ...bare } = documentOf();
    const ids = [bare, bare, { ...bare, name: 'other' }].map(
      (each) => nodesOf(upgradeSPDX2(each).document).find(({ type }) => type === 'SpdxDocument').spdxId,
    );
    expect(ids[0]).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8/);
    expect([ids[1], ids[2] === ids[0]]).toEqual([ids[0], false]);
  });
});

describe('every word of SPDX 2.3 has a successor', () => {
  const words = (...path: string[]): readonly string[] => {
    let node = schema2;
    for (const key of path) node = node.properties?.[key] ?? node[key];
    return node.enum;
  };
  const successors = (type: string, key: string): readonly unknown[] => propertiesOf(type).get(key)?.words ?? [];
  it.each([
    ['relationship', words('relationships', 'items', 'relationshipType'), RELATIONSHIPS],
    ['purpose', words('packages', 'items', 'primaryPackagePurpose'), PURPOSES],
    ['algorithm', words('packages', 'items', 'checksums', 'items', 'algorithm'), ALGORITHMS],
    // Media types of sounds and pictures in general are none.
    [
      'file type',
      words('files', 'items', 'fileTypes', 'items').filter((type) => !/^(AUDIO|IMAGE|VIDEO)$/.test(type)),
      new Map([...FILE_PURPOSES, ...FILE_CONTENTS]),
    ],
  ] as const)('%s', (_, theirs, ours) => {
    expect([...ours.keys()].sort()).toEqual([...theirs].sort());
  });
  it('that SPDX 3.0.1 has', () => {
    expect(successors('Relationship', 'relationshipType')).toEqual(
      expect.arrayContaining([...RELATIONSHIPS.values()].map(({ type }) => type)),
    );
    expect(successors('Hash', 'algorithm')).toEqual(expect.arrayContaining([...ALGORITHMS.values()]));
    expect(successors('software_Package', 'software_primaryPurpose')).toEqual(
      expect.arrayContaining([...PURPOSES.values(), ...FILE_PURPOSES.values()]),
    );
    expect(successors('ExternalIdentifier', 'externalIdentifierType')).toEqual(expect.arrayContaining([...IDENTIFIERS.values()]));
    expect(successors('ExternalRef', 'externalRefType')).toEqual(expect.arrayContaining([...REFERENCES.values()]));
  });
  it.each([...RELATIONSHIPS])('%s runs from the same element, or from the other', async (word, { type, swapped, scope }) => {
    const relationships = [{ spdxElementId: 'SPDXRef-lib', relationshipType: word, relatedSpdxElement: 'SPDXRef-desk' }];
    const { document } = upgradeSPDX2(documentOf({ relationships }));
    const edges = nodesOf(document).filter(({ relationshipType }) => relationshipType === type);
    const [from, to] = swapped ? ['desk', 'lib'] : ['lib', 'desk'];
    expect(edges.map((edge) => [edge.from, edge.to, edge.scope])).toEqual([[iri(from), [iri(to)], scope]]);
    expect(await shaclFindings(document)).toEqual([]);
  });
});

describe('generated manifests', () => {
  let compared = 0;
  it(`say in SPDX 2.3 what is read from it (${numRuns})`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { document } = upgradeSPDX2(toSPDX2(manifest).document as unknown as Json);
        expect(meetsOfficialSchema(document)).toBe(true);
        if (!nodesOf(document).some(({ type }) => type === 'software_Package')) return;
        const { manifest: back } = fromSPDX(document);
        expect(checkSchema(back)).toEqual([]);
        expect(canonicalize(toSPDX(back).document)).toBe(canonicalize(document));
        for (const { name, version } of Object.values(manifest.components ?? {})) {
          const line = (text: string | undefined) => text?.replace(/[\r\n\u2028\u2029]+/g, ' ').trim() || undefined;
          const found = byName(document, line(name) ?? 'unnamed');
          expect(found).toBeDefined();
          compared += Number(found.software_packageVersion === line(version));
        }
      }),
      { numRuns },
    );
    expect(compared).toBeGreaterThan(numRuns / 20);
  });

  it('never fail, whatever is changed in them', () => {
    const value = fc.oneof(
      fc.constantFrom('NONE', 'NOASSERTION', '', 'SPDXRef-lib', 'Tool: ', 'Person: ()'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const places = (node: Json): [Json, string][] =>
      typeof node !== 'object' || node === null
        ? []
        : Object.entries(node).flatMap(([key, child]) => [[node, key], ...places(child)] as [Json, string][]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 }), (changes) => {
        const copy: Json = structuredClone(full);
        for (const [at, replacement] of changes) {
          const all = places(copy);
          const [holder, key] = all[at % all.length] as [Json, string];
          holder[key] = replacement;
        }
        if (!official2(copy)) return;
        const { document } = upgradeSPDX2(copy as Json);
        let read: ReturnType<typeof fromSPDX>;
        try {
          read = fromSPDX(document);
        } catch (error) {
          // Without a package or a day there is no manifest.
          expect(MsbomError.is(error, 'ERR_CONVERT_INPUT')).toBe(true);
          return;
        }
        expect(checkSPDXSchema(document)).toEqual([]);
        expect(checkSchema(read.manifest)).toEqual([]);
        expect(canonicalize(toSPDX(read.manifest).document)).toBe(canonicalize(document));
      }),
      { numRuns: numRuns * 10 },
    );
  });
});
