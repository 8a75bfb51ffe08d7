import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { tensorflowjs } from '../../src/formats/tensorflowjs/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const weight = (name: string, shape: number[], more: object = {}) => ({ name, shape, dtype: 'float32', ...more });
const model = {
  format: 'layers-model',
  generatedBy: 'keras v2.10.0',
  convertedBy: 'TensorFlow.js Converter v3.7.0',
  modelTopology: {
    keras_version: '2.10.0',
    backend: 'tensorflow',
    model_config: { class_name: 'Sequential', config: { name: 'digits' } },
    training_config: { loss: 'mse', optimizer_config: { class_name: 'Adam', config: { learning_rate: 0.001, name: 'Adam' } } },
  },
  weightsManifest: [
    {
      paths: ['group1-shard1of1.bin'],
      weights: [weight('k', [2, 3]), weight('q', [4], { quantization: { dtype: 'uint8', scale: 0.1, min: 0 } })],
    },
  ],
};
const read = (value: unknown) =>
  tensorflowjs.read(bytesSource('model.json', utf8(typeof value === 'string' ? value : JSON.stringify(value))), DEFAULT_LIMITS);

it('reads a layers-model', async () => {
  expect(tensorflowjs.describe(await read(model))).toMatchObject({
    tensors: { count: 2, parameters: 10, dtypes: { float32: 6, 'float32 (uint8)': 4 }, bytes: 28 },
    architecture: { value: 'Sequential' },
    name: { value: 'digits' },
    producers: [{ value: { name: 'keras', version: '2.10.0' } }, { value: { name: 'TensorFlow.js Converter', version: '3.7.0' } }],
    companions: ['group1-shard1of1.bin'],
    hyperparameters: [
      { value: { name: 'optimizer', value: 'Adam' } },
      { value: { name: 'learning_rate', value: 0.001 } },
      { value: { name: 'loss', value: 'mse' } },
    ],
  });
});

it('reads the graph of a graph-model', async () => {
  const modelTopology = {
    node: [
      { name: 'a', op: 'Const' },
      { name: 'b', op: 'f' },
      { name: 'c', op: 'TFText>Tokenize' },
    ],
    library: { function: [{ signature: { name: 'f' }, nodeDef: [{ name: 'd', op: 'ReadFile' }] }] },
    versions: { minConsumer: 12 },
  };
  const found = tensorflowjs.describe(await read({ format: 'graph-model', modelTopology, weightsManifest: model.weightsManifest }));
  expect(found.metadata).toEqual({
    format: 'graph-model',
    functions: '1',
    nodes: '4',
    operators: 'Const 1, ReadFile 1, TFText>Tokenize 1',
    'operators.files': 'ReadFile',
    'versions.min_consumer': '12',
  });
  expect(found.findings).toEqual([expect.objectContaining({ id: 'custom-operators' })]);
});

it('finds inputs, code and foreign layers of a layers-model', async () => {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'in', dtype: 'float32', batch_input_shape: [null, 4] } },
    { class_name: 'Dense', config: { name: 'd' } },
    { class_name: 'Lambda', config: { name: 'l', function: ['4wEAAAA=', null, null], function_type: 'lambda' } },
    { class_name: 'PixelShuffle', config: { name: 'p' } },
  ];
  const modelTopology = { ...model.modelTopology, model_config: { class_name: 'Functional', config: { name: 'm', layers } } };
  const found = tensorflowjs.describe(await read({ ...model, modelTopology }));
  expect(found.inputs).toEqual([{ name: 'in', dtype: 'float32', shape: [-1, 4] }]);
  expect(found.metadata).toMatchObject({ layers: 'Dense 1, InputLayer 1, Lambda 1, PixelShuffle 1' });
  expect(found.findings).toEqual([
    expect.objectContaining({ id: 'embedded-code', message: expect.stringContaining('`l`') }),
    expect.objectContaining({ id: 'custom-operators', message: expect.stringMatching(/: `PixelShuffle`$/) }),
  ]);
});

it('reads a bare weights manifest', async () => {
  expect(tensorflowjs.describe(await read(model.weightsManifest)).tensors?.count).toBe(2);
});

it.each(['../x.bin', '/x.bin', 'https://example.org/x.bin'])('never follows weights to %s', async (path) => {
  const facts = tensorflowjs.describe(await read({ ...model, weightsManifest: [{ paths: [path], weights: [] }] }));
  expect(facts.companions).toBeUndefined();
  expect(facts.findings).toEqual([expect.objectContaining({ id: 'external-data-outside' })]);
});

describe('a broken file', () => {
  it.each<[string, unknown]>([
    ['not JSON', '{"format":'],
    ['a duplicate key', '{"modelTopology":{},"modelTopology":{}}'],
    ['no model', { format: 'layers-model' }],
    ['a manifest that is no list', { weightsManifest: {} }],
    ['a group that is no object', { weightsManifest: [7] }],
    ['a weight without a name', { weightsManifest: [{ paths: [], weights: [{ shape: [], dtype: 'float32' }] }] }],
    ['a negative size', { weightsManifest: [{ paths: [], weights: [weight('a', [-1])] }] }],
    ['sizes that overflow', { weightsManifest: [{ paths: [], weights: [weight('a', [2 ** 40, 2 ** 40])] }] }],
    ['a path that is no text', { weightsManifest: [{ paths: [7], weights: [] }] }],
  ])('%s', async (_what, value) => {
    const error: unknown = await read(value).catch((reason: unknown) => reason);
    expect(MsbomError.is(error, 'ERR_FORMAT_MALFORMED'), String(error)).toBe(true);
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(tensorflowjs, utf8(JSON.stringify(model)));
  });
});
