/** Walks a JSON document of any size page by page and takes out a few values; the rest is skipped, not parsed and not held. */
import type { Cursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import { parseJson } from '../../core/json.js';
import type { Limits } from '../../core/limits.js';
import { memberPath, type Selection, type Taker } from './selection.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MAX_KEY_BYTES = 64 * 1024;
const MAX_COMPARED_KEYS = 100_000;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Gives every selected value to `take`, in the order of the document. Of skipped values only strings and brackets are
 * checked. Afterwards the cursor stands behind the document and the white space that follows it.
 *
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_BYTES, ERR_LIMIT_DEPTH with file and offset
 */
export async function walkJson(cursor: Cursor, selected: Selection, limits: Limits, take: Taker): Promise<void> {
  await inside('', 0);
  while (cursor.position < cursor.source.size) {
    if (cursor.buffered < 1) await cursor.fill(1);
    if (!isSpace(cursor.u8())) return cursor.seek(cursor.position - 1);
  }

  async function inside(path: string, depth: number): Promise<void> {
    if (depth > limits.maxDepth) throw tooDeep(cursor, limits);
    const open = await nextByte(cursor);
    if (open === OPEN_OBJECT) return members(path, depth);
    if (open === OPEN_LIST) return items(path, depth);
    cursor.seek(cursor.position - 1);
    await skipValue(cursor, limits);
  }

  async function members(path: string, depth: number): Promise<void> {
    const keys = new Set<string>();
    if ((await nextByte(cursor)) === CLOSE_OBJECT) return;
    cursor.seek(cursor.position - 1);
    for (;;) {
      const offset = cursor.position;
      const key = await readKey(cursor, limits);
      if (keys.has(key)) throw cursor.malformed(`the key \`${key.slice(0, 80)}\` stands twice`, offset);
      if (keys.size < MAX_COMPARED_KEYS) keys.add(key);
      if ((await nextByte(cursor)) !== COLON) throw cursor.malformed('a colon is missing', cursor.position - 1);
      await value(memberPath(path, key), depth + 1);
      if (await ends(CLOSE_OBJECT)) return;
    }
  }

  async function items(path: string, depth: number): Promise<void> {
    if ((await nextByte(cursor)) === CLOSE_LIST) return;
    cursor.seek(cursor.position - 1);
    do await value(`${path}[]`, depth + 1);
    while (!(await ends(CLOSE_LIST)));
  }

  /** Takes a comma, or the end of the container. */
  async function ends(close: number): Promise<boolean> {
    const byte = await nextByte(cursor);
    if (byte !== COMMA && byte !== close) throw cursor.malformed('a comma or the end of a container is missing', cursor.position - 1);
    return byte === close;
  }

  async function value(path: string, depth: number): Promise<void> {
    const kind = selected.kindOf(path);
    if (kind === 'inside') return inside(path, depth);
    await nextByte(cursor);
    cursor.seek(cursor.position - 1);
    const start = cursor.position;
    const { items, members } = await skipValue(cursor, limits);
    if (kind === 'length' && items !== undefined) take(path, items);
    if (kind === 'size' && (items ?? members) !== undefined) take(path, items ?? members ?? 0);
    if (kind === 'value') take(path, await parsed(cursor, start, limits));
  }
}

/** The next byte that is no white space; the cursor stands behind it. */
async function nextByte(cursor: Cursor): Promise<number> {
  for (;;) {
    if (cursor.buffered < 1) await cursor.fill(1);
    const byte = cursor.u8();
    if (!isSpace(byte)) return byte;
  }
}

async function readKey(cursor: Cursor, limits: Limits): Promise<string> {
  if ((await nextByte(cursor)) !== QUOTE) throw cursor.malformed('a key is missing', cursor.position - 1);
  const start = cursor.position - 1;
  cursor.seek(start);
  await skipValue(cursor, limits);
  if (cursor.position - start > MAX_KEY_BYTES)
    throw new MsbomError('ERR_LIMIT_BYTES', `a key has more than ${MAX_KEY_BYTES} bytes`, { file: cursor.source.name, offset: start });
  const key = await parsed(cursor, start, limits);
  return typeof key === 'string' ? key : '';
}

/** The value between `start` and the cursor, which stands behind it again afterwards. */
async function parsed(cursor: Cursor, start: number, limits: Limits) {
  const length = cursor.position - start;
  if (length > limits.maxStringBytes)
    throw new MsbomError('ERR_LIMIT_BYTES', `a value has ${length} bytes, the limit is ${limits.maxStringBytes}`, {
      file: cursor.source.name,
      offset: start,
    });
  cursor.seek(start);
  await cursor.fill(length);
  try {
    return parseJson(cursor.bytes(length), {
      file: cursor.source.name,
      limits: { maxDocumentBytes: limits.maxStringBytes, maxDepth: limits.maxDepth },
      inexactIntegers: 'text',
    });
  } catch (error) {
    if (!MsbomError.is(error) || error.code.startsWith('ERR_LIMIT')) throw error;
    throw cursor.malformed(error.message, start);
  }
}

interface Counted {
  readonly items?: number;
  readonly members?: number;
}

/** Moves behind the value at the cursor; items of a list and members of an object are counted. */
async function skipValue(cursor: Cursor, limits: Limits): Promise<Counted> {
  const skim = openSkim(limits.maxDepth);
  for (;;) {
    if (cursor.buffered < 1) {
      // A number or word may be the last thing of the file.
      if (skim.isComplete() && cursor.position === cursor.source.size) return skim.outcome();
      await cursor.fill(1);
    }
    const start = cursor.position;
    const page = cursor.bytes(cursor.buffered);
    for (let i = 0; i < page.length; i++) {
      const verdict = skim.step(page[i] ?? 0);
      if (verdict === 'more') continue;
      if (verdict === 'too deep') throw tooDeep(cursor, limits, start + i);
      if (verdict !== 'ends here' && verdict !== 'ended before') throw cursor.malformed(verdict, start + i);
      cursor.seek(start + i + (verdict === 'ends here' ? 1 : 0));
      return skim.outcome();
    }
  }
}

interface Skim {
  /** Takes one byte: does the value go on, does it end with this byte or did it before, or what is wrong. */
  step(byte: number): 'more' | 'ends here' | 'ended before' | 'too deep' | string;
  /** May the value end where it is? */
  isComplete(): boolean;
  outcome(): Counted;
}

/** Finds the end of one value, byte by byte. */
function openSkim(maxDepth: number): Skim {
  const open: number[] = [];
  let mode: 'structure' | 'string' | 'escape' | 'scalar' = 'structure';
  let container = 0;
  let isFilled = false;
  let commas = 0;

  function step(byte: number): string {
    if (mode === 'string') return inString(byte);
    if (mode === 'escape') mode = 'string';
    else if (byte === QUOTE || byte === OPEN_LIST || byte === OPEN_OBJECT) return opens(byte);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) return closes(byte);
    else if (byte === COMMA || byte === COLON || isSpace(byte)) return separates(byte);
    else {
      isFilled = true;
      if (open.length === 0) mode = 'scalar';
    }
    return 'more';
  }

  function inString(byte: number): string {
    if (byte === BACKSLASH) mode = 'escape';
    if (byte !== QUOTE) return 'more';
    mode = 'structure';
    return open.length === 0 ? 'ends here' : 'more';
  }

  function opens(byte: number): string {
    if (mode === 'scalar') return 'a string or a bracket stands inside a number or word';
    if (open.length > 0) isFilled = true;
    else container = byte;
    if (byte === QUOTE) mode = 'string';
    else if (open.push(byte) > maxDepth) return 'too deep';
    return 'more';
  }

  function closes(byte: number): string {
    if (mode === 'scalar') return 'ended before';
    if (open.length === 0) return 'a value is missing';
    // The closing bracket of each kind is two code points behind its opening one.
    if (open.pop() !== byte - 2) return 'a bracket closes another kind of bracket';
    return open.length === 0 ? 'ends here' : 'more';
  }

  function separates(byte: number): string {
    if (mode === 'scalar') return 'ended before';
    if (open.length === 0) return 'a value is missing';
    if (open.length === 1 && byte === COMMA) commas++;
    return 'more';
  }

  return {
    step,
    isComplete: () => mode === 'scalar',
    outcome() {
      const count = isFilled ? commas + 1 : 0;
      if (container === OPEN_LIST) return { items: count };
      return container === OPEN_OBJECT ? { members: count } : {};
    },
  };
}

function tooDeep(cursor: Cursor, limits: Limits, offset = cursor.position): MsbomError {
  return new MsbomError('ERR_LIMIT_DEPTH', `the document nests deeper than ${limits.maxDepth}`, { file: cursor.source.name, offset });
}
