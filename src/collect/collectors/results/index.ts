/** Results and arguments that training scripts write down by themselves: `metrics.json`, the history of Keras, `training_args.json`. */

import type { Limits } from '../../../core/limits.js';
import { baseName, type Collected, type Collector, type MetadataFile, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { numberOf, numbersIn, smallTable } from '../shared/numbers.js';
import { metricAdditions, readJsonObject, textOf } from '../shared/run-file.js';

const METRICS = /^(?:metrics|scores|test_metrics|final_metrics)\.json$/;
const HISTORY = /^(?:history|training_history|training_log)\.(?:csv|json)$/;
const ARGUMENTS = 'training_args.json';
/** Names that only arguments of a training have. */
const TELLING = ['learning_rate', 'num_train_epochs', 'per_device_train_batch_size', 'lr', 'epochs'];
/** What changes on the way: how fast it went, and a rate that decays. */
const NO_MEASURE = /^(?:lr|learning_rate|time|timestamp|time_this_iter_s|step_time|duration)$/i;
const MAX_CSV_BYTES = 16 * 1024 * 1024;

export const results: Collector = {
  id: 'results',
  files: '`metrics.json`, `scores.json`, `history.csv`, `history.json`, `training_history.csv`, `training_log.csv`, `training_args.json`',
  matches: (path) => METRICS.test(baseName(path)) || HISTORY.test(baseName(path)) || baseName(path) === ARGUMENTS,
  collect(file, { limits }) {
    const name = baseName(file.path);
    if (name.endsWith('.csv')) return historyTable(file);
    const { value, finding } = readJsonObject(file, limits);
    if (finding !== undefined) return { contributions: [], findings: [finding] };
    const from = { origin: 'observed', path: file.path } as const;
    if (name === ARGUMENTS) {
      // Others call a file so that says something else.
      if (!TELLING.some((key) => Object.hasOwn(value, key))) return { contributions: [] };
      return {
        contributions: hyperparameterClaims(
          'transformers',
          value,
          { ...from, origin: 'declared', method: 'training arguments' },
          RANKS.run,
        ),
      };
    }
    if (HISTORY.test(name))
      return { contributions: metricAdditions(lastOf(value), { ...from, method: 'last values of a training history' }) };
    return { contributions: metricAdditions(numbersIn(value), { ...from, method: 'metrics file' }) };
  },
};

/** Measures in the lists that Keras keeps for its epochs. */
function* lastOf(history: { readonly [name: string]: unknown }): Generator<readonly [string, unknown]> {
  for (const [name, series] of Object.entries(history)) if (Array.isArray(series) && !NO_MEASURE.test(name)) yield [name, series.at(-1)];
}

/** The last row of what the CSVLogger of Keras and the like write: a row an epoch. */
function historyTable({ path, bytes }: MetadataFile): Collected {
  const table = bytes.byteLength > MAX_CSV_BYTES ? undefined : smallTable(textOf(bytes) ?? '');
  const last = table?.rows.at(-1);
  if (table === undefined || last === undefined || !table.columns.some((column) => /^(?:epoch|step|iteration)s?$/i.test(column)))
    return { contributions: [] };
  const values = table.columns.flatMap((column, i) => {
    const value = numberOf(last[i]);
    return value === undefined || NO_MEASURE.test(column) ? [] : [[column, value] as const];
  });
  return { contributions: metricAdditions(values, { origin: 'observed', path, method: 'last row of a training history' }) };
}

/** What DVC calls metrics: numbers in JSON, by the file that the pipeline names. */
export function metricsOf(file: MetadataFile, limits: Limits): Collected {
  const { value, finding } = readJsonObject(file, limits);
  return finding === undefined
    ? { contributions: metricAdditions(numbersIn(value), { origin: 'observed', path: file.path, method: 'metrics file' }) }
    : { contributions: [], findings: [finding] };
}
