/** Examples of values, by the schema of manifests: what a place can hold, not what is true. */
import { own } from '../core/objects.js';
import { KEYS, type Manifest, REFERENCES, SHAPES, THINGS } from '../schema/index.js';
import { isPredicate, type Predicate, type Values, type Word } from './profile.js';

/** A JSON Schema as far as it is looked at. */
export interface SchemaNode {
  readonly description?: string;
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;

/** Texts of forms that the schema asks for by pattern; the first that fits is taken. */
const FORMS: readonly string[] = [
  'example',
  '2026-01-31',
  '2026-01-31T12:00:00Z',
  'https://example.org/example',
  'DE',
  'en',
  '2026-01',
  'P1D',
  '50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c',
];
/** What no pattern says, or what would say too much of itself. */
const KNOWN: Readonly<Record<string, string | boolean>> = {
  'TreeDigest.complete': false,
  'TreeDigest.method': 'unknown',
  'License.expression': 'Apache-2.0',
  'Identifier.value': 'pkg:generic/example@1.0',
  'Contact.email': 'person@example.org',
};
const MAX_DEPTH = 6;

export interface ExampleOf {
  readonly schema: SchemaNode;
  readonly manifest: Manifest;
}

/** The node of the schema that describes `Type.member`. */
export function describedBy(member: string, { schema }: ExampleOf): SchemaNode | undefined {
  const [type = '', name = ''] = member.split('.');
  return type === 'Manifest' ? own(schema.properties, name) : own(own(schema.$defs, type)?.properties, name);
}

/** What a member says of itself; of one that is a type, what the type says. */
export function meaningOf(member: string, of: ExampleOf): string | undefined {
  const node = describedBy(member, of);
  const target = node?.$ref ?? node?.items?.$ref;
  return node?.description ?? own(of.schema.$defs, target?.split('/').at(-1) ?? '')?.description;
}

/**
 * An example of what stands at a shape.
 *
 * @param wanted what is asked of it; paths start at the value
 */
export function exampleOf(shape: string, member: string, wanted: readonly Predicate[], of: ExampleOf, depth = 0): unknown {
  const exact = wanted.flatMap(exactly)[0];
  if (exact !== undefined) return exact;
  const known = own(KNOWN, member);
  if (known !== undefined) return known;
  if (shape.startsWith('[]')) return [exampleOf(shape.slice(2), member, [...below(wanted, '0'), ...ofEntries(wanted)], of, depth + 1)];
  if (shape.startsWith('{}')) return { [keyFor(member, of)]: exampleOf(shape.slice(2), member, ofEntries(wanted), of, depth + 1) };
  if (shape === 'number') return 1;
  if (shape === 'flag') return true;
  if (shape === '*') return { example: 'example' };
  const type = own(shapes, shape);
  if (type === undefined) return textFor(member, of);
  const names = new Set([...(own(of.schema.$defs, shape)?.required ?? []), ...wanted.flatMap(firstKeys)]);
  if (names.size === 0) names.add(Object.keys(type)[0] ?? '');
  if (depth > MAX_DEPTH) return {};
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const inner = own(type, name) ?? own(type, '*');
      return inner === undefined ? [] : [[name, exampleOf(inner, `${shape}.${name}`, below(wanted, name), of, depth + 1)]];
    }),
  );
}

/** What an entry has to be so that it counts, as predicates on it. */
export const entryWanted = (where: Values | Predicate | undefined, then: readonly Predicate[] = []): readonly Predicate[] =>
  where === undefined
    ? then
    : isPredicate(where)
      ? [where, ...then]
      : [...Object.entries(where).map(([path, values]): Predicate => ({ op: 'in', path, values })), ...then];

/** What is asked of entries of the value itself. */
const ofEntries = (wanted: readonly Predicate[]): readonly Predicate[] =>
  wanted
    .flatMap(flat)
    .flatMap((each) => ((each.op === 'every' || each.op === 'some') && each.path === '' ? entryWanted(each.where, each.then) : []));

/** The value itself, where a predicate with an empty path names it. */
function exactly(predicate: Predicate): readonly (Word | readonly Word[])[] {
  if (!('path' in predicate) || predicate.path !== '') return [];
  if (predicate.op === 'in') return predicate.values.slice(0, 1);
  return predicate.op === 'min' ? [predicate.value] : [];
}

const flat = (predicate: Predicate): readonly Predicate[] =>
  predicate.op === 'and' ? predicate.of.flatMap(flat) : predicate.op === 'or' ? flat(predicate.of[0] as Predicate) : [predicate];

const firstKeys = (predicate: Predicate): readonly string[] =>
  flat(predicate).flatMap((each) => ('path' in each && each.path.startsWith('/') ? [each.path.split('/')[1] ?? ''] : []));

/** Predicates on what is under a key. */
function below(wanted: readonly Predicate[], key: string): readonly Predicate[] {
  return wanted.flatMap(flat).flatMap((each): Predicate[] => {
    if (!('path' in each) || (each.path !== `/${key}` && !each.path.startsWith(`/${key}/`))) return [];
    return [{ ...each, path: each.path.slice(key.length + 1) }];
  });
}

/** An id for an example. Models, datasets, components and services share one space of ids. */
export const idFor = (collection: string): string =>
  (THINGS as readonly string[]).includes(collection) ? `example-${collection.replace(/s$/, '')}` : 'example';

function keyFor(member: string, { manifest }: ExampleOf): string {
  const kind = KEYS[member];
  if (kind === 'path') return 'example.bin';
  if (kind === 'pointer') return '/model/name';
  return kind === 'thing' && manifest.model !== undefined ? 'model' : idFor(member.split('.')[1] ?? '');
}

function textFor(member: string, of: ExampleOf): string {
  const row = own(REFERENCES, member);
  if (row !== undefined) {
    if (row.subject === true && of.manifest.model !== undefined) return 'model';
    return row.in.flatMap((name) => Object.keys(of.manifest[name] ?? {}))[0] ?? idFor(row.in[0] ?? '');
  }
  const node = describedBy(member, of);
  const target = own(of.schema.$defs, (node?.$ref ?? node?.items?.$ref)?.split('/').at(-1) ?? '');
  const word = [node?.enum, node?.examples, node?.items?.enum, target?.enum, target?.examples]
    .flat()
    .find((each) => typeof each === 'string');
  if (typeof word === 'string') return word;
  const pattern = node?.pattern ?? node?.items?.pattern ?? target?.pattern;
  return FORMS.find((form) => pattern === undefined || new RegExp(pattern, 'u').test(form)) ?? 'example';
}
