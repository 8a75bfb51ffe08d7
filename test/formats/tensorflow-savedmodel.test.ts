import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { tensorflowSavedmodel as reader } from '../../src/formats/tensorflow-savedmodel/index.js';
import { concat, field, varint } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { constant, graph, library, metaInfo, node, objectGraph, savedModel, signature } from '../support/tensorflow.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => reader.read(bytesSource('saved_model.pb', bytes), limits);
const facts = async (bytes: Uint8Array) => reader.describe(await read(bytes));

const KERAS = {
  class_name: 'Functional',
  keras_version: '2.9.0',
  model_config: {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        {
          class_name: 'InputLayer',
          config: { name: 'in', dtype: 'float32', batch_input_shape: { class_name: '__tuple__', items: [null, 2] } },
        },
      ],
    },
  },
  training_config: { loss: 'mse', optimizer_config: { class_name: 'Adam', config: { learning_rate: 0.001, name: 'Adam' } } },
};
const full = savedModel(
  concat(
    graph(node('v', 'VarHandleOp'), node('call', 'f'), constant('c', 1, [2, 2], new Uint8Array(16))),
    library('f', node('r', 'ReadFile'), node('p', 'PyFunc'), node('x', 'TFText>Tokenize')),
  ),
  signature('other'),
  signature('serving_default'),
  signature('__saved_model_init_op'),
  field(6, field(2, 'vocabulary.txt')),
  objectGraph('_tf_keras_network', KERAS),
);

describe('saved_model.pb', () => {
  it('gives versions, signatures, operators and what Keras kept', async () => {
    expect(await facts(full)).toEqual({
      format: 'tensorflow-savedmodel',
      formatVersion: '1',
      mediaType: 'application/x-protobuf',
      role: 'weights',
      architecture: { value: 'Functional', key: 'object_graph_def model_config.class_name' },
      name: { value: 'net', key: 'object_graph_def model_config.config.name' },
      producers: [
        { key: 'meta_info_def.tensorflow_version', value: { name: 'tensorflow', version: '2.21.0' } },
        { key: 'object_graph_def keras_version', value: { name: 'keras', version: '2.9.0' } },
      ],
      hyperparameters: [
        { key: 'object_graph_def training_config.optimizer_config.class_name', value: { name: 'optimizer', value: 'Adam' } },
        { key: 'object_graph_def training_config.optimizer_config.config.learning_rate', value: { name: 'learning_rate', value: 0.001 } },
        { key: 'object_graph_def training_config.loss', value: { name: 'loss', value: 'mse' } },
      ],
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 4] }],
      outputs: [{ name: 'y', dtype: 'float16', shape: [3] }],
      metadata: {
        assets: 'vocabulary.txt',
        'constants.values': '4',
        functions: '1',
        layers: 'InputLayer 1',
        method: 'tensorflow/serving/predict',
        nodes: '6',
        operators: 'Const 1, PyFunc 1, ReadFile 1, TFText>Tokenize 1, VarHandleOp 1',
        'operators.files': 'ReadFile',
        'operators.python': 'PyFunc',
        signatures: 'other, serving_default',
        tags: 'serve',
        tensorflow_git_version: 'v2.21.0',
      },
      findings: [expect.objectContaining({ id: 'custom-operators', message: expect.stringMatching(/`TFText`.*Tokenize$/) })],
    });
  });
  it('counts constants only where there are no variables', async () => {
    const nodes = [constant('w', 1, [2, 3]), constant('axis', 3, [2]), constant('text', 7, [])];
    expect((await facts(savedModel(graph(...nodes)))).tensors).toEqual({ count: 3, parameters: 6, dtypes: { float32: 6 } });
    expect((await facts(savedModel(graph(...nodes), objectGraph('x', {})))).tensors).toBeUndefined();
    const copied = savedModel(concat(graph(...nodes), library('f', constant('w', 1, [2, 3]))));
    expect((await facts(copied)).tensors).toBeUndefined();
  });
  it('says what it does not look into', async () => {
    const bytes = savedModel(
      graph(node('d', 'DatasetFromGraph')),
      field(7, field(1, field(4, concat(field(1, '_tf_keras_layer'), field(3, '{'))))),
    );
    expect((await facts(bytes)).notInspected).toEqual([
      'metadata of `_tf_keras_layer`, which is not JSON',
      'programs inside DatasetFromGraph',
    ]);
  });
  it('finds code in objects other than the root', async () => {
    const lambda = { class_name: 'Lambda', config: { name: 'twice', function: ['4wEAAAA='], function_type: 'lambda' } };
    const other = field(7, field(1, field(4, concat(field(1, '_tf_keras_layer'), field(3, JSON.stringify(lambda))))));
    const found = await facts(savedModel(graph(node('a', 'NoOp')), objectGraph('_tf_keras_model', KERAS), other));
    expect(found.findings).toEqual([expect.objectContaining({ id: 'embedded-code', message: expect.stringContaining('`twice`') })]);
  });
});

