/**
 * What a reader finds in the golden documents: with our own properties, all of the manifest but what `lost.*` lists; without them, as
 * in a document of anybody, what `native.*` says. Read both line by line when they change.
 */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { diff } from '../../src/convert/patch.js';
import { fromSPDX2 } from '../../src/convert/spdx2/index.js';
import { fromSPDX } from '../../src/convert/spdx3/index.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { full } from '../support/full-manifest.js';
import { expectGolden, readGolden } from '../support/golden.js';

type Json = Readonly<Record<string, unknown>>;
const json = (name: string): Json => JSON.parse(readGolden(name)) as Json;
const DOCUMENTS: Readonly<Record<string, () => Manifest>> = {
  'cyclonedx@1.5': () => fromCycloneDX(json('full.cyclonedx@1.5.json')).manifest,
  'cyclonedx@1.6': () => fromCycloneDX(json('full.cyclonedx@1.6.json')).manifest,
  'cyclonedx@1.7': () => fromCycloneDX(json('full.cyclonedx@1.7.json')).manifest,
  'spdx@3.0.1': () => fromSPDX(json('full.spdx@3.0.1.json')).manifest,
};

/** The document without properties of ours, and without what is left of the lists that held them. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const isOwn = (each: Json): boolean => String(each.name ?? each.extension_cdxPropName).startsWith('msbom:');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
      if (key !== 'properties' && key !== 'extension_cdxProperty') return [[key, bare(member)]];
      const kept = (member as readonly Json[]).filter((each) => !isOwn(each));
      return kept.length === 0 && key === 'properties' ? [] : [[key, kept]];
    }),
  );
}

/** Foreign content is what is beyond the manifest: it is looked at by tests of its own. */
const withoutForeign = ({ foreign: _foreign, ...manifest }: Manifest): Manifest => manifest;

describe.each(Object.entries(DOCUMENTS))('the golden document %s', (name, read) => {
  it('is read as the manifest, less what it does not say', () => {
    const back = read();
    expect(checkSchema(back)).toEqual([]);
    const lost = diff(withoutForeign(back) as never, withoutForeign(full) as never); // plain JSON
    expectGolden(`lost.${name}.json`, `${JSON.stringify(lost, null, 1)}\n`);
  });
});

describe('a document without properties of ours', () => {
  const READERS: Readonly<Record<string, (document: Json) => Manifest>> = {
    'cyclonedx@1.5': (document) => fromCycloneDX(document).manifest,
    'cyclonedx@1.7': (document) => fromCycloneDX(document).manifest,
    'spdx@3.0.1': (document) => fromSPDX(document).manifest,
    // It has none.
    'spdx@2.3': (document) => fromSPDX2(document as Parameters<typeof fromSPDX2>[0]).manifest,
  };
  it.each(Object.entries(READERS))('is read natively: %s', (name, read) => {
    const manifest = withoutForeign(read(bare(json(`full.${name}.json`)) as Json));
    expect(checkSchema(manifest)).toEqual([]);
    expectGolden(`native.${name}.json`, stringifyManifest(manifest));
  });
});

it.each(['1.5', '1.6', '1.7'])('the XML of %s is read as its JSON', (version) => {
  const { document } = readCycloneDXXml(readGolden(`full.cyclonedx-xml@${version}.xml`));
  const [xml, plain] = [document, json(`full.cyclonedx@${version}.json`)].map((each) => fromCycloneDX(each as Json).manifest);
  expect([xml, plain].map((each) => each && withoutForeign(each))[0]).toEqual(plain && withoutForeign(plain));
});
