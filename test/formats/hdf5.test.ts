import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { hdf5 } from '../../src/formats/hdf5/index.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import {
  addressOf,
  attribute,
  dataset,
  dataspace,
  externalLink,
  FLOAT32,
  type Hdf5Message,
  hardLink,
  hdf5File,
  INT32,
  linkInfo,
  little,
  NOWHERE,
  softLink,
  textAttribute,
} from '../support/hdf5.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => hdf5.read(bytesSource('m.h5', bytes), limits);
const facts = async (bytes: Uint8Array) => hdf5.describe(await read(bytes));
const group = (...messages: readonly Hdf5Message[]) => [linkInfo(), ...messages];
const fixtures = fileURLToPath(new URL('../fixtures/formats/hdf5/', import.meta.url));
const fixture = (name: string) => new Uint8Array(readFileSync(fixtures + name));

const MODEL = {
  class_name: 'Functional',
  config: {
    name: 'm',
    layers: [
      { class_name: 'InputLayer', config: { name: 'in', dtype: 'int32', batch_input_shape: [null, 8] } },
      { class_name: 'Lambda', config: { name: 'old', function: ['4wEAAAA=', null, null], function_type: 'lambda' } },
      { class_name: 'Lambda', config: { name: 'named', function: 'scale', function_type: 'function' } },
      { class_name: 'Custom>Mine', config: { name: 'mine' } },
    ],
  },
};
const TRAINING = {
  loss: { a: 'mse', b: { class_name: 'Huber', config: { delta: 2 } } },
  metrics: [['mae'], [{ class_name: 'MeanMetricWrapper', config: { name: 'acc' } }]],
  optimizer_config: {
    class_name: 'Adam',
    config: {
      name: 'Adam',
      learning_rate: {
        class_name: 'ExponentialDecay',
        config: { initial_learning_rate: 0.1, decay_steps: 10, staircase: true, name: null },
      },
      beta_1: 0.9,
      clipnorm: null,
      'odd/name': 1,
    },
  },
};
const model = (config: unknown = MODEL, training: unknown = TRAINING) =>
  hdf5File([
    group(
      textAttribute('model_config', JSON.stringify(config)),
      textAttribute('training_config', JSON.stringify(training)),
      hardLink('model_weights', 1),
      hardLink('optimizer_weights', 2),
    ),
    group(textAttribute('keras_version', '2.10.0'), hardLink('dense', 3)),
    group(hardLink('adam', 4)),
    dataset([2, 3]),
    dataset([2, 3]),
  ]);

