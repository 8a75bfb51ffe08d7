import { relative } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { PACKAGE_WORDS } from '../../record/machine.js';
import { planOutputs } from '../../verbs/formats.js';
import { record } from '../../verbs/record.js';
import type { Arguments, Command } from '../command.js';
import { readConfig } from '../config.js';
import { DESCRIBING_OPTIONS, describing } from '../describing.js';
import { EXIT, type ExitCode, type Session } from '../io.js';
import { sayDocument, writeDocuments } from '../outputs.js';
import { reportError, say, sayAlways } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { numberFrom } from '../values.js';

export const command: Command = {
  name: 'record',
  summary: SUMMARIES.record,
  usage: 'msbom record [OPTIONS] -- COMMAND [ARGUMENTS…]',
  description:
    'Runs the command unchanged: its exit code, signals, streams and terminal are its own. Before it, the inputs are hashed and the commit is read; beside it, libraries, hardware and system; after it, the outputs are hashed and read. What is left is a manifest, and for a run that completed an unsigned in-toto statement with SLSA provenance. A run that is killed leaves a record that says so.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      multiple: true,
      isOutput: true,
      help: 'where the record goes; default `<name>.msbom.json` in the current directory; further files take the formats of their names, as with `msbom convert`',
    },
    input: {
      type: 'string',
      short: 'i',
      value: 'PATH[=ROLE]',
      multiple: true,
      help: 'file, directory or glob that the run reads, hashed before it starts; ROLE is training, validation, testing, base, teacher, code, config or another of docs/record.md; default base for a model, else training',
    },
    'output-path': {
      type: 'string',
      value: 'PATH',
      multiple: true,
      help: 'file or directory that the run writes; default whatever is new or changed',
    },
    trace: {
      type: 'boolean',
      help: 'let the Python processes of the run tell what they import and read: a start-up file is put in front of their path for the run',
    },
    'keep-patch': {
      type: 'string',
      value: 'FILE',
      isOutput: true,
      help: 'where uncommitted changes of the repository go, as a patch; nothing is written where there are none',
    },
    ...DESCRIBING_OPTIONS,
    with: {
      type: 'string',
      value: 'GROUPS',
      multiple: true,
      help: 'what to look at, with commas: env, git, hardware, os (the default), packages, or single probes; `installed` lists every package of the environment and not only what is imported or declared, `vendored` also what is built into wheels',
    },
  },
  examples: [
    ['msbom record --input data -- python3 train.py', 'record a run in Python'],
    ['msbom record -i data -o digits.msbom.json -- node train.mjs --epochs 5', 'record a run in Node'],
    ['msbom record --output-path out -- accelerate launch train.py', 'say where the weights go'],
  ],
  exits: [
    'the command exited 0; any other exit code is the command’s own, and a signal that ended it ends msbom too',
    'the command exited 1',
    'the command exited 2, or the run could not be recorded; 126 and 127 mean that the command could not be started',
  ],
  async run(args, io) {
    // Exit 1 is the command's own.
    return recorded(args, io).catch((error: unknown) => Math.max(reportError(error, io), EXIT.unanswered));
  },
};

async function recorded(args: Arguments, io: Session): Promise<ExitCode> {
  const [first = '', ...rest] = args.positionals;
  const [file, ...others] = args.texts('output');
  const keepPatch = args.text('keep-patch');
  if (args.texts('output').includes('-') || keepPatch === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'the record and the patch cannot go to standard output, which is the command’s own', {
      hint: 'name a file with --output or --keep-patch',
    });
  const config = await readConfig(args, io);
  const { probes, ...described } = await describing(args, io, config, PACKAGE_WORDS);
  const jobs = numberFrom(args, 'jobs');
  const result = await record([first, ...rest], {
    ...described,
    cwd: io.cwd,
    guard: io.guard,
    env: io.env,
    inputs: [...(config.inputs ?? []), ...args.texts('input')],
    outputs: [...(config.outputs ?? []), ...args.texts('output-path')],
    trace: args.flag('trace'),
    ...(keepPatch === undefined ? {} : { keepPatch }),
    ...(file === undefined ? {} : { file }),
    ...(probes === undefined ? {} : { probes }),
    ...(jobs === undefined ? {} : { jobs }),
  });
  if (result.outcome.startError !== undefined) sayAlways(io, ...notStarted(first, result.outcome.startError));
  if (result.record === undefined) return result.exitCode;
  const written = relative(io.cwd, result.record.file);
  const planned = [{ target: written, format: 'msbom' }, ...planOutputs(others, { fallback: 'msbom' })];
  await writeDocuments(planned.slice(1), result, io);
  const { status } = result.manifest.model?.training?.run ?? {};
  sayDocument(args, io, { ...result, findings: result.record.findings }, planned);
  say(args, io, `recorded: ${written} (run ${status}, ${Object.keys(result.manifest.artifacts ?? {}).length} files)`);
  if (result.outcome.signal !== undefined) io.endBySignal?.(result.outcome.signal);
  return result.exitCode;
}

function notStarted(command: string, why: string): readonly string[] {
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'was not found', EACCES: 'may not be run' };
  return [`error: the command \`${command}\` ${reasons[why] ?? `could not be started: the system says ${why}`}`, 'hint: nothing was run'];
}
