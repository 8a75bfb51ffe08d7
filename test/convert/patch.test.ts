import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCarried, MAX_PROPERTY_VALUE, packPatch, unpackPatch } from '../../src/convert/carried.js';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/cyclonedx/index.js';
import { applyDifference, applyPatch, diff, diffNamed, type Patch, parsePatch } from '../../src/convert/patch.js';
import { fromSPDX, toSPDX } from '../../src/convert/spdx3/index.js';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.js';
import { sha256Text } from '../../src/core/digest.js';
import { sameJson } from '../../src/core/objects.js';
import type { Manifest } from '../../src/schema/index.js';

const numRuns = Number(process.env.MSBOM_RUNS ?? 300);
const key = fc.constantFrom('id', 'name', 'path', 'a', 'b', 'c~/d', '__proto__', 'constructor', '', 'bom-ref');
const leaf = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, 1, 1e21, '', 'x', 'x#2', '𝕬', '\u2028', '\ud800', ' '),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
);
/** Values with few names, so that two of them have much in common. */
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries) as JsonValue),
  ),
})).value;
const pair = fc.tuple(json, json);
const same = (a: JsonValue, b: JsonValue) => expect(sameJson(a, b), `${JSON.stringify(a)} is not ${JSON.stringify(b)}`).toBe(true);

describe('a patch', () => {
  it('turns any value into any other, with indices or names, and stays as it was', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const [a, b] = [JSON.stringify(before), JSON.stringify(after)];
        const patch = diff(before, after);
        expect(patch.length === 0).toBe(sameJson(before, after));
        expect(applyPatch(before, patch).dropped).toEqual([]);
        same(applyPatch(before, patch).value, after);
        const named = diffNamed(before, after);
        expect(applyDifference(before, named).dropped).toEqual([]);
        same(applyDifference(before, named).value, after);
        expect([JSON.stringify(before), JSON.stringify(after)]).toEqual([a, b]);
      }),
      { numRuns: numRuns * 5 },
    );
  });

  it('is that of RFC 6902, which tests what it replaces or removes', () => {
    expect(diff({ a: { b: 1, 'c~/d': 2 }, e: [1] }, { a: { b: 3 }, e: [1, 2], f: null })).toEqual([
      { op: 'test', path: '/a/c~0~1d', value: 2 },
      { op: 'remove', path: '/a/c~0~1d' },
      { op: 'test', path: '/a/b', value: 1 },
      { op: 'replace', path: '/a/b', value: 3 },
      { op: 'test', path: '/e', value: [1] },
      { op: 'replace', path: '/e', value: [1, 2] },
      { op: 'add', path: '/f', value: null },
    ]);
    expect(
      applyPatch({ list: [1, 3] }, [
        { op: 'add', path: '/list/1', value: 2 },
        { op: 'add', path: '/list/-', value: 4 },
      ]).value,
    ).toEqual({ list: [1, 2, 3, 4] });
    expect(applyPatch({ list: [1, 2] }, [{ op: 'remove', path: '/list/0' }]).value).toEqual({ list: [2] });
  });

  it('leaves out what does not fit any more, and holds for the rest', () => {
    const patch = diff({ a: 1, b: 2, c: 3 }, { a: 10, b: 20, d: 4 });
    expect(applyPatch({ a: 1, b: 5, c: 3, d: 9 }, patch)).toEqual({ value: { a: 10, b: 5, d: 9 }, dropped: ['/b', '/d'] });
    expect(
      applyPatch({}, [
        { op: 'remove', path: '/x' },
        { op: 'add', path: '/y/z', value: 1 },
        { op: 'add', path: '/l', value: 1 },
      ]),
    ).toEqual({
      value: { l: 1 },
      dropped: ['/x', '/y/z'],
    });
  });

  it('follows named items wherever they stand', () => {
    const item = (name: string, more: object = {}) => ({ 'bom-ref': name, ...more });
    const difference = diffNamed([item('a'), item('b')], [item('b', { x: 1 }), item('a'), item('c')]);
    expect(difference).toEqual({
      patch: [
        { op: 'add', path: '/b/x', value: 1 },
        { op: 'add', path: '/c', value: item('c') },
      ],
      orders: { '': ['b', 'a', 'c'] },
    });
    expect(applyDifference([item('new'), item('a'), item('b')], difference).value).toEqual([
      item('new'),
      item('b', { x: 1 }),
      item('a'),
      item('c'),
    ]);
  });

  it('is recognised', () => {
    expect(parsePatch([{ op: 'move', path: '/a', from: '/b' }])).toBeUndefined();
    expect(parsePatch([{ op: 'add', path: 'a', value: 1 }])).toBeUndefined();
    expect(parsePatch([{ op: 'add', path: '/a' }])).toBeUndefined();
    expect(parsePatch({})).toBeUndefined();
    expect(parsePatch([{ op: 'add', path: '/a', value: null }])).toEqual([{ op: 'add', path: '/a', value: null }]);
  });
});

