/** NumPy arrays as pickles spell them. Source: https://github.com/numpy/numpy/blob/main/numpy/_core/src/multiarray/methods.c (array_reduce) */

import { elementType } from '../numpy/dtype.js';
import type { TensorView } from '../pytorch/tensor.js';
import { argumentsOf, globalName, itemsOf, ofKind, type PickleValue } from '../shared/pickle/index.js';

const RECONSTRUCT = /^numpy\.(_core|core)\.multiarray\._reconstruct$/;
const FROM_BUFFER = /^numpy\.(_core|core)\.numeric\._frombuffer$/;

/** The array that a value is; undefined when it is none. Its bytes are those of its elements. */
export function arrayView(value: PickleValue): TensorView | undefined {
  const call = ofKind(value, 'call');
  const callee = globalName(call?.callee) ?? '';
  if (call === undefined) return undefined;
  if (RECONSTRUCT.test(callee)) {
    const [, shape, dtype] = itemsOf(call.state) ?? [];
    return viewOf(shape, dtype);
  }
  if (!FROM_BUFFER.test(callee)) return undefined;
  const [, dtype, shape] = argumentsOf(call);
  return viewOf(shape, dtype);
}

function viewOf(shape: PickleValue | undefined, dtype: PickleValue | undefined): TensorView | undefined {
  const sizes = itemsOf(shape);
  const type = dtypeName(dtype);
  if (sizes === undefined || sizes.length > 64 || type === undefined) return undefined;
  const known = sizes.map((size) => (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : -1));
  const values = known.reduce((all, size) => all * size, 1);
  if (known.includes(-1) || !Number.isSafeInteger(values)) return undefined;
  return { dtype: type.name, shape: known, values, ...(type.bytes === undefined ? {} : { bytes: type.bytes * values }), part: '' };
}

/** NumPy's name of `numpy.dtype('f4', …)`, whose byte order comes later; types with fields are `void`. */
export function dtypeName(value: PickleValue | undefined): { readonly name: string; readonly bytes?: number } | undefined {
  const call = ofKind(value, 'call');
  const [code] = call !== undefined && globalName(call.callee) === 'numpy.dtype' ? argumentsOf(call) : [];
  if (typeof code !== 'string' || code.length > 40) return undefined;
  const type = elementType(code);
  if (typeof type === 'string') return { name: code };
  const name = type.fields[0]?.dtype ?? code;
  return name === 'object' ? { name } : { name, bytes: type.bytes };
}
