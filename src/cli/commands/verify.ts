import { resolve } from 'node:path';
import { MsbomError } from '../../core/error.js';
import { printableJson } from '../../core/printable.js';
import { verifyDirectory } from '../../node.js';
import { verdictAsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { readManifest } from '../input.js';
import { EXIT } from '../io.js';
import { paintFor } from '../printer.js';
import { progressBar } from '../progress.js';
import { excluder, numberFrom } from '../values.js';

export const command: Command = {
  name: 'verify',
  summary: 'recompute every digest and compare it with a manifest',
  usage: 'msbom verify DIRECTORY --manifest FILE [OPTIONS]',
  description:
    'Reads every file of the directory once, computes every digest that the manifest states, and says which files are changed, missing, added, unreadable or unchecked, and what the verdict does not cover. Nothing but a match of every file, with no file besides them, is a success.',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    manifest: { type: 'string', short: 'm', value: 'FILE', help: 'the manifest to verify against (required)' },
    format: { type: 'string', short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', help: 'how the verdict is written' },
    exclude: { type: 'string', value: 'GLOB', multiple: true, help: 'do not look at added files that match' },
    strict: {
      type: 'boolean',
      help: 'accept nothing that the manifest does not cover: no ignored or excluded path, no link, no digest that is not checked',
    },
    jobs: { type: 'string', short: 'j', value: 'N', help: 'threads for hashing at most' },
  },
  examples: [
    ['msbom verify ./my-model --manifest my-model.msbom.json', 'are these the files that were described?'],
    ['msbom verify ./my-model -m my-model.msbom.json --strict', 'and is nothing else there?'],
  ],
  exits: [
    'every file matches',
    'a file is changed, missing, added, unreadable or unchecked, or --strict does not accept something',
    'the manifest or the directory could not be read, or a usage error',
  ],
  async run(args, io) {
    const file = args.text('manifest');
    if (file === undefined) {
      throw new MsbomError('ERR_CLI_USAGE', '`msbom verify` needs --manifest', { hint: 'usage: msbom verify DIRECTORY --manifest FILE' });
    }
    const manifest = await readManifest(file, io);
    const progress = progressBar(io, args);
    const jobs = numberFrom(args, 'jobs');
    const result = await verifyDirectory(resolve(io.cwd, args.positionals[0] ?? '.'), manifest, {
      manifestFile: resolve(io.cwd, file),
      strict: args.flag('strict'),
      exclude: excluder(args.texts('exclude')),
      onProgress: progress.update,
      ...(jobs === undefined ? {} : { jobs }),
    }).finally(progress.end);
    io.stdout.write(args.text('format') === 'json' ? printableJson(result) : verdictAsText(result, paintFor(io.stdout, io)));
    return result.ok ? EXIT.clean : EXIT.negative;
  },
};
