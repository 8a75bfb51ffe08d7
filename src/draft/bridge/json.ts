/** Plain JSON while it changes its form. */
import { idFrom, uniqueId } from '../../core/id.js';
import { toPointer } from '../../core/json-pointer.js';
import { type Moves, moves } from './moves.js';

export type Value = null | boolean | number | string | Value[] | Thing;
export interface Thing {
  [key: string]: Value;
}

export const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object, of this object alone. */
export const get = (thing: Thing, key: string): Value | undefined => (Object.hasOwn(thing, key) ? thing[key] : undefined);

/** Takes a member out of an object. */
export function take(thing: Thing, key: string): Value | undefined {
  const value = get(thing, key);
  delete thing[key];
  return value;
}

/** Takes a member that is a list of objects; empty when there is none. */
export function takeList(thing: Thing, key: string): Thing[] {
  const value = take(thing, key);
  return Array.isArray(value) ? value.filter(isThing) : [];
}

/** Takes a member that is a list of texts. */
export function takeTexts(thing: Thing, key: string): string[] {
  const value = take(thing, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Takes a member that is an object. */
export function takeThing(thing: Thing, key: string): Thing | undefined {
  const value = take(thing, key);
  return isThing(value) ? value : undefined;
}

export function takeText(thing: Thing, key: string): string | undefined {
  const value = take(thing, key);
  return typeof value === 'string' ? value : undefined;
}

/** The member, when it is an object. */
export function inner(thing: Thing | undefined, key: string): Thing | undefined {
  const value = thing === undefined ? undefined : get(thing, key);
  return isThing(value) ? value : undefined;
}

/** The entries of a map whose values are objects. */
export const entriesOf = (value: Value | undefined): [string, Thing][] =>
  isThing(value) ? Object.entries(value).filter((entry): entry is [string, Thing] => isThing(entry[1])) : [];

/** A map as an object; a key may be `__proto__`. */
export const fromMap = (map: ReadonlyMap<string, Value>): Thing => Object.fromEntries(map);

/** The object without members that are undefined or empty. */
export function filled(members: Readonly<Record<string, Value | undefined>>): Thing {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined && !(isThing(value) && Object.keys(value).length === 0));
  return Object.fromEntries(kept as [string, Value][]); // undefined was filtered out
}

/** A manifest on its way from one form to the other. */
export interface Work {
  readonly moves: Moves;
  /** Ids that are taken. */
  readonly ids: Set<string>;
  /** Places in the source whose values have no place in the other form. */
  readonly lost: string[];
}

export const work = (): Work => ({ moves: moves(), ids: new Set(['model']), lost: [] });

/** The id of a thing: its own, else a new one from its name. */
export function idOf(thing: Thing, name: Value | undefined, ids: Set<string>): string {
  return takeText(thing, 'id') ?? newId(name, ids);
}

export const newId = (name: Value | undefined, ids: Set<string>): string => uniqueId(idFrom(typeof name === 'string' ? name : ''), ids);

/** What stands below a pointer. */
export const below = (pointer: string, ...keys: readonly (string | number)[]): string => pointer + toPointer(keys);
