/**
 * Objects that R serialized, walked without making one: what is code in them, and what it calls.
 * Source: src/main/serialize.c of R, and https://cran.r-project.org/doc/manuals/r-release/R-ints.html#Serialization-Formats
 */
import type { Budget } from '../budget.js';
import { BY_NAME, HOOKS, MAKES_TEXT, type RHarm, rHarm } from './names.js';
import type { RStream } from './stream.js';

const SYMBOL = 1;
const LIST = 2;
const CLOSURE = 3;
const ENVIRONMENT = 4;
const PROMISE = 5;
const CALL = 6;
const CHARACTERS = 9;
const TEXTS = 16;
const DOTS = 17;
const BYTECODE = 21;
const REFERENCE = 255;
const REP_DEFINED = 244;
const REP_REFERENCE = 243;
const CALL_WITH_ATTRIBUTES = 240;
const LIST_WITH_ATTRIBUTES = 239;
/** Singletons: nothing, the global, empty and base environments, what is missing or unbound, the namespace of base. */
const SINGLE: ReadonlySet<number> = new Set([254, 253, 252, 251, 250, 242, 241]);
/** Bytes of an element, by type: logical, integer, real, complex, raw. */
const ELEMENT: Readonly<Record<number, number>> = { 10: 4, 13: 4, 14: 8, 15: 16, 24: 1 };
/** Vectors of objects: a list, an expression. */
const VECTORS: ReadonlySet<number> = new Set([19, 20]);
/** Vectors of names: a persistent object, a package, a namespace. */
const NAMED: Readonly<Record<number, 'persistent' | 'package'>> = { 247: 'persistent', 248: 'package', 249: 'package' };

const MAX_DEPTH = 1000;
const MAX_NAMES = 200;
const MAX_TEXT = 300;
const MAX_REFERENCES = 2_000_000;

/** Something that code in the file would do. */
export interface RCall {
  readonly name: string;
  readonly harm: RHarm;
  readonly at: number;
  /** Runs when the object is touched, not when it is called. */
  readonly isPromised: boolean;
}

export interface RContent {
  readonly calls: RCall[];
  /** Promises that stand where R keeps values: reading the object runs them. */
  readonly promises: { readonly at: number; readonly code: string }[];
  /** Functions and what they are bound to, where a workspace says it. */
  readonly hooks: string[];
  readonly packages: Set<string>;
  closures: number;
  pointers: number;
  persistent: number;
  parses: boolean;
  evaluates: boolean;
  /** A function is taken by a name that is put together. */
  computed: string[];
}

/** What little is known of an item. */
interface Item {
  readonly kind: 'symbol' | 'text' | 'call' | 'closure' | 'other';
  readonly text: string;
}
const OTHER: Item = { kind: 'other', text: '' };

interface Walk {
  readonly stream: RStream;
  readonly budget: Budget;
  readonly content: RContent;
  readonly references: (Item | undefined)[];
  depth: number;
  /** Depth of what holds promises by right: environments. */
  environments: number;
  promised: number;
}

export const emptyContent = (): RContent => ({
  calls: [],
  promises: [],
  hooks: [],
  packages: new Set(),
  closures: 0,
  pointers: 0,
  persistent: 0,
  parses: false,
  evaluates: false,
  computed: [],
});

/** Reads one object and adds what is told of it to `content`, which stands when it throws. @throws ERR_FORMAT_*, ERR_LIMIT_*, ERR_IO_* */
export async function readR(stream: RStream, budget: Budget, isWorkspace: boolean, content: RContent): Promise<void> {
  const walk: Walk = { stream, budget, content, references: [], depth: 0, environments: 0, promised: 0 };
  await item(walk, isWorkspace ? 'workspace' : 'value');
}

type Place = 'workspace' | 'value' | 'code';

async function item(walk: Walk, place: Place): Promise<Item> {
  const flags = await walk.stream.int();
  return byFlags(walk, flags, place);
}

async function byFlags(walk: Walk, flags: number, place: Place): Promise<Item> {
  const { stream, budget } = walk;
  const type = flags & 0xff;
  if (SINGLE.has(type)) return OTHER;
  if (!budget.take('opcodes', 1)) throw stream.fail('the object has more parts than the limit');
  if (type === REFERENCE) {
    const index = flags >>> 8 === 0 ? await stream.int() : flags >>> 8;
    return walk.references[index - 1] ?? OTHER;
  }
  if (++walk.depth > MAX_DEPTH) throw stream.fail(`objects nest deeper than ${MAX_DEPTH} levels`);
  if ((walk.budget.left('opcodes') & 0xfff) === 0 && !budget.inTime()) throw stream.fail('the object takes longer to read than the limit');
  const read = await content(walk, flags, type, place);
  walk.depth--;
  return read;
}

