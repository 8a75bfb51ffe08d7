/** How many files this process may have open at a time. */
import { readFileSync } from 'node:fs';

/** What the program itself has open, with some for files that are read one at a time. */
const RESERVED = 32;
/** A worker thread has four, and the file that it hashes. */
const BY_THREAD = 5;

/** The soft limit; endless where it is not known. */
export function openFileLimit(): number {
  const stated = fromSystem() ?? fromReport();
  return typeof stated === 'number' && stated > 0 ? stated : Number.POSITIVE_INFINITY;
}

/** Linux says it in a file, at once. */
function fromSystem(): number | undefined {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return found?.[1] === undefined ? undefined : Number(found[1]);
  } catch {
    return undefined; // another system
  }
}

function fromReport(): unknown {
  // Not in the types: limits of the process, by name.
  const report = process.report?.getReport() as { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } } | undefined;
  return report?.userLimits?.open_files?.soft;
}

/** Threads that may hash at a time, this one included, when so many files may be open. */
export function threadsWithin(limit: number): number {
  return Math.max(1, 1 + Math.floor((limit - RESERVED) / BY_THREAD));
}

/** Small files that may be read at a time, when so many may be open; the system reads four at a time anyway. */
export function filesWithin(limit: number): number {
  return Math.max(1, Math.min(8, Math.floor((limit - RESERVED) / 2)));
}

/** Lets so many run at a time; the others wait for their turn. */
export function gate(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await run();
    } finally {
      // The turn goes on to the next one that waits.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
