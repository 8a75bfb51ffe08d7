/** Runs programs without a shell, and never for longer than asked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { CommandOptions, CommandOutput } from '../core/host.js';

const MAX_OUTPUT = 16 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** Windows knows no process groups of this kind. */
const GROUPS = process.platform !== 'win32';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What a program prints; undefined when there is none of that name.
 * @throws ERR_IO_READ when it takes too long or prints too much, ERR_IO_PERMISSION when it may not be run
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { timeoutMs = TIMEOUT_MS, cwd, env = {} }: CommandOptions,
  variables: Variables,
): Promise<CommandOutput | undefined> {
  const program = await findProgram(command, variables);
  if (program === undefined) return undefined;
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    // A group of its own, so that what it starts ends with it.
    detached: GROUPS,
    env: { ...variables, LC_ALL: 'C', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return outputOf(child, command, timeoutMs);
}

/**
 * The file of a program, looked for in the absolute directories of the search path alone: a program of that name in the
 * working directory, which may be somebody else's model, is never run.
 */
async function findProgram(command: string, variables: Variables): Promise<string | undefined> {
  if (isAbsolute(command)) return (await isProgram(command)) ? command : undefined;
  if (/[/\\]/.test(command)) return undefined;
  // On Windows a .bat or .cmd would bring the shell back in.
  const name = process.platform === 'win32' && !command.endsWith('.exe') ? `${command}.exe` : command;
  const path = variables.PATH ?? variables.Path ?? '';
  for (const directory of path.split(delimiter).filter(isAbsolute)) {
    const file = join(directory, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/** Is it a file that may be run? */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function outputOf(child: ChildProcess, command: string, timeoutMs: number): Promise<CommandOutput | undefined> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const give = (why: MsbomError): void => {
      clearTimeout(timer);
      // A program that hangs in the kernel does not even die of SIGKILL: it is left behind, and nothing waits for it.
      end(child);
      child.stdout?.destroy();
      child.unref();
      fail(why);
    };
    const timer = setTimeout(() => give(failure(command, `took longer than ${timeoutMs} ms`)), timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_OUTPUT) give(failure(command, `printed more than ${MAX_OUTPUT} bytes`));
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') done(undefined);
      else fail(failure(command, `could not be started: ${error.code ?? error.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === null) fail(failure(command, `was ended by ${signal}`));
      else done({ exitCode: code, stdout: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

function end(child: ChildProcess): void {
  try {
    if (GROUPS && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function failure(command: string, what: string): MsbomError {
  return new MsbomError('ERR_IO_READ', `the program ${what}`, { file: command, hint: 'Run it by hand to see why.' });
}
