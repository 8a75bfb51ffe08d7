/**
 * What Keras 2 kept beside a SavedModel: one JSON text for each object, of which the root holds the configuration.
 * Source: https://github.com/keras-team/tf-keras/blob/master/tf_keras/protobuf/saved_metadata.proto
 */
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { countsText } from '../shared/small-metadata.js';
import type { UserObject } from '../shared/tensorflow/meta-graph.js';
import { configFacts } from './config.js';
import { type JsonRecord, parseConfig, record } from './json.js';
import { trainingSettings } from './training.js';

export interface KerasObjects {
  /** The object that is the model itself. */
  readonly root: JsonRecord | undefined;
  readonly others: readonly JsonRecord[];
  readonly notInspected: readonly string[];
}

/** Objects of Keras among those of a SavedModel; the first is the root. */
export function kerasObjects(objects: readonly UserObject[], limits: Limits, file: string): KerasObjects {
  const notInspected = new Set<string>();
  const parsed = objects.flatMap(({ identifier, metadata }) => {
    if (!identifier.startsWith('_tf_keras')) return [];
    const value = parseConfig(metadata, limits, file);
    if (value === undefined) notInspected.add(`metadata of \`${identifier.slice(0, 100)}\`, which is not JSON`);
    return value === undefined ? [] : [value];
  });
  const root = parsed.find(({ model_config: config }) => config !== undefined) ?? parsed[0];
  return { root, others: parsed.filter((object) => object !== root), notInspected: [...notInspected] };
}

type Facts = Pick<
  ModelFacts,
  'architecture' | 'name' | 'inputs' | 'imports' | 'findings' | 'quantization' | 'producers' | 'hyperparameters'
>;

/** Facts of the model, and its layers as text. `place` is where the objects stand. */
export function kerasObjectFacts({ root, others }: KerasObjects, place: string): { readonly facts: Facts; readonly layers: string } {
  if (root === undefined) return { facts: {}, layers: '' };
  const version = root.keras_version;
  const { facts, layers } = configFacts(record(root.model_config) ?? root, {
    place: `${place} model_config`,
    more: [root.training_config, others],
    version,
  });
  return {
    layers: countsText(layers),
    facts: knownFacts<Facts>({
      ...facts,
      producers:
        typeof version === 'string' && version !== ''
          ? [{ key: `${place} keras_version`, value: { name: 'keras', version: version.slice(0, 100) } }]
          : undefined,
      hyperparameters: trainingSettings(record(root.training_config), `${place} training_config`),
    }),
  };
}
