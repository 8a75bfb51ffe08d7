/** How values of the manifest are written in SPDX, and read back. A codec reads only what its `write` could have written. */
import type { Words } from './words.js';

export interface Codec {
  /** undefined: the target cannot say it. */
  readonly write: (value: unknown) => unknown;
  /** undefined: not a value of this kind. */
  readonly read: (value: unknown) => unknown;
  /** The value is a list also where it stands in a property. */
  readonly list?: true;
}

/** Path in the manifest's object; member of the element, or property when it holds a colon; `SHORT` by default. */
type Field = readonly [path: string, target: string, codec?: Codec];
export type Fields = readonly Field[];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);
const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

/** A text as it stands. */
export const SHORT: Codec = { write: (value) => (isText(value) ? value : undefined), read: (value) => (isText(value) ? value : undefined) };

/** A list of texts, of which a manifest has none twice. */
export const TEXTS: Codec = { list: true, write: (value) => some(texts(value)), read: (value) => some([...new Set(texts(value))]) };

/** A text that SPDX wants as a list. */
export const ONE_OF_LIST: Codec = {
  list: true,
  write: (value) => (isText(value) ? [value] : undefined),
  read: (value) => (texts(value).length === 0 ? undefined : texts(value).join('\n')),
};

/** A list that SPDX wants as one text: an item a line. */
export const LINES: Codec = {
  write: (value) => (texts(value).length === 0 ? undefined : texts(value).join('\n')),
  read: (value) => {
    if (!isText(value)) return undefined;
    const lines = value.split('\n');
    return lines.every((line) => line !== '') && new Set(lines).size === lines.length ? lines : [value];
  },
};

export const NUMBER: Codec = {
  write: (value) => (typeof value === 'number' ? String(value) : undefined),
  read: (value) =>
    typeof value === 'string' && String(Number(value)) === value && Number.isFinite(Number(value)) ? Number(value) : undefined,
};

/** A whole number from 0 as itself. */
export const COUNT: Codec = {
  write: (value) => (Number.isSafeInteger(value) ? value : undefined),
  read: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined),
};

/** A whole number from 0 in a property. */
export const COUNT_TEXT: Codec = {
  write: (value) => (Number.isSafeInteger(value) ? String(value) : undefined),
  read: (value) =>
    typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : undefined,
};

const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

/** An absolute URI. */
export const LINK: Codec = {
  write: (value) => (isText(value) && URI.test(value) ? value : undefined),
  read: (value) => (isText(value) && URI.test(value) ? value : undefined),
};

/** A moment in whole seconds; fractions are cut off. */
export const SECONDS: Codec = {
  write: (value) => (isText(value) ? value.replace(/\.\d+Z$/, 'Z') : undefined),
  read: (value) => (isText(value) && isMoment(value) ? value : undefined),
};

/** A day as its first second, the only form that SPDX has for it; years and months cannot be written. */
export const DAY: Codec = {
  write: (value) => (isText(value) && isMoment(`${value}T00:00:00Z`) ? `${value}T00:00:00Z` : undefined),
  read: (value) => (isText(value) && isMoment(value) ? value.slice(0, 10) : undefined),
};

function isMoment(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  // Days that a month does not have are taken for some of the next.
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z');
}

/** One of the words of a closed list, as itself. */
export function oneOf(...allowed: readonly string[]): Codec {
  const check = (value: unknown): unknown => (allowed.some((word) => word === value) ? value : undefined);
  return { write: check, read: check };
}

/** Words of the manifest by words of SPDX. */
export function word({ to, from }: Words): Codec {
  return {
    write: (value) => (isText(value) ? to.get(value) : undefined),
    read: (value) => (isText(value) ? from.get(value) : undefined),
  };
}

/** A list of words; what has no twin is left out, and no word comes twice. */
export function wordList({ to, from }: Words): Codec {
  const map = (table: ReadonlyMap<string, string>, value: unknown): readonly string[] | undefined =>
    some([...new Set(texts(value).flatMap((each) => table.get(each) ?? []))]);
  return { list: true, write: (value) => map(to, value), read: (value) => map(from, value) };
}

/** A value as text: texts as they are, everything else as JSON. */
export function writeScalar(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value in a text: a number, a truth value, null or a JSON object or list where it is spelled as JSON spells it. */
export function parseScalar(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  if (value === 'true' || value === 'false' || value === 'null') return JSON.parse(value);
  if (/^-?\d/.test(value) && value.length < 40) return JSON.stringify(Number(value)) === value ? Number(value) : value;
  return value;
}

/** A number as a decimal text without an exponent, which the RDF type of SPDX does not know. */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [digits = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}
