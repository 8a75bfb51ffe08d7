/**
 * The forms that arguments of allowed names have in pickles that the libraries themselves write. An allowed name with other
 * arguments is no longer what was allowed.
 */
import { denied } from './deny.js';
import { dotted, globalOf, kindOf, madeBy, madeOf, type Text, type Tuple, type Value } from './values.js';

export type FormName = keyof typeof FORMS;

export interface FormContext {
  /** The characters; undefined when they have to be fetched first. */
  text(value: Text): string | undefined;
  /** What is wrong with calling a name that is an argument itself. */
  invoke(callee: Value, args: Value): Problem | Fetch | undefined;
  /** Bytes that are loaded as a file of their own. */
  nested(value: Value): void;
}

/** A text has to be fetched first. */
export const FETCH = { fetch: true } as const;
export type Fetch = typeof FETCH;

export interface Problem {
  readonly problem: string;
  /** It is not merely odd, it runs something. */
  readonly runs?: boolean;
  readonly fetch?: undefined;
}

export type Form = (args: Tuple, context: FormContext) => Problem | Fetch | undefined;

/** What an argument may be, in one word. */
type Kind = (value: Value | undefined) => boolean;

const kinds =
  (...words: readonly string[]): Kind =>
  (value) =>
    words.includes(kindOf(value));
const made =
  (...names: readonly string[]): Kind =>
  (value) =>
    names.includes(madeBy(value) ?? '');
const either =
  (...all: readonly Kind[]): Kind =>
  (value) =>
    all.some((kind) => kind(value));

const number = kinds('integer', 'float', 'bool');
const integer = kinds('integer', 'bool');
const text = kinds('text');
const none = kinds('none');
const tuple = kinds('tuple', 'list');
const container = kinds('list', 'tuple', 'dict', 'set', 'frozenset');
const object = kinds('made');
const cls = kinds('global');
const bytes = either(kinds('bytes', 'buffer'), made('_codecs.encode', 'builtins.bytearray', 'builtins.bytes'));
const bytesOrOld = either(bytes, text);
const any: Kind = (value) => value !== undefined && kindOf(value) !== 'unknown';
const ordered = made('collections.OrderedDict');
const dtype = either(made('numpy.dtype'), object);

const describe = (args: Tuple): string => `(${args.items.map(kindOf).join(', ')}${args.length > args.items.length ? ', …' : ''})`;

/** Positional arguments by kind; `min` of them at least. */
function shape(expected: string, min: number, ...positions: readonly Kind[]): Form {
  return (args) => {
    const fits = args.length >= min && args.length <= positions.length && args.items.every((value, i) => positions[i]?.(value) === true);
    return fits ? undefined : { problem: `takes ${expected}, is given ${describe(args)}` };
  };
}

/** Any number of arguments of one kind. */
const every =
  (expected: string, kind: Kind): Form =>
  (args) =>
    args.items.every(kind) ? undefined : { problem: `takes ${expected}, is given ${describe(args)}` };

/** Pairs of a key and a value: a text in their place is taken apart into characters, by whatever the name stands for. */
const pairs: Form = (args) => {
  const [items] = args.items;
  const isPair: Kind = (value) => typeof value === 'object' && value !== null && 'length' in value && value.length === 2 && tuple(value);
  const fits =
    args.length === 0 ||
    (args.length === 1 &&
      typeof items === 'object' &&
      items !== null &&
      (items.kind === 'dict' || ((items.kind === 'list' || items.kind === 'tuple') && items.items.every(isPair)) || madeHolds(items)));
  return fits ? undefined : { problem: `takes a list of pairs, is given ${describe(args)}` };
};

const madeHolds = (value: Value): boolean => globalOf(madeOf(value)?.callee)?.judged.holds === 'dict';

const ENCODINGS: ReadonlySet<string> = new Set([
  'latin1',
  'latin-1',
  'iso-8859-1',
  'iso8859-1',
  'ascii',
  'utf-8',
  'utf8',
  'utf-16',
  'utf-32',
]);

