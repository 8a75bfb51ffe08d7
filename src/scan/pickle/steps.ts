/**
 * What each opcode of protocols 0 to 5 does to the machine.
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py, Modules/_pickle.c
 */
import { parseFloat64, parseInteger } from '../../formats/shared/pickle/arguments.js';
import { build, extend, instantiate, invoke, setItems } from './calls.js';
import {
  at,
  BROKEN,
  broken,
  ENDS,
  GO,
  globalFor,
  MAX_TEXT,
  type Machine,
  mark,
  pop,
  popMark,
  push,
  recall,
  remember,
  type Signal,
  STOPPED,
  TEXT,
  takeTuple,
  textOf,
  top,
  UNDERFLOW,
} from './machine.js';
import { counted, HEAD_BYTES, lines, lineText, little, signed } from './operands.js';
import { watchedIn } from './state.js';
import { BUFFER, EMPTY_TUPLE, FLOAT, INTEGER, NO_ITEMS, type Text, unknown, type Value } from './values.js';

export type Step = (m: Machine) => Signal;
export const STEPS: (Step | undefined)[] = new Array(256);

const NO_MARK = 'the opcode needs a mark, the stack has none';

function set(codes: string | number, step: Step): void {
  STEPS[typeof codes === 'string' ? codes.charCodeAt(0) : codes] = step;
}

/** An opcode with one line that becomes a value. */
function line(read: (text: string | undefined, m: Machine) => Value | undefined, what: string): Step {
  return (m) => {
    const found = lines(m, 1);
    if (typeof found === 'number') return found;
    const value = read(lineText(m, found[0] ?? 0, found[1] ?? 0), m);
    return value === undefined ? broken(m, `a line is no ${what}`) : push(m, value);
  };
}

/** Text lines may be very long: only their place is kept. */
function textLine(form: 'quoted' | 'escaped'): Step {
  return (m) => {
    const found = lines(m, 1);
    if (typeof found === 'number') return found;
    const [from = 0, end = 0] = found;
    const quote = m.buf[from];
    if (form === 'quoted' && (end - from < 2 || (quote !== 0x22 && quote !== 0x27))) return broken(m, 'a string has no quotes');
    if (end - from >= 4) {
      const start = form === 'quoted' ? from + 1 : from;
      m.listener.constant(
        'text',
        m.base + start,
        m.base + end - (m.base + start),
        m.buf.subarray(start, Math.min(end, start + HEAD_BYTES)),
      );
    }
    return push(m, { kind: 'text', at: m.base + from, length: end - from, form });
  };
}

/** A memo index behind the opcode or as a line. */
const index = (bytes: number, use: (m: Machine, index: number) => Signal): Step =>
  bytes === 0
    ? (m) => {
        const found = lines(m, 1);
        if (typeof found === 'number') return found;
        const value = parseInteger(lineText(m, found[0] ?? 0, found[1] ?? 0) ?? '');
        return typeof value === 'number' && value >= 0 ? use(m, value) : broken(m, 'a line is no memo index');
      }
    : (m) => {
        const value = little(m, bytes);
        return value < 0 ? broken(m, ENDS) : use(m, value);
      };

/** An opcode with bytes behind it that do not matter. */
const skipping =
  (bytes: number, value: Value): Step =>
  (m) => {
    if (m.pos + bytes > m.buf.length) return broken(m, ENDS);
    m.pos += bytes;
    return push(m, value);
  };

const pushing =
  (value: Value): Step =>
  (m) =>
    push(m, value);

const underflow = (m: Machine): Signal => broken(m, UNDERFLOW);

// Numbers, constants
set('N', pushing(null));
set(0x88, pushing(true));
set(0x89, pushing(false));
set('K', (m) => {
  const value = little(m, 1);
  return value < 0 ? broken(m, ENDS) : push(m, value);
});
set('M', (m) => {
  const value = little(m, 2);
  return value < 0 ? broken(m, ENDS) : push(m, value);
});
set('J', (m) => {
  const value = little(m, 4);
  return value < 0 ? broken(m, ENDS) : push(m, value | 0);
});
set('G', skipping(8, FLOAT));
for (const [code, bytes] of [
  [0x8a, 1],
  [0x8b, 4],
] as const)
  set(code, (m) => {
    const length = little(m, bytes);
    if (length < 0) return broken(m, ENDS);
    if (length > m.size - m.base - m.pos) return broken(m, 'an integer reaches over the end of the file');
    const from = m.pos;
    m.pos += length;
    return push(m, length <= 6 && from + length <= m.buf.length ? signed(m.buf, from, length) : INTEGER);
  });

