/** Programs of PyTorch: TorchScript, bytecode for phones, exported graphs. What they call is judged by its operators. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FileScan } from '../../src/scan/index.js';
import { concat, utf8 } from '../support/builders.js';
import { op, pickle } from '../support/pickle.js';
import { HARMLESS, torchMembers } from '../support/scan/archives.js';
import { scanBytes } from '../support/scan/scan.js';
import { zipFile } from '../support/zip.js';

const HEAD =
  'class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n';
const body = (line: string): string => `${HEAD}    ${line.replaceAll('\n', '\n    ')}\n    return x\n`;
const archive = (code: string, name = 'archive/code/__torch__.py'): Promise<FileScan> =>
  scanBytes(zipFile([...torchMembers(HARMLESS), { name, bytes: utf8(code) }]), 'model.pt');
const rules = ({ findings }: FileScan): readonly string[] => findings.map(({ rule, severity }) => `${rule} ${severity}`);

describe('TorchScript', () => {
  it.each([
    ['_0 = torch.save(x, "/tmp/x")', 'high'],
    ['_0 = torch.from_file("/etc/hostname", True, 8)', 'high'],
    ['_0 = ops.aten.from_file("/etc/hostname")', 'high'],
    ['t = torch\n_0 = t.save(x, "/tmp/x")', 'high'],
    ['t = ops\nu = t.aten\n_0 = u.save(x, "/tmp/x")', 'high'],
    ['_0 = getattr(torch, "save")(x, "/tmp/x")', 'high'],
    ['_0 = getattr(getattr(ops, "aten"), "save")(x, "/tmp/x")', 'high'],
    ['_0 = (torch).save(x, "/tmp/x")', 'high'],
    ['_0 = ((torch)).save(x, "/tmp/x")', 'high'],
    ['_0 = (ops).image.write_file("/tmp/x", x)', 'high'],
    ['_0 = ops.image.read_file("/etc/hostname")', 'medium'],
    ['_0 = torch.ops.image.read_file("/etc/hostname")', 'medium'],
    ['_0 = rpc_async("worker", f, (x,))', 'high'],
    ['_0 = ops.c10d.send(x)', 'high'],
    ['_0 = ops._c10d_functional.broadcast(x, 0, "0")', 'high'],
    ['_0 = __torch__.torch.classes.torchvision.Video.__new__(__torch__.torch.classes.torchvision.Video)', 'high'],
  ])('that touches files or the network is suspicious: %s', async (line, severity) => {
    const found = await archive(body(line));
    expect(found).toMatchObject({ verdict: 'suspicious', status: 'complete' });
    expect(rules(found)).toContain(`graph-file ${severity}`);
    expect(found.findings[0]?.member).toBe('archive/code/__torch__.py');
  });
  it('is known by its archive, whatever its modules are called', async () => {
    expect(await archive(body('_0 = torch.save(x, "/tmp/x")'), 'archive/code/acme/net.py')).toMatchObject({ verdict: 'suspicious' });
    const harmless = 'import torch\ntorch.save(model, "a.pt")\n';
    const served = zipFile([{ name: 'm/code/inference.py', bytes: utf8(harmless) }]);
    expect(await scanBytes(served, 'model.zip')).toMatchObject({ verdict: 'clean' });
  });
  it('that is Python in truth is judged as that', async () => {
    expect(rules(await archive('import os\nos.system("echo")\n'))).toContain('python-process medium');
    expect(await archive('import base64\nexec(base64.b64decode("aaaa"))\n')).toMatchObject({ verdict: 'malicious' });
  });
  it('that computes is clean, and operators and classes of others are told', async () => {
    const plain = await archive(
      body(
        '_0 = torch.add(x, ops.quantized.linear(x))\n_1 = (self.encoder).forward(x)\n_2 = (self.inner).save(x)\n_3 = self.load_library(x)',
      ),
    );
    expect(plain).toMatchObject({ verdict: 'clean', status: 'complete', findings: [] });
    const custom = await archive(
      body('_0 = ops.torchvision.nms(x)\n_1 = __torch__.torch.classes.acme.Box.__new__(__torch__.torch.classes.acme.Box)'),
    );
    expect(custom).toMatchObject({ verdict: 'clean', status: 'complete' });
    expect(custom.findings.map(({ rule, seen }) => [rule, seen])).toEqual([
      ['graph-custom-operator', { classes: ['acme.Box'] }],
      ['graph-custom-operator', { operators: ['torchvision.nms'] }],
    ]);
  });
});

describe('programs of PyTorch Mobile', () => {
  const bytecode = (name: string): Promise<FileScan> =>
    scanBytes(zipFile([...torchMembers(HARMLESS), { name: 'archive/bytecode.pkl', bytes: pickle(['operators', name]) }]), 'model.ptl');
  it('are judged by the operators of their bytecode', async () => {
    expect(rules(await bytecode('aten::save'))).toEqual(['graph-file high']);
    expect(rules(await bytecode('acme::op'))).toEqual(['graph-custom-operator info']);
    expect(await bytecode('aten::add')).toMatchObject({ verdict: 'clean', status: 'complete', findings: [] });
  });
  it('as flatbuffers are not complete, and their operators are told', async () => {
    const flat = concat(Uint8Array.of(8, 0, 0, 0), utf8('PTMF'), new Uint8Array(2 ** 20), utf8('aten::from_file'), new Uint8Array(8));
    const found = await scanBytes(flat, 'model.ptl');
    expect(found).toMatchObject({ verdict: 'suspicious', status: 'incomplete', formats: ['pytorch-mobile'] });
    expect(await scanBytes(flat.subarray(0, 64), 'model.ptl')).toMatchObject({ verdict: 'unknown', status: 'incomplete' });
  });
  it('that only their name calls so are nothing known', async () => {
    expect(await scanBytes(Uint8Array.of(9, 1, 255, 7, 9, 12), 'bytecode.pkl')).toMatchObject({ verdict: 'unknown' });
  });
});

describe('graphs of torch.export', () => {
  const graph = (target: string): Promise<FileScan> =>
    scanBytes(utf8(JSON.stringify({ graph_module: { graph: { nodes: [{ target, inputs: [] }] } } })), 'model.json');
  it('are judged by their targets', async () => {
    expect(rules(await graph('torch.ops.aten.from_file.default'))).toEqual(['graph-file high']);
    expect(rules(await graph('torch.ops.acme.op.default'))).toEqual(['graph-custom-operator info']);
    expect(await graph('torch.ops.aten.add.Tensor')).toMatchObject({ verdict: 'clean', findings: [] });
  });
});

describe('models that need what is of others', () => {
  const file = (name: string): Promise<FileScan> =>
    scanBytes(new Uint8Array(readFileSync(new URL(`../fixtures/formats/${name}`, import.meta.url))), name);
  it('of Core ML tell the classes', async () => {
    const found = await file('coreml/custom.mlmodel');
    expect(found).toMatchObject({ verdict: 'clean', findings: [{ rule: 'graph-custom-operator' }] });
    expect(found.findings[0]?.message).toContain('classes of others');
  });
  it('of ExecuTorch tell the operators', async () => {
    expect(await file('executorch/plain.pte')).toMatchObject({ verdict: 'clean', findings: [] });
  });
  it('of Core ML tell the models that they take from files', async () => {
    const text = (field: number, value: Uint8Array): Uint8Array => concat(Uint8Array.of(field, value.length), value);
    const varint = (...bytes: readonly number[]): Uint8Array => Uint8Array.of(...bytes);
    for (const [path, severity] of [
      ['other.mlmodelc', 'medium'],
      ['../../other.mlmodelc', 'high'],
    ] as const) {
      // Model {1: 4, 2: {}, 556: {1: {1: {1: path}}}}
      const linked = text(0x0a, text(0x0a, text(0x0a, utf8(path))));
      const model = concat(varint(8, 4, 0x12, 0), varint(0xe2, 0x22, linked.length), linked);
      expect(rules(await scanBytes(model, 'm.mlmodel'))).toEqual([`graph-file ${severity}`]);
    }
  });
});

describe('classes of machine code in the data of TorchScript', () => {
  const data = (module: string, name: string): Promise<FileScan> =>
    scanBytes(zipFile(torchMembers(concat(op.proto(2), op.global(module, name), op.emptyTuple, op.newObj, op.stop))), 'model.pt');
  it('are what torch makes, unless they read files', async () => {
    expect(await data('__torch__.torch.classes.quantized', 'LinearPackedParamsBase')).toMatchObject({ verdict: 'clean', findings: [] });
    expect(await data('torch', 'ScriptObject')).toMatchObject({ verdict: 'clean', findings: [] });
    expect(await data('__torch__.torch.classes.torchvision', 'Video')).toMatchObject({ verdict: 'malicious' });
    expect(await data('__torch__.torch.classes.quantized', 'a.os.system')).toMatchObject({ verdict: 'malicious' });
    expect(await data('__torch__.os', 'system')).toMatchObject({ verdict: 'malicious' });
  });
});
