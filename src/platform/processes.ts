/**
 * The processes of a tree as Linux shows them, proc(5): which program each runs, with which arguments, where, with which variables.
 * A look is short and bounded; who looks often enough sees what lives longer than the time between two looks.
 */
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** A program in a process. One process runs several after each other when it is replaced (execve). */
export interface SeenProgram {
  readonly pid: number;
  /** Process that was its parent when it was first seen. */
  readonly parent: number;
  /** Absolute path of the program with all links followed. */
  readonly program: string;
  /** Words of the command line, the name it was called by first. */
  readonly words: readonly string[];
  /** Directory that it was in when it was first seen. */
  readonly cwd: string;
  /** Variables that it was started with. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface Tree {
  /** Looks once; what was not seen before is told. Returns false when nothing of the tree is left. */
  look(): boolean;
  /** Programs that were told so far. */
  readonly told: number;
  /** Was there more than is watched? */
  readonly isCut: boolean;
}

/** Processes that are watched at one time. */
const MAX_LIVING = 4096;
/** Programs that are told at most. */
const MAX_PROGRAMS = 10_000;
/** Programs of one process: one that renames itself again and again is told this often. */
const MAX_OF_ONE = 16;
const MAX_THREADS = 256;
const MAX_WORDS_BYTES = 128 * 1024;
const MAX_VARIABLES_BYTES = 256 * 1024;
/** Each look reads many small files, one after the other. */
const BYTES = Buffer.allocUnsafe(MAX_VARIABLES_BYTES);

interface Living {
  readonly parent: number;
  /** Start in ticks since boot: tells a process from a later one of the same number. */
  readonly start: string;
  seen: string;
  told: number;
}

/** Can processes be watched here? The kernel tells the children of a process only when it was built to. */
export const isWatchable = (): boolean =>
  process.platform === 'linux' && startOf(process.pid) !== undefined && namesIn(process.pid, 'task').length > 0;

/** The process of the given number and all that it starts. */
export function treeOf(root: number, tell: (program: SeenProgram) => void): Tree {
  const living = new Map<number, Living>();
  let told = 0;
  let isCut = false;
  const meet = (pid: number, parent: number): void => {
    if (living.has(pid)) return;
    const start = startOf(pid);
    if (start === undefined) return;
    if (living.size >= MAX_LIVING) isCut = true;
    else living.set(pid, { parent, start, seen: '', told: 0 });
  };
  const note = (pid: number, process: Living): void => {
    const program = linkOf(pid, 'exe');
    const line = program === undefined ? '' : textOf(pid, 'cmdline', MAX_WORDS_BYTES);
    const seen = `${program}\0${line}`;
    // Between two programs there is no command line for a moment.
    if (program === undefined || line === '' || seen === process.seen || process.told >= MAX_OF_ONE) return;
    if (told >= MAX_PROGRAMS) {
      isCut = true;
      return;
    }
    process.seen = seen;
    process.told++;
    told++;
    tell({
      pid,
      parent: process.parent,
      program: without(program, ' (deleted)'),
      words: without(line, '\0').split('\0'),
      cwd: linkOf(pid, 'cwd') ?? '',
      variables: variablesOf(textOf(pid, 'environ', MAX_VARIABLES_BYTES)),
    });
  };
  meet(root, process.pid);
  return {
    look() {
      // What is met on the way comes behind, so that a look reaches the whole tree. Who was met once is known when its parent has gone.
      for (const [pid, one] of living) {
        if (startOf(pid) !== one.start) {
          living.delete(pid);
          continue;
        }
        note(pid, one);
        for (const child of childrenOf(pid)) meet(child, pid);
      }
      return living.size > 0;
    },
    get told() {
      return told;
    },
    get isCut() {
      return isCut;
    },
  };
}

const without = (text: string, end: string): string => (text.endsWith(end) ? text.slice(0, -end.length) : text);

/** Start of a process that lives and is no zombie; undefined for any other. */
function startOf(pid: number): string | undefined {
  const stat = textOf(pid, 'stat', 4096);
  // The name may hold anything, parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** Each thread has children of its own. */
function childrenOf(pid: number): readonly number[] {
  return namesIn(pid, 'task')
    .slice(0, MAX_THREADS)
    .flatMap((thread) => textOf(pid, `task/${thread}/children`, MAX_WORDS_BYTES).split(' '))
    .filter((word) => word !== '')
    .map(Number);
}

function namesIn(pid: number, name: string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/${name}`);
  } catch {
    return []; // gone, or not ours to see
  }
}

function linkOf(pid: number, name: 'exe' | 'cwd'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined; // gone, or not ours to see
  }
}

/** The first bytes of a file of a process; empty when it has gone or is not ours to see. */
function textOf(pid: number, name: string, maxBytes: number): string {
  let file: number | undefined;
  try {
    file = openSync(`/proc/${pid}/${name}`, 'r');
    let length = 0;
    for (let read = -1; read !== 0 && length < maxBytes; length += read) read = readSync(file, BYTES, length, maxBytes - length, null);
    return BYTES.toString('utf8', 0, length);
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function variablesOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\0').flatMap((word): [string, string][] => {
    const at = word.indexOf('=');
    return at <= 0 ? [] : [[word.slice(0, at), word.slice(at + 1)]];
  });
  return Object.fromEntries(pairs);
}
