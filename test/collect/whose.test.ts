/** Whose fact is it? Each row of the table in docs/collect.md is a directory here. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectDirectory } from '../../src/collect/disk/directory.js';
import type { Manifest, Model } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { onnxFile, safetensorsFile } from '../support/builders.js';
import { temporaryDirectory } from '../support/temporary.js';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Weights of so many values; the name of the tensor makes files differ. */
const weights = (count: number, dtype: 'F32' | 'F16' = 'F32', name = 'w'): Uint8Array => {
  const bytes = count * (dtype === 'F32' ? 4 : 2);
  return safetensorsFile({ [name]: { dtype, shape: [count], data_offsets: [0, bytes] } }, bytes);
};
const lora = weights(2, 'F32', 'base_model.model.q.lora_A.weight');
const config = (architecture: string, more: object = {}): string =>
  JSON.stringify({ architectures: [architecture], model_type: 'x', ...more });
const card = (license: string, more = ''): string => `---\nlicense: ${license}\n${more}---\n`;
const state = (epochs: number): string =>
  JSON.stringify({ num_train_epochs: epochs, global_step: 4, epoch: epochs, log_history: [{ step: 4, loss: 0.5 }] });
const adapterConfig = JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: 'acme/base', r: 4 });

async function described(files: Files, options: { readonly select?: string } = {}) {
  const { manifest, findings } = await collectDirectory(temporaryDirectory(files), { now: '2026-11-30T00:00:00Z', ...options });
  expect(validateManifest(manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  return { manifest, findings, ids: findings.map(({ id }) => id) };
}

/** The model that a file is listed with; the subject where none lists it. */
const ownerOf = ({ models = {}, model }: Manifest, path: string): Model | undefined =>
  Object.values(models).find(({ artifacts }) => artifacts?.includes(path)) ?? model;
const licensesOf = (model: Model | undefined) => model?.licenses?.map(({ expression }) => expression);

/** What must hold of the directory of a row. */
const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  'a file in the folder of weights': async () => {
    const { manifest } = await described({
      'a/model.safetensors': weights(3),
      'a/config.json': config('AModel'),
      'a/README.md': card('mit'),
      'a/trainer_state.json': state(3),
      'b/model.safetensors': weights(3),
      'b/config.json': config('BModel'),
      'b/README.md': card('apache-2.0'),
    });
    const [a, b] = [ownerOf(manifest, 'a/model.safetensors'), ownerOf(manifest, 'b/model.safetensors')];
    expect([a?.architecture?.name, b?.architecture?.name]).toEqual(['AModel', 'BModel']);
    expect([licensesOf(a), licensesOf(b)]).toEqual([['MIT'], ['Apache-2.0']]);
    expect([a?.training?.hyperparameters, b?.training]).toEqual([{ num_train_epochs: 3 }, undefined]);
    expect(manifest.model?.training).toBeUndefined();
    expect(manifest.model?.parameterCount).toBeUndefined();
  },
  'a file above the weights of one model': async () => {
    const { manifest } = await described({
      'run/trainer_state.json': state(2),
      'run/weights/model.safetensors': weights(3),
      'other/model.safetensors': weights(4),
    });
    expect(ownerOf(manifest, 'run/weights/model.safetensors')?.training?.hyperparameters).toEqual({ num_train_epochs: 2 });
    expect(ownerOf(manifest, 'other/model.safetensors')?.training).toBeUndefined();
  },
  'a file below weights, with none nearer': async () => {
    const { manifest } = await described({
      'model.safetensors': weights(3),
      'logs/trainer_state.json': state(2),
      'lora/adapter_model.safetensors': lora,
      'lora/adapter_config.json': adapterConfig,
      'lora/logs/trainer_state.json': state(5),
    });
    expect(manifest.model?.training?.hyperparameters).toEqual({ num_train_epochs: 2 });
    expect(manifest.models?.lora?.training?.hyperparameters).toEqual({ lora_r: 4, num_train_epochs: 5 });
  },
  'a file beside all models': async () => {
    const { manifest, ids } = await described({
      'README.md': card('mit', 'model-index:\n- name: both\n'),
      'a/model.safetensors': weights(3),
      'b/model.safetensors': weights(4),
    });
    expect(ids).toContain('several-models');
    expect([manifest.model?.name, licensesOf(manifest.model)]).toEqual(['both', ['MIT']]);
    expect(Object.values(manifest.models ?? {}).map(licensesOf)).toEqual([undefined, undefined]);
  },
  'a save of a run': async () => {
    const { manifest, ids } = await described({
      'out/model.safetensors': weights(3),
      'out/checkpoint-10/model.safetensors': weights(3),
      'out/checkpoint-10/trainer_state.json': state(1),
      'out/trainer_state.json': state(2),
    });
    expect(manifest.models).toBeUndefined();
    expect(manifest.model).toMatchObject({ parameterCount: { total: 3 }, training: { hyperparameters: { num_train_epochs: 2 } } });
    expect(manifest.artifacts?.['out/checkpoint-10/model.safetensors']?.role).toBe('checkpoint');
    expect(ids).toEqual([]);
  },
  'an adapter beside a model': async () => {
    const { manifest } = await described({
      'base/model.safetensors': weights(3),
      'base/config.json': config('AModel'),
      'style/adapter_model.safetensors': lora,
      'style/adapter_config.json': adapterConfig,
      'style/README.md': card('mit'),
    });
    expect(manifest.model).toMatchObject({
      architecture: { name: 'AModel' },
      parameterCount: { total: 3 },
      composition: { style: { model: 'style', relation: 'adapter' } },
    });
    expect([manifest.model?.lineage, manifest.model?.licenses]).toEqual([undefined, undefined]);
    const { style } = manifest.models ?? {};
    expect(style).toMatchObject({ kind: 'adapter', parameterCount: { total: 2 }, training: { methods: ['lora'] } });
    expect(licensesOf(style)).toEqual(['MIT']);
    expect(Object.values(style?.lineage?.parents ?? {})).toMatchObject([{ relation: 'adapter' }]);
  },
  'an adapter whose weights are elsewhere': async () => {
    const { manifest } = await described({ 'model.safetensors': weights(3), 'style/adapter_config.json': adapterConfig });
    expect(manifest.model?.lineage).toBeUndefined();
    expect(manifest.models?.style).toMatchObject({ kind: 'adapter', artifacts: ['style/adapter_config.json'] });
  },
  'copies in other formats and precisions': async () => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(8),
      'config.json': config('AModel'),
      'onnx/model.onnx': onnxFile(),
      'fp16/model.safetensors': weights(8, 'F16'),
      'tiny-F16.safetensors': weights(8, 'F16'),
    });
    expect(manifest.models).toBeUndefined();
    expect(ids).not.toContain('several-models');
    expect(manifest.model?.parameterCount).toEqual({ total: 8 });
  },
  'networks of other names in one folder': async () => {
    const { manifest, findings } = await described({
      'det.safetensors': weights(3),
      'det.json': '{}',
      'rec.safetensors': weights(3),
      'README.md': card('mit'),
    });
    expect(findings.find(({ id }) => id === 'several-models')?.message).toMatch(/det\.safetensors.*rec\.safetensors/);
    expect(Object.values(manifest.models ?? {}).map(({ artifacts }) => artifacts)).toEqual([
      ['det.json', 'det.safetensors'],
      ['rec.safetensors'],
    ]);
    expect(manifest.model?.parameterCount).toBeUndefined();
  },
  'trials of one network': async () => {
    const { manifest } = await described({
      'trial-0/model.safetensors': weights(3),
      'trial-0/config.json': config('AModel'),
      'trial-0/trainer_state.json': state(3),
      'trial-1/model.safetensors': weights(3),
      'trial-1/config.json': config('AModel'),
      'trial-1/trainer_state.json': state(3).replace('"global_step":4', '"global_step":5'),
    });
    expect(manifest.model).toMatchObject({ architecture: { name: 'AModel' }, training: { hyperparameters: { num_train_epochs: 3 } } });
    expect(manifest.model?.training?.metrics).toBeUndefined();
    expect(Object.keys(manifest.models ?? {})).toEqual(['trial-0', 'trial-1']);
  },
  'the run that has the weights': async () => {
    const { manifest, ids } = await described({
      'version_0/hparams.yaml': 'lr: 0.5\n',
      'version_1/hparams.yaml': 'lr: 0.02\n',
      'version_1/checkpoints/model.safetensors': weights(3),
    });
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 0.02 });
    expect(ids).toContain('several-runs');
  },
  'two cards of one model': async () => {
    const { manifest, ids } = await described({
      'README.md': card('mit', 'model-index:\n- name: far\n'),
      'weights/README.md': card('apache-2.0', 'model-index:\n- name: near\n'),
      'weights/model.safetensors': weights(3),
    });
    expect(manifest.model?.name).toBe('near');
    expect(ids).toContain('source-conflict');
  },
  'a card in a folder without weights': async () => {
    const { manifest } = await described({ 'model.safetensors': weights(3), 'src/README.md': card('mit'), 'docs/README.md': card('isc') });
    expect(licensesOf(manifest.model)).toEqual(['ISC']);
  },
  'a part of a pipeline': async () => {
    const { manifest } = await described({
      'model_index.json': JSON.stringify({ _class_name: 'APipeline', unet: ['diffusers', 'UNet'] }),
      'unet/config.json': config('UNet', { max_position_embeddings: 77 }),
      'unet/model.safetensors': weights(3),
    });
    expect(manifest.model).toMatchObject({ architecture: { name: 'APipeline' } });
    expect(manifest.model?.contextLength).toBeUndefined();
    expect(manifest.models?.unet).toMatchObject({ kind: 'part', architecture: { name: 'UNet' } });
  },
  'a dataset that one model used': async () => {
    const { manifest } = await described({
      'a/model.safetensors': weights(3),
      'a/README.md': card('mit', 'datasets:\n- acme/texts\n'),
      'b/model.safetensors': weights(4),
    });
    const id = Object.keys(manifest.datasets ?? {})[0] ?? '';
    expect(manifest.models?.a?.training?.uses).toEqual({ [id]: { dataset: id, role: 'training' } });
    expect([manifest.models?.b?.training, manifest.model?.training]).toEqual([undefined, undefined]);
  },
  'a result that one model reached': async () => {
    const index =
      'model-index:\n- name: a\n  results:\n  - task: {type: x}\n    dataset: {name: D, type: acme/d}\n    metrics:\n    - {type: f1, value: 0.5}\n';
    const { manifest } = await described({
      'a/model.safetensors': weights(3),
      'a/README.md': card('mit', index),
      'b/model.safetensors': weights(4),
    });
    expect(Object.values(manifest.evaluations ?? {}).map(({ model }) => model)).toEqual(['a']);
  },
};

