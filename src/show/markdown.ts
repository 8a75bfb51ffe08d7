/** A model card that a person would publish: front matter as the Hub reads it, then the page. */
import { ownText, type Printable, printableDocument } from '../core/printable.js';
import { markdownRow, markdownText as text } from '../report/markup.js';
import type { Manifest } from '../schema/index.js';
import { lineageAsMermaid } from './lineage.js';
import type { Page, Section, Table } from './page.js';

/** Rows of one table. */
const MAX_ROWS = 200;

export function pageAsMarkdown({ title, sections }: Page, manifest: Manifest): Printable {
  // JSON is YAML, and its escapes leave nothing that a terminal or a CI obeys.
  const front = Object.entries(frontMatter(manifest)).map(([key, value]) => `${key}: ${printableDocument(JSON.stringify(value))}\n`);
  const head = front.length === 0 ? '' : `---\n${front.join('')}---\n`;
  return ownText(`${head}# ${text(title)}\n\n${sections.map(sectionText).join('\n')}`);
}

/** Keys of a model card. Source: https://github.com/huggingface/hub-docs/blob/main/modelcard.md */
function frontMatter({ model, models = {}, datasets = {} }: Manifest): { readonly [key: string]: unknown } {
  if (model === undefined) return {};
  const [license] = model.licenses ?? [];
  const id = license?.expression?.toLowerCase();
  const uses = Object.values(model.training?.uses ?? {}).map(({ dataset }) => datasets[dataset]?.name ?? dataset);
  const bases = Object.values(model.lineage?.parents ?? {}).map(({ model: parent }) => fullName(models[parent]) ?? parent);
  const members = {
    language: model.languages,
    license: license === undefined ? undefined : id !== undefined && !id.includes(' ') ? id : 'other',
    license_name: id === undefined || id.includes(' ') ? (license?.name ?? license?.expression) : undefined,
    library_name: model.libraries?.[0],
    pipeline_tag: model.types?.[0],
    tags: model.tags,
    base_model: bases.length > 0 ? bases : undefined,
    datasets: uses.length > 0 ? [...new Set(uses)] : undefined,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const fullName = (model: { readonly name: string; readonly group?: string } | undefined): string | undefined =>
  model === undefined ? undefined : model.group === undefined ? model.name : `${model.group}/${model.name}`;

function sectionText({ title, facts = [], table, tree, notes = [] }: Section): string {
  return [
    `## ${title}\n`,
    ...(facts.length > 0 ? [tableText({ columns: ['', ''], rows: facts.map(({ label, value }) => [label, value]) })] : []),
    ...(tree === undefined ? [] : [`\`\`\`mermaid\n${lineageAsMermaid(tree)}\`\`\`\n`]),
    ...(table === undefined || table.rows.length === 0 ? [] : [tableText(table)]),
    ...(notes.length > 0 ? [`${notes.map((note) => `- ${text(note)}`).join('\n')}\n`] : []),
  ].join('\n');
}

function tableText({ columns, rows, more = 0 }: Table): string {
  const left = rows.length - MAX_ROWS + more;
  return [
    markdownRow(columns),
    `|${columns.map(() => '---').join('|')}|`,
    ...rows.slice(0, MAX_ROWS).map(markdownRow),
    ...(left > 0 ? [`\n${left} more are in the manifest.`] : []),
    '',
  ].join('\n');
}
