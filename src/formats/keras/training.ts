/** Keras' own record of how a model was compiled: `compile_config` (Keras 3) and `training_config` (before). */
import type { ModelFacts } from '../../core/facts.js';
import { smallList } from '../shared/small-metadata.js';
import { isPlain, type JsonRecord, record } from './json.js';

type Settings = NonNullable<ModelFacts['hyperparameters']>;

/** Names that can stand in a path of the manifest; hostile ones are dropped. */
const SAFE_NAME = /^[A-Za-z][\w.-]{0,127}$/;

/**
 * Optimizer with its settings, loss and metrics, under Keras' own names. `place` is where the configuration stands.
 * Settings that are null are not recorded.
 */
export function trainingSettings(config: JsonRecord | undefined, place: string): Settings | undefined {
  if (config === undefined) return undefined;
  const isOld = config.optimizer_config !== undefined;
  const optimizer = isOld ? config.optimizer_config : config.optimizer;
  const settings = [
    ...optimizerSettings(optimizer, `${place}.${isOld ? 'optimizer_config' : 'optimizer'}`),
    ...named('loss', config.loss, `${place}.loss`),
    ...metrics(config.metrics, `${place}.metrics`),
    ...entry('sample_weight_mode', config.sample_weight_mode, `${place}.sample_weight_mode`),
  ];
  return settings.length > 0 ? settings : undefined;
}

function optimizerSettings(optimizer: unknown, place: string): Settings {
  if (typeof optimizer === 'string') return entry('optimizer', optimizer, place);
  const { class_name: className, config } = record(optimizer) ?? {};
  const name = className ?? record(config)?.name;
  return [
    ...entry('optimizer', name, `${place}.class_name`),
    ...Object.entries(record(config) ?? {})
      .filter(([key]) => key !== 'name')
      .flatMap(([key, value]) => setting(key, value, `${place}.config.${key}`)),
  ];
}

/** A plain value, or a schedule: its class and its own settings. */
function setting(name: string, value: unknown, key: string): Settings {
  const { class_name: className, config } = record(value) ?? {};
  if (className === undefined) return entry(name, value, key);
  return [
    ...entry(name, className, `${key}.class_name`),
    ...Object.entries(record(config) ?? {})
      .filter(([inner]) => inner !== 'name')
      .flatMap(([inner, plain]) => entry(`${name}.${inner}`, plain, `${key}.config.${inner}`)),
  ];
}

/** One loss, or one for each output. */
function named(name: string, value: unknown, key: string): Settings {
  const single = className(value);
  if (single !== undefined) return entry(name, single, key);
  if (Array.isArray(value)) return entry(name, smallList(value.flatMap((item) => className(item) ?? [])), key);
  return Object.entries(record(value) ?? {}).flatMap(([output, item]) =>
    entry(`${name}.${output}`, className(item) ?? '', `${key}.${output}`),
  );
}

/** Lists and names of metrics that are looked at. */
const MAX_METRICS = 1000;

/** Metrics of one output or of several, in one text. */
function metrics(value: unknown, key: string): Settings {
  const names: string[] = [];
  const waiting: unknown[] = [value];
  for (let seen = 0; waiting.length > 0 && seen < MAX_METRICS; seen++) {
    const item = waiting.pop();
    const name = className(item);
    if (name !== undefined) names.push(name);
    else waiting.push(...(Array.isArray(item) ? item : Object.values(record(item) ?? {})).slice(0, MAX_METRICS).reverse());
  }
  return entry('metrics', smallList(names), key);
}

/** `"mse"`, or an object of that class; functions have their name where others have their settings. */
function className(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { class_name: name, config } = record(value) ?? {};
  if (name === 'function' && typeof config === 'string') return config;
  const metric = record(config)?.name;
  return typeof name !== 'string' ? undefined : name === 'MeanMetricWrapper' && typeof metric === 'string' ? metric : name;
}

function entry(name: string, value: unknown, key: string): Settings {
  return isPlain(value) && value !== '' && SAFE_NAME.test(name) && String(value).length <= 512 ? [{ key, value: { name, value } }] : [];
}
