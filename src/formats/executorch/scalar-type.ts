import { elementCount, type TensorInfo } from '../../core/facts.js';

/** ScalarType: name and bits of one value. Source: schema/scalar_type.fbs */
const SCALAR_TYPES: Readonly<Record<number, readonly [string, number]>> = {
  0: ['BYTE', 8],
  1: ['CHAR', 8],
  2: ['SHORT', 16],
  3: ['INT', 32],
  4: ['LONG', 64],
  5: ['HALF', 16],
  6: ['FLOAT', 32],
  7: ['DOUBLE', 64],
  11: ['BOOL', 8],
  12: ['QINT8', 8],
  13: ['QUINT8', 8],
  14: ['QINT32', 32],
  15: ['BFLOAT16', 16],
  16: ['QUINT4X2', 4],
  17: ['QUINT2X4', 2],
  22: ['BITS16', 16],
  23: ['FLOAT8E5M2', 8],
  24: ['FLOAT8E4M3FN', 8],
  25: ['FLOAT8E5M2FNUZ', 8],
  26: ['FLOAT8E4M3FNUZ', 8],
  27: ['UINT16', 16],
  28: ['UINT32', 32],
  29: ['UINT64', 64],
};

/** A tensor with its bytes; undefined when its sizes are no sizes. A type that is not known stays as `executorch:<number>`. */
export function dataTensor(name: string, type: number, shape: readonly number[]): TensorInfo | undefined {
  const values = elementCount({ shape });
  if (shape.length > 64 || shape.some((size) => size < 0) || !Number.isSafeInteger(values)) return undefined;
  const [dtype, bits] = SCALAR_TYPES[type] ?? [`executorch:${type}`, 0];
  return { name, dtype, shape, ...(bits === 0 ? {} : { bytes: Math.ceil((values * bits) / 8) }) };
}
