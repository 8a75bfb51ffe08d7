import { type Command, OUTPUT_OPTION } from '../command.js';
import { EXIT } from '../io.js';
import { writeOutput } from '../printer.js';
import { schemaText } from '../schema-file.js';
import { SUMMARIES } from '../summaries.js';

export const command: Command = {
  name: 'schema',
  summary: SUMMARIES.schema,
  usage: 'msbom schema [OPTIONS]',
  description: 'Prints the JSON Schema (2020-12) that manifests of this version meet, for editors and other validators.',
  minPositionals: 0,
  maxPositionals: 0,
  options: OUTPUT_OPTION,
  examples: [['msbom schema -o msbom.schema.json', 'keep it beside your manifests']],
  exits: ['the schema was written', 'not used', 'nothing was written'],
  async run(args, io) {
    await writeOutput(args, io, schemaText());
    return EXIT.clean;
  },
};
