/** Databases made by SQLite itself, compiled for JavaScript. */
import initSqlJs, { type SqlDatabase, type SqlJsValue } from 'sql.js';
import { type ByteSource, bytesSource } from '../../src/core/byte-source.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/core/limits.js';
import { openSqlite, readRows, type SqlValue } from '../../src/formats/shared/sqlite/index.js';

/** Makes a database with `fill`; the result is its bytes and what `ask` takes from it. */
export async function made<T>(fill: (database: SqlDatabase) => void, ask?: (database: SqlDatabase) => T) {
  const { Database } = await initSqlJs();
  const database = new Database();
  fill(database);
  const asked = ask?.(database);
  const bytes = database.export();
  database.close();
  return { bytes, asked: asked as T };
}

/** What SQLite answers to a query. */
export const answer = (database: SqlDatabase, query: string): readonly (readonly SqlJsValue[])[] => database.exec(query)[0]?.values ?? [];

/** All rows of a table by our own reader; a text for a table that is refused. */
export async function rowsOf(
  bytes: Uint8Array | ByteSource,
  table: string,
  columns: readonly string[],
  { wal, limits = {} }: { readonly wal?: Uint8Array; readonly limits?: Partial<Limits> } = {},
): Promise<readonly (readonly SqlValue[])[] | string> {
  const source = bytes instanceof Uint8Array ? bytesSource('x.db', bytes) : bytes;
  const database = await openSqlite(source, { ...DEFAULT_LIMITS, ...limits }, wal && bytesSource('x.db-wal', wal));
  const found = database.tables.get(table);
  if (found === undefined) return database.refused.get(table) ?? 'there is no such table';
  const rows: (readonly SqlValue[])[] = [];
  const missing = await readRows(database.file, found, columns, (values) => void rows.push(values));
  return missing.length > 0 ? `no column ${missing.join()}` : rows;
}
