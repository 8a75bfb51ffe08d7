/**
 * Patterns as gitignore(5) has them, compared with paths without regular expressions, so that no pattern takes longer than its length
 * times that of the path. Unlike there a slash parts a pattern between brackets too, and `?` is one character, not one byte. Source: https://git-scm.com/docs/gitignore
 */
import { MsbomError } from './error.js';

/** What a file of patterns leaves out. A path that ends in `/` is a directory. */
export type Ignores = (path: string) => boolean;

/** Patterns of one file, and characters of one pattern. */
const MAX_PATTERNS = 10_000;
const MAX_LENGTH = 4096;

interface Pattern {
  readonly isNegated: boolean;
  readonly isForDirectories: boolean;
  /** Parts between slashes; `undefined` is `**`, any number of directories. */
  readonly parts: readonly (Part | undefined)[];
}

type Sign = '*' | ((character: string) => boolean);
/** The signs of one part; `never` for a pattern that is not valid, which matches nothing. */
type Part = readonly Sign[] | 'never';

/**
 * Reads a file of patterns; the last that matches decides, and below a directory that is left out nothing comes back.
 * @throws ERR_LIMIT_COUNT for more than 10,000 patterns, or one of more than 4,096 characters
 */
export function readIgnores(text: string, file: string): Ignores {
  const patterns: Pattern[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const pattern = line.length > MAX_LENGTH ? undefined : patternOf(line);
    if (line.length > MAX_LENGTH || patterns.length >= MAX_PATTERNS)
      throw new MsbomError(
        'ERR_LIMIT_COUNT',
        `there are more than ${MAX_PATTERNS} patterns, or more than ${MAX_LENGTH} characters in one`,
        {
          file,
          line: i + 1,
          column: 1,
        },
      );
    if (pattern !== undefined) patterns.push(pattern);
  }
  patterns.reverse();
  return (path) => leavesOut(patterns, path);
}

function leavesOut(patterns: readonly Pattern[], path: string): boolean {
  const isDirectory = path.endsWith('/');
  const names = (isDirectory ? path.slice(0, -1) : path).split('/');
  return names.some((_, i) => {
    const above = names.slice(0, i + 1);
    const isFolder = isDirectory || i < names.length - 1;
    const last = patterns.find(({ isForDirectories, parts }) => (isFolder || !isForDirectories) && matches(parts, above));
    return last !== undefined && !last.isNegated;
  });
}

function patternOf(line: string): Pattern | undefined {
  let text = withoutTrailingSpaces(line.endsWith('\r') ? line.slice(0, -1) : line);
  if (text === '' || text.startsWith('#')) return undefined;
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1);
  const isForDirectories = text.endsWith('/');
  if (isForDirectories) text = text.slice(0, -1);
  if (text === '') return undefined;
  const isAnchored = text.includes('/');
  const words = (text.startsWith('/') ? text.slice(1) : text).split('/');
  const parts = words.map((word) => (word === '**' && isAnchored ? undefined : partOf(word)));
  return { isNegated, isForDirectories, parts: isAnchored ? parts : [undefined, ...parts] };
}

/** Spaces at the end mean nothing, unless a backslash stands before them. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return line.slice(0, slashes % 2 === 1 && end < line.length ? end + 1 : end);
}

const is =
  (wanted: string): Sign =>
  (character) =>
    character === wanted;

function partOf(word: string): Part {
  const signs: Sign[] = [];
  const characters = [...word];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (character === '*') {
      if (signs.at(-1) !== '*') signs.push('*');
    } else if (character === '?') signs.push(() => true);
    else if (character === '[') {
      const set = setOf(characters, i + 1);
      if (set === undefined) return 'never';
      signs.push(set.sign);
      i = set.end;
    } else if (character === '\\') {
      const next = characters[++i];
      if (next === undefined) return 'never';
      signs.push(is(next));
    } else signs.push(is(character));
  }
  return signs;
}

/** The classes of POSIX that patterns name, in ASCII as git has them. */
const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** A set between brackets that begins at `from`; undefined without an end. */
function setOf(characters: readonly string[], from: number): { readonly sign: Sign; readonly end: number } | undefined {
  const isNegated = characters[from] === '!' || characters[from] === '^';
  const tests: ((character: string) => boolean)[] = [];
  let previous: string | undefined;
  let i = isNegated ? from + 1 : from;
  for (let isFirst = true; isFirst || characters[i] !== ']'; isFirst = false, i++) {
    let character = characters[i];
    if (character === undefined) return undefined;
    const name = character === '[' && characters[i + 1] === ':' ? nameOfClass(characters, i + 2) : undefined;
    if (name !== undefined) {
      const known = CLASSES[name];
      if (known === undefined) return undefined;
      tests.push((each) => known.test(each));
      i += name.length + 3;
      previous = undefined;
      continue;
    }
    const isRange = character === '-' && previous !== undefined && characters[i + 1] !== undefined && characters[i + 1] !== ']';
    if (isRange) character = characters[++i];
    if (character === '\\') character = characters[++i];
    if (character === undefined) return undefined;
    const [low, high] = [isRange ? (previous ?? '') : character, character].map((each) => each.codePointAt(0) ?? 0);
    tests.push((each) => inRange(each.codePointAt(0) ?? 0, low ?? 0, high ?? 0));
    previous = isRange ? undefined : character;
  }
  return { sign: (character) => tests.some((test) => test(character)) !== isNegated, end: i };
}

const inRange = (code: number, low: number, high: number): boolean => code >= low && code <= high;

/** The name of `[:name:]`, where it is one. */
function nameOfClass(characters: readonly string[], from: number): string | undefined {
  const end = characters.indexOf(']', from);
  if (end === -1 || characters[end - 1] !== ':' || end - 1 < from) return undefined;
  return characters.slice(from, end - 1).join('');
}

/** A part of a pattern against the name of one file or directory: back to the last star only. */
function matchesName(part: Part, name: string): boolean {
  if (part === 'never') return false;
  return glob(
    part,
    [...name],
    (sign) => sign === '*',
    (sign, character) => sign !== '*' && sign(character),
  );
}

/** All parts against all names. At the end `**` stands for what lies below, of which there must be some. */
function matches(parts: Pattern['parts'], names: readonly string[]): boolean {
  const wanted = parts.length > 1 && parts.at(-1) === undefined ? [...parts.slice(0, -1), ANY, undefined] : parts;
  return glob(
    wanted,
    names,
    (part) => part === undefined,
    (part, name) => part !== undefined && matchesName(part, name),
  );
}

const ANY: Part = ['*'];

/** Does the list of items fit the list of signs, of which some stand for any number of items? */
function glob<S, T>(signs: readonly S[], items: readonly T[], isStar: (sign: S) => boolean, fits: (sign: S, item: T) => boolean): boolean {
  let [s, i, star, from] = [0, 0, -1, 0];
  while (i < items.length) {
    const [sign, item] = [signs[s] as S, items[i] as T]; // `s` may be past the end, which is asked first
    if (s < signs.length && isStar(sign)) [star, from] = [s++, i];
    else if (s < signs.length && fits(sign, item)) [s, i] = [s + 1, i + 1];
    else if (star !== -1) [s, i] = [star + 1, ++from];
    else return false;
  }
  while (s < signs.length && isStar(signs[s] as S)) s++;
  return s === signs.length;
}
