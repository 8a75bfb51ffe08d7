/** Ids of a document: what names them, and the document under other names. */
import type { JsonValue } from '../core/canonical-json.js';
import { parsePointer, toPointer } from '../core/json-pointer.js';
import { bare, isObject } from '../core/objects.js';
import { type CollectionName, type Evidence, type EvidenceValue, REFERENCES, type ReferenceRow, THINGS } from '../schema/index.js';
import { mapPointers } from './evidence.js';
import type { ManifestPart } from './part.js';
import { itemShape, shapeIn, typeOf } from './shape.js';

/** New names of things, by the collection that they stand in. */
export type Names = ReadonlyMap<CollectionName, ReadonlyMap<string, string>>;

/**
 * A document with other ids: where things stand, where they are named, and in pointers of evidence, declarations and audiences. Things
 * that get the same id are in parts one after another, each with what is said of them there; mostly there is one part.
 */
export function renameIds(document: ManifestPart, names: Names): readonly ManifestPart[] {
  if (names.size === 0) return [document];
  const layers = layersOf(document, names);
  const parts: ManifestPart[] = [];
  for (let layer = 0; layer === 0 || [...layers.values()].some((each) => each === layer); layer++) {
    const part = partOf(document, layers, layer);
    parts.push(renamed(part, 'Manifest', '', names) as ManifestPart);
  }
  return parts;
}

/** The number of the part for every thing, by pointer, that is not in the first. */
function layersOf(document: ManifestPart, names: Names): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  for (const [collection, map] of Object.entries(document)) {
    if (!isObject(map)) continue;
    const met = new Map<string, number>();
    for (const id of Object.keys(map)) {
      const to = renamedPath([collection, id], names)[1] ?? id;
      const layer = met.get(to) ?? 0;
      met.set(to, layer + 1);
      if (layer > 0 && isCollection(collection)) layers.set(toPointer([collection, id]), layer);
    }
  }
  return layers;
}

const isCollection = (member: string): boolean => shapeIn('Manifest', member).startsWith('{}');

function partOf(document: ManifestPart, layers: ReadonlyMap<string, number>, layer: number): ManifestPart {
  if (layers.size === 0) return document;
  const isHere = (pointer: string): boolean => (layers.get(pointer) ?? 0) === layer;
  const members = Object.entries(document).flatMap(([member, value]): [string, unknown][] => {
    if (!isCollection(member) || !isObject(value)) return layer === 0 && member !== 'evidence' ? [[member, value]] : [];
    const own = Object.entries(value).filter(([id]) => isHere(toPointer([member, id])));
    return own.length === 0 ? [] : [[member, bare(own)]];
  });
  const thing = (pointer: string): string => toPointer((parsePointer(pointer) ?? []).slice(0, 2));
  const evidence = mapPointers(document.evidence ?? [], (pointer) => (isHere(thing(pointer)) ? pointer : undefined));
  // The members that are left have the types that they had.
  return bare([...members, ...(evidence.length > 0 ? [['evidence', evidence] as const] : [])]) as ManifestPart;
}

function renamed(value: unknown, shape: string, member: string, names: Names): unknown {
  if (typeof value === 'string') return renamedId(value, member, names);
  if (Array.isArray(value)) return value.map((item) => renamed(item, itemShape(shape), member, names));
  if (!isObject(value) || shape === '*') return value;
  const isType = typeOf(shape) !== undefined;
  const members = Object.entries(value).map(([key, each]): [string, unknown] => {
    const inner = isType ? `${shape}.${key}` : member;
    return [isType ? key : renamedKey(key, member, names), renamed(each, shapeIn(shape, key), inner, names)];
  });
  if (shape === 'Evidence') return renamedEvidence(bare(members) as unknown as Evidence, names);
  return bare(members);
}

const rowOf = (member: string): ReferenceRow | undefined => (Object.hasOwn(REFERENCES, member) ? REFERENCES[member] : undefined);

function renamedId(id: string, member: string, names: Names): string {
  for (const collection of rowOf(member)?.in ?? []) {
    const to = names.get(collection)?.get(id);
    if (to !== undefined) return to;
  }
  return id;
}

/** A key of a map: the id of a thing that stands there, the id of one that is spoken of, or a pointer. */
function renamedKey(key: string, member: string, names: Names): string {
  if (member === 'Bom.declarations' || member === 'Bom.audiences') return renamedPointer(key, names);
  const [owner, collection = ''] = member.split('.');
  return owner === 'Manifest' ? (renamedPath([collection, key], names)[1] ?? key) : key;
}

/** The keys of a path into the document, with new names. */
function renamedPath(path: readonly string[], names: Names): readonly string[] {
  const [collection = '', id = '', ...rest] = path;
  if (path.length < 2) return path;
  const homes: readonly CollectionName[] = collection === 'dependencies' ? THINGS : [collection as CollectionName];
  for (const home of homes) {
    const to = names.get(home)?.get(id);
    if (to !== undefined) return [collection, to, ...rest];
  }
  return path;
}

const renamedPointer = (pointer: string, names: Names): string => toPointer(renamedPath(parsePointer(pointer) ?? [], names));

function renamedEvidence(entry: Evidence, names: Names): Evidence {
  const values = Object.entries(entry.values).map(([pointer, value]): [string, EvidenceValue] => {
    const path = parsePointer(pointer) ?? [];
    const { members, said, ...rest } = value;
    const member = memberAt(path);
    return [
      toPointer(renamedPath(path, names)),
      {
        ...rest,
        ...(members === undefined ? {} : { members: members.map((pattern) => renamedPattern(path, pattern, names)) }),
        ...(said === undefined ? {} : { said: renamed(said, shapeAt(path), member, names) as JsonValue }),
      },
    ];
  });
  return { ...entry, values: bare(values) };
}

/** A pattern of `members`, of which only the first key below a collection can be an id. */
function renamedPattern(path: readonly string[], pattern: string, names: Names): string {
  const keys = parsePointer(`/${pattern}`) ?? [];
  return path.length > 1 ? pattern : toPointer(renamedPath([...path, ...keys], names).slice(path.length)).slice(1);
}

const shapeAt = (path: readonly string[]): string => path.reduce(shapeIn, 'Manifest');

/** `Type.member` of the value at a path; that of the map or list for what is in one. */
function memberAt(path: readonly string[]): string {
  let [shape, member] = ['Manifest', ''];
  for (const key of path) {
    if (typeOf(shape) !== undefined) member = `${shape}.${key}`;
    shape = shapeIn(shape, key);
  }
  return member;
}
