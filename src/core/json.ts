import type { JsonValue } from './canonical-json.js';
import { MsbomError } from './error.js';
import { parsePointer, toPointer } from './json-pointer.js';
import {
  BACKSLASH,
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
  readonly limits?: Pick<Limits, 'maxDocumentBytes' | 'maxDepth'> &
    Partial<Pick<Limits, 'maxValues'>> & {
      /** Members of all objects; default as many as values. One with a name that no other has takes some 500 bytes. */
      readonly maxMembers?: number;
    };
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
 * @throws ERR_JSON_* with line and column, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH
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
  const members = scan(text, limits, file, INTEGERS[inexactIntegers](inexact, text, file));
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
  interface Level {
    readonly parent: Level | undefined;
    readonly key: string;
    /** Made with the first member: most values have none. */
    seen?: Set<string>;
  }
  const pointerOf = (level: Level, key: string): string => {
    const path = [key];
    for (let at: Level | undefined = level; at?.parent !== undefined; at = at.parent) path.unshift(at.key);
    return toPointer(path);
  };
  walk<Level>(text, { parent: undefined, key: '' }, (parent, key, offset, isMember) => {
    if (isMember && key === '__proto__' && !bare) {
      throw new MsbomError('ERR_JSON_FORBIDDEN_KEY', 'the key "__proto__" is never allowed', {
        file,
        pointer: pointerOf(parent, key),
        ...place(text, offset),
      });
    }
    if (isMember && parent.seen?.has(key)) {
      throw new MsbomError('ERR_JSON_DUPLICATE_KEY', `the key ${shown(key)} stands twice in one object`, {
        file,
        pointer: pointerOf(parent, key),
        ...place(text, offset),
        hint: 'Keep one of the two; readers disagree about which one counts.',
      });
    }
    if (isMember) {
      parent.seen ??= new Set();
      parent.seen.add(key);
    }
    return { parent, key };
  });
}

