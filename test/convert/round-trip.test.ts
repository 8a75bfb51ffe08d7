/** Reading and writing CycloneDX are exact inverses, for manifests and for documents of others. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCycloneDXSchema } from '../../src/convert/cyclonedx/schema.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { stableText } from '../../src/convert/edits.js';
import { CYCLONEDX_VERSIONS, fromCycloneDX, lintCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.js';
import { checkSchema } from '../../src/schema/check.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

const runs = Number(process.env.MSBOM_RUNS ?? 150);
const timeout = 60_000 + runs * 200;
let compared = 0;
let inXml = 0;

/** As a file would hold it. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const minute = { timestamp: '2026-01-01T00:00:00Z' };

afterAll(() => {
  console.info(`CycloneDX round trip: ${compared} generated manifests came back as they were, and ${inXml} through XML`);
});

describe.each(CYCLONEDX_VERSIONS)('CycloneDX %s', (version) => {
  it('gives back any manifest', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { document } = toCycloneDX(manifest, { version });
        const { manifest: back, findings } = fromCycloneDX(stored(document), minute);
        expect(canonicalize(back)).toBe(canonicalize(manifest));
        expect(findings).toEqual([]);
        compared++;
      }),
      { numRuns: runs },
    );
  });

  it('gives back any manifest from XML', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryManifest, async (manifest) => {
        const { text, document } = toCycloneDXXml(manifest, { version });
        expect(await checkCycloneDXSchema(document, version)).toEqual([]);
        const { document: read, findings } = readCycloneDXXml(text);
        expect(findings).toEqual([]);
        expect(canonicalize(fromCycloneDX(read, minute).manifest)).toBe(canonicalize(manifest));
        inXml++;
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });

  it('gives a valid manifest from the native part alone', { timeout }, () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { document } = toCycloneDX(manifest, { version, residual: false });
        const { manifest: back } = fromCycloneDX(stored(document), minute);
        expect(checkSchema(back)).toEqual([]);
        expect(canonicalize(toCycloneDX(back, { version }).document)).toBe(canonicalize(document));
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});

describe('documents of anybody', () => {
  /** A converted manifest with some of its values replaced by others of the same document, or by anything. */
  const damaged = fc
    .tuple(
      arbitraryManifest,
      fc.constantFrom(...CYCLONEDX_VERSIONS),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 6 }),
    )
    .map(([manifest, version, changes]) => {
      const document = stored(toCycloneDX(manifest, { version, residual: false }).document) as Record<string, unknown>;
      for (const [where, what, isJunk] of changes) {
        const places = objectsIn(document);
        const [target] = [places[where % places.length]];
        const keys = Object.keys(target ?? {}).filter((key) => key !== 'bomFormat' && key !== 'specVersion');
        const key = keys[what % Math.max(keys.length, 1)];
        if (target === undefined || key === undefined) continue;
        target[key] = isJunk ? JUNK[what % JUNK.length] : stored(places[what % places.length]);
      }
      return { document, version };
    });

  it('come back as they were, valid or not', { timeout }, () => {
    fc.assert(
      fc.property(damaged, ({ document, version }) => {
        const { manifest } = fromCycloneDX(document, minute);
        expect(checkSchema(manifest)).toEqual([]);
        // Halves of surrogate pairs have no canonical form.
        expect(text(toCycloneDX(stored(manifest), { version }).document)).toBe(text(document));
      }),
      { numRuns: runs },
    );
  });

  it('of 1.4 are read, and written as later versions', () => {
    const document = {
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      version: 1,
      metadata: { tools: [{ vendor: 'v', name: 't', version: '1' }] },
    };
    const { manifest } = fromCycloneDX(document, minute);
    expect(manifest.bom.tools).toEqual([{ name: 't', version: '1', vendor: 'v' }]);
    for (const specVersion of CYCLONEDX_VERSIONS)
      expect(canonicalize(toCycloneDX(manifest, { version: specVersion, residual: false }).document)).toBe(
        canonicalize({ ...document, specVersion }),
      );
  });

  it('keep what others have put into a converted document', () => {
    const { document } = toCycloneDX(fc.sample(arbitraryManifest, { numRuns: 1, seed: 7 })[0] as Manifest, { version: '1.6' });
    const edited = { ...document, annotations: [{ subjects: ['model'], annotator: {}, timestamp: 'x', text: 'theirs' }] };
    const { manifest } = fromCycloneDX(edited, minute);
    expect(canonicalize(toCycloneDX(manifest, { version: '1.6' }).document)).toContain('theirs');
  });
});

const text = (value: unknown): string => stableText(value as JsonValue);

const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e300,
  '',
  ' ',
  'model',
  [],
  {},
  [[]],
  [null],
  [{ name: 1 }],
  { ref: {} },
  'a\u0000b',
  '\ud83d',
];

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

const shared = fileURLToPath(new URL('../../../shared/data/cyclonedx/1.6/', import.meta.url));
const names = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.json')) : [];
const read = (name: string) => JSON.parse(readFileSync(`${shared}${name}`, 'utf8')) as Record<string, unknown>;

describe.skipIf(names.length === 0)('official test documents (skipped where ../shared is absent)', () => {
  it.each(names.filter((name) => name.startsWith('valid')))('%s comes back as it was', async (name) => {
    const document = read(name);
    expect(await checkCycloneDXSchema(document, '1.6')).toEqual([]);
    const { manifest } = fromCycloneDX(document, minute);
    expect(checkSchema(manifest)).toEqual([]);
    expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
    expect(canonicalize(toCycloneDX(stored(manifest), { version: '1.6' }).document)).toBe(canonicalize(document));
  });

  it.each(names.filter((name) => name.startsWith('valid')))('%s comes back through XML', (name) => {
    const { manifest } = fromCycloneDX(read(name), minute);
    const { text } = toCycloneDXXml(manifest, { version: '1.6' });
    expect(canonicalize(fromCycloneDX(readCycloneDXXml(text).document, minute).manifest)).toBe(canonicalize(manifest));
  });

  it.each(names.filter((name) => name.startsWith('invalid')))('%s is refused', async (name) => {
    const document = read(name);
    const problems = [...(await checkCycloneDXSchema(document, '1.6')), ...lintCycloneDX(document)];
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.message).not.toBe('');
  });
});
