import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { pickle as reader } from '../../src/formats/pickle/index.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { call, instance, op, type Plain, pickle, tuple, value } from '../support/pickle.js';
import { legacyFile, storage, tensor } from '../support/pytorch.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => reader.read(bytesSource('m.pkl', bytes), limits);
const describeBytes = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => reader.describe(await read(bytes, limits));
const detect = (bytes: Uint8Array) => detectFormat(bytesSource('m.pkl', bytes));

const dtype = (code: string): Uint8Array =>
  concat(call('numpy', 'dtype', code, false, true), tuple(3, '<', null, null, null, -1, -1, 0), op.build);
const array = (code: string, ...shape: readonly number[]): Uint8Array =>
  concat(
    call('numpy.core.multiarray', '_reconstruct', op.global('numpy', 'ndarray'), tuple(0), op.shortBytes(utf8('b'))),
    tuple(1, tuple(...shape), dtype(code), false, op.shortBytes(utf8('data'))),
    op.build,
  );

describe('a plain pickle', () => {
  it('gives imports, root and structure', async () => {
    const state = { coef: array('f8', 2, 3), names: array('O8', 4), inner: { again: array('i4', 5) } };
    const facts = await describeBytes(pickle(instance('my.models', 'Linear', state)));
    expect(facts).toMatchObject({
      format: 'pickle',
      formatVersion: '2',
      tensors: { count: 3, parameters: 6, dtypes: { float64: 6 } },
      metadata: { root: 'my.models.Linear' },
      imports: ['my.models.Linear', 'numpy.core.multiarray._reconstruct', 'numpy.dtype', 'numpy.ndarray'],
    });
    expect(facts.tensors?.bytes).toBeUndefined();
    expect(facts.notInspected).toBeUndefined();
  });
  it('gives the arrays of a protocol 5 pickle, also those out of band', async () => {
    const inBand = call('numpy._core.numeric', '_frombuffer', op.byteArray(new Uint8Array(8)), dtype('f4'), tuple(2), 'C');
    const outOfBand = call('numpy._core.numeric', '_frombuffer', op.nextBuffer, dtype('f4'), tuple(3), 'C');
    const header = await read(pickle([inBand, outOfBand], 5));
    expect(reader.tensors(header)).toEqual([
      { name: '0', dtype: 'float32', shape: [2], bytes: 8 },
      { name: '1', dtype: 'float32', shape: [3], bytes: 12 },
    ]);
  });
  it('gives the dtype of tensors whose storage is embedded', async () => {
    const embedded = legacyFile(storage('9', 6, 'BFloat16Storage', null), ['9'], 20);
    const root = { w: tensor(call('torch.storage', '_load_from_bytes', op.bytes(embedded)), [2, 3]) };
    expect(reader.tensors(await read(pickle(root)))).toEqual([{ name: 'w', dtype: 'bfloat16', shape: [2, 3], bytes: 12 }]);
    const broken = { w: tensor(call('torch.storage', '_load_from_bytes', op.bytes(utf8('no'))), [2, 3]) };
    expect(reader.tensors(await read(pickle(broken)))).toEqual([{ name: 'w', dtype: 'unknown', shape: [2, 3] }]);
  });
  it('passes over arrays that joblib wrote into the stream, when the first of them lies too far behind to be recognised', async () => {
    const wrapper = instance('joblib.numpy_pickle', 'NumpyArrayWrapper', {
      shape: tuple(2),
      dtype: dtype('f8'),
      order: 'C',
      allow_mmap: false,
    });
    const bytes = pickle({ text: 'x'.repeat(5000), array: concat(wrapper, new Uint8Array(16)) });
    expect((await detect(bytes))?.id).toBe('pickle');
    expect(await describeBytes(bytes)).toMatchObject({ tensors: { count: 1, parameters: 2, bytes: 16 } });
  });
  it('shows keys that are names, and no data', async () => {
    const { metadata } = await describeBytes(pickle({ weights: 1, 'a person@example.org': 2 }));
    expect(metadata).toEqual({ root: 'dict', structure: '2 entries: weights' });
    expect((await describeBytes(pickle([1, 'x', 2]))).metadata).toEqual({ root: 'list', structure: '3 items: number, string' });
  });
  it('of training arguments gives hyperparameters', async () => {
    const state = { output_dir: 'out', learning_rate: 0.5, num_train_epochs: 3, seed: 1, hub_token: 'T' };
    const facts = await describeBytes(pickle(instance('transformers.training_args', 'TrainingArguments', state)));
    expect(facts).toMatchObject({ role: 'config', metadata: { root: 'transformers.training_args.TrainingArguments', output_dir: 'out' } });
    expect(facts.hyperparameters?.map((parameter) => parameter.value)).toEqual([
      { name: 'learning_rate', value: 0.5 },
      { name: 'num_train_epochs', value: 3 },
      { name: 'seed', value: 1 },
    ]);
    expect(JSON.stringify(facts)).not.toContain('"T"');
  });
});

