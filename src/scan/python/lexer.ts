/** Words of Python code: enough to see what is imported and called. Nothing is run. */

export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'mark' | 'line';
  /** The value of a string, the spelling of others. */
  readonly text: string;
  readonly at: number;
}

const MAX_TOKENS = 2_000_000;
const isLetter = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c >= '\u0080';
const isDigit = (c: string): boolean => c >= '0' && c <= '9';

/** The tokens of a text, whether it is right Python or not. Comments are left out; `line` stands at the end of each line. */
export function tokens(text: string): readonly Token[] {
  const out: Token[] = [];
  let i = 0;
  while (i < text.length && out.length < MAX_TOKENS) {
    const c = text.charAt(i);
    if (c === '\n' || c === ';') {
      out.push({ kind: 'line', text: c, at: i });
      i++;
    } else if (c === '\\' && (text[i + 1] === '\n' || text[i + 1] === '\r')) i += 2;
    else if (c <= ' ') i++;
    else if (c === '#') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
    } else if (c === '"' || c === "'") i = readString(text, i, false, out);
    else if (isLetter(c)) {
      let end = i + 1;
      while (end < text.length && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) end++;
      const quote = text.charAt(end);
      const word = text.slice(i, end);
      if ((quote === '"' || quote === "'") && word.length <= 2) i = readString(text, end, word.toLowerCase().includes('r'), out);
      else {
        // Python takes letters of other forms for the plain ones.
        out.push({ kind: 'name', text: word.normalize('NFKC'), at: i });
        i = end;
      }
    } else if (isDigit(c)) {
      let end = i + 1;
      while (end < text.length && (isDigit(text.charAt(end)) || isLetter(text.charAt(end)))) end++;
      out.push({ kind: 'number', text: text.slice(i, end), at: i });
      i = end;
    } else {
      out.push({ kind: 'mark', text: c, at: i });
      i++;
    }
  }
  return out;
}

const ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Strings that stand beside each other are one. */
function readString(text: string, open: number, raw: boolean, out: Token[]): number {
  const quote = text.charAt(open);
  const triple = text.startsWith(quote.repeat(3), open);
  const mark = triple ? quote.repeat(3) : quote;
  let value = '';
  let from = open + mark.length;
  let i = from;
  for (; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') {
      const digits = raw ? undefined : ESCAPES[text.charAt(i + 1)];
      const code = digits === undefined ? Number.NaN : Number.parseInt(text.slice(i + 2, i + 2 + digits), 16);
      if (digits !== undefined && code >= 0 && code <= 0x10ffff) {
        value += text.slice(from, i) + String.fromCodePoint(code);
        i += 1 + digits;
        from = i + 1;
      } else i++;
    } else if (c === quote && text.startsWith(mark, i)) break;
    else if (c === '\n' && !triple) break;
  }
  value += text.slice(from, Math.min(i, text.length));
  const before = out.at(-1);
  if (before?.kind === 'string') out[out.length - 1] = { ...before, text: before.text + value };
  else out.push({ kind: 'string', text: value, at: open });
  return text[i] === '\n' ? i : i + mark.length;
}