/** Other codecs decompress, rotate or decode, so that what comes out is hidden. */
const encode: Form = (args, context) => {
  const [data, codec] = args.items;
  if (!text(data) || args.length > 3) return { problem: `takes a text and the name of an encoding, is given ${describe(args)}` };
  if (codec === undefined) return undefined;
  if (typeof codec !== 'object' || codec === null || codec.kind !== 'text') return { problem: 'is given an encoding that is no text' };
  const name = context.text(codec);
  if (name === undefined) return FETCH;
  return ENCODINGS.has(name.toLowerCase()) ? undefined : { problem: `is given the encoding \`${name.slice(0, 40)}\`` };
};

/** Other codecs than the plain ones hide what the text is. */
const asText: Form = (args, context) => {
  const [value, codec, ...rest] = args.items;
  if (args.length < 2) return any(value) || args.length === 0 ? undefined : { problem: `is given ${describe(args)}` };
  if (!kinds('bytes', 'text')(value) || rest.length > 1) return { problem: `decodes ${describe(args)}` };
  return encode({ kind: 'tuple', length: 2, items: [codec ?? null, codec ?? null] }, context);
};

/** Bytes, a text with an encoding, a list of numbers; never a count of zeros, which costs as much memory as it says. */
const asBytes: Form = (args) => {
  const [data] = args.items;
  const fits = args.length === 0 || (args.length <= 3 && (bytesOrOld(data) || container(data)) && args.items.slice(1).every(text));
  return fits ? undefined : { problem: `takes bytes, is given ${describe(args)}` };
};

/** `copyreg._reconstructor(cls, base, state)` */
const reconstructor: Form = (args, context) => {
  const [of, base, state] = args.items;
  const from = globalOf(base);
  if (args.length !== 3 || from === undefined) return { problem: `takes a class, its base and a state, is given ${describe(args)}` };
  if (!BASES.has(from.judged.known)) return { problem: `is given the base \`${dotted(from)}\`` };
  if (from.judged.known === 'builtins.object' && state !== null) return { problem: 'is given a state for a plain object' };
  return context.invoke(of ?? null, NO_ARGUMENTS);
};
const BASES: ReadonlySet<string> = new Set(
  ['object', 'dict', 'list', 'tuple', 'set', 'frozenset', 'str', 'int', 'float', 'bytes', 'bytearray', 'complex'].map(
    (name) => `builtins.${name}`,
  ),
);
const NO_ARGUMENTS: Tuple = { kind: 'tuple', length: 0, items: [] };

/** The first argument is a class of which an instance is made. */
const firstIsClass: Form = (args, context) => {
  const [of = null, ...rest] = args.items;
  if (globalOf(of) === undefined) return { problem: `takes a class, is given ${describe(args)}` };
  return context.invoke(of, { kind: 'tuple', length: Math.max(0, args.length - 1), items: rest.filter((value) => !container(value)) });
};

/** Is it imported from this library? What makes the object is given its state as well. */
const isOf = (callee: Value, root: string): boolean => globalOf(callee)?.judged.known.startsWith(root) === true;

/** `_rebuild_from_type_v2(function, type, arguments, state)` calls the function. */
const fromType: Form = (args, context) => {
  const [callee = null, type, inner = null] = args.items;
  if (args.length !== 4 || globalOf(type) === undefined) return { problem: `is given ${describe(args)}` };
  if (!isOf(callee, 'torch.')) return { problem: `calls a function of another library`, runs: true };
  return context.invoke(callee, inner);
};

/** `_create_array(function, arguments, state, attributes)` of dill calls the function. */
const fromFunction: Form = (args, context) => {
  const [callee = null, inner = null] = args.items;
  if (args.length < 3 || args.length > 4 || !tuple(inner)) return { problem: `is given ${describe(args)}` };
  if (!isOf(callee, 'numpy.')) return { problem: `calls a function of another library`, runs: true };
  return context.invoke(callee, inner);
};

/** `_create_ftype(functools.partial, function, arguments, named arguments)` of dill. */
const functor: Form = (args, context) => {
  const [type, callee, inner = null] = args.items;
  const known = globalOf(type)?.judged.known;
  if (known !== 'functools.partial' && known !== '_functools.partial') return { problem: `is given ${describe(args)}`, runs: true };
  if (globalOf(callee) === undefined) return { problem: `makes a callable of ${kindOf(callee)}`, runs: true };
  return tuple(inner) ? later(callee, inner, context) : undefined;
};

