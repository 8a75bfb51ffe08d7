import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../support/builders.js';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf, sourcesOf } from '../support/things.js';

const files = fixture('huggingface-trainer');
const state = (values: object) => text(JSON.stringify({ global_step: 1, ...values }));
const metricsOf = ({ manifest }: Awaited<ReturnType<typeof described>>) =>
  Object.fromEntries(listOf(manifest.model?.training?.metrics, 'name').map(({ name, value }) => [name, value]));

describe('what the Hugging Face Trainer leaves', () => {
  it('is what its own state says', async () => {
    const said = await described(files);
    const facts = factsOf('huggingface-trainer') as Record<string, unknown>;
    expect(said.ids).toEqual([]);
    expect(said.manifest.model?.training?.compute).toMatchObject({ flops: facts.flops });
    expect(metricsOf(said)).toMatchObject({
      global_step: facts.steps,
      num_input_tokens_seen: facts.tokens,
      best_metric: facts.bestMetric,
      train_loss: facts.trainLoss,
      epoch: 2,
    });
    expect(said.manifest.model?.training?.hyperparameters).toMatchObject({
      num_train_epochs: facts.epochs,
      per_process_train_batch_size: 2,
    });
    expect(listOf(said.manifest.evaluations)).toMatchObject([{ metrics: { eval_loss: { value: facts.bestMetric } } }]);
    expect(sourcesOf(said.manifest, '/model/training/compute/flops')[0]).toMatchObject({
      origin: 'observed',
    });
  });
  it('has no places of the machine in it', async () => {
    expect((await described(files)).text).not.toContain('/home/user');
  });
  it('is the state of the last checkpoint when there is no other', async () => {
    const said = await described({
      'checkpoint-9/trainer_state.json': state({ global_step: 9 }),
      'checkpoint-10/trainer_state.json': state({ global_step: 10 }),
    });
    expect(metricsOf(said)).toEqual({ global_step: 10 });
    expect(said.ids).toEqual([]);
  });
  it('leaves the weights of earlier checkpoints marked as such', async () => {
    const weights = new Uint8Array([1, 2, 3]);
    const { manifest } = await described({
      'trainer_state.json': state({}),
      'checkpoint-1/trainer_state.json': state({}),
      'checkpoint-1/odd.weights': weights,
      'model.safetensors': safetensorsFile({}, 0),
    });
    expect(listOf(manifest.artifacts, 'path').find(({ path }) => path === 'checkpoint-1/odd.weights')?.role).toBe('checkpoint');
  });
  it('says how long was asked for only where the arguments are not here', async () => {
    const asked = { 'trainer_state.json': state({ max_steps: 8, num_train_epochs: 2 }) };
    expect((await described(asked)).manifest.model?.training?.hyperparameters).toEqual({ max_steps: 8, num_train_epochs: 2 });
    const { manifest } = await described({ ...asked, 'training_args.bin': new Uint8Array([0]) });
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
  });
  it('counts nothing that was not counted', async () => {
    const said = await described({ 'trainer_state.json': state({ total_flos: 0, num_input_tokens_seen: 0, best_metric: null }) });
    expect(said.manifest.model?.training).toEqual({ metrics: { global_step: { value: 1 } } });
  });
  it('is not taken from results alone, which may be of any program', async () => {
    expect((await described({ 'eval_results.json': text('{"eval_loss": 1}') })).manifest.evaluations).toBeUndefined();
  });
  it.each(['{', '[]', '{"a":1,"a":2}', '\ufeff', 'null'])('is a finding when the state is %j', async (content) => {
    expect((await described({ 'trainer_state.json': text(content) })).ids).toEqual(['metadata-unreadable']);
  });
  it('may be damaged in any way', () => fuzzFiles(files, 'trainer_state.json'));
  it('may have damaged results', () => fuzzFiles(files, 'eval_results.json', 30));
});
