import { MsbomError } from '../../core/error.js';
import { nearest } from '../../core/nearest.js';
import { CHANGE_AREAS, type ChangeArea } from '../../manifest/areas.js';
import { plain } from '../../report/index.js';
import { DIFF_FORMATS, type DiffFormat, diff } from '../../verbs/diff.js';
import { formatOfName } from '../../verbs/formats.js';
import { type Arguments, type Command, FAIL_ON_OPTION, OUTPUT_OPTION } from '../command.js';
import { EXIT } from '../io.js';
import { failOnOf, paintFor, sayFindings, writePrintable } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'diff',
  summary: SUMMARIES.diff,
  usage: 'msbom diff OLD NEW [OPTIONS]',
  description:
    'Takes manifests, or documents of CycloneDX or SPDX. Pairs files by path, components, datasets and metrics by name, and says what changed in weights, data, licences, lineage, hyperparameters and metrics, and how serious it is.',
  minPositionals: 2,
  maxPositionals: 2,
  options: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: DIFF_FORMATS,
      help: 'how changes are written, by the ending of -o, else text; `markdown` and `html` read like a release note',
    },
    ...OUTPUT_OPTION,
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
    ['msbom diff v1.msbom.json v2.msbom.json -o changes.md', 'a release note'],
    ['msbom diff v1.msbom.json v2.msbom.json --fail-on high', 'fail only when weights, data, licences or lineage changed'],
  ],
  exits: [
    'nothing changed of the severity of --fail-on, or --exit-zero was given',
    'something changed',
    'a file could not be read, or a usage error',
  ],
  async run(args, io) {
    const [before = '-', after = '-'] = args.positionals;
    const result = await diff(before, after, { ...io, now: nowFrom(io), only: [...areasFrom(args)], failOn: failOnOf(args) });
    sayFindings(args, io, result.findings, '');
    const output = args.text('output') ?? '-';
    const format = (args.text('format') ?? formatOf(output)) as DiffFormat; // one of the choices
    await writePrintable(output, io, await result.render(format, { paint: output === '-' ? paintFor(io.stdout, io) : plain }));
    return args.flag('exit-zero') ? EXIT.clean : result.exitCode;
  },
};

/** What the name of a file asks for. */
const formatOf = (name: string): DiffFormat => {
  if (name.endsWith('.json')) return 'json';
  const named = formatOfName(name);
  return named === 'html' || named === 'markdown' ? named : 'text';
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
