import type { Literal } from './literal.js';

/** One kind of value inside an element of an array. */
export interface Field {
  /** Path of the field, joined by dots; empty for an array that has no fields. */
  readonly path: string;
  /** NumPy's name of the type: `float32`, `str320`, `datetime64[D]`, `object`. */
  readonly dtype: string;
  /** Axes that the field adds to those of the array. */
  readonly shape: readonly number[];
  /** Bytes of one value. */
  readonly bytes: number;
}

/** What an element of an array is made of. */
export interface ElementType {
  /** A plain type has one field; padding is no field. */
  readonly fields: readonly Field[];
  /** Bytes of one element, padding included. */
  readonly bytes: number;
}

const MAX_FIELDS = 10_000;
const MAX_ELEMENT_BYTES = 2 ** 31;
/** Kinds whose names carry the number of bits: `f` of 4 bytes is `float32`. */
const NUMERIC: ReadonlyMap<string, readonly [name: string, sizes: readonly number[]]> = new Map([
  ['i', ['int', [1, 2, 4, 8]]],
  ['u', ['uint', [1, 2, 4, 8]]],
  ['f', ['float', [2, 4, 8, 12, 16]]],
  ['c', ['complex', [8, 16, 24, 32]]],
]);
const SIZED: ReadonlyMap<string, readonly [name: string, unitBytes: number]> = new Map([
  ['S', ['bytes', 1]],
  ['a', ['bytes', 1]],
  ['U', ['str', 4]],
  ['V', ['void', 1]],
]);
const TIMES: ReadonlyMap<string, string> = new Map([
  ['M', 'datetime64'],
  ['m', 'timedelta64'],
]);

/** The element type that `descr` states; a text says what is wrong with it. */
export function elementType(descr: Literal): ElementType | string {
  const fields: Field[] = [];
  const bytes = collect(descr, '', [], fields, 0);
  return typeof bytes === 'string' ? bytes : { fields, bytes };
}

/** Adds the fields of a type and gives the bytes that it takes, its own axes included, or what is wrong. */
function collect(descr: Literal, path: string, shape: readonly number[], fields: Field[], depth: number): number | string {
  if (fields.length >= MAX_FIELDS || depth > 16) return 'the element type has too many fields';
  if (typeof descr === 'string') return collectPlain(descr, path, shape, fields);
  if (!isList(descr)) return 'the element type is neither a text nor a list of fields';
  const [inner, axes] = descr;
  if (descr.length === 2 && inner !== undefined && isAxes(axes)) return collect(inner, path, [...shape, ...axes], fields, depth + 1);
  let bytes = 0;
  for (const field of descr) {
    const added = collectField(field, path, shape, fields, depth);
    if (typeof added === 'string') return added;
    bytes += added;
  }
  return bytes;
}

function collectPlain(descr: string, path: string, shape: readonly number[], fields: Field[]): number | string {
  const plain = plainType(descr);
  if (plain === undefined) return `the element type \`${descr.slice(0, 40)}\` is not known`;
  fields.push({ path, ...plain, shape });
  const bytes = shape.reduce((product, size) => product * size, plain.bytes);
  return !(bytes <= MAX_ELEMENT_BYTES) ? 'an element has too many bytes' : bytes;
}

/** A field is `(name, type)` or `(name, type, shape)`; the name may be `(title, name)`, that of padding is empty. */
function collectField(field: Literal, path: string, shape: readonly number[], fields: Field[], depth: number): number | string {
  if (!isList(field) || field.length < 2 || field.length > 3) return 'a field is not a name and a type';
  const [label, type, axes = []] = field;
  const name = isList(label) ? label[1] : label;
  if (typeof name !== 'string' || type === undefined || !isAxes(axes)) return 'a field is not a name, a type and a shape';
  const before = fields.length;
  const bytes = collect(type, path === '' ? name : `${path}.${name}`, [...shape, ...axes], fields, depth + 1);
  if (name === '') fields.length = before;
  return bytes;
}

function plainType(descr: string): { readonly dtype: string; readonly bytes: number } | undefined {
  const [, kind = '', digits = '', unit] = /^[<>|=]?([?a-zA-Z])(\d{0,9})(\[[^\]]{1,20}\])?$/.exec(descr) ?? [];
  const size = Number(digits);
  if (kind === 'O') return { dtype: 'object', bytes: 0 };
  if (kind === '?' || (kind === 'b' && size === 1)) return { dtype: 'bool', bytes: 1 };
  const time = TIMES.get(kind);
  if (time !== undefined) return size === 8 ? { dtype: `${time}${unit ?? ''}`, bytes: 8 } : undefined;
  const sized = SIZED.get(kind);
  if (sized !== undefined) return { dtype: `${sized[0]}${size === 0 ? '' : size * sized[1] * 8}`, bytes: size * sized[1] };
  const numeric = NUMERIC.get(kind);
  return numeric?.[1].includes(size) ? { dtype: `${numeric[0]}${size * 8}`, bytes: size } : undefined;
}

const isList = (value: Literal | undefined): value is readonly Literal[] => Array.isArray(value);
const isAxes = (value: Literal | undefined): value is readonly number[] =>
  isList(value) && value.length <= 64 && value.every((size) => typeof size === 'number' && size >= 0);
