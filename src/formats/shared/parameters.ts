/**
 * What counts as a parameter, by one rule in every format: fractions, whole numbers of at most eight bits, which stand for fractions, and
 * what a quantiser packed into wider ones. Wider whole numbers are indices, counters and tables; truth values, masks and other buffers
 * that are computed when a model is built are not learned either.
 */
import { elementCount, type TensorInfo } from '../../core/facts.js';

/** Scales, zero points and lookup tables that quantisers store beside the weights. They are not parameters. */
const AUXILIARY =
  /(^|\.)(qzeros|g_idx|scales|weight_scale|weight_scale_inv|weight_scale_2|weight_global_scale|input_scale|input_global_scale|zero_point|weight_zero_point|weight_shape|weight_g_idx|SCB|weight_format|absmax|quant_map|nested_absmax|nested_quant_map)$|_scales$|quant_state\.bitsandbytes__\w+$/;

/** Truth values and whole numbers of more than eight bits, in the words of all formats, in lower case. */
const WHOLE: ReadonlySet<string> = new Set([
  ...['bool', 'boolean', 'i16', 'i32', 'i64', 'u16', 'u32', 'u64', 'int', 'short', 'long', 'bits16'],
  ...['int16', 'int32', 'int64', 'uint16', 'uint32', 'uint64'],
]);

/** May values of a type, in any format's word for it, be parameters? */
export const mayBeParameters = (dtype: string): boolean => !WHOLE.has(dtype.toLowerCase());

/** Values of a tensor that count where no quantiser packed any. */
export const plainCount = (tensor: TensorInfo): number => (mayBeParameters(tensor.dtype) ? elementCount(tensor) : 0);

/** Names that only buffers have. Source: `_keys_to_ignore_on_load_unexpected` and `register_buffer` of transformers. */
const BUFFERS: readonly string[] = ['masked_bias', 'inv_freq', 'position_ids', 'num_batches_tracked'];
/** Causal masks stand under the name of a bias: one and one by the length of the context, twice. */
const MASKS: readonly string[] = ['attn.bias', 'attention.bias'];

function isBuffer({ name, shape }: TensorInfo): boolean {
  const isCalled = (ending: string): boolean => name === ending || name.endsWith(`.${ending}`);
  if (BUFFERS.some(isCalled)) return true;
  const [one, two, rows, columns] = shape;
  return shape.length === 4 && one === 1 && two === 1 && rows === columns && MASKS.some(isCalled);
}

/** What a config.json says of the quantisation, as far as it matters for counting. */
export interface PackedBits {
  /** Bits of one weight. */
  readonly bits: number;
}

/** Tensors that hold packed integers, by the name that the quantiser gives them. */
const PACKED = /(^|\.)(qweight|weight_packed|blocks)$|_blocks$/;
/** Bits of a whole number, in the words of safetensors and of PyTorch. */
const CONTAINER_BITS: ReadonlyMap<string, number> = new Map([
  ...(['U8', 'I8', 'uint8', 'int8'] as const).map((dtype) => [dtype, 8] as const),
  ...(['U32', 'I32', 'uint32', 'int32'] as const).map((dtype) => [dtype, 32] as const),
  ...(['U64', 'I64', 'uint64', 'int64'] as const).map((dtype) => [dtype, 64] as const),
]);

/** Types of nothing but exponents, which are scales. */
const EXPONENTS: ReadonlySet<string> = new Set(['F8_E8M0', 'float8_e8m0fnu']);

type Named = ReadonlyMap<string, TensorInfo>;

/**
 * Counts the parameters of one tensor. Auxiliaries count nothing. A packed tensor is unpacked only where that is certain: the
 * tensors beside it say how many weights it holds, or `quantization` gives their bits; else its stored numbers count.
 */
export function parameterCounter(tensors: readonly TensorInfo[], quantization?: PackedBits): (tensor: TensorInfo) => number {
  const named: Named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const fourBit = new Set(
    tensors
      .filter(({ name }) => /\.quant_state\.bitsandbytes__(nf4|fp4)$/.test(name))
      .map(({ name }) => name.replace(/\.quant_state\.bitsandbytes__\w+$/, '')),
  );
  return (tensor) => {
    if (AUXILIARY.test(tensor.name) || EXPONENTS.has(tensor.dtype) || isMlxBias(tensor, named) || isBuffer(tensor)) return 0;
    const count = elementCount(tensor);
    const container = CONTAINER_BITS.get(tensor.dtype);
    if (container === undefined) return plainCount(tensor);
    if (fourBit.has(tensor.name)) return count * (container / 4);
    const told = gptq(tensor, named) ?? awq(tensor, named) ?? fourBitBlocks(tensor, named);
    if (told !== undefined) return told;
    const packed = PACKED.test(tensor.name) || isMlxWeight(tensor, named);
    if (!packed) return plainCount(tensor);
    return quantization === undefined ? count : Math.round(count * (container / quantization.bits));
  };
}

const sibling = (named: Named, name: string, from: RegExp, to: string): TensorInfo | undefined =>
  from.test(name) ? named.get(name.replace(from, to)) : undefined;

/** GPTQ packs along the rows; `g_idx` has one number for each row. */
function gptq({ name, shape }: TensorInfo, named: Named): number | undefined {
  const rows = sibling(named, name, /qweight$/, 'g_idx')?.shape;
  const columns = shape[1];
  return rows?.length === 1 && rows[0] !== undefined && columns !== undefined && shape.length === 2 ? rows[0] * columns : undefined;
}

/** AWQ packs along the columns; `scales` has one number for each column, so that its rows are longer. */
function awq({ name, shape }: TensorInfo, named: Named): number | undefined {
  const columns = sibling(named, name, /qweight$/, 'scales')?.shape[1];
  const [rows, stored] = shape;
  return rows !== undefined && stored !== undefined && columns !== undefined && columns > stored ? rows * columns : undefined;
}

/**
 * Formats with two values of four bits in a byte and a scale for each block: MXFP4 (`X_blocks` of 16 bytes, `X_scales`) and NVFP4
 * (`weight`, and `weight_scale` in FP8 for every 16 values).
 */
function fourBitBlocks(tensor: TensorInfo, named: Named): number | undefined {
  const { name, dtype, shape } = tensor;
  if (dtype !== 'U8' && dtype !== 'uint8') return undefined;
  const mx = sibling(named, name, /_blocks$/, '_scales');
  if (mx?.dtype === dtype && shape.at(-1) === 16 && mx.shape.join() === shape.slice(0, -1).join()) return elementCount(tensor) * 2;
  const nv = sibling(named, name, /weight(_packed)?$/, 'weight_scale');
  return (nv?.dtype === 'F8_E4M3' || nv?.dtype === 'float8_e4m3fn') && (nv.shape.at(-1) ?? 0) * 8 === shape.at(-1)
    ? elementCount(tensor) * 2
    : undefined;
}

/** MLX stores `weight` as U32 with `scales` and `biases` beside it. */
const isMlxWeight = ({ name, dtype }: TensorInfo, named: Named): boolean =>
  (dtype === 'U32' || dtype === 'uint32') && sibling(named, name, /\.weight$/, '.scales') !== undefined;
const isMlxBias = ({ name }: TensorInfo, named: Named): boolean => {
  const weight = sibling(named, name, /\.biases$/, '.weight');
  return weight !== undefined && isMlxWeight(weight, named);
};
