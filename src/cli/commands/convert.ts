import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { printableJson } from '../../core/printable.js';
import { TOOL } from '../../core/tool.js';
import { VIEWS, type View } from '../../manifest/view.js';
import { type ConvertResult, convert } from '../../verbs/convert.js';
import { formatOfName, type PlannedOutput, TARGET_WORDS } from '../../verbs/formats.js';
import { type Arguments, type Command, DOCUMENT_OUTPUT_OPTION } from '../command.js';
import type { Session } from '../io.js';
import { outputsFrom, sayDocument, writeDocuments } from '../outputs.js';
import { say, writeText } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'convert',
  summary: SUMMARIES.convert,
  usage: 'msbom convert FILE [OPTIONS]',
  description:
    'Converts a manifest to CycloneDX or SPDX, or a document of those to a manifest or to each other; what FILE is, its content decides. The input must be valid, and the result is checked against its official schema before it is written. The result has native members and named properties alone, and names the manifest that it was made from; what that cannot say is summed up on standard error, and --losses lists it. With --lossless it rides along, so that converting back loses nothing.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...DOCUMENT_OUTPUT_OPTION,
    to: {
      type: 'string',
      short: 't',
      value: 'TARGET',
      choices: TARGET_WORDS,
      help: 'format and version of the result; without it, a manifest becomes CycloneDX 1.6 and anything else a manifest',
    },
    losses: {
      type: 'string',
      value: 'FILE',
      isOutput: true,
      help: 'list in FILE, as JSON, what the target cannot say, and whether it rides along or is lost; `-` is standard output',
    },
    lossless: { type: 'boolean', help: 'carry along in properties what the target cannot say, so that converting back loses nothing' },
    view: {
      type: 'string',
      value: 'AUDIENCE',
      choices: VIEWS,
      help: 'leave out what `bom.audiences` says is for others, and declare it withheld (default: everything)',
    },
  },
  examples: [
    ['msbom convert m.msbom.json --to cyclonedx@1.6 -o bom.json', 'for compliance tools'],
    ['msbom convert bom.json --to msbom -o m.msbom.json', 'and back, or from a document of any other tool'],
    ['msbom convert m.msbom.json -o m.cdx.json -o m.spdx.json -o m.html', 'several at once, by their names'],
    ['msbom convert bom.xml --to spdx@3.0.1', 'between the standards'],
    ['msbom convert m.msbom.json --view public -o public.cdx.json', 'for everybody'],
    ['msbom collect . | msbom convert - --losses losses.json', 'see what the target cannot say'],
  ],
  refusals: /^ERR_(JSON_|FORMAT_|MANIFEST_(?!VERSION)|CONVERT_INPUT)/,
  exits: ['the document was written', 'the input is not valid', 'nothing was written: a file could not be read, or a usage error'],
  async run(args, io) {
    const [file = '-'] = args.positionals;
    const result = await convert(file, {
      ...io,
      now: nowFrom(io),
      lossless: args.flag('lossless'),
      view: (args.text('view') ?? 'internal') as View, // one of the choices
      ...optional('to', targetFor(args)),
    });
    const planned = outputsFrom(args, io, result.target);
    refuseOneForBoth(args, planned);
    // The document comes last: where the list cannot be written, there is no document either.
    await writeLosses(file, result, args, io);
    await writeDocuments(planned, result, io);
    sayDocument(args, io, result, planned);
    tellLosses(result, args, io);
    return result.exitCode;
  },
};

/** The losses that are told are those of the first format. */
function targetFor(args: Arguments): string | undefined {
  const named = args.texts('output').map((target) => formatOfName(target) ?? '');
  const first = named.find((format) => TARGET_WORDS.includes(format));
  const onlyPages = named.length > 0 && named.every((format) => format !== '' && !TARGET_WORDS.includes(format));
  return args.text('to') ?? first ?? (onlyPages ? 'msbom' : undefined);
}

/** How the losses are summed up, by their ids. */
const SUMS: readonly (readonly [id: string, what: string])[] = [
  ['conversion-carried', 'ride along in properties, where other tools do not read them'],
  ['conversion-loss', 'are lost'],
  ['foreign-overridden', 'of the document that the manifest came from are left out'],
];

/** @throws ERR_CLI_USAGE when the document and the list of what it lacks are to be written to the same place */
function refuseOneForBoth(args: Arguments, planned: readonly PlannedOutput[]): void {
  if (planned.some(({ target }) => target === '-') && args.text('losses') === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'the document and its losses cannot be written to the same place', {
      hint: 'give -o and --losses different files',
    });
}

async function writeLosses(file: string, { target, losses }: ConvertResult, args: Arguments, io: Session): Promise<void> {
  const list = args.text('losses');
  if (list !== undefined) await writeText(list, io, printableJson({ tool: TOOL, file, target, losses }));
}

function tellLosses({ target, losses }: ConvertResult, args: Arguments, io: Session): void {
  const list = args.text('losses');
  for (const [id, what] of SUMS) {
    const count = losses.filter((each) => each.id === id).length;
    if (count > 0) say(args, io, `${target}: ${count} values or groups of values ${what}`);
  }
  const where = list === '-' ? 'standard output' : list;
  if (losses.length > 0) say(args, io, where === undefined ? '--losses FILE lists them' : `listed in ${where}`);
}
