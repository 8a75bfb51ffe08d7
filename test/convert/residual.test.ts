import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, diff, type Edit, editedPlaces, isEdit, stableText } from '../../src/convert/edits.js';
import {
  applyResidual,
  type CarriedProperty,
  MAX_PROPERTY_VALUE,
  makeResidual,
  packResidual,
  unpackResidual,
  wasEdited,
} from '../../src/convert/residual.js';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.js';
import { sha256Text } from '../../src/core/digest.js';
import { resolvePointer } from '../../src/core/json-pointer.js';

const runs = Number(process.env.MSBOM_RUNS ?? 300);
const key = fc.constantFrom('id', 'name', 'path', 'a', 'b', 'c~/d', '__proto__', 'constructor', '');
const leaf = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, 1, 1e21, '', 'x', '𝕬', '\u2028', '\ud800', ' '),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
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
/** What can stand in a document: JSON is read without this key. */
const documents = pair.filter((values) => !JSON.stringify(values).includes('"__proto__"'));

const same = (a: JsonValue, b: JsonValue) => expect(stableText(a)).toBe(stableText(b));

describe('edits', () => {
  it('turn any value into any other', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const edit = diff(before, after);
        expect(edit === undefined).toBe(stableText(before) === stableText(after));
        const { value, dropped } = applyEdit(before, edit);
        same(value, after);
        expect(dropped).toEqual([]);
      }),
      { numRuns: runs * 5 },
    );
  });

  it('survive JSON', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const edit = diff(before, after);
        if (edit === undefined) return;
        const copy = JSON.parse(JSON.stringify(edit)) as Edit;
        expect(isEdit(copy)).toBe(true);
        same(applyEdit(before, copy).value, after);
      }),
      { numRuns: runs },
    );
  });

  it('apply to any other value without a crash, and leave out what is not theirs', () => {
    fc.assert(
      fc.property(json, json, json, (before, after, other) => {
        const edit = diff(before, after);
        const { value, dropped } = applyEdit(other, edit);
        if (edit !== undefined && dropped.length === 0) expect(value).toBeDefined();
        if (edit?.[0] === '=' && stableText(other) !== stableText(before)) {
          same(value, other);
          expect(dropped).toEqual(['']);
        }
      }),
      { numRuns: runs },
    );
  });

  it('name every place that they change', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const places = editedPlaces(diff(before, after));
        expect(places.length === 0).toBe(stableText(before) === stableText(after));
        for (const { pointer, kind } of places) if (kind !== 'removed') expect(resolvePointer(after, pointer)).not.toBeUndefined();
      }),
      { numRuns: runs },
    );
  });

  it('store little where a long list differs a little', () => {
    const items = Array.from({ length: 5000 }, (_, i) => ({ id: `i${i}`, value: i }));
    const changed = [{ id: 'new', value: 0 }, ...items.filter((_, i) => i % 1000 !== 7), { id: 'last', value: 1 }];
    expect(JSON.stringify(diff(items, changed)).length).toBeLessThan(600);
  });

  it.each<[string, unknown]>([
    ['an unknown kind', ['?', 1]],
    ['a member without a value', ['+']],
    ['a check that is no text', ['=', 1, 2]],
    ['a negative length', ['[', -1, [], []]],
    ['an item that is none', ['[', 1, [[0, 'x']], []]],
    ['a splice that is none', ['[', 1, [], [[0, 1, 'x', {}]]]],
    ['an edit deep inside that is none', ['{', { a: ['{', { b: ['-'] }] }]],
    ['no list', { 0: '+', 1: 2 }],
  ])('are refused: %s', (_what, value) => {
    expect(isEdit(value)).toBe(false);
  });
});

/** Through the properties of a document and back. */
const carry = (native: JsonValue, manifest: JsonValue, change: (properties: CarriedProperty[]) => unknown[] = (list) => list) => {
  const { residual, findings } = unpackResidual(change([...packResidual(makeResidual(native, manifest))]));
  const applied = applyResidual(native, residual);
  return { value: applied.value, ids: [...findings, ...applied.findings].map(({ id }) => id) };
};

