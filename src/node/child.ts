/** Runs a program as if we were not there: its terminal, its streams, its signals, its way to end. */
import { spawn } from 'node:child_process';
import { constants as fsConstants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

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

/** Waits for the program; signals that would end us go to it instead. */
export function runChild(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<ChildOutcome> {
  return new Promise((done) => {
    const child = spawn(command, [...args], { stdio: 'inherit', cwd, env });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    // A terminal interrupts its whole foreground group; without one an interrupt was sent to us alone.
    const interrupt = (signal: NodeJS.Signals): void => {
      if (process.stdin.isTTY !== true) child.kill(signal);
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

/** The exit code that a shell gives a program that ended so. */
export function shellExitCode({ exitCode, signal, startError }: ChildOutcome): number {
  if (startError !== undefined) return startError === 'EACCES' ? 126 : 127;
  return signal === undefined ? (exitCode ?? 0) : 128 + (constants.signals[signal] ?? 0);
}

/** Where a program lies, found as a shell finds it; undefined when it is not there. */
export async function findProgram(name: string, cwd: string, path = ''): Promise<string | undefined> {
  const places = name.includes('/')
    ? [resolve(cwd, name)]
    : path
        .split(delimiter)
        .filter((each) => each !== '')
        .map((each) => join(isAbsolute(each) ? each : resolve(cwd, each), name));
  for (const place of places) {
    try {
      await access(place, fsConstants.X_OK);
      if ((await stat(place)).isFile()) return place;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return undefined;
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
