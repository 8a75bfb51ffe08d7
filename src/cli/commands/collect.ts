import { basename, resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { stringifyManifest } from '../../manifest/stringify.js';
import { collectDatasetDirectory, collectDirectory, type MachineOptions, openHost } from '../../node.js';
import { type Arguments, type Command, FAIL_ON_OPTION, OUTPUT_OPTION } from '../command.js';
import { readConfig } from '../config.js';
import { checked, DESCRIBING_OPTIONS, type Described, describing } from '../describing.js';
import type { Session } from '../io.js';
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
    ['msbom collect . --author "Example GmbH" --author-url https://example.org', 'say who makes the document'],
    ['msbom collect ./out --with env,hardware,git', 'add the libraries, the machine and the commit'],
    ['msbom collect ./out --dataset ./data', 'add the data that the model was trained on'],
    ['msbom collect ./data --subject dataset -o data.msbom.json', 'describe a dataset'],
    ['msbom collect ./out --scan', 'with what loading the files would do'],
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
    const common = {
      ...described,
      guard: io.guard,
      now: nowFrom(io),
      onProgress: progress.update,
      ...(jobs === undefined ? {} : { jobs }),
    };
    const collecting =
      args.text('subject') === 'dataset'
        ? collectDatasetDirectory(directory, forDataset(common, probes ?? [], args.text('select'), args.texts('dataset')))
        : collectDirectory(directory, {
            ...common,
            select: args.text('select'),
            datasets: args.texts('dataset'),
            cwd: io.cwd,
            ...(probes === undefined ? {} : { machine: machineOptions(args, io, probes, without, python) }),
          });
    const collected = await collecting.finally(progress.end);
    const scanned = args.flag('scan') ? await scanning(directory, collected.manifest, io) : undefined;
    const { manifest } = scanned ?? collected;
    const findings = [...collected.findings, ...(scanned?.findings ?? [])];
    await writeOutput(args, io, stringifyManifest(await checked(manifest)));
    sayFindings(args, io, findings, basename(directory));
    return exitFor(args, findings);
  },
};

/** The scanner is loaded by those who ask for it. */
async function scanning(directory: string, manifest: Collected, io: Session) {
  const { scanPath } = await import('../scanning.js');
  const { withScans } = await import('../scan-records.js');
  const { DEFAULT_SETTINGS } = await import('../../scan/index.js');
  const files = [];
  for await (const file of scanPath(directory, DEFAULT_SETTINGS, io)) files.push(file);
  return withScans(manifest, files, new Date(nowFrom(io)));
}

type Collected = Awaited<ReturnType<typeof collectDirectory>>['manifest'];
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

/** What a dataset takes of the options; the others would be ignored in silence, so that they are refused. */
function forDataset<T extends Pick<Described, 'name' | 'group' | 'supplied'>>(
  { supplied, group, name, ...rest }: T,
  probes: readonly string[],
  select: string | undefined,
  data: readonly string[],
): Omit<T, 'supplied' | 'group' | 'name'> & { readonly name?: string } {
  if (supplied.length > 0 || probes.length > 0 || data.length > 0 || select !== undefined || (group !== undefined && name === undefined)) {
    throw new MsbomError(
      'ERR_CLI_USAGE',
      '`--set`, `--overlay`, `--with`, `--dataset`, `--select` and `--group` without `--name` do not go with a dataset',
      {
        hint: 'leave them out, or collect a model',
      },
    );
  }
  return { ...rest, ...(name === undefined ? {} : { name: group === undefined ? name : `${group}/${name}` }) };
}
