/** What the caller says, as claims: a part of a manifest, or single values by their place. */
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { idFrom } from '../core/id.js';
import { parsePointer, pointerStep, toPointer } from '../core/json-pointer.js';
import { nearest } from '../core/nearest.js';
import { isList, isObject, own } from '../core/objects.js';
import { KEYS, SHAPES } from '../schema/index.js';
import type { Claim, ClaimSource } from './claim.js';

const MAX_DEPTH = 32;
/** Nothing overrules the caller. */
const RANK = 0;
/** Sections that follow from the rest. */
const NOT_SUPPLIED: readonly string[] = ['$schema', 'evidence'];

/** Where the caller said it: a file, or an option by name. */
export type SuppliedFrom = Pick<ClaimSource, 'method' | 'path' | 'name'>;

/**
 * A part of a manifest as claims that overrule what files say, one for each value; objects are joined by key with what others say,
 * lists are taken whole. Numbers and truth values become texts where the specification has texts only.
 * @throws ERR_MANIFEST_VALUE for a place that no manifest has, or a value that is no such thing, with what is meant
 */
export function suppliedPart(part: JsonValue, from: SuppliedFrom): readonly Claim[] {
  if (isObject(part) && Object.keys(part).length === 0) return [];
  return claimsOf(part, [], 'Manifest', { ...from, origin: 'supplied', rank: RANK });
}

/**
 * One value at a JSON Pointer (`/model/version`) or at keys with dots between them (`model.version`). Keys that have dots themselves,
 * such as paths of files, need the pointer.
 * @throws ERR_MANIFEST_VALUE like `suppliedPart`
 */
export function suppliedValue(place: string, value: JsonValue, from: SuppliedFrom): readonly Claim[] {
  const source: ClaimSource = { ...from, origin: 'supplied', key: place, rank: RANK };
  const isPointer = place.startsWith('/');
  const keys = isPointer ? parsePointer(place) : place.split('.');
  if (keys === undefined || keys.length === 0 || keys.some((key) => key === ''))
    throw wrong(
      source,
      `\`${place}\` is no place in a manifest`,
      'Give a JSON Pointer such as /model/version, or its keys with dots: model.version.',
    );
  const reached = reach(keys);
  if ('shape' in reached) return claimsOf(value, keys, reached.shape, source);
  const meant = isPointer ? undefined : joinedKeys(keys);
  if (meant === undefined) throw wrong(source, reached.problem, reached.fix);
  throw wrong(
    source,
    `\`${place}\` can be read in several ways, since a key in it has a dot`,
    `Give the JSON Pointer: ${toPointer(meant)}`,
  );
}

type Reached = { readonly shape: string } | { readonly problem: string; readonly fix: string };

/** What stands at keys, by the specification. */
function reach(keys: readonly string[]): Reached {
  let shape = 'Manifest';
  let member = '';
  for (const [depth, key] of keys.entries()) {
    const place = toPointer(keys.slice(0, depth));
    if (shape.startsWith('[]')) {
      const fix = `Give the whole list at ${place}, as JSON.`;
      return { problem: `\`${place}\` is a list, and single items of it cannot be set`, fix };
    }
    if (isScalar(shape)) return { problem: `\`${place}\` is ${WORDS[shape]}: nothing stands below it`, fix: `Set ${place} itself.` };
    const next = inside(shape, member, key, place);
    if ('problem' in next) return next;
    member = shape === '*' || shape.startsWith('{}') ? member : `${shape}.${key}`;
    shape = next.shape;
  }
  return { shape };
}