describe('a Keras model', () => {
  it('gives architecture, settings, weights and what runs code', async () => {
    expect(await facts(model())).toMatchObject({
      formatVersion: '2',
      role: 'weights',
      tensors: { count: 2, parameters: 6, dtypes: { float32: 6 }, bytes: 48 },
      architecture: { value: 'Functional', key: 'model_config.class_name' },
      name: { value: 'm' },
      producers: [{ key: 'model_weights.keras_version', value: { name: 'keras', version: '2.10.0' } }],
      inputs: [{ name: 'in', dtype: 'int32', shape: [-1, 8] }],
      metadata: { 'optimizer.values': '6', layers: 'Custom>Mine 1, InputLayer 1, Lambda 2' },
      findings: [
        { id: 'embedded-code', severity: 'medium', message: expect.stringContaining('in `old`') },
        { id: 'custom-operators', severity: 'info', message: expect.stringContaining('`Custom>Mine`, `scale`') },
      ],
    });
  });
  it('gives settings under their own names, without those that are not set', async () => {
    const { hyperparameters = [] } = await facts(model());
    expect(Object.fromEntries(hyperparameters.map(({ value }) => [value.name, value.value]))).toEqual({
      optimizer: 'Adam',
      learning_rate: 'ExponentialDecay',
      'learning_rate.initial_learning_rate': 0.1,
      'learning_rate.decay_steps': 10,
      'learning_rate.staircase': true,
      beta_1: 0.9,
      'loss.a': 'mse',
      'loss.b': 'Huber',
      metrics: 'mae, acc',
    });
  });
  it('says when a configuration is not JSON', async () => {
    const bytes = hdf5File([group(textAttribute('model_config', '{"class_name": NaN'), hardLink('w', 1)), dataset([2])]);
    expect(await facts(bytes)).toMatchObject({ tensors: { parameters: 2 }, notInspected: ['`model_config`, which is not JSON'] });
  });
  it('finds code in the configuration of a loss', async () => {
    const loss = { class_name: '__lambda__', config: { value: '4wEAAAA=' } };
    const found = (await facts(model({ class_name: 'Sequential', config: { name: 's', layers: [] } }, { ...TRAINING, loss }))).findings;
    expect(found).toEqual([expect.objectContaining({ id: 'embedded-code' })]);
  });
  it('knows the layers of Keras 2 by name, and says nothing of those of Keras 3', async () => {
    const layers = [
      { class_name: 'Dense', config: { name: 'a' } },
      { class_name: 'KerasLayer', config: { name: 'b' } },
    ];
    const of = async (version: string) =>
      (
        await facts(
          hdf5File([
            group(
              textAttribute('model_config', JSON.stringify({ class_name: 'Sequential', config: { layers } })),
              textAttribute('keras_version', version),
            ),
          ]),
        )
      ).findings;
    expect(await of('2.4.0')).toEqual([
      expect.objectContaining({ id: 'custom-operators', message: expect.stringMatching(/: `KerasLayer`$/) }),
    ]);
    expect(await of('3.1.0')).toBeUndefined();
  });
  it('keeps hostile names out', async () => {
    const config = JSON.parse('{"class_name":"X","config":{"layers":{"constructor":[],"toString":{"class_name":"valueOf"}}}}') as unknown;
    expect((await facts(model(config))).metadata).toEqual({ 'hdf5.layout': 'Keras model', 'optimizer.values': '6' });
  });
});

describe('weights of Keras 3', () => {
  it('tell parameters from other state', async () => {
    const vars = (name: string, object: number) => group(textAttribute('name', name), hardLink('0', object));
    const bytes = hdf5File([
      group(hardLink('layers', 1), hardLink('optimizer', 2), hardLink('seed_generator', 7)),
      group(hardLink('vars', 3)),
      group(hardLink('vars', 4)),
      vars('dense', 5),
      vars('adam', 6),
      dataset([4]),
      dataset([3]),
      group(hardLink('vars', 8)),
      vars('seed_generator', 9),
      dataset([2]),
    ]);
    expect(await facts(bytes)).toMatchObject({ tensors: { count: 3, parameters: 4 }, metadata: { 'hdf5.layout': 'Keras 3 weights' } });
  });
});

