import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/core/byte-source.js';
import { MsbomError } from '../../src/core/error.js';
import { DEFAULT_LIMITS, withLimits } from '../../src/core/limits.js';
import { detectFormat } from '../../src/formats/index.js';
import { pytorch } from '../../src/formats/pytorch/index.js';
import { concat, utf8 } from '../support/builders.js';
import { fuzzReader } from '../support/fuzz.js';
import { call, instance, op, type Plain, pickle, tuple, value } from '../support/pickle.js';
import { hugeTorchFile, legacyFile, oldTarFile, storage, tarFile, tensor, torchFile, torchZip } from '../support/pytorch.js';

const read = (bytes: Uint8Array, limits = DEFAULT_LIMITS) => pytorch.read(bytesSource('m.pt', bytes), limits);
const describeBytes = async (bytes: Uint8Array) => pytorch.describe(await read(bytes));
const namesOf = async (bytes: Uint8Array) => pytorch.tensors(await read(bytes)).map(({ name }) => name);

const stateDict = {
  'embed.weight': tensor(storage('0', 6), [2, 3]),
  'head.weight': tensor(storage('0', 6), [2, 3]),
  'norm.steps': tensor(storage('1', 1, 'LongStorage'), []),
};
const optimizer = { state: { 0: { exp_avg: tensor(storage('2', 6), [2, 3]) } }, param_groups: [{ lr: 0.1 }] };

describe('a state dict', () => {
  it('counts tied weights once, and whole numbers that count steps not at all', async () => {
    const facts = await describeBytes(torchFile(stateDict, { 0: 24, 1: 8 }));
    expect(facts).toMatchObject({
      format: 'pytorch',
      formatVersion: '3',
      role: 'weights',
      tensors: { count: 3, parameters: 6, dtypes: { float32: 6 }, bytes: 32 },
      metadata: { form: 'zip', byteorder: 'little' },
      imports: ['collections.OrderedDict', 'torch.FloatStorage', 'torch.LongStorage', 'torch._utils._rebuild_tensor_v2'],
    });
    expect(facts.notInspected).toBeUndefined();
  });
  it('gives the same facts in the old form', async () => {
    const old = await describeBytes(legacyFile(stateDict, ['0', '1'], 8 + 24 + 8 + 8));
    expect(old).toMatchObject({ formatVersion: '1001', role: 'weights', tensors: { count: 3, parameters: 6, bytes: 32 } });
  });
  it('counts views of one storage by their parts, never beyond its size', async () => {
    const whole = storage('0', 12);
    const views = { a: tensor(whole, [2, 3]), b: tensor(whole, [6], 6), c: tensor(whole, [3, 2]), d: tensor(whole, [12]) };
    expect((await describeBytes(torchFile(views, { 0: 48 }))).tensors).toMatchObject({ count: 4, parameters: 12, bytes: 48 });
  });
  it('that Python 2 pickled as pairs is read', async () => {
    const pairs = call('collections', 'OrderedDict', [['w', stateDict['embed.weight']]]);
    expect(await namesOf(torchFile(pairs, { 0: 24 }))).toEqual(['w']);
  });
  it('of low-rank factors is an adapter', async () => {
    expect((await describeBytes(torchFile({ 'l.lora_A.weight': tensor(storage('0', 6), [2, 3]) }, { 0: 24 }))).role).toBe('adapter');
  });
  it('reads parameters of PyTorch 0.3, which have their tensor in their state', async () => {
    const parameter = instance('torch.nn.parameter', 'Parameter', tuple(stateDict['embed.weight'], true, null));
    expect((await describeBytes(torchFile({ w: parameter }, { 0: 24 }))).tensors).toMatchObject({ count: 1, parameters: 6 });
  });
});