describe('in docs/collect.md', () => {
  const page = readFileSync(new URL('../../docs/collect.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('## Which file speaks for which model'));
  const rows = table
    .slice(0, table.indexOf('\n## ', 5))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| what lies there'))
    .map((line) => line.split('|')[1]?.trim() ?? '');
  it('every row is tested', () => expect(rows).toEqual(Object.keys(ROWS)));
  it.each(Object.entries(ROWS))('%s', async (_, holds) => {
    await holds();
  });
});

describe('what lies beside a model', () => {
  it.each(['model', 'best_model', 'clf'])('is a scaler of its own: %s', async (name) => {
    const { manifest, ids } = await described({ [`${name}.safetensors`]: weights(3), 'scaler.safetensors': weights(2, 'F32', 'mean') });
    expect(manifest.model?.parameterCount).toEqual({ total: 3 });
    expect(manifest.models?.scaler).toMatchObject({ parameterCount: { total: 2 }, artifacts: ['scaler.safetensors'] });
    expect(ids).toEqual([]);
  });
  it('is a head that the library of the configuration does not load', async () => {
    const { manifest } = await described({
      'model.safetensors': weights(3),
      'config.json': config('AModel'),
      'head.safetensors': weights(2, 'F32', 'head'),
    });
    expect(manifest.model?.parameterCount).toEqual({ total: 3 });
    expect(manifest.models?.head?.parameterCount).toEqual({ total: 2 });
  });
  it('is a page, and the card of the Hub speaks', async () => {
    const { manifest, findings } = await described({
      'model.safetensors': weights(3),
      'MODEL_CARD.md': card('mit', 'model-index:\n- name: wrong\n'),
      'README.md': card('isc', 'model-index:\n- name: right\n'),
    });
    expect([manifest.model?.name, licensesOf(manifest.model)]).toEqual(['right', ['ISC']]);
    // What the page says of the licence is neither lost nor the model's.
    expect(findings.find(({ id }) => id === 'license-conflict')?.message).toBe(
      '`README.md` says ISC, `MODEL_CARD.md` says MIT: the licences do not agree',
    );
    expect(JSON.stringify(manifest.evidence)).toContain('"said":[{"expression":"MIT"');
  });
  it('is the package nearest to it', async () => {
    const { manifest, ids } = await described({
      'package.json': JSON.stringify({ name: 'app', version: '9.9.9', license: 'ISC' }),
      'm/package.json': JSON.stringify({ name: 'm', version: '1.0.0', license: 'MIT' }),
      'm/model.safetensors': weights(3),
    });
    expect([manifest.model?.name, manifest.model?.version, licensesOf(manifest.model)]).toEqual(['m', '1.0.0', ['MIT']]);
    expect(ids).not.toContain('license-conflict');
  });
  it('is data that it was tested with, which is no use of its training', async () => {
    const index =
      'model-index:\n- name: a\n  results:\n  - task: {type: x}\n    dataset: {name: D, type: acme/d}\n    metrics:\n    - {type: f1, value: 0.5}\n';
    const { manifest } = await described({
      'README.md': card('mit', index),
      'a/model.safetensors': weights(3),
      'b/model.safetensors': weights(4),
    });
    expect(Object.values(manifest.datasets ?? {}).map(({ roles }) => roles)).toEqual([['testing']]);
    expect(manifest.model?.training).toBeUndefined();
  });
  it.each([
    ['../base', 'base/'],
    ['./../base/', 'base/'],
    ['..', ''],
  ])('is the base of an adapter, named by its place: %s', async (place, directory) => {
    const { manifest } = await described({
      [`${directory}model.safetensors`]: weights(3),
      'tuned/adapter_config.json': adapterConfig.replace('acme/base', place),
      'tuned/adapter_model.safetensors': lora,
    });
    expect(Object.keys(manifest.models ?? {})).toEqual(['tuned']);
    expect(manifest.models?.tuned?.lineage?.parents).toEqual({ model: expect.objectContaining({ model: 'model', relation: 'adapter' }) });
  });
  it('is an adapter that another one began from', async () => {
    const { manifest } = await described({
      'sft/adapter_config.json': adapterConfig,
      'sft/adapter_model.safetensors': lora,
      'dpo/adapter_config.json': adapterConfig.replace('acme/base', '../sft'),
      'dpo/adapter_model.safetensors': lora,
    });
    expect(Object.keys(manifest.models?.dpo?.lineage?.parents ?? {})).toEqual(['sft']);
    expect(Object.keys(manifest.models ?? {}).sort()).toEqual(['acme-base', 'dpo', 'sft']);
  });
  it('is a place relative to an adapter, which is the name of no model', async () => {
    const { manifest } = await described({
      'model.safetensors': weights(3),
      'deep/style/adapter_model.safetensors': lora,
      'deep/style/adapter_config.json': adapterConfig.replace('acme/base', '..'),
    });
    expect(Object.keys(manifest.models ?? {})).toEqual(['style']);
    expect(manifest.models?.style?.lineage).toBeUndefined();
  });
});

describe('one of several models', () => {
  const files = {
    'README.md': card('mit'),
    'a/model.safetensors': weights(3),
    'a/config.json': config('AModel'),
    'b/model.safetensors': weights(4),
    'b/notes.txt': 'x',
  };
  it.each(['a', 'a/', 'a/model.safetensors'])('is described alone when it is named: %s', async (select) => {
    const { manifest, ids } = await described(files, { select });
    expect(manifest.model).toMatchObject({ architecture: { name: 'AModel' }, parameterCount: { total: 3 } });
    // What names the whole is no word about one.
    expect(manifest.model?.licenses).toBeUndefined();
    expect(Object.keys(manifest.artifacts ?? {})).toEqual(['a/config.json', 'a/model.safetensors']);
    expect([manifest.models, ids]).toEqual([undefined, []]);
  });
  it('is asked for when the name fits none', () =>
    expect(described(files, { select: 'c' })).rejects.toMatchObject({ code: 'ERR_COLLECT_SELECT', hint: 'Name one of: a, b.' }));
});

describe('weights that are not all here', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;
  it.each<[string, Files, string | undefined]>([
    ['nothing', {}, 'high'],
    ['documents alone', { 'README.md': card('mit'), 'notes.txt': 'x' }, 'high'],
    ['a configuration', { 'config.json': config('AModel') }, 'medium'],
    ['an index', { 'model.safetensors.index.json': '{"weight_map":{}}' }, 'medium'],
    ['a pointer', { 'model.safetensors': pointer }, 'medium'],
    ['weights', { 'model.safetensors': weights(3) }, undefined],
  ])('%s', async (_, files, severity) => {
    const { manifest, findings } = await described(files);
    expect(findings.find(({ id }) => id === 'no-weights')?.severity).toBe(severity);
    expect(manifest.bom.coverage?.artifacts).toBe(severity === undefined ? 'complete' : 'partial');
    expect(manifest.bom.declarations?.['/model/parameterCount']?.status).toBe(severity === undefined ? undefined : 'unknown');
  });
  const shards = { 'model-00001-of-00003.safetensors': weights(3), 'model-00003-of-00003.safetensors': weights(4) };
  it('have no total, and the missing shard is named', async () => {
    const { manifest, findings } = await described(shards);
    expect(manifest.model?.parameterCount).toBeUndefined();
    expect(manifest.bom.coverage?.artifacts).toBe('partial');
    expect(findings).toMatchObject([{ id: 'shard-missing', severity: 'high' }]);
    expect(findings[0]?.message).toBe('2 of 3 shards are here, 1 are missing (`model-00002-of-00003.safetensors`)');
  });
  it('have no total when a shard is a pointer', async () => {
    const { manifest, findings } = await described({ ...shards, 'model-00002-of-00003.safetensors': pointer });
    expect(manifest.model?.parameterCount).toBeUndefined();
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(['shard-missing high', 'storage-pointer medium']);
  });
  it('are one set by their index, whatever they are called', async () => {
    const index = { weight_map: { w: 'layers-0.safetensors', v: 'layers-1.safetensors' } };
    const { manifest } = await described({
      'layers-0.safetensors': weights(4),
      'layers-1.safetensors': weights(4, 'F32', 'v'),
      'config.json': config('AModel'),
      'model.safetensors.index.json': JSON.stringify(index),
    });
    expect([manifest.model?.parameterCount, manifest.models]).toEqual([{ total: 8 }, undefined]);
  });
  it('are a Xet pointer', async () => {
    const xet = "# xet version 0\nfilesize = 1234\nhash = 'aa'\n";
    const { manifest, ids } = await described({ 'model.safetensors': xet });
    expect(manifest.artifacts?.['model.safetensors']?.pointer).toEqual({ kind: 'xet', size: 1234 });
    expect(ids).toEqual(['no-weights', 'storage-pointer']);
  });
  it('have a total when all are here', async () => {
    const { manifest, findings } = await described({ ...shards, 'model-00002-of-00003.safetensors': weights(5) });
    expect([manifest.model?.parameterCount, findings]).toEqual([{ total: 12 }, []]);
  });
  it('remains of another set do not count', async () => {
    const index = { weight_map: { w: 'model-00001-of-00002.safetensors', v: 'model-00002-of-00002.safetensors' } };
    const { manifest, findings } = await described({
      ...shards,
      'model-00001-of-00002.safetensors': weights(7),
      'model-00002-of-00002.safetensors': weights(8, 'F32', 'v'),
      'model.safetensors.index.json': JSON.stringify(index),
    });
    expect(manifest.model?.parameterCount).toEqual({ total: 15 });
    expect(findings).toMatchObject([{ id: 'shard-unindexed', file: 'model-00001-of-00003.safetensors' }]);
    expect(manifest.bom.coverage?.artifacts).toBe('complete');
  });
});

describe('too many models', () => {
  it('are told as such, and not as none', async () => {
    const files = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`site${i}x/model.safetensors`, weights(3)]));
    const { manifest, findings } = await described(files);
    expect(findings.map(({ id }) => id)).toEqual(['several-models']);
    expect(findings[0]?.message).toContain('1001 models, more than the 1000');
    expect(manifest.models).toBeUndefined();
  });
});

