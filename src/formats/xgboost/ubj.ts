/**
 * Walks a Universal Binary JSON document and takes out a few values; lists of numbers are skipped by seeking.
 * Source: https://ubjson.org/type-reference/ (draft 12), with XGBoost's 64-bit lengths
 */
import type { JsonValue } from '../../core/canonical-json.js';
import { type Cursor, skipPresent } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { memberPath, type Selection, type Taker } from '../shared/selection.js';

interface Fixed {
  readonly bytes: number;
  readonly read: (cursor: Cursor) => JsonValue;
}

/** Values of a fixed size, by their marker. */
const FIXED: ReadonlyMap<string, Fixed> = new Map([
  ['Z', { bytes: 0, read: () => null }],
  ['T', { bytes: 0, read: () => true }],
  ['F', { bytes: 0, read: () => false }],
  ['i', { bytes: 1, read: (cursor: Cursor) => cursor.i8() }],
  ['U', { bytes: 1, read: (cursor: Cursor) => cursor.u8() }],
  ['I', { bytes: 2, read: (cursor: Cursor) => cursor.i16() }],
  ['l', { bytes: 4, read: (cursor: Cursor) => cursor.i32() }],
  ['L', { bytes: 8, read: (cursor: Cursor) => Number(cursor.bigI64()) }],
  ['d', { bytes: 4, read: (cursor: Cursor) => finite(cursor.f32()) }],
  ['D', { bytes: 8, read: (cursor: Cursor) => finite(cursor.f64()) }],
  ['C', { bytes: 1, read: (cursor: Cursor) => String.fromCharCode(cursor.u8()) }],
]);
const COUNTS = new Set(['i', 'U', 'I', 'l', 'L']);
const NO_OPERATION = 'N';
const MAX_KEPT_ITEMS = 4096;
const MAX_KEY_BYTES = 64 * 1024;
const MAX_COMPARED_KEYS = 100_000;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** How a container says what is in it: nothing, a count, or a count and the type of every item. */
interface Header {
  readonly type?: string;
  readonly count?: number;
}

/**
 * Gives every selected value to `take`, in the order of the document. Afterwards the cursor stands behind the document.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_* with file and offset
 */
export async function walkUbj(cursor: Cursor, selected: Selection, limits: Limits, take: Taker): Promise<void> {
  cursor.littleEndian = false;
  await visit(await marker(cursor), '', 0);

  /** The value behind a marker: its parts where they are selected, nothing else of it. */
  async function visit(type: string, path: string, depth: number): Promise<void> {
    const kind = selected.kindOf(path);
    if (kind === 'value') return take(path, await materialize(cursor, type, limits, depth));
    const isContainer = type === '[' || type === '{';
    if (!isContainer) return skipScalar(cursor, type, limits);
    const isInside = kind === 'inside';
    const count = await eachItem(cursor, type, limits, depth, (itemType, key) =>
      visit(itemType, !isInside ? '\u0000' : key === undefined ? `${path}[]` : memberPath(path, key), depth + 1),
    );
    if (kind === 'length' && type === '[') take(path, count);
  }
}

/**
 * Calls `visit` at the start of each item of a container; one that holds only numbers and is not wanted is skipped as a
 * whole. The result is the number of items.
 */
async function eachItem(
  cursor: Cursor,
  container: string,
  limits: Limits,
  depth: number,
  visit: (type: string, key: string | undefined) => Promise<void>,
  keep = false,
): Promise<number> {
  if (depth > limits.maxDepth) throw new MsbomError('ERR_LIMIT_DEPTH', `the document nests deeper than ${limits.maxDepth}`, place(cursor));
  const isObject = container === '{';
  const { type, count } = await readHeader(cursor);
  const fixed = type === undefined ? undefined : FIXED.get(type);
  if (!isObject && fixed !== undefined && count !== undefined && !keep) {
    skipPresent(cursor, count * fixed.bytes);
    return count;
  }
  const keys = new Set<string>();
  for (let seen = 0; ; seen++) {
    if (seen === count) return seen;
    if (seen >= limits.maxItems)
      throw new MsbomError('ERR_LIMIT_COUNT', `a container has more than ${limits.maxItems} items`, place(cursor));
    if (count === undefined && (await isEnd(cursor, isObject ? '}' : ']'))) return seen;
    const key = isObject ? await readKey(cursor, keys) : undefined;
    await visit(type ?? (await marker(cursor)), key);
  }
}

