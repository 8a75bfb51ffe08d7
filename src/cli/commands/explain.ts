import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MsbomError } from '../../core/error.js';
import { nearest } from '../../core/nearest.js';
import { ownText, type Printable } from '../../core/printable.js';
import type { Command } from '../command.js';
import { wrapped } from '../help.js';
import { EXIT } from '../io.js';
import { SUMMARIES } from '../summaries.js';

/** Folders of the documentation that have one page for each id. */
const FOLDERS = ['rules', 'scan-rules', 'errors', 'formats', 'cli'] as const;

export const command: Command = {
  name: 'explain',
  summary: SUMMARIES.explain,
  usage: 'msbom explain [ID]',
  description:
    'Without an id lists what there are pages of. With one prints why a rule exists, what an error means, and what to do. The id stands in brackets behind every finding and error.',
  minPositionals: 0,
  maxPositionals: 1,
  options: {},
  examples: [
    ['msbom explain license-conflict', 'a rule'],
    ['msbom explain ERR_FORMAT_TRUNCATED', 'an error code'],
  ],
  exits: ['the page was printed', 'not used', 'there is no page of that id'],
  async run(args, io) {
    const [id] = args.positionals;
    const root = documentation();
    if (id === undefined) {
      io.stdout.write(topics(root, io.stdout.columns));
      return EXIT.clean;
    }
    const pages = new Map(
      FOLDERS.flatMap((folder) => listPages(join(root, folder)).map((name) => [name, join(root, folder, `${name}.md`)] as const)),
    );
    const path = pages.get(id) ?? pages.get(id.toUpperCase());
    if (path === undefined) {
      const reason = await reasonPage(id);
      if (reason !== undefined) {
        io.stdout.write(reason);
        return EXIT.clean;
      }
      const guess = nearest(id, [...pages.keys()]);
      throw new MsbomError('ERR_CLI_USAGE', `there is no page \`${id}\``, {
        hint: guess === undefined ? 'the id stands in brackets behind a finding' : `did you mean \`${guess}\`?`,
      });
    }
    io.stdout.write(ownText(readFileSync(path, 'utf8')));
    return EXIT.clean;
  },
};

/** A reason for which `verify` accepts no signature says itself what to do. */
async function reasonPage(id: string): Promise<Printable | undefined> {
  const { REASONS } = await import('../../sign/reasons.js');
  if (!Object.hasOwn(REASONS, id)) return undefined;
  const [kind, next] = REASONS[id as keyof typeof REASONS];
  return ownText(
    `# ${id}\n\nA reason for which a signature, or what it is over, is not accepted; of the class ${kind}.\n\n## What to do\n\n${next}\n`,
  );
}

/** Ids of all pages, under what they are about. */
function topics(root: string, columns = 100): Printable {
  const parts = FOLDERS.map((folder) => {
    const ids = [...listPages(join(root, folder))].sort().join(', ');
    return `${TITLES[folder]}\n${wrapped(ids, Math.max(24, columns - 2))
      .map((line) => `  ${line}\n`)
      .join('')}`;
  });
  return ownText(parts.join('\n'));
}

const TITLES: Readonly<Record<(typeof FOLDERS)[number], string>> = {
  rules: 'findings of documents',
  'scan-rules': 'findings of the scanner',
  errors: 'errors',
  formats: 'formats of files',
  cli: 'verbs',
};

function listPages(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .map((name) => name.slice(0, -'.md'.length))
    : [];
}

/** The docs folder of the package, above wherever the code was bundled to. */
function documentation(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'docs', 'errors')) && dirname(at) !== at) at = dirname(at);
  return join(at, 'docs');
}
