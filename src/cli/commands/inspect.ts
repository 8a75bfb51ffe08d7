import { basename, resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import type { FileFacts } from '../../formats/index.js';
import { inspectFile } from '../../node.js';
import type { Command } from '../command.js';
import { EXIT } from '../io.js';

export const command: Command = {
  name: 'inspect',
  summary: 'show what the header of a weight file says',
  usage: 'msbom inspect FILE… [OPTIONS]',
  description:
    'Reads only the header, whatever the size of the file: format, tensors, parameters, data types, producers, embedded metadata. Nothing is executed.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', help: 'how facts are written' },
    tensors: { type: 'boolean', help: 'list every tensor' },
  },
  examples: [
    ['msbom inspect model.safetensors', 'summary of one file'],
    ['msbom inspect model.gguf --tensors --format json', 'everything, for programs'],
  ],
  exits: ['every file was read', 'a file is not in a known format, or breaks its rules', 'a file could not be read, or a usage error'],
  async run(args, io) {
    for (const name of args.positionals) {
      const found = await inspectFile(resolve(io.cwd, name)).catch((error: unknown) => {
        throw MsbomError.is(error) ? renamed(error, name) : error;
      });
      if (found === undefined)
        throw new MsbomError('ERR_FORMAT_UNKNOWN', 'no reader recognises the file', {
          file: name,
          hint: 'see docs/formats.md for the formats that are read',
        });
      io.stdout.write(args.text('format') === 'json' ? json(name, found, args.flag('tensors')) : text(name, found, args.flag('tensors')));
    }
    return EXIT.clean;
  },
};

/** The name as the user wrote it. */
function renamed(error: MsbomError, name: string): MsbomError {
  const { code, message, offset, line, column, hint } = error;
  return new MsbomError(code, message, { file: name, offset, line, column, hint, cause: error });
}

function json(file: string, { facts, tensors }: FileFacts, list: boolean): string {
  return `${JSON.stringify({ file, facts, ...(list ? { tensors } : {}) }, null, 2)}\n`;
}

function text(name: string, { reader, facts, tensors }: FileFacts, list: boolean): string {
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
  ];
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const lines = [
    basename(name),
    ...known.map(([label, value]) => `  ${label.padEnd(14)} ${value}`),
    ...(facts.findings ?? []).map(({ severity, message }) => `  ${severity}: ${message}`),
  ];
  return `${[...lines, ...(list ? tensors.map(({ name: tensor, dtype, shape }) => `  ${tensor}  ${dtype}  [${shape.join(', ')}]`) : [])].join('\n')}\n`;
}
