import { MsbomError } from './error.js';

/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * The canonical form of a JSON value: RFC 8785 (JCS). Keys in UTF-16 order, numbers as ECMAScript writes them, no
 * white space.
 *
 * @throws ERR_MANIFEST_VALUE for what JSON cannot hold: undefined, functions, NaN, infinities, bigint, lone surrogates, cycles.
 */
export function canonicalize(value: unknown): string {
  return write(value, '', new Set());
}

function write(value: unknown, pointer: string, open: Set<object>): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(pointer, `${value} is not a JSON number`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw refuse(pointer, 'the string has half of a surrogate pair');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw refuse(pointer, `a ${typeof value} is not a JSON value`);
  if (open.has(value)) throw refuse(pointer, 'the value contains itself');
  open.add(value);
  const text = Array.isArray(value) ? writeArray(value, pointer, open) : writeObject(value, pointer, open);
  open.delete(value);
  return text;
}

function writeArray(items: readonly unknown[], pointer: string, open: Set<object>): string {
  return `[${items.map((item, index) => write(item, `${pointer}/${index}`, open)).join(',')}]`;
}

function writeObject(value: object, pointer: string, open: Set<object>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(pointer, 'only plain objects are JSON values');
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, member]) =>
        `${write(key, pointer, open)}:${write(member, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`, open)}`,
    );
  return `{${members.join(',')}}`;
}

function refuse(pointer: string, message: string): MsbomError {
  return new MsbomError('ERR_MANIFEST_VALUE', `${message} (at ${pointer === '' ? 'the top' : pointer})`, { pointer });
}
