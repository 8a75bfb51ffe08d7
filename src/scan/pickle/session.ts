/** What was seen in the pickles of one source, and what it means; words come later, when texts are fetched. */
import type { ScanSettings } from '../settings.js';
import { type Candidate, candidateOf } from './constants.js';
import { type Fetch, FORMS, type FormContext, type Problem } from './forms.js';
import { type Call, type Listener, MAX_NAMES, type Machine, type Odd, textOf } from './machine.js';
import { type Judgement, judgeName, looksLikeClass } from './names.js';
import { dotted, type Global, globalOf, kindOf, type Text, type Tuple, type Value } from './values.js';

/** Something to tell, with the values that its words need. */
export interface Seen {
  readonly rule: string;
  readonly at: number;
  /** What is wrong, as a phrase behind the name or the call. */
  readonly what: string;
  readonly severity?: 'critical' | 'high' | 'medium' | 'low' | 'info';
  readonly verdict?: 'malicious' | 'suspicious' | 'note';
  readonly global?: Global | undefined;
  readonly call?: Call | undefined;
  readonly value?: Value | undefined;
}

export interface Session {
  readonly listener: Listener;
  readonly seen: Seen[];
  /** Findings that were not kept. */
  dropped: number;
  /** Names in the order in which they were imported. */
  readonly imports: Map<string, { readonly global: Global; count: number }>;
  readonly candidates: Candidate[];
  /** More candidates than are looked into. */
  manyCandidates: boolean;
  /** Offsets of constants that are loaded when the pickle is. */
  readonly reached: Set<number>;
  /** Storages that persistent ids name: key text, type, elements. */
  readonly storages: { readonly key: Value; readonly type: string; readonly elements: number }[];
  /** The machine at work, for texts in its window. */
  machine: Machine | undefined;
  /** Only what is known to be dangerous counts: the bytes may be no pickle at all. */
  strict: boolean;
}

export interface SessionOptions {
  readonly settings: ScanSettings;
  /** Persistent ids are plain keys, as in the tar form of torch. */
  readonly plainIds?: boolean;
}

const MAX_SEEN = 400;
/** Calls of one name that are told one by one. */
const MAX_CALLS = 4;
const MAX_CANDIDATES = 256;
const MAX_STORAGES = 100_000;

const ODD: Readonly<Record<Exclude<Odd, 'persistent id'>, readonly [rule: string, what: string]>> = {
  'computed import': ['pickle-computed-import', 'imports a name that is no text in the file'],
  'extension code': ['pickle-extension-code', 'asks for an object by extension code, which only the loading program knows'],
  'unset memo': ['pickle-memo', 'takes a memo entry that was never set'],
  'nested frame': ['pickle-frame', 'opens a frame inside of a frame, which programs read in different ways'],
  'frame boundary': ['pickle-frame', 'has an opcode that reaches over the end of its frame, which programs read in different ways'],
  'frame beyond the end': ['pickle-frame', 'has a frame that is longer than the file'],
  'state on a class': ['pickle-state-on-class', 'sets attributes of something that is imported, not of an instance'],
  'state on a value': ['pickle-foreign-change', 'sets attributes of a value that has none'],
  'mutation of a class': ['pickle-state-on-class', 'sets items of something that is imported, not of an instance'],
  'mutation of an object': ['pickle-foreign-change', 'calls a method of an object by setting items of what is no container'],
  'second state': ['pickle-foreign-change', 'gives an object a state once more, by methods that its first state may have put there'],
  'code in a state': ['pickle-state-code', 'gives a state to an object that runs a part of it, which is not what its library writes'],
  'unknown protocol': ['pickle-broken', 'announces a protocol that does not exist'],
};

/** `__setstate__`, which no library writes as a text: an attribute of this name is called with the next state. */
const METHOD = new TextEncoder().encode('__setstate__');

export function openSession({ settings, plainIds = false }: SessionOptions): Session {
  const judged = new Map<string, Judgement>();
  const oddCounts = new Map<Odd, number>();
  const session: Session = {
    listener: undefined as unknown as Listener,
    seen: [],
    dropped: 0,
    imports: new Map(),
    candidates: [],
    manyCandidates: false,
    reached: new Set(),
    storages: [],
    machine: undefined,
    strict: false,
  };
  const listener: Listener = {
    judge(module, name) {
      const key = `${module}\n${name}`;
      let known = judged.get(key);
      if (known === undefined) {
        known = judgeName(module, name, settings.allow);
        if (judged.size < MAX_NAMES) judged.set(key, known);
      }
      return known;
    },
    imported(global) {
      const key = dotted(global);
      const entry = session.imports.get(key);
      if (entry !== undefined) entry.count++;
      else if (session.imports.size < MAX_NAMES) session.imports.set(key, { global, count: 1 });
    },
    called: (call) => calledWith(session, call),
    odd(what, at, value) {
      if (session.strict) return;
      if (what === 'persistent id') return persistent(session, at, value ?? null, plainIds);
      const count = (oddCounts.get(what) ?? 0) + 1;
      oddCounts.set(what, count);
      const [rule, words] = ODD[what];
      if (count <= 3) tell(session, { rule, at, what: words, value });
    },
    constant(kind, at, length, head) {
      if (!session.strict && length <= METHOD.length + 2 && METHOD.every((byte, i) => head[i] === byte))
        tell(session, {
          rule: 'pickle-state-code',
          at,
          what: 'names the method that is called with the state of an object: `__setstate__`',
        });
      const found = candidateOf(kind, at, length, head);
      if (found === undefined) return;
      if (session.candidates.length < MAX_CANDIDATES) session.candidates.push(found);
      else session.manyCandidates = true;
    },
  };
  return Object.assign(session, { listener });
}

