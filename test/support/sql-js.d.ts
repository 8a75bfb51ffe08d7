/** What the tests use of sql.js, which has no types of its own. */
declare module 'sql.js' {
  export interface SqlDatabase {
    run(statement: string): void;
    export(): Uint8Array;
    close(): void;
  }
  const load: () => Promise<{ readonly Database: new () => SqlDatabase }>;
  export default load;
}
