/** Texts of anybody as text of a page: what stands in every HTML page and every piece of Markdown that is written here. */
import { escaped } from '../core/printable.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text of anybody in HTML, in an element or between quotes. What is not seen, or turns the direction of what follows, is shown as its
 * number.
 */
export const htmlText = (value: string): string =>
  value
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

/** Text of anybody inside one line of Markdown: no mark-up, no HTML, no link that was not meant, no end of the line. */
export const markdownText = (value: string): string =>
  escaped(value)
    .replace(/[\\`*_{}[\]()<>#+|!~$&]/g, (sign) => (sign === '<' || sign === '&' ? (ENTITIES[sign] ?? '') : `\\${sign}`))
    .replace(/:\/\//g, ':\\/\\/');

/** Row of a table in Markdown; what its cells hold is text. */
export const markdownRow = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
