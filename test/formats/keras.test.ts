import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { keras } from '../../src/formats/keras/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { dataset, externalLink, hardLink, hdf5File, linkInfo } from '../support/hdf5.js';
import { type ZipEntry, zipFile } from '../support/zip.js';

const json = (name: string, value: unknown): ZipEntry => ({ name, bytes: utf8(typeof value === 'string' ? value : JSON.stringify(value)) });
const METADATA = json('metadata.json', { keras_version: '3.15.0', date_saved: '2026-01-02@03:04:05' });
const layer = (className: string, name: string, more: object = {}) => ({
  module: 'keras.layers',
  class_name: className,
  config: { name },
  registered_name: null,
  ...more,
});
const CONFIG = {
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'small',
    layers: [
      layer('InputLayer', 'in', { config: { name: 'in', dtype: 'float32', batch_shape: [null, 4] } }),
      layer('Dense', 'out', {
        config: {
          name: 'out',
          dtype: { module: 'keras', class_name: 'QuantizedDTypePolicy', config: { mode: 'int8', source_name: 'float32' } },
        },
      }),
    ],
  },
  registered_name: null,
  compile_config: { optimizer: 'sgd', loss: ['mse', { class_name: 'function', config: 'custom_loss' }], metrics: { a: ['mae'], b: null } },
};
const WEIGHTS: ZipEntry = {
  name: 'model.weights.h5',
  bytes: hdf5File([
    [linkInfo(), hardLink('layers', 1), hardLink('optimizer', 2)],
    [linkInfo(), hardLink('vars', 3)],
    [linkInfo(), hardLink('vars', 4)],
    [linkInfo(), hardLink('0', 5)],
    [linkInfo(), hardLink('0', 6)],
    dataset([4, 2]),
    dataset([4, 2]),
  ]),
};
const config = (value: unknown = CONFIG) => json('config.json', value);
const good = (...more: readonly ZipEntry[]) => zipFile([METADATA, config(), WEIGHTS, ...more]);
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => keras.read(bytesSource('m.keras', bytes), limits);
const facts = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => keras.describe(await read(bytes, limits));

