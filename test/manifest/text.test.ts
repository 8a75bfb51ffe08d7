import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { digestManifest } from '../../src/manifest/digest.js';
import { parseManifest, readManifest } from '../../src/manifest/parse.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import type { Manifest } from '../../src/schema/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { manifest as base, bom } from './documents.js';

const parsed = (value: unknown) => readManifest(JSON.stringify(value));
const turned = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(turned)
      : Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, member]) => [key, turned(member)]),
        );

describe('text', () => {
  it('comes back as the same manifest, and is the same whatever the order of members', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const text = stringifyManifest(manifest);
        const again = parseManifest(text);
        expect(canonicalize(again)).toBe(canonicalize(manifest));
        expect(stringifyManifest(again)).toBe(text);
        expect(stringifyManifest(turned(manifest) as Manifest)).toBe(text);
        expect(digestManifest(turned(manifest) as Manifest)).toBe(digestManifest(manifest));
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
  it('has members in the order of the specification and keys in that of their code points', () => {
    const file = { digest: { sha256: '1a'.repeat(32) }, size: 1 };
    const files = Object.fromEntries(['b', '10', '9', 'a/b', 'a-b', '\u{1d4b3}', '\uffee'].map((path) => [path, file]));
    const text = stringifyManifest({
      artifacts: files,
      bom: Object.fromEntries(Object.entries(bom).reverse()) as unknown as Manifest['bom'],
    });
    expect([...text.matchAll(/^ {4}"([^"]+)": \{$/gm)].map(([, path]) => path)).toEqual([
      '10',
      '9',
      'a-b',
      'a/b',
      'b',
      '\uffee',
      '\u{1d4b3}',
    ]);
    expect(text.indexOf('"specVersion"')).toBeLessThan(text.indexOf('"serialNumber"'));
    expect(text.indexOf('"size"')).toBeLessThan(text.indexOf('"digest"'));
    expect(text.endsWith('}\n')).toBe(true);
  });
  it('comes back with whole numbers of any size', () => {
    const hyperparameters = { seed: 2 ** 60, limit: -1e19, '12345678901234567890': 1 };
    const manifest = { ...base, model: { name: 'm', training: { hyperparameters } } };
    expect(parseManifest(stringifyManifest(manifest)).model?.training?.hyperparameters).toEqual(hyperparameters);
  });
  it('is read into objects without prototype, so that a file may be called anything', () => {
    const text = `{"bom":${JSON.stringify(bom)},"artifacts":{"__proto__":{"size":1,"digest":{"sha256":"${'1a'.repeat(32)}"}}}}`;
    const manifest = parseManifest(text);
    expect(Object.keys(manifest.artifacts ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(manifest)).toBe(null);
    expect('constructor' in (manifest.artifacts ?? {})).toBe(false);
    expect(stringifyManifest(manifest)).toContain('"__proto__": {');
    expect(() => parseManifest(text.replace('"__proto__"', '"a":1,"a"'))).toThrow(
      expect.objectContaining({ code: 'ERR_JSON_DUPLICATE_KEY' }),
    );
  });
  it('that is no manifest is refused with its place', () => {
    expect(() => parsed({ bom: {} })).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_INVALID', pointer: '/bom' }));
    expect(() => parsed({ bom, colour: 1 })).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_INVALID' }));
  });
  it('has a digest that signatures do not change', () => {
    expect(digestManifest({ ...base, bom: { ...bom, signatures: [{ method: 'dsse' }] } })).toBe(digestManifest(base));
    expect(digestManifest({ ...base, bom: { ...bom, version: 2 } })).not.toBe(digestManifest(base));
  });
});

describe('a document of a later version', () => {
  const later = { ...base, bom: { ...bom, specVersion: '1.1', mood: 'good' }, colour: { of: ['the', 'sky'] } };
  it('1.x is read, told, and kept', () => {
    const { manifest, findings } = parsed(later);
    expect(findings.map(({ id, severity, pointer }) => [id, severity, pointer])).toEqual([
      ['newer-version', 'info', '/bom/specVersion'],
      ['newer-version', 'info', expect.stringMatching(/^\/(colour|bom\/mood)$/)],
      ['newer-version', 'info', expect.stringMatching(/^\/(colour|bom\/mood)$/)],
    ]);
    expect(canonicalize(parseManifest(stringifyManifest(manifest)))).toBe(canonicalize(later));
  });
  it('1.x may still break the schema', () => {
    expect(() => parsed({ ...later, model: { name: 1 } })).toThrow(
      expect.objectContaining({ code: 'ERR_MANIFEST_INVALID', pointer: '/model/name' }),
    );
  });
  it.each(['2.0', '0.9', '11.0'])('%s is another specification', (specVersion) => {
    expect(() => parsed({ bom: { ...bom, specVersion } })).toThrow(
      expect.objectContaining({ code: 'ERR_MANIFEST_VERSION', message: expect.stringContaining('knows 1.0'), pointer: '/bom/specVersion' }),
    );
  });
  it('1.0 has no findings', () => {
    expect(parsed(base).findings).toEqual([]);
  });
});
