/** State of the scanning machine: one window of the file, a stack, marks and a memo with the meaning that CPython gives them. */
import { parseQuoted, parseUnicode } from '../../formats/shared/pickle/arguments.js';
import { LET_GO, type Memo, newMemo } from './memo.js';
import type { Judgement } from './names.js';
import { EMPTY_TUPLE, type Global, KEPT_ITEMS, type Text, type Tuple, unknown, type Value } from './values.js';
import { WEIGH_AFTER, weigh } from './weight.js';

/** What a step asks of its driver. */
export const GO = 0;
/** More bytes of the file behind the opcode, which then is run again. */
export const MORE = 1;
/** The end of a line. */
export const LINE = 2;
/** A text that lies outside of the window. */
export const TEXT = 3;
export const STOPPED = 4;
export const BROKEN = 5;
/** Raw bytes of an array follow. */
export const ARRAY = 6;
export type Signal = typeof GO | typeof MORE | typeof LINE | typeof TEXT | typeof STOPPED | typeof BROKEN | typeof ARRAY;

/** Longest name, path or word that is decoded. */
export const MAX_TEXT = 4096;
/** Values on the stack and in the memo that are held, whatever the limits say, and about how many bytes of memory they may take. */
const MAX_HELD = 4_000_000;
const MAX_HELD_BYTES = 32 * 1024 * 1024;

export interface Call {
  readonly opcode: string;
  readonly callee: Value;
  readonly args: Value;
  readonly kwargs?: Value | undefined;
  readonly at: number;
}

/** What the machine tells while it runs. A `false` means: a text has to be fetched first, ask again. */
export interface Listener {
  judge(module: string, name: string, protocol: number): Judgement;
  imported(global: Global, at: number): void;
  called(call: Call): boolean;
  odd(what: Odd, at: number, value?: Value): void;
  /** A constant that may hold something else. */
  constant(kind: 'bytes' | 'text', at: number, length: number, head: Uint8Array): void;
  trace?(code: number, at: number): void;
}

export type Odd =
  | 'computed import'
  | 'extension code'
  | 'unset memo'
  | 'nested frame'
  | 'frame boundary'
  | 'frame beyond the end'
  | 'persistent id'
  | 'state on a class'
  | 'state on a value'
  | 'mutation of a class'
  | 'mutation of an object'
  | 'second state'
  | 'code in a state'
  | 'unknown protocol';

export interface Machine {
  readonly listener: Listener;
  /** Bytes of the stream. */
  readonly size: number;
  /** The window, and the offset of its first byte. */
  buf: Uint8Array;
  base: number;
  /** Index of the next byte in the window; may lie behind it. */
  pos: number;
  /** Index of the opcode at work. */
  start: number;
  stack: Value[];
  /** Heights of the stack at each mark. */
  readonly marks: number[];
  fence: number;
  readonly memo: Memo;
  /** Objects that may be pushed until all that is held is weighed again. */
  untilWeighed: number;
  readonly globals: Map<string, Global>;
  opcodes: number;
  protocol: number;
  frameEnd: number;
  /** Ends of frames at which other programs start anew. */
  readonly restarts: number[];
  /** Opcodes that occurred. */
  readonly seen: Uint8Array;
  /** Why it cannot go on. */
  problem: string;
  /** A limit was reached. */
  limited: boolean;
  /** What TEXT asks for. */
  wanted: Text | undefined;
  /** Lines known to end at these offsets, from LINE. */
  readonly lineEnds: Map<number, number>;
  wantedLine: number;
  array: Value;
  result: Value | undefined;
  /** Values were popped that were not there: a lenient machine goes on. */
  readonly lenient: boolean;
}

export function newMachine(listener: Listener, size: number, options: { memo?: Machine | undefined; lenient?: boolean } = {}): Machine {
  const { memo } = options;
  return {
    listener,
    size,
    buf: new Uint8Array(0),
    base: 0,
    pos: 0,
    start: 0,
    stack: [],
    marks: [],
    fence: 0,
    memo: newMemo(memo?.memo),
    untilWeighed: WEIGH_AFTER,
    globals: memo?.globals ?? new Map(),
    opcodes: 0,
    protocol: 0,
    frameEnd: 0,
    restarts: [],
    seen: new Uint8Array(256),
    problem: '',
    limited: false,
    wanted: undefined,
    lineEnds: new Map(),
    wantedLine: 0,
    array: null,
    result: undefined,
    lenient: options.lenient ?? false,
  };
}

export function broken(m: Machine, problem: string, limited = false): Signal {
  m.problem = problem;
  m.limited ||= limited;
  return BROKEN;
}

/** Offset of the opcode at work. */
export const at = (m: Machine): number => m.base + m.start;