const number = (text: string | undefined): Value | undefined => {
  if (text === undefined) return INTEGER;
  if (text === '00' || text === '01') return text === '01';
  const value = parseInteger(text.endsWith('L') ? text.slice(0, -1) : text);
  return typeof value === 'number' && Math.abs(value) < 2 ** 30 ? value : value === undefined ? undefined : INTEGER;
};
set('I', line(number, 'integer'));
set('L', line(number, 'integer'));
set(
  'F',
  line((text) => (parseFloat64(text ?? '') === undefined ? undefined : FLOAT), 'float'),
);

// Texts and bytes
set('S', textLine('quoted'));
set('V', textLine('escaped'));
set('T', counted(4, 'latin1', true));
set('U', counted(1, 'latin1'));
set('X', counted(4, 'utf8'));
set(0x8c, counted(1, 'utf8'));
set(0x8d, counted(8, 'utf8'));
set('B', counted(4, 'bytes'));
set('C', counted(1, 'bytes'));
set(0x8e, counted(8, 'bytes'));
set(0x96, counted(8, 'bytes'));
set(0x97, pushing(BUFFER));
set(0x98, (m) => (top(m) === undefined ? underflow(m) : GO));

// Stack
set('(', mark);
set('0', (m) => {
  if (m.marks.length > 0 && m.stack.length === m.fence) return popMark(m) < 0 ? BROKEN : GO;
  return pop(m) === undefined ? underflow(m) : GO;
});
set('1', (m) => {
  const height = popMark(m);
  if (height < 0) return broken(m, NO_MARK);
  m.stack.length = height;
  return GO;
});
set('2', (m) => {
  const value = top(m);
  return value === undefined ? underflow(m) : push(m, value);
});

// Memo
set('p', index(0, remember));
set('q', index(1, remember));
set('r', index(4, remember));
set(0x94, (m) => remember(m));
set('g', index(0, recall));
set('h', index(1, recall));
set('j', index(4, recall));

// Containers
set(')', pushing(EMPTY_TUPLE));
set(']', (m) => push(m, { kind: 'list', length: 0, items: NO_ITEMS }));
set('}', (m) => push(m, { kind: 'dict', length: 0, items: NO_ITEMS }));
set(0x8f, (m) => push(m, { kind: 'set', length: 0, items: NO_ITEMS }));
for (const [code, count] of [
  [0x85, 1],
  [0x86, 2],
  [0x87, 3],
] as const)
  set(code, (m) => {
    const height = m.stack.length - count;
    if (height >= m.fence) return push(m, takeTuple(m, height));
    return m.lenient ? push(m, takeTuple(m, m.fence)) : underflow(m);
  });

/** A container of what stands above the last mark. */
const marked =
  (make: (m: Machine, height: number) => Value | undefined): Step =>
  (m) => {
    const height = popMark(m);
    if (height < 0) return broken(m, NO_MARK);
    const value = make(m, height);
    return value === undefined ? BROKEN : push(m, value);
  };
const sequence = (kind: 'list' | 'frozenset') =>
  marked((m, height) => {
    const { length, items } = takeTuple(m, height);
    return { kind, length, items };
  });
set('t', marked(takeTuple));
set('l', sequence('list'));
set(0x91, sequence('frozenset'));
set('d', (m) => {
  const height = popMark(m);
  if (height < 0) return broken(m, NO_MARK);
  const watched = watchedIn(m, m.stack, height);
  if (watched === undefined) return again(m, height, 0);
  const { length, items } = takeTuple(m, height);
  if (length % 2 === 1 && !m.lenient) return broken(m, 'a dict is given a key without a value');
  return push(m, { kind: 'dict', length: length >> 1, items, ...(watched.size > 0 ? { watched } : {}) });
});

const NOTHING_WATCHED: ReadonlyMap<string, Value> = new Map();

/** The opcode is run once more when the text that it needs is there: its mark is put back. */
function again(m: Machine, height: number, single: number): Signal {
  if (single === 0) {
    m.marks.push(height);
    m.fence = height;
  }
  return TEXT;
}

/** An opcode that changes the object below the last mark, or below the value on top. */
const changing =
  (change: (m: Machine, target: Value, values: readonly Value[], count: number) => Signal, single: number): Step =>
  (m) => {
    const height = single > 0 ? m.stack.length - single : popMark(m);
    if (height < 0 || (single > 0 && height < m.fence)) return m.lenient ? GO : broken(m, single > 0 ? UNDERFLOW : NO_MARK);
    const watched = change === setItems ? watchedIn(m, m.stack, height) : NOTHING_WATCHED;
    if (watched === undefined) return again(m, height, single);
    const { length, items } = takeTuple(m, height);
    const target = top(m);
    if (target === undefined) return underflow(m);
    if (watched.size > 0 && typeof target === 'object' && target?.kind === 'dict')
      target.watched = new Map([...(target.watched ?? []), ...watched]);
    return change(m, target, items, length);
  };
set('a', changing(extend, 1));
set('e', changing(extend, 0));
set(0x90, changing(extend, 0));
set('s', changing(setItems, 2));
set('u', changing(setItems, 0));

