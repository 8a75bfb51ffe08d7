/** The page on one screen of a terminal. */
import type { Printable } from '../core/printable.js';
import { type Line, type Paint, plain, printLines, type Span } from '../report/index.js';
import type { Page, Section, Table, TreeNode } from './page.js';
import { excerpt } from './words.js';

/** Rows of a table, facts of a section and characters of a value that are shown. */
const MAX_ROWS = 6;
const MAX_FACTS = 16;
const MAX_VALUE = 100;
const MAX_CELL = 40;

export function pageAsText({ title, subtitle, sections }: Page, paint: Paint = plain): Printable {
  return printLines([[['bold', title], ` (${subtitle})`], ...sections.flatMap(sectionLines)], paint);
}

function sectionLines({ id, title, facts = [], table, tree, notes = [] }: Section): readonly Line[] {
  const shown = facts.slice(0, MAX_FACTS);
  const width = Math.max(0, ...shown.map(({ label }) => label.length));
  return [
    '',
    [[id === 'contradictions' || id === 'unknown' ? 'yellow' : 'bold', title]],
    ...shown.map(({ label, value }): Line => `  ${label.padEnd(width)}  ${excerpt(value, MAX_VALUE)}`),
    ...more(facts.length - shown.length, 'value'),
    ...(tree === undefined ? [] : treeLines(tree, '  ', '  ')),
    ...(table === undefined ? [] : tableLines(table)),
    ...notes.slice(0, MAX_ROWS).map((note): Line => `  ${excerpt(note, MAX_VALUE)}`),
    ...more(notes.length - MAX_ROWS, 'line'),
  ];
}

const more = (count: number, what: string): readonly Line[] =>
  count <= 0 ? [] : [[['dim', `  … and ${count} more ${what}${count === 1 ? '' : 's'}`]]];

function tableLines({ columns, rows, more: left = 0 }: Table): readonly Line[] {
  const shown = rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => excerpt(cell, MAX_CELL)));
  const widths = columns.map((column, i) => Math.max(column.length, ...shown.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();
  return rows.length === 0 ? [] : [[['dim', line(columns)]], ...shown.map(line), ...more(rows.length - shown.length + left, 'row')];
}

function treeLines({ name, relation, state, children }: TreeNode, first: string, rest: string): readonly Line[] {
  return [
    [
      `${first}${relation === undefined ? '' : `${relation} `}${name}`,
      ...(state === undefined ? [] : ['  ', [state === 'verified' ? 'green' : 'red', state] satisfies Span]),
    ],
    ...children.flatMap((child, i) => {
      const isLast = i === children.length - 1;
      return treeLines(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`);
    }),
  ];
}
