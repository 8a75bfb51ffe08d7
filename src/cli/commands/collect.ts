import { basename, resolve } from 'node:path';
import { stringifyManifest } from '../../manifest/stringify.js';
import { collectDirectory } from '../../node.js';
import { type Command, FAIL_ON_OPTION, OUTPUT_OPTION } from '../command.js';
import { readConfig } from '../config.js';
import { checked, DESCRIBING_OPTIONS, describing } from '../describing.js';
import { exitFor, sayFindings, writeOutput } from '../printer.js';
import { progressBar } from '../progress.js';
import { nowFrom, numberFrom } from '../values.js';

export const command: Command = {
  name: 'collect',
  summary: 'describe the model in a directory as a manifest',
  usage: 'msbom collect DIRECTORY [OPTIONS]',
  description:
    'Hashes every file, reads the headers of weight files and the metadata beside them, and writes one manifest of one model. Every value carries its evidence; what is not known stays out. Nothing is executed and nothing leaves the machine. With SOURCE_DATE_EPOCH set, the same files give the same bytes.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...OUTPUT_OPTION,
    ...DESCRIBING_OPTIONS,
    select: { type: 'string', value: 'NAME', help: 'which model, where the directory is a cache or a store of several' },
    ...FAIL_ON_OPTION('high'),
  },
  examples: [
    ['msbom collect ./my-model -o my-model.msbom.json', 'describe a directory'],
    ['msbom collect . --author "Example GmbH" --author-url https://example.org', 'say who makes the document'],
    ['msbom collect ./out --with env,hardware,git', 'add the libraries, the machine and the commit'],
    ['msbom collect ./out --set model.version=1.2.0 --overlay facts.yaml', 'add what only you know'],
  ],
  exits: [
    'the manifest was written',
    'the manifest was written, and something about the files is wrong; or what was supplied breaks the specification',
    'no manifest was written: a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const [given = '.'] = args.positionals;
    const directory = resolve(io.cwd, given);
    const config = await readConfig(args, io, directory);
    const { probes, without, python, ...described } = await describing(args, io, config);
    const progress = progressBar(io, args);
    const jobs = numberFrom(args, 'jobs');
    const { manifest, findings } = await collectDirectory(directory, {
      ...described,
      now: nowFrom(io),
      select: args.text('select'),
      onProgress: progress.update,
      ...(jobs === undefined ? {} : { jobs }),
      ...(probes === undefined ? {} : { machine: { probes, without, ...(python === undefined ? {} : { python }) } }),
    }).finally(progress.end);
    await writeOutput(args, io, stringifyManifest(checked(manifest)));
    sayFindings(args, io, findings, basename(directory));
    return exitFor(args, findings);
  },
};
