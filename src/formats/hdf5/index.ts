/** HDF5: Keras models and weights; of any other file the datasets. No dataset is read. */
import type { ByteSource } from '../../core/byte-source.js';
import { type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { type ConfigFacts, configFacts } from '../keras/config.js';
import { type JsonRecord, parseConfig } from '../keras/json.js';
import { trainingSettings } from '../keras/training.js';
import {
  optimizerValues,
  plainTensor,
  summarizeWeights,
  type WeightLayout,
  type WeightTensor,
  wantedAttribute,
  weightLayout,
  weightTensors,
} from '../keras/weights.js';
import { defineReader } from '../reader.js';
import { type AttributeValue, type Hdf5Tree, hdf5Offset, readHdf5 } from '../shared/hdf5/index.js';
import { countsText, isInsideDirectory, smallList, smallMetadata } from '../shared/small-metadata.js';
import { otherFiles, outsideFindings } from './other-files.js';

export interface Hdf5Header {
  readonly tree: Hdf5Tree;
  readonly layout: WeightLayout;
  readonly tensors: readonly WeightTensor[];
  /** `model_config` and `training_config`, where they are JSON objects. */
  readonly modelConfig: JsonRecord | undefined;
  readonly trainingConfig: JsonRecord | undefined;
  readonly notInspected: readonly string[];
}

const LAYOUTS: Readonly<Record<WeightLayout, string>> = {
  model: 'Keras model',
  weights: 'Keras weights',
  weights3: 'Keras 3 weights',
  other: 'none that is known',
};

export const hdf5 = defineReader<Hdf5Header>({
  id: 'hdf5',
  title: 'HDF5',
  // Keras before 2.12 wrote HDF5 under `.keras` too.
  extensions: ['.h5', '.hdf5', '.keras'],
  sniff: (head) => hdf5Offset(head) !== undefined,
  read: readFile,
  describe,
  tensors: ({ tensors }) => tensors.map(plainTensor),
});

async function readFile(source: ByteSource, limits: Limits): Promise<Hdf5Header> {
  const tree = await readHdf5(source, limits, { wanted: wantedAttribute });
  const layout = weightLayout(tree);
  const notInspected = [...tree.notInspected];
  const config = (key: string): JsonRecord | undefined => {
    const text = rootText(tree, key)?.value;
    const parsed = text === undefined ? undefined : parseConfig(text, limits, source.name);
    if (text !== undefined && parsed === undefined) notInspected.push(`\`${key}\`, which is not JSON`);
    return parsed;
  };
  if (layout === 'other') notInspected.push('what the datasets are for: their layout is none that is known');
  return {
    tree,
    layout,
    tensors: weightTensors(tree, layout),
    modelConfig: config('model_config'),
    trainingConfig: config('training_config'),
    notInspected,
  };
}

function describe(header: Hdf5Header): ModelFacts {
  const { tree, layout, tensors } = header;
  const config = configFacts(header.modelConfig, {
    place: 'model_config',
    more: header.trainingConfig,
    version: rootText(tree, 'keras_version')?.value,
  });
  const files = otherFiles(tree);
  return knownFacts<ModelFacts>({
    format: 'hdf5',
    formatVersion: String(tree.version),
    mediaType: 'application/x-hdf5',
    role: layout === 'other' ? undefined : 'weights',
    tensors: summarizeWeights(tensors),
    ...config.facts,
    producers: producers(tree),
    hyperparameters: trainingSettings(header.trainingConfig, 'training_config'),
    companions: [...new Set(files.data.filter(isInsideDirectory))].sort(),
    metadata: metadata(header, config),
    notInspected: [...header.notInspected, ...files.linked.map((name) => `the linked file \`${name.slice(0, 200)}\``)],
    findings: [
      ...(config.facts.findings ?? []),
      ...outsideFindings([...files.data, ...files.linked].filter((name) => !isInsideDirectory(name))),
    ],
  });
}

/** A text attribute of the root group, or of the group that holds the weights of a model. */
function rootText({ objects }: Hdf5Tree, name: string): Keyed<string> | undefined {
  const own = text(objects[0]?.attributes.get(name));
  if (own !== undefined) return { value: own, key: name };
  const weights = text(objects.find(({ path }) => path === 'model_weights')?.attributes.get(name));
  return weights === undefined ? undefined : { value: weights, key: `model_weights.${name}` };
}

const text = (value: AttributeValue | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function producers(tree: Hdf5Tree): ModelFacts['producers'] {
  const version = rootText(tree, 'keras_version');
  return version && [{ key: version.key, value: { name: 'keras', version: version.value.slice(0, 100) } }];
}

/** Attributes of the root that are not facts of their own, and what was counted. */
function metadata({ tree, layout, tensors }: Hdf5Header, { layers }: ConfigFacts): ModelFacts['metadata'] {
  const root = [...(tree.objects[0]?.attributes ?? [])].filter(
    ([name]) => !/^(model_config|training_config|keras_version|layer_names\d*|weight_names\d*)$/.test(name),
  );
  const filters = new Set(tree.objects.flatMap(({ dataset }) => dataset?.filters ?? []));
  const layerNames = tree.objects[0]?.attributes.get('layer_names');
  return smallMetadata([
    ...root.map(([name, value]) => [name, typeof value === 'object' ? smallList(value.map(String)) : String(value)] as const),
    ['hdf5.layout', LAYOUTS[layout]],
    ['hdf5.filters', smallList([...filters].sort())],
    ['hdf5.userBlockBytes', tree.userBlockBytes === 0 ? undefined : tree.userBlockBytes],
    ['layers', countsText(layers)],
    ['layer_names', Array.isArray(layerNames) ? smallList(layerNames.map(String)) : undefined],
    ['optimizer.values', optimizerValues(tensors)],
  ]);
}
