/** Where the two official checks of SPDX 3.0.1 disagree, and what msbom says: one row for each case. */
import { describe, expect, it } from 'vitest';
import { lintSPDX } from '../../src/convert/spdx3/lint.js';
import { checkSPDXSchema } from '../../src/convert/spdx3/schema.js';
import { CONTEXT } from '../../src/convert/spdx3/words.js';
import { isBlocking } from '../../src/core/finding.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';

type Json = Record<string, unknown>;

const N = 'https://example.org/x';
const creation: Json = {
  type: 'CreationInfo',
  '@id': '_:c',
  specVersion: '3.0.1',
  created: '2026-01-31T09:00:00Z',
  createdBy: [`${N}#agent`],
};
const agent: Json = { type: 'SoftwareAgent', spdxId: `${N}#agent`, creationInfo: '_:c', name: 'agent' };
const element = (type: string, members: Json = {}): Json => ({ type, spdxId: `${N}#m`, creationInfo: '_:c', ...members });
const model = (members: Json = {}): Json => element('ai_AIPackage', { name: 'm', ...members });
const relation = (members: Json = {}): Json => ({
  type: 'Relationship',
  spdxId: `${N}#r`,
  creationInfo: '_:c',
  from: `${N}#m`,
  to: [`${N}#agent`],
  relationshipType: 'other',
  ...members,
});
const graph = (...nodes: Json[]): Json => ({ '@context': CONTEXT, '@graph': [creation, agent, ...nodes] });
const properties = (...names: string[]): Json => ({
  type: 'extension_CdxPropertiesExtension',
  extension_cdxProperty: names.map((name) => ({ type: 'extension_CdxPropertyEntry', extension_cdxPropName: name })),
});
const energy = (ai_energyQuantity: unknown): Json =>
  model({
    ai_energyConsumption: {
      type: 'ai_EnergyConsumption',
      ai_trainingEnergyConsumption: [{ type: 'ai_EnergyConsumptionDescription', ai_energyQuantity, ai_energyUnit: 'kilowattHour' }],
    },
  });
const hash = (hashValue: string): Json => model({ verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue }] });

