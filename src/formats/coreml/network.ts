/** Layered neural networks and linear models: their weights. Source: mlmodel/format/NeuralNetwork.proto of coremltools 9. */
import { countName, type Field } from '../shared/protobuf.js';
import { addTensor, addText, message, text, type Walk } from './walk.js';

/** Fields that hold WeightParams, by name; deeper ones as a tree. */
interface WeightFields {
  readonly [field: number]: string | WeightFields;
}

const LSTM: WeightFields = {
  1: 'inputGateWeightMatrix',
  2: 'forgetGateWeightMatrix',
  3: 'blockInputWeightMatrix',
  4: 'outputGateWeightMatrix',
  20: 'inputGateRecursionMatrix',
  21: 'forgetGateRecursionMatrix',
  22: 'blockInputRecursionMatrix',
  23: 'outputGateRecursionMatrix',
  40: 'inputGateBiasVector',
  41: 'forgetGateBiasVector',
  42: 'blockInputBiasVector',
  43: 'outputGateBiasVector',
  60: 'inputGatePeepholeVector',
  61: 'forgetGatePeepholeVector',
  62: 'outputGatePeepholeVector',
};

/** Kinds of layers that have weights, by their field in NeuralNetworkLayer. */
const LAYERS: Readonly<Record<number, WeightFields>> = {
  100: { 90: 'weights', 91: 'bias' }, // convolution
  130: { 25: { 1: 'alpha' }, 71: { 1: 'alpha', 2: 'beta' } }, // activation: PReLU, parametric softplus
  140: { 20: 'weights', 21: 'bias' }, // inner product
  150: { 20: 'weights', 21: 'bias' }, // embedding
  160: { 15: 'gamma', 16: 'beta', 17: 'mean', 18: 'variance' }, // batch normalisation
  245: { 2: 'scale', 5: 'bias' },
  250: { 2: 'bias' },
  290: { 2: 'data' }, // constant
  400: { 30: 'weightMatrix', 31: 'recursionMatrix', 32: 'biasVector' },
  410: {
    30: 'updateGateWeightMatrix',
    31: 'resetGateWeightMatrix',
    32: 'outputGateWeightMatrix',
    50: 'updateGateRecursionMatrix',
    51: 'resetGateRecursionMatrix',
    52: 'outputGateRecursionMatrix',
    70: 'updateGateBiasVector',
    71: 'resetGateBiasVector',
    72: 'outputGateBiasVector',
  },
  420: { 20: LSTM },
  430: { 20: LSTM },
  500: { 20: 'weights' }, // custom
  1040: { 20: 'weights', 21: 'bias' }, // embedding
  1045: { 8: 'weights', 9: 'bias' }, // matrix product
  1070: { 2: 'data' }, // constant
  1350: { 3: 'gamma', 4: 'beta' }, // layer normalisation
  1471: { 60: 'weights', 61: 'bias' }, // convolution in three dimensions
};

const CUSTOM_LAYER = 500;
/** Layers with networks inside: field of the layer, fields of the networks. */
const NESTED: Readonly<Record<number, readonly number[]>> = { 605: [1, 2], 615: [3, 4] };
/** Layer fields below this are names, inputs and outputs. */
const FIRST_KIND = 100;

/** NeuralNetwork, its classifier and its regressor: 1 layers, 10 updateParams. */
export function readNetwork(walk: Walk, field: Field): Promise<void> {
  return message(walk, field, (inner) => {
    if (inner.number === 10) walk.header.unread.add('settings for training on the device');
    return inner.number === 1 ? readLayer(walk, inner) : undefined;
  });
}

/** NeuralNetworkLayer: 1 name, then the field of its kind. */
async function readLayer(walk: Walk, field: Field): Promise<void> {
  let name = '';
  await message(walk, field, async (inner) => {
    if (inner.number === 1) name = await text(walk, inner);
    if (inner.number < FIRST_KIND) return;
    countName(walk.budget, walk.header.operations, LAYER_NAMES[inner.number] ?? `layer:${inner.number}`, inner.start);
    const networks = NESTED[inner.number];
    if (networks !== undefined)
      await message(walk, inner, (part) => (networks.includes(part.number) ? readNetwork(walk, part) : undefined));
    const weights = LAYERS[inner.number];
    if (weights !== undefined) await readWeights(walk, inner, weights, name, inner.number);
  });
}

