/** Can bytes be a pickle? Asked of every file and member, whatever its name. */
import { ENDS, type Listener, type Machine, newMachine, STOPPED } from './machine.js';
import type { Judgement } from './names.js';
import { burst } from './run.js';

const JUDGED: Judgement = { grade: 'unknown', known: '', surveyed: false };
/** Bytes that are tried. */
const MAX_BYTES = 64 * 1024;
/** Opcodes that run without a fault only in a pickle. */
const ENOUGH = 64;

/** Letters, digits, `_`, dots, as names of modules have them. */
function isName(name: string): boolean {
  if (name === '' || name.length > 300) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const fits =
      code === 0x5f ||
      code === 0x2e ||
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a) ||
      code >= 0x80;
    if (!fits) return false;
  }
  return true;
}

interface Tried {
  readonly signal: number;
  readonly m: Machine;
  readonly imports: number;
  readonly calls: number;
  /** Persistent ids, extension codes and the like. */
  readonly oddities: number;
  readonly whole: boolean;
}

function tryOut(head: Uint8Array, isWhole: boolean): Tried {
  let imports = 0;
  let calls = 0;
  let oddities = 0;
  const listener: Listener = {
    judge: () => JUDGED,
    imported: ({ module, name }) => void (imports += isName(module) && isName(name) ? 1 : 0),
    called: () => {
      calls++;
      return true;
    },
    odd: () => void oddities++,
    constant: () => undefined,
  };
  const bytes = head.subarray(0, MAX_BYTES);
  const whole = isWhole && bytes.length === head.length;
  const m: Machine = newMachine(listener, whole ? bytes.length : bytes.length + 2 ** 40);
  m.buf = bytes;
  const signal = burst(m);
  return { signal, m, imports, calls, oddities, whole };
}

/** `head` are the first bytes; `isWhole` says that there are no others. */
export function looksLikePickle(head: Uint8Array, isWhole: boolean): boolean {
  const [first, second = 0xff] = head;
  if (first === undefined) return false;
  const { signal, m, imports, calls, oddities, whole } = tryOut(head, isWhole);
  if (first === 0x80 && second <= 5) return m.opcodes >= 2 || signal === STOPPED || head.length <= 2;
  // A zip archive begins like a persistent id, and often comes to a STOP by chance.
  if (signal === STOPPED) return oddities === 0 || imports > 0 || calls > 0;
  if (imports > 0 && calls > 0) return true;
  const exhausted = m.problem === '' || m.problem === ENDS;
  return exhausted && m.pos > 0 && (imports > 0 || (m.opcodes >= ENOUGH && !whole));
}

/** For bytes that are numbers for all that is known: only a pickle that imports something counts. */
export function importsNames(head: Uint8Array, isWhole: boolean): boolean {
  const { imports, calls, signal } = tryOut(head, isWhole);
  return imports > 0 && (calls > 0 || signal === STOPPED);
}

/** Behind the last byte of a pickle that imports something; 0 for one that goes on behind `head`, undefined for what is none. */
export function pickleEnd(head: Uint8Array): number | undefined {
  const { imports, calls, signal, m } = tryOut(head, true);
  if (signal === STOPPED) return imports > 0 ? m.pos : undefined;
  return imports > 0 && calls > 0 ? 0 : undefined;
}

/** Behind a pickle: whatever comes to a STOP is another one. */
export const stopsSoon = (head: Uint8Array, isWhole: boolean): boolean => tryOut(head, isWhole).signal === STOPPED;
