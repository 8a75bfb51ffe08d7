/** Watches the processes that a command starts, on a thread of its own: a busy main thread would miss those that live shortly. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isWatchable, type SeenProgram, treeOf } from './processes.js';

export interface Watch {
  /** Settles when it can begin: a process that is started before is seen later than it could be. */
  readonly ready: Promise<void>;
  /** Begins with the process of that number. */
  start(pid: number): void;
  /** All that was seen, in the order in which it was. Whoever never started has seen nothing. */
  stop(): Promise<Sighting>;
}

export interface Sighting {
  readonly programs: readonly SeenProgram[];
  /** Were there more processes than are watched? */
  readonly isCut: boolean;
}

/** What the thread says. */
export type Watched = 'ready' | { readonly program: SeenProgram } | { readonly isCut: boolean };

/** Between two looks, in milliseconds, while something new was seen lately, and while nothing was. */
const BUSY_MS = 2;
const QUIET_MS = 25;
const LATELY_MS = 5000;
/** The thread has this long to come up, and to take its last look. */
const THREAD_MS = 1000;
/** A look takes at most this share of the time, while nothing new is seen. */
const SHARE = 1 / 30;

/** How long to wait after a look that began when the last wait ended. */
export function pace(now: () => number = () => performance.now()): (told: number) => number {
  let began = now();
  let last = { told: 0, at: began };
  return (told) => {
    const ended = now();
    if (told !== last.told) last = { told, at: ended };
    const wait = ended - last.at < LATELY_MS ? BUSY_MS : Math.max(QUIET_MS, (ended - began) / SHARE);
    began = ended + wait;
    return wait;
  };
}

/** Tells each program of the tree when it is first seen; undefined where processes cannot be watched. */
export function openWatch(tell: (program: SeenProgram) => void = () => {}): Watch | undefined {
  if (!isWatchable()) return undefined;
  const programs: SeenProgram[] = [];
  const note = (program: SeenProgram): void => {
    programs.push(program);
    tell(program);
  };
  const path = fileURLToPath(new URL('./watch-worker.js', import.meta.url));
  // The compiled worker stands beside the compiled bundle; in the source tree there is none, and this thread watches.
  return existsSync(path) ? watchThere(path, programs, note) : watchHere(programs, note);
}

function watchThere(path: string, programs: readonly SeenProgram[], note: (program: SeenProgram) => void): Watch {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(path, { workerData: { state } });
  let isCut = false;
  let begin: () => void = () => {};
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  worker.on('message', (said: Watched) => {
    if (said === 'ready') begin();
    else if ('program' in said) note(said.program);
    else isCut = said.isCut;
  });
  // One that fails has seen what it has seen.
  const over = new Promise<void>((done) => worker.on('error', () => done()).on('exit', () => done()));
  return {
    ready: within(Promise.race([begun, over])),
    start(pid) {
      Atomics.store(state, 0, pid);
      Atomics.notify(state, 0);
    },
    async stop() {
      Atomics.compareExchange(state, 0, 0, -1);
      Atomics.store(state, 1, 1);
      Atomics.notify(state, 0);
      Atomics.notify(state, 1);
      await within(over);
      await worker.terminate();
      return { programs, isCut };
    },
  };
}

async function within(promise: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, delay(THREAD_MS, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}

function watchHere(programs: readonly SeenProgram[], note: (program: SeenProgram) => void): Watch {
  let tree: ReturnType<typeof treeOf> | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    ready: Promise.resolve(),
    start(pid) {
      const own = treeOf(pid, note);
      tree = own;
      const wait = pace();
      const look = (): void => {
        if (own.look()) timer = setTimeout(look, wait(own.told)).unref();
      };
      look();
    },
    async stop() {
      clearTimeout(timer);
      tree?.look();
      return { programs, isCut: tree?.isCut ?? false };
    },
  };
}
