import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../src/convert/consumers.js';
import { openDocument, validateDocument } from '../../src/convert/validate.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { goldenDocuments, OFFICIAL_MISSING, official, readFixture, readOfficial } from '../support/cyclonedx.js';
import { mutate, numbers } from '../support/mutate.js';

type Json = Readonly<Record<string, unknown>>;

const bom = (parts: Json = {}): Json => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: {
    timestamp: '2026-01-01T00:00:00Z',
    component: { type: 'machine-learning-model', 'bom-ref': 'm', name: 'm', purl: 'pkg:huggingface/a/m@1' },
  },
  dependencies: [{ ref: 'm' }],
  ...parts,
});
const xml = (inner: string, version = '1.6'): string => `<bom xmlns="http://cyclonedx.org/schema/bom/${version}">${inner}</bom>`;
const graph = (...nodes: Json[]): Json => ({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': nodes });
const CREATION = {
  type: 'CreationInfo',
  '@id': '_:ci',
  specVersion: '3.0.1',
  created: '2026-01-01T00:00:00Z',
  createdBy: ['urn:example:agent'],
};
const lines = async (document: unknown, consumers: readonly Consumer[] = []): Promise<readonly string[]> => {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 1);
  const { findings } = await validateDocument(text, { consumers });
  return findings.map(({ line, column, severity, id, pointer }) => `${line}:${column} ${severity} ${id} ${pointer}`);
};

describe('what a document is', () => {
  it.each([
    ['CycloneDX JSON', bom(), { standard: 'cyclonedx', syntax: 'json', version: '1.6' }],
    [
      'CycloneDX JSON by its schema alone',
      { $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json' },
      { standard: 'cyclonedx', syntax: 'json', version: undefined },
    ],
    ['CycloneDX XML', `\ufeff\n ${xml('')}`, { standard: 'cyclonedx', syntax: 'xml', version: '1.6' }],
    ['SPDX 3', graph(CREATION), { standard: 'spdx', syntax: 'json', version: '3.0.1' }],
    [
      'SPDX 3 as one object',
      { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', type: 'Person' },
      { standard: 'spdx', syntax: 'json', version: '3.0.1' },
    ],
    ['CycloneDX in other letters', bom({ bomFormat: 'cyclonedx' }), { standard: 'cyclonedx', syntax: 'json', version: '1.6' }],
    ['CycloneDX without its name', bom({ bomFormat: undefined }), { standard: 'cyclonedx', syntax: 'json', version: '1.6' }],
    [
      'a later SPDX 3',
      { '@context': 'https://spdx.org/rdf/3.1/spdx-context.jsonld', '@graph': [] },
      { standard: 'spdx', syntax: 'json', version: '3.1' },
    ],
    ['JSON-LD of another vocabulary', { '@context': 'https://schema.org/', '@graph': [] }, { standard: 'msbom' }],
    ['SPDX 2 JSON', { spdxVersion: 'SPDX-2.3' }, { standard: 'spdx', syntax: 'json', version: '2.3' }],
    ['SPDX 2 tag-value', 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n', { standard: 'spdx', syntax: 'tag-value', version: '2.3' }],
    ['a manifest', { bom: { specVersion: '1.0' } }, { standard: 'msbom' }],
    ['anything else, of which a manifest is expected', [1, 2], { standard: 'msbom' }],
  ])('%s', async (_, document, kind) => {
    expect((await openDocument(typeof document === 'string' ? document : JSON.stringify(document))).kind).toEqual(kind);
  });
});

describe('the verdict', () => {
  it('on the official documents of CycloneDX 1.6 is theirs', async (context) => {
    if (official === undefined) return context.skip(OFFICIAL_MISSING);
    for (const name of official.filter((each) => /^(in)?valid-.*\.(json|xml)$/.test(each))) {
      const { valid, findings } = await validateDocument(readOfficial(name));
      expect(valid, `${name} ${JSON.stringify(findings)}`).toBe(name.startsWith('valid-'));
      for (const finding of findings) expect(finding, name).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
    }
  });
  it('is by the version that the document states', async () => {
    const citations = [{ pointers: ['/metadata'], timestamp: '2026-01-01T00:00:00Z', attributedTo: 'm' }];
    expect(await lines(bom({ specVersion: '1.7', citations }))).toEqual([]);
    expect(await lines(bom({ specVersion: '1.6', citations }))).toEqual(['18:2 high cyclonedx-schema /citations']);
    for (const specVersion of ['1.1', '1.8', '9.9', 1.6, null])
      expect(await lines(bom({ specVersion }))).toEqual(['3:2 high cyclonedx-version /specVersion']);
    expect(await lines(bom({ specVersion: undefined }))).toEqual(['1:1 high cyclonedx-version ']);
    expect(await lines(xml('', '1.1'))).toEqual(['1:1 high cyclonedx-version /specVersion']);
    for (const spdx of [{ spdxVersion: 'SPDX-2.3' }, { spdxVersion: 'SPDX-9' }]) expect((await lines(spdx)).join()).toContain('high spdx-');
    expect(await lines('SPDXVersion: SPDX-2.3\n')).toEqual(['undefined:undefined high spdx-version ']);
  });
  it('on SPDX is that of its schema', async () => {
    const agent = { type: 'SoftwareAgent', spdxId: 'urn:example:agent', creationInfo: '_:ci', name: 'a' };
    expect(await lines(graph(CREATION, agent))).toEqual([]);
    expect(await lines(graph(CREATION, { ...agent, colour: 'red' }))).toEqual(['18:4 high spdx-schema /@graph/1/colour']);
  });
  it('on XML and JSON of one document is the same', async () => {
    expect(await lines(readFixture('xml/model-1.6.cdx.json'))).toEqual([
      '129:9 medium cyclonedx-property-value /metadata/component/properties/1',
    ]);
    expect(await lines(readFixture('xml/model-1.6.cdx.xml'))).toEqual([
      '28:58 medium cyclonedx-property-value /metadata/component/properties/1',
      '66:7 low cyclonedx-xml-extension /services/0',
    ]);
  });
  it('on a manifest, and on anything else, is not ours', async () => {
    for (const text of ['{"bom":{"specVersion":"1.0"},"model":{"name":"x"}}', '[1,2]'])
      expect(await validateDocument(text)).toEqual({
        kind: { standard: 'msbom' },
        valid: false,
        findings: [expect.objectContaining({ id: 'convert-input', line: 1, message: 'the document is neither CycloneDX nor SPDX' })],
      });
  });
  it('says one fault once', async () => {
    expect(await lines(bom({ serialNumber: 'urn:uuid:1' }))).toEqual(['18:2 high cyclonedx-serial-number /serialNumber']);
    expect(await lines(xml('<metadata><timestamp>2026-01-01T00:00:00</timestamp></metadata>'))).toEqual([
      '1:60 medium cyclonedx-time-zone /metadata/timestamp',
    ]);
    expect(await lines(xml('<metadata><timestamp>soon</timestamp></metadata>'))).toEqual([
      '1:60 high cyclonedx-xml-structure /metadata/timestamp',
    ]);
  });
});

describe('a profile', () => {
  const component = (parts: Json): Json =>
    bom({ components: [{ type: 'library', 'bom-ref': 'c', name: 'c', version: '1', purl: 'pkg:pypi/c@1', ...parts }] });
  const ids = async (consumer: Consumer, document: Json) =>
    (await lines(document, [consumer])).map((line) => line.split(' ').slice(1).join(' '));
  it('has nothing to say of a plain document', async () => {
    expect(await ids('guac', component({}))).toEqual([]);
    expect(await ids('dependency-track', component({}))).toEqual([]);
  });
  it.each([
    ['dependency-track', component({ name: 'x'.repeat(256) }), 'high dependency-track-length /components/0/name'],
    ['dependency-track', component({ purl: `pkg:pypi/${'x'.repeat(780)}` }), 'high dependency-track-length /components/0/purl'],
    [
      'dependency-track',
      component({ properties: [{ name: 'n'.repeat(256), value: 'v' }] }),
      'high dependency-track-property /components/0/properties/0/name',
    ],
    [
      'dependency-track',
      component({ properties: [{ name: 'n', value: 'v'.repeat(1025) }] }),
      'medium dependency-track-property /components/0/properties/0/value',
    ],
    [
      'dependency-track',
      component({
        properties: [
          { name: 'n', value: 'v' },
          { value: 'v', name: 'n' },
        ],
      }),
      'low dependency-track-property /components/0/properties/1',
    ],
    ['dependency-track', component({ pedigree: {} }), 'info dependency-track-ignored /components/0/pedigree'],
    [
      'dependency-track',
      component({ licenses: [{ license: { id: 'MIT', text: { content: 'x' } } }] }),
      'info dependency-track-ignored /components/0/licenses/0/license/text',
    ],
    ['dependency-track', bom({ specVersion: '1.7' }), 'medium dependency-track-version /specVersion'],
    ['dependency-track', bom({ formulation: [] }), 'info dependency-track-ignored /formulation'],
    ['guac', bom({ metadata: {} }), 'high guac-component-missing '],
    ['guac', component({ purl: 'pkg:unheardof/c@1' }), 'high guac-purl /components/0/purl'],
    ['guac', component({ purl: undefined }), 'low guac-purl-missing /components/0'],
    [
      'guac',
      bom({ ...component({ licenses: [{ expression: 'MIT' }, { license: { id: 'ISC' } }] }), specVersion: '1.7' }),
      'high guac-license-mix /components/0/licenses',
    ],
    ['guac', { ...component({ licenses: [{ expression: 'MIT' }] }), dependencies: undefined }, 'low guac-license-dependencies '],
    [
      'guac',
      bom({
        metadata: { timestamp: '2026-01-01 00:00:00Z', component: { type: 'file', name: 'm', 'bom-ref': 'm', purl: 'pkg:generic/m' } },
      }),
      'high guac-timestamp /metadata/timestamp',
    ],
    ['guac', component({ modelCard: {}, type: 'machine-learning-model' }), 'info guac-ignored /components/0/modelCard'],
  ] as const)('%s: %#', async (consumer, document, expected) => {
    const without = new Set(await ids(consumer, component({})));
    const found = (await ids(consumer, document)).filter((line) => !without.has(line) && !line.includes('cyclonedx-dangling'));
    expect(found).toContain(expected);
  });
  it('counts what is ignored instead of telling each', async () => {
    const components = Array.from({ length: 5 }, (_, i) => ({ type: 'library', name: `c${i}`, pedigree: {} }));
    const { findings } = await validateDocument(JSON.stringify(bom({ components })), { consumers: ['dependency-track'] });
    expect(findings.map(({ message }) => message)).toEqual(['Dependency-Track does not read `pedigree` (5 places)']);
  });
  it('leaves components of the formulation alone', async () => {
    const formulation = [{ components: [{ type: 'device', name: 'x'.repeat(300) }] }];
    expect(await ids('guac', bom({ formulation }))).toEqual(['info guac-ignored /formulation']);
  });
});

describe('hostile documents', () => {
  const first = async (text: string | Uint8Array, limits = DEFAULT_LIMITS) =>
    (await validateDocument(text, { file: 'x', limits })).findings[0];
  it('nested too deeply', async () => {
    const deep = 10_000;
    expect(await first(`{"bomFormat":"CycloneDX","components":${'[{"components":'.repeat(deep)}[]${'}]'.repeat(deep)}}`)).toMatchObject({
      id: 'limit-depth',
      line: 1,
    });
    expect(await first(xml('<components>'.repeat(deep)))).toMatchObject({ id: 'limit-depth', line: 1 });
  });
  it('with keys that stand twice or are forbidden', async () => {
    expect(await first('{"bomFormat":"CycloneDX",\n"version":1,"version":2}')).toMatchObject({
      id: 'json-duplicate-key',
      line: 2,
      column: 13,
    });
    expect(await first('{"bomFormat":"CycloneDX","__proto__":{}}')).toMatchObject({ id: 'json-forbidden-key' });
  });
  it('that are no text', async () => {
    expect(await first(new Uint8Array([0x7b, 0xff, 0xfe]))).toMatchObject({ id: 'json-encoding', offset: 1 });
    expect(await first(`<!DOCTYPE bom [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xml('&a;')}`)).toMatchObject({
      id: 'format-unsupported',
    });
    expect(await first('')).toMatchObject({ id: 'json-syntax' });
  });
  it('that are too long', async () => {
    const limits = { ...DEFAULT_LIMITS, maxDocumentBytes: 10 };
    expect(await first(JSON.stringify(bom()), limits)).toMatchObject({ id: 'limit-bytes' });
    expect(await first(xml(''), limits)).toMatchObject({ id: 'limit-bytes' });
  });
  it('that refer to each other in circles', async () => {
    const dependencies = [
      { ref: 'm', dependsOn: ['c'] },
      { ref: 'c', dependsOn: ['m', 'c'] },
    ];
    expect(await lines(bom({ components: [{ type: 'file', 'bom-ref': 'c', name: 'c' }], dependencies }))).toEqual([]);
  });
  it('with more faults than anybody reads', async () => {
    const components = Array.from({ length: 3000 }, (_, i) => ({ type: 'file', name: `c${i}`, purl: '' }));
    const { findings } = await validateDocument(JSON.stringify(bom({ components })));
    expect(findings).toHaveLength(1001);
    expect(findings.filter(({ id }) => id === 'schema-more')).toEqual([
      expect.objectContaining({ message: '2000 more findings are not listed' }),
    ]);
  });
  it('with a property that objects have', async () => {
    expect(await lines('{"bomFormat":"CycloneDX","specVersion":"1.6","constructor":1,"toString":[]}')).toEqual([
      '1:46 high cyclonedx-schema /constructor',
      '1:62 high cyclonedx-schema /toString',
    ]);
  });
});

it('documents with any fault give findings, never an exception', async () => {
  const random = numbers(11);
  const names = [...goldenDocuments().filter((name) => name.includes('1.6')), 'xml/model-1.6.cdx.json'];
  let refused = 0;
  for (const name of names) {
    for (let i = 0; i < 80; i++) {
      const document: unknown = JSON.parse(readFixture(name));
      for (let j = 0; j <= i % 6; j++) mutate(document, random);
      const { valid, findings } = await validateDocument(JSON.stringify(document), { file: 'x', consumers: ['dependency-track', 'guac'] });
      for (const { line, column, message, fix } of findings) {
        expect([typeof line, typeof column], message).toEqual(['number', 'number']);
        expect(message).not.toMatch(/undefined|\[object/);
        expect(fix, message).toBeDefined();
      }
      if (!valid) refused++;
    }
  }
  expect(refused).toBeGreaterThan(200);
});

/** A document of the size that the largest products have; `MSBOM_RUNS` because it takes long. */
it.runIf(Number(process.env.MSBOM_RUNS ?? 0) > 1)(
  'a document of 100 MB is checked in bounded memory',
  async () => {
    const components = Array.from({ length: 100_000 }, (_, i) => ({
      type: 'library',
      'bom-ref': `c${i}`,
      name: `component ${i}`,
      version: '1.0',
      purl: `pkg:pypi/c${i}@1.0`,
      hashes: [{ alg: 'SHA-256', content: i.toString(16).padStart(64, '0') }],
      description: 'x'.repeat(800),
    }));
    const dependencies = components.map((component, i) => ({ ref: component['bom-ref'], dependsOn: [`c${(i + 1) % components.length}`] }));
    const text = JSON.stringify({ ...bom(), components, dependencies });
    expect(text.length).toBeGreaterThan(100_000_000);
    const { valid } = await validateDocument(text);
    expect(valid).toBe(true);
  },
  300_000,
);
