/**
 * The opcodes of protocols 0 to 5, as a table of what each does to the machine.
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py, Modules/_pickle.c
 */
import type { Cursor } from '../../../core/cursor.js';
import { MsbomError } from '../../../core/error.js';
import {
  oldText,
  parseFloat64,
  parseInteger,
  parseQuoted,
  parseUnicode,
  readBytes,
  readLineText,
  readLong,
  readOldString,
  readShortLine,
  readText,
  type TextAllowance,
} from './arguments.js';
import {
  assign,
  extend,
  importGlobal,
  type Machine,
  memoize,
  needValues,
  newDict,
  newSequence,
  note,
  pop,
  popMark,
  push,
  pushAgain,
  pushCall,
  recall,
  tooMany,
  top,
} from './machine.js';
import { ofKind, type PickleValue } from './values.js';

/** Bytes that have to be buffered before a handler runs: its opcode and the longest argument of fixed size. */
export const FIXED_BYTES = 9;
const HIGHEST_PROTOCOL = 5;
/** Longest dotted name of an import. */
const MAX_IMPORT = 4096;

/** Runs one opcode; the cursor stands behind its code. A promise only when bytes have to be fetched. */
export type Handler = (machine: Machine) => void | Promise<void>;

export interface Opcode {
  readonly name: string;
  /** Bytes that must follow the code. */
  readonly bytes: number;
  readonly run: Handler;
}

/** Pushes what a reader gives, now or later. */
function pushRead(machine: Machine, value: PickleValue | Promise<PickleValue>): void | Promise<void> {
  if (value instanceof Promise) return value.then((read) => push(machine, read));
  push(machine, value);
}

type CountedReader = (cursor: Cursor, length: number, allowance: TextAllowance) => PickleValue | Promise<PickleValue>;

/** An opcode with a string behind a count. */
function counted(length: (machine: Machine) => number, read: CountedReader): Handler {
  return (machine) => pushRead(machine, read(machine.cursor, length(machine), machine.text));
}

const bytesOf: CountedReader = (cursor, length) => readBytes(cursor, length, 'bytes');

/** A length of four bytes; signed in the oldest opcodes, where a negative one is refused. */
function length4(machine: Machine): number {
  const length = machine.cursor.i32();
  if (length < 0) throw machine.cursor.malformed(`a length of ${length} is negative`, machine.at);
  return length;
}

/** A memo index as a line. */
async function indexLine(machine: Machine): Promise<number> {
  const value = parseInteger(await readShortLine(machine.cursor, 'a memo index'));
  if (typeof value !== 'number') throw machine.cursor.malformed('a line is no memo index', machine.at);
  return value;
}

async function int(machine: Machine): Promise<void> {
  const text = await readShortLine(machine.cursor, 'an integer');
  const value = text === '01' ? true : text === '00' ? false : parseInteger(text);
  if (value === undefined) throw machine.cursor.malformed('a line is no integer', machine.at);
  push(machine, value);
}

async function long(machine: Machine): Promise<void> {
  const text = await readLineText(machine.cursor, { left: 4302 }, 'bytes');
  if (typeof text !== 'string') return push(machine, { kind: 'integer', ...text });
  const value = parseInteger(text.replace(/L$/, ''));
  if (value === undefined) throw machine.cursor.malformed('a line is no integer', machine.at);
  push(machine, value);
}

async function float(machine: Machine): Promise<void> {
  const value = parseFloat64(await readShortLine(machine.cursor, 'a float'));
  if (value === undefined) throw machine.cursor.malformed('a line is no float', machine.at);
  push(machine, value);
}

async function string(machine: Machine): Promise<void> {
  const offset = machine.cursor.position;
  const line = await readLineText(machine.cursor, machine.text, 'bytes');
  if (typeof line !== 'string') return push(machine, { kind: 'bytes', ...line });
  const text = parseQuoted(line);
  if (text === undefined) throw machine.cursor.malformed('a string has no quotes', machine.at);
  push(machine, oldText(text, { offset, length: line.length }));
}

