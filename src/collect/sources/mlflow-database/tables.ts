/** Reads runs from the tables of an MLflow database. The file may be anybody's: only plain tables are queried. */

import type { Database, Row } from '../kernel/sqlite.js';
import type { Run } from '../mlflow/run.js';

const TABLES = ['runs', 'params', 'latest_metrics', 'tags', 'datasets', 'inputs', 'input_tags'] as const;
/** Runs that are compared with each other. */
const MAX_RUNS = 64;
const MAX_ROWS = 1000;
const RUN_ID = /^[0-9a-f]{32}$/;

export interface DatabaseRuns {
  readonly runs: readonly Run[];
  /** Runs that there are; when more than can be compared, `runs` is empty. */
  readonly count: number;
  readonly problem?: string;
}

export function readRunsOf(database: Database, path: string, wanted: string | undefined): DatabaseRuns {
  const plain = plainTables(database);
  if (!plain.has('runs')) return { runs: [], count: 0, problem: 'the database has no table of runs' };
  const rows = database.rows(
    "select run_uuid, status, start_time, end_time from runs where lifecycle_stage = 'active' order by run_uuid",
    MAX_RUNS + 1,
  );
  const all = rows.filter(({ run_uuid }) => typeof run_uuid === 'string' && RUN_ID.test(run_uuid));
  const chosen = all.filter(({ run_uuid }) => run_uuid === wanted);
  const used = chosen.length > 0 ? chosen : all;
  return used.length > MAX_RUNS
    ? { runs: [], count: used.length }
    : { runs: used.map((row) => readRun(database, plain, path, row)), count: used.length };
}

/**
 * Views, virtual tables, computed columns and checks with functions could run for ever or be of any size, and pages that belong
 * to several values could be read over and over: a table counts when it was made by a plain CREATE TABLE and is whole.
 */
function plainTables(database: Database): ReadonlySet<string> {
  const made = database.rows("select name, sql from sqlite_master where type = 'table'", 1000);
  return new Set(
    made.flatMap(({ name, sql }) => (typeof name === 'string' && isPlain(name, sql) && isWhole(database, name) ? [name] : [])),
  );
}

function isPlain(name: string, sql: unknown): boolean {
  if (!TABLES.some((table) => table === name) || typeof sql !== 'string' || sql.length > 10_000) return false;
  const rest = sql.replace(/\bCHECK \(\w{1,64} IN \([\w', ]{1,256}\)\)/g, '');
  return /^CREATE TABLE\b/i.test(sql) && !/\b(GENERATED|CHECK)\b|\bAS\s*\(|\bDEFAULT\s*\(/i.test(rest);
}

/** SQLite's own check of one table, whose name is one of `TABLES`. */
const isWhole = (database: Database, name: string): boolean => database.rows(`pragma quick_check('${name}')`, 1)[0]?.quick_check === 'ok';

function readRun(database: Database, plain: ReadonlySet<string>, path: string, row: Row): Run {
  const id = String(row.run_uuid); // thirty-two hexadecimal digits, so that it may stand in a query
  const read = (query: string, ...tables: readonly (typeof TABLES)[number][]): readonly Row[] =>
    tables.every((table) => plain.has(table)) ? database.rows(query, MAX_ROWS) : [];
  return {
    path,
    id,
    status: text(row.status),
    start: number(row.start_time),
    end: number(row.end_time),
    params: read(`select key, value from params where run_uuid = '${id}' and length(value) <= 8000 order by key`, 'params').flatMap(
      ({ key, value }) => (typeof key === 'string' && typeof value === 'string' ? [{ name: key, value, path }] : []),
    ),
    metrics: read(`select key, value from latest_metrics where run_uuid = '${id}' and is_nan = 0 order by key`, 'latest_metrics').flatMap(
      ({ key, value }) => (typeof key === 'string' && typeof value === 'number' ? [{ name: key, value, path }] : []),
    ),
    tags: new Map(
      read(`select key, value from tags where run_uuid = '${id}' and length(value) <= 8000 order by key`, 'tags').flatMap(
        ({ key, value }) => (typeof key === 'string' && typeof value === 'string' ? [[key, { value, path }] as const] : []),
      ),
    ),
    datasets: read(
      `select d.name as name, d.digest as digest, d.dataset_source as source, t.value as purpose from inputs i
       join datasets d on d.dataset_uuid = i.source_id
       left join input_tags t on t.input_uuid = i.input_uuid and t.name = 'mlflow.data.context'
       where i.destination_id = '${id}' and i.source_type = 'DATASET' and i.destination_type = 'RUN' order by d.name`,
      'inputs',
      'datasets',
      'input_tags',
    ).map(({ name, digest, source, purpose }) => ({
      path,
      name: text(name),
      digest: text(digest),
      source: text(source),
      context: text(purpose),
    })),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
