import { resolve } from 'node:path';
import { type ChildOutcome, findProgram, runChild, startErrorOf } from '../platform/child.js';
import { hashFile } from '../platform/hash.js';
import { beginRun, type RecordOptions, type RunEnd, type RunRecord } from './engine.js';
import { fileOfTarget, projectPath } from './project.js';
import type { Entrypoint } from './run-facts.js';
import { observe, told } from './surroundings.js';
import { openTrace, type Trace } from './trace/index.js';
import { languageOf, programName, targetOf } from './words.js';

export interface RecordedCommand {
  readonly outcome: ChildOutcome;
  /** Missing when the command could not be started. */
  readonly record?: RunRecord;
}

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
  const trace = options.trace === true ? await openTrace(cwd, env) : undefined;
  try {
    return await recordProgram([name, program, args], { ...options, cwd, env }, trace);
  } finally {
    await trace?.close();
  }
}

async function recordProgram(
  [name, program, args]: readonly [string, string, readonly string[]],
  options: RecordOptions & Required<Pick<RecordOptions, 'cwd' | 'env'>>,
  trace: Trace | undefined,
): Promise<RecordedCommand> {
  const { cwd, env } = options;
  const command = [name, ...args];
  const entrypoint = await entrypointOf(program, args, cwd);
  // A machine that is none of ours has no processes to see; who names the interpreter knows better than what is seen.
  const python = options.python;
  const observer =
    options.host !== undefined
      ? undefined
      : python === undefined
        ? observe(program, cwd, entrypoint?.path, trace?.read)
        : told(python, cwd, entrypoint?.path, trace?.read);
  const traced = trace === undefined ? {} : { traced: trace.read };
  const known = {
    command,
    ...traced,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(observer === undefined ? {} : { observer }),
  };
  const run = await beginRun(options, known).catch(async (error: unknown) => {
    await observer?.end();
    throw error;
  });
  await observer?.ready;
  const outcome = await runChild(program === resolve(cwd, name) ? name : program, args, {
    cwd,
    env: (trace?.env ?? env) as NodeJS.ProcessEnv,
    onStart: observer?.start,
  });
  return { outcome, record: await run.finish(endOf(outcome)) };
}

function endOf({ exitCode, signal, startError }: ChildOutcome): RunEnd {
  if (startError !== undefined) return { status: 'failed' };
  if (signal !== undefined) return { status: 'killed', signal };
  return { status: exitCode === 0 ? 'completed' : 'failed', ...(exitCode === undefined ? {} : { exitCode }) };
}

/** Endings of scripts; a configuration or a data file among the arguments is not what was run. */
const SCRIPT = /\.(py|ipynb|[cm]?[jt]sx?|sh|bash|zsh|r|jl|lua|pl|rb|m|scala)$/i;

/**
 * What was run, with the bytes that it has now: the program when it belongs to the directory of the run, what an interpreter is told to
 * run, else the first script of that directory among the arguments.
 */
async function entrypointOf(program: string, args: readonly string[], cwd: string): Promise<Entrypoint | undefined> {
  const language = languageOf(program);
  const target = language === undefined ? undefined : await fileOfTarget(targetOf(language, args), language, cwd);
  const scripts = args.filter((argument) => !argument.startsWith('-') && SCRIPT.test(argument)).map((argument) => resolve(cwd, argument));
  const isNamed = target !== undefined && (SCRIPT.test(target) || !programName(target).includes('.'));
  for (const file of [program, ...(isNamed ? [target] : scripts)]) {
    const path = await projectPath(file, cwd);
    if (path !== undefined) return { path, sha256: (await hashFile(file, path)).digest.sha256 };
  }
  return undefined;
}
