import type { JsonValue } from './canonical-json.js';
import { MsbomError } from './error.js';
import { toPointer } from './json-pointer.js';
import {
  endOfString,
  INTEGERS,
  type InexactIntegers,
  isNumberUnit,
  place,
  placesIn,
  QUOTE,
  replaced,
  type Span,
  scan,
  type TextPlace,
} from './json-text.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';

export interface ParseJsonOptions {
  /** Name for messages. */
  readonly file?: string;
  readonly limits?: Pick<Limits, 'maxDocumentBytes' | 'maxDepth'>;
  /**
   * What becomes of whole numbers that a double cannot hold exactly: they are refused (the default), read as the text of their digits,
   * or rounded as JSON.parse does it.
   */
  readonly inexactIntegers?: InexactIntegers;
  /** Objects without prototype: what a member is called means nothing to the program, so `__proto__` is a name like any other. */
  readonly bare?: boolean;
}

/** What people give in place of UTF-8, by its first bytes. Sources: Unicode 16, section 23.8; RFC 1952, RFC 8878, APPNOTE.TXT of ZIP. */
const NOT_UTF8: readonly (readonly [bytes: readonly number[], what: string, hint: string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], 'the file is UTF-32, not UTF-8', 'Save the file as UTF-8.'],
  [[0x00, 0x00, 0xfe, 0xff], 'the file is UTF-32, not UTF-8', 'Save the file as UTF-8.'],
  [[0xff, 0xfe], 'the file is UTF-16, not UTF-8', 'Save the file as UTF-8.'],
  [[0xfe, 0xff], 'the file is UTF-16, not UTF-8', 'Save the file as UTF-8.'],
  [[0x1f, 0x8b], 'the file is compressed with gzip', 'Unpack the file first.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'the file is compressed with Zstandard', 'Unpack the file first.'],
  [[0x50, 0x4b, 0x03, 0x04], 'the file is a ZIP archive', 'Unpack the file first.'],
];

/** JSON text from bytes; one leading byte order mark is dropped. @throws ERR_JSON_ENCODING */
export function decodeUtf8(bytes: Uint8Array, file?: string): string {
  // No text that is read here begins so, but one in UTF-16 without its mark does.
  if (bytes.byteLength > 1 && (bytes[0] === 0) !== (bytes[1] === 0)) throw notUtf8('the file is UTF-16, not UTF-8', file, 0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [, what, hint] = NOT_UTF8.find(([start]) => start.every((byte, i) => bytes[i] === byte)) ?? [];
    throw notUtf8(what ?? 'the file is not valid UTF-8', file, what === undefined ? firstBadByte(bytes) : 0, hint);
  }
}

const notUtf8 = (message: string, file: string | undefined, offset: number, hint = 'Save the file as UTF-8.'): MsbomError =>
  new MsbomError('ERR_JSON_ENCODING', message, { file, offset, hint });

/**
 * Strict JSON: what JSON.parse accepts, less duplicate keys, `__proto__`, too deep nesting and inexact whole numbers.
 *
 * @throws ERR_JSON_* with line and column, ERR_LIMIT_BYTES, ERR_LIMIT_DEPTH
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): JsonValue {
  const { file, limits = DEFAULT_LIMITS, inexactIntegers = 'refuse', bare = false } = options;
  const length = typeof input === 'string' ? input.length : input.byteLength;
  if (length > limits.maxDocumentBytes) {
    throw new MsbomError('ERR_LIMIT_BYTES', `the document has ${length} bytes, the limit is ${limits.maxDocumentBytes}`, {
      file,
      hint: 'Raise maxDocumentBytes if the document is trusted.',
    });
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input, file);
  const inexact: Span[] = [];
  const members = scan(text, limits.maxDepth, file, INTEGERS[inexactIntegers](inexact, text, file));
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
    if (inexact.length > 0) value = JSON.parse(replaced(text, inexact, (digits) => `"${digits}"`)) as JsonValue;
  } catch (cause) {
    throw syntaxError(text, cause, file);
  }
  const { members: kept, isHeld } = measure(value, bare);
  if (!isHeld) throw infiniteNumber(text, file);
  if (kept !== members || (!bare && (text.includes('__proto__') || text.includes('\\u005')))) explainKeys(text, file, bare);
  return value;
}

/** The members of all objects, and whether every number is one that a double can hold; takes their prototypes off on the way. */
function measure(root: JsonValue, bare: boolean): { readonly members: number; readonly isHeld: boolean } {
  let members = 0;
  let isHeld = true;
  const stack: object[] = [];
  const meet = (value: JsonValue | undefined): void => {
    if (typeof value === 'object' && value !== null) stack.push(value);
    else if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) isHeld = false;
  };
  meet(root);
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (Array.isArray(value)) {
      for (const item of value as readonly JsonValue[]) meet(item);
      continue;
    }
    if (bare) Object.setPrototypeOf(value, null);
    for (const key in value) {
      members++;
      meet((value as Record<string, JsonValue>)[key]);
    }
  }
  return { members, isHeld };
}

