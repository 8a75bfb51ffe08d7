import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplesOf, mergePatch } from '../../scripts/merge-patch.mjs';
import { isBlocking } from '../../src/core/finding.js';
import { RULES, SCHEMA_FINDINGS, validateManifest, validateText } from '../../src/validate/index.js';
import { explainSchemaErrors } from '../../src/validate/schema-words.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';

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
  it('say what a text must be, and not by a regular expression', () => {
    const said = (patch: object): readonly string[] => validateManifest(mergePatch(base, patch)).findings.map(({ message }) => message);
    expect(said({ bom: { timestamp: 'yesterday' } })).toContain(
      '`bom.timestamp` is not a moment in UTC such as 2026-01-31T09:00:00Z: "yesterday"',
    );
    expect(said({ parties: [{ id: '-', name: 'x' }] })).toEqual([expect.stringContaining('`parties.0.id` is not an id: letters')]);
    expect(said({ model: { rootDigest: { sha256: 'AB' } } }).join()).toContain('is not 64 lower-case hexadecimal digits: "AB"');
    const schema = readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8');
    const patterns = [...schema.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(String(text)) as string);
    expect(patterns.length).toBeGreaterThan(20);
    const error = { instancePath: '/bom/title', schemaPath: '#', keyword: 'pattern' } as const;
    for (const pattern of patterns)
      expect(explainSchemaErrors([{ ...error, params: { pattern } }], base, undefined)[0]?.message).not.toContain(pattern);
  });
  it('guess at the name that was meant', () => {
    const { findings } = validateManifest(mergePatch(base, { datasets: [{ name: 'd', licences: [] }] }));
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: 'schema-unknown-property',
        pointer: '/datasets/0/licences',
        fix: expect.stringContaining('`licenses`'),
      }),
    );
  });
  it('say one thing for one mistake in a party', () => {
    const { findings } = validateManifest(mergePatch(base, { model: { producer: { nmae: 'x' } } }));
    expect(findings.map(({ id, pointer }) => `${id} ${pointer}`).sort()).toEqual([
      'schema-required /model/producer',
      'schema-unknown-property /model/producer/nmae',
    ]);
  });
  it('never repeat a secret', () => {
    const token = `hf_${'x'.repeat(34)}`;
    const { findings } = validateManifest(mergePatch(base, { model: { description: token } }));
    expect(findings.map(({ id }) => id)).toContain('secret');
    expect(JSON.stringify(findings)).not.toContain(token);
  });
  it('give line and column of the culprit', () => {
    const text = JSON.stringify(mergePatch(base, { model: { licenses: [{ expression: 'apache-2.0' }] } }), null, 2);
    const [finding] = validateText(text, { file: 'm.json' }).findings;
    expect(finding).toMatchObject({ id: 'license-expression', file: 'm.json', fix: 'Write `Apache-2.0`.' });
    expect(text.split('\n')[(finding?.line ?? 0) - 1]).toContain('"expression": "apache-2.0"');
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
  it('is judged by the rules without an exception when it meets the schema', () => {
    fc.assert(
      fc.property(arbitraryManifest, (manifest) => {
        const { valid, findings } = validateManifest(manifest);
        expect(valid).toBe(!findings.some(isBlocking));
        expect(findings.filter(({ id }) => id.startsWith('schema-') || id === 'duplicate-id' || id === 'reference-unresolved')).toEqual([]);
      }),
      { numRuns: 60 },
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
