import { MsbomError } from '../../core/error.js';
import { nearest } from '../../core/nearest.js';
import { printableJson } from '../../core/printable.js';
import { CHANGE_AREAS, type ChangeArea } from '../../manifest/areas.js';
import { diffManifests } from '../../manifest/diff.js';
import { changesAsText } from '../../report/index.js';
import { type Arguments, type Command, FAIL_ON_OPTION } from '../command.js';
import { readManifest } from '../input.js';
import { EXIT } from '../io.js';
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
    only: {
      type: 'string',
      value: 'AREAS',
      multiple: true,
      help: `only changes of these, with commas: ${CHANGE_AREAS.join(', ')}`,
    },
    'exit-zero': { type: 'boolean', help: 'exit 0 whatever changed' },
    ...FAIL_ON_OPTION('low'),
  },
  examples: [
    ['msbom diff v1.msbom.json v2.msbom.json', 'what is new in v2'],
    ['msbom diff v1.msbom.json v2.msbom.json --only data,training --exit-zero', 'show what is new in the data and the training'],
    ['msbom diff v1.msbom.json v2.msbom.json --fail-on high', 'fail only when weights, data, licences or lineage changed'],
  ],
  exits: [
    'nothing changed of the severity of --fail-on, or --exit-zero was given',
    'something changed',
    'a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const [before = '-', after = '-'] = args.positionals;
    const areas = areasFrom(args);
    const all = diffManifests(await readManifest(before, io), await readManifest(after, io));
    const changes = areas.size === 0 ? all : all.filter(({ area }) => areas.has(area));
    io.stdout.write(
      args.text('format') === 'json' ? printableJson({ before, after, changes }) : changesAsText(changes, paintFor(io.stdout, io)),
    );
    return args.flag('exit-zero') ? EXIT.clean : exitFor(args, changes);
  },
};

/** The areas of `--only`; none for all. @throws ERR_CLI_USAGE for a word that is none */
function areasFrom(args: Arguments): ReadonlySet<ChangeArea> {
  const words = args.texts('only').flatMap((text) => text.split(','));
  const isArea = (word: string): word is ChangeArea => CHANGE_AREAS.some((area) => area === word);
  const areas = new Set<ChangeArea>();
  for (const word of words.map((each) => each.trim()).filter((each) => each !== '')) {
    if (!isArea(word)) {
      const guess = nearest(word, CHANGE_AREAS);
      throw new MsbomError('ERR_CLI_USAGE', `\`--only\` does not know \`${word}\``, {
        hint: guess === undefined ? `use some of ${CHANGE_AREAS.join(', ')}` : `did you mean \`${guess}\`?`,
      });
    }
    areas.add(word);
  }
  return areas;
}
