/** Documents made from the official JSON schemas, through the manifest into XML and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { arbitraryCycloneDX } from '../support/arbitrary-cyclonedx.js';
import { breachesOfXsd } from '../support/xsd.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 30);
const timeout = 60_000 + numRuns * 200;
/** The list of what only one of the schemas refuses is as long as what was seen. */
const seed = Number(process.env.MSBOM_SEED ?? 1);
const minute = { timestamp: '2026-01-01T00:00:00Z' };

/** What the JSON schema allows and the XML schema refuses. */
const REFUSED_BY_XML: readonly RegExp[] = [
  /^'(property|environmentVar)': The attribute 'name' is required/,
  /^'(dataset)': Missing child.* type /,
  /^'(input|output)': Missing child.* format /,
  /^'(conformance|confidence)': Missing child.* score /,
  /^'(rationale|mitigationStrategies)': This element is not expected.* score /,
  /^'version': This element is not expected.* name /, // of a standard
  /^'activityEnergyCost': This element is not expected.* energyProviders /,
  /^'(citations|members|patentRefs)': Missing child/, // empty lists
  /^'data': This element is not expected.* ##other/, // 1.5 has one
  /^'\w+', attribute 'ref': '' is not a valid value/,
  /^'cpe': \[facet 'pattern'\]/,
  /^'\w+': '.*' is not a valid value of the (atomic|local union) type( 'xs:(anyURI|dateTime)')?/s,
];

/** A document in what both forms can say; the rest of it is in the list of docs/cyclonedx.md. */
function common(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return value.replace(/[\t\n\r ]+/g, ' ').trim();
  if (Array.isArray(value)) return value.map((item) => common(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, unknown][] => {
    if (name === 'signature' || (Array.isArray(member) && member.length === 0)) return [];
    if (name === 'tools' && Object.keys(member as object).length === 0) return [];
    if (member === '' && ['value', 'version', 'description', 'owner'].includes(name)) return [];
    if (name === 'identity' && key === 'evidence' && !Array.isArray(member)) return [[name, [common(member)]]];
    return [[name, common(member, name)]];
  });
  return Object.fromEntries(members);
}

describe.each(CYCLONEDX_VERSIONS)('a document by the JSON schema of %s', (version) => {
  it('comes back from XML as it was, with what is carried', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryCycloneDX(version), (document) => {
        const { manifest } = fromCycloneDX(document, minute);
        const { text } = toCycloneDXXml(manifest, { version });
        const { document: read, findings } = readCycloneDXXml(text);
        expect(findings).toEqual([]);
        expect(canonicalize(fromCycloneDX(read, minute).manifest)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });
  it('says the same in XML, and what it does not is told', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryCycloneDX(version), (document) => {
        const { text, losses } = toCycloneDXXml(fromCycloneDX(document, minute).manifest, { version, residual: false });
        const { document: read } = readCycloneDXXml(text);
        expect(common(read)).toEqual(common(document));
        if (canonicalize(read) !== canonicalize(document)) expect(losses.some(({ id }) => id === 'conversion-loss')).toBe(true);
      }),
      { numRuns },
    );
  });
  it('is valid by the XML schema, where both agree', { timeout }, async () => {
    const documents = fc.sample(arbitraryCycloneDX(version), { numRuns, seed });
    const texts = documents.map((document) => toCycloneDXXml(fromCycloneDX(document, minute).manifest, { version, residual: false }).text);
    const breaches = Object.values(await breachesOfXsd(version, Object.fromEntries(texts.entries()))).flat();
    const unknown = breaches
      .map((breach) => breach.replaceAll(`{http://cyclonedx.org/schema/bom/${version}}`, '').replace(/^line \d+: .* : Element /, ''))
      .filter((breach) => !REFUSED_BY_XML.some((known) => known.test(breach)));
    expect(unknown).toEqual([]);
  });
});
