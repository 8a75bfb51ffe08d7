/** Words and ways that the full manifest has no case of. */
import { describe, expect, it } from 'vitest';
import { encodeAddresses } from '../../src/convert/addresses.js';
import { toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { conversionLosses } from '../../src/convert/losses.js';
import { toSPDX2 } from '../../src/convert/spdx2/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { TARGET_ALIASES } from '../../src/convert/targets.js';
import type { Manifest } from '../../src/schema/index.js';

const BOM = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:5a0f2f7e-13f5-4a41-9f0d-0d6a3c1b7e11',
  version: 1,
  timestamp: '2026-02-03T04:05:06Z',
};

describe('names of targets', () => {
  it('mean the version that most consumers read, where they name none', () => {
    expect(TARGET_ALIASES).toEqual({ cyclonedx: 'cyclonedx@1.6', 'cyclonedx-xml': 'cyclonedx-xml@1.6', spdx: 'spdx@3.0.1' });
  });
});

describe('XML', () => {
  it('escapes what has a meaning in it', () => {
    const name = 'a & b < c > "d"';
    const manifest: Manifest = { bom: BOM, model: { name, identifiers: [{ type: 'swid', value: 'tag & "more"' }] } };
    const { text } = toCycloneDXXml(manifest);
    expect(text).toContain('<name>a &amp; b &lt; c &gt; "d"</name>');
    expect(text).toContain('<swid tagId="tag &amp; &quot;more&quot;" name="a &amp; b &lt; c &gt; &quot;d&quot;"/>');
  });
});

describe('energy', () => {
  it.each([2.5e-8, 1.2e21, 0.5])('of %d kWh is a decimal without an exponent in SPDX, and the same number again', (kilowattHours) => {
    const energy = { activities: [{ activity: 'training', kilowattHours }] };
    const manifest: Manifest = { bom: BOM, model: { name: 'a', training: { energy } } };
    const { document, losses } = toSPDX(manifest);
    expect(JSON.stringify(document)).toMatch(/"ai_energyQuantity":"\d+(\.\d+)?"/);
    expect(losses).toEqual([]);
    expect(fromSPDX(document).manifest.model?.training?.energy).toEqual(energy);
  });
});

describe('addresses', () => {
  const PLACES = {
    cyclonedx: ['url', 'endpoints', 'references', 'source', 'destination', 'featuredImage', 'socialImage'],
    spdx: ['locator', 'identifierLocator', 'locationHint', 'software_downloadLocation', 'software_homePage', 'expandedlicensing_seeAlso'],
  } as const;
  it.each(['cyclonedx', 'spdx'] as const)('of %s are encoded wherever they stand', (standard) => {
    for (const place of PLACES[standard]) {
      const { document, findings } = encodeAddresses({ within: [{ [place]: 'https://example.org/a b', name: 'a b' }] }, standard);
      expect(document).toEqual({ within: [{ [place]: 'https://example.org/a%20b', name: 'a b' }] });
      expect(findings.map(({ id, pointer }) => [id, pointer])).toEqual([['address-encoded', `/within/0/${place}`]]);
      expect(encodeAddresses({ [place]: ['https://example.org/a b'] }, standard).document).toEqual({
        [place]: ['https://example.org/a%20b'],
      });
    }
  });
  it('of those who publish weaknesses may be any text in CycloneDX', () => {
    const document = { vulnerabilities: [{ ratings: [{ source: { url: 'a b' } }], advisories: [{ url: 'a b' }] }] };
    expect(encodeAddresses(document, 'cyclonedx').findings.map(({ pointer }) => pointer)).toEqual(['/vulnerabilities/0/advisories/0/url']);
  });
});

describe('losses', () => {
  it('are told once for evidence, foreign content and extensions', () => {
    for (const section of ['evidence', 'foreign', 'extensions']) {
      const found = conversionLosses(
        [
          { op: 'add', path: `/${section}/a/b`, value: 1 },
          { op: 'add', path: `/${section}/c`, value: 1 },
        ],
        'X',
        false,
      );
      expect(found.map(({ id, pointer, message }) => [id, pointer, message])).toEqual([
        ['conversion-loss', `/${section}/a/b`, `X does not say \`/${section}\` exactly`],
      ]);
    }
  });
  it('are told by kind for others, and one by one where there is one', () => {
    const patch = ['/model/tags', '/datasets/a/gaps', '/datasets/b/gaps', '/$schema'].map(
      (path) => ({ op: 'add', path, value: 1 }) as const,
    );
    expect(conversionLosses(patch, 'X', true).map(({ id, pointer, message }) => [id, pointer, message])).toEqual([
      ['conversion-carried', '/model/tags', 'X does not say this value exactly, so it is carried in properties'],
      ['conversion-carried', '/datasets/a/gaps', 'X does not say 2 values at /datasets/*/gaps exactly, so it is carried in properties'],
    ]);
  });
});

