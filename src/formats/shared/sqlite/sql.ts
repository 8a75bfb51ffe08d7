/**
 * CREATE TABLE as SQLite keeps it: names, types and constant defaults of the columns. Nothing is evaluated; what is not
 * understood for certain makes a table that is not read.
 * Source: https://www.sqlite.org/lang_createtable.html
 */
import { MAX_COLUMNS, type SqlValue, UNREAD } from './record.js';

/** Characters of a statement that is parsed. */
const MAX_SQL = 200_000;

export interface Column {
  readonly name: string;
  /** Declared type, in capitals; empty without one. */
  readonly type: string;
  /** What a row holds that was written before the column was added. */
  readonly missing: SqlValue;
  /** Stands for the number of the row, which the record does not hold. */
  rowid: boolean;
}

export interface TableDefinition {
  readonly columns: readonly Column[];
}

/** A statement's columns, or why it is not read. */
export type Parsed = { readonly table: TableDefinition } | { readonly problem: string };

type TokenKind = 'word' | 'name' | 'text' | 'number' | 'blob' | 'sign';
interface Token {
  readonly kind: TokenKind;
  /** Words in capitals, names and texts without their quotes. */
  readonly value: string;
  /** As it is written. */
  readonly raw: string;
}

/** One token at a time, so that nothing is looked at twice. */
const TOKEN =
  /[\s\uFEFF]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|([xX]'[0-9a-fA-F]*')|('[^']*(?:''[^']*)*')|("[^"]*(?:""[^"]*)*")|(`[^`]*(?:``[^`]*)*`)|(\[[^\]]*\])|(\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d[\w]*)|([\p{L}_$\u0080-\uffff][\p{L}\w$\u0080-\uffff]*)|([(),.;+\-*/%<>=!|&~?:@#])/uy;

function tokensOf(sql: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const found = TOKEN.exec(sql);
    if (found === null) return undefined;
    const token = tokenOf(found);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function tokenOf([raw, blob, text, quoted, backtick, bracket, number, word, sign]: RegExpExecArray): Token | undefined {
  const unquoted = (value: string, quote: string) => value.slice(1, -1).replaceAll(quote + quote, quote);
  if (blob !== undefined) return { kind: 'blob', value: blob.slice(2, -1), raw };
  if (text !== undefined) return { kind: 'text', value: unquoted(text, "'"), raw };
  if (quoted !== undefined) return { kind: 'name', value: unquoted(quoted, '"'), raw };
  if (backtick !== undefined) return { kind: 'name', value: unquoted(backtick, '`'), raw };
  if (bracket !== undefined) return { kind: 'name', value: bracket.slice(1, -1), raw };
  if (number !== undefined) return { kind: 'number', value: number, raw };
  if (word !== undefined) return { kind: 'word', value: word.toUpperCase(), raw };
  return sign === undefined ? undefined : { kind: 'sign', value: sign, raw };
}

const isWord = (token: Token | undefined, ...values: readonly string[]): boolean => token?.kind === 'word' && values.includes(token.value);
const isSign = (token: Token | undefined, value: string): boolean => token?.kind === 'sign' && token.value === value;
/** A quoted text may be a name too. */
const nameOf = (token: Token | undefined): string | undefined =>
  token?.kind === 'word' ? token.raw : token?.kind === 'name' || token?.kind === 'text' ? token.value : undefined;

/** Parses the statement of an ordinary table. */
export function parseCreateTable(sql: string): Parsed {
  if (sql.length > MAX_SQL) return { problem: `its statement has more than ${MAX_SQL} characters` };
  const tokens = tokensOf(sql);
  if (tokens === undefined) return { problem: 'its statement is not understood' };
  if (isWord(tokens[0], 'CREATE') && isWord(tokens[1], 'VIRTUAL')) return { problem: 'it is a virtual table, which a program computes' };
  if (!isWord(tokens[0], 'CREATE') || !isWord(tokens[1], 'TABLE') || nameOf(tokens[2]) === undefined || !isSign(tokens[3], '('))
    return { problem: 'it was not made by a plain CREATE TABLE' };
  const parts = partsOf(tokens, 4);
  if (parts === undefined) return { problem: 'its statement is not understood' };
  const options = parts.rest.map(({ value }) => value);
  if (options.includes('WITHOUT')) return { problem: 'it has no numbers of rows (WITHOUT ROWID)' };
  if (parts.rest.some((token) => !isWord(token, 'STRICT') && !isSign(token, ','))) return { problem: 'its statement is not understood' };
  return tableOf(parts.items);
}

/** The parts between the commas inside of the parentheses, and what follows these. */
function partsOf(tokens: readonly Token[], start: number): { readonly items: Token[][]; readonly rest: readonly Token[] } | undefined {
  const items: Token[][] = [];
  let item: Token[] = [];
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (depth === 0 && (isSign(token, ',') || isSign(token, ')'))) {
      items.push(item);
      item = [];
      if (token.value === ')') return { items, rest: tokens.slice(i + 1) };
      continue;
    }
    if (isSign(token, '(')) depth++;
    else if (isSign(token, ')')) depth--;
    item.push(token);
  }
  return undefined;
}

function tableOf(items: readonly (readonly Token[])[]): Parsed {
  const columns: Column[] = [];
  let constraints = false;
  for (const item of items) {
    if (isWord(item[0], 'CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN')) {
      constraints = true;
      markRowid(columns, item);
      continue;
    }
    const column = constraints ? 'its statement is not understood' : columnOf(item);
    if (typeof column === 'string') return { problem: column };
    columns.push(column);
  }
  if (columns.length > MAX_COLUMNS) return { problem: `it has more than ${MAX_COLUMNS} columns` };
  return { table: { columns } };
}

/** `PRIMARY KEY (a)` of a single column of the type INTEGER. */
function markRowid(columns: readonly Column[], constraint: readonly Token[]): void {
  const at = constraint.findIndex(
    (token, i) => isWord(token, 'PRIMARY') && isWord(constraint[i + 1], 'KEY') && isSign(constraint[i + 2], '('),
  );
  if (at === -1) return;
  const key = constraint.slice(
    at + 3,
    constraint.findIndex((token, i) => i > at && isSign(token, ')')),
  );
  const name = nameOf(key[0])?.toLowerCase();
  const column = columns.find((each) => each.name.toLowerCase() === name);
  if (column?.type === 'INTEGER' && !key.some((token) => isSign(token, ','))) column.rowid = true;
}

/** Words that begin a constraint of a column, and so end its type. */
const CONSTRAINTS = [
  'CONSTRAINT',
  'PRIMARY',
  'NOT',
  'NULL',
  'UNIQUE',
  'CHECK',
  'DEFAULT',
  'COLLATE',
  'REFERENCES',
  'GENERATED',
  'AS',
  'ON',
  'DEFERRABLE',
];

/** A column, or why the table cannot be read. */
function columnOf(item: readonly Token[]): Column | string {
  const name = nameOf(item[0]);
  if (name === undefined) return 'its statement is not understood';
  let at = 1;
  const type: string[] = [];
  for (; at < item.length && !isWord(item[at], ...CONSTRAINTS); at++)
    type.push(item[at]?.kind === 'word' ? (item[at]?.value ?? '') : (item[at]?.raw ?? ''));
  const column: { -readonly [K in keyof Column]: Column[K] } = { name, type: type.join(' '), missing: null, rowid: false };
  let depth = 0;
  for (; at < item.length; at++) {
    const token = item[at];
    if (isSign(token, '(')) depth++;
    else if (isSign(token, ')')) depth--;
    else if (depth > 0) continue;
    else if (isWord(token, 'GENERATED', 'AS')) return `its column \`${name.slice(0, 64)}\` is computed`;
    else if (isWord(token, 'DEFAULT')) column.missing = defaultOf(item.slice(at + 1, at + 6), column.type);
    // A known oddity: `INTEGER PRIMARY KEY DESC` is no name of the row's number.
    else if (isWord(token, 'PRIMARY') && column.type === 'INTEGER' && !isWord(item[at + 2], 'DESC')) column.rowid = true;
  }
  return column;
}

/** A constant default; `UNREAD` for every other one, which SQLite does not allow where a column is added. */
function defaultOf(tokens: readonly Token[], type: string): SqlValue {
  const nested = isSign(tokens[0], '(');
  const signed = tokens.slice(nested ? 1 : 0);
  const negative = isSign(signed[0], '-');
  const [token, next] = negative || isSign(signed[0], '+') ? signed.slice(1) : signed;
  if (nested ? !isSign(next, ')') : next !== undefined && next.kind !== 'word') return UNREAD;
  if (token?.kind === 'number') return numberOf(token.raw, negative, affinityOf(type));
  if (negative) return UNREAD;
  if (token?.kind === 'text' || token?.kind === 'name') return textDefault(token.value, affinityOf(type));
  if (token?.kind === 'blob') return Uint8Array.from(token.value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  if (isWord(token, 'TRUE', 'FALSE')) return numberOf(token?.value === 'TRUE' ? '1' : '0', false, affinityOf(type));
  return isWord(token, 'NULL') ? null : UNREAD;
}

type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/** What a declared type makes of values. Source: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityOf(type: string): Affinity {
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type.includes('BLOB')) return 'blob';
  return /REAL|FLOA|DOUB/.test(type) ? 'real' : 'numeric';
}

function numberOf(raw: string, negative: boolean, affinity: Affinity): SqlValue {
  const digits = /^\d{1,15}$/.test(raw);
  if (!digits && !/^(\d{1,17}\.\d{0,17}|\.\d{1,17})([eE][+-]?\d{1,3})?$/.test(raw)) return UNREAD;
  const value = negative ? -Number(raw) || 0 : Number(raw);
  // How SQLite writes a fraction as text is not repeated here.
  return affinity !== 'text' ? value : digits ? String(value) : UNREAD;
}

/** A text that looks like a number becomes one in columns of numbers. */
function textDefault(text: string, affinity: Affinity): SqlValue {
  if (affinity === 'text' || affinity === 'blob' || !/^[\s+-]*[\d.]/.test(text)) return text;
  return /^-?\d{1,15}$/.test(text) ? Number(text) || 0 : UNREAD;
}
