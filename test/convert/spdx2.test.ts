import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTagValue } from '../../src/convert/spdx/tag-value.js';
import { toSPDX2 } from '../../src/convert/spdx/v2.js';
import { checkSPDX } from '../../src/convert/spdx/validate.js';
import { parseManifest } from '../../src/manifest/parse.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const official = new Ajv2019({ strict: false }).compile(JSON.parse(text('../support/spdx/spdx-schema-v2.3.json')) as object);
const base = parseManifest(text('../../docs/rules/base.json'));
const dataset = parseManifest(text('../corpus/1.0/valid/dataset.json'));
const numRuns = Number(process.env.MSBOM_RUNS ?? 100);

describe.each([
  ['adapter', base],
  ['dataset', dataset],
])('%s as SPDX 2.3', (name, manifest) => {
  const { document, losses } = toSPDX2(manifest);
  it('is the golden document, as JSON and as tag-value', async () => {
    expect(official(document)).toBe(true);
    expect(await checkSPDX(document, '2.3')).toEqual([]);
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(`../fixtures/convert/${name}.spdx2.json`);
    await expect(toTagValue(document)).toMatchFileSnapshot(`../fixtures/convert/${name}.spdx`);
  });
  it('lists what it does not say', () => {
    expect(losses.length).toBeGreaterThan(0);
    expect(losses.every(({ id, severity }) => id === 'conversion-loss' && severity === 'low')).toBe(true);
  });
});

describe('generated manifests as SPDX 2.3', () => {
  it(`meet the official JSON schema, with every id defined once and every reference closed (${numRuns})`, {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryManifest, async (manifest: Manifest) => {
        const { document } = toSPDX2(manifest);
        expect(official(document)).toBe(true);
        expect((await checkSPDX(document, '2.3'))?.filter(({ id }) => id !== 'spdx-license-expression')).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe('losses', () => {
  it('name a value that no element says', () => {
    const pointers = toSPDX2(base).losses.map(({ pointer }) => pointer);
    expect(pointers).toContain('/training/hyperparameters/learning_rate');
    expect(pointers).toContain('/artifacts/0/size');
    expect(pointers).not.toContain('/model/name');
  });
});

describe('the check of SPDX 2.3', () => {
  const { document } = toSPDX2(base);
  it.each<[string, (copy: Record<string, never>) => void, string]>([
    [
      'a duplicate id',
      (copy: { packages: { SPDXID: string }[] }) => void ((copy.packages[1] ?? { SPDXID: '' }).SPDXID = copy.packages[0]?.SPDXID ?? ''),
      'spdx-duplicate-id',
    ],
    [
      'a dangling reference',
      (copy: { relationships: { relatedSpdxElement: string }[] }) =>
        void ((copy.relationships[0] ?? { relatedSpdxElement: '' }).relatedSpdxElement = 'SPDXRef-x'),
      'spdx-dangling-ref',
    ],
    [
      'an expression that is none',
      (copy: { packages: { licenseDeclared: string }[] }) =>
        void ((copy.packages[0] ?? { licenseDeclared: '' }).licenseDeclared = 'free as in beer'),
      'spdx-license-expression',
    ],
    ['another data licence', (copy: { dataLicense: string }) => void (copy.dataLicense = 'MIT'), 'spdx-schema'],
    ['a missing name', (copy: { name?: string }) => void delete copy.name, 'spdx-schema'],
  ] as never)('finds %s', async (_name, change, id) => {
    const copy = JSON.parse(JSON.stringify(document)) as Record<string, never>;
    change(copy);
    expect((await checkSPDX(copy, '2.3'))?.map((finding) => finding.id)).toContain(id);
  });
});

describe('tag-value', () => {
  it('cannot be broken out of', () => {
    const evil = 'x</text>\nSPDXID: SPDXRef-evil';
    const manifest = {
      ...base,
      model: { ...base.model, name: `a\nSPDXID: SPDXRef-evil`, description: evil, version: 'v\nPackageName: other' },
    } as Manifest;
    const lines = toTagValue(toSPDX2(manifest).document)
      .replace(/<text>.*?<\/text>/gs, '')
      .split('\n');
    expect(lines.filter((line) => line.startsWith('SPDXID: SPDXRef-evil'))).toEqual([]);
    expect(lines.filter((line) => line === 'PackageName: other')).toEqual([]);
  });
});