/** `_eval_repr('range(0, 10)')` of dill evaluates a text: nothing but a range of plain numbers. */
const rangeText: Form = (args, context) => {
  const [data] = args.items;
  if (args.length !== 1 || typeof data !== 'object' || data === null || data.kind !== 'text')
    return { problem: `is given ${describe(args)}`, runs: true };
  const word = context.text(data);
  if (word === undefined) return FETCH;
  const inner = word.slice(word.startsWith('xrange(') ? 7 : 6, -1);
  const fits =
    (word.startsWith('range(') || word.startsWith('xrange(')) && word.endsWith(')') && [...inner].every((letter) => RANGE.includes(letter));
  return fits ? undefined : { problem: `evaluates \`${word.slice(0, 60)}\``, runs: true };
};
const RANGE = '0123456789-, ';

/** A function that is called later, with what is given to it now. */
const partial: Form = (args, context) => {
  const [callee] = args.items;
  if (globalOf(callee) === undefined) return { problem: `makes a callable of ${kindOf(callee)}`, runs: true };
  return later(callee, { kind: 'tuple', length: args.length - 1, items: args.items.slice(1) }, context);
};

/** A call that is made later, with more arguments than these: only what would run something counts. */
function later(callee: Value | undefined, args: Value, context: FormContext): Problem | Fetch | undefined {
  if (globalOf(callee)?.judged.grade !== 'allowed') return undefined;
  const found = context.invoke(callee ?? null, args);
  return found === undefined || found.fetch === true || found.runs === true ? found : undefined;
}

/** A method of an object, or a nested class; never what reaches the interpreter. */
const attribute: Form = (args, context) => {
  const [of, name] = args.items;
  if (args.length < 2 || args.length > 3 || typeof name !== 'object' || name === null || name.kind !== 'text')
    return { problem: `takes an object and a name, is given ${describe(args)}`, runs: true };
  const word = context.text(name);
  if (word === undefined) return FETCH;
  if (globalOf(of) === undefined && !object(of) && !container(of) && !text(of))
    return { problem: `reads an attribute of ${kindOf(of)}`, runs: true };
  return isBad(word) ? { problem: `reads the attribute \`${word.slice(0, 60)}\``, runs: true } : undefined;
};

/** Does the name reach the interpreter, or say that it runs something? */
const isBad = (word: string): boolean => word.includes('__') || denied('object', word) !== undefined || denied(word, '') !== undefined;

/** Names of attributes or methods, for a callable that reads or calls them later. */
const names: Form = (args, context) => {
  for (const item of args.items) {
    if (typeof item !== 'object' || item === null || item.kind !== 'text') continue;
    const word = context.text(item);
    if (word === undefined) return FETCH;
    if (isBad(word)) return { problem: `reaches the attribute \`${word.slice(0, 60)}\``, runs: true };
  }
  return undefined;
};

const typeOf: Form = (args) =>
  args.length === 1 && (none(args.items[0]) || cls(args.items[0]))
    ? undefined
    : { problem: `makes a class of ${describe(args)}`, runs: true };

const OR: ReadonlySet<string> = new Set(['operator.or_', '_operator.or_']);

/** `reduce(operator.or_, (type, …))` is how unions of types are pickled. */
const union: Form = (args) => {
  const [by, types] = args.items;
  const fits = args.length === 2 && OR.has(globalOf(by)?.judged.known ?? '') && tuple(types) && isClasses(types);
  return fits ? undefined : { problem: 'calls what it is given', runs: true };
};
const isClasses = (value: Value | undefined): boolean =>
  typeof value === 'object' && value !== null && value.kind === 'tuple' && value.items.every(either(cls, none, object));

