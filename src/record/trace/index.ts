/** What Python processes tell of themselves with `record --trace`: the files that they imported and read. All of it is untrusted. */
import { constants } from 'node:fs';
import { mkdtemp, open, opendir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { MAX_LINES, MAX_PATH, startupFile } from './startup.js';

/** One process, as it tells. */
export interface TracedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Absolute, as it was called. */
  readonly executable: string;
  readonly prefix: string;
  /** Directory that it began in. */
  readonly cwd: string;
  readonly version: string;
  readonly words: readonly string[];
  /** Absolute paths: files of installed packages, one of each directory; modules of the project; other files below the directory of the run. */
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  readonly reads: readonly string[];
  /** Was there more than is kept? */
  readonly isCut: boolean;
}

export interface Traced {
  readonly processes: readonly TracedProcess[];
  /** Was there more than is read? */
  readonly isCut: boolean;
}

export interface Trace {
  /** The variables of the run with the start-up file in front of Python's path. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was told so far, each process once. */
  read(): Promise<Traced>;
  /** Removes the start-up file and all that was told. */
  close(): Promise<void>;
}

const MAX_PROCESSES = 4096;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_WORDS = 64;

/** Puts the start-up file into a directory that only its owner may enter. @throws what the system says where none can be made */
export async function openTrace(cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<Trace> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'msbom-trace-'));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const roots = [...new Set([cwd, await realpath(cwd)])].map((root) => root.replaceAll('\\', '/'));
    await writeFile(join(directory, 'sitecustomize.py'), startupFile(roots), { mode: 0o600 });
  } catch (error) {
    await close();
    throw error;
  }
  const before = env.PYTHONPATH === undefined || env.PYTHONPATH === '' ? [] : [env.PYTHONPATH];
  return { env: { ...env, PYTHONPATH: [directory, ...before].join(delimiter) }, read: () => readTrace(directory), close };
}

/** Whatever lies there: programs of the run could write to it. */
export async function readTrace(directory: string): Promise<Traced> {
  const processes: TracedProcess[] = [];
  let [isCut, left] = [false, MAX_BYTES];
  const names: string[] = [];
  for await (const entry of await opendir(directory)) {
    if (!entry.isFile() || !entry.name.endsWith('.jsonl')) continue;
    names.push(entry.name);
    if (names.length < MAX_PROCESSES) continue;
    isCut = true;
    break;
  }
  for (const name of names.sort()) {
    const text = await textOf(join(directory, name), Math.min(left, MAX_FILE_BYTES));
    left -= text.length;
    const process = processOf(text);
    if (process !== undefined) processes.push(process);
    if (process === undefined || process.isCut) isCut = true;
  }
  return { processes, isCut };
}

/** The first bytes of a file; no link is followed, and nothing is waited for. */
async function textOf(path: string, most: number): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    if (!(await handle.stat()).isFile()) return '';
    const bytes = Buffer.alloc(Math.min(most, (await handle.stat()).size));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

type Said = Readonly<Record<string, unknown>>;

/** Undefined when the first line is not that of a process. A line that is none, such as one that was cut off, is passed over. */
export function processOf(text: string): TracedProcess | undefined {
  const lines = text.split('\n', MAX_LINES + 2);
  const head = saidIn(lines[0]);
  const { pid, parent, executable, prefix, cwd, version, words } = head ?? {};
  if (!isNumber(pid) || !isNumber(parent) || !isPlace(executable) || !isPlace(prefix) || !isPlace(cwd)) return undefined;
  const found = { package: new Set<string>(), module: new Set<string>(), read: new Set<string>() };
  let isCut = lines.length > MAX_LINES + 1;
  for (const line of lines.slice(1, MAX_LINES + 1)) {
    const said = saidIn(line);
    if (said?.cut === true || (said === undefined && line !== '')) isCut = true;
    for (const kind of ['package', 'module', 'read'] as const) {
      const path = said?.[kind];
      if (isPath(path)) found[kind].add(path);
      else if (path !== undefined) isCut = true;
    }
  }
  return {
    pid,
    parent,
    executable,
    prefix,
    cwd,
    version: typeof version === 'string' ? version.slice(0, 32) : '',
    words: Array.isArray(words) ? words.slice(0, MAX_WORDS).filter((word) => typeof word === 'string' && word.length <= MAX_PATH) : [],
    packages: [...found.package],
    modules: [...found.module],
    reads: [...found.read],
    isCut,
  };
}

function saidIn(line = ''): Said | undefined {
  // Names and paths alone: the longest line is that of the words.
  if (line.length > 4 * MAX_WORDS * MAX_PATH) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Said) : undefined;
  } catch {
    return undefined;
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

/** Absolute, of characters that a document may hold. */
const isPlace = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_PATH && isAbsolute(value) && !value.includes('\0') && value.isWellFormed();

/** One that was made without steps back. */
const isPath = (value: unknown): value is string => isPlace(value) && !value.split('/').includes('..');
