/**
 * `mlflow.db`, the default store of MLflow since 3.7.
 * Source: https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/dbmodels/models.py
 */
import { type ByteSource, bytesSource } from '../../../core/byte-source.js';
import { MsbomError } from '../../../core/error.js';
import type { Finding } from '../../../core/finding.js';
import { baseName, type CollectContext, type Collected, directoryOf, type SourceCollector } from '../../contribution.js';
import { asText } from '../../values.js';
import { runFacts } from '../mlflow/run.js';
import { unreadable } from '../shared/json-file.js';
import { readYamlMap } from '../shared/run-file.js';
import { agreed, severalRuns } from '../shared/runs.js';
import { type DatabaseRuns, readRunsOf } from './tables.js';

export const mlflowDatabase: SourceCollector = {
  id: 'mlflow-database',
  files: '`mlflow.db`',
  matches: (path) => baseName(path) === 'mlflow.db',
  async collectSource(source, context) {
    try {
      if (await hasJournal(source.name, context)) return notRead(source.name, 'a change was not finished (there is a journal beside it)');
      const wal = await logBeside(source.name, context);
      if (wal === 'too long') return notRead(source.name, 'its write-ahead log has more than 64 MiB');
      const model = await context.read(`${directoryOf(source.name)}MLmodel`);
      const wanted = model === undefined ? undefined : asText(readYamlMap(model).value?.run_id);
      return collectedOf(source.name, await readRunsOf([source, context.limits, wal], source.name, wanted));
    } catch (error) {
      if (!MsbomError.is(error) || error.code.startsWith('ERR_IO')) throw error;
      return error.code.startsWith('ERR_LIMIT')
        ? notRead(source.name, error.message)
        : { contributions: [], findings: [unreadable(source.name, error.message, { offset: error.offset })] };
    }
  },
};

/** A rollback journal that begins with something else than zeros holds what an unfinished change has overwritten. */
async function hasJournal(path: string, context: CollectContext): Promise<boolean> {
  const journal = `${path}-journal`;
  if (!context.paths.has(journal)) return false;
  const file = await context.read(journal);
  return file === undefined || (file.bytes[0] ?? 0) !== 0;
}

/** The write-ahead log; undefined when there is none. */
async function logBeside(path: string, context: CollectContext): Promise<ByteSource | 'too long' | undefined> {
  const log = `${path}-wal`;
  if (!context.paths.has(log)) return undefined;
  const file = await context.read(log);
  return file === undefined ? 'too long' : bytesSource(log, file.bytes);
}

function collectedOf(path: string, { runs, count, problem, gaps }: DatabaseRuns): Collected {
  if (problem !== undefined) return { contributions: [], findings: [unreadable(path, problem)] };
  const findings = gaps.map((gap) => finding(path, gap));
  if (count > runs.length) return { contributions: [], findings: [severalRuns(path, 'MLflow', count, false)] };
  const facts = runs.map(runFacts);
  return facts.length < 2
    ? { contributions: facts.flat(), findings }
    : { contributions: agreed(facts), findings: [severalRuns(path, 'MLflow', facts.length, true), ...findings] };
}

/** The database is listed, hashed, and said not to have been looked into. */
function notRead(path: string, reason: string): Collected {
  return {
    contributions: [
      {
        kind: 'file',
        path,
        facts: { inspection: { status: 'not-inspected', reason: `an MLflow database: ${reason}` } },
        from: { origin: 'observed', path, method: 'SQLite header' },
      },
    ],
    findings: [finding(path, reason)],
  };
}

function finding(file: string, reason: string): Finding {
  return {
    id: 'run-not-inspected',
    severity: 'info',
    message: `the MLflow database was not read whole: ${reason}`,
    fix: 'Open it with MLflow once, so that it is written whole, or state what it holds with the builder.',
    file,
  };
}
