/** Our walk over the classes against the official checks. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintSPDX } from '../../src/convert/spdx3/lint.js';
import { checkSPDXSchema } from '../../src/convert/spdx3/schema.js';
import { CONTEXT } from '../../src/convert/spdx3/words.js';
import { isBlocking } from '../../src/core/finding.js';
import { meetsOfficialSchema, shaclFindings } from '../support/spdx-checks.js';

type Json = Record<string, unknown>;

const golden = (name: string) => readFileSync(new URL(`../fixtures/convert/${name}.spdx3.json`, import.meta.url), 'utf8');
const documents = ['adapter', 'hardware', 'vulnerabilities', 'energy'].map(golden);

const JUNK: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  'x',
  'urn:x',
  '_:b',
  '2026-01-31T09:00:00Z',
  '2026-01-31T09:00:00.5Z',
  'a/b',
  [],
  ['urn:x'],
  {},
  { type: 'Hash', algorithm: 'sha256', hashValue: 'ab' },
  { type: 'Tool', spdxId: 'urn:t', creationInfo: '_:creationInfo' },
  { type: 'https://example.org/Own', anything: 1 },
  { '@id': 'urn:x' },
];

/** One change somewhere in a document. */
function mutate(text: string, seed: readonly number[]): Json {
  const document = JSON.parse(text) as Json;
  let index = 0;
  const next = (below: number): number => (below === 0 ? 0 : (seed[index++ % seed.length] ?? 0) % below);
  const graph = document['@graph'] as Json[];
  const names = [...new Set(graph.flatMap((node) => [...Object.keys(node), String(node.type)]))];
  let target: Json | unknown[] = graph[next(graph.length)] ?? {};
  while (next(3) === 0) {
    const inner: unknown[] = Object.values(target).filter((value) => typeof value === 'object' && value !== null);
    if (inner.length === 0) break;
    target = inner[next(inner.length)] as Json;
  }
  const keys = Object.keys(target);
  const key = keys[next(keys.length)] ?? '0';
  const object = target as Json; // lists take number keys as well
  const changes: readonly (() => void)[] = [
    () => {
      if (Array.isArray(target)) target.splice(Number(key), 1);
      else delete object[key];
    },
    () => {
      object[key] = JUNK[next(JUNK.length)];
    },
    () => {
      if (!Array.isArray(target)) object[names[next(names.length)] ?? ''] = JUNK[next(JUNK.length)];
    },
    () => {
      object[key] = [object[key]];
    },
    () => {
      if (Array.isArray(object[key])) object[key] = (object[key] as unknown[])[0];
    },
    () => {
      if (!Array.isArray(target)) object.type = names[next(names.length)];
    },
    () => {
      graph.push(JUNK[next(JUNK.length)] as Json);
    },
    () => {
      document[['@context', 'extra', 'type', '@graph'][next(4)] ?? ''] = JUNK[next(JUNK.length)];
    },
  ];
  changes[next(changes.length)]?.();
  return document;
}

const mutation = fc
  .tuple(fc.constantFrom(...documents), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }))
  .map(([text, seed]) => mutate(text, seed));

describe('checkSPDXSchema', () => {
  const numRuns = Number(process.env.MSBOM_RUNS ?? 1500);
  it(`gives the verdict of the official JSON schema on ${numRuns} changed documents`, { timeout: 600_000 }, () => {
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(mutation, (document) => {
        const valid = meetsOfficialSchema(document);
        verdicts.add(valid);
        const findings = checkSPDXSchema(document);
        if ((findings.length === 0) !== valid) throw new Error(`official: ${valid}, ours: ${JSON.stringify(findings)}`);
      }),
      { numRuns },
    );
    expect(verdicts.size).toBe(2);
  });

  it('takes a single object for a graph', () => {
    const alone = {
      '@context': CONTEXT,
      type: 'CreationInfo',
      specVersion: '3.0.1',
      created: '2026-01-31T09:00:00Z',
      createdBy: ['urn:a'],
    };
    expect(meetsOfficialSchema(alone)).toBe(true);
    expect(checkSPDXSchema(alone)).toEqual([]);
    expect(checkSPDXSchema({ ...alone, name: 'x' }).map(({ pointer }) => pointer)).toEqual(['/name']);
  });
});

describe('the lint', () => {
  const numRuns = Math.min(Number(process.env.MSBOM_RUNS ?? 12), 400);
  it(`refuses what SHACL refuses, of ${numRuns} changed documents that meet the schema`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        mutation.filter((document) => meetsOfficialSchema(document)),
        async (document) => {
          const wrong = await shaclFindings(document);
          const ours = lintSPDX(document).filter(isBlocking);
          if (wrong.length > 0 && ours.length === 0) throw new Error(`not found: ${wrong.join('\n')}`);
        },
      ),
      { numRuns },
    );
  });
});
