import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { onnx } from '../../src/formats/onnx/index.js';
import { concat, field, onnxFile, varint } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { realModels } from '../support/real-models.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => onnx.read(bytesSource('m.onnx', bytes), limits);
const entry = (key: string, value: string) => concat(field(1, key), field(2, value));
const external = (location: string) =>
  concat(field(1, 4), field(2, 1), field(8, 'e'), field(13, entry('location', location)), field(13, entry('offset', '0')), field(14, 1));
const withGraph = (...graph: readonly Uint8Array[]) =>
  concat(field(1, 8), field(7, concat(...graph)), field(8, concat(field(1, ''), field(2, 17))));

describe('a well-formed file', () => {
  it('gives tensors, operator sets and producer', async () => {
    const facts = onnx.describe(
      await read(onnxFile(field(14, entry('model_license', 'MIT')), field(14, entry('model_author', 'Example')))),
    );
    expect(facts).toMatchObject({
      formatVersion: '8',
      tensors: { count: 1, parameters: 6, dtypes: { FLOAT: 6 }, bytes: 24 },
      producers: [{ value: { name: 'test', version: '1.0' } }],
      requires: [{ value: { name: 'ai.onnx', version: '17' } }],
      license: { value: 'MIT', key: 'metadata_props.model_license' },
      author: { value: 'Example' },
    });
  });
  it('spells the types of inputs as ONNX does', async () => {
    const tensor = field(1, concat(field(1, 1), field(2, field(1, field(1, 4)))));
    const input = (name: string, type: Uint8Array) => field(11, concat(field(1, name), field(2, type)));
    const sequence = field(4, field(1, tensor));
    const map = field(5, concat(field(1, 8), field(2, tensor)));
    let deep = tensor;
    for (let i = 0; i < 20; i++) deep = field(4, field(1, deep));
    const { inputs = [] } = onnx.describe(
      await read(
        withGraph(
          input('tensor', tensor),
          input('sequence', sequence),
          input('map', map),
          input('maybe', field(9, field(1, tensor))),
          input('maybe many', field(9, field(1, sequence))),
          input('sparse', field(8, concat(field(1, 1), field(2, field(1, field(1, 4)))))),
          input('deep', deep),
        ),
      ),
    );
    expect(inputs.map(({ name, dtype, shape }) => [name, dtype, shape]).slice(0, 6)).toEqual([
      ['tensor', 'FLOAT', [4]],
      ['sequence', 'seq(tensor(float))', []],
      ['map', 'map(string,tensor(float))', []],
      ['maybe', 'optional(tensor(float))', [4]],
      ['maybe many', 'optional(seq(tensor(float)))', []],
      ['sparse', 'sparse_tensor(float)', [4]],
    ]);
    expect(inputs[6]?.dtype).toMatch(/^(?:seq\(){8}tensor\(undefined\)\){8}$/);
  });
  it('has no fields but those of a model', () => {
    const model = concat(field(1, 8), field(7, field(2, 'g')), field(8, field(2, 17)));
    expect(onnx.sniff(model, 'm.bin')).toBe(true);
    expect(onnx.sniff(concat(model, field(9, 'x')), 'm.bin')).toBe(false);
    expect(onnx.sniff(concat(model, field(8, 1)), 'm.bin')).toBe(false);
  });
  it('takes no report on a build for a version', async () => {
    const bytes = concat(field(1, 8), field(2, 'Example'), field(3, 'Commit: 1\nAuthor: someone'), field(7, field(2, 'g')));
    expect(onnx.describe(await read(bytes)).producers).toEqual([{ key: 'producer_name', value: { name: 'Example' } }]);
  });
  it('counts fractions in Constant nodes and in subgraphs, but not shapes', async () => {
    const float = concat(field(1, 5), field(2, 1), field(9, new Uint8Array(20)));
    const shape = concat(field(1, 3), field(2, 7), field(9, new Uint8Array(24)));
    const constant = (tensor: Uint8Array) => field(1, concat(field(4, 'Constant'), field(5, field(5, tensor))));
    const nested = field(1, concat(field(4, 'If'), field(5, field(6, constant(float)))));
    const { tensors } = onnx.describe(await read(withGraph(constant(float), constant(shape), nested)));
    expect(tensors).toMatchObject({ count: 3, parameters: 10, dtypes: { FLOAT: 10 } });
  });
  it('counts whole numbers by one rule, wherever they stand', async () => {
    const tensor = (type: number, name: string) => concat(field(1, 4), field(2, type), field(8, name));
    const both = (type: number, name: string) =>
      concat(field(5, tensor(type, name)), field(1, concat(field(4, 'Constant'), field(5, field(5, tensor(type, `${name} too`))))));
    const dequantize = field(1, concat(field(1, 'wide'), field(1, 's'), field(4, 'DequantizeLinear')));
    const found = onnx.describe(
      await read(withGraph(both(7, 'shape'), both(9, 'mask'), both(3, 'small'), both(1, 'real'), field(5, tensor(6, 'wide')), dequantize)),
    );
    expect(found.tensors).toMatchObject({ count: 9, parameters: 20, dtypes: { FLOAT: 8, INT8: 8, INT32: 4 } });
  });
  it('counts no scales, and packed weights as many as the operator says', async () => {
    const tensor = (name: string, type: number, ...shape: readonly number[]) =>
      field(5, concat(...shape.map((size) => field(1, size)), field(2, type), field(8, name)));
    const node = (type: string, inputs: readonly string[], ...attributes: readonly Uint8Array[]) =>
      field(1, concat(...inputs.map((name) => field(1, name)), field(4, type), ...attributes.map((content) => field(5, content))));
    const integer = (name: string, value: number) => concat(field(1, name), field(3, value));
    const found = onnx.describe(
      await read(
        withGraph(
          node('DequantizeLinear', ['w', 'w_scale', 'w_zero']),
          node('MatMulNBits', ['x', 'b', 'b_scale', '', 'g'], integer('K', 64), integer('N', 3)),
          field(14, concat(field(1, 'w'), field(2, entry('SCALE_TENSOR', 'noted')))),
          tensor('w', 3, 4, 3),
          tensor('w_scale', 1, 3),
          tensor('w_zero', 3, 3),
          tensor('b', 2, 3, 4, 8),
          tensor('b_scale', 1, 12),
          tensor('g', 6, 64),
          tensor('noted', 1, 5),
        ),
      ),
    );
    expect(found.tensors).toMatchObject({ count: 7, parameters: 12 + 192, dtypes: { INT8: 12, UINT8: 192 } });
    expect(found.metadata).toMatchObject({ operators: 'DequantizeLinear 1, MatMulNBits 1' });
  });
  it.each([
    [3, ['x'], undefined],
    [8, ['x'], 'w, s'],
  ])('has no inputs whose values are in the file; of IR version %d the caller may override them', async (version, inputs, told) => {
    const named = (number: number, name: string) => field(number, field(1, name));
    const sparse = field(15, field(1, concat(field(1, 2), field(2, 1), field(8, 's'))));
    const nested = field(1, concat(field(4, 'If'), field(5, field(6, field(5, concat(field(2, 1), field(8, 'x')))))));
    const graph = concat(field(5, concat(field(1, 2), field(2, 1), field(8, 'w'))), sparse, nested);
    const bytes = concat(
      field(1, version),
      field(7, concat(graph, ...['x', 'w', 's'].map((name) => named(11, name)))),
      field(8, field(2, 9)),
    );
    const facts = onnx.describe(await read(bytes));
    expect(facts.inputs?.map(({ name }) => name)).toEqual(inputs);
    expect(facts.metadata?.overridable_initializers).toBe(told);
  });
  it('takes operators that the model defines for its own', async () => {
    const shift = concat(
      field(1, 'Shift'),
      field(7, field(4, 'Add')),
      field(9, concat(field(1, 'other'), field(2, 3))),
      field(10, 'local'),
    );
    const call = (type: string) => field(1, concat(field(4, type), field(7, 'local')));
    const own = onnx.describe(await read(concat(withGraph(call('Shift')), field(25, shift))));
    expect(own.findings).toBeUndefined();
    expect(own.metadata).toMatchObject({ functions: '1', operators: 'Add 1, local.Shift 1' });
    expect(own.requires?.map(({ value }) => [value.name, value.version])).toEqual([
      ['ai.onnx', '17'],
      ['other', '3'],
    ]);
    const missing = onnx.describe(await read(concat(withGraph(call('Shift'), call('Turn')), field(25, shift))));
    expect(missing.findings).toMatchObject([{ id: 'custom-operators' }]);
  });
  it('counts nothing of what is only for training', async () => {
    const momentum = field(5, concat(field(1, 9), field(2, 1), field(8, 'momentum')));
    const found = onnx.describe(await read(concat(withGraph(), field(20, field(2, momentum)))));
    expect(found.tensors).toMatchObject({ count: 1, parameters: 0, bytes: 36 });
    expect(found.metadata).toEqual({ training_info: '1' });
  });
  it('gives the version of the model, and the digest of a chat template', async () => {
    const bytes = concat(withGraph(), field(4, 'com.example'), field(5, 3), field(14, entry('chat_template', '{{ messages }}')));
    const found = onnx.describe(await read(bytes));
    expect(found.version).toEqual({ value: '3', key: 'model_version' });
    expect(found.metadata).toEqual({ domain: 'com.example' });
    expect(found.chatTemplates?.default).toMatch(/^[0-9a-f]{64}$/);
  });
  it('names the files of external data', async () => {
    expect(onnx.describe(await read(withGraph(field(5, external('weights/a.bin'))))).companions).toEqual(['weights/a.bin']);
  });
  it.each(['../a.bin', '/etc/passwd', 'a/../../b', 'C:\\x', ''])('never follows external data to %j', async (location) => {
    const facts = onnx.describe(await read(withGraph(field(5, external(location)))));
    expect(facts.companions).toBeUndefined();
    expect(facts.findings).toEqual([expect.objectContaining({ id: 'external-data-outside', severity: 'high' })]);
  });
  it('reports operators that are not ONNX', async () => {
    const facts = onnx.describe(await read(withGraph(field(1, concat(field(4, 'Magic'), field(7, 'com.example'))))));
    expect(facts.findings).toEqual([expect.objectContaining({ id: 'custom-operators' })]);
  });
  it('is read without its tensor data', async () => {
    const [model] = realModels;
    const bytes = readFileSync(model?.path ?? '');
    let readBytes = 0;
    const source = {
      name: 'm',
      size: bytes.byteLength,
      read: async (offset: number, length: number) => {
        readBytes += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    await onnx.read(source, DEFAULT_LIMITS);
    expect(readBytes).toBeLessThan(bytes.byteLength);
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  it.each<[string, Uint8Array, string]>([
    ['without a graph', field(1, 8), 'ERR_FORMAT_MALFORMED'],
    ['with two graphs', concat(withGraph(), field(7, new Uint8Array())), 'ERR_FORMAT_MALFORMED'],
    ['cut in a field', onnxFile().slice(0, -3), 'ERR_FORMAT_TRUNCATED'],
    ['with an endless varint', concat(field(1, 8), Uint8Array.of(0x3a), new Uint8Array(11).fill(0xff)), 'ERR_FORMAT_MALFORMED'],
    ['with field number 0', concat(field(1, 8), varint(2), varint(0)), 'ERR_FORMAT_MALFORMED'],
    ['with a group', concat(field(1, 8), varint(7 * 8 + 3)), 'ERR_FORMAT_MALFORMED'],
    ['whose inner field is longer than its message', withGraph(concat(varint(5 * 8 + 2), varint(100))), 'ERR_FORMAT_MALFORMED'],
    ['with a shape that overflows', withGraph(field(5, concat(field(1, 2 ** 40), field(1, 2 ** 40), field(2, 1)))), 'ERR_FORMAT_MALFORMED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  it('that nests too deeply', async () => {
    let graph = field(2, 'g');
    for (let i = 0; i < 100; i++) graph = field(1, field(5, field(6, graph)));
    expect(await code(withGraph(graph))).toBe('ERR_LIMIT_DEPTH');
  });
  it('with too many fields', async () => {
    expect(await code(onnxFile(), withLimits({ maxItems: 5 }))).toBe('ERR_LIMIT_COUNT');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(onnx, onnxFile(field(14, entry('a', 'b'))));
  });
});
