/**
 * The difference between two JSON values, as edits that turn the first into the second: `applyEdit(a, diff(a, b))` is
 * `b`. Every edit carries a check of what it was made for, so that on a value that somebody changed in between the
 * edits of the changed places are left out and all others still hold.
 */
import type { JsonValue } from '../core/canonical-json.js';
import { toPointer } from '../core/json-pointer.js';

type JsonObject = { readonly [key: string]: JsonValue };
type List = readonly JsonValue[];

/** `+` adds a member, `-` removes one, `=` replaces a value, `{` edits members, `[` edits and splices items. */
export type Edit =
  | readonly ['+', JsonValue]
  | readonly ['-', check: string]
  | readonly ['=', JsonValue, check: string]
  | readonly ['{', { readonly [key: string]: Edit }]
  | ListEdit;

/** The length of the first list tells whether it was changed since. */
type ListEdit = readonly ['[', length: number, items: readonly ItemEdit[], splices: readonly Splice[]];

/** Index in the first list, the check of what the item is called there, and what happens to it. */
type ItemEdit = readonly [index: number, name: string, edit: Edit];

/** Index in the first list, how many items go from there, the check of them, and what comes instead. */
type Splice = readonly [start: number, removed: number, check: string, added: List];

/** Members by which items of a list are told apart, the strongest first. */
const NAMES = ['bom-ref', 'spdxId', '@id', 'id', 'ref', 'path', 'pointer', 'name', 'uri', 'url', 'alg', 'key', 'type'] as const;

