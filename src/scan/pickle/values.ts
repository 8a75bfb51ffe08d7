/** What the stack of the scanning machine holds: enough to judge a call, nothing that grows with the file. */
import type { Judgement } from './names.js';

/** A text in the file, decoded only when somebody asks for it. */
export interface Text {
  readonly kind: 'text';
  /** Offset of its bytes in the stream. */
  readonly at: number;
  readonly length: number;
  readonly form: 'utf8' | 'latin1' | 'escaped' | 'quoted';
  /** Its first characters, once decoded. */
  text?: string;
}

export interface Bytes {
  readonly kind: 'bytes';
  readonly at: number;
  readonly length: number;
}

/** An imported name. One object for each name of a stream. */
export interface Global {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  readonly judged: Judgement;
  /** Offset of the first opcode that imports it. */
  readonly at: number;
  invoked: boolean;
  /** Calls that were not reported one by one. */
  quiet: number;
}

/** What a call gave, or an object that was made: known by what made it. */
export interface Made {
  readonly kind: 'made';
  readonly callee: Value;
  /** Kept only where a later step asks for it. */
  readonly args?: Tuple | undefined;
  state?: Value;
  /** The class whose instance it is, where another function makes it. */
  readonly of?: string | undefined;
  /** It was given a state already. */
  stated?: boolean;
}

export interface List {
  readonly kind: 'list' | 'set' | 'frozenset';
  length: number;
  /** The first ones. */
  items: readonly Value[];
}

export interface Tuple {
  readonly kind: 'tuple';
  readonly length: number;
  /** The first ones. */
  readonly items: readonly Value[];
}

export interface Dict {
  readonly kind: 'dict';
  /** Pairs that were set. */
  length: number;
  /** Keys and values in turn, of the first pairs. */
  items: readonly Value[];
  /** Values that a class may run when they are its state, wherever among the pairs they stand. */
  watched?: Map<string, Value>;
}

export interface Persistent {
  readonly kind: 'persistent';
  readonly id: Value;
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly why: string;
}

/** A number that need not be told apart. */
export interface Numeric {
  readonly kind: 'integer' | 'float' | 'buffer';
}

/** Small integers stand for themselves, as do True, False and None (null). */
export type Value = number | boolean | null | Text | Bytes | Global | Made | List | Tuple | Dict | Persistent | Unknown | Numeric;

/** Items of a container that are kept. */
export const KEPT_ITEMS = 16;
/** One for all that is empty. */
export const NO_ITEMS: readonly Value[] = [];
export const EMPTY_TUPLE: Tuple = { kind: 'tuple', length: 0, items: NO_ITEMS };
const unknowns = new Map<string, Unknown>();
/** What cannot be known: one object for each reason. */
export function unknown(why: string): Unknown {
  const known = unknowns.get(why) ?? { kind: 'unknown', why };
  unknowns.set(why, known);
  return known;
}
export const INTEGER: Numeric = { kind: 'integer' };
export const FLOAT: Numeric = { kind: 'float' };
export const BUFFER: Numeric = { kind: 'buffer' };

/** The kind of a value, in one word. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'integer';
  return value.kind;
}

export const globalOf = (value: Value | undefined): Global | undefined =>
  typeof value === 'object' && value !== null && value.kind === 'global' ? value : undefined;

export const madeOf = (value: Value | undefined): Made | undefined =>
  typeof value === 'object' && value !== null && value.kind === 'made' ? value : undefined;

/** `module.name` of an import. */
export const dotted = ({ module, name }: Pick<Global, 'module' | 'name'>): string => `${module}.${name}`;

/** `module.name` of what made the value. */
export function madeBy(value: Value | undefined): string | undefined {
  const callee = globalOf(madeOf(value)?.callee);
  return callee === undefined ? undefined : callee.judged.known;
}
