/** Small files made to cost much: time, memory or the call stack. */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat, readFacts } from '../../src/formats/index.js';
import { readHdf5 } from '../../src/formats/shared/hdf5/index.js';
import { openZip } from '../../src/formats/shared/zip.js';
import { concat, field, safetensorsFile, utf8 } from '../support/builders.js';
import { hardLink, hdf5File, linkInfo } from '../support/hdf5.js';
import { npyFile } from '../support/numpy.js';
import { instance, little, op, type Plain, tuple } from '../support/pickle.js';
import { tarFile } from '../support/pytorch.js';
import { array, list, skopsFile } from '../support/skops.js';
import { bundleEntry, bundleHeader, table } from '../support/tensorflow.js';

const LONG = 100_000;
const read = (name: string, bytes: Uint8Array, limits = DEFAULT_LIMITS) => readFacts(bytesSource(name, bytes), limits);
const factsOf = async (name: string, bytes: Uint8Array) => (await read(name, bytes))?.facts;
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const repeated = (bytes: Uint8Array, times: number): Uint8Array => {
  const all = new Uint8Array(bytes.byteLength * times);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.byteLength);
  return all;
};

describe('a pickle', () => {
  it.each(['0x_', '0b', '0o_'])('with the integer %s is none', async (digits) => {
    expect(await detectFormat(bytesSource('m.pkl', utf8(`(I${digits}\nI${digits}\nt.`)))).toBeUndefined();
  });
  it('whose calls nest without end is refused', async () => {
    const calls = [repeated(op.global('a', 'b'), LONG), op.none, repeated(concat(op.tuple1, op.reduce), LONG)];
    await expect(read('m.pkl', concat(op.proto(2), ...calls, op.stop))).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
  });
  it('that pairs long texts as imports is known by its place', async () => {
    const names = Array.from({ length: 100 }, (_, i) => concat(op.text(`${i}`.padEnd(65_000, 'a')), op.put(i), op.pop));
    const pairs = names.flatMap((_, i) => names.map((__, j) => concat(op.get(i), op.get(j), op.stackGlobal, op.pop)));
    const facts = await factsOf('m.pkl', concat(op.proto(4), ...names, ...pairs, op.none, op.stop));
    expect(facts).toMatchObject({ notInspected: ['imports whose names the pickle computes'] });
    expect(facts?.imports).toBeUndefined();
  });
  it('of estimators that stand inside each other is described in part', async () => {
    const pipeline = (steps: Plain) => instance('sklearn.pipeline', 'Pipeline', { steps, z: true });
    const levels = Array.from({ length: 8 }, (_, i) =>
      concat(pipeline(i === 0 ? [] : Array.from({ length: 30 }, () => tuple('a', op.get(i - 1)))), op.put(i), op.pop),
    );
    expect(await factsOf('m.pkl', concat(op.proto(4), ...levels, op.get(7), op.stop))).toMatchObject({
      architecture: { value: 'Pipeline' },
    });
  });
});

it('an ONNX operator may be named like a member of every object', async () => {
  const graph = field(7, field(1, field(4, 'constructor')));
  expect(await factsOf('m.onnx', concat(field(1, 8), graph))).toMatchObject({ metadata: { operators: 'constructor 1' } });
});

it('a zip archive may have very many members', async () => {
  const count = 200_000;
  const listing = repeated(concat(little(0x02014b50, 4), new Uint8Array(24), little(6, 2), new Uint8Array(16), utf8('000000')), count);
  for (let i = 0; i < count; i++) listing.set(utf8(String(i).padStart(6, '0')), i * 52 + 46);
  const local = concat(little(0x04034b50, 4), new Uint8Array(60));
  const record = concat(
    little(0x06064b50, 4),
    new Uint8Array(28),
    ...[count, listing.byteLength, local.byteLength].map((n) => little(n, 8)),
  );
  const locator = concat(little(0x07064b50, 4), new Uint8Array(4), little(local.byteLength + listing.byteLength, 8), new Uint8Array(4));
  const bytes = concat(local, listing, record, locator, little(0x06054b50, 4), new Uint8Array(18));
  expect((await openZip(bytesSource('a.zip', bytes), DEFAULT_LIMITS)).members.size).toBe(count);
});

