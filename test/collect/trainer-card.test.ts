import { describe, expect, it } from 'vitest';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf, parentsOf } from '../support/things.js';

const versions = ({ manifest }: Awaited<ReturnType<typeof described>>) =>
  Object.fromEntries(listOf(manifest.components).map(({ name, version }) => [name, version]));
const card = (tags: string, body: string) => text(`---\ntags: [${tags}]\n---\n${body}`);

describe('the card of a training program', () => {
  it('of TRL names the method and the frameworks', async () => {
    const said = await described(fixture('trainer-card'));
    expect(said.manifest.model?.training?.methods).toEqual([factsOf('trainer-card').method]);
    expect(versions(said)).toMatchObject({ trl: '1.16.0', transformers: '5.24.0' });
    expect(said.ids).toEqual([]);
  });
  it('of the Trainer has the arguments in words', async () => {
    const said = await described(fixture('huggingface-trainer'));
    expect(said.own).toMatchObject({
      'Training hyperparameters.learning_rate': 0.0003,
      'Training hyperparameters.seed': 7,
      'Training hyperparameters.optimizer': 'adamw_torch_fused',
      'Training hyperparameters.lr_scheduler_type': 'linear',
    });
    expect(versions(said)).toMatchObject({ transformers: '5.24.0', tokenizers: '0.23.3' });
  });
  it.each([
    ['Use adamw_torch with betas=(0.9,0.999)', 'adamw_torch'],
    ['Use OptimizerNames.PAGED_ADAMW with betas', 'paged_adamw_32bit'],
    ['Adam with betas=(0.9,0.999) and epsilon=1e-08', 'Adam'],
  ])('has an optimizer in prose: %s', async (prose, name) => {
    const said = await described({
      'README.md': card(
        'generated_from_trainer',
        `### Training hyperparameters\n\n- optimizer: ${prose}\n- train_batch_size: 4\n- total_train_batch_size: 32\n`,
      ),
    });
    expect(said.manifest.model?.training?.hyperparameters).toEqual({ optimizer: name, per_process_train_batch_size: 4, batch_size: 32 });
  });
  it('of Axolotl holds the recipe', async () => {
    const body =
      '<details><summary>See axolotl config</summary>\n\naxolotl version: `0.4.1`\n```yaml\nbase_model: org/base\ndatasets:\n  - path: org/data\n    type: alpaca\nadapter: qlora\nmicro_batch_size: 2\nlearning_rate: 0.0002\n```\n</details>\n';
    const said = await described({ 'README.md': card('generated_from_trainer, axolotl', body) });
    expect(versions(said)).toEqual({ axolotl: '0.4.1' });
    expect(said.manifest.model?.training).toMatchObject({
      methods: ['sft', 'qlora'],
      hyperparameters: { per_device_train_batch_size: 2, learning_rate: 0.0002 },
    });
    expect(parentsOf(said.manifest)).toMatchObject([{ name: 'org/base', relation: 'adapter' }]);
    expect(listOf(said.manifest.datasets)).toMatchObject([{ name: 'org/data', roles: ['finetuning'] }]);
  });
  it('written by hand says nothing here', async () => {
    const said = await described({ 'README.md': card('sft', '### Training hyperparameters\n- learning_rate: 1\n') });
    expect(said.manifest.model?.training).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles(fixture('trainer-card'), 'README.md'));
});