/** The first number beyond what a double can hold. Only called when there is one. */
function infiniteNumber(text: string, file: string | undefined): MsbomError {
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = endOfString(text, i);
    if (!isNumberUnit(c)) continue;
    at = i;
    while (isNumberUnit(text.charCodeAt(i + 1))) i++;
    if (!Number.isFinite(Number(text.slice(at, i + 1))) && /\d/.test(text.charAt(i))) break;
  }
  const number = text.slice(at, at + 40);
  return new MsbomError('ERR_JSON_NUMBER', `${/^[^\s,\]}]*/.exec(number)?.[0] ?? number} is beyond what a number can hold`, {
    file,
    ...place(text, at),
    hint: 'Write it as a string.',
  });
}

/** Walks the text again with keys, to name the duplicate or forbidden one. Only called when one may be there. */
function explainKeys(text: string, file: string | undefined, bare: boolean): void {
  walk(text, (path, offset, seen, key) => {
    const pointer = toPointer([...path, key]);
    if (key === '__proto__' && !bare) {
      throw new MsbomError('ERR_JSON_FORBIDDEN_KEY', 'the key "__proto__" is never allowed', { file, pointer, ...place(text, offset) });
    }
    if (seen.has(key)) {
      throw new MsbomError('ERR_JSON_DUPLICATE_KEY', `the key ${JSON.stringify(key)} stands twice in one object`, {
        file,
        pointer,
        ...place(text, offset),
        hint: 'Keep one of the two; readers disagree about which one counts.',
      });
    }
    return false;
  });
}

/**
 * Where the value of a pointer stands in the text (its key, for a member of an object). Falls back to the nearest
 * parent that exists, so that a missing property is shown at the object that lacks it.
 */
export function locatePointer(text: string, pointer: string): TextPlace {
  const places = locatePointers(text, [pointer]);
  return places.get(pointer) ?? { line: 1, column: 1, offset: 0 };
}

/** The places of many pointers in one walk. */
export function locatePointers(text: string, pointers: readonly string[]): Map<string, TextPlace> {
  const offsets = new Map<string, number>();
  const wanted = new Set<string>();
  for (const pointer of pointers) {
    for (let p = pointer; p !== ''; p = p.slice(0, p.lastIndexOf('/'))) wanted.add(p);
  }
  offsets.set('', Math.max(0, text.search(/[^\s\ufeff]/)));
  walk(text, (path, offset, _seen, key) => {
    const here = toPointer([...path, key]);
    if (wanted.has(here) && !offsets.has(here)) offsets.set(here, offset);
    return wanted.has(here);
  });
  const places = new Map<string, TextPlace>();
  const placeAt = placesIn(text);
  for (const pointer of pointers) {
    let p = pointer;
    while (!offsets.has(p) && p !== '') p = p.slice(0, p.lastIndexOf('/'));
    places.set(pointer, placeAt(offsets.get(p) ?? 0));
  }
  return places;
}