describe('a pipeline below the top', () => {
  const index = JSON.stringify({ _class_name: 'TinyPipeline', unet: ['diffusers', 'UNet'], vae: ['diffusers', 'Vae'] });
  it('keeps its parts', async () => {
    const { manifest } = await described({
      'a/model_index.json': index,
      'a/unet/model.safetensors': weights(3),
      'a/vae/model.safetensors': weights(4),
      'b/model.safetensors': weights(5),
    });
    const a = manifest.models?.a;
    expect(a).toMatchObject({
      architecture: { name: 'TinyPipeline' },
      parameterCount: { total: 7 },
      composition: { 'a-unet': { relation: 'part', className: 'UNet', path: 'a/unet' }, 'a-vae': { path: 'a/vae' } },
    });
    expect(manifest.models?.[String(a?.composition?.['a-unet']?.model)]?.parameterCount).toEqual({ total: 3 });
    expect(ownerOf(manifest, 'b/model.safetensors')?.composition).toBeUndefined();
  });
  it('has parts of its own beside another one with the same', async () => {
    const { manifest } = await described({
      'a/model_index.json': index,
      'a/unet/model.safetensors': weights(3),
      'a/vae/model.safetensors': weights(4),
      'b/model_index.json': index,
      'b/unet/model.safetensors': weights(5),
      'b/vae/model.safetensors': weights(6),
    });
    expect(manifest.models?.['a-unet']?.artifacts).toEqual(['a/unet/model.safetensors']);
    expect(manifest.models?.['b-unet']?.parameterCount).toEqual({ total: 5 });
  });
  it('misses a part of its own, whatever lies beside it', async () => {
    const { findings } = await described({
      'a/model_index.json': index,
      'a/unet/model.safetensors': weights(3),
      'vae/x.safetensors': weights(4),
    });
    expect(findings.find(({ id }) => id === 'companion-missing')?.message).toContain('`vae`');
  });
  it('is a sentence transformer, too', async () => {
    const modules = JSON.stringify([
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Dense', type: 'sentence_transformers.models.Dense' },
    ]);
    const { manifest } = await described({
      'st/modules.json': modules,
      'st/model.safetensors': weights(6),
      'st/1_Dense/model.safetensors': weights(2),
      'other/model.safetensors': weights(9),
    });
    expect(manifest.models?.st).toMatchObject({
      parameterCount: { total: 8 },
      composition: { 'st-1_dense': { path: 'st/1_Dense' } },
    });
  });
});

