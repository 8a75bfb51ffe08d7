import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { skops } from '../../src/formats/skops/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { npyFile, npyHeader } from '../support/numpy.js';
import { array, dict, func, json, list, object, objects, pair, skopsFile } from '../support/skops.js';
import { zipFile } from '../support/zip.js';

const integers = new Uint8Array(BigInt64Array.of(0n, 7n).buffer);
const members = [
  { name: '1.npy', bytes: npyFile(npyHeader("'<f8'", '(3,)'), 24) },
  { name: '2.npy', bytes: npyFile(npyHeader("'<i8'", '(2,)'), integers), method: 8 },
  { name: '3.npy', bytes: npyFile(npyHeader("[('left', '<i8'), ('gain', '<f8')]", '(5,)'), 80) },
];
const scaler = object('sklearn.preprocessing._data', 'StandardScaler', {
  with_mean: json(true),
  copy: json(null),
  n_features_in_: json(3),
  feature_names_in_: objects(json('age'), json('größe'), json('c')),
  mean_: array('1.npy'),
  again_: array('1.npy'),
});
const forest = object('sklearn.ensemble._forest', 'RandomForestClassifier', {
  C: json(0.5),
  tolerance: json(0, 'NaN'),
  big: json(0, '18446744073709551615'),
  func: func('numpy', 'log1p'),
  classes_: array('2.npy'),
  nodes: array('3.npy'),
  _sklearn_version: json('1.9.1'),
});
const root = object('sklearn.pipeline', 'Pipeline', {
  steps: list(pair(json('scale'), scaler), pair(json('clf'), forest)),
  verbose: json(false),
  _sklearn_version: json('1.9.1'),
});
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => skops.read(bytesSource('m.skops', bytes), limits);
const facts = async (bytes: Uint8Array) => skops.describe(await read(bytes));

