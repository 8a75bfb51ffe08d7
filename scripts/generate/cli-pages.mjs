// The command line's own help → one page for each verb.
import { execFileSync } from 'node:child_process';

/** The help of the program (`''`) and of each verb. */
export const helps = (root, verbs) =>
  new Map(
    ['', ...verbs].map((verb) => [
      verb,
      execFileSync(process.execPath, [`${root}dist/cli/main.js`, ...(verb === '' ? [] : [verb]), '--help'], { encoding: 'utf8' }),
    ]),
  );

export const cliPages = (pages) =>
  Object.fromEntries(
    [...pages].flatMap(([verb, help]) =>
      verb === ''
        ? []
        : [
            [
              `docs/cli/${verb}.md`,
              `# msbom ${verb}\n\n<!-- Written by scripts/generate.mjs from the command itself. Do not edit. -->\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`,
            ],
          ],
    ),
  );
