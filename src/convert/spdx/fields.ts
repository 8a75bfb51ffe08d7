/**
 * Single values, both ways: where one stands in the manifest, where in SPDX (a member of the element or a property in its
 * extension), and how it is written.
 */
import { type Codec, type Fields, SHORT } from './codecs.js';

export type Json = Readonly<Record<string, unknown>>;

/** Properties by name, in the order of the document. */
export type Properties = ReadonlyMap<string, readonly string[]>;
export type Property = readonly [name: string, value: string];

/** An element's own part, without id and type. */
export interface Part {
  readonly members: Json;
  readonly properties: readonly Property[];
}

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of an object that are there. */
export function pick<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> }; // only undefined members and empty lists went
}

/** What a table says about an object of the manifest. */
export function writeFields(fields: Fields, source: object): Part {
  const members: Record<string, unknown> = {};
  const properties: Property[] = [];
  for (const [path, target, codec = SHORT] of fields) {
    const value = valueAt(source, path);
    const written = value === undefined ? undefined : codec.write(value);
    if (written === undefined) continue;
    if (!target.includes(':')) members[target] = written;
    else for (const each of Array.isArray(written) ? written : [written]) properties.push([target, String(each)]);
  }
  return { members, properties };
}

/** The object of the manifest that a table finds in an element; empty when it finds nothing. */
export function readFields(fields: Fields, members: Json, properties: Properties): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [path, target, codec = SHORT] of fields) {
    const written = target.includes(':') ? properties.get(target) : members[target];
    const value = written === undefined ? undefined : readWith(codec, written, target.includes(':'));
    if (value !== undefined) place(result, path, value);
  }
  return result;
}

/** Properties are lists of texts: a codec for one text gets the first. */
function readWith(codec: Codec, written: unknown, isProperty: boolean): unknown {
  return codec.read(isProperty && codec.list !== true && Array.isArray(written) ? written[0] : written);
}

function valueAt(source: object, path: string): unknown {
  if (!path.includes('.')) return (source as Json)[path];
  let value: unknown = source;
  for (const key of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

function place(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let object = target;
  for (const key of keys) {
    const inner = (object[key] ??= {});
    object = inner as Record<string, unknown>; // only tables name paths, and none goes through a value
  }
  object[last] = value;
}