describe('SPDX 2.3', () => {
  const manifest: Manifest = {
    bom: { ...BOM, subject: 'app' },
    components: {
      app: {
        type: 'application',
        name: 'an\napp',
        version: '1\r\n2',
        filename: 'a\nb.zip',
        description: 'two\nlines',
        identifiers: [
          { type: 'cpe', value: 'cpe:/a:example:app:1' },
          { type: 'cpe', value: 'no cpe' },
        ],
      },
    },
  };
  it('has names, versions and file names on one line', () => {
    const [app] = toSPDX2(manifest).document.packages;
    expect([app?.name, app?.versionInfo, app?.packageFileName, app?.description]).toEqual(['an app', '1 2', 'a b.zip', 'two\nlines']);
  });
  it('has identifiers in the form that it asks for, each in its category', () => {
    expect(toSPDX2(manifest).document.packages[0]?.externalRefs).toEqual([
      { referenceCategory: 'SECURITY', referenceType: 'cpe22Type', referenceLocator: 'cpe:/a:example:app:1' },
    ]);
  });
});

describe('SPDX 3 of others', () => {
  const base = 'https://example.org/doc';
  const creationInfo = '_:creationInfo';
  const element = (type: string, id: string, more: object) => ({ type, spdxId: `${base}#${id}`, creationInfo, ...more });
  const read = (...nodes: readonly object[]) =>
    fromSPDX({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { type: 'CreationInfo', '@id': creationInfo, specVersion: '3.0.1', created: '2026-01-01T00:00:00Z', createdBy: [`${base}#me`] },
        element('Person', 'me', { name: 'Me' }),
        { ...element('SpdxDocument', '', { name: 'doc', rootElement: [`${base}#a`] }), spdxId: base },
        element('software_Package', 'a', { name: 'a' }),
        element('software_Package', 'b', { name: 'b' }),
        ...nodes,
      ],
    }).manifest;
  const relation = (relationshipType: string, more: object = {}) =>
    element('Relationship', 'r', { from: `${base}#a`, to: [`${base}#b`], relationshipType, ...more });

  it('needs what it depends on in any way, links to what it links to, and comes from what its descendants say', () => {
    for (const word of ['dependsOn', 'hasOptionalDependency', 'hasProvidedDependency'])
      expect(read(relation(word)).dependencies).toEqual({ a: { edges: { 'depends-on': ['b'] } } });
    for (const word of ['hasDynamicLink', 'hasStaticLink', 'hasPrerequisite'])
      expect(read(relation(word)).dependencies).toEqual({ a: { edges: { [word]: ['b'] } } });
    expect(read(relation('descendantOf')).dependencies).toEqual({ a: { edges: { 'derived-from': ['b'] } } });
    expect(read(relation('ancestorOf')).dependencies).toEqual({ b: { edges: { 'derived-from': ['a'] } } });
    expect(read(relation('other', { comment: 'talks to' })).dependencies).toEqual({ a: { edges: { 'talks to': ['b'] } } });
  });

  it('has sets of licences as one expression', () => {
    const set = (id: string, kind: string, member: readonly string[]) =>
      element(`expandedlicensing_${kind}LicenseSet`, id, { expandedlicensing_member: member });
    const { components } = read(
      set('all', 'Conjunctive', ['https://spdx.org/licenses/MIT', `${base}#any`]),
      set('any', 'Disjunctive', ['https://spdx.org/licenses/Apache-2.0', 'https://spdx.org/licenses/BSD-3-Clause']),
      relation('hasConcludedLicense', { to: [`${base}#all`] }),
    );
    expect(components?.a?.licenses).toEqual([{ expression: 'MIT AND (Apache-2.0 OR BSD-3-Clause)', kind: 'concluded' }]);
  });
});

describe('an edit of the metadata', () => {
  const manifest: Manifest = {
    bom: { ...BOM, authors: ['ada'], tools: [{ name: 'maker', version: '1' }], generationContext: { phase: 'runtime', command: 'go' } },
    parties: { ada: { name: 'Ada', kind: 'person', country: 'GB' } },
    model: { name: 'net' },
  };
  it('wins in CycloneDX', async () => {
    const { fromCycloneDX } = await import('../../src/convert/cyclonedx/index.js');
    const document = JSON.parse(JSON.stringify(toCycloneDX(manifest).document).replace('"Ada"', '"Eve"')) as {
      metadata: Record<string, unknown>;
    };
    expect(fromCycloneDX(document).manifest.bom.generationContext).toEqual({ phase: 'runtime', command: 'go' });
    document.metadata.lifecycles = [{ phase: 'design' }];
    document.metadata.tools = { components: [{ type: 'application', name: 'other' }] };
    const { bom } = fromCycloneDX(document).manifest;
    expect([bom.authors, bom.tools, bom.generationContext]).toEqual([['eve'], [{ name: 'other' }], { phase: 'design', command: 'go' }]);
  });
  it('wins in SPDX', () => {
    const text = JSON.stringify(toSPDX(manifest).document).replace('"maker 1"', '"other"').replace('"name":"Ada"', '"name":"Eve"');
    const { bom } = fromSPDX(JSON.parse(text)).manifest;
    expect([bom.authors, bom.tools, bom.generationContext]).toEqual([['eve'], [{ name: 'other' }], { phase: 'runtime', command: 'go' }]);
  });
});
