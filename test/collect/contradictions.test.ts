import { describe, expect, it } from 'vitest';
import { isSameArchitecture } from '../../src/collect/architectures.js';
import { ggufFile, safetensorsFile } from '../support/builders.js';
import { collected } from '../support/collected.js';

const card = (yaml: string, body = '') => `---\n${yaml}\n---\n${body}`;
const state = JSON.stringify({ global_step: 30, num_train_epochs: 3, max_steps: 30, train_batch_size: 8, log_history: [] });
const trained = card('tags: [generated_from_trainer]', '### Training hyperparameters\n\n- num_epochs: 2\n- seed: 42\n');

describe('what loses against another source stays in the document', () => {
  it('as what its source said, with the key that it stood under', async () => {
    const { manifest, dissents, findings } = await collected({ 'README.md': trained, 'trainer_state.json': state });
    expect(manifest.model?.training?.hyperparameters).toMatchObject({ num_train_epochs: 3, seed: 42 });
    expect(dissents).toEqual([['/model/training/hyperparameters/num_train_epochs', 3, [2]]]);
    const entry = manifest.evidence?.find(({ values }) => values['/model/training/hyperparameters/num_train_epochs']?.said !== undefined);
    expect(entry).toMatchObject({
      source: { path: 'README.md' },
      values: { '/model/training/hyperparameters/num_train_epochs': { key: 'Training hyperparameters.num_epochs', said: 2 } },
    });
    // What the same source says as the manifest does stands apart from it.
    expect(entry?.values['/model/training/hyperparameters/seed']).toBeUndefined();
    expect(findings.filter(({ id }) => id === 'source-conflict')).toHaveLength(1);
  });
  it('and nothing is kept where sources agree', async () => {
    const { dissents, ids } = await collected({ 'README.md': trained.replace(': 2', ': 3'), 'trainer_state.json': state });
    expect(dissents).toEqual([]);
    expect(ids).not.toContain('source-conflict');
  });
});

const gguf = (header: Readonly<Record<string, string | number>>) =>
  ggufFile({ metadata: Object.entries(header).map(([key, value]) => [key, typeof value === 'number' ? 4 : 8, value] as const) });
const weightsFile = (name: string) => safetensorsFile({ [name]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4);

describe('results of a training', () => {
  it('beside weights come before the state of a save, and what that says stays', async () => {
    const { manifest, dissents, ids } = await collected({
      'model.safetensors': weightsFile('w'),
      'all_results.json': JSON.stringify({ train_loss: 0.5, epoch: 3 }),
      'checkpoint-9/trainer_state.json': JSON.stringify({ global_step: 9, log_history: [{ step: 9, train_loss: 0.9 }] }),
    });
    expect(manifest.model?.training?.metrics?.train_loss).toMatchObject({ value: 0.5 });
    expect(dissents.filter(([pointer]) => String(pointer).includes('train_loss'))).toHaveLength(1);
    expect(ids).toContain('source-conflict');
  });
});

describe('an architecture', () => {
  const withHeader = (architecture: string) => ({
    'm.gguf': gguf({ 'general.architecture': architecture }),
    'config.json': JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama' }),
  });
  it.each([
    ['llama', 'LlamaForCausalLM', true],
    ['llama', 'MistralForCausalLM', true],
    ['qwen3moe', 'Qwen3MoeForCausalLM', true],
    ['gpt2', 'GPT2LMHeadModel', true],
    ['bert', 'BertModel', true],
    ['phi3', 'Phi3ForCausalLM', true],
    ['gbtree', 'XGBClassifier', true],
    ['llama', 'Qwen2ForCausalLM', false],
    ['qwen2', 'Qwen3ForCausalLM', false],
  ])('%s and %s: %s', (one, two, same) => {
    expect(isSameArchitecture(one, two)).toBe(same);
    expect(isSameArchitecture(two, one)).toBe(same);
  });
  it('by the family and by the class is no contradiction; another one is', async () => {
    expect((await collected(withHeader('llama'))).ids).not.toContain('source-conflict');
    expect((await collected(withHeader('qwen2'))).ids).toContain('source-conflict');
  });
});

describe('the base in the header of a GGUF', () => {
  const files = (name: string, base: string, front: string) => ({
    'm.gguf': gguf({
      'general.architecture': 'llama',
      'general.name': name,
      'general.base_model.count': 1,
      'general.base_model.0.name': base,
      'general.base_model.0.organization': 'acme',
    }),
    'README.md': card(front),
  });
  it('that the card contradicts is told, and stays as what the header said', async () => {
    const { manifest, ids } = await collected(files('mine', 'other', 'base_model: acme/base'));
    expect(Object.values(manifest.models ?? {}).map(({ name }) => name)).toEqual(['acme/base']);
    expect(ids).toContain('source-conflict');
  });
  it('is that of the model that was quantised where the card names that one', async () => {
    expect((await collected(files('base', 'other', 'base_model: acme/base'))).ids).not.toContain('source-conflict');
    expect((await collected(files('mine', 'other', 'base_model: acme/base\nbase_model_relation: quantized'))).ids).not.toContain(
      'source-conflict',
    );
  });
});

describe('a project and how it asks to be cited', () => {
  it('give the version of the project', async () => {
    const { manifest } = await collected({
      'model.safetensors': weightsFile('w'),
      'CITATION.cff': 'cff-version: 1.2.0\ntitle: A Model\nversion: 1.0.0\n',
      'pyproject.toml': '[project]\nname = "a-model"\nversion = "2.0.0"\n',
    });
    expect(manifest.model?.version).toBe('2.0.0');
  });
});

describe('a licence text that nobody knows', () => {
  it('stays beside what the card says', async () => {
    const { manifest, dissents } = await collected({
      'model.safetensors': weightsFile('w'),
      'README.md': card('license: mit'),
      LICENSE: 'Acme Model Terms\n\nYou may look at the model.\n',
    });
    expect(manifest.model?.licenses?.map(({ expression }) => expression)).toEqual(['MIT']);
    expect(JSON.stringify(dissents)).toContain('Acme Model Terms');
  });
});

describe('a setting that a tracker kept as text', () => {
  const id = 'a'.repeat(32);
  const files = (value: string) => ({
    'model.safetensors': weightsFile('w'),
    [`mlruns/1/${id}/meta.yaml`]: `run_id: ${id}\nstatus: 3\n`,
    [`mlruns/1/${id}/params/alpha`]: value,
    '.hydra/config.yaml': 'alpha: 0.75\n',
    '.hydra/hydra.yaml': 'hydra: {}\n',
    '.hydra/overrides.yaml': '[]\n',
  });
  it('is the number that another source has', async () => {
    const { manifest, ids, dissents } = await collected(files('0.75'));
    expect(manifest.model?.training?.hyperparameters?.alpha).toBe(0.75);
    expect(ids).not.toContain('source-conflict');
    expect(dissents).toEqual([]);
  });
  it('is told where it is another one', async () => expect((await collected(files('0.5'))).ids).toContain('source-conflict'));
});
