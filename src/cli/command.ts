import type { ExitCode, OptionSpec, Session } from './io.js';

export type { OptionSpec } from './io.js';

export type Options = Readonly<Record<string, OptionSpec>>;

/** What the user asked for, after parsing. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** Value of a text option, or its default. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** Was it said, on the command line or by a variable? A default is nobody's word. */
  given(name: string): boolean;
}

/** One verb: its page, its options and a thin shell over a library function. */
export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly usage: string;
  readonly description: string;
  readonly minPositionals: number;
  readonly maxPositionals: number;
  readonly options: Options;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** What the exit codes mean for this verb. */
  readonly exits: readonly [clean: string, negative: string, unanswered: string];
  /** Codes of errors that are a negative answer of this verb: the input is refused. Every other error is exit 2. */
  readonly refusals?: RegExp;
  run(args: Arguments, io: Session): Promise<ExitCode>;
}

/** Options that every verb has. */
export const COMMON_OPTIONS: Options = {
  help: { type: 'boolean', short: 'h', help: 'show this page' },
  quiet: { type: 'boolean', short: 'q', help: 'say nothing on standard error but errors' },
  verbose: {
    type: 'boolean',
    short: 'v',
    help: 'say which files of the project are used and how long it took, and of an error every finding and its cause',
  },
  color: {
    type: 'string',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'colours; default auto: on a terminal, as NO_COLOR and FORCE_COLOR say',
  },
};

/** Of verbs that write files. */
const FORCE_OPTION: Options = {
  force: { type: 'boolean', help: 'replace files that msbom did not make; never one that is read' },
};

/** All options of a verb: its own, and those that every verb has. */
export function optionsOf({ options }: Pick<Command, 'options'>): Options {
  const writes = Object.values(options).some(({ isOutput }) => isOutput === true);
  return { ...options, ...(writes ? FORCE_OPTION : {}), ...COMMON_OPTIONS };
}

/** Of verbs that write a document: the name of a file says in which format. */
export const DOCUMENT_OUTPUT_OPTION: Options = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    multiple: true,
    help: 'write to FILE, whole or not at all, in the format of its name: .msbom.json, .cdx.json, .cdx.xml, .spdx.json, .spdx, .html, .md; `-` is standard output, the default unless that is a terminal',
    isOutput: true,
  },
};

export const OUTPUT_OPTION: Options = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    help: 'write to FILE, whole or not at all; `-` is standard output',
    default: '-',
    isOutput: true,
  },
};

export const FAIL_ON_OPTION = (fallback: string): Options => ({
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    choices: ['info', 'low', 'medium', 'high', 'critical', 'never'],
    help: 'exit 1 from this severity on',
    default: fallback,
  },
});
