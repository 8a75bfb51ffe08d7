/** State of the symbolic machine: stack, marks, memo and what is counted. */
import type { Cursor } from '../../../core/cursor.js';
import { MsbomError } from '../../../core/error.js';
import type { Limits } from '../../../core/limits.js';
import type { TextAllowance } from './arguments.js';
import {
  type CallOpcode,
  dottedName,
  ofKind,
  type PickleCall,
  type PickleDict,
  type PickleGlobal,
  type PickleSequence,
  type PickleValue,
} from './values.js';

/**
 * Objects (containers, calls, references) of one pickle at most, whatever the limits say: each takes about 100 bytes, one that
 * holds a table or a copy of bytes counts as several. A small file may ask for the first, and for one more in so many bytes.
 */
const MAX_OBJECTS = 4_000_000;
const FREE_OBJECTS = 200_000;
const BYTES_AN_OBJECT = 5;
const TABLE_WEIGHT = 3;
const IMPORT_WEIGHT = 4;
/** Odd places that are kept; the others are counted. */
const MAX_ANOMALIES = 1000;

/** What is odd about a pickle, though loading it may still work. */
export type AnomalyKind =
  | 'unset memo'
  | 'computed import'
  | 'extension code'
  | 'mutation of a non-container'
  | 'state on a non-instance'
  | 'odd protocol'
  | 'frame boundary'
  | 'values left on the stack';

export interface PickleAnomaly {
  readonly kind: AnomalyKind;
  /** Offset of the opcode. */
  readonly at: number;
}

/** A dotted name, where it is imported first, and how often. */
export interface PickleImport {
  readonly module: string;
  readonly name: string;
  /** Offset of the first opcode that imports it. */
  readonly at: number;
  readonly count: number;
}

/** What a caller is told while the machine runs. All of them are optional; none may change the stack. */
export interface PickleHooks {
  /** Before each opcode. */
  readonly onOpcode?: (code: number, at: number) => void;
  /** Each import, repeated ones included. */
  readonly onImport?: (imported: PickleGlobal) => void;
  /** Each call, also one whose result is thrown away. */
  readonly onCall?: (call: PickleCall) => void;
  /**
   * After each BUILD. The cursor stands behind the opcode; a hook that moves it forward passes over raw bytes that follow,
   * as the array bytes of joblib do.
   */
  readonly onBuild?: (target: PickleValue, state: PickleValue, cursor: Cursor) => void | Promise<void>;
}

export type PickleMemo = readonly (PickleValue | undefined)[];

export interface PickleOptions extends PickleHooks {
  /** Items of one container that are kept; the others are counted. The default keeps a million. */
  readonly keep?: number;
  /** Memo of an earlier pickle, for a loader that reads several of them with one Unpickler. */
  readonly memo?: PickleMemo;
}

const DEFAULT_KEEP = 1_000_000;

export interface Machine {
  readonly cursor: Cursor;
  readonly hooks: PickleHooks;
  readonly keep: number;
  readonly maxObjects: number;
  readonly maxOpcodes: number;
  readonly text: TextAllowance;
  stack: PickleValue[];
  /** Heights of the stack at each open mark. */
  readonly marks: number[];
  readonly memo: (PickleValue | undefined)[];
  /** Memo entries that are set: the index that MEMOIZE takes. */
  memoized: number;
  objects: number;
  opcodes: number;
  /** Highest protocol that was announced; 0 without PROTO. */
  protocol: number;
  buffers: number;
  /** Offset at which the open frame ends; 0 outside of frames. */
  frameEnd: number;
  /** Offset of the opcode at work. */
  at: number;
  /** Set by STOP. */
  result: { readonly value: PickleValue } | undefined;
  readonly imports: Map<string, { module: string; name: string; at: number; count: number }>;
  readonly anomalies: PickleAnomaly[];
  anomalyCount: number;
}

export function newMachine(cursor: Cursor, limits: Limits, options: PickleOptions): Machine {
  const memo = options.memo?.slice() ?? [];
  return {
    cursor,
    hooks: options,
    keep: Math.min(options.keep ?? DEFAULT_KEEP, limits.maxItems),
    maxObjects: Math.min(limits.maxItems, MAX_OBJECTS, FREE_OBJECTS + Math.floor(cursor.source.size / BYTES_AN_OBJECT)),
    maxOpcodes: 2 * limits.maxItems,
    text: { left: limits.maxHeaderBytes },
    stack: [],
    marks: [],
    memo,
    memoized: memo.reduce((count: number, value) => count + (value === undefined ? 0 : 1), 0),
    objects: 0,
    opcodes: 0,
    protocol: 0,
    buffers: 0,
    frameEnd: 0,
    at: cursor.position,
    result: undefined,
    imports: new Map(),
    anomalies: [],
    anomalyCount: 0,
  };
}

