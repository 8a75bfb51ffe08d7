/** Manifests through other standards and back, with what these do not say carried along. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 25);
const timeout = 60_000 + numRuns * 1000;
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const counts = new Map<string, number>();

afterAll(() => {
  for (const [route, count] of counts) console.info(`${route}: ${count} generated manifests came back as they were`);
});

interface Back {
  readonly manifest: Manifest;
  readonly findings: readonly { readonly id: string }[];
}

const versions = CYCLONEDX_VERSIONS;
const ROUTES: readonly (readonly [name: string, there: (manifest: Manifest) => Back])[] = [
  ...versions.map(
    (version) =>
      [
        `CycloneDX ${version}`,
        (manifest: Manifest) => fromCycloneDX(stored(toCycloneDX(manifest, { version, lossless: true }).document)),
      ] as const,
  ),
  ...versions.map(
    (version) =>
      [
        `CycloneDX ${version} XML`,
        (manifest: Manifest) => fromCycloneDX(readCycloneDXXml(toCycloneDXXml(manifest, { version, lossless: true }).text).document),
      ] as const,
  ),
  ['SPDX 3.0.1', (manifest) => fromSPDX(stored(toSPDX(manifest, { lossless: true }).document))],
  [
    'CycloneDX 1.6, SPDX 3.0.1 and CycloneDX 1.7',
    (manifest) => {
      const first = fromCycloneDX(stored(toCycloneDX(manifest, { version: '1.6', lossless: true }).document)).manifest;
      const second = fromSPDX(stored(toSPDX(first, { lossless: true }).document)).manifest;
      return fromCycloneDX(stored(toCycloneDX(second, { version: '1.7', lossless: true }).document));
    },
  ],
];

describe.each(ROUTES)('%s', (route, there) => {
  it('gives back any manifest', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { manifest: back, findings } = there(manifest);
        expect(findings.map(({ id }) => id)).not.toContain('patch-overridden');
        expect(canonicalize(back)).toBe(canonicalize(manifest));
        counts.set(route, (counts.get(route) ?? 0) + 1);
      }),
      { numRuns },
    );
  });
});
