/** Hyperparameters of any source as claims under canonical names. */
import { append } from '../core/append.js';
import type { JsonValue } from '../core/canonical-json.js';
import { toPointer } from '../core/json-pointer.js';
import type { Claim, Origin } from './contribution.js';
import { DIALECTS, type Dialect, type DialectRule } from './dialects.js';
import { privateReason } from './redact.js';

/** Hyperparameters taken from one source. Names of the dialect's table come before all others. */
export const MAX_HYPERPARAMETERS = 500;
const MAX_NAME = 128;
const MAX_TEXT = 512;
/** Values inside one array or object. */
const MAX_VALUES = 256;
const MAX_DEPTH = 6;
/** Names looked at in one source. */
const MAX_SEEN = 20_000;

/** Names of people and machines, and of places on a disk. */
const PRIVATE_NAME = /(^|_)(user|user_?name|host|host_?name|e_?mail|home|node_?name|ip|ip_address|master_addr)$/;
const PLACE_NAME = /(^|_)(dir|directory|path|paths|file|files|folder|root|cwd|filename)$/;
const PLACE = /^(~|\.{1,2})?[\\/]|^[A-Za-z]:[\\/]|^(file|s3|gs|hdfs|abfss?|dbfs):/;

type Values = { readonly [key: string]: unknown } | Iterable<readonly [string, unknown]>;

/**
 * Claims at `/model/training/hyperparameters/<canonical name>`; the source's own name is the key of the evidence. Names of people
 * and machines, and places on a disk are left out always, values that are not set too; credentials go where all values pass.
 */
export function hyperparameterClaims(dialect: Dialect, values: Values, from: Origin, rank: number): readonly Claim[] {
  const rule: DialectRule = DIALECTS[dialect];
  const known: Claim[] = [];
  const others: Claim[] = [];
  for (const [name, value] of entriesOf(values, rule)) {
    const canonical = Object.hasOwn(rule.names, name) ? rule.names[name] : undefined;
    if (canonical === undefined && (!rule.others || rule.leaveOut?.test(name) === true)) continue;
    const kept = isPrivateName(name) ? undefined : plainValue(rule.texts === true && canonical !== undefined ? fromPython(value) : value);
    if (kept === undefined || kept === null || kept === rule.unset) continue;
    (canonical === undefined ? others : known).push({
      kind: 'claim',
      pointer: toPointer(['model', 'training', 'hyperparameters', canonical ?? name]),
      value: kept,
      rank,
      from: { ...from, key: from.key === undefined ? name : `${from.key}.${name}` },
    });
  }
  return [...known, ...others].slice(0, MAX_HYPERPARAMETERS);
}

/** Names and values as the dialect writes them: nested ones with dots where it does so itself. */
function* entriesOf(values: Values, rule: DialectRule): Iterable<readonly [string, unknown]> {
  let seen = 0;
  const waiting: (readonly [string, unknown, number])[] = [];
  const add = (entries: Iterable<readonly [string, unknown]>, prefix: string, depth: number): void => {
    const list: (readonly [string, unknown, number])[] = [];
    for (const [name, value] of entries) {
      if (++seen > MAX_SEEN) break;
      list.push([prefix + name, value, depth]);
    }
    append(waiting, list.reverse());
  };
  add(Symbol.iterator in values ? (values as Iterable<readonly [string, unknown]>) : Object.entries(values), '', 0);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [name, value, depth] = next;
    if (name === '' || name.length > MAX_NAME || /[\u0000-\u001f]/.test(name) || /(^|\.)__proto__(\.|$)/.test(name)) continue;
    if (rule.flatten === true && depth < MAX_DEPTH && isRecord(value)) add(Object.entries(value), `${name}.`, depth + 1);
    else yield [name, value];
  }
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isPrivateName(name: string): boolean {
  const plain = name
    .slice(name.lastIndexOf('.') + 1)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  return PRIVATE_NAME.test(plain) || PLACE_NAME.test(plain);
}

/** The value when all of it may stand in a manifest: plain, small, not private. */
export function plainValue(value: unknown): JsonValue | undefined {
  let count = 0;
  const copy = (at: unknown, depth: number): JsonValue | undefined => {
    if (++count > MAX_VALUES || depth > MAX_DEPTH) return undefined;
    if (at === null || typeof at === 'boolean') return at;
    if (typeof at === 'number') return Number.isFinite(at) ? at + 0 : undefined; // no negative zero
    if (typeof at === 'string') return plainText(at);
    if (Array.isArray(at)) {
      const items = at.map((item: unknown) => copy(item, depth + 1));
      return items.includes(undefined) || items.length === 0 ? undefined : (items as JsonValue[]); // none is undefined
    }
    if (!isRecord(at)) return undefined;
    const members = Object.entries(at).map(([key, member]) => [key, isPrivateName(key) ? undefined : copy(member, depth + 1)] as const);
    if (members.length === 0 || members.some(([key, member]) => member === undefined || key === '__proto__')) return undefined;
    return Object.fromEntries(members) as JsonValue; // none is undefined
  };
  return Array.isArray(value) && value.length > MAX_VALUES ? undefined : copy(value, 0);
}

function plainText(text: string): string | undefined {
  const unfit = text.trim() === '' || text.length > MAX_TEXT || PLACE.test(text) || privateReason(text) !== undefined;
  return unfit || /\p{Surrogate}/u.test(text) ? undefined : text;
}

/** A value that Python's `str` printed. */
export function fromPython(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'True' || value === 'False') return value === 'True';
  if (value === 'None') return null;
  return /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value) && isExact(value) ? Number(value) : value;
}

/** Does a double hold what the text says? Whole numbers must be exact. */
const isExact = (text: string): boolean =>
  Number.isFinite(Number(text)) && (!/^[+-]?\d+$/.test(text) || Number.isSafeInteger(Number(text)));
