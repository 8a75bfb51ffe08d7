/** All the pickles of one source, one behind the other, with raw arrays and raw storages between them. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import type { Span } from '../inspector.js';
import type { ScanSettings } from '../settings.js';
import { rawArray } from './array.js';
import { type Machine, newMachine } from './machine.js';
import { fetchText, run } from './run.js';
import { salvage } from './salvage.js';
import { openSession, type Session, tell } from './session.js';
import { looksLikePickle, stopsSoon } from './sniff.js';

/** The first pickle of a file of torch before its zip form, behind PROTO and from protocol 4 on FRAME: LONG1 of ten bytes, STOP. */
const LEGACY = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const PROTO_BYTES = 2;
const FRAME = 0x95;
const FRAME_BYTES = 9;
const LEGACY_PICKLES = 5;
/** Bytes of one element, by the name of the storage. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  DoubleStorage: 8,
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
  UntypedStorage: 1,
};
const SNIFFED = 64 * 1024;

export interface Streams {
  readonly sessions: readonly Session[];
  readonly spans: Span[];
  /** What was not read, as phrases. */
  readonly gaps: string[];
  /** A range behind the pickles that may be something else. */
  readonly rest: { readonly from: number; readonly to: number } | undefined;
  readonly opcodes: Uint8Array;
  readonly pickles: number;
  readonly legacy: boolean;
  readonly limited: boolean;
}

export interface StreamsOptions {
  readonly settings: ScanSettings;
  readonly budget: Budget;
  /** Persistent ids are keys (tar form of torch). */
  readonly plainIds?: boolean;
  /** Raw bytes of numbers stand between and behind the pickles. */
  readonly rawBetween?: boolean;
  /** Told of every opcode. */
  readonly trace?: (code: number, at: number) => void;
}

interface State {
  readonly source: ByteSource;
  readonly options: StreamsOptions;
  readonly session: Session;
  readonly extra: Session[];
  readonly spans: Span[];
  readonly gaps: string[];
  readonly opcodes: Uint8Array;
  readonly restarts: number[];
  limited: boolean;
}

function isLegacy(head: Uint8Array): boolean {
  const from = PROTO_BYTES + (head[PROTO_BYTES] === FRAME ? FRAME_BYTES : 0);
  return head[0] === 0x80 && LEGACY.every((byte, i) => head[from + i] === byte);
}

/** @throws ERR_IO_* */
export async function readStreams(source: ByteSource, options: StreamsOptions): Promise<Streams> {
  const session = openSession(options);
  if (options.trace !== undefined) session.listener.trace = options.trace;
  const state: State = {
    source,
    options,
    session,
    extra: [],
    spans: [],
    gaps: [],
    opcodes: new Uint8Array(256),
    restarts: [],
    limited: false,
  };
  const legacy = isLegacy(await source.read(0, PROTO_BYTES + FRAME_BYTES + LEGACY.length));
  let at = 0;
  let pickles = 0;
  let memo: Machine | undefined;
  let rest: Streams['rest'];
  while (at < source.size) {
    if (!options.budget.take('streams', 1)) {
      tell(session, { rule: 'scan-limit', at, what: 'has more pickles behind one another than the limit' });
      state.limited = true;
      await searchRest(state, at);
      break;
    }
    const m = await readOne(state, at, undefined);
    pickles++;
    if (memo !== undefined && session.seen.some(({ rule, at: where }) => rule === 'pickle-memo' && where >= at))
      await readOne(state, at, memo);
    memo = m;
    const end = m.base + m.pos;
    if (m.result === undefined) {
      await fault(state, m);
      break;
    }
    state.spans.push({ from: at, to: end, as: 'parsed' });
    at = end;
    if (legacy && pickles === LEGACY_PICKLES) at = await passStorages(state, at, m);
    if (at >= source.size || (legacy && pickles < LEGACY_PICKLES)) continue;
    if (await isPickleAt(source, at)) continue;
    if (options.rawBetween === true) {
      const { session: found } = await salvage(source, at, options.settings, options.budget);
      state.extra.push(found);
      state.spans.push({
        from: at,
        to: source.size,
        as: 'data',
        why: 'numbers of tensors, searched for names that are known to be dangerous',
      });
    } else rest = { from: at, to: source.size };
    break;
  }
  await tryRestarts(state);
  return {
    sessions: [session, ...state.extra],
    spans: state.spans,
    gaps: state.gaps,
    rest,
    opcodes: state.opcodes,
    pickles,
    legacy,
    limited: state.limited,
  };
}