describe('a checkpoint', () => {
  const storages = { 0: 24, 1: 8, 2: 24 };
  it('counts weights alone as parameters, and names every tensor', async () => {
    const bytes = torchFile({ model: stateDict, optimizer, epoch: 4, loss: tensor(storage('1', 1), []) }, storages);
    expect(await describeBytes(bytes)).toMatchObject({
      role: 'checkpoint',
      tensors: { count: 5, parameters: 6 },
      metadata: { epoch: '4' },
    });
    expect(await namesOf(bytes)).toEqual([
      'model.embed.weight',
      'model.head.weight',
      'model.norm.steps',
      'optimizer.state.0.exp_avg',
      'loss',
    ]);
  });
  it('has parts whose names only begin like those of training', async () => {
    const part = (key: string) => ({ w: tensor(storage(key, 2), [2]) });
    const parts = { encoder: part('0'), schedule_embed: part('1'), random_projection: part('2'), lossless: part('3') };
    const training = {
      Optimizer: part('4'),
      lr_scheduler_states: part('5'),
      cuda_rng: part('6'),
      optimizerD: part('7'),
      scaler: part('8'),
    };
    const keys = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i, 8]));
    expect((await describeBytes(torchFile({ ...parts, ...training }, keys))).tensors).toMatchObject({ count: 9, parameters: 8 });
  });
  it('is no state dict of quantised layers, whose packed weights have no names', async () => {
    const packed = tuple(tensor(storage('0', 6), [2, 3]), null);
    const bytes = torchFile(
      {
        'embed.weight': tensor(storage('2', 6), [6]),
        'fc.scale': tensor(storage('1', 1), []),
        'fc.zero_point': tensor(storage('1', 1), [], 1),
        'fc._packed_params._packed_params': packed,
        'lstm.0.param': concat(call('torch', 'ScriptObject'), tuple('quantized', packed), op.build),
      },
      storages,
    );
    expect(await describeBytes(bytes)).toMatchObject({ role: 'weights', tensors: { count: 5, parameters: 12 } });
  });
  it('does not count an averaged copy of the weights', async () => {
    const bytes = torchFile({ state_dict: stateDict, ema_state_dict: { w: tensor(storage('2', 6), [6]) } }, storages);
    expect((await describeBytes(bytes)).tensors).toMatchObject({ count: 4, parameters: 6 });
  });
  it('that is an optimiser state has no parameters', async () => {
    expect(await describeBytes(torchFile(optimizer, storages))).toMatchObject({
      role: 'optimizer-state',
      tensors: { count: 1, parameters: 0 },
    });
  });
  it.each<[string, Plain, Record<string, unknown>]>([
    [
      'a rate that nothing changed',
      { state: {}, param_groups: [{ lr: 0.5, weight_decay: 0.25, eps: 0.125, betas: [1, 2], params: [0] }] },
      { learning_rate: 0.5, weight_decay: 0.25, epsilon: 0.125 },
    ],
    [
      'where a schedule began, and not how far it came',
      { state: {}, param_groups: [{ lr: 0, initial_lr: 0.5, params: [0] }] },
      { learning_rate: 0.5 },
    ],
    [
      'no rate where a schedule stands beside it',
      { epoch: 1, lr_scheduler: {}, optimizer: { state: {}, param_groups: [{ lr: 0.5, momentum: 0.25, params: [0] }] } },
      { momentum: 0.25 },
    ],
    [
      'that on which all groups agree',
      {
        state: {},
        param_groups: [
          { lr: 0.5, weight_decay: 0, params: [0] },
          { lr: 0.5, weight_decay: 0.25, params: [1] },
        ],
      },
      { learning_rate: 0.5 },
    ],
    [
      'what the arguments do not say',
      { args: { lr: 0.25 }, optimizer: { state: {}, param_groups: [{ lr: 0.5, momentum: 0.25, params: [0] }] } },
      { lr: 0.25, momentum: 0.25 },
    ],
  ])('with an optimiser tells %s', async (_, root, settings) => {
    const { hyperparameters = [] } = await describeBytes(torchFile(root, storages));
    expect(Object.fromEntries(hyperparameters.map(({ value }) => [value.name, value.value]))).toEqual(settings);
  });
  it('of Lightning gives version and hyperparameters, and no credentials', async () => {
    const lightning = {
      'pytorch-lightning_version': '2.5.0',
      epoch: 1,
      state_dict: stateDict,
      hyper_parameters: { lr: 0.1, name: 'x', layers: [1], pad_token: '<pad>', api_key: 'K', hub_token: 'T', 'a/b': 1, __proto__x: 2 },
      datamodule_hyper_parameters: { lr: 0.2, batch: 8 },
    };
    const facts = await describeBytes(torchFile(lightning, storages));
    expect(facts.producers).toEqual([{ value: { name: 'pytorch-lightning', version: '2.5.0' }, key: 'pytorch-lightning_version' }]);
    expect(facts.hyperparameters?.map(({ key, value }) => [key, value.value])).toEqual([
      ['hyper_parameters.lr', 0.1],
      ['hyper_parameters.name', 'x'],
      ['hyper_parameters.pad_token', '<pad>'],
      ['datamodule_hyper_parameters.batch', 8],
    ]);
    expect(JSON.stringify(facts)).not.toMatch(/"[KT]"/);
    expect(facts.findings).toMatchObject([
      {
        id: 'private-data',
        message: expect.stringMatching(/left out: `hyper_parameters\.api_key`, `hyper_parameters\.hub_token`$/),
      },
    ]);
  });
  it('of Ultralytics gives licence, version, training arguments and the class of the model', async () => {
    const model = instance('ultralytics.nn.tasks', 'DetectionModel', {
      _parameters: { w: stateDict['embed.weight'] },
      _buffers: {},
      _modules: {
        0: instance('torch.nn.modules.conv', 'Conv2d', { _parameters: { weight: stateDict['norm.steps'] }, _buffers: {}, _modules: {} }),
      },
    });
    const bytes = torchFile(
      { model, train_args: { imgsz: 640 }, version: '8.3.0', license: 'AGPL-3.0', docs: 'https://docs.ultralytics.com' },
      storages,
    );
    expect(await describeBytes(bytes)).toMatchObject({
      architecture: { value: 'DetectionModel', key: 'model' },
      license: { value: 'AGPL-3.0', key: 'license' },
      producers: [{ value: { name: 'ultralytics', version: '8.3.0' } }],
      hyperparameters: [{ value: { name: 'imgsz', value: 640 } }],
    });
    expect(await namesOf(bytes)).toEqual(['model.w', 'model.0.weight']);
  });
  it('of arguments keeps places as metadata and drops tokens', async () => {
    const state = {
      output_dir: 'out',
      learning_rate: 0.1,
      num_train_epochs: 1,
      seed: 1,
      optim: call('transformers.training_args', 'OptimizerNames', 'adamw'),
      lr_scheduler_kwargs: null,
      hub_token: 'T',
      push_to_hub_token: null,
      wandb_api_key: '',
      use_auth_token: true,
      _n_gpu: 1,
      max_steps: op.line('F', 'inf'),
    };
    const facts = await describeBytes(torchFile(instance('transformers.training_args', 'TrainingArguments', state), {}));
    expect(facts).toMatchObject({ role: 'config', metadata: { output_dir: 'out' } });
    expect(facts.hyperparameters?.map(({ value }) => [value.name, value.value])).toEqual([
      ['learning_rate', 0.1],
      ['num_train_epochs', 1],
      ['seed', 1],
      ['optim', 'adamw'],
      ['max_steps', 'inf'],
    ]);
    expect(JSON.stringify(facts)).not.toContain('"T"');
    expect(facts.findings?.map(({ message }) => message.split(': ')[1])).toEqual(['`hub_token`']);
  });
});

