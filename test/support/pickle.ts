/** Assembles pickles opcode by opcode; nothing here is ever given to a loader. */
import { concat, utf8 } from './builders.js';

export function little(value: number | bigint, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  let rest = BigInt.asUintN(8 * bytes, BigInt(value));
  for (let i = 0; i < bytes; i++) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

const code = (character: string | number): Uint8Array => Uint8Array.of(typeof character === 'number' ? character : character.charCodeAt(0));
const counted = (opcode: string | number, count: number, bytes: Uint8Array): Uint8Array =>
  concat(code(opcode), little(bytes.byteLength, count), bytes);

/** One function for each kind of opcode, or the opcode itself. */
export const op = {
  proto: (version: number) => Uint8Array.of(0x80, version),
  stop: code('.'),
  mark: code('('),
  pop: code('0'),
  popMark: code('1'),
  dup: code('2'),
  none: code('N'),
  true: code(0x88),
  false: code(0x89),
  int: (value: number) => concat(code('J'), little(value, 4)),
  int1: (value: number) => Uint8Array.of(0x4b, value),
  long1: (bytes: Uint8Array) => counted(0x8a, 1, bytes),
  long4: (bytes: Uint8Array) => counted(0x8b, 4, bytes),
  float(value: number) {
    const bytes = new Uint8Array(9);
    bytes[0] = 0x47;
    new DataView(bytes.buffer).setFloat64(1, value);
    return bytes;
  },
  text: (value: string) => counted('X', 4, utf8(value)),
  shortText: (value: string) => counted(0x8c, 1, utf8(value)),
  text8: (value: string) => counted(0x8d, 8, utf8(value)),
  bytes: (value: Uint8Array) => counted('B', 4, value),
  bytes8: (value: Uint8Array) => counted(0x8e, 8, value),
  shortBytes: (value: Uint8Array) => counted('C', 1, value),
  byteArray: (value: Uint8Array) => counted(0x96, 8, value),
  oldString: (value: Uint8Array) => counted('T', 4, value),
  line: (opcode: string, ...lines: readonly string[]) => concat(code(opcode), utf8(lines.map((line) => `${line}\n`).join(''))),
  emptyList: code(']'),
  append: code('a'),
  appends: code('e'),
  list: code('l'),
  emptyTuple: code(')'),
  tuple: code('t'),
  tuple1: code(0x85),
  tuple2: code(0x86),
  tuple3: code(0x87),
  emptyDict: code('}'),
  dict: code('d'),
  setItem: code('s'),
  setItems: code('u'),
  emptySet: code(0x8f),
  addItems: code(0x90),
  frozenSet: code(0x91),
  global: (module: string, name: string) => concat(code('c'), utf8(`${module}\n${name}\n`)),
  stackGlobal: code(0x93),
  inst: (module: string, name: string) => concat(code('i'), utf8(`${module}\n${name}\n`)),
  obj: code('o'),
  reduce: code('R'),
  newObj: code(0x81),
  newObjEx: code(0x92),
  build: code('b'),
  persId: code('Q'),
  put: (index: number) => Uint8Array.of(0x71, index),
  longPut: (index: number) => concat(code('r'), little(index, 4)),
  get: (index: number) => Uint8Array.of(0x68, index),
  longGet: (index: number) => concat(code('j'), little(index, 4)),
  memoize: code(0x94),
  frame: (length: number | bigint) => concat(code(0x95), little(length, 8)),
  ext1: (value: number) => Uint8Array.of(0x82, value),
  ext2: (value: number) => concat(code(0x83), little(value, 2)),
  ext4: (value: number) => concat(code(0x84), little(value, 4)),
  nextBuffer: code(0x97),
  readonlyBuffer: code(0x98),
} as const;

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain } | Uint8Array;

/** A pickle of plain data; bytes given as Uint8Array are opcodes that leave one value on the stack. */
export function value(data: Plain): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data === null) return op.none;
  if (typeof data === 'boolean') return data ? op.true : op.false;
  if (typeof data === 'number') return Number.isInteger(data) && Math.abs(data) < 2 ** 31 ? op.int(data) : op.float(data);
  if (typeof data === 'string') return op.text(data);
  if (Array.isArray(data)) return concat(op.mark, ...data.map(value), op.list);
  return concat(op.mark, ...Object.entries(data).flatMap(([key, item]) => [op.text(key), value(item)]), op.dict);
}

/** A tuple of values. */
export const tuple = (...items: readonly Plain[]): Uint8Array => concat(op.mark, ...items.map(value), op.tuple);

/** `module.name(*args)` */
export const call = (module: string, name: string, ...args: readonly Plain[]): Uint8Array =>
  concat(op.global(module, name), tuple(...args), op.reduce);

/** An object of a class with attributes. */
export const instance = (module: string, name: string, state: Plain): Uint8Array =>
  concat(op.global(module, name), op.emptyTuple, op.newObj, value(state), op.build);

/** A whole pickle. */
export const pickle = (data: Plain, protocol = 2): Uint8Array => concat(op.proto(protocol), value(data), op.stop);
