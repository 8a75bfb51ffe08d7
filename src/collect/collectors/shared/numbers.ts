/** Numbers of a document by the path to each, and the rows of small tables. */
import { asObject } from '../../values.js';

const MAX_NUMBERS = 1000;
const MAX_DEPTH = 5;

/** Every finite number in objects within objects, its name with dots; lists are series, whose end is not known to be a result. */
export function* numbersIn(value: unknown, prefix = '', depth = 0): Generator<readonly [name: string, value: number]> {
  let count = 0;
  for (const [key, member] of Object.entries(asObject(value) ?? {})) {
    if (++count > MAX_NUMBERS) return;
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof member === 'number' && Number.isFinite(member)) yield [name, member];
    else if (depth < MAX_DEPTH && asObject(member) !== undefined) yield* numbersIn(member, name, depth + 1);
  }
}

/** A table of plain values; undefined where a row has another number of cells than the head. */
export interface SmallTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MAX_ROWS = 1_000_000;

/** Reads CSV as programs write it for numbers and names: one line a row; cells may stand in quotes and hold no line ends. */
export function smallTable(text: string): SmallTable | undefined {
  const lines = text.split(/\r?\n/, MAX_ROWS).filter((line) => line.trim() !== '');
  const [head = '', ...rest] = lines;
  const separator = head.includes(';') && !head.includes(',') ? ';' : ',';
  const columns = cells(head, separator);
  const rows = rest.map((line) => cells(line, separator));
  return columns.length < 2 || rows.length === 0 || rows.some((row) => row.length !== columns.length) ? undefined : { columns, rows };
}

function cells(line: string, separator: string): readonly string[] {
  const out: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line.replace(/^\ufeff/, '')) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      out.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...out, cell.trim()];
}

/** The number that a cell is; undefined for anything else. */
export const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
