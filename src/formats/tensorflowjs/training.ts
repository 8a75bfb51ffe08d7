import type { ModelFacts } from '../../core/facts.js';

type JsonRecord = Readonly<Record<string, unknown>>;
type Settings = NonNullable<ModelFacts['hyperparameters']>;

/** Keras' `training_config`: optimizer with its settings, loss and metrics, under Keras' own names. */
export function trainingSettings(config: JsonRecord | undefined): Settings | undefined {
  if (config === undefined) return undefined;
  const optimizer = record(config.optimizer_config);
  const name = optimizer?.class_name ?? record(optimizer?.config)?.name;
  const settings: Settings[number][] = [
    ...entry('optimizer', name, 'training_config.optimizer_config.class_name'),
    ...Object.entries(record(optimizer?.config) ?? {})
      .filter(([key]) => key !== 'name')
      .flatMap(([key, value]) => entry(key, value, `training_config.optimizer_config.config.${key}`)),
    ...entry('loss', config.loss, 'training_config.loss'),
    ...entry('sample_weight_mode', config.sample_weight_mode, 'training_config.sample_weight_mode'),
  ];
  return settings.length > 0 ? settings : undefined;
}

function entry(name: string, value: unknown, key: string): Settings {
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return plain && value !== '' ? [{ key, value: { name, value } }] : [];
}

function record(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}
