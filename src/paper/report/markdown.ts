import { ownText, type Printable } from '../../core/printable.js';
import { markdownText as text } from '../../report/markup.js';
import type { Footnote, Paper, PaperItem, Statement } from '../paper.js';
import { askedOf, EMPTY, GAP, gapText, headOf, moreText, titleOf, UNVERIFIED } from './words.js';

/** Markdown with footnotes as GitHub, GitLab and Pandoc read them. */
export function paperAsMarkdown(paper: Paper): Printable {
  const lines = [
    `# ${text(paper.title)}: ${text(paper.subject)}`,
    '',
    ...headOf(paper).flatMap((line) => [text(line), '']),
    ...paper.sections.flatMap(({ title, items }) => [`## ${text(title)}`, '', ...items.flatMap(itemLines)]),
    ...(paper.footnotes.length === 0 ? [] : ['## Evidence', '', ...paper.footnotes.map(noteLine)]),
  ];
  return ownText(lines.map((line) => `${line}\n`).join(''));
}

function itemLines(item: PaperItem): readonly string[] {
  const { statements, gaps, reasons, more = 0, unverified, status } = item;
  const lines = [
    ...statements.map(statementLine),
    ...(more === 0 ? [] : [`- ${text(moreText(more))}`]),
    ...gaps.map((gap) => `- **${GAP}:** ${text(gapText(gap))}`),
    ...reasons.map((reason) => `- *${text(reason)}*`),
  ];
  return [
    `### ${text(titleOf(item))}`,
    '',
    `${text(askedOf(item))}${unverified ? ` **${text(UNVERIFIED)}**` : ''}`,
    '',
    ...(lines.length === 0 ? [`- *${text(status === 'not-applicable' ? 'Not applicable.' : EMPTY)}*`] : lines),
    '',
  ];
}

const statementLine = ({ entry, code, label, value, note }: Statement): string =>
  `- ${entry === undefined ? '' : `**${text(entry)}** — `}${code === undefined ? '' : `${text(code)} `}${text(label)}: ${text(value)}[^${note}]`;

const noteLine = ({ number, pointer, sources }: Footnote): string => `[^${number}]: ${text(`${pointer}: ${sources.join('; ')}`)}`;