/** `_ufunc_reconstruct(module, name)` imports a module. */
const ufunc: Form = (args, context) => {
  const [module] = args.items;
  if (cls(module) && args.length === 1) return undefined;
  if (typeof module !== 'object' || module === null || module.kind !== 'text') return { problem: `is given ${describe(args)}`, runs: true };
  const word = context.text(module);
  if (word === undefined) return FETCH;
  return UFUNCS.has(word) ? undefined : { problem: `imports the module \`${word.slice(0, 60)}\``, runs: true };
};
const UFUNCS: ReadonlySet<string> = new Set([
  'numpy',
  'numpy.core._multiarray_umath',
  'numpy._core._multiarray_umath',
  'scipy.special._ufuncs',
]);

/** Bytes that are a file of torch. */
const nested: Form = (args, context) => {
  const [data] = args.items;
  if (args.length !== 1 || !bytes(data)) return { problem: `takes bytes, is given ${describe(args)}`, runs: true };
  context.nested(data ?? null);
  return undefined;
};

const storage = either(kinds('persistent'), object);
const plain: Form = (args) => (args.length === 0 ? undefined : { problem: `takes no arguments, is given ${describe(args)}` });

/** What a data constructor may be given: nothing that is computed. */
const data = every('data', any);
const noText: Form = (args) =>
  args.items.every(either(number, none, bytesOrOld, container, object, cls)) ? undefined : { problem: `is given ${describe(args)}` };

export const FORMS = {
  any: () => undefined,
  /** May be imported, as a type or a function that somebody else calls. */
  never: ((args) => ({ problem: `is called, with ${describe(args)}` })) as Form,
  plain,
  data,
  enum: shape('one value', 1, either(text, number, tuple, object)),
  pairs,
  counter: shape('a dict of counts', 0, either(kinds('dict'), object)),
  items: every('containers and plain values', either(container, object, number, none, bytes)),
  defaultdict: shape('a type and items', 0, either(cls, none, made('functools.partial')), either(kinds('dict'), object)),
  texts: every('texts', text),
  bytes: asBytes,
  str: asText,
  iterated: shape('one container', 1, either(container, object, bytesOrOld)),
  zoneFile: shape('nothing and a name', 2, none, either(text, none)),
  bytesOrText: shape('a text or bytes', 1, bytesOrOld),
  encode,
  datetime: every('bytes, numbers and a time zone', either(bytesOrOld, number, none, object)),
  regex: shape('a pattern and flags', 1, either(text, bytes), either(integer, object)),
  classes: every('classes', either(cls, tuple, object, none)),
  arrayOf: shape('a type, two numbers and bytes', 4, cls, text, integer, bytesOrOld),
  reconstructor,
  newobj: firstIsClass,
  cls: firstIsClass,
  union,
  deque: shape('a list and a length', 0, either(container, object), either(integer, none)),
  names,
  partial,
  attribute,
  typeOf,
  ufunc,
  nested,
  /** What is in it is scanned as a constant of the pickle. */
  archive: shape('bytes in memory', 1, made('io.BytesIO', '_io.BytesIO')),
  fromType,
  fromFunction,
  functor,
  rangeText,
  dtype: shape('the code of a type and two flags', 1, either(text, cls, bytes, container), integer, integer),
  scalar: shape('a type and bytes', 1, dtype, either(bytesOrOld, object)),
  reconstruct: every('a class, a shape and a code', either(cls, tuple, bytesOrOld)),
  frombuffer: shape('bytes, a type, a shape and an order', 4, bytes, dtype, tuple, text, either(none, text)),
  random: every('names and generators', either(text, cls, object, none)),
  tensor: shape('a storage, an offset, sizes and strides', 4, storage, integer, tuple, tuple),
  tensor2: shape(
    'a storage, an offset, sizes, strides and flags',
    6,
    storage,
    integer,
    tuple,
    tuple,
    integer,
    either(ordered, none),
    any,
    any,
  ),
  tensorData: every('tensors and their data', either(object, cls, number, tuple, none, text, kinds('persistent', 'dict'))),
  parameter: shape('a tensor, a flag and hooks', 3, either(object, kinds('persistent')), integer, either(ordered, none), any),
  subclass: noText,
  device: shape('the name of a device', 1, text, integer),
} as const satisfies Readonly<Record<string, Form>>;