/** Names of the kinds that have weights or code; others are counted by their number. */
const LAYER_NAMES: Readonly<Record<number, string>> = {
  100: 'convolution',
  120: 'pooling',
  130: 'activation',
  140: 'innerProduct',
  150: 'embedding',
  160: 'batchnorm',
  175: 'softmax',
  245: 'scale',
  250: 'bias',
  290: 'loadConstant',
  400: 'simpleRecurrent',
  410: 'gru',
  420: 'uniDirectionalLSTM',
  430: 'biDirectionalLSTM',
  500: 'custom',
  605: 'branch',
  615: 'loop',
  1040: 'embeddingND',
  1045: 'batchedMatmul',
  1070: 'loadConstantND',
  1350: 'layerNormalization',
  1471: 'convolution3d',
};

async function readWeights(walk: Walk, field: Field, fields: WeightFields, layer: string, kind: number): Promise<void> {
  await message(walk, field, async (inner) => {
    if (kind === CUSTOM_LAYER && inner.number === 10) await addText(walk, walk.header.customClasses, inner);
    const found = fields[inner.number];
    if (typeof found === 'string') await readWeightParams(walk, inner, `${layer}.${found}`);
    else if (found !== undefined) await readWeights(walk, inner, found, layer, 0);
  });
}

/** WeightParams: 1 floatValue, 2 float16Value, 30 rawValue, 31 int8RawValue, 40 quantization {1 numberOfBits}. */
async function readWeightParams(walk: Walk, field: Field, name: string): Promise<void> {
  let floats = 0;
  let raw: { readonly dtype: string; readonly bytes: number; readonly bits: number } | undefined;
  let bits = 0;
  await message(walk, field, async (inner) => {
    if (inner.number === 1) floats += inner.length / 4;
    else if (inner.number === 2 && inner.length > 0) raw = { dtype: 'FLOAT16', bytes: inner.length, bits: 16 };
    else if (inner.number === 30 && inner.length > 0) raw = { dtype: 'UINT', bytes: inner.length, bits: 0 };
    else if (inner.number === 31 && inner.length > 0) raw = { dtype: 'INT8', bytes: inner.length, bits: 8 };
    else if (inner.number === 40)
      await message(walk, inner, (member) => {
        if (member.number === 1) bits = member.varint;
      });
  });
  const { dtype, bytes, width } = stored(floats, raw, bits);
  if (bytes === 0) return;
  // Bits that fill the last byte are no values: fewer than eight of them, so that at most one value of four bits is made up.
  const values = width === 0 ? 0 : Math.floor((bytes * 8) / width);
  addTensor(walk, { name, dtype, shape: [values], bytes, parameters: values }, field.start);
}

function stored(
  floats: number,
  raw: { readonly dtype: string; readonly bytes: number; readonly bits: number } | undefined,
  quantizedBits: number,
): { readonly dtype: string; readonly bytes: number; readonly width: number } {
  if (raw === undefined) return { dtype: 'FLOAT32', bytes: Math.floor(floats) * 4, width: 32 };
  if (raw.bits > 0) return { dtype: raw.dtype, bytes: raw.bytes, width: raw.bits };
  const width = quantizedBits > 0 && quantizedBits <= 32 ? quantizedBits : 0;
  return { dtype: width === 0 ? 'rawValue' : `UINT${width}`, bytes: raw.bytes, width };
}

/** GLMRegressor and GLMClassifier: 1 weights {1 value}, 2 offset; eight bytes a number. */
export async function readLinear(walk: Walk, field: Field): Promise<void> {
  let rows = 0;
  await message(walk, field, async (inner) => {
    if (inner.number === 2) addDoubles(walk, inner, 'offset');
    if (inner.number !== 1) return;
    const name = `weights[${rows++}]`;
    await message(walk, inner, (values) => {
      if (values.number === 1) addDoubles(walk, values, name);
    });
  });
}

function addDoubles(walk: Walk, field: Field, name: string): void {
  const values = Math.floor(field.length / 8);
  addTensor(walk, { name, dtype: 'DOUBLE', shape: [values], bytes: values * 8, parameters: values }, field.start);
}

/** CustomModel: 10 className. */
export async function readCustomModel(walk: Walk, field: Field): Promise<void> {
  walk.header.unread.add('parameters of the custom model');
  await message(walk, field, async (inner) => {
    if (inner.number === 10) await addText(walk, walk.header.customClasses, inner);
  });
}
