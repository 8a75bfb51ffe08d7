/** Formats of models beside pickles: what is hostile in them, each case beside its harmless twin. */
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { concat, field, ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { programFile } from '../support/executorch.js';
import { dataset, externalLink, hardLink, hdf5File, linkInfo, softLink, textAttribute } from '../support/hdf5.js';
import { PAYLOAD, torchFile } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { CHAT_TEMPLATES, HOSTILE_TEMPLATES } from '../support/scan/templates.js';
import { marshalled } from '../support/scan/texts.js';
import { constant, entry, graph, library, node, objectGraph, savedModel } from '../support/tensorflow.js';
import { tfliteFile } from '../support/tflite.js';
import { zipFile } from '../support/zip.js';

const rules = ({ findings }: FileScan): readonly string[] => findings.map(({ rule }) => rule);
const clean = (format: string) => ({ verdict: 'clean', status: 'complete', formats: [format], findings: [] });
const lambda = { class_name: 'Lambda', config: { function: [marshalled(['os', 'system']), null, null], function_type: 'lambda' } };
const sequential = (...layers: readonly unknown[]) => ({ class_name: 'Sequential', config: { name: 's', layers } });

describe('safetensors', () => {
  const tensor = { w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } };
  it('that keep the rules are clean, whatever the length of their header is', async () => {
    for (let pad = 0; pad < 300; pad++) {
      const header = `${JSON.stringify({ __metadata__: { format: 'pt' }, ...tensor })}${' '.repeat(pad)}`;
      expect(await scanBytes(safetensorsFile(header, 8), 'model.safetensors'), `padding ${pad}`).toMatchObject(clean('safetensors'));
    }
  });
  it.each([
    ['a gap', { ...tensor, v: { dtype: 'F32', shape: [1], data_offsets: [12, 16] } }, 16],
    ['an overlap', { ...tensor, v: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8],
    ['bytes behind the last tensor', tensor, 12],
    ['a wrong size', { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8],
    ['a negative offset', { w: { dtype: 'F32', shape: [2], data_offsets: [-8, 0] } }, 8],
    ['metadata that is no text', { __metadata__: { a: 1 }, ...tensor }, 8],
    ['a key twice', '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8],
    ['an offset that is no number', '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,NaN]}}', 8],
    ['a huge shape', { w: { dtype: 'F32', shape: [2 ** 52, 2 ** 40], data_offsets: [0, 8] } }, 8],
    ['no object', '["w"]', 8],
  ])('with %s are suspicious', async (_, header, bytes) => {
    const found = await scanBytes(safetensorsFile(header, bytes), 'model.safetensors');
    expect(rules(found)).toContain('safetensors-layout');
    expect(found).toMatchObject({ verdict: 'suspicious', status: 'incomplete' });
  });
  it('with a header longer than the file are suspicious, and those that are cut off unknown', async () => {
    const file = safetensorsFile(tensor, 8);
    const long = file.slice();
    long[2] = 1;
    expect(await scanBytes(long, 'model.safetensors')).toMatchObject({ verdict: 'suspicious' });
    expect(await scanBytes(file.subarray(0, file.length - 3), 'model.safetensors')).toMatchObject({
      verdict: 'unknown',
      status: 'incomplete',
    });
  });
  it('with another file behind them are judged by that', async () => {
    expect(await scanBytes(concat(safetensorsFile(tensor, 8), PAYLOAD), 'model.safetensors')).toMatchObject({ verdict: 'malicious' });
    expect(await scanBytes(concat(safetensorsFile(tensor, 8), torchFile(PAYLOAD)), 'model.safetensors')).toMatchObject({
      verdict: 'malicious',
    });
  });
  it('with a template or a configuration in their metadata are judged by that', async () => {
    const withText = (text: string) => scanBytes(safetensorsFile({ __metadata__: { chat_template: text }, ...tensor }, 8));
    expect(await withText(HOSTILE_TEMPLATES[0] ?? '')).toMatchObject({ verdict: 'malicious', status: 'complete' });
    expect(await withText(CHAT_TEMPLATES[0] ?? '')).toMatchObject(clean('safetensors'));
    expect(await withText(JSON.stringify(sequential(lambda)))).toMatchObject({ verdict: 'malicious' });
  });
  it('with kilobytes of padding are suspicious', async () => {
    expect(rules(await scanBytes(safetensorsFile(`${JSON.stringify(tensor)}${' '.repeat(9000)}`, 8)))).toEqual(['safetensors-layout']);
  });
});

describe('GGUF', () => {
  const w = { name: 'w', sizes: [4], type: 0, offset: 0 };
  const file = (metadata: readonly (readonly [string, number, unknown])[] = [], more = 0) =>
    ggufFile({ metadata, tensors: [w], dataBytes: 16 + more });
  it('that keeps the rules is clean', async () => {
    expect(await scanBytes(file([['general.name', 8, 'acme']]))).toMatchObject(clean('gguf'));
    expect(await scanBytes(file([['tokenizer.chat_template', 8, CHAT_TEMPLATES[3]]]))).toMatchObject(clean('gguf'));
  });
  it.each(['tokenizer.chat_template', 'tokenizer.chat_template.tool_use', 'acme.text'])(
    'with a hostile template in %s is malicious',
    async (key) => {
      for (const template of HOSTILE_TEMPLATES)
        expect(await scanBytes(file([[key, 8, template]])), template).toMatchObject({ verdict: 'malicious', status: 'complete' });
    },
  );
  it.each([
    [
      'a key twice',
      ggufFile({
        metadata: [
          ['a', 8, 'x'],
          ['a', 8, 'y'],
        ],
      }),
    ],
    ['a tensor twice', ggufFile({ tensors: [w, w], dataBytes: 64 })],
    ['an odd alignment', ggufFile({ metadata: [['general.alignment', 4, 3]], tensors: [w], dataBytes: 64 })],
    ['sizes that cannot be multiplied', ggufFile({ tensors: [{ ...w, sizes: [2 ** 40, 2 ** 40] }], dataBytes: 64 })],
    ['an offset that is not aligned', ggufFile({ tensors: [{ ...w, offset: 7 }], dataBytes: 64 })],
    ['a row that is no block', ggufFile({ tensors: [{ ...w, sizes: [5], type: 2 }], dataBytes: 64 })],
    ['many dimensions', ggufFile({ tensors: [{ ...w, sizes: [1, 1, 1, 1, 1, 1, 1, 1, 1] }], dataBytes: 64 })],
    ['a kind of value that there is not', ggufFile({ metadata: [['a', 99, 1]] })],
  ])('with %s is suspicious', async (_, bytes) => {
    const found = await scanBytes(bytes, 'model.gguf');
    expect(rules(found)).toContain('gguf-header');
    expect(found).toMatchObject({ verdict: 'suspicious', status: 'incomplete' });
  });
  it('with counts that the file cannot hold is suspicious', async () => {
    const bytes = file();
    bytes[14] = 0x7f;
    expect(rules(await scanBytes(bytes))).toEqual(['gguf-header']);
  });
  it('that is cut off anywhere is never clean', async () => {
    const bytes = file([['general.name', 8, 'acme']]);
    for (let length = 8; length < bytes.length; length++)
      expect((await scanBytes(bytes.subarray(0, length), 'a.gguf')).verdict, String(length)).not.toBe('clean');
  });
  it('with bytes behind its tensors is suspicious, and judged by them', async () => {
    expect(rules(await scanBytes(concat(file(), new Uint8Array(100).fill(0xf7))))).toEqual(['format-trailing-data']);
    expect(await scanBytes(concat(file(), new Uint8Array(16), PAYLOAD, new Uint8Array(64)))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('HDF5', () => {
  const file = (...messages: Parameters<typeof hdf5File>[0][number]) =>
    hdf5File([[linkInfo(), ...messages, hardLink('w', 1)], dataset([2])], new Uint8Array(8));
  it('of weights is clean', async () => {
    expect(await scanBytes(file(softLink('v', '/w')))).toMatchObject(clean('hdf5'));
    expect(await scanBytes(file(textAttribute('model_config', JSON.stringify(sequential()))))).toMatchObject(clean('keras-h5'));
  });
  it('with code in a configuration is malicious', async () => {
    const found = await scanBytes(file(textAttribute('model_config', JSON.stringify(sequential(lambda)))), 'model.h5');
    expect(found).toMatchObject({
      verdict: 'malicious',
      formats: ['keras-h5'],
      findings: [{ rule: 'keras-lambda', member: '@model_config' }],
    });
  });
  it('with a pickle in an attribute is malicious', async () => {
    expect(await scanBytes(file(textAttribute('data', "cposix\nsystem\n(S'echo'\ntR.")))).toMatchObject({ verdict: 'malicious' });
  });
  it('that leads to other files is suspicious', async () => {
    expect(await scanBytes(file(externalLink('x', '/etc/hostname', '/a')))).toMatchObject({
      verdict: 'suspicious',
      findings: [{ rule: 'hdf5-external', seen: { path: '/etc/hostname' } }],
    });
  });
  it('that is cut off is never clean', async () => {
    const bytes = file();
    for (let length = 48; length < bytes.length; length += 7)
      expect((await scanBytes(bytes.subarray(0, length))).verdict).not.toBe('clean');
  });
});

describe('archives of Keras', () => {
  const archive = (config: unknown) =>
    zipFile([
      { name: 'metadata.json', bytes: utf8('{"keras_version": "3.0.0", "date_saved": "2024-01-01@00:00:00"}') },
      { name: 'config.json', bytes: utf8(JSON.stringify(config)) },
      { name: 'model.weights.h5', bytes: hdf5File([[linkInfo(), hardLink('w', 1)], dataset([2])], new Uint8Array(8)) },
    ]);
  it('are judged by their configuration', async () => {
    expect(await scanBytes(archive(sequential()), 'model.keras')).toMatchObject({ verdict: 'clean', status: 'complete' });
    const found = await scanBytes(archive(sequential(lambda)), 'model.keras');
    expect(found).toMatchObject({ verdict: 'malicious', findings: [{ rule: 'keras-lambda', member: 'config.json' }] });
  });
});

describe('graphs of TensorFlow', () => {
  const named = (op: string) => graph(node('x', 'Placeholder'), node('y', op));
  it.each([
    ['PyFunc', 'malicious', 'graph-code'],
    ['EagerPyFunc', 'malicious', 'graph-code'],
    ['WriteFile', 'suspicious', 'graph-file'],
    ['ReadFile', 'suspicious', 'graph-file'],
    ['MatchingFiles', 'suspicious', 'graph-file'],
  ])('with %s are %s, wherever it stands', async (op, verdict, rule) => {
    const inner = concat(...[node('x', 'Placeholder'), node('y', op)].map((each) => field(1, each)));
    const text = concat(field(1, 7), field(8, inner));
    const places = {
      'a saved model': savedModel(named(op)),
      'a graph': named(op),
      'a function': savedModel(concat(graph(node('x', 'Placeholder')), library('f', node('y', op)))),
      'a graph in a text': savedModel(graph(node('c', 'Const', field(5, entry('value', field(8, text)))))),
      'a graph in an attribute': savedModel(graph(node('c', 'Const', field(5, entry('value', field(2, inner)))))),
    };
    for (const [place, bytes] of Object.entries(places)) {
      const found = await scanBytes(bytes, 'saved_model.pb');
      expect(found, place).toMatchObject({ verdict, status: 'complete', formats: ['tensorflow'] });
      expect(rules(found), place).toContain(rule);
    }
  });
  it('that only compute, save and restore are clean', async () => {
    const ops = [
      'VarHandleOp',
      'ReadVariableOp',
      'MatMul',
      'StatefulPartitionedCall',
      'SaveV2',
      'RestoreV2',
      'ShardedFilename',
      'MergeV2Checkpoints',
      'InitializeTableFromTextFileV2',
      'HashTableV2',
    ];
    expect(await scanBytes(savedModel(graph(...ops.map((op) => node(op, op)), constant('c', 1, [2], new Uint8Array(8)))))).toMatchObject(
      clean('tensorflow'),
    );
  });
  it('say which paths stand in them', async () => {
    const path = node('c', 'Const', field(5, entry('value', field(8, concat(field(1, 7), field(8, '/etc/hostname'))))));
    const found = await scanBytes(savedModel(graph(path, node('y', 'ReadFile'))));
    expect(found.findings[0]).toMatchObject({ severity: 'medium', seen: { operator: 'ReadFile', paths: ['/etc/hostname'] } });
  });
  it('with a configuration of Keras are judged by that', async () => {
    expect(await scanBytes(savedModel(named('NoOp'), objectGraph('_tf_keras_layer', lambda)))).toMatchObject({ verdict: 'malicious' });
  });
  it('as texts are read as well', async () => {
    expect(await scanBytes(utf8('node {\n  name: "x"\n  op: "PyFunc"\n}\n'), 'graph.pbtxt')).toMatchObject({ verdict: 'malicious' });
    expect(await scanBytes(utf8('node {\n  name: "x"\n  op: "MatMul"\n}\n'), 'graph.pbtxt')).toMatchObject({ verdict: 'clean' });
  });
  it('that break off are never clean, and keep what was found', async () => {
    const bytes = savedModel(graph(node('y', 'PyFunc'), ...new Array<Uint8Array>(50).fill(node('x', 'MatMul'))));
    expect(await scanBytes(bytes.subarray(0, bytes.length - 5), 'saved_model.pb')).toMatchObject({ status: 'incomplete' });
    expect((await scanBytes(concat(named('PyFunc'), Uint8Array.of(0xff, 0xff)), 'a.pb')).verdict).toBe('malicious');
  });
});

describe('graphs of TensorFlow that print', () => {
  const print = (to: string) => node('p', 'PrintV2', field(5, entry('output_stream', field(2, to))));
  it('to a file are suspicious, to a terminal they are not', async () => {
    expect(await scanBytes(savedModel(graph(print('file:///tmp/x'))), 'saved_model.pb')).toMatchObject({
      verdict: 'suspicious',
      findings: [{ rule: 'graph-file', seen: { path: 'file:///tmp/x' } }],
    });
    expect(await scanBytes(savedModel(graph(print('stderr'))), 'saved_model.pb')).toMatchObject(clean('tensorflow'));
  });
  it.each(["op: 'PyFunc'", 'op : "PyFunc"', 'op:"Py" \'Func\'', 'op:\n  "\\x50yFunc"'])('as texts: %s', async (text) => {
    expect(await scanBytes(utf8(`node {\n  name: "x"\n  ${text}\n}\n`), 'graph.pbtxt')).toMatchObject({ verdict: 'malicious' });
  });
});

describe('ONNX', () => {
  const external = (location: string, ...more: readonly Uint8Array[]) => {
    const pair = (key: string, value: string) => field(13, concat(field(1, key), field(2, value)));
    return concat(field(1, 2), field(2, 1), field(8, 'w'), pair('location', location), ...more, field(14, 1));
  };
  const inGraph = (tensor: Uint8Array) => onnxFile(field(7, field(5, tensor)));
  it('of known operators is clean, also with tensors in a file beside it', async () => {
    expect(await scanBytes(onnxFile())).toMatchObject(clean('onnx'));
    const found = await scanBytes(inGraph(external('model.onnx_data')));
    expect(found).toMatchObject({ ...clean('onnx'), facts: { '': { externalFiles: ['model.onnx_data'] } } });
    expect(await scanBytes(inGraph(external('weights/model.bin')))).toMatchObject(clean('onnx'));
  });
  it.each(['/etc/hostname', '../x', 'a/../../x', 'a\\..\\x', 'C:\\x', '\\\\host\\x', 'file:///x', '~/x', 'a\0b'])(
    'with tensors in %j is suspicious',
    async (location) => {
      const attribute = concat(field(1, 'value'), field(5, external(location)));
      const inner = field(
        1,
        concat(
          field(4, 'If'),
          field(5, concat(field(1, 'then_branch'), field(6, field(1, concat(field(4, 'Constant'), field(5, attribute)))))),
        ),
      );
      const places = [
        inGraph(external(location)),
        onnxFile(field(7, field(1, concat(field(4, 'Constant'), field(5, attribute))))),
        onnxFile(field(7, inner)),
        onnxFile(field(25, concat(field(1, 'f'), field(10, 'acme'), field(7, concat(field(4, 'Constant'), field(5, attribute)))))),
        onnxFile(field(7, field(15, field(1, external(location))))),
        onnxFile(field(20, field(1, field(5, external(location))))),
      ];
      for (const bytes of places)
        expect(await scanBytes(bytes)).toMatchObject({
          verdict: 'suspicious',
          status: 'complete',
          findings: [{ rule: 'onnx-external-path' }],
        });
    },
  );
  it('with places that it does not know is suspicious', async () => {
    const key = field(13, concat(field(1, '__class__'), field(2, 'x')));
    const offset = field(13, concat(field(1, 'offset'), field(2, '-1')));
    for (const more of [key, offset]) expect(rules(await scanBytes(inGraph(external('a', more))))).toEqual(['onnx-external-keys']);
  });
  it('with operators of others tells so, and those of Python are malicious', async () => {
    const using = (operator: string, domain: string) => onnxFile(field(7, field(1, concat(field(4, operator), field(7, domain)))));
    expect(await scanBytes(using('Gate', 'com.acme'))).toMatchObject({ verdict: 'clean', findings: [{ rule: 'graph-custom-operator' }] });
    expect(await scanBytes(using('FusedMatMul', 'com.microsoft'))).toMatchObject(clean('onnx'));
    expect(await scanBytes(using('PythonOp', 'com.microsoft'))).toMatchObject({ verdict: 'malicious', findings: [{ rule: 'graph-code' }] });
  });
  it('of many kilobytes is read to its end', async () => {
    const tensor = concat(field(1, 2), field(8, 'big'), field(9, new Uint8Array(300_000).fill(0x0a)));
    const graphOf = (...more: readonly Uint8Array[]) =>
      onnxFile(
        field(7, concat(...new Array<Uint8Array>(3000).fill(field(1, field(4, 'Relu'))), field(5, tensor), field(5, tensor), ...more)),
      );
    expect(await scanBytes(graphOf())).toMatchObject(clean('onnx'));
    const found = await scanBytes(graphOf(field(5, external('../x')), field(1, field(4, 'PythonOp'))));
    expect(found).toMatchObject({ verdict: 'malicious', status: 'complete' });
    expect(rules(found)).toEqual(['graph-code', 'onnx-external-path']);
  });
  it('with other fields is suspicious', async () => {
    expect(rules(await scanBytes(onnxFile(field(6, 'x'.repeat(5000)), field(99, 'hidden'))))).toEqual(['format-trailing-data']);
  });
});

describe('flatbuffers', () => {
  it('of known operators are clean, custom ones are told', async () => {
    expect(await scanBytes(tfliteFile())).toMatchObject(clean('tflite'));
    expect(await scanBytes(programFile(), 'a.pte')).toMatchObject(clean('executorch'));
    expect(await scanBytes(tfliteFile({ codes: ['Gate', 9] }))).toMatchObject({
      verdict: 'clean',
      findings: [{ rule: 'graph-custom-operator' }],
    });
    expect(await scanBytes(tfliteFile({ codes: ['FlexPyFunc', 9] }))).toMatchObject({ verdict: 'malicious' });
    for (const code of ['FlexWriteFile', 'FlexReadFile', 'FlexSaveDatasetV2', 'FlexTFRecordDataset', 'FlexPrintV2'])
      expect(await scanBytes(tfliteFile({ codes: [code, 9] })), code).toMatchObject({ verdict: 'suspicious' });
    expect(await scanBytes(tfliteFile({ codes: ['FlexNumericPyFunc', 9] }))).toMatchObject({ verdict: 'malicious' });
  });
  it('that are cut off are not clean', async () => {
    const bytes = tfliteFile();
    expect(await scanBytes(bytes.subarray(0, bytes.length >> 1))).toMatchObject({
      verdict: 'unknown',
      findings: [{ rule: 'format-broken' }],
    });
  });
});

describe('machine code', () => {
  const elf = concat(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), new Uint8Array(200));
  const pe = new Uint8Array(200);
  pe.set([0x4d, 0x5a]);
  pe[60] = 0x80;
  pe.set([0x50, 0x45], 0x80);
  const machO = concat(Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0), new Uint8Array(200));
  it.each([
    ['ELF', elf],
    ['PE', pe],
    ['Mach-O', machO],
  ])('of %s is suspicious, also in archives and under the names of models', async (kind, bytes) => {
    expect(await scanBytes(bytes, 'lib.so')).toMatchObject({
      verdict: 'suspicious',
      status: 'incomplete',
      findings: [{ rule: 'native-code', seen: { kind } }],
    });
    expect(rules(await scanBytes(bytes, 'model.safetensors'))).toContain('format-mismatch');
    expect(await scanBytes(zipFile([{ name: 'model/lib.so', bytes }]), 'model.pt2')).toMatchObject({ verdict: 'suspicious' });
  });
  it('is not seen in numbers that begin alike', async () => {
    expect(rules(await scanBytes(concat(utf8('MZ'), new Uint8Array(300).fill(7))))).not.toContain('native-code');
  });
});
