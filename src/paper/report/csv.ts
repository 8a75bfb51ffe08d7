/** Cells for spreadsheets and registers, by RFC 4180, but for the ends of lines, which are those of all our documents. */
import { type Printable, printableDocument } from '../../core/printable.js';
import type { Paper } from '../paper.js';
import { GAP } from './words.js';

const COLUMNS = ['section', 'item', 'entry', 'cell', 'label', 'value', 'gap', 'pointer', 'evidence'] as const;

/**
 * A row for each statement and each gap. A text that a spreadsheet would take for a formula has an apostrophe in front.
 * Sources: RFC 4180; https://owasp.org/www-community/attacks/CSV_Injection
 */
export function paperAsCsv({ sections, footnotes }: Paper): Printable {
  const rows = sections.flatMap(({ title, items }) =>
    items.flatMap(({ id, statements, gaps }) => [
      ...statements.map(({ entry = '', code = '', label, value, pointer, note }) => [
        title,
        id,
        entry,
        code,
        label,
        value,
        '',
        pointer,
        footnotes[note - 1]?.sources.join('; ') ?? '',
      ]),
      ...gaps.map(({ label = '', what, pointer }) => [title, id, '', '', label, '', `${GAP}: ${what}`, pointer, '']),
    ]),
  );
  return printableDocument([COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join(''));
}

const cell = (text: string): string => {
  const line = text.replace(/[\r\n\t]+/g, ' ');
  const safe = /^[=+\-@]/.test(line) && !/^[+-]?\d+(?:\.\d+)?$/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
