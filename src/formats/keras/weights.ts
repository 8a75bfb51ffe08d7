/** Weights as Keras lays them out in HDF5, in its three ways. */
import { elementCount, summarize, type TensorInfo, type TensorSummary } from '../../core/facts.js';
import type { Hdf5Object, Hdf5Tree } from '../shared/hdf5/index.js';
import { plainCount } from '../shared/parameters.js';

/**
 * `model`: a whole model with its configuration (before Keras 3, still written by `save('*.h5')`); `weights`: weights of
 * that time alone; `weights3`: `*.weights.h5` of Keras 3 and the weights in `.keras`; `other`: no layout of Keras.
 */
export type WeightLayout = 'model' | 'weights' | 'weights3' | 'other';

export interface WeightTensor extends TensorInfo {
  /** Part of the model, of the optimizer, or of something else that is saved along. */
  readonly part: 'model' | 'optimizer' | 'state';
}

/** Which attributes tell how weights are laid out. */
export function wantedAttribute(path: string, name: string): boolean {
  if (path === '' || path === 'model_weights') return true;
  return name === 'dtype' || (name === 'name' && path.endsWith('vars'));
}

export function weightLayout({ objects }: Hdf5Tree): WeightLayout {
  const root = objects[0]?.attributes;
  if (root?.has('model_config')) return 'model';
  if (root?.has('layer_names') || root?.has('layer_names0')) return 'weights';
  const datasets = objects.filter(({ dataset }) => dataset !== undefined);
  return datasets.length > 0 && datasets.every(({ path }) => VARIABLE.test(path)) ? 'weights3' : 'other';
}

const VARIABLE = /(^|\/)vars\/[^/]+$/;

/** The datasets of a file as tensors. */
export function weightTensors({ objects }: Hdf5Tree, layout: WeightLayout): readonly WeightTensor[] {
  const names = new Map(
    objects.flatMap(({ path, attributes }) => (attributes.has('name') ? [[path, attributes.get('name')] as const] : [])),
  );
  return objects.flatMap((object): WeightTensor[] => {
    const { dataset, path } = object;
    if (dataset === undefined) return [];
    const { shape, bytes } = dataset;
    const group = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const part = layout === 'other' || dataset.count === 0 ? 'state' : partOf(path, names.get(group));
    return [{ name: path, dtype: dtypeOf(object), shape, part, ...(bytes === undefined ? {} : { bytes }) }];
  });
}

/** Keras keeps bfloat16 as bytes without a type and says so in an attribute. */
function dtypeOf({ dataset, attributes }: Hdf5Object): string {
  const named = attributes.get('dtype');
  return typeof named === 'string' && named !== '' && named.length <= 64 ? named : (dataset?.dtype ?? 'unknown');
}

function partOf(path: string, groupName: unknown): WeightTensor['part'] {
  if (/^(optimizer_weights|optimizer)\//.test(path)) return 'optimizer';
  if (/^(metrics|compile_metrics)\/|(^|\/)seed_generator(_\d+)?\//.test(path)) return 'state';
  return typeof groupName === 'string' && /^seed_generator(_\d+)?$/.test(groupName) ? 'state' : 'model';
}

const UNCOUNTED = /^(string|opaque|compound|reference|enum|time|unknown|sequence|array)/;

/** Sums; only weights of the model count as parameters, as in Keras' `count_params()`. */
export function summarizeWeights(tensors: readonly WeightTensor[]): TensorSummary {
  return summarize(tensors, (tensor) => (tensor.part === 'model' && !UNCOUNTED.test(tensor.dtype) ? plainCount(tensor) : 0));
}

/** Values that belong to the optimizer, as text; undefined when there are none. */
export function optimizerValues(tensors: readonly WeightTensor[]): number | undefined {
  const own = tensors.filter(({ part }) => part === 'optimizer');
  return own.length === 0 ? undefined : own.reduce((sum, tensor) => sum + elementCount(tensor), 0);
}

/** What goes into the public list. */
export const plainTensor = ({ name, dtype, shape, bytes }: WeightTensor): TensorInfo => ({
  name,
  dtype,
  shape,
  ...(bytes === undefined ? {} : { bytes }),
});
