/** Opcodes that run something when a pickle is loaded: calls, instances, state, and changes of objects that are no containers. */
import { ARRAY, at, broken, GO, type Machine, pop, popMark, push, type Signal, TEXT, textOf, top, UNDERFLOW } from './machine.js';
import { FETCH, runsOf, stateProblem } from './state.js';
import { type Dict, globalOf, KEPT_ITEMS, type List, type Made, madeBy, madeOf, type Tuple, type Value } from './values.js';

/** Names whose calls are looked at again later: data types and arrays, which say how many raw bytes follow. */
const KEEPS_ARGUMENTS: ReadonlySet<string> = new Set(['numpy.dtype', '_codecs.encode', 'builtins.getattr']);
const ARRAY_WRAPPERS: ReadonlySet<string> = new Set([
  'joblib.numpy_pickle.NumpyArrayWrapper',
  'sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper',
]);

export type CallOpcode = 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX' | 'OBJ' | 'INST' | 'BUILD';

const asTuple = (value: Value): Tuple | undefined =>
  typeof value === 'object' && value !== null && value.kind === 'tuple' ? value : undefined;

/** Tells the listener; the values stay on the stack until it has understood. */
function call(m: Machine, opcode: CallOpcode, callee: Value, args: Value, kwargs: Value | undefined, height: number): Signal {
  if (!m.listener.called({ opcode, callee, args, kwargs, at: at(m) })) return TEXT;
  m.stack.length = height;
  const attribute = attributeOf(m, callee, args);
  if (attribute !== undefined) return push(m, attribute);
  const known = globalOf(callee)?.judged.known;
  const keeps = known !== undefined && KEEPS_ARGUMENTS.has(known);
  if (keeps) return push(m, { kind: 'made', callee, args: asTuple(args) });
  if (known === undefined || !REBUILDERS.has(known)) return push(m, { kind: 'made', callee });
  const of = globalOf(asTuple(args)?.items[0])?.judged.known;
  return push(m, { kind: 'made', callee, of, ...(STATED.has(known) ? { stated: true } : {}) });
}

/** Functions that give their instance a state themselves. Source: torch/_utils.py, `_set_obj_state` (BSD-3-Clause) */
const STATED: ReadonlySet<string> = new Set(['torch._tensor._rebuild_from_type_v2', 'torch._utils._rebuild_parameter_with_state']);
/** These, and functions that make an instance of the class that they are given. */
const REBUILDERS: ReadonlySet<string> = new Set([...STATED, 'copyreg._reconstructor', 'copyreg.__newobj__', 'copyreg.__newobj_ex__']);

/** Types that dill knows by other names than `types` and `builtins` do. Source: dill/_dill.py, `_reverse_typemap` (BSD-3-Clause) */
const DILL_TYPES: Readonly<Record<string, readonly [module: string, name: string]>> = {
  PartialType: ['functools', 'partial'],
  SuperType: ['builtins', 'super'],
  ItemGetterType: ['operator', 'itemgetter'],
  AttrGetterType: ['operator', 'attrgetter'],
  FileType: ['io', 'FileIO'],
  ExitType: ['builtins', 'exit'],
};
const OF_TYPES: ReadonlySet<string> = new Set(['SimpleNamespace', 'DynamicClassAttribute']);

/** `_load_type('set')` of dill is how it pickles a type: `builtins.set`, or `types.CodeType` for what has its name there. */
function dillType(name: string): readonly [module: string, name: string] {
  const known = Object.hasOwn(DILL_TYPES, name) ? DILL_TYPES[name] : undefined;
  return known ?? [name.endsWith('Type') || OF_TYPES.has(name) ? 'types' : 'builtins', name];
}

/** `getattr(module.Class, 'name')` is how a nested class is pickled: it is the import of a dotted name. The same for types of dill. */
function attributeOf(m: Machine, callee: Value, args: Value): Value | undefined {
  const known = globalOf(callee)?.judged.known;
  const items = asTuple(args)?.items ?? [];
  if (known === 'dill._dill._load_type' || known === 'dill.dill._load_type') {
    const name = shortText(m, items[0]);
    return name === undefined ? undefined : importOf(m, ...dillType(name));
  }
  if (known !== 'builtins.getattr') return undefined;
  const global = globalOf(items[0]);
  const name = shortText(m, items[1]);
  return global === undefined || name === undefined ? undefined : importOf(m, global.module, `${global.name}.${name}`);
}

const shortText = (m: Machine, value: Value | undefined): string | undefined =>
  typeof value === 'object' && value !== null && value.kind === 'text' ? textOf(m, value) : undefined;

function importOf(m: Machine, module: string, name: string): Value {
  const judged = m.listener.judge(module, name, 4);
  const made = { kind: 'global', module, name, judged, at: at(m), invoked: false, quiet: 0 } as const;
  m.listener.imported(made, at(m));
  return made;
}

