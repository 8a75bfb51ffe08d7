/** One page of HTML that needs nothing else: no network, no script that a policy of hashes refuses, whole without scripts. */
import { sha256Text } from '../core/digest.js';
import { TOOL } from '../core/tool.js';
import { evidenceOf, type Statements } from '../manifest/evidence.js';
import { htmlText as text } from '../report/markup.js';
import type { Manifest } from '../schema/index.js';
import { SCRIPT, STYLE } from './assets.js';
import type { Fact, Page, Section, Table, TreeNode } from './page.js';
import { excerpt } from './words.js';

type StatementsAt = (pointer: string) => Statements;

export function pageAsHtml({ title, subtitle, sections }: Page, manifest: Manifest): string {
  const statements = evidenceOf(manifest);
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${TOOL.name} ${TOOL.version}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
<p>Model SBOM of a ${text(subtitle)}</p>
<div class="search" hidden><label for="search">Search</label> <input id="search" type="search" autocomplete="off"> <output for="search" role="status"></output></div>
</header>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => `<li><a href="#${id}">${text(name)}</a></li>`).join('')}</ul></nav>
<main>
${sections.map((section) => sectionHtml(section, statements)).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Source expression of a Content Security Policy. Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
const hashOf = (content: string): string => {
  const bytes = sha256Text(content).match(/../g) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))))}`;
};

function sectionHtml({ id, title, facts = [], table, tree, notes = [] }: Section, statements: StatementsAt): string {
  const isWarning = id === 'contradictions' || id === 'unknown';
  return `<section id="${id}" aria-labelledby="${id}-title"${isWarning ? ' class="warning"' : ''}>
<h2 id="${id}-title">${text(title)}</h2>
${facts.length > 0 ? `<dl>${facts.map((fact) => factHtml(fact, statements)).join('\n')}</dl>` : ''}
${tree === undefined ? '' : `<ul class="tree">${nodeHtml(tree)}</ul>`}
${table === undefined || table.rows.length === 0 ? '' : tableHtml(table, title)}
${notes.length > 0 ? `<ul>${notes.map((note) => `<li data-row>${text(note)}</li>`).join('')}</ul>` : ''}
</section>`;
}

function factHtml({ label, value, pointer }: Fact, statements: StatementsAt): string {
  const { lines, isContradicted } = pointer === undefined ? { lines: [], isContradicted: false } : evidenceLines(statements(pointer));
  const mark = isContradicted ? ' <strong class="mark">contradicted</strong>' : '';
  const shown =
    lines.length === 0
      ? `${text(value)}${mark}`
      : `<details><summary title="${text(lines.join('; '))}">${text(value)}${mark}</summary><ul>${lines.map((line) => `<li>${text(line)}</li>`).join('')}</ul></details>`;
  return `<div data-row><dt>${text(label)}</dt><dd>${shown}</dd></div>`;
}

/** Statements that are shown of one value. */
const MAX_STATEMENTS = 20;

function evidenceLines({ supports, dissents }: Statements): { readonly lines: readonly string[]; readonly isContradicted: boolean } {
  const lines = [...supports, ...dissents].slice(0, MAX_STATEMENTS).map(({ entry, key, said }) => {
    const source = entry.source?.path ?? entry.source?.uri ?? entry.source?.name;
    const parts = [
      entry.origin,
      source === undefined ? undefined : `from ${source}`,
      key === undefined ? undefined : `(${key})`,
      entry.method,
    ];
    const words = parts.filter((part) => part !== undefined).join(' ');
    return said === undefined ? words : `${words}: says ${excerpt(JSON.stringify(said))}`;
  });
  return { lines, isContradicted: dissents.length > 0 };
}

function tableHtml({ columns, rows, more = 0 }: Table, caption: string): string {
  return `<div class="table" role="region" aria-label="Table: ${text(caption)}" tabindex="0"><table>
<thead><tr>${columns.map((column) => `<th scope="col">${text(column)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr data-row>${row.map((cell, i) => (i === 0 ? `<th scope="row">${text(cell)}</th>` : `<td>${text(cell)}</td>`)).join('')}</tr>`).join('\n')}
</tbody></table></div>${more > 0 ? `<p>${more} more are in the manifest.</p>` : ''}`;
}

const stateHtml = (state: string): string =>
  state === 'verified' ? ` <span class="relation">${state}</span>` : ` <strong class="mark">${text(state)}</strong>`;

const nodeHtml = ({ name, relation, state, children }: TreeNode): string =>
  `<li data-row>${relation === undefined ? '' : `<span class="relation">${text(relation)}</span> `}${text(name)}${state === undefined ? '' : stateHtml(state)}${children.length > 0 ? `<ul>${children.map(nodeHtml).join('')}</ul>` : ''}</li>`;
