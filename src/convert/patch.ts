/**
 * The difference between two JSON values as a JSON Patch (RFC 6902): `applyPatch(a, diff(a, b))` is `b`. Whatever it replaces or
 * removes it tests before, so that on a value that somebody has changed in between the operations of the changed places are left out
 * and all others still hold.
 *
 * With `named`, lists whose items have names are taken for objects with these names as members: a step of a pointer is a name there
 * and no index, so that the patch holds wherever the items stand. Their order is said apart.
 */
import type { JsonValue } from '../core/canonical-json.js';
import { parsePointer, pointerStep } from '../core/json-pointer.js';
import { isList, isObject, type JsonObject, sameJson } from '../core/objects.js';

export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

export type Patch = readonly Operation[];

/** Names of the items of lists, by the pointer of the list, where they do not follow from the patch. */
export type Orders = Readonly<Record<string, readonly string[]>>;

export interface Difference {
  readonly patch: Patch;
  readonly orders: Orders;
}

/** Members by which items of lists are told apart, the strongest first. */
const NAMES = [
  'bom-ref',
  'spdxId',
  '@id',
  'ref',
  'id',
  'name',
  'extension_cdxPropName',
  'key',
  'alg',
  'algorithm',
  'identifier',
  'url',
  'type',
] as const;

/** What each item of a list is called; undefined where one has no name. The second of a name is told apart by a number. */
function namesOf(list: readonly JsonValue[]): readonly string[] | undefined {
  const counts = new Map<string, number>();
  const names: string[] = [];
  const isTexts = typeof list[0] === 'string';
  for (const item of list) {
    const name = isTexts ? item : nameOf(item);
    if (typeof name !== 'string') return undefined;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.push(count === 1 ? name : `${name}#${count}`);
  }
  return new Set(names).size === names.length ? names : undefined;
}

function nameOf(item: JsonValue): string | undefined {
  if (!isObject(item)) return undefined;
  for (const key of NAMES) {
    const name = Object.hasOwn(item, key) ? item[key] : undefined;
    if (typeof name === 'string') return name;
  }
  return undefined;
}

// --- the difference

/** The patch that turns one value into another. */
export const diff = (before: JsonValue, after: JsonValue): Patch => differ(before, after, false).patch;

/** The same with lists of named items as maps. */
export const diffNamed = (before: JsonValue, after: JsonValue): Difference => differ(before, after, true);

function differ(before: JsonValue, after: JsonValue, named: boolean): Difference {
  const patch: Operation[] = [];
  const orders: Record<string, readonly string[]> = Object.create(null);
  const walk = (a: JsonValue, b: JsonValue, path: string): void => {
    if (a === b) return;
    const [mine, theirs] = isList(a) && isList(b) && named ? [namesOf(a), namesOf(b)] : [];
    if (isObject(a) && isObject(b)) walkMembers(membersOf(a), membersOf(b), path);
    else if (mine !== undefined && theirs !== undefined) walkNamed([a as List, mine], [b as List, theirs], path);
    else if (!sameJson(a, b)) patch.push({ op: 'test', path, value: a }, { op: 'replace', path, value: b });
  };
  const walkMembers = (a: ReadonlyMap<string, JsonValue>, b: ReadonlyMap<string, JsonValue>, path: string): void => {
    for (const [key, value] of a) {
      if (b.has(key)) continue;
      const at = path + pointerStep(key);
      patch.push({ op: 'test', path: at, value }, { op: 'remove', path: at });
    }
    for (const [key, value] of b) {
      const at = path + pointerStep(key);
      const old = a.get(key);
      if (old === undefined) patch.push({ op: 'add', path: at, value });
      else walk(old, value, at);
    }
  };
  const walkNamed = ([a, mine]: NamedItems, [b, theirs]: NamedItems, path: string): void => {
    const [from, to] = [itemsByName(a, mine), itemsByName(b, theirs)];
    walkMembers(from, to, path);
    const unordered = [...mine.filter((name) => to.has(name)), ...theirs.filter((name) => !from.has(name))];
    if (unordered.some((name, i) => name !== theirs[i])) orders[path] = theirs;
  };
  walk(before, after, '');
  return { patch, orders };
}

