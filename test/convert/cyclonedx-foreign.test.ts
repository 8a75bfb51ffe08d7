/** Documents of other producers, whatever the schema of their version allows, through the manifest and back. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { READ_VERSIONS, writtenVersion } from '../../src/convert/cyclonedx/foreign.js';
import { checkCycloneDXSchema } from '../../src/convert/cyclonedx/schema.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx/index.js';
import { TARGETS, type WriteTarget } from '../../src/convert/targets.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import { arbitraryCycloneDX } from '../support/arbitrary-cyclonedx.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 40);
const timeout = 60_000 + numRuns * 200;
const minute = { timestamp: '2026-01-01T00:00:00Z' };
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
let compared = 0;
const allowed = { count: 0 };
const pruned = { count: 0 };

afterAll(() => {
  console.info(`CycloneDX of anybody: ${compared} generated documents came back as they were`);
  console.info(`in another version, ${allowed.count} were the same and ${pruned.count} were cut to what it allows`);
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

  const others = CYCLONEDX_VERSIONS.filter((each) => each !== version);
  it.each(others)('is the same in %s, where that allows it; else what is allowed, and comes back', { timeout }, async (other) => {
    const write = TARGETS[`cyclonedx@${other}`] as WriteTarget;
    await fc.assert(
      fc.asyncProperty(arbitraryCycloneDX(version), async (document) => {
        const { manifest } = fromCycloneDX(document, minute);
        const { problems, text, losses } = await write(stored(manifest));
        expect(problems).toEqual([]);
        const carried = JSON.parse(text) as object;
        expect(canonicalize(fromCycloneDX(carried, minute).manifest)).toBe(canonicalize(manifest));
        const expected = { ...document, specVersion: other };
        const isAllowed = (await checkCycloneDXSchema(expected, other)).length === 0;
        const plain = await write(stored(manifest), { residual: false });
        if (isAllowed) expect(canonicalize(JSON.parse(plain.text))).toBe(canonicalize(expected));
        else if (other < version) expect(losses.length).toBeGreaterThan(0);
        (isAllowed ? allowed : pruned).count++;
      }),
      { numRuns },
    );
  });

  it('comes back as it was from SPDX', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryCycloneDX(version), (document) => {
        const { manifest } = fromCycloneDX(document, minute);
        const { manifest: back } = fromSPDX(stored(toSPDX(manifest).document));
        expect(canonicalize(back)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });
});
