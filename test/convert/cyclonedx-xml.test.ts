import { describe, expect, it } from 'vitest';
import { checkCycloneDXSchema, SCHEMA_VERSIONS } from '../../src/convert/cyclonedx/schema.js';
import { elementsOf } from '../../src/convert/cyclonedx/xml/elements.js';
import { locateInXml, readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { validateDocument } from '../../src/convert/validate.js';
import { MsbomError } from '../../src/core/error.js';
import { isBlocking } from '../../src/core/finding.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { OFFICIAL_MISSING, official, readFixture, readOfficial } from '../support/cyclonedx.js';

const bom = (inner: string, version = '1.6', attributes = ''): string =>
  `<bom xmlns="http://cyclonedx.org/schema/bom/${version}"${attributes}>${inner}</bom>`;
const read = (inner: string, version?: string) => readCycloneDXXml(bom(inner, version)).document;
const component = (inner: string) =>
  (read(`<components><component type="library"><name>x</name>${inner}</component></components>`).components as object[])[0];

/**
 * What the two forms of one official document differ in by nature: signatures (JSF against XMLDSig), `$schema`, empty lists
 * that XML does not write, the place of one identity, times in another notation, and a content type that XML leaves out.
 */
function normalise(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => normalise(item, key));
  if (typeof value === 'string') return value.replace(/\+00:00$/, 'Z');
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, unknown][] => {
    if (name === '$schema' || name === 'signature' || (name === 'contentType' && member === 'text/plain')) return [];
    if (name === 'dependsOn' && Array.isArray(member) && member.length === 0) return [];
    if (name === 'identity' && key === 'evidence' && !Array.isArray(member)) return [[name, [normalise(member, name)]]];
    return [[name, normalise(member, name)]];
  });
  return Object.fromEntries(members);
}

describe('the same document in XML and JSON', () => {
  it('from the repository', async () => {
    const { document, version, findings } = readCycloneDXXml(readFixture('xml/model-1.6.cdx.xml'));
    expect(document).toEqual(JSON.parse(readFixture('xml/model-1.6.cdx.json')));
    expect(version).toBe('1.6');
    expect(await checkCycloneDXSchema(document, '1.6')).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'cyclonedx-xml-extension',
        pointer: '/services/0',
        message: expect.stringContaining('<x:rating>'),
        line: 66,
        column: 7,
      }),
    ]);
  });
  const pairs = (official ?? []).filter(
    (name) => name.startsWith('valid-') && name.endsWith('.xml') && official?.includes(name.replace('.xml', '.json')),
  );
  it('is there to be compared', (context) =>
    official === undefined ? context.skip(OFFICIAL_MISSING) : expect(pairs.length).toBeGreaterThan(25));
  it.each(pairs)('%s', (name) => {
    const json: unknown = JSON.parse(readOfficial(name.replace('.xml', '.json')));
    expect(normalise(readCycloneDXXml(readOfficial(name)).document)).toEqual(normalise(json));
  });
});

describe.skipIf(official === undefined)('the verdict on official documents', () => {
  const all = (official ?? ['none']).filter((name) => name.endsWith('.xml') || name === 'none');
  it.each(all)('%s', async (name) => {
    const { document, findings } = readCycloneDXXml(readOfficial(name));
    const signed = findings.filter(({ message }) => message.includes('Signature>')).map(({ pointer }) => pointer);
    const schema = (await checkCycloneDXSchema(document, '1.6')).filter(({ pointer }) => !signed.includes(pointer));
    expect([...findings.filter(isBlocking), ...schema].length === 0).toBe(name.startsWith('valid-'));
  });
});

