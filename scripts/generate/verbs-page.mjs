// What each verb is called, takes, writes and answers: one table, from the commands themselves.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Every format of documents, where a verb takes them by the names of files. */
const DOCUMENT = 'every document (`.msbom.json`, `.cdx.json`, `.cdx.xml`, `.spdx.json`, `.spdx`), `.html`, `.md`';

export function verbsPage(root, verbs) {
  const library = readFileSync(`${root}docs/library.md`, 'utf8').split('\n### msbom/node\n')[1]?.split('\n### ')[0] ?? '';
  const rows = verbs.map((verb) => {
    const help = execFileSync(process.execPath, [`${root}dist/cli/main.js`, verb, '--help'], { encoding: 'utf8' });
    const lines = help.split('\n');
    const option = (name) => lines.find((line) => line.includes(` --${name} `) && line.startsWith('  ')) ?? '';
    const choices = option('format').split('one of ')[1]?.split(/[;)]/)[0];
    const formats = option('output').includes('.cdx.json') || verb === 'record' ? DOCUMENT : (choices ?? '');
    const exits = lines.filter((line) => /^ {2}[012] {2}/.test(line)).map((line) => line.slice(5));
    const name = library.includes(`| \`${verb}\` |`) ? `\`${verb}\`` : '';
    return [`[${verb}](cli/${verb}.md)`, name, formats, ...exits].map((cell) => cell.replaceAll('|', '\\|'));
  });
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `# Verbs

<!-- Written by scripts/generate.mjs from the commands themselves. Do not edit. -->

A verb of the program, the function of \`msbom/node\` that it prints the answer of, the formats of that answer, and what the exit codes mean.

${[['verb', 'function', 'formats', 'exit 0', 'exit 1', 'exit 2'], ['---', '---', '---', '---', '---', '---'], ...rows].map(line).join('\n')}
`;
}
