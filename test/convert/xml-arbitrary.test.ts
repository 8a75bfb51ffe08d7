/** Documents made from the official JSON schemas, through the manifest into XML and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, fromCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { arbitraryCycloneDX } from '../support/arbitrary-cyclonedx.js';
import { breachesOfXsd } from '../support/xsd.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 30);
const timeout = 60_000 + numRuns * 200;
const seed = Number(process.env.MSBOM_SEED ?? 1);
const minute = { timestamp: '2026-01-01T00:00:00Z' };

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

/** Is a value another one less some of its parts? */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    let at = 0;
    return Array.isArray(whole) && part.every((item) => (at = whole.findIndex((each, i) => i >= at && isPartOf(item, each)) + 1) > 0);
  }
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([name, member]) => isPartOf(member, (whole as Record<string, unknown>)[name]));
}

describe.each(CYCLONEDX_VERSIONS)('a document by the JSON schema of %s', (version) => {
  it('comes back from XML as it was, with what is carried', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryCycloneDX(version), (document) => {
        const { manifest } = fromCycloneDX(document, minute);
        const { text } = toCycloneDXXml(manifest, { version, lossless: true });
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
        const { text, losses } = toCycloneDXXml(fromCycloneDX(document, minute).manifest, { version });
        const { document: read } = readCycloneDXXml(text);
        const [said, whole] = [common(read), common(document)];
        // The XML schema asks for more; what has no valid form in XML is left out.
        if (!isPartOf(said, whole)) expect(said).toEqual(whole);
        if (canonicalize(read) !== canonicalize(document)) expect(losses.some(({ id }) => id === 'conversion-loss')).toBe(true);
      }),
      { numRuns },
    );
  });
  it('is valid by the XML schema', { timeout }, async () => {
    const documents = fc.sample(arbitraryCycloneDX(version), { numRuns, seed });
    const texts = documents.map((document) => toCycloneDXXml(fromCycloneDX(document, minute).manifest, { version }).text);
    expect(await breachesOfXsd(version, Object.fromEntries(texts.entries()))).toEqual({});
  });
});
