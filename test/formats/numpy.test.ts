import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { numpy } from '../../src/formats/numpy/index.js';
import { fuzzReader } from '../support/fuzz.js';
import { npyFile, npyHeader } from '../support/numpy.js';
import { type ZipEntry, zipFile } from '../support/zip.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => numpy.read(bytesSource('a.npy', bytes), limits);
const facts = async (bytes: Uint8Array) => numpy.describe(await read(bytes));
const tensors = async (bytes: Uint8Array) => numpy.tensors(await read(bytes));
const matrix = npyFile(npyHeader("'<f4'", '(2, 3)'), 24);
const entries: readonly ZipEntry[] = [
  { name: 'weight.npy', bytes: matrix },
  { name: 'layer/bias.npy', bytes: npyFile(npyHeader("'>f8'", '(3,)', 'True'), 24), method: 8 },
];

describe('an array', () => {
  it('has type, shape and bytes', async () => {
    expect(await tensors(matrix)).toEqual([{ name: '', dtype: 'float32', shape: [2, 3], bytes: 24 }]);
    expect(await facts(matrix)).toEqual({
      format: 'numpy',
      formatVersion: '1.0',
      tensors: { count: 1, parameters: 6, dtypes: { float32: 6 }, bytes: 24 },
    });
  });
  it.each([1, 2, 3])('of version %i is read alike', async (version) => {
    expect(await facts(npyFile(npyHeader("'<i8'", '()'), 8, version))).toMatchObject({
      formatVersion: `${version}.0`,
      tensors: { count: 1, parameters: 0, dtypes: {} },
    });
  });
  it.each<[string, string, number]>([
    ["'|b1'", 'bool', 1],
    ["'|u1'", 'uint8', 1],
    ["'<f2'", 'float16', 2],
    ["'<f16'", 'float128', 16],
    ["'<c8'", 'complex64', 8],
    ["'<M8[ns]'", 'datetime64[ns]', 8],
    ["'<m8'", 'timedelta64', 8],
    ["'<U3'", 'str96', 12],
    ["'|S5'", 'bytes40', 5],
    ["'|V7'", 'void56', 7],
    [`b'<f4'`, 'float32', 4],
    ["'\\x3cf4'", 'float32', 4],
  ])('of type %s is of %s', async (descr, dtype, bytes) => {
    expect(await tensors(npyFile(npyHeader(descr, '(1L,)'), bytes))).toEqual([{ name: '', dtype, shape: [1], bytes }]);
  });
  it('of records has one tensor for each field; padding is none', async () => {
    const descr = "[('id', '<i8'), (('a title', 'point'), '<f4', (2, 2)), ('', '|V4'), ('in', [('flag', '|b1'), ('name', '<U2')])]";
    const bytes = 3 * (8 + 16 + 4 + 1 + 8);
    expect(await tensors(npyFile(npyHeader(descr, '(3,)'), bytes))).toEqual([
      { name: 'id', dtype: 'int64', shape: [3], bytes: 24 },
      { name: 'point', dtype: 'float32', shape: [3, 2, 2], bytes: 48 },
      { name: 'in.flag', dtype: 'bool', shape: [3], bytes: 3 },
      { name: 'in.name', dtype: 'str64', shape: [3], bytes: 24 },
    ]);
    expect((await facts(npyFile(npyHeader(descr, '(3,)'), bytes))).tensors).toMatchObject({ parameters: 12 });
  });
  it('of objects is not inspected', async () => {
    const found = await facts(npyFile(npyHeader("'|O'", '(2,)'), 99));
    expect(found.notInspected).toEqual(['pickled objects']);
    expect(found.findings?.map(({ id, file }) => [id, file])).toEqual([['pickled-objects', 'a.npy']]);
    expect(found.tensors).toEqual({ count: 1, parameters: 0, dtypes: {} });
  });
  it('with something behind it says so', async () => {
    expect((await facts(npyFile(npyHeader("'<f4'", '(1,)'), 5))).notInspected).toEqual(['bytes behind the data']);
  });
});

describe('an archive', () => {
  it('of arrays is claimed, others are not', async () => {
    expect((await detectFormat(bytesSource('a.npz', zipFile(entries))))?.id).toBe('numpy');
    expect(numpy.claimsMembers?.(new Set(['a.npy', 'schema.json']))).toBe(false);
    expect(numpy.claimsMembers?.(new Set())).toBe(false);
  });
  it('has a tensor for each member', async () => {
    expect(await tensors(zipFile(entries))).toEqual([
      { name: 'weight', dtype: 'float32', shape: [2, 3], bytes: 24 },
      { name: 'layer/bias', dtype: 'float64', shape: [3], bytes: 24 },
    ]);
    expect(await facts(zipFile(entries))).toMatchObject({
      metadata: { fortran_order: 'layer/bias' },
      tensors: { parameters: 9, bytes: 48 },
    });
  });
  it('of a member that is large reads only its start', async () => {
    const big = npyFile(npyHeader("'<f4'", '(1000000,)'), 4_000_000);
    const bytes = zipFile([
      { name: 'stored.npy', bytes: big },
      { name: 'deflated.npy', bytes: big, method: 8 },
    ]);
    const source = bytesSource('a.npz', bytes);
    let most = 0;
    let total = 0;
    const counted = {
      ...source,
      read(offset: number, length: number) {
        most = Math.max(most, length);
        total += length;
        return source.read(offset, length);
      },
    };
    expect((await numpy.read(counted, DEFAULT_LIMITS)).arrays.size).toBe(2);
    expect(most).toBeLessThanOrEqual(70_000);
    expect(total).toBeLessThan(150_000);
  });
  it('names no more than it must of many arrays', async () => {
    const objects = npyFile(npyHeader("'|O'", '()'), 1);
    const found = await facts(zipFile(['a.npy', 'b.npy', 'c.npy'].map((name) => ({ name, bytes: objects }))));
    expect(found.notInspected).toEqual(['pickled objects in 3 arrays']);
    const [finding, ...more] = (await facts(zipFile([{ name: 'a.npy', bytes: objects }]))).findings ?? [];
    expect([finding?.message, more]).toEqual(['objects are stored as a pickle in the array `a`, loading it can run any code', []]);
  });
});