describe('one base of several adapters', () => {
  it('is one model', async () => {
    const { manifest } = await described({
      'a/adapter_config.json': adapterConfig,
      'a/adapter_model.safetensors': lora,
      'b/adapter_config.json': adapterConfig,
      'b/adapter_model.safetensors': lora,
    });
    const bases = Object.values(manifest.models ?? {}).filter(({ name }) => name === 'acme/base');
    expect(bases).toHaveLength(1);
    const named = Object.values(manifest.models ?? {}).flatMap(({ lineage }) =>
      Object.values(lineage?.parents ?? {}).map(({ model }) => model),
    );
    expect(named).toHaveLength(2);
    expect(new Set(named).size).toBe(1);
  });
});

describe('a value head', () => {
  it('beside an adapter is no model', async () => {
    const { manifest } = await described({
      'adapter_config.json': adapterConfig,
      'adapter_model.safetensors': lora,
      'model.safetensors': weights(5, 'F32', 'v_head.summary.weight'),
    });
    expect(manifest.models === undefined || Object.keys(manifest.models)).toEqual(['acme-base']);
    expect(manifest.model).toMatchObject({ kind: 'adapter', parameterCount: { total: 2 } });
  });
});

describe('a random state', () => {
  it('is no checkpoint by its name', async () => {
    const { manifest } = await described({ 'model.safetensors': weights(3), 'rng_state_0.pth': 'x' });
    expect(manifest.artifacts?.['rng_state_0.pth']?.role).toBe('optimizer-state');
  });
});