describe('any other file', () => {
  it('has datasets, but no parameters that are known', async () => {
    const found = await facts(hdf5File([group(hardLink('x', 1)), dataset([3])]));
    expect(found.tensors).toEqual({ count: 1, parameters: 0, dtypes: {}, bytes: 12 });
    expect(found.role).toBeUndefined();
    expect(found.notInspected).toEqual(['what the datasets are for: their layout is none that is known']);
  });
  it('visits every object once, however it is linked', async () => {
    const bytes = hdf5File([
      group(hardLink('a', 1), hardLink('b', 2), softLink('c', '/a')),
      group(hardLink('up', 0), hardLink('x', 2)),
      dataset([3]),
    ]);
    const header = await read(bytes);
    expect(hdf5.tensors(header).map(({ name }) => name)).toEqual(['a/x']);
    expect(header.tree.references).toEqual([{ path: 'c', target: '/a' }]);
  });
  it('names other files, and refuses those outside', async () => {
    const found = await facts(hdf5File([group(externalLink('in', 'next.h5', '/x'), externalLink('out', '../up.h5', '/x'))]));
    expect(found.notInspected).toEqual(expect.arrayContaining(['the linked file `next.h5`', 'the linked file `../up.h5`']));
    expect(found.findings).toEqual([
      expect.objectContaining({ id: 'external-data-outside', message: expect.stringContaining('../up.h5') }),
    ]);
  });
  it('says what it does not look into', async () => {
    const [space, type] = dataset([3]);
    const virtual = [space, type, { type: 8, data: concat(Uint8Array.of(4, 3), NOWHERE, little(0, 4)) }] as Hdf5Message[];
    const sharedType = [
      space,
      { type: 3, data: concat(Uint8Array.of(3, 1), little(0, 8)), flags: 2 },
      ...dataset([3]).slice(2),
    ] as Hdf5Message[];
    const userLink: Hdf5Message = { type: 6, data: concat(Uint8Array.of(1, 8, 99, 1), utf8('u'), little(0, 2)) };
    const reference = attribute('r', concat(Uint8Array.of(0x17, 0, 0, 0), little(8, 4)), dataspace([]), little(0, 8));
    const found = await facts(hdf5File([group(hardLink('v', 1), hardLink('s', 2), userLink, reference), virtual, sharedType]));
    expect(found.notInspected?.slice(0, -1)).toEqual([
      'attributes that are neither texts nor numbers',
      'messages in the heap of shared messages',
      'user-defined links',
      'virtual datasets, whose data lies in other datasets',
    ]);
  });
  it('is found behind a user block', () => {
    const head = concat(new Uint8Array(512), hdf5File([group()])).slice(0, 4096);
    expect(hdf5.sniff(head, 'x')).toBe(true);
    expect(hdf5.sniff(concat(new Uint8Array(511), hdf5File([group()])), 'x.h5')).toBe(false);
  });
  it('is read without its data', async () => {
    const bytes = hdf5File([group(hardLink('x', 1)), dataset([1_000_000], addressOf(2))], new Uint8Array(4_000_000));
    let readBytes = 0;
    const source = {
      name: 'm',
      size: bytes.byteLength,
      read: async (offset: number, length: number) => {
        readBytes += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    await hdf5.read(source, DEFAULT_LIMITS);
    expect(readBytes).toBeLessThan(20_000);
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  const text = (data: Uint8Array) =>
    hdf5File([group(attribute('t', concat(Uint8Array.of(0x19, 1, 0, 0), little(16, 4), INT32), dataspace([]), data))]);
  const tree = (signature: string, ...rest: Uint8Array[]) => concat(utf8(signature), ...rest);
  const symbolTable = (children: number, child: number) => {
    const at = addressOf(1);
    const heap = concat(tree('HEAP', new Uint8Array(4), little(16, 8), little(0, 8), little(at + 32, 8)), new Uint8Array(16));
    const node = tree(
      'TREE',
      Uint8Array.of(0, 1),
      little(children, 2),
      NOWHERE,
      NOWHERE,
      little(0, 8),
      little(child, 8),
      little(0, 8),
      little(child, 8),
    );
    return hdf5File([[{ type: 0x11, data: concat(little(at + 48, 8), little(at, 8)) }]], concat(heap, node));
  };
  it.each<[string, Uint8Array, string]>([
    ['without a superblock', utf8('x'.repeat(600)), 'ERR_FORMAT_MALFORMED'],
    ['cut at its end', hdf5File([group()]).slice(0, -1), 'ERR_FORMAT_TRUNCATED'],
    ['with a superblock of the future', hdf5File([group()]).fill(9, 8, 9), 'ERR_FORMAT_UNSUPPORTED'],
    ['with addresses of three bytes', hdf5File([group()]).fill(3, 9, 10), 'ERR_FORMAT_MALFORMED'],
    ['with a root that is no object', hdf5File([group()]).fill(0, 48, 52), 'ERR_FORMAT_MALFORMED'],
    ['with an object outside', hdf5File([group(hardLink('x', 999))]), 'ERR_FORMAT_TRUNCATED'],
    ['with a header that continues in itself', continuedForever(), 'ERR_FORMAT_MALFORMED'],
    ['with data outside', hdf5File([group(hardLink('x', 1)), dataset([3], 1e9)]), 'ERR_FORMAT_TRUNCATED'],
    ['with more data than stated', hdf5File([group(hardLink('x', 1)), dataset([1e6], 0, 4)]), 'ERR_FORMAT_TRUNCATED'],
    ['with a shape that overflows', hdf5File([group(hardLink('x', 1)), dataset([2 ** 40, 2 ** 40])]), 'ERR_FORMAT_MALFORMED'],
    ['with a rank of 33', hdf5File([group(hardLink('x', 1)), dataset(Array.from({ length: 33 }, () => 1))]), 'ERR_FORMAT_MALFORMED'],
    ['with a link without a name', hdf5File([group({ type: 6, data: Uint8Array.of(1, 0, 9) })]), 'ERR_FORMAT_MALFORMED'],
    [
      'with an attribute longer than its message',
      hdf5File([group(attribute('a', FLOAT32, dataspace([9]), little(0, 4)))]),
      'ERR_FORMAT_MALFORMED',
    ],
    ['with a text in no heap', text(concat(little(1, 4), little(addressOf(0), 8), little(1, 4))), 'ERR_FORMAT_MALFORMED'],
    ['with a text outside', text(concat(little(1, 4), little(1e9, 8), little(1, 4))), 'ERR_FORMAT_TRUNCATED'],
    ['with a tree that is its own branch', symbolTable(1, addressOf(1) + 48), 'ERR_FORMAT_MALFORMED'],
    ['with a dense group without a heap', hdf5File([[linkInfo(little(addressOf(0), 8), little(addressOf(0), 8))]]), 'ERR_FORMAT_MALFORMED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  function continuedForever(): Uint8Array {
    const at = addressOf(1);
    const message = concat(little(0x10, 1), little(16, 2), little(0, 1), little(at, 8), little(28, 8));
    return hdf5File([[{ type: 0x10, data: concat(little(at, 8), little(28, 8)) }]], concat(utf8('OCHK'), message, little(0, 4)));
  }
  it('with groups that nest too deeply', async () => {
    const objects = Array.from({ length: 300 }, (_, i) => group(hardLink('g', i + 1)));
    expect(await code(hdf5File([...objects, group()]))).toBe('ERR_LIMIT_DEPTH');
  });
  it('with too many items', async () => {
    expect(await code(model(), withLimits({ maxItems: 5 }))).toBe('ERR_LIMIT_COUNT');
  });
  it('with an attribute of too many elements', async () => {
    expect(await code(hdf5File([group(attribute('a', FLOAT32, dataspace([2e6]), little(0, 4)))]))).toBe('ERR_LIMIT_COUNT');
  });
  it('with more text than the limit', async () => {
    expect(await code(model(), withLimits({ maxHeaderBytes: 100 }))).toBe('ERR_LIMIT_BYTES');
  });
  it('with one long name for many links', async () => {
    const at = addressOf(1);
    const nameBytes = 100_000;
    const heapHead = tree('HEAP', new Uint8Array(4), little(nameBytes, 8), little(0, 8), little(at + 32, 8));
    const name = concat(new Uint8Array(nameBytes - 1).fill(0x61), Uint8Array.of(0));
    const leafAt = at + 32 + nameBytes;
    const symbol = concat(little(0, 8), little(addressOf(0), 8), new Uint8Array(24));
    const leaf = tree('SNOD', Uint8Array.of(1, 0), little(2000, 2), ...Array.from({ length: 2000 }, () => symbol));
    const node = tree('TREE', Uint8Array.of(0, 0), little(1, 2), NOWHERE, NOWHERE, little(0, 8), little(leafAt, 8), little(0, 8));
    const root: Hdf5Message = { type: 0x11, data: concat(little(leafAt + leaf.byteLength, 8), little(at, 8)) };
    expect(await code(hdf5File([[root]], concat(heapHead, name, leaf, node)))).toBe('ERR_LIMIT_BYTES');
  });
  it('with types that nest too deeply', async () => {
    let type = INT32;
    for (let i = 0; i < 20; i++) type = concat(Uint8Array.of(0x19, 0, 0, 0), little(16, 4), type);
    expect(await code(hdf5File([group(attribute('a', type, dataspace([]), little(0, 16)))]))).toBe('ERR_LIMIT_DEPTH');
  });
  it('may be broken anywhere', async () => {
    await fuzzReader(hdf5, model());
  });
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.h5')))('may be %s, broken anywhere', async (name) => {
    await fuzzReader(hdf5, fixture(name), Number(process.env.MSBOM_RUNS ?? 100));
  });
});
