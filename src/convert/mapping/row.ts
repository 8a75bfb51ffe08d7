/** A row says where one member of the manifest stands in other standards. The same rows write, read, and make the pages of the mapping. */

import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import { isObject, sameJson } from '../../core/objects.js';
import { CODECS, type CodecName } from './codecs.js';
import type { Property, PropertyValues } from './properties.js';

export type Standard = 'cyclonedx' | 'spdx3' | 'spdx2';
export type CycloneDXVersion = '1.5' | '1.6' | '1.7';

/**
 * A place: members with dots between (`modelCard.modelParameters.task`), or, where it begins with `cdx:` or `bsi:`, the name of a
 * property of the official taxonomy or of that of BSI TR-03183-2. A member with `[]` behind is a list that several rows add to; nothing is read
 * back from it but by the row that says so.
 */
export type Place = string;

export interface Row {
  /** Member of the thing, with dots: `architecture.family`. */
  readonly at: string;
  readonly cyclonedx?: Place;
  /** First version of CycloneDX that has the place; before, the value is a property. */
  readonly since?: CycloneDXVersion;
  readonly spdx3?: Place;
  readonly spdx2?: Place;
  /** How the value is written; for one standard where they differ. */
  readonly codec?: CodecName | { readonly [standard in Standard]?: CodecName };
  /** Is the place written only? Then it is for readers of the standard, and our own value is a property. */
  readonly writeOnly?: true | readonly Standard[];
}

type Json = { readonly [key: string]: JsonValue };
type MutableJson = { [key: string]: JsonValue };

export interface Written {
  /** Members of the standard's object, nested. */
  readonly members: Json;
  /** Properties of the official taxonomy. */
  readonly properties: readonly Property[];
  /** The thing less all that the members and properties say exactly. */
  readonly rest: Json;
  /** Where each value went: member of the thing, place. */
  readonly places: readonly (readonly [at: string, place: Place])[];
}

export interface Target {
  readonly standard: Standard;
  /** Of CycloneDX. */
  readonly version?: CycloneDXVersion;
}

/** What the rows make of a thing. */
export function writeRows(rows: readonly Row[], thing: Json, target: Target): Written {
  const members: MutableJson = {};
  const properties: Property[] = [];
  const places: (readonly [string, Place])[] = [];
  let rest = thing;
  for (const row of rows) {
    const place = placeIn(row, target);
    const value = valueAt(thing, row.at);
    if (place === undefined || value === undefined) continue;
    const codec = codecOf(row, target.standard);
    const written = codec.write(value);
    if (written === undefined) continue;
    places.push([row.at, place]);
    if (isProperty(place)) properties.push(...listOf(written).map((each): Property => [place, String(each)]));
    else if (place.endsWith('[]')) append(members, place.slice(0, -2), listOf(written));
    else put(members, place, written);
    const isExact = !place.endsWith('[]') && !isWriteOnly(row, target.standard) && same(codec.read(written), value);
    if (isExact) rest = without(rest, row.at.split('.'));
  }
  return { members, properties, rest, places };
}

/**
 * The inverse: what members and official properties say, over what our own properties say (`own`). Where the two disagree
 * somebody has edited the member, which wins.
 */
export function readRows(
  rows: readonly Row[],
  { members, properties, own }: { readonly members: Json; readonly properties: PropertyValues; readonly own: Json },
  target: Target,
): Json {
  let thing = own;
  for (const row of rows) {
    const place = placeIn(row, target);
    if (place === undefined || isWriteOnly(row, target.standard)) continue;
    const codec = codecOf(row, target.standard);
    const found = place.endsWith('[]') ? ownShare(rows, row, place, { members, own }, target) : nativeAt(place, members, properties);
    const kept = valueAt(own, row.at);
    if (found === undefined) {
      // A value that would have been written there, and is not, was taken out.
      if (kept !== undefined && codec.write(kept) !== undefined) thing = without(thing, row.at.split('.'));
      continue;
    }
    if (kept !== undefined && same(codec.write(kept), found)) continue;
    const value = codec.read(found);
    if (value !== undefined) thing = withValue(thing, row.at.split('.'), value);
  }
  return thing;
}

