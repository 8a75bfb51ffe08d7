import { ownText, type Printable } from '../core/printable.js';
import { TOOL } from '../core/tool.js';
import { type Command, type Options, optionsOf } from './command.js';

/** The page of the program. */
export function mainHelp(summaries: Readonly<Record<string, string>>): Printable {
  const lines = [
    'msbom says what a machine-learning model is made of, and checks it.',
    '',
    'usage: msbom VERB [OPTIONS] [ARGUMENTS]',
    '',
    ...Object.entries(summaries).map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`),
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

/** The page of a verb, in lines of at most so many characters. */
export function commandHelp(command: Command, columns = Number.POSITIVE_INFINITY): Printable {
  const { usage, description, examples, exits } = command;
  const lines = [
    `usage: ${usage}`,
    '',
    ...wrapped(description, columns),
    '',
    'options:',
    ...optionLines(optionsOf(command), columns),
    '',
    'examples:',
    ...examples.flatMap(([line, meaning]) => [`  ${line}`, `      ${meaning}`]),
    '',
    'exit codes:',
    ...exits.flatMap((meaning, code) => hanging(`  ${code}  `, meaning, columns)),
    '',
  ];
  return ownText(lines.join('\n'));
}

function optionLines(options: Options, columns: number): readonly string[] {
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
  return rows.flatMap(([flags, help]) => hanging(`  ${flags.padEnd(width)}  `, help, columns));
}

/** Fewer characters than this make no column. */
const MIN_COLUMN = 24;

/** A text beside a label, in lines that begin below each other; below the label where there is no room beside it. */
function hanging(label: string, text: string, columns: number): readonly string[] {
  const isNarrow = columns - label.length < MIN_COLUMN;
  const indent = isNarrow ? '      ' : ' '.repeat(label.length);
  const [first = '', ...rest] = wrapped(text, Math.max(MIN_COLUMN, columns - indent.length));
  const more = rest.map((line) => indent + line);
  return isNarrow ? [label.trimEnd(), indent + first, ...more] : [label + first, ...more];
}

/** Lines of at most so many characters, as far as words are no longer. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

export const VERSION_LINE = ownText(`${TOOL.name} ${TOOL.version}\n`);