export function invoke(m: Machine, opcode: 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX'): Signal {
  const count = opcode === 'NEWOBJ_EX' ? 3 : 2;
  const height = m.stack.length - count;
  if (height < m.fence) {
    if (!m.lenient) return broken(m, UNDERFLOW);
    const args = pop(m) ?? null;
    const callee = pop(m) ?? null;
    return call(m, opcode, callee, args, undefined, m.stack.length);
  }
  const [callee = null, args = null, kwargs] = m.stack.slice(height);
  return call(m, opcode, callee, args, kwargs, height);
}

/** OBJ takes the class from above the mark, INST from its lines. */
export function instantiate(m: Machine, given: Value | undefined): Signal {
  const marked = m.marks.length > 0;
  const height = marked ? (m.marks[m.marks.length - 1] ?? 0) : m.lenient ? m.stack.length : -1;
  if (height < 0) return broken(m, 'the opcode needs a mark, the stack has none');
  const first = given === undefined ? height + 1 : height;
  if (m.stack.length < first) return m.lenient ? GO : broken(m, UNDERFLOW);
  const callee = given ?? m.stack[height] ?? null;
  const items = m.stack.slice(first, first + KEPT_ITEMS);
  const args: Tuple = { kind: 'tuple', length: m.stack.length - first, items };
  const signal = call(m, given === undefined ? 'OBJ' : 'INST', callee, args, undefined, height);
  if (signal === TEXT) return signal;
  const value = m.stack.pop() ?? null;
  popMark(m);
  m.stack.length = height;
  return push(m, value);
}

/** `__setstate__`, an update of `__dict__`, or attributes set one by one. */
export function build(m: Machine): Signal {
  const { stack } = m;
  if (stack.length - 2 < m.fence && !m.lenient) return broken(m, UNDERFLOW);
  const state = stack.length > m.fence ? (stack[stack.length - 1] ?? null) : null;
  const below = madeOf(stack.length - 2 >= m.fence ? stack[stack.length - 2] : undefined);
  if (below !== undefined && !judgeState(m, below, state)) return TEXT;
  pop(m);
  const target = top(m) ?? null;
  const made = madeOf(target);
  if (made === undefined) {
    if (typeof target === 'object' && target !== null && target.kind === 'unknown') return GO;
    m.listener.odd(globalOf(target) === undefined ? 'state on a value' : 'state on a class', at(m), target);
    return GO;
  }
  const by = madeBy(target);
  if (by === 'numpy.dtype') made.state = state;
  if (by === undefined || !ARRAY_WRAPPERS.has(by)) return GO;
  m.array = state;
  return ARRAY;
}

/** False when a text has to be fetched first. */
function judgeState(m: Machine, made: Made, state: Value): boolean {
  const known = made.of ?? globalOf(made.callee)?.judged.known;
  const run = known === undefined ? undefined : runsOf(known);
  const problem = run === undefined ? undefined : stateProblem(m, run, state);
  if (problem === FETCH) return false;
  if (problem !== undefined) m.listener.odd('code in a state', at(m), problem);
  if (made.stated) m.listener.odd('second state', at(m), made);
  made.stated = true;
  return true;
}

const isList = (value: object & { kind: string }): value is List => value.kind === 'list' || value.kind === 'set';

function keep(target: List | Dict, values: readonly Value[]): void {
  if (target.items.length >= KEPT_ITEMS || values.length === 0) return;
  target.items = target.items.length === 0 ? values : [...target.items, ...values].slice(0, KEPT_ITEMS);
}

/** Adds to a list or set, or calls `extend`, `append` or `add` of whatever else there is. */
export function extend(m: Machine, target: Value, values: readonly Value[], count: number): Signal {
  if (typeof target === 'object' && target !== null && isList(target)) {
    keep(target, values);
    target.length += count;
    return GO;
  }
  return other(m, target, 'list');
}

/** Sets items of a dict, or calls `__setitem__` of whatever else there is. */
export function setItems(m: Machine, target: Value, values: readonly Value[], count: number): Signal {
  if (count % 2 === 1 && !m.lenient) return broken(m, 'a dict is given a key without a value');
  if (typeof target === 'object' && target !== null && target.kind === 'dict') {
    keep(target, values);
    target.length += count >> 1;
    return GO;
  }
  return other(m, target, 'dict');
}

function other(m: Machine, target: Value, as: 'list' | 'dict'): Signal {
  const made = madeOf(target);
  const maker = globalOf(made?.callee);
  if (made !== undefined && maker?.judged.holds === as) {
    if (made.stated) m.listener.odd('second state', at(m), target);
    return GO;
  }
  // What nobody knows is reported as such already.
  if (made !== undefined && maker?.judged.grade !== 'allowed') return GO;
  if (typeof target === 'object' && target !== null && target.kind === 'unknown') return GO;
  m.listener.odd(globalOf(target) === undefined ? 'mutation of an object' : 'mutation of a class', at(m), target);
  return GO;
}
