import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { manifest } from '../../build/index.js';
import { MsbomError } from '../../core/error.js';
import { type Arguments, type Command, OUTPUT_OPTION } from '../command.js';
import { EXIT, type Session } from '../io.js';
import { say, writeOutput } from '../printer.js';
import { SUMMARIES } from '../summaries.js';
import { nowFrom } from '../values.js';

export const command: Command = {
  name: 'init',
  summary: SUMMARIES.init,
  usage: 'msbom init [OPTIONS]',
  description:
    'Writes the smallest valid manifest for a model without files, with what is still to be said declared as unknown. For a model that is on disk use `msbom collect`.',
  minPositionals: 0,
  maxPositionals: 0,
  options: {
    ...OUTPUT_OPTION,
    name: { type: 'string', help: 'name of the model; default the name of the current directory' },
    'model-version': { type: 'string', value: 'VERSION', help: 'version of the model' },
    author: { type: 'string', value: 'NAME', help: 'who makes the document' },
  },
  examples: [['msbom init --name digits-cnn --model-version 1.0.0 -o digits-cnn.msbom.json', 'start a manifest by hand']],
  exits: ['the manifest was written', 'not used', 'nothing was written'],
  async run(args, io) {
    await refuseExisting(args, io);
    const version = args.text('model-version');
    const draft = manifest(
      { name: args.text('name') ?? basename(io.cwd), ...(version === undefined ? {} : { version }) },
      { now: nowFrom(io) },
    );
    const author = args.text('author');
    if (author !== undefined) draft.author({ name: author });
    else draft.declare('/bom/authors', 'unknown', 'to be filled in');
    for (const pointer of ['/artifacts', '/datasets', '/evaluations', '/usage', '/model/licenses', '/model/lineage', '/model/training'])
      draft.declare(pointer, 'unknown', 'to be filled in');
    await writeOutput(args, io, draft.stringify());
    say(args, io, 'Fill in what is declared as unknown, remove its declaration, then run `msbom validate`.');
    return EXIT.clean;
  },
};

/** What was filled in by hand says that msbom made it, all the same it is not written over. @throws ERR_IO_EXISTS */
async function refuseExisting(args: Arguments, io: Session): Promise<void> {
  const target = args.text('output') ?? '-';
  const found = target === '-' ? undefined : await stat(resolve(io.cwd, target)).catch(() => undefined);
  if (found?.isFile() === true && found.size > 0 && !args.flag('force'))
    throw new MsbomError('ERR_IO_EXISTS', 'the file exists already, and a first manifest is a new file', {
      file: target,
      hint: 'name another file with -o, or replace it with --force',
    });
}
