import { basename, resolve } from 'node:path';
import { stringifyManifest } from '../../manifest/stringify.js';
import { collectDirectory } from '../../node.js';
import type { PartyRef } from '../../schema/index.js';
import { type Command, FAIL_ON_OPTION, OUTPUT_OPTION } from '../command.js';
import { exitFor, sayFindings, writeOutput } from '../printer.js';
import { progressBar } from '../progress.js';
import { excluder, nowFrom, numberFrom } from '../values.js';

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
    name: { type: 'string', help: 'name of the model; default what the files say, at last the name of the directory' },
    group: { type: 'string', help: 'namespace or organisation of the model' },
    'model-version': { type: 'string', value: 'VERSION', help: 'version of the model' },
    author: { type: 'string', value: 'NAME', help: 'who makes the document' },
    'author-url': { type: 'string', value: 'URL', help: 'how the author is reached' },
    'author-email': { type: 'string', value: 'EMAIL', help: 'how the author is reached' },
    sha512: { type: 'boolean', help: 'compute SHA-512 besides SHA-256' },
    exclude: { type: 'string', value: 'GLOB', multiple: true, help: 'leave out paths that match; `*` stays in a directory, `**` does not' },
    'include-private': { type: 'boolean', help: 'keep paths, e-mail addresses and the like that stand in file headers' },
    jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
    ...FAIL_ON_OPTION('high'),
  },
  examples: [
    ['msbom collect ./my-model -o my-model.msbom.json', 'describe a directory'],
    ['msbom collect . --author "Example GmbH" --author-url https://example.org', 'say who makes the document'],
  ],
  exits: [
    'the manifest was written',
    'the manifest was written, and something about the files is wrong',
    'no manifest was written: a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const [directory = '.'] = args.positionals;
    const progress = progressBar(io, args);
    const jobs = numberFrom(args, 'jobs');
    const { manifest, findings } = await collectDirectory(resolve(io.cwd, directory), {
      now: nowFrom(io),
      sha512: args.flag('sha512'),
      includePrivate: args.flag('include-private'),
      exclude: excluder(args.texts('exclude')),
      onProgress: progress.update,
      authors: author(args.text('author'), args.text('author-url'), args.text('author-email')),
      ...(jobs === undefined ? {} : { jobs }),
      ...given('name', args.text('name')),
      ...given('group', args.text('group')),
      ...given('version', args.text('model-version')),
    }).finally(progress.end);
    await writeOutput(args, io, stringifyManifest(manifest));
    sayFindings(args, io, findings, basename(directory));
    return exitFor(args, findings);
  },
};

function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string }); // one member of that name
}

function author(name: string | undefined, url: string | undefined, email: string | undefined): readonly PartyRef[] {
  if (name === undefined) return [];
  const contact = { ...(url === undefined ? {} : { url }), ...(email === undefined ? {} : { email }) };
  return [{ name, ...(Object.keys(contact).length > 0 ? { contact } : {}) }];
}
