/** Hostile pickles, opcode by opcode. The payloads are inert, and nothing here is ever given to a loader. */
import { concat, utf8 } from '../builders.js';
import { little, op, pickle, tuple, value } from '../pickle.js';
import { DANGEROUS, UNLISTED } from './names.js';

export interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const code = (character: string): Uint8Array => Uint8Array.of(character.charCodeAt(0));

/** The ways in which a text can stand in a pickle. */
export const TEXTS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  UNICODE: (text) => op.line('V', text),
  BINUNICODE: (text) => op.text(text),
  SHORT_BINUNICODE: (text) => op.shortText(text),
  BINUNICODE8: (text) => op.text8(text),
  STRING: (text) => op.line('S', `'${text}'`),
  BINSTRING: (text) => op.oldString(utf8(text)),
  SHORT_BINSTRING: (text) => concat(code('U'), Uint8Array.of(text.length), utf8(text)),
};

/** What can stand between two values without changing the stack. */
export const GAPS: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  MEMOIZE: op.memoize,
  PUT: op.line('p', '77'),
  BINPUT: op.put(9),
  LONG_BINPUT: op.longPut(70_000),
  'DUP POP': concat(op.dup, op.pop),
  'NONE POP': concat(op.none, op.pop),
  'MARK POP_MARK': concat(op.mark, op.none, op.none, op.popMark),
};

export const ARGUMENT = 'echo';
const end = concat(op.stop);

/** The call of `os.system` by a global that is imported in this way. */
const systemCall = (imported: Uint8Array): Uint8Array => concat(imported, tuple(ARGUMENT), op.reduce);
const plainCall = systemCall(op.global('os', 'system'));

/** Names from the stack: every pair of encodings with every pair of gaps. */
function* stackNames(): Generator<Case> {
  for (const [a, first] of Object.entries(TEXTS))
    for (const [b, second] of Object.entries(TEXTS))
      for (const [c, gap] of Object.entries(GAPS))
        for (const [d, other] of Object.entries(GAPS)) {
          const imported = concat(first('os'), gap, second('system'), other, op.stackGlobal);
          yield { name: `${a}, ${c}, ${b}, ${d}, STACK_GLOBAL`, bytes: concat(op.proto(4), systemCall(imported), end) };
        }
}

/** Names from the memo: every way to write it with every way to read it, with holes and overwritten entries. */
function* memoNames(): Generator<Case> {
  const writes: Readonly<Record<string, (index: number) => Uint8Array>> = {
    PUT: (index) => op.line('p', String(index)),
    BINPUT: op.put,
    LONG_BINPUT: op.longPut,
  };
  const reads: Readonly<Record<string, (index: number) => Uint8Array>> = {
    GET: (index) => op.line('g', String(index)),
    BINGET: op.get,
    LONG_BINGET: op.longGet,
  };
  for (const [a, write] of Object.entries(writes))
    for (const [b, read] of Object.entries(reads))
      for (const [first, second] of [
        [0, 1],
        [1, 0],
        [5, 200],
      ] as const) {
        const set = concat(
          op.text('json'),
          write(first),
          op.pop,
          op.text('os'),
          write(first),
          op.pop,
          op.text('system'),
          write(second),
          op.pop,
        );
        yield {
          name: `${a} ${first} ${second}, ${b}`,
          bytes: concat(op.proto(4), set, systemCall(concat(read(first), read(second), op.stackGlobal)), end),
        };
      }
  for (const [b, read] of Object.entries(reads)) {
    // MEMOIZE takes the number of entries as its index, not the highest one.
    const set = concat(op.text('json'), op.put(100), op.pop, op.text('os'), op.memoize, op.pop, op.text('system'), op.memoize, op.pop);
    yield {
      name: `MEMOIZE behind a hole, ${b}`,
      bytes: concat(op.proto(4), set, systemCall(concat(read(1), read(2), op.stackGlobal)), end),
    };
  }
}

