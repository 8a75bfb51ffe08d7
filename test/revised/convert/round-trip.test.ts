/** Manifests through other standards and back, with what these do not say carried along. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalize } from '../../../src/core/canonical-json.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX, toCycloneDX } from '../../../src/revised/convert/cyclonedx/index.js';
import { checkSchema } from '../../../src/revised/schema/check.js';
import { arbitraryManifest } from '../../support/revised/arbitrary-manifest.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 40);
const timeout = 60_000 + numRuns * 500;
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
let compared = 0;

afterAll(() => console.info(`${compared} generated manifests came back as they were`));

describe.each(CYCLONEDX_VERSIONS)('CycloneDX %s', (version) => {
  it('gives back any manifest', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { document } = toCycloneDX(manifest, { version, lossless: true });
        const { manifest: back, findings } = fromCycloneDX(stored(document));
        expect(findings.map(({ id }) => id)).not.toContain('patch-overridden');
        expect(canonicalize(back)).toBe(canonicalize(manifest));
        compared++;
      }),
      { numRuns },
    );
  });

  it('says nothing of its own where nothing is carried', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { foreign: _foreign, ...plain } = manifest;
        const { document } = toCycloneDX(plain, { version });
        const { manifest: read } = fromCycloneDX(stored(document));
        expect(checkSchema(read)).toEqual([]);
        expect(read.foreign).toBeUndefined();
      }),
      { numRuns },
    );
  });
});
