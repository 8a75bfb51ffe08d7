import { describe, expect, it } from 'vitest';
import { described, fuzzFiles, text } from '../support/runs.js';
import { listOf, parentsOf } from '../support/things.js';

const RECIPE = `model_name_or_path: example/base-1b
trust_remote_code: true
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 8
lora_target: all
dataset: identity,example/chat
template: llama3
cutoff_len: 2048
output_dir: saves/out
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
learning_rate: 1.0e-4
num_train_epochs: 3.0
lr_scheduler_type: cosine
bf16: true
`;

describe('a recipe of LLaMA-Factory', () => {
  it('names base, data, method and what was asked for', async () => {
    const { manifest, ids } = await described({ 'recipes/train.yaml': text(RECIPE) });
    expect(ids).toEqual([]);
    expect(parentsOf(manifest)).toMatchObject([{ name: 'example/base-1b', relation: 'adapter' }]);
    expect(listOf(manifest.datasets)).toMatchObject([
      { name: 'identity', roles: ['finetuning'] },
      { name: 'example/chat', uri: 'https://huggingface.co/datasets/example/chat' },
    ]);
    expect(manifest.model?.training).toEqual({
      methods: ['sft', 'lora'],
      hyperparameters: {
        lora_r: 8,
        target_modules: 'all',
        per_device_train_batch_size: 1,
        gradient_accumulation_steps: 8,
        learning_rate: 1e-4,
        num_train_epochs: 3,
        lr_scheduler_type: 'cosine',
        bf16: true,
        template: 'llama3',
        cutoff_len: 2048,
      },
    });
  });
  it.each([
    ['pt', 'full', ['pretraining'], 'pretraining'],
    ['dpo', 'full', ['dpo'], 'alignment'],
    ['dpo\npref_loss: orpo', 'lora', ['orpo', 'lora'], 'alignment'],
    ['rm', 'freeze', ['reward-modelling', 'freeze'], 'alignment'],
  ])('of stage %s, tuning %s', async (stage, tuning, methods, role) => {
    const { manifest } = await described({
      'a.yaml': text(`model_name_or_path: a/b\nstage: ${stage}\nfinetuning_type: ${tuning}\ndataset: c\n`),
    });
    expect(manifest.model?.training?.methods).toEqual(methods);
    expect(listOf(manifest.datasets)).toMatchObject([{ name: 'c', roles: [role] }]);
  });
  it('may be damaged in any way', () => fuzzFiles({ 'a.yaml': text(RECIPE) }, 'a.yaml'));
});
