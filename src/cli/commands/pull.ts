import { MsbomError } from '../../core/error.js';
import { optional } from '../../core/objects.js';
import { PULL_FORMATS, type PullFormat, pull } from '../../verbs/pull.js';
import type { Arguments, Command } from '../command.js';
import { paintFor, say } from '../printer.js';
import { registryFrom } from '../registry.js';
import { REGISTRY_OPTIONS } from '../registry-options.js';
import { verifyOptionsFrom } from '../signature.js';
import { TRUST_OPTIONS } from '../signature-options.js';
import { SUMMARIES } from '../summaries.js';

export const command: Command = {
  name: 'pull',
  summary: SUMMARIES.pull,
  usage: 'msbom pull REFERENCE --output DIRECTORY [OPTIONS]',
  description:
    'Takes what refers to an artifact into a directory: the signature over its files as model.sig, claims as claims.jsonl; with --files the files of the model too, so that the directory verifies as it was signed. Every byte is checked by its digest before anything gets its name. With --public-key, --cert-root or --trusted-root nothing is written unless the artifact verifies. Documents that nobody signed come with --documents alone.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    output: { type: 'string', short: 'o', value: 'DIRECTORY', help: 'where the signature, the claims and the files go' },
    files: { type: 'boolean', help: 'the files of the model too' },
    documents: { type: 'string', value: 'DIRECTORY', help: 'where documents go that nobody signed; default they are left where they are' },
    force: { type: 'boolean', help: 'replace files that are there' },
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      choices: PULL_FORMATS,
      default: 'text',
      help: 'how the list of files is written',
    },
    ...TRUST_OPTIONS,
    ...REGISTRY_OPTIONS,
  },
  examples: [
    [
      'msbom pull oci://registry.example/acme/lora:1.0 -o ./lora --files --public-key key.pub',
      'the model with its evidence, if it verifies',
    ],
    ['msbom pull oci://registry.example/acme/lora:1.0 -o ./lora', 'the evidence alone'],
    ['msbom pull oci:./layout:1.0 -o ./lora --files', 'out of an OCI layout, without a network'],
  ],
  exits: [
    'everything was written',
    'the artifact does not verify, and nothing was written',
    'nothing was written: the registry refused, a digest differs, a file is there already, or a usage error',
  ],
  async run(args, io) {
    const [target = ''] = args.positionals;
    const output = args.text('output');
    if (output === undefined) throw new MsbomError('ERR_CLI_USAGE', '`msbom pull` needs --output', { hint: 'name a directory' });
    const result = await pull(target, {
      ...io,
      output,
      files: args.flag('files'),
      force: args.flag('force'),
      ...(asksForTrust(args) ? await verifyOptionsFrom(args, io) : {}),
      ...optional('documents', args.text('documents')),
      registry: registryFrom(target, args, io),
    });
    const format = args.text('format') as PullFormat; // one of the choices
    io.stdout.write(await result.render(format, { paint: paintFor(io.stdout, io) }));
    if (result.exitCode !== 0) return result.exitCode;
    for (const { from, detail } of result.unread) say(args, io, [['yellow', 'not read'], `  ${from}: ${detail}`]);
    if (result.left > 0) say(args, io, `${result.left} other things refer to the artifact and were left there`);
    return result.exitCode;
  },
};

const asksForTrust = (args: Arguments): boolean =>
  args.text('public-key') !== undefined || args.text('trusted-root') !== undefined || args.texts('cert-root').length > 0;
