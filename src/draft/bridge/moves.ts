/** Places of one form of a manifest and where they are in the other. */
import { parsePointer, resolvePointer, toPointer } from '../../core/json-pointer.js';

interface Node {
  /** Where the value went, in place of what its parent says. */
  targets?: string[];
  /** Where a part of it went besides. */
  also?: string[];
  readonly children: Map<string, Node>;
}

/** What is known of moved values; deeper pointers win over shallower ones. */
export interface Moves {
  /** The value at `from` is at the targets now; without a target it is gone. */
  move(from: string, ...to: readonly string[]): void;
  /** What is at `from` has a second home. */
  also(from: string, to: string): void;
  /** The place of a value that need not be there, as declarations name it; undefined when it is gone. */
  place(pointer: string): string | undefined;
  /** Every place that holds what was at a pointer or below it, as far as it is in the document; lists are named as a whole if asked. */
  places(pointer: string, document: unknown, wholeLists: boolean): readonly string[];
}

export function moves(): Moves {
  const root: Node = { children: new Map() };
  const at = (pointer: string): Node => {
    let node = root;
    for (const key of parsePointer(pointer) ?? []) {
      const child = node.children.get(key) ?? { children: new Map() };
      node.children.set(key, child);
      node = child;
    }
    return node;
  };
  return {
    move: (from, ...to) => {
      at(from).targets = [...to];
    },
    also: (from, to) => {
      (at(from).also ??= []).push(to);
    },
    place: (pointer) => walk(root, pointer).own[0],
    places(pointer, document, wholeLists) {
      const { own, end } = walk(root, pointer);
      const found = [...own, ...(end === undefined ? [] : below(end))].filter((target) => resolvePointer(document, target) !== undefined);
      const places = new Set(wholeLists ? found.map((target) => outOfLists(target, document)) : found);
      return [...places].filter((target) => !hasParentIn(target, places));
    },
  };
}

/** Where the value itself went, and the node of the pointer when something at or below it moved. */
function walk(root: Node, pointer: string): { readonly own: readonly string[]; readonly end: Node | undefined } {
  const keys = parsePointer(pointer) ?? [];
  let node: Node | undefined = root;
  let targets: readonly string[] = [''];
  let also: readonly string[] = [];
  for (const key of keys) {
    const step = toPointer([key]);
    node = node?.children.get(key);
    targets = node?.targets ?? targets.map((target) => target + step);
    also = [...also.map((target) => target + step), ...(node?.also ?? [])];
  }
  return { own: [...targets, ...also], end: node };
}

function below(node: Node): readonly string[] {
  return [...node.children.values()].flatMap((child) => [...(child.targets ?? []), ...(child.also ?? []), ...below(child)]);
}

/** The pointer, cut at the first list on its way. */
function outOfLists(pointer: string, document: unknown): string {
  const keys = parsePointer(pointer) ?? [];
  let value = document;
  for (const [depth, key] of keys.entries()) {
    if (Array.isArray(value)) return toPointer(keys.slice(0, depth));
    value = resolvePointer(value, toPointer([key]));
  }
  return pointer;
}

function hasParentIn(pointer: string, places: ReadonlySet<string>): boolean {
  for (let end = pointer.lastIndexOf('/'); end > 0; end = pointer.lastIndexOf('/', end - 1))
    if (places.has(pointer.slice(0, end))) return true;
  return false;
}