/** Case, document, verdict of the schema, verdict of SHACL. */
const CASES: readonly (readonly [string, Json, boolean, boolean])[] = [
  ['no name', graph(element('ai_AIPackage')), true, true],
  ['an empty list where none is needed', graph(model({ ai_domain: [] })), true, true],
  ['an upper-case hash', graph(hash('A'.repeat(64))), true, true],
  ['an empty name', graph(model({ name: '' })), true, true],
  ['a space in downloadLocation', graph(model({ software_downloadLocation: 'https://example.org/a b' })), true, true],
  ['NoAssertionElement', graph(model(), relation({ to: ['NoAssertionElement'] })), true, true],
  [
    'NoAssertionLicense',
    graph(model(), relation({ relationshipType: 'hasDeclaredLicense', to: ['expandedlicensing_NoAssertionLicense'] })),
    true,
    true,
  ],
  ['two extensions of properties', graph(model({ extension: [properties('a'), properties('b')] })), true, true],
  ['properties on a relationship, a name twice, no value', graph(model(), relation({ extension: [properties('a', 'a')] })), true, true],
  ['an id of urn:cdx', graph({ ...model(), spdxId: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#file%3Aa' }), true, true],
  ['creation information in place', graph(model({ creationInfo: { ...creation, '@id': '_:d' } })), true, true],
  ['no datasetType', graph(element('dataset_DatasetPackage', { name: 'd' })), false, false],
  ['an unknown word', graph(model({ ai_autonomyType: 'maybe' })), false, false],
  ['a list where one belongs', graph(model({ ai_autonomyType: ['yes', 'no'] })), false, false],
  [
    'a size that is no whole number',
    graph(element('dataset_DatasetPackage', { name: 'd', dataset_datasetType: ['text'], dataset_datasetSize: 1.5 })),
    false,
    false,
  ],
  ['a time with fractions', graph(model({ builtTime: '2026-01-31T09:00:00.5Z' })), false, false],
  ['a time with an offset', graph(model({ builtTime: '2026-01-31T09:00:00+01:00' })), false, false],
  // Without a base, JSON-LD leaves out what has a relative id, so that SHACL sees nothing wrong.
  ['an id without a colon', graph({ ...model(), spdxId: 'm' }), false, true],
  ['a relationship that came with 3.1', graph(model(), relation({ relationshipType: 'finetunedOn' })), false, false],
  ['a decimal with an exponent', graph(energy('1e-7')), false, false],
  ['an unknown property', graph(model({ own: 1 })), false, true],
  ['one value where a list belongs', graph(model({ ai_domain: 'vision' })), false, true],
  ['null', graph(model({ description: null })), false, true],
  ['@id and @type', graph({ '@type': 'ai_AIPackage', '@id': `${N}#m`, creationInfo: '_:c', name: 'm' }), false, true],
  ['another key beside the graph', { ...graph(model()), own: 1 }, false, true],
  ['a context that is a list', { ...graph(model()), '@context': [CONTEXT] }, false, true],
  ['a decimal as a JSON number', graph(energy(0.5)), true, false],
  ['a dangling reference', graph(model(), relation({ to: [`${N}#nothing`] })), true, false],
  ['a tool in createdBy', { '@context': CONTEXT, '@graph': [creation, { ...agent, type: 'Tool' }, model()] }, true, false],
  [
    'a licence of the list as an id',
    graph(model(), {
      ...element('SpdxDocument', { dataLicense: 'https://spdx.org/licenses/CC0-1.0', rootElement: [`${N}#m`] }),
      spdxId: N,
    }),
    true,
    false,
  ],
  [
    'the profile "extension"',
    graph(model(), { ...element('SpdxDocument', { profileConformance: ['extension'], rootElement: [`${N}#m`] }), spdxId: N }),
    true,
    false,
  ],
];

describe.each(CASES)('%s', (_name, document, schema, shacl) => {
  it(`${schema ? 'meets' : 'breaks'} the schema and ${shacl ? 'conforms to' : 'violates'} SHACL, and msbom says so`, async () => {
    expect(meetsOfficialSchema(document)).toBe(schema);
    expect((await shaclFindings(document)).length === 0).toBe(shacl);
    expect(checkSPDXSchema(document).length === 0).toBe(schema);
    expect([...checkSPDXSchema(document), ...lintSPDX(document)].some(isBlocking)).toBe(!(schema && shacl));
  });
});

describe('what only the prose says', () => {
  const advice = (document: Json, strict = false) =>
    lintSPDX(document, { strict }).map(({ id, severity, message }) => [id, severity, message]);
  it('is advice, and an error where it is asked for strictly', () => {
    const message =
      'the ai_AIPackage has no releaseTime, no suppliedBy, no software_downloadLocation, no software_packageVersion, no software_primaryPurpose, not exactly one hasDeclaredLicense, not exactly one hasConcludedLicense';
    expect(advice(graph(model()))).toEqual([['spdx-profile-fields', 'low', message]]);
    expect(advice(graph(model()), true)).toEqual([['spdx-profile-fields', 'high', message]]);
  });
  it('finds an id twice, an id in the namespace of the standard, a short hash, an expression that is none', () => {
    const ids = (document: Json) =>
      lintSPDX(document)
        .map(({ id }) => id)
        .filter((id) => id !== 'spdx-profile-fields');
    expect(ids(graph(agent))).toEqual(['spdx-duplicate-id']);
    expect(ids(graph({ ...agent, spdxId: 'spdx:a' }))).toEqual(['spdx-id-prefix']);
    expect(ids(graph(hash('ab')))).toEqual(['spdx-hash-length']);
    expect(
      ids(graph({ ...element('simplelicensing_LicenseExpression', { simplelicensing_licenseExpression: 'free as in beer' }) })),
    ).toEqual(['spdx-license-expression']);
    expect(ids(graph(model({ extension: [{ type: 'Tool' }] })))).toContain('spdx-extension');
  });
});
