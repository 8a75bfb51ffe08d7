/** CycloneDX XML against the official XML schemas. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSIONS } from '../../src/convert/cyclonedx/schema.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX } from '../../src/convert/index.js';
import { validateDocument } from '../../src/convert/validate.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { OFFICIAL_MISSING, official, readFixture, readOfficial } from '../support/cyclonedx.js';
import { breachesOfXsd } from '../support/xsd.js';

describe('the checker itself', () => {
  const bom = (version: string, inner: string) => `<bom xmlns="http://cyclonedx.org/schema/bom/${version}">${inner}</bom>`;
  it.each(SCHEMA_VERSIONS)('knows order, patterns, licence ids and other namespaces, %s', async (version) => {
    const component = (inner: string) =>
      bom(version, `<components><component type="library"><name>x</name><version>1</version>${inner}</component></components>`);
    const licence = (id: string) => component(`<licenses><license><id>${id}</id></license></licenses>`);
    const breaches = await breachesOfXsd(version, {
      plain: licence('MIT'),
      extended: component('<a:b xmlns:a="https://example.org/a" c="d"><e/></a:b>'),
      order: component('<name>y</name>'),
      pattern: bom(version, '').replace('>', ' serialNumber="urn:uuid:1">'),
      licence: licence('Nobody-1.0'),
      'not XML': '<bom',
    });
    expect(Object.keys(breaches).sort()).toEqual(['licence', 'not XML', 'order', 'pattern']);
  });
});

const MANIFESTS = [
  '../../docs/rules/base.json',
  ...readdirSync(new URL('../corpus/1.0/valid/', import.meta.url)).map((name) => `../corpus/1.0/valid/${name}`),
];

describe.each(CYCLONEDX_VERSIONS)('what is written as XML, %s', (version) => {
  it('of the manifests of the golden documents', async () => {
    const texts = MANIFESTS.map((path) => {
      const manifest = parseManifest(readFileSync(new URL(path, import.meta.url), 'utf8'));
      return [path, toCycloneDXXml(manifest, { version }).text] as const;
    });
    expect(await breachesOfXsd(version, Object.fromEntries(texts))).toEqual({});
  });
  it('of generated manifests', async () => {
    const property = fc.asyncProperty(fc.array(arbitraryManifest, { minLength: 20, maxLength: 20 }), async (manifests) => {
      const texts = manifests.map((manifest, i) => [String(i), toCycloneDXXml(manifest, { version }).text] as const);
      expect(await breachesOfXsd(version, Object.fromEntries(texts))).toEqual({});
    });
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });
});

it('the documents of the repository', async () => {
  expect(await breachesOfXsd('1.6', { document: readFixture('xml/model-1.6.cdx.xml') })).toEqual({});
});

describe.skipIf(official === undefined)(`official documents of 1.6${official === undefined ? ` (${OFFICIAL_MISSING})` : ''}`, () => {
  const names = (official ?? []).filter((name) => name.endsWith('.xml'));
  it('are valid by our check when they are by the XML schema, and only then', async () => {
    const breaches = await breachesOfXsd('1.6', Object.fromEntries(names.map((name) => [name, readOfficial(name)])));
    const ours = await Promise.all(names.map(async (name) => [name, (await validateDocument(readOfficial(name))).valid] as const));
    expect(names.filter((name) => !(name in breaches))).toEqual(names.filter((name) => name.startsWith('valid-')));
    expect(ours.filter(([name, valid]) => valid === name in breaches)).toEqual([]);
  });
  it('in JSON are written as valid XML', async () => {
    const valid = (official ?? []).filter((name) => /^valid.*\.json$/.test(name));
    const texts = valid.map((name) => {
      const { manifest } = fromCycloneDX(JSON.parse(readOfficial(name)), { timestamp: '2026-01-01T00:00:00Z' });
      return [name, toCycloneDXXml(manifest, { version: '1.6' }).text] as const;
    });
    expect(await breachesOfXsd('1.6', Object.fromEntries(texts))).toEqual({});
  });
});