describe('a file', () => {
  it('is recognised and described', async () => {
    const bytes = skopsFile(root, members);
    expect((await detectFormat(bytesSource('m', bytes)))?.id).toBe('skops');
    expect(await facts(bytes)).toMatchObject({
      format: 'skops',
      formatVersion: '2',
      role: 'weights',
      architecture: { value: 'Pipeline', key: 'sklearn.pipeline.Pipeline' },
      producers: [
        { key: '_skops_version', value: { name: 'skops', version: '0.16.0' } },
        { key: '_sklearn_version', value: { name: 'scikit-learn', version: '1.9.1' } },
      ],
      metadata: {
        root: 'sklearn.pipeline.Pipeline',
        steps: 'scale: sklearn.preprocessing._data.StandardScaler, clf: sklearn.ensemble._forest.RandomForestClassifier',
        n_features_in_: '3',
        feature_names_in_: 'age, größe, c',
      },
      imports: [
        'builtins.dict',
        'builtins.list',
        'builtins.str',
        'builtins.tuple',
        'numpy.log1p',
        'numpy.ndarray',
        'sklearn.ensemble._forest.RandomForestClassifier',
        'sklearn.pipeline.Pipeline',
        'sklearn.preprocessing._data.StandardScaler',
      ],
      tensors: { count: 4, parameters: 3, dtypes: { float64: 3 }, bytes: 120 },
    });
    expect((await facts(bytes)).notInspected).toBeUndefined();
  });
  it('has parameters, paths of arrays, and values of small ones', async () => {
    const header = await read(skopsFile(root, members));
    expect(Object.fromEntries((skops.describe(header).hyperparameters ?? []).map(({ value }) => [value.name, value.value]))).toEqual({
      scale__with_mean: true,
      clf__C: 0.5,
      clf__big: '18446744073709551615',
      verbose: false,
    });
    expect(skops.tensors(header).map(({ name, dtype, shape, bytes }) => [name, dtype, shape, bytes])).toEqual([
      ['steps.0.1.mean_', 'float64', [3], 24],
      ['steps.1.1.classes_', 'int64', [2], 16],
      ['steps.1.1.nodes.left', 'int64', [5], 40],
      ['steps.1.1.nodes.gain', 'float64', [5], 40],
    ]);
    expect((await facts(skopsFile(forest, members))).metadata).toMatchObject({ classes_: '0, 7' });
  });
  it('of something else than an estimator has its imports only', async () => {
    const found = await facts(skopsFile(dict({ a: func('os', 'system') })));
    expect(found.imports).toEqual(['builtins.dict', 'builtins.list', 'builtins.str', 'os.system']);
    expect(found.architecture).toBeUndefined();
  });
  it('with members that are no arrays says so', async () => {
    const found = await facts(skopsFile(root, [...members, { name: '9.bin', bytes: utf8('x') }, { name: '8.npy', bytes: utf8('x') }]));
    expect(found.notInspected).toEqual(['members that are no arrays: 9.bin, 8.npy']);
    const sparse = object('sklearn.x', 'X', { _x: { ...array('7.npz') } });
    const bytes = skopsFile(sparse, [{ name: '7.npz', bytes: utf8('x') }]);
    expect((await facts(bytes)).notInspected).toEqual(['members that are no arrays: 7.npz']);
  });
  it('with a member twice says so', async () => {
    const twice = [...members, ...members.slice(0, 1)];
    expect((await facts(skopsFile(root, twice))).notInspected).toEqual(['an earlier member `1.npy` of the same name']);
  });
  it.each([['a/schema.json'], ['schema.json', 'model.onnx'], ['schema.json', 'x/1.npy'], ['1.npy']])(
    'of the members %s is another',
    (...names) => {
      expect(skops.claimsMembers?.(new Set(names))).toBe(false);
    },
  );
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
  };
  const schema = (text: string) => zipFile([{ name: 'schema.json', bytes: utf8(text) }]);
  it.each<[string, Uint8Array, string]>([
    ['without a schema', zipFile(members), 'ERR_FORMAT_MALFORMED'],
    ['whose schema is no JSON', schema('{'), 'ERR_FORMAT_MALFORMED'],
    ['whose schema is a list', schema('[]'), 'ERR_FORMAT_MALFORMED'],
    ['whose schema is of something else', schema('{"__loader__":"x"}'), 'ERR_FORMAT_MALFORMED'],
    ['whose schema has a key twice', schema('{"__loader__":"x","__loader__":"y"}'), 'ERR_FORMAT_MALFORMED'],
    ['whose schema nests too deep', schema('['.repeat(500)), 'ERR_LIMIT_DEPTH'],
    ['without an array that it names', skopsFile(root, members.slice(1)), 'ERR_FORMAT_MALFORMED'],
    [
      'with an array that is none',
      skopsFile(root, [{ name: '1.npy', bytes: utf8('x'.repeat(64)) }, ...members.slice(1)]),
      'ERR_FORMAT_MALFORMED',
    ],
    [
      'with an array that is too short',
      skopsFile(root, [{ name: '1.npy', bytes: npyFile(npyHeader("'<f8'", '(9,)'), 8) }, ...members.slice(1)]),
      'ERR_FORMAT_TRUNCATED',
    ],
    ['with a path that is too long', skopsFile(object('a', 'b', { ['x'.repeat(5000)]: json(1) })), 'ERR_LIMIT_BYTES'],
  ])('%s', async (_, bytes, expected) => {
    expect(await code(bytes)).toEqual([expected, 'number', 'm.skops']);
  });
  it('that exceeds a limit', async () => {
    expect((await code(skopsFile(root, members), withLimits({ maxItems: 30 })))[0]).toBe('ERR_LIMIT_COUNT');
    expect((await code(skopsFile(root, members), withLimits({ maxHeaderBytes: 1000 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('throws nothing but our own errors', async () => {
    await fuzzReader(skops, skopsFile(root, members), 200);
    const stored = zipFile([
      ...members,
      { name: 'schema.json', bytes: utf8(JSON.stringify({ ...scaler, protocol: 2, _skops_version: '1' })) },
    ]);
    await fuzzReader(skops, stored, 200);
  });
});
