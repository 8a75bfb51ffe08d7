/** Python literals as a header of NumPy needs them: texts, whole numbers, True, False, None, tuples, lists and dicts. */

/** A dict is a Map, a tuple and a list are arrays. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

/** What is wrong with a literal, and where in the text. */
export class LiteralError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const MAX_DEPTH = 32;
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/**
 * The one literal that `text` holds; nothing is evaluated.
 * @throws LiteralError
 */
export function parseLiteral(text: string): Literal {
  let at = 0;
  const token = /\s*(?:([([{)\]},:])|([bu]?)(['"])|(-?\d+)L?(?![\w.])|([A-Za-z]+))/y;
  const fail = (message: string, where = at): LiteralError => new LiteralError(message, where);

  function next(): RegExpExecArray {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw fail('a value is missing or not a literal');
    at = token.lastIndex;
    return match;
  }

  /** Is the next mark `mark`? Then it is taken. */
  function takes(mark: string): boolean {
    const before = at;
    token.lastIndex = at;
    const match = token.exec(text);
    if (match?.[1] === mark) {
      at = token.lastIndex;
      return true;
    }
    at = before;
    return false;
  }

  function value(depth: number): Literal {
    if (depth > MAX_DEPTH) throw fail(`literals nest deeper than ${MAX_DEPTH}`);
    const [, mark, , quote, digits, word] = next();
    if (quote !== undefined) return quoted(quote);
    if (digits !== undefined) return whole(digits);
    if (mark === '(') return items(')', depth);
    if (mark === '[') return items(']', depth);
    if (mark === '{') return entries(depth);
    const constant = word === undefined ? undefined : WORDS.get(word);
    if (constant === undefined) throw fail(`\`${(word ?? mark ?? '').slice(0, 40)}\` is not a literal`);
    return constant;
  }

  function whole(digits: string): number {
    const number = Number(digits);
    if (!Number.isSafeInteger(number)) throw fail(`the number ${digits.slice(0, 40)} is too large`);
    return number;
  }

  /** A tuple or a list; one item in parentheses without a comma is that item. */
  function items(close: ')' | ']', depth: number): Literal {
    const found: Literal[] = [];
    let comma = close === ']';
    while (!takes(close)) {
      found.push(value(depth + 1));
      if (takes(',')) comma = true;
      else if (takes(close)) break;
      else throw fail(`\`${close}\` or a comma is missing`);
    }
    const [only] = found;
    return !comma && found.length === 1 && only !== undefined ? only : found;
  }

  function entries(depth: number): ReadonlyMap<string, Literal> {
    const found = new Map<string, Literal>();
    while (!takes('}')) {
      const key = value(depth + 1);
      if (typeof key !== 'string') throw fail('a key is not a text');
      if (found.has(key)) throw fail(`the key \`${key.slice(0, 80)}\` stands twice`);
      if (!takes(':')) throw fail('a colon is missing');
      found.set(key, value(depth + 1));
      if (!takes(',')) {
        if (takes('}')) break;
        throw fail('`}` or a comma is missing');
      }
    }
    return found;
  }

  function quoted(quote: string): string {
    let result = '';
    for (;;) {
      const character = text[at++];
      if (character === undefined || character === '\n') throw fail('a text has no end', at - 1);
      if (character === quote) return result;
      result += character === '\\' ? escaped() : character;
    }
  }

  function escaped(): string {
    const letter = text[at++] ?? '';
    const simple = SIMPLE_ESCAPES.get(letter);
    if (simple !== undefined) return simple;
    const digits = { x: 2, u: 4, U: 8 }[letter];
    const code = digits === undefined ? '' : text.slice(at, at + digits);
    if (digits === undefined || code.length < digits || !/^[0-9a-fA-F]+$/.test(code) || Number.parseInt(code, 16) > 0x10ffff)
      throw fail('an escape in a text is not known', at - 1);
    at += digits;
    return String.fromCodePoint(Number.parseInt(code, 16));
  }

  const result = value(0);
  if (text.slice(at).trim() !== '') throw fail('something stands behind the literal');
  return result;
}
