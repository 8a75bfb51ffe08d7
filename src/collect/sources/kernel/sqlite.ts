/** SQLite databases, through a reader that not everybody has installed. */

/** One row by column name. */
export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** At most `limit` rows of a query; text columns as they are. */
  rows(query: string, limit: number): readonly Row[];
  close(): void;
}

/** Opens a database from its bytes; undefined when there is no reader for it here. */
export type OpenDatabase = (bytes: Uint8Array) => Promise<Database | undefined>;

/** The optional peer, which is loaded only when a database is there. A name in a variable keeps bundlers from looking for it. */
const PEER = 'sql.js';

interface SqlJs {
  readonly Database: new (
    bytes: Uint8Array,
  ) => {
    prepare(query: string): { step(): boolean; getAsObject(): Record<string, unknown>; free(): void };
    close(): void;
  };
}

/** Opens with `sql.js`, SQLite compiled for JavaScript; nothing is written and no extension can be loaded. */
export const openWithSqlJs: OpenDatabase = async (bytes) => {
  let load: (() => Promise<SqlJs>) | undefined;
  try {
    const module = (await import(PEER)) as { readonly default?: () => Promise<SqlJs> }; // the package's only export
    load = module.default;
  } catch {
    return undefined; // not installed
  }
  if (typeof load !== 'function') return undefined;
  const { Database } = await load();
  const database = new Database(bytes);
  return {
    rows(query, limit) {
      const statement = database.prepare(query);
      const found: Row[] = [];
      try {
        while (found.length < limit && statement.step()) found.push(statement.getAsObject());
      } finally {
        statement.free();
      }
      return found;
    },
    close: () => database.close(),
  };
};
