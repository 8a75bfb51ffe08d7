import { MsbomError } from '../../core/error.js';
import { INSPECT_FORMATS, type InspectFormat, inspectPath, renderInspected } from '../../verbs/inspect.js';
import type { Command } from '../command.js';
import { EXIT, type ExitCode } from '../io.js';
import { reportError } from '../printer.js';
import { SUMMARIES } from '../summaries.js';

export const command: Command = {
  name: 'inspect',
  summary: SUMMARIES.inspect,
  usage: 'msbom inspect FILE… [OPTIONS]',
  description:
    'Reads only the header, whatever the size of the file: format, tensors, parameters, data types, producers, embedded metadata, and what was not looked into. Nothing is executed. Of a directory every file that may hold weights is inspected.',
  minPositionals: 1,
  maxPositionals: 100_000,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: INSPECT_FORMATS, default: 'text', help: 'how facts are written' },
    tensors: { type: 'boolean', help: 'list every tensor' },
  },
  examples: [
    ['msbom inspect model.safetensors', 'summary of one file'],
    ['msbom inspect saved_model/', 'every file of a format that is a directory'],
    ['msbom inspect model.gguf --tensors --format json', 'everything, for programs'],
  ],
  exits: [
    'every file was read, as far as the report says',
    'not used',
    'a file is not in a known format, breaks the rules of its format or could not be read, or a usage error',
  ],
  async run(args, io) {
    let worst: ExitCode = EXIT.clean;
    for (const given of args.positionals)
      for await (const found of inspectPath(given, io)) {
        if (MsbomError.is(found)) worst = reportError(found, io);
        else io.stdout.write(renderInspected(found, args.text('format') as InspectFormat, args.flag('tensors'))); // one of the choices
      }
    return worst;
  },
};