describe('other forms', () => {
  it('a module in the old form keeps its class outside of the pickle', async () => {
    const type = concat(tuple('module', op.global('net', 'Tiny'), 'net.py', 'class Tiny: pass'), op.persId);
    const state = { _parameters: { w: stateDict['embed.weight'] }, _buffers: {}, _modules: {} };
    const module = concat(type, op.emptyTuple, op.newObj, value(state), op.build);
    expect(await describeBytes(legacyFile(module, ['0'], 32))).toMatchObject({ architecture: { value: 'Tiny' }, tensors: { count: 1 } });
  });
  it('the tar form gives the tensors, whose names it keeps apart', async () => {
    expect(await describeBytes(oldTarFile())).toMatchObject({
      role: 'weights',
      tensors: { count: 1, parameters: 6, dtypes: { float32: 6 }, bytes: 24 },
      metadata: { form: 'tar' },
      notInspected: [expect.stringContaining('names')],
    });
  });
  it('TorchScript names what is not looked into', async () => {
    const bytes = torchFile(
      instance('__torch__.net', 'Tiny', { w: stateDict['embed.weight'] }),
      { 0: 24 },
      {
        'm/code/__torch__.py': 'class Tiny',
        'm/constants.pkl': pickle(tuple(tensor(storage('0', 2), [2]))),
        'm/constants/0': new Uint8Array(8),
        'm/extra/config.json': '{}',
        'm/bytecode.pkl': pickle(null),
      },
    );
    expect(await describeBytes(bytes)).toMatchObject({
      architecture: { value: 'Tiny' },
      tensors: { count: 2, parameters: 8 },
      metadata: { form: 'TorchScript' },
      notInspected: ['TorchScript code', 'extra files of the archive', 'the pickle bytecode.pkl'],
    });
    expect(await namesOf(bytes)).toEqual(['w', 'CONSTANTS.c0']);
  });
  it('an archive behind another is part of a distributed checkpoint', async () => {
    const part = torchFile(stateDict['embed.weight'] as Plain, { 0: 24 });
    const facts = await describeBytes(concat(part, part));
    expect(facts).toMatchObject({ role: 'checkpoint', notInspected: [expect.stringContaining('.metadata')] });
    expect(facts.tensors).toBeUndefined();
  });
  it('metadata of a distributed checkpoint names tensors and files, and follows none that leads out', async () => {
    const module = 'torch.distributed.checkpoint.metadata';
    const item = (dtype: string, ...size: readonly number[]) =>
      instance(module, 'TensorStorageMetadata', {
        properties: instance(module, 'TensorProperties', tuple(op.global('torch', dtype))),
        size: call('torch', 'Size', tuple(...size)),
      });
    const part = (path: string) => instance('torch.distributed.checkpoint.filesystem', '_StorageInfo', { relative_path: path });
    const parts = concat(
      op.emptyDict,
      op.mark,
      ...['__0_0.distcp', '../x', '__0_0.distcp'].flatMap((path) => [instance(module, 'MetadataIndex', {}), part(path)]),
      op.setItems,
    );
    const bytes = pickle(
      instance(module, 'Metadata', {
        state_dict_metadata: {
          'model.w': item('bfloat16', 4, 2),
          'optim.m': item('float32', 3),
          step: instance(module, 'BytesStorageMetadata', {}),
        },
        storage_data: parts,
      }),
    );
    expect(await detectFormat(bytesSource('.metadata', bytes))).toBe(pytorch);
    expect(await describeBytes(bytes)).toMatchObject({
      role: 'index',
      tensors: { count: 2, parameters: 8, dtypes: { bfloat16: 8 }, bytes: 28 },
      companions: ['__0_0.distcp'],
      findings: [{ id: 'external-data-outside', severity: 'high' }],
      metadata: { objects: 'step' },
    });
  });
  it('archives of more than four gigabytes are read without their data', async () => {
    const values = 3 * 2 ** 30;
    const source = hugeTorchFile({ w: tensor(storage('0', values), [3, 2 ** 30]) }, 4 * values);
    let bytesRead = 0;
    const counting = {
      ...source,
      read: (offset: number, length: number) => {
        bytesRead += length;
        return source.read(offset, length);
      },
    };
    expect(await detectFormat(counting)).toBe(pytorch);
    expect(pytorch.describe(await pytorch.read(counting, DEFAULT_LIMITS)).tensors).toMatchObject({ parameters: values, bytes: 4 * values });
    expect(bytesRead).toBeLessThan(1_000_000);
  });
  it('an archive of TorchServe gives name, version and the weights inside', async () => {
    const manifest = {
      createdOn: '01/02/2024 03:04:05',
      runtime: 'python',
      model: { modelName: 'tiny', modelVersion: '1.0', serializedFile: 'w.pt', handler: 'image_classifier' },
      archiverVersion: '0.9.0',
    };
    const bytes = torchZip({
      'MAR-INF/MANIFEST.json': JSON.stringify(manifest),
      'w.pt': torchFile(stateDict, { 0: 24, 1: 8 }),
      'model.py': 'pass',
    });
    expect(await detectFormat(bytesSource('tiny.mar', bytes))).toBe(pytorch);
    expect(await describeBytes(bytes)).toMatchObject({
      role: 'weights',
      name: { value: 'tiny', key: 'model.modelName' },
      version: { value: '1.0' },
      producers: [{ value: { name: 'torch-model-archiver', version: '0.9.0' } }],
      tensors: { count: 3, parameters: 6 },
      metadata: { form: 'TorchServe archive', handler: 'image_classifier', createdOn: '01/02/2024 03:04:05' },
      notInspected: ['files of the archive: model.py'],
    });
    const bare = torchZip({ 'MAR-INF/MANIFEST.json': '{}', 'w.pt': 'x' });
    expect((await describeBytes(bare)).notInspected).toEqual(['files of the archive: w.pt']);
  });
  it('an archive of NeMo gives the weights inside and the plain values of its configuration', async () => {
    const yaml =
      "name: tiny\ntarget: nemo.collections.asr.models.EncDecCTCModelBPE\nnemo_version: '2.1.0'\noptim:\n  lr: 0.1\nnothing: null\n";
    const weights = torchFile(stateDict, { 0: 24, 1: 8 });
    const bytes = tarFile({ './model_weights.ckpt': weights, './model_config.yaml': utf8(yaml), './tokenizer.model': utf8('x') });
    const facts = await describeBytes(bytes);
    expect(facts).toMatchObject({
      name: { value: 'tiny' },
      architecture: { value: 'EncDecCTCModelBPE', key: 'target' },
      producers: [{ value: { name: 'nemo', version: '2.1.0' } }],
      tensors: { count: 3, parameters: 6 },
      notInspected: ['nested values of model_config.yaml', 'files of the archive: tokenizer.model'],
    });
    expect(Object.keys(facts.metadata ?? {})).toEqual(['form', 'name', 'nemo_version', 'target']);
    expect(await detectFormat(bytesSource('tiny.nemo', bytes))).toBe(pytorch);
    await fuzzReader(pytorch, bytes, 50);
  });
  it('what its pickle leaves open is named', async () => {
    const computed = concat(op.int1(1), op.text('system'), op.stackGlobal);
    const array = concat(
      call('numpy.core.multiarray', '_reconstruct'),
      tuple(1, tuple(99), null, false, op.bytes(new Uint8Array(99))),
      op.build,
    );
    const root = { w: stateDict['embed.weight'], blob: op.bytes(new Uint8Array(100)), array, computed };
    const gaps = ['imports whose names the pickle computes', '100 bytes in byte strings and long texts (1), which may hold anything'];
    expect((await describeBytes(torchFile(root, { 0: 24 }))).notInspected).toEqual(gaps);
    expect((await describeBytes(legacyFile(root, ['0'], 32))).notInspected).toEqual(gaps);
  });
  it('bytes after the pickle are named', async () => {
    const bytes = torchZip({ 'm/data.pkl': concat(pickle(1), utf8('more')), 'm/version': '3' });
    expect((await describeBytes(bytes)).notInspected).toEqual(['4 bytes after the pickle in data.pkl']);
    expect((await describeBytes(legacyFile(stateDict, ['0', '1'], 48 + 5))).notInspected).toEqual(['5 bytes after the storages']);
  });
  it.each([
    ['zip', torchFile(stateDict, { 0: 24, 1: 8 })],
    ['old', legacyFile(stateDict, ['0', '1'], 48)],
    ['tar', oldTarFile()],
  ])('%s is recognised by its content', async (_form, bytes) => {
    expect(await detectFormat(bytesSource('model.bin', bytes))).toBe(pytorch);
  });
  it.each([
    ['another archive', torchZip({ 'a.txt': 'x' })],
    ['another tar archive', tarFile({ 'readme.txt': utf8('x') })],
  ])('%s is not', async (_form, bytes) => {
    expect(await detectFormat(bytesSource('model.pt', bytes))).not.toBe(pytorch);
  });
});