describe('a model merged from an adapter', () => {
  it('keeps the configuration of the adapter beside a card that says so', async () => {
    const { manifest, findings } = await described({
      'model.safetensors': weights(3),
      'config.json': config('AModel'),
      'adapter_config.json': adapterConfig,
      'README.md': card('mit', 'base_model: acme/base\nbase_model_relation: merge\n'),
    });
    const [parent] = Object.entries(manifest.model?.lineage?.parents ?? {});
    expect(parent?.[1]).toMatchObject({ relation: 'merge', role: 'base' });
    const said = manifest.evidence?.flatMap(({ values = {} }) => values[`/model/lineage/parents/${parent?.[0]}/relation`]?.said ?? []);
    expect(new Set(said)).toEqual(new Set(['adapter']));
    expect(findings.filter(({ id }) => id === 'source-conflict').every(({ message }) => message.includes('says "merge"'))).toBe(true);
  });
});

describe('an adapter whose base is named by its place', () => {
  it('is of what lies there, which the name in its card does not contradict', async () => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(3),
      'config.json': config('AModel'),
      'adapters/style/adapter_model.safetensors': lora,
      'adapters/style/adapter_config.json': JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: '../..', r: 4 }),
      'adapters/style/README.md': card('cc0-1.0', 'base_model: acme/base\n'),
    });
    expect(Object.values(manifest.models?.style?.lineage?.parents ?? {})).toMatchObject([{ model: 'model', relation: 'adapter' }]);
    expect([ids, licensesOf(manifest.model)]).toEqual([[], undefined]);
  });
});

describe('folds of one network', () => {
  it('took what each took: the whole is not said to have taken as much', async () => {
    const results = JSON.stringify({ epoch: 2, train_loss: 0.4, train_runtime: 3, total_flos: 1e9, eval_accuracy: 0.9 });
    const fold = (i: number): Files => ({
      [`fold_${i}/model.safetensors`]: weights(3),
      [`fold_${i}/config.json`]: config('AModel'),
      [`fold_${i}/all_results.json`]: results,
    });
    const { manifest } = await described({ ...fold(0), ...fold(1) });
    expect([manifest.model?.architecture?.name, manifest.model?.training]).toEqual(['AModel', undefined]);
    expect(manifest.models?.fold_1?.training).toMatchObject({ compute: { flops: 1e9 }, metrics: { train_loss: { value: 0.4 } } });
    // The results of a split without a file of its own.
    expect(Object.values(manifest.evaluations ?? {}).map(({ model, metrics }) => [model, metrics])).toEqual([
      ['fold_0', { eval_accuracy: { value: 0.9, slice: 'eval' } }],
      ['fold_1', { eval_accuracy: { value: 0.9, slice: 'eval' } }],
    ]);
  });
});

