import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type ChildOutcome, findProgram, interpreterOf, runChild, startErrorOf } from '../node/child.js';
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
  if (program === undefined) return { outcome: { startError: startErrorOf(name, cwd, env.PATH) } };
  const entrypoint = await entrypointOf(program, args, cwd);
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

/** Endings of scripts; a configuration or a data file among the arguments is not what was run. */
const SCRIPT = /\.(py|ipynb|[cm]?[jt]sx?|sh|bash|zsh|r|jl|lua|pl|rb|m|scala)$/i;

/**
 * What was run, with the bytes that it has now: the program when it belongs to the directory of the run, else the first
 * script of that directory among the arguments.
 */
async function entrypointOf(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly path: string; readonly sha256?: string } | undefined> {
  const scripts = args.filter((argument) => !argument.startsWith('-') && SCRIPT.test(argument));
  for (const argument of isTool(program) ? scripts : [program, ...scripts]) {
    const absolute = resolve(cwd, argument);
    const path = relative(cwd, absolute).split(sep).join('/');
    if (path === '' || path.startsWith('..') || !(await isFile(absolute))) continue;
    return { path, sha256: (await hashFile(absolute, path)).digest.sha256 };
  }
  return undefined;
}

/** A runtime, or what is installed in an environment that lies in the directory of the run. */
const isTool = (program: string): boolean =>
  PYTHON.test(lastPart(program)) ||
  NODE.test(lastPart(program)) ||
  /[\\/]node_modules[\\/]/.test(program) ||
  existsSync(join(dirname(program), '..', 'pyvenv.cfg'));

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
