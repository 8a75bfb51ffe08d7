/** Tensors and storages as pickles of PyTorch spell them. Source: https://github.com/pytorch/pytorch/blob/main/torch/_utils.py */
import type { TensorInfo } from '../../core/facts.js';
import { argumentsOf, className, globalName, itemsOf, ofKind, type PickleCall, type PickleValue } from '../shared/pickle/index.js';
import { bytesOfValues, dtypeOf, storageDtype, valuesOfBytes } from './dtypes.js';

/** The bytes that tensors are views of; tied tensors share one. */
export interface Storage {
  readonly key: string;
  /** Of its class; undefined for a storage of plain bytes. */
  readonly dtype: string | undefined;
  /** Elements, or bytes when there is no dtype. */
  readonly length: number;
  readonly bytes: number | undefined;
}

/** A tensor before it has a name. */
export interface TensorView extends Omit<TensorInfo, 'name'> {
  /** Values that are stored: of a sparse tensor only those that are set. */
  readonly values: number;
  /** Missing for tensors without data and for those that own several storages. */
  readonly storage?: Storage | undefined;
  /** Which part of the storage, so that the same part is counted once. */
  readonly part: string;
}

const MAX_DIMENSIONS = 64;
const MAX_WRAPPERS = 8;
/** Stands for a dtype that the file does not name. */
const UNKNOWN_DTYPE = 'unknown';

/** The storage that a value stands for. */
export type StorageLookup = (value: PickleValue | undefined) => Storage | undefined;

/** Where a tensor is rebuilt: how deep inside other tensors, and how its storage is found. */
interface Place {
  readonly depth: number;
  readonly lookup: StorageLookup;
}

type Rebuild = (args: readonly PickleValue[], place: Place) => TensorView | undefined;

const strided: Rebuild = ([storage, offset, size, stride, , , dtype], { lookup }) =>
  view(lookup(storage), offset, size, stride, dtypeOf(globalName(dtype)));
const strided2: Rebuild = ([storage, offset, size, stride], { lookup }) => view(lookup(storage), offset, size, stride, undefined);
const inner: Rebuild = ([data], place) => inside(data, place);

/** By function, what its arguments say. */
const REBUILD: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['torch._utils._rebuild_tensor', strided],
  ['torch._utils._rebuild_tensor_v2', strided2],
  ['torch._utils._rebuild_tensor_v3', strided],
  ['torch._utils._rebuild_qtensor', strided2],
  ['torch._utils._rebuild_parameter', inner],
  ['torch._utils._rebuild_parameter_with_state', inner],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', inner],
  ['torch._utils._rebuild_meta_tensor_no_storage', ([dtype, size]) => bare(dtype, size, 0)],
  ['torch._utils._rebuild_wrapper_subclass', ([, dtype, size]) => bare(dtype, size, undefined)],
  ['torch._utils._rebuild_sparse_tensor', ([, data], place) => sparse(itemsOf(data) ?? [], place)],
  ['torch._utils._rebuild_nested_tensor', ([buffer, sizes], place) => nested(inside(buffer, place), inside(sizes, place))],
  ['torch._tensor._rebuild_from_type', ([rebuild, , args], place) => byFunction(rebuild, args, place)],
  ['torch._tensor._rebuild_from_type_v2', ([rebuild, , args], place) => byFunction(rebuild, args, place)],
]);

/** The tensor that a value rebuilds; undefined when it is none. */
export function tensorView(value: PickleValue | undefined, lookup: StorageLookup = persistentStorage): TensorView | undefined {
  return rebuilt(value, { depth: 0, lookup });
}

function rebuilt(value: PickleValue | undefined, place: Place): TensorView | undefined {
  const call = ofKind(value, 'call');
  if (call === undefined || place.depth > MAX_WRAPPERS) return undefined;
  return REBUILD.get(globalName(call.callee) ?? '')?.(argumentsOf(call), place) ?? oldParameter(call, place);
}

const inside = (value: PickleValue | undefined, place: Place): TensorView | undefined =>
  rebuilt(value, { ...place, depth: place.depth + 1 });

function byFunction(rebuild: PickleValue | undefined, args: PickleValue | undefined, place: Place): TensorView | undefined {
  if (place.depth > MAX_WRAPPERS) return undefined;
  return REBUILD.get(globalName(rebuild) ?? '')?.(itemsOf(args) ?? [], { ...place, depth: place.depth + 1 });
}

