/** Finds the tensors of a pickle, names them by their path, and says which of them are weights. */
import { MsbomError } from '../../core/error.js';
import type { TensorInfo } from '../../core/facts.js';
import type { Limits } from '../../core/limits.js';
import { argumentsOf, dictOf, itemsOf, ofKind, type PickleDict, type PickleValue, stateOf } from '../shared/pickle/index.js';
import { type TensorView, tensorView } from './tensor.js';

/** What a tensor is for: weights and buffers of the model, or the state of training around them. */
export type Section = 'weights' | 'other';

export interface NamedTensor extends TensorInfo, Omit<TensorView, 'dtype' | 'shape' | 'bytes'> {
  readonly section: Section;
}

const MAX_NAME = 4096;

interface Found {
  readonly path: readonly string[];
  readonly view: TensorView;
  /** Inside the state of an optimiser. */
  readonly training: boolean;
}

interface Walk {
  readonly limits: Limits;
  readonly file: string;
  readonly viewOf: (value: PickleValue) => TensorView | undefined;
  readonly found: Found[];
  /** Containers that were walked: each once, so that shared ones cost nothing more. */
  readonly seen: Set<PickleValue>;
  steps: number;
}

/**
 * Every tensor that can be reached from the root, in order; `viewOf` says which values are tensors.
 * @throws ERR_LIMIT_COUNT, ERR_LIMIT_DEPTH, ERR_LIMIT_BYTES
 */
export function findTensors(
  root: PickleValue,
  file: string,
  limits: Limits,
  viewOf: (value: PickleValue) => TensorView | undefined = (value) => tensorView(value),
): readonly NamedTensor[] {
  const walk: Walk = { limits, file, viewOf, found: [], seen: new Set(), steps: 0 };
  visit(root, [], { training: false, depth: 0 }, walk);
  const sectionOf = sections(root, walk.found);
  return walk.found.map(({ path, view, training }) => ({
    ...view,
    name: nameOf(path, walk),
    section: training ? 'other' : sectionOf(path),
  }));
}

/** Where a value stands: in the state of training, and below how many others. Not each of them adds to the path. */
interface Standing {
  readonly training: boolean;
  readonly depth: number;
}

function visit(value: PickleValue, path: readonly string[], { training, depth }: Standing, walk: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  if (++walk.steps > walk.limits.maxItems) throw stop('ERR_LIMIT_COUNT', `more than ${walk.limits.maxItems} values`, walk);
  if (depth > walk.limits.maxDepth) throw stop('ERR_LIMIT_DEPTH', `values nest deeper than ${walk.limits.maxDepth}`, walk);
  const view = walk.viewOf(value);
  if (view !== undefined) {
    walk.found.push({ path, view, training });
    return;
  }
  if (walk.seen.has(value)) return;
  walk.seen.add(value);
  const inside = { training: training || isOptimizerState(value) || isRandomState(value), depth: depth + 1 };
  for (const [key, child] of children(value)) visit(child, key === undefined ? path : [...path, key], inside, walk);
}

/** What lies inside a value; a child without a key takes the name of its parent. */
function* children(value: PickleValue): Generator<readonly [string | undefined, PickleValue]> {
  const items = itemsOf(value);
  if (items !== undefined) yield* numbered(items);
  const dict = dictOf(value);
  if (dict !== undefined) yield* entries(dict);
  const call = ofKind(value, 'call');
  if (call === undefined) return;
  const state = stateOf(value);
  if (state !== undefined) yield* isModule(state) ? moduleEntries(state) : entries(state);
  else if (call.state !== undefined) yield [undefined, call.state];
  if (call.list !== undefined) yield* numbered(call.list.items);
  if (dict === undefined) for (const argument of argumentsOf(call)) yield [undefined, argument];
}

function* numbered(items: readonly PickleValue[]): Generator<readonly [string, PickleValue]> {
  for (const [i, item] of items.entries()) if (typeof item === 'object') yield [String(i), item];
}

function* entries({ entries, others }: PickleDict): Generator<readonly [string, PickleValue]> {
  yield* entries;
  for (const [i, [key, value]] of others.entries()) yield [typeof key === 'object' ? `[${i}]` : String(key), value];
}

