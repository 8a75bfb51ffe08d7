import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplesOf, mergePatch } from '../../scripts/merge-patch.mjs';
import { RULES, SCHEMA_FINDINGS, validateManifest, validateText } from '../../src/validate/index.js';
import { explainSchemaErrors } from '../../src/validate/schema-words.js';

const docs = new URL('../../docs/rules/', import.meta.url);
const base = JSON.parse(readFileSync(new URL('base.json', docs), 'utf8')) as object;

it('finds nothing in the base manifest', () => {
  expect(validateManifest(base)).toEqual({ valid: true, manifest: base, findings: [] });
});

describe.each(RULES.map(({ meta }) => meta))('$id', ({ id, severity, title, fix }) => {
  const page = readFileSync(new URL(`${id}.md`, docs), 'utf8');
  const examples = examplesOf(page);

  it('has a page with its title and its fix, and examples of both kinds', () => {
    expect(page).toContain(title);
    expect(page).toContain(fix);
    expect(page).toContain(`Severity ${severity}`);
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(['valid', 'invalid']));
  });

  it.each(examples.map(({ kind, patch }) => [kind, JSON.stringify(patch)]))('%s: %s', (kind, patch) => {
    const { findings } = validateManifest(mergePatch(base, JSON.parse(patch)));
    const own = findings.filter((finding) => finding.id === id);
    expect(own.length > 0, JSON.stringify(findings)).toBe(kind === 'invalid');
    for (const finding of own) expect(finding.message).toBeTruthy();
  });
});

describe('the words of schema errors', () => {
  const said = (patch: object): readonly string[] => validateManifest(mergePatch(base, patch)).findings.map(({ message }) => message);
  it('say what a text must be, and not by a regular expression', () => {
    expect(said({ bom: { timestamp: 'yesterday' } })).toContain(
      '`bom.timestamp` is not a moment in UTC such as 2026-01-31T09:00:00Z: "yesterday"',
    );
    expect(said({ parties: { '-': { name: 'x' } } })).toEqual([expect.stringContaining('a key of `parties` is not an id: letters')]);
    expect(said({ model: { digest: { root: { sha256: 'AB' } } } }).join()).toContain('is not 64 lower-case hexadecimal digits: "AB"');
    const schema = readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8');
    const patterns = [...schema.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(String(text)) as string);
    expect(patterns.length).toBeGreaterThan(100);
    const error = { instancePath: '/bom/title', schemaPath: '#', keyword: 'pattern' } as const;
    for (const pattern of patterns)
      expect(explainSchemaErrors([{ ...error, params: { pattern } }], base, undefined)[0]?.message).not.toContain(pattern);
  });
  it.each([
    [{ datasets: { d: { name: 'd', licences: [] } } }, '/datasets/d/licences', '`licenses`'],
    [{ model: { composiiton: {} } }, '/model/composiiton', '`composition`'],
    [{ bom: { serialnumber: 'x' } }, '/bom/serialnumber', 'Remove it'],
  ])('guess at the name that was meant: %j', (patch, pointer, fix) => {
    const { findings } = validateManifest(mergePatch(base, patch));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'schema-unknown-property', pointer, fix: expect.stringContaining(fix) }));
  });
  it('say one thing for one mistake', () => {
    const ids = (patch: object) => validateManifest(mergePatch(base, patch)).findings.map(({ id, pointer }) => `${id} ${pointer}`);
    expect(ids({ components: { 'a/b': { name: 'x' } } })).toEqual(['schema-pattern /components/a~1b']);
    expect(ids({ model: { producer: { name: 'x' } } })).toEqual(['schema-type /model/producer']);
    expect(ids({ artifacts: { '../x': { size: 1, digest: { sha256: 'ab'.repeat(32) } } } })).toEqual(['schema-pattern /artifacts/..~1x']);
  });
  it('name the word that was meant in a closed vocabulary', () => {
    const { findings } = validateManifest(mergePatch(base, { model: { lineage: { parents: { base: { relation: 'fintune' } } } } }));
    expect(findings[0]).toMatchObject({ id: 'schema-enum', fix: expect.stringContaining('Did you mean `finetune`?') });
  });
  it('never repeat a secret', () => {
    const token = `hf_${'x'.repeat(34)}`;
    const { findings } = validateManifest(mergePatch(base, { model: { description: token } }));
    expect(findings.map(({ id }) => id)).toContain('secret');
    expect(JSON.stringify(findings)).not.toContain(token);
  });
  it('give line and column of the culprit', () => {
    const text = JSON.stringify(mergePatch(base, { model: { licenses: [{ expression: 'apache-2.0' }] } }), null, 2);
    const finding = validateText(text, { file: 'm.json' }).findings.find(({ id }) => id === 'license-expression');
    expect(finding).toMatchObject({ file: 'm.json', fix: 'Write `Apache-2.0`.' });
    expect(text.split('\n')[(finding?.line ?? 0) - 1]).toContain('"expression": "apache-2.0"');
  });
});

describe('versions', () => {
  const later = (version: string, patch: object = {}) =>
    validateText(JSON.stringify(mergePatch(base, { ...patch, bom: { specVersion: version } })));
  it('takes a later 1.x, keeps what is new in it and tells', () => {
    const result = later('1.1', { weather: { sky: 'blue' }, model: { colour: 'red' } });
    expect(result.valid && result.manifest).toMatchObject({ weather: { sky: 'blue' }, model: { colour: 'red' } });
    const told = result.findings.filter(({ id }) => id !== 'evidence-missing');
    expect(told.map(({ id, severity, pointer }) => `${id} ${severity} ${pointer}`).sort()).toEqual([
      'newer-version info /bom/specVersion',
      'newer-version info /model/colour',
      'newer-version info /weather',
    ]);
  });
  it('still refuses what is broken in a later 1.x', () => {
    expect(later('1.1', { model: { name: null, colour: 'red' } }).findings.map(({ id }) => id)).toContain('schema-required');
    expect(later('1.7', { model: { producer: 'nobody' } }).findings.map(({ id }) => id)).toContain('reference-unresolved');
  });
  it('refuses another major version with that alone, and what is no version by its form', () => {
    expect(later('2.0', { model: null }).findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['manifest-version critical']);
    expect(later('0.9').findings.map(({ id }) => id)).toEqual(['manifest-version']);
    expect(later('one').findings.map(({ id }) => id)).toEqual(['schema-pattern']);
  });
  it('refuses in 1.0 what a later version may have', () => {
    expect(later('1.0', { weather: {} }).findings.map(({ id }) => id)).toEqual(['schema-unknown-property']);
  });
});

describe('any input', () => {
  it('gets an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = validateManifest(value);
        expect(result.valid).toBe(false);
        for (const { id } of result.findings) expect(Object.keys(SCHEMA_FINDINGS)).toContain(id);
      }),
    );
  });
  it('that is broken anywhere is refused with a place', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('{', '}', '"', ',', ':', 'x', '\u0000', '\\'), (at, wrong) => {
        const text = JSON.stringify(base);
        const position = at % text.length;
        const result = validateText(text.slice(0, position) + wrong + text.slice(position + 1));
        for (const finding of result.findings) expect(finding.line).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
