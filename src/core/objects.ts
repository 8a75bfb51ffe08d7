/** Objects that hold what somebody else named. A member may be called `constructor` or `__proto__`, so only own members count. */
import type { JsonValue } from './canonical-json.js';

export type JsonObject = { readonly [key: string]: JsonValue };

export const isList = (value: unknown): value is readonly JsonValue[] => Array.isArray(value);
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's own member. */
export const own = <T>(object: { readonly [key: string]: T } | undefined, key: string): T | undefined =>
  object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;

/** A key that an object has no member of: the wanted one, else with a number behind it. */
export function freeKey(object: object, wanted: string, separator = '-'): string {
  let key = wanted;
  for (let i = 2; Object.hasOwn(object, key); i++) key = `${wanted}${separator}${i}`;
  return key;
}

/** An object without prototype, of members in their order; a later one of the same name wins. */
export function bare<T>(members: Iterable<readonly [string, T]>): { [key: string]: T } {
  const object: { [key: string]: T } = Object.create(null);
  for (const [key, value] of members) object[key] = value;
  return object;
}

/** A copy of JSON whose objects have no prototype; what is no plain JSON stays as it is. */
export function bareCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(bareCopy) as T;
  if (typeof value !== 'object' || value === null) return value;
  return bare(Object.entries(value).map(([key, member]) => [key, bareCopy(member)] as const)) as T;
}

/** Are two JSON values the same, whatever the order of members? */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

/** Do two values say the same in all that both say? Lists do when they are the same or, with `parts`, when one has all of the other. */
export function agree(a: unknown, b: unknown, parts = false): boolean {
  if (parts && isList(a) && isList(b)) {
    const [some, all] = a.length < b.length ? [a, b] : [b, a];
    return some.every((item) => all.some((other) => sameJson(item, other)));
  }
  if (!isObject(a) || !isObject(b)) return sameJson(a, b);
  return Object.entries(b).every(([key, theirs]) => !Object.hasOwn(a, key) || agree(a[key], theirs, parts));
}

/** A member that is there only with a value, to be spread into an object. */
export const optional = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T }); // the one member
