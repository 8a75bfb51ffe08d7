/** Finding values by the paths of predicates, through ids of things, by the tables of the specification. */
import { parsePointer, pointerStep } from '../core/json-pointer.js';
import { isObject, own } from '../core/objects.js';
import { type Manifest, REFERENCES, SHAPES } from '../schema/index.js';

/** A value of the document with its place, in the document and in the specification. */
export interface Node {
  readonly value: unknown;
  /** JSON Pointer from the document. */
  readonly pointer: string;
  /** As `SHAPES` has it: `text`, `Type`, `[]Type`, `{}Type`, `*`. */
  readonly shape: string;
  /** `Type.member` that holds the value, or the list or map it is in. */
  readonly member?: string;
  /** What holds it calls it so. */
  readonly key?: string;
  /** What was found in it: predicates ask for the same places over and over. */
  inner?: Map<string, Node>;
  /** Of the document: the keys of the paths that were asked for. */
  readonly paths?: Map<string, readonly string[]>;
}

const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = SHAPES;

/** The document as the node that paths start from. */
export const rootOf = (manifest: Manifest): Node => ({ value: manifest, pointer: '', shape: 'Manifest', paths: new Map() });

/** The keys of a path; `#` has none. */
export const keysOf = (path: string): readonly string[] => (path === '#' ? [] : (parsePointer(path) ?? []));

/** Where a path leads: a node, or the pointer at which there is nothing. */
export type Found = { readonly node: Node } | { readonly absent: string };

/** The value at a path from a node; an id of a thing stands for the thing when the path goes on. */
export function find(root: Node, from: Node, path: string): Found {
  if (path === '#')
    return from.key === undefined ? { absent: from.pointer } : { node: { value: from.key, pointer: from.pointer, shape: 'text' } };
  let keys = root.paths?.get(path);
  if (keys === undefined) {
    keys = keysOf(path);
    root.paths?.set(path, keys);
  }
  let node = from;
  let depth = 0;
  for (const key of keys) {
    const next = step(root, node, key);
    if (next === undefined) return { absent: followed(root, node).pointer + keys.slice(depth).map(pointerStep).join('') };
    node = next;
    depth++;
  }
  return { node };
}

/** Items of a list or values of a map at a path; empty where there is nothing of the kind. */
export function itemsAt(root: Node, from: Node, path: string): readonly Node[] {
  const found = find(root, from, path);
  return 'node' in found ? itemsOf(found.node) : [];
}

/** Nodes at a path in which `*` is every item or value. */
export function findAll(root: Node, from: Node, path: string): readonly Node[] {
  let nodes: readonly Node[] = [from];
  for (const key of keysOf(path)) {
    nodes = nodes.flatMap((node) => {
      if (key === '*') return itemsOf(followed(root, node));
      const next = step(root, node, key);
      return next === undefined ? [] : [next];
    });
  }
  return nodes;
}

export function itemsOf(node: Node): readonly Node[] {
  if (typeof node.value !== 'object' || node.value === null) return [];
  return Object.keys(node.value).flatMap((key) => inside(node, key) ?? []);
}

function step(root: Node, node: Node, key: string): Node | undefined {
  return inside(followed(root, node), key);
}

/** The thing that an id names; any other node itself. */
function followed(root: Node, node: Node): Node {
  const row = node.member === undefined ? undefined : own(REFERENCES, node.member);
  if (typeof node.value !== 'string' || row === undefined) return node;
  if (row.subject === true && node.value === 'model') return inside(root, 'model') ?? node;
  for (const name of row.in) {
    const collection = inside(root, name);
    const thing = collection === undefined ? undefined : inside(collection, node.value);
    if (thing !== undefined) return thing;
  }
  return node;
}

function inside(node: Node, key: string): Node | undefined {
  const known = node.inner?.get(key);
  if (known !== undefined) return known;
  const found = made(node, key);
  if (found === undefined) return undefined;
  node.inner ??= new Map();
  node.inner.set(key, found);
  return found;
}

function made({ value, pointer, shape, member }: Node, key: string): Node | undefined {
  if (Array.isArray(value)) {
    if (!/^(0|[1-9]\d{0,9})$/.test(key) || Number(key) >= value.length) return undefined;
  } else if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
  const isCollection = shape.startsWith('[]') || shape.startsWith('{}');
  const holder = isCollection ? member : `${shape}.${key}`;
  return {
    value: (value as Record<string, unknown>)[key],
    pointer: pointer + pointerStep(key),
    shape: isCollection ? shape.slice(2) : (own(shapes[shape], key) ?? own(shapes[shape], '*') ?? '*'),
    key,
    ...(holder === undefined ? {} : { member: holder }),
  };
}
