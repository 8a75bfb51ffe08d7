/** Values of a pickle as the description of estimators looks at them. */

import { elementsOf } from '../numpy/elements.js';
import type { ObjectView, Scalar } from '../shared/estimator.js';
import { argumentsOf, className, dictOf, globalName, itemsOf, ofKind, type PickleValue, stateOf } from '../shared/pickle/index.js';
import { type ArrayContext, isArrayWrapper } from './wrapper.js';

const RECONSTRUCT = /^numpy\.(_core|core)\.multiarray\._reconstruct$/;
const SCALAR = /^numpy\.(_core|core)\.multiarray\.scalar$/;

/** `context` knows the small arrays that joblib wrote into the stream. */
export function pickleView(context?: Pick<ArrayContext, 'nested' | 'contents'>): ObjectView<PickleValue> {
  return {
    classOf: (value) => (isObject(value) ? className(value) : undefined),
    attributesOf: (value) => (isObject(value) ? stateOf(value)?.entries : undefined),
    entriesOf: (value) => dictOf(value)?.entries,
    itemsOf: (value) => ofKind(value, 'list')?.items ?? ofKind(value, 'tuple')?.items,
    scalarOf,
    arrayOf: (value) => arrayOf(value, context),
  };
}

/** Made by a class that is named, not by a function. */
const isObject = (value: PickleValue): boolean =>
  ofKind(value, 'call') !== undefined && ofKind(ofKind(value, 'call')?.state, 'dict') !== undefined;

function scalarOf(value: PickleValue): Scalar | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return value;
  const call = ofKind(value, 'call');
  if (call === undefined || !SCALAR.test(globalName(call.callee) ?? '')) return undefined;
  const [dtype, bytes] = argumentsOf(call);
  return decoded(dtype, bytes)?.[0];
}

function arrayOf(value: PickleValue, context: Pick<ArrayContext, 'nested' | 'contents'> | undefined): readonly Scalar[] | undefined {
  if (isArrayWrapper(value)) {
    const bytes = context?.contents.get(value);
    const nested = context?.nested.get(value);
    if (nested !== undefined) return isArrayWrapper(nested.root) ? undefined : arrayOf(nested.root, undefined);
    return bytes && elements(stateOf(value)?.entries.get('dtype'), bytes);
  }
  const call = ofKind(value, 'call');
  if (call === undefined || !RECONSTRUCT.test(globalName(call.callee) ?? '')) return undefined;
  const [, , dtype, , payload] = itemsOf(call.state) ?? [];
  const items = itemsOf(payload);
  if (items === undefined) return decoded(dtype, payload);
  const scalars = items.map(scalarOf).filter((item) => item !== undefined);
  return scalars.length === items.length ? scalars : undefined;
}

function decoded(dtype: PickleValue | undefined, payload: PickleValue | undefined): readonly Scalar[] | undefined {
  const bytes = ofKind(payload, 'bytes')?.bytes;
  return bytes && elements(dtype, bytes);
}

/** `numpy.dtype('i8', …)`, whose byte order its state tells. */
function elements(dtype: PickleValue | undefined, bytes: Uint8Array): readonly Scalar[] | undefined {
  const call = ofKind(dtype, 'call');
  const [code] = call === undefined ? [] : argumentsOf(call);
  const order = itemsOf(call?.state)?.[1];
  return typeof code === 'string' ? elementsOf(code, bytes, order !== '>') : undefined;
}
