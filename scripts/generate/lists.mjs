// The lists of readers, metadata sources and probes → one page each.
import { existsSync } from 'node:fs';

const NOTE = '<!-- Written by scripts/generate.mjs from the code itself. Do not edit. -->';
const row = (...cells) => `| ${cells.join(' | ')} |`;

export async function lists(root) {
  const [{ READERS }, { COLLECTORS }, { PROBES }] = await Promise.all(
    ['formats/index.js', 'collect/index.js', 'node.js'].map((path) => import(`${root}dist/${path}`)),
  );
  const page = (id) => (existsSync(`${root}docs/collectors/${id}.md`) ? `[${id}](collectors/${id}.md)` : `\`${id}\``);
  return {
    'docs/formats.md': `# Formats

${NOTE}

The content of a file decides its format, never its name. A reader reads the header only, in bounded memory, and executes nothing. What it does not look into it says: \`inspection\` is then \`partial\`, with the reason.

| format | id | usual names |
|---|---|---|
${READERS.map(({ id, title, extensions }) => row(title, `[${id}](formats/${id}.md)`, extensions.map((each) => `\`${each}\``).join(' ') || '–')).join('\n')}

Every other file is listed and hashed. When its name says that it holds weights, its \`inspection\` is \`notInspected\` with the reason \`format unknown\`: nothing is known of its content, which is not the same as nothing being wrong with it.
`,
    'docs/sources.md': `# Metadata sources and probes

${NOTE}

## Files beside the model
\`msbom collect\` reads them wherever they lie in the directory. \`--only ID\` reads none but those, \`--exclude ID\` leaves one out.

| source | files |
|---|---|
${COLLECTORS.map(({ id, files }) => row(page(id), files)).join('\n')}

Training settings of all of them get [one set of names](collectors/hyperparameters.md); of [several runs](collectors/several-runs.md) in one directory only one speaks.

## The machine
\`msbom record\` asks the groups \`env\`, \`git\`, \`hardware\` and \`os\`; \`msbom collect\` asks those named by \`--with\`, by group or id.

| probe | group | reads |
|---|---|---|
${PROBES.map(({ id, group, reads }) => row(page(id), group, reads)).join('\n')}
`,
  };
}
