import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { catboost } from '../../src/formats/catboost/index.js';
import { detectFormat } from '../../src/formats/index.js';
import { type CatboostParts, catboostFile } from '../support/catboost.js';
import { fuzzReader } from '../support/fuzz.js';

const params = {
  random_seed: 7,
  task_type: 'CPU',
  boosting_options: { iterations: 5, learning_rate: 0.5, od_config: { type: 'Iter', wait_iterations: 3 } },
  tree_learner_options: { depth: 2, bootstrap: { type: 'MVS', subsample: null }, dev_efb_max_buckets: 9 },
  cat_feature_params: { ctr_leaf_count_limit: 2 ** 64, max_ctr_complexity: 1, simple_ctrs: [{}] },
  data_processing_options: { has_time: false, ignored_features: [1], text: { x: 1 }, float_features_binarization: { nan_mode: 'Min' } },
  loss_function: { type: 'Quantile', params: { alpha: '0.3', __params_key_order: '["alpha"]' } },
  metrics: { eval_metric: { type: 'MAE', params: {} } },
  system_options: { thread_count: 4, file_with_hosts: 'hosts.txt' },
};
const VERSION = 'Git info:\n    Commit: 0123456789abcdef\n    Branch: tags/v1.2.10\n    Author: Example <someone@example.org>\n';
const info: NonNullable<CatboostParts['info']> = [
  ['catboost_version_info', VERSION],
  ['params', JSON.stringify(params)],
  ['class_params', '{"class_names":["no","yes"]}'],
  ['model_guid', 'a-b-c'],
  ['train_finish_time', '2026-11-24T22:41:37Z'],
  ['training', '{"metrics":{}}'],
  ['output_options', '{"train_dir":"/home/someone"}'],
  ['note', 'größer'],
  ['long', 'x'.repeat(5000)],
];
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => catboost.read(bytesSource('m.cbm', bytes), limits);
const facts = async (parts: CatboostParts = {}) => catboost.describe(await read(catboostFile({ info, ...parts })));

describe('a model', () => {
  it('is recognised and described', async () => {
    expect((await detectFormat(bytesSource('m', catboostFile())))?.id).toBe('catboost');
    const found = await facts();
    expect(found).toMatchObject({
      format: 'catboost',
      formatVersion: 'FlabuffersModel_v1',
      role: 'weights',
      producers: [{ key: 'catboost_version_info', value: { name: 'catboost', version: '1.2.10' } }],
    });
    expect(found.metadata).toEqual({
      approx_dimension: '1',
      cat_features: '1',
      catboost_commit: '0123456789abcdef',
      class_names: 'no, yes',
      float_features: '2',
      leaf_values: '6',
      long: '[5000 bytes left out]',
      model_guid: 'a-b-c',
      note: 'größer',
      train_finish_time: '2026-11-24T22:41:37Z',
      trees: '3',
    });
    expect(Object.keys(found)).not.toContain('notInspected');
    expect(Object.keys(found)).not.toContain('tensors');
  });
  it('tells its parameters under the names that CatBoost takes', async () => {
    const found = (await facts()).hyperparameters ?? [];
    expect(Object.fromEntries(found.map(({ value }) => [value.name, value.value]))).toEqual({
      bootstrap_type: 'MVS',
      depth: 2,
      eval_metric: 'MAE',
      has_time: false,
      iterations: 5,
      learning_rate: 0.5,
      loss_function: 'Quantile:alpha=0.3',
      max_ctr_complexity: 1,
      nan_mode: 'Min',
      od_type: 'Iter',
      od_wait: 3,
      random_seed: 7,
      task_type: 'CPU',
    });
    expect(found.find(({ value }) => value.name === 'od_wait')?.key).toBe('params.boosting_options.od_config.wait_iterations');
  });
  it('without notes says nothing of parameters and library', async () => {
    expect(await facts({ info: [] })).toEqual({
      format: 'catboost',
      formatVersion: 'FlabuffersModel_v1',
      role: 'weights',
      metadata: { approx_dimension: '1', cat_features: '1', float_features: '2', leaf_values: '6', trees: '3' },
    });
  });
  it('of an old library has no version', async () => {
    const found = await facts({ info: [['catboost_version_info', 'Svn info:\n    Last Changed Rev: 5']] });
    expect(found.producers).toEqual([{ key: 'catboost_version_info', value: { name: 'catboost' } }]);
  });
  it('says what lies behind the core', async () => {
    expect((await facts({ parts: ['static_provider_v1'], extra: 9 })).notInspected).toEqual([
      'model parts behind the trees: static_provider_v1',
    ]);
    expect((await facts({ extra: 9 })).notInspected).toEqual(['9 bytes behind the model']);
  });
  it.each(['[]', 'null', '{"class_names":[{}]}', 'x'])('names no classes by %s', async (text) => {
    expect((await facts({ info: [['class_params', text]] })).metadata).not.toHaveProperty('class_names');
  });
  it.each(['[]', '1', '{"boosting_options":[],"loss_function":{"type":1}}', '{"constructor":{"name":"x"}}'])(
    'of odd parameters %s takes none',
    async (text) => {
      expect((await facts({ info: [['params', text]] })).hyperparameters).toBeUndefined();
    },
  );
});

describe('a broken model', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
  };
  it.each<[string, Uint8Array, string]>([
    ['with another magic', catboostFile().fill(0x58, 0, 1), 'ERR_FORMAT_MALFORMED'],
    ['cut off', catboostFile({ info }).slice(0, -1), 'ERR_FORMAT_TRUNCATED'],
    ['without trees', catboostFile({ trees: -1 }), 'ERR_FORMAT_MALFORMED'],
    ['with a note without key', catboostFile({ info: [[undefined, 'x']] }), 'ERR_FORMAT_MALFORMED'],
    ['with parameters that are no JSON', catboostFile({ info: [['params', '{"a":']] }), 'ERR_FORMAT_MALFORMED'],
    ['with a parameter twice', catboostFile({ info: [['params', '{"a":1,"a":2}']] }), 'ERR_FORMAT_MALFORMED'],
    ['with parameters that nest too deep', catboostFile({ info: [['params', '['.repeat(500)]] }), 'ERR_LIMIT_DEPTH'],
  ])('%s', async (_, bytes, expected) => {
    expect(await code(bytes)).toEqual([expected, 'number', 'm.cbm']);
  });
  it('with too many notes, or that exceeds a limit', async () => {
    const many = Array.from({ length: 10_001 }, (_, i) => [`k${i}`, ''] as const);
    expect((await code(catboostFile({ info: many })))[0]).toBe('ERR_LIMIT_COUNT');
    expect((await code(catboostFile({ info }), withLimits({ maxStringBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(catboostFile({ info }), withLimits({ maxReadBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('throws nothing but our own errors', async () => {
    await fuzzReader(catboost, catboostFile({ info: info.slice(0, 4), parts: ['p'], extra: 3 }));
  });
});
