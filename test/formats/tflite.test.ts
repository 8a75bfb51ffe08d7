import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { tflite } from '../../src/formats/tflite/index.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { type ModelSpec, tfliteFile, tfliteMetadata } from '../support/tflite.js';
import { zipFile } from '../support/zip.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => tflite.read(bytesSource('m.tflite', bytes), limits);
const facts = async (bytes: Uint8Array) => tflite.describe(await read(bytes));
const codeOf = (spec: ModelSpec, limits = DEFAULT_LIMITS) =>
  read(tfliteFile(spec), limits).then(
    () => 'read',
    (error: unknown) => (MsbomError.is(error) ? error.code : String(error)),
  );
const { runtime, conversion, publisher } = tfliteMetadata;
const withMetadata = tfliteFile({
  buffers: [new Uint8Array(), new Uint8Array(24), new Uint8Array(8), new Uint8Array(5), runtime, conversion, publisher, utf8('1')],
  metadata: { min_runtime_version: 4, CONVERSION_METADATA: 5, TFLITE_METADATA: 6, reduced_precision_support: 7 },
});

describe('a well-formed model', () => {
  it('counts fractions and quantised numbers, and neither axes nor tensors without data', async () => {
    const header = await read(tfliteFile());
    expect(tflite.describe(header).tensors).toEqual({ count: 3, parameters: 11, dtypes: { FLOAT32: 6, INT8: 5 }, bytes: 37 });
    expect(tflite.tensors(header)).toEqual([
      { name: 'w', dtype: 'FLOAT32', shape: [2, 3], bytes: 24 },
      { name: 'axis', dtype: 'INT32', shape: [2], bytes: 8 },
      { name: 'q', dtype: 'INT8', shape: [5], bytes: 5 },
    ]);
  });

  it('names operators, signatures and what goes in and out', async () => {
    expect(await facts(tfliteFile())).toMatchObject({
      format: 'tflite',
      formatVersion: '3',
      role: 'weights',
      inputs: [{ name: 'x', dtype: 'FLOAT32', shape: [1, 2] }],
      outputs: [{ name: 'q', dtype: 'INT8', shape: [5] }],
      metadata: { description: 'made', operators: 'CONV_2D@2 1, FULLY_CONNECTED@2 2', signatures: 'serving_default' },
    });
    expect((await facts(tfliteFile())).notInspected).toBeUndefined();
  });

  it('reads the runtime it needs, how it was converted and what its publisher says', async () => {
    expect(await facts(withMetadata)).toMatchObject({
      name: { value: 'Sorter', key: 'TFLITE_METADATA.name' },
      description: { value: 'Sorts things', key: 'TFLITE_METADATA.description' },
      version: { value: 'v1', key: 'TFLITE_METADATA.version' },
      author: { value: 'Example', key: 'TFLITE_METADATA.author' },
      license: { value: 'Apache-2.0', key: 'TFLITE_METADATA.license' },
      producers: [{ value: { name: 'TensorFlow', version: '2.21.0' } }],
      requires: [{ value: { name: 'TensorFlow Lite runtime', version: '2.3.0' } }],
      quantization: { value: 'PTQ_FULL_INTEGER, tflite:4242' },
      metadata: { 'conversion.model_type': 'KERAS_MODEL', 'conversion.model_hash': '77', min_parser_version: '1.0.0' },
      notInspected: ['metadata reduced_precision_support'],
    });
  });

  it('takes nothing for publisher metadata that has not its identifier', async () => {
    const other = tfliteFile({ metadata: { TFLITE_METADATA: 1 } });
    expect(await facts(other)).toMatchObject({ notInspected: ['metadata TFLITE_METADATA, which has no M001 in it'] });
    expect((await facts(other)).name).toBeUndefined();
  });

  it('counts data that several tensors share once', async () => {
    expect((await facts(tfliteFile({ subgraphs: 2 }))).tensors).toMatchObject({ count: 3, parameters: 11 });
    expect((await facts(tfliteFile({ subgraphs: 2 }))).metadata).toMatchObject({ subgraphs: '2' });
  });

  it('counts what a sparse tensor stores, and packs numbers of four bits', async () => {
    const tensors = [
      { name: 's', shape: [100], buffer: 1, sparse: true },
      { name: 'i4', shape: [7], type: 17, buffer: 2, scale: [1] },
    ];
    const found = await facts(tfliteFile({ tensors, buffers: [new Uint8Array(), new Uint8Array(24), new Uint8Array(4)] }));
    expect(found.tensors).toMatchObject({ parameters: 13, dtypes: { FLOAT32: 6, INT4: 7 } });
  });

  it('keeps types and operators that are not known', async () => {
    const tensors = [{ name: 't', shape: [2], type: 99, buffer: 1, scale: [1] }];
    const found = await facts(tfliteFile({ tensors, codes: [400], operators: [0] }));
    expect(found.tensors?.dtypes).toEqual({ 'tflite:99': 2 });
    expect(found.metadata?.operators).toBe('tflite:400@2 1');
  });

  it('names custom operators as a need and a finding, and their options as not read', async () => {
    const found = await facts(tfliteFile({ codes: ['FlexErf', 3], operators: [0, 1] }));
    expect(found.requires).toEqual([{ key: 'operator_codes.custom_code', value: { name: 'FlexErf' } }]);
    expect(found.findings).toMatchObject([{ id: 'custom-operators', severity: 'info' }]);
    expect(found.notInspected).toEqual(['options of custom operators']);
  });

  it('lists the files that are packed behind it', async () => {
    const packed = concat(tfliteFile(), zipFile([{ name: 'labels.txt', bytes: utf8('cat\ndog\n') }]));
    const found = await facts(packed);
    expect(found.metadata).toMatchObject({ 'associated_files.labels.txt': '8 bytes' });
    expect(found.notInspected).toEqual(['content of the files in the archive behind the model']);
    const broken = packed.slice();
    broken.fill(0xff, packed.byteLength - 16, packed.byteLength - 2);
    expect((await facts(broken)).notInspected?.[0]).toMatch(/^the archive behind the model: /);
  });

  it('finds data behind the tables and in other files', async () => {
    const end = tfliteFile().byteLength + 4096;
    const tensors = [{ name: 'w', shape: [2, 3], buffer: 1 }];
    const outside = tfliteFile({ tensors, buffers: [new Uint8Array(), { offset: end, size: 24 }] });
    const file = new Uint8Array(end + 24);
    file.set(outside);
    expect((await facts(file)).tensors).toMatchObject({ parameters: 6, bytes: 24 });
    const external = [{ name: 'w', shape: [2, 3], external: 1 }];
    const found = await facts(tfliteFile({ tensors: external, externalFiles: ['w.bin', '../w.bin'], inputs: [] }));
    expect(found.companions).toEqual(['w.bin']);
    expect(found.tensors).toMatchObject({ parameters: 6, bytes: 24 });
    expect(found.findings).toMatchObject([{ id: 'external-data-outside', severity: 'high' }]);
  });

  it('of gigabytes costs its tables', async () => {
    const size = 3e9;
    const tensors = [{ name: 'w', shape: [size / 4], buffer: 1 }];
    const head = tfliteFile({ tensors, buffers: [new Uint8Array(), { offset: 8192, size }] });
    let bytes = 0;
    const source = {
      name: 'big',
      size: 8192 + size,
      async read(offset: number, length: number) {
        bytes += length;
        const part = new Uint8Array(length);
        part.set(head.subarray(offset, offset + length));
        return part;
      },
    };
    expect(tflite.describe(await tflite.read(source, DEFAULT_LIMITS)).tensors?.parameters).toBe(size / 4);
    expect(bytes).toBeLessThan(100_000);
  });
});