export function note(machine: Machine, kind: AnomalyKind): void {
  if (machine.anomalyCount++ < MAX_ANOMALIES) machine.anomalies.push({ kind, at: machine.at });
}

/** Puts a value on the stack. @throws ERR_LIMIT_COUNT */
export function push(machine: Machine, value: PickleValue): void {
  if (typeof value === 'object' && value !== null) spend(machine, weightOf(value));
  machine.stack.push(value);
}

/** Counts objects. @throws ERR_LIMIT_COUNT */
function spend(machine: Machine, weight: number): void {
  machine.objects += weight;
  if (machine.objects > machine.maxObjects) throw tooMany(machine, `more than ${machine.maxObjects} objects`);
}

/** The empty tuple is one for all; a copy of bytes takes as much as several objects. */
const weightOf = (value: object & { readonly bytes?: Uint8Array }): number =>
  value === EMPTY_TUPLE ? 0 : (value.bytes?.length ?? 0) > 0 ? 3 : 1;

/** Puts a value on the stack that is counted already. @throws ERR_LIMIT_COUNT */
export function pushAgain(machine: Machine, value: PickleValue): void {
  if (machine.stack.length >= machine.maxObjects) throw tooMany(machine, `more than ${machine.maxObjects} values on the stack`);
  machine.stack.push(value);
}

export function tooMany(machine: Machine, message: string): MsbomError {
  return new MsbomError('ERR_LIMIT_COUNT', message, {
    file: machine.cursor.source.name,
    offset: machine.at,
    hint: 'Raise maxItems if the file is trusted.',
  });
}

const fence = (machine: Machine): number => machine.marks.at(-1) ?? 0;

/** The topmost value. @throws ERR_FORMAT_MALFORMED when there is none above the last mark */
export function pop(machine: Machine): PickleValue {
  const value = machine.stack.length > fence(machine) ? machine.stack.pop() : undefined;
  if (value === undefined) throw machine.cursor.malformed('the opcode needs a value, the stack has none', machine.at);
  return value;
}

/** @throws ERR_FORMAT_MALFORMED when fewer values stand above the last mark */
export function needValues(machine: Machine, count: number): void {
  if (machine.stack.length - fence(machine) >= count) return;
  throw machine.cursor.malformed(`the opcode needs ${count} values, the stack has fewer`, machine.at);
}

/** The topmost value, which stays. @throws ERR_FORMAT_MALFORMED when there is none above the last mark */
export function top(machine: Machine): PickleValue {
  const value = machine.stack.length > fence(machine) ? machine.stack.at(-1) : undefined;
  if (value === undefined) throw machine.cursor.malformed('the opcode needs a value, the stack has none', machine.at);
  return value;
}

/** The values above the last mark, which goes. @throws ERR_FORMAT_MALFORMED without a mark */
export function popMark(machine: Machine): PickleValue[] {
  const height = machine.marks.pop();
  if (height === undefined) throw machine.cursor.malformed('the opcode needs a mark, the stack has none', machine.at);
  if (height === machine.stack.length) return [];
  const values = machine.stack.slice(height);
  machine.stack.length = height;
  return values;
}

const NO_ITEMS: readonly PickleValue[] = [];
const NO_ENTRIES: PickleDict['entries'] = new Map();
const EMPTY_TUPLE: PickleSequence = { kind: 'tuple', items: NO_ITEMS, length: 0 };
const NO_PAIRS: PickleDict['others'] = [];

export function newSequence(machine: Machine, kind: PickleSequence['kind'], values: PickleValue[] = []): PickleSequence {
  const { length } = values;
  if (kind === 'tuple' && length === 0) return EMPTY_TUPLE;
  if (length > machine.keep) values.length = machine.keep;
  return { kind, items: length === 0 ? NO_ITEMS : values, length };
}

export function newDict(): PickleDict {
  return { kind: 'dict', entries: NO_ENTRIES, others: NO_PAIRS, length: 0 };
}