describe('texts', () => {
  it('keep their space or not as the XML schema says', () => {
    expect(component('<description> a\n\tb </description>')).toMatchObject({ description: ' a  b ' });
    expect(component('<purl>\n pkg:pypi/x@1\n </purl>')).toMatchObject({ purl: 'pkg:pypi/x@1' });
  });
  it('are numbers and booleans where JSON has them, and stay texts when they are not', () => {
    expect(component('<modified>true</modified>')).toMatchObject({ modified: true });
    expect(component('<modified> 0 </modified>')).toMatchObject({ modified: false });
    expect(component('<modified>yes</modified>')).toMatchObject({ modified: 'yes' });
    expect(readCycloneDXXml(bom('', '1.6', ' version="1e3"')).document).toMatchObject({ version: '1e3' });
    expect(readCycloneDXXml(bom('', '1.6', ' version="9007199254740993"')).document).toMatchObject({ version: '9007199254740993' });
  });
  it('are decimals without exponents', () => {
    const metric = (value: string) =>
      component(`<modelCard><considerations><environmentalConsiderations><energyConsumptions><energyConsumption>
        <activity>training</activity><activityEnergyCost><value>${value}</value><unit>kWh</unit></activityEnergyCost>
      </energyConsumption></energyConsumptions></environmentalConsiderations></considerations></modelCard>`);
    const shown = (value: unknown) => ({
      modelCard: { considerations: { environmentalConsiderations: { energyConsumptions: [{ activityEnergyCost: { value } }] } } },
    });
    expect(metric(' +.50 ')).toMatchObject(shown(0.5));
    expect(metric('1.')).toMatchObject(shown(1));
    expect(metric('1e1')).toMatchObject(shown('1e1'));
    expect(metric('INF')).toMatchObject(shown('INF'));
  });
  it('in addresses lose their outer space, whatever kind of address it is', () => {
    const reference = component(
      '<externalReferences><reference type="vcs"><url>\n https://example.org/ </url></reference></externalReferences>',
    );
    expect(reference).toMatchObject({ externalReferences: [{ url: 'https://example.org/' }] });
  });
  it('may be split by comments, CDATA and references', () => {
    expect(component('<description>a<!-- b --><![CDATA[<c>]]>&#100;&amp;</description>')).toMatchObject({ description: 'a<c>d&' });
  });
});

describe('older forms', () => {
  it('tools are a list before 1.5', () => {
    expect(read('<metadata><tools><tool><vendor>v</vendor><name>t</name></tool></tools></metadata>', '1.4')).toMatchObject({
      specVersion: '1.4',
      metadata: { tools: [{ vendor: 'v', name: 't' }] },
    });
  });
  it('the identity is one object in 1.5 and a list later', () => {
    const inner =
      '<components><component type="library"><name>x</name><evidence><identity><field>purl</field></identity></evidence></component></components>';
    expect(read(inner, '1.5')).toMatchObject({ components: [{ evidence: { identity: { field: 'purl' } } }] });
    expect(read(inner, '1.6')).toMatchObject({ components: [{ evidence: { identity: [{ field: 'purl' }] } }] });
  });
  it('dependencies within dependencies are edges of every level', () => {
    const inner =
      '<dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"><dependency ref="d"/><provides ref="e"/></dependency></dependency></dependency>' +
      '<dependency ref="c"><dependency ref="d"/><dependency ref="f"/></dependency></dependencies>';
    const { document, findings } = readCycloneDXXml(bom(inner));
    expect(findings).toEqual([]);
    expect(document.dependencies).toEqual([
      { ref: 'a', dependsOn: ['b'] },
      { ref: 'c', dependsOn: ['d', 'f'], provides: ['e'] },
      { ref: 'b', dependsOn: ['c'] },
    ]);
  });

  it('citations and patents of 1.7 are read', () => {
    const patents =
      '<definitions><patents><patent bom-ref="p"><patentNumber>1</patentNumber><patentAssignee><individual><name>A</name></individual></patentAssignee></patent><patentFamily bom-ref="f"><familyId>2</familyId></patentFamily></patents></definitions>';
    const citations =
      '<citations><citation><pointers><pointer>/a</pointer></pointers><timestamp>2026-01-01T00:00:00Z</timestamp></citation></citations>';
    expect(read(`${patents}${citations}`, '1.7')).toMatchObject({
      definitions: { patents: [{ patentNumber: '1', patentAssignee: [{ name: 'A' }] }, { familyId: '2' }] },
      citations: [{ pointers: ['/a'] }],
    });
  });
});

