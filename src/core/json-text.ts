/** A JSON text before it is parsed: its places, its depth and its numbers. */
import { MsbomError } from './error.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';

/** A place in a text; all but `offset` (UTF-16 units from 0) count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Line and column of an index into the text. */
export function place(text: string, offset: number): TextPlace {
  let line = 1;
  let start = 0;
  // One place needs no list of all lines, of which there may be millions.
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) {
    line++;
    start = i + 1;
  }
  return { line, column: offset - start + 1, offset };
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

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** Where something begins in a text, and where the next thing does. */
export type Span = readonly [start: number, end: number];

/** Told where the digits of a whole number beyond 2^53 - 1 begin, and where the last one is. */
type OnInexact = (start: number, end: number) => void;

/** What becomes of whole numbers that a double cannot hold exactly. */
export type InexactIntegers = 'refuse' | 'text' | 'round';

/** What is done where there is one; `text` collects them. */
export const INTEGERS: Readonly<Record<InexactIntegers, (found: Span[], text: string, file: string | undefined) => OnInexact>> = {
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

/** @throws ERR_JSON_NUMBER with line and column for a JSON text with a whole number that changes when it is read as a double */
export function requireKeptIntegers(text: string, file?: string): void {
  const refuse = INTEGERS.refuse([], text, file);
  scan(text, { maxDepth: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY }, file, (start, end) => {
    const digits = text.slice(start, end + 1);
    const number = Number(digits);
    if (String(number) !== digits && !(Number.isFinite(number) && BigInt(number) === BigInt(digits))) refuse(start, end);
  });
}

/** The JSON text with the same numbers, and none that `parseJson` refuses to read: whole ones beyond 2^53 - 1 get an exponent. */
export function withExponents(text: string): string {
  const inexact: Span[] = [];
  scan(
    text,
    { maxDepth: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY },
    undefined,
    INTEGERS.text(inexact, text, undefined),
  );
  return replaced(text, inexact, (digits) => Number(digits).toExponential());
}

/** The text with others in place of spans of it, which are in order. */
export function replaced(text: string, spans: readonly Span[], by: (part: string) => string): string {
  let done = 0;
  const parts = spans.map(([start, end]) => {
    const part = text.slice(done, start) + by(text.slice(start, end));
    done = end;
    return part;
  });
  return parts.join('') + text.slice(done);
}

/** Ceilings on a JSON text. */
type TextLimits = Pick<Limits, 'maxDepth'> & Partial<Pick<Limits, 'maxValues'>> & { readonly maxMembers?: number };

/**
 * One pass over the text: depth, number of values, size of whole numbers. Returns the number of members (one colon each outside strings).
 * @throws ERR_LIMIT_DEPTH and ERR_LIMIT_COUNT with line and column
 */
export function scan(text: string, limits: TextLimits, file: string | undefined, onInexact: OnInexact): number {
  const { maxDepth, maxValues = DEFAULT_LIMITS.maxValues, maxMembers = maxValues } = limits;
  let depth = 0;
  let members = 0;
  let values = 0;
  const tooMany = (what: string, i: number): MsbomError =>
    new MsbomError('ERR_LIMIT_COUNT', `the document has more than ${what}`, { file, ...place(text, i) });
  const value = (i: number): void => {
    if (++values > maxValues) throw tooMany(`${maxValues} values`, i);
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = endOfString(text, i);
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) {
        throw new MsbomError('ERR_LIMIT_DEPTH', `the document nests deeper than ${maxDepth}`, { file, ...place(text, i) });
      }
      value(i);
    } else if (c === 0x7d || c === 0x5d) depth--;
    else if (c === 0x3a) {
      if (++members > maxMembers) throw tooMany(`${maxMembers} members`, i);
    }
    // All values of a list or map but the first stand behind a comma, and the first behind its opening.
    else if (c === 0x2c) value(i);
    else if (c >= 0x30 && c <= 0x39) i = endOfNumber(text, i, onInexact);
  }
  return members;
}

/** Index of the closing quote of the string that opens at `i`, or the end of the text. */
export function endOfString(text: string, i: number): number {
  for (let j = i + 1; ; ) {
    const quote = text.indexOf('"', j);
    if (quote === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH && quote - 1 - slashes > i) slashes++;
    if (slashes % 2 === 0) return quote;
    j = quote + 1;
  }
}

export const isNumberUnit = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x2b || c === 0x2d || c === 0x65 || c === 0x45;

/** Index of the last unit of the number at `i`; tells of whole numbers beyond 2^53 - 1. */
function endOfNumber(text: string, i: number, onInexact: OnInexact): number {
  let j = i;
  while (isNumberUnit(text.charCodeAt(j + 1))) j++;
  if (j - i >= 15 && !isExactInteger(text.slice(i, j + 1))) onInexact(i, j);
  return j;
}

const isExactInteger = (digits: string): boolean => !/^\d+$/.test(digits) || Number.isSafeInteger(Number(digits));
