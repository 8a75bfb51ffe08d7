import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromCycloneDX } from '../../src/convert/cyclonedx/from.js';
import { CYCLONEDX_VERSIONS, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx/index.js';
import { checkSPDXSchema } from '../../src/convert/spdx/schema.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 150);

describe('SPDX 3.0.1', () => {
  it(`gives back each of ${numRuns} generated manifests, by way of its text`, { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest: Manifest) => {
        const { document } = toSPDX(manifest);
        expect(checkSPDXSchema(document)).toEqual([]);
        const { manifest: back, findings } = fromSPDX(JSON.parse(JSON.stringify(document)));
        expect(findings).toEqual([]);
        expect(canonicalize(back)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });

  it(`gives back each of ${numRuns} around the triangle: CycloneDX, SPDX, CycloneDX, manifest`, { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(arbitraryManifest, fc.constantFrom(...CYCLONEDX_VERSIONS), (manifest: Manifest, version) => {
        const read = (document: unknown): unknown => JSON.parse(JSON.stringify(document));
        const first = fromCycloneDX(read(toCycloneDX(manifest, { version }).document)).manifest;
        const second = fromSPDX(read(toSPDX(first).document)).manifest;
        const third = fromCycloneDX(read(toCycloneDX(second, { version }).document)).manifest;
        expect(canonicalize(third)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });
});
