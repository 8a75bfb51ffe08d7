import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { openvino } from '../../src/formats/openvino/index.js';
import { utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';

const layer = (type: string, name: string, data: string, rest = '') =>
  `<layer id="0" name="${name}" type="${type}" version="opset1"><data ${data} />${rest}</layer>`;
const constant = (name: string, type: string, shape: string, offset: number, size: number) =>
  layer('Const', name, `element_type="${type}" shape="${shape}" offset="${offset}" size="${size}"`);
const net = (layers: string, info = '', open = '<net name="tiny" version="11">') =>
  utf8(`<?xml version="1.0"?>\n${open}\n\t<layers>${layers}</layers><edges></edges><rt_info>${info}</rt_info></net>`);
const input = layer('Parameter', 'x', 'shape="?,4" element_type="f32"');
const result =
  '<layer id="9" name="y" type="Result" version="opset1"><input><port id="0" precision="FP32"><dim>-1</dim><dim>3</dim></port></input></layer>';
const good = net(
  input +
    constant('w', 'f32', '4, 3', 0, 48) +
    constant('axes', 'i64', '2', 48, 16) +
    constant('q', 'u4', '5', 64, 3) +
    constant('q/scale', 'f16', '', 67, 2) +
    result,
  '<info name="OpenVINO Runtime" value="2026.4" /><conversion_parameters><input_model value="DIR/a.onnx" /></conversion_parameters>' +
    '<framework><model_license value="MIT" /></framework><nncf><weight_compression><mode value="int4_asym" /></weight_compression></nncf>' +
    '<optimum><transformers_version value="4.50.0" /></optimum>',
);
const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => openvino.read(bytesSource('dir/m.xml', bytes), limits);
const facts = async (bytes: Uint8Array) => openvino.describe(await read(bytes));
const failure = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<MsbomError> => {
  const error: unknown = await read(bytes, limits).catch((reason: unknown) => reason);
  if (!MsbomError.is(error)) throw new Error('no error was thrown');
  return error;
};

describe('a net', () => {
  it('gives constants, producers and notes', async () => {
    expect(await facts(good)).toEqual({
      format: 'openvino',
      formatVersion: '11',
      mediaType: 'application/xml',
      role: 'weights',
      tensors: { count: 4, parameters: 17, dtypes: { f32: 12, u4: 5 }, bytes: 69 },
      license: { value: 'MIT', key: 'rt_info.framework.model_license' },
      quantization: { value: 'int4_asym', key: 'rt_info.nncf.weight_compression.mode' },
      producers: [
        { key: 'rt_info.OpenVINO Runtime', value: { name: 'OpenVINO', version: '2026.4' } },
        { key: 'rt_info.optimum.transformers_version', value: { name: 'transformers', version: '4.50.0' } },
      ],
      requires: [{ key: 'layers.layer.version', value: { name: 'opset1' } }],
      inputs: [{ name: 'x', dtype: 'f32', shape: [-1, 4] }],
      outputs: [{ name: 'y', dtype: 'FP32', shape: [-1, 3] }],
      companions: ['m.bin'],
      metadata: {
        'net.name': 'tiny',
        operations: 'Const 4, Parameter 1, Result 1',
        'rt_info.OpenVINO Runtime': '2026.4',
        'rt_info.conversion_parameters.input_model': 'DIR/a.onnx',
        'rt_info.framework.model_license': 'MIT',
        'rt_info.nncf.weight_compression.mode': 'int4_asym',
        'rt_info.optimum.transformers_version': '4.50.0',
      },
    });
  });

  it('counts data that two constants share once, and the bodies of loops', async () => {
    const body = `<body><layers>${constant('inner', 'f32', '2', 100, 8)}${input}</layers></body>`;
    const loop = `<layer id="1" name="l" type="Loop" version="opset5">${body}</layer>`;
    const found = await facts(net(input + constant('a', 'f32', '2', 0, 8) + constant('b', 'f32', '2', 0, 8) + loop));
    expect(found.tensors).toMatchObject({ count: 2, parameters: 4 });
    expect(found.inputs).toHaveLength(1);
  });

  it('reads the blobs of old versions', async () => {
    const old =
      '<layer id="0" name="data" type="Input" precision="FP32"><output><port id="0"><dim>1</dim><dim>3</dim></port></output></layer>' +
      '<layer id="1" name="fc" type="FullyConnected" precision="FP16"><data out-size="2"/><blobs><weights offset="0" size="12"/><biases offset="12" size="8" precision="FP32"/></blobs></layer>';
    const found = await facts(net(old, '', '<net name="old" version="6" batch="1">'));
    expect(found.tensors).toMatchObject({ count: 2, parameters: 8, dtypes: { FP16: 6, FP32: 2 } });
    expect(found.inputs).toEqual([{ name: 'data', dtype: 'FP32', shape: [1, 3] }]);
    expect(found.requires).toBeUndefined();
  });

  it('hashes chat templates', async () => {
    const found = await facts(net(input, '<chat_template value="{{ a }}"/><simplified_chat_template value="{{ b }}"/>'));
    expect(Object.keys(found.chatTemplates ?? {})).toEqual(['default', 'simplified_chat_template']);
    expect(Object.keys(found.metadata ?? {})).toEqual(['net.name', 'operations']);
  });

  it('with a version of no name need nothing', async () => {
    expect((await facts(net('<layer id="0" name="c" type="Mine" version=""/>'))).requires).toBeUndefined();
  });
  it('names operations of extensions', async () => {
    const found = await facts(net('<layer id="0" name="c" type="Mine" version="extension"/>'));
    expect(found.findings).toMatchObject([{ id: 'custom-operators', severity: 'info' }]);
    expect(found.companions).toBeUndefined();
  });

  it('is told from other XML', () => {
    expect(openvino.sniff(good, 'x')).toBe(true);
    expect(openvino.sniff(utf8('<!-- made by hand --><net version="10" name="a"><meta_data>'), 'x')).toBe(true);
    for (const text of [
      '<?xml version="1.0"?><network version="11"><layers>',
      '<net><layers>',
      '<net version="11"><nodes>',
      '<?xml',
      '<!-- <net version="11"><layers>',
      'net version="11"',
      '<project name="x"><net version="11"><layers>',
    ])
      expect(openvino.sniff(utf8(text), 'model.xml'), text).toBe(false);
  });
});

describe('a broken net', () => {
  it.each<[string, Uint8Array, string]>([
    ['a cut end', good.slice(0, -5), 'ERR_FORMAT_MALFORMED'],
    ['another root', utf8('<a/>'), 'ERR_FORMAT_MALFORMED'],
    [
      'an entity of its own',
      utf8('<!DOCTYPE net [<!ENTITY a SYSTEM "file:///etc/passwd">]><net version="11">&a;</net>'),
      'ERR_FORMAT_UNSUPPORTED',
    ],
    ['an entity that nobody declared', net(constant('&b;', 'f32', '1', 0, 4)), 'ERR_FORMAT_MALFORMED'],
    ['a size that does not fit', net(constant('w', 'f32', '2', 0, 9)), 'ERR_FORMAT_MALFORMED'],
    ['no size', net(layer('Const', 'w', 'element_type="f32" shape="2" offset="0"')), 'ERR_FORMAT_MALFORMED'],
    ['a shape of any size', net(constant('w', 'f32', '?,2', 0, 8)), 'ERR_FORMAT_MALFORMED'],
    ['too many values', net(constant('w', 'f32', '999999999999999,999999999999999', 0, 8)), 'ERR_FORMAT_MALFORMED'],
    ['bytes that are no text', new Uint8Array([...good.subarray(0, 60), 0xff, ...good.subarray(60)]), 'ERR_FORMAT_MALFORMED'],
  ])('with %s', async (_what, bytes, code) => {
    expect((await failure(bytes)).code).toBe(code);
  });

  it('is told by line and column', async () => {
    expect(await failure(utf8('<net version="11">\n<layers></wrong>'))).toMatchObject({ line: 2, column: 17, file: 'dir/m.xml' });
  });

  it('meets the limits', async () => {
    expect((await failure(good, withLimits({ maxReadBytes: 100 }))).code).toBe('ERR_LIMIT_BYTES');
    expect((await failure(good, withLimits({ maxItems: 5 }))).code).toBe('ERR_LIMIT_COUNT');
    expect((await failure(good, withLimits({ maxDepth: 3 }))).code).toBe('ERR_LIMIT_DEPTH');
    const long = net(`<layer name="${'a'.repeat(200_000)}" type="Const"/>`);
    expect((await failure(long, withLimits({ maxStringBytes: 1000 }))).code).toBe('ERR_LIMIT_BYTES');
  });

  it('throws nothing but errors of its own', async () => {
    await fuzzReader(openvino, good);
  }, 60_000);
});