const packText = (text: string) => [['msbom:patch:sha256', sha256Text(text)] as const, ['msbom:patch:000001', text] as const];

describe('what is carried', () => {
  const long: Patch = [{ op: 'add', path: '/a', value: `${' '.repeat(3000)}𝕬`.repeat(3) }];

  it('stands in numbered pieces that consumers keep, with a digest', () => {
    const properties = packPatch(long);
    expect(properties.every(([name, value]) => isCarried(name) && value.length <= MAX_PROPERTY_VALUE && value === value.trim())).toBe(true);
    expect(properties.slice(0, 2).map(([name]) => name)).toEqual(['msbom:patch:sha256', 'msbom:patch:000001']);
    expect(properties[0]?.[1]).toBe(
      sha256Text(
        properties
          .slice(1)
          .map(([, value]) => value)
          .join(''),
      ),
    );
    expect(unpackPatch([...properties].reverse())).toEqual({ patch: long, findings: [] });
    expect(packPatch([])).toEqual([]);
  });

  it('is left out as a whole when it is damaged', () => {
    const properties = packPatch(long);
    const damages = [
      properties.slice(1),
      properties.slice(0, -1),
      [...properties, ['msbom:patch:000002', 'x'] as const],
      packText('[{'),
      packText('{}'),
      packText('[1]'),
    ];
    for (const damage of damages) {
      const { patch, findings } = unpackPatch(damage);
      expect(patch).toBeUndefined();
      expect(findings.map(({ id }) => id)).toEqual(['patch-damaged']);
    }
  });
});

describe('a native edit', () => {
  const manifest: Manifest = {
    bom: {
      specVersion: '1.0',
      serialNumber: 'urn:uuid:5a0f2f7e-13f5-4a41-9f0d-0d6a3c1b7e11',
      version: 1,
      timestamp: '2026-02-03T04:05:06.789Z',
    },
    model: { name: 'net', description: 'of old', licenses: [{ expression: 'MIT', path: 'LICENSE' }] },
    evidence: [{ origin: 'declared', method: 'card', values: { '/model/description': {} } }],
  };

  it('wins over what is carried in CycloneDX, and the rest comes back', () => {
    const { document } = toCycloneDX(manifest, { lossless: true });
    const edited = JSON.parse(JSON.stringify(document).replace('of old', 'of new')) as object;
    const { manifest: back, findings } = fromCycloneDX(edited);
    expect(canonicalize(back)).toBe(canonicalize({ ...manifest, model: { ...manifest.model, description: 'of new' } }));
    expect(findings).toEqual([]);
  });

  it('is told where the carried value was left out', () => {
    const { document } = toSPDX(manifest, { lossless: true });
    const edited = JSON.parse(
      JSON.stringify(document).replace('"created":"2026-02-03T04:05:06Z"', '"created":"2026-03-03T04:05:06Z"'),
    ) as object;
    const { manifest: back, findings } = fromSPDX(edited);
    expect(back.bom.timestamp).toBe('2026-03-03T04:05:06Z');
    expect(back.evidence).toEqual(manifest.evidence);
    expect(findings.map(({ id, pointer }) => [id, pointer])).toEqual([['patch-overridden', '/bom/timestamp']]);
  });
});
