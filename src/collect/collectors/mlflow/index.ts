/** Models and file stores of MLflow. Source: https://mlflow.org/docs/latest/ml/tracking/backend-stores/ and .../model/ */
import { append } from '../../../core/append.js';
import type { Finding } from '../../../core/finding.js';
import { baseName, type CollectContext, type Collected, type Collector, type Contribution, directoryOf } from '../../contribution.js';
import { asText } from '../../values.js';
import { readYamlMap } from '../shared/run-file.js';
import { type RunLayout, readRuns, runsOf } from '../shared/runs.js';
import { modelFacts, registrationFacts } from './model.js';
import { runFacts } from './run.js';
import { storedRun } from './store.js';

const isModel = (path: string): boolean => baseName(path) === 'MLmodel';

/** Models that were logged: one of them is what the directory is about. */
const MODELS: RunLayout = {
  tool: 'MLflow models',
  runOf: (path) => (isModel(path) || baseName(path) === 'registered_model_meta' ? directoryOf(path) : undefined),
  // The model at the top of the directory is the one that is collected.
  chosen: async (models) => (models.has('') ? '' : undefined),
};

const RUN_META = /(^|\/)([0-9a-f]{32})\/meta\.yaml$/;

/** `<store>/<experiment>/<run>/meta.yaml`; the experiment has a `meta.yaml` too. */
const RUNS: RunLayout = {
  tool: 'MLflow',
  runOf: (path) =>
    RUN_META.test(path) && !/\/(datasets|inputs|outputs|traces)\/[^/]*\/meta\.yaml$/.test(`/${path}`) ? directoryOf(path) : undefined,
  /** A model names the run that made it. */
  async chosen(runs, context) {
    const models = runsOf(context.paths, MODELS);
    const path = models.has('') ? 'MLmodel' : models.size === 1 ? [...models.values()][0]?.find(isModel) : undefined;
    const file = path === undefined ? undefined : await context.read(path);
    const id = file === undefined ? undefined : asText(readYamlMap(file).value?.run_id);
    return [...runs.keys()].find((run) => id !== undefined && run.endsWith(`${id}/`));
  },
};

export const mlflow: Collector = {
  id: 'mlflow',
  files: '`MLmodel`, `registered_model_meta`, `<experiment>/<run>/{meta.yaml, params, metrics, tags, inputs}`',
  matches: (path) => MODELS.runOf(path) !== undefined || RUNS.runOf(path) !== undefined,
  async collect(file, context) {
    if (RUNS.runOf(file.path) !== undefined) {
      return readRuns(file, context, RUNS, async (run) => {
        const stored = await storedRun(run, context);
        return { contributions: stored.run === undefined ? [] : runFacts(stored.run), findings: stored.findings };
      });
    }
    return readRuns(file, context, MODELS, (_, files) => readModel(files, context));
  },
};

async function readModel(files: readonly string[], context: CollectContext): Promise<Collected> {
  const contributions: Contribution[] = [];
  const findings: Finding[] = [];
  for (const path of files) {
    const file = await context.read(path);
    if (file === undefined) continue;
    const { value, finding } = readYamlMap(file);
    if (finding !== undefined) findings.push(finding);
    else append(contributions, isModel(path) ? modelFacts(path, value) : registrationFacts(path, value));
  }
  return { contributions, findings };
}
