import { resolve } from 'node:path';
import {
  CYCLONEDX_VERSIONS,
  type CycloneDXVersion,
  lintCycloneDX,
  stringifyCycloneDX,
  toCycloneDX,
  validateCycloneDX,
} from '../../convert/index.js';
import { MsbomError } from '../../core/error.js';
import { writeFileAtomic } from '../../node/write.js';
import { type Command, OUTPUT_OPTION } from '../command.js';
import { readManifest } from '../input.js';
import { EXIT } from '../io.js';
import { say, writeOutput } from '../printer.js';

const TARGETS = CYCLONEDX_VERSIONS.map((version) => `cyclonedx@${version}`);

export const command: Command = {
  name: 'convert',
  summary: 'write a manifest as a CycloneDX ML-BOM',
  usage: 'msbom convert FILE [OPTIONS]',
  description:
    'Converts a valid manifest. The result is checked against the official schema and for closed references before it is written. What the target has no place for is counted on standard error; --losses lists it.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...OUTPUT_OPTION,
    to: {
      type: 'string',
      short: 't',
      value: 'TARGET',
      choices: ['cyclonedx', ...TARGETS],
      default: 'cyclonedx@1.6',
      help: 'format and version of the result',
    },
    losses: { type: 'string', value: 'FILE', help: 'write what could not be carried over to FILE, as JSON' },
  },
  examples: [
    ['msbom convert m.msbom.json --to cyclonedx@1.6 -o bom.json', 'for compliance tools'],
    ['msbom collect . | msbom convert - --losses losses.json', 'see what the target cannot say'],
  ],
  exits: ['the document was written', 'the manifest is not valid', 'nothing was written: a file could not be read, or a usage error'],
  async run(args, io) {
    const [file = '-'] = args.positionals;
    const manifest = await readManifest(file, io);
    const target = args.text('to') ?? '';
    const version = (target.split('@')[1] ?? '1.6') as CycloneDXVersion; // one of the choices
    const { document, losses } = toCycloneDX(manifest, { version });
    const text = stringifyCycloneDX(document);
    const problems = [...lintCycloneDX(document), ...(await validateCycloneDX(text, version))];
    if (problems.length > 0) {
      throw new MsbomError(
        'ERR_CONVERT_INVALID',
        `the CycloneDX ${version} document is not valid: ${problems[0]?.message} at ${problems[0]?.pointer}`,
        { findings: problems, hint: 'please report this together with the manifest' },
      );
    }
    await writeOutput(args, io, text);
    const lossFile = args.text('losses');
    if (lossFile !== undefined)
      await writeFileAtomic(resolve(io.cwd, lossFile), `${JSON.stringify({ file, target: `cyclonedx@${version}`, losses }, null, 2)}\n`);
    if (losses.length > 0)
      say(
        args,
        io,
        `${losses.length} values or groups of values have no place in CycloneDX ${version}${lossFile === undefined ? '; --losses FILE lists them' : `, listed in ${lossFile}`}\n`,
      );
    return EXIT.clean;
  },
};