/** Every opcode that calls, with the result used, popped, overwritten and put in a container, for every way to import. */
function* calls(): Generator<Case> {
  const argument = value(ARGUMENT);
  const imports: Readonly<Record<string, Uint8Array>> = {
    GLOBAL: op.global('os', 'system'),
    STACK_GLOBAL: concat(op.text('os'), op.text('system'), op.stackGlobal),
    'dotted name': concat(op.text('torch'), op.text('serialization.os.system'), op.stackGlobal),
    'dotted module': concat(op.text('torch.serialization'), op.text('os.system'), op.stackGlobal),
    'GLOBAL dotted': op.global('site', 'os.system'),
    'old name': op.global('commands', 'getoutput'),
    'old built-in': op.global('__builtin__', 'eval'),
  };
  for (const [from, imported] of Object.entries(imports)) {
    const ways: Readonly<Record<string, Uint8Array>> = {
      REDUCE: concat(imported, tuple(ARGUMENT), op.reduce),
      NEWOBJ: concat(imported, tuple(ARGUMENT), op.newObj),
      NEWOBJ_EX: concat(imported, tuple(ARGUMENT), op.emptyDict, op.newObjEx),
      OBJ: concat(op.mark, imported, argument, op.obj),
    };
    for (const [way, call] of Object.entries(ways)) {
      yield { name: `${from}, ${way}`, bytes: concat(op.proto(4), call, end) };
      yield { name: `${from}, ${way}, popped`, bytes: concat(op.proto(4), call, op.pop, value({ a: 1 }), end) };
      yield { name: `${from}, ${way}, popped by mark`, bytes: concat(op.proto(4), op.mark, call, op.popMark, op.none, end) };
      yield { name: `${from}, ${way}, left on the stack`, bytes: concat(op.proto(4), call, op.none, end) };
      yield { name: `${from}, ${way}, in a list`, bytes: concat(op.proto(4), op.emptyList, call, op.append, end) };
      yield { name: `${from}, ${way}, as a key`, bytes: concat(op.proto(4), op.emptyDict, call, op.none, op.setItem, end) };
      yield {
        name: `${from}, ${way}, as a state`,
        bytes: concat(op.proto(4), op.global('torch.nn.modules.linear', 'Linear'), op.emptyTuple, op.newObj, call, op.build, end),
      };
    }
  }
  yield { name: 'INST', bytes: concat(op.mark, argument, op.inst('os', 'system'), end) };
  yield { name: 'INST, popped', bytes: concat(op.mark, argument, op.inst('os', 'system'), op.pop, op.none, end) };
}

/** Names that are only imported, and names that are called, in protocols 0 and 4. */
function* names(): Generator<Case> {
  for (const [module, name] of DANGEROUS) {
    yield {
      name: `${module}.${name}, called, protocol 0`,
      bytes: concat(op.global(module, name), op.mark, op.line('V', ARGUMENT), op.line('t').subarray(0, 1), op.reduce, end),
    };
    yield {
      name: `${module}.${name}, called, protocol 4`,
      bytes: concat(op.proto(4), op.shortText(module), op.shortText(name), op.stackGlobal, tuple(ARGUMENT), op.reduce, end),
    };
    yield { name: `${module}.${name}, imported`, bytes: concat(op.proto(2), op.global(module, name), end) };
    yield {
      name: `${module}.${name}, for functools.partial`,
      bytes: concat(op.proto(3), op.global('functools', 'partial'), op.global(module, name), op.tuple1, op.reduce, end),
    };
  }
}

/** Functions of well-known packages that are on no list. */
function* unlisted(): Generator<Case> {
  for (const [module, name] of UNLISTED)
    yield { name: `${module}.${name}, called`, bytes: concat(op.proto(2), op.global(module, name), tuple(ARGUMENT), op.reduce, end) };
}

