import { basename, resolve } from 'node:path';
import { mayHoldWeights } from '../../collect/roles.js';
import { MsbomError } from '../../core/error.js';
import { type Printable, printableJson } from '../../core/printable.js';
import { dataWithoutSecrets } from '../../core/secrets/index.js';
import type { FileFacts } from '../../formats/index.js';
import { inspectFile } from '../../node.js';
import { printLines } from '../../report/index.js';
import { filesAt } from '../../verbs/inspect-file.js';
import type { Arguments, Command } from '../command.js';
import { EXIT, type ExitCode, type Session } from '../io.js';
import { reportError } from '../printer.js';

export const command: Command = {
  name: 'inspect',
  summary: 'show what the header of a weight file says',
  usage: 'msbom inspect FILE… [OPTIONS]',
  description:
    'Reads only the header, whatever the size of the file: format, tensors, parameters, data types, producers, embedded metadata, and what was not looked into. Nothing is executed. Of a directory every file that may hold weights is inspected.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', help: 'how facts are written' },
    tensors: { type: 'boolean', help: 'list every tensor' },
  },
  examples: [
    ['msbom inspect model.safetensors', 'summary of one file'],
    ['msbom inspect saved_model/', 'every file of a format that is a directory'],
    ['msbom inspect model.gguf --tensors --format json', 'everything, for programs'],
  ],
  exits: [
    'every file was read, as far as the report says',
    'a file is not in a known format, could not be looked into, or breaks the rules of its format',
    'a file could not be read, or a usage error',
  ],
  async run(args, io) {
    let worst: ExitCode = EXIT.clean;
    for (const given of args.positionals) {
      const inDirectory = await filesAt(resolve(io.cwd, given)).catch((error: unknown) => {
        throw MsbomError.is(error) ? renamed(error, given) : error;
      });
      for (const { name, path } of inDirectory)
        worst = Math.max(
          worst,
          await inspect(args, io, name === '' ? given : `${given.replace(/(?<!\/)\/+$/, '')}/${name}`, path, name !== ''),
        );
    }
    return worst;
  },
};

/** One file. What is wrong with it does not keep the others from being shown. */
async function inspect(args: Arguments, io: Session, name: string, path: string, listed: boolean): Promise<ExitCode> {
  try {
    const found = await inspectFile(path);
    // In a directory, files that nobody takes for weights are none of our business.
    if (found === undefined && listed && !mayHoldWeights(name)) return EXIT.clean;
    if (found === undefined)
      throw new MsbomError('ERR_FORMAT_UNKNOWN', 'not inspected: no reader recognises the file', {
        file: name,
        hint: 'see docs/formats.md for the formats that are read',
      });
    const shown = { ...found, facts: dataWithoutSecrets(found.facts) };
    io.stdout.write(args.text('format') === 'json' ? json(name, shown, args.flag('tensors')) : text(name, shown, args.flag('tensors')));
    return EXIT.clean;
  } catch (error) {
    return reportError(MsbomError.is(error) ? renamed(error, name) : error, io);
  }
}

/** The name as the user wrote it. */
function renamed(error: MsbomError, name: string): MsbomError {
  const { code, message, offset, line, column, hint } = error;
  return new MsbomError(code, message, { file: name, offset, line, column, hint, cause: error });
}

function json(file: string, { facts, tensors }: FileFacts, list: boolean): Printable {
  return printableJson({ file, facts, ...(list ? { tensors } : {}) });
}

function text(name: string, { reader, facts, tensors }: FileFacts, list: boolean): Printable {
  const { tensors: sum } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['format', `${reader.title}${facts.formatVersion === undefined ? '' : ` ${facts.formatVersion}`}`],
    ['name', facts.name?.value],
    ['architecture', facts.architecture?.value],
    ['license', facts.license?.value],
    ['tensors', sum === undefined ? undefined : String(sum.count)],
    ['parameters', sum === undefined ? undefined : sum.parameters.toLocaleString('en-US')],
    [
      'data types',
      Object.entries(sum?.dtypes ?? {})
        .map(([dtype, count]) => `${dtype} ${count.toLocaleString('en-US')}`)
        .join(', '),
    ],
    ['tensor bytes', sum?.bytes?.toLocaleString('en-US')],
    ['quantization', facts.quantization?.value],
    ['context length', facts.contextLength === undefined ? undefined : String(facts.contextLength.value)],
    ['vocabulary', facts.vocabularySize === undefined ? undefined : String(facts.vocabularySize.value)],
    ['written by', facts.producers?.map(({ value }) => [value.name, value.version].filter(Boolean).join(' ')).join(', ')],
    ['needs', facts.requires?.map(({ value }) => [value.name, value.version].filter(Boolean).join(' ')).join(', ')],
    ['base models', facts.baseModels?.map((base) => base.name ?? base.uri ?? base.key).join(', ')],
    ['datasets', facts.datasets?.map(({ value }) => value.name).join(', ')],
    ['other files', facts.companions?.join(', ')],
    [
      'imports',
      facts.imports &&
        `${facts.imports.slice(0, 12).join(', ')}${facts.imports.length > 12 ? ` and ${facts.imports.length - 12} more` : ''}`,
    ],
    ['not inspected', facts.notInspected?.join('; ')],
  ];
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const lines = [
    basename(name),
    ...known.map(([label, value]) => `  ${label.padEnd(14)} ${value}`),
    ...(facts.findings ?? []).map(({ severity, message }) => `  ${severity}: ${message}`),
  ];
  return printLines([
    ...lines,
    ...(list ? tensors.map(({ name: tensor, dtype, shape }) => `  ${tensor}  ${dtype}  [${shape.join(', ')}]`) : []),
  ]);
}
