/** Reads runs from the tables of an MLflow database. The file may be anybody's: its bytes are read, no query is run. */
import { openSqlite, readRows, type SqliteDatabase, type SqlValue } from '../../../formats/shared/sqlite/index.js';
import type { Run, RunDataset } from '../mlflow/run.js';

/** Runs that are compared with each other. */
const MAX_RUNS = 64;
/** Parameters, metrics, tags or inputs of one run. */
const MAX_ROWS = 1000;
/** Characters of a parameter or a tag, as MLflow allows them. */
const MAX_VALUE = 8000;
const RUN_ID = /^[0-9a-f]{32}$/;

export interface DatabaseRuns {
  readonly runs: readonly Run[];
  /** Runs that there are; when more than can be compared, `runs` is empty. */
  readonly count: number;
  /** Why nothing can be said. */
  readonly problem?: string;
  /** Tables that are there and were not read, each with the reason. */
  readonly gaps: readonly string[];
}

/** A run while its tables are read. */
interface Draft {
  readonly id: string;
  readonly status: string | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly params: [string, string][];
  readonly metrics: [string, number][];
  readonly tags: [string, string][];
  readonly inputs: { readonly input: string; readonly source: string }[];
}

interface Reading {
  readonly database: SqliteDatabase;
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly gaps: string[];
}

type Open = Parameters<typeof openSqlite>;

/**
 * The active runs, or the wanted one of them alone.
 * @throws ERR_FORMAT_*, ERR_LIMIT_*, ERR_IO_*
 */
export async function readRunsOf([source, limits, wal]: Open, path: string, wanted: string | undefined): Promise<DatabaseRuns> {
  const database = await openSqlite(source, limits, wal);
  const found = await activeRuns(database, wanted);
  if (typeof found === 'string') return { runs: [], count: 0, problem: found, gaps: [] };
  if (found.count > found.drafts.length) return { runs: [], count: found.count, gaps: [] };
  const reading: Reading = { database, drafts: new Map(found.drafts.map((draft) => [draft.id, draft])), gaps: [] };
  await readPairs(reading, 'params', (draft, key, value) => isShort(value) && keep(draft.params, [key, value]));
  await readPairs(reading, 'tags', (draft, key, value) => isShort(value) && keep(draft.tags, [key, value]));
  await readMetrics(reading);
  const datasets = await readDatasets(reading, path);
  return { runs: found.drafts.map((draft) => runOf(draft, path, datasets.get(draft.id) ?? [])), count: found.count, gaps: reading.gaps };
}

const isShort = (value: SqlValue | undefined): value is string => typeof value === 'string' && value.length <= MAX_VALUE;

function keep<T>(list: T[], item: T): void {
  if (list.length < MAX_ROWS) list.push(item);
}

/** Runs that were not deleted: the wanted one, or the first of all and how many there are; else why they cannot be told. */
async function activeRuns(database: SqliteDatabase, wanted: string | undefined): Promise<{ drafts: Draft[]; count: number } | string> {
  const table = database.tables.get('runs');
  if (table === undefined) {
    const refused = database.refused.get('runs');
    return refused === undefined ? 'the database has no table of runs' : `its table \`runs\` is not read: ${refused}`;
  }
  const drafts: Draft[] = [];
  let chosen: Draft | undefined;
  let count = 0;
  const missing = await readRows(
    database.file,
    table,
    ['run_uuid', 'status', 'start_time', 'end_time', 'lifecycle_stage'],
    ([id, status, start, end, stage]) => {
      if (stage !== 'active' || typeof id !== 'string' || !RUN_ID.test(id)) return;
      const draft: Draft = {
        id,
        status: text(status),
        start: number(start),
        end: number(end),
        params: [],
        metrics: [],
        tags: [],
        inputs: [],
      };
      if (id === wanted) chosen = draft;
      if (count++ < MAX_RUNS) drafts.push(draft);
    },
  );
  if (missing.length > 0) return `its table \`runs\` has no column \`${missing[0]}\``;
  if (chosen !== undefined) return { drafts: [chosen], count: 1 };
  return { drafts: count > MAX_RUNS ? [] : drafts.sort(by(({ id }) => id)), count };
}