/** What makes the name, the function or the class at load time. */
function* computed(): Generator<Case> {
  const getattr = op.global('builtins', 'getattr');
  const built = concat(op.global('builtins', 'str.join'), tuple('', ['o', 's']), op.reduce);
  yield { name: 'joined name', bytes: concat(op.proto(4), built, op.text('system'), op.stackGlobal, tuple(ARGUMENT), op.reduce, end) };
  yield {
    name: 'result as callee',
    bytes: concat(op.proto(4), op.global('torch', 'Size'), op.emptyTuple, op.reduce, tuple(ARGUMENT), op.reduce, end),
  };
  yield { name: 'extension code as callee', bytes: concat(op.proto(2), op.ext1(9), tuple(ARGUMENT), op.reduce, end) };
  yield {
    name: 'getattr chain',
    bytes: concat(
      op.proto(3),
      getattr,
      op.global('torch', 'serialization'),
      value('os'),
      op.tuple2,
      op.reduce,
      value('system'),
      op.tuple2,
      op.reduce,
      end,
    ),
  };
  yield { name: 'getattr of a dunder', bytes: concat(op.proto(3), getattr, op.emptyList, value('__class__'), op.tuple2, op.reduce, end) };
  yield { name: 'state on a class', bytes: concat(op.proto(3), op.global('torch', 'Tensor'), value({ a: 1 }), op.build, end) };
  yield {
    name: 'state on a module',
    bytes: concat(op.proto(4), op.text('torch'), op.text('nn'), op.stackGlobal, value({ a: 1 }), op.build, end),
  };
  yield { name: 'items set in a class', bytes: concat(op.proto(3), op.global('torch', 'Tensor'), value('a'), value(1), op.setItem, end) };
  yield { name: 'a class made', bytes: concat(op.proto(3), op.global('builtins', 'type'), tuple('A', [], {}), op.reduce, end) };
  for (const dunder of ['__globals__', '__subclasses__', '__builtins__', '__getattribute__', '__dict__.get'])
    yield {
      name: `dotted ${dunder}`,
      bytes: concat(op.proto(4), op.text('collections'), op.text(`OrderedDict.${dunder}`), op.stackGlobal, op.emptyTuple, op.reduce, end),
    };
}

/** The bytes are no well-formed pickle, or not all of it. */
function* broken(): Generator<Case> {
  const whole = concat(op.proto(2), plainCall, value([1, 2, 'three']), op.tuple2, end);
  const from = 2 + plainCall.length;
  for (let at = from; at < whole.length; at++) yield { name: `cut at byte ${at}`, bytes: whole.subarray(0, at) };
  for (const [name, rubbish] of [
    ['no opcode', Uint8Array.of(0xff)],
    ['underflow', concat(op.mark, op.reduce)],
    ['too long', concat(code('X'), little(2 ** 31, 4))],
    ['protocol 9', op.proto(9)],
    ['odd dict', concat(op.mark, op.none, op.dict)],
  ] as const) {
    yield { name: `${name} behind the call`, bytes: concat(op.proto(2), plainCall, rubbish, end) };
    yield { name: `${name} before the call`, bytes: concat(op.proto(2), op.emptyList, rubbish, op.proto(2), plainCall, end) };
    yield {
      name: `${name}, then a text import`,
      bytes: concat(
        op.proto(4),
        op.emptyList,
        rubbish,
        op.shortText('os'),
        op.memoize,
        op.shortText('system'),
        op.stackGlobal,
        op.shortText(ARGUMENT),
        op.tuple1,
        op.reduce,
        end,
      ),
    };
  }
  for (const [name, lead] of [
    ['INT', op.line('I', '1')],
    ['NONE', op.none],
    ['FLOAT', op.line('F', '1.5')],
    ['STRING', op.line('S', "'a'")],
    ['BININT', op.int(7)],
    ['FRAME', op.frame(80)],
    ['SHORT_BINUNICODE', op.shortText('a')],
    ['PERSID', op.line('P', 'PK\u0003\u0004')],
  ] as const)
    yield { name: `no PROTO, ${name} first`, bytes: concat(lead, op.pop, plainCall, end) };
}

