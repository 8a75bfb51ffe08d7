/** joblib streams: pickled objects that stand for arrays, each with its bytes behind it. */
import { concat } from './builders.js';
import { call, instance, op, type Plain, pickle, tuple } from './pickle.js';

/** `numpy.dtype(code)`; `flags` has bit 0 set for types that hold objects. */
export const dtype = (code: string, order = '<', flags = 0): Uint8Array =>
  concat(call('numpy', 'dtype', code, false, true), tuple(3, order, null, null, null, -1, -1, flags), op.build);

export interface WrappedArray {
  readonly code: string;
  readonly shape: readonly number[];
  /** Array bytes as they follow; for objects a pickle. */
  readonly data: Uint8Array;
  readonly order?: string;
  readonly flags?: number;
  /** Bytes of padding, as since joblib 1.2; undefined for the older form. */
  readonly padding?: number | undefined;
  readonly module?: string;
}

/** A NumpyArrayWrapper and the bytes behind it. */
export function wrapped({ code, shape, data, order, flags, padding, module = 'joblib.numpy_pickle' }: WrappedArray): Uint8Array {
  const state: Record<string, Plain> = {
    subclass: op.global('numpy', 'ndarray'),
    shape: tuple(...shape),
    order: 'C',
    dtype: dtype(code, order, flags),
    allow_mmap: true,
    ...(padding === undefined ? {} : { numpy_array_alignment_bytes: 16 }),
  };
  const pad = padding === undefined ? new Uint8Array(0) : concat(Uint8Array.of(padding), new Uint8Array(padding).fill(0xff));
  return concat(instance(module, 'NumpyArrayWrapper', state), pad, data);
}

/** An array of objects the way `pickle.dump` writes it. */
export const objectArray = (...items: readonly string[]): Uint8Array =>
  pickle(
    concat(
      call('numpy._core.multiarray', '_reconstruct', op.global('numpy', 'ndarray'), tuple(0), op.shortBytes(Uint8Array.of(0x62))),
      tuple(1, tuple(items.length), dtype('O8', '|', 63), false, [...items]),
      op.build,
    ),
  );
