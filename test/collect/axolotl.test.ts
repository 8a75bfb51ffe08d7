import { describe, expect, it } from 'vitest';
import { described, fuzzFiles, text } from '../support/runs.js';
import { listOf, parentsOf } from '../support/things.js';

const RECIPE = `base_model: example/base-1b
revision_of_model: abc
datasets:
  - path: example/chat
    type: chat_template
    revision: 1.10
  - path: /home/jane/private/notes.jsonl
    type: alpaca
  - path: data/local.jsonl
test_datasets:
  - path: example/held-out
adapter: lora
lora_r: 16
lora_target_modules: [q_proj, v_proj]
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 3
learning_rate: 2e-4
optimizer: adamw_bnb_8bit
lr_scheduler: cosine
bf16: auto
sequence_len: 2048
output_dir: ./out
wandb_project: secret-project
hub_model_id: example/tuned
`;

describe('a recipe of Axolotl', () => {
  it('names base, data, method and what was asked for', async () => {
    const { manifest, ids, text: whole } = await described({ 'config/tune.yaml': text(RECIPE) });
    expect(ids).toEqual([]);
    expect(parentsOf(manifest)).toMatchObject([
      { name: 'example/base-1b', version: 'abc', relation: 'adapter', role: 'base', verification: 'unverified' },
    ]);
    expect(manifest.model?.name).toBe('a-model');
    expect(listOf(manifest.datasets).map(({ name, roles, uri, version }) => [name, roles, uri, version])).toEqual([
      ['example/chat', ['finetuning'], 'https://huggingface.co/datasets/example/chat', undefined],
      ['notes.jsonl', ['finetuning'], undefined, undefined],
      ['data/local.jsonl', ['finetuning'], undefined, undefined],
      ['example/held-out', ['validation'], 'https://huggingface.co/datasets/example/held-out', undefined],
    ]);
    expect(manifest.model?.training?.methods).toEqual(['sft', 'lora']);
    expect(manifest.model?.training?.hyperparameters).toEqual({
      lora_r: 16,
      target_modules: ['q_proj', 'v_proj'],
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 4,
      num_train_epochs: 3,
      learning_rate: 2e-4,
      optimizer: 'adamw_bnb_8bit',
      lr_scheduler_type: 'cosine',
      sequence_len: 2048,
    });
    expect(whole).not.toMatch(/jane|secret-project/);
  });
  it('with preferences aligns', async () => {
    const { manifest } = await described({ 'a.yml': text('base_model: a/b\nrl: dpo\ndatasets: [{path: c/d}]\nsequence_len: 1\n') });
    expect(manifest.model?.training?.methods).toEqual(['dpo']);
    expect(listOf(manifest.datasets)).toMatchObject([{ name: 'c/d', roles: ['alignment'] }]);
    expect(parentsOf(manifest)).toMatchObject([{ relation: 'finetune' }]);
  });
  it('joins what the adapter itself says of the method', async () => {
    const { manifest, ids } = await described({
      'a.yml': text(RECIPE),
      'adapter_config.json': text('{"peft_type":"LORA","r":16,"base_model_name_or_path":"example/base-1b"}'),
    });
    expect(manifest.model?.training?.methods).toEqual(['lora', 'sft']);
    expect(ids).toEqual([]);
  });
  it.each(['base_model: x\ndatasets: [a]\n', 'base_model: [\n', 'a: b\n', 'datasets:\nbase_model: a\nsequence_len: 1\n: \n'])(
    'is not any YAML file: %j',
    async (content) => {
      const { manifest, ids } = await described({ 'a.yaml': text(content) });
      expect([manifest.model?.training, manifest.model?.lineage, ids]).toEqual([undefined, undefined, []]);
    },
  );
  it('may be damaged in any way', () => fuzzFiles({ 'a.yaml': text(RECIPE) }, 'a.yaml'));
});
