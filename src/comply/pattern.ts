/**
 * Regular expressions of profiles, which anybody may write: matched by a set of states in one walk over the text, so that time is
 * the length of the text times that of the pattern, whatever the pattern. Literals, `.`, classes, `\d \w \s` and their opposites, groups,
 * `|`, `* + ? {m,n}`, `^` at the start and `$` at the end; nothing else.
 */
import { MsbomError } from '../core/error.js';

type Test = (code: number) => boolean;
/** Positions in the program: `test` reads a sign, `fork` goes on in several places, `start` and `end` hold at the ends of the text. */
type State =
  | { readonly kind: 'test'; readonly test: Test; next: number }
  | { readonly kind: 'fork'; next: number[] }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'match' };

const MAX_STATES = 5000;
const MAX_DEPTH = 20;
const MAX_REPEAT = 256;
/** UTF-16 units of a text that are looked at. */
const MAX_TEXT = 100_000;

const refused = (pattern: string, why: string): MsbomError =>
  new MsbomError('ERR_PROFILE_INVALID', `the pattern ${JSON.stringify(pattern)} ${why}`, {
    hint: 'See docs/comply.md for what patterns may hold.',
  });

/** Does a pattern match somewhere in a text? */
export type Matcher = (text: string) => boolean;

/** @throws ERR_PROFILE_INVALID for a pattern that is not of the kind */
export function compilePattern(pattern: string): Matcher {
  const parser: Parser = { pattern, at: 0 };
  const tree = alternatives(parser, 0);
  if (parser.at < pattern.length) throw refused(pattern, `has an unexpected ${pattern.charAt(parser.at)}`);
  const states: State[] = [{ kind: 'match' }];
  const start = emit(tree, 0, states, pattern);
  return (text) => run(states, start, text);
}

interface Parser {
  readonly pattern: string;
  at: number;
}

type Tree =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'all'; readonly of: readonly Tree[] }
  | { readonly kind: 'any'; readonly of: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly min: number; readonly max: number };

function alternatives(parser: Parser, depth: number): Tree {
  if (depth > MAX_DEPTH) throw refused(parser.pattern, 'is nested too deep');
  const of = [sequence(parser, depth)];
  while (parser.pattern.charAt(parser.at) === '|') {
    parser.at++;
    of.push(sequence(parser, depth));
  }
  return of.length === 1 ? (of[0] as Tree) : { kind: 'any', of };
}

function sequence(parser: Parser, depth: number): Tree {
  const of: Tree[] = [];
  while (parser.at < parser.pattern.length && !'|)'.includes(parser.pattern.charAt(parser.at))) of.push(repeated(parser, depth));
  return { kind: 'all', of };
}

function repeated(parser: Parser, depth: number): Tree {
  const of = atom(parser, depth);
  const sign = parser.pattern.charAt(parser.at);
  const simple = ({ '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as Readonly<Record<string, readonly [number, number]>>)[sign];
  if (simple !== undefined) {
    parser.at++;
    return noMore(parser, { kind: 'repeat', of, min: simple[0], max: simple[1] });
  }
  if (sign !== '{') return of;
  const end = parser.pattern.indexOf('}', parser.at);
  const counts = /^(\d{1,3})(,?)(\d{0,3})$/.exec(end === -1 ? '' : parser.pattern.slice(parser.at + 1, end));
  if (counts === null) throw refused(parser.pattern, 'has a { that is no count');
  const min = Number(counts[1]);
  const max = counts[2] === '' ? min : counts[3] === '' ? Infinity : Number(counts[3]);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || max < min)
    throw refused(parser.pattern, `repeats other than up to ${MAX_REPEAT} times`);
  parser.at = end + 1;
  return noMore(parser, { kind: 'repeat', of, min, max });
}

function noMore(parser: Parser, tree: Tree): Tree {
  if ('*+?{'.includes(parser.pattern.charAt(parser.at) || ' ')) throw refused(parser.pattern, 'repeats what is repeated');
  return tree;
}

function atom(parser: Parser, depth: number): Tree {
  const sign = parser.pattern.charAt(parser.at++);
  if (sign === '^') return { kind: 'start' };
  if (sign === '$') return { kind: 'end' };
  if (sign === '.') return { kind: 'test', test: (code) => code !== 10 && code !== 13 };
  if (sign === '[') return { kind: 'test', test: classOf(parser) };
  if (sign === '\\') return { kind: 'test', test: escapeOf(parser) };
  if (sign === '(') {
    if (parser.pattern.charAt(parser.at) === '?') {
      if (parser.pattern.charAt(parser.at + 1) !== ':') throw refused(parser.pattern, 'looks around, which is not supported');
      parser.at += 2;
    }
    const inner = alternatives(parser, depth + 1);
    if (parser.pattern.charAt(parser.at++) !== ')') throw refused(parser.pattern, 'has a group that is not closed');
    return inner;
  }
  if ('*+?{}]'.includes(sign)) throw refused(parser.pattern, `has an unexpected ${sign}`);
  const code = sign.charCodeAt(0);
  return { kind: 'test', test: (each) => each === code };
}

const between =
  (from: number, to: number): Test =>
  (code) =>
    code >= from && code <= to;
const anyOf =
  (tests: readonly Test[]): Test =>
  (code) =>
    tests.some((test) => test(code));
const noneOf =
  (test: Test): Test =>
  (code) =>
    !test(code);
const digit = between(48, 57);
const word = anyOf([digit, between(65, 90), between(97, 122), (code) => code === 95]);
const blank: Test = (code) => /\s/.test(String.fromCharCode(code));
const ESCAPES: Readonly<Record<string, Test>> = { d: digit, D: noneOf(digit), w: word, W: noneOf(word), s: blank, S: noneOf(blank) };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };

