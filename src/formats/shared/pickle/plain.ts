/** Values of a pickle as plain data, within a budget: shared values are not multiplied without end, loops are cut. */
import { argumentsOf, className, dictOf, globalName, isMapping, itemsOf, type PickleDict, type PickleValue } from './values.js';

export type PlainKey = string | number | bigint | boolean | null;

/** What plain data can hold of a pickle. */
export type Plain = null | boolean | number | bigint | string | readonly Plain[] | ReadonlyMap<PlainKey, Plain> | NotPlain;

/** Stands for what is not plain, with what it is: a class, `bytes`, `a loop`, `more than the limit`. */
export interface NotPlain {
  readonly notPlain: string;
  readonly value: PickleValue;
}

export interface PlainLimits {
  /** Values in all, containers included. */
  readonly maxItems: number;
  readonly maxDepth: number;
  /** Characters of one text; longer ones are not plain. */
  readonly maxText: number;
}

export const PLAIN_LIMITS: PlainLimits = { maxItems: 10_000, maxDepth: 32, maxText: 4096 };

/**
 * Texts, numbers, booleans, None, lists, tuples and sets as arrays, dicts and OrderedDicts as Maps; everything else as a
 * marker. Never fails and never takes longer than `maxItems` steps.
 */
export function asPlain(value: PickleValue, limits: Partial<PlainLimits> = {}): Plain {
  const walk: Walk = { limits: { ...PLAIN_LIMITS, ...limits }, left: limits.maxItems ?? PLAIN_LIMITS.maxItems, open: new Set() };
  return plain(value, walk, 0);
}

interface Walk {
  readonly limits: PlainLimits;
  left: number;
  /** Containers that are being walked. */
  readonly open: Set<PickleValue>;
}

function plain(value: PickleValue, walk: Walk, depth: number): Plain {
  if (--walk.left < 0 || depth > walk.limits.maxDepth) return { notPlain: 'more than the limit', value };
  if (typeof value === 'string') return value.length > walk.limits.maxText ? { notPlain: 'a long text', value } : value;
  if (typeof value !== 'object' || value === null) return value;
  const dict = isMapping(value) ? dictOf(value) : undefined;
  const items = itemsOf(value);
  if (dict === undefined && items === undefined) return { notPlain: kindName(value), value };
  if (walk.open.has(value)) return { notPlain: 'a loop', value };
  walk.open.add(value);
  const result = dict === undefined ? plainItems(items ?? [], walk, depth) : plainDict(dict, walk, depth);
  walk.open.delete(value);
  return result;
}

/** Stops at the end of the budget, so that a huge list costs no more than what is left. */
function plainItems(items: readonly PickleValue[], walk: Walk, depth: number): readonly Plain[] {
  const result: Plain[] = [];
  for (const item of items) {
    result.push(plain(item, walk, depth + 1));
    if (walk.left < 0) break;
  }
  return result;
}

function plainDict(dict: PickleDict, walk: Walk, depth: number): ReadonlyMap<PlainKey, Plain> {
  const result = new Map<PlainKey, Plain>();
  for (const [key, value] of dict.entries) {
    result.set(key, plain(value, walk, depth + 1));
    if (walk.left < 0) return result;
  }
  for (const [key, value] of dict.others) {
    if (typeof key === 'object' && key !== null) continue;
    result.set(key, plain(value, walk, depth + 1));
    if (walk.left < 0) return result;
  }
  return result;
}

/** What a value that is not plain is, in a few words. */
export function kindName(value: PickleValue): string {
  if (value === null) return 'None';
  if (typeof value !== 'object') return typeof value;
  if (value.kind === 'global') return globalName(value) ?? 'global';
  return className(value) ?? value.kind;
}

export function isNotPlain(value: Plain): value is NotPlain {
  return typeof value === 'object' && value !== null && 'notPlain' in value;
}

/** The value of a member of an Enum, which is pickled as its class called with the value alone. */
export function enumValue(value: PickleValue): string | number | boolean | undefined {
  if (typeof value !== 'object' || value?.kind !== 'call' || value.opcode !== 'REDUCE') return undefined;
  const args = argumentsOf(value);
  const [only] = args;
  const scalar = typeof only === 'string' || typeof only === 'number' || typeof only === 'boolean';
  return args.length === 1 && scalar && value.state === undefined ? only : undefined;
}
