/** Values that CycloneDX has no member for, as properties; the same table writes and reads them. */
import { entriesOf, type Json, objectsOf } from './json.js';

/** A property: name and value. One without a value is left out. */
export type Property = readonly [name: string, value: string | number | boolean | undefined];

/** `texts` is a property for each item; `map` and `numbers` one for each entry, with its key behind the name. */
export type PropertyKind = 'text' | 'number' | 'flag' | 'texts' | 'map' | 'numbers';

/** Name of the property, place in the object (with dots), and what the value is. */
export type PropertyRow = readonly [name: string, path: string, kind?: PropertyKind];

/** The properties that the rows make of an object. */
export function writeProperties(rows: readonly PropertyRow[], source: object | undefined): readonly Property[] {
  const properties: Property[] = [];
  if (source === undefined) return properties;
  for (const [name, path, kind = 'text'] of rows) {
    const value = valueAt(source, stepsOf(path));
    if (value === undefined) continue;
    // What the row says of the value: a list, a map or a scalar.
    if (kind === 'texts') for (const item of value as readonly string[]) properties.push([name, item]);
    else if (kind === 'map' || kind === 'numbers')
      for (const [key, item] of entriesOf(value as Readonly<Record<string, string | number>>)) properties.push([`${name}:${key}`, item]);
    else properties.push([name, value as string | number | boolean]);
  }
  return properties;
}

const steps = new Map<string, readonly string[]>();

/** The keys of a path of the tables. */
function stepsOf(path: string): readonly string[] {
  const known = steps.get(path);
  if (known !== undefined) return known;
  const made = path.split('.');
  steps.set(path, made);
  return made;
}

function valueAt(source: unknown, path: readonly string[]): unknown {
  let value = source;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Json)[key];
  }
  return value;
}

/** Values of the properties of something, by name and in order. */
export type PropertyValues = ReadonlyMap<string, readonly string[]>;

const NONE: PropertyValues = new Map();

/** The properties that stand in one or several lists. */
export function propertyValues(...lists: readonly unknown[]): PropertyValues {
  if (lists.every((list) => !Array.isArray(list) || list.length === 0)) return NONE;
  const values = new Map<string, string[]>();
  for (const list of lists) {
    for (const { name, value } of objectsOf(list)) {
      if (typeof name !== 'string' || typeof value !== 'string') continue;
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return values;
}

/** What the rows find in properties, as an object of the shape that they describe. */
export function readProperties<T extends object>(rows: readonly PropertyRow[], properties: PropertyValues): Partial<T> {
  const target: Record<string, unknown> = {};
  if (properties.size === 0) return target as Partial<T>;
  for (const [name, path, kind = 'text'] of rows) {
    const value = readValue(name, kind, properties);
    if (value !== undefined) place(target, stepsOf(path), value);
  }
  return target as Partial<T>; // as far as the rows are right; the schema has the last word
}

function readValue(name: string, kind: PropertyKind, properties: PropertyValues): unknown {
  if (kind === 'map' || kind === 'numbers') {
    const entries = [...properties].flatMap(([key, [value = '']]): [string, unknown][] =>
      key.startsWith(`${name}:`) ? [[key.slice(name.length + 1), kind === 'numbers' ? asNumber(value) : value]] : [],
    );
    return entries.length > 0 ? Object.fromEntries(entries.filter(([, value]) => value !== undefined)) : undefined;
  }
  const found = properties.get(name);
  const [first] = found ?? [];
  if (first === undefined) return undefined;
  if (kind === 'texts') return found;
  if (kind === 'number') return asNumber(first);
  if (kind === 'flag') return first === 'true' ? true : first === 'false' ? false : undefined;
  return first;
}

/** A number as JSON writes it; none where it would lose digits. */
export function asNumber(text: string): number | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  const isExact = !/^-?\d+$/.test(text) || Number.isSafeInteger(value);
  return Number.isFinite(value) && isExact ? value : undefined;
}

/** Paths come from the tables alone, never from a document. */
function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let object = target;
  for (const key of path.slice(0, -1)) {
    object[key] ??= {};
    object = object[key] as Record<string, unknown>; // made by a row before, or in the line above
  }
  object[path.at(-1) ?? ''] = value;
}
