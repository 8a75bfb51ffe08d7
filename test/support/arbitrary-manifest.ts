/** Arbitrary manifests over the whole schema: valid by the schema, ids unique, references closed. */
import fc from 'fast-check';
import schema from '../../schema/1.0/msbom.schema.json' with { type: 'json' };
import { DIGEST_HEX_LENGTHS } from '../../src/core/digest.js';
import { FREE_FORM, holdsId } from '../../src/manifest/references.js';
import type { Manifest } from '../../src/schema/index.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema node has any of a hundred keywords
type Node = any;

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 24 }) },
  { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.constantFrom('two\nlines', ' padded ', '<&>"\'', '𝕬𝖘𝖙𝖗𝖆𝖑', 'x'.repeat(1200), '{"json":true}', '=1+1') },
);
const hex = (length: number) => fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...'0123456789abcdef') });
const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789') });
const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const uri = fc.oneof(
  word.map((name) => `https://example.org/${name}`),
  word.map((name) => `urn:example:${name}`),
  fc.constant('https://example.org/a%20b?c=%5Bd%5D&e={f}#g'.replace(/[{}]/g, '')),
);

/** JSON as a manifest may hold it: without a key that is never allowed, and with exact numbers. */
const json = (maxDepth: number): fc.Arbitrary<unknown> =>
  fc.jsonValue({ maxDepth }).map(
    (value) =>
      JSON.parse(
        JSON.stringify(value)
          .replace(/__proto__/g, 'proto')
          .replace(/:-0([,}])/g, ':0$1'),
        // Whole numbers beyond 2^53 - 1 are not exact, and refused.
        (_, member: unknown) => (Number.isInteger(member) && !Number.isSafeInteger(member) ? 0 : member),
      ) as unknown,
  );

const DEFINITIONS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id: word.map((name) => `i${name}`),
  uri,
  timestamp: date.map((value) => value.toISOString()),
  date: date.map((value) => value.toISOString().slice(0, 10)),
  partialDate: date.map((value) => value.toISOString().slice(0, 7)),
  path: fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
  pointer: fc.constantFrom('/model/name', '/bom/authors', '/bom'),
  language: fc.constantFrom('en', 'de-AT', 'zh-Hans'),
  hyperparameterValue: json(2),
  extensions: fc.dictionary(
    word.map((name) => `org.example.${name}`),
    json(1),
    { minKeys: 1, maxKeys: 2 },
  ),
};

const PATTERNS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  serialNumber: fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
  commit: hex(40),
  lei: fc.constant('529900T8BM49AURSDO55'),
  type: fc.constant('S19'),
};

function arbitrary(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  if (node.$ref !== undefined) {
    const definition = node.$ref.split('/').at(-1);
    return DEFINITIONS[definition] ?? arbitrary(schema.$defs[definition as keyof typeof schema.$defs], name, depth);
  }
  if (node.allOf !== undefined) return arbitrary({ ...schema.$defs.digestSet, required: node.required }, name, depth);
  if (node.oneOf !== undefined) return fc.oneof(...node.oneOf.map((branch: Node) => arbitrary(branch, name, depth)));
  if ('const' in node) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (Array.isArray(node.type)) return fc.oneof(...node.type.map((type: string) => arbitrary({ ...node, type }, name, depth)));
  switch (node.type) {
    case 'string':
      return string(node, name);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat({ max: 1_000_000 }).map((n) => n + (node.minimum === 1 ? 1 : 0));
    case 'number':
      return fc.double({ min: 0.001, max: 1, noNaN: true });
    case 'array':
      return list(node, name, depth);
    case 'object':
      return object(node, name, depth);
    default:
      throw new Error(`no arbitrary for ${name}: ${JSON.stringify(node).slice(0, 200)}`);
  }
}

function string(node: Node, name: string): fc.Arbitrary<unknown> {
  if (node.format === 'email') return word.map((user) => `${user}@example.org`);
  if (node.pattern === undefined) return text.filter((value) => value.length <= (node.maxLength ?? 10_000));
  const digest = DIGEST_HEX_LENGTHS[name as keyof typeof DIGEST_HEX_LENGTHS];
  if (digest !== undefined) return hex(digest);
  if (node.pattern === '^[A-Z]{2}$') return fc.constantFrom('DE', 'FR', 'US');
  if (node.pattern === '^[0-9a-f]{64}$') return hex(64);
  const known = PATTERNS[name];
  if (known === undefined) throw new Error(`no arbitrary for the pattern of ${name}: ${node.pattern}`);
  return known;
}