async function unicode(machine: Machine): Promise<void> {
  const line = await readLineText(machine.cursor, machine.text, 'bytes');
  push(machine, typeof line === 'string' ? parseUnicode(line) : { kind: 'text', ...line });
}

async function readNames(machine: Machine): Promise<readonly [string, string] | undefined> {
  const module = await readLineText(machine.cursor, machine.text, 'utf8');
  const name = await readLineText(machine.cursor, machine.text, 'utf8');
  return typeof module === 'string' && typeof name === 'string' ? [module, name] : undefined;
}

/** An import by two names that are texts, else what is not known. */
function imported(machine: Machine, names: readonly [PickleValue, PickleValue] | undefined): PickleValue {
  const [module, name] = names ?? [];
  // A few long texts can be paired in very many ways, and each pair would be held.
  if (typeof module === 'string' && typeof name === 'string' && module.length + name.length <= MAX_IMPORT)
    return importGlobal(machine, module, name);
  note(machine, 'computed import');
  return { kind: 'unknown', reason: 'an import of what is no text, or too long', at: machine.at };
}

async function global(machine: Machine): Promise<void> {
  push(machine, imported(machine, await readNames(machine)));
}

function stackGlobal(machine: Machine): void {
  const name = pop(machine);
  push(machine, imported(machine, [pop(machine), name]));
}

async function inst(machine: Machine): Promise<void> {
  const callee = imported(machine, await readNames(machine));
  pushCall(machine, 'INST', callee, newSequence(machine, 'tuple', popMark(machine)));
}

function obj(machine: Machine): void {
  const [callee, ...args] = popMark(machine);
  if (callee === undefined) throw machine.cursor.malformed('an object is made without a class', machine.at);
  pushCall(machine, 'OBJ', callee, newSequence(machine, 'tuple', args));
}

function newObjEx(machine: Machine): void {
  const kwargs = pop(machine);
  const args = pop(machine);
  pushCall(machine, 'NEWOBJ_EX', pop(machine), args, kwargs);
}

function call2(opcode: 'REDUCE' | 'NEWOBJ'): Handler {
  return (machine) => {
    const args = pop(machine);
    pushCall(machine, opcode, pop(machine), args);
  };
}

function build(machine: Machine): void | Promise<void> {
  const state = pop(machine);
  const target = top(machine);
  const call = ofKind(target, 'call');
  if (call === undefined) note(machine, 'state on a non-instance');
  else call.state = state;
  return machine.hooks.onBuild?.(target, state, machine.cursor);
}

function extension(code: (machine: Machine) => number): Handler {
  return (machine) => {
    note(machine, 'extension code');
    push(machine, { kind: 'extension', code: code(machine), at: machine.at });
  };
}

function proto(machine: Machine): void {
  const { cursor, at } = machine;
  const version = cursor.u8();
  if (version > HIGHEST_PROTOCOL)
    throw new MsbomError('ERR_FORMAT_UNSUPPORTED', `pickle protocol ${version} is not known, only 0 to ${HIGHEST_PROTOCOL} are`, {
      file: cursor.source.name,
      offset: at,
    });
  if (version < 2 || machine.opcodes > 1) note(machine, 'odd protocol');
  machine.protocol = Math.max(machine.protocol, version);
}

function frame(machine: Machine): void {
  const { cursor } = machine;
  const length = cursor.bigU64();
  const end = BigInt(cursor.position) + length;
  if (machine.frameEnd > cursor.position || end > BigInt(cursor.source.size)) note(machine, 'frame boundary');
  machine.frameEnd = end > BigInt(cursor.source.size) ? 0 : Number(end);
}

function popValueOrMark(machine: Machine): void {
  if (machine.marks.at(-1) === machine.stack.length) machine.marks.pop();
  else pop(machine);
}

function stop(machine: Machine): void {
  machine.result = { value: pop(machine) };
  if (machine.stack.length > 0 || machine.marks.length > 0) note(machine, 'values left on the stack');
}