describe('a well-formed archive', () => {
  it('gives configuration, settings and weights', async () => {
    expect(await facts(good())).toEqual({
      format: 'keras',
      formatVersion: '3',
      mediaType: 'application/zip',
      role: 'weights',
      tensors: { count: 2, parameters: 8, dtypes: { float32: 8 }, bytes: 64 },
      architecture: { value: 'Sequential', key: 'config.json.class_name' },
      name: { value: 'small', key: 'config.json.config.name' },
      inputs: [{ name: 'in', dtype: 'float32', shape: [-1, 4] }],
      quantization: { value: 'int8', key: 'config.json' },
      imports: ['keras.QuantizedDTypePolicy', 'keras.Sequential', 'keras.layers.Dense', 'keras.layers.InputLayer'],
      producers: [{ key: 'metadata.json keras_version', value: { name: 'keras', version: '3.15.0' } }],
      hyperparameters: [
        { key: 'config.json compile_config.optimizer', value: { name: 'optimizer', value: 'sgd' } },
        { key: 'config.json compile_config.loss', value: { name: 'loss', value: 'mse, custom_loss' } },
        { key: 'config.json compile_config.metrics', value: { name: 'metrics', value: 'mae' } },
      ],
      metadata: { date_saved: '2026-01-02@03:04:05', layers: 'Dense 1, InputLayer 1', module: 'keras', 'optimizer.values': '8' },
    });
  });
  it('reads compressed weights and weights in shards', async () => {
    const shards = [
      { ...WEIGHTS, name: 'model_00000.weights.h5', method: 8 },
      { ...WEIGHTS, name: 'model_00001.weights.h5' },
      json('model.weights.json', {}),
    ];
    expect((await facts(zipFile([METADATA, config(), ...shards]))).tensors).toMatchObject({ count: 4, parameters: 16 });
  });
  it('says what it does not look into', async () => {
    const more = [json('assets/vocabulary.txt', 'a'), json('evil.py', 'x'), { name: 'model.weights.npz', bytes: utf8('PK') }];
    const found = await facts(good(...more));
    expect(found.metadata?.assets).toBe('assets/vocabulary.txt');
    expect(found.notInspected).toEqual([
      'the files in `assets/`',
      'weights in an npz archive, which are pickled',
      'members that Keras does not write: `evil.py`',
    ]);
  });
  it('has no counts when the weights are not read', async () => {
    const large = { ...WEIGHTS, method: 8 };
    const found = await facts(zipFile([METADATA, config(), large]), withLimits({ maxHeaderBytes: 10_000 }));
    expect(found.tensors).toBeUndefined();
    expect(found.notInspected).toEqual([expect.stringContaining('model.weights.h5')]);
    expect((await facts(zipFile([METADATA, config(), { name: 'model.weights.npz', bytes: utf8('PK') }]))).tensors).toBeUndefined();
  });
  it('finds code and foreign classes at any depth', async () => {
    const lambda = layer('Lambda', 'deep', {
      config: { name: 'deep', function: { class_name: '__lambda__', config: { code: '4wEAAAA=', defaults: null, closure: null } } },
    });
    const inner = layer('TimeDistributed', 'wrapper', {
      config: { name: 'wrapper', layer: { class_name: 'Sequential', config: { layers: [lambda] } } },
    });
    const foreign = { module: 'evil.package', class_name: 'Thing', config: {}, registered_name: null };
    const registered = { module: null, class_name: 'Mine', config: {}, registered_name: 'example>Mine' };
    const own = { module: 'builtins', class_name: 'function', config: 'my_activation', registered_name: 'function' };
    const found = await facts(zipFile([METADATA, config({ ...CONFIG, config: { layers: [inner, foreign, registered, own] } }), WEIGHTS]));
    expect(found.imports).toContain('evil.package.Thing');
    expect(found.findings).toEqual([
      expect.objectContaining({ id: 'embedded-code', message: '`config.json` holds compiled Python code, in `deep`' }),
      expect.objectContaining({
        id: 'custom-operators',
        message: expect.stringMatching(/`evil.package.Thing`, `example>Mine`, `my_activation`$/),
      }),
    ]);
  });
  it('takes no class of a package with a like name for one of Keras', async () => {
    const found = await facts(zipFile([METADATA, config({ ...CONFIG, module: 'keras_evil.layers' }), WEIGHTS]));
    expect(found.findings).toEqual([expect.objectContaining({ message: expect.stringContaining('`keras_evil.layers.Sequential`') })]);
  });
  it('refuses weights that lie elsewhere', async () => {
    const weights = { ...WEIGHTS, bytes: hdf5File([[linkInfo(), externalLink('layers', 'beside.h5', '/layers')]]) };
    const found = await facts(zipFile([METADATA, config(), weights]));
    expect(found.findings).toEqual([expect.objectContaining({ id: 'external-data-outside', severity: 'high' })]);
    expect(found.notInspected).toEqual(['the linked file `beside.h5`']);
  });
  it('is told by its members', () => {
    const claims = (...names: string[]) => keras.claimsMembers?.(new Set(names));
    expect(claims('metadata.json', 'config.json', 'model.weights.h5')).toBe(true);
    expect(claims('metadata.json', 'config.json')).toBe(false);
    expect(claims('config.json', 'model.weights.h5')).toBe(false);
  });
});

describe('a broken archive', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  it.each<[string, Uint8Array, string]>([
    ['that is cut', good().slice(0, -30), 'ERR_FORMAT_TRUNCATED'],
    ['without a configuration', zipFile([METADATA, WEIGHTS]), 'ERR_FORMAT_MALFORMED'],
    ['whose configuration is a list', zipFile([METADATA, config([]), WEIGHTS]), 'ERR_FORMAT_MALFORMED'],
    ['whose configuration has a key twice', zipFile([METADATA, config('{"a":1,"a":2}'), WEIGHTS]), 'ERR_FORMAT_MALFORMED'],
    ['with a member twice', good(METADATA), 'ERR_FORMAT_MALFORMED'],
    ['whose weights are not HDF5', zipFile([METADATA, config(), { ...WEIGHTS, bytes: utf8('weights') }]), 'ERR_FORMAT_MALFORMED'],
    ['whose weights are cut', zipFile([METADATA, config(), { ...WEIGHTS, bytes: WEIGHTS.bytes.slice(0, 5000) }]), 'ERR_FORMAT_TRUNCATED'],
    ['with an unknown compression', zipFile([METADATA, { ...config(), method: 12 }, WEIGHTS]), 'ERR_FORMAT_UNSUPPORTED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  it('whose configuration nests too deeply', async () => {
    expect(await code(zipFile([METADATA, config(`{"a":${'['.repeat(300)}${']'.repeat(300)}}`), WEIGHTS]))).toBe('ERR_LIMIT_DEPTH');
  });
  it('whose configuration is too large', async () => {
    expect(await code(good(), withLimits({ maxDocumentBytes: 100 }))).toBe('ERR_LIMIT_BYTES');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(keras, good());
  });
  const fixtures = fileURLToPath(new URL('../fixtures/formats/keras/', import.meta.url));
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.keras')))('may be %s, broken anywhere', async (name) => {
    await fuzzReader(keras, new Uint8Array(readFileSync(fixtures + name)), Number(process.env.MSBOM_RUNS ?? 50));
  });
});
