import { describe, expect, it } from 'vitest';
import { described, fuzzFiles, text } from '../support/runs.js';

const CONFIG = {
  train_batch_size: 64,
  train_micro_batch_size_per_gpu: 'auto',
  gradient_clipping: 1,
  optimizer: { type: 'AdamW', params: { lr: 3e-5, betas: [0.9, 0.95], weight_decay: 0.1 } },
  scheduler: { type: 'WarmupLR', params: { warmup_num_steps: 100 } },
  fp16: { enabled: false },
  zero_optimization: { stage: 2 },
};

describe('a configuration of DeepSpeed', () => {
  it('says what was asked for', async () => {
    const { manifest, ids } = await described({ 'config/ds_config_zero2.json': text(JSON.stringify(CONFIG)) });
    expect(ids).toEqual([]);
    expect(manifest.model?.training?.hyperparameters).toEqual({
      batch_size: 64,
      max_grad_norm: 1,
      optimizer: 'AdamW',
      learning_rate: 3e-5,
      betas: [0.9, 0.95],
      weight_decay: 0.1,
      lr_scheduler_type: 'WarmupLR',
      warmup_steps: 100,
      fp16: false,
      deepspeed_zero_stage: 2,
    });
  });
  it('is no other JSON of such a name', async () => {
    expect((await described({ 'deepspeed_notes.json': text('{"seed": 1}') })).manifest.model?.training).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles({ 'ds_config.json': text(JSON.stringify(CONFIG)) }, 'ds_config.json'));
});
