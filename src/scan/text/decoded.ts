/** Bytes that a text spells out: as lists of numbers, as escapes of texts, in base 32 and base 85. */

/** How one way begins when what it spells out is a pickle or an archive, and how it goes on. */
interface Spelling {
  readonly layer: string;
  readonly begins: readonly string[];
  readonly read: (content: string, at: number) => Spelled | undefined;
}

/** Bytes, and where what spells them ends. */
export interface Spelled {
  readonly layer: string;
  readonly at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Bytes of one text that are decoded. */
const MAX_BYTES = 16 * 1024 * 1024;
const SHORTEST = 12;

const hexDigit = (code: number): number =>
  code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x61 && code <= 0x66 ? code - 0x57 : code >= 0x41 && code <= 0x46 ? code - 0x37 : -1;

function hexAt(content: string, at: number, digits: number): number {
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = hexDigit(content.charCodeAt(at + i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Letters behind a backslash that stand for one byte, in Python, C and JSON. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "'": 39,
  '/': 47,
  '\\': 92,
};

const QUOTES = '"\'`';

/** `\x80`, `\u0080`, `\200`, `%80`, and letters as they stand, up to the quote in front of them, or any. */
function escapes(content: string, at: number): Spelled | undefined {
  const bytes: number[] = [];
  const quote = QUOTES.includes(content.charAt(at - 1)) ? content.charCodeAt(at - 1) : 0;
  let i = at;
  while (i < content.length && bytes.length < MAX_BYTES) {
    const code = content.charCodeAt(i);
    if (code === 0x25) {
      const value = hexAt(content, i + 1, 2);
      if (value < 0) bytes.push(0x25);
      else {
        bytes.push(value);
        i += 2;
      }
      i++;
    } else if (code === 0x5c) {
      const mark = content.charAt(i + 1);
      const digits = mark === 'x' ? 2 : mark === 'u' ? 4 : 0;
      const value = digits > 0 ? hexAt(content, i + 2, digits) : octalAt(content, i + 1);
      if (digits > 0 ? value >= 0 && value < 256 : value >= 0) {
        bytes.push(value & 0xff);
        i += digits > 0 ? 2 + digits : 4;
      } else if (mark === '0') {
        bytes.push(0);
        i += 2;
      } else {
        const letter = ESCAPES[mark];
        if (letter === undefined) break;
        bytes.push(letter);
        i += 2;
      }
    } else if (code === quote || (quote === 0 && QUOTES.includes(content.charAt(i))) || code > 0xff || code < 0x20) break;
    else {
      bytes.push(code);
      i++;
    }
  }
  return { layer: 'escapes', at, end: i, bytes: Uint8Array.from(bytes) };
}

function octalAt(content: string, at: number): number {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const digit = content.charCodeAt(at + i) - 0x30;
    if (!(digit >= 0 && digit < 8)) return -1;
    value = value * 8 + digit;
  }
  return value;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isBetween = (code: number): boolean => code === 0x2c || code === 0x20 || (code >= 9 && code <= 13) || code === 0x3b || code === 0x3a;

/** Numbers of bytes with commas, colons or blanks between them: `[128, 4, 149]`, `0x80, 0x04`, `80 04 95`, YAML's `- 128`. */
function numbers(content: string, at: number): Spelled | undefined {
  const values: number[] = [];
  const isHex = content.charCodeAt(at + 1) === 0x78 || isPairs(content, at);
  let i = at;
  while (i < content.length && values.length < MAX_BYTES) {
    const isNegative = content.charCodeAt(i) === 0x2d;
    if (isNegative) i++;
    let value = 0;
    let digits = 0;
    if (isHex) {
      if (content.charCodeAt(i + 1) === 0x78) i += 2;
      for (let digit = hexDigit(content.charCodeAt(i)); digit >= 0 && digits < 3; digit = hexDigit(content.charCodeAt(i))) {
        value = value * 16 + digit;
        digits++;
        i++;
      }
    } else for (; isDigit(content.charCodeAt(i)) && digits < 4; digits++, i++) value = value * 10 + content.charCodeAt(i) - 0x30;
    if (digits === 0 || value > 255 || (isNegative && value > 128)) break;
    values.push(isNegative ? 256 - value : value);
    const end = i;
    if (content.startsWith('.0', i)) i += 2;
    while (isBetween(content.charCodeAt(i)) || (content.charCodeAt(i) === 0x2d && content.charCodeAt(i + 1) === 0x20)) i++;
    if (i === end) break;
  }
  return { layer: 'numbers', at, end: i, bytes: Uint8Array.from(values) };
}

/** Two digits each, with a blank, a comma or a colon behind, and the first two of them those of a beginning. */
const isPairs = (content: string, at: number): boolean =>
  [0, 3, 6].every((i) => hexAt(content, at + i, 2) >= 0 && isBetween(content.charCodeAt(at + i + 2))) &&
  isHead(hexAt(content, at, 2), hexAt(content, at + 3, 2));

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(content: string, at: number): Spelled | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  let i = at;
  for (; i < content.length && bytes.length < MAX_BYTES; i++) {
    const digit = BASE32.indexOf(content.charAt(i));
    if (digit < 0) break;
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return { layer: 'base32', at, end: i, bytes: Uint8Array.from(bytes) };
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Alphabets of base 85: of `base64.b85encode`, of Ascii85, of ZeroMQ. */
const ALPHABETS: readonly (readonly [layer: string, letters: string])[] = [
  ['base85', `${LETTERS}!#$%&()*+-;<=>?@^_\`{|}~`],
  ['ascii85', String.fromCharCode(...Array.from({ length: 85 }, (_, i) => 33 + i))],
  ['z85', '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'],
];

const base85 =
  (layer: string, letters: string) =>
  (content: string, at: number): Spelled | undefined => {
    const bytes: number[] = [];
    let value = 0;
    let count = 0;
    let i = at;
    for (; i < content.length && bytes.length < MAX_BYTES; i++) {
      // A quote is a letter of Ascii85 that JSON and Python escape.
      if (content[i] === '\\' && (content[i + 1] === '"' || content[i + 1] === '\\')) i++;
      const digit = letters.indexOf(content.charAt(i));
      if (content[i] === 'z' && layer === 'ascii85' && count === 0) {
        bytes.push(0, 0, 0, 0);
        continue;
      }
      if (digit < 0 || (content[i] === '"' && content[i - 1] !== '\\')) break;
      value = value * 85 + digit;
      if (++count < 5) continue;
      if (value > 0xffffffff) return undefined;
      bytes.push(Math.floor(value / 2 ** 24), (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
      value = 0;
      count = 0;
    }
    if (count > 1) {
      for (let k = count; k < 5; k++) value = value * 85 + 84;
      for (let k = 0; k < count - 1; k++) bytes.push(Math.floor(value / 2 ** (24 - 8 * k)) & 0xff);
    }
    return { layer, at, end: i, bytes: Uint8Array.from(bytes) };
  };

/** First bytes of pickles, of zip, gzip, zlib and bzip2. */
const HEADS: readonly (readonly number[])[] = [
  [0x80, 2],
  [0x80, 3],
  [0x80, 4],
  [0x80, 5],
  [0x50, 0x4b, 3],
  [0x1f, 0x8b],
  [0x78, 1],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x42, 0x5a, 0x68],
];
/** `c` and a letter: pickles of protocol 0 begin with a name. */
const NAMED: readonly (readonly number[])[] = [0x5f, 0x61, 0x66, 0x6a, 0x70, 0x75, 0x7a].map((letter) => [0x63, letter]);

/** Are these the first two bytes of a beginning? */
const isHead = (first: number, second: number): boolean =>
  HEADS.some(([x, y]) => x === first && y === second) || (first === 0x63 && (second === 0x5f || (second >= 0x61 && second <= 0x7a)));

const two = (value: number): string => value.toString(16).padStart(2, '0');
const inFull = (head: readonly number[], spell: (value: number) => string): string => head.map(spell).join('');
const inEscapes = (head: readonly number[], spell: (value: number) => string): string =>
  head.map((value) => (value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : spell(value))).join('');
const ESCAPES_OF: readonly ((value: number) => string)[] = [
  (value) => `\\x${two(value)}`,
  (value) => `\\u00${two(value)}`,
  (value) => `\\${value.toString(8).padStart(3, '0')}`,
  (value) => `%${two(value).toUpperCase()}`,
];
const ESCAPED = [
  ...ESCAPES_OF.flatMap((spell) => HEADS.flatMap((head) => [inEscapes(head, spell), inFull(head, spell)])),
  '\\x63\\x',
  '\\u0063\\u00',
  '\\143\\1',
  '%63%',
].filter((start) => start.includes('\\') || start.includes('%'));

const SPELLINGS: readonly Spelling[] = [
  { layer: 'escapes', begins: ESCAPED, read: escapes },
  { layer: 'base32', begins: ['QAB', 'QAC', 'KBFQG', 'D6FQ', 'PCO', 'PDN', 'PAA', 'IJNG', 'MM', 'MN', 'MO', 'MP'], read: base32 },
  ...ALPHABETS.map(([layer, letters]) => ({ layer, begins: beginnings(letters), read: base85(layer, letters) })),
];

/** The first two letters of a group of base 85, for the lowest and the highest bytes behind a beginning. */
function beginnings(letters: string): readonly string[] {
  const found = new Set<string>();
  for (const head of [...HEADS, ...NAMED])
    for (const filled of [0, 0xff]) {
      const value = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (head[i] ?? filled), 0);
      const [first, second] = [Math.floor(value / 85 ** 4), Math.floor(value / 85 ** 3) % 85];
      found.add(letters.charAt(first) + letters.charAt(second));
    }
  return [...found];
}

interface Start {
  readonly text: string;
  readonly read: Spelling['read'];
  /** Two or three letters may begin any word: they count where a text begins. */
  readonly isLoose: boolean;
}

/** By their first two letters, so that a text is gone through once. */
const STARTS = new Map<number, Start[]>();
/** Pairs of letters behind which anything can stand: of the starts, of numbers, of ends of lines. */
const PAIRS = new Uint8Array(128 * 128);
const pairOf = (text: string, at: number): number => text.charCodeAt(at) * 128 + text.charCodeAt(at + 1);
for (const { layer, begins, read } of SPELLINGS)
  for (const text of begins) {
    const pair = pairOf(text, 0);
    STARTS.set(pair, [...(STARTS.get(pair) ?? []), { text, read, isLoose: layer !== 'escapes' }]);
    PAIRS[pair] = 1;
  }
/** 128, -128, 120, 99, 80, 66, 31; 0x80 and its like; 80, 78, 63, 50, 42, 1f as pairs of digits. */
const NUMBERS = ['12', '99', '80', '66', '31', '-1', '0x', '78', '63', '50', '42', '1f', '1F'];
const LINE_ENDS = ['\\n', '%0A', '%0a', '\\x0a', '\\x0A', '\\u000a', '\\u000A', '\\012'];
const lineEndAt = (content: string, at: number): string | undefined => LINE_ENDS.find((text) => content.startsWith(text, at));
for (const text of [...NUMBERS, ...LINE_ENDS]) PAIRS[pairOf(text, 0)] = 1;

/** Is a letter or digit before? Then nothing begins here. */
function isInside(content: string, at: number): boolean {
  const code = content.charCodeAt(at - 1);
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x2e || code === 0x5f;
}

/**
 * Hands over what could be bytes of a pickle or an archive, in order. `take` says whether it is one: else another may begin in it.
 */
export async function eachSpelled(content: string, take: (spelled: Spelled) => Promise<boolean>): Promise<void> {
  for (let at = 0; at < content.length; at++) {
    const code = content.charCodeAt(at);
    const next = content.charCodeAt(at + 1);
    if (code >= 128 || next >= 128 || PAIRS[code * 128 + next] !== 1) continue;
    let end = at;
    for (const spelled of startingAt(content, at)) {
      if (spelled.bytes.length < SHORTEST) continue;
      // Half of what is refused is looked at again, which is never more than twice in all.
      end = Math.max(end, (await take(spelled)) ? spelled.end - 1 : Math.min(spelled.end, at + 2 * spelled.bytes.length) - 1);
    }
    at = end;
  }
}

function startingAt(content: string, at: number): readonly Spelled[] {
  const found: (Spelled | undefined)[] = [];
  for (const { text, read, isLoose } of STARTS.get(pairOf(content, at)) ?? [])
    if (content.startsWith(text, at) && !(isLoose && isInside(content, at))) found.push(read(content, at));
  const line = lineEndAt(content, at);
  if (line !== undefined) found.push(named(content, at, line.length));
  if (NUMBERS.some((text) => content.startsWith(text, at)) && !isInside(content, at) && beginsNumbers(content, at))
    found.push(numbers(content, at));
  return found.filter((each) => each !== undefined);
}

/** The first two numbers are those of a beginning. */
function beginsNumbers(content: string, at: number): boolean {
  const head = numbers(content.slice(at, at + 64), 0)?.bytes ?? [];
  const [a = 0, b = 0] = head;
  return isHead(a, b);
}

const MAX_NAME = 100;
const isOfName = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x2e;

/** `cposix\nsystem\n`: at the first end of a line, with a name before and behind. */
function named(content: string, at: number, length: number): Spelled | undefined {
  let from = at;
  while (at - from < MAX_NAME && isOfName(content.charCodeAt(from - 1))) from--;
  if (at - from < 2 || content[from] !== 'c') return undefined;
  let end = at + length;
  const start = end;
  while (end - start < MAX_NAME && isOfName(content.charCodeAt(end))) end++;
  return end > start && lineEndAt(content, end) !== undefined ? escapes(content, from) : undefined;
}
