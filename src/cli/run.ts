import { basename, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { nearest } from '../core/nearest.js';
import { type FileGuard, openGuard, twoOutputs } from '../platform/guard.js';
import { parseArguments } from './arguments.js';
import type { Arguments, Command } from './command.js';
import { commandHelp, mainHelp, VERSION_LINE } from './help.js';
import { EXIT, type ExitCode, type Io, type Session } from './io.js';
import { reportError, sayMore } from './printer.js';
import { SUMMARIES } from './summaries.js';

type Load = () => Promise<{ readonly command: Command }>;

/** The verbs; each is loaded only when it is asked for. */
export const COMMANDS: Readonly<Record<keyof typeof SUMMARIES, Load>> = {
  init: () => import('./commands/init.js'),
  collect: () => import('./commands/collect.js'),
  record: () => import('./commands/record.js'),
  inspect: () => import('./commands/inspect.js'),
  show: () => import('./commands/show.js'),
  scan: () => import('./commands/scan.js'),
  validate: () => import('./commands/validate.js'),
  comply: () => import('./commands/comply.js'),
  paper: () => import('./commands/paper.js'),
  audit: () => import('./commands/audit.js'),
  convert: () => import('./commands/convert.js'),
  merge: () => import('./commands/merge.js'),
  diff: () => import('./commands/diff.js'),
  sign: () => import('./commands/sign.js'),
  attest: () => import('./commands/attest.js'),
  attach: () => import('./commands/attach.js'),
  pull: () => import('./commands/pull.js'),
  verify: () => import('./commands/verify.js'),
  completion: () => import('./commands/completion.js'),
  explain: () => import('./commands/explain.js'),
  schema: () => import('./commands/schema.js'),
};

const verbs = (): Promise<readonly Command[]> => Promise.all(Object.values(COMMANDS).map(async (each) => (await each()).command));

/** Runs one command line. Never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const [verb, ...rest] = argv;
    if (verb === '--version' || verb === '-V') {
      io.stdout.write(VERSION_LINE);
      return EXIT.clean;
    }
    if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') return await help(rest[0], verb === undefined, io);
    return await runCommand(await load(verb), rest, io);
  } catch (error) {
    return reportError(error, io);
  }
}

async function runCommand(command: Command, argv: readonly string[], io: Io): Promise<ExitCode> {
  const args = parseArguments(command, argv, io.env);
  if (!args.flag('help')) {
    const guard = await claimOutputs(command, args, io);
    const color = args.text('color');
    const session: Session = { ...io, guard, verbs, ...(color === 'always' || color === 'never' ? { color } : {}) };
    const begun = performance.now();
    const code = await command.run(args, session).catch((error: unknown) => refused(command, error, session, args.flag('verbose')));
    sayMore(args, session, `took ${Math.round(performance.now() - begun)} ms`);
    return code;
  }
  io.stdout.write(commandHelp(command, io.stdout.columns));
  return EXIT.clean;
}

/** An error, told; of a verb that answers by refusing its input it may be the answer. */
function refused({ refusals }: Command, error: unknown, io: Session, isVerbose: boolean): ExitCode {
  const code = reportError(error, io, isVerbose);
  return MsbomError.is(error) && refusals?.test(error.code) === true ? EXIT.negative : code;
}

/** Whatever a verb does, it does not begin before the files that it is to write are known. */
async function claimOutputs(command: Command, args: Arguments, io: Io): Promise<FileGuard> {
  const guard = openGuard(io.outputDescriptor === undefined ? [] : [io.outputDescriptor], { onlyOwn: !args.flag('force') });
  const targets = new Set<string>();
  for (const [target, mark] of outputsOf(command, args)) {
    if (target === '') throw new MsbomError('ERR_CLI_USAGE', 'the name of a file to write is empty', { hint: 'give a name, or `-`' });
    if (target === '-') continue;
    const path = resolve(io.cwd, target);
    if (targets.has(path)) throw twoOutputs(basename(path));
    targets.add(path);
    await guard.writes(path, mark);
  }
  return guard;
}

function outputsOf(command: Command, args: Arguments): readonly (readonly [string, string | undefined])[] {
  return Object.entries(command.options).flatMap(([name, { isOutput, multiple, mark }]) => {
    if (isOutput !== true) return [];
    const targets = multiple === true ? args.texts(name) : [args.text(name) ?? '-'];
    return targets.map((target) => [target, mark] as const);
  });
}

async function help(verb: string | undefined, asked: boolean, io: Io): Promise<ExitCode> {
  if (verb !== undefined) {
    io.stdout.write(commandHelp(await load(verb), io.stdout.columns));
    return EXIT.clean;
  }
  (asked ? io.stderr : io.stdout).write(mainHelp(SUMMARIES));
  return asked ? EXIT.unanswered : EXIT.clean;
}

async function load(verb: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb as keyof typeof COMMANDS] : undefined;
  if (entry !== undefined) return (await entry()).command;
  const guess = nearest(verb, Object.keys(COMMANDS));
  throw new MsbomError('ERR_CLI_USAGE', `there is no verb \`${verb}\``, {
    hint: guess === undefined ? 'see `msbom --help`' : `did you mean \`msbom ${guess}\`?`,
  });
}
