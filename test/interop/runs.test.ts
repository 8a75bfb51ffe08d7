/** What we read of training runs against what the tools' own APIs say of them. `MSBOM_INTEROP` limits the tools. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { described, filesOf } from '../support/runs.js';
import { temporaryDirectory } from '../support/temporary.js';
import { listOf } from '../support/things.js';
import { PYTHON } from './python.js';

type Facts = Readonly<Record<string, unknown>>;
type Said = Awaited<ReturnType<typeof described>>;

const script = fileURLToPath(new URL('../../scripts/interop/make-runs.py', import.meta.url));
const made = temporaryDirectory();
const TOOLS = [
  'dvc',
  'huggingface-trainer',
  'hydra',
  'lightning',
  'mlflow',
  'mlflow-database',
  'tensorboard',
  'trainer-card',
  'wandb',
  'wandb-log',
];
const wanted = (process.env.MSBOM_INTEROP?.split(',') ?? TOOLS).filter((id) => TOOLS.includes(id));
const outcome: Readonly<Record<string, Facts>> =
  wanted.length === 0
    ? {}
    : JSON.parse(
        execFileSync(PYTHON, [script, made, ...wanted], { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }),
      );

/** Nested settings by dotted names. */
function flat(values: Facts, prefix = ''): Record<string, unknown> {
  return Object.assign(
    {},
    ...Object.entries(values).map(([key, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? flat(value as Facts, `${prefix}${key}.`)
        : { [prefix + key]: value },
    ),
  );
}
const metrics = ({ manifest }: Said) =>
  Object.fromEntries(listOf(manifest.model?.training?.metrics, 'name').map(({ name, value }) => [name, value]));
const versions = ({ manifest }: Said) => Object.fromEntries(listOf(manifest.components).map(({ name, version }) => [name, version]));
const without = (values: unknown, ...names: readonly string[]): Facts =>
  Object.fromEntries(Object.entries(values as Facts).filter(([name]) => !names.includes(name)));
/** MLflow has texts only. */
const asTexts = (values: Facts): Facts => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

function mlflow(said: Said, facts: Facts): void {
  const { model: { training } = {}, datasets } = said.manifest;
  expect(asTexts(said.own)).toEqual(facts.hyperparameters);
  expect(metrics(said)).toEqual(facts.metrics);
  expect(training?.run).toMatchObject({ id: facts.runId, status: 'completed' });
  expect([training?.run?.start, training?.run?.end].map((time) => Date.parse(time ?? ''))).toEqual([facts.start, facts.end]);
  expect(training?.code?.commit).toBe(facts.commit);
  expect(listOf(datasets).map(({ name, roles, identifiers }) => ({ name, digest: identifiers?.[0]?.value, context: roles }))).toEqual(
    facts.datasets,
  );
}

function wandb(said: Said, facts: Facts): void {
  expect(said.manifest.model?.training?.run?.id).toBe(facts.runId);
  expect(said.own).toEqual(without(facts.hyperparameters, 'api_key'));
  expect(metrics(said)).toEqual(facts.metrics);
  expect(said.text).not.toMatch(/not-a-secret|user@example/);
}

const COMPARISONS: Readonly<Record<string, (said: Said, facts: Facts) => void>> = {
  dvc(said, facts) {
    expect(said.own).toEqual(flat(without(facts.params, 'unused')));
    const digests = listOf(said.manifest.datasets).map(({ name, digest, identifiers }) => [
      name,
      digest?.root.md5 ?? identifiers?.[0]?.value,
    ]);
    expect(Object.fromEntries(digests)).toMatchObject(without(facts.dependencies, 'train.py'));
  },
  'huggingface-trainer'(said, facts) {
    const training = said.manifest.model?.training;
    expect(training?.compute?.flops).toBe(facts.flops);
    expect(training?.hyperparameters?.num_train_epochs).toBe(facts.epochs);
    expect(metrics(said)).toMatchObject({
      global_step: facts.steps,
      best_metric: facts.bestMetric,
      train_loss: facts.trainLoss,
      num_input_tokens_seen: facts.tokens,
    });
  },
  hydra(said, facts) {
    expect(said.own).toEqual(flat(without(facts.config, 'data_dir')));
    expect(versions(said)).toEqual({ 'hydra-core': facts.version });
  },
  lightning(said, facts) {
    expect(said.own).toEqual(facts.hyperparameters);
    expect(metrics(said)).toMatchObject({ ...(facts.metrics as Facts), step: facts.step });
  },
  mlflow(said, facts) {
    mlflow(said, facts);
    expect(versions(said)).toMatchObject({ mlflow: facts.modelVersion });
  },
  'mlflow-database': mlflow,
  tensorboard(said, facts) {
    expect(said.own).toEqual(facts.hyperparameters);
    expect(metrics(said)).toEqual(facts.metrics);
  },
  'trainer-card'(said, facts) {
    expect(said.manifest.model?.training?.methods).toEqual([facts.method]);
    expect(metrics(said).global_step).toBe(facts.steps);
  },
  wandb,
  'wandb-log'(said, facts) {
    wandb(said, facts);
    expect(versions(said)).toMatchObject({ wandb: facts.version });
    expect(said.manifest.model?.training?.run).toMatchObject({ status: 'completed', exitCode: 0 });
    expect(listOf(said.manifest.environments)[0]?.runtime).toMatchObject({ language: 'Python' });
  },
};

it.skipIf(wanted.length === 0)('every run that was asked for was made', () => {
  expect(Object.keys(outcome)).toEqual(wanted);
});

it.each(Object.entries(outcome))('a run of %s', async (id, facts) => {
  expect(facts.failed).toBeUndefined();
  if (facts.missing !== undefined) {
    console.error(`${id}: not compared: ${String(facts.missing)}`);
    return;
  }
  const said = await described(filesOf(join(made, id)));
  expect(said.ids).toEqual([]);
  COMPARISONS[id]?.(said, facts);
});