const MAX_SHOWN = 200;
const shown = (key: string): string => JSON.stringify(key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}…` : key);

/**
 * Where the value of a pointer stands in the text (its key, for a member of an object). Falls back to the nearest
 * parent that exists, so that a missing property is shown at the object that lacks it.
 */
export function locatePointer(text: string, pointer: string): TextPlace {
  const places = locatePointers(text, [pointer]);
  return places.get(pointer) ?? { line: 1, column: 1, offset: 0 };
}

/** A part of the pointers that are looked for, and where its value was found. */
interface Wanted {
  readonly parts: Map<string, Wanted>;
  offset: number | undefined;
}

/** The places of many pointers in one walk: it takes as long as text and pointers are, however deep or long the keys. */
export function locatePointers(text: string, pointers: readonly string[]): Map<string, TextPlace> {
  const root: Wanted = { parts: new Map(), offset: Math.max(0, text.search(/[^\s\ufeff]/)) };
  const paths = new Map(pointers.map((pointer) => [pointer, wantedPath(root, pointer)]));
  walk<Wanted | undefined>(text, root, (parent, key, offset) => {
    const here = parent?.parts.get(key);
    // Of a key that stands twice, the first counts, with all that is in it.
    if (here === undefined || here.offset !== undefined) return undefined;
    here.offset = offset;
    return here;
  });
  const placeAt = placesIn(text);
  return new Map([...paths].map(([pointer, path]) => [pointer, placeAt(path.findLast(({ offset }) => offset !== undefined)?.offset ?? 0)]));
}

/** The parts of a pointer, the root first; those that are not known are added. */
function wantedPath(root: Wanted, pointer: string): readonly Wanted[] {
  const path = [root];
  let at = root;
  for (const key of parsePointer(pointer) ?? []) {
    const next: Wanted = at.parts.get(key) ?? { parts: new Map(), offset: undefined };
    at.parts.set(key, next);
    path.push(next);
    at = next;
  }
  return path;
}

/** Told the value that holds it, its key or index, where it stands and whether it is a member of an object; says what stands for it. */
type Meet<T> = (parent: T, key: string, offset: number, isMember: boolean) => T;

/** Calls `meet` for every member and array item of a text that JSON.parse accepts. `T` is what the caller keeps for each value. */
function walk<T>(text: string, root: T, meet: Meet<T>): void {
  const stack: { readonly array: boolean; readonly value: T; index: number }[] = [];
  // What stands for the value that comes next.
  let next = root;
  let expectKey = false;
  const item = (offset: number): void => {
    const frame = stack.at(-1);
    if (frame?.array) next = meet(frame.value, String(frame.index), offset, false);
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const frame = stack.at(-1);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      if (frame && expectKey) {
        next = meet(frame.value, JSON.parse(text.slice(i, end + 1)) as string, i, true);
        expectKey = false;
      } else item(i);
      i = end;
    } else if (c === 0x7b || c === 0x5b) {
      item(i);
      stack.push({ array: c === 0x5b, value: next, index: 0 });
      expectKey = c === 0x7b;
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop();
      expectKey = false;
    } else if (c === 0x2c && frame) {
      frame.index++;
      expectKey = !frame.array;
    } else if (c > 0x20 && c !== 0x3a && c !== 0xfeff) {
      item(i);
      while (i + 1 < text.length && isWordUnit(text.charCodeAt(i + 1))) i++;
    }
  }
}

/** A unit of a number or of `true`, `false`, `null`. */
const isWordUnit = (c: number): boolean => c > 0x20 && c !== 0x2c && c !== 0x5d && c !== 0x7d;

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

/** Numbers and words of JSON. Strings are read by a loop: a pattern would keep a place to return to for each of their units. */
const WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Index behind the string that opens at `start`, or undefined when there is a fault in it or no end. */
function behindString(text: string, start: number): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c < 0x20) return undefined;
    if (c !== BACKSLASH) continue;
    ESCAPE.lastIndex = i;
    if (!ESCAPE.test(text)) return undefined;
    i = ESCAPE.lastIndex - 1;
  }
  return undefined;
}

/** Index behind a number or a word that begins at `start`. */
function behindWord(text: string, start: number): number | undefined {
  WORD.lastIndex = start;
  return WORD.test(text) ? WORD.lastIndex : undefined;
}

/** Index of the first unit at or behind `at` that is no space of JSON. */
function behindSpace(text: string, at: number): number {
  let i = at;
  for (let c = text.charCodeAt(i); c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = text.charCodeAt(i)) i++;
  return i;
}

/** Offset of the first token that cannot stand where it stands. Only called for texts that JSON.parse refused. */
function firstSyntaxError(text: string): number {
  const open: string[] = [];
  let expect: 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing' = 'value';
  const after = (): typeof expect => (open.length > 0 ? 'comma or end' : 'nothing');
  for (let at = text.startsWith('\ufeff') ? 1 : 0; ; ) {
    const start = behindSpace(text, at);
    const c = text.charAt(start);
    const isMark = c !== '' && '{}[],:'.includes(c);
    const end = isMark ? start + 1 : c === '"' ? behindString(text, start) : behindWord(text, start);
    if (end === undefined) return start;
    at = end;
    const isEnd = (c === '}' && open.at(-1) === '{') || (c === ']' && open.at(-1) === '[');
    if (expect === 'colon' && c === ':') expect = 'value';
    else if (expect.startsWith('key') && c === '"') expect = 'colon';
    else if (expect.startsWith('value') && (c === '{' || c === '[')) {
      open.push(c);
      expect = c === '{' ? 'key or end' : 'value or end';
    } else if (expect.startsWith('value') && !isMark) expect = after();
    else if (isEnd && expect.endsWith('or end')) {
      open.pop();
      expect = after();
    } else if (expect === 'comma or end' && c === ',') expect = open.at(-1) === '{' ? 'key' : 'value';
    else return start;
  }
}

const DECODED_AT_ONCE = 64 * 1024;

/** Offset of the first byte that cannot be UTF-8: the block that a decoder refuses, then by halving it. */
function firstBadByte(bytes: Uint8Array): number {
  const isGood = (from: number, to: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let from = 0;
  let to = Math.min(bytes.byteLength, DECODED_AT_ONCE);
  while (to < bytes.byteLength && isGood(from, to)) {
    // The next block begins with a whole character: at most three bytes of one can follow its first.
    from = to;
    for (let back = 0; back < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80; back++) from--;
    to = Math.min(bytes.byteLength, from + DECODED_AT_ONCE);
  }
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isGood(from, middle + 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}
