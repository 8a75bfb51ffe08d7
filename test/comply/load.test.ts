import { describe, expect, it } from 'vitest';
import { builtInProfile, readProfile } from '../../src/comply/index.js';

const own = { id: 'house', title: 'House rules' };
const rule = { id: 'H-1', title: 'Name', requirement: 'It has a name.', level: 'MUST', predicate: { op: 'present', path: '/model/name' } };
const read = (profile: object) => readProfile(JSON.stringify(profile), 'house.json');
const refused = (pointer: string, message: RegExp) =>
  expect.objectContaining({ code: 'ERR_PROFILE_INVALID', pointer, message: expect.stringMatching(message) });

describe('a profile of a user', () => {
  it('says little: the rest has defaults', async () => {
    expect(await read({ ...own, requirements: [rule] })).toEqual({
      ...own,
      unknown: 'refused',
      requirements: [{ ...rule, judged: 'auto', reading: 'own' }],
    });
  });
  it('extends a built-in one, replaces and leaves out', async () => {
    const base = await builtInProfile('msbom-core');
    const { requirements } = await read({
      ...own,
      extends: ['msbom-core'],
      without: ['CORE-20'],
      requirements: [{ ...rule, id: 'CORE-01' }, rule],
    });
    expect(requirements.map(({ id }) => id)).toEqual([
      ...base.requirements.map(({ id }) => id).filter((id) => !['CORE-01', 'CORE-20'].includes(id)),
      'CORE-01',
      'H-1',
    ]);
  });
  const broken: readonly (readonly [string, object, string, RegExp])[] = [
    ['without a title', { id: 'x', requirements: [] }, '', /schema of profiles \(required/],
    ['with what is not known', { ...own, requirements: [], colour: 1 }, '', /additionalProperties: colour/],
    [
      'with an operator that is none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'eval', path: '/x' } }] },
      '/requirements/0/predicate/op',
      /enum/,
    ],
    [
      'with an operator that lacks something',
      { ...own, requirements: [{ ...rule, predicate: { op: 'min', path: '/x' } }] },
      '/requirements/0/predicate',
      /`min` needs `value`/,
    ],
    [
      'with an operator that has too much',
      { ...own, requirements: [{ ...rule, predicate: { op: 'present', path: '/x', values: ['a'] } }] },
      '/requirements/0/predicate',
      /has no `values`/,
    ],
    [
      'with a path that is none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'present', path: 'model' } }] },
      '/requirements/0/predicate/path',
      /pattern/,
    ],
    [
      'with a path whose escapes are none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'present', path: '/a~2b' } }] },
      '/requirements/0/predicate',
      /is no path/,
    ],
    [
      'with a reference whose escapes are none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'notBefore', path: '/a', reference: '/b~' } }] },
      '/requirements/0/predicate',
      /is no path/,
    ],
    [
      'with a path in `where` whose escapes are none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'some', path: '/x', where: { '/a~': ['b'] } } }] },
      '/requirements/0/predicate',
      /`where` is a predicate/,
    ],
    [
      'with a `where` that is none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'some', path: '/x', where: { '/a': 'b' } } }] },
      '/requirements/0/predicate/where/~1a',
      /type/,
    ],
    [
      'with a predicate in `where` that is none',
      { ...own, requirements: [{ ...rule, predicate: { op: 'some', path: '/x', where: { op: 'x' } } }] },
      '/requirements/0/predicate/where/op',
      /enum/,
    ],
    ['with one id twice', { ...own, requirements: [rule, rule] }, '/requirements', /H-1 stands twice/],
    [
      'that leaves out what is not there',
      { ...own, extends: ['msbom-core'], without: ['CORE-99'], requirements: [] },
      '/without',
      /CORE-99/,
    ],
  ];
  it.each(broken)('%s is refused', async (_, profile, pointer, message) => {
    await expect(read(profile)).rejects.toEqual(refused(pointer, message));
  });
  it('cannot be a bomb', async () => {
    const wide = { op: 'and', of: Array.from({ length: 90 }, () => ({ op: 'or', of: Array.from({ length: 90 }, () => rule.predicate) })) };
    await expect(read({ ...own, requirements: [{ ...rule, predicate: wide }] })).rejects.toEqual(
      refused('/requirements/0/predicate', /more than 500/),
    );
    const deep = Array.from({ length: 60 }).reduce<object>((inner) => ({ op: 'not', of: [inner] }), rule.predicate);
    await expect(read({ ...own, requirements: [{ ...rule, predicate: deep }] })).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
    await expect(readProfile('{"id":"a","id":"b"}')).rejects.toMatchObject({ code: 'ERR_JSON_DUPLICATE_KEY' });
    await expect(
      read({ ...own, requirements: [{ ...rule, predicate: { op: 'matches', path: '/a', pattern: '(?=a)' } }] }),
    ).rejects.toMatchObject({ code: 'ERR_PROFILE_INVALID' });
  });
});

describe('a built-in profile', () => {
  it('is guessed when it is misspelt', async () => {
    await expect(builtInProfile('g7-ai-2025')).rejects.toMatchObject({ code: 'ERR_PROFILE_INVALID', hint: 'did you mean g7-ai-2026?' });
    await expect(builtInProfile('toString')).rejects.toMatchObject({ code: 'ERR_PROFILE_INVALID' });
  });
});
