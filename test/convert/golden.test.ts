import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, lintCycloneDX, stringifyCycloneDX, toCycloneDX, validateCycloneDX } from '../../src/convert/index.js';
import { parseManifest } from '../../src/manifest/parse.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const MANIFESTS = {
  adapter: '../../docs/rules/base.json',
  hardware: '../corpus/1.0/valid/hardware.json',
  dataset: '../corpus/1.0/valid/dataset.json',
  energy: '../corpus/1.0/valid/energy.json',
  vulnerabilities: '../corpus/1.0/valid/vulnerabilities.json',
};

describe.each(Object.entries(MANIFESTS))('%s', (name, path) => {
  it.each(CYCLONEDX_VERSIONS)('as CycloneDX %s is the golden document', async (version) => {
    const { document } = toCycloneDX(parseManifest(read(path)), { version });
    const text = stringifyCycloneDX(document);
    expect(await validateCycloneDX(text, version)).toEqual([]);
    expect(lintCycloneDX(document)).toEqual([]);
    await expect(text).toMatchFileSnapshot(`../fixtures/convert/${name}-${version}.cdx.json`);
  });
});

describe('the lint', () => {
  const { document } = toCycloneDX(parseManifest(read(MANIFESTS.adapter)));
  const broken = (change: (bom: Record<string, never>) => void) => {
    const copy = JSON.parse(JSON.stringify(document)) as Record<string, never>;
    change(copy);
    return lintCycloneDX(copy).map(({ id }) => id);
  };
  it.each<[string, string, (bom: never) => void]>([
    [
      'cyclonedx-duplicate-ref',
      'a second bom-ref',
      (bom: { components: { 'bom-ref': string }[] }) => {
        (bom.components[0] ?? { 'bom-ref': '' })['bom-ref'] = 'model';
      },
    ],
    [
      'cyclonedx-dangling-ref',
      'a dependency on nothing',
      (bom: { dependencies: { dependsOn?: string[] }[] }) => {
        bom.dependencies[0]?.dependsOn?.push('nowhere');
      },
    ],
    [
      'cyclonedx-hash-length',
      'a short SHA-512',
      (bom: { metadata: { component: { components: { hashes: { alg: string }[] }[] } } }) => {
        (bom.metadata.component.components[0]?.hashes[0] ?? { alg: '' }).alg = 'SHA-512';
      },
    ],
    [
      'cyclonedx-license-id',
      'an invented licence id',
      (bom: { metadata: { component: { licenses: unknown } } }) => {
        bom.metadata.component.licenses = [{ license: { id: 'OpenRAIL' } }];
      },
    ],
    [
      'cyclonedx-misplaced-model-card',
      'a model card on a library',
      (bom: { metadata: { component: { type: string } } }) => {
        bom.metadata.component.type = 'library';
      },
    ],
    [
      'cyclonedx-time-zone',
      'a time without a zone',
      (bom: { metadata: { timestamp: string } }) => {
        bom.metadata.timestamp = '2026-01-01T00:00:00';
      },
    ],
    [
      'cyclonedx-empty-purl',
      'an empty purl',
      (bom: { metadata: { component: { purl: string } } }) => {
        bom.metadata.component.purl = '';
      },
    ],
    [
      'cyclonedx-serial-number',
      'capitals in the serial number',
      (bom: { serialNumber: string }) => {
        bom.serialNumber = bom.serialNumber.toUpperCase();
      },
    ],
    [
      'cyclonedx-property-value',
      'a property without a value',
      (bom: { metadata: { component: { properties: object[] } } }) => {
        bom.metadata.component.properties.push({ name: 'x' });
      },
    ],
    [
      'cyclonedx-empty-dataset',
      'an empty dataset',
      (bom: { metadata: { component: { modelCard: { modelParameters: { datasets: object[] } } } } }) => {
        bom.metadata.component.modelCard.modelParameters.datasets.push({});
      },
    ],
  ] as [string, string, (bom: never) => void][])('%s: %s', (id, _what, change) => {
    expect(broken(change as (bom: Record<string, never>) => void)).toContain(id);
  });
});
