/** The tree of nodes in a skops file, as the description of estimators looks at it. Source: https://github.com/skops-dev/skops/tree/main/skops/io */
import type { JsonValue } from '../../core/canonical-json.js';
import type { ObjectView, Scalar } from '../shared/estimator.js';

export type Members = Readonly<Record<string, JsonValue>>;

/** A node without a class: its content is JSON text. */
const JSON_NODE = 'JsonNode';
const SEQUENCES: ReadonlySet<string> = new Set(['ListNode', 'TupleNode']);
/** Mappings are no objects with attributes. */
const MAPPINGS: ReadonlySet<string> = new Set(['DictNode', 'DefaultDictNode']);

export function membersOf(value: JsonValue | undefined): Members | undefined {
  // Array.isArray does not narrow readonly arrays; what is left is an object.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

function textAt(node: Members | undefined, key: string): string | undefined {
  const value = node !== undefined && Object.hasOwn(node, key) ? node[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export const loaderOf = (value: JsonValue | undefined): string | undefined => textAt(membersOf(value), '__loader__');

/** `module.Class` that loading a node would import; undefined for what is no node or holds JSON only. */
export function importOf(value: JsonValue | undefined): string | undefined {
  const node = membersOf(value);
  const name = textAt(node, '__class__');
  const module = textAt(node, '__module__');
  const loader = textAt(node, '__loader__');
  return loader === undefined || loader === JSON_NODE || name === undefined || module === undefined ? undefined : `${module}.${name}`;
}

/** Name of the member of the archive in which a node keeps its array. */
export const fileOf = (value: JsonValue | undefined): string | undefined => textAt(membersOf(value), 'file');

/** `arrayIn` gives the values of a small array by the name of its file. */
export function nodeView(arrayIn: (file: string) => readonly Scalar[] | undefined): ObjectView<JsonValue> {
  return {
    classOf: importOf,
    attributesOf: (value) => (loaderOf(value) === 'ObjectNode' ? entriesOf(membersOf(value)?.content) : undefined),
    entriesOf,
    itemsOf: (value) => (SEQUENCES.has(loaderOf(value) ?? '') ? listOf(membersOf(value)?.content) : undefined),
    scalarOf,
    arrayOf(value) {
      if (loaderOf(value) !== 'NdArrayNode') return undefined;
      const file = fileOf(value);
      if (file !== undefined) return arrayIn(file);
      const items = (listOf(membersOf(value)?.content) ?? []).map(scalarOf);
      const scalars = items.filter((item) => item !== undefined);
      return scalars.length === items.length ? scalars : undefined;
    },
  };
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] | undefined => (Array.isArray(value) ? value : undefined);

function entriesOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> | undefined {
  if (!MAPPINGS.has(loaderOf(value) ?? '')) return undefined;
  const content = membersOf(membersOf(value)?.content);
  return content && new Map(Object.entries(content));
}

function scalarOf(value: JsonValue | undefined): Scalar | undefined {
  const content = loaderOf(value) === JSON_NODE ? textAt(membersOf(value), 'content') : undefined;
  if (content === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed === 'number') return Number.isSafeInteger(parsed) || !Number.isInteger(parsed) ? parsed : content;
    return typeof parsed === 'string' || typeof parsed === 'boolean' ? parsed : undefined;
  } catch {
    return undefined; // Python's NaN and Infinity are no JSON and no hyperparameters
  }
}