describe('names that patterns are matched against', () => {
  const empty = { dtype: 'U8', shape: [0], data_offsets: [0, 0] };
  it.each([
    ['dots', '.'.repeat(LONG)],
    ['packed', 'quant_state.bitsandbytes__'.repeat(LONG / 20)],
  ])('may be long in safetensors: %s', async (_, name) => {
    expect(await factsOf('m.safetensors', safetensorsFile({ [name]: empty }, 0))).toMatchObject({ tensors: { count: 1, parameters: 0 } });
  });
  it('may be long in metadata', async () => {
    const key = `${'.chat_template'.repeat(LONG / 10)}.\n`;
    expect(await factsOf('m.safetensors', safetensorsFile({ __metadata__: { [key]: 'x' } }, 0))).toMatchObject({ role: 'weights' });
  });
  it('may be long in TensorFlow.js, and are then no names of programs', async () => {
    const generatedBy = `a${' '.repeat(LONG)}x`;
    expect((await factsOf('model.json', json({ generatedBy, modelTopology: {} })))?.producers).toBeUndefined();
  });
  it('may be long in the configuration of NeMo', async () => {
    const yaml = utf8(`name: tiny\na:${' '.repeat(LONG)}#\n`);
    expect(await factsOf('m.nemo', tarFile({ './model_config.yaml': yaml }))).toMatchObject({ name: { value: 'tiny' } });
  });
});

it('metadata of safetensors becomes facts of bounded size', async () => {
  const folders = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`folder-${i}`, 1]));
  const metadata = { 'modelspec.title': 'a'.repeat(LONG), 'modelspec.tags': 'a,'.repeat(8000), ss_tag_frequency: JSON.stringify(folders) };
  const facts = await factsOf('m.safetensors', safetensorsFile({ __metadata__: metadata }, 0));
  expect(facts?.name).toBeUndefined();
  expect(facts?.tags?.value).toHaveLength(1000);
  expect(facts?.datasets).toHaveLength(1000);
});

it('a data type of TensorFlow.js may be named like a member of every object', async () => {
  const weights = [{ name: 'w', shape: [2], dtype: 'constructor' }];
  expect((await factsOf('model.json', json({ weightsManifest: [{ paths: ['w.bin'], weights }] })))?.tensors).toEqual({
    count: 1,
    parameters: 2,
    dtypes: { constructor: 2 },
  });
});

it('metrics of Keras that nest without end are named in part', async () => {
  let metrics: unknown = 'last';
  for (let i = 0; i < 90; i++) metrics = [metrics, ...Array.from({ length: 999 }, (_, j) => `m${j}`)];
  const model = { modelTopology: { class_name: 'Model', config: {} }, trainingConfig: { loss: 'mse', metrics } };
  const facts = await factsOf('model.json', json(model));
  expect(facts?.hyperparameters?.map(({ value }) => value.name)).toEqual(['loss', 'metrics']);
});

it('a long name in OpenVINO is not held with everything below it', async () => {
  const name = 'A'.repeat(10 * LONG);
  const values = Array.from({ length: 3000 }, (_, i) => `<a${i} value="1"/>`).join('');
  const xml = utf8(`<?xml version="1.0"?><net name="m" version="11"><rt_info><b value="2"/><${name}>${values}</${name}></rt_info></net>`);
  expect((await factsOf('m.xml', xml))?.metadata).toEqual({ 'net.name': 'm', 'rt_info.b': '2' });
});

it('a long name of a group in HDF5 is paid for by each object in it', async () => {
  const inner = Array.from({ length: 20 }, (_, i) => hardLink(`d${i}`, i + 2));
  const bytes = hdf5File([[linkInfo(), hardLink('g'.repeat(60), 1)], [linkInfo(), ...inner], ...inner.map(() => [linkInfo()])]);
  const walk = (maxHeaderBytes: number) => readHdf5(bytesSource('m.h5', bytes), withLimits({ maxHeaderBytes }), { wanted: () => false });
  await expect(walk(1400)).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  expect((await walk(20_000)).objects).toHaveLength(22);
});

it('keys of a checkpoint that repeat each other are paid for in full', async () => {
  const names = Array.from({ length: 300 }, (_, i) => 'a'.repeat(i + 1));
  const bytes = table([['', bundleHeader()], ...names.map((name) => [name, bundleEntry(1, [], 4)] as const)]);
  await expect(read('m.index', bytes, withLimits({ maxHeaderBytes: 20_000 }))).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  expect(await read('m.index', bytes)).toMatchObject({ facts: { tensors: { count: 300 } } });
});

it('headers of arrays in skops are paid for together', async () => {
  const header = `${' '.repeat(5000)}{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}\n`;
  const names = Array.from({ length: 10 }, (_, i) => `${i}.npy`);
  const bytes = skopsFile(
    list(...names.map((name) => array(name))),
    names.map((name) => ({ name, bytes: npyFile(header, 8) })),
  );
  await expect(read('m.skops', bytes, withLimits({ maxReadBytes: 30_000 }))).rejects.toMatchObject({ code: 'ERR_LIMIT_BYTES' });
  expect(await read('m.skops', bytes)).toMatchObject({ facts: { tensors: { parameters: 10 } } });
});
