/** Runs programs without a shell, and never for longer than asked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { CommandOptions, CommandOutput } from '../core/host.js';

const MAX_OUTPUT = 16 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** Windows knows no process groups of this kind. */
const GROUPS = process.platform !== 'win32';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where programs may come from. */
export interface Trust {
  /** The variables of whoever runs us. */
  readonly variables: Variables;
  /** Absolute paths of what is described: nothing in there is run, wherever links lead. */
  readonly described: readonly string[];
}

/** All that a program is told of our variables: no settings by which an interpreter, a loader or git would run something else. */
const HANDED_OVER = ['HOME', 'USERPROFILE', 'SystemRoot', 'SYSTEMROOT', 'windir', 'TMPDIR', 'TEMP', 'TMP'];

/**
 * What a program prints; undefined when there is none of that name. It runs in the root of the file system.
 * @throws ERR_IO_READ when it takes too long or prints too much, ERR_IO_PERMISSION when it is not trusted
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { timeoutMs = TIMEOUT_MS }: CommandOptions,
  trust: Trust,
): Promise<CommandOutput | undefined> {
  const described = await realDirectories(trust.described);
  const directories = await trustedDirectories(trust.variables, described);
  const program = await findProgram(command, trust.variables, described);
  if (program === undefined) return undefined;
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    // A group of its own, so that what it starts ends with it.
    detached: GROUPS,
    cwd: parse(program).root,
    env: { ...(await handedOver(trust.variables, described)), PATH: directories.join(delimiter), LC_ALL: 'C' },
  });
  return outputOf(child, command, timeoutMs);
}

/** With links followed. The root of a file system holds the system's own programs, so that it does not count. */
async function realDirectories(paths: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => resolve(path))));
  return [...new Set([...paths.map((path) => resolve(path)), ...real])].filter((path) => parse(path).root !== path);
}

const searchPath = ({ PATH, Path }: Variables): readonly string[] => (PATH ?? Path ?? '').split(delimiter).filter(isAbsolute);

async function trustedDirectories(variables: Variables, described: readonly string[]): Promise<readonly string[]> {
  const checked = await Promise.all(
    searchPath(variables).map(async (path) => ((await liesIn(path, described)) || (await anybodyMayReplace(path)) ? [] : [path])),
  );
  return checked.flat();
}

async function handedOver(variables: Variables, described: readonly string[]): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of HANDED_OVER) {
    const value = variables[name];
    if (value !== undefined && isAbsolute(value) && !(await liesIn(value, described))) kept[name] = value;
  }
  return kept;
}

/** Does a path lie in one of the directories, by its name or where its links lead? */
async function liesIn(path: string, directories: readonly string[]): Promise<boolean> {
  const places = [resolve(path), await realpath(path).catch(() => resolve(path))];
  return places.some((place) => directories.some((directory) => place === directory || place.startsWith(directory + sep)));
}

/**
 * The file of a program: the absolute path that is given, or the first that is trusted in the absolute directories of the
 * search path. What lies in a described directory, or can be replaced by any user, is not.
 */
async function findProgram(command: string, variables: Variables, described: readonly string[]): Promise<string | undefined> {
  if (/[/\\]/.test(command) && !isAbsolute(command)) return undefined;
  // On Windows a .bat or .cmd would bring the shell back in.
  const name = process.platform === 'win32' && !command.endsWith('.exe') ? `${command}.exe` : command;
  const candidates = isAbsolute(command) ? [command] : searchPath(variables).map((directory) => join(directory, name));
  let refused: MsbomError | undefined;
  for (const file of candidates) {
    if (!(await isProgram(file))) continue;
    const why = (await liesIn(file, described))
      ? 'lies in a directory that is described'
      : (await anybodyMayReplace(file))
        ? 'can be replaced by any user of this machine'
        : undefined;
    if (why === undefined) return file;
    refused ??= new MsbomError('ERR_IO_PERMISSION', `the program was not started: it ${why}`, {
      file: command,
      hint: 'Only programs that are installed on the machine are started.',
    });
  }
  if (refused !== undefined) throw refused;
  return undefined;
}

const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** May users who own neither write the file, or rename it in one of the directories that lead to it? */
async function anybodyMayReplace(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const real = await realpath(file).catch(() => file);
  for (const start of new Set([file, real])) {
    for (let path = start; ; path = dirname(path)) {
      const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
      const protectedDirectory = path !== start && (mode & STICKY) !== 0;
      if ((mode & OTHERS_WRITE) !== 0 && !protectedDirectory) return true;
      if (dirname(path) === path) break;
    }
  }
  return false;
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
