import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isBlocking } from '../../src/core/finding.js';
import { RULES, validateText } from '../../src/validate/index.js';

interface Entry {
  readonly file: string;
  readonly clause: string;
  readonly findings?: readonly string[];
}
const corpus = new URL('../corpus/1.0/', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, corpus)));
const index = JSON.parse(new TextDecoder().decode(read('index.json'))) as readonly Entry[];
const of = (kind: string) => index.filter(({ file }) => file.startsWith(`${kind}/`));
const specification = readFileSync(new URL('../../docs/spec/1.0.md', import.meta.url), 'utf8');
const clauses = new Map(
  [...specification.matchAll(/^\*\*([0-9]+\.[0-9]+)\*\*(.*)$/gm)].map(([, number = '', text = '']) => [number, text] as const),
);

it('is large enough, and every file is in the index', () => {
  expect(of('valid').length).toBeGreaterThanOrEqual(60);
  expect(of('invalid').length).toBeGreaterThanOrEqual(160);
  const files = ['invalid', 'valid'].flatMap((kind) => readdirSync(new URL(`${kind}/`, corpus)).map((name) => `${kind}/${name}`));
  expect(index.map(({ file }) => file)).toEqual(files.sort());
});

describe('valid', () => {
  it.each(of('valid').map(({ file }) => file))('%s', (file) => {
    const result = validateText(read(file));
    expect(result.findings.filter(isBlocking)).toEqual([]);
    expect(result.valid).toBe(true);
  });
});

describe('invalid', () => {
  it.each(of('invalid').map(({ file, findings }) => [file, findings] as const))('%s', (file, expected) => {
    const { valid, findings } = validateText(read(file), { file });
    expect(valid).toBe(false);
    const blocking = findings.filter(isBlocking);
    expect([...new Set(blocking.map(({ id }) => id))].sort()).toEqual(expected);
    for (const { id, line, column, message } of blocking) {
      expect(message.length).toBeGreaterThan(5);
      if (id !== 'json-encoding') expect([line, column].every((n) => n !== undefined && n >= 1)).toBe(true);
    }
  });
});

it('the example in the text is valid, with its contradiction as the only finding', () => {
  const examples = [...specification.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, text = '']) => validateText(text));
  expect(examples.map(({ findings }) => findings.map(({ id }) => id))).toEqual([['evidence-contradicted']]);
});

describe('clauses', () => {
  it('are numbered without gaps', () => {
    const counts = new Map<string, number>();
    for (const number of clauses.keys()) {
      const [section = ''] = number.split('.');
      counts.set(section, (counts.get(section) ?? 0) + 1);
      expect(number).toBe(`${section}.${counts.get(section)}`);
    }
    expect([...counts.keys()]).toEqual([...counts.keys()].map((_, i) => `${i + 1}`));
    expect(clauses.size).toBeGreaterThan(60);
  });
  it('are named by every file of the corpus', () => {
    for (const { file, clause } of index) expect(clauses.has(clause), `${file}: clause ${clause}`).toBe(true);
  });
  it('that rules name say the id of the rule', () => {
    for (const { meta } of RULES) expect(clauses.get(meta.clause) ?? '', `${meta.id}: clause ${meta.clause}`).toContain(`\`${meta.id}\``);
  });
  it('name no rule that is not there', () => {
    const ids = new Set(RULES.map(({ meta }) => meta.id));
    const named = new Set(
      [...clauses.values()]
        .flatMap((text) => [...text.matchAll(/\((`[a-z, `-]+`)\)/g)])
        .flatMap(([, list = '']) => list.match(/[a-z-]{3,}/g) ?? []),
    );
    const others = [...named].filter((id) => !ids.has(id) && !/^(json|schema|limit|manifest|newer|pointer$)-?/.test(id));
    expect(others).toEqual([]);
  });
  it('that can refuse a document have a document that they refuse', () => {
    const refused = new Set(of('invalid').flatMap(({ findings = [] }) => findings));
    for (const { meta } of RULES)
      if (meta.severity === 'high' || meta.severity === 'critical') expect(refused.has(meta.id), meta.id).toBe(true);
    const refusing = [...clauses].filter(([, text]) => text.includes('MUST') && /\(`[a-z]/.test(text)).map(([number]) => number);
    const covered = new Set(of('invalid').map(({ clause }) => clause));
    expect(refusing.filter((number) => !covered.has(number))).toEqual([]);
    expect(refusing.length).toBeGreaterThan(35);
  });
});
