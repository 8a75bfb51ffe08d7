import { pointerStep } from '../core/json-pointer.js';
import { SHAPES, type TypeName } from './generated/shapes.js';
import type { Manifest } from './generated/types.js';
import { REFERENCES, type ReferenceRow } from './references.js';

/** A value of a manifest with its place in the specification. */
export interface Place {
  /** JSON Pointer (RFC 6901) of the value. */
  readonly pointer: string;
  readonly value: unknown;
  /** The type of object, where the specification has one. */
  readonly type?: TypeName;
  /** `Type.member` that holds the value, or the list or map that the value is in; none for the document itself. */
  readonly member?: string;
  /** Name of the value in what holds it: a key, or the number of an item. */
  readonly key?: string;
  /** Is it an item of a list or map, or the member itself? */
  readonly inside?: 'list' | 'map';
  /** What holds it. */
  readonly parent?: Place;
}

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;

/**
 * Visits every value of a manifest that the specification has a place for, the document first, each before what is in it. What
 * stands below a free-form value is not visited. Broken types are passed over, so that a document with findings can be walked.
 *
 * @param on called for every value; `false` leaves out what is in it
 */
export function visit(manifest: Manifest, on: (place: Place) => unknown): void {
  const stack: [Place, string][] = [[{ pointer: '', value: manifest, type: 'Manifest' }, 'Manifest']];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [place, shape] = top;
    if (on(place) === false) continue;
    for (const each of within(place, shape).reverse()) stack.push(each);
  }
}

/** Values directly in one. */
function within(parent: Place, shape: string): [Place, string][] {
  const { value, pointer, member } = parent;
  if (typeof value !== 'object' || value === null || shape === '*') return [];
  const inside = shape.startsWith('[]') ? 'list' : shape.startsWith('{}') ? 'map' : undefined;
  if (Array.isArray(value) !== (inside === 'list')) return [];
  const found: [Place, string][] = [];
  for (const key of Object.keys(value)) {
    const inner = inside === undefined ? memberShape(shape, key) : shape.slice(2);
    if (inner === undefined) continue;
    const name = inside === undefined ? `${shape}.${key}` : member;
    const place: { -readonly [Key in keyof Place]: Place[Key] } = {
      pointer: pointer + pointerStep(key),
      value: (value as Record<string, unknown>)[key],
      key,
      parent,
    };
    if (name !== undefined) place.member = name;
    if (Object.hasOwn(shapes, inner)) place.type = inner as TypeName;
    if (inside !== undefined) place.inside = inside;
    found.push([place, inner]);
  }
  return found;
}

function memberShape(type: string, key: string): string | undefined {
  const members = shapes[type];
  return members !== undefined && Object.hasOwn(members, key) ? members[key] : members?.['*'];
}

/** A place where a manifest names something. */
export interface ReferenceAt {
  /** Pointer to the text that names, or to the entry whose key names. */
  readonly pointer: string;
  /** The name: an id or a path. */
  readonly value: string;
  /** `Type.member` with the row. */
  readonly member: string;
  readonly row: ReferenceRow;
  readonly place: Place;
}

/** Every place of a manifest where something is named by its id or path, in the order of `visit`. */
export function referencesIn(manifest: Manifest): readonly ReferenceAt[] {
  const found: ReferenceAt[] = [];
  visit(manifest, (place) => {
    const { pointer, member, key, value, inside } = place;
    const row = member !== undefined && Object.hasOwn(REFERENCES, member) ? REFERENCES[member] : undefined;
    if (row === undefined || member === undefined) return;
    if (member === 'Manifest.dependencies') {
      if (inside === 'map' && key !== undefined) found.push({ pointer, value: key, member, row, place });
    } else if (typeof value === 'string') found.push({ pointer, value, member, row, place });
  });
  return found;
}
