/** TensorFlow's data types. Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/types.proto */

/** By number: name as `tf.dtypes` gives it, and bits of one value (0 where it has no fixed size). */
const TYPES: readonly (readonly [name: string, bits: number])[] = [
  ['invalid', 0],
  ['float32', 32],
  ['float64', 64],
  ['int32', 32],
  ['uint8', 8],
  ['int16', 16],
  ['int8', 8],
  ['string', 0],
  ['complex64', 64],
  ['int64', 64],
  ['bool', 8],
  ['qint8', 8],
  ['quint8', 8],
  ['qint32', 32],
  ['bfloat16', 16],
  ['qint16', 16],
  ['quint16', 16],
  ['uint16', 16],
  ['complex128', 128],
  ['float16', 16],
  ['resource', 0],
  ['variant', 0],
  ['uint32', 32],
  ['uint64', 64],
  ['float8_e5m2', 8],
  ['float8_e4m3fn', 8],
  ['float8_e4m3fnuz', 8],
  ['float8_e4m3b11fnuz', 8],
  ['float8_e5m2fnuz', 8],
  ['int4', 8],
  ['uint4', 8],
  ['int2', 8],
  ['uint2', 8],
  ['float4_e2m1fn', 8],
];

/** Numbers above 100 are references to the type 100 below. */
export function dtypeName(type: number): string {
  const [name] = TYPES[type > 100 ? type - 100 : type] ?? [`tensorflow:${type}`];
  return name;
}

/** Bytes of `count` values in memory; undefined when the type has no fixed size. */
export function dtypeBytes(type: number, count: number): number | undefined {
  const bits = TYPES[type > 100 ? type - 100 : type]?.[1] ?? 0;
  return bits === 0 ? undefined : (count * bits) / 8;
}

/** Can values of this type be weights? */
export const isNumeric = (dtype: string): boolean => !/^(invalid|string|resource|variant|tensorflow:)/.test(dtype);

/** Are they fractions, or quantised ones? Whole numbers in constants are shapes, axes and indices. */
export const isFraction = (dtype: string): boolean => /^(b?float|complex|qu?int)/.test(dtype);
