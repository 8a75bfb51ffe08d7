import { resolve } from 'node:path';
import type { MachineOptions } from '../../collect/disk/directory.js';
import { openHost } from '../../platform/host.js';
import { collect } from '../../verbs/collect.js';
import { type Arguments, type Command, DOCUMENT_OUTPUT_OPTION, FAIL_ON_OPTION } from '../command.js';
import { readConfig } from '../config.js';
import { DESCRIBING_OPTIONS, describing } from '../describing.js';
import { IGNORE_OPTIONS, ignoring } from '../ignoring.js';
import type { Session } from '../io.js';
import { outputsFrom, sayDocument, writeDocuments } from '../outputs.js';
import { failOnOf } from '../printer.js';
import { progressBar } from '../progress.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom, numberFrom } from '../values.js';

export const command: Command = {
  name: 'collect',
  summary: SUMMARIES.collect,
  usage: 'msbom collect DIRECTORY|FILE [OPTIONS]',
  description:
    'Hashes every file, reads the headers of weight files and the metadata beside them, and writes one manifest of one model. Every value carries its evidence; what is not known stays out. Nothing is executed and nothing leaves the machine. With SOURCE_DATE_EPOCH set, the same files give the same bytes.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...DOCUMENT_OUTPUT_OPTION,
    ...DESCRIBING_OPTIONS,
    ...IGNORE_OPTIONS,
    subject: {
      type: 'string',
      value: 'SUBJECT',
      choices: ['model', 'dataset'],
      help: 'what the directory is; a dataset is described with its files, its metadata and what they prove of each other',
      default: 'model',
    },
    dataset: {
      type: 'string',
      value: 'PATH',
      multiple: true,
      help: 'file, directory or glob that the model was trained on; hashed and described as a dataset',
    },
    root: {
      type: 'string',
      value: 'DIR',
      help: 'file system that `--with` looks at, such as a mounted image; default the running machine',
    },
    purpose: {
      type: 'string',
      value: 'PURPOSE',
      choices: ['training', 'evaluation', 'inference', 'build'],
      help: 'what the machine is used for; unless it is said, nothing on it is taken for part of the training',
    },
    'verify-packages': { type: 'boolean', help: 'with `--with env`: recompute the digests that Python packages state for their files' },
    select: { type: 'string', value: 'NAME', help: 'which model, where the directory is a cache or a store of several' },
    scan: { type: 'boolean', help: 'scan the files as `msbom scan` does, and add what was found to the manifest' },
    ...FAIL_ON_OPTION('high'),
  },
  examples: [
    ['msbom collect ./my-model -o my-model.msbom.json', 'describe a directory'],
    ['msbom collect ./my-model -o m.msbom.json -o m.cdx.json -o m.html', 'also as CycloneDX and as a page'],
    ['msbom collect model.gguf', 'one file'],
    ['msbom collect . --author "Example GmbH" --author-url https://example.org', 'say who makes the document'],
    ['msbom collect ./out --with env,hardware,git', 'add the libraries, the machine and the commit'],
    ['msbom collect ./out --dataset ./data', 'add the data that the model was trained on'],
    ['msbom collect ./data --subject dataset -o data.msbom.json', 'describe a dataset'],
    ['msbom collect . --ignore workspace', 'without environments, caches and settings of tools'],
    ['msbom collect ./out --scan', 'with what loading the files would do'],
    ['msbom collect ./out --set model.version=1.2.0 --overlay facts.yaml', 'add what only you know'],
  ],
  exits: [
    'the manifest was written',
    'the manifest was written, and something about the files is wrong',
    'no manifest was written: a file could not be read, what was supplied breaks the specification, or a usage error',
  ],
  async run(args, io) {
    const [given = '.'] = args.positionals;
    const planned = outputsFrom(args, io, 'msbom');
    const target = resolve(io.cwd, given);
    const config = await readConfig(args, io, target);
    const ignores = await ignoring(args, io, target);
    const { probes, without, python, ...described } = await describing(args, io, config);
    const progress = progressBar(io, args);
    const jobs = numberFrom(args, 'jobs');
    const result = await collect(given, {
      ...described,
      exclude: (path) => described.exclude(path) || ignores(path),
      cwd: io.cwd,
      guard: io.guard,
      now: nowFrom(io),
      onProgress: progress.update,
      subject: args.text('subject') as 'model' | 'dataset', // one of the choices
      scan: args.flag('scan'),
      failOn: failOnOf(args),
      select: args.text('select'),
      datasets: args.texts('dataset'),
      ...(probes === undefined ? {} : { machine: machineOptions(args, io, probes, without, python) }),
      ...(jobs === undefined ? {} : { jobs }),
    }).finally(progress.end);
    await writeDocuments(planned, result, io);
    sayDocument(args, io, result, planned);
    return result.exitCode;
  },
};

type Purpose = NonNullable<MachineOptions['purpose']>[number];

function machineOptions(
  args: Arguments,
  io: Session,
  probes: readonly string[],
  without: readonly string[],
  python: string | undefined,
): MachineOptions {
  const [root, purpose] = [args.text('root'), args.text('purpose')];
  return {
    probes,
    without,
    ...(purpose === undefined ? {} : { purpose: [purpose as Purpose] }), // one of the choices
    ...(python === undefined ? {} : { python }),
    ...(args.flag('verify-packages') ? { verifyRecord: true } : {}),
    ...(root === undefined ? {} : { host: openHost({ root: resolve(io.cwd, root) }) }),
  };
}
