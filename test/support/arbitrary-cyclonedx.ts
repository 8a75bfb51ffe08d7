/**
 * Arbitrary documents by the official JSON schemas of CycloneDX, as anybody may write them: every member of every
 * version occurs, bom-refs are unique, references lead to one of them. The few that a rule between members refuses
 * are for the caller to leave out.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { ReadVersion } from '../../src/convert/cyclonedx/index.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema node has any of a hundred keywords
type Node = any;

const files = new URL('../../node_modules/@cyclonedx/cyclonedx-library/res/schema/', import.meta.url);
const schemaOf = (name: string): Node => JSON.parse(readFileSync(new URL(`${name}.SNAPSHOT.schema.json`, files), 'utf8'));
const others: Readonly<Record<string, Node>> = Object.fromEntries(
  ['spdx', 'jsf-0.82', 'cryptography-defs'].map((name) => [`${name}.SNAPSHOT.schema.json`, schemaOf(name)]),
);

const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789') });
const text = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('two\nlines', ' padded ', '<&>"\'', '𝕬𝖘', 'MIT', 'Apache-2.0', 'SHA-256', 'model', '1.0', 'true', ''),
  },
);
const hex = (length: number) => fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...'0123456789abcdefABCDEF') });
const uuid = fc.uuid();
const time = fc
  .tuple(fc.date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }), fc.constantFrom('Z', '+02:00', 'z'))
  .map(([date, zone]) => `${date.toISOString().slice(0, -1)}${zone}`);
const uri = fc.oneof(
  word.map((name) => `https://example.org/${name}`),
  word.map((name) => `pkg:pypi/${name}@1.0`),
  word,
  fc.constantFrom('https://huggingface.co/example/model', 'urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#a', ''),
);

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': time,
  date: time.map((value) => value.slice(0, 10)),
  'iri-reference': uri,
  uri: word.map((name) => `https://example.org/${name}`),
  'idn-email': word.map((name) => `${name}@example.org`),
};

const PATTERNS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '^urn:uuid:': uuid.map((id) => `urn:uuid:${id}`),
  '^urn:cdx:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/[1-9][0-9]*#': uuid.map((id) => `urn:cdx:${id}/1#part`),
  '^urn:cdx:': uuid.map((id) => `urn:cdx:${id}/12`),
  '^[-+a-z0-9.]+/': fc.constantFrom('text/plain', 'application/vnd.example+json'),
  '^([a-fA-F0-9]{32}|': fc.constantFrom(32, 40, 64, 96, 128).chain(hex),
  '^([a-z]{2})': fc.constantFrom('en', 'de-AT'),
  '^CRE:': fc.nat(999).map((n) => `CRE:${n}-${n}`),
  '^[A-Za-z0-9][A-Za-z0-9': fc.constantFrom('US 1234567 B2', '2020/012345'),
  '^[A-Z]{2}$': fc.constantFrom('DE', 'US'),
};

/** Where a text names a thing, and where it refers to one; both are settled when the document is whole. */
const NAME = '\u0001name';
const REFERENCE = '\u0001reference';

/** An organization or a person. */
const party = fc.oneof(
  fc.record({ name: word, url: fc.constant(['https://example.org']) }),
  fc.record({ name: word, email: fc.constant('a@example.org') }),
);