function list(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  const items = arbitrary(node.items, name, depth + 1);
  const minLength = node.minItems ?? 0;
  if (node.uniqueItems !== true) return fc.array(items, { minLength, maxLength: 2 });
  return fc.uniqueArray(items, { minLength, maxLength: 2, selector: (item) => JSON.stringify(item) });
}

/** Deep inside, members become rare, so that documents stay small and recursion ends. */
function object(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  if (node.properties === undefined) {
    const keys =
      node.propertyNames?.$ref === '#/$defs/pointer' ? DEFINITIONS.pointer : text.filter((key) => key !== '__proto__' && key.length <= 256);
    const values = typeof node.additionalProperties === 'object' ? arbitrary(node.additionalProperties, name, depth + 1) : json(1);
    return fc.dictionary(keys as fc.Arbitrary<string>, values, { minKeys: node.minProperties ?? 0, maxKeys: 2 });
  }
  const required = new Set<string>(node.required ?? []);
  const freq = depth === 0 ? 3 : depth + 4;
  const entries = Object.entries<Node>(node.properties).filter(
    ([key]) => depth < 6 || required.has(key) || Object.keys(node.properties)[0] === key,
  );
  const members = Object.fromEntries(
    entries.map(([key, child]) => {
      const value = fc.memo((_n) => arbitrary(child, key, depth + 1))(1);
      return [key, required.has(key) ? value : fc.option(value, { freq: depth === 0 ? 2 : freq, nil: undefined })];
    }),
  );
  return fc
    .record(members)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)))
    .chain((value) =>
      Object.keys(value).length > 0
        ? fc.constant(value)
        : arbitrary(entries[0]?.[1], entries[0]?.[0] ?? '', depth + 1).map((first) => ({ [entries[0]?.[0] ?? '']: first })),
    )
    .map((value) =>
      node.anyOf !== undefined && !('expression' in value || 'name' in value || 'url' in value) ? { ...value, name: 'named' } : value,
    );
}

/** Gives every thing an id of its own and points every reference at one of them, or at the model. */
function closeReferences(manifest: Node): Manifest {
  const ids: string[] = ['model'];
  const visit = (value: Node, key: string, parent: string, opaque: boolean, assign: (text: string, key: string) => string): Node => {
    if (typeof value === 'string') return !opaque && holdsId(key, parent) ? assign(value, key) : value;
    if (Array.isArray(value))
      return [
        ...new Map(value.map((item) => visit(item, key, parent, opaque, assign)).map((item) => [JSON.stringify(item), item])).values(),
      ];
    if (typeof value !== 'object' || value === null) return value;
    const next = opaque || FREE_FORM.has(key);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member, name, key, next, assign)]));
  };
  const named = visit(manifest, '', '', false, (value, key) => {
    if (key !== 'id') return value;
    const id = `${value}-${ids.length}`;
    ids.push(id);
    return id;
  });
  let turn = 0;
  return visit(named, '', '', false, (value, key) => (key === 'id' ? value : (ids[turn++ % ids.length] ?? 'model')));
}

/** A manifest of a model; every section of the schema turns up in some of them. */
export const arbitraryManifest: fc.Arbitrary<Manifest> = (() => {
  const { foreign: _foreign, ...properties } = schema.properties as Node;
  const model = arbitrary({ ...schema, properties, required: ['bom', 'model'] }, '', 0) as fc.Arbitrary<Node>;
  return model.map((value) => {
    const { subject: _subject, ...bom } = value.bom;
    const paths = new Set<string>();
    const artifacts = value.artifacts?.filter(({ path }: { path: string }) => !paths.has(path) && paths.add(path));
    // An adapter names files that are there.
    const adapters = value.adapters?.map(({ artifacts: own = [], ...adapter }: Node) => {
      const present = own.filter((path: string) => paths.has(path));
      return present.length > 0 ? { ...adapter, artifacts: present } : adapter;
    });
    return closeReferences({
      ...value,
      bom,
      ...(artifacts?.length > 0 ? { artifacts } : {}),
      ...(adapters === undefined ? {} : { adapters }),
    });
  });
})();