describe('what lies behind a model', () => {
  const inputs = (name: string) => [
    { name, shape: [1, 2] },
    { name: 'w', shape: [2, 3], buffer: 1 },
  ];
  const camera = tfliteFile({ tensors: inputs('camera') });
  const mesh = tfliteFile({ tensors: inputs('mesh') });
  const packed = concat(camera, new Uint8Array(16), mesh);
  const named = async (name: string, bytes: Uint8Array) => tflite.describe(await tflite.read(bytesSource(name, bytes), DEFAULT_LIMITS));

  it('is not what an interpreter reads, and is told', async () => {
    const facts = await named('m.tflite', packed);
    expect(facts).toMatchObject({ inputs: [{ name: 'camera' }], tensors: { parameters: 6 } });
    expect(facts.notInspected).toEqual([`a second model at byte ${camera.byteLength + 16}, which interpreters do not read`]);
    expect((await named('m.tflite', concat(camera, utf8('some more bytes')))).notInspected).toEqual([
      '15 bytes behind the model, which are no part of it',
    ]);
  });
  it('may be padding, which is nothing', async () => {
    expect((await named('m.tflite', concat(camera, new Uint8Array(100)))).notInspected).toBeUndefined();
  });
  it('makes a pack of a file that is not called a model, each read and none speaking for all', async () => {
    const facts = await named('assets.data', concat(packed, utf8('end')));
    expect(facts.inputs).toBeUndefined();
    expect(facts).toMatchObject({
      tensors: { count: 2, parameters: 12 },
      metadata: { models: '2', 'models.0.inputs': 'camera', 'models.1.inputs': 'mesh', 'models.1.offset': String(camera.byteLength + 16) },
      findings: [{ id: 'packed-models' }],
    });
    expect(facts.notInspected).toContain('3 bytes behind the model, which are no part of it');
    expect((await named('assets.data', camera)).inputs).toMatchObject([{ name: 'camera' }]);
  });
  it('may only look like a model', async () => {
    const fake = concat(new Uint8Array([8, 0, 0, 0]), utf8('TFL3'), new Uint8Array(4).fill(255));
    expect((await named('assets.data', concat(camera, fake))).notInspected).toEqual(['12 bytes behind the model, which are no part of it']);
  });
  it('never takes long, whatever it is', async () => {
    await fuzzReader(tflite, packed);
  }, 60_000);
});