/** By the name of the member: what makes the documents be about models more often than about anything else. */
const MEMBERS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'bom-ref': fc.nat(9).map((n) => `${NAME}${n}`),
  purl: word.map((name) => `pkg:pypi/${name}@1.0`),
  // Forms that only one of several members tells apart.
  asserter: fc.oneof(party, fc.constant(`${REFERENCE}0`)),
  patentAssignee: fc.array(party, { minLength: 1, maxLength: 2 }),
  signature: fc.constantFrom(
    { algorithm: 'ES256', value: 'AA' },
    { signers: [{ algorithm: 'RS512', value: 'AQ', keyId: 'k' }] },
    { chain: [{ algorithm: 'Ed25519', value: 'Ag' }] },
  ),
};
const DEFINITIONS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  refType: fc.nat(999).map((n) => `${REFERENCE}${n}`),
  refLinkType: fc.nat(999).map((n) => `${REFERENCE}${n}`),
  publicKey: fc.constant({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AQ' }),
};

const MAX_DEPTH = 9;

interface Walk {
  readonly root: Node;
  readonly made: Map<string, fc.Arbitrary<unknown>>;
}

function resolve(reference: string, walk: Walk): { readonly node: Node; readonly walk: Walk } {
  const [file = '', pointer = ''] = reference.split('#');
  const root = file === '' ? walk.root : others[file];
  const node = pointer
    .split('/')
    .slice(1)
    .reduce((each: Node, key) => each[key], root);
  return { node, walk: file === '' ? walk : { root, made: new Map() } };
}

function arbitrary(node: Node, name: string, depth: number, walk: Walk): fc.Arbitrary<unknown> {
  const known = MEMBERS[name];
  if (known !== undefined) return known;
  if (node.$ref !== undefined) return referred(node.$ref as string, name, depth, walk);
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return chosen(node.enum, name);
  if (Array.isArray(node.type)) return fc.oneof(...node.type.map((type: string) => arbitrary({ ...node, type }, name, depth, walk)));
  const parts: readonly Node[] = node.oneOf ?? node.anyOf ?? (node.type === undefined ? node.allOf : undefined) ?? [];
  if (parts.length > 0 && node.properties === undefined)
    return fc.oneof(...parts.map((part) => arbitrary({ ...without(node), ...part }, name, depth, walk)));
  switch (node.type) {
    case 'string':
      return string(node);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: node.minimum ?? -5, max: node.maximum ?? 1_000_000 });
    case 'number':
      return fc
        .oneof(fc.integer({ min: 0, max: 1 }), fc.double({ min: node.minimum ?? -10, max: node.maximum ?? 10, noNaN: true }))
        .map((n) => n + 0);
    case 'array':
      return list(node, name, depth, walk);
    default:
      return node.properties === undefined && node.type === undefined ? fc.constant({}) : object(node, depth, walk);
  }
}

const without = ({ oneOf: _oneOf, anyOf: _anyOf, ...rest }: Node): Node => rest;

function referred(reference: string, name: string, depth: number, walk: Walk): fc.Arbitrary<unknown> {
  const definition = reference.split('/').at(-1) ?? '';
  const known = DEFINITIONS[definition];
  if (known !== undefined) return known;
  const key = `${reference} ${depth}`;
  const made = walk.made.get(key);
  if (made !== undefined) return made;
  const target = resolve(reference, walk);
  const result = arbitrary(target.node, name, depth, target.walk);
  walk.made.set(key, result);
  return result;
}

function chosen(values: readonly unknown[], name: string): fc.Arbitrary<unknown> {
  const all = fc.constantFrom(...values);
  const models = values.filter((value) => value === 'machine-learning-model' || value === 'data' || value === 'dataset');
  return name !== 'type' || models.length === 0 ? all : fc.oneof(all, fc.constantFrom(...models));
}

function string(node: Node): fc.Arbitrary<string> {
  if (node.format !== undefined && node.pattern === undefined) return FORMATS[node.format] ?? text;
  if (node.pattern === undefined)
    return text.filter((value) => value.length >= (node.minLength ?? 0) && value.length <= (node.maxLength ?? 10_000));
  const [, known] = Object.entries(PATTERNS).find(([start]) => String(node.pattern).startsWith(start)) ?? [];
  if (known === undefined) throw new Error(`no arbitrary for the pattern ${node.pattern}`);
  return known;
}

