/** Documents of other producers, whatever the schema of their version allows, through the manifest and back. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CYCLONEDX_VERSIONS, fromCycloneDX, READ_VERSIONS, toCycloneDX, writtenVersion } from '../../src/convert/cyclonedx/index.js';
import { checkCycloneDXSchema } from '../../src/convert/cyclonedx/schema.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { TARGETS, type WriteTarget } from '../../src/convert/targets.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryCycloneDX } from '../support/arbitrary-cyclonedx.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 25);
const timeout = 60_000 + numRuns * 1000;
const minute = { timestamp: '2026-01-01T00:00:00Z' };
/** As it comes from a file. */
const stored = (manifest: Manifest): Manifest => parseManifest(stringifyManifest(manifest));
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
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
        const back = toCycloneDX(stored(manifest), { version: writtenVersion(version) }).document;
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
        const { problems, text, losses } = await write(stored(manifest), { lossless: true });
        expect(problems).toEqual([]);
        const carried = JSON.parse(text) as object;
        expect(canonicalize(fromCycloneDX(carried, minute).manifest)).toBe(canonicalize(manifest));
        const expected = { ...document, specVersion: other };
        const isAllowed = (await checkCycloneDXSchema(expected, other)).length === 0;
        const clean = await write(stored(manifest));
        if (isAllowed) expect(canonicalize(JSON.parse(clean.text))).toBe(canonicalize(expected));
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
        const { manifest: back } = fromSPDX(plain(toSPDX(manifest, { lossless: true }).document));
        expect(canonicalize(back)).toBe(canonicalize(manifest));
      }),
      { numRuns },
    );
  });
});

describe('an address that is none', () => {
  const document = (url: string) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:5a0f2f7e-13f5-4a41-9f0d-0d6a3c1b7e11',
    version: 1,
    metadata: {
      timestamp: '2026-02-03T04:05:06Z',
      component: { type: 'application', 'bom-ref': 'shop', name: 'shop', externalReferences: [{ type: 'website', url }] },
    },
  });

  it('is refused in JSON, with its place', async () => {
    const found = await checkCycloneDXSchema(document('https://example.org/a b'), '1.6');
    expect(found.map(({ pointer }) => pointer)).toEqual(['/metadata/component/externalReferences/0/url']);
    expect(await checkCycloneDXSchema(document('https://example.org/a%20b?c[]=d#é'), '1.6')).toEqual([]);
  });

  it('is percent-encoded where the document has it all the same, and told', () => {
    const { manifest, findings } = fromCycloneDX(document('https://example.org/a b/{c}|d\\e%'), minute);
    expect(findings.map(({ id, pointer }) => [id, pointer])).toEqual([['address-encoded', '/metadata/component/externalReferences/0/url']]);
    const text = JSON.stringify([toCycloneDX(manifest).document, toSPDX(manifest).document]);
    expect(text.split('https://example.org/a%20b/%7Bc%7D%7Cd%5Ce%25').length).toBe(3);
  });
});
