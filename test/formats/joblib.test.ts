import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { joblib } from '../../src/formats/joblib/index.js';
import { elementsOf } from '../../src/formats/numpy/elements.js';
import { pickle as pickleReader } from '../../src/formats/pickle/index.js';
import { openInflated } from '../../src/formats/shared/inflate-source.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { objectArray, wrapped } from '../support/joblib.js';
import { instance, op, type Plain, pickle, tuple } from '../support/pickle.js';

const doubles = (...values: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
const SCALER = 'sklearn.preprocessing._data';
const scaler = instance(SCALER, 'StandardScaler', {
  with_mean: true,
  copy: null,
  n_features_in_: 3,
  feature_names_in_: wrapped({ code: 'O8', shape: [3], data: objectArray('age', 'größe', 'c'), flags: 63 }),
  mean_: wrapped({ code: 'f8', shape: [3], data: doubles(1, 2, 3), padding: 5 }),
  _sklearn_version: '1.9.1',
});
const forest = instance('sklearn.ensemble._forest', 'RandomForestClassifier', {
  estimator: instance('sklearn.tree._classes', 'DecisionTreeClassifier', {
    criterion: 'gini',
    splitter: 'best',
    _sklearn_version: '1.9.1',
  }),
  estimator_params: tuple('criterion'),
  n_estimators: 2,
  max_features: 'sqrt',
  classes_: wrapped({ code: 'i8', shape: [2], data: new Uint8Array(BigInt64Array.of(0n, 7n).buffer), padding: 0 }),
  nodes: wrapped({ code: 'V64', shape: [4], data: new Uint8Array(256), padding: 1 }),
  _rng: wrapped({ code: 'u4', shape: [9], data: new Uint8Array(36) }),
  _sklearn_version: '1.9.1',
});
const pipeline = instance('sklearn.pipeline', 'Pipeline', {
  steps: [tuple('scale', scaler), tuple('skip', 'passthrough'), tuple('clf', forest)],
  verbose: false,
  _sklearn_version: '1.9.1',
});
const file = pickle(pipeline);

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => joblib.read(bytesSource('m.joblib', bytes), limits);
const facts = async (bytes: Uint8Array) => joblib.describe(await read(bytes));
const settings = async (bytes: Uint8Array) =>
  Object.fromEntries(((await facts(bytes)).hyperparameters ?? []).map(({ value }) => [value.name, value.value]));

it('a compressed pickle without arrays of joblib is a pickle', async () => {
  const plain = new Uint8Array(gzipSync(pickle({ key: 1, bytes: op.bytes(new Uint8Array(100)) })));
  expect(await facts(plain)).toMatchObject({
    format: 'pickle',
    metadata: { compression: 'gzip', root: 'dict' },
    notInspected: ['100 bytes in byte strings and long texts (1), which may hold anything'],
  });
  expect((await facts(new Uint8Array(gzipSync(file)))).format).toBe('joblib');
});
it('claims no ending for itself, nor does the reader of plain pickles', () => {
  expect([...joblib.extensions, ...pickleReader.extensions]).toEqual([]);
});

describe('a pipeline', () => {
  it('is recognised and described', async () => {
    expect((await detectFormat(bytesSource('m', file)))?.id).toBe('joblib');
    expect(await facts(file)).toMatchObject({
      format: 'joblib',
      formatVersion: '2',
      role: 'weights',
      architecture: { value: 'Pipeline', key: 'sklearn.pipeline.Pipeline' },
      producers: [{ key: '_sklearn_version', value: { name: 'scikit-learn', version: '1.9.1' } }],
      metadata: {
        steps: 'scale: sklearn.preprocessing._data.StandardScaler, skip: passthrough, clf: sklearn.ensemble._forest.RandomForestClassifier',
        n_features_in_: '3',
        feature_names_in_: 'age, größe, c',
      },
      tensors: { count: 5, parameters: 3, dtypes: { float64: 3 } },
    });
    expect((await facts(file)).notInspected).toBeUndefined();
  });
  it('tells the parameters of its parts as get_params does, without those of the tree that a forest copies', async () => {
    expect(await settings(file)).toEqual({
      scale__with_mean: true,
      skip: 'passthrough',
      clf__n_estimators: 2,
      clf__max_features: 'sqrt',
      verbose: false,
    });
  });
  it('imports what its arrays of objects import too', async () => {
    expect((await facts(file)).imports).toEqual([
      'joblib.numpy_pickle.NumpyArrayWrapper',
      'numpy._core.multiarray._reconstruct',
      'numpy.dtype',
      'numpy.ndarray',
      'sklearn.ensemble._forest.RandomForestClassifier',
      'sklearn.pipeline.Pipeline',
      'sklearn.preprocessing._data.StandardScaler',
      'sklearn.tree._classes.DecisionTreeClassifier',
    ]);
  });
  it('has names and shapes of arrays', async () => {
    expect(joblib.tensors(await read(file)).map(({ name, dtype, shape, bytes }) => [name, dtype, shape, bytes])).toEqual([
      ['steps.0.1.feature_names_in_', 'object', [3], undefined],
      ['steps.0.1.mean_', 'float64', [3], 24],
      ['steps.2.1.classes_', 'int64', [2], 16],
      ['steps.2.1.nodes', 'void512', [4], 256],
      ['steps.2.1._rng', 'uint32', [9], 36],
    ]);
  });
});

describe('an estimator', () => {
  it('has small arrays as text', async () => {
    expect((await facts(pickle(forest))).metadata).toMatchObject({ classes_: '0, 7' });
  });
  it('alone in a dict counts, of two in a list none does', async () => {
    const inDict = await facts(pickle({ model: forest, threshold: 0.5 }));
    expect(inDict).toMatchObject({ architecture: { value: 'RandomForestClassifier' }, tensors: { parameters: 0 } });
    expect((await facts(pickle([forest, scaler]))).architecture).toBeUndefined();
  });
  it('of trees counts nothing of what stands beside them', async () => {
    const tree = instance('sklearn.tree._tree', 'Tree', {});
    const trees = wrapped({ code: 'O8', shape: [1], data: pickle(tree), flags: 63 });
    const total = async (estimators: Plain) =>
      (await facts(pickle(instance('sklearn.pipeline', 'Pipeline', { steps: [tuple('scale', scaler)], estimators_: estimators })))).tensors
        ?.parameters;
    expect([await total(null), await total(tree), await total(trees)]).toEqual([3, 0, 0]);
  });
  it('leaves out attributes that only look like parameters', async () => {
    const svc = instance('sklearn.svm._classes', 'SVC', {
      C: 2,
      nu: 0,
      epsilon: 0,
      kernel: 'rbf',
      support_: 1,
      _x: 1,
      a: wrapped({ code: 'f8', shape: [0], data: new Uint8Array(0) }),
    });
    expect(await settings(pickle(svc))).toEqual({ C: 2, kernel: 'rbf' });
  });
  it('that holds itself ends', async () => {
    const loop = concat(
      op.global('sklearn.x', 'Loop'),
      op.emptyTuple,
      op.newObj,
      op.put(200),
      op.emptyDict,
      op.mark,
      op.text('C'),
      op.int(1),
      op.text('inner'),
      op.get(200),
      op.setItems,
      op.build,
    );
    expect(Object.keys(await settings(pickle([loop, wrapped({ code: 'f8', shape: [1], data: doubles(1) })])))).toHaveLength(9);
  });
  it('in a plain pickle is described alike, also when joblib wrote arrays into it', async () => {
    const described = pickleReader.describe(await pickleReader.read(bytesSource('m.pkl', file), DEFAULT_LIMITS));
    const { format, formatVersion, ...ours } = await facts(file);
    expect([format, formatVersion]).toEqual(['joblib', '2']);
    expect(described).toMatchObject({
      format: 'pickle',
      hyperparameters: ours.hyperparameters,
      imports: ours.imports,
      tensors: ours.tensors,
    });
    expect(described.notInspected).toBeUndefined();
  });
});

describe('a compressed file', () => {
  it.each<[string, Uint8Array]>([
    ['zlib', new Uint8Array(deflateSync(file))],
    ['gzip', new Uint8Array(gzipSync(file))],
  ])('by %s gives the facts of its content', async (compression, bytes) => {
    expect((await detectFormat(bytesSource('m.pkl.gz', bytes)))?.id).toBe('joblib');
    expect((await detectFormat(bytesSource('m.bin', bytes)))?.id).not.toBe('joblib');
    const plain = await facts(file);
    expect(await facts(bytes)).toEqual({ ...plain, metadata: { ...plain.metadata, compression } });
  });
  it.each<[string, readonly number[]]>([
    ['bz2', [0x42, 0x5a, 0x68, 0x39]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['lzma', [0x5d, 0, 0, 0x80]],
    ['lz4', [0x04, 0x22, 0x4d, 0x18]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['ZF', [...utf8('ZF0x4b            ')]],
  ])('by %s is recognised and not inspected', async (name, head) => {
    const bytes = concat(Uint8Array.from(head), new Uint8Array(60));
    expect((await detectFormat(bytesSource('m.joblib', bytes)))?.id).toBe('joblib');
    expect(await facts(bytes)).toEqual({
      format: 'joblib',
      metadata: { compression: name },
      notInspected: [`content compressed with ${name}`],
    });
  });
  it('that is large is read forwards, and its arrays are not held', async () => {
    const big = wrapped({ code: 'f8', shape: [4_000_000], data: new Uint8Array(32_000_000), padding: 3 });
    const after = instance('sklearn.x', 'Last', { alpha: 3, coef_: big, beta: 4 });
    const bytes = new Uint8Array(deflateSync(pickle(after), { level: 1 }));
    const found = await facts(bytes);
    expect(found).toMatchObject({ tensors: { parameters: 4_000_000 }, architecture: { value: 'Last' } });
    expect(await settings(bytes)).toEqual({ alpha: 3, beta: 4 });
  });
  it('can be read backwards, but not without end', async () => {
    const content = Uint8Array.from({ length: 9_000_000 }, (_, i) => i % 251);
    const source = await openInflated(bytesSource('m', new Uint8Array(deflateSync(content, { level: 1 }))), 'deflate', 1e9);
    expect(source.size).toBe(content.byteLength);
    for (const at of [8_999_990, 5, 4_000_000]) expect(await source.read(at, 10)).toEqual(content.slice(at, at + 10));
    expect(await source.read(8_999_995, 10)).toHaveLength(5);
    for (let i = 0; i < 7; i++) await source.read(i % 2 === 0 ? 0 : 3_000_000, 1);
    const again = async () => {
      for (let i = 0; i < 20; i++) await source.read(i % 2 === 0 ? 0 : 3_000_000, 1);
    };
    await expect(again()).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT', file: 'm' });
  });
});

describe('an old file', () => {
  it('names the files of its arrays', async () => {
    const old = (filename: string) => instance('sklearn.externals.joblib.numpy_pickle', 'NDArrayWrapper', { filename, subclass: null });
    const bytes = pickle([old('m.pkl_01.npy'), old('../../etc/passwd')]);
    expect(joblib.sniff(bytes, 'm')).toBe(true);
    expect(await facts(bytes)).toMatchObject({ companions: ['m.pkl_01.npy'], notInspected: ['arrays in files of their own'] });
  });
  it('has its arrays without padding', async () => {
    const array = wrapped({ code: 'f4', shape: [2, 3], data: new Uint8Array(24), module: 'sklearn.externals.joblib.numpy_pickle' });
    expect((await facts(pickle([array, 'end']))).tensors).toMatchObject({ parameters: 6, bytes: 24 });
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
  };
  const odd = (shape: readonly number[], type = 'f8') => pickle([wrapped({ code: type, shape, data: new Uint8Array(8) })]);
  it.each<[string, Uint8Array, string]>([
    ['with an array beyond the end', odd([1000]), 'ERR_FORMAT_TRUNCATED'],
    ['with a negative size', odd([-1]), 'ERR_FORMAT_MALFORMED'],
    ['with sizes beyond counting', odd([2 ** 30, 2 ** 30, 4]), 'ERR_FORMAT_MALFORMED'],
    ['with an array of objects that is no pickle', odd([1], 'O8'), 'ERR_FORMAT_MALFORMED'],
    ['cut off', file.slice(0, -10), 'ERR_FORMAT_TRUNCATED'],
    ['with a broken zlib stream', new Uint8Array(deflateSync(file)).fill(0xff, 20, 40), 'ERR_FORMAT_MALFORMED'],
    ['cut off in its compression', new Uint8Array(gzipSync(file)).slice(0, -30), 'ERR_FORMAT_MALFORMED'],
    ['compressed and no pickle', new Uint8Array(deflateSync(utf8('some text'))), 'ERR_FORMAT_MALFORMED'],
  ])('%s', async (_, bytes, expected) => {
    expect(await code(bytes)).toEqual([expected, 'number', 'm.joblib']);
  });
  it('that stands for too much', async () => {
    const bomb = new Uint8Array(deflateSync(new Uint8Array(1_000_000)));
    expect((await code(bomb, withLimits({ maxReadBytes: 1000 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(file, withLimits({ maxReadBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('that has something behind it, or too many objects, is inspected in part', async () => {
    expect((await facts(concat(file, utf8('more')))).notInspected).toEqual(['4 bytes after the pickle']);
    const few = joblib.describe(await read(pickle(Array.from({ length: 50 }, (_, i) => [i])), withLimits({ maxItems: 20 })));
    expect(few.notInspected?.[0]).toMatch(/^opcodes after offset \d+: /);
  });
  it('throws nothing but our own errors', async () => {
    await fuzzReader(joblib, file, 200);
    await fuzzReader(joblib, new Uint8Array(gzipSync(pickle(scaler))), 100);
  });
});

describe('elements', () => {
  it.each<[string, readonly number[], readonly unknown[] | undefined]>([
    ['b1', [0, 1], [false, true]],
    ['i2', [0xff, 0xff], [-1]],
    ['u8', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], ['18446744073709551615']],
    ['f4', [0, 0, 0, 0x3f], [0.5]],
    ['U2', [0x61, 0, 0, 0, 0, 0, 0, 0], ['a']],
    ['U1', [0xff, 0xff, 0xff, 0xff], ['\ufffd']],
    ['i4', [1, 2, 3], undefined],
    ['c8', [0, 0, 0, 0, 0, 0, 0, 0], undefined],
    ['U0', [], undefined],
  ])('of %s', (type, bytes, expected) => {
    expect(elementsOf(type, Uint8Array.from(bytes), true)).toEqual(expected);
  });
  it('in the other byte order', () => {
    expect(elementsOf('>i2', Uint8Array.of(1, 2), false)).toEqual([258]);
  });
});