describe('a broken array', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<readonly unknown[]> => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? [error.code, typeof error.offset, error.file] : [error];
  };
  const MALFORMED = ['ERR_FORMAT_MALFORMED', 'number', 'a.npy'];
  it.each<[string, string]>([
    ['is no dict', "('descr', '<f4')"],
    ['lacks a key', "{'descr': '<f4', 'shape': ()}"],
    ['has one key more', "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}"],
    ['has a key twice', "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'shape': ()}"],
    ['has a number as a key', "{1: '<f4', 'fortran_order': False, 'shape': ()}"],
    ['calls a function', "{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}"],
    ['computes', "{'descr': '<f4', 'fortran_order': False, 'shape': (2*3,)}"],
    ['has a negative size', npyHeader("'<f4'", '(-1,)')],
    ['has a fraction as a size', npyHeader("'<f4'", '(1.5,)')],
    ['has a size beyond counting', npyHeader("'<f4'", '(99999999999999999999,)')],
    ['has sizes whose product is beyond counting', npyHeader("'<f4'", '(9007199254740991, 9007199254740991)')],
    ['has too many axes', npyHeader("'<f4'", `(${'1,'.repeat(65)})`)],
    ['has an unknown type', npyHeader("'<f3'", '()')],
    ['has a type of no kind', npyHeader("'x'", '()')],
    ['has a type that is a number', npyHeader('4', '()')],
    ['has a type that is a dict', npyHeader('{}', '()')],
    ['has a field without type', npyHeader("[('a',)]", '()')],
    ['has a field with a bad shape', npyHeader("[('a', '<f4', (-1,))]", '()')],
    ['has a field of too many bytes', npyHeader("[('a', '<f4', (99999, 99999))]", '(0,)')],
    ['nests deep', npyHeader('['.repeat(50), '()')],
    ['has a text without end', "{'descr"],
    ['has an escape that is none', npyHeader("'\\q'", '()')],
    ['has an escape beyond Unicode', npyHeader("'\\Uffffffff'", '()')],
    ['has something behind it', `${npyHeader("'<f4'", '()')} + 1`],
    ['lacks a comma', "{'descr': '<f4' 'fortran_order': False, 'shape': ()}"],
    ['lacks a colon', "{'descr' '<f4', 'fortran_order': False, 'shape': ()}"],
    ['has a list that does not end', npyHeader('[1 2]', '()')],
  ])('whose header %s', async (_, header) => {
    expect(await code(npyFile(header, 64))).toEqual(MALFORMED);
  });
  it.each<[string, Uint8Array, string]>([
    ['of version 4', npyFile(npyHeader("'<f4'", '()'), 4, 4), 'ERR_FORMAT_UNSUPPORTED'],
    ['shorter than its data', npyFile(npyHeader("'<f4'", '(2,)'), 7), 'ERR_FORMAT_TRUNCATED'],
    ['shorter than its header', matrix.slice(0, 40), 'ERR_FORMAT_TRUNCATED'],
    ['shorter than its prefix', matrix.slice(0, 8), 'ERR_FORMAT_TRUNCATED'],
    ['with text that is no UTF-8', npyFile(npyHeader("'<f4'", '()'), 4, 3).fill(0xff, 20, 22), 'ERR_FORMAT_MALFORMED'],
    ['in an archive, with another magic', zipFile([{ name: 'a.npy', bytes: new Uint8Array(64) }]), 'ERR_FORMAT_MALFORMED'],
    ['that stands twice in an archive', zipFile([...entries, ...entries]), 'ERR_FORMAT_MALFORMED'],
    ['compressed by another method', zipFile([{ name: 'a.npy', bytes: matrix, method: 12 }]), 'ERR_FORMAT_UNSUPPORTED'],
  ])('%s', async (_, bytes, expected) => {
    expect(await code(bytes)).toEqual([expected, 'number', 'a.npy']);
  });
  it('that exceeds a limit', async () => {
    const long = npyFile(npyHeader("'<f4'", `(${' '.repeat(5000)})`), 4, 2);
    expect((await code(long, withLimits({ maxHeaderBytes: 4000 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(zipFile(entries), withLimits({ maxReadBytes: 100 })))[0]).toBe('ERR_LIMIT_BYTES');
    expect((await code(zipFile(entries), withLimits({ maxItems: 1 })))[0]).toBe('ERR_LIMIT_COUNT');
  });
  it('throws nothing but its own errors', async () => {
    await fuzzReader(numpy, npyFile(npyHeader("[('a', '<f4', (2,)), ('b', [('c', '|O')])]", '(2, 3)'), 64));
    await fuzzReader(numpy, zipFile(entries), 150);
  });
});