describe('the low-rank factors of a pipeline', () => {
  const pipeline: Files = {
    'model_index.json': JSON.stringify({ _class_name: 'Pipe', unet: ['diffusers', 'UNet'], vae: ['diffusers', 'Vae'] }),
    'unet/diffusion_pytorch_model.safetensors': weights(5),
    'vae/diffusion_pytorch_model.safetensors': weights(6),
  };
  it.each([
    ['by their file', 'pytorch_lora_weights.safetensors', 'w'],
    ['by their tensors', 'style.safetensors', 'unet.attn1.processor.to_q_lora.down.weight'],
  ])('are an adapter %s, and not counted as the model', async (_, path, name) => {
    const { manifest } = await described({ ...pipeline, [path]: weights(4, 'F32', name) });
    expect(manifest.model?.parameterCount).toEqual({ total: 11 });
    expect(ownerOf(manifest, path)).toMatchObject({ kind: 'adapter', parameterCount: { total: 4 } });
  });
});

describe('saves of a run alone', () => {
  it('have the parameters of the model, and are no variants of it', async () => {
    const { manifest, ids } = await described({
      'checkpoint-10/model.safetensors': weights(3),
      'checkpoint-20/model.safetensors': weights(3),
    });
    expect([manifest.model?.parameterCount, ids]).toEqual([{ total: 3 }, []]);
    expect(Object.values(manifest.artifacts ?? {}).map(({ variant }) => variant)).toEqual([undefined, undefined]);
  });
});

describe('a base by its place on the disk of the training', () => {
  const run = (base: string): Files => ({
    'base/model.safetensors': weights(3),
    'base/config.json': config('AModel'),
    'out/adapter_model.safetensors': lora,
    'out/adapter_config.json': JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: base, r: 4 }),
  });
  const parents = async (base: string) => {
    const { manifest } = await collectDirectory(temporaryDirectory({ ...prefixed(run(base)) }), { now: '2026-11-30T00:00:00Z' });
    return Object.values(manifest.models?.out?.lineage?.parents ?? {}).map(({ model }) => model);
  };
  const prefixed = (files: Files): Files => Object.fromEntries(Object.entries(files).map(([path, each]) => [`model/${path}`, each]));
  it.each(['model/base', 'model/base/', 'model\\base'])('is the model that lies there: %s', async (base) =>
    expect(await parents(base)).toEqual(['model']),
  );
  it.each(['base', '/data/base', 'other/base', 'acme/base', 'model/bases'])(
    'is not what lies elsewhere under that name: %s',
    async (base) => expect(await parents(base)).not.toContain('model'),
  );
  it('is the same for the card beside the adapter', async () => {
    const { manifest, ids } = await described({ ...run('base'), 'out/README.md': card('mit', 'base_model: base\n') });
    expect(Object.values(manifest.models?.out?.lineage?.parents ?? {})).toMatchObject([{ model: 'model', relation: 'adapter' }]);
    expect([Object.keys(manifest.models ?? {}), ids]).toEqual([['out'], []]);
  });
  it('is told by the name of the directory, too', async () => {
    const directory = temporaryDirectory(prefixed(run('/srv/model/base')));
    const { manifest, ids } = await collectDirectory(`${directory}/model`, { now: '2026-11-30T00:00:00Z' }).then((each) => ({
      ...each,
      ids: each.findings.map(({ id }) => id),
    }));
    expect(Object.values(manifest.models?.out?.lineage?.parents ?? {}).map(({ model }) => model)).toEqual(['model']);
    expect(ids).not.toContain('private-data');
  });
});

describe('what DVC keeps of earlier versions', () => {
  it('is no model, and says nothing of the one that is here', async () => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(3),
      '.dvc/cache/files/md5/8c/06a029fa3d12bf14030248e8bcb340': weights(9, 'F32', 'old'),
    });
    expect([manifest.model?.parameterCount, manifest.models, ids]).toEqual([{ total: 3 }, undefined, []]);
    expect(manifest.artifacts?.['.dvc/cache/files/md5/8c/06a029fa3d12bf14030248e8bcb340']?.role).toBe('other');
  });
});

describe('a base that a card does not know', () => {
  it.each(['[None](https://huggingface.co/None)', '[None](None)'])('is none: %s', async (base) => {
    const { manifest } = await described({
      'model.safetensors': weights(3),
      'README.md': `---\nbase_model: None\nlicense: mit\nlibrary_name: NULL\n---\nThis model is a fine-tuned version of ${base}.\n`,
    });
    expect([manifest.model?.lineage, manifest.models, manifest.model?.libraries]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a base that the text of a card says it was fine-tuned from', () => {
  const relations = async (files: Files) => {
    const { manifest, ids } = await described({ 'model.safetensors': weights(3), ...files });
    expect(ids).toEqual([]);
    const { lineage } = manifest.model ?? {};
    return Object.entries(lineage?.parents ?? {}).map(([id, { relation }]) => `${id} ${relation}`);
  };
  const sentence = 'This model is a fine-tuned version of [acme/base](https://huggingface.co/acme/base) on data.\n';
  it.each([sentence, '- **Finetuned from model [optional]:** acme/base\n'])('is one it was fine-tuned from: %s', async (text) =>
    expect(await relations({ 'README.md': text })).toEqual(['acme-base finetune']),
  );
  it('is that as well when the front matter names it, too', async () =>
    expect(await relations({ 'README.md': card('mit', 'base_model: acme/base\n') + sentence })).toEqual(['acme-base finetune']));
  it('came in the way that the front matter says', async () =>
    expect(await relations({ 'README.md': card('mit', 'base_model: acme/base\nbase_model_relation: quantized\n') + sentence })).toEqual([
      'acme-base quantize',
    ]));
  it('is no word about another one that the front matter names', async () => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(3),
      'README.md': card('mit', 'base_model: acme/other\n') + sentence,
    });
    expect(manifest.model?.lineage?.parents).toMatchObject({ 'acme-other': { model: 'acme-other', relation: 'derived' } });
    expect(ids).toEqual(['source-conflict']);
  });
  it('carries an adapter where the files are one', async () => {
    const { manifest, ids } = await described({
      'adapter_model.safetensors': lora,
      'adapter_config.json': adapterConfig,
      'README.md': sentence,
    });
    expect([manifest.model?.lineage?.parents, ids]).toMatchObject([{ 'acme-base': { relation: 'adapter' } }, []]);
  });
  it('is one it was fine-tuned from, though the weights are quantised', async () =>
    expect(
      await relations({
        'config.json': config('AModel', { quantization_config: { quant_method: 'awq', bits: 4 } }),
        'README.md': sentence,
      }),
    ).toEqual(['acme-base finetune']));
});

