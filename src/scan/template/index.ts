/** What rendering a template of Jinja would reach for. The template is parsed, never rendered. */
import type { Finding } from '../inspector.js';
import { fold, type Known } from './fold.js';
import { judgeExpression } from './judge.js';
import { type Piece, pieces, type Word } from './lexer.js';
import { INCLUDING, isInner } from './names.js';
import { type Expression, openReader, type Reader } from './parser.js';
import { type Seen, shown, tell } from './seen.js';

export interface TemplateOptions {
  /** Is it said to be the template of chats? Then what only other programs use is told as well. */
  readonly isChat: boolean;
}

const MAX_FINDINGS = 20;
/** Rounds of a loop, or of loops in one another, above which rendering is an attack. */
const MAX_ROUNDS = 10_000_000;

/** Could the text be a template at all? */
export const hasTags = (text: string): boolean => text.includes('{{') || text.includes('{%');

/** Findings of one template; none for an ordinary one. */
export function judgeTemplate(text: string, { isChat }: TemplateOptions): readonly Finding[] {
  if (!hasTags(text)) return [];
  const seen: Seen = { values: new Map<string, Known>(), bound: new Set(), found: new Map(), isChat };
  const loops: number[] = [];
  const conditions: boolean[] = [];
  for (const piece of pieces(text)) {
    if (piece.kind === 'text') lookAtText(piece, conditions, seen);
    else if (piece.kind === 'print') lookAtPrint(piece, conditions, seen);
    else lookAtTag(piece, loops, conditions, seen);
    if (seen.found.size >= MAX_FINDINGS) break;
  }
  return [...seen.found.values()];
}

function lookAtPrint(piece: Piece, conditions: readonly boolean[], seen: Seen): void {
  const reader = openReader(piece.text);
  const expression = reader?.expression();
  if (expression === undefined || reader?.atEnd() !== true) lookAtWords(piece, seen);
  if (expression === undefined) return;
  judgeExpression(expression, piece, seen);
  const value = fold(expression, seen.values);
  if (typeof value === 'string') lookAtText({ ...piece, text: value }, conditions, seen);
}

/** What is no expression is looked through word by word. */
function lookAtWords({ text, at }: Piece, seen: Seen): void {
  const reader = openReader(text);
  let before = '';
  for (let word = reader?.next(); word !== undefined; word = reader?.next()) {
    if (((word.kind === 'name' && before === '.') || (word.kind === 'string' && (before === '[' || before === '('))) && isInner(word.text))
      tell(seen, 'template-code', `reaches for \`${word.text}\` in ${shown(text)}`, { offset: at });
    before = word.kind === 'string' ? '' : word.text;
  }
}

type ReadTag = (reader: Reader, piece: Piece, seen: Seen, state: State) => void;

interface State {
  readonly loops: number[];
  readonly conditions: boolean[];
}

const TAGS: Readonly<Record<string, ReadTag>> = {
  set: readSet,
  for: readFor,
  endfor: (_reader, _piece, _seen, { loops }) => void loops.pop(),
  if: (reader, piece, seen, { conditions }) => void conditions.push(readCondition(reader, piece, seen)),
  elif: (reader, piece, seen, { conditions }) => {
    conditions.pop();
    conditions.push(readCondition(reader, piece, seen));
  },
  else: (_reader, _piece, _seen, { conditions }) => {
    if (conditions.length > 0) conditions[conditions.length - 1] = false;
  },
  macro: (reader, piece, seen) => {
    for (let word = reader.next(); word !== undefined; word = reader.next()) bind(word, seen);
    lookAtWords(piece, seen);
  },
  endif: (_reader, _piece, _seen, { conditions }) => void conditions.pop(),
};

function lookAtTag(piece: Piece, loops: number[], conditions: boolean[], seen: Seen): void {
  const reader = openReader(piece.text);
  const tag = reader?.next()?.text;
  if (reader === undefined || tag === undefined) return;
  if (INCLUDING.has(tag) && seen.isChat)
    tell(seen, 'template-access', `takes in another file with ${shown(piece.text)}`, { offset: piece.at });
  const read = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  if (read !== undefined) read(reader, piece, seen, { loops, conditions });
  else readAny(reader, piece, seen);
}

/** Every expression of a tag that has no form of its own here. */
function readAny(reader: Reader, piece: Piece, seen: Seen): void {
  while (!reader.atEnd()) {
    const expression = reader.expression();
    if (expression === undefined) {
      lookAtWords(piece, seen);
      return;
    }
    judgeExpression(expression, piece, seen);
    if (!reader.atEnd()) reader.next();
  }
}