/** Of a list that several rows add to: what none of the other rows has put there. */
function ownShare(
  rows: readonly Row[],
  row: Row,
  place: Place,
  { members, own }: { readonly members: Json; readonly own: Json },
  target: Target,
): JsonValue | undefined {
  const others = new Set(
    rows
      .filter((each) => each !== row && placeIn(each, target) === place)
      .flatMap((each) => listOf(codecOf(each, target.standard).write(valueAt(own, each.at) ?? null) ?? []).map(canonicalize)),
  );
  const kept = new Set(listOf(valueAt(own, row.at) ?? []).map(canonicalize));
  const left = listOf(nativeAt(place, members, NONE) ?? []).filter(
    (each) => kept.has(canonicalize(each)) || !others.has(canonicalize(each)),
  );
  return left.length === 0 ? undefined : left;
}

const NONE: PropertyValues = new Map();

function nativeAt(place: Place, members: Json, properties: PropertyValues): JsonValue | undefined {
  if (!isProperty(place)) return valueAt(members, place.replace(/\[\]$/, ''));
  const values = properties.get(place);
  return values === undefined || values.length === 0 ? undefined : values.length === 1 ? values[0] : values;
}

/** Is a place the name of a property? */
export const isProperty = (place: Place): boolean => place.startsWith('cdx:') || place.startsWith('bsi:');

const VERSIONS: readonly CycloneDXVersion[] = ['1.5', '1.6', '1.7'];

function placeIn(row: Row, { standard, version = '1.7' }: Target): Place | undefined {
  if (standard === 'cyclonedx' && row.since !== undefined && VERSIONS.indexOf(version) < VERSIONS.indexOf(row.since)) return undefined;
  // A name of the official taxonomy serves SPDX too, unlike one of BSI, in its extension for properties of CycloneDX.
  return row[standard] ?? (standard === 'spdx3' && row.cyclonedx?.startsWith('cdx:') === true ? row.cyclonedx : undefined);
}

const isWriteOnly = ({ writeOnly }: Row, standard: Standard): boolean => writeOnly === true || writeOnly?.includes(standard) === true;

function codecOf({ codec = 'same' }: Row, standard: Standard): (typeof CODECS)[CodecName] {
  return CODECS[typeof codec === 'string' ? codec : (codec[standard] ?? 'same')];
}

const listOf = (value: JsonValue): readonly JsonValue[] => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]);
const same = (a: JsonValue | undefined, b: JsonValue | undefined): boolean => a !== undefined && b !== undefined && sameJson(a, b);

/** The value at a place with dots. */
export function valueAt(thing: Json, place: string): JsonValue | undefined {
  let value: JsonValue | undefined = thing;
  for (const step of place.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** Places come from the rows alone, never from a document. */
function put(members: MutableJson, place: Place, value: JsonValue): void {
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  let at = members;
  for (const step of steps) at = (at[step] ??= {}) as MutableJson; // made here
  at[last] = value;
}

function append(members: MutableJson, place: Place, values: readonly JsonValue[]): void {
  const known = listOf(valueAt(members, place) ?? []);
  const seen = new Set(known.map(canonicalize));
  put(members, place, [...known, ...values.filter((each) => !seen.has(canonicalize(each)))]);
}

/** The thing without the value at some steps, and without objects that become empty. */
export function without(thing: Json, [step = '', ...steps]: readonly string[]): Json {
  if (!Object.hasOwn(thing, step)) return thing;
  const { [step]: value, ...others } = thing;
  if (steps.length === 0 || !isObject(value)) return others;
  const below = without(value, steps);
  return Object.keys(below).length === 0 ? others : { ...thing, [step]: below };
}

export function withValue(thing: Json, [step = '', ...steps]: readonly string[], value: JsonValue): Json {
  const at = thing[step];
  return { ...thing, [step]: steps.length === 0 ? value : withValue(isObject(at) ? at : {}, steps, value) };
}
