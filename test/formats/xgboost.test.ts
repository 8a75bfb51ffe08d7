import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { openCursor } from '../../src/core/cursor.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { walkJson } from '../../src/formats/shared/json-walk.js';
import { selection } from '../../src/formats/shared/selection.js';
import { xgboost } from '../../src/formats/xgboost/index.js';
import { walkUbj } from '../../src/formats/xgboost/ubj.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { legacyXgboost, ubj } from '../support/xgboost.js';

const tree = {
  base_weights: [0.5, -1e3, 2, 3, 4],
  categories: [],
  default_left: [0, 0, 0],
  tree_param: { num_nodes: '5', num_deleted: '0' },
};
const learner = {
  attributes: { best_iteration: '3', note: 'a "quoted" \\ text' },
  feature_names: ['a', 'b', 'c,d', '[e]'],
  feature_types: [],
  gradient_booster: {
    model: { gbtree_model_param: { num_parallel_tree: '1', num_trees: '2' }, tree_info: [0, 0], trees: [tree, tree] },
    name: 'gbtree',
  },
  learner_model_param: { base_score: '5E-1', num_class: '0', num_feature: '4' },
  objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '2.5' } },
};
const model = { learner, version: [2, 1, 0] };
const json = (value: unknown = model): Uint8Array => utf8(JSON.stringify(value));
const withBooster = (gradient_booster: unknown) => ({ ...model, learner: { ...learner, gradient_booster } });
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => xgboost.read(bytesSource('m.ubj', bytes), limits);
const facts = async (bytes: Uint8Array) => xgboost.describe(await read(bytes));
const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
  const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
  return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
};

