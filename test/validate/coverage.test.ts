import { describe, expect, it } from 'vitest';
import type { Evidence, Manifest } from '../../src/schema/index.js';
import { agrees, coverageOf } from '../../src/validate/coverage.js';

type Values = Evidence['values'];
const bom = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
};
const model = {
  name: 'm',
  tags: ['a', 'b'],
  extensions: { 'org.example.x': 1 },
  training: { hyperparameters: { seed: 1, nested: { deep: true } } },
};
const components = { one: { name: 'one', version: '1' }, two: { name: 'two', extensions: { 'org.example.x': 1 } } };

/** Pointers without evidence, given some entries. */
function missing(...entries: readonly Values[]): readonly string[] {
  const evidence = entries.map((values): Evidence => ({ origin: 'observed', method: 'm', values }));
  const document: Manifest = { bom, model, components, evidence, extensions: { 'org.example.y': 2 } };
  return [...coverageOf(document).sections.values()].flatMap((section) => section.missing);
}
const MODEL = ['/model/name', '/model/tags', '/model/training/hyperparameters/seed', '/model/training/hyperparameters/nested/deep'];
const COMPONENTS = ['/components/one/name', '/components/one/version', '/components/two/name'];

describe('evidence for values', () => {
  it('counts texts, numbers, booleans and lists as a whole, but not the data of others', () => {
    expect(missing()).toEqual([...MODEL, ...COMPONENTS]);
    const empty: Manifest = { bom, datasets: { d: { name: 'd', splits: { train: {} } } }, evidence: [] as never };
    expect(coverageOf(empty).sections.get('datasets')?.missing).toEqual(['/datasets/d/name', '/datasets/d/splits/train']);
    const { sections } = coverageOf({ bom, model, components });
    expect([...sections].map(([name, { values }]) => `${name} ${values}`)).toEqual(['model 4', 'components 3']);
  });
  it('speaks for all that is in a value', () => {
    expect(missing({ '/model': {} })).toEqual(COMPONENTS);
    expect(missing({ '': {} })).toEqual([]);
    expect(missing({ '/model/training': {}, '/components/one/name': {} })).toEqual([
      '/model/name',
      '/model/tags',
      '/components/one/version',
      '/components/two/name',
    ]);
  });
  it('does not speak for a neighbour whose name begins the same', () => {
    expect(missing({ '/model/t': {}, '/components/on': {} })).toEqual([...MODEL, ...COMPONENTS]);
  });
  it('speaks with members for those alone, and for all that is in them', () => {
    expect(missing({ '/components': { members: ['*/name'] } })).toEqual([...MODEL, '/components/one/version']);
    expect(missing({ '': { members: ['model/training', 'components/one'] } })).toEqual([
      '/model/name',
      '/model/tags',
      '/components/two/name',
    ]);
    expect(missing({ '/model': { members: ['*/*/seed'] } })).toEqual([MODEL[0], MODEL[1], MODEL[3], ...COMPONENTS]);
  });
  it('of one entry lets the deeper pointer win', () => {
    expect(missing({ '': {}, '/model/name': { said: 'other' } })).toEqual(['/model/name']);
    expect(missing({ '': {}, '/model': { said: 'other' }, '/model/name': {} })).toEqual(MODEL.slice(1));
    expect(missing({ '': { members: ['*'] }, '/components/one': { said: 1 } })).toEqual(COMPONENTS.slice(0, 2));
    // What holds inside a value no longer holds behind it.
    expect(missing({ '/components': {}, '/components/one': { said: 1 } })).toEqual([...MODEL, ...COMPONENTS.slice(0, 2)]);
  });
  it('of several entries needs one that agrees', () => {
    expect(missing({ '': {} }, { '/model/name': { said: 'other' } })).toEqual([]);
    expect(missing({ '/model/name': { said: 'other' } }, { '': {} })).toEqual([]);
    expect(missing({ '/model/name': { said: 'other' } })).toEqual([...MODEL, ...COMPONENTS]);
  });
  it('takes a part of a list as evidence for it, and null as nothing said', () => {
    expect(missing({ '/model/tags': { said: ['b'] } })).not.toContain('/model/tags');
    expect(missing({ '/model/tags': { said: ['b', 'c'] } })).toContain('/model/tags');
    expect(missing({ '/model/tags': { said: 'b' } })).toContain('/model/tags');
    expect(missing({ '/model/name': { said: null } })).not.toContain('/model/name');
    expect(agrees({ said: [{ a: 1 }] }, [{ a: 1 }, { b: 2 }])).toBe(true);
    expect(agrees({ said: 1 }, 1)).toBe(false);
  });
});

describe('members', () => {
  const unmatched = (pointer: string, members: [string, ...string[]]) =>
    coverageOf({
      bom,
      model,
      components,
      evidence: [{ origin: 'observed', method: 'm', values: { [pointer]: { members } } }],
    }).unmatched.map(({ member }) => member);
  it('that match nothing are told, one by one', () => {
    expect(unmatched('/components', ['*/name', '*/nmae', 'three'])).toEqual(['*/nmae', 'three']);
    expect(unmatched('/model', ['tags/0', 'name/x', '*/*/*/deep'])).toEqual(['tags/0', 'name/x']);
    expect(unmatched('/gone', ['*'])).toEqual(['*']);
  });
  it('are escaped as in a pointer', () => {
    const artifacts = { 'a/b': { size: 1, digest: { sha256: 'ab'.repeat(32) } } };
    const of = (member: string) =>
      coverageOf({ bom, artifacts, evidence: [{ origin: 'observed', method: 'm', values: { '/artifacts': { members: [member] } } }] });
    expect(of('a~1b/size').unmatched).toEqual([]);
    expect(of('a/b/size').unmatched).toHaveLength(1);
    expect(of('a~1b/size').sections.get('artifacts')?.missing).toEqual(['/artifacts/a~1b/digest/sha256']);
  });
});