function escapeOf(parser: Parser): Test {
  const sign = parser.pattern.charAt(parser.at++);
  const known = Object.hasOwn(ESCAPES, sign) ? ESCAPES[sign] : undefined;
  if (known !== undefined) return known;
  const code = literal(parser, sign);
  return (each) => each === code;
}

function literal(parser: Parser, sign: string): number {
  if (Object.hasOwn(CONTROLS, sign)) return CONTROLS[sign] as number;
  if (sign === '' || /[A-Za-z0-9]/.test(sign)) throw refused(parser.pattern, `has the escape \\${sign}, which is not supported`);
  return sign.charCodeAt(0);
}

function classOf(parser: Parser): Test {
  const { pattern } = parser;
  const isNegative = pattern.charAt(parser.at) === '^';
  if (isNegative) parser.at++;
  const tests: Test[] = [];
  while (pattern.charAt(parser.at) !== ']') {
    if (parser.at >= pattern.length) throw refused(pattern, 'has a class that is not closed');
    const from = member(parser);
    if (typeof from === 'function') tests.push(from);
    else if (pattern.charAt(parser.at) === '-' && pattern.charAt(parser.at + 1) !== ']') {
      parser.at++;
      const to = member(parser);
      if (typeof to === 'function' || to < from) throw refused(pattern, 'has a range without end');
      tests.push(between(from, to));
    } else tests.push((code) => code === from);
  }
  parser.at++;
  return isNegative ? noneOf(anyOf(tests)) : anyOf(tests);
}

/** A sign of a class, or a set of signs. */
function member(parser: Parser): number | Test {
  const sign = parser.pattern.charAt(parser.at++);
  if (sign !== '\\') return sign.charCodeAt(0);
  const escaped = parser.pattern.charAt(parser.at++);
  return Object.hasOwn(ESCAPES, escaped) ? (ESCAPES[escaped] as Test) : literal(parser, escaped);
}

/** Writes a tree in front of the state `next`. Returns where it starts. */
function emit(tree: Tree, next: number, states: State[], pattern: string): number {
  const put = (state: State): number => {
    if (states.length >= MAX_STATES) throw refused(pattern, 'is too large');
    return states.push(state) - 1;
  };
  if (tree.kind === 'test') return put({ kind: 'test', test: tree.test, next });
  if (tree.kind === 'start' || tree.kind === 'end') return put({ kind: tree.kind, next });
  if (tree.kind === 'all') return tree.of.reduceRight((after, each) => emit(each, after, states, pattern), next);
  if (tree.kind === 'any') return put({ kind: 'fork', next: tree.of.map((each) => emit(each, next, states, pattern)) });
  let at = next;
  if (tree.max === Infinity) {
    const fork = { kind: 'fork' as const, next: [next] };
    at = put(fork);
    fork.next.unshift(emit(tree.of, at, states, pattern));
  } else for (let i = tree.min; i < tree.max; i++) at = put({ kind: 'fork', next: [emit(tree.of, at, states, pattern), next] });
  for (let i = 0; i < tree.min; i++) at = emit(tree.of, at, states, pattern);
  return at;
}

function run(states: readonly State[], start: number, text: string): boolean {
  const length = Math.min(text.length, MAX_TEXT);
  let current = new Set<number>();
  for (let at = 0; at <= length; at++) {
    reach(states, start, at, text.length, current);
    if (current.has(0)) return true;
    if (at === length) return false;
    const code = text.charCodeAt(at);
    const after = new Set<number>();
    for (const each of current) {
      const state = states[each];
      if (state?.kind === 'test' && state.test(code)) reach(states, state.next, at + 1, text.length, after);
    }
    current = after;
  }
  return false;
}

/** Adds a state and all that are reached from it without reading. */
function reach(states: readonly State[], from: number, at: number, length: number, into: Set<number>): void {
  const open = [from];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (into.has(each)) continue;
    into.add(each);
    const state = states[each];
    if (state?.kind === 'fork') open.push(...state.next);
    if ((state?.kind === 'start' && at === 0) || (state?.kind === 'end' && at === length)) open.push(state.next);
  }
}
