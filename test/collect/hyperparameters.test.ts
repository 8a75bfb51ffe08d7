import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANKS } from '../../src/collect/contribution.js';
import { DIALECTS, type Dialect, type DialectRule, dialectOf } from '../../src/collect/dialects.js';
import { hyperparameterClaims, MAX_HYPERPARAMETERS } from '../../src/collect/hyperparameters.js';
import { withoutPrivate } from '../../src/collect/redact.js';

const from = { origin: 'declared', path: 'a', method: 'test' } as const;
const read = (dialect: Dialect, values: Record<string, unknown>) =>
  Object.fromEntries(
    hyperparameterClaims(dialect, values, from, RANKS.run).map(({ pointer, value }) => [pointer.split('/').slice(4).join('/'), value]),
  );

describe('hyperparameters', () => {
  it.each<[Dialect, Record<string, unknown>, Record<string, unknown>]>([
    [
      'transformers',
      {
        optim: 'adamw_torch',
        learning_rate: 5e-5,
        lr_scheduler_type: 'cosine',
        bf16: true,
        adam_beta1: 0.9,
        output_dir: 'x',
        hub_model_id: 'a/b',
        logging_steps: 5,
      },
      { optimizer: 'adamw_torch', learning_rate: 5e-5, lr_scheduler_type: 'cosine', bf16: true, adam_beta1: 0.9 },
    ],
    [
      'kohya',
      { network_dim: 16, network_alpha: 8, total_batch_size: 4, batch_size_per_device: 2, unet_lr: 1e-4, lr_scheduler: 'cosine' },
      { lora_r: 16, lora_alpha: 8, batch_size: 4, per_device_train_batch_size: 2, unet_lr: 1e-4, lr_scheduler_type: 'cosine' },
    ],
    ['keras', { optimizer: 'Adam', lr: 0.1, beta_1: 0.9 }, { optimizer: 'Adam', learning_rate: 0.1, beta_1: 0.9 }],
    [
      'mlflow',
      { opt_name: 'Adam', learning_rate: '0.05', batch_size: '8', note: '17', early: 'None', seed: '9007199254740993' },
      { optimizer: 'Adam', learning_rate: 0.05, batch_size: 8, note: '17', early: 'None', seed: '9007199254740993' },
    ],
    [
      'deepspeed',
      {
        train_batch_size: 'auto',
        train_micro_batch_size_per_gpu: 4,
        optimizer: { type: 'AdamW', params: { lr: 1e-5, weight_decay: 'auto' } },
        zero_optimization: { stage: 3, offload_param: { device: 'cpu' } },
        bf16: { enabled: true },
      },
      { per_device_train_batch_size: 4, optimizer: 'AdamW', learning_rate: 1e-5, deepspeed_zero_stage: 3, bf16: true },
    ],
    [
      'accelerate',
      { mixed_precision: 'bf16', num_processes: 8, machine_rank: 0, main_process_ip: '10.0.0.1', deepspeed_config: { zero_stage: 2 } },
      { precision: 'bf16', num_processes: 8, deepspeed_zero_stage: 2 },
    ],
    [
      'lightning',
      { lr: 0.1, batch_size: 4, max_epochs: 3, accumulate_grad_batches: 2 },
      { learning_rate: 0.1, batch_size: 4, num_train_epochs: 3, gradient_accumulation_steps: 2 },
    ],
    ['hydra', { optimizer: { name: 'adam', lr: 0.1 }, lr: 0.2 }, { 'optimizer.name': 'adam', 'optimizer.lr': 0.1, learning_rate: 0.2 }],
    ['xgboost', { eta: 0.3, n_estimators: 100, max_depth: 6 }, { learning_rate: 0.3, num_iterations: 100, max_depth: 6 }],
    [
      'lightgbm',
      { learning_rate: 0.1, num_iterations: 10, lambda_l2: 1, data: 'train.txt' },
      { learning_rate: 0.1, num_iterations: 10, lambda_l2: 1 },
    ],
    ['catboost', { iterations: 10, l2_leaf_reg: 3, train_dir: 'x' }, { num_iterations: 10, l2_leaf_reg: 3 }],
    ['sklearn', { learning_rate: 'constant', random_state: 1 }, { learning_rate: 'constant', seed: 1 }],
    ['fasttext', { lr: 0.1, epoch: 5, dim: 100 }, { learning_rate: 0.1, num_train_epochs: 5, dim: 100 }],
    ['trainer-state', { train_batch_size: 8, logging_steps: 1, epoch: 2 }, { per_process_train_batch_size: 8 }],
  ])('of %s get their canonical names', (dialect, values, expected) => {
    expect(read(dialect, values)).toEqual(expected);
  });
  it('have the name of the source as the key of their evidence', () => {
    expect(hyperparameterClaims('deepspeed', { optimizer: { params: { lr: 1 } } }, from, RANKS.recipe)).toEqual([
      {
        kind: 'claim',
        pointer: '/model/training/hyperparameters/learning_rate',
        value: 1,
        rank: RANKS.recipe,
        from: { ...from, key: 'optimizer.params.lr' },
      },
    ]);
    expect(hyperparameterClaims('own', [['a/b', 1]], { ...from, key: 'x' }, RANKS.run)[0]).toMatchObject({
      pointer: '/model/training/hyperparameters/a~1b',
      from: { key: 'x.a/b' },
    });
  });
  it('that are not set, or of another kind than JSON, are left out', () => {
    expect(
      read('own', {
        a: null,
        b: undefined,
        c: Number.NaN,
        d: Number.POSITIVE_INFINITY,
        e: '',
        f: [],
        g: {},
        h: () => 1,
        i: 10n,
        j: '\ud800',
      }),
    ).toEqual({});
    expect(Object.is(read('own', { a: -0 }).a, 0)).toBe(true);
  });
  it.each([
    ['username', 'jane'],
    ['email', 'x'],
    ['host', 'x'],
    ['output_dir', 'out'],
    ['data_path', 'x'],
    ['a', '/home/jane/data'],
    ['a', '~/data'],
    ['a', './data'],
    ['a', 'C:\\data'],
    ['a', 's3://bucket/x'],
    ['a', 'jane@example.org'],
    ['a', 'https://jane:pw@example.org/'],
    ['a', ['x', '/home/jane']],
    ['__proto__', 1],
    ['a', 'x'.repeat(600)],
    ['x'.repeat(200), 1],
    ['a\u0000', 1],
  ])('%s: %j is left out', (name, value) => {
    expect(hyperparameterClaims('own', [[name, value]], from, RANKS.run)).toEqual([]);
    expect(hyperparameterClaims('dvc', [['group', { [name]: value }]], from, RANKS.run)).toEqual([]);
  });
  it.each([
    ['hub_token', 'abc'],
    ['push_to_hub_token', 'abc'],
    ['apiKey', 'abc'],
    ['WANDB_API_KEY', 'abc'],
    ['aws_secret_access_key', 'abc'],
    ['db.password', 'abc'],
    ['a', { b: { api_token: 'x' } }],
  ])('%s: %j is left out with a word', (name, value) => {
    const { contributions, findings } = withoutPrivate(hyperparameterClaims('own', [[name, value]], from, RANKS.run), true);
    expect(contributions).toEqual([]);
    expect(findings.map(({ id, message }) => [id, message.includes('abc')])).toEqual([['private-data', false]]);
  });
  it('named like tokens of a vocabulary stay', () => {
    expect(read('own', { pad_token: '<pad>', eos_token_id: 2, max_tokens: 5, tokens_per_batch: 1 })).toEqual({
      pad_token: '<pad>',
      eos_token_id: 2,
      max_tokens: 5,
      tokens_per_batch: 1,
    });
  });
  it('beyond the limit are those that no table knows', () => {
    const values = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`p${i}`, i]));
    const claims = hyperparameterClaims('lightning', { ...values }, from, RANKS.run);
    expect(claims).toHaveLength(MAX_HYPERPARAMETERS);
    expect(hyperparameterClaims('lightning', { a: 1, lr: 2 }, from, RANKS.run)[0]?.pointer).toBe(
      '/model/training/hyperparameters/learning_rate',
    );
  });
  it('never throw, and are always plain JSON under one pointer', () => {
    const dialects = Object.keys(DIALECTS) as Dialect[];
    fc.assert(
      fc.property(fc.constantFrom(...dialects), fc.dictionary(fc.string(), fc.anything({ maxDepth: 4 })), (dialect, values) => {
        for (const { pointer, value } of hyperparameterClaims(dialect, values, from, RANKS.run)) {
          expect(pointer.split('/')).toHaveLength(5);
          expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        }
      }),
      { numRuns: 300 },
    );
  });
  it.each(Object.entries(DIALECTS) as [string, DialectRule][])('of %s stand in the documentation as in the table', (id, rule) => {
    const own = new Map<string, string[]>();
    for (const [name, canonical] of Object.entries(rule.names)) own.set(canonical, [...(own.get(canonical) ?? []), name]);
    const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
    const same = [...own].filter(([canonical, names]) => names.length === 1 && names[0] === canonical).map(([canonical]) => canonical);
    const renamed = [...own]
      .filter(([canonical]) => !same.includes(canonical))
      .map(([canonical, names]) => `\`${canonical}\` ← ${quoted(names)}`);
    const cell = [...renamed, ...(same.length > 0 ? [`same: ${quoted(same)}`] : [])].join('; ') || '–';
    const page = readFileSync(fileURLToPath(new URL('../../docs/collectors/hyperparameters.md', import.meta.url)), 'utf8');
    expect(page.split('\n')).toContain(
      `| \`${id}\` | ${rule.title} | ${cell} | ${rule.others ? 'kept under their own name' : 'left out'} |`,
    );
  });
  it('of a weight file have the dialect of its format', () => {
    const none = new Set<string>();
    const trainers = new Set(['learning_rate', 'per_device_train_batch_size']);
    expect(dialectOf('pytorch', 'hyper_parameters.lr', none)).toBe('lightning');
    expect(dialectOf('pytorch', 'args.lr', none)).toBe('lightning');
    expect(dialectOf('pytorch', 'ds_config.train_batch_size', none)).toBe('deepspeed');
    expect(dialectOf('pytorch', 'learning_rate', trainers)).toBe('transformers');
    expect(dialectOf('pickle', 'learning_rate', trainers)).toBe('transformers');
    expect(dialectOf('pickle', 'learning_rate', none)).toBe('sklearn');
    expect(dialectOf('pytorch', 'x', none)).toBe('own');
    expect(dialectOf('safetensors', 'ss_lr', none)).toBe('kohya');
    expect(dialectOf('tflite', 'x', none)).toBe('own');
  });
});
