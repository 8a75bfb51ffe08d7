/** Documents without what they do not say: nothing of the converter's own but named properties and one reference. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, fromCycloneDX, stringifyCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { checkCycloneDXSchema } from '../../src/convert/cyclonedx/schema.js';
import { validateCycloneDX } from '../../src/convert/cyclonedx/strict.js';
import { fromSPDX2, toSPDX2 } from '../../src/convert/spdx2/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { checkSPDXSchema } from '../../src/convert/spdx3/schema.js';
import { checkSPDX } from '../../src/convert/spdx3/validate.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { digestManifest } from '../../src/manifest/digest.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const BOM = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:5a0f2f7e-13f5-4a41-9f0d-0d6a3c1b7e11',
  version: 1,
  timestamp: '2026-02-03T04:05:06Z',
};
const CORPUS = new URL('../corpus/1.0/valid/', import.meta.url);
const valid = readdirSync(CORPUS).filter((name) => name.endsWith('.json'));
const numRuns = Number(process.env.MSBOM_RUNS ?? 25);
const timeout = 60_000 + numRuns * 1000;
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const plain = arbitraryManifest.map(({ foreign: _foreign, ...manifest }): Manifest => manifest);

describe.each(CYCLONEDX_VERSIONS)('CycloneDX %s', (version) => {
  it('meets the official schema and the strict validator, and carries nothing', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (manifest) => {
        const { document } = toCycloneDX(manifest, { version });
        expect(await checkCycloneDXSchema(document, version)).toEqual([]);
        expect(await validateCycloneDX(stringifyCycloneDX(document), version)).toEqual([]);
        expect(JSON.stringify(document)).not.toContain('msbom:patch');
      }),
      { numRuns },
    );
  });

  it('names the manifest by its address or serial number, and the digest of its canonical form', () => {
    const bom = BOM;
    const manifest: Manifest = { bom, model: { name: 'net' } };
    const references = (each: Manifest) =>
      (toCycloneDX(each, { version }).document as { externalReferences?: unknown[] }).externalReferences;
    const hashes = (each: Manifest) => [{ alg: 'SHA-256', content: digestManifest(each) }];
    expect(references(manifest)).toEqual([{ type: 'bom', url: bom.serialNumber, comment: 'MSBOM manifest', hashes: hashes(manifest) }]);
    const published = { ...manifest, bom: { ...bom, uri: 'https://example.org/net.msbom.json' } };
    expect(references(published)).toEqual([{ type: 'bom', url: published.bom.uri, comment: 'MSBOM manifest', hashes: hashes(published) }]);
    expect(fromCycloneDX(toCycloneDX(published, { version }).document).manifest).toEqual(published);
    expect(toCycloneDX(manifest, { version, reference: false }).document.externalReferences).toBeUndefined();
  });

  it('tells of evidence once, however much there is', () => {
    const bom = BOM;
    const statement = (i: number) => ({ origin: 'observed' as const, method: `reader-${i}`, values: { '/model/name': {} } });
    const manifest: Manifest = { bom, model: { name: 'net' }, evidence: Array.from({ length: 200 }, (_, i) => statement(i)) };
    const lost = toCycloneDX(manifest, { version }).losses;
    expect(lost.map(({ id, pointer }) => [id, pointer])).toEqual([['conversion-loss', '/evidence']]);
    const carried = toCycloneDX(manifest, { version, lossless: true });
    expect(carried.losses.map(({ id }) => id)).toEqual(['conversion-carried']);
    expect(fromCycloneDX(stored(carried.document)).manifest).toEqual(manifest);
  });
});

describe('citations of CycloneDX 1.7', () => {
  const digest = { sha256: '2c048caf8b2883e54b4dd2c0fcbb9ced8ced5469d9b0ab3716f3058e25187e2c' };
  const manifest: Manifest = {
    bom: { ...BOM, tools: [{ name: 'collector', version: '1.0' }] },
    model: { name: 'net', types: ['classification'], architecture: { family: 'cnn' }, licenses: [{ expression: 'MIT' }], contextLength: 9 },
    datasets: { letters: { name: 'letters', version: '3' } },
    artifacts: { 'config.json': { size: 2, digest } },
    evidence: [
      {
        origin: 'observed',
        method: 'config',
        source: { path: 'config.json' },
        values: { '/model/architecture': {}, '/model/types': {}, '/model/contextLength': {}, '/artifacts/config.json/digest/sha256': {} },
      },
      {
        origin: 'declared',
        method: 'card',
        at: '2026-02-01T00:00:00Z',
        values: { '/model/licenses': {}, '/datasets/letters/version': {}, '/usage/domains': {} },
      },
    ],
  };

  it('say which file or program stated which member, and are no part of what is read', () => {
    const { document } = toCycloneDX(manifest, { version: '1.7' });
    const main = '/metadata/component';
    const expected = [
      {
        'bom-ref': 'msbom:citation:0',
        pointers: [
          `${main}/components/0/hashes`,
          `${main}/modelCard/modelParameters/architectureFamily`,
          `${main}/properties`,
          `${main}/modelCard/modelParameters/task`,
        ],
        timestamp: BOM.timestamp,
        attributedTo: 'file:config.json',
        note: 'observed by config, from config.json, 4 values',
      },
      {
        'bom-ref': 'msbom:citation:1',
        pointers: ['/components/0/version', `${main}/licenses`, `${main}/properties`],
        timestamp: '2026-02-01T00:00:00Z',
        attributedTo: 'msbom:tool',
        note: 'declared by card, 3 values',
      },
    ];
    expect(document.citations).toEqual(expected);
    expect(toCycloneDX(manifest, { version: '1.6' }).document.citations).toBeUndefined();
    expect(fromCycloneDX(stored(document)).manifest.foreign).toBeUndefined();
    expect(canonicalize(fromCycloneDX(stored(toCycloneDX(manifest, { version: '1.7', lossless: true }).document)).manifest)).toBe(
      canonicalize(manifest),
    );
  });
});

describe('SPDX 3.0.1', () => {
  it('meets the official schema, and carries nothing', { timeout }, () => {
    fc.assert(
      fc.property(plain, (manifest) => {
        const { document } = toSPDX(manifest);
        expect(checkSPDXSchema(document)).toEqual([]);
        expect(JSON.stringify(document)).not.toContain('msbom:patch');
        expect(checkSchema(fromSPDX(stored(document)).manifest)).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('names the manifest by its address or serial number, and the digest of its canonical form', () => {
    const manifest: Manifest = { bom: BOM, model: { name: 'net' } };
    const document = toSPDX(manifest).document as { '@graph': readonly { type: string; externalRef?: unknown }[] };
    expect(document['@graph'].find(({ type }) => type === 'SpdxDocument')?.externalRef).toEqual([
      {
        type: 'ExternalRef',
        externalRefType: 'other',
        locator: [BOM.serialNumber],
        comment: `MSBOM manifest, sha256:${digestManifest(manifest)}`,
      },
    ]);
    expect(fromSPDX(document).manifest).toEqual(manifest);
  });
});

describe('SPDX 2.3', () => {
  it('meets the official schema, and names the manifest', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (manifest) => {
        const { document } = toSPDX2(manifest);
        expect(((await checkSPDX(document, '2.3')) ?? []).filter(({ severity }) => severity === 'high')).toEqual([]);
        expect(document.comment).toContain(`sha256:${digestManifest(manifest)}`);
        expect(checkSchema(fromSPDX2(stored(document) as unknown as Record<string, unknown>).manifest)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe.each(valid)('the manifest %s of the corpus', (name) => {
  const manifest = parseManifest(readFileSync(new URL(name, CORPUS)));
  it('has nothing foreign after a way through CycloneDX, and is itself with what is carried', () => {
    if (manifest.foreign !== undefined) return;
    expect(fromCycloneDX(stored(toCycloneDX(manifest).document)).manifest.foreign).toBeUndefined();
    const back = fromCycloneDX(stored(toCycloneDX(manifest, { lossless: true }).document)).manifest;
    expect(canonicalize(back)).toBe(canonicalize(manifest));
  });
});