describe('what may stand in several forms', () => {
  const crypto = (inner: string, version: string) => {
    const transforms = `<ikev2TransformTypes>${inner}</ikev2TransformTypes>`;
    const properties = `<cryptoProperties><assetType>protocol</assetType><protocolProperties>${transforms}</protocolProperties></cryptoProperties>`;
    return readCycloneDXXml(
      bom(`<components><component type="cryptographic-asset"><name>x</name>${properties}</component></components>`, version),
    );
  };
  const transforms = (inner: string, version: string): unknown =>
    (crypto(inner, version).document as { components: { cryptoProperties: { protocolProperties: Record<string, unknown> } }[] })
      .components[0]?.cryptoProperties.protocolProperties.ikev2TransformTypes;
  it('transforms are references in 1.6, and objects later', async () => {
    expect(transforms('<encr>aes</encr><encr>des</encr><prf>hmac</prf>', '1.6')).toEqual({ encr: ['aes', 'des'], prf: ['hmac'] });
    const { document, findings } = crypto('<encr>aes</encr><auth>psk</auth>', '1.6');
    expect([findings, await checkCycloneDXSchema(document, '1.6')]).toEqual([[], []]);
    expect(transforms('<encr>\n<name>AES</name><keyLength>256</keyLength>\n</encr><encr/>', '1.7')).toEqual({
      encr: [{ name: 'AES', keyLength: 256 }, {}],
    });
  });
  it('and never in both at once', () => {
    const messages = (inner: string) => crypto(inner, '1.7').findings.map(({ message, severity }) => `${severity} ${message}`);
    expect(messages('<encr>aes<name>AES</name></encr>')).toEqual(['high <name> in <encr> was left out: a text stands for it']);
    expect(messages('<encr><name>AES</name>aes</encr>')).toEqual(['high text stands in <encr>, which holds only elements']);
  });
  it('states of certificates are known or of somebody', () => {
    const states =
      '<certificateState><state>active</state><reason>r</reason></certificateState><certificateState><name>n</name><description>d</description><reason>r</reason></certificateState>';
    const text = bom(
      `<components><component type="cryptographic-asset"><name>x</name><cryptoProperties><assetType>certificate</assetType><certificateProperties>${states}</certificateProperties></cryptoProperties></component></components>`,
      '1.7',
    );
    const { document, findings } = readCycloneDXXml(text);
    expect(findings).toEqual([]);
    expect(JSON.stringify(document)).toContain('[{"state":"active","reason":"r"},{"name":"n","description":"d","reason":"r"}]');
    expect(JSON.stringify(elementsOf(document, '1.7'))).toMatch(/"name":"name".*"name":"description".*"name":"reason"/);
  });
  it('data of a service are all of one kind', () => {
    const classified = { flow: 'inbound', classification: 'public' };
    const kinds = (data: readonly object[]): unknown =>
      JSON.stringify(elementsOf({ services: [{ name: 's', data }] }, '1.6')).match(/"name":"dataflow"|"name":"classification"/g);
    expect(kinds([classified, classified])).toEqual(['"name":"classification"', '"name":"classification"']);
    expect(kinds([classified, { ...classified, name: 'n' }])).toEqual(
      Array(2).fill(['"name":"dataflow"', '"name":"classification"']).flat(),
    );
  });
  it('small and large numbers have no exponents', () => {
    const line = (value: number) =>
      JSON.stringify(elementsOf({ components: [{ evidence: { occurrences: [{ line: value }] } }] }, '1.6')).match(
        /"line","children":"(.*?)"/,
      )?.[1];
    expect([1e21, -1.5e21, 1.25e-7, 1e-7, 0.1, 12].map(line)).toEqual([
      '1000000000000000000000',
      '-1500000000000000000000',
      '0.000000125',
      '0.0000001',
      '0.1',
      '12',
    ]);
  });
});

