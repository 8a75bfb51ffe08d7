/** What the tests use of sql.js, which has no types of its own. */
declare module 'sql.js' {
  export type SqlJsValue = null | number | string | Uint8Array;
  export interface SqlDatabase {
    run(statement: string, values?: readonly SqlJsValue[]): void;
    exec(query: string): readonly { readonly values: readonly (readonly SqlJsValue[])[] }[];
    export(): Uint8Array;
    close(): void;
  }
  const load: () => Promise<{ readonly Database: new () => SqlDatabase }>;
  export default load;
}
