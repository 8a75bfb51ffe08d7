import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finished } from '../../src/collect/finished.js';
import { type CollectOptions, suppliedPart } from '../../src/collect/index.js';
import { MsbomError } from '../../src/core/error.js';
import { memoryTree, type SourceTree } from '../../src/core/source-tree.js';
import { contradictions } from '../../src/manifest/evidence.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { validateManifest } from '../../src/validate/index.js';
import { ggufFile, onnxFile, safetensorsFile, utf8 } from '../support/builders.js';
import { collect } from '../support/collect.js';
import { memoryDigests } from '../support/digests.js';
import { listOf, parentsOf, sourcesOf } from '../support/things.js';

const weights = (begin: number, name: string) =>
  safetensorsFile({ [name]: { dtype: 'F32', shape: [begin], data_offsets: [0, begin * 4] } }, begin * 4);
const card = (front: string) => utf8(`---\n${front}\n---\n# A model\n`);

async function describeFiles(
  files: Readonly<Record<string, Uint8Array>>,
  options: Partial<CollectOptions> = {},
  tree: SourceTree = memoryTree('my-model', files),
) {
  const result = await collect(tree, {
    now: '2026-11-23T09:00:00Z',
    digestFiles: memoryDigests(files),
    ...options,
  });
  const validation = validateManifest(result.manifest);
  expect(validation.findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  return { ...result, ids: result.findings.map(({ id }) => id) };
}

describe('a fine-tune on the Hub', () => {
  const files = {
    'README.md': card(
      'license: llama3.1\nbase_model: meta/base-8b\nbase_model_relation: finetune\ndatasets:\n- org/chat\nlanguage: [en, no]\npipeline_tag: text-generation\nlibrary_name: transformers\ntags: [chat]\nmodel-index:\n- name: tuned\n  results:\n  - task: {type: text-generation}\n    dataset: {type: org/bench, name: Bench, split: test, revision: 1.10}\n    metrics:\n    - {type: acc, value: 0.5}',
    ),
    'config.json': utf8(
      '{"architectures":["LlamaForCausalLM"],"model_type":"llama","max_position_embeddings":8192,"vocab_size":32000,"transformers_version":"4.50.0","_name_or_path":"/home/alice/base"}',
    ),
    'model-00001-of-00002.safetensors': weights(10, 'a'),
    'model-00002-of-00002.safetensors': weights(20, 'b'),
    'model.safetensors.index.json': utf8(
      '{"metadata":{"total_size":120},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}',
    ),
    'tokenizer_config.json': utf8('{"chat_template":"{{ x }}"}'),
    LICENSE: utf8('text'),
  };
  it('is described as one model, and never named after its base', async () => {
    const { manifest, ids } = await describeFiles(files);
    // Its LICENSE is no text of a licence.
    expect(ids).toEqual(['license-unrecognized']);
    expect(manifest.model).toMatchObject({
      name: 'tuned',
      parameterCount: { total: 30 },
      architecture: { name: 'LlamaForCausalLM', modelType: 'llama' },
      contextLength: 8192,
      licenses: [{ expression: 'LicenseRef-llama3.1' }],
      languages: ['en', 'no'],
      types: ['text-generation'],
    });
    expect(parentsOf(manifest)).toMatchObject([{ name: 'meta/base-8b', relation: 'finetune', verification: 'unverified' }]);
    expect(listOf(manifest.datasets).map(({ name, roles }) => [name, roles])).toEqual([
      ['org/chat', ['training']],
      ['org/bench', ['testing']],
    ]);
    expect(listOf(manifest.evaluations)).toMatchObject([
      { name: 'Bench', metrics: { acc: { value: 0.5 } }, uses: { 'org-bench': { dataset: 'org-bench', split: 'test', revision: '1.10' } } },
    ]);
    expect(listOf(manifest.datasets)[1]).not.toHaveProperty('version');
    expect(JSON.stringify(manifest)).not.toContain('alice');
    expect(listOf(manifest.artifacts, 'path').map(({ path, role }) => [path, role])).toEqual([
      ['LICENSE', 'license'],
      ['README.md', 'document'],
      ['config.json', 'config'],
      ['model-00001-of-00002.safetensors', 'weights'],
      ['model-00002-of-00002.safetensors', 'weights'],
      ['model.safetensors.index.json', 'index'],
      ['tokenizer_config.json', 'tokenizer'],
    ]);
  });
  it('has evidence for each value', async () => {
    const { manifest } = await describeFiles(files);
    for (const pointer of [
      '/model/name',
      '/model/parameterCount/total',
      '/model/architecture/name',
      '/model/licenses',
      '/models/meta-base-8b',
      '/model/lineage/parents/meta-base-8b/relation',
      '/artifacts/model-00001-of-00002.safetensors/tensors',
      '/artifacts/LICENSE/digest',
      '/datasets/org-chat',
      '/evaluations/bench-test',
      '/model/digest',
    ]) {
      expect(sourcesOf(manifest, pointer), pointer).not.toEqual([]);
    }
    expect(sourcesOf(manifest, '/model/name')).toEqual([
      expect.objectContaining({
        origin: 'declared',
        source: { path: 'README.md' },
        key: 'model-index.0.name',
      }),
    ]);
    expect(sourcesOf(manifest, '/model/architecture/name')).toEqual([
      expect.objectContaining({ origin: 'declared', source: { path: 'config.json' } }),
    ]);
  });
  it('is the same bytes in any order of the files', async () => {
    const expected = stringifyManifest((await describeFiles(files)).manifest);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(files), { minLength: Object.keys(files).length }), async (order) => {
        const shuffled = Object.fromEntries(order.map((path) => [path, files[path as keyof typeof files]]));
        expect(stringifyManifest((await describeFiles(shuffled)).manifest)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });
  it('in the cache of the Hub has its name and commit from there', async () => {
    const { manifest } = await describeFiles(files, { location: { repository: 'org/tuned', commit: 'a'.repeat(40) } });
    expect(manifest.model).toMatchObject({
      name: 'tuned',
      group: 'org',
      version: 'a'.repeat(40),
      identifiers: [{ value: `pkg:huggingface/org/tuned@${'a'.repeat(40)}` }],
    });
  });
  it('that names itself as its base has no such ancestor', async () => {
    const { manifest, ids } = await describeFiles(files, { location: { repository: 'meta/base-8b', commit: 'a'.repeat(40) } });
    expect(parentsOf(manifest)).toEqual([]);
    expect(ids).toContain('lineage-self');
  });
  it('misses a shard', async () => {
    const { 'model-00002-of-00002.safetensors': _gone, ...rest } = files;
    const { findings } = await describeFiles(rest);
    expect(findings).toContainEqual(
      expect.objectContaining({ id: 'shard-missing', severity: 'high', file: 'model.safetensors.index.json' }),
    );
  });
  it('has an index that disagrees with its shards', async () => {
    const { ids } = await describeFiles({
      ...files,
      'model.safetensors.index.json': utf8('{"metadata":{"total_size":1},"weight_map":{"a":"model-00001-of-00002.safetensors"}}'),
    });
    expect(ids).toContain('shard-sum');
  });
});

it('describes an adapter as an adapter', async () => {
  const { manifest } = await describeFiles({
    'adapter_config.json': utf8(
      '{"peft_type":"LORA","base_model_name_or_path":"org/base","revision":"abc","r":16,"lora_alpha":32,"peft_version":"0.14.0"}',
    ),
    'adapter_model.safetensors': safetensorsFile({ 'q.lora_A.weight': { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, 16),
  });
  expect(manifest.model?.kind).toBe('adapter');
  expect(parentsOf(manifest)).toMatchObject([
    { name: 'org/base', version: 'abc', relation: 'adapter', identifiers: [{ value: 'pkg:huggingface/org/base@abc' }] },
  ]);
  expect(manifest.model?.training?.hyperparameters).toMatchObject({ lora_r: 16, lora_alpha: 32 });
  expect(listOf(manifest.artifacts, 'path')[1]?.role).toBe('adapter');
});

describe('licences', () => {
  it.each([
    ['apache-2.0', { expression: 'Apache-2.0' }],
    ['gpl-3.0', { name: 'GPL-3.0' }],
    ['cc', { name: 'cc' }],
    ['openrail++', { expression: 'LicenseRef-openrail-plus-plus' }],
    ['odbl', { expression: 'ODbL-1.0' }],
    ['my own', { name: 'my own' }],
    ['other\nlicense_name: acme\nlicense_link: LICENSE', { name: 'acme', path: 'LICENSE' }],
    ['other\nlicense_name: acme\nlicense_link: https://example.org/l', { name: 'acme', url: 'https://example.org/l' }],
  ])('%s', async (license, expected) => {
    const { manifest } = await describeFiles({ 'README.md': card(`license: ${license}`), LICENSE: utf8('x') });
    expect(manifest.model?.licenses).toEqual([expect.objectContaining(expected)]);
  });
  it('are all kept where there are several', async () => {
    const { manifest } = await describeFiles({ 'README.md': card('license: [mit, apache-2.0]') });
    expect(manifest.model?.licenses?.map(({ expression }) => expression)).toEqual(['MIT', 'Apache-2.0']);
  });
  it('that say nothing stay missing', async () => {
    expect((await describeFiles({ 'README.md': card('license: unknown') })).manifest.model?.licenses).toBeUndefined();
  });
});

describe('files that are not what they seem', () => {
  it('are reported and still listed', async () => {
    const { manifest, findings } = await describeFiles({
      'a.safetensors': onnxFile(),
      'b.gguf': utf8('GGUF but short'),
      'c.bin': Uint8Array.of(1, 2, 3),
      'd.bin': utf8(`version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`),
      'e.safetensors': weights(3, 'x').slice(0, -1),
    });
    expect(findings.map(({ id, file }) => `${id} ${file}`)).toEqual([
      'several-models undefined',
      'format-mismatch a.safetensors',
      'weights-unreadable b.gguf',
      'storage-pointer d.bin',
      'weights-unreadable e.safetensors',
    ]);
    expect(findings.at(-1)?.offset).toBeTypeOf('number');
    expect(listOf(manifest.artifacts, 'path').map(({ path, inspection }) => [path, inspection?.status, inspection?.reason])).toEqual([
      ['a.safetensors', 'inspected', undefined],
      ['b.gguf', 'not-inspected', expect.stringContaining('GGUF header')],
      ['c.bin', 'not-inspected', 'format unknown'],
      ['d.bin', 'not-inspected', expect.stringContaining('Git LFS')],
      ['e.safetensors', 'not-inspected', expect.stringContaining('safetensors header')],
    ]);
    expect(listOf(manifest.artifacts, 'path')[3]?.pointer).toEqual({ kind: 'git-lfs', digest: { sha256: 'ab'.repeat(32) }, size: 12345 });
  });
  it('but a path file of Python is no weight file', async () => {
    const { manifest, ids } = await describeFiles({ 'venv/lib/python3.12/site-packages/own.pth': utf8('import own\n') });
    expect(ids).toEqual([]);
    expect(listOf(manifest.artifacts, 'path')[0]).toMatchObject({ role: 'config' });
  });
  it('keep private things out', async () => {
    const file = safetensorsFile(
      {
        __metadata__: { ss_output: '/home/alice/out', note: 'ok', mail: 'alice@example.org' },
        a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      },
      1,
    );
    const { manifest, ids } = await describeFiles({ 'm.safetensors': file });
    expect(ids).toEqual(['private-data']);
    expect(listOf(manifest.artifacts, 'path')[0]?.metadata).toEqual({ note: 'ok' });
    expect(
      listOf((await describeFiles({ 'm.safetensors': file }, { includePrivate: true })).manifest.artifacts, 'path')[0]?.metadata,
    ).toMatchObject({
      ss_output: '/home/alice/out',
    });
  });
  it('count once when they are copies of one model, and not at all when they differ', async () => {
    expect(
      (await describeFiles({ 'm.safetensors': weights(5, 'a'), 'm-fp16.safetensors': weights(5, 'a') })).manifest.model?.parameterCount,
    ).toEqual({ total: 5 });
    const { manifest, ids } = await describeFiles({ 'm.safetensors': weights(5, 'a'), 'm-fp16.safetensors': weights(6, 'a') });
    expect(manifest.model?.parameterCount).toBeUndefined();
    expect(ids).toEqual(['parameters-ambiguous']);
  });
});

it('counts packed weights once the configuration says how many bits each has', async () => {
  const file = safetensorsFile(
    {
      'l.qweight': { dtype: 'I32', shape: [4, 8], data_offsets: [0, 128] },
      'l.scales': { dtype: 'F16', shape: [8], data_offsets: [128, 144] },
    },
    144,
  );
  const config = utf8('{"quantization_config":{"quant_method":"gptq","bits":4,"group_size":128}}');
  const { manifest } = await describeFiles({ 'm.safetensors': file, 'config.json': config });
  expect(manifest.model).toMatchObject({ parameterCount: { total: 4 * 8 * 8 }, quantization: { method: 'gptq', bits: 4, groupSize: 128 } });
  expect((await describeFiles({ 'm.safetensors': file })).manifest.model?.parameterCount?.total).toBe(4 * 8);
});

it('reports sources that disagree, with both places', async () => {
  const file = ggufFile({
    metadata: [
      ['general.architecture', 8, 'llama'],
      ['llama.context_length', 4, 100],
    ],
    tensors: [{ name: 'a', sizes: [1], type: 0, offset: 0 }],
    dataBytes: 4,
  });
  const { manifest, findings } = await describeFiles({ 'm.gguf': file, 'config.json': utf8('{"max_position_embeddings":200}') });
  expect(manifest.model?.contextLength).toBe(100);
  expect(findings).toEqual([
    expect.objectContaining({
      id: 'source-conflict',
      pointer: '/model/contextLength',
      message: expect.stringMatching(/m\.gguf.*100.*config\.json.*200/),
    }),
  ]);
});

describe('metadata that is broken', () => {
  it.each<[string, Uint8Array]>([
    ['config.json', utf8('{"a":1,"a":2}')],
    ['config.json', utf8('[]')],
    ['README.md', utf8('---\na: [\n---\n')],
    ['README.md', Uint8Array.of(0xff, 0xfe)],
    ['tokenizer_config.json', utf8('nope')],
    ['model.safetensors.index.json', utf8('{')],
  ])('%s is a finding', async (path, bytes) => {
    const { ids, manifest } = await describeFiles({ [path]: bytes });
    expect(ids).toEqual(['metadata-unreadable']);
    expect(listOf(manifest.artifacts, 'path')).toHaveLength(1);
  });
  it('never stops the rest, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom(
          'config.json',
          'adapter_config.json',
          'tokenizer_config.json',
          'generation_config.json',
          'x.safetensors.index.json',
        ),
        async (value, path) => {
          const { manifest } = await describeFiles({ [path]: utf8(JSON.stringify(value)), 'm.safetensors': weights(2, 'a') });
          expect(manifest.model?.parameterCount?.total).toBe(2);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('makes no manifest when a file cannot be read, and names each', async () => {
  const problem = new MsbomError('ERR_IO_PERMISSION', 'permission denied', { file: 'secret.bin' });
  const tree: SourceTree = {
    ...memoryTree('x', {}),
    async *list() {
      yield { path: 'a.txt', size: 1 };
      yield { path: 'secret.bin', size: 0, problem };
      yield { path: 'link', size: 0, problem: new MsbomError('ERR_IO_LINK', 'out', { file: 'link' }) };
    },
  };
  await expect(describeFiles({}, {}, tree)).rejects.toMatchObject({
    code: 'ERR_COLLECT_INCOMPLETE',
    findings: [
      { id: 'io-link', file: 'link' },
      { id: 'io-permission', file: 'secret.bin' },
    ],
  });
});

it('describes an empty directory as one without files', async () => {
  const { manifest } = await describeFiles({});
  expect(manifest.artifacts).toBeUndefined();
});

it('what the caller says of a file is not its size and digest', async () => {
  const said = suppliedPart(
    { artifacts: { 'a.txt': { role: 'data', size: 77, digest: { sha256: '0123456789abcdef'.repeat(4) } }, 'b.txt': { role: 'data' } } },
    { name: 'overlay', method: 'overlay' },
  );
  const { manifest, findings } = finished(await describeFiles({ 'a.txt': utf8('x') }), { supplied: said });
  expect(manifest.artifacts).toEqual({
    'a.txt': { role: 'data', size: 1, digest: { sha256: createHash('sha256').update('x').digest('hex') } },
  });
  expect(findings.filter(({ id }) => id === 'value-left-out').map(({ message }) => message)).toEqual([
    'what was supplied at /artifacts/b.txt/role was left out: there is no such file',
  ]);
  // What was said all the same stays visible.
  expect(contradictions(manifest).map(({ pointer, dissents }) => [pointer, dissents[0]?.said])).toEqual([
    ['/artifacts/a.txt/role', 'document'],
    ['/artifacts/a.txt/size', 77],
    ['/artifacts/a.txt/digest/sha256', '0123456789abcdef'.repeat(4)],
  ]);
});

it('an address that is none does not spoil the document', async () => {
  const { manifest } = await describeFiles({
    'README.md': utf8('---\nlicense: mit\nlicense_link: "https://x y/z"\n---\n'),
    'm.gguf': ggufFile({
      metadata: [
        ['general.architecture', 8, 'llama'],
        ['general.base_model.count', 4, 1],
        ['general.base_model.0.name', 8, 'Base'],
        ['general.base_model.0.repo_url', 8, 'https://example.org/[a]|b'],
      ],
      tensors: [],
      dataBytes: 0,
    }),
  });
  expect(manifest.model?.licenses).toEqual([{ expression: 'MIT', kind: 'declared' }]);
  expect(parentsOf(manifest)[0]).not.toHaveProperty('uri');
});

it('names in other scripts are told apart', async () => {
  const result = (name: string, value: number) => ({
    task: { type: 't' },
    dataset: { name, type: name },
    metrics: [{ type: 'acc', value }],
  });
  const card = { base_model: 'org/基座', 'model-index': [{ name: '模型', results: [result('数据一', 1), result('数据二', 2)] }] };
  const { manifest } = await describeFiles({ 'README.md': utf8(`---\n${JSON.stringify(card)}\n---\n`) });
  expect(manifest.model?.name).toBe('模型');
  const ids = listOf(manifest.datasets).map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  expect(listOf(manifest.evaluations).map(({ uses }) => Object.values(uses ?? {})[0]?.dataset)).toEqual(ids);
});

describe('words that are no words', () => {
  const cards = (word: string): Readonly<Record<string, string>> => ({
    'README.md': `---\nlicense: ${word}\nbase_model: org/base\nbase_model_relation: ${word}\n---\n`,
    'data/README.md': `---\npretty_name: x\nsize_categories: n<1K\nlicense: ${word}\ntags: ["modality:${word}"]\n---\n`,
    'data/dataset_info.json': JSON.stringify({ features: { a: { dtype: word, _type: 'Value' } }, dataset_name: 'y', license: word }),
  });
  it.each(['__proto__', 'constructor', 'toString'])('%s of a document is no entry of a table', async (word) => {
    const { manifest } = await describeFiles(Object.fromEntries(Object.entries(cards(word)).map(([path, text]) => [path, utf8(text)])));
    expect(manifest.model?.licenses).toEqual([{ name: word, kind: 'declared' }]);
    expect(parentsOf(manifest)).toMatchObject([{ relation: 'derived' }]);
  });
  it('whole numbers that a double cannot hold are texts of their digits', async () => {
    const { manifest } = await describeFiles({ 'generation_config.json': utf8('{"seed":12345678901234567890,"bound":1e19,"top_k":50}') });
    expect(manifest.usage?.generationDefaults).toEqual({ seed: '12345678901234567890', bound: 1e19, top_k: 50 });
    expect(parseManifest(stringifyManifest(manifest)).usage?.generationDefaults).toEqual(manifest.usage?.generationDefaults);
  });
  it('half of a surrogate pair is mended, and the others stay', async () => {
    const { manifest } = await describeFiles({
      'generation_config.json': utf8('{"a\\ud800":"b\\udc00","c":"\\ud83d\\ude00"}'),
      'a/all_results.json': utf8('{"train_loss":1,"\\ud800":2}'),
      'b/all_results.json': utf8('{"train_loss":1,"\\ud800":2}'),
      'eval_results.json': utf8('{"":1,"eval_loss":2}'),
      'trainer_state.json': utf8('{"log_history":[],"global_step":1}'),
    });
    expect(manifest.usage?.generationDefaults).toEqual({ 'a\ufffd': 'b\ufffd', c: '😀' });
  });
});
