/**
 * Named properties: what a standard has no place for, a name and a text each. The name is the path in the manifest with `:`
 * between its steps, so every member of the schema has one name, in every standard; the schema says how a text is read back.
 */
import { canonicalize, type JsonValue } from '../../core/canonical-json.js';
import { isScalar, type Scalar, type Shape, shapeOf, type TypeName } from './shape.js';

export type Property = readonly [name: string, value: string];
type Json = { readonly [key: string]: JsonValue };

/** What every name begins with. */
export const PREFIX = 'msbom:';

/** A step that the document chose may hold the separator. */
export const escapeStep = (step: string): string => step.replace(/[%:]/g, (character) => (character === '%' ? '%25' : '%3A'));
export const unescapeStep = (step: string): string => step.replaceAll('%3A', ':').replaceAll('%25', '%');

/** The properties that hold a thing; `at` is the name that all of theirs begin with. */
export function flatten(type: TypeName, thing: Json, at: string): readonly Property[] {
  return Object.entries(thing).flatMap(([member, value]) => {
    const shape = shapeOf(type, member);
    return shape === undefined ? [] : flattenValue(shape, value, `${at}:${member}`);
  });
}

function flattenValue({ many, of }: Shape, value: JsonValue, at: string): readonly Property[] {
  if (many === 'list' && Array.isArray(value))
    return value.flatMap((item: JsonValue, i) => (isScalar(of) ? scalar(of, item, at) : flatten(of, item as Json, `${at}:${i}`))); // of the schema
  if (many === 'map') return Object.entries(value as Json).flatMap(([key, item]) => flattenValue({ of }, item, `${at}:${escapeStep(key)}`));
  return isScalar(of) ? scalar(of, value, at) : flatten(of, value as Json, at);
}

/** Texts stand as they are; what may be of several kinds stands as JSON. */
function scalar(of: Scalar, value: JsonValue, name: string): readonly Property[] {
  return [[name, of === 'text' ? String(value) : canonicalize(value)]];
}

/** Names and values of a document, in its order. */
export type PropertyValues = ReadonlyMap<string, readonly string[]>;

/** A branch of all names: what stands at the name itself, and below it. */
interface Branch {
  values: readonly string[];
  readonly below: Map<string, Branch>;
}

const branch = (): Branch => ({ values: [], below: new Map() });

/** Deepest name that is looked into; the schema has no deeper one. */
const MAX_STEPS = 24;

/** All names as a tree. */
export function treeOf(properties: PropertyValues): Branch {
  const root = branch();
  for (const [name, values] of properties) {
    const steps = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split(':') : [];
    if (steps.length === 0 || steps.length > MAX_STEPS) continue;
    let at = root;
    for (const step of steps) {
      const next = at.below.get(step) ?? branch();
      at.below.set(step, next);
      at = next;
    }
    at.values = values;
  }
  return root;
}

/** The branch at a name without the prefix, such as `model`. */
export function branchAt(tree: Branch, name: string): Branch | undefined {
  return name.split(':').reduce<Branch | undefined>((at, step) => at?.below.get(step), tree);
}

/** The thing that properties hold: the inverse of `flatten`. What cannot be read is left out. */
export function unflatten(type: TypeName, tree: Branch | undefined): { [key: string]: JsonValue } {
  const thing: { [key: string]: JsonValue } = Object.create(null);
  for (const [member, below] of tree?.below ?? []) {
    const shape = shapeOf(type, member);
    const value = shape === undefined ? undefined : readValue(shape, below);
    if (value !== undefined) thing[member] = value;
  }
  return thing;
}

function readValue({ many, of }: Shape, tree: Branch): JsonValue | undefined {
  if (many === 'list') {
    const items = isScalar(of)
      ? tree.values.flatMap((text) => readScalar(of, text) ?? [])
      : [...tree.below].sort(([a], [b]) => Number(a) - Number(b)).map(([, below]) => unflatten(of, below));
    return items.length > 0 ? items : undefined;
  }
  if (many === 'map') {
    const map: { [key: string]: JsonValue } = Object.create(null);
    for (const [key, below] of tree.below) {
      const value = readValue({ of }, below);
      if (value !== undefined) map[unescapeStep(key)] = value;
    }
    return Object.keys(map).length > 0 ? map : undefined;
  }
  if (isScalar(of)) return tree.values[0] === undefined ? undefined : readScalar(of, tree.values[0]);
  const thing = unflatten(of, tree);
  return Object.keys(thing).length > 0 ? thing : undefined;
}

function readScalar(of: Scalar, text: string): JsonValue | undefined {
  if (of === 'text') return text;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (of === 'json') return value;
  return typeof value === (of === 'number' ? 'number' : 'boolean') ? value : undefined;
}