export function push(m: Machine, value: Value): Signal {
  if (m.stack.length >= MAX_HELD) return broken(m, `more than ${MAX_HELD} values on the stack`, true);
  m.stack.push(value);
  return typeof value === 'object' && value !== null && --m.untilWeighed < 0 ? weighed(m) : GO;
}

/** What is held is weighed after so many new objects as are held, so that weighing costs no more than making them. */
function weighed(m: Machine): Signal {
  let { bytes, objects } = weigh(m.stack, m.memo, MAX_HELD_BYTES);
  if (bytes > MAX_HELD_BYTES) {
    m.memo.lighten();
    ({ bytes, objects } = weigh(m.stack, m.memo, MAX_HELD_BYTES));
  }
  if (bytes > MAX_HELD_BYTES) return broken(m, `values of more than ${MAX_HELD_BYTES} bytes`, true);
  m.untilWeighed = Math.max(WEIGH_AFTER, objects >> 1);
  return GO;
}

export const ENDS = 'the file ends inside an opcode';
export const UNDERFLOW = 'the opcode needs a value, the stack has none';

/** The topmost value; undefined when there is none above the last mark. */
export function pop(m: Machine): Value | undefined {
  if (m.stack.length > m.fence) return m.stack.pop();
  return m.lenient ? unknown('nothing on the stack') : undefined;
}

export function top(m: Machine): Value | undefined {
  if (m.stack.length > m.fence) return m.stack[m.stack.length - 1];
  return m.lenient ? unknown('nothing on the stack') : undefined;
}

export function mark(m: Machine): Signal {
  if (m.marks.length >= MAX_HELD) return broken(m, `more than ${MAX_HELD} marks`, true);
  m.marks.push(m.stack.length);
  m.fence = m.stack.length;
  return GO;
}

/** Index of the first value above the last mark, which goes; -1 without a mark. */
export function popMark(m: Machine): number {
  const height = m.marks.pop();
  if (height === undefined) return m.lenient ? m.stack.length : -1;
  m.fence = m.marks.length === 0 ? 0 : (m.marks[m.marks.length - 1] ?? 0);
  return height;
}

/** The values from `height` on as a tuple, taken off the stack. */
export function takeTuple(m: Machine, height: number): Tuple {
  const length = m.stack.length - height;
  if (length === 0) return EMPTY_TUPLE;
  const items = length <= KEPT_ITEMS ? m.stack.slice(height) : m.stack.slice(height, height + KEPT_ITEMS);
  m.stack.length = height;
  return { kind: 'tuple', length, items };
}

/** Sets an entry of the memo; without `index` the next one. */
export function remember(m: Machine, index = m.memo.size): Signal {
  const value = top(m);
  if (value === undefined) return broken(m, UNDERFLOW);
  if (!m.memo.set(index, value, MAX_HELD)) m.limited = true;
  return GO;
}

export function recall(m: Machine, index: number): Signal {
  const value = m.memo.get(index);
  if (value === LET_GO) m.limited = true;
  if (value !== undefined) return push(m, value);
  m.listener.odd('unset memo', at(m));
  return push(m, unknown('a memo entry that was never set'));
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The characters of bytes; plain ones without a decoder, which is slow for short texts. */
export function characters(bytes: Uint8Array, form: Text['form']): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x80 && form === 'utf8') return utf8.decode(bytes);
    text += String.fromCharCode(byte);
  }
  if (form === 'escaped') return parseUnicode(text);
  if (form === 'quoted') return parseQuoted(text) ?? text;
  return text;
}

/** The text, when it is short and in the window; undefined asks the driver to fetch it (return TEXT). */
export function textOf(m: Machine, value: Text): string | undefined {
  if (value.text !== undefined) return value.text;
  const from = value.at - m.base;
  const length = Math.min(value.length, MAX_TEXT);
  if (from < 0 || from + length > m.buf.length) {
    m.wanted = value;
    return undefined;
  }
  value.text = characters(m.buf.subarray(from, from + length), value.form);
  return value.text;
}

/** Different names that one stream may import: models have some hundreds. */
export const MAX_NAMES = 20_000;

/** The import of a name: one object for each. `undefined` when there are too many. */
export function globalFor(m: Machine, module: string, name: string): Global | undefined {
  const key = `${module}\n${name}`;
  let global = m.globals.get(key);
  if (global === undefined) {
    if (m.globals.size >= MAX_NAMES) {
      broken(m, `more than ${MAX_NAMES} names are imported`, true);
      return undefined;
    }
    global = { kind: 'global', module, name, judged: m.listener.judge(module, name, m.protocol), at: at(m), invoked: false, quiet: 0 };
    m.globals.set(key, global);
  }
  m.listener.imported(global, at(m));
  return global;
}
