/** Documents of every shape that the standard allows: nothing of them is lost on the way through a manifest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { sortNodes } from '../../src/convert/spdx3/graph.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { readSource } from '../../src/convert/spdx3/source.js';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitrarySPDX, PRODUCED } from '../support/arbitrary-spdx.js';
import { canonicalRDF, meetsOfficialSchema } from '../support/spdx-checks.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 40);
const even = (document: unknown): JsonValue => sortNodes([...readSource(document).nodes.values()]) as JsonValue;
/** Beyond the schema: ids that stand for two things, and references to nothing. */
const faults = (manifest: Manifest) => validateManifest(manifest).findings.filter(({ id }) => /^(schema-|duplicate-|reference-)/.test(id));

describe('SPDX 3.0.1 of any producer', () => {
  it('is of every class that the standard has things of', () => {
    const found = new Set<unknown>();
    for (const document of fc.sample(arbitrarySPDX, { numRuns: 400, seed: 1 }))
      JSON.stringify(document, (key, value: unknown) => {
        if (key === 'type') found.add(value);
        return value;
      });
    expect(PRODUCED.filter((name) => !found.has(name))).toEqual([]);
  });

  it(`gives back each of ${numRuns} generated documents, by way of the manifest's text`, { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(arbitrarySPDX, (document) => {
        expect(meetsOfficialSchema(document)).toBe(true);
        const { manifest } = fromSPDX(document);
        expect(faults(manifest)).toEqual([]);
        const { document: back } = toSPDX(parseManifest(stringifyManifest(manifest)));
        expect(even(back)).toEqual(even(document));
        expect(canonicalize(fromSPDX(back).manifest)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });

  it(`means the same as before, as RDF (${Math.min(numRuns, 300)} generated documents)`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySPDX, async (document) => {
        const { document: back } = toSPDX(fromSPDX(document).manifest);
        expect(await canonicalRDF(back)).toBe(await canonicalRDF(document));
      }),
      { numRuns: Math.min(numRuns, 300) },
    );
  });

  it(`gives back each of ${numRuns} generated documents, by way of CycloneDX`, { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(arbitrarySPDX, (document) => {
        const { document: bom } = toCycloneDX(fromSPDX(document).manifest, { version: '1.6', lossless: true });
        const { manifest } = fromCycloneDX(JSON.parse(JSON.stringify(bom)));
        expect(even(toSPDX(manifest).document)).toEqual(even(document));
      }),
      { numRuns },
    );
  });
});
