/**
 * Arrays that joblib writes into the stream, behind the pickled object that stands for them.
 * Source: https://github.com/joblib/joblib/blob/main/joblib/numpy_pickle.py (NumpyArrayWrapper)
 */
import type { Cursor } from '../../core/cursor.js';
import { MsbomError } from '../../core/error.js';
import type { Limits } from '../../core/limits.js';
import { dtypeName } from '../pickle/arrays.js';
import { importNames } from '../pytorch/header.js';
import type { TensorView } from '../pytorch/tensor.js';
import type { NamedTensor } from '../pytorch/walk.js';
import { holdsEstimators, holdsTrees, isLearned } from '../shared/estimator-learned.js';
import { className, itemsOf, ofKind, type PickleStream, type PickleValue, scanPickle, stateOf } from '../shared/pickle/index.js';

/** What is gathered while a stream with such arrays is read. */
export interface ArrayContext {
  readonly limits: Limits;
  /** Pickles of object arrays, which lie inside the stream, by the object that stands for the array. */
  readonly nested: Map<PickleValue, PickleStream>;
  /** Bytes of small arrays. */
  readonly contents: Map<PickleValue, Uint8Array>;
  keptBytes: number;
}

export function arrayContext(limits: Limits): ArrayContext {
  return { limits, nested: new Map(), contents: new Map(), keptBytes: 0 };
}

const WRAPPER = /^(sklearn\.externals\.)?joblib\.numpy_pickle\.NumpyArrayWrapper$/;
/** The form before joblib 0.10: each array in a file of its own. */
const OLD_WRAPPER = /^(sklearn\.externals\.)?joblib\.numpy_pickle(_compat)?\.Z?NDArrayWrapper$/;
const KEPT_BYTES = 1024;
const MAX_KEPT_BYTES = 1024 * 1024;
const HAS_OBJECT = 1;
const FLAGS_INDEX = 7;

export const isArrayWrapper = (value: PickleValue): boolean => WRAPPER.test(className(value) ?? '');

/** Name of the file that holds an array in the old form. */
export function companionOf(value: PickleValue): string | undefined {
  if (!OLD_WRAPPER.test(className(value) ?? '')) return undefined;
  const name = stateOf(value)?.entries.get('filename');
  return typeof name === 'string' ? name : undefined;
}

/** The array that a wrapper stands for. */
export function wrappedArray(value: PickleValue): TensorView | undefined {
  const array = isArrayWrapper(value) ? parts(value) : undefined;
  if (array === undefined) return undefined;
  const { shape, values, itemBytes, dtype } = array;
  return { dtype, shape, values, ...(itemBytes === undefined ? {} : { bytes: itemBytes * values }), part: '' };
}

interface ArrayParts {
  readonly shape: readonly number[];
  readonly values: number;
  readonly dtype: string;
  /** Missing for objects, which are pickled. */
  readonly itemBytes: number | undefined;
}

function parts(value: PickleValue): ArrayParts | undefined {
  const state = stateOf(value)?.entries;
  const shape = itemsOf(state?.get('shape'));
  const dtype = state?.get('dtype');
  const type = dtypeName(dtype);
  if (type === undefined || shape === undefined || shape.length > 64) return undefined;
  if (!shape.every((size): size is number => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)) return undefined;
  const values = shape.reduce((all, size) => all * size, 1);
  const itemBytes = holdsObjects(dtype) ? undefined : type.bytes;
  return Number.isSafeInteger(values * (itemBytes ?? 1)) ? { shape, values, dtype: type.name, itemBytes } : undefined;
}

/** A type with fields says by a flag that one of them is an object. */
function holdsObjects(dtype: PickleValue | undefined): boolean {
  const flags = itemsOf(ofKind(dtype, 'call')?.state)?.[FLAGS_INDEX];
  return typeof flags === 'number' && (flags & HAS_OBJECT) === HAS_OBJECT;
}

/**
 * After the BUILD of a wrapper: moves the cursor behind the array's bytes. Objects lie there as a pickle, which is read too.
 * @throws ERR_FORMAT_*, ERR_LIMIT_*
 */
export async function passArray(object: PickleValue, cursor: Cursor, context: ArrayContext): Promise<void> {
  if (!isArrayWrapper(object)) return;
  const array = parts(object);
  if (array === undefined) throw cursor.malformed('an array has no shape or no data type that is known');
  if (array.itemBytes === undefined) return passObjects(object, cursor, context);
  await passPadding(object, cursor);
  const length = array.itemBytes * array.values;
  if (cursor.position + length > cursor.source.size)
    throw new MsbomError('ERR_FORMAT_TRUNCATED', `an array needs ${length} bytes at offset ${cursor.position}, more than there are`, {
      file: cursor.source.name,
      offset: cursor.position,
      hint: 'Fetch the file again; it is shorter than its own header says.',
    });
  if (length > KEPT_BYTES || context.keptBytes + length > MAX_KEPT_BYTES) return cursor.skip(length);
  await cursor.fill(length);
  context.keptBytes += length;
  context.contents.set(object, cursor.bytes(length).slice());
}

async function passObjects(object: PickleValue, cursor: Cursor, context: ArrayContext): Promise<void> {
  const stream = await scanPickle(cursor, context.limits);
  context.nested.set(object, stream);
  if (stream.error !== undefined) throw stream.error;
}

/** Since joblib 1.2 a byte says how many bytes of padding follow, so that the array can be mapped into memory. */
async function passPadding(object: PickleValue, cursor: Cursor): Promise<void> {
  const alignment = stateOf(object)?.entries.get('numpy_array_alignment_bytes');
  if (alignment === undefined || alignment === null) return;
  await cursor.fill(1);
  cursor.skip(cursor.u8());
}

/** States of random number generators. */
const RANDOM = /(^|\.)_?(random_state|rng|bit_generator)(_?$|_?\.)/;

/**
 * Arrays of texts, records and objects hold no parameters, nor do the states of random number generators; of estimators, which the
 * imports tell, only what they learned does.
 */
export function numbersOnly(tensors: readonly NamedTensor[], root: PickleValue, imports: readonly string[]): readonly NamedTensor[] {
  const holds = holdsEstimators(imports);
  const isEstimator = className(root) !== undefined;
  const isOfTrees = holdsTrees(imports);
  const isOther = ({ name, dtype }: NamedTensor): boolean =>
    isOfTrees || /^(object|bytes|str|void)/.test(dtype) || RANDOM.test(name) || (holds && !isLearned(name, isEstimator));
  return tensors.map((tensor) => ({ ...tensor, section: isOther(tensor) ? 'other' : 'weights' }));
}

/** Arrays of objects, such as the estimators of an ensemble, are streams of their own. */
export const importsOf = (stream: PickleStream, { nested }: Pick<ArrayContext, 'nested'>): readonly string[] =>
  importNames([stream, ...nested.values()].flatMap((each) => each.imports));
