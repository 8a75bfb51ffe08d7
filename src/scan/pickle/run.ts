/** Drives the machine over a byte source: fetches bytes between bursts of opcodes, and passes over raw arrays. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import { ARRAY, BROKEN, broken, characters, GO, LINE, MAX_TEXT, type Machine, STOPPED, TEXT } from './machine.js';
import { STEPS } from './steps.js';
import type { Text, Value } from './values.js';

const WINDOW_BYTES = 256 * 1024;
/** Bytes that every step finds in the window: its opcode, a length, the head of a constant. */
const STEP_BYTES = 64;
/** Opcodes between two looks at the budget. */
const BLOCK = 0xffff;
const REFILL = -1;

/** What is done where raw bytes follow an object; gives the offset behind them, or a problem. */
export type PassArray = (state: Value, at: number) => Promise<number | string>;

export interface RunOptions {
  readonly source: ByteSource;
  readonly budget: Budget;
  readonly passArray?: PassArray | undefined;
}

/** Runs from `from` to STOP, or to what cannot be read, which `m.problem` then says. @throws ERR_IO_* */
export async function run(m: Machine, from: number, options: RunOptions): Promise<void> {
  await refill(m, from, options);
  for (;;) {
    const signal = burst(m);
    if (signal === STOPPED || signal === BROKEN) return;
    if (signal === REFILL) {
      if (m.base + m.pos >= m.size) return void broken(m, 'the file ends without STOP');
      await refill(m, m.base + m.pos, options);
    } else if (!(await answer(m, signal, options))) return;
    if (!options.budget.take('opcodes', m.opcodes & BLOCK ? 0 : BLOCK + 1)) return void broken(m, 'more opcodes than the limit', true);
    if (!options.budget.inTime()) return void broken(m, 'the time is over', true);
  }
}

/** What a step needs before it can be run again. */
async function answer(m: Machine, signal: number, options: RunOptions): Promise<boolean> {
  const { source, passArray } = options;
  if (signal === TEXT && m.wanted !== undefined) {
    await fetchText(source, m.wanted);
    m.pos = m.start;
    return true;
  }
  if (signal === LINE) {
    const end = await lineEnd(source, m.wantedLine, options.budget);
    if (end < 0) {
      broken(m, 'a line has no end');
      return false;
    }
    m.lineEnds.set(m.wantedLine, end);
    await refill(m, m.base + m.start, options);
    return true;
  }
  if (signal === ARRAY && passArray !== undefined) {
    const end = await passArray(m.array, m.base + m.pos);
    if (typeof end === 'string') {
      broken(m, end);
      return false;
    }
    await refill(m, end, options);
    return true;
  }
  if (signal === ARRAY) return true;
  await refill(m, m.base + m.start, options);
  return true;
}

async function refill(m: Machine, offset: number, { source, budget }: RunOptions): Promise<void> {
  const length = Math.max(0, Math.min(WINDOW_BYTES, m.size - offset));
  budget.take('readBytes', length);
  // A source may use its buffer again.
  m.buf = length === 0 ? new Uint8Array(0) : (await source.read(offset, length)).slice();
  m.base = offset;
  m.pos = 0;
  m.start = 0;
}

/** Runs opcodes while the window lasts. */
export function burst(m: Machine): number {
  const atEnd = m.base + m.buf.length >= m.size;
  const safe = atEnd ? m.buf.length : m.buf.length - STEP_BYTES;
  const { buf, seen } = m;
  const trace = m.listener.trace;
  while (m.pos < safe) {
    m.start = m.pos;
    const code = buf[m.pos++] ?? 0;
    const step = STEPS[code];
    if (step === undefined) {
      if (m.lenient) continue;
      return broken(m, `the byte 0x${code.toString(16).padStart(2, '0')} is no opcode`);
    }
    const signal = step(m);
    if (signal !== GO && signal !== STOPPED && signal !== ARRAY) return signal;
    seen[code] = 1;
    trace?.(code, m.base + m.start);
    if (m.frameEnd !== 0 && m.base + m.pos >= m.frameEnd) leaveFrame(m);
    if (signal !== GO) return signal;
    if ((++m.opcodes & BLOCK) === 0) return REFILL;
  }
  return REFILL;
}

/** An opcode must not reach over the end of its frame: programs then disagree on what comes next. */
function leaveFrame(m: Machine): void {
  if (m.base + m.pos > m.frameEnd && m.base + m.start < m.frameEnd) {
    m.listener.odd('frame boundary', m.base + m.start);
    m.restarts.push(m.frameEnd);
  }
  m.frameEnd = 0;
}

/** Decodes a text that lies somewhere in the source. */
export async function fetchText(source: ByteSource, value: Text): Promise<string> {
  if (value.text === undefined) value.text = characters(await source.read(value.at, Math.min(value.length, MAX_TEXT)), value.form);
  return value.text;
}

/** Offset of the next line feed; -1 when there is none. */
async function lineEnd(source: ByteSource, from: number, budget: Budget): Promise<number> {
  for (let at = from; at < source.size; at += WINDOW_BYTES) {
    const length = Math.min(WINDOW_BYTES, source.size - at);
    if (!budget.take('readBytes', length)) return -1;
    const found = (await source.read(at, length)).indexOf(0x0a);
    if (found >= 0) return at + found;
  }
  return -1;
}
