import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { lightgbm } from '../../src/formats/lightgbm/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const HEAD = ['version=v4', 'num_class=1', 'num_tree_per_iteration=1', 'label_index=0', 'max_feature_idx=1', 'objective=binary sigmoid:1'];
const PARAMETERS = [
  '[boosting: gbdt]',
  '[learning_rate: 0.05]',
  '[metric: auc,binary_logloss]',
  '[data: /home/someone/train.csv]',
  '[machines: 10.0.0.1 4000]',
  '[max_bin_by_feature: ]',
  '[num_iterations: 2]',
];

interface Parts {
  readonly head?: readonly string[];
  readonly trees?: readonly string[];
  readonly sizes?: string | undefined;
  readonly tail?: readonly string[];
}

function model({
  head = HEAD,
  trees = ['num_leaves=2\nleaf_value=0.1 0.2', 'num_leaves=1\nleaf_value=0'],
  sizes,
  tail,
}: Parts = {}): Uint8Array {
  const blocks = trees.map((tree, i) => `Tree=${i}\n${tree}\n\n\n`);
  const tree_sizes = sizes ?? blocks.map((block) => utf8(block).byteLength).join(' ');
  const end = tail ?? ['parameters:', ...PARAMETERS, '', 'end of parameters', '', 'pandas_categorical:[]'];
  const top = [
    'tree',
    ...head,
    'feature_names=a ü',
    'feature_infos=none none',
    ...(tree_sizes === '' ? [] : [`tree_sizes=${tree_sizes}`]),
    '',
    '',
  ];
  const bottom = ['end of trees', '', 'feature_importances:', 'a=1', '', ...end, ''];
  return utf8(`${top.join('\n')}${blocks.join('')}${bottom.join('\n')}`);
}

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => lightgbm.read(bytesSource('m.txt', bytes), limits);
const facts = async (bytes: Uint8Array) => lightgbm.describe(await read(bytes));
const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
  const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
  return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
};

describe('a model', () => {
  it('is recognised and described', async () => {
    expect((await detectFormat(bytesSource('m', model())))?.id).toBe('lightgbm');
    expect(await facts(model())).toEqual({
      format: 'lightgbm',
      formatVersion: 'v4',
      role: 'weights',
      hyperparameters: [
        { key: 'parameters.boosting', value: { name: 'boosting', value: 'gbdt' } },
        { key: 'parameters.learning_rate', value: { name: 'learning_rate', value: 0.05 } },
        { key: 'parameters.metric', value: { name: 'metric', value: 'auc,binary_logloss' } },
        { key: 'parameters.num_iterations', value: { name: 'num_iterations', value: 2 } },
      ],
      metadata: {
        num_class: '1',
        num_tree_per_iteration: '1',
        label_index: '0',
        max_feature_idx: '1',
        objective: 'binary sigmoid:1',
        trees: '2',
        feature_names: '2',
      },
    });
  });
  it.each<[string, Parts]>([
    ['no sizes', { sizes: '' }],
    ['wrong sizes', { sizes: '7 9' }],
    ['sizes beyond the end', { sizes: '999999' }],
    ['sizes that are no numbers', { sizes: 'a b' }],
  ])('with %s of trees is walked and gives the same facts', async (_, parts) => {
    expect(await facts(model(parts))).toEqual(await facts(model()));
  });
  it('of an old version, without `end of trees`, is walked too', async () => {
    const old = new TextDecoder()
      .decode(model({ sizes: '' }))
      .replace('end of trees\n\n', '')
      .replace('feature_importances', 'feature importances');
    expect((await facts(utf8(old))).metadata?.trees).toBe('2');
    const bare = old.replace(/feature importances:\na=1\n\n/, '');
    expect(await facts(utf8(bare))).toEqual(await facts(model()));
  });
  it('with Windows line ends gives the same facts', async () => {
    const bytes = utf8(new TextDecoder().decode(model()).replaceAll('\n', '\r\n'));
    expect(lightgbm.sniff(bytes.slice(0, 4096), '')).toBe(true);
    expect(await facts(bytes)).toEqual(await facts(model()));
  });
  it('without parameters says so, and the objective of the head counts', async () => {
    const found = await facts(model({ tail: [] }));
    expect(found.notInspected).toEqual(['training parameters: the model has no block of them']);
    expect(found.hyperparameters).toEqual([{ key: 'objective', value: { name: 'objective', value: 'binary' } }]);
  });
  it('without trees has none', async () => {
    expect((await facts(model({ trees: [], sizes: '' }))).metadata?.trees).toBe('0');
  });
  it('that averages its trees says so', async () => {
    expect((await facts(model({ head: [...HEAD, 'average_output'] }))).metadata?.average_output).toBe('true');
  });
  it('of large trees is read at both ends only', async () => {
    const bytes = model({ trees: Array.from({ length: 40 }, () => `leaf_value=${'0.1 '.repeat(50_000)}`) });
    const source = bytesSource('m', bytes);
    let total = 0;
    const reading = (offset: number, length: number) => {
      total += length;
      return source.read(offset, length);
    };
    const header = await lightgbm.read({ ...source, read: reading }, DEFAULT_LIMITS);
    expect([header.trees, header.parameters?.size]).toEqual([40, 7]);
    expect(bytes.byteLength).toBeGreaterThan(8_000_000);
    expect(total).toBeLessThan(200_000);
  });
});

describe('a broken model', () => {
  it.each<[string, Parts, string]>([
    ['with a key twice', { head: [...HEAD, 'num_class=2'] }, 'ERR_FORMAT_MALFORMED'],
    ['without classes', { head: ['version=v4'] }, 'ERR_FORMAT_MALFORMED'],
    ['with a parameter that is none', { tail: ['parameters:', 'x=1', 'end of parameters'] }, 'ERR_FORMAT_MALFORMED'],
    ['with parameters that do not end', { tail: ['parameters:', ...PARAMETERS] }, 'ERR_FORMAT_TRUNCATED'],
    ['with too many keys', { head: [...HEAD, ...Array.from({ length: 1001 }, (_, i) => `k${i}=1`)] }, 'ERR_LIMIT_COUNT'],
    [
      'with too many parameters',
      { tail: ['parameters:', ...Array.from({ length: 1001 }, (_, i) => `[k${i}: 1]`), 'end of parameters'] },
      'ERR_LIMIT_COUNT',
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await code(model(parts))).toEqual([expected, 'number', 'm.txt']);
  });
  it('that exceeds a limit', async () => {
    expect((await code(model(), withLimits({ maxStringBytes: 10 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(model(), withLimits({ maxReadBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('throws nothing but our own errors', async () => {
    await fuzzReader(lightgbm, model());
    await fuzzReader(lightgbm, model({ sizes: '' }));
  });
});

it.each(['tree\n', 'tree\nversion=v4\n', 'tree of life\nnum_class=1\n', 'Tree=0\nnum_class=1\n', 'tree\nnum_class=x\n'])(
  '%j is another format',
  (text) => {
    expect(lightgbm.sniff(utf8(text), 'model.txt')).toBe(false);
  },
);
