/** Values of a program as JSON, or the sentence that says why one cannot be. */
import type { JsonValue } from '../core/canonical-json.js';
import { MsbomError } from '../core/error.js';
import { toPointer } from '../core/json-pointer.js';
import { bare } from '../core/objects.js';

const MAX_DEPTH = 64;

/**
 * A copy of a value as JSON. A `Date` becomes its RFC 3339 text in UTC and `-0` becomes `0`; nothing else is converted, since every
 * other conversion could be another than the caller means.
 *
 * @param name what the value is, as the message says it
 * @throws ERR_MANIFEST_VALUE with the place, for everything that JSON cannot hold
 */
export function plain(value: unknown, name: string): JsonValue {
  return copy(value, [], { name, open: new Set() });
}

interface Walk {
  readonly name: string;
  /** The objects around the value. */
  readonly open: Set<object>;
}

type Path = readonly (string | number)[];

function copy(value: unknown, path: Path, walk: Walk): JsonValue {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw refusal(path, walk, 'has half of a surrogate pair', 'Decode the text as what it is first.');
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value))
        throw refusal(path, walk, `is ${value}, which JSON has no number for`, 'Leave it out, or say it as text.');
      return value === 0 ? 0 : value;
    case 'object':
      return value === null ? null : copyObject(value, path, walk);
    default: {
      const [what, hint] = SCALARS[typeof value as keyof typeof SCALARS]; // all other types are above
      throw refusal(path, walk, what, hint);
    }
  }
}

const SCALARS = {
  undefined: ['is undefined', 'Leave the member out, or use `declare` to say why the value is missing.'],
  bigint: ['is a BigInt, which JSON has no number for', 'Use `Number(value)` where it is exact, or `String(value)`.'],
  symbol: ['is a symbol', 'Give a text.'],
  function: ['is a function', 'Give the value that it returns.'],
} as const;

function copyObject(value: object, path: Path, walk: Walk): JsonValue {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refusal(path, walk, 'is a Date that is no date', 'Check what it was made from.');
    return value.toISOString().replace('.000Z', 'Z');
  }
  if (walk.open.has(value)) throw refusal(path, walk, 'contains itself', 'Give what is meant, without the way back.');
  if (walk.open.size >= MAX_DEPTH) throw refusal(path, walk, `is nested deeper than ${MAX_DEPTH} levels`, 'Give less of it.');
  walk.open.add(value);
  const plainValue = Array.isArray(value) ? copyList(value, path, walk) : copyMembers(value, path, walk);
  walk.open.delete(value);
  return plainValue;
}

function copyList(list: readonly unknown[], path: Path, walk: Walk): JsonValue {
  for (let i = 0; i < list.length; i++)
    if (!Object.hasOwn(list, i)) throw refusal([...path, i], walk, 'is a hole in a list', 'Fill it, or leave the item out.');
  const [extra] = Object.keys(list).slice(list.length);
  if (extra !== undefined) throw refusal([...path, extra], walk, 'is a member of a list', 'Give an object, or the list alone.');
  requireTextKeys(list, path, walk);
  return Array.from(list, (item, i) => copy(item, [...path, i], walk));
}

function copyMembers(object: object, path: Path, walk: Walk): JsonValue {
  if (!isPlain(object)) throw refusal(path, walk, ...instance(object));
  requireTextKeys(object, path, walk);
  return bare(
    Object.entries(object).map(([key, member]) => {
      if (!key.isWellFormed())
        throw refusal(path, walk, 'has a name with half of a surrogate pair', 'Decode the text as what it is first.');
      return [key, copy(member, [...path, key], walk)] as const;
    }),
  );
}

function requireTextKeys(object: object, path: Path, walk: Walk): void {
  if (Object.getOwnPropertySymbols(object).some((key) => Object.prototype.propertyIsEnumerable.call(object, key)))
    throw refusal(path, walk, 'has a member whose name is a symbol', 'Give it a text as name.');
}

/** An object literal, of this realm or another, or one without prototype. */
function isPlain(object: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(object);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
}

/** What an instance of a class is, and what to give in its place. */
function instance(object: object): readonly [string, string] {
  if (object instanceof Map) return ['is a Map', 'Use `Object.fromEntries(map)`.'];
  if (object instanceof Set) return ['is a Set', 'Use `[...set]`.'];
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer)
    return ['holds binary data', 'Use `Array.from(numbers)`, or say its digest.'];
  if (object instanceof Promise) return ['is a Promise', 'Await it first.'];
  const name = (object.constructor as { readonly name?: unknown } | undefined)?.name;
  const what =
    typeof name === 'string' && name !== '' && name !== 'Object' ? `an instance of ${name}` : 'an object with a prototype of its own';
  return [`is ${what}`, 'Give a plain object with the members that are meant.'];
}

function refusal(path: Path, { name }: Walk, what: string, hint: string): MsbomError {
  const steps = path.map((step) =>
    typeof step === 'number' ? `[${step}]` : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`,
  );
  return new MsbomError('ERR_MANIFEST_VALUE', `\`${name}${steps.join('')}\` ${what}`, { pointer: toPointer(path), hint });
}
