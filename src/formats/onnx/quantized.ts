/** Which tensors of a quantised graph are scales and zero points, and how many weights packed ones hold, by the operators that use them. */

export interface QuantizedTensors {
  /** Names of scales, zero points and group indices, which are no parameters. */
  readonly auxiliary: Set<string>;
  /** Names of whole numbers that stand for fractions, however wide they are: weights and biases. */
  readonly data: Set<string>;
  /** Weights in tensors that pack several of them into each number, by name. */
  readonly packed: Map<string, number>;
}

/**
 * Places of scales and zero points among the inputs. Sources: docs/Operators.md of ONNX, ContribOperators.md of ONNX Runtime.
 */
const AUXILIARY_INPUTS: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries({
    DequantizeLinear: [1, 2],
    QuantizeLinear: [1, 2],
    ConvInteger: [2, 3],
    MatMulInteger: [2, 3],
    QLinearConv: [1, 2, 4, 5, 6, 7],
    QLinearMatMul: [1, 2, 4, 5, 6, 7],
    QLinearAdd: [1, 2, 4, 5, 6, 7],
    QLinearMul: [1, 2, 4, 5, 6, 7],
    QGemm: [1, 2, 4, 5, 7, 8],
    MatMulIntegerToFloat: [2, 3, 4, 5],
    DynamicQuantizeMatMul: [2, 3],
    MatMulNBits: [2, 3, 4],
    MatMulBnb4: [2],
  }),
);

/** Places of what these scales and zero points speak of. */
const DATA_INPUTS: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries({
    DequantizeLinear: [0],
    QLinearConv: [0, 3, 8],
    QLinearMatMul: [0, 3],
    QLinearAdd: [0, 3],
    QLinearMul: [0, 3],
    QGemm: [0, 3, 6],
  }),
);

/** Operators whose second input packs a matrix of K x N weights. */
const PACKED: ReadonlySet<string> = new Set(['MatMulNBits', 'MatMulBnb4']);

/** Notes what one node says of its inputs. */
export function noteQuantized(
  { auxiliary, data, packed }: QuantizedTensors,
  type: string,
  inputs: readonly string[],
  attributes: ReadonlyMap<string, number>,
): void {
  for (const place of AUXILIARY_INPUTS.get(type) ?? []) {
    const name = inputs[place];
    if (name !== undefined && name !== '') auxiliary.add(name);
  }
  for (const place of DATA_INPUTS.get(type) ?? []) {
    const name = inputs[place];
    if (name !== undefined && name !== '') data.add(name);
  }
  const values = (attributes.get('K') ?? 0) * (attributes.get('N') ?? 0);
  const weights = inputs[1];
  if (PACKED.has(type) && weights !== undefined && values > 0 && Number.isSafeInteger(values)) packed.set(weights, values);
}
