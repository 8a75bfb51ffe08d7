import { elementCount, type FactsRole, knownFacts, type ModelFacts, summarize, type TensorSummary } from '../../core/facts.js';
import { isAdapterTensor, isValueHead, VALUE_HEAD } from '../shared/adapter.js';
import { parameterCounter } from '../shared/parameters.js';
import { dictOf, ofKind, type PickleValue, stateOf } from '../shared/pickle/index.js';
import { smallMetadata } from '../shared/small-metadata.js';
import type { TorchHeader } from './header.js';
import { optimizerSettings } from './optimizer.js';
import { storageValues } from './tensor.js';
import {
  architecture,
  checkpointLicense,
  checkpointProducers,
  credentialFindings,
  hyperparameters,
  isTrainingArguments,
  rootMetadata,
} from './training.js';
import { isOptimizerState, isRandomState, type NamedTensor } from './walk.js';

export function describeTorch(header: TorchHeader): ModelFacts {
  const { root, tensors, more = {} } = header;
  const producers = [...(more.producers ?? []), ...(checkpointProducers(root) ?? [])];
  return knownFacts<ModelFacts>({
    ...more,
    format: 'pytorch',
    formatVersion: header.formatVersion,
    role: roleOf(header),
    tensors: tensors.length === 0 ? undefined : tensorSummary(tensors),
    part: isValueHead(tensors) ? VALUE_HEAD : undefined,
    architecture: more.architecture ?? architecture(root),
    license: checkpointLicense(root),
    producers,
    hyperparameters: withOptimizer(root),
    metadata: smallMetadata([['form', header.form], ...header.metadata, ...rootMetadata(root)]),
    notInspected: header.notInspected,
    imports: header.imports.filter((name) => !name.startsWith('__torch__.')),
    findings: [...(header.findings ?? []), ...credentialFindings(root)],
  });
}

/** What the tables say comes before what the state of the optimiser keeps. */
function withOptimizer(root: PickleValue): ModelFacts['hyperparameters'] {
  const said = hyperparameters(root) ?? [];
  const names = new Set(said.map(({ value }) => (value.name === 'lr' ? 'learning_rate' : value.name)));
  const all = [...said, ...optimizerSettings(root).filter(({ value }) => !names.has(value.name))];
  return all.length === 0 ? undefined : all;
}

/**
 * Values that several tensors show count once, and only weights and buffers count as parameters; bytes are those of the storages
 * that the tensors show.
 */
export function tensorSummary(tensors: readonly NamedTensor[]): TensorSummary {
  const counted = new Map<NamedTensor, number>();
  const shared = sharedStorages();
  const names = new Set(tensors.map(({ name }) => name));
  const countOf = parameterCounter(tensors);
  let bytes: number | undefined = 0;
  for (const tensor of tensors) {
    const fresh = shared.take(tensor);
    const stands = tensor.section === 'weights' && !isQuantization(tensor.name, names) ? countOf(tensor) : 0;
    // Packed weights stand for more values than are stored.
    const isPacked = stands !== elementCount(tensor) && fresh === tensor.values;
    counted.set(tensor, stands === 0 ? 0 : isPacked ? stands : fresh);
    const size = fresh === tensor.values ? tensor.bytes : fresh === 0 ? 0 : tensor.bytes && (tensor.bytes * fresh) / tensor.values;
    bytes = bytes === undefined || size === undefined ? undefined : bytes + size;
  }
  const { bytes: _all, ...summary } = summarize(tensors, (tensor) => counted.get(tensor) ?? 0);
  return bytes === undefined ? summary : { ...summary, bytes: Math.round(bytes) };
}

/** Quantised layers keep `scale` and `zero_point` of what they give beside their weights; alone a `scale` is a weight. */
function isQuantization(name: string, names: ReadonlySet<string>): boolean {
  if (!/(^|\.)(scale|zero_point)$/.test(name)) return false;
  const layer = name.replace(/(scale|zero_point)$/, '');
  return names.has(`${layer}scale`) && names.has(`${layer}zero_point`);
}

interface SharedStorages {
  /** Values of the tensor that no tensor before it has shown. */
  take(tensor: NamedTensor): number;
}

function sharedStorages(): SharedStorages {
  const parts = new Set<string>();
  const left = new Map<string, number>();
  return {
    take(tensor) {
      const { storage, part, values, dtype } = tensor;
      if (storage === undefined) return values;
      const id = JSON.stringify([storage.key, part, dtype]);
      if (parts.has(id)) return 0;
      parts.add(id);
      const rest = left.get(storage.key) ?? storageValues(storage, dtype);
      const fresh = Math.min(rest, values);
      left.set(storage.key, rest - fresh);
      return fresh;
    },
  };
}

/** What the content is for; missing where only the name of the file could tell. */
function roleOf({ root, tensors, form }: TorchHeader): FactsRole | undefined {
  if (form === 'distributed metadata') return 'index';
  if (form === 'distributed data') return 'checkpoint';
  if (isTrainingArguments(root)) return 'config';
  const weights = tensors.filter(({ section }) => section === 'weights');
  if (weights.length > 0 && weights.every(({ name }) => isAdapterTensor(name))) return 'adapter';
  if (isCheckpoint(root, weights.length < tensors.length)) return weights.length > 0 ? 'checkpoint' : 'optimizer-state';
  if (isOptimizerState(root) || isScheduler(root) || isRandomState(root)) return 'optimizer-state';
  // A tensor alone, or a list of them, may be anything.
  return weights.length > 0 && (dictOf(root) !== undefined || stateOf(root) !== undefined || form === 'pt2' || form === 'tar')
    ? 'weights'
    : undefined;
}

/** Keys that are written beside the weights so that training can go on. */
const PROGRESS = ['epoch', 'global_step', 'global_steps', 'iteration', 'pytorch-lightning_version', 'ds_version', 'optimizer_states'];

function isCheckpoint(root: PickleValue, hasTraining: boolean): boolean {
  if (isOptimizerState(root)) return false;
  const entries = dictOf(root)?.entries;
  return entries !== undefined && (hasTraining || isRandomState(root) || PROGRESS.some((key) => entries.has(key)));
}

/** `state_dict()` of a learning rate scheduler. */
function isScheduler(root: PickleValue): boolean {
  const entries = ofKind(root, 'dict')?.entries;
  return entries?.has('last_epoch') === true && entries.has('_step_count');
}