async function content(walk: Walk, flags: number, type: number, place: Place): Promise<Item> {
  const { stream } = walk;
  const hasAttributes = (flags & 0x200) !== 0;
  const named = NAMED[type];
  if (named !== undefined) return ofNames(walk, named);
  if (type === SYMBOL) {
    const { text } = await item(walk, place);
    return keep(walk, { kind: 'symbol', text });
  }
  if (type === ENVIRONMENT) return environment(walk, place);
  if (type === LIST || type === CALL || type === CLOSURE || type === PROMISE || type === DOTS) return pairs(walk, flags, type, place);
  if (type === 238) {
    // A compact form: its class, its state, its attributes.
    for (let i = 0; i < 3; i++) await item(walk, place);
    return OTHER;
  }
  let read: Item = OTHER;
  if (type === 22) {
    keep(walk, OTHER);
    walk.content.pointers++;
    await item(walk, place);
    await item(walk, place);
  } else if (type === 23) keep(walk, OTHER);
  else if (type === 7 || type === 8) {
    const name = await stream.text(await count(walk), MAX_TEXT);
    called(walk, name, []);
  } else if (type === CHARACTERS) {
    const length = await stream.int();
    read = { kind: 'text', text: length < 0 ? '' : await stream.text(length, MAX_TEXT) };
  } else if (type === TEXTS || VECTORS.has(type)) read = await vector(walk, type, place);
  else if (type === BYTECODE) {
    await stream.int();
    await bytecode(walk);
  } else if (type !== 25) {
    const bytes = ELEMENT[type];
    if (bytes === undefined) throw stream.fail(`an object of the unknown type ${type}`);
    await stream.skip(await count(walk), bytes);
  }
  if (hasAttributes) await item(walk, place);
  return read;
}

function keep(walk: Walk, read: Item): Item {
  if (walk.references.length >= MAX_REFERENCES) throw walk.stream.fail('more names than the limit');
  walk.references.push(read);
  return read;
}

/** A length; -1 says that two numbers follow. */
async function count({ stream }: Walk): Promise<number> {
  const length = await stream.int();
  if (length >= 0) return length;
  if (length !== -1) throw stream.fail(`a length of ${length}`);
  const high = await stream.int();
  const low = await stream.int();
  if (high < 0 || high > 0xffff) throw stream.fail('a length that no vector has');
  return high * 2 ** 32 + (low >>> 0);
}

async function ofNames(walk: Walk, kind: 'persistent' | 'package'): Promise<Item> {
  await walk.stream.int();
  const length = await count(walk);
  for (let i = 0; i < length; i++) {
    const { text } = await item(walk, 'value');
    if (kind === 'package' && i === 0 && walk.content.packages.size < MAX_NAMES) walk.content.packages.add(text);
  }
  if (kind === 'persistent') walk.content.persistent++;
  return keep(walk, OTHER);
}

/** Whether it is locked, its parent, its frame, its table, its attributes. */
async function environment(walk: Walk, place: Place): Promise<Item> {
  keep(walk, OTHER);
  await walk.stream.int();
  walk.environments++;
  for (let i = 0; i < 4; i++) await item(walk, place === 'workspace' ? 'value' : place);
  walk.environments--;
  return OTHER;
}

async function vector(walk: Walk, type: number, place: Place): Promise<Item> {
  const length = await count(walk);
  let first: Item = OTHER;
  for (let i = 0; i < length; i++) {
    const read = await item(walk, type === 20 ? 'code' : place);
    if (i === 0) first = read;
  }
  return type === TEXTS && length === 1 ? first : OTHER;
}

/** Pairs of a value and the rest: attributes, tag, value, and on. Of functions: environment, arguments, body. */
async function pairs(walk: Walk, flags: number, type: number, place: Place): Promise<Item> {
  const at = walk.stream.position();
  if (type === CLOSURE) walk.content.closures++;
  if (type === PROMISE) return promise(walk, flags, at, place);
  if (type === CALL) return call(walk, flags);
  if (type === CLOSURE) {
    await head(walk, flags, place);
    await item(walk, 'code');
    await item(walk, 'code');
    return { kind: 'closure', text: '' };
  }
  let next = flags;
  for (;;) {
    const tag = await head(walk, next, place);
    const value = await item(walk, place === 'workspace' ? 'value' : place);
    if (place === 'workspace' && HOOKS.has(tag.text) && value.kind === 'closure') walk.content.hooks.push(tag.text);
    next = await walk.stream.int();
    const kind = next & 0xff;
    if (kind !== LIST && kind !== DOTS) break;
    if (!walk.budget.take('opcodes', 1)) throw walk.stream.fail('the object has more parts than the limit');
  }
  await byFlags(walk, next, place === 'workspace' ? 'value' : place);
  return OTHER;
}

async function head(walk: Walk, flags: number, place: Place): Promise<Item> {
  if ((flags & 0x200) !== 0) await item(walk, place === 'workspace' ? 'value' : place);
  return (flags & 0x400) === 0 ? OTHER : item(walk, 'value');
}

