/** Expressions of Jinja as trees. Source: https://jinja.palletsprojects.com/en/stable/templates/#expressions */
import { type Word, words } from './lexer.js';

export type Constant = string | number | boolean | null;

export type Expression =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'slice'; readonly of: Expression; readonly parts: readonly (Expression | undefined)[] }
  | { readonly kind: 'call'; readonly of: Expression; readonly given: Given }
  | { readonly kind: 'filter'; readonly of: Expression; readonly name: string; readonly given: Given }
  | { readonly kind: 'test'; readonly of: Expression; readonly name: string; readonly given: Given }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'choice'; readonly test: Expression; readonly operands: readonly Expression[] };

export interface Given {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [name: string, value: Expression])[];
}

/** Thrown inside of this file alone: the words are no expression. */
class NoExpression extends Error {}

const MAX_DEPTH = 120;
const NOTHING: Given = { positional: [], named: [] };
/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  ['+', '-'],
  ['~'],
  ['*', '/', '//', '%'],
];
const CONSTANTS: Readonly<Record<string, Constant>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

export interface Reader {
  peek(text: string): boolean;
  take(text: string): boolean;
  word(): Word | undefined;
  /** One word more; undefined at the end. */
  next(): Word | undefined;
  expression(): Expression | undefined;
  atEnd(): boolean;
}

/** Reads expressions out of the inside of a tag. Undefined when its strings have no end. */
export function openReader(text: string): Reader | undefined {
  const list = words(text);
  if (list === undefined) return undefined;
  const state: State = { list, at: 0, depth: 0 };
  return {
    peek: (mark) => is(state, mark),
    take: (mark) => take(state, mark),
    word: () => state.list[state.at],
    next: () => state.list[state.at++],
    atEnd: () => state.at >= state.list.length,
    expression() {
      try {
        const first = choice(state);
        if (!is(state, ',')) return first;
        const items = [first];
        while (take(state, ',') && state.at < state.list.length) items.push(choice(state));
        return { kind: 'list', items };
      } catch (error) {
        if (error instanceof NoExpression) return undefined;
        throw error;
      }
    },
  };
}

interface State {
  readonly list: readonly Word[];
  at: number;
  depth: number;
}

function is(state: State, text: string): boolean {
  const word = state.list[state.at];
  return word !== undefined && word.kind !== 'string' && word.text === text;
}

function take(state: State, text: string): boolean {
  if (!is(state, text)) return false;
  state.at++;
  return true;
}

function need(state: State, text: string): void {
  if (!take(state, text)) throw new NoExpression();
}

function deeper(state: State, read: () => Expression): Expression {
  if (++state.depth > MAX_DEPTH) throw new NoExpression();
  const value = read();
  state.depth--;
  return value;
}

const choice = (state: State): Expression => deeper(state, () => conditional(state));

function conditional(state: State): Expression {
  let value = level(state, 0);
  while (take(state, 'if')) {
    const test = level(state, 0);
    const other = take(state, 'else') ? [choice(state)] : [];
    value = { kind: 'choice', test, operands: [value, ...other] };
  }
  return value;
}

function level(state: State, at: number): Expression {
  const operators = LEVELS[at];
  if (operators === undefined) return unary(state);
  if (at === 2 && take(state, 'not')) return deeper(state, () => ({ kind: 'operation', operator: 'not', operands: [level(state, at)] }));
  let left = level(state, at + 1);
  for (;;) {
    const operator = operators.find((each) => (each === 'not in' ? isNotIn(state) : is(state, each)));
    if (operator === undefined) return left;
    state.at += operator === 'not in' ? 2 : 1;
    left = { kind: 'operation', operator, operands: [left, level(state, at + 1)] };
  }
}

function isNotIn(state: State): boolean {
  const next = state.list[state.at + 1];
  return is(state, 'not') && next?.kind === 'name' && next.text === 'in';
}

function unary(state: State): Expression {
  for (const sign of ['-', '+'])
    if (take(state, sign))
      return filters(
        state,
        deeper(state, () => ({ kind: 'operation', operator: `${sign}x`, operands: [unary(state)] })),
      );
  const value = filters(state, postfix(state, primary(state)));
  return take(state, '**') ? deeper(state, () => ({ kind: 'operation', operator: '**', operands: [value, unary(state)] })) : value;
}