describe.each<[string, (value?: unknown) => Uint8Array]>([
  ['json', json],
  ['ubj', (value = model) => ubj(value)],
])('a model in %s', (encoding, file) => {
  it('is recognised and described', async () => {
    expect((await detectFormat(bytesSource('m', file())))?.id).toBe('xgboost');
    expect(await facts(file())).toEqual({
      format: 'xgboost',
      ...(encoding === 'json' ? { mediaType: 'application/json' } : {}),
      role: 'weights',
      architecture: { value: 'gbtree', key: 'learner.gradient_booster.name' },
      producers: [{ key: 'version', value: { name: 'xgboost', version: '2.1.0' } }],
      hyperparameters: [
        { key: 'learner.gradient_booster.name', value: { name: 'booster', value: 'gbtree' } },
        { key: 'learner.objective.name', value: { name: 'objective', value: 'binary:logistic' } },
        { key: 'learner.objective.reg_loss_param.scale_pos_weight', value: { name: 'scale_pos_weight', value: 2.5 } },
        {
          key: 'learner.gradient_booster.model.gbtree_model_param.num_parallel_tree',
          value: { name: 'num_parallel_tree', value: 1 },
        },
      ],
      metadata: {
        encoding,
        base_score: '5E-1',
        num_class: '0',
        num_feature: '4',
        num_trees: '2',
        nodes: '10',
        feature_names: '4',
        'attributes.best_iteration': '3',
        'attributes.note': 'a "quoted" \\ text',
      },
    });
  });
  it('of a linear booster has weights', async () => {
    const linear = file(withBooster({ model: { boosted_rounds: 2, weights: [1, 2, 3, 4, 5] }, name: 'gblinear' }));
    expect(xgboost.tensors(await read(linear))).toEqual([{ name: 'weights', dtype: 'float32', shape: [5], bytes: 20 }]);
    expect(await facts(linear)).toMatchObject({ tensors: { parameters: 5 }, metadata: { boosted_rounds: '2' } });
  });
  it('of a dart booster has the trees of the one inside', async () => {
    const dart = file(withBooster({ gbtree: learner.gradient_booster, name: 'dart', weight_drop: [1, 1] }));
    expect(await facts(dart)).toMatchObject({ architecture: { value: 'dart' }, metadata: { num_trees: '2', nodes: '10' } });
  });
  it('that says nothing of nodes, version or features stays silent', async () => {
    const found = await facts(
      file({
        learner: {
          ...learner,
          feature_names: [],
          gradient_booster: { model: { gbtree_model_param: { num_trees: '1' }, trees: [{ tree_param: {} }] }, name: 'gbtree' },
        },
      }),
    );
    expect(found.producers).toBeUndefined();
    expect(Object.keys(found.metadata ?? {})).not.toContain('nodes');
    expect(Object.keys(found.metadata ?? {})).not.toContain('feature_names');
  });
  it.each<[string, unknown]>([
    ['a version of texts', { ...model, version: ['2', '1'] }],
    ['a version that is no list', { ...model, version: '2.1.0' }],
    ['no version', { learner }],
  ])('with %s names no producer', async (_, value) => {
    expect((await facts(file(value))).producers).toBeUndefined();
  });
  it('with something behind it says so', async () => {
    expect((await facts(concat(file(), utf8('PK')))).notInspected).toEqual(['bytes behind the document']);
  });
  it('keys that look like paths name nothing', async () => {
    const found = await facts(file({ learner, 'learner.objective': { name: 'other' }, 'x[]': 1, version: [2, 1, 0] }));
    expect(found.hyperparameters?.[1]?.value.value).toBe('binary:logistic');
  });
  it.each<[string, unknown]>([
    ['has no parameters', { learner: { objective: {} } }],
    ['lies about its trees', withBooster({ ...learner.gradient_booster, model: { ...learner.gradient_booster.model, trees: [tree] } })],
  ])('that %s is malformed', async (_, value) => {
    expect(await code(file(value))).toEqual(['ERR_FORMAT_MALFORMED', 'number', 'm.ubj']);
  });
  it('that exceeds a limit is refused', async () => {
    expect((await code(file(), withLimits({ maxReadBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(file(), withLimits({ maxDepth: 3 })))[0]).toBe('ERR_LIMIT_DEPTH');
    expect((await code(file(), withLimits({ maxStringBytes: 8 })))[0]).toBe('ERR_LIMIT_BYTES');
  });
  it('that is cut off is truncated', async () => {
    expect((await code(file().slice(0, -9)))[0]).toBe('ERR_FORMAT_TRUNCATED');
  });
  it('throws nothing but its own errors', async () => {
    await fuzzReader(xgboost, file());
  });
});

describe('JSON', () => {
  const walk = async (text: string, paths: Parameters<typeof selection>[0], pageBytes = 64): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    const cursor = openCursor(bytesSource('d.json', utf8(text)), DEFAULT_LIMITS, pageBytes);
    await walkJson(cursor, selection(paths), DEFAULT_LIMITS, (path, value) => found.push([path, value]));
    return [...found, cursor.position];
  };
  it.each([1, 2, 3, 7, 64])('is the same through pages of %i bytes', async (pageBytes) => {
    const text = ' { "a" : [ {"b":"x\\"]"} , {"b":[1,[2,3]]}, 7 ] , "n":[ ],"m":["\\\\",{"k":[1,2]}, -1.5e3],"s":-12 ,"ü":null} \n';
    expect(await walk(text, { 'a[].b': 'value', n: 'length', m: 'length', s: 'value', ü: 'value' }, pageBytes)).toEqual([
      ['a[].b', 'x"]'],
      ['a[].b', [1, [2, 3]]],
      ['n', 0],
      ['m', 3],
      ['s', -12],
      ['ü', null],
      utf8(text).byteLength,
    ]);
  });
  it.each([
    '{"a":}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{a:1}',
    '{"a":[}',
    '{"a":[1}',
    '{"a":1"x"}',
    '{"a":1[2]}',
    '{"a":1,}',
    '{"a":,}',
    '{"a":1,"a":2}',
    '{"b":01}',
    '{"b":"\\q"}',
    '{"b":{"__proto__":1}}',
    ',',
    ']',
  ])('%s is malformed', async (text) => {
    await expect(walk(text, { b: 'value' })).rejects.toMatchObject({ code: 'ERR_FORMAT_MALFORMED', file: 'd.json' });
  });
  it('may be a number alone', async () => {
    expect(await walk('12', {})).toEqual([2]);
  });
});

describe('Universal Binary JSON', () => {
  const walk = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    const cursor = openCursor(bytesSource('d.ubj', bytes), limits);
    await walkUbj(cursor, selection({ v: 'value', n: 'length' }), limits, (_, value) => found.push(value));
    return found;
  };
  const member = (key: string, value: string): Uint8Array => utf8(`{U\x01${key}${value}}`);
  it.each<[string, unknown]>([
    ['Z', null],
    ['T', true],
    ['F', false],
    ['NNU\x07', 7],
    ['i\x07', 7],
    ['I\x01\x00', 256],
    ['l\x00\x01\x00\x00', 65536],
    ['d\x3f\x00\x00\x00', 0.5],
    ['D\x3f\x60\x00\x00\x00\x00\x00\x00', 2 ** -9],
    ['Cx', 'x'],
    ['SU\x02ab', 'ab'],
    ['HU\x021e', '1e'],
    ['[U\x01NZ]', [1, null]],
    ['[#U\x02TF', [true, false]],
    ['[$U#U\x02\x01\x02', [1, 2]],
    ['[$[#U\x01U\x01]', [[1]]],
    ['{U\x01aZ}', { a: null }],
    ['{#U\x01U\x01aT', { a: true }],
    ['{$U#U\x01U\x01a\x05', { a: 5 }],
  ])('%j is a value', async (text, value) => {
    expect(await walk(member('v', text))).toEqual([value]);
    expect(await walk(member('x', text))).toEqual([]);
  });
  it('counts typed, counted and open lists', async () => {
    for (const text of ['[$d#U\x02........', '[#U\x02ZZ', '[ZNZ]']) expect(await walk(member('n', text))).toEqual([2]);
  });
  it('costs nothing for items of no bytes', async () => {
    expect(await walk(member('n', '[$T#l\x7f\x7f\x7f\x7f'))).toEqual([0x7f7f7f7f]);
  });
  it.each<[string, string]>([
    ['an unknown marker', 'x'],
    ['a negative count', '[#L\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f'],
    ['a count that is a text', '[#SU\x01a'],
    ['a type without a count', '[$U\x01]'],
    ['a key twice', '{U\x01aZU\x01aZ}'],
  ])('with %s is malformed', async (_, text) => {
    for (const key of ['v', 'x'])
      await expect(walk(member(key, text))).rejects.toMatchObject({ code: 'ERR_FORMAT_MALFORMED', file: 'd.ubj' });
  });
  it('that exceeds a limit is refused', async () => {
    await expect(walk(member('x', '[$d#I\x7f\x7f'))).rejects.toMatchObject({ code: 'ERR_FORMAT_TRUNCATED' });
    await expect(walk(member('x', 'SI\x7f\x7f'))).rejects.toMatchObject({ code: 'ERR_FORMAT_TRUNCATED' });
    await expect(walk(member('x', 'SI\x7f\x7f'), withLimits({ maxStringBytes: 10 }))).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
    await expect(walk(member('x', '[ZZZ]'), withLimits({ maxItems: 2 }))).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    await expect(walk(member('v', '[$T#l\x7f\x7f\x7f\x7f'))).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
    await expect(walk(member('x', '['.repeat(300)))).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
  });
  it('reads of a list of numbers nothing but its head', async () => {
    const bytes = ubj({ learner: { ...learner, big: Array.from({ length: 2_000_000 }, () => 0) } });
    const source = bytesSource('m.ubj', bytes);
    let total = 0;
    const read = (offset: number, length: number) => {
      total += length;
      return source.read(offset, length);
    };
    await xgboost.read({ ...source, read }, DEFAULT_LIMITS);
    expect(total).toBeLessThan(1_000_000);
  });
});

describe('the binary format before 3.0', () => {
  it.each(['binf', ''])('with magic "%s" tells parameters, objective, booster and trees', async (magic) => {
    const bytes = legacyXgboost({ magic });
    expect((await detectFormat(bytesSource('m', bytes)))?.id).toBe('xgboost');
    expect(await facts(bytes)).toMatchObject({
      producers: [{ value: { name: 'xgboost', version: '1.7' } }],
      architecture: { value: 'gbtree' },
      metadata: { encoding: 'binary', base_score: '0.5', num_feature: '4', num_class: '0', num_trees: '2' },
      notInspected: ['trees and attributes of the binary format'],
    });
  });
  it('of dart has trees, of a linear booster weights', async () => {
    expect(await facts(legacyXgboost({ booster: 'dart' }))).toMatchObject({
      architecture: { value: 'dart' },
      metadata: { num_trees: '2' },
    });
    expect(await facts(legacyXgboost({ booster: 'gblinear' }))).toMatchObject({
      tensors: { parameters: 5 },
      notInspected: ['attributes of the binary format'],
    });
  });
  it('before 1.0 has no version', async () => {
    expect((await facts(legacyXgboost({ version: [0, 0] }))).producers).toBeUndefined();
  });
  it.each<[string, Uint8Array]>([
    ['the objective is none', legacyXgboost({ objective: '../../etc' })],
    ['the booster is none', legacyXgboost({ booster: 'other' })],
    ['the version is not one', legacyXgboost({ version: [9, 0] })],
    ['there is only zero', new Uint8Array(400)],
  ])('is not recognised when %s', async (_, bytes) => {
    expect(xgboost.sniff(bytes.slice(0, 4096), 'm.bin')).toBe(false);
  });
  it('with impossible counts is malformed', async () => {
    expect((await code(legacyXgboost({ trees: -1 })))[0]).toBe('ERR_FORMAT_MALFORMED');
    const bytes = legacyXgboost({ booster: 'gblinear' });
    new DataView(bytes.buffer).setBigUint64(4 + 136 + 8 + 15 + 8 + 8 + 136, 1n << 40n, true);
    expect((await code(bytes))[0]).toBe('ERR_FORMAT_MALFORMED');
  });
  it('throws nothing but its own errors', async () => {
    await fuzzReader(xgboost, legacyXgboost());
    await fuzzReader(xgboost, legacyXgboost({ booster: 'gblinear', magic: '' }));
  });
});

it.each(['{"learner":1}', '{"version":[1,0,0]}', '{"learner":{"x":1}}', '[{"learner":{}}]', '{"modelTopology":{}}'])(
  '%s is another format',
  (text) => {
    expect(xgboost.sniff(utf8(text), 'model.json')).toBe(false);
  },
);
