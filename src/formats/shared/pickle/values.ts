/** What a pickle builds, as symbols: nothing is imported, called or looked up. */

/**
 * A value of a pickle. `None` is null; integers beyond 2^53 are bigints; integers and floats are both numbers. Values are
 * shared where the pickle shares them and may contain themselves: walk them with `asPlain` or with a budget.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleReference
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent
  | PickleExtension
  | PickleBuffer
  | PickleUnknown;

/** Bytes, or a text or integer too long to hold, by their place in the source. */
export interface PickleReference {
  readonly kind: 'bytes' | 'bytearray' | 'text' | 'integer';
  /** Offset of the first byte of the payload. */
  readonly offset: number;
  /** Bytes of the payload. */
  readonly length: number;
  /** A copy of the payload when it is short. */
  readonly bytes?: Uint8Array;
}

/** Holds the first items only when there are more than the machine keeps: compare `items.length` with `length`. */
export interface PickleSequence {
  readonly kind: 'list' | 'tuple' | 'set' | 'frozenset';
  items: readonly PickleValue[];
  /** True number of items. */
  length: number;
}

/** Entries by text keys, and apart from them those under any other key, as they come. */
export interface PickleDict {
  readonly kind: 'dict';
  entries: ReadonlyMap<string, PickleValue>;
  others: readonly (readonly [PickleValue, PickleValue])[];
  /** True number of entries that were set, repeated keys included. */
  length: number;
}

/** A name that loading would import. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly module: string;
  /** From protocol 4 on with dots for attributes of attributes. */
  readonly name: string;
  /** Offset of the opcode. */
  readonly at: number;
}

export type CallOpcode = 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX' | 'INST' | 'OBJ';

/** The result of a call that loading would make, and what is done to it afterwards. */
export interface PickleCall {
  readonly kind: 'call';
  readonly opcode: CallOpcode;
  readonly callee: PickleValue;
  /** A tuple, unless the pickle is odd. */
  readonly args: PickleValue;
  readonly kwargs?: PickleValue;
  /** Offset of the opcode. */
  readonly at: number;
  /** Argument of the last BUILD. */
  state?: PickleValue;
  /** What APPEND, APPENDS and ADDITEMS add to it. */
  list?: PickleSequence;
  /** What SETITEM and SETITEMS set in it. */
  dict?: PickleDict;
}

/** An object that lies outside the pickle. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
  readonly at: number;
}

/** A code of the extension registry (copyreg), which the file does not hold. */
export interface PickleExtension {
  readonly kind: 'extension';
  readonly code: number;
  readonly at: number;
}

/** An out-of-band buffer, by its turn. */
export interface PickleBuffer {
  readonly kind: 'buffer';
  readonly index: number;
}

/** What cannot be known: a memo entry that was never set, an import of a name that is no text. */
export interface PickleUnknown {
  readonly kind: 'unknown';
  readonly reason: string;
  readonly at: number;
}

type Kinded = Extract<PickleValue, { readonly kind: string }>;
type OfKind<K, V = Kinded> = V extends { readonly kind: infer L } ? (K extends L ? V : never) : never;

/** The value when it is of this kind. */
export function ofKind<K extends Kinded['kind']>(value: PickleValue | undefined, kind: K): OfKind<K> | undefined {
  // The discriminant has just been compared.
  return typeof value === 'object' && value !== null && value.kind === kind ? (value as OfKind<K>) : undefined;
}

/** `module.name` of an import. */
export function dottedName({ module, name }: Pick<PickleGlobal, 'module' | 'name'>): string {
  return module === '' ? name : `${module}.${name}`;
}

/** `module.name` of a value that is an import. */
export function globalName(value: PickleValue | undefined): string | undefined {
  const found = ofKind(value, 'global');
  return found && dottedName(found);
}

/** Items of a list, tuple or set; undefined for everything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return typeof value === 'object' && value !== null && 'items' in value ? value.items : undefined;
}

/** Arguments of a call, empty when they are no tuple. */
export function argumentsOf(call: PickleCall): readonly PickleValue[] {
  return itemsOf(call.args) ?? [];
}

/** Callables whose first argument is the class of what they return. */
const CONSTRUCTORS: ReadonlySet<string> = new Set([
  'copyreg._reconstructor',
  'copyreg.__newobj__',
  'copyreg.__newobj_ex__',
  'copy_reg._reconstructor',
  'copy_reg.__newobj__',
]);

/** The class, or the function that makes the object, as an import; undefined where the pickle names none. */
export function classOf(value: PickleValue | undefined): PickleGlobal | undefined {
  const call = ofKind(value, 'call');
  const callee = ofKind(call?.callee, 'global');
  if (call === undefined || callee === undefined) return undefined;
  return CONSTRUCTORS.has(dottedName(callee)) ? ofKind(argumentsOf(call)[0], 'global') : callee;
}

/** `module.name` of the class of an object. */
export function className(value: PickleValue | undefined): string | undefined {
  return globalName(classOf(value));
}

const EMPTY_DICT: PickleDict = { kind: 'dict', entries: new Map(), others: [], length: 0 };
const MAPPINGS: ReadonlySet<string> = new Set([
  'builtins.dict',
  '__builtin__.dict',
  'collections.OrderedDict',
  'collections.defaultdict',
  'collections.Counter',
]);

/** Is the value a dict, or one of the classes of Python that are nothing but dicts? */
export function isMapping(value: PickleValue | undefined): boolean {
  return ofKind(value, 'dict') !== undefined || MAPPINGS.has(className(value) ?? '');
}

/** The dict that a value is or acts as: a dict, an OrderedDict and the like, or an object with entries. */
export function dictOf(value: PickleValue | undefined): PickleDict | undefined {
  const call = ofKind(value, 'call');
  if (call === undefined) return ofKind(value, 'dict');
  return call.dict ?? (isMapping(call) ? (pairsOf(call) ?? EMPTY_DICT) : undefined);
}

const paired = new WeakMap<PickleCall, PickleDict>();

/** The dict of `OrderedDict([[key, value], …])`, which Python 2 wrote; made once for each call. */
function pairsOf(call: PickleCall): PickleDict | undefined {
  const known = paired.get(call);
  const pairs = known === undefined ? itemsOf(argumentsOf(call)[0]) : undefined;
  if (pairs === undefined) return known;
  const entries = new Map<string, PickleValue>();
  const others: (readonly [PickleValue, PickleValue])[] = [];
  for (const pair of pairs) {
    const [key, value] = itemsOf(pair) ?? [];
    if (key === undefined || value === undefined) continue;
    if (typeof key === 'string') entries.set(key, value);
    else others.push([key, value]);
  }
  const dict: PickleDict = { kind: 'dict', entries, others, length: pairs.length };
  paired.set(call, dict);
  return dict;
}

/** Attributes of an object that BUILD has set: its state, or the dict in a pair of dict and slots. */
export function stateOf(value: PickleValue | undefined): PickleDict | undefined {
  const state = ofKind(value, 'call')?.state;
  return dictOf(state) ?? dictOf(ofKind(state, 'tuple')?.items[0]);
}
