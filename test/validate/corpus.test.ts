import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isBlocking } from '../../src/core/finding.js';
import { validateText } from '../../src/validate/index.js';

const corpus = new URL('../corpus/1.0/', import.meta.url);
const list = (kind: string) => readdirSync(new URL(`${kind}/`, corpus)).sort();
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, corpus)));
const expected = JSON.parse(new TextDecoder().decode(read('expected.json'))) as Record<string, string[]>;

it('is large enough and every invalid document has its expectation', () => {
  expect(list('valid').length).toBeGreaterThanOrEqual(40);
  expect(list('invalid').length).toBeGreaterThanOrEqual(120);
  expect(Object.keys(expected).sort()).toEqual(list('invalid'));
});

describe('valid', () => {
  it.each(list('valid'))('%s', (name) => {
    const result = validateText(read(`valid/${name}`));
    expect(result.findings.filter(isBlocking)).toEqual([]);
    expect(result.valid).toBe(true);
  });
});

describe('invalid', () => {
  it.each(list('invalid'))('%s', (name) => {
    const { valid, findings } = validateText(read(`invalid/${name}`), { file: name });
    expect(valid).toBe(false);
    const blocking = findings.filter(isBlocking);
    expect([...new Set(blocking.map(({ id }) => id))].sort()).toEqual(expected[name]);
    for (const { line, column, message } of blocking) {
      expect(message.length).toBeGreaterThan(5);
      if (!['json-encoding.json'].includes(name) && blocking[0]?.id !== 'json-encoding')
        expect([line, column].every((n) => n !== undefined && n >= 1)).toBe(true);
    }
  });
});
