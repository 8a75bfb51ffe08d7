import { elementCount, type TensorInfo } from '../../core/facts.js';

/** Scales, zero points and lookup tables that quantisers store beside the weights. They are not parameters. */
const AUXILIARY =
  /(^|\.)(qzeros|g_idx|scales|weight_scale|weight_scale_inv|weight_scale_2|weight_global_scale|input_scale|input_global_scale|zero_point|weight_zero_point|weight_shape|weight_g_idx|SCB|weight_format|absmax|quant_map|nested_absmax|nested_quant_map)$|_scales$|quant_state\.bitsandbytes__\w+$/;

/** What a config.json says of the quantisation, as far as it matters for counting. */
export interface PackedBits {
  /** Bits of one weight. */
  readonly bits: number;
}

/** Tensors that hold packed integers, by the name that the quantiser gives them. */
const PACKED = /(^|\.)(qweight|weight_packed|blocks)$|_blocks$/;
const CONTAINER_BITS: Readonly<Record<string, number>> = { U8: 8, I8: 8, U32: 32, I32: 32, I64: 64 };

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
    if (AUXILIARY.test(tensor.name) || tensor.dtype === 'F8_E8M0' || isMlxBias(tensor, named)) return 0;
    const count = elementCount(tensor);
    const container = CONTAINER_BITS[tensor.dtype];
    if (container === undefined) return count;
    if (fourBit.has(tensor.name)) return count * (container / 4);
    const told = gptq(tensor, named) ?? awq(tensor, named) ?? fourBitBlocks(tensor, named);
    if (told !== undefined) return told;
    const packed = PACKED.test(tensor.name) || isMlxWeight(tensor, named);
    return quantization !== undefined && packed ? Math.round(count * (container / quantization.bits)) : count;
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
  if (dtype !== 'U8') return undefined;
  const mx = sibling(named, name, /_blocks$/, '_scales');
  if (mx?.dtype === 'U8' && shape.at(-1) === 16 && mx.shape.join() === shape.slice(0, -1).join()) return elementCount(tensor) * 2;
  const nv = sibling(named, name, /weight(_packed)?$/, 'weight_scale');
  return nv?.dtype === 'F8_E4M3' && (nv.shape.at(-1) ?? 0) * 8 === shape.at(-1) ? elementCount(tensor) * 2 : undefined;
}

/** MLX stores `weight` as U32 with `scales` and `biases` beside it. */
const isMlxWeight = ({ name, dtype }: TensorInfo, named: Named): boolean =>
  dtype === 'U32' && sibling(named, name, /\.weight$/, '.scales') !== undefined;
const isMlxBias = ({ name }: TensorInfo, named: Named): boolean => {
  const weight = sibling(named, name, /\.biases$/, '.weight');
  return weight !== undefined && isMlxWeight(weight, named);
};
