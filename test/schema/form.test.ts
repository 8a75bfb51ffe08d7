import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The rules of form that let every validator compile the schema and every generator make usable types. */
const schema = JSON.parse(readFileSync(new URL('../../schema/1.0/msbom.schema.json', import.meta.url), 'utf8'));

type Node = Readonly<Record<string, unknown>>;
interface Visit {
  readonly at: string;
  readonly node: Node;
  /** What the node is of what holds it. */
  readonly as: 'definition' | 'property' | 'items' | 'additionalProperties' | 'propertyNames';
}

/** Every schema in the schema. */
function* schemasIn(node: Node, at: string, as: Visit['as']): Generator<Visit> {
  yield { node, at, as };
  for (const word of ['items', 'additionalProperties', 'propertyNames'] as const)
    if (typeof node[word] === 'object') yield* schemasIn(node[word] as Node, `${at}/${word}`, word);
  for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, Node>))
    yield* schemasIn(child, `${at}/${name}`, 'property');
}

const { $defs, ...document } = schema as { $defs: Readonly<Record<string, Node>> } & Node;
const definitions: readonly (readonly [string, Node])[] = [['Manifest', document], ...Object.entries($defs)];
const visits = definitions.flatMap(([name, node]) => [...schemasIn(node, name, 'definition')]);
const broken = (isRight: (visit: Visit) => boolean) => visits.filter((visit) => !isRight(visit)).map(({ at }) => at);

const WORDS = new Set(
  (
    '$schema $id title description type enum pattern minLength maxLength minimum maximum exclusiveMinimum minItems minProperties ' +
    'uniqueItems examples required propertyNames additionalProperties items properties $ref'
  ).split(' '),
);
/** Words of other standards. */
const KEPT = new Set(['not_affected', 'under_investigation']);

describe('the schema', () => {
  it('is large, so that the rules below say something', () => {
    expect(definitions.length).toBeGreaterThan(150);
    expect(visits.length).toBeGreaterThan(1000);
  });
  it('has no unions, conditions, refinements or formats', () => {
    expect(broken(({ node }) => Object.keys(node).every((word) => WORDS.has(word)))).toEqual([]);
    expect(broken(({ node }) => node.type === undefined || typeof node.type === 'string')).toEqual([]);
  });
  it('has `$ref` alone, and to definitions that are there', () => {
    expect(broken(({ node }) => node.$ref === undefined || Object.keys(node).length === 1)).toEqual([]);
    expect(broken(({ node }) => node.$ref === undefined || Object.hasOwn($defs, String(node.$ref).slice('#/$defs/'.length)))).toEqual([]);
  });
  it('has patterns that RE2 compiles: no look-around, no back references, no classes by a letter', () => {
    expect(broken(({ node }) => !/\(\?|\\[dswDSWbB1-9]/.test(String(node.pattern ?? '')))).toEqual([]);
    expect(broken(({ node }) => node.pattern === undefined || /^\^.*\$$/.test(String(node.pattern)))).toEqual([]);
    for (const { node } of visits) if (node.pattern !== undefined) new RegExp(String(node.pattern), 'u');
  });
  it('has types by name: no object with members in place, no constrained item in place', () => {
    expect(broken(({ node, as }) => as === 'definition' || node.properties === undefined)).toEqual([]);
    const plain = ({ node, as }: Visit) =>
      !['items', 'additionalProperties'].includes(as) || node.$ref !== undefined || Object.keys(node).join() === 'type';
    expect(broken(plain)).toEqual([]);
    for (const [name, node] of Object.entries($defs)) expect(node.title, name).toBe(name);
  });
  it('has closed objects, but for those that are free by their meaning', () => {
    const open = visits.filter(
      ({ node }) => node.type === 'object' && node.additionalProperties !== false && node.properties !== undefined,
    );
    expect(open.map(({ at }) => at)).toEqual(['DigestSet']);
    const free = visits.filter(({ node }) => node.additionalProperties === true).map(({ at }) => at);
    expect(free.sort()).toEqual(['DigestSet', 'Extensions', 'Foreign/cyclonedx', 'Foreign/spdx', 'Hyperparameters']);
  });
  it('says what every member means, in the member or its type', () => {
    const isFree = (node: Node) => Object.keys(node).length === 0;
    expect(
      broken(({ node, as }) => as !== 'property' || node.$ref !== undefined || isFree(node) || typeof node.description === 'string'),
    ).toEqual([]);
    expect(broken(({ node, as }) => as !== 'definition' || typeof node.description === 'string')).toEqual([]);
  });
  it('has nothing empty: texts without a pattern, lists and maps', () => {
    const least = ({ node, as }: Visit): boolean => {
      if (as === 'propertyNames' || as === 'items' || as === 'additionalProperties') return true;
      if (node.type === 'array') return node.minItems === 1;
      if (node.type === 'object') return node.minProperties === 1 || node.required !== undefined;
      return node.type !== 'string' || node.enum !== undefined || node.pattern !== undefined || node.minLength === 1;
    };
    // What is known of these may be no more than that they are there.
    const exceptions = new Set(['EvidenceValue', 'Stage', 'Split', 'DatasetConfig', 'DatasetField', 'ListedFile']);
    expect(broken(least).filter((at) => !exceptions.has(at))).toEqual([]);
  });
  it('has words in kebab-case', () => {
    const words = visits.flatMap(({ node }) => (node.enum ?? []) as readonly string[]);
    expect(words.filter((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word) && !KEPT.has(word))).toEqual([]);
    expect(words.length).toBeGreaterThan(40);
  });
  it('has names in camel case, algorithms apart', () => {
    const names = visits.filter(({ as }) => as === 'property').map(({ at }) => at.split('/').at(-1) ?? '');
    expect(names.filter((name) => !/^(\$schema|[a-z][A-Za-z0-9]*|sha[0-9_]+|blake2b[0-9_]*)$/.test(name))).toEqual([]);
  });
});
