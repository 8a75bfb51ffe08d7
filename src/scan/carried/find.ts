/** Where in bytes of any kind a file or a text can begin. One pass, nothing is decoded. */

/** A place where something may begin. */
export interface Place {
  readonly kind: 'pickle' | 'file' | 'packed' | 'letters' | 'text' | 'wide' | 'varints';
  readonly at: number;
  /** Behind the last byte, where that is known: of texts and of numbers. */
  readonly end: number;
  /** Bytes of a number, for `wide`. */
  readonly width: number;
}

/** Shorter texts spell out nothing: the shortest call of a function by a pickle, in base64. */
const SHORTEST_TEXT = 24;
/** The same for texts with a tag of a template. */
const SHORTEST_TAG = 8;
/** Numbers of several bytes that each hold one, in a row. */
const SHORTEST_WIDE = 12;
/** A line of a pickle of protocol 0: a module or a name. */
const MAX_LINE = 200;

/** What a byte can begin. */
const BEGINS = new Uint8Array(256);
for (const code of [0x80, 0x63, 0x28, 0x50, 0x37, 0x42, 0x4d, 0x7f, 0x1f, 0x78, 0xfd, 0xc2, 0xcf, 0xfe]) BEGINS[code] = 1;
/** Letters of texts in ASCII. */
const TEXT = new Uint8Array(256).fill(1, 0x20, 0x7f);
for (const code of [0x09, 0x0a, 0x0d]) TEXT[code] = 1;

const FILES: readonly (readonly number[])[] = [
  [0x50, 0x4b, 3, 4],
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x4d, 0x5a],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
];
const ARGUMENTS: ReadonlySet<number> = new Set([0x53, 0x55, 0x56, 0x58, 0x8c, 0x69]);
const BZIP2 = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];

const has = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean => wanted.every((byte, i) => bytes[at + i] === byte);

/** Every place in the first `until` bytes, in order. */
export function placesIn(bytes: Uint8Array, until: number): Place[] {
  const found: Place[] = [];
  let textFrom = -1;
  let wideUntil = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (TEXT[byte] === 1) {
      if (textFrom < 0) textFrom = i;
    } else if (textFrom >= 0) {
      if (textFrom < until) i = Math.max(i, addText(bytes, textFrom, i, found)) - 1;
      textFrom = -1;
      continue;
    }
    if (i >= until) {
      if (textFrom < 0 || textFrom >= until) break;
      continue;
    }
    if (byte !== 0 && bytes[i + 1] === 0 && i >= wideUntil) wideUntil = addWide(bytes, i, found);
    if (BEGINS[byte] !== 1) continue;
    const kind = kindAt(bytes, i);
    if (kind !== undefined) found.push({ kind, at: i, end: bytes.length, width: 1 });
  }
  if (textFrom >= 0 && textFrom < until) addText(bytes, textFrom, bytes.length, found);
  return found;
}

function kindAt(bytes: Uint8Array, at: number): Place['kind'] | undefined {
  const [first, second = 0] = [bytes[at], bytes[at + 1]];
  if (first === 0x80) return beginsVarints(bytes, at) ? 'varints' : second >= 2 && second <= 5 ? 'pickle' : undefined;
  if (first === 0x63) return isNamed(bytes, at) ? 'pickle' : undefined;
  // MARK, and what the arguments of an INST begin with.
  if (first === 0x28) return ARGUMENTS.has(second) ? 'pickle' : undefined;
  if (first === 0xc2) return second === 0x80 && (bytes[at + 2] ?? 9) <= 5 ? 'letters' : undefined;
  if ((first === 0x1f || first === 0x78 || first === 0x7f) && beginsVarints(bytes, at)) return 'varints';
  if (first === 0x1f) return second === 0x8b && bytes[at + 2] === 8 ? 'packed' : undefined;
  // Two bytes of zlib, and a first block of a kind that there is.
  if (first === 0x78) return (first * 256 + second) % 31 === 0 && ((bytes[at + 2] ?? 6) & 6) !== 6 ? 'packed' : undefined;
  if (first === 0x42) return second === 0x5a && has(bytes, at + 4, BZIP2) ? 'file' : undefined;
  return FILES.some((magic) => has(bytes, at, magic)) ? 'file' : undefined;
}

/** Two bytes of a beginning as numbers of protobuf, with or without the tag of their field before each. */
function beginsVarints(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] as number;
  let next = at + (first >= 0x80 ? 2 : 1);
  if (first >= 0x80 && bytes[at + 1] !== 1) return false;
  if (bytes[next] === bytes[at - 1]) next++;
  const second = bytes[next] ?? 0;
  if (first === 0x80) return second >= 2 && second <= 5;
  if (first === 0x7f) return next === at + 2 && second === 0x45;
  return bytes[next + 1] === 1 && (first === 0x1f ? second === 0x8b : second === 0x9c || second === 0xda);
}

/** GLOBAL: two names, each on a line. */
function isNamed(bytes: Uint8Array, at: number): boolean {
  let lines = 0;
  let length = 0;
  for (let i = at + 1; i < bytes.length && i - at < 2 * MAX_LINE; i++) {
    const byte = bytes[i] as number;
    const isLetter = byte === 0x5f || byte === 0x2e || (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
    if (byte === 0x0a && length > 0) {
      if (++lines === 2) return true;
      length = 0;
    } else if (isLetter) length++;
    else return false;
  }
  return false;
}

/** A text, with the letters beyond ASCII around it; gives the index to go on at. */
function addText(bytes: Uint8Array, from: number, to: number, found: Place[]): number {
  const length = to - from;
  if (length < SHORTEST_TAG || (length < SHORTEST_TEXT && !hasTag(bytes, from, to))) return to;
  let [at, end] = [from, to];
  while (at > 0 && (bytes[at - 1] as number) >= 0x80 && from - at < MAX_LINE) at--;
  while (end < bytes.length && (TEXT[bytes[end] as number] === 1 || (bytes[end] as number) >= 0x80)) end++;
  found.push({ kind: 'text', at, end, width: 1 });
  return to;
}

function hasTag(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i + 1 < to; i++) if (bytes[i] === 0x7b && (bytes[i + 1] === 0x7b || bytes[i + 1] === 0x25)) return true;
  return false;
}

/** Numbers of 2, 4 or 8 bytes that hold one byte each; gives the index up to which others need not be looked for. */
function addWide(bytes: Uint8Array, at: number, found: Place[]): number {
  let width = 2;
  while (width < 9 && bytes[at + width - 1] === 0) width++;
  if (bytes[at + width - 1] !== 0) width--;
  if (width !== 2 && width !== 4 && width !== 8) return at + 1;
  let end = at;
  for (; end + width <= bytes.length; end += width) {
    let other = 1;
    while (other < width && bytes[end + other] === 0) other++;
    if (other < width) break;
  }
  if ((end - at) / width < SHORTEST_WIDE) return at + 1;
  found.push({ kind: 'wide', at, end, width });
  return end;
}
