/** The official test documents of CycloneDX 1.6, through the manifest and back. */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { readCycloneDXXml } from '../../src/convert/cyclonedx/xml/index.js';
import { toCycloneDXXml } from '../../src/convert/cyclonedx/xml/write.js';
import { openDocument, readSource } from '../../src/convert/document.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { OFFICIAL_MISSING, official, readOfficial } from '../support/cyclonedx.js';

const minute = { timestamp: '2026-01-01T00:00:00Z' };
const named = (end: string): readonly string[] => (official ?? []).filter((name) => name.startsWith('valid-') && name.endsWith(end));

describe('the official documents', () => {
  it('are there', (context) => {
    if (official === undefined) context.skip(OFFICIAL_MISSING);
    expect(named('.json').length + named('.xml').length).toBeGreaterThan(50);
  });

  it.each(named('.json'))('%s comes back the same', async (name) => {
    const text = readOfficial(name);
    const { manifest } = await readSource(await openDocument(text), minute);
    const { document } = toCycloneDX(parseManifest(stringifyManifest(manifest)), { version: '1.6' });
    expect(canonicalize(document)).toBe(canonicalize(JSON.parse(text)));
  });

  it.each(named('.xml'))('%s comes back the same', async (name) => {
    const text = readOfficial(name);
    const { manifest } = await readSource(await openDocument(text), minute);
    const { text: back } = toCycloneDXXml(parseManifest(stringifyManifest(manifest)), { version: '1.6' });
    expect(canonicalize(readCycloneDXXml(back).document)).toBe(canonicalize(readCycloneDXXml(text).document));
    const { manifest: again } = fromCycloneDX(readCycloneDXXml(back).document, minute);
    expect(canonicalize({ ...again, foreign: {} })).toBe(canonicalize({ ...manifest, foreign: {} }));
  });
});