function primary(state: State): Expression {
  const word = state.list[state.at++];
  if (word === undefined) throw new NoExpression();
  if (word.kind === 'string') {
    let value = word.text;
    for (let next = state.list[state.at]; next?.kind === 'string'; next = state.list[++state.at]) value += next.text;
    return { kind: 'constant', value };
  }
  if (word.kind === 'number') return { kind: 'constant', value: Number(word.text.endsWith('.') ? word.text.slice(0, -1) : word.text) };
  if (word.kind === 'name') {
    const constant = Object.hasOwn(CONSTANTS, word.text) ? CONSTANTS[word.text] : undefined;
    return constant === undefined ? { kind: 'name', name: word.text } : { kind: 'constant', value: constant };
  }
  if (word.text === '(') return bracketed(state, ')');
  if (word.text === '[') return bracketed(state, ']');
  if (word.text === '{') return pairs(state);
  throw new NoExpression();
}

function bracketed(state: State, close: string): Expression {
  const items: Expression[] = [];
  let comma = false;
  while (!take(state, close)) {
    items.push(choice(state));
    if (take(state, ',')) comma = true;
    else {
      need(state, close);
      break;
    }
  }
  const [only] = items;
  return close === ')' && !comma && only !== undefined && items.length === 1 ? only : { kind: 'list', items };
}

function pairs(state: State): Expression {
  const items: Expression[] = [];
  while (!take(state, '}')) {
    items.push(choice(state));
    need(state, ':');
    items.push(choice(state));
    if (!take(state, ',')) {
      need(state, '}');
      break;
    }
  }
  return { kind: 'list', items };
}

function postfix(state: State, start: Expression): Expression {
  let value = start;
  for (;;) {
    if (take(state, '.')) {
      const word = state.list[state.at++];
      if (word === undefined || word.kind === 'mark' || word.kind === 'string') throw new NoExpression();
      value =
        word.kind === 'name'
          ? { kind: 'attribute', of: value, name: word.text }
          : { kind: 'item', of: value, index: { kind: 'constant', value: Number(word.text) } };
    } else if (take(state, '[')) value = subscript(state, value);
    else if (take(state, '(')) value = { kind: 'call', of: value, given: argumentsOf(state) };
    else return value;
  }
}

function subscript(state: State, of: Expression): Expression {
  const parts: (Expression | undefined)[] = [];
  let colons = 0;
  let current: Expression | undefined;
  while (!take(state, ']')) {
    if (take(state, ':')) {
      parts.push(current);
      current = undefined;
      colons++;
    } else if (!take(state, ',')) current = choice(state);
    if (state.at >= state.list.length) throw new NoExpression();
  }
  if (colons > 0) return { kind: 'slice', of, parts: [...parts, current] };
  if (current === undefined) throw new NoExpression();
  return { kind: 'item', of, index: current };
}

function argumentsOf(state: State): Given {
  const positional: Expression[] = [];
  const named: (readonly [string, Expression])[] = [];
  while (!take(state, ')')) {
    if (!take(state, '**')) take(state, '*');
    const word = state.list[state.at];
    const next = state.list[state.at + 1];
    if (word?.kind === 'name' && next?.kind === 'mark' && next.text === '=') {
      state.at += 2;
      named.push([word.text, choice(state)]);
    } else positional.push(choice(state));
    if (!take(state, ',')) {
      need(state, ')');
      break;
    }
  }
  return { positional, named };
}

/** Filters and tests bind tighter than operators. */
function filters(state: State, start: Expression): Expression {
  let value = start;
  for (;;) {
    if (take(state, '|')) value = { kind: 'filter', of: value, name: dotted(state), given: optional(state) };
    else if (is(state, 'is')) {
      state.at++;
      take(state, 'not');
      const name = dotted(state);
      value = { kind: 'test', of: value, name, given: testArguments(state) };
    } else if (is(state, '.') || is(state, '[') || is(state, '(')) value = postfix(state, value);
    else return value;
  }
}

const optional = (state: State): Given => (take(state, '(') ? argumentsOf(state) : NOTHING);

function dotted(state: State): string {
  const parts: string[] = [];
  do {
    const word = state.list[state.at++];
    if (word?.kind !== 'name') throw new NoExpression();
    parts.push(word.text);
  } while (take(state, '.'));
  return parts.join('.');
}

/** A test may have one argument without brackets. */
function testArguments(state: State): Given {
  if (take(state, '(')) return argumentsOf(state);
  const word = state.list[state.at];
  const isValue =
    word !== undefined &&
    (word.kind === 'string' ||
      word.kind === 'number' ||
      (word.kind === 'name' && !['and', 'or', 'if', 'else', 'in', 'not', 'is'].includes(word.text)));
  return isValue ? { positional: [postfix(state, primary(state))], named: [] } : NOTHING;
}