/** Adds items to a list or set, or to an object that acts as one. */
export function extend(machine: Machine, target: PickleValue, values: readonly PickleValue[]): void {
  const call = ofKind(target, 'call');
  if (call !== undefined && call.list === undefined) {
    spend(machine, 1);
    call.list = newSequence(machine, 'list');
  }
  const sequence = call?.list ?? ofKind(target, 'list') ?? ofKind(target, 'set');
  if (sequence === undefined) {
    note(machine, 'mutation of a non-container');
    return;
  }
  sequence.length += values.length;
  if (sequence.items === NO_ITEMS) {
    if (values.length === 0) return;
    spend(machine, 1);
    // As large as it has to be: most lists are made at once, and one that grows takes room for seventeen.
    sequence.items = values.slice(0, machine.keep);
    return;
  }
  // Made by this machine as an array; readers see it as readonly.
  const items = sequence.items as PickleValue[];
  for (const value of values) {
    if (items.length >= machine.keep) return;
    items.push(value);
  }
}

/** Sets pairs of keys and values in a dict, or in an object that acts as one. */
export function assign(machine: Machine, target: PickleValue, pairs: readonly PickleValue[]): void {
  if (pairs.length % 2 === 1) throw machine.cursor.malformed('a dict is given a key without a value', machine.at);
  const call = ofKind(target, 'call');
  if (call !== undefined && call.dict === undefined) {
    spend(machine, 1);
    call.dict = newDict();
  }
  const dict = call?.dict ?? ofKind(target, 'dict');
  if (dict === undefined) note(machine, 'mutation of a non-container');
  else for (let i = 0; i < pairs.length; i += 2) setEntry(machine, dict, pairs[i] ?? null, pairs[i + 1] ?? null);
}

/** Only texts are looked up: a hash of other keys could be forced to collide. */
function setEntry(machine: Machine, dict: PickleDict, key: PickleValue, value: PickleValue): void {
  dict.length++;
  if (typeof key === 'string') {
    if (dict.entries === NO_ENTRIES) {
      spend(machine, TABLE_WEIGHT);
      dict.entries = new Map();
    }
    // Made by this machine as a map; readers see it as readonly.
    const entries = dict.entries as Map<string, PickleValue>;
    if (entries.size < machine.keep || entries.has(key)) entries.set(key, value);
    return;
  }
  if (dict.others === NO_PAIRS) {
    spend(machine, 2);
    dict.others = machine.keep > 0 ? [[key, value]] : [];
    return;
  }
  // Made by this machine as an array; readers see it as readonly.
  const others = dict.others as (readonly [PickleValue, PickleValue])[];
  if (others.length >= machine.keep) return;
  spend(machine, 1);
  others.push([key, value]);
}

/** An import: remembered by its name, told to the hook. */
export function importGlobal(machine: Machine, module: string, name: string): PickleGlobal {
  const imported: PickleGlobal = { kind: 'global', module, name, at: machine.at };
  const key = `${module.length} ${dottedName(imported)}`;
  const known = machine.imports.get(key);
  if (known === undefined) {
    // Long names are held once more as the key.
    spend(machine, IMPORT_WEIGHT + Math.ceil(key.length / 50));
    machine.imports.set(key, { module, name, at: machine.at, count: 1 });
  } else known.count++;
  machine.hooks.onImport?.(imported);
  return imported;
}

/** A call, whose result goes on the stack. */
export function pushCall(machine: Machine, opcode: CallOpcode, callee: PickleValue, args: PickleValue, kwargs?: PickleValue): void {
  const call: PickleCall = { kind: 'call', opcode, callee, args, ...(kwargs === undefined ? {} : { kwargs }), at: machine.at };
  machine.hooks.onCall?.(call);
  push(machine, call);
}

/** Sets the memo entry. @throws ERR_LIMIT_COUNT, ERR_FORMAT_MALFORMED for an index that no loader takes */
export function memoize(machine: Machine, index: number): void {
  const value = top(machine);
  if (!Number.isSafeInteger(index) || index < 0 || index > 0xffff_ffff)
    throw machine.cursor.malformed(`the memo has no entry ${index}`, machine.at);
  if (machine.memo[index] === undefined && ++machine.memoized > machine.maxObjects)
    throw tooMany(machine, `more than ${machine.maxObjects} memo entries`);
  machine.memo[index] = value;
}

/** The memo entry, or an unknown where none was set. */
export function recall(machine: Machine, index: number): void {
  const value = index >= 0 && index <= 0xffff_ffff ? machine.memo[index] : undefined;
  if (value !== undefined) {
    pushAgain(machine, value);
    return;
  }
  note(machine, 'unset memo');
  push(machine, { kind: 'unknown', reason: 'a memo entry that was never set', at: machine.at });
}