async function readHeader(cursor: Cursor): Promise<Header> {
  let type: string | undefined;
  if (await takes(cursor, '$')) {
    type = await marker(cursor);
    if (!(await takes(cursor, '#'))) throw cursor.malformed('a typed container has no count');
    return { type, count: await readCount(cursor) };
  }
  return (await takes(cursor, '#')) ? { count: await readCount(cursor) } : {};
}

async function readKey(cursor: Cursor, keys: Set<string>): Promise<string> {
  const offset = cursor.position;
  const key = await readText(cursor, MAX_KEY_BYTES);
  if (keys.has(key)) throw cursor.malformed(`the key \`${key.slice(0, 80)}\` stands twice`, offset);
  if (keys.size < MAX_COMPARED_KEYS) keys.add(key);
  return key;
}

/** A selected value whole. */
async function materialize(cursor: Cursor, type: string, limits: Limits, depth: number): Promise<JsonValue> {
  const fixed = FIXED.get(type);
  if (fixed !== undefined) {
    if (cursor.buffered < fixed.bytes) await cursor.fill(fixed.bytes);
    return fixed.read(cursor);
  }
  if (type === 'S' || type === 'H') return readText(cursor, limits.maxStringBytes);
  if (type !== '[' && type !== '{') throw unknown(cursor, type);
  const items: JsonValue[] = [];
  const members: [string, JsonValue][] = [];
  const visit = async (itemType: string, key: string | undefined): Promise<void> => {
    if (items.length + members.length >= MAX_KEPT_ITEMS)
      throw new MsbomError('ERR_LIMIT_COUNT', `a value has more than ${MAX_KEPT_ITEMS} items`, place(cursor));
    const item = await materialize(cursor, itemType, limits, depth + 1);
    if (key === undefined) items.push(item);
    else members.push([key, item]);
  };
  await eachItem(cursor, type, limits, depth, visit, true);
  return type === '[' ? items : Object.fromEntries(members);
}

async function skipScalar(cursor: Cursor, type: string, limits: Limits): Promise<void> {
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return skipPresent(cursor, fixed.bytes);
  if (type !== 'S' && type !== 'H') throw unknown(cursor, type);
  const length = await readCount(cursor);
  if (length > limits.maxStringBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a text says it has ${length} bytes, the limit is ${limits.maxStringBytes}`, place(cursor));
  skipPresent(cursor, length);
}

async function readText(cursor: Cursor, maxBytes: number): Promise<string> {
  const length = await readCount(cursor);
  if (length > maxBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a text says it has ${length} bytes, the limit is ${maxBytes}`, place(cursor));
  if (cursor.buffered < length) await cursor.fill(length);
  return cursor.text(length);
}

/** A length or count: a whole number with its own marker. */
async function readCount(cursor: Cursor): Promise<number> {
  const offset = cursor.position;
  const type = await marker(cursor);
  const fixed = COUNTS.has(type) ? FIXED.get(type) : undefined;
  if (fixed === undefined) throw cursor.malformed('a count is not a whole number', offset);
  if (cursor.buffered < fixed.bytes) await cursor.fill(fixed.bytes);
  const count = fixed.read(cursor);
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) throw cursor.malformed(`a count is ${String(count)}`, offset);
  return count;
}

/** The next marker that does something. */
async function marker(cursor: Cursor): Promise<string> {
  for (;;) {
    if (cursor.buffered < 1) await cursor.fill(1);
    const type = String.fromCharCode(cursor.u8());
    if (type !== NO_OPERATION) return type;
  }
}

async function takes(cursor: Cursor, wanted: string): Promise<boolean> {
  if (cursor.buffered < 1) await cursor.fill(1);
  if (String.fromCharCode(cursor.u8()) === wanted) return true;
  cursor.seek(cursor.position - 1);
  return false;
}

async function isEnd(cursor: Cursor, close: string): Promise<boolean> {
  while (await takes(cursor, NO_OPERATION));
  return takes(cursor, close);
}

const place = (cursor: Cursor): { file: string; offset: number } => ({ file: cursor.source.name, offset: cursor.position });
const unknown = (cursor: Cursor, type: string): MsbomError =>
  cursor.malformed(`the marker ${JSON.stringify(type)} is not in use`, cursor.position - 1);
