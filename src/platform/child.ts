/** Runs a program as if we were not there: its terminal, its streams, its signals, its way to end. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { isProgram } from './run.js';

export interface ChildOutcome {
  /** Exit code, of a program that ended by itself. */
  readonly exitCode?: number;
  /** Signal that ended it. */
  readonly signal?: NodeJS.Signals;
  /** `ENOENT`, `EACCES` …, when it could not be started. */
  readonly startError?: string;
}

/** Sent to us by a supervisor, and meant for the program. What a terminal sends reaches the program by itself. */
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

export interface ChildPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with the number of the process once it runs. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** Waits for the program; signals that would end us go to it instead. */
export function runChild(command: string, args: readonly string[], { cwd, env, onStart }: ChildPlace): Promise<ChildOutcome> {
  return new Promise((done) => {
    const child = spawn(command, [...args], { stdio: 'inherit', cwd, env });
    if (child.pid !== undefined) onStart?.(child.pid);
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    // What a terminal sends the program has already got; a second interrupt would end what it does about the first.
    const interrupt = (signal: NodeJS.Signals): void => {
      if (!isOfTerminal()) child.kill(signal);
    };
    const handlers: readonly (readonly [NodeJS.Signals, (signal: NodeJS.Signals) => void])[] = [
      ...FORWARDED.map((signal) => [signal, forward] as const),
      ['SIGINT', interrupt],
      ['SIGQUIT', interrupt],
    ];
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const end = (outcome: ChildOutcome): void => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      done(outcome);
    };
    child.on('error', (error: NodeJS.ErrnoException) => end({ startError: error.code ?? 'UNKNOWN' }));
    child.on('exit', (exitCode, signal) => end(signal !== null ? { signal } : { exitCode: exitCode ?? 0 }));
  });
}

/**
 * Does the terminal interrupt the group of processes that we are in? Linux says so in proc(5), whatever our streams are joined
 * to. Asking `process.stdin` would open it, and make it non-blocking for the program too.
 */
function isOfTerminal(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return isatty(0) || isatty(1) || isatty(2);
  }
}

/** The exit code that a shell gives a program that ended so. */
export function shellExitCode({ exitCode, signal, startError }: ChildOutcome): number {
  if (startError !== undefined) return startError === 'ENOENT' ? 127 : 126;
  return signal === undefined ? (exitCode ?? 0) : 128 + (constants.signals[signal] ?? 0);
}

/** Where a program lies, found as a shell finds it; undefined when it is not there. */
export async function findProgram(name: string, cwd: string, path = ''): Promise<string | undefined> {
  for (const place of placesOf(name, cwd, path)) if (await isProgram(place)) return place;
  return undefined;
}

/** Why there is no such program: nothing is there, or what is there may not be run. */
export function startErrorOf(name: string, cwd: string, path = ''): 'ENOENT' | 'EACCES' {
  return placesOf(name, cwd, path).some((place) => existsSync(place)) ? 'EACCES' : 'ENOENT';
}

function placesOf(name: string, cwd: string, path: string): readonly string[] {
  if (name.includes('/')) return [resolve(cwd, name)];
  return path
    .split(delimiter)
    .filter((each) => each !== '')
    .map((each) => join(isAbsolute(each) ? each : resolve(cwd, each), name));
}

/** The interpreter that a script names in its first line; undefined for other programs. */
export async function interpreterOf(program: string): Promise<string | undefined> {
  const handle = await open(program, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return /^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?)?(\S+)/.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
  } finally {
    await handle.close();
  }
}
