// The command line's own help → one page for each verb.
import { execFileSync } from 'node:child_process';

export function cliPages(root, verbs) {
  return Object.fromEntries(
    verbs.map((verb) => {
      const help = execFileSync(process.execPath, [`${root}dist/cli/main.js`, verb, '--help'], { encoding: 'utf8' });
      return [
        `docs/cli/${verb}.md`,
        `# msbom ${verb}\n\n<!-- Written by scripts/generate.mjs from the command itself. Do not edit. -->\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`,
      ];
    }),
  );
}
