import { MsbomError } from './error.js';
import { toPointer } from './json-pointer.js';

/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The canonical form of a JSON value: RFC 8785 (JCS). Keys in UTF-16 order, numbers as ECMAScript writes them, no
 * white space.
 *
 * @throws ERR_MANIFEST_VALUE for what JSON cannot hold: undefined, functions, NaN, infinities, bigint, lone surrogates, cycles.
 */
export function canonicalize(value: unknown): string {
  return write(value, [], new Set());
}

/** @throws ERR_MANIFEST_VALUE for what `canonicalize` refuses, without writing the value */
export function requireJson(value: unknown): void {
  if (!isJson(value, new Set())) canonicalize(value);
}

function isJson(value: unknown, open: Set<object>): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || open.has(value) || !(Array.isArray(value) || isPlain(value))) return false;
  open.add(value);
  const isSound = Array.isArray(value)
    ? value.every((item) => isJson(item, open))
    : Object.keys(value).every((key) => key.isWellFormed() && isJson((value as Record<string, unknown>)[key], open));
  open.delete(value);
  return isSound;
}

/** `path` leads to the value; it and `open`, the objects around it, change on the way. */
function write(value: unknown, path: (string | number)[], open: Set<object>): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(path, `${value} is not a JSON number`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw refuse(path, 'the string has half of a surrogate pair');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw refuse(path, `a ${typeof value} is not a JSON value`);
  if (open.has(value)) throw refuse(path, 'the value contains itself');
  open.add(value);
  const text = Array.isArray(value) ? writeArray(value, path, open) : writeObject(value, path, open);
  open.delete(value);
  return text;
}

function writeArray(items: readonly unknown[], path: (string | number)[], open: Set<object>): string {
  const written = items.map((item, index) => {
    path.push(index);
    const text = write(item, path, open);
    path.pop();
    return text;
  });
  return `[${written.join(',')}]`;
}

function writeObject(value: object, path: (string | number)[], open: Set<object>): string {
  if (!isPlain(value)) throw refuse(path, 'only plain objects are JSON values');
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => {
      const name = write(key, path, open);
      path.push(key);
      const text = `${name}:${write(member, path, open)}`;
      path.pop();
      return text;
    });
  return `{${members.join(',')}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(path: readonly (string | number)[], message: string): MsbomError {
  const pointer = toPointer(path);
  return new MsbomError('ERR_MANIFEST_VALUE', `${message} (at ${pointer === '' ? 'the top' : pointer})`, { pointer });
}
