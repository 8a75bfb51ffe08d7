/** Data types of PyTorch by the names that its files use. Source: https://github.com/pytorch/pytorch/blob/main/torch/storage.py */

/** Bytes of one element, by the name of the dtype without `torch.`. */
const ITEM_BYTES: Readonly<Record<string, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
  float4_e2m1fn_x2: 1,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
};

/** Classes of storages, which stand for a dtype. */
const STORAGES: ReadonlyMap<string, string> = new Map([
  ['DoubleStorage', 'float64'],
  ['FloatStorage', 'float32'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['ComplexDoubleStorage', 'complex128'],
  ['ComplexFloatStorage', 'complex64'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
]);

/** Packed types, by how many values one byte holds. */
const VALUES_PER_ITEM: Readonly<Record<string, number>> = { quint4x2: 2, quint2x4: 4 };

/** `float32` of `torch.FloatStorage` or `torch.cuda.FloatStorage`; undefined for storages of plain bytes. */
export function storageDtype(className: string): string | undefined {
  return /^torch\.(cuda\.|storage\.)?\w+$/.test(className) ? STORAGES.get(className.slice(className.lastIndexOf('.') + 1)) : undefined;
}

/** `float32` of `torch.float32`; undefined for what is no dtype that is known. */
export function dtypeOf(name: string | undefined): string | undefined {
  const short = name?.startsWith('torch.') ? name.slice('torch.'.length) : undefined;
  return short !== undefined && Object.hasOwn(ITEM_BYTES, short) ? short : undefined;
}

/** Bytes of so many values. */
export function bytesOfValues(dtype: string, values: number): number | undefined {
  const item = Object.hasOwn(ITEM_BYTES, dtype) ? ITEM_BYTES[dtype] : undefined;
  const packed = Object.hasOwn(VALUES_PER_ITEM, dtype) ? VALUES_PER_ITEM[dtype] : undefined;
  return item === undefined ? undefined : Math.ceil(values / (packed ?? 1)) * item;
}

/** How many values so many bytes hold. */
export function valuesOfBytes(dtype: string, bytes: number): number | undefined {
  const one = bytesOfValues(dtype, 1);
  const packed = Object.hasOwn(VALUES_PER_ITEM, dtype) ? VALUES_PER_ITEM[dtype] : undefined;
  return one === undefined ? undefined : Math.floor(bytes / one) * (packed ?? 1);
}

/** Numbers of dtypes in exported programs. Source: torch/_export/serde/schema.py, ScalarType */
export const SCALAR_TYPES: readonly (string | undefined)[] = [
  undefined,
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex32',
  'complex64',
  'complex128',
  'bool',
  'bfloat16',
  ...Array.from({ length: 14 }, () => undefined),
  'uint16',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
  'uint32',
  'uint64',
];
