import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, OUTPUT_OPTION } from '../command.js';
import { EXIT } from '../io.js';
import { writeOutput } from '../printer.js';

export const command: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of the manifest',
  usage: 'msbom schema [OPTIONS]',
  description: 'Prints the JSON Schema (2020-12) that manifests of this version meet, for editors and other validators.',
  minPositionals: 0,
  maxPositionals: 0,
  options: OUTPUT_OPTION,
  examples: [['msbom schema -o msbom.schema.json', 'keep it beside your manifests']],
  exits: ['the schema was written', 'not used', 'nothing was written'],
  async run(args, io) {
    const name = join('schema', '1.0', 'msbom.schema.json');
    let at = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(at, name)) && dirname(at) !== at) at = dirname(at);
    await writeOutput(args, io, readFileSync(join(at, name), 'utf8'));
    return EXIT.clean;
  },
};
