import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { coreml } from '../../src/formats/coreml/index.js';
import { concat, field, onnxFile } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => coreml.read(bytesSource('m.mlmodel', bytes), limits);
const facts = async (bytes: Uint8Array) => coreml.describe(await read(bytes));
const codeOf = (bytes: Uint8Array, limits = DEFAULT_LIMITS) =>
  read(bytes, limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );
const entry = (key: string, value: Uint8Array | string) => concat(field(1, key), field(2, value));

/** A feature that is an array of FLOAT32. */
const feature = (name: string, ...shape: readonly number[]) =>
  concat(field(1, name), field(3, field(5, concat(...shape.map((size) => field(1, size)), field(2, 65_568)))));
const description = (...more: readonly Uint8Array[]) => field(2, concat(field(1, feature('x', 1, 4)), field(10, feature('y', 2)), ...more));
const metadata = field(
  100,
  concat(
    field(1, 'Sorts things'),
    field(2, 'v1'),
    field(3, 'Example'),
    field(4, 'MIT'),
    field(100, entry('com.github.apple.coremltools.version', '9.0')),
    field(100, entry('com.github.apple.coremltools.source', 'torch==2.7.0')),
    field(100, entry('__proto__', 'kept as a name')),
  ),
);
const file = (...content: readonly Uint8Array[]) => concat(field(1, 7), description(metadata), ...content);

/** A type of a program: FLOAT16 is 10, FLOAT32 11, INT32 23, UINT4 35. */
const type = (number: number, ...shape: readonly number[]) =>
  field(1, concat(field(1, number), field(2, shape.length), ...shape.map((size) => field(3, field(1, field(1, size))))));
const value = (kind: Uint8Array, offset?: number, path = '@model_path/weights/weight.bin') =>
  concat(field(2, kind), offset === undefined ? field(3, field(1, new Uint8Array())) : field(5, concat(field(1, path), field(2, offset))));
const constant = (name: string, kind: Uint8Array, offset?: number, path?: string) =>
  field(3, concat(field(1, 'const'), field(3, entry(name, kind)), field(5, entry('val', value(kind, offset, path)))));
const program = (...operations: readonly Uint8Array[]) =>
  field(502, field(2, entry('main', concat(field(2, 'CoreML7'), field(3, entry('CoreML7', concat(...operations)))))));
const weights = constant('w', type(10, 4, 2), 64);

/** A layer with weights given by their WeightParams. */
const innerProduct = (name: string, params: Uint8Array) => field(1, concat(field(1, name), field(140, field(20, params))));
const good = file(program(weights, constant('axes', type(23, 2)), constant('b', type(11, 3)), constant('epsilon', type(11))));

describe('any model', () => {
  it('gives its metadata, what made it, and what goes in and out', async () => {
    expect(await facts(good)).toMatchObject({
      format: 'coreml',
      formatVersion: '7',
      role: 'weights',
      description: { value: 'Sorts things', key: 'description.metadata.shortDescription' },
      version: { value: 'v1' },
      author: { value: 'Example' },
      license: { value: 'MIT', key: 'description.metadata.license' },
      producers: [{ value: { name: 'coremltools', version: '9.0' } }, { value: { name: 'torch', version: '2.7.0' } }],
      inputs: [{ name: 'x', dtype: 'FLOAT32', shape: [1, 4] }],
      outputs: [{ name: 'y', dtype: 'FLOAT32', shape: [2] }],
      metadata: { type: 'mlProgram', operations: 'const 4' },
    });
    expect(Object.getPrototypeOf((await facts(good)).metadata)).toBe(Object.prototype);
  });

  it('is told from other protobuf', () => {
    expect(coreml.sniff(good, 'x')).toBe(true);
    expect(coreml.sniff(concat(field(1, 7), field(2, new Uint8Array()), field(500, new Uint8Array())), 'x')).toBe(true);
    expect(coreml.sniff(onnxFile(), 'x.mlmodel')).toBe(false);
    expect(coreml.sniff(concat(field(1, 7), field(2, 'pytorch'), field(500, new Uint8Array())), 'x.mlmodel')).toBe(false);
    // A SavedModel with a graph in field 2.
    expect(coreml.sniff(concat(field(1, 1), field(2, concat(field(1, field(5, '2.15.0')), field(2, field(1, 'node'))))), 'x')).toBe(false);
    expect(coreml.sniff(concat(field(1, 7), description(metadata), field(99, 'x')), 'x.mlmodel')).toBe(false);
  });
});

