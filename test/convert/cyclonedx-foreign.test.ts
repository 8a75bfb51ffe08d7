/** Documents of other producers, whatever the schema of their version allows, through the manifest and back. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { READ_VERSIONS, writtenVersion } from '../../src/convert/cyclonedx/foreign.js';
import { checkCycloneDXSchema } from '../../src/convert/cyclonedx/schema.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import { arbitraryCycloneDX } from '../support/arbitrary-cyclonedx.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 100);
const timeout = 60_000 + numRuns * 200;
const minute = { timestamp: '2026-01-01T00:00:00Z' };
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
let compared = 0;

afterAll(() => {
  console.info(`CycloneDX of anybody: ${compared} generated documents came back as they were`);
});

describe.each(READ_VERSIONS)('a document of CycloneDX %s', (version) => {
  it('comes back as it was, by way of a valid manifest', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCycloneDX(version), async (document) => {
        expect(await checkCycloneDXSchema(document, version)).toEqual([]);
        const { manifest } = fromCycloneDX(document, minute);
        expect(checkSchema(manifest)).toEqual([]);
        const options = { version: writtenVersion(version), residual: version !== '1.4' };
        const back = toCycloneDX(stored(manifest), options).document;
        expect(canonicalize({ ...back, specVersion: version })).toBe(canonicalize(document));
        compared++;
      }),
      { numRuns },
    );
  });

  it.each(CYCLONEDX_VERSIONS.filter((each) => each > version))('is the same in %s, where that allows it', { timeout }, async (later) => {
    await fc.assert(
      fc.asyncProperty(arbitraryCycloneDX(version), async (document) => {
        const expected = { ...document, specVersion: later };
        if ((await checkCycloneDXSchema(expected, later)).length > 0) return;
        const { manifest } = fromCycloneDX(document, minute);
        expect(canonicalize(toCycloneDX(stored(manifest), { version: later, residual: false }).document)).toBe(canonicalize(expected));
      }),
      { numRuns },
    );
  });
});