/** In the order of their names, so that a patch does not hang on how members happen to stand. */
const membersOf = (value: JsonObject): ReadonlyMap<string, JsonValue> =>
  new Map(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

type List = readonly JsonValue[];
type NamedItems = readonly [items: List, names: readonly string[]];

const itemsByName = (items: readonly JsonValue[], names: readonly string[]): ReadonlyMap<string, JsonValue> =>
  new Map(items.map((item, i) => [names[i] ?? '', item]));

// --- applying it

export interface Patched {
  readonly value: JsonValue;
  /** Pointers of what was left out, because the place was not as the patch was made for. */
  readonly dropped: readonly string[];
}

/** Applies a patch as far as it fits: an operation whose tests fail, or whose place is not there or taken, is left out. */
export function applyPatch(value: JsonValue, patch: Patch): Patched {
  return applyNamed(value, { patch, orders: {} }, false);
}

/** The same for a difference that was made with names. */
export function applyDifference(value: JsonValue, difference: Difference): Patched {
  return applyNamed(value, difference, true);
}

/** A list of named items while it is changed. */
class NamedList {
  constructor(readonly items: Map<string, Node>) {}
}
type Owned = { [key: string]: Node } | Node[] | NamedList;
type Node = JsonValue | Owned;

function applyNamed(value: JsonValue, { patch, orders }: Difference, named: boolean): Patched {
  const tree = new Tree(value, named);
  const dropped: string[] = [];
  let isMet = true;
  for (const operation of patch) {
    if (operation.op === 'test') {
      isMet &&= tree.has(operation.path, operation.value);
      continue;
    }
    if (!isMet || !tree.change(operation)) dropped.push(operation.path);
    isMet = true;
  }
  for (const [path, names] of Object.entries(orders)) tree.arrange(path, names);
  return { value: tree.value(), dropped };
}

/** A value that is changed in place; what of it is changed is copied first. */
class Tree {
  readonly #owned = new WeakSet<object>();
  readonly #root: { [key: string]: Node };
  readonly #named: boolean;

  constructor(value: JsonValue, named: boolean) {
    this.#root = { '': value };
    this.#named = named;
  }

  has(path: string, value: JsonValue): boolean {
    const place = this.#placeOf(path);
    const found = place === undefined ? undefined : get(...place);
    return found !== undefined && sameJson(this.#plain(found), value);
  }

  /** Answers whether the place was fit for it. */
  change(operation: Exclude<Operation, { op: 'test' }>): boolean {
    const place = this.#placeOf(operation.path);
    if (place === undefined) return false;
    const [container, step] = place;
    if (operation.op !== 'add') {
      if (get(container, step) === undefined) return false;
      if (operation.op === 'remove') remove(container, step);
      else set(container, step, operation.value);
      return true;
    }
    if (!Array.isArray(container)) {
      if (get(container, step) !== undefined) return false;
      set(container, step, operation.value);
      return true;
    }
    const index = step === '-' ? container.length : indexOf(step);
    if (index === undefined || index > container.length) return false;
    container.splice(index, 0, operation.value);
    return true;
  }

  /** Puts named items in an order; those that it does not name stay behind the one that they are behind. */
  arrange(path: string, names: readonly string[]): void {
    const list = this.#containerAt([...(parsePointer(path) ?? []), '']);
    if (!(list instanceof NamedList)) return;
    const wanted = new Set(names);
    const followers = new Map<string, string[]>();
    let before = '';
    for (const name of list.items.keys()) {
      if (wanted.has(name)) before = name;
      else followers.set(before, [...(followers.get(before) ?? []), name]);
    }
    const ordered = [...(followers.get('') ?? []), ...names.flatMap((name) => [name, ...(followers.get(name) ?? [])])];
    const items = [...new Set(ordered)].flatMap((name): [string, Node][] => {
      const item = list.items.get(name);
      return item === undefined ? [] : [[name, item]];
    });
    list.items.clear();
    for (const [name, item] of items) list.items.set(name, item);
  }

  value(): JsonValue {
    return this.#plain(this.#root[''] ?? null);
  }

  #plain(node: Node): JsonValue {
    if (node instanceof NamedList) return [...node.items.values()].map((item) => this.#plain(item));
    if (typeof node !== 'object' || node === null || !this.#owned.has(node)) return node as JsonValue; // as it came
    if (Array.isArray(node)) return node.map((item) => this.#plain(item));
    return Object.fromEntries(Object.entries(node as { [key: string]: Node }).map(([key, member]) => [key, this.#plain(member)]));
  }

  #placeOf(path: string): readonly [Owned, string] | undefined {
    const steps = ['', ...(parsePointer(path) ?? [])];
    const container = this.#containerAt(steps.slice(1));
    return container === undefined ? undefined : [container, steps[steps.length - 1] ?? ''];
  }

  /** The container of the last step, and all on the way, as copies of this tree. */
  #containerAt(steps: readonly string[]): Owned | undefined {
    let container: Owned = this.#root;
    for (const step of ['', ...steps].slice(0, -1)) {
      const child = get(container, step);
      const owned = child === undefined ? undefined : this.#own(child);
      if (owned === undefined) return undefined;
      if (owned !== child) set(container, step, owned);
      container = owned;
    }
    return container;
  }

  #own(node: Node): Owned | undefined {
    if (typeof node !== 'object' || node === null) return undefined;
    if (this.#owned.has(node)) return node as Owned; // made below
    const owned = this.#copy(node as JsonObject | readonly JsonValue[]);
    this.#owned.add(owned);
    return owned;
  }

  #copy(node: JsonObject | readonly JsonValue[]): Owned {
    if (!isList(node)) return Object.assign(Object.create(null), node) as { [key: string]: Node };
    const names = this.#named ? namesOf(node) : undefined;
    return names === undefined ? [...node] : new NamedList(new Map(itemsByName(node, names)));
  }
}

const indexOf = (step: string): number | undefined => (/^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : undefined);

function get(container: Owned, step: string): Node | undefined {
  if (container instanceof NamedList) return container.items.get(step);
  if (Array.isArray(container)) return container[indexOf(step) ?? -1];
  return Object.hasOwn(container, step) ? container[step] : undefined;
}

function set(container: Owned, step: string, value: Node): void {
  if (container instanceof NamedList) container.items.set(step, value);
  else if (Array.isArray(container)) container[indexOf(step) ?? container.length] = value;
  else container[step] = value;
}

function remove(container: Owned, step: string): void {
  if (container instanceof NamedList) container.items.delete(step);
  else if (Array.isArray(container)) container.splice(indexOf(step) ?? container.length, 1);
  else delete container[step];
}

// --- what others have written

/** A patch that somebody else has written down; undefined for what is none. */
export function parsePatch(value: unknown): Patch | undefined {
  return Array.isArray(value) && value.every(isOperation) ? value : undefined;
}

function isOperation(value: unknown): value is Operation {
  if (!isObject(value) || typeof value.path !== 'string' || parsePointer(value.path) === undefined) return false;
  return value.op === 'remove' || ((value.op === 'add' || value.op === 'replace' || value.op === 'test') && value.value !== undefined);
}

/** Where a patch changes something. */
export const changedPlaces = (patch: Patch): readonly string[] => patch.flatMap(({ op, path }) => (op === 'test' ? [] : [path]));
