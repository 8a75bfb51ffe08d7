import { resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { printableJson } from '../../core/printable.js';
import { DOCUMENT_TYPES, evidenceOf, pullArtifact, verifyArtifact } from '../../oci/index.js';
import { printLines } from '../../report/index.js';
import type { Arguments, Command } from '../command.js';
import { EXIT } from '../io.js';
import { paintFor, say } from '../printer.js';
import { openArtifact } from '../registry.js';
import { REGISTRY_OPTIONS } from '../registry-options.js';
import { reasonLines, verifyOptionsFrom } from '../signature.js';
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
      choices: ['text', 'json'],
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
    const output = args.text('output');
    if (output === undefined) throw new MsbomError('ERR_CLI_USAGE', '`msbom pull` needs --output', { hint: 'name a directory' });
    const options = asksForTrust(args) ? await verifyOptionsFrom(args, io) : undefined;
    const { repository, artifact } = await openArtifact(args.positionals[0] ?? '', args, io);
    const evidence = await evidenceOf(repository, artifact);
    const verdict = options === undefined ? undefined : await verifyArtifact(repository, artifact, options);
    if (verdict?.ok === false) {
      io.stdout.write(
        args.text('format') === 'json'
          ? printableJson({ version: 1, ok: false, reasons: verdict.reasons })
          : printLines([...reasonLines(verdict.reasons), [['red', 'not verified'], '  nothing was written']], paintFor(io.stdout, io)),
      );
      return EXIT.negative;
    }
    const accepted = verdict?.signatures.find(({ ok }) => ok)?.from;
    const signature = accepted === undefined ? undefined : evidence.bundles.find(({ from }) => from === accepted);
    const documents = args.text('documents');
    const pulled = await pullArtifact(repository, artifact, evidence, {
      directory: resolve(io.cwd, output),
      files: args.flag('files'),
      force: args.flag('force'),
      ...(signature === undefined ? {} : { signature }),
      ...(documents === undefined ? {} : { documents: resolve(io.cwd, documents) }),
    });
    const left = evidence.others.filter(({ layer }) => documents === undefined || DOCUMENT_TYPES[layer.mediaType] === undefined).length;
    if (args.text('format') === 'json')
      io.stdout.write(
        printableJson({
          version: 1,
          ok: true,
          artifact: repository.name,
          digest: artifact.descriptor.digest,
          files: pulled,
          unread: evidence.unread,
          left,
        }),
      );
    else
      io.stdout.write(
        printLines(
          pulled.map(({ path, kind, size }) => `${kind}  ${path}  ${size} bytes`),
          paintFor(io.stdout, io),
        ),
      );
    for (const { from, detail } of evidence.unread) say(args, io, [['yellow', 'not read'], `  ${from}: ${detail}`]);
    if (left > 0) say(args, io, `${left} other things refer to the artifact and were left there`);
    return EXIT.clean;
  },
};

const asksForTrust = (args: Arguments): boolean =>
  args.text('public-key') !== undefined || args.text('trusted-root') !== undefined || args.texts('cert-root').length > 0;
