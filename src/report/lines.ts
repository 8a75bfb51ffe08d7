import { escapedParts, ownText, type Printable } from '../core/printable.js';

/** Colours by name; the identity where there are none. */
export type Paint = (style: 'red' | 'yellow' | 'cyan' | 'green' | 'dim' | 'bold', text: string) => string;
export type Style = Parameters<Paint>[0];

export const plain: Paint = (_style, text) => text;

/** A part of a line, in a style or in none. Whoever wrote the text: it is escaped when it is printed. */
export type Span = string | readonly [style: Style, text: string];
export type Line = string | readonly Span[];

/** Lines for people. Whatever their texts hold, there are as many lines as were given. */
export function printLines(lines: readonly Line[], paint: Paint = plain): Printable {
  return ownText(lines.map((line) => `${printLine(typeof line === 'string' ? [line] : line, paint)}\n`).join(''));
}

function printLine(spans: readonly Span[], paint: Paint): string {
  const texts = escapedParts(spans.map((span) => (typeof span === 'string' ? span : span[1])));
  return spans.map((span, i) => (typeof span === 'string' ? texts[i] : paint(span[0], texts[i] ?? ''))).join('');
}
