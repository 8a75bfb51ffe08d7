import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { checkCycloneDXSchema, SCHEMA_VERSIONS } from '../../src/convert/cyclonedx/schema.js';
import { goldenDocuments, OFFICIAL_MISSING, official, readFixture, readOfficial } from '../support/cyclonedx.js';
import { mutate, numbers } from '../support/mutate.js';

const LIBRARY = { '1.4': Spec.Version.v1dot4, '1.5': Spec.Version.v1dot5, '1.6': Spec.Version.v1dot6, '1.7': Spec.Version.v1dot7 };
const validators = Object.fromEntries(SCHEMA_VERSIONS.map((version) => [version, new Validation.JsonStrictValidator(LIBRARY[version])]));

async function verdicts(text: string, mutations: number, random: (below: number) => number): Promise<number> {
  let refused = 0;
  for (let i = 0; i <= mutations; i++) {
    const changed: unknown = JSON.parse(text);
    for (let j = 0; j < i % 4; j++) mutate(changed, random);
    const document: unknown = JSON.parse(JSON.stringify(changed));
    for (const version of SCHEMA_VERSIONS) {
      const theirs = await validators[version]?.validate(JSON.stringify(document));
      const ours = await checkCycloneDXSchema(document, version);
      expect(ours.length === 0, `${version} ${JSON.stringify(theirs)} ${JSON.stringify(ours)} ${JSON.stringify(document)}`).toBe(
        theirs === null,
      );
      refused += theirs === null ? 0 : 1;
    }
  }
  return refused;
}

describe('the verdict is that of the official library', () => {
  it.each([...goldenDocuments(), 'xml/model-1.6.cdx.json'])('%s and mutations of it', async (name) => {
    expect(await verdicts(readFixture(name), 60, numbers(name.length))).toBeGreaterThan(0);
  });
  it('for the official documents and mutations of them', async (context) => {
    if (official === undefined) return context.skip(OFFICIAL_MISSING);
    const random = numbers(7);
    for (const name of official.filter((each) => each.endsWith('.json'))) await verdicts(readOfficial(name), 24, random);
  });
});

describe('findings', () => {
  const base = { bomFormat: 'CycloneDX', specVersion: '1.6' };
  const check = (document: object, version: '1.5' | '1.6' | '1.7' = '1.6') => checkCycloneDXSchema({ ...base, ...document }, version);
  it('point at the member that is wrong, in plain words', async () => {
    const component = { type: 'libary', name: 'x', extra: 1, hashes: [{ alg: 'sha256', content: 'ab' }] };
    expect((await check({ components: [component, { type: 'file' }] })).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      '/components/0/type "libary" is not on the list; "library" is',
      expect.stringContaining('/components/0/hashes/0/alg "sha256" is none of "MD5"'),
      expect.stringContaining('/components/0/hashes/0/content "ab" does not have the form'),
      '/components/0/extra "extra" is not known here',
      '/components/1 "name" is missing',
    ]);
  });
  it('of several forms speak of the one that was meant', async () => {
    const licenses = [{ license: { id: 'OpenRAIL' } }];
    expect(await check({ components: [{ type: 'library', name: 'x', licenses }] })).toEqual([
      expect.objectContaining({ pointer: '/components/0/licenses/0/license/id', message: '"OpenRAIL" is not on the list' }),
    ]);
  });
  it('name both of two equal items', async () => {
    const one = { type: 'library', name: 'x' };
    expect(await check({ components: [one, { type: 'library', name: 'y' }, { name: 'x', type: 'library' }] })).toEqual([
      expect.objectContaining({ pointer: '/components/2', message: 'the item is the same as item 0' }),
    ]);
  });
  it('end at the limit', async () => {
    const components = Array.from({ length: 500 }, () => ({}));
    expect(await checkCycloneDXSchema({ ...base, components }, '1.6', 10)).toHaveLength(10);
  });
});

it('lists of many items take time in proportion', async () => {
  const components = Array.from({ length: 100_000 }, (_, i) => ({ type: 'library', name: 'same', version: '1', 'bom-ref': `c${i}` }));
  expect(await checkCycloneDXSchema({ bomFormat: 'CycloneDX', specVersion: '1.6', components }, '1.6')).toEqual([]);
  // Comparing every pair would take hours.
});