describe('what is left of a file', () => {
  const left = async (name: string, files: Files = { 'model.safetensors': weights(3), 'config.json': config('AModel') }) =>
    described({ ...files, [name]: weights(5) });
  it.each([
    ['model.safetensors.part', 'medium'],
    ['model.safetensors.incomplete', 'medium'],
    ['model.safetensors.crdownload', 'medium'],
    ['model.safetensors.tmp', 'medium'],
    ['model.safetensors.bak', 'info'],
    ['model.safetensors.orig', 'info'],
    ['model.safetensors~', 'info'],
    ['.model.safetensors.swp', 'info'],
    ['#model.safetensors#', 'info'],
    ['._model.safetensors', 'info'],
  ])('is no copy of the model, and is told: %s', async (name, severity) => {
    const { manifest, findings } = await left(name);
    expect([manifest.model?.parameterCount, manifest.models]).toEqual([{ total: 3 }, undefined]);
    expect(manifest.artifacts?.[name]).toMatchObject({ role: 'other', inspection: { status: 'not-inspected' } });
    expect(findings).toMatchObject([{ id: 'leftover-file', severity, file: name }]);
  });
  it('is no damage of the weights when it ends early', async () => {
    const { ids } = await described({ 'model.safetensors': weights(3), 'model.safetensors.part': weights(3).slice(0, 40) });
    expect(ids).toEqual(['leftover-file']);
  });
  it('is not the model when nothing else is here', async () => {
    const { manifest, ids } = await left('model.safetensors.part', {});
    expect([manifest.model?.parameterCount, ids]).toEqual([undefined, ['no-weights', 'leftover-file']]);
  });
  it.each(['model.old', 'model.save'])('is the model where the name is all that it has: %s', async (name) =>
    expect((await left(name, {})).manifest.model?.parameterCount).toEqual({ total: 5 }),
  );
  it('says nothing of the model: what a copy says was so once', async () => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(3),
      'README.md': card('mit'),
      'LICENSE.bak': readFileSync(new URL('../../LICENSE', import.meta.url)),
      'NOTICE~': 'x',
    });
    expect([licensesOf(manifest.model), ids]).toEqual([['MIT'], ['leftover-file']]);
    expect(manifest.artifacts?.['LICENSE.bak']?.role).toBe('other');
  });
  it('is told once for each kind', async () => {
    const names = [1, 2, 3, 4, 5, 6].map((n) => `w${n}.bin.bak`);
    const { findings } = await described({ 'model.safetensors': weights(3), ...Object.fromEntries(names.map((name) => [name, 'x'])) });
    expect(findings.map(({ message }) => message)).toEqual([
      `a copy that was kept, and no weights of the model: ${names.slice(0, 5).join(', ')} and 1 more`,
    ]);
  });
});

describe('a repository inside the directory', () => {
  it('is no model, and told in one line: the digest is over it as that of the reference is', async () => {
    const { manifest, findings } = await described({
      'model.safetensors': weights(3),
      'code/train.py': 'x',
      'code/.git/HEAD': 'ref: refs/heads/main',
      'code/.git/config.json': '{"license":"mit"}',
      'code/.git/objects/ab/cd.safetensors': weights(9),
      'lib/.git': 'gitdir: ../.git/modules/lib',
    });
    expect([manifest.model?.parameterCount, manifest.models, manifest.model?.licenses]).toEqual([{ total: 3 }, undefined, undefined]);
    expect(manifest.artifacts?.['code/.git/objects/ab/cd.safetensors']?.role).toBe('other');
    expect(manifest.model?.digest?.ignored).toBeUndefined();
    expect(findings.map(({ id, message }) => `${id}: ${message}`)).toEqual([
      'workspace-files: files of tools are described as part of the model: code/.git, lib/.git',
    ]);
  });
});

describe('what was said on the way to the model', () => {
  const save = (step: number): Files => ({
    [`checkpoint-${step}/model.safetensors`]: weights(3),
    [`checkpoint-${step}/config.json`]: config('AModel', { vocab_size: step }),
  });
  const sourcesOf = ({ evidence = [] }: Manifest): unknown[] =>
    evidence.flatMap(({ source, values }) => ('/model/architecture/name' in values ? [source?.path] : []));
  it('stands behind what is said at the end', async () => {
    const { manifest, findings } = await described({
      ...save(10),
      ...save(9),
      'model.safetensors': weights(3),
      'config.json': config('AModel', { vocab_size: 30 }),
    });
    expect(manifest.model?.vocabularySize).toBe(30);
    expect(sourcesOf(manifest)).toEqual(['config.json', 'checkpoint-10/config.json', 'checkpoint-9/config.json']);
    expect(findings.map(({ message }) => message)).toEqual([
      '`config.json` (vocab_size) says 30, `checkpoint-10/config.json` (vocab_size) says 10; the first was kept',
      '`config.json` (vocab_size) says 30, `checkpoint-9/config.json` (vocab_size) says 9; the first was kept',
    ]);
  });
  it('counts by the last save where the end is not here', async () => {
    const { manifest } = await described({ ...save(10), ...save(20), ...save(9) });
    expect(manifest.model?.vocabularySize).toBe(20);
  });
});

