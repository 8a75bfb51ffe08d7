/** Values of expressions that need no data: texts that a template puts together so that nobody can read them. */
import type { Expression, Given } from './parser.js';

/** A text, a number, a list of such; undefined is not known. */
export type Known = string | number | boolean | null | readonly Known[];
export type Values = ReadonlyMap<string, Known>;

const MAX_DEPTH = 80;
const MAX_TEXT = 20_000;

/** The value of an expression, as far as it is known before any data is there. */
export function fold(expression: Expression, values: Values, depth = 0): Known | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (each: Expression): Known | undefined => fold(each, values, depth + 1);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'name':
      return values.get(expression.name);
    case 'list': {
      const items = expression.items.map(inner);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'operation':
      return operation(expression.operator, expression.operands.map(inner));
    case 'item':
      return item(inner(expression.of), inner(expression.index));
    case 'slice':
      return slice(
        inner(expression.of),
        expression.parts.map((part) => (part === undefined ? null : inner(part))),
      );
    case 'filter':
      return method(expression.name, inner(expression.of), expression.given, inner);
    case 'call':
      return call(expression.of, expression.given, inner);
    default:
      return undefined;
  }
}

const short = (text: string): string | undefined => (text.length <= MAX_TEXT ? text : undefined);

/** As Python writes it, for texts and numbers. */
const asText = (value: Known): string => (value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : String(value));

function operation(operator: string, operands: readonly (Known | undefined)[]): Known | undefined {
  const [a, b] = operands;
  if (a === undefined) return undefined;
  if (operator === '-x') return typeof a === 'number' ? -a : undefined;
  if (operator === '+x') return a;
  if (b === undefined) return undefined;
  if (operator === '~') return short(asText(a) + asText(b));
  if (typeof a === 'number' && typeof b === 'number') return arithmetic(operator, a, b);
  if (operator === '%' && typeof a === 'string') return formatted(a, Array.isArray(b) ? b : [b], '%');
  if (operator === '+' && Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return short(a + b);
  if (operator === '*' && typeof a === 'string' && typeof b === 'number') return repeated(a, b);
  if (operator === '*' && typeof b === 'string' && typeof a === 'number') return repeated(b, a);
  return undefined;
}

const repeated = (text: string, times: number): string | undefined =>
  times >= 0 && text.length * times <= MAX_TEXT ? text.repeat(Math.floor(times)) : undefined;

function arithmetic(operator: string, a: number, b: number): number | undefined {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (operator === '**') return a ** b;
  if (operator === '//') return Math.floor(a / b);
  return operator === '%' ? a % b : operator === '/' ? a / b : undefined;
}

function item(of: Known | undefined, index: Known | undefined): Known | undefined {
  if (typeof index !== 'number' || (typeof of !== 'string' && !Array.isArray(of))) return undefined;
  return (of as string | readonly Known[]).at(index);
}

function slice(of: Known | undefined, parts: readonly (Known | undefined)[]): Known | undefined {
  if (typeof of !== 'string' && !Array.isArray(of)) return undefined;
  if (parts.some((part) => part !== null && typeof part !== 'number')) return undefined;
  const [from = null, to = null, step = null] = parts as (number | null)[];
  const list: readonly Known[] = typeof of === 'string' ? [...of] : (of as readonly Known[]);
  const taken =
    (step ?? 1) < 0 ? (from === null && to === null ? [...list].reverse() : undefined) : list.slice(from ?? undefined, to ?? undefined);
  const kept = taken?.filter((_, i) => i % Math.max(1, Math.abs(step ?? 1)) === 0);
  return typeof of === 'string' ? kept?.join('') : kept;
}

type Inner = (expression: Expression) => Known | undefined;

function call(of: Expression, given: Given, inner: Inner): Known | undefined {
  if (of.kind === 'attribute') return method(of.name, inner(of.of), given, inner);
  // The keys of a dictionary are texts that no quotes give away.
  if (of.kind === 'name' && of.name === 'dict') return given.named.map(([name]) => name);
  return undefined;
}

const SIMPLE: Readonly<Record<string, (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  swapcase: (text) => [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(''),
  trim: (text) => text.trim(),
  strip: (text) => text.trim(),
  string: (text) => text,
  safe: (text) => text,
  e: (text) => text,
  escape: (text) => text,
  forceescape: (text) => text,
  reverse: (text) => [...text].reverse().join(''),
  capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
};

/** Filters, and the methods of texts that do the same. */
function method(name: string, of: Known | undefined, given: Given, inner: Inner): Known | undefined {
  const [first, second] = given.positional.map(inner);
  if (of === undefined) return undefined;
  if (name === 'join') {
    // As a method the text stands before the list, as a filter behind it.
    if (typeof of === 'string' && Array.isArray(first)) return short(first.map(asText).join(of));
    const list: readonly Known[] | undefined = Array.isArray(of) ? (of as readonly Known[]) : typeof of === 'string' ? [...of] : undefined;
    return list && short(list.map(asText).join(typeof first === 'string' ? first : ''));
  }
  if (name === 'first' || name === 'last') return item(of, name === 'first' ? 0 : -1);
  if (name === 'list') return typeof of === 'string' ? [...of] : of;
  if (name === 'reverse' && Array.isArray(of)) return [...of].reverse();
  if (typeof of !== 'string') return name === 'string' ? asText(of) : undefined;
  if (name === 'replace') return typeof first === 'string' && typeof second === 'string' ? short(of.replaceAll(first, second)) : undefined;
  if (name === 'split') return typeof first === 'string' && first !== '' ? of.split(first) : undefined;
  if (name === 'format') {
    const values = given.positional.map(inner);
    return values.every((value) => value !== undefined) ? formatted(of, values, of.includes('{') ? '{}' : '%') : undefined;
  }
  return Object.hasOwn(SIMPLE, name) ? SIMPLE[name]?.(of) : undefined;
}

/** `%s`, `%c`, `{}`, `{0}`; undefined when the text has other places. */
function formatted(text: string, values: readonly Known[], style: '%' | '{}'): string | undefined {
  let out = '';
  let used = 0;
  for (let i = 0; i < text.length && out.length <= MAX_TEXT; i++) {
    const c = text[i];
    if (c !== style[0]) {
      out += c;
      continue;
    }
    if (style === '%') {
      const mark = text[++i];
      const value = values[used++];
      if (value === undefined) return undefined;
      if (mark === 'c' && typeof value === 'number') out += String.fromCodePoint(Math.min(Math.max(0, Math.floor(value)), 0x10ffff));
      else if (mark === 's' || mark === 'c') out += asText(value);
      else return undefined;
      continue;
    }
    const close = text.indexOf('}', i);
    if (close < 0) return undefined;
    const field = text.slice(i + 1, close);
    const value = field === '' ? values[used++] : values[Number(field)];
    if (field === ':c' && typeof values[used] === 'number') out += String.fromCodePoint(Math.floor(values[used++] as number) & 0xffff);
    else if (value === undefined) return undefined;
    else out += asText(value);
    i = close;
  }
  return used === 0 && style === '%' ? undefined : out;
}
