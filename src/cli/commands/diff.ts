import { printableJson } from '../../core/printable.js';
import { diffManifests } from '../../manifest/diff.js';
import { changesAsText } from '../../report/index.js';
import { type Command, FAIL_ON_OPTION } from '../command.js';
import { readManifest } from '../input.js';
import { exitFor, paintFor } from '../printer.js';

export const command: Command = {
  name: 'diff',
  summary: 'say what changed from one manifest to another',
  usage: 'msbom diff OLD NEW [OPTIONS]',
  description:
    'Pairs files by path, components, datasets and metrics by name, and says what changed in weights, data, licences, lineage, hyperparameters and metrics, and how serious it is.',
  minPositionals: 2,
  maxPositionals: 2,
  options: {
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', help: 'how changes are written' },
    ...FAIL_ON_OPTION('low'),
  },
  examples: [
    ['msbom diff v1.msbom.json v2.msbom.json', 'what is new in v2'],
    ['msbom diff v1.msbom.json v2.msbom.json --fail-on high', 'fail only when weights, data, licences or lineage changed'],
  ],
  exits: ['nothing changed of the severity of --fail-on', 'something changed', 'a file could not be read, or a usage error'],
  async run(args, io) {
    const [before = '-', after = '-'] = args.positionals;
    const changes = diffManifests(await readManifest(before, io), await readManifest(after, io));
    io.stdout.write(
      args.text('format') === 'json' ? printableJson({ before, after, changes }) : changesAsText(changes, paintFor(io.stdout, io)),
    );
    return exitFor(args, changes);
  },
};