describe('a tokenizer', () => {
  const tokenizer = JSON.stringify({
    version: '1.0',
    added_tokens: [],
    model: { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1, b: 2 }, unk_token: '[UNK]' },
  });
  it.each([
    [4, []],
    [3, []],
    [2, ['source-conflict']],
  ])('of 3 tokens beside an embedding of %d rows', async (rows, told) => {
    const { manifest, ids } = await described({
      'model.safetensors': weights(3),
      'config.json': config('AModel', { vocab_size: rows }),
      'tokenizer.json': tokenizer,
    });
    expect([manifest.model?.vocabularySize, ids]).toEqual([rows, told]);
  });
});

describe('halves of one model', () => {
  const totals = ({ models = {} }: Manifest) =>
    Object.fromEntries(Object.entries(models).map(([id, { kind, parameterCount }]) => [id, `${kind} ${parameterCount?.total}`]));
  it.each(['encoder.safetensors decoder.safetensors', 'encoder_model.safetensors decoder_model.safetensors'])(
    'are its parts, each with its own count, and no copies that agree: %s',
    async (names) => {
      const [encoder = '', decoder = ''] = names.split(' ');
      const { manifest, findings } = await described({ [encoder]: weights(4), [decoder]: weights(4, 'F32', 'v') });
      expect(manifest.model?.parameterCount).toBeUndefined();
      expect(manifest.model?.composition).toMatchObject({ encoder: { relation: 'part' }, decoder: { relation: 'part' } });
      expect(totals(manifest)).toEqual({ decoder: 'part 4', encoder: 'part 4' });
      expect(manifest.models?.encoder?.artifacts).toEqual([encoder]);
      expect(Object.values(manifest.artifacts ?? {}).map(({ variant }) => variant)).toEqual([undefined, undefined]);
      expect(findings).toMatchObject([{ id: 'parameters-ambiguous', severity: 'info' }]);
      expect(findings[0]?.message).toContain('are parts of one model');
    },
  );
  it('are no copies of the whole that lies beside them', async () => {
    const { manifest } = await described({
      'model.safetensors': weights(9),
      'fp16/model.safetensors': weights(9, 'F16'),
      'onnx/encoder_model.safetensors': weights(4),
      'onnx/decoder_model.safetensors': weights(6),
      'config.json': config('AModel'),
    });
    expect(manifest.model?.parameterCount).toEqual({ total: 9 });
    const variants = Object.entries(manifest.artifacts ?? {}).flatMap(([path, { variant }]) => (variant === undefined ? [] : [path]));
    expect(variants).toEqual(['fp16/model.safetensors', 'model.safetensors']);
  });
  it('have no count of their own where their forms do not agree', async () => {
    const { manifest } = await described({
      'encoder_model.safetensors': weights(4),
      'decoder_model.safetensors': weights(5),
      'decoder_with_past_model.safetensors': weights(6),
    });
    expect([totals(manifest), manifest.model?.parameterCount]).toEqual([{ decoder: 'part undefined', encoder: 'part 4' }, undefined]);
  });
  it('are of the model where they lie', async () => {
    const { manifest } = await described({
      'a/model.safetensors': weights(3),
      'b/encoder.safetensors': weights(4),
      'b/decoder.safetensors': weights(5),
    });
    expect(totals(manifest)).toMatchObject({ 'b-encoder': 'part 4', 'b-decoder': 'part 5' });
    expect(manifest.models?.b?.composition).toMatchObject({ 'b-encoder': { relation: 'part' } });
  });
});

describe('an adapter and its base that one run left', () => {
  const of = (base: string, adapter: string, more: Files = {}): Files => ({
    [`${base}model.safetensors`]: weights(30),
    [`${base}config.json`]: config('AModel'),
    [`${adapter}adapter_model.safetensors`]: lora,
    [`${adapter}adapter_config.json`]: adapterConfig,
    'trainer_state.json': state(3),
    ...more,
  });
  it.each([
    ['in one folder', of('', '')],
    ['in a folder each', of('base/', 'adapter/')],
  ])('%s: the training is that of the adapter', async (_, files) => {
    const { manifest } = await described(files);
    const adapter = Object.values(manifest.models ?? {}).find(({ kind }) => kind === 'adapter');
    expect(adapter?.training?.hyperparameters).toEqual({ lora_r: 4, num_train_epochs: 3 });
    expect([manifest.model?.training, manifest.model?.lineage, manifest.model?.architecture?.name]).toEqual([
      undefined,
      undefined,
      'AModel',
    ]);
  });
  it('in one folder: what training leaves is no sign of how the base came from another', async () => {
    const { manifest } = await described(of('', '', { 'README.md': card('mit', 'base_model: acme/base\n') }));
    expect(Object.values(manifest.model?.lineage?.parents ?? {}).map(({ relation }) => relation)).toEqual(['derived']);
  });
  it('beside the base alone the training is that of the base', async () => {
    const { manifest } = await described(of('', 'adapter/'));
    expect(manifest.model?.training?.hyperparameters).toEqual({ num_train_epochs: 3 });
  });
  it.each(['library_name: peft\n', 'base_model_relation: adapter\n'])('the card says of which it is: %s', async (more) => {
    const files = of('', '', { 'README.md': card('mit', `base_model: acme/base\n${more}`) });
    const { manifest } = await described(files);
    const adapter = Object.values(manifest.models ?? {}).find(({ kind }) => kind === 'adapter');
    expect([licensesOf(adapter), licensesOf(manifest.model), manifest.model?.lineage]).toEqual([['MIT'], undefined, undefined]);
  });
});
