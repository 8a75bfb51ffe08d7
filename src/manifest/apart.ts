/** Short names of maps inside things, where two documents use one name for two things. */
import { pointerStep } from '../core/json-pointer.js';
import { bare, isObject, type JsonObject, own, sameJson } from '../core/objects.js';
import type { TypeName } from '../schema/index.js';
import { movedEvidence } from './evidence.js';
import type { ManifestPart } from './part.js';
import { shapeIn } from './shape.js';

/** By the type of entry, the members that say which thing it is: two that state one of them differently are two things. */
const TELLING: { readonly [T in TypeName]?: readonly string[] } = {
  Control: ['framework', 'number'],
  DatasetUse: ['dataset', 'config', 'split', 'revision', 'role'],
  Incident: ['date', 'description'],
  Metric: ['name', 'slice', 'use', 'parameters', 'unit'],
  RiskEntry: ['description'],
  StandardReference: ['id'],
  Vulnerability: ['id'],
};

/**
 * The part with other short names where the first has another thing under the name; its evidence follows. A metric that loses its key
 * so has it as its `name`.
 */
export function apart(first: ManifestPart, part: ManifestPart): ManifestPart {
  const moved = new Map<string, string>();
  const { evidence, ...rest } = part;
  // The copy has the types of the part: only keys of maps are others.
  const named = renameWithin(
    first as unknown as JsonObject,
    rest as unknown as JsonObject,
    'Manifest',
    '',
    moved,
  ) as unknown as ManifestPart;
  if (evidence === undefined) return named;
  return { ...named, evidence: movedEvidence(evidence, moved) };
}

function renameWithin(first: JsonObject, part: JsonObject, shape: string, pointer: string, moved: Map<string, string>): JsonObject {
  if (shape === '*') return part;
  const type = shape.startsWith('{}') ? (shape.slice(2) as TypeName) : undefined;
  const telling = type === undefined ? undefined : TELLING[type];
  const members = Object.entries(part).map(([key, value]): [string, JsonObject[string]] => {
    const mine = own(first, key);
    if (!isObject(mine) || !isObject(value)) return [key, value];
    const place = pointer + pointerStep(key);
    if (telling === undefined || isOne(mine, value, telling)) return [key, renameWithin(mine, value, shapeIn(shape, key), place, moved)];
    const to = placeFor(key, value, first, part, telling);
    moved.set(place, pointer + pointerStep(to));
    return [to, type === 'Metric' && !Object.hasOwn(value, 'name') ? bare([['name', key], ...Object.entries(value)]) : value];
  });
  return members.every(([key, value]) => own(part, key) === value) ? part : bare(members);
}

const isOne = (mine: JsonObject, theirs: JsonObject, telling: readonly string[]): boolean =>
  telling.every((key) => !Object.hasOwn(mine, key) || !Object.hasOwn(theirs, key) || sameJson(own(mine, key), own(theirs, key)));

/** A name with a number behind it: one that is free, or that the first has given to the same thing. */
function placeFor(key: string, value: JsonObject, first: JsonObject, part: JsonObject, telling: readonly string[]): string {
  for (let number = 2; ; number++) {
    const name = `${key}-${number}`;
    const mine = own(first, name);
    if (Object.hasOwn(part, name)) continue;
    if (mine === undefined || (isObject(mine) && isOne(mine, value, telling))) return name;
  }
}