/** Before PyTorch 0.4 parameters and variables were objects with the tensor first in their state. */
function oldParameter(call: PickleCall, place: Place): TensorView | undefined {
  const name = className(call);
  if (name !== 'torch.nn.parameter.Parameter' && name !== 'torch.autograd.variable.Variable') return undefined;
  return inside(itemsOf(call.state)?.[0], place);
}

function view(
  storage: Storage | undefined,
  offset: PickleValue | undefined,
  size: PickleValue | undefined,
  stride: PickleValue | undefined,
  dtype: string | undefined,
): TensorView | undefined {
  const shape = shapeOf(size);
  if (shape === undefined) return undefined;
  const type = dtype ?? storage?.dtype ?? UNKNOWN_DTYPE;
  const values = count(shape);
  const part = `${typeof offset === 'number' ? offset : '?'}:${shape.join('x')}:${(shapeOf(stride) ?? []).join('x')}`;
  return { dtype: type, shape, values, bytes: bytesOfValues(type, values), storage, part };
}

/** A tensor without data, which has no bytes, or one whose data lies in other tensors, where they are not known. */
function bare(dtype: PickleValue | undefined, size: PickleValue | undefined, bytes: 0 | undefined): TensorView | undefined {
  const shape = shapeOf(size);
  return shape && { dtype: dtypeOf(globalName(dtype)) ?? UNKNOWN_DTYPE, shape, values: count(shape), bytes, part: '' };
}

/** COO: indices, values, size, coalesced. Compressed layouts: two lists of indices, values, size. */
function sparse(data: readonly PickleValue[], place: Place): TensorView | undefined {
  const parts: TensorView[] = [];
  for (const item of data.slice(0, 3)) {
    const part = inside(item, place);
    if (part === undefined) break;
    parts.push(part);
  }
  const shape = shapeOf(data[parts.length]);
  const stored = parts.at(-1);
  if (shape === undefined || stored === undefined) return undefined;
  const bytes = parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part.bytes === undefined ? undefined : sum + part.bytes),
    0,
  );
  return { dtype: stored.dtype, shape, values: stored.values, bytes, part: '' };
}

/** Sizes stand in a tensor, so that only the number of parts is known. */
function nested(data: TensorView | undefined, sizes: TensorView | undefined): TensorView | undefined {
  const [parts, axes] = sizes?.shape ?? [];
  if (data === undefined || parts === undefined) return undefined;
  return { ...data, shape: [parts, ...Array.from({ length: Math.max(0, Math.min(axes ?? 0, MAX_DIMENSIONS)) }, () => -1)] };
}

/** `('storage', class, key, location, length)`; the old form has a sixth member, the part of a larger storage. */
export function persistentStorage(value: PickleValue | undefined): Storage | undefined {
  const [word, type, key, , length] = itemsOf(ofKind(value, 'persistent')?.id) ?? [];
  const name = globalName(type);
  if (word !== 'storage' || name === undefined || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return undefined;
  const dtype = storageDtype(name);
  const untyped = dtype === undefined && name === 'torch.storage.UntypedStorage';
  const bytes = untyped ? length : dtype === undefined ? undefined : bytesOfValues(dtype, length);
  return { key: String(key), dtype, length, bytes };
}

/** Values that a storage can hold of a dtype. */
export function storageValues(storage: Storage, dtype: string): number {
  return storage.bytes === undefined ? storage.length : (valuesOfBytes(dtype, storage.bytes) ?? storage.length);
}

/** Sizes of a tuple or `torch.Size`; -1 for one that is no number. */
export function shapeOf(value: PickleValue | undefined): readonly number[] | undefined {
  const call = ofKind(value, 'call');
  const items = itemsOf(globalName(call?.callee) === 'torch.Size' && call ? argumentsOf(call)[0] : value);
  if (items === undefined || items.length > MAX_DIMENSIONS) return undefined;
  return items.map((item) => (typeof item === 'number' && Number.isSafeInteger(item) && item >= 0 ? item : -1));
}

/** Product of the sizes; 0 when one is not known or the product cannot be counted. */
function count(shape: readonly number[]): number {
  const product = shape.reduce((all, size) => all * size, 1);
  return shape.some((size) => size < 0) || !Number.isSafeInteger(product) ? 0 : product;
}