function readSet(reader: Reader, piece: Piece, seen: Seen): void {
  const target = reader.expression();
  if (target === undefined || !reader.take('=')) {
    readAny(reader, piece, seen);
    return;
  }
  const value = reader.expression();
  if (value === undefined) {
    lookAtWords(piece, seen);
    return;
  }
  judgeExpression(value, piece, seen);
  const known = fold(value, seen.values);
  if (target.kind === 'name') seen.bound.add(target.name);
  if (target.kind === 'name' && known !== undefined) seen.values.set(target.name, known);
  else if (target.kind === 'name') seen.values.delete(target.name);
  else if (target.kind === 'list' && Array.isArray(known))
    target.items.forEach((name, i) => {
      const part = (known as readonly Known[])[i];
      if (name.kind === 'name' && part !== undefined) seen.values.set(name.name, part);
    });
}

/** Targets are names with commas; `in` would be taken for an operator. */
function readFor(reader: Reader, piece: Piece, seen: Seen, { loops }: State): void {
  while (!reader.atEnd() && !reader.take('in')) bind(reader.next(), seen);
  const over = reader.expression();
  if (over === undefined) {
    loops.push(1);
    return;
  }
  judgeExpression(over, piece, seen);
  loops.push(rounds(over, seen));
  const all = loops.reduce((product, each) => product * each, 1);
  if (all > MAX_ROUNDS) tell(seen, 'template-resources', `loops ${all} times with ${shown(piece.text)}`, { offset: piece.at });
}

const bind = (word: Word | undefined, seen: Seen): void => {
  if (word?.kind === 'name') seen.bound.add(word.text);
};

function rounds(over: Expression, seen: Seen): number {
  if (over.kind !== 'call' || over.of.kind !== 'name' || over.of.name !== 'range') return 1;
  const [first, second] = over.given.positional.map((each) => fold(each, seen.values));
  if (typeof second === 'number' && typeof first === 'number') return Math.max(1, Math.abs(second - first));
  return typeof first === 'number' ? Math.max(1, first) : 1;
}

/** Is it true only when certain words stand in what a user wrote? */
function readCondition(reader: Reader, piece: Piece, seen: Seen): boolean {
  const test = reader.expression();
  if (test === undefined || !reader.atEnd()) lookAtWords(piece, seen);
  if (test === undefined) return false;
  judgeExpression(test, piece, seen);
  return seen.isChat && waitsForWords(test);
}

const CONTENT: ReadonlySet<string> = new Set(['content', 'text', 'prompt', 'query', 'question']);

function waitsForWords(test: Expression, depth = 0): boolean {
  if (test.kind !== 'operation' || depth > 20) return false;
  const [a, b] = test.operands;
  if (test.operator === 'and' || test.operator === 'or') return test.operands.some((each) => waitsForWords(each, depth + 1));
  if (a === undefined || b === undefined) return false;
  if (test.operator === 'in') return isWords(a) && isContent(b, 0);
  return test.operator === '==' && ((isWords(a) && isContent(b, 0)) || (isWords(b) && isContent(a, 0)));
}

/** Letters and spaces: marks of formats have other characters. */
const isWords = (of: Expression): boolean =>
  of.kind === 'constant' &&
  typeof of.value === 'string' &&
  of.value.trim().length >= 3 &&
  [...of.value].every((c) => c === ' ' || c === "'" || c.toLowerCase() !== c.toUpperCase());

function isContent(of: Expression, depth: number): boolean {
  if (depth > 20) return false;
  if (of.kind === 'attribute') return CONTENT.has(of.name) || isContent(of.of, depth + 1);
  if (of.kind === 'item')
    return (
      (of.index.kind === 'constant' && typeof of.index.value === 'string' && CONTENT.has(of.index.value)) || isContent(of.of, depth + 1)
    );
  if (of.kind === 'filter' || of.kind === 'call') return isContent(of.of, depth + 1);
  return of.kind === 'name' && CONTENT.has(of.name);
}

const MIN_INSTRUCTION = 24;

/** Sentences behind such a condition are instructions that the user did not write. */
function lookAtText({ text, at }: Piece, conditions: readonly boolean[], seen: Seen): void {
  if (!conditions.includes(true)) return;
  const plain = text.trim();
  if (plain.length < MIN_INSTRUCTION || plain.split(' ').length < 4) return;
  tell(seen, 'template-instructions', `adds ${shown(plain)} when certain words are in a message`, { offset: at });
}
