/** Shapes that libraries write and that look like attacks, each beside the nearest attack. */
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../support/builders.js';
import { call, little, op, pickle, tuple, value } from '../support/pickle.js';
import { tensor } from '../support/scan/benign.js';
import { scanBytes } from '../support/scan/scan.js';
import { zipFile } from '../support/zip.js';

const CLEAN = { status: 'complete', verdict: 'clean' };
const evil = concat(op.proto(2), call('os', 'system', 'echo'), op.stop);

describe('torch before its zip form', () => {
  const magic = op.long1(Uint8Array.of(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19));
  const framed = (protocol: number, body: Uint8Array): Uint8Array => concat(op.proto(protocol), op.frame(body.length + 1), body, op.stop);
  /** The five pickles, then the length of the storage and its numbers. */
  const legacy = (protocol: number, data: Uint8Array): Uint8Array =>
    concat(
      protocol < 4 ? concat(op.proto(protocol), magic, op.stop) : framed(protocol, magic),
      pickle(1001, protocol),
      pickle({ little_endian: true }, protocol),
      pickle(data, protocol),
      pickle(['0'], protocol),
      little(4, 8),
      new Uint8Array(16),
    );
  it.each([2, 3, 4, 5])('in protocol %i', async (protocol) => {
    const { formats, ...found } = await scanBytes(legacy(protocol, tensor('0', 4)), 'model.pth');
    expect(found).toMatchObject(CLEAN);
    expect(formats).toEqual(['pytorch-legacy']);
    expect(await scanBytes(legacy(protocol, call('os', 'system', 'echo')), 'model.pth')).toMatchObject({ verdict: 'malicious' });
  });
  it('keeps classes of modules in persistent ids, which are judged as the classes', async () => {
    const saved = (module: string, name: string): Uint8Array =>
      concat(tuple('module', op.global(module, name), '/lib/loss.py', 'class Loss: ...'), op.persId, op.emptyTuple, op.newObj);
    expect(await scanBytes(legacy(2, tuple(saved('torch.nn.modules.loss', 'MSELoss'), tensor('0', 4))))).toMatchObject(CLEAN);
    expect(await scanBytes(legacy(2, saved('subprocess', 'Popen')))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('a zip archive read as a pickle', () => {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117);
  const array = (inner: Uint8Array): Uint8Array =>
    concat(Uint8Array.of(0x93), utf8('NUMPY'), Uint8Array.of(1, 0, 118, 0), utf8(`${header}\n`), inner);
  it('is none when its first member goes on as one', async () => {
    const objects = pickle(['a', call('decimal', 'Decimal', '1')], 4);
    expect(await scanBytes(zipFile([{ name: 'words.npy', bytes: array(objects) }]), 'words.npz')).toMatchObject(CLEAN);
    const { verdict, findings } = await scanBytes(zipFile([{ name: 'words.npy', bytes: array(evil) }]), 'words.npz');
    expect(verdict).toBe('malicious');
    expect(findings.some(({ member }) => member?.startsWith('words.npy') === true)).toBe(true);
  });
  it('is none when the line end stands in a name of a class', async () => {
    const scheduler = concat(op.global('torch.optim.lr_scheduler', 'CosineAnnealingLR'), op.emptyTuple, op.newObj, op.emptyDict, op.build);
    expect(await scanBytes(zipFile([{ name: 'a/data.pkl', bytes: pickle(scheduler) }]), 'a.pt')).toMatchObject(CLEAN);
  });
  it('is one when it runs something that is known to be dangerous', async () => {
    const start = op.line('P', 'K\u0003\u0004');
    const archive = zipFile([{ name: 'a.txt', bytes: utf8('x') }]);
    const { findings } = await scanBytes(concat(start, op.pop, evil, archive), 'a.pkl');
    expect(findings.map(({ rule }) => rule)).toContain('pickle-denied-call');
  });
});

describe('a model of Keras in a pickle of protocol 2', () => {
  const packed = (member: Uint8Array): Uint8Array => {
    const archive = zipFile([
      { name: 'config.json', bytes: utf8('{"a": 1}') },
      { name: 'model.weights.bin', bytes: member },
    ]);
    const text = Buffer.from(archive).toString('latin1');
    return pickle(
      call('keras.src.models.functional', 'Functional._unpickle_model', call('_io', 'BytesIO', call('_codecs', 'encode', text, 'latin1'))),
    );
  };
  it('is scanned as the archive that it is', async () => {
    expect(await scanBytes(packed(pickle({ a: 'é'.repeat(300) })))).toMatchObject(CLEAN);
    const { verdict, findings } = await scanBytes(packed(concat(pickle({ a: 'é'.repeat(300) }), evil)));
    expect(verdict).toBe('malicious');
    expect(findings.some(({ member }) => member?.endsWith('model.weights.bin') === true)).toBe(true);
  });
});

describe('dill', () => {
  const type = (name: string): Uint8Array => call('dill._dill', '_load_type', name);
  it('names types', async () => {
    expect(await scanBytes(pickle(concat(type('set'), tuple([1, 2]), op.reduce)))).toMatchObject(CLEAN);
    for (const name of ['CodeType', 'FunctionType', 'SuperType', 'eval'])
      expect(await scanBytes(pickle(concat(type(name), tuple(1), op.reduce))), name).toMatchObject({ verdict: 'malicious' });
  });
  it('makes arrays by a function, which is judged', async () => {
    const reconstruct = op.global('numpy.core.multiarray', '_reconstruct');
    const args = tuple(op.global('numpy', 'ndarray'), tuple(0), op.shortBytes(utf8('b')));
    expect(await scanBytes(pickle(call('dill._dill', '_create_array', reconstruct, args, tuple(1), null)))).toMatchObject(CLEAN);
    const by = (callee: Uint8Array | string): Uint8Array => pickle(call('dill._dill', '_create_array', callee, tuple('echo'), null));
    expect(await scanBytes(by(op.global('os', 'system')))).toMatchObject({ verdict: 'malicious' });
    expect(await scanBytes(by('text'))).toMatchObject({ verdict: 'malicious' });
  });
  it('evaluates ranges, and nothing else', async () => {
    const evaluated = (text: string): Promise<{ verdict: string }> => scanBytes(pickle(call('dill._dill', '_eval_repr', text)));
    expect(await evaluated('range(0, 10, -2)')).toMatchObject(CLEAN);
    for (const text of ['range(exit())', 'range', '__import__("os")', 'range(1) or exit()', 'xrange(0, a)'])
      expect(await evaluated(text), text).toMatchObject({ verdict: 'malicious' });
  });
  it('makes partial functions of functions that are judged', async () => {
    const of = (by: Uint8Array, callee: Uint8Array): Uint8Array => pickle(call('dill._dill', '_create_ftype', by, callee, tuple(1), null));
    expect(await scanBytes(of(type('PartialType'), op.global('numpy', 'mean')))).toMatchObject(CLEAN);
    expect(await scanBytes(of(op.global('functools', 'reduce'), op.global('numpy', 'mean')))).toMatchObject({ verdict: 'malicious' });
    expect(await scanBytes(of(type('PartialType'), op.global('os', 'system')))).toMatchObject({ verdict: 'malicious' });
  });
});

describe('pickles in texts', () => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const long = base64(concat(op.proto(2), call('os', 'system', 'e'.repeat(300)), op.stop));
  const folded = (long.match(/.{1,76}/g) ?? []).join('\n    ');
  it.each([
    ['a value of JSON', JSON.stringify({ a: [{ model: base64(evil) }] })],
    ['a value of JSON with escapes', `{"a": "${long.replaceAll('/', '\\/')}"}`],
    ['base64 for URLs', JSON.stringify({ a: Buffer.from(evil).toString('base64url') })],
    ['a data URL', JSON.stringify({ a: `data:application/octet-stream;base64,${base64(evil)}` })],
    ['hexadecimal', JSON.stringify({ a: Buffer.from(evil).toString('hex') })],
    ['a folded value of YAML', `model: |\n    ${folded}\nname: a\n`],
    ['a line of settings', `[model]\nweights=${base64(evil)}\n`],
    ['an archive', JSON.stringify({ a: base64(zipFile([{ name: 'a/data.pkl', bytes: evil }])) })],
  ])('as %s are scanned', async (_, text) => {
    const { verdict, findings } = await scanBytes(utf8(text), 'config.json');
    expect(verdict).toBe('malicious');
    expect(findings.find(({ rule }) => rule === 'pickle-denied-call')?.member).toMatch(/^encoded@\d+/);
  });
  it('are no digests, harmless pickles or texts that begin like them', async () => {
    const digests = Array.from({ length: 200 }, (_, i) => `8003${String(i).padStart(60, '0')}`);
    for (const text of [
      JSON.stringify(digests),
      JSON.stringify({ a: base64(pickle({ weights: value([1, 2, 3]) })), b: 'gAAAAABkeyOfFernetIsNotAPickle0000000000000000000' }),
    ])
      expect(await scanBytes(utf8(text), 'config.json')).toMatchObject(CLEAN);
  });
});
