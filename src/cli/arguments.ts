import { parseArgs } from 'node:util';
import { MsbomError } from '../core/error.js';
import { nearest } from '../core/nearest.js';
import type { Arguments, Command, Options } from './command.js';
import { optionsOf } from './command.js';

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/**
 * Parses strictly: an unknown option is an error, with the one that may be meant. What the command line does not say, a variable may:
 * `MSBOM_FAIL_ON` is `--fail-on`.
 * @throws ERR_CLI_USAGE
 */
export function parseArguments(
  command: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Arguments {
  const options: Options = optionsOf(command);
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === true ? { multiple } : {}) },
    ]),
  );
  let values: Values;
  let positionals: readonly string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...argv], options: config, allowPositionals: true, strict: true }));
  } catch (error) {
    throw usageError(error, command, options, argv);
  }
  values = { ...fromVariables(options, env), ...values };
  if (values.help !== true) checkValues(command, options, values, positionals);
  return {
    positionals,
    text: (name) => (typeof values[name] === 'string' ? values[name] : options[name]?.default),
    texts: (name) => (Array.isArray(values[name]) ? (values[name] as readonly string[]) : []), // multiple text options
    flag: (name) => values[name] === true,
    given: (name) => values[name] !== undefined && values[name] !== false,
  };
}

/** Options that variables say; an empty variable says nothing. @throws ERR_CLI_USAGE for a switch that is neither on nor off */
function fromVariables(options: Options, env: Readonly<Record<string, string | undefined>>): Values {
  const said: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, { type, multiple }] of Object.entries(options)) {
    const variable = `MSBOM_${name.toUpperCase().replaceAll('-', '_')}`;
    const value = env[variable];
    if (value === undefined || value === '' || name === 'help') continue;
    if (type === 'string') said[name] = multiple === true ? [value] : value;
    else if (SWITCHES.has(value)) said[name] = SWITCHES.get(value) === true;
    else
      throw new MsbomError('ERR_CLI_USAGE', `the variable ${variable} cannot be \`${value}\``, {
        hint: 'set it to true or false, or unset it',
      });
  }
  return said;
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function usageError(error: unknown, command: Command, options: Options, argv: readonly string[]): MsbomError {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
  if (unknown === undefined)
    return new MsbomError('ERR_CLI_USAGE', message.split('. To specify ')[0] ?? message, { hint: `see \`msbom ${command.name} --help\`` });
  // Without the `--` the options of the command that is run look like ours.
  const wantsDashes = command.usage.includes(' -- ') && !argv.includes('--');
  const guess = wantsDashes ? undefined : nearest(unknown, Object.keys(options));
  return new MsbomError('ERR_CLI_USAGE', `\`msbom ${command.name}\` has no option \`${unknown.length === 1 ? '-' : '--'}${unknown}\``, {
    hint: wantsDashes
      ? `put \`--\` before the command: ${command.usage}`
      : guess === undefined
        ? `see \`msbom ${command.name} --help\``
        : `did you mean \`--${guess}\`?`,
  });
}

function checkValues(command: Command, options: Options, values: Values, positionals: readonly string[]): void {
  const usage = `usage: ${command.usage}`;
  if (positionals.length < command.minPositionals)
    throw new MsbomError('ERR_CLI_USAGE', `\`msbom ${command.name}\` needs more arguments`, { hint: usage });
  if (positionals.length > command.maxPositionals)
    throw new MsbomError('ERR_CLI_USAGE', `\`msbom ${command.name}\` takes no argument \`${positionals[command.maxPositionals]}\``, {
      hint: usage,
    });
  for (const [name, { choices }] of Object.entries(options)) {
    const value = [values[name]].flat().find((each) => typeof each === 'string' && choices?.includes(each) === false);
    if (choices === undefined || typeof value !== 'string') continue;
    const guess = nearest(value, choices);
    throw new MsbomError('ERR_CLI_USAGE', `\`--${name}\` cannot be \`${value}\``, {
      hint: guess === undefined ? `use one of ${choices.join(', ')}` : `did you mean \`${guess}\`?`,
    });
  }
}