/** `torch.nn.Module` keeps its tensors in three dicts; names leave these out, as state dicts do. */
const MODULE_DICTS = ['_parameters', '_buffers', '_modules'] as const;
const isModule = ({ entries }: PickleDict): boolean => MODULE_DICTS.every((key) => entries.has(key));

function* moduleEntries(state: PickleDict): Generator<readonly [string, PickleValue]> {
  for (const key of MODULE_DICTS) {
    const dict = dictOf(state.entries.get(key));
    if (dict !== undefined) yield* entries(dict);
  }
  for (const entry of entries(state)) if (!(MODULE_DICTS as readonly string[]).includes(entry[0])) yield entry;
}

function nameOf(path: readonly string[], walk: Walk): string {
  const length = path.reduce((sum, part) => sum + part.length + 1, 0);
  if (length > MAX_NAME) throw stop('ERR_LIMIT_BYTES', `a tensor has a name of more than ${MAX_NAME} characters`, walk);
  return path.join('.');
}

/**
 * First parts of paths that hold the state of training: optimisers, schedulers, scalers, random numbers, loops. A word only counts
 * whole, since parts of models have names such as `schedule_embed` and `random_projection`.
 */
const TRAINING =
  /^(optim(izer)?s?|opt_?states?|(lr_?)?sched(uler)?s?|(grad_?|loss_?)?scalers?|loss(es)?|criterion|rng)(?=[_\dA-Z-]|$)|_rng(?=_|$)|^(amp|loops?|callbacks?|random(_?states?)?)$/;
/** A second, averaged copy of the weights. */
const AVERAGED = /(^|_)(ema|swa|averaged?|polyak)(_|$)/i;

/** Is the value the state of an optimiser, as `state_dict()` gives it? */
export function isOptimizerState(value: PickleValue | undefined): boolean {
  const dict = dictOf(value);
  return dict?.entries.has('param_groups') === true && dict.entries.has('state');
}

/** States of the random number generators of Python, NumPy and PyTorch, side by side. */
export function isRandomState(value: PickleValue | undefined): boolean {
  const dict = dictOf(value);
  return dict !== undefined && ['python', 'numpy', 'cpu'].every((key) => dict.entries.has(key));
}

/** Is a key of a checkpoint, or the first part of a name, one of the state of training? */
export const isTrainingKey = (key: string): boolean => TRAINING.test(key.slice(0, 1).toLowerCase() + key.slice(1));

/**
 * Which paths lead to weights. A state dict holds nothing else. In a checkpoint, whose root holds dicts of tensors, the state of
 * training, loose tensors of the root and copies of the weights are left out.
 */
function sections(root: PickleValue, found: readonly Found[]): (path: readonly string[]) => Section {
  const dict = dictOf(root);
  // Packed weights of quantised layers are tuples of tensors, or objects without names, beside plain tensors: still a state dict.
  if (dict === undefined || found.every(({ path }) => path.length <= 1 || isFlat(dict.entries.get(path[0] ?? '')))) return () => 'weights';
  const first = new Set(found.map(({ path }) => path[0] ?? ''));
  const nested = new Set(found.flatMap(({ path }) => (path.length > 1 ? [path[0] ?? ''] : [])));
  const training = new Set([...first].filter((key) => isTrainingKey(key) || isOptimizerPart(dict.entries.get(key))));
  const plain = [...nested].filter((key) => !training.has(key) && !AVERAGED.test(key));
  return ([key = '']) => {
    if (training.has(key) || !nested.has(key)) return 'other';
    return plain.length > 0 && AVERAGED.test(key) ? 'other' : 'weights';
  };
}

/** Has the value no names for what is in it, neither as a dict nor as attributes, nor have its items? */
const isFlat = (value: PickleValue | undefined): boolean =>
  [value, ...(ofKind(value, 'tuple')?.items ?? [])].every((item) => dictOf(item) === undefined && stateOf(item) === undefined);

/** Optimiser states, one or a list of them. */
function isOptimizerPart(value: PickleValue | undefined): boolean {
  const items = itemsOf(value);
  return isOptimizerState(value) || (items !== undefined && items.length > 0 && items.every(isOptimizerState));
}

function stop(code: 'ERR_LIMIT_COUNT' | 'ERR_LIMIT_DEPTH' | 'ERR_LIMIT_BYTES', message: string, { file }: Walk): MsbomError {
  return new MsbomError(code, message, { file, offset: 0 });
}
