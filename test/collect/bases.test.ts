import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../support/builders.js';
import { collected } from '../support/collected.js';

const commit = '9f3c1b2a4d5e6f708192a3b4c5d6e7f801234567';
const adapter = (base: string, revision?: string) => JSON.stringify({ peft_type: 'LORA', base_model_name_or_path: base, r: 4, revision });
const card = (yaml: string, body = '') => `---\n${yaml}\n---\n${body}`;
const weights = safetensorsFile({ 'q.lora_A.weight': { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12);

async function bases(files: Readonly<Record<string, string>>) {
  const { manifest, subject, findings, dissents } = await collected({ 'adapter_model.safetensors': weights, ...files });
  const parents = Object.values(subject?.lineage?.parents ?? {}).map(({ model }) => manifest.models?.[model]);
  return {
    bases: parents.map((parent) => [parent?.name, parent?.version, parent?.identifiers?.[0]?.value].filter(Boolean).join(' ')),
    ids: findings.map(({ id }) => id),
    dissents,
    text: JSON.stringify(manifest),
  };
}
const cached = `/root/.cache/huggingface/hub/models--acme--tiny-llama/snapshots/${commit}`;

describe('one base in several spellings', () => {
  it.each([
    [cached, `acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`],
    [`${cached}/`, `acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`],
    [`D:\\hub\\models--acme--tiny-llama\\snapshots\\${commit}`, `acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`],
    [`https://huggingface.co/acme/tiny-llama/tree/${commit}`, `acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`],
    ['https://huggingface.co/acme/tiny-llama', 'acme/tiny-llama pkg:huggingface/acme/tiny-llama'],
    ['hf://acme/tiny-llama@main', 'acme/tiny-llama pkg:huggingface/acme/tiny-llama'],
    ['/home/someone/models/tiny-llama', 'acme/tiny-llama pkg:huggingface/acme/tiny-llama'],
    ['Acme/Tiny-Llama', 'Acme/Tiny-Llama pkg:huggingface/Acme/Tiny-Llama'],
  ])('is one with what the card names: %s', async (path, base) => {
    const found = await bases({ 'adapter_config.json': adapter(path), 'README.md': card('base_model: acme/tiny-llama') });
    expect(found.bases.map((each) => each.toLowerCase())).toEqual([base.toLowerCase()]);
    expect(found).toMatchObject({ ids: [], dissents: [] });
    expect(found.text).not.toContain('someone');
  });
  it('has the revision that one source knows', async () => {
    const found = await bases({
      'adapter_config.json': adapter('acme/tiny-llama', commit),
      'README.md': card('base_model: acme/tiny-llama'),
    });
    expect(found.bases).toEqual([`acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`]);
  });
  it.each([
    ['- **Finetuned from model [optional]:** [acme/tiny-llama](https://huggingface.co/acme/tiny-llama)', ['acme/tiny-llama']],
    [
      'This model is a fine-tuned version of [acme/tiny-llama](https://huggingface.co/acme/tiny-llama) on an unknown dataset.',
      ['acme/tiny-llama'],
    ],
    ['**Finetuned from model:** `acme/tiny-llama`.', ['acme/tiny-llama']],
    ['- **Finetuned from model [optional]:** [More Information Needed]', []],
    ['This model is a fine-tuned version of /home/someone/x on data.', []],
    ['Fine-tuned from model: [tiny](https://huggingface.co/acme/tiny-llama)', ['acme/tiny-llama']],
    ['It is a fine-tuned version of my model, see acme/other.', []],
    ['The idea is finetuned from talks and/or papers.', []],
  ])('may stand in the text of the card: %s', async (line, expected) => {
    const found = await bases({ 'README.md': `# m\n\n${line}\n` });
    expect(found.bases.map((each) => each.split(' ')[0])).toEqual(expected);
    const both = await bases({ 'README.md': card('base_model: acme/tiny-llama', `${line}\n`) });
    expect(both).toMatchObject({ bases: ['acme/tiny-llama pkg:huggingface/acme/tiny-llama'], ids: [] });
  });
  it('may stand in config.json', async () => {
    expect((await bases({ 'config.json': '{"base_model":"acme/tiny-llama"}' })).bases).toEqual([
      'acme/tiny-llama pkg:huggingface/acme/tiny-llama',
    ]);
    expect((await bases({ 'config.json': JSON.stringify({ _name_or_path: cached }) })).bases).toEqual([
      `acme/tiny-llama ${commit} pkg:huggingface/acme/tiny-llama@${commit}`,
    ]);
    expect((await bases({ 'config.json': '{"_name_or_path":"outputs/tiny"}' })).bases).toEqual([]);
  });
});

describe('two bases', () => {
  it('of two sources are a disagreement: the better is kept, the other stays as what its source said', async () => {
    const found = await bases({ 'adapter_config.json': adapter('acme/tiny-llama'), 'README.md': card('base_model: acme/tiny-llama-chat') });
    expect(found.bases).toEqual(['acme/tiny-llama pkg:huggingface/acme/tiny-llama']);
    expect(found.ids).toEqual(['source-conflict']);
    expect(found.dissents).toEqual([['/models/acme-tiny-llama/name', 'acme/tiny-llama', ['acme/tiny-llama-chat']]]);
  });
  it('of one source are two, and the other may name one of them', async () => {
    const found = await bases({ 'adapter_config.json': adapter('acme/a'), 'README.md': card('base_model: [acme/a, acme/b]') });
    expect(found.bases.map((each) => each.split(' ')[0])).toEqual(['acme/a', 'acme/b']);
    expect(found.dissents).toEqual([]);
  });
  it('are not one because their last parts are alike', async () => {
    const found = await bases({ 'README.md': card('base_model: [acme/tiny, other/tiny]') });
    expect(found.bases.map((each) => each.split(' ')[0])).toEqual(['acme/tiny', 'other/tiny']);
  });
});
