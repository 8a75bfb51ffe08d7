import { MsbomError } from '../../core/error.js';
import { type Finding, isBlocking } from '../../core/finding.js';
import { printableJson } from '../../core/printable.js';
import { VIEWS, type View, viewOf } from '../../manifest/view.js';
import type { Manifest } from '../../schema/index.js';
import { validateManifest } from '../../validate/index.js';
import { type Arguments, type Command, OUTPUT_OPTION } from '../command.js';
import { readDocument } from '../document.js';
import { ofFile } from '../input.js';
import { EXIT, type Session } from '../io.js';
import { say, sayFindings, writeOutput, writeText } from '../printer.js';
import { TARGET_WORDS, targetOf, writeAs } from '../target.js';

export const command: Command = {
  name: 'convert',
  summary: 'convert between manifests, CycloneDX and SPDX',
  usage: 'msbom convert FILE [OPTIONS]',
  description:
    'Converts a manifest to CycloneDX or SPDX, or a document of those to a manifest or to each other; what FILE is, its content decides. The input must be valid, and the result is checked against its official schema before it is written. The result has native members and named properties alone, and names the manifest that it was made from; what that cannot say is summed up on standard error, and --losses lists it. With --lossless it rides along, so that converting back loses nothing.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...OUTPUT_OPTION,
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
    ['msbom convert bom.xml --to spdx@3.0.1', 'between the standards'],
    ['msbom convert m.msbom.json --view public -o public.cdx.json', 'for everybody'],
    ['msbom collect . | msbom convert - --losses losses.json', 'see what the target cannot say'],
  ],
  exits: ['the document was written', 'the input is not valid', 'nothing was written: a file could not be read, or a usage error'],
  async run(args, io) {
    const [file = '-'] = args.positionals;
    refuseOneForBoth(args);
    const { manifest, isForeign } = await readDocument(file, args, io);
    const view = (args.text('view') ?? 'internal') as View; // one of the choices
    const target = targetOf(args.text('to') ?? (isForeign ? 'msbom' : 'cyclonedx'));
    const seen = await ofFile(file, () => viewOf(manifest, view).manifest);
    const written = await writeAs(target, seen, file, { lossless: args.flag('lossless'), reference: !isForeign });
    // The document comes last: where the list cannot be written, there is no document either.
    await writeLosses(file, target, written.losses, args, io);
    await writeOutput(args, io, written.text);
    tellLosses(target, written.losses, args, io);
    if (isForeign && target === 'msbom') tellFaults(manifest, file, args, io);
    return EXIT.clean;
  },
};

/** What a document of another standard may say and a manifest may not, such as a placeholder for a digest: who reads it will refuse it. */
function tellFaults(manifest: Manifest, file: string, args: Arguments, io: Session): void {
  sayFindings(args, io, validateManifest(manifest).findings.filter(isBlocking), file);
}

/** How the losses are summed up, by their ids. */
const SUMS: readonly (readonly [id: string, what: string])[] = [
  ['conversion-carried', 'ride along in properties, where other tools do not read them'],
  ['conversion-loss', 'are lost'],
  ['foreign-overridden', 'of the document that the manifest came from are left out'],
];

/** @throws ERR_CLI_USAGE when the document and the list of what it lacks are to be written to the same place */
function refuseOneForBoth(args: Arguments): void {
  if (args.text('output') === '-' && args.text('losses') === '-')
    throw new MsbomError('ERR_CLI_USAGE', 'the document and its losses cannot be written to the same place', {
      hint: 'give -o and --losses different files',
    });
}

async function writeLosses(file: string, target: string, losses: readonly Finding[], args: Arguments, io: Session): Promise<void> {
  const list = args.text('losses');
  if (list !== undefined) await writeText(list, io, printableJson({ file, target, losses }));
}

function tellLosses(target: string, losses: readonly Finding[], args: Arguments, io: Session): void {
  const list = args.text('losses');
  for (const [id, what] of SUMS) {
    const count = losses.filter((each) => each.id === id).length;
    if (count > 0) say(args, io, `${target}: ${count} values or groups of values ${what}`);
  }
  const where = list === '-' ? 'standard output' : list;
  if (losses.length > 0) say(args, io, where === undefined ? '--losses FILE lists them' : `listed in ${where}`);
}