const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

/** Rows of a table that may be missing; that it is not read is a gap. */
async function rowsOf(
  { database, gaps }: Reading,
  name: string,
  columns: readonly string[],
  visit: (values: readonly SqlValue[]) => void,
): Promise<void> {
  const table = database.tables.get(name);
  const refused = database.refused.get(name);
  const missing = table === undefined ? [] : await readRows(database.file, table, columns, visit);
  if (refused !== undefined) gaps.push(`its table \`${name}\` is not read: ${refused}`);
  if (missing.length > 0) gaps.push(`its table \`${name}\` has no column \`${missing[0]}\``);
}

/** Rows of a key and a value that belong to a run. */
function readPairs(reading: Reading, name: string, visit: (draft: Draft, key: string, value: SqlValue | undefined) => void): Promise<void> {
  return rowsOf(reading, name, ['key', 'value', 'run_uuid'], ([key, value, run]) => {
    const draft = typeof run === 'string' ? reading.drafts.get(run) : undefined;
    if (draft !== undefined && typeof key === 'string') visit(draft, key, value);
  });
}

function readMetrics(reading: Reading): Promise<void> {
  return rowsOf(reading, 'latest_metrics', ['key', 'value', 'is_nan', 'run_uuid'], ([key, value, nan, run]) => {
    const draft = typeof run === 'string' ? reading.drafts.get(run) : undefined;
    if (draft !== undefined && typeof key === 'string' && typeof value === 'number' && nan === 0) keep(draft.metrics, [key, value]);
  });
}

/** Datasets by run, with what each was for. */
async function readDatasets(reading: Reading, path: string): Promise<ReadonlyMap<string, readonly RunDataset[]>> {
  const columns = ['input_uuid', 'source_type', 'source_id', 'destination_type', 'destination_id'];
  await rowsOf(reading, 'inputs', columns, ([input, sourceType, source, destinationType, run]) => {
    const draft = typeof run === 'string' ? reading.drafts.get(run) : undefined;
    if (draft === undefined || sourceType !== 'DATASET' || destinationType !== 'RUN') return;
    if (typeof input === 'string' && typeof source === 'string') keep(draft.inputs, { input, source });
  });
  const inputs = [...reading.drafts.values()].flatMap((draft) => draft.inputs);
  const purposes = new Map<string, string>();
  const known = new Set(inputs.map(({ input }) => input));
  await rowsOf(reading, 'input_tags', ['input_uuid', 'name', 'value'], ([input, name, value]) => {
    if (name === 'mlflow.data.context' && typeof input === 'string' && known.has(input) && isShort(value)) purposes.set(input, value);
  });
  const facts = new Map<string, RunDataset>();
  const sources = new Set(inputs.map(({ source }) => source));
  await rowsOf(reading, 'datasets', ['dataset_uuid', 'name', 'digest', 'dataset_source'], ([id, name, digest, source]) => {
    if (typeof id === 'string' && sources.has(id)) facts.set(id, { path, name: text(name), digest: text(digest), source: text(source) });
  });
  return new Map(
    [...reading.drafts.values()].map((draft) => [
      draft.id,
      draft.inputs
        .flatMap(({ input, source }) => {
          const dataset = facts.get(source);
          return dataset === undefined ? [] : [{ ...dataset, context: purposes.get(input) }];
        })
        .sort(by(({ name }) => name ?? '')),
    ]),
  );
}

function runOf(draft: Draft, path: string, datasets: readonly RunDataset[]): Run {
  const { id, status, start, end } = draft;
  const sorted = <T>(pairs: [string, T][]) => pairs.sort(by(([key]) => key)).map(([name, value]) => ({ name, value, path }));
  return {
    path,
    id,
    status,
    start,
    end,
    params: sorted(draft.params),
    metrics: sorted(draft.metrics),
    tags: new Map(sorted(draft.tags).map(({ name, value }) => [name, { value, path }])),
    datasets,
  };
}

const text = (value: SqlValue | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: SqlValue | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
