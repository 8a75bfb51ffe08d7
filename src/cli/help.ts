import { ownText, type Printable } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import { type Command, type Options, optionsOf } from './command.js';

/** The page of the program. */
export function mainHelp(commands: readonly Pick<Command, 'name' | 'summary'>[]): Printable {
  const lines = [
    'msbom says what a machine-learning model is made of, and checks it.',
    '',
    'usage: msbom VERB [OPTIONS] [ARGUMENTS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
    '',
    '  --version  print the version',
    '  --help     this page; `msbom VERB --help` for a verb',
    '',
    'start here:',
    '  msbom collect ./my-model -o my-model.msbom.json',
    '  msbom validate my-model.msbom.json',
    '  msbom verify ./my-model --manifest my-model.msbom.json',
    '',
    'exit codes: 0 clean, 1 a negative answer about the input, 2 the question could not be answered',
    '',
  ];
  return ownText(lines.join('\n'));
}

/** The page of a verb. */
export function commandHelp(command: Command): Printable {
  const { usage, description, examples, exits } = command;
  const lines = [
    `usage: ${usage}`,
    '',
    description,
    '',
    'options:',
    ...optionLines(optionsOf(command)),
    '',
    'examples:',
    ...examples.flatMap(([line, meaning]) => [`  ${line}`, `      ${meaning}`]),
    '',
    'exit codes:',
    ...exits.map((meaning, code) => `  ${code}  ${meaning}`),
    '',
  ];
  return ownText(lines.join('\n'));
}

function optionLines(options: Options): readonly string[] {
  const rows = Object.entries(options).map(([name, spec]) => {
    const flags = `${spec.short === undefined ? '    ' : `-${spec.short}, `}--${name}${spec.type === 'string' ? ` ${spec.value ?? 'TEXT'}` : ''}`;
    const notes = [
      spec.choices && `one of ${spec.choices.join(', ')}`,
      spec.default !== undefined && `default ${spec.default}`,
      spec.multiple && 'may be repeated',
    ].filter(Boolean);
    return [flags, `${spec.help}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`] as const;
  });
  const width = Math.max(...rows.map(([flags]) => flags.length));
  return rows.map(([flags, help]) => `  ${flags.padEnd(width)}  ${help}`);
}

export const VERSION_LINE = ownText(`${TOOL.name} ${TOOL.version}\n`);