export function tell(session: Session, seen: Seen): void {
  if (session.seen.length < MAX_SEEN) session.seen.push(seen);
  else session.dropped++;
}

/** Judges a call. False when a text has to be fetched first. */
function calledWith(session: Session, call: Call): boolean {
  const global = globalOf(call.callee);
  if (global !== undefined) return invoke(session, global, call);
  if (session.strict) return true;
  const kind = kindOf(call.callee);
  const computed = kind === 'made' || kind === 'unknown';
  tell(session, {
    rule: 'pickle-computed-call',
    at: call.at,
    what: computed ? 'calls what another call or a computed import gave' : `calls a value of kind ${kind}`,
    call,
    ...(computed ? {} : { severity: 'high', verdict: 'suspicious' }),
  });
  return true;
}

function invoke(session: Session, global: Global, call: Call): boolean {
  const { judged } = global;
  if (judged.grade === 'allowed') {
    const wrong = session.strict ? undefined : argumentProblem(session, global, call.args);
    if (wrong?.fetch === true) return false;
    global.invoked = true;
    if (wrong !== undefined) tellCall(session, global, call, 'pickle-argument', wrong.problem, wrong.runs ? CRITICAL : {});
    return true;
  }
  global.invoked = true;
  if (judged.grade === 'denied') {
    noteNested(session, call.args);
    tellCall(session, global, call, 'pickle-denied-call', judged.does ?? 'is dangerous', {});
  } else if (judged.surveyed && isFunction(call, judged.known))
    tellCall(session, global, call, 'pickle-unknown-call', 'is a function that no model needs', HIGH);
  else if (!session.strict) tellCall(session, global, call, 'pickle-unknown-call', 'is not known to be harmless', {});
  return true;
}

/** `NEWOBJ` takes classes alone, whatever their names look like. */
const isFunction = ({ opcode }: Call, known: string): boolean => !opcode.startsWith('NEWOBJ') && !looksLikeClass(known);

const CRITICAL = { severity: 'critical', verdict: 'malicious' } as const;
const HIGH = { severity: 'high', verdict: 'malicious' } as const;

function tellCall(
  session: Session,
  global: Global,
  call: Call,
  rule: string,
  what: string,
  grade: Pick<Seen, 'severity' | 'verdict'>,
): void {
  if (global.quiet++ < MAX_CALLS) tell(session, { rule, at: call.at, what, global, call, ...grade });
}

/** Bytes given to what is denied are looked into. */
function noteNested(session: Session, args: Value): void {
  if (typeof args !== 'object' || args === null || args.kind !== 'tuple') return;
  for (const item of args.items)
    if (typeof item === 'object' && item !== null && (item.kind === 'bytes' || item.kind === 'text')) session.reached.add(item.at);
}

function argumentProblem(session: Session, global: Global, args: Value): Problem | Fetch | undefined {
  const { form } = global.judged;
  if (form === undefined || form === 'any') return undefined;
  if (typeof args !== 'object' || args === null || args.kind !== 'tuple') return { problem: `is given arguments of kind ${kindOf(args)}` };
  return FORMS[form](args as Tuple, contextOf(session));
}

function contextOf(session: Session): FormContext {
  return {
    text: (value: Text) => (session.machine === undefined ? value.text : textOf(session.machine, value)),
    invoke(callee, args) {
      const global = globalOf(callee);
      if (global === undefined) return { problem: `makes an instance of ${kindOf(callee)}`, runs: true };
      global.invoked = true;
      const { grade, does } = global.judged;
      if (grade === 'allowed') return argumentProblem(session, global, args);
      if (grade === 'denied') return { problem: `calls \`${dotted(global)}\`, which ${does}`, runs: true };
      return { problem: `makes an instance of \`${dotted(global)}\`, which is not known to be harmless` };
    },
    nested(value) {
      if (typeof value === 'object' && value !== null && value.kind === 'bytes') session.reached.add(value.at);
    },
  };
}

/** `('storage', type, key, location, elements)`, as torch writes it. */
function persistent(session: Session, at: number, id: Value, plainIds: boolean): void {
  const items = typeof id === 'object' && id !== null && id.kind === 'tuple' ? id.items : [];
  const [word, type, key, location, elements] = items;
  const isWord = (value: Value | undefined, length: number): boolean =>
    typeof value === 'object' && value !== null && value.kind === 'text' && value.length === length;
  if (isWord(word, 7) && globalOf(type) !== undefined && kindOf(location) === 'text' && kindOf(elements) === 'integer') {
    if (session.storages.length < MAX_STORAGES)
      session.storages.push({ key: key ?? null, type: globalOf(type)?.name ?? '', elements: typeof elements === 'number' ? elements : -1 });
    return;
  }
  if (isWord(word, 6) && globalOf(type) !== undefined && items.length === 4) return;
  if (plainIds && (kindOf(id) === 'text' || kindOf(id) === 'integer')) return;
  tell(session, { rule: 'pickle-persistent-id', at, what: 'has a persistent id that is not one of torch', value: id });
}