// Imports
set('c', (m) => {
  const found = lines(m, 2);
  if (typeof found === 'number') return found;
  return pushImport(m, lineText(m, found[0] ?? 0, found[1] ?? 0, 'utf8'), lineText(m, found[2] ?? 0, found[3] ?? 0, 'utf8'));
});

const imported = (m: Machine, global: Value | undefined): Signal => (global === undefined ? BROKEN : push(m, global));

function pushImport(m: Machine, module: string | undefined, name: string | undefined): Signal {
  if (module !== undefined && name !== undefined) return imported(m, globalFor(m, module, name));
  m.listener.odd('computed import', at(m));
  return push(m, unknown('an import whose name is too long'));
}

set(0x93, (m) => {
  const { stack } = m;
  const name = stack.length - 1 >= m.fence ? stack[stack.length - 1] : undefined;
  const module = stack.length - 2 >= m.fence ? stack[stack.length - 2] : undefined;
  if ((name === undefined || module === undefined) && !m.lenient) return underflow(m);
  const isText = (value: Value | undefined): value is Text =>
    typeof value === 'object' && value !== null && value.kind === 'text' && value.length <= MAX_TEXT;
  if (!isText(name) || !isText(module)) {
    stack.length = Math.max(m.fence, stack.length - 2);
    m.listener.odd('computed import', at(m), name);
    return push(m, unknown('an import whose name is computed'));
  }
  const names = [textOf(m, module), textOf(m, name)] as const;
  if (names[0] === undefined || names[1] === undefined) return TEXT;
  stack.length -= 2;
  return imported(m, globalFor(m, names[0], names[1]));
});
const extension =
  (bytes: number): Step =>
  (m) => {
    const code = little(m, bytes);
    if (code < 0) return broken(m, ENDS);
    m.listener.odd('extension code', at(m), code | 0);
    return push(m, unknown('an object by extension code'));
  };
set(0x82, extension(1));
set(0x83, extension(2));
set(0x84, extension(4));

// Calls
set('R', (m) => invoke(m, 'REDUCE'));
set(0x81, (m) => invoke(m, 'NEWOBJ'));
set(0x92, (m) => invoke(m, 'NEWOBJ_EX'));
set('b', build);
set('o', (m) => instantiate(m, undefined));
set('i', (m) => {
  const found = lines(m, 2);
  if (typeof found === 'number') return found;
  const module = lineText(m, found[0] ?? 0, found[1] ?? 0, 'utf8');
  const name = lineText(m, found[2] ?? 0, found[3] ?? 0, 'utf8');
  if (module !== undefined && name !== undefined) {
    const global = globalFor(m, module, name);
    return global === undefined ? BROKEN : instantiate(m, global);
  }
  m.listener.odd('computed import', at(m));
  return instantiate(m, unknown('an import whose name is too long'));
});

// Persistent ids
set('P', (m) => {
  const found = lines(m, 1);
  if (typeof found === 'number') return found;
  const [from = 0, end = 0] = found;
  const id: Text = { kind: 'text', at: m.base + from, length: end - from, form: 'latin1' };
  m.listener.odd('persistent id', at(m), id);
  return push(m, { kind: 'persistent', id });
});
set('Q', (m) => {
  const id = pop(m);
  if (id === undefined) return underflow(m);
  m.listener.odd('persistent id', at(m), id);
  return push(m, savedClass(id) ?? { kind: 'persistent', id });
});

/** `('module', class, file, source)` is how torch before its zip form keeps the class of a module together with its source. */
function savedClass(id: Value): Value | undefined {
  if (typeof id !== 'object' || id === null || id.kind !== 'tuple' || id.length !== 4) return undefined;
  const [word, of] = id.items;
  const isModule = typeof word === 'object' && word !== null && word.kind === 'text' && word.length === 6;
  return isModule && typeof of === 'object' && of !== null && of.kind === 'global' ? of : undefined;
}

// Control
set('.', (m) => {
  const value = pop(m);
  if (value === undefined) return underflow(m);
  m.result = value;
  return STOPPED;
});
set(0x80, (m) => {
  const version = little(m, 1);
  if (version < 0) return broken(m, ENDS);
  if (version > 5) {
    m.listener.odd('unknown protocol', at(m), version);
    if (!m.lenient) return broken(m, `protocol ${version} is not known`);
  }
  m.protocol = Math.max(m.protocol, version);
  return GO;
});
set(0x95, (m) => {
  const length = little(m, 8);
  if (length < 0) return broken(m, ENDS);
  const here = m.base + m.pos;
  if (m.frameEnd > here) {
    m.listener.odd('nested frame', at(m));
    m.restarts.push(m.frameEnd);
  }
  if (length > m.size - here) {
    m.listener.odd('frame beyond the end', at(m));
    m.frameEnd = 0;
  } else m.frameEnd = here + length;
  return GO;
});
