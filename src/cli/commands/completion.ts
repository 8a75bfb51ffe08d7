import { MsbomError } from '../../core/error.js';
import { ownText } from '../../core/printable.js';
import { type Command, optionsOf } from '../command.js';
import { completionScript, SHELLS, type Shell } from '../completion.js';
import { EXIT } from '../io.js';
import { SUMMARIES } from '../summaries.js';

export const command: Command = {
  name: 'completion',
  summary: SUMMARIES.completion,
  usage: 'msbom completion SHELL',
  description: `Prints a script that lets ${SHELLS.join(', ')} complete verbs, options and their words. It is made of the verbs that this version has.`,
  minPositionals: 1,
  maxPositionals: 1,
  options: {},
  examples: [
    ['msbom completion bash > ~/.local/share/bash-completion/completions/msbom', 'for bash'],
    ['msbom completion zsh > ~/.zfunc/_msbom', 'for zsh, with ~/.zfunc in fpath'],
    ['msbom completion fish > ~/.config/fish/completions/msbom.fish', 'for fish'],
  ],
  exits: ['the script was printed', 'not used', 'the shell is not known'],
  async run(args, io) {
    const [shell = ''] = args.positionals;
    if (!(SHELLS as readonly string[]).includes(shell))
      throw new MsbomError('ERR_CLI_USAGE', `there are no completions for \`${shell}\``, { hint: `use one of ${SHELLS.join(', ')}` });
    const verbs = (await io.verbs()).map(({ name, summary, options }) => ({ name, summary, options: optionsOf({ options }) }));
    io.stdout.write(ownText(completionScript(shell as Shell, verbs))); // looked up
    return EXIT.clean;
  },
};
