/** TOML within limits: what makes values is weighed before the parser holds them. */
import { parse, TomlError } from 'smol-toml';
import { place, type TextPlace } from '../../../core/json-text.js';
import { asObject, type Loose } from '../../values.js';

/** What was read, or why it was not, and where in the text. */
export type Toml = { readonly value: Loose } | { readonly problem: string; readonly place: Pick<TextPlace, 'line' | 'column'> };

/** The parser takes some hundred bytes for each unit of weight. */
export const MAX_TOML_WEIGHT = 1_600_000;

/** Marks outside texts and comments: keys and tables take some 500 bytes, each part of a dotted key as much, other values a fifth. */
const WEIGHTS: ReadonlyMap<number, number> = new Map([
  [0x3d, 4], // =
  [0x5b, 5], // [
  [0x7b, 4], // {
  [0x2e, 5], // .
  [0x2c, 1], // ,
]);
const [QUOTE, APOSTROPHE, BACKSLASH, HASH, LF] = [0x22, 0x27, 0x5c, 0x23, 0x0a];

/** A TOML document, its whole numbers exact. Source: https://toml.io/en/v1.0.0 */
export function parseToml(text: string): Toml {
  const beyond = markBeyond(text, MAX_TOML_WEIGHT);
  if (beyond !== undefined) return { problem: 'the document has more keys, tables and values than are read', place: place(text, beyond) };
  try {
    return { value: asObject(parse(text, { integersAsBigInt: 'asNeeded' })) ?? {} };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { problem: error.message.split('\n', 1)[0] ?? 'not TOML', place: { line: error.line, column: error.column } };
  }
}

/** Offset of the mark with which all weigh more than `max`. */
function markBeyond(text: string, max: number): number | undefined {
  let weight = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE || c === APOSTROPHE) i = endOfText(text, i, c);
    else if (c === HASH) i = endOfComment(text, i);
    else weight += WEIGHTS.get(c) ?? 0;
    if (weight > max) return i;
  }
  return undefined;
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** Index of the last quote of the text that opens at `start`; the end of the line, or of all, when there is none. */
function endOfText(text: string, start: number, quote: number): number {
  const isLong = text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote;
  for (let i = start + (isLong ? 3 : 1); i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH && quote === QUOTE) i++;
    else if (c === LF && !isLong) return i;
    else if (c === quote && !isLong) return i;
    else if (c === quote && text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) {
      // Up to two quotes more belong to the text.
      let end = i + 2;
      while (end < i + 4 && text.charCodeAt(end + 1) === quote) end++;
      return end;
    }
  }
  return text.length;
}
