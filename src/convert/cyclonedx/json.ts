/** Reading and writing of JSON whose shape nobody has promised. */

import type { JsonValue } from '../../core/canonical-json.js';

export type Json = Readonly<Record<string, unknown>>;

/** What is of the schema, of a document or made here: plain JSON in any case. */
export const json = (value: unknown): JsonValue => value as JsonValue;

const EMPTY: Json = Object.freeze({});

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object; one without members when it is none. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : EMPTY);

/** The objects of a list; none when it is no list. */
export const objectsOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The value as a text with something in it. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The texts of a list that have something in them. */
export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];

export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** One of some words. */
export const wordOf = <T extends string>(value: unknown, words: readonly T[]): T | undefined => words.find((word) => word === value);

/** An absolute URI, as the manifest wants them. */
export const uriOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 4096 && /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value) ? value : undefined;

/** An address that consumers take: absolute, or relative to the document. */
export const isAddress = (url: string): boolean =>
  /^[^\s"<>[\]{}|\\^`#]+(?:#[^\s"<>[\]{}|\\^`#]*)?$/.test(url) &&
  !/%(?![0-9A-Fa-f]{2})/.test(url) &&
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:|[^:]*(?:[/?#]|$))/.test(url);

/** A moment in UTC, as the manifest wants them. */
export const timestampOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** The members that are there: `undefined` and empty lists are not. The names of members come from the code, never from a document. */
export function pick<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found: Record<string, unknown> = {};
  for (const key in members) {
    const value: unknown = members[key];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) found[key] = value;
  }
  return found as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** The object, or undefined when it has no members. */
export const nonEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

/** The list, or undefined when it has no items. */
export const nonEmptyList = <T>(items: readonly T[]): T[] | undefined => (items.length > 0 ? [...items] : undefined);

/** The items without repetition: lists in CycloneDX must not hold the same item twice. */
export function unique<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** The members of a map in the order of their names: what is written must not hang on the order in which they happen to stand. */
export const entriesOf = <T>(map: { readonly [key: string]: T } | undefined): readonly (readonly [string, T])[] =>
  map === undefined ? [] : Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** The value as JSON would hold it, without undefined members; the value itself where there are none. */
export function plain<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  // Parts are replaced by their like.
  return (Array.isArray(value) ? plainList(value) : plainObject(value as Json)) as T;
}

function plainList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  list.forEach((item, i) => {
    const made = plain(item);
    if (made !== item) {
      copy ??= [...list];
      copy[i] = made;
    }
  });
  return copy ?? list;
}

function plainObject(object: Json): Json {
  const keys = Object.keys(object);
  const isSame = keys.every((key) => {
    const member = object[key];
    return typeof member === 'object' ? plain(member) === member : member !== undefined;
  });
  if (isSame) return object;
  const made: Record<string, unknown> = {};
  for (const key of keys) if (object[key] !== undefined) define(made, key, plain(object[key]));
  return made;
}

/** A key of a document may be anything, also the name of an accessor of all objects. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