/** Several pickles, frames that lie. */
function* layouts(): Generator<Case> {
  const evil = concat(op.proto(2), plainCall, end);
  const good = pickle({ a: 1 });
  yield { name: 'second pickle', bytes: concat(good, evil) };
  yield {
    name: 'pickle of text behind a short one',
    bytes: concat(op.none, op.stop, op.global('os', 'system'), op.mark, op.line('S', "'echo'"), code('t'), op.reduce, end),
  };
  yield { name: 'tenth pickle', bytes: concat(...Array.from({ length: 9 }, () => good), evil) };
  yield {
    name: 'memo of the first pickle',
    bytes: concat(
      op.proto(4),
      op.text('os'),
      op.put(0),
      op.text('system'),
      op.put(1),
      end,
      op.get(0),
      op.get(1),
      op.stackGlobal,
      tuple(ARGUMENT),
      op.reduce,
      end,
    ),
  };
  const body = concat(op.shortText('os'), op.shortText('system'), op.stackGlobal, op.shortText(ARGUMENT), op.tuple1, op.reduce, end);
  for (let length = 1; length < body.length; length++)
    yield { name: `frame of ${length} bytes`, bytes: concat(op.proto(4), op.frame(length), body) };
  yield { name: 'frame beyond the end', bytes: concat(op.proto(4), op.frame(10_000), body) };
  yield { name: 'frame in a frame', bytes: concat(op.proto(4), op.frame(60), op.frame(4), body) };
  // One who goes on behind the frame reads what is a constant to the others.
  const hidden = concat(op.shortText('os'), op.shortText('system'), op.stackGlobal, op.shortText(ARGUMENT), op.tuple1, op.reduce);
  yield {
    name: 'call in a constant behind a frame',
    bytes: concat(op.proto(4), op.frame(5), concat(code('B'), little(hidden.length, 4)), hidden, end),
  };
}

/** Pickles inside of constants, wrapped in encodings; some of them are loaded at once. */
function* nested(): Generator<Case> {
  const evil = concat(op.proto(2), plainCall, end);
  const old = concat(op.global('os', 'system'), op.mark, op.line('V', ARGUMENT), code('t'), op.reduce, end);
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  for (const [name, inner] of [
    ['protocol 2', evil],
    ['protocol 0', old],
  ] as const) {
    yield { name: `${name} in bytes`, bytes: pickle({ a: op.bytes(inner) }, 3) };
    yield { name: `${name} in a bytearray`, bytes: pickle({ a: op.byteArray(inner) }, 5) };
    yield { name: `${name} in base64`, bytes: pickle({ a: base64(inner) }) };
    yield { name: `${name} in base64 bytes`, bytes: pickle({ a: op.bytes(utf8(base64(inner))) }, 3) };
    yield { name: `${name} in hexadecimal`, bytes: pickle({ a: hex(inner) }) };
    yield { name: `${name} in base64 in base64`, bytes: pickle({ a: base64(pickle({ b: op.bytes(utf8(base64(inner))) })) }) };
    yield { name: `${name} in a pickle in a pickle`, bytes: pickle({ a: op.bytes(pickle({ b: op.bytes(inner) })) }) };
    yield { name: `${name}, loaded`, bytes: concat(op.proto(3), op.global('pickle', 'loads'), op.bytes(inner), op.tuple1, op.reduce, end) };
  }
  const text = Buffer.from(evil).toString('latin1');
  yield { name: 'in a text of characters below U+0100', bytes: pickle({ a: text }) };
}

/** Every hostile pickle. */
export function* hostilePickles(): Generator<Case> {
  for (const make of [stackNames, memoNames, calls, names, unlisted, computed, broken, layouts, nested]) yield* make();
}