describe('the residual', () => {
  it('brings back any manifest from any native part', () => {
    fc.assert(
      fc.property(documents, fc.infiniteStream(fc.nat()), ([native, manifest], order) => {
        const { value, ids } = carry(native, manifest, (list) =>
          list
            .map((each) => [order.next().value ?? 0, each] as const)
            .sort(([a], [b]) => a - b)
            .map(([, each]) => each),
        );
        same(value, manifest);
        expect(ids).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('is nothing where the native part says it all', () => {
    expect(packResidual(makeResidual({ a: [1, 2] }, { a: [1, 2] }))).toEqual([]);
  });

  it.each([' ', '𝕬', 'é', '\u2028', '"', '\\', 'x '])('cuts a long text of %j within the limits', (unit) => {
    for (const shift of [0, 1, 2, 3]) {
      const manifest = { text: 'a'.repeat(shift) + unit.repeat(3000) };
      const properties = packResidual(makeResidual({}, manifest));
      for (const { name, value } of properties) {
        expect(name.length).toBeLessThanOrEqual(255);
        expect(value.length).toBeLessThanOrEqual(MAX_PROPERTY_VALUE);
        expect(value.length).toBeGreaterThan(0);
        expect(value).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$|[\u0000-\u001f\u2028]/);
        expect(value).toBe(value.trim());
      }
      same(carry({}, manifest).value, manifest);
    }
  });

  const manifest = { model: { name: 'm', note: 'n'.repeat(2500) } };
  const native = { model: { name: 'm' } };
  it.each<[string, (list: CarriedProperty[]) => unknown[]]>([
    ['a missing piece', (list) => list.filter(({ name }) => !name.endsWith('000002'))],
    ['a missing last piece', (list) => list.slice(0, -1)],
    ['a missing digest', (list) => list.filter(({ name }) => !name.endsWith('residual:sha256'))],
    ['a missing digest of the native part', (list) => list.filter(({ name }) => name !== 'msbom:native:sha256')],
    ['a changed piece', (list) => list.map((each) => (each.name.endsWith('000001') ? { ...each, value: `${each.value} ` } : each))],
    ['two pieces of one number', (list) => [...list, { name: 'msbom:residual:000001', value: 'other' }]],
    ['a gap before one more piece', (list) => [...list, { name: 'msbom:residual:000009', value: '' }]],
  ])('is left out with a finding: %s', (_what, change) => {
    const { value, ids } = carry(native, manifest, change);
    same(value, native);
    expect(ids).toEqual(['residual-damaged']);
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['edits that are none', '{"edits":["?"]}'],
    ['a key that is never allowed', '{"edits":["{",{"__proto__":["+",1]}]}'],
    ['endless nesting', `{"edits":${'["{",{"a":'.repeat(5000)}`],
  ])('is left out when its digest is right but its text is not: %s', (_what, text) => {
    const properties = [
      { name: 'msbom:native:sha256', value: 'x' },
      { name: 'msbom:residual:sha256', value: sha256Text(text) },
      ...(text.match(/.{1,1000}/g) ?? []).map((value, i) => ({ name: `msbom:residual:${String(i + 1).padStart(6, '0')}`, value })),
    ];
    const { residual, findings } = unpackResidual(properties);
    expect(residual).toBeUndefined();
    expect(findings.map(({ id }) => id)).toEqual(['residual-damaged']);
  });

  it('takes the same piece twice, and properties of others, as they come', () => {
    const { value, ids } = carry(native, manifest, (list) => [...list, ...list, null, 1, { name: 'x' }, { name: 'cdx:npm', value: 'y' }]);
    same(value, manifest);
    expect(ids).toEqual([]);
  });
});

describe('after native edits of others', () => {
  const manifest = {
    model: { name: 'm', version: '1', extra: { seed: 1 }, tags: ['a', 'b'] },
    artifacts: [
      { path: 'a', size: 1, note: 'first' },
      { path: 'b', size: 2, note: 'second' },
      { path: 'c', size: 3, note: 'third' },
    ],
    evidence: [{ method: 'x' }],
  };
  const native = {
    model: { name: 'm', version: '1', tags: ['a'] },
    artifacts: [
      { path: 'a', size: 1 },
      { path: 'b', size: 2 },
      { path: 'c', size: 3, format: 'guess' },
    ],
  };
  const residual = unpackResidual([
    ...packResidual(makeResidual(native, { ...manifest, model: { ...manifest.model, version: '1.0' } })),
  ]).residual;
  const restore = (edited: JsonValue) => {
    const { value, findings } = applyResidual(edited, residual);
    return { value: value as unknown as typeof manifest, places: findings.map(({ pointer }) => pointer) };
  };
  if (residual === undefined) throw new Error('there is a residual');

  it('the edit wins over the value that was carried', () => {
    const edited = { ...native, model: { ...native.model, version: '2' } };
    const { value, places } = restore(edited);
    expect(value.model).toEqual({ ...manifest.model, version: '2' });
    expect(value.evidence).toEqual(manifest.evidence);
    expect(places).toEqual(['/model/version']);
    expect(wasEdited(edited, residual)).toBe(true);
    expect(wasEdited(native, residual)).toBe(false);
  });

  it('an added member wins', () => {
    const { value, places } = restore({ ...native, evidence: [{ method: 'theirs' }] });
    expect(value.evidence).toEqual([{ method: 'theirs' }]);
    expect(places).toEqual(['/evidence']);
  });

  it('what was carried for an item follows it to its new place, and goes with it', () => {
    const { value, places } = restore({
      ...native,
      artifacts: [{ path: 'new', size: 9 }, native.artifacts[2] ?? {}, native.artifacts[0] ?? {}],
    });
    expect(value.artifacts).toEqual([{ path: 'new', size: 9 }, manifest.artifacts[2], manifest.artifacts[0]]);
    expect(places).toEqual(['/artifacts/1']);
  });

  it('a section that was removed stays away', () => {
    const { value, places } = restore({ model: native.model });
    expect(value.artifacts).toBeUndefined();
    expect(places).toEqual(['/artifacts']);
    expect(value.model.extra).toEqual({ seed: 1 });
  });

  it('are never undone for any value', () => {
    fc.assert(
      fc.property(json, json, json, (before, target, edited) => {
        const carried = makeResidual({ a: before, b: 1 }, { a: target, b: 2 });
        const { value } = applyResidual({ a: edited, b: 1 }, carried);
        const result = value as unknown as { a: JsonValue; b: number };
        expect(result.b).toBe(2);
        if (typeof edited !== 'object' && stableText(edited) !== stableText(before)) same(result.a, edited);
      }),
      { numRuns: runs },
    );
  });
});

it('the stable text is the canonical form wherever there is one', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(stableText(value as JsonValue)).toBe(canonicalize(value));
    }),
    { numRuns: runs },
  );
});
