import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { type ChildOutcome, findProgram, interpreterOf, runChild } from '../node/child.js';
import { hashFile } from '../node/hash.js';
import { beginRun, type RecordOptions, type RunEnd, type RunRecord } from './engine.js';

export interface RecordedCommand {
  readonly outcome: ChildOutcome;
  /** Missing when the command could not be started. */
  readonly record?: RunRecord;
}

const PYTHON = /^(python|pypy)[\d.]*$/;
const NODE = /^(node|nodejs|bun|deno|npx|npm|tsx)$/;

/**
 * Runs a command unchanged and records the run. However the command ends, the record says how.
 * @throws ERR_IO_*, ERR_LIMIT_* when the inputs cannot be hashed or the record cannot be written
 */
export async function recordCommand(command: readonly [string, ...string[]], options: RecordOptions = {}): Promise<RecordedCommand> {
  const cwd = resolve(options.cwd ?? '.');
  const env = options.env ?? process.env;
  const [name, ...args] = command;
  const program = await findProgram(name, cwd, env.PATH);
  if (program === undefined) return { outcome: { startError: 'ENOENT' } };
  const entrypoint = await entrypointOf(command, cwd);
  const run = await beginRun(
    { ...options, env, ...(await runtimeOptions(program, options)) },
    { command, ...(entrypoint === undefined ? {} : { entrypoint }) },
  );
  const outcome = await runChild(program === resolve(cwd, name) ? name : program, args, cwd, env as NodeJS.ProcessEnv);
  return { outcome, record: await run.finish(endOf(outcome)) };
}

function endOf({ exitCode, signal, startError }: ChildOutcome): RunEnd {
  if (startError !== undefined) return { status: 'failed' };
  if (signal !== undefined) return { status: 'killed', signal };
  return { status: exitCode === 0 ? 'completed' : 'failed', ...(exitCode === undefined ? {} : { exitCode }) };
}

/** Which environment the program lives in: that of the Python that runs it, or Node's. */
async function runtimeOptions(
  program: string,
  { python, without = [] }: RecordOptions,
): Promise<Pick<RecordOptions, 'python' | 'without'>> {
  if (python !== undefined) return {};
  const names = [program, (await interpreterOf(program)) ?? ''];
  const interpreter = names.find((each) => PYTHON.test(lastPart(each)));
  if (interpreter !== undefined) return { python: interpreter };
  return names.some((each) => NODE.test(lastPart(each))) ? { without: [...without, 'python', 'conda'] } : {};
}

const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The first argument that is a file of the run's directory: the script, with the bytes that it has now. */
async function entrypointOf(
  command: readonly string[],
  cwd: string,
): Promise<{ readonly path: string; readonly sha256?: string } | undefined> {
  for (const argument of command) {
    if (argument.startsWith('-')) continue;
    const absolute = resolve(cwd, argument);
    const path = relative(cwd, absolute).split(sep).join('/');
    if (path === '' || path.startsWith('..') || !(await isFile(absolute))) continue;
    return { path, sha256: (await hashFile(absolute, path)).digest.sha256 };
  }
  return undefined;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
