import { elementCount, type TensorInfo } from '../../core/facts.js';

/** Scales, zero points and lookup tables that quantisers store beside the weights. They are not parameters. */
const AUXILIARY =
  /(^|\.)(qzeros|g_idx|scales|weight_scale|weight_scale_inv|weight_scale_2|weight_global_scale|input_scale|input_global_scale|zero_point|weight_zero_point|weight_shape|weight_g_idx|absmax|quant_map|nested_absmax|nested_quant_map|[\w.]*_scales|[\w.]*quant_state\.bitsandbytes__\w+)$/;

/** What a config.json says of the quantisation, as far as it matters for counting. */
export interface PackedBits {
  /** Bits of one weight. */
  readonly bits: number;
}

/** Tensors that hold packed integers, by the name that the quantiser gives them. */
const PACKED = /(^|\.)(qweight|weight_packed|blocks|[\w.]*_blocks)$/;
const CONTAINER_BITS: Readonly<Record<string, number>> = { U8: 8, I8: 8, U32: 32, I32: 32, I64: 64 };

/**
 * Counts the parameters of one tensor. Auxiliaries count nothing. A packed tensor is unpacked only where the bits are
 * known: from `quantization`, or because a bitsandbytes `quant_state` (4 bit) stands beside it; else its stored numbers count.
 */
export function parameterCounter(tensors: readonly TensorInfo[], quantization?: PackedBits): (tensor: TensorInfo) => number {
  const fourBit = new Set(
    tensors
      .filter(({ name }) => /\.quant_state\.bitsandbytes__(nf4|fp4)$/.test(name))
      .map(({ name }) => name.replace(/\.quant_state\.bitsandbytes__\w+$/, '')),
  );
  return (tensor) => {
    if (AUXILIARY.test(tensor.name) || tensor.dtype === 'F8_E8M0') return 0;
    const count = elementCount(tensor);
    const container = CONTAINER_BITS[tensor.dtype];
    if (container === undefined) return count;
    if (fourBit.has(tensor.name)) return count * (container / 4);
    return quantization !== undefined && PACKED.test(tensor.name) ? Math.round(count * (container / quantization.bits)) : count;
  };
}
