import { describe, expect, it } from 'vitest';
import { described, type Files, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('mlflow');
const facts = factsOf('mlflow') as unknown as {
  runId: string;
  hyperparameters: Record<string, string>;
  metrics: Record<string, number>;
  commit: string;
  datasets: { name: string; digest: string; context: string[] }[];
  start: number;
  end: number;
  version: string;
  modelVersion: string;
};
const find = (ending: string): string => Object.keys(files).find((path) => path.endsWith(ending)) ?? ending;
const renamed = (bytes: Uint8Array, id: string): Uint8Array => text(new TextDecoder().decode(bytes).replaceAll(facts.runId, id));
const copyOf = (id: string): Files =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.includes(facts.runId))
      .map(([path, bytes]) => [path.replace(facts.runId, id), path.endsWith('/params/learning_rate') ? text('0.9') : renamed(bytes, id)]),
  );

describe('a store of MLflow', () => {
  it('is what its client says', async () => {
    const { manifest, ids, own } = await described(files);
    expect(ids).toEqual([]);
    expect(manifest.model?.training?.run).toEqual({
      id: facts.runId,
      tracker: 'mlflow',
      status: 'completed',
      start: new Date(facts.start).toISOString().replace('.000Z', 'Z'),
      end: new Date(facts.end).toISOString().replace('.000Z', 'Z'),
    });
    expect(Object.keys(own).sort()).toEqual(Object.keys(facts.hyperparameters).sort());
    for (const [name, value] of Object.entries(facts.hyperparameters)) expect(String(own[name]), name).toBe(value);
    expect(manifest.model?.training?.hyperparameters).toMatchObject({
      learning_rate: 0.05,
      batch_size: 8,
      optimizer: 'Adam',
      num_train_epochs: 3,
    });
    expect(listOf(manifest.model?.training?.metrics, 'name')).toEqual(
      Object.entries(facts.metrics).map(([name, value]) => ({ name, value })),
    );
    expect(manifest.model?.training?.code).toEqual({
      commit: facts.commit,
      branch: 'main',
      entrypoint: 'train.py',
      repository: 'https://example.org/team/project.git',
    });
    expect(listOf(manifest.datasets)).toMatchObject(
      facts.datasets.map(({ name, digest, context }) => ({
        name,
        roles: context,
        identifiers: [{ scheme: 'mlflow-dataset-digest', value: digest }],
      })),
    );
    expect(listOf(manifest.datasets)[0]?.uri).toBe('https://example.org/data.csv');
    expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([
      ['mlflow', facts.modelVersion],
      ['scikit-learn', '1.9.0'],
    ]);
    expect(listOf(manifest.environments)).toMatchObject([{ runtime: { language: 'Python', version: '3.11.9' } }]);
  });
  it('keeps users and credentials out', async () => {
    const { text: whole } = await described(files, { includePrivate: true });
    expect(whole).not.toMatch(/not-a-secret|"user"|user_id/);
  });
  it('has the value of the last step, whatever the order of the lines', async () => {
    const { manifest } = await described({ ...files, [find('metrics/loss')]: text('2 0.5 3\n1 0.9 1\n3 0.4 2\n9 nan 9\n1 junk 1\n\n') });
    expect(listOf(manifest.model?.training?.metrics, 'name')).toEqual([{ name: 'loss', value: 0.5 }]);
  });
  it('of several runs has the one that made the model', async () => {
    const { manifest, ids } = await described({ ...files, ...copyOf('a'.repeat(32)) });
    expect(manifest.model?.training?.hyperparameters).toMatchObject({ learning_rate: 0.05 });
    expect(ids).toEqual([]);
  });
  it('of several runs without a model says what they agree on', async () => {
    const { 'model/MLmodel': _model, ...runs } = files;
    const { manifest, ids } = await described({ ...runs, ...copyOf('a'.repeat(32)) });
    expect(manifest.model?.training?.hyperparameters).not.toHaveProperty('learning_rate');
    expect(manifest.model?.training?.hyperparameters).toMatchObject({ batch_size: 8 });
    expect(manifest.model?.training?.run).not.toHaveProperty('id');
    expect(ids).toEqual(['several-runs']);
  });
  it('may have a damaged run', () => fuzzFiles(files, find(`${facts.runId}/meta.yaml`), 40));
  it('may have damaged metrics', () => fuzzFiles(files, find('metrics/loss'), 20));
  it('may have a damaged dataset', () => fuzzFiles(files, Object.keys(files).find((path) => path.includes('/datasets/')) ?? '', 30));
});

describe('a model of MLflow', () => {
  const model = `run_id: ${'b'.repeat(32)}
utc_time_created: '2026-01-02 03:04:05.600000'
model_uuid: ${'c'.repeat(32)}
mlflow_version: 3.1.0
flavors:
  pytorch:
    pytorch_version: 2.7.0+cu126
  python_function:
    python_version: 3.10
signature:
  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}}]'
  outputs: '[{"name": "label", "type": "long", "required": true}]'
`;
  it('has its signature, its libraries and its place in the registry', async () => {
    const { manifest } = await described({ MLmodel: text(model), registered_model_meta: text("model_name: churn\nmodel_version: '3'\n") });
    expect(manifest.model).toMatchObject({
      name: 'churn',
      version: '3',
      timestamp: '2026-01-02T03:04:05.600000Z',
      io: {
        inputs: [{ modality: 'tensor', dtype: 'float32', shape: [-1, 4] }],
        outputs: [{ name: 'label', modality: 'tabular', dtype: 'long' }],
      },
    });
    expect(manifest.model?.training?.run).toEqual({ id: 'b'.repeat(32), tracker: 'mlflow' });
    expect(listOf(manifest.components).map(({ name, version }) => [name, version])).toEqual([
      ['mlflow', '3.1.0'],
      ['torch', '2.7.0+cu126'],
    ]);
    // 3.10 without quotes is a number, of which nobody knows the last digit.
    expect(manifest.environments).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles({ MLmodel: text(model) }, 'MLmodel'));
});