/** Its environment, its value or nothing, its code. */
async function promise(walk: Walk, flags: number, at: number, place: Place): Promise<Item> {
  await head(walk, flags, place);
  const value = await walk.stream.int();
  const isOpen = (value & 0xff) === 252;
  await byFlags(walk, value, 'value');
  if (isOpen) walk.promised++;
  const code = await item(walk, 'code');
  if (isOpen) walk.promised--;
  if (isOpen && walk.environments === 0 && place !== 'code' && walk.content.promises.length < MAX_NAMES)
    walk.content.promises.push({ at, code: code.text });
  return OTHER;
}

/** A call: the function, then the arguments. */
async function call(walk: Walk, flags: number): Promise<Item> {
  await head(walk, flags, 'code');
  const callee = await item(walk, 'code');
  const given: Item[] = [];
  for (;;) {
    const next = await walk.stream.int();
    const type = next & 0xff;
    if (type !== LIST && type !== CALL && type !== DOTS) {
      await byFlags(walk, next, 'code');
      break;
    }
    await head(walk, next, 'code');
    const value = await item(walk, 'code');
    if (given.length < 8) given.push(value);
    if (!walk.budget.take('opcodes', 1)) throw walk.stream.fail('the object has more parts than the limit');
  }
  return made(walk, callee, given);
}

/** What a call is, once its parts are known. */
function made(walk: Walk, callee: Item, given: readonly Item[]): Item {
  if (callee.kind === 'symbol' && (callee.text === '::' || callee.text === ':::')) return { kind: 'symbol', text: given[1]?.text ?? '' };
  called(walk, callee.kind === 'symbol' || callee.kind === 'text' ? callee.text : '', given);
  return { kind: 'call', text: callee.text };
}

function called(walk: Walk, name: string, given: readonly Item[]): void {
  const { content: found, stream } = walk;
  if (name === '') return;
  if (name === 'parse' || name === 'str2lang' || name === 'str2expression') found.parses = true;
  if (name === 'eval' || name === 'evalq' || name === 'eval.parent' || name === 'withVisible') found.evaluates = true;
  tell(name);
  if (!BY_NAME.has(name)) return;
  for (const each of given.slice(0, 3)) {
    if (each.kind === 'text' || each.kind === 'symbol') tell(each.text);
    else if (each.kind === 'call' && MAKES_TEXT.has(each.text) && found.computed.length < MAX_NAMES) found.computed.push(name);
  }

  function tell(function_: string): void {
    const harm = rHarm(function_);
    if (harm !== undefined && found.calls.length < MAX_NAMES)
      found.calls.push({ name: function_, harm, at: stream.position(), isPromised: walk.promised > 0 });
  }
}

/** Compiled code: its numbers, then its constants, the source among them. */
async function bytecode(walk: Walk): Promise<void> {
  if (++walk.depth > MAX_DEPTH) throw walk.stream.fail(`objects nest deeper than ${MAX_DEPTH} levels`);
  await item(walk, 'code');
  const constants = await count(walk);
  for (let i = 0; i < constants; i++) {
    const type = await walk.stream.int();
    if (type === BYTECODE) await bytecode(walk);
    else await constant(walk, type);
  }
  walk.depth--;
}

/** A constant of compiled code: calls and lists of it are written in another way, so that they can be shared. */
async function constant(walk: Walk, first: number): Promise<Item> {
  if (!walk.budget.take('opcodes', 1)) throw walk.stream.fail('the object has more parts than the limit');
  let type = first;
  if (type === REP_REFERENCE) {
    await walk.stream.int();
    return OTHER;
  }
  if (type === REP_DEFINED) {
    await walk.stream.int();
    type = await walk.stream.int();
  }
  const isCall = type === CALL || type === CALL_WITH_ATTRIBUTES;
  if (!isCall && type !== LIST && type !== LIST_WITH_ATTRIBUTES) return item(walk, 'code');
  return shared(walk, type, isCall);
}

async function shared(walk: Walk, first: number, isCall: boolean): Promise<Item> {
  if (++walk.depth > MAX_DEPTH) throw walk.stream.fail(`objects nest deeper than ${MAX_DEPTH} levels`);
  const items: Item[] = [];
  let type = first;
  for (;;) {
    if (type === CALL_WITH_ATTRIBUTES || type === LIST_WITH_ATTRIBUTES) await item(walk, 'code');
    await item(walk, 'code');
    const value = await constant(walk, await walk.stream.int());
    if (items.length < 9) items.push(value);
    type = await walk.stream.int();
    if (type === REP_DEFINED) {
      await walk.stream.int();
      type = await walk.stream.int();
    }
    if (type !== LIST && type !== CALL && type !== LIST_WITH_ATTRIBUTES && type !== CALL_WITH_ATTRIBUTES) break;
    if (!walk.budget.take('opcodes', 1)) throw walk.stream.fail('the object has more parts than the limit');
  }
  if (type === REP_REFERENCE) await walk.stream.int();
  else await item(walk, 'code');
  walk.depth--;
  const [callee = OTHER, ...given] = items;
  return isCall ? made(walk, callee, given) : OTHER;
}
