import type { JsonValue } from './canonical-json.js';
import { MsbomError } from './error.js';
import { toPointer } from './json-pointer.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';

export interface ParseJsonOptions {
  /** Name for messages. */
  readonly file?: string;
  readonly limits?: Pick<Limits, 'maxDocumentBytes' | 'maxDepth'>;
  /**
   * What becomes of whole numbers that a double cannot hold exactly: they are refused (the default), read as the text of their digits,
   * or rounded as JSON.parse does it.
   */
  readonly inexactIntegers?: 'refuse' | 'text' | 'round';
}

/** A place in a text; all but `offset` (UTF-16 units from 0) count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
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
  const { file, limits = DEFAULT_LIMITS, inexactIntegers = 'refuse' } = options;
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
  const { members: kept, isHeld } = measure(value);
  if (!isHeld) throw infiniteNumber(text, file);
  if (kept !== members || text.includes('__proto__') || text.includes('\\u005')) explainKeys(text, file);
  return value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** @throws ERR_JSON_NUMBER with line and column for a JSON text with a whole number that changes when it is read as a double */
export function requireKeptIntegers(text: string, file?: string): void {
  const refuse = INTEGERS.refuse([], text, file);
  scan(text, Number.POSITIVE_INFINITY, file, (start, end) => {
    const digits = text.slice(start, end + 1);
    if (String(Number(digits)) !== digits && BigInt(Number(digits)) !== BigInt(digits)) refuse(start, end);
  });
}

/** The JSON text with the same numbers, and none that `parseJson` refuses to read: whole ones beyond 2^53 - 1 get an exponent. */
export function withExponents(text: string): string {
  const inexact: Span[] = [];
  scan(text, Number.POSITIVE_INFINITY, undefined, INTEGERS.text(inexact, text, undefined));
  return replaced(text, inexact, (digits) => Number(digits).toExponential());
}

/** Where something begins in a text, and where the next thing does. */
type Span = readonly [start: number, end: number];

/** Told where the digits of a whole number beyond 2^53 - 1 begin, and where the last one is. */
type OnInexact = (start: number, end: number) => void;

const INTEGERS: Readonly<
  Record<NonNullable<ParseJsonOptions['inexactIntegers']>, (found: Span[], text: string, file: string | undefined) => OnInexact>
> = {
  refuse:
    (_, text, file) =>
    (start, end): never => {
      const number = text.slice(start, end + 1);
      throw new MsbomError(
        'ERR_JSON_NUMBER',
        `${number.length > 40 ? `${number.slice(0, 40)}…` : number} is too large to be held exactly`,
        {
          file,
          ...place(text, start),
          hint: 'Write it as a string.',
        },
      );
    },
  text: (found, text) => (start, end) => void found.push([text[start - 1] === '-' ? start - 1 : start, end + 1]),
  round: () => () => undefined,
};

/** The text with others in place of spans of it, which are in order. */
function replaced(text: string, spans: readonly Span[], by: (part: string) => string): string {
  let done = 0;
  const parts = spans.map(([start, end]) => {
    const part = text.slice(done, start) + by(text.slice(start, end));
    done = end;
    return part;
  });
  return parts.join('') + text.slice(done);
}

/** One pass over the text: depth, size of whole numbers and the number of members (one colon each outside strings). */
function scan(text: string, maxDepth: number, file: string | undefined, onInexact: OnInexact): number {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = endOfString(text, i);
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) {
        throw new MsbomError('ERR_LIMIT_DEPTH', `the document nests deeper than ${maxDepth}`, { file, ...place(text, i) });
      }
    } else if (c === 0x7d || c === 0x5d) depth--;
    else if (c === 0x3a) members++;
    else if (c >= 0x30 && c <= 0x39) i = endOfNumber(text, i, onInexact);
  }
  return members;
}

/** Index of the closing quote of the string that opens at `i`, or the end of the text. */
function endOfString(text: string, i: number): number {
  for (let j = i + 1; ; ) {
    const quote = text.indexOf('"', j);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH && quote - 1 - slashes > i) slashes++;
    if (slashes % 2 === 0) return quote;
    j = quote + 1;
  }
}

const isNumberUnit = (c: number): boolean => (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x2b || c === 0x2d || c === 0x65 || c === 0x45;

/** Index of the last unit of the number at `i`; tells of whole numbers beyond 2^53 - 1. */
function endOfNumber(text: string, i: number, onInexact: OnInexact): number {
  let j = i;
  while (isNumberUnit(text.charCodeAt(j + 1))) j++;
  if (j - i >= 15 && !isExactInteger(text.slice(i, j + 1))) onInexact(i, j);
  return j;
}

const isExactInteger = (digits: string): boolean => !/^\d+$/.test(digits) || Number.isSafeInteger(Number(digits));

/** The members of all objects, and whether every number is one that a double can hold. */
function measure(root: JsonValue): { readonly members: number; readonly isHeld: boolean } {
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
function explainKeys(text: string, file: string | undefined): void {
  walk(text, (path, offset, seen, key) => {
    const pointer = toPointer([...path, key]);
    if (key === '__proto__') {
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

/** Line and column of an index into the text. */
function place(text: string, offset: number): TextPlace {
  return placesIn(text)(offset);
}

/** The same for many indices: the lines are found once. */
export function placesIn(text: string): (offset: number) => TextPlace {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
  };
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