function list(node: Node, name: string, depth: number, walk: Walk): fc.Arbitrary<unknown> {
  if (Array.isArray(node.items)) return fc.tuple(...node.items.map((item: Node) => arbitrary(item, name, depth + 1, walk)));
  const items = arbitrary(node.items, name, depth + 1, walk);
  const minLength = node.minItems ?? (depth > MAX_DEPTH ? 0 : 1);
  const lengths = { minLength, maxLength: Math.max(minLength, Math.min(node.maxItems ?? 3, depth > MAX_DEPTH ? 1 : 3)) };
  const made =
    node.uniqueItems === true ? fc.uniqueArray(items, { ...lengths, selector: (item) => JSON.stringify(item) }) : fc.array(items, lengths);
  return minLength > 1 || node.minItems !== undefined
    ? made
    : fc.oneof({ weight: 12, arbitrary: made }, { weight: 1, arbitrary: fc.constant([]) });
}

/** Deep inside, members become rare, so that documents stay small and recursion ends. */
function object(node: Node, depth: number, walk: Walk): fc.Arbitrary<unknown> {
  for (const word of ['oneOf', 'anyOf']) {
    const { [word]: branches, ...rest } = node;
    if (branches !== undefined) return fc.oneof(...branches.map((_: Node, i: number) => object(branched(rest, branches, i), depth, walk)));
  }
  const required = new Set<string>(node.required ?? []);
  const members = Object.entries<Node>(node.properties ?? {}).filter(
    ([key]) => (depth < MAX_DEPTH && node.properties[key] !== false) || required.has(key),
  );
  const shape = Object.fromEntries(
    members.map(([key, child]) => {
      const value = fc.memo((_n) => arbitrary(child, key, depth + 1, walk))(1);
      const absent = { weight: RARITY[key] ?? 1 + 2 * depth, arbitrary: fc.constant(undefined) };
      return [key, required.has(key) ? value : fc.oneof(absent, { weight: 2, arbitrary: value })];
    }),
  );
  return fc.record(shape).map((value) => {
    const { version, versionRange, ...rest } = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
    const isRange = versionRange !== undefined && version === undefined && rest.isExternal === true;
    return { ...rest, ...(version === undefined ? {} : { version }), ...(isRange ? { versionRange } : {}) };
  });
}

/** How rare a member is, where it is not the depth that says so: a document has a subject, and a model its card. */
const RARITY: Readonly<Record<string, number>> = { component: 1, modelCard: 2, modelParameters: 2, datasets: 2, considerations: 2 };

/** One of several forms: without the members that only another form asks for. */
function branched(node: Node, branches: readonly Node[], chosenIndex: number): Node {
  const branch = branches[chosenIndex];
  const elsewhere = branches.flatMap((other, i) => (i === chosenIndex ? [] : ((other.required as string[] | undefined) ?? [])));
  const own = new Set<string>([...(node.required ?? []), ...(branch.required ?? [])]);
  const properties = { ...node.properties, ...branch.properties };
  for (const key of elsewhere) if (!own.has(key)) delete properties[key];
  return { ...node, properties, required: [...own] };
}

/** Gives every thing a bom-ref of its own and points every reference at one of them. */
function settle(document: Node): Node {
  const names: string[] = [];
  const replace = (value: Node, change: (text: string) => string): Node => {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value))
      return [...new Map(value.map((item) => replace(item, change)).map((item) => [JSON.stringify(item), item])).values()];
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member, change)]));
  };
  const named = replace(document, (value) => {
    if (!value.startsWith(NAME)) return value;
    names.push(`${NAMES[Number(value.slice(NAME.length)) % NAMES.length]}${names.length === 0 ? '' : names.length}`);
    return names.at(-1) ?? '';
  });
  return replace(named, (value) =>
    value.startsWith(REFERENCE) ? (names[Number(value.slice(REFERENCE.length)) % Math.max(names.length, 1)] ?? 'nothing') : value,
  );
}

/** Names as producers give them. */
const NAMES = ['model', 'pkg:pypi/example@1.0?x=', 'dataset:', 'a b ', 'ref-', 'x/y#', 'é'];

/** Documents of a version. */
export function arbitraryCycloneDX(version: ReadVersion): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const root = schemaOf(`bom-${version}`);
  return object({ ...root, properties: { ...root.properties, $schema: false } }, 0, { root, made: new Map() }).map((document) => ({
    ...settle(document),
    bomFormat: 'CycloneDX',
    specVersion: version,
  }));
}
