/** Looks for calls of dangerous names where a pickle cannot be read in order: behind a fault, or at another place to begin. */
import type { ByteSource } from '../../core/byte-source.js';
import type { Budget } from '../budget.js';
import type { ScanSettings } from '../settings.js';
import { BROKEN, newMachine, STOPPED } from './machine.js';
import { burst } from './run.js';
import { openSession, type Session } from './session.js';

const BLOCK_BYTES = 1024 * 1024;
/** Bytes behind a fault that are searched. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ATTEMPTS = 20_000;
/** Bytes that one attempt goes over, and opcodes of all of them: what begins anywhere may run to the end. */
const WINDOW_BYTES = 64 * 1024;
const MAX_OPCODES = 3_000_000;
/** A name that is a text stands at most this far from the opcode that imports it. */
const NEAR = 600;
const OVERLAP = 4096;

/** The findings go to a session of their own: only names that are known to be dangerous count. True when all was searched. */
export async function salvage(
  source: ByteSource,
  from: number,
  settings: ScanSettings,
  budget: Budget,
): Promise<{ session: Session; whole: boolean }> {
  const session = openSession({ settings });
  session.strict = true;
  let attempts = 0;
  const work = { opcodes: 0 };
  const end = Math.min(source.size, from + MAX_BYTES);
  for (let base = from; base < end; base += BLOCK_BYTES) {
    const length = Math.min(BLOCK_BYTES + OVERLAP, source.size - base);
    if (!budget.take('readBytes', length) || !budget.inTime()) return { session, whole: false };
    const block = (await source.read(base, length)).slice();
    const importsSoon = marksOf(block);
    for (let at = 0; at < Math.min(block.length, BLOCK_BYTES); at++) {
      if (BEGINS[block[at] ?? 0] === 0 || !mayBegin(block, at, importsSoon)) continue;
      if (++attempts > MAX_ATTEMPTS || work.opcodes > MAX_OPCODES || (attempts % 64 === 0 && !budget.inTime()))
        return { session, whole: false };
      at = Math.max(at, attempt(session, block.subarray(0, at + WINDOW_BYTES), base, at, work) - 1);
    }
  }
  return { session, whole: end === source.size };
}

/** Opcodes with which what imports can begin. */
const BEGINS = new Uint8Array(256);
for (const code of [0x80, 0x63, 0x69, 0x8c, 0x58, 0x53, 0x54, 0x55, 0x56]) BEGINS[code] = 1;

const isLetter = (byte = 0): boolean => byte === 0x5f || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Can a pickle, or a part of one that imports, begin here? */
function mayBegin(block: Uint8Array, at: number, importsSoon: (at: number) => boolean): boolean {
  const byte = block[at] ?? 0;
  if (byte === 0x80) return (block[at + 1] ?? 9) <= 5;
  if (byte === 0x63 || byte === 0x69) return isLetter(block[at + 1]) && twoLines(block, at + 1);
  if (byte === 0x8c) {
    const length = block[at + 1] ?? 0;
    return length > 0 && isLetter(block[at + 2]) && importsSoon(at);
  }
  if (byte === 0x58) return (block[at + 3] ?? 1) === 0 && (block[at + 4] ?? 1) === 0 && isLetter(block[at + 5]) && importsSoon(at);
  return (byte === 0x55 || byte === 0x56 || byte === 0x53 || byte === 0x54) && importsSoon(at) && isPrintable(block[at + 2]);
}

const isPrintable = (byte = 0): boolean => byte >= 0x20 && byte < 0x7f;

/** Whether STACK_GLOBAL comes soon behind a place; to be asked from front to back: each mark is searched for once. */
function marksOf(block: Uint8Array): (at: number) => boolean {
  let mark = -1;
  return (at) => {
    if (mark < at) {
      const found = block.indexOf(0x93, at);
      mark = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return mark - at <= NEAR;
  };
}

/** Two lines of printable characters: a module and a name. */
function twoLines(block: Uint8Array, at: number): boolean {
  let lines = 0;
  for (let i = at; i < Math.min(block.length, at + NEAR); i++) {
    const byte = block[i] ?? 0;
    if (byte === 0x0a) {
      if (++lines === 2) return true;
    } else if (byte < 0x20 || byte === 0x7f) return false;
  }
  return false;
}

/** Runs what stands there, leniently; gives the index to go on at. */
function attempt(session: Session, block: Uint8Array, base: number, at: number, work: { opcodes: number }): number {
  const m = newMachine(session.listener, base + block.length, { lenient: true });
  session.machine = m;
  m.buf = block;
  m.base = base;
  m.pos = at;
  const before = session.imports.size;
  const signal = burst(m);
  work.opcodes += m.opcodes;
  const told =
    session.imports.size > before && [...session.imports.values()].slice(before).some(({ global }) => global.judged.grade !== 'unknown');
  // What imported something known was read in step; it need not be read again.
  return told && (signal === STOPPED || signal === BROKEN) ? Math.min(m.pos, block.length) : at + 1;
}