function mark(machine: Machine): void {
  if (machine.marks.length >= machine.maxObjects) throw tooMany(machine, `more than ${machine.maxObjects} marks`);
  machine.marks.push(machine.stack.length);
}

function tuple(count: 1 | 2 | 3): Handler {
  return (machine) => {
    needValues(machine, count);
    push(machine, newSequence(machine, 'tuple', machine.stack.splice(machine.stack.length - count)));
  };
}

function fromMark(kind: 'list' | 'tuple' | 'frozenset'): Handler {
  return (machine) => push(machine, newSequence(machine, kind, popMark(machine)));
}

const empty = (kind: 'list' | 'tuple' | 'set'): Handler => {
  return (machine) => push(machine, newSequence(machine, kind));
};
const constant = (value: null | boolean): Handler => {
  return (machine) => push(machine, value);
};
function append(machine: Machine): void {
  const value = pop(machine);
  extend(machine, top(machine), [value]);
}

function addItems(machine: Machine): void {
  const values = popMark(machine);
  extend(machine, top(machine), values);
}

function setItem(machine: Machine): void {
  const value = pop(machine);
  const key = pop(machine);
  assign(machine, top(machine), [key, value]);
}

function setItems(machine: Machine): void {
  const pairs = popMark(machine);
  assign(machine, top(machine), pairs);
}

function dictFromMark(machine: Machine): void {
  const pairs = popMark(machine);
  const dict = newDict();
  assign(machine, dict, pairs);
  push(machine, dict);
}

async function persistentLine(machine: Machine): Promise<void> {
  const id = await readLineText(machine.cursor, machine.text, 'utf8');
  push(machine, { kind: 'persistent', id: typeof id === 'string' ? id : { kind: 'text', ...id }, at: machine.at });
}

const u1 = ({ cursor }: Machine): number => cursor.u8();
const u2 = ({ cursor }: Machine): number => cursor.u16();
const u4 = ({ cursor }: Machine): number => cursor.u32();
const i4 = ({ cursor }: Machine): number => cursor.i32();
const u8 = ({ cursor }: Machine): number => cursor.u64();

/** Floats are the only big-endian arguments. */
function binFloat(machine: Machine): void {
  const { cursor } = machine;
  cursor.littleEndian = false;
  const value = cursor.f64();
  cursor.littleEndian = true;
  push(machine, value);
}

const number = (read: (machine: Machine) => number): Handler => {
  return (machine) => push(machine, read(machine));
};
const get = (index: (machine: Machine) => number): Handler => {
  return (machine) => recall(machine, index(machine));
};
const put = (index: (machine: Machine) => number): Handler => {
  return (machine) => memoize(machine, index(machine));
};

