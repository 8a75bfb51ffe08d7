/**
 * Databases of SQLite, read from their bytes: nothing is evaluated, so that views, computed columns, triggers and virtual tables
 * can do nothing. Source: https://www.sqlite.org/fileformat2.html
 */
import type { ByteSource } from '../../../core/byte-source.js';
import type { Limits } from '../../../core/limits.js';
import { type DatabaseFile, openFile } from './file.js';
import type { SqlValue } from './record.js';
import { parseCreateTable, type TableDefinition } from './sql.js';
import { scanTable } from './tree.js';
import { readWal } from './wal.js';

export { isSqlite } from './file.js';
export { type SqlValue, UNREAD } from './record.js';

/** Tables, views, indexes and triggers of one database. */
const MAX_SCHEMA_ROWS = 100_000;

export interface SqliteTable extends TableDefinition {
  readonly root: number;
}

export interface SqliteDatabase {
  readonly file: DatabaseFile;
  /** Ordinary tables by their names. */
  readonly tables: ReadonlyMap<string, SqliteTable>;
  /** Views, and tables that are not read, by their names, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Opens a database together with its write-ahead log.
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_FORMAT_UNSUPPORTED, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function openSqlite(source: ByteSource, limits: Limits, walSource?: ByteSource): Promise<SqliteDatabase> {
  const wal = walSource === undefined ? undefined : await readWal(walSource);
  const file = await openFile(source, walSource === undefined || wal === undefined ? undefined : { source: walSource, wal }, limits);
  const tables = new Map<string, SqliteTable>();
  const refused = new Map<string, string>();
  let rows = 0;
  await scanTable(file, 1, [0, 1, 3, 4], (_, [type, name, root, sql]) => {
    if (++rows > MAX_SCHEMA_ROWS) throw file.malformed(`the schema has more than ${MAX_SCHEMA_ROWS} rows`, 1);
    if (typeof name !== 'string' || (type !== 'table' && type !== 'view')) return;
    const parsed = type === 'view' ? { problem: 'it is a view, which a query computes' } : definition(root, sql);
    if (tables.has(name) || refused.has(name)) {
      tables.delete(name);
      refused.set(name, 'the schema has its name twice');
    } else if ('problem' in parsed) refused.set(name, parsed.problem);
    else tables.set(name, parsed);
  });
  return { file, tables, refused };
}

function definition(root: SqlValue | undefined, sql: SqlValue | undefined): SqliteTable | { readonly problem: string } {
  if (typeof sql !== 'string') return { problem: 'its statement is not text' };
  const parsed = parseCreateTable(sql);
  if ('problem' in parsed) return parsed;
  return typeof root === 'number' && root > 0 ? { ...parsed.table, root } : { problem: 'it has no pages' };
}

/**
 * Visits the rows of a table with the values of the named columns, in their order; names of columns without regard to case.
 * `UNREAD` stands for what cannot be known.
 * @returns names of columns that the table does not have; when there are any, no row is visited
 * @throws ERR_FORMAT_MALFORMED, ERR_FORMAT_TRUNCATED, ERR_LIMIT_BYTES, ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function readRows(
  file: DatabaseFile,
  table: SqliteTable,
  names: readonly string[],
  visit: (values: readonly SqlValue[]) => void,
): Promise<readonly string[]> {
  const places = names.map((name) => table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase()));
  const missing = names.filter((_, i) => places[i] === -1);
  if (missing.length > 0) return missing;
  await scanTable(file, table.root, places, (rowid, values) => {
    visit(
      values.map((value, i) => {
        const column = table.columns[places[i] ?? 0];
        if (value === undefined) return column?.missing ?? null;
        return value === null && column?.rowid === true ? whole(rowid) : value;
      }),
    );
  });
  return [];
}

const whole = (value: bigint): SqlValue => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
