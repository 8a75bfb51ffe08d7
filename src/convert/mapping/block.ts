/**
 * A block says how several members of a thing stand in another standard where they are more than one value each: licences,
 * identifiers, metrics. A block has two functions that are as near to inverses as the standard allows; what it cannot say exactly
 * stays, whole, in properties of ours, and is believed as long as it still says what the native part says.
 */
import type { JsonValue } from '../../core/canonical-json.js';
import { sameJson } from '../../core/objects.js';
import { valueAt, without, withValue } from './row.js';

export type Json = { readonly [key: string]: JsonValue };

export interface Block<Context> {
  /** Members of the thing that it takes, with dots. */
  readonly at: readonly string[];
  /** Members of the standard's object that are its own, with dots. */
  readonly places: readonly string[];
  /** What tells some of the members apart in one place, by member: the type of a reference. */
  readonly details?: Readonly<Record<string, string>>;
  /** Those of its places that have something to say. */
  readonly write: (thing: Json, context: Context) => Json;
  /** Those of its members that the places tell of. */
  readonly read: (object: Json, context: Context) => Json;
}

/** What blocks make of a thing: members of the standard, and the thing less what they say exactly. */
export function writeBlocks<C>(blocks: readonly Block<C>[], thing: Json, context: C): { readonly members: Json; readonly rest: Json } {
  let members: Json = {};
  let rest = thing;
  for (const block of blocks) {
    if (block.at.every((at) => valueAt(thing, at) === undefined)) continue;
    const written = block.write(thing, context);
    const back = block.read(written, context);
    for (const place of block.places) {
      const value = valueAt(written, place);
      if (value !== undefined) members = withValue(members, place.split('.'), value);
    }
    for (const at of block.at) if (sameJson(valueAt(back, at), valueAt(thing, at))) rest = without(rest, at.split('.'));
  }
  return { members, rest };
}

/**
 * The thing that the standard's object tells of, over what our own properties say of it (`own`). Where neither those alone nor with
 * what the object says beyond them are what stands there, somebody has edited the object, which wins.
 */
export function readBlocks<C>(blocks: readonly Block<C>[], object: Json, own: Json, context: C): Json {
  let thing = own;
  for (const block of blocks) {
    const isWritten = (whole: Json): boolean => {
      const expected = block.write(whole, context);
      return block.places.every((place) => sameJson(valueAt(expected, place), valueAt(object, place)));
    };
    if (isWritten(own)) continue;
    const read = block.read(object, context);
    const whole = block.at.reduce((left, at) => (valueAt(own, at) === undefined ? moved(left, read, at) : left), own);
    const source = isWritten(whole) ? whole : read;
    for (const at of block.at) thing = moved(thing, source, at);
  }
  return thing;
}

/** The thing with the value that another one has at a place, or with none there. */
function moved(thing: Json, from: Json, at: string): Json {
  const value = valueAt(from, at);
  return value === undefined ? without(thing, at.split('.')) : withValue(thing, at.split('.'), value);
}