describe('a broken model', () => {
  it.each<[string, ModelSpec, string]>([
    ['no subgraph', { subgraphs: 0 }, 'ERR_FORMAT_MALFORMED'],
    ['a buffer that is not there', { tensors: [{ name: 'w', shape: [1], buffer: 9 }] }, 'ERR_FORMAT_MALFORMED'],
    ['a buffer of another size', { tensors: [{ name: 'w', shape: [7], buffer: 1 }] }, 'ERR_FORMAT_MALFORMED'],
    ['a negative axis', { tensors: [{ name: 'w', shape: [-6], buffer: 1 }] }, 'ERR_FORMAT_MALFORMED'],
    ['too many values', { tensors: [{ name: 'w', shape: [2 ** 30, 2 ** 30], buffer: 1 }] }, 'ERR_FORMAT_MALFORMED'],
    ['an operator without code', { operators: [7] }, 'ERR_FORMAT_MALFORMED'],
    ['an input that is not there', { inputs: [12] }, 'ERR_FORMAT_MALFORMED'],
    ['metadata without buffer', { metadata: { min_runtime_version: 40 } }, 'ERR_FORMAT_MALFORMED'],
    [
      'data beyond the end',
      { tensors: [{ name: 'w', shape: [1], buffer: 1 }], buffers: [new Uint8Array(), { offset: 4096, size: 4 }] },
      'ERR_FORMAT_TRUNCATED',
    ],
  ])('with %s', async (_what, spec, code) => {
    expect(await codeOf(spec)).toBe(code);
  });

  it('meets the limits', async () => {
    expect(await codeOf({}, withLimits({ maxItems: 2 }))).toBe('ERR_LIMIT_COUNT');
    expect(await codeOf({}, withLimits({ maxReadBytes: 100 }))).toBe('ERR_LIMIT_BYTES');
    expect(await codeOf({}, withLimits({ maxDepth: 2 }))).toBe('ERR_LIMIT_DEPTH');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(tflite, withMetadata);
  }, 60_000);
});
