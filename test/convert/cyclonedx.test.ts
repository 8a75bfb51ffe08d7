import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../schema/1.0/msbom.schema.json' with { type: 'json' };
import { writeContext } from '../../src/convert/cyclonedx/context.js';
import { filePart } from '../../src/convert/cyclonedx/files.js';
import { plain } from '../../src/convert/cyclonedx/json.js';
import { componentNormalizer } from '../../src/convert/cyclonedx/library.js';
import { softwareComponents } from '../../src/convert/cyclonedx/software.js';
import { CYCLONEDX_VERSIONS, lintCycloneDX, stringifyCycloneDX, toCycloneDX, validateCycloneDX } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
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

/** Words of the schema, which CycloneDX may say in words or places of its own. */
const WORDS = new Set(
  JSON.stringify(schema)
    .match(/"enum":\[[^\]]*\]/g)
    ?.flatMap((list) => (JSON.parse(`{${list}}`) as { enum: unknown[] }).enum),
);

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
          if (value.length >= 12 && !WORDS.has(value))
            expect(
              [once(value), once(once(value))].some((text) => said.includes(text)),
              `${pointer} ${value}`,
            ).toBe(true);
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
        // Whatever the order in which its members stand.
        expect(canonicalize(toCycloneDX(reversed(manifest), { version }).document)).toBe(
          canonicalize(toCycloneDX(manifest, { version }).document),
        );
      }),
      { numRuns: Math.ceil(runs / 4) },
    );
  });
});

/** The same value, with the members of every object in the opposite order. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed) as T; // of the same items
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  ) as T; // of the same members
}

/** Inside of a JSON text. */
const once = (text: string): string => JSON.stringify(text).slice(1, -1);

function texts(value: unknown, pointer: string): { pointer: string; value: string }[] {
  if (typeof value === 'string') return [{ pointer, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => texts(member, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`));
}

describe.each(CYCLONEDX_VERSIONS)('components without the library, %s', (version) => {
  it('are what the library writes', () => {
    let compared = 0;
    const normalize = componentNormalizer(version);
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const context = writeContext(manifest, version);
        const files = (manifest.artifacts ?? []).map((file) => filePart(file, '', context));
        for (const { make, json } of [...softwareComponents(manifest, context).top, ...files]) {
          const ours = json();
          if (ours === undefined) continue;
          expect(ours).toEqual(plain(normalize(make())));
          compared++;
        }
      }),
      { numRuns: runs * 2 },
    );
    expect(compared).toBeGreaterThan(runs / 10);
  });
});
