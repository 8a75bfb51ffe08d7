import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, lintCycloneDX, stringifyCycloneDX, toCycloneDX, validateCycloneDX } from '../../src/convert/index.js';
import { checkSchema } from '../../src/schema/check.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const runs = Number(process.env.MSBOM_RUNS ?? 60);

describe('arbitrary manifests', () => {
  it('meet the schema', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        expect(checkSchema(manifest)).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});

/** CycloneDX says these in words or places of its own. */
const WORDS = new Set(['organization', 'AMBER+STRICT', 'retrospective', 'not_affected', 'under_investigation']);

describe.each(CYCLONEDX_VERSIONS)('CycloneDX %s', (version) => {
  it('meets the official schema and the lint for arbitrary manifests', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryManifest, async (manifest) => {
        const { document } = toCycloneDX(manifest, { version });
        expect(await validateCycloneDX(stringifyCycloneDX(document), version)).toEqual([]);
        expect(lintCycloneDX(document)).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('says every text natively or lists it as a loss', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { document, losses } = toCycloneDX(manifest, { version, residual: false });
        const said = JSON.stringify(document);
        const lost = losses.map(({ pointer }) => pointer ?? '');
        for (const { pointer, value } of texts(manifest, '')) {
          if (lost.some((group) => pointer === group || pointer.startsWith(`${group}/`))) continue;
          if (value.length >= 12 && !WORDS.has(value)) expect(said, pointer).toContain(JSON.stringify(value).slice(1, -1));
        }
      }),
      { numRuns: runs },
    );
  });

  it('is the same document for the same manifest', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        expect(stringifyCycloneDX(toCycloneDX(manifest, { version }).document)).toBe(
          stringifyCycloneDX(toCycloneDX(structuredClone(manifest), { version }).document),
        );
      }),
      { numRuns: Math.ceil(runs / 4) },
    );
  });
});

function texts(value: unknown, pointer: string): { pointer: string; value: string }[] {
  if (typeof value === 'string') return [{ pointer, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => texts(member, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`));
}
