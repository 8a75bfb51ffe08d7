import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/comply/pattern.js';
import { MsbomError } from '../../src/core/error.js';

const patterns: readonly string[] = [
  '^urn:uuid:[0-9a-f-]{36}$',
  '^\\d{4}-\\d\\d-\\d\\dT',
  'a|b',
  'a|',
  '(ab)+c?',
  '(?:a|bc)*d',
  'x{2,3}y',
  'x{2,}',
  '[^a-c]',
  '[\\w.-]+@[\\w-]+',
  '^$',
  'a.c',
  '\\.$',
  '[a\\-z]',
  '[\\]x]',
  '\\s\\S',
  'a^b',
  '(a|b|)c',
  '()',
];

describe('patterns of profiles', () => {
  it.each(patterns)('%s matches what the engine of JavaScript matches', (pattern) => {
    const matches = compilePattern(pattern);
    const sign = fc.constantFrom(...'abcdxyzT0129-.:@_ \n]^');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: sign, maxLength: 12 }), fc.stringMatching(/^[a-d]*$/)), (text) => {
        expect([text, matches(text)]).toEqual([text, new RegExp(pattern).test(text)]);
      }),
    );
  });
  it.each([
    '(a',
    'a)',
    '[a',
    'a**',
    'a{3,2}',
    'a{999}',
    'a{x}',
    '(?=a)',
    '(?<n>a)',
    '\\1',
    '\\b',
    '*a',
    '[z-a]',
    '\\',
    '((((((((((((((((((((((a))))))))))))))))))))))',
  ])('refuses %s', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'ERR_PROFILE_INVALID' }));
  });
  it('takes no more states than it should', () => {
    expect(() => compilePattern('((a{200}){200}){200}')).toThrow(MsbomError);
  });
  it('walks once over a text that takes others forever', () => {
    expect(compilePattern('^(a+)+$')(`${'a'.repeat(5000)}b`)).toBe(false);
    expect(compilePattern('(a|a)*(a|a)*(a|a)*c')('a'.repeat(5000))).toBe(false);
  });
});
