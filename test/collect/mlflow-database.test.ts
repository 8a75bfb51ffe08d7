import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mlflowDatabase } from '../../src/collect/collectors/mlflow-database/index.js';
import { OF_THE_SUBJECT } from '../../src/collect/models/owners.js';
import { bytesSource } from '../../src/core/byte-source.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { described, type Files, fuzzFiles } from '../support/runs.js';
import { made } from '../support/sqlite.js';
import { listOf } from '../support/things.js';

const RUN = 'a'.repeat(32);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/sqlite/${name}`, import.meta.url)));
const TABLES = [
  'CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, status VARCHAR(9), start_time BIGINT, end_time BIGINT, lifecycle_stage VARCHAR(20), user_id TEXT)',
  'CREATE TABLE params (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32))',
  'CREATE TABLE latest_metrics (key VARCHAR(250), value FLOAT, is_nan BOOLEAN, run_uuid VARCHAR(32))',
  'CREATE TABLE tags (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32))',
  'CREATE TABLE datasets (dataset_uuid VARCHAR(36), name VARCHAR(500), digest VARCHAR(36), dataset_source TEXT)',
  'CREATE TABLE inputs (input_uuid VARCHAR(36), source_type TEXT, source_id TEXT, destination_type TEXT, destination_id TEXT)',
  'CREATE TABLE input_tags (input_uuid VARCHAR(36), name TEXT, value TEXT)',
];
const ROWS = [
  `INSERT INTO runs VALUES ('${RUN}', 'FINISHED', 1767225600000, 1767229200000, 'active', 'jane')`,
  `INSERT INTO runs VALUES ('${'d'.repeat(32)}', 'FINISHED', 1, 2, 'deleted', 'jane')`,
  `INSERT INTO params VALUES ('learning_rate', '0.05', '${RUN}'), ('hub_token', 'x', '${RUN}')`,
  `INSERT INTO latest_metrics VALUES ('loss', 0.25, 0, '${RUN}'), ('bad', 0, 1, '${RUN}')`,
  `INSERT INTO tags VALUES ('mlflow.user', 'jane', '${RUN}'), ('mlflow.source.name', 'train.py', '${RUN}')`,
  "INSERT INTO datasets VALUES ('d1', 'rows', 'abc12345', '{\"url\": \"https://example.org/data.csv\"}')",
  `INSERT INTO inputs VALUES ('i1', 'DATASET', 'd1', 'RUN', '${RUN}')`,
  "INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'eval')",
];

const database = async (...statements: readonly string[]): Promise<Uint8Array> =>
  (await made((file) => statements.forEach((statement) => void file.run(statement)))).bytes;

const collectWith = async (bytes: Uint8Array, beside: Files = {}) => {
  const files: Files = { 'mlflow.db': bytes, ...beside };
  if (!('collectSource' in mlflowDatabase)) throw new Error('the collector reads whole files');
  return mlflowDatabase.collectSource(bytesSource('mlflow.db', bytes), {
    owner: OF_THE_SUBJECT,
    paths: new Set(Object.keys(files)),
    limits: DEFAULT_LIMITS,
    includePrivate: false,
    read: async (path) => (files[path] === undefined ? undefined : { path, bytes: files[path] }),
  });
};
const parameters = ({ contributions }: Awaited<ReturnType<typeof collectWith>>) =>
  contributions.flatMap((each) => (each.kind === 'claim' && each.pointer.includes('hyperparameters') ? [each.value] : []));

describe('a database of MLflow', () => {
  it('has the one run that was not deleted', async () => {
    const { manifest, ids, text } = await described({ 'mlflow.db': await database(...TABLES, ...ROWS) });
    expect(ids).toEqual(['private-data']);
    expect(manifest.model?.training).toEqual({
      run: { tracker: 'mlflow', id: RUN, status: 'completed', start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z' },
      hyperparameters: { learning_rate: 0.05 },
      metrics: { loss: { value: 0.25 } },
      code: { entrypoint: 'train.py' },
    });
    expect(listOf(manifest.datasets)).toMatchObject([{ name: 'rows', roles: ['validation'], uri: 'https://example.org/data.csv' }]);
    expect(text).not.toContain('jane');
  });
  it('of several runs says what they agree on', async () => {
    const other = 'b'.repeat(32);
    const { manifest, ids } = await described({
      'mlflow.db': await database(
        ...TABLES,
        ...ROWS,
        `INSERT INTO runs VALUES ('${other}', 'FAILED', 1, 2, 'active', 'x')`,
        `INSERT INTO params VALUES ('learning_rate', '0.05', '${other}')`,
      ),
    });
    expect(manifest.model?.training).toEqual({ run: { tracker: 'mlflow' }, hyperparameters: { learning_rate: 0.05 } });
    expect(ids).toEqual(['several-runs']);
  });
  it('of very many runs says nothing', async () => {
    const many = Array.from(
      { length: 70 },
      (_, i) => `INSERT INTO runs VALUES ('${i.toString(16).padStart(32, '0')}', 'FINISHED', 1, 2, 'active', 'x')`,
    );
    const { contributions, findings } = await collectWith(await database(...TABLES, ...many));
    expect(contributions).toEqual([]);
    expect(findings).toMatchObject([{ id: 'several-runs' }]);
  });
  it('of very many runs has the one that the model names', async () => {
    const many = Array.from(
      { length: 70 },
      (_, i) => `INSERT INTO runs VALUES ('${i.toString(16).padStart(32, '0')}', 'FINISHED', 1, 2, 'active', 'x')`,
    );
    const bytes = await database(...TABLES, ...many, ...ROWS);
    const result = await collectWith(bytes, { MLmodel: new TextEncoder().encode(`run_id: ${RUN}\n`) });
    expect(parameters(result)).toEqual(['x', 0.05]);
    expect(result.findings).toEqual([]);
  });
  it('is said not to have been inspected while a change is not finished', async () => {
    const bytes = await database(...TABLES, ...ROWS);
    const { contributions, findings } = await collectWith(bytes, { 'mlflow.db-journal': fixture('journal.db-journal') });
    expect(contributions).toMatchObject([{ kind: 'file', facts: { inspection: { status: 'not-inspected' } } }]);
    expect(findings).toMatchObject([{ id: 'run-not-inspected', message: expect.stringContaining('journal') }]);
    // A journal that was finished is filled with zeros or cut to nothing.
    for (const finished of [new Uint8Array(512), new Uint8Array(0)])
      expect((await collectWith(bytes, { 'mlflow.db-journal': finished })).findings).toEqual([]);
  });
  it('is read with its write-ahead log', async () => {
    const { findings } = await collectWith(fixture('wal.db'), { 'mlflow.db-wal': fixture('wal.db-wal') });
    expect(findings).toMatchObject([{ id: 'metadata-unreadable', message: 'the database has no table of runs' }]);
    const bytes = await database('pragma page_size=1024', ...TABLES, ...ROWS);
    const other = await collectWith(bytes, { 'mlflow.db-wal': fixture('wal.db-wal') });
    expect(other.findings).toMatchObject([{ id: 'metadata-unreadable', message: expect.stringContaining('write-ahead log') }]);
  });
  it('of more rows than the limits is said not to have been read', async () => {
    const bytes = await database(...TABLES, ...ROWS);
    const context = {
      owner: OF_THE_SUBJECT,
      paths: new Set(['mlflow.db']),
      limits: { ...DEFAULT_LIMITS, maxItems: 5 },
      includePrivate: false,
      read: async () => undefined,
    };
    const { findings } = await mlflowDatabase.collectSource(bytesSource('mlflow.db', bytes), context);
    expect(findings).toMatchObject([{ id: 'run-not-inspected', message: expect.stringContaining('more than 5') }]);
  });
  it('with a view that never ends in place of a table is not queried', async () => {
    const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x';
    const view = `CREATE VIEW runs AS ${endless} AS run_uuid, 1 AS status, 1 AS start_time, 1 AS end_time, 'active' AS lifecycle_stage FROM n`;
    expect((await collectWith(await database(view))).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    const computed = 'CREATE TABLE params (key TEXT, run_uuid TEXT, value TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL)';
    const result = await collectWith(
      await database(
        ...TABLES.filter((table) => !table.includes('TABLE params')),
        computed,
        ...ROWS.filter((row) => !row.includes('INTO params')),
        `INSERT INTO params VALUES ('a', '${RUN}')`,
      ),
    );
    expect(parameters(result)).toEqual([]);
    expect(result.contributions).not.toEqual([]);
    expect(result.findings).toMatchObject([{ id: 'run-not-inspected', message: expect.stringContaining('`value` is computed') }]);
  });
  it('with checks that call functions is read, and nothing is called', async () => {
    const params = 'CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT, CHECK (length(hex(zeroblob(1000))) > 0))';
    const bytes = await database(...TABLES.map((table) => (table.includes('TABLE params') ? params : table)), ...ROWS);
    expect(parameters(await collectWith(bytes))).toEqual(['x', 0.05]);
  });
  it('with other columns, or of another kind, is a finding', async () => {
    expect((await collectWith(await database('CREATE TABLE runs (a)'))).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    expect((await collectWith(await database('CREATE TABLE other (a)'))).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    expect((await collectWith(new Uint8Array(100))).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
  });
  it('may be damaged in any way', async () => fuzzFiles({ 'mlflow.db': await database(...TABLES, ...ROWS) }, 'mlflow.db', 40));
});