/** JSON with the members of every object in order; unlike the canonical form it takes every string. */
export function stableText(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(stableText).join(',')}]`;
  const members = value as JsonObject; // not a list
  const keys = Object.keys(members).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stableText(members[key] as JsonValue)}`).join(',')}}`;
}

/** The same value with the members of every object in order: what is written from it does not hang on how they happen to stand. */
export function inOrder<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  // The copies have the same members.
  if (Array.isArray(value)) return value.map(inOrder) as T;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, inOrder(member)])) as T;
}

/** Thirty-two bits (FNV-1a over UTF-16 units) are enough to notice an honest change; nothing secret hangs on them. */
function checkOf(value: JsonValue): string {
  const text = stableText(value);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The edits that turn `before` into `after`; undefined when the two are equal. */
export function diff(before: JsonValue, after: JsonValue): Edit | undefined {
  if (before === after) return undefined;
  if (isList(before) && isList(after)) return diffLists(before, after);
  if (isObject(before) && isObject(after)) return diffObjects(before, after);
  return ['=', after, checkOf(before)];
}

function diffObjects(before: JsonObject, after: JsonObject): Edit | undefined {
  const edits: [string, Edit][] = [];
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) edits.push([key, ['-', checkOf(before[key] as JsonValue)]]);
  for (const key of Object.keys(after)) {
    const value = after[key] as JsonValue; // its own key
    const edit: Edit | undefined = Object.hasOwn(before, key) ? diff(before[key] as JsonValue, value) : ['+', value];
    if (edit !== undefined) edits.push([key, edit]);
  }
  return edits.length === 0 ? undefined : ['{', Object.fromEntries(edits)];
}

function diffLists(before: List, after: List): Edit | undefined {
  if (before.length === after.length && before.every((item, i) => isNamesake(item, after[i] as JsonValue))) return diffPairs(before, after);
  // Indices of the list.
  return diffItems({ length: before.length, nameAt: (i) => nameOf(before[i] as JsonValue), at: (i) => before[i] as JsonValue }, after);
}

/** A list whose items are made when they are looked at, and may be forgotten again. */
export interface LazyList {
  readonly length: number;
  /** As `nameOf` says of the item. */
  readonly nameAt: (index: number) => string;
  readonly at: (index: number) => JsonValue;
}

/** The edits that turn a list into another. */
export function diffItems(before: LazyList, after: List): Edit | undefined {
  const items: ItemEdit[] = [];
  const splices: Splice[] = [];
  let removed = 0;
  let added: JsonValue[] = [];
  const checkOfRemoved = (at: number): string =>
    removed === 0 ? '' : checkOf(Array.from({ length: removed }, (_, i) => before.at(at - removed + i)));
  const flush = (at: number): void => {
    if (removed > 0 || added.length > 0) splices.push([at - removed, removed, checkOfRemoved(at), added]);
    removed = 0;
    added = [];
  };
  for (const step of align(before, after)) {
    if (step.kind === 'removed') removed++;
    else if (step.kind === 'added') added.push(after[step.to] as JsonValue);
    else {
      flush(step.from);
      const edit = diff(before.at(step.from), after[step.to] as JsonValue);
      if (edit !== undefined) items.push([step.from, checkOf(before.nameAt(step.from)), edit]);
    }
  }
  flush(before.length);
  return items.length + splices.length === 0 ? undefined : ['[', before.length, items, splices];
}

/** The same for lists whose items pair up one by one, as most do. */
function diffPairs(before: List, after: List): Edit | undefined {
  const items: ItemEdit[] = [];
  before.forEach((item, i) => {
    const edit = diff(item, after[i] as JsonValue); // lists of the same length
    if (edit !== undefined) items.push([i, checkOf(nameOf(item)), edit]);
  });
  return items.length === 0 ? undefined : ['[', before.length, items, []];
}

/** Are two items called the same? */
function isNamesake(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return isList(a) && isList(b);
  const key = namingMember(a);
  return key === namingMember(b) && (key === undefined || a[key] === b[key]);
}

const namingMember = (item: JsonObject): string | undefined =>
  NAMES.find((key) => typeof item[key] === 'string' && Object.hasOwn(item, key));

type Step =
  | { readonly kind: 'pair'; readonly from: number; readonly to: number }
  | { readonly kind: 'removed' }
  | { readonly kind: 'added'; readonly to: number };

/** Pairs the items of two lists in order, by their names; linear in the number of items. */
function* align(before: LazyList, after: List): Generator<Step> {
  let searches: readonly [Search, Search] | undefined;
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    const [mine, theirs] = [before.nameAt(i), nameOf(after[j] as JsonValue)]; // indices of the lists
    if (mine === theirs) {
      yield { kind: 'pair', from: i++, to: j++ };
      continue;
    }
    searches ??= [searchIn(Array.from({ length: before.length }, (_, index) => before.nameAt(index))), searchIn(after.map(nameOf))];
    const [inBefore, inAfter] = [searches[0](theirs, i), searches[1](mine, j)];
    if (inBefore === undefined && inAfter === undefined) yield { kind: 'pair', from: i++, to: j++ };
    else if (inBefore === undefined || (inAfter !== undefined && inAfter - j <= inBefore - i)) yield { kind: 'added', to: j++ };
    else {
      i++;
      yield { kind: 'removed' };
    }
  }
  for (; i < before.length; i++) yield { kind: 'removed' };
  for (; j < after.length; j++) yield { kind: 'added', to: j };
}

/** The first place of a name at or after an index that only grows. */
type Search = (name: string, from: number) => number | undefined;

function searchIn(names: readonly string[]): Search {
  const places = new Map<string, { readonly at: number[]; next: number }>();
  names.forEach((name, index) => {
    const known = places.get(name);
    if (known === undefined) places.set(name, { at: [index], next: 0 });
    else known.at.push(index);
  });
  return (name, from) => {
    const known = places.get(name);
    if (known === undefined) return undefined;
    while ((known.at[known.next] ?? from) < from) known.next++;
    return known.at[known.next];
  };
}

/** What an item of a list is called where lists are compared: a text is itself, an object goes by the first of its naming members. */
function nameOf(item: JsonValue): string {
  if (!isObject(item)) return isList(item) ? '[]' : JSON.stringify(item);
  const key = namingMember(item);
  return key === undefined ? '{}' : `${key}:${item[key]}`;
}

/** What came of edits: the value, and pointers of edits that were left out because the value was not theirs any more. */
export interface Edited {
  readonly value: JsonValue;
  readonly dropped: readonly string[];
}

/** Applies edits. Those whose place was changed since are left out: the value that is there wins. */
export function applyEdit(value: JsonValue, edit: Edit | undefined): Edited {
  const dropped: string[] = [];
  return { value: edit === undefined ? value : apply(value, edit, [], dropped), dropped };
}

type Path = readonly (string | number)[];

function apply(value: JsonValue, edit: Edit, path: Path, dropped: string[]): JsonValue {
  switch (edit[0]) {
    case '=':
      if (checkOf(value) === edit[2]) return edit[1];
      break;
    case '{':
      if (isObject(value)) return applyMembers(value, edit[1], path, dropped);
      break;
    case '[':
      if (isList(value)) return applyItems(value, edit, path, dropped);
  }
  dropped.push(toPointer(path));
  return value;
}

function applyMembers(value: JsonObject, edits: { readonly [key: string]: Edit }, path: Path, dropped: string[]): JsonValue {
  const members = new Map(Object.entries(value));
  for (const [key, edit] of Object.entries(edits)) {
    const member = members.get(key);
    if (edit[0] === '+' ? member !== undefined : member === undefined) dropped.push(toPointer([...path, key]));
    else if (edit[0] === '+') members.set(key, edit[1]);
    else if (edit[0] !== '-')
      members.set(key, apply(member as JsonValue, edit, [...path, key], dropped)); // present, by the first branch
    else if (checkOf(member as JsonValue) === edit[1]) members.delete(key);
    else dropped.push(toPointer([...path, key]));
  }
  return Object.fromEntries(members);
}

function applyItems(value: List, [, length, items, splices]: ListEdit, path: Path, dropped: string[]): List {
  const list = [...value];
  const find = finder(value);
  for (const [index, name, edit] of items) {
    const place = find(index, name);
    if (place === undefined) dropped.push(toPointer([...path, index]));
    else list[place] = apply(value[place] as JsonValue, edit, [...path, place], dropped);
  }
  const result: JsonValue[] = [];
  let done = 0;
  for (const splice of splices) {
    const start = startOf(splice, value, length);
    if (start === undefined || start < done) {
      dropped.push(toPointer([...path, splice[0]]));
      continue;
    }
    for (const item of list.slice(done, start)) result.push(item);
    for (const item of splice[3]) result.push(item);
    done = start + splice[1];
  }
  for (const item of list.slice(done)) result.push(item);
  return result;
}

/** Where an item is now: where it was, or, in a list that was changed, at the one place of its name. */
function finder(list: List): (index: number, name: string) => number | undefined {
  let places: Map<string, number | undefined> | undefined;
  return (index, name) => {
    const item = list[index];
    if (item !== undefined && checkOf(nameOf(item)) === name) return index;
    if (places === undefined) {
      places = new Map();
      for (const [i, each] of list.entries()) {
        const key = checkOf(nameOf(each));
        places.set(key, places.has(key) ? undefined : i);
      }
    }
    return places.get(name);
  };
}

/** Where a splice belongs in a list that may have grown or shrunk since. */
function startOf([start, removed, check]: Splice, list: List, length: number): number | undefined {
  const moved = start + list.length - length;
  if (removed === 0) return start === length ? list.length : Math.min(start, list.length);
  return [start, moved].find((at) => at >= 0 && at + removed <= list.length && checkOf(list.slice(at, at + removed)) === check);
}

/** A place that an edit changes, in the value that comes out. */
export interface EditedPlace {
  readonly pointer: string;
  readonly kind: 'added' | 'removed' | 'replaced';
}

/** Every place that the edit changes, in the order of the document. */
export function editedPlaces(edit: Edit | undefined): readonly EditedPlace[] {
  const places: EditedPlace[] = [];
  if (edit !== undefined) collect(edit, [], places);
  return places;
}

const KINDS = { '+': 'added', '-': 'removed', '=': 'replaced' } as const;

function collect(edit: Edit, path: Path, places: EditedPlace[]): void {
  if (edit[0] === '{') {
    for (const [key, member] of Object.entries(edit[1])) collect(member, [...path, key], places);
  } else if (edit[0] === '[') {
    collectItems(edit, path, places);
  } else places.push({ pointer: toPointer(path), kind: KINDS[edit[0]] });
}

/** Both lists of a list's edits are in order, so that one walk knows how far the items have moved. */
function collectItems([, , items, splices]: ListEdit, path: Path, places: EditedPlace[]): void {
  let moved = 0;
  let next = 0;
  const passSplices = (index: number): void => {
    for (let splice = splices[next]; splice !== undefined && splice[0] <= index; splice = splices[++next]) {
      const [start, removed, , added] = splice;
      for (const offset of added.keys()) places.push({ pointer: toPointer([...path, start + moved + offset]), kind: 'added' });
      if (added.length === 0) places.push({ pointer: toPointer([...path, start + moved]), kind: 'removed' });
      moved += added.length - removed;
    }
  };
  for (const [index, , item] of items) {
    passSplices(index);
    collect(item, [...path, index + moved], places);
  }
  passSplices(Number.POSITIVE_INFINITY);
}

/** Is a value from outside an edit, all the way down? */
export function isEdit(value: unknown): value is Edit {
  if (!Array.isArray(value)) return false;
  const [kind, first, second, third] = value as readonly unknown[];
  switch (kind) {
    case '+':
      return value.length === 2;
    case '-':
      return value.length === 2 && typeof first === 'string';
    case '=':
      return value.length === 3 && typeof second === 'string';
    case '{':
      return value.length === 2 && typeof first === 'object' && first !== null && Object.values(first).every(isEdit);
    case '[':
      return value.length === 4 && isCount(first) && isListOf(second, isItemEdit) && isListOf(third, isSplice);
    default:
      return false;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isListOf = (value: unknown, test: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(test);

function isItemEdit(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && isCount(value[0]) && typeof value[1] === 'string' && isEdit(value[2]);
}

function isSplice(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    isCount(value[0]) &&
    isCount(value[1]) &&
    typeof value[2] === 'string' &&
    Array.isArray(value[3])
  );
}

const isList = (value: JsonValue): value is List => Array.isArray(value);
const isObject = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
