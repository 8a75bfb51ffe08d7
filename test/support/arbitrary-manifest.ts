/**
 * Arbitrary manifests over the whole schema: every member can occur, what is named is there, lineage, composition and sources have no
 * circles, tree digests follow from the files, evidence points at values. Nothing depends on the clock.
 */
import fc from 'fast-check';
import schema from '../../schema/1.0/msbom.schema.json' with { type: 'json' };
import { bare } from '../../src/core/objects.js';
import { DEFAULT_IGNORED } from '../../src/core/tree-digest.js';
import type { Manifest } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { secret } from '../../src/validate/rules/secret.js';
import { closed, pointed } from './closed-manifest.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema node has any of a dozen keywords
type Node = any;

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 24 }) },
  { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('two\nlines', ' padded ', '<&>"\'', '𝕬𝖘𝖙𝖗𝖆𝖑', 'x'.repeat(300), '{"json":true}', '=1+1', 'constructor'),
  },
);
/** Not shrunk: zeros are no digest. */
const hex = (length: number) =>
  fc.noShrink(fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...'0123456789abcdef') }));
const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789') });
const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }).map((value) => value.toISOString());
/** Names that mean something to JavaScript, or that other orders put elsewhere. */
const segment = fc.oneof(
  { weight: 8, arbitrary: word },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'a b',
      'a-b',
      'a.b',
      '.x',
      'é',
      'e\u0301',
      '𝒳',
      '~',
      '10',
      '9',
      ...DEFAULT_IGNORED,
    ),
  },
);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const uri = fc.oneof(
  word.map((name) => `https://example.org/${name}`),
  word.map((name) => `urn:example:${name}`),
  fc.constant('https://example.org/a%20b?c=%5Bd%5D#g'),
);

/** JSON as a manifest may hold it, with exact numbers. */
const json = (maxDepth: number): fc.Arbitrary<unknown> =>
  fc
    .jsonValue({ maxDepth, noUnicodeString: false })
    .map(
      (value) =>
        JSON.parse(JSON.stringify(value), (_, member: unknown) =>
          Object.is(member, -0) || (Number.isInteger(member) && !Number.isSafeInteger(member)) ? 0 : member,
        ) as unknown,
    );

/** By the pattern of the schema. */
const PATTERNS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$': uri,
  '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$': fc.oneof(
    word,
    word.map((name) => `pypi.${name}`),
    fc.constantFrom('constructor', '10', '9'),
  ),
  '^([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)(/([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+))*$': path,
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$': date.map((value) => value.slice(0, 10)),
  '^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$': fc
    .tuple(date, fc.constantFrom(4, 7, 10))
    .map(([value, length]) => value.slice(0, length)),
  '^1[.](0|[1-9][0-9]{0,3})$': fc.constant('1.0'),
  '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$': fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]{1,9})?Z$': date,
  '^(/([^~/]|~[01])*)*$': fc.nat({ max: 100_000 }).map((n) => `/${n}`),
  '^[0-9a-f]{7,64}$': hex(40),
  '^[A-Z]{2}$': fc.constantFrom('DE', 'FR', 'US'),
  '^[a-z][A-Za-z0-9_-]{0,63}$': fc.constantFrom('sha256', 'sha512'),
  '^[0-9a-f]{64}$': hex(64),
  '^[0-9a-f]{128}$': hex(128),
  '^[0-9a-f]{96}$': hex(96),
  '^[0-9a-f]{56}$': hex(56),
  '^[0-9a-f]{40}$': hex(40),
  '^[0-9a-f]{32}$': hex(32),
  '^([0-9a-f]{40}|[0-9a-f]{64})$': fc.oneof(hex(40), hex(64)),
  '^[a-z][a-z0-9-]*([.][a-zA-Z0-9_-]+)+$': word.map((name) => `org.example.${name}`),
  '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$': fc.constantFrom('en', 'de-AT', 'zh-Hans'),
  '^[A-Z0-9]{18}[0-9]{2}$': fc.constant('529900T8BM49AURSDO55'),
  '^S(0[1-9]|1[0-9])$': fc.constant('S19'),
};

/** Members of which the schema says less than the rules. */
const MEMBERS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'Contact.email': word.map((name) => `${name}@example.org`),
  'License.expression': fc.constantFrom('MIT', 'Apache-2.0 OR BSD-3-Clause', 'LicenseRef-own', 'GPL-2.0-only WITH Classpath-exception-2.0'),
};
const TYPES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Identifier: fc.oneof(
    word.map((name) => ({ type: 'purl', value: `pkg:generic/${name}@1` })),
    word.map((name) => ({ type: 'other', value: name, scheme: 'register' })),
  ),
};

/** Deep inside, members become rare, so that documents stay small. Of ten. */
const PRESENCE = [6, 4, 3, 3, 3, 2];
const made = new Map<string, fc.Arbitrary<unknown>>();

