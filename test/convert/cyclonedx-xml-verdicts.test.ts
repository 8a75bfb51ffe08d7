/** Is a CycloneDX XML document valid? Our answer beside that of the official XML schema, for documents with one fault each. */
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSIONS } from '../../src/convert/cyclonedx/schema.js';
import { checkOfficialSchema, openDocument } from '../../src/convert/validate.js';
import { numbers } from '../support/mutate.js';
import { documentsByXsd } from '../support/xml-by-xsd.js';
import { REFUSED_BY_JSON } from '../support/xml-disagreements.js';
import { mutateXml } from '../support/xml-mutations.js';
import { writeDocument } from '../support/xml-text.js';
import { breachesOfXsd } from '../support/xsd.js';

const SEED = Number(process.env.MSBOM_SEED ?? 1);
const RUNS = Number(process.env.MSBOM_RUNS ?? 60);

describe.each(SCHEMA_VERSIONS)('documents with one fault, %s', (version) => {
  it('are refused when the XML schema refuses them, or else by the JSON schema', { timeout: 120_000 + RUNS * 500 }, async () => {
    const random = numbers(SEED * 31 + Number(version.slice(2)));
    const roots = documentsByXsd(version, SEED).made.map(({ root }) => root);
    const cases = Array.from({ length: RUNS }, (_, i) => {
      const { root, what } = mutateXml(roots[i % roots.length] as (typeof roots)[number], random); // there are some
      return { what, text: writeDocument(root, { version, random: () => random(1 << 20) / (1 << 20), prefix: '' }) };
    });
    const theirs = await breachesOfXsd(version, Object.fromEntries(cases.map(({ text }, i) => [i, text])));
    const disagreements: unknown[] = [];
    for (const [i, { what, text }] of cases.entries()) {
      const ours = (await checkOfficialSchema(await openDocument(text))).map(({ message, pointer }) => `${message} at ${pointer}`);
      const their = theirs[i] ?? [];
      const others = ours.filter((each) => !REFUSED_BY_JSON.some((known) => known.test(each)));
      if (their.length > 0 ? ours.length === 0 : others.length > 0) disagreements.push({ what, their, others });
    }
    expect(disagreements).toEqual([]);
    const refused = Object.keys(theirs).length;
    expect([refused > RUNS / 3, refused < RUNS * 0.9]).toEqual([true, true]);
  });
});