describe('what the XML schema does not allow is a finding with its place', () => {
  const problems = (inner: string): readonly string[] =>
    readCycloneDXXml(bom(`\n${inner}`)).findings.map(
      ({ id, severity, line, column, message }) => `${line}:${column} ${severity} ${id}: ${message}`,
    );
  it.each([
    [
      'an unknown element',
      '<components>\n <widget/></components>',
      '3:2 high cyclonedx-xml-structure: <widget> in <components> was left out: the schema has no such element here',
    ],
    [
      'an attribute that only XML may have',
      '<components><component type="file" colour="red"><name>x</name></component></components>',
      '2:13 low cyclonedx-xml-extension: the attribute colour of <component> was left out: it has no place in JSON',
    ],
    [
      'the wrong order',
      '<components/><metadata/>',
      '2:14 high cyclonedx-xml-structure: <metadata> in <bom> is out of place: it must stand before <components>',
    ],
    ['an element twice', '<metadata/><metadata/>', '2:12 high cyclonedx-xml-structure: <metadata> in <bom> was left out: it stands twice'],
    [
      'text between elements',
      '<metadata>hello</metadata>',
      '2:11 high cyclonedx-xml-structure: text stands in <metadata>, which holds only elements',
    ],
    [
      'text of several lines after an element',
      '<metadata><lifecycles/> \n 😀 hello</metadata>',
      '3:2 high cyclonedx-xml-structure: text stands in <metadata>, which holds only elements',
    ],
    [
      'text in CDATA between elements',
      '<metadata><lifecycles/><![CDATA[<b>]]></metadata>',
      '2:24 high cyclonedx-xml-structure: text stands in <metadata>, which holds only elements',
    ],
    [
      'an element in a text',
      '<metadata><timestamp><b/></timestamp></metadata>',
      '2:22 high cyclonedx-xml-structure: <b> in <timestamp> was left out: only text may stand here',
    ],
    [
      'an element of a name that objects have',
      '<constructor/>',
      '2:1 high cyclonedx-xml-structure: <constructor> in <bom> was left out: the schema has no such element here',
    ],
    [
      'an attribute of a name that objects have',
      '<metadata __proto__="x"/>',
      '2:1 high cyclonedx-xml-structure: the attribute __proto__ of <metadata> was left out: the schema has no such attribute here',
    ],
    [
      'more than JSON has room for',
      '<components><component type="file"><name>x</name><releaseNotes><type>a</type><title>b</title><type>c</type></releaseNotes></component></components>',
      '2:94 low cyclonedx-xml-extension: <type> in <releaseNotes> was left out: JSON has a place for only one',
    ],
    [
      'the wrong order in a sequence that may repeat',
      '<compositions><composition><aggregate>complete</aggregate><dependencies/><assemblies/></composition></compositions>',
      '2:74 high cyclonedx-xml-structure: <assemblies> in <composition> is out of place: it must stand before <dependencies>',
    ],
    [
      'data of two kinds',
      '<services><service><name>s</name><data><classification flow="inbound">a</classification><dataflow/></data></service></services>',
      '2:89 high cyclonedx-xml-structure: <dataflow> in <data> is out of place: it must not stand beside <classification>',
    ],
    [
      'an element of another namespace',
      '<e:x xmlns:e="https://example.org/e"><y/></e:x>',
      '2:1 low cyclonedx-xml-extension: <e:x> in <bom> is of another namespace, which is not checked',
    ],
    [
      'a part that is missing at the end',
      '<components><component type="machine-learning-model"><name>x</name><modelCard><modelParameters><inputs>\n<input>\n</input></inputs></modelParameters></modelCard></component></components>',
      '3:1 high cyclonedx-xml-structure: <input> lacks <format>',
    ],
    [
      'a part that is missing before another',
      '<components><component type="file">\n<version>1</version></component></components>',
      '2:13 high cyclonedx-xml-structure: <component> lacks <name>',
    ],
    [
      'a part that stands late',
      '<components><component type="file"><version>1</version>\n<name>x</name></component></components>',
      '3:1 high cyclonedx-xml-structure: <name> in <component> is out of place: it must stand before <version>',
    ],
    [
      'an attribute that is missing',
      '<properties>\n <property/></properties>',
      '3:2 high cyclonedx-xml-structure: <property> lacks the attribute name',
    ],
    [
      'one of several parts that is missing',
      '<components><component type="file"><name>x</name><licenses><license/></licenses></component></components>',
      '2:60 high cyclonedx-xml-structure: <license> lacks <id> or <name>',
    ],
    [
      'a part of a list that is missing',
      '<components><component type="file"><name>x</name><evidence><callstack><frames><frame/></frames></callstack></evidence></component></components>',
      '2:79 high cyclonedx-xml-structure: <frame> lacks <module>',
    ],
    [
      'a part that a newer version has',
      '<citations/>',
      '2:1 high cyclonedx-xml-structure: <citations> in <bom> is out of place: the schema has no such element here',
    ],
    [
      'a text of another form',
      '<metadata><timestamp>today</timestamp></metadata>',
      '2:11 high cyclonedx-xml-structure: <timestamp> is wrong: "today" is not of the form dateTime',
    ],
    [
      'an attribute of another form',
      '<components><component type="file" mime-type="text"><name>x</name></component></components>',
      '2:13 high cyclonedx-xml-structure: the attribute mime-type of <component> is wrong: "text" does not have the form [-+a-z0-9.]+/[-+a-z0-9.]+',
    ],
    [
      'a reference that stands twice',
      '<components><component type="file" bom-ref="a"><name>x</name></component>\n<component type="file" bom-ref="a"><name>y</name></component></components>',
      '3:1 high cyclonedx-xml-structure: the attribute bom-ref of <component> is wrong: "a" stands twice',
    ],
    [
      'an element of another namespace where none may stand',
      '<metadata><lifecycles><e:x xmlns:e="https://example.org/e"/></lifecycles></metadata>',
      '2:23 high cyclonedx-xml-structure: <e:x> in <lifecycles> was left out: elements of other namespaces may not stand here',
    ],
    [
      'space in an element that is empty',
      '<components><component type="file"><name>x</name><releaseNotes><type>a</type></releaseNotes></component></components><dependencies><dependency ref="a">\n<provides ref="b"> </provides></dependency></dependencies>',
      '3:19 high cyclonedx-xml-structure: text stands in <provides>, which must be empty',
    ],
  ])('%s', (_, inner, expected) => expect(problems(inner)).toEqual([expected]));
  it('what is required differs by version', () => {
    const reference = '<vulnerabilities><vulnerability><references><reference/></references></vulnerability></vulnerabilities>';
    const lacking = SCHEMA_VERSIONS.map((version) => readCycloneDXXml(bom(reference, version)).findings.map(({ message }) => message));
    const later = ['<reference> lacks <id>', '<reference> lacks <source>'];
    expect(lacking).toEqual([[], later, later, later]);
  });
  it('a fault of both schemas is said once', async () => {
    const text = bom('<components><component type="file"><version>1</version></component></components><metadata/>');
    const { findings } = await validateDocument(text);
    expect(findings.filter(isBlocking).map(({ message }) => message)).toEqual([
      '<component> lacks <name>',
      '<metadata> in <bom> is out of place: it must stand before <components>',
    ]);
  });
  it('schema hints of the writer are no news', () => {
    const text = bom('', '1.6', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"');
    expect(readCycloneDXXml(text).findings).toEqual([]);
  });
});

describe('what is not read at all', () => {
  const entities = '<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
  it.each([
    ['entity expansion', `${entities}${bom('<metadata><timestamp>&b;</timestamp></metadata>')}`, 'ERR_FORMAT_UNSUPPORTED', 'document type'],
    [
      'an external entity',
      `<!DOCTYPE bom [<!ENTITY e SYSTEM "file:///etc/passwd">]>${bom('&e;')}`,
      'ERR_FORMAT_UNSUPPORTED',
      'document type',
    ],
    [
      'an external document type',
      `<!DOCTYPE bom SYSTEM "https://example.org/bom.dtd">${bom('')}`,
      'ERR_FORMAT_UNSUPPORTED',
      'document type',
    ],
    ['an entity that is not defined', bom('<metadata>&nope;</metadata>'), 'ERR_FORMAT_MALFORMED', 'undefined entity'],
    [
      'an attribute twice',
      '<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1" version="2"/>',
      'ERR_FORMAT_MALFORMED',
      'duplicate attribute',
    ],
    ['an unbound prefix', bom('<x:y/>'), 'ERR_FORMAT_MALFORMED', 'unbound namespace prefix'],
    ['tags that do not close', bom('<metadata>'), 'ERR_FORMAT_MALFORMED', 'unexpected close tag'],
    ['nothing', '', 'ERR_FORMAT_MALFORMED', 'document must contain a root element'],
    ['another root', '<project/>', 'ERR_FORMAT_UNSUPPORTED', '<project>'],
    ['no namespace', '<bom/>', 'ERR_FORMAT_UNSUPPORTED', '<bom>'],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${bom('')}`, 'ERR_FORMAT_UNSUPPORTED', 'ISO-8859-1'],
    ['a control character', bom('<metadata>\u0001</metadata>'), 'ERR_FORMAT_MALFORMED', 'disallowed character'],
  ])('%s', (_, text, code, message) => {
    const error = caught(() => readCycloneDXXml(text, { file: 'bom.xml' }));
    expect(error).toMatchObject({ code, file: 'bom.xml', message: expect.stringContaining(message) });
    expect(error).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });
  it.each([
    ['the root', '<?xml version="1.0"?>\n <bom\n  version="1">\n</bom>', 2, 2],
    ['the document type', '<?xml version="1.0"?>\n\n<!DOCTYPE bom [\n<!ENTITY a "b">\n]>\n<bom/>', 3, 1],
    ['the element that is too deep', `\n${'<a>'.repeat(2)}`.replace('<a>', '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'), 2, 50],
  ])('is shown where %s begins', (_what, text, line, column) => {
    const limits = { ...DEFAULT_LIMITS, maxDepth: 1 };
    expect(caught(() => readCycloneDXXml(text, { limits }))).toMatchObject({ line, column });
  });
  it('too much of it', () => {
    const nested = `${'<components><component>'.repeat(10_000)}${'</component></components>'.repeat(10_000)}`;
    expect(caught(() => readCycloneDXXml(bom(nested)))).toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
    const limits = { ...DEFAULT_LIMITS, maxItems: 10, maxDocumentBytes: 2000 };
    expect(caught(() => readCycloneDXXml(bom('<metadata/>'.repeat(10)), { limits }))).toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    expect(caught(() => readCycloneDXXml(bom('<metadata/>'.repeat(1000)), { limits }))).toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  });
});

describe('places', () => {
  const text = readFixture('xml/model-1.6.cdx.xml');
  const pointers = [
    '',
    '/metadata/component/name',
    '/metadata/component/modelCard/considerations/users/0',
    '/components/0/data/1/type',
    '/nowhere/at/all',
    '/dependencies/0/dependsOn/1',
  ];
  const places = locateInXml(text, pointers);
  const shown = (pointer: string): string | undefined => {
    const { offset = 0 } = places.get(pointer) ?? {};
    return text.slice(offset, text.indexOf('>', offset) + 1);
  };
  it('are those of the elements', () => {
    expect(pointers.map((pointer) => shown(pointer)?.slice(0, 24))).toEqual([
      '<bom xmlns="http://cyclo',
      '<name>',
      '<user>',
      '<type>',
      '<bom xmlns="http://cyclo',
      '<dependency ref="weights',
    ]);
  });
  it('count from 1', () => expect(places.get('/metadata/component/name')).toMatchObject({ line: 12, column: 7 }));
});

it('hostile texts throw coded errors only', () => {
  const text = readFixture('xml/model-1.6.cdx.xml');
  let state = 5;
  const random = (below: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % below;
  let threw = 0;
  for (let i = 0; i < 400; i++) {
    const at = random(text.length);
    const broken = [
      () => text.slice(0, at),
      () => text.slice(0, at) + text.slice(at + 1 + random(40)),
      () => text.slice(0, at) + '<>&"\'/!['.charAt(random(8)) + text.slice(at),
      () => text.slice(0, at) + text.slice(random(text.length)),
    ][random(4)]?.();
    try {
      readCycloneDXXml(broken ?? '');
    } catch (error) {
      threw++;
      expect(MsbomError.is(error), String(error)).toBe(true);
    }
  }
  expect(threw).toBeGreaterThan(200);
});

function caught(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}
