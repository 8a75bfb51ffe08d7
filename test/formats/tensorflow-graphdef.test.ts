import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { tensorflowGraphdef as reader } from '../../src/formats/tensorflow-graphdef/index.js';
import { concat, field, onnxFile, utf8, varint } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { constant, graph, library, metaInfo, node, savedModel, signature } from '../support/tensorflow.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => reader.read(bytesSource('frozen.pb', bytes), limits);
const facts = async (bytes: Uint8Array) => reader.describe(await read(bytes));
const frozen = graph(
  node('x', 'Placeholder'),
  constant('w', 1, [4, 3], new Uint8Array(48)),
  constant('q', 11, [5], new Uint8Array(5)),
  constant('axis', 3, [1]),
  node('out/y', 'MatMul', field(3, 'x'), field(3, 'w')),
);
const meta = concat(field(1, metaInfo), field(2, graph(node('v', 'VariableV2'))), signature('serving_default'));

describe('a frozen graph', () => {
  it('gives constants and operators', async () => {
    expect(await facts(frozen)).toEqual({
      format: 'tensorflow-graphdef',
      formatVersion: '1482',
      mediaType: 'application/x-protobuf',
      role: 'weights',
      tensors: { count: 3, parameters: 17, dtypes: { float32: 12, qint8: 5 }, bytes: 57 },
      metadata: { nodes: '5', operators: 'Const 3, MatMul 1, Placeholder 1' },
    });
    expect(reader.tensors(await read(frozen))[0]).toEqual({ name: 'w', dtype: 'float32', shape: [4, 3], bytes: 48 });
  });
  it('is read without the content of its tensors', async () => {
    const bytes = graph(constant('w', 1, [1_000_000], new Uint8Array(4_000_000)), node('y', 'Relu'));
    let readBytes = 0;
    const source = {
      name: 'm',
      size: bytes.byteLength,
      read: async (offset: number, length: number) => {
        readBytes += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    expect(reader.describe(await reader.read(source, DEFAULT_LIMITS)).tensors?.parameters).toBe(1_000_000);
    expect(readBytes).toBeLessThan(300_000);
  });
  it('leaves constants of functions open', async () => {
    const found = await facts(concat(frozen, library('f', constant('c', 1, [2]))));
    expect(found.tensors?.parameters).toBe(17);
    expect(found.notInspected).toEqual(['whether 1 constants in functions are weights']);
  });
  it('keeps types that are not known', async () => {
    expect(reader.tensors(await read(graph(constant('n', 77, [2]))))).toEqual([{ name: 'n', dtype: 'tensorflow:77', shape: [2] }]);
  });
});

describe('a graph with variables', () => {
  it('has no weights of its own', async () => {
    const found = await facts(graph(node('v', 'VarHandleOp'), constant('c', 1, [2])));
    expect(found.tensors).toBeUndefined();
    expect(found.role).toBeUndefined();
  });
  it('may stand in a MetaGraphDef', async () => {
    expect(await facts(meta)).toMatchObject({
      producers: [{ value: { name: 'tensorflow', version: '2.21.0' } }],
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 4] }],
      metadata: { tags: 'serve', operators: 'VariableV2 1' },
    });
  });
});

describe('detection', () => {
  it('knows both kinds', () => {
    expect(reader.sniff(frozen, 'x')).toBe(true);
    expect(reader.sniff(meta, 'x')).toBe(true);
  });
  it.each<[string, Uint8Array]>([
    ['a SavedModel', savedModel(frozen)],
    ['ONNX', onnxFile()],
    ['SentencePiece', field(1, concat(field(1, 'piece'), varint(2 * 8 + 5), new Uint8Array(4), field(3, 2)))],
    ['Caffe', concat(field(1, 'CaffeNet'), field(100, field(1, 'conv')))],
    ['a node without an operator', field(1, concat(field(1, 'a'), field(3, 'b')))],
    ['a node whose name is no name', field(1, concat(field(1, 'a b'), field(2, 'Const')))],
    ['an empty file', new Uint8Array()],
    ['text behind a line break', utf8(`\n${'/** text */ export const value = 1;\n'.repeat(200)}`)],
    ['a node that is longer than the file and has neither', concat(Uint8Array.of(0x0a, 0xff, 0x7f), utf8('\u0001'))],
  ])('takes %s for none', (_what, bytes) => {
    expect(reader.sniff(bytes, 'frozen.pb')).toBe(false);
  });
});

describe('a broken file', () => {
  const code = async (bytes: Uint8Array, limits = DEFAULT_LIMITS) => {
    const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
    return MsbomError.is(error) ? error.code : error;
  };
  it.each<[string, Uint8Array, string]>([
    ['without nodes', field(4, field(1, 1)), 'ERR_FORMAT_MALFORMED'],
    ['that is cut', frozen.slice(0, -20), 'ERR_FORMAT_TRUNCATED'],
    ['whose node is a number', concat(frozen, field(1, 3)), 'ERR_FORMAT_MALFORMED'],
    ['with a shape that overflows', graph(constant('c', 1, [2 ** 40, 2 ** 40])), 'ERR_FORMAT_MALFORMED'],
  ])('%s', async (_what, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });
  it('with too many fields', async () => {
    expect(await code(frozen, withLimits({ maxItems: 10 }))).toBe('ERR_LIMIT_COUNT');
  });
  it('with too deep messages', async () => {
    expect(await code(frozen, withLimits({ maxDepth: 3 }))).toBe('ERR_LIMIT_DEPTH');
  });
  it.each([
    ['graph', frozen],
    ['MetaGraphDef', meta],
  ])('may be a %s, broken anywhere', async (_what, bytes) => {
    await fuzzReader(reader, bytes);
  });
  const fixtures = fileURLToPath(new URL('../fixtures/formats/tensorflow-graphdef/', import.meta.url));
  it.each(['half.pb', 'model.ckpt.meta'])('may be %s, broken anywhere', async (name) => {
    await fuzzReader(reader, new Uint8Array(readFileSync(fixtures + name)), Number(process.env.MSBOM_RUNS ?? 50));
  });
});
