/** A run of MLflow as contributions, whichever store it was read from. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { type Contribution, type Origin, RANKS } from '../../contribution.js';
import { hyperparameterClaims, plainValue } from '../../hyperparameters.js';
import { webUri } from '../../public-uri.js';
import { addition, claim, entrypointOf, metricAdditions, repositoryUri, timestampOf } from '../shared/run-file.js';

/** A dataset that a run took, and what for. */
export interface RunDataset {
  readonly path: string;
  readonly name?: string | undefined;
  /** MLflow's own: eight hexadecimal digits or a text of the source, no digest of the data by a standard. */
  readonly digest?: string | undefined;
  readonly source?: string | undefined;
  readonly context?: string | undefined;
}

/** A run, with the file that each value was read from. */
export interface Run {
  readonly path: string;
  readonly id?: string | undefined;
  readonly status?: string | undefined;
  /** Milliseconds since 1970. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly params: readonly { readonly name: string; readonly value: string; readonly path: string }[];
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly path: string }[];
  readonly tags: ReadonlyMap<string, { readonly value: string; readonly path: string }>;
  readonly datasets: readonly RunDataset[];
}

/** MLflow's words, of the database, and its numbers, of the file store. */
const STATUSES: Readonly<Record<string, string>> = {
  RUNNING: 'running',
  SCHEDULED: 'unknown',
  FINISHED: 'completed',
  FAILED: 'failed',
  KILLED: 'killed',
  1: 'running',
  2: 'unknown',
  3: 'completed',
  4: 'failed',
  5: 'killed',
};
/** What a dataset was for, in the word of its tag. */
const ROLES: Readonly<Record<string, string>> = {
  training: 'training',
  train: 'training',
  validation: 'validation',
  eval: 'validation',
  evaluation: 'testing',
  test: 'testing',
  testing: 'testing',
};

export function runFacts(run: Run): readonly Contribution[] {
  const from = (key: string, path = run.path): Origin => ({ origin: 'observed', path, key, method: 'MLflow run' });
  const status = run.status !== undefined && Object.hasOwn(STATUSES, run.status) ? STATUSES[run.status] : undefined;
  return [
    ...claim('/model/training/run/tracker', 'mlflow', RANKS.run, from('run_id')),
    ...claim('/model/training/run/id', run.id, RANKS.run, from('run_id')),
    ...claim('/model/training/run/status', status, RANKS.run, from('status')),
    ...claim('/model/training/run/start', timestampOf(run.start), RANKS.run, from('start_time')),
    ...claim('/model/training/run/end', timestampOf(run.end), RANKS.run, from('end_time')),
    ...run.params.flatMap(({ name, value, path }) =>
      hyperparameterClaims('mlflow', [[name, value]], { origin: 'declared', path, method: 'MLflow parameters' }, RANKS.run),
    ),
    ...run.metrics.flatMap(({ name, value, path }) =>
      metricAdditions([[name, value]], { origin: 'observed', path, method: 'MLflow metrics' }),
    ),
    ...codeClaims(run),
    ...run.datasets.flatMap(datasetAddition),
  ];
}

/** Where the code was, from the tags that MLflow sets itself. `mlflow.user` is never taken. */
function codeClaims({ tags }: Run): readonly Contribution[] {
  const tagged = (name: string, pointer: string, read: (text: string) => unknown): readonly Contribution[] => {
    const tag = tags.get(name);
    return tag === undefined
      ? []
      : claim(pointer, read(tag.value), RANKS.run, { origin: 'observed', path: tag.path, key: name, method: 'MLflow tags' });
  };
  return [
    ...tagged('mlflow.source.git.commit', '/model/training/code/commit', (text) => (/^[0-9a-f]{40}$/.test(text) ? text : undefined)),
    ...tagged('mlflow.source.git.branch', '/model/training/code/branch', (text) => text),
    ...tagged('mlflow.source.git.repoURL', '/model/training/code/repository', repositoryUri),
    ...tagged('mlflow.source.name', '/model/training/code/entrypoint', entrypointOf),
  ];
}

function datasetAddition({ path, name, digest, source, context }: RunDataset): readonly Contribution[] {
  if (name === undefined || plainValue(name) === undefined) return [];
  const role = context !== undefined && Object.hasOwn(ROLES, context) ? ROLES[context] : undefined;
  const uri = sourceUri(source);
  const item: { readonly [key: string]: JsonValue } = {
    id: idFrom(name),
    name,
    provenanceStatus: 'declared',
    ...(role === undefined ? {} : { roles: [role] }),
    ...(uri === undefined ? {} : { uri }),
    ...(digest === undefined || !/^[\w.-]{1,128}$/.test(digest)
      ? {}
      : { identifiers: [{ type: 'other', scheme: 'mlflow-dataset-digest', value: digest }] }),
  };
  return [addition('/datasets', item, { origin: 'observed', path, key: 'name', method: 'MLflow dataset input' })];
}

/** The address in the source's JSON: of the web, of a bucket, or of a dataset on the Hub. */
function sourceUri(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 4096) return undefined;
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch {
    return undefined; // a note in words, such as the name of a notebook
  }
  if (typeof source !== 'object' || source === null) return undefined;
  const { url, uri, path } = source as { readonly [key: string]: unknown };
  const address = [url, uri].find((each) => typeof each === 'string');
  if (typeof address === 'string')
    return webUri(address) ?? (/^(s3|gs|abfss|dbfs):\/\/[^\s@?#"<>\\^`{|}]{1,500}$/.test(address) ? address : undefined);
  return typeof path === 'string' && /^[\w.-]+\/[\w.-]+$/.test(path) && 'data_files' in source
    ? `https://huggingface.co/datasets/${path}`
    : undefined;
}
