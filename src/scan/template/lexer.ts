/** Cuts a template of Jinja into texts and tags, and what is in the tags into words. Nothing is ever rendered. */

export interface Piece {
  readonly kind: 'text' | 'print' | 'tag';
  /** A text as it stands; the inside of a tag. */
  readonly text: string;
  readonly at: number;
}

const MAX_PIECES = 200_000;

/** Texts and tags in order; comments are left out. An opening without its end ends the template. */
export function pieces(source: string): readonly Piece[] {
  const out: Piece[] = [];
  let at = 0;
  while (at < source.length && out.length < MAX_PIECES) {
    const open = nextOpening(source, at);
    if (open < 0) break;
    if (open > at) out.push({ kind: 'text', text: source.slice(at, open), at });
    const mark = source[open + 1];
    const end = mark === '#' ? source.indexOf('#}', open + 2) : endOfTag(source, open + 2, mark === '{' ? '}}' : '%}');
    if (end < 0) return out;
    at = end + 2;
    if (mark === '#') continue;
    const inside = trimmedTag(source.slice(open + 2, end));
    if (mark === '%' && inside.trim() === 'raw') at = behindRaw(source, at, out);
    else out.push({ kind: mark === '{' ? 'print' : 'tag', text: inside, at: open });
  }
  if (at < source.length) out.push({ kind: 'text', text: source.slice(at), at });
  return out;
}

function nextOpening(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
}

/** The end of a tag does not stand in a string. */
function endOfTag(source: string, from: number, end: string): number {
  let braces = 0;
  for (let i = from; i < source.length; i++) {
    const c = source[i];
    if (c === '"' || c === "'") {
      i = endOfString(source, i);
      if (i < 0) return -1;
    } else if (c === '{') braces++;
    else if (c === '}' && braces > 0) braces--;
    else if (c === end[0] && source[i + 1] === end[1]) return i;
  }
  return -1;
}

function endOfString(source: string, open: number): number {
  for (let i = open + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === source[open]) return i;
  }
  return -1;
}

const trimmedTag = (inside: string): string =>
  inside.slice(inside.startsWith('-') || inside.startsWith('+') ? 1 : 0, inside.endsWith('-') || inside.endsWith('+') ? -1 : undefined);

/** Behind the end of a raw block, whose content is text. */
function behindRaw(source: string, from: number, out: Piece[]): number {
  for (let open = source.indexOf('{%', from); open >= 0; open = source.indexOf('{%', open + 2)) {
    const close = source.indexOf('%}', open);
    if (close < 0) break;
    if (trimmedTag(source.slice(open + 2, close)).trim() !== 'endraw') continue;
    out.push({ kind: 'text', text: source.slice(from, open), at: from });
    return close + 2;
  }
  return source.length;
}

export interface Word {
  readonly kind: 'name' | 'string' | 'number' | 'mark';
  readonly text: string;
}

const MARKS = ['**', '//', '==', '!=', '<=', '>='];
const isLetter = (c: string): boolean => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c >= '\u0080';
const isDigit = (c: string): boolean => c >= '0' && c <= '9';

/** The words of the inside of a tag; undefined where a string has no end. */
export function words(text: string): readonly Word[] | undefined {
  const out: Word[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text.charAt(i);
    let end = i + 1;
    if (c <= ' ') {
      i++;
      continue;
    }
    if (c === '"' || c === "'") {
      const close = endOfString(text, i);
      if (close < 0) return undefined;
      out.push({ kind: 'string', text: unescaped(text.slice(i + 1, close)) });
      i = close + 1;
      continue;
    }
    if (isLetter(c)) {
      while (end < text.length && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) end++;
      // Python takes letters of other forms for the plain ones.
      out.push({ kind: 'name', text: text.slice(i, end).normalize('NFKC') });
    } else if (isDigit(c)) {
      while (end < text.length && (isDigit(text.charAt(end)) || isLetter(text.charAt(end)) || isFraction(text, end))) end++;
      out.push({ kind: 'number', text: text.slice(i, end).replaceAll('_', '') });
    } else {
      const pair = text.slice(i, i + 2);
      if (MARKS.includes(pair)) end = i + 2;
      out.push({ kind: 'mark', text: text.slice(i, end) });
    }
    i = end;
  }
  return out;
}

const isFraction = (text: string, at: number): boolean => text[at] === '.' && isDigit(text.charAt(at + 1));

const PLAIN_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\u0007', '\n': '' };
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A string with its escapes of Python resolved: plain ones, hexadecimal, octal, by code point. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') {
      out += text[i];
      continue;
    }
    const mark = text.charAt(++i);
    const digits = CODE_LENGTHS[mark];
    if (digits !== undefined) {
      const code = Number.parseInt(text.slice(i + 1, i + 1 + digits), 16);
      if (code >= 0 && code <= 0x10ffff) {
        out += String.fromCodePoint(code);
        i += digits;
      } else out += `\\${mark}`;
    } else if (mark >= '0' && mark <= '7') {
      let length = 1;
      while (length < 3 && text.charAt(i + length) >= '0' && text.charAt(i + length) <= '7') length++;
      out += String.fromCharCode(Number.parseInt(text.slice(i, i + length), 8));
      i += length - 1;
    } else out += PLAIN_ESCAPES[mark] ?? (mark === '\\' || mark === '"' || mark === "'" ? mark : `\\${mark}`);
  }
  return out;
}