type Visit = (path: readonly (string | number)[], offset: number, seen: ReadonlySet<string>, key: string) => boolean;

interface Frame {
  readonly array: boolean;
  readonly seen: Set<string>;
  index: number;
  key: string | undefined;
}

/** Calls `visit` for every member and array item of a text that JSON.parse accepts. */
function walk(text: string, visit: Visit): void {
  const stack: Frame[] = [];
  const path: (string | number)[] = [];
  let expectKey = false;
  const value = (offset: number): void => {
    const frame = stack.at(-1);
    if (!frame?.array) return;
    visit(path.slice(0, -1), offset, frame.seen, String(frame.index));
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const frame = stack.at(-1);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      if (frame && !frame.array && expectKey) {
        const key = JSON.parse(text.slice(i, end + 1)) as string;
        visit(path.slice(0, -1), i, frame.seen, key);
        frame.seen.add(key);
        path[path.length - 1] = key;
        expectKey = false;
      } else value(i);
      i = end;
    } else if (c === 0x7b || c === 0x5b) {
      value(i);
      const array = c === 0x5b;
      stack.push({ array, seen: new Set(), index: 0, key: undefined });
      path.push(array ? 0 : '');
      expectKey = !array;
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop();
      path.pop();
      expectKey = false;
    } else if (c === 0x2c && frame) {
      if (frame.array) path[path.length - 1] = ++frame.index;
      else expectKey = true;
    } else if (c > 0x20 && c !== 0x3a && c !== 0x2c && c !== 0xfeff) {
      value(i);
      while (i + 1 < text.length && !/[\s,\]}]/.test(text.charAt(i + 1))) i++;
    }
  }
}

function syntaxError(text: string, cause: unknown, file: string | undefined): MsbomError {
  const offset = firstSyntaxError(text);
  const what =
    text.trim() === ''
      ? 'the file is empty'
      : offset >= text.length
        ? 'the text ends before the JSON value does'
        : `unexpected ${JSON.stringify(text.charAt(offset))}`;
  return new MsbomError('ERR_JSON_SYNTAX', what, { file, ...place(text, Math.min(offset, text.length)), cause });
}

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)))/y;

/** Offset of the first token that cannot stand where it stands. Only called for texts that JSON.parse refused. */
function firstSyntaxError(text: string): number {
  const open: string[] = [];
  let expect: 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing' = 'value';
  const token = new RegExp(TOKEN);
  const space = /[ \t\n\r]*/y;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; ; at = token.lastIndex) {
    space.lastIndex = at;
    space.test(text);
    const start = space.lastIndex;
    token.lastIndex = start;
    const match = token.exec(text);
    if (match === null) return start;
    const [, mark, string] = match;
    const isValue = mark === undefined || mark === '{' || mark === '[';
    const ends = (mark === '}' && open.at(-1) === '{') || (mark === ']' && open.at(-1) === '[');
    if (expect === 'colon' && mark === ':') expect = 'value';
    else if ((expect === 'key' || expect === 'key or end') && string !== undefined) expect = 'colon';
    else if ((expect === 'value' || expect === 'value or end') && isValue) {
      if (mark !== undefined) open.push(mark);
      expect = mark === '{' ? 'key or end' : mark === '[' ? 'value or end' : open.length > 0 ? 'comma or end' : 'nothing';
    } else if (ends && expect.endsWith('or end')) {
      open.pop();
      expect = open.length > 0 ? 'comma or end' : 'nothing';
    } else if (expect === 'comma or end' && mark === ',') expect = open.at(-1) === '{' ? 'key' : 'value';
    else return start;
  }
}

/** Offset of the first byte that cannot be UTF-8, by halving: a prefix is good when a streaming decoder takes it. */
function firstBadByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.byteLength;
  while (low < high) {
    const middle = (low + high) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle + 1), { stream: true });
      low = middle + 1;
    } catch {
      high = middle;
    }
  }
  return low;
}
