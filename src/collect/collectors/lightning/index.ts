/**
 * Hyperparameters and metrics that Lightning logs. Source:
 * https://lightning.ai/docs/pytorch/stable/extensions/generated/lightning.pytorch.loggers.CSVLogger.html
 */
import { append } from '../../../core/append.js';
import {
  baseName,
  type CollectContext,
  type Collected,
  type Collector,
  type Contribution,
  directoryOf,
  RANKS,
} from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { metricAdditions, readYamlMap, textOf } from '../shared/run-file.js';
import { type RunLayout, readRuns } from '../shared/runs.js';

const MAX_COLUMNS = 1000;

const LAYOUT: RunLayout = {
  tool: 'Lightning',
  // `metrics.csv` is a common name: it counts where its neighbour is here, or its directory is one of Lightning's.
  runOf: (path) => (/(^|\/)hparams\.yaml$|(^|\/)version_\d+\/metrics\.csv$/.test(path) ? directoryOf(path) : undefined),
};

export const lightning: Collector = {
  id: 'lightning',
  files: '`hparams.yaml` and the `metrics.csv` beside it',
  matches: (path) => LAYOUT.runOf(path) !== undefined,
  collect: (file, context) => readRuns(file, context, LAYOUT, (run, files) => readRun(run, files, context)),
};

async function readRun(run: string, files: readonly string[], context: CollectContext): Promise<Collected> {
  const contributions: Contribution[] = [];
  const findings = [];
  for (const path of new Set([...files, `${run}metrics.csv`])) {
    const file = await context.read(path);
    if (file === undefined) continue;
    if (baseName(path) === 'metrics.csv') append(contributions, lastMetrics(path, textOf(file.bytes) ?? ''));
    else {
      const { value, finding } = readYamlMap(file);
      if (finding !== undefined) findings.push(finding);
      else
        contributions.push(
          ...hyperparameterClaims('lightning', value, { origin: 'declared', path, method: 'Lightning hyperparameters' }, RANKS.run),
        );
    }
  }
  return { contributions, findings };
}

/** Last value of each column; a row holds the metrics of one moment and is empty elsewhere. */
function lastMetrics(path: string, text: string): readonly Contribution[] {
  const end = text.indexOf('\n');
  const names = (end === -1 ? text : text.slice(0, end)).replace(/\r$/, '').split(',', MAX_COLUMNS);
  if (!names.includes('step') || names.some((name) => name.includes('"'))) return [];
  const last = new Map<string, number>();
  for (let at = end + 1; at > 0 && at < text.length; ) {
    const next = text.indexOf('\n', at);
    const cells = text
      .slice(at, next === -1 ? text.length : next)
      .replace(/\r$/, '')
      .split(',', MAX_COLUMNS);
    names.forEach((name, i) => {
      const cell = cells[i] ?? '';
      if (/^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(cell)) last.set(name, Number(cell));
    });
    at = next === -1 ? text.length : next + 1;
  }
  return metricAdditions(last, { origin: 'observed', path, method: 'metrics that Lightning logged' });
}