function arbitrary(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  if (node.$ref === undefined) return plain(node, name, depth);
  const definition: string = node.$ref.split('/').at(-1);
  const key = `${definition} ${Math.min(depth, PRESENCE.length)}`;
  let known = made.get(key);
  if (known === undefined) made.set(key, (known = TYPES[definition] ?? plain((schema.$defs as Node)[definition], definition, depth)));
  return known;
}

function plain(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case 'string':
      return string(node, name);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat({ max: 1_000_000 }).map((n) => n + (node.minimum ?? 0));
    case 'number':
      return fc.double({ min: 0.001, max: 1, noNaN: true });
    case 'array':
      return list(node, name, depth);
    case 'object':
      return node.properties === undefined ? map(node, name, depth) : object(node, name, depth);
    case undefined:
      return json(1).filter((value) => value !== null);
    default:
      throw new Error(`no arbitrary for ${name}: ${JSON.stringify(node).slice(0, 200)}`);
  }
}

function string(node: Node, name: string): fc.Arbitrary<string> {
  if (node.pattern !== undefined) {
    const known = PATTERNS[node.pattern];
    if (known === undefined) throw new Error(`no arbitrary for the pattern of ${name}: ${node.pattern}`);
    return known;
  }
  if (name === 'crc32c') return hex(8);
  // Arbitrary signs in a place of such a name look like a credential.
  if (/access|auth|cred|key|pass|secret|token/i.test(name)) return fc.constantFrom('open', 'as agreed', 'see the contract');
  const any = text.filter((value) => value.length <= (node.maxLength ?? 10_000));
  return node.examples === undefined
    ? any
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...(node.examples as string[])) }, { weight: 1, arbitrary: any });
}

function list(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  // What is no ordered list is a set.
  return fc.uniqueArray(arbitrary(node.items, name, depth + 1), {
    minLength: node.minItems ?? 0,
    maxLength: 2,
    selector: (item) => JSON.stringify(item),
  });
}

/** A map, or an object whose members are not in the schema. */
function map(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  const keys = string({ type: 'string', maxLength: 64, ...node.propertyNames }, name);
  const values = typeof node.additionalProperties === 'object' ? arbitrary(node.additionalProperties, name, depth + 1) : json(1);
  return fc
    .uniqueArray(fc.tuple(keys, values), { minLength: node.minProperties ?? 0, maxLength: depth < 2 ? 3 : 2, selector: ([key]) => key })
    .map(bare);
}

function object(node: Node, name: string, depth: number): fc.Arbitrary<unknown> {
  const required = new Set<string>(node.required ?? []);
  const presence = PRESENCE[Math.min(depth, PRESENCE.length - 1)] ?? 1;
  // An algorithm that the specification does not know is ignored.
  const properties: Node = node.additionalProperties === true ? { ...node.properties, crc32c: { type: 'string' } } : node.properties;
  const names = Object.keys(properties);
  const values = names.map((key) => {
    const value = MEMBERS[`${name}.${key}`] ?? arbitrary(properties[key], key, depth + 1);
    const absent = { weight: 10 - presence, arbitrary: fc.constant(undefined) };
    return required.has(key) ? value : fc.oneof(absent, { weight: presence, arbitrary: value });
  });
  // An object that must not be empty has one of its members.
  const one = fc
    .nat({ max: names.length - 1 })
    .chain((i) => (values[i] as fc.Arbitrary<unknown>).map((value) => [names[i] ?? '', value] as const));
  return fc
    .tuple(...values)
    .map((all) => all.flatMap((value, i): [string, unknown][] => (value === undefined ? [] : [[names[i] ?? '', value]])))
    .chain((members) => (members.length > 0 || (node.minProperties ?? 0) === 0 ? fc.constant(members) : certain(node, names, one)))
    .map(bare);
}

/** One member for certain. */
function certain(
  node: Node,
  names: readonly string[],
  one: fc.Arbitrary<readonly [string, unknown]>,
): fc.Arbitrary<(readonly [string, unknown])[]> {
  const [first = ''] = names;
  const fallback = MEMBERS[`${node.title}.${first}`] ?? arbitrary(node.properties[first], first, 9);
  return fc.tuple(one, fallback).map(([[key, value], other]) => [value === undefined ? [first, other] : [key, value]]);
}

const whole = object({ ...schema, required: ['bom', 'model'] }, 'Manifest', 0) as fc.Arbitrary<Manifest>;

/** A manifest of a model, and sometimes of a dataset or an application. */
export const arbitraryManifest: fc.Arbitrary<Manifest> = fc
  .tuple(whole, fc.constantFrom('model' as const, 'model' as const, 'model' as const, 'datasets' as const, 'components' as const))
  .map(([manifest, subject]) => pointed(closed(manifest, subject)))
  // Arbitrary signs look like a credential now and then.
  .filter((manifest) => validateManifest(manifest, { rules: [secret] }).findings.every(({ id }) => id !== 'secret'));
