/** Each kind of derived model keeps its own identity; its base stands in lineage alone, with the relation that the files show. */
import { describe, expect, it } from 'vitest';
import { validateManifest } from '../../src/validate/index.js';
import { ggufFile, safetensorsFile } from '../support/builders.js';
import { collectDirectory } from '../support/collect.js';
import { temporaryDirectory } from '../support/temporary.js';
import { parentsOf, sourcesOf } from '../support/things.js';

const weights = safetensorsFile({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12);
const lora = safetensorsFile({ 'q.lora_A.weight': { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12);
const card = (...lines: readonly string[]) => `---\n${lines.join('\n')}\n---\n# A model\n`;

async function lineageOf(files: Readonly<Record<string, string | Uint8Array>>, options = {}) {
  const { manifest, findings } = await collectDirectory(temporaryDirectory(files), {
    now: '2026-11-23T09:00:00Z',
    name: 'own',
    group: 'acme',
    ...options,
  });
  const { findings: wrong } = validateManifest(manifest);
  expect(wrong.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  const parents = parentsOf(manifest).map(({ name, relation, role }) => [name, relation, role].filter(Boolean).join(' '));
  return { parents, name: manifest.model?.name, ids: findings.map(({ id }) => id), manifest };
}

describe('a LoRA adapter', () => {
  it('names its base as the base of an adapter', async () => {
    const { parents, manifest } = await lineageOf({
      'adapter_config.json': '{"peft_type":"LORA","base_model_name_or_path":"org/base","r":8}',
      'adapter_model.safetensors': lora,
    });
    expect({ parents, kind: manifest.model?.kind }).toEqual({ parents: ['org/base adapter base'], kind: 'adapter' });
  });
  it('has the relation even where only the card names the base', async () => {
    const { parents } = await lineageOf({
      'adapter_config.json': '{"peft_type":"LORA"}',
      'adapter_model.safetensors': lora,
      'README.md': card('base_model: org/base'),
    });
    expect(parents).toEqual(['org/base adapter']);
  });
});

describe('a full fine-tune whose configuration was loaded from its base', () => {
  const config = '{"architectures":["LlamaForCausalLM"],"_name_or_path":"org/base"}';
  it('is a fine-tune where training left its traces', async () => {
    const found = await lineageOf({
      'config.json': config,
      'model.safetensors': weights,
      'trainer_state.json': '{"global_step":10,"log_history":[]}',
    });
    expect(found).toMatchObject({ parents: ['org/base finetune base'], name: 'own' });
  });
  it('has the base, derived in a way that nothing shows', async () => {
    const found = await lineageOf({ 'config.json': config, 'model.safetensors': weights });
    expect(found).toMatchObject({ parents: ['org/base derived base'] });
  });
  it('is the model itself where the names are the same', async () => {
    expect((await lineageOf({ 'config.json': config, 'model.safetensors': weights }, { name: 'base', group: 'org' })).parents).toEqual([]);
    expect((await lineageOf({ 'config.json': config, 'model.safetensors': weights }, { name: 'Base', group: undefined })).parents).toEqual(
      [],
    );
  });
  it('keeps the base that the card names, and reports the other', async () => {
    const found = await lineageOf({
      'config.json': config,
      'model.safetensors': weights,
      'README.md': card('base_model: org/instruct', 'base_model_relation: finetune'),
    });
    expect(found).toMatchObject({ parents: ['org/instruct finetune'], ids: ['source-conflict'] });
  });
  it('of a directory on the trainer’s disk says nothing', async () => {
    for (const path of ['/home/alice/base', './base', 'output/checkpoint-500', 'base']) {
      const found = await lineageOf({ 'config.json': JSON.stringify({ _name_or_path: path }), 'model.safetensors': weights });
      expect(found.parents, path).toEqual([]);
    }
  });
});

describe('a GGUF quantisation', () => {
  const file = (name: string, base: string) =>
    ggufFile({
      metadata: [
        ['general.architecture', 8, 'llama'],
        ['general.name', 8, name],
        ['general.base_model.count', 4, 1],
        ['general.base_model.0.name', 8, base],
        ['general.base_model.0.organization', 8, 'org'],
      ],
      tensors: [{ name: 't', sizes: [32], type: 2, offset: 0 }],
      dataBytes: 32,
    });
  it('of a model of the same name came from it by quantisation, and is not named after it', async () => {
    const found = await lineageOf({ 'base-8b.Q4_0.gguf': file('Base 8B', 'Base 8B') }, { name: undefined, group: undefined });
    expect(found).toMatchObject({ parents: ['org/Base 8B quantize'] });
    expect(found.name).toMatch(/^msbom-test-/);
  });
  it('says nothing of how it came from a parent of another name', async () => {
    const found = await lineageOf({ 'tuned.Q4_0.gguf': file('Tuned 8B', 'Base 8B') });
    expect(found).toMatchObject({ parents: ['org/Base 8B derived'] });
  });
  it('of which there are several says no more of parents, and the card speaks of its own base alone', async () => {
    const files = { 'tuned.Q4_0.gguf': file('Tuned 8B', 'Base 8B'), 'tuned.Q4_1.gguf': file('Tuned 8B', 'Base 8B') };
    expect(await lineageOf(files)).toMatchObject({ parents: ['org/Base 8B derived'] });
    const found = await lineageOf({ ...files, 'README.md': card('base_model: acme/tuned-8b') });
    expect(found).toMatchObject({ parents: ['org/Base 8B derived', 'acme/tuned-8b quantize'] });
  });
  it('takes the base from the card', async () => {
    const found = await lineageOf({
      'tuned.Q4_0.gguf': file('Tuned 8B', 'Base 8B'),
      'README.md': card('base_model: acme/tuned-8b', 'base_model_relation: quantized'),
    });
    expect(found.parents).toContain('acme/tuned-8b quantize');
  });
});

describe('a merge', () => {
  it('has its parents, its base and their shares from the recipe', async () => {
    const found = await lineageOf({
      'mergekit_config.yml':
        'merge_method: ties\nbase_model: org/base\nmodels:\n- model: org/one\n  parameters: {weight: 0.5}\n- model: org/two\n',
      'model.safetensors': weights,
    });
    expect(found).toMatchObject({ parents: ['org/base merge base', 'org/one merge merged', 'org/two merge merged'] });
    expect(parentsOf(found.manifest)[1]?.weight).toBe(0.5);
  });
  it('is one where the card names several bases', async () => {
    const found = await lineageOf({ 'README.md': card('base_model: [org/one, org/two]'), 'model.safetensors': weights });
    expect(found).toMatchObject({ parents: ['org/one merge', 'org/two merge'] });
  });
});

describe('no model is its own ancestor', () => {
  it.each([
    ['card', { 'README.md': card('base_model: acme/own'), 'model.safetensors': weights }],
    ['adapter', { 'adapter_config.json': '{"base_model_name_or_path":"acme/own"}', 'adapter_model.safetensors': lora }],
    ['recipe', { 'mergekit_config.yml': 'merge_method: linear\nmodels:\n- model: acme/own\n', 'model.safetensors': weights }],
  ])('named by the %s', async (_, files) => {
    const found = await lineageOf(files as Record<string, string | Uint8Array>);
    expect(found.parents).toEqual([]);
    expect(found.ids).toContain('lineage-self');
  });
  it('and a copied card does not lend its name', async () => {
    const found = await lineageOf(
      {
        'README.md': card('base_model: org/base', 'model-index:', '- name: base', '  results: []'),
        'model.safetensors': weights,
        'trainer_state.json': '{}',
      },
      { name: undefined, group: undefined },
    );
    expect(found.name).toMatch(/^msbom-test-/);
    expect(found.parents).toEqual(['org/base finetune']);
  });
});

it('every relation has evidence', async () => {
  const { manifest } = await lineageOf({
    'config.json': '{"_name_or_path":"org/base"}',
    'model.safetensors': weights,
    'trainer_state.json': '{}',
  });
  expect(sourcesOf(manifest, '/model/lineage/parents/org-base/relation')).toContainEqual(
    expect.objectContaining({
      origin: 'inferred',
      source: { path: 'trainer_state.json' },
      method: 'training left its traces beside the weights',
    }),
  );
});

it('a card that names itself ten thousand times is told of once', async () => {
  const found = await lineageOf({ 'README.md': card('base_model:', ...Array.from({ length: 10_000 }, () => '- acme/own')) });
  expect(found).toMatchObject({ parents: [], ids: ['lineage-self'] });
});
