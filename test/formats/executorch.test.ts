import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { executorch } from '../../src/formats/executorch/index.js';
import { flatTensorFile, type ProgramSpec, programFile, tensorValue } from '../support/executorch.js';
import { fuzzReader } from '../support/fuzz.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => executorch.read(bytesSource('m.pte', bytes), limits);
const facts = async (bytes: Uint8Array) => executorch.describe(await read(bytes));
const codeOf = (bytes: Uint8Array, limits = DEFAULT_LIMITS) =>
  read(bytes, limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );

describe('a program', () => {
  it('gives its constants, methods and operators, and what goes in and out', async () => {
    expect(await facts(programFile())).toEqual({
      format: 'executorch',
      formatVersion: 'ET12',
      mediaType: 'application/octet-stream',
      role: 'weights',
      tensors: { count: 1, parameters: 24, dtypes: { FLOAT: 24 }, bytes: 96 },
      inputs: [{ name: 'forward.values[0]', dtype: 'FLOAT', shape: [2, 6] }],
      outputs: [{ name: 'forward.values[1]', dtype: 'FLOAT', shape: [6, 4] }],
      metadata: { version: '0', methods: 'forward', operators: 'aten::add.out 1, aten::mul 2', constants: '1' },
    });
  });

  it('counts a constant that two methods share once', async () => {
    expect((await facts(programFile({ plans: 2 }))).tensors).toMatchObject({ count: 1, parameters: 24 });
  });

  it('finds constants in the segment behind it', async () => {
    const bytes = programFile({ constants: [], segment: { offsets: [0, 16], size: 112 } });
    expect((await facts(bytes)).tensors).toMatchObject({ parameters: 24, bytes: 96 });
  });

  it('counts initial values of mutable tensors, and types that are not known', async () => {
    const values = [tensorValue({ shape: [3], buffer: 1, mutable: true }), tensorValue({ shape: [2], type: 77, buffer: 1 })];
    expect((await facts(programFile({ values, inputs: [] }))).tensors).toMatchObject({
      count: 2,
      dtypes: { FLOAT: 3, 'executorch:77': 2 },
    });
  });

  it('gives no sum where a backend holds weights, and says what was not read', async () => {
    const found = await facts(programFile({ delegates: ['XnnpackBackend', 'XnnpackBackend'], named: 2 }));
    expect(found.tensors).toBeUndefined();
    expect(found.requires).toEqual([{ key: 'execution_plan.delegates.id', value: { name: 'XnnpackBackend' } }]);
    expect(found.metadata).toMatchObject({ delegates: 'XnnpackBackend 2', named_data: '2' });
    expect(found.notInspected).toEqual(['data of the delegates XnnpackBackend, with the weights in it', '2 blobs of named data']);
  });

  it('gives no sum where values lie in another file', async () => {
    const values = [tensorValue({ shape: [3] }), tensorValue({ shape: [2], external: 'linear.weight' })];
    const found = await facts(programFile({ values, inputs: [0] }));
    expect(found.tensors).toBeUndefined();
    expect(found.outputs).toEqual([{ name: 'linear.weight', dtype: 'FLOAT', shape: [2] }]);
    expect(found.notInspected).toEqual(['values of 1 tensors, which lie in a file that the program does not name']);
  });

  it('names operators of others', async () => {
    const found = await facts(
      programFile({
        operators: [
          ['llama::sdpa', 'out'],
          ['aten::mul', ''],
        ],
      }),
    );
    expect(found.requires).toEqual([{ key: 'execution_plan.operators.name', value: { name: 'llama' } }]);
    expect(found.findings).toMatchObject([{ id: 'custom-operators', severity: 'info' }]);
  });
});

describe('a data file', () => {
  it('gives its tensors by key, and names what is no tensor', async () => {
    const found = await facts(
      flatTensorFile(
        [
          { key: 'w', shape: [2, 3] },
          { key: 'blob', segment: 1 },
        ],
        [24, 5],
      ),
    );
    expect(found).toMatchObject({
      formatVersion: 'FT01',
      tensors: { count: 1, parameters: 6, bytes: 24 },
      metadata: { version: '1', blobs: 'blob' },
      notInspected: ['1 blobs that are no tensors'],
    });
  });
});

describe('broken bytes', () => {
  it.each<[string, ProgramSpec, string]>([
    ['no method', { plans: 0 }, 'ERR_FORMAT_MALFORMED'],
    ['a constant that is too short', { constants: [0, 95] }, 'ERR_FORMAT_MALFORMED'],
    ['a constant that is not there', { constants: [0] }, 'ERR_FORMAT_MALFORMED'],
    ['constants in no segment', { segment: { offsets: [0, 0], size: 96, index: 3 } }, 'ERR_FORMAT_MALFORMED'],
    ['negative sizes', { values: [tensorValue({ shape: [-1] })] }, 'ERR_FORMAT_MALFORMED'],
    ['an input that is not there', { inputs: [9] }, 'ERR_FORMAT_MALFORMED'],
    ['a call of no operator', { calls: [5] }, 'ERR_FORMAT_MALFORMED'],
  ])('with %s', async (_what, spec, code) => {
    expect(await codeOf(programFile(spec))).toBe(code);
  });

  it('with segments beyond the end', async () => {
    const bytes = programFile({ constants: [], segment: { offsets: [0, 0], size: 96 } });
    expect(await codeOf(bytes.slice(0, -1))).toBe('ERR_FORMAT_TRUNCATED');
    expect(await codeOf(flatTensorFile([{ key: 'w', shape: [6] }], [24]).slice(0, -1))).toBe('ERR_FORMAT_TRUNCATED');
    const far = bytes.slice();
    new DataView(far.buffer).setBigUint64(24, 2n ** 62n, true);
    expect(await codeOf(far)).toBe('ERR_FORMAT_TRUNCATED');
  });

  it('with data in no segment or too little of it', async () => {
    expect(await codeOf(flatTensorFile([{ key: 'w', shape: [6], segment: 2 }], [24]))).toBe('ERR_FORMAT_MALFORMED');
    expect(await codeOf(flatTensorFile([{ key: 'w', shape: [7] }], [24]))).toBe('ERR_FORMAT_MALFORMED');
  });

  it('meets the limits', async () => {
    expect(await codeOf(programFile(), withLimits({ maxItems: 2 }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf(programFile(), withLimits({ maxDepth: 2 }))).toBe('ERR_LIMIT_DEPTH');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(executorch, programFile({ constants: [], segment: { offsets: [0, 16], size: 112 }, delegates: ['X'], named: 1 }));
    await fuzzReader(
      executorch,
      flatTensorFile(
        [
          { key: 'w', shape: [2, 3] },
          { key: 'blob', segment: 1 },
        ],
        [24, 5],
      ),
    );
  }, 60_000);
});
