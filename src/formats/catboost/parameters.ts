/** The JSON of training parameters in a CatBoost model, under the names that CatBoost's own training functions take. */
import type { ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { parseEmbeddedJson } from '../shared/embedded-json.js';

type Settings = NonNullable<ModelFacts['hyperparameters']>;
type Setting = Settings[number];

/** Groups whose scalar members are parameters under their own names. */
const GROUPS = ['boosting_options', 'tree_learner_options', 'cat_feature_params', 'data_processing_options'] as const;
/** Parameters that lie deeper or have another name there. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['random_seed', 'random_seed'],
  ['task_type', 'task_type'],
  ['boosting_options.od_config.type', 'od_type'],
  ['boosting_options.od_config.wait_iterations', 'od_wait'],
  ['boosting_options.od_config.stop_pvalue', 'od_pval'],
  ['tree_learner_options.bootstrap.type', 'bootstrap_type'],
  ['tree_learner_options.bootstrap.subsample', 'subsample'],
  ['tree_learner_options.bootstrap.mvs_reg', 'mvs_reg'],
  ['tree_learner_options.bootstrap.bagging_temperature', 'bagging_temperature'],
  ['tree_learner_options.penalties.penalties_coefficient', 'penalties_coefficient'],
  ['cat_feature_params.target_binarization.border_count', 'ctr_target_border_count'],
  ['data_processing_options.float_features_binarization.border_count', 'border_count'],
  ['data_processing_options.float_features_binarization.border_type', 'feature_border_type'],
  ['data_processing_options.float_features_binarization.nan_mode', 'nan_mode'],
]);
/** A metric with its settings, `Quantile:alpha=0.3`. */
const METRICS: ReadonlyMap<string, string> = new Map([
  ['loss_function', 'loss_function'],
  ['metrics.eval_metric', 'eval_metric'],
]);
/** Beside the settings of a metric: a list of their names. */
const KEY_ORDER = '__params_key_order';
const MAX_VALUE = 512;
/** 2^64 - 1, exact or rounded as in a double: a text, as a double cannot hold it. */
const NO_LIMIT = /^18446744073709551615$|^18446744073709552000$/;

/** @throws ERR_FORMAT_MALFORMED, ERR_LIMIT_* */
export function parseParameters(text: string, file: string, limits: Limits): unknown {
  const place = { what: '`params` of the model', file, offset: 8 };
  return parseEmbeddedJson(text, place, { maxDocumentBytes: limits.maxStringBytes, maxDepth: limits.maxDepth });
}

/** Scalars only: lists of features, dictionaries and the settings of the machine are left out. */
export function trainingParameters(parameters: unknown): Settings {
  const found = [
    ...GROUPS.flatMap((group) =>
      members(valueAt(parameters, group))
        .filter(([name]) => !name.startsWith('dev_'))
        .flatMap(([name, value]) => setting(name, value, `${group}.${name}`)),
    ),
    ...[...NAMED].flatMap(([path, name]) => setting(name, valueAt(parameters, path), path)),
    ...[...METRICS].flatMap(([path, name]) => setting(name, metricText(valueAt(parameters, path)), path)),
  ];
  return found.sort((a, b) => (a.value.name < b.value.name ? -1 : 1));
}

function setting(name: string, value: unknown, path: string): readonly Setting[] {
  const isPlain =
    typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== '' && !NO_LIMIT.test(value));
  return !isPlain || String(value).length > MAX_VALUE || name.length > MAX_VALUE ? [] : [{ key: `params.${path}`, value: { name, value } }];
}

function metricText(metric: unknown): string | undefined {
  const type = valueAt(metric, 'type');
  if (typeof type !== 'string') return undefined;
  const settings = members(valueAt(metric, 'params'))
    .filter(([name]) => name !== KEY_ORDER)
    .map(([name, value]) => `${name}=${String(value)}`);
  return settings.length === 0 ? type : `${type}:${settings.join(';')}`;
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const key of path.split('.')) value = new Map(members(value)).get(key);
  return value;
}

/** Members of an object; none of anything else. */
const members = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
