/**
 * `mlflow.db`, the default store of MLflow since 3.7.
 * Source: https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/dbmodels/models.py
 */
import type { Finding } from '../../../core/finding.js';
import { baseName, type Collected, type Collector, type Contribution, directoryOf, type MetadataFile } from '../../contribution.js';
import { asText } from '../../values.js';
import { unreadable } from '../kernel/json-file.js';
import { readYamlMap } from '../kernel/run-file.js';
import { agreed, severalRuns } from '../kernel/runs.js';
import { type Database, type OpenDatabase, openWithSqlJs } from '../kernel/sqlite.js';
import { runFacts } from '../mlflow/run.js';
import { readRunsOf } from './tables.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** The collector with a given way to open a database. */
export function mlflowDatabaseWith(open: OpenDatabase): Collector {
  return {
    id: 'mlflow-database',
    files: '`mlflow.db`',
    matches: (path) => baseName(path) === 'mlflow.db',
    async collect(file, context) {
      if (!isSqlite(file.bytes) || file.bytes.byteLength > MAX_BYTES)
        return { contributions: [], findings: [unreadable(file.path, 'the file is no SQLite database')] };
      let database: Database | undefined;
      try {
        database = await open(file.bytes);
        if (database === undefined) return notInspected(file.path);
        const model = await context.read(`${directoryOf(file.path)}MLmodel`);
        return readDatabase(file, database, model === undefined ? undefined : asText(readYamlMap(model).value?.run_id));
      } catch (error) {
        const reason = error instanceof Error ? error.message.slice(0, 200) : 'the database cannot be read';
        return { contributions: [], findings: [unreadable(file.path, reason)] };
      } finally {
        database?.close();
      }
    },
  };
}

/** Opens databases with the optional peer `sql.js`. */
export const mlflowDatabase: Collector = mlflowDatabaseWith(openWithSqlJs);

const isSqlite = (bytes: Uint8Array): boolean => new TextDecoder('latin1').decode(bytes.subarray(0, 16)) === 'SQLite format 3\u0000';

function readDatabase({ path }: MetadataFile, database: Database, wanted: string | undefined): Collected {
  const { runs, count, problem } = readRunsOf(database, path, wanted);
  if (problem !== undefined) return { contributions: [], findings: [unreadable(path, problem)] };
  if (count > runs.length) return { contributions: [], findings: [severalRuns(path, 'MLflow', count, false)] };
  const facts = runs.map(runFacts);
  return facts.length < 2
    ? { contributions: facts.flat() }
    : { contributions: agreed(facts), findings: [severalRuns(path, 'MLflow', facts.length, true)] };
}

/** Without a reader the database is listed, hashed, and said not to have been looked into. */
function notInspected(path: string): Collected {
  const reason = 'an MLflow database; the package sql.js that reads it is not installed';
  const note: Contribution = {
    kind: 'file',
    path,
    facts: { inspection: { status: 'notInspected', reason } },
    from: { origin: 'observed', path, method: 'SQLite header' },
  };
  const finding: Finding = {
    id: 'run-not-inspected',
    severity: 'info',
    message: 'the MLflow database was not inspected: the package sql.js is not installed',
    fix: 'Install sql.js beside msbom and collect again.',
    file: path,
  };
  return { contributions: [note], findings: [finding] };
}