/** What stands under a key of an object or map. */
function inside(shape: string, member: string, key: string, place: string): Reached {
  if (shape === '*') return { shape };
  if (shape.startsWith('{}')) {
    const wrongKey = keyProblem(KEYS[member], key);
    if (wrongKey === undefined) return { shape: shape.slice(2) };
    return { problem: `\`${key}\` in \`${place}\` is no ${wrongKey.kind}`, fix: wrongKey.fix };
  }
  const members = membersOf(shape);
  const known = own(members, key) ?? own(members, '*');
  const names = Object.keys(members).filter((name) => name !== '*' && !(place === '' && NOT_SUPPLIED.includes(name)));
  if (known !== undefined && (place !== '' || names.includes(key))) return { shape: known };
  const meant = nearest(key, names);
  const problem =
    place !== ''
      ? `\`${place}\` has no member \`${key}\``
      : `\`${key}\` cannot be supplied: it is no section of a manifest that a caller writes`;
  return {
    problem,
    fix: meant === undefined ? `There ${place === '' ? 'are' : 'may stand'} ${names.join(', ')}.` : `Did you mean \`${meant}\`?`,
  };
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const PATH = /^(?!\.\.?(\/|$))[^/]+(\/(?!\.\.?(\/|$))[^/]+)*$/;

function keyProblem(kind: (typeof KEYS)[string] | undefined, key: string): { readonly kind: string; readonly fix: string } | undefined {
  if ((kind === 'id' || kind === 'thing') && !ID.test(key))
    return { kind: 'id', fix: `Use letters, digits, \`.\`, \`_\` and \`-\`: ${idFrom(key)}` };
  if (kind === 'path' && !PATH.test(key))
    return { kind: 'relative path', fix: 'Give the path below what is described, with `/` between its parts.' };
  if (kind === 'pointer' && parsePointer(key) === undefined) return { kind: 'JSON Pointer', fix: 'Give one such as /model/version.' };
  return undefined;
}

const SCALARS = ['text', 'number', 'flag'] as const;
const isScalar = (shape: string): shape is (typeof SCALARS)[number] => (SCALARS as readonly string[]).includes(shape);
const WORDS = { text: 'a text', number: 'a number', flag: 'true or false' } as const;

const types: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;
const membersOf = (type: string): Readonly<Record<string, string>> => own(types, type) ?? {};

/** The keys with some joined by dots again, so that they name a place; undefined when there is no such way. */
function joinedKeys(keys: readonly string[]): readonly string[] | undefined {
  for (let first = 0; first < keys.length - 1; first++)
    for (let last = first + 1; last < keys.length; last++) {
      const joined = [...keys.slice(0, first), keys.slice(first, last + 1).join('.'), ...keys.slice(last + 1)];
      // What stands in an object of the specification has no dot in its name.
      const holder = reach(joined.slice(0, first));
      if ('shape' in holder && holder.shape.startsWith('{}') && 'shape' in reach(joined)) return joined;
    }
  return undefined;
}

function claimsOf(value: JsonValue, keys: readonly string[], shape: string, from: ClaimSource): readonly Claim[] {
  const pointer = toPointer(keys);
  if (keys.length > MAX_DEPTH)
    throw new MsbomError('ERR_LIMIT_DEPTH', `the supplied values nest deeper than ${MAX_DEPTH}`, { file: from.path ?? from.name, pointer });
  const mistake = mistakeIn(value, shape, pointer);
  if (mistake !== undefined) throw wrong(from, mistake.problem, mistake.fix, pointer);
  if (!isObject(value) || Object.keys(value).length === 0) return [{ pointer, value: asTexts(value, shape), from }];
  return Object.entries(value).flatMap(([key, member]) => {
    const next = reach([...keys, key]);
    if ('problem' in next) throw wrong(from, next.problem, next.fix, pointer + pointerStep(key));
    return claimsOf(member, [...keys, key], next.shape, from);
  });
}

function mistakeIn(value: JsonValue, shape: string, pointer: string): { readonly problem: string; readonly fix: string } | undefined {
  if (shape === '*') return undefined;
  const place = pointer === '' ? 'what is supplied' : `\`${pointer}\``;
  if (shape.startsWith('[]'))
    return isList(value) ? undefined : { problem: `${place} is a list`, fix: `Give it as a list: [${JSON.stringify(value)}]` };
  if (isScalar(shape)) {
    const fits = shape === 'text' ? typeof value !== 'object' : typeof value === (shape === 'flag' ? 'boolean' : 'number');
    return fits
      ? undefined
      : { problem: `${place} is ${WORDS[shape]}, not ${JSON.stringify(value).slice(0, 80)}`, fix: `Give ${WORDS[shape]}.` };
  }
  if (isObject(value)) return undefined;
  if (isList(value) && shape.startsWith('{}')) {
    const [first] = value;
    const name = isObject(first) ? (own(first, 'id') ?? own(first, 'path') ?? own(first, 'name')) : undefined;
    const key = typeof name === 'string' ? name : 'a-name';
    return {
      problem: `${place} is no list: each thing in it stands under a key`,
      fix: `Write {${JSON.stringify(key)}: {…}} in place of [{…}].`,
    };
  }
  return {
    problem: `${place} is an object`,
    fix: `Give its members${shape.startsWith('{}') ? '' : `: ${Object.keys(membersOf(shape)).slice(0, 8).join(', ')}`}.`,
  };
}

/** Nobody who writes `version: 1.2` means a number: where the specification has a text, numbers and truth values become one. */
function asTexts(value: JsonValue, shape: string): JsonValue {
  if (shape === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (isList(value) && shape.startsWith('[]')) return value.map((item) => asTexts(item, shape.slice(2)));
  if (!isObject(value) || shape === '*') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      asTexts(member, shape.startsWith('{}') ? shape.slice(2) : (own(membersOf(shape), key) ?? '*')),
    ]),
  );
}

function wrong(from: ClaimSource, message: string, hint: string, pointer?: string): MsbomError {
  return new MsbomError('ERR_MANIFEST_VALUE', message, {
    file: from.path ?? from.name,
    hint,
    ...(pointer === undefined ? {} : { pointer }),
  });
}