/** Code, name, bytes of an argument or count of fixed size, what it does. */
const TABLE: readonly (readonly [code: number, name: string, bytes: number, run: Handler])[] = [
  [0x28, 'MARK', 0, mark],
  [0x29, 'EMPTY_TUPLE', 0, empty('tuple')],
  [0x2e, 'STOP', 0, stop],
  [0x30, 'POP', 0, popValueOrMark],
  [0x31, 'POP_MARK', 0, (machine) => void popMark(machine)],
  [0x32, 'DUP', 0, (machine) => pushAgain(machine, top(machine))],
  [0x42, 'BINBYTES', 4, counted(u4, bytesOf)],
  [0x43, 'SHORT_BINBYTES', 1, counted(u1, bytesOf)],
  [0x46, 'FLOAT', 0, float],
  [0x47, 'BINFLOAT', 8, binFloat],
  [0x49, 'INT', 0, int],
  [0x4a, 'BININT', 4, number(i4)],
  [0x4b, 'BININT1', 1, number(u1)],
  [0x4c, 'LONG', 0, long],
  [0x4d, 'BININT2', 2, number(u2)],
  [0x4e, 'NONE', 0, constant(null)],
  [0x50, 'PERSID', 0, persistentLine],
  [0x51, 'BINPERSID', 0, (machine) => push(machine, { kind: 'persistent', id: pop(machine), at: machine.at })],
  [0x52, 'REDUCE', 0, call2('REDUCE')],
  [0x53, 'STRING', 0, string],
  [0x54, 'BINSTRING', 4, counted(length4, readOldString)],
  [0x55, 'SHORT_BINSTRING', 1, counted(u1, readOldString)],
  [0x56, 'UNICODE', 0, unicode],
  [0x58, 'BINUNICODE', 4, counted(u4, readText)],
  [0x5d, 'EMPTY_LIST', 0, empty('list')],
  [0x61, 'APPEND', 0, append],
  [0x62, 'BUILD', 0, build],
  [0x63, 'GLOBAL', 0, global],
  [0x64, 'DICT', 0, dictFromMark],
  [0x65, 'APPENDS', 0, addItems],
  [0x67, 'GET', 0, async (machine) => recall(machine, await indexLine(machine))],
  [0x68, 'BINGET', 1, get(u1)],
  [0x69, 'INST', 0, inst],
  [0x6a, 'LONG_BINGET', 4, get(u4)],
  [0x6c, 'LIST', 0, fromMark('list')],
  [0x6f, 'OBJ', 0, obj],
  [0x70, 'PUT', 0, async (machine) => memoize(machine, await indexLine(machine))],
  [0x71, 'BINPUT', 1, put(u1)],
  [0x72, 'LONG_BINPUT', 4, put(u4)],
  [0x73, 'SETITEM', 0, setItem],
  [0x74, 'TUPLE', 0, fromMark('tuple')],
  [0x75, 'SETITEMS', 0, setItems],
  [0x7d, 'EMPTY_DICT', 0, (machine) => push(machine, newDict())],
  [0x80, 'PROTO', 1, proto],
  [0x81, 'NEWOBJ', 0, call2('NEWOBJ')],
  [0x82, 'EXT1', 1, extension(u1)],
  [0x83, 'EXT2', 2, extension(u2)],
  [0x84, 'EXT4', 4, extension(i4)],
  [0x85, 'TUPLE1', 0, tuple(1)],
  [0x86, 'TUPLE2', 0, tuple(2)],
  [0x87, 'TUPLE3', 0, tuple(3)],
  [0x88, 'NEWTRUE', 0, constant(true)],
  [0x89, 'NEWFALSE', 0, constant(false)],
  [0x8a, 'LONG1', 1, counted(u1, readLong)],
  [0x8b, 'LONG4', 4, counted(length4, readLong)],
  [0x8c, 'SHORT_BINUNICODE', 1, counted(u1, readText)],
  [0x8d, 'BINUNICODE8', 8, counted(u8, readText)],
  [0x8e, 'BINBYTES8', 8, counted(u8, bytesOf)],
  [0x8f, 'EMPTY_SET', 0, empty('set')],
  [0x90, 'ADDITEMS', 0, addItems],
  [0x91, 'FROZENSET', 0, fromMark('frozenset')],
  [0x92, 'NEWOBJ_EX', 0, newObjEx],
  [0x93, 'STACK_GLOBAL', 0, stackGlobal],
  [0x94, 'MEMOIZE', 0, (machine) => memoize(machine, machine.memoized)],
  [0x95, 'FRAME', 8, frame],
  [0x96, 'BYTEARRAY8', 8, counted(u8, (cursor, length) => readBytes(cursor, length, 'bytearray'))],
  [0x97, 'NEXT_BUFFER', 0, (machine) => push(machine, { kind: 'buffer', index: machine.buffers++ })],
  [0x98, 'READONLY_BUFFER', 0, (machine) => void top(machine)],
];

/** By code; undefined for a byte that is no opcode. */
export const OPCODES: readonly (Opcode | undefined)[] = (() => {
  const opcodes: (Opcode | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const [code, name, bytes, run] of TABLE) opcodes[code] = { name, bytes, run };
  return opcodes;
})();