describe('what is not inspected', () => {
  it('is what byte strings and long texts hold, each once', async () => {
    const shared = concat(op.bytes(new Uint8Array(100)), op.put(0));
    const data = { handle: shared, again: op.get(0), text: 'x'.repeat(70_000), short: op.shortBytes(new Uint8Array(8)), a: array('f8', 2) };
    expect((await describeBytes(pickle(instance('xgboost.core', 'Booster', data)))).notInspected).toEqual([
      '70100 bytes in byte strings and long texts (2), which may hold anything',
    ]);
  });
  it.each<[string, Uint8Array, readonly string[]]>([
    ['bytes after the pickle', concat(pickle({}), utf8('PK\x03\x04')), ['4 bytes after the last pickle']],
    ['computed imports', pickle(concat(op.int1(1), op.int1(2), op.stackGlobal)), ['imports whose names the pickle computes']],
    ['extension codes', pickle(op.ext1(7)), ['objects by extension code, which only the loading program knows']],
    ['unset memo entries', pickle(op.get(7)), ['values of memo entries that are never set']],
  ])('is named: %s', async (_what, bytes, notInspected) => {
    expect((await describeBytes(bytes)).notInspected).toEqual(notInspected);
  });
  it('is what lies beyond a limit; the imports before it are told', async () => {
    const facts = await describeBytes(pickle(concat(op.global('os', 'system'), value(Array(60).fill([])))), withLimits({ maxItems: 50 }));
    expect(facts).toMatchObject({ imports: ['os.system'], notInspected: [expect.stringMatching(/^opcodes after offset \d+: more than/)] });
  });
  it('is not a second pickle: its imports count, also when it breaks off', async () => {
    const both = await describeBytes(concat(pickle(1), pickle(op.global('os', 'system'))));
    expect(both).toMatchObject({ imports: ['os.system'], metadata: { pickles: '2' } });
    const broken = await describeBytes(concat(pickle(1), op.global('os', 'system'), op.reduce));
    expect(broken).toMatchObject({ imports: ['os.system'], notInspected: [expect.stringMatching(/^\d+ bytes after the last pickle$/)] });
  });
});

describe('recognition', () => {
  it.each<[string, Uint8Array]>([
    ['protocol 2', pickle({ a: 1 })],
    ['protocol 4', pickle(call('a', 'B'), 4)],
    ['protocol 0', utf8("(dp0\nS'a'\np1\nI1\ns.")],
    ['protocol 0 with an import first', utf8("cos\nsystem\n(S'x'\ntR.")],
    ['protocol 1', concat(op.emptyDict, op.put(0), op.text('a'), op.int1(1), op.setItem, op.stop)],
    ['a pickle that was cut off', pickle(call('a.b', 'C', 1)).slice(0, -1)],
    ['a pickle with an odd name', pickle(op.global('os ', 'sys tem'))],
    ['a pickle longer than the head', pickle({ a: 'x'.repeat(9000) })],
  ])('takes %s', async (_what, bytes) => {
    expect((await detect(bytes))?.id).toBe('pickle');
  });
  it.each<[string, Uint8Array]>([
    ['text', utf8('(see the README for more)\n'.repeat(400))],
    ['a sentence', utf8('I am no pickle.')],
    ['a word', utf8('].')],
    ['CSV', utf8('c,d\n1,2\n')],
    ['two bytes', Uint8Array.of(0x80, 4)],
    ['an unknown opcode', concat(op.proto(4), Uint8Array.of(0xff), op.stop)],
    ['protocol 9', concat(op.proto(9), op.none, op.stop)],
    ['joblib', pickle(instance('joblib.numpy_pickle', 'NumpyArrayWrapper', {}))],
    ['PyTorch', legacyFile({}, [], 0)],
  ])('leaves %s to others', async (_what, bytes) => {
    expect((await detect(bytes))?.id).not.toBe('pickle');
  });
});

describe('a broken pickle', () => {
  it.each<[string, Uint8Array, string]>([
    ['cut off', pickle({ a: 1 }).slice(0, -1), 'ERR_FORMAT_TRUNCATED'],
    ['with an empty stack', concat(op.proto(2), op.reduce), 'ERR_FORMAT_MALFORMED'],
    ['of protocol 7', concat(op.proto(7), op.none, op.stop), 'ERR_FORMAT_UNSUPPORTED'],
    ['with deep nesting', pickle(Array.from({ length: 300 }).reduce<Plain>((inner) => [inner], 1)), 'ERR_LIMIT_DEPTH'],
  ])('%s', async (_what, bytes, code) => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason);
    expect(MsbomError.is(error) && [error.code, error.file, error.offset !== undefined]).toEqual([code, 'm.pkl', true]);
  });
  it('may be broken anywhere', async () => {
    const embedded = legacyFile(storage('9', 6), ['9'], 32);
    const root = { a: array('f4', 2), t: tensor(call('torch.storage', '_load_from_bytes', op.bytes(embedded)), [2, 3]), l: [1, 'x', 2.5] };
    await fuzzReader(reader, concat(pickle(root, 4), pickle(2)));
  });
});