async function readOne(state: State, at: number, memo: Machine | undefined): Promise<Machine> {
  const { source, options, session } = state;
  const m = newMachine(session.listener, source.size, { memo });
  session.machine = m;
  await run(m, at, { source, budget: options.budget, passArray: (array, from) => passArray(state, array, from) });
  for (let code = 0; code < 256; code++) if (m.seen[code] === 1) state.opcodes[code] = 1;
  for (const restart of m.restarts) if (state.restarts.length < 64) state.restarts.push(restart);
  state.limited ||= m.limited;
  return m;
}

/** Behind a fault everything is searched for what is known to be dangerous. */
async function fault(state: State, m: Machine): Promise<void> {
  const at = m.base + m.start;
  const { session, gaps, spans } = state;
  gaps.push(`the pickle cannot be read from byte ${at} on: ${m.problem}`);
  spans.push({ from: 0, to: at, as: 'parsed' });
  tell(session, { rule: m.limited ? 'scan-limit' : 'pickle-broken', at, what: `cannot be read on: ${m.problem}` });
  await searchRest(state, at);
}

async function searchRest(state: State, from: number): Promise<void> {
  const { source, options, extra, gaps, spans } = state;
  const found = await salvage(source, from, options.settings, options.budget);
  extra.push(found.session);
  spans.push({ from, to: source.size, as: 'skipped', why: 'searched for names that are known to be dangerous, not read in order' });
  gaps.push(`bytes ${from} to ${source.size}, searched but not read in order`);
}

/** Programs that start anew at the end of a frame read other opcodes. */
async function tryRestarts(state: State): Promise<void> {
  const { source, options } = state;
  for (const at of state.restarts) {
    if (at >= source.size) continue;
    const session = openSession(options);
    session.strict = true;
    const m = newMachine(session.listener, source.size, { lenient: true });
    session.machine = m;
    await run(m, at, { source, budget: options.budget });
    state.extra.push(session);
  }
}

async function isPickleAt(source: ByteSource, at: number): Promise<boolean> {
  const length = Math.min(SNIFFED, source.size - at);
  const head = (await source.read(at, length)).slice();
  const isWhole = length === source.size - at;
  return stopsSoon(head, isWhole) || looksLikePickle(head, isWhole);
}

/** Moves behind the bytes of an array, or reads the pickle of its objects. */
async function passArray(state: State, array: Value, from: number): Promise<number | string> {
  const { source, session, spans } = state;
  const raw = await rawArray(source, array);
  if (typeof raw === 'string') return raw;
  let at = from;
  if (raw.bytes === 'pickle') {
    const outer = session.machine;
    const inner = await readOne(state, at, undefined);
    session.machine = outer;
    if (inner.result === undefined) return `the objects of an array cannot be read: ${inner.problem}`;
    return inner.base + inner.pos;
  }
  if (raw.padded) {
    const [padding = 0, ...bytes] = await source.read(at, 256);
    if (bytes.slice(0, padding).some((byte) => byte !== 0xff))
      tell(session, { rule: 'pickle-array', at, what: 'has padding before an array that is not the one joblib writes' });
    at += 1 + padding;
  }
  if (at + raw.bytes > source.size) return 'an array reaches over the end of the file';
  if (spans.length < 1000) spans.push({ from: at, to: at + raw.bytes, as: 'data', why: 'an array' });
  return at + raw.bytes;
}
type Value = Parameters<typeof rawArray>[1];

/** Each storage is a count of eight bytes and its elements, in the order of the keys. Gives the offset behind the last. */
async function passStorages(state: State, at: number, keys: Machine): Promise<number> {
  const { source, session, spans, gaps } = state;
  const sizes = new Map<string, number>();
  for (const { key, type, elements } of session.storages) {
    const name = typeof key === 'object' && key !== null && key.kind === 'text' ? await fetchText(source, key) : String(key);
    sizes.set(name, (ELEMENT_BYTES[type] ?? Number.NaN) * elements);
  }
  const listed = keys.result;
  const count = typeof listed === 'object' && listed !== null && listed.kind === 'list' ? listed.length : Number.NaN;
  const total = [...sizes.values()].reduce((sum, size) => sum + size + 8, 0);
  const end = at + total;
  if (sizes.size !== count || !Number.isSafeInteger(end) || end > source.size) {
    gaps.push(`storages from byte ${at} on, which do not fit their descriptions`);
    spans.push({ from: at, to: source.size, as: 'skipped', why: 'storages of tensors' });
    return source.size;
  }
  spans.push({ from: at, to: end, as: 'data', why: 'storages of tensors' });
  return end;
}