describe('a broken file', () => {
  const program = (config: string) =>
    torchZip({
      'm/archive_format': 'pt2',
      'm/archive_version': '0',
      'm/models/model.json': '{}',
      'm/data/weights/model_weights_config.json': config,
    });
  const weight = { w: { path_name: 'weight_0', tensor_meta: { dtype: 7, sizes: [{ as_int: 4 }] } } };
  it.each<[string, Uint8Array, string]>([
    ['without a storage', torchFile(stateDict, { 0: 24 }), 'ERR_FORMAT_MALFORMED'],
    ['with a short storage', torchFile(stateDict, { 0: 23, 1: 8 }), 'ERR_FORMAT_TRUNCATED'],
    ['without a pickle', torchZip({ 'm/version': '3' }), 'ERR_FORMAT_MALFORMED'],
    ['with half a pickle', torchZip({ 'm/data.pkl': pickle(stateDict).slice(0, 40), 'm/version': '3' }), 'ERR_FORMAT_TRUNCATED'],
    ['in the old form, cut off', legacyFile(stateDict, ['0', '1'], 40), 'ERR_FORMAT_TRUNCATED'],
    ['of another protocol', legacyFile(stateDict, [], 0, 1002), 'ERR_FORMAT_UNSUPPORTED'],
    ['in the tar form, without tensors', tarFile({ pickle: pickle(1) }), 'ERR_FORMAT_MALFORMED'],
    ['in the tar form, with too many values', oldTarFile([2 ** 40, 2 ** 40]), 'ERR_FORMAT_MALFORMED'],
    ['of a program without its data', program(JSON.stringify({ config: weight })), 'ERR_FORMAT_TRUNCATED'],
    ['of a program that is not JSON', program('{'), 'ERR_FORMAT_MALFORMED'],
    ['with names without end', torchFile({ ['n'.repeat(5000)]: stateDict['embed.weight'] }, { 0: 24 }), 'ERR_LIMIT_BYTES'],
  ])('%s', async (_what, bytes, code) => {
    const outcome: unknown = await read(bytes).catch((reason: unknown) => reason);
    expect(MsbomError.is(outcome) && [outcome.code, outcome.file, outcome.offset !== undefined]).toEqual([code, 'm.pt', true]);
  });
  it('with deep nesting', async () => {
    const deep = Array.from({ length: 300 }).reduce<Plain>((inner) => ({ a: inner }), 1);
    await expect(read(torchFile(deep, {}))).rejects.toMatchObject({ code: 'ERR_LIMIT_DEPTH' });
  });
  it('that shares a value without end is read once', async () => {
    const bomb = concat(value(stateDict), ...Array.from({ length: 150 }, () => concat(op.dup, op.tuple2)));
    expect(await namesOf(torchFile(bomb, { 0: 24, 1: 8 }))).toHaveLength(3);
    const tensors = concat(op.emptyList, op.mark, stateDict['embed.weight'], ...Array.from({ length: 200 }, () => op.dup), op.appends);
    await expect(read(torchFile(tensors, { 0: 24 }), withLimits({ maxItems: 150 }))).rejects.toMatchObject({ code: 'ERR_LIMIT_COUNT' });
  });
  it.each(['program.pt2', 'old.pt2', 'frozen.pt', 'kinds.pt', 'distributed/.metadata', 'training_args.bin'])(
    'that PyTorch wrote as %s may be broken anywhere',
    async (name) => {
      const path = fileURLToPath(new URL(`../fixtures/formats/pytorch/${name}`, import.meta.url));
      await fuzzReader(pytorch, new Uint8Array(readFileSync(path)));
    },
  );
  it.each([
    ['zip', torchFile({ model: stateDict, optimizer }, { 0: 24, 1: 8, 2: 24 })],
    ['old', legacyFile(stateDict, ['0', '1'], 48)],
    ['tar', oldTarFile()],
  ])('of the %s form may be broken anywhere', async (_form, bytes) => {
    await fuzzReader(pytorch, bytes);
  });
});