describe('an ML program', () => {
  it('counts weights in files and fractions in place, but neither axes nor single settings', async () => {
    const found = await facts(good);
    expect(found.tensors).toEqual({ count: 4, parameters: 11, dtypes: { FLOAT16: 8, FLOAT32: 3 }, bytes: 16 + 8 + 12 + 4 });
    expect(found.companions).toEqual(['weights/weight.bin']);
    expect(found.requires).toEqual([{ key: 'mlProgram.functions.opset', value: { name: 'CoreML7' } }]);
  });

  it('counts a blob that two operations share once', async () => {
    expect((await facts(file(program(weights, constant('again', type(10, 4, 2), 64))))).tensors).toMatchObject({ count: 1, parameters: 8 });
  });

  it('counts packed numbers by the tensor that they unpack to, and no scale', async () => {
    const packed = field(
      3,
      concat(
        field(1, 'constexpr_lut_to_dense'),
        field(2, entry('indices', field(1, field(2, value(type(35, 4, 2), 64))))),
        field(2, entry('lut', field(1, field(1, 'table')))),
        field(3, entry('w', type(10, 4, 2))),
      ),
    );
    const found = await facts(file(program(constant('table', type(10, 16), 128), packed)));
    expect(found.tensors).toMatchObject({ count: 2, parameters: 8, dtypes: { UINT4: 8 } });
  });

  it('follows no path out of the package', async () => {
    const found = await facts(
      file(program(constant('w', type(10, 4), 64, '@model_path/../../w.bin'), constant('v', type(10, 4), 64, '/w.bin'))),
    );
    expect(found.companions).toBeUndefined();
    expect(found.findings?.map(({ id, severity }) => [id, severity])).toEqual([
      ['external-data-outside', 'high'],
      ['external-data-outside', 'high'],
    ]);
  });
});

describe('other kinds', () => {
  it('counts the weights of layers in every encoding', async () => {
    const network = field(
      500,
      concat(
        innerProduct('a', field(1, new Uint8Array(16))),
        innerProduct('b', field(2, new Uint8Array(6))),
        innerProduct('c', concat(field(30, new Uint8Array(2)), field(40, field(1, 4)))),
        innerProduct('d', field(31, new Uint8Array(5))),
      ),
    );
    const header = await read(file(network));
    expect(coreml.describe(header).tensors?.dtypes).toEqual({ FLOAT16: 3, FLOAT32: 4, INT8: 5, UINT4: 4 });
    expect(coreml.tensors(header).map(({ name }) => name)).toEqual(['a.weights', 'b.weights', 'c.weights', 'd.weights']);
  });

  it('names the classes of custom layers and models', async () => {
    const custom = field(
      500,
      field(1, concat(field(1, 'mine'), field(500, concat(field(10, 'ExampleLayer'), field(20, field(1, new Uint8Array(8))))))),
    );
    const found = await facts(file(custom));
    expect(found.requires).toEqual([{ key: 'className', value: { name: 'ExampleLayer' } }]);
    expect(found.findings).toMatchObject([{ id: 'custom-operators', severity: 'info' }]);
    expect(found.tensors?.parameters).toBe(2);
    const whole = await facts(file(field(555, field(10, 'ExampleModel'))));
    expect(whole.findings).toMatchObject([{ id: 'custom-operators' }]);
    expect(whole.notInspected).toEqual(['parameters of the custom model']);
    expect(whole.tensors).toBeUndefined();
  });

  it('goes through the models of a pipeline', async () => {
    const linear = field(1, concat(field(1, 1), field(300, concat(field(1, field(1, new Uint8Array(24))), field(2, new Uint8Array(8))))));
    const found = await facts(file(field(202, concat(linear, field(1, field(900, new Uint8Array()))))));
    expect(found.metadata?.type).toBe('pipeline, glmRegressor, identity');
    expect(found.tensors).toMatchObject({ count: 2, parameters: 4, dtypes: { DOUBLE: 4 } });
  });

  it('gives no sum where not all of the model was read', async () => {
    const found = await facts(file(field(302, new Uint8Array(4))));
    expect(found.tensors).toBeUndefined();
    expect(found.notInspected).toEqual(['content of the treeEnsembleRegressor']);
  });

  it('names the file of a linked model', async () => {
    const found = await facts(file(field(556, field(1, field(1, field(1, 'other.mlmodelc'))))));
    expect(found.companions).toEqual(['other.mlmodelc']);
    expect(found.notInspected).toEqual(['content of the linked model']);
  });
});

describe('broken bytes', () => {
  it.each<[string, Uint8Array, string]>([
    ['no model', concat(field(1, 7), description()), 'ERR_FORMAT_MALFORMED'],
    ['a cut end', good.slice(0, -3), 'ERR_FORMAT_TRUNCATED'],
    ['a number where a message should be', file(field(502, 3)), 'ERR_FORMAT_MALFORMED'],
    ['too many values', file(program(constant('w', type(10, 2 ** 50, 2 ** 50), 64))), 'ERR_FORMAT_MALFORMED'],
  ])('with %s', async (_what, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it('meets the limits', async () => {
    let nested = field(900, new Uint8Array());
    for (let i = 0; i < 50; i++) nested = field(202, field(1, nested));
    expect(await codeOf(file(nested), withLimits({ maxDepth: 20 }))).toBe('ERR_LIMIT_DEPTH');
    expect(await codeOf(good, withLimits({ maxItems: 20 }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(good, withLimits({ maxReadBytes: 20 }))).toBe('ERR_LIMIT_BYTES');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(coreml, good);
    await fuzzReader(coreml, file(field(202, concat(field(1, field(500, innerProduct('a', field(1, new Uint8Array(16)))))))));
  }, 60_000);
});