describe('the files beside it', () => {
  const kerasFile = field(1, concat(field(2, 0), field(3, 'root'), field(4, '_tf_keras_network'), field(5, JSON.stringify(KERAS))));
  // A 64-bit number as a varint: the builders' numbers are doubles.
  const sum = (number: number) => concat(varint(number * 8), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01));
  const fingerprint = concat(sum(1), sum(2), sum(3), sum(4), field(6, field(1, 1)));
  it('keras_metadata.pb has the configuration', async () => {
    expect(await facts(kerasFile)).toMatchObject({
      role: 'config',
      name: { value: 'net' },
      hyperparameters: [{ value: { value: 'Adam' } }, {}, {}],
    });
  });
  it('fingerprint.pb has checksums, exactly', async () => {
    expect((await facts(fingerprint)).metadata).toMatchObject({ file: 'fingerprint', saved_model_checksum: '18446744073709551615' });
  });
  it.each([
    ['saved_model.pb', full],
    ['keras_metadata.pb', kerasFile],
    ['fingerprint.pb', fingerprint],
  ])('%s is told by its first fields', (_name, bytes) => {
    expect(reader.sniff(bytes.slice(0, 4096), 'x')).toBe(true);
  });
  it('other messages are not', () => {
    const coreml = concat(field(1, 1), field(2, concat(field(1, concat(field(1, 'image'), field(3, ''))), field(10, field(1, 'out')))));
    const sentencepiece = concat(field(1, concat(field(1, '<unk>'), varint(2 * 8 + 5), new Uint8Array(4), field(3, 2))));
    for (const bytes of [coreml, sentencepiece, concat(field(1, 8), field(2, metaInfo)), graph(node('a', 'NoOp'))])
      expect(reader.sniff(bytes, 'saved_model.pb')).toBe(false);
  });
  it.each([
    ['keras_metadata.pb', kerasFile],
    ['fingerprint.pb', fingerprint],
  ])('%s may be broken anywhere', async (_name, bytes) => {
    await fuzzReader(reader, bytes);
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  it.each<[string, Uint8Array, string]>([
    ['without a graph', field(1, 1), 'ERR_FORMAT_MALFORMED'],
    ['cut in a graph', full.slice(0, -9), 'ERR_FORMAT_TRUNCATED'],
    ['whose graph is a number', savedModel(graph(node('a', 'NoOp')), field(7, 1)), 'ERR_FORMAT_MALFORMED'],
    ['with a shape that overflows', savedModel(graph(constant('c', 1, [2 ** 40, 2 ** 40]))), 'ERR_FORMAT_MALFORMED'],
    ['with a shape of too many axes', savedModel(graph(constant('c', 1, new Array<number>(300).fill(1)))), 'ERR_FORMAT_MALFORMED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  it('with too many fields', async () => {
    expect(await code(full, withLimits({ maxItems: 10 }))).toBe('ERR_LIMIT_COUNT');
  });
  it('with a text that is too long', async () => {
    expect(await code(full, withLimits({ maxStringBytes: 10 }))).toBe('ERR_LIMIT_BYTES');
  });
  it('with metadata that nests too deeply', async () => {
    const deep = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`) as unknown;
    expect(await code(savedModel(graph(node('a', 'NoOp')), objectGraph('_tf_keras_model', { deep })))).toBe('ERR_LIMIT_DEPTH');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(reader, full);
  });
  const fixtures = fileURLToPath(new URL('../fixtures/formats/tensorflow-savedmodel/', import.meta.url));
  it.each(['module/saved_model.pb', 'keras2/keras_metadata.pb'])('may be %s, broken anywhere', async (name) => {
    await fuzzReader(reader, new Uint8Array(readFileSync(fixtures + name)), Number(process.env.MSBOM_RUNS ?? 30));
  });
});
