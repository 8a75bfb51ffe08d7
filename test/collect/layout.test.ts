import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitBlob } from '../../src/collect/published-digests.js';
import { MsbomError } from '../../src/core/error.js';
import { validateManifest } from '../../src/validate/index.js';
import { ggufFile, safetensorsFile, utf8 } from '../support/builders.js';
import { collectDirectory } from '../support/collect.js';
import { temporaryDirectory } from '../support/temporary.js';
import { listOf } from '../support/things.js';

const weights = safetensorsFile({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const NOW = { now: '2026-11-23T09:00:00Z' };

async function describeDirectory(directory: string, options = {}) {
  const result = await collectDirectory(directory, { ...NOW, ...options });
  expect(validateManifest(result.manifest).findings.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  return { ...result, ids: result.findings.map(({ id }) => id), paths: listOf(result.manifest.artifacts, 'path').map(({ path }) => path) };
}

/** A repository in the cache of the Hub: blobs by digest, snapshots of links. */
function cachedRepository(
  root: string,
  repository: string,
  commits: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
  main: string,
) {
  const folder = join(root, `models--${repository.replace('/', '--')}`);
  for (const [commit, files] of Object.entries(commits)) {
    for (const [path, bytes] of Object.entries(files)) {
      const blob = bytes === weights ? sha256(bytes) : gitBlob(bytes);
      const link = join(folder, 'snapshots', commit, path);
      mkdirSync(join(folder, 'blobs'), { recursive: true });
      mkdirSync(dirname(link), { recursive: true });
      writeFileSync(join(folder, 'blobs', blob), bytes);
      symlinkSync(join(path.includes('/') ? '../../..' : '../..', 'blobs', blob), link);
    }
  }
  mkdirSync(join(folder, 'refs'), { recursive: true });
  writeFileSync(join(folder, 'refs/main'), main);
  return folder;
}

describe('the cache of the Hub', () => {
  const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
  const files = { 'model.safetensors': weights, 'README.md': utf8('---\nlicense: mit\n---\n'), 'unet/config.json': utf8('{}') };

  it('gives name, organisation, commit and purl, and the files of the commit that main names', async () => {
    const folder = cachedRepository(temporaryDirectory(), 'org/tuned', { [one]: files, [two]: files }, one);
    const { manifest, ids, paths } = await describeDirectory(folder);
    expect(ids).toEqual([]);
    expect(paths).toEqual(['README.md', 'model.safetensors', 'unet/config.json']);
    expect(manifest.model).toMatchObject({
      name: 'tuned',
      group: 'org',
      version: one,
      identifiers: [{ type: 'purl', value: `pkg:huggingface/org/tuned@${one}` }],
      parameterCount: { total: 3 },
    });
  });
  it('takes the commit that is asked for', async () => {
    const folder = cachedRepository(temporaryDirectory(), 'org/tuned', { [one]: files, [two]: files }, one);
    expect((await describeDirectory(folder, { select: '2222' })).manifest.model?.version).toBe(two);
    expect((await describeDirectory(folder, { select: 'org/tuned@2222' })).manifest.model?.version).toBe(two);
  });
  it('of several models takes none by guess', async () => {
    const root = temporaryDirectory();
    cachedRepository(root, 'org/tuned', { [one]: files }, one);
    cachedRepository(root, 'other/base', { [two]: files }, two);
    const error: unknown = await collectDirectory(root, NOW).catch((reason: unknown) => reason);
    expect(MsbomError.is(error, 'ERR_COLLECT_SELECT')).toBe(true);
    expect(String((error as Error).message)).toContain('other/base@222222222222');
    expect((await describeDirectory(root, { select: 'other/base' })).manifest.model).toMatchObject({ name: 'base', group: 'other' });
  });
  it('says when a blob is no longer the one that was published', async () => {
    const folder = cachedRepository(temporaryDirectory(), 'org/tuned', { [one]: files }, one);
    const changed = weights.slice();
    changed[changed.length - 1] = 7;
    writeFileSync(join(folder, 'blobs', sha256(weights)), changed);
    writeFileSync(join(folder, 'blobs', gitBlob(files['README.md'])), '---\nlicense: mpl\n---\n');
    const { findings } = await describeDirectory(folder);
    expect(findings.map(({ id, severity, file }) => [id, severity, file])).toEqual([
      ['published-digest', 'high', 'README.md'],
      ['published-digest', 'high', 'model.safetensors'],
    ]);
  });
});

it('gitBlob is what git computes', () => {
  // `printf 'hello\n' | git hash-object --stdin`
  expect(gitBlob(utf8('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});

describe('a directory that was downloaded', () => {
  const record = (commit: string, etag: string) => `${commit}\n${etag}\n1700000000.0\n`;
  const commit = 'ab'.repeat(20);
  it('has the commit of its download records as version, which are checked, and none when a file is another', async () => {
    const files = (config: string) => ({
      'model.safetensors': weights,
      'config.json': config,
      '.cache/huggingface/download/model.safetensors.metadata': record(commit, sha256(weights)),
      '.cache/huggingface/download/config.json.metadata': record(commit, gitBlob(utf8('{"other":1}'))),
    });
    const same = await describeDirectory(temporaryDirectory(files('{"other":1}')));
    expect(same).toMatchObject({ ids: [], manifest: { model: { version: commit } } });
    const { manifest, findings } = await describeDirectory(temporaryDirectory(files('{}')));
    expect(manifest.model?.version).toBeUndefined();
    expect(findings).toEqual([expect.objectContaining({ id: 'published-digest', file: 'config.json' })]);
  });
  it('of several commits has no version', async () => {
    const directory = temporaryDirectory({
      'model.safetensors': weights,
      '.cache/huggingface/download/model.safetensors.metadata': record(commit, sha256(weights)),
      '.cache/huggingface/download/config.json.metadata': record('cd'.repeat(20), '"none"'),
    });
    const { manifest, ids } = await describeDirectory(directory);
    expect(manifest.model?.version).toBeUndefined();
    expect(ids).toEqual(['revisions-mixed']);
  });
});

describe('a checkout', () => {
  const checkout = (remote: string, root = '.') => {
    const directory = temporaryDirectory({ [join(root, 'model.safetensors')]: weights });
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-C', directory, '-c', 'user.name=user', '-c', 'user.email=user@example.org', ...args], {
        encoding: 'utf8',
      }).trim();
    git('init', '-q');
    git('remote', 'add', 'origin', remote);
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    return { directory, commit: git('rev-parse', 'HEAD') };
  };
  it('of the Hub has name, organisation, commit and purl from there', async () => {
    const { directory, commit } = checkout('https://user:secret@huggingface.co/org/tuned');
    const { manifest, ids } = await describeDirectory(directory);
    expect(ids).toEqual([]);
    expect(manifest.model).toMatchObject({
      name: 'tuned',
      group: 'org',
      version: commit,
      identifiers: [{ value: `pkg:huggingface/org/tuned@${commit}` }],
    });
    expect(JSON.stringify(manifest)).not.toContain('secret');
  });
  it('with uncommitted changes has no version', async () => {
    const { directory } = checkout('git@example.org:org/tuned.git');
    writeFileSync(join(directory, 'model.safetensors'), weights.slice(0, -1));
    const { manifest, ids } = await describeDirectory(directory);
    expect(manifest.model).toMatchObject({ name: 'tuned', group: 'org' });
    expect(manifest.model?.version).toBeUndefined();
    expect(ids).toContain('checkout-changed');
  });
  it('lends nothing to a directory inside it', async () => {
    const { directory } = checkout('https://huggingface.co/org/code', 'out');
    expect((await describeDirectory(join(directory, 'out'))).manifest.model?.name).toBe('out');
  });
});

describe('an Ollama store', () => {
  const gguf = ggufFile({
    metadata: [['general.architecture', 8, 'llama']],
    tensors: [{ name: 't', sizes: [32], type: 2, offset: 0 }],
    dataBytes: 32,
  });
  const layer = (kind: string, bytes: Uint8Array) => ({
    mediaType: `application/vnd.ollama.image.${kind}`,
    digest: `sha256:${sha256(bytes)}`,
    size: bytes.byteLength,
  });
  const [license, template, config] = [utf8('MIT License'), utf8('{{ .Prompt }}'), utf8('{"model_family":"llama","file_type":"Q4_0"}')];
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', digest: `sha256:${sha256(config)}`, size: config.byteLength },
    layers: [layer('model', gguf), layer('license', license), layer('template', template)],
  });
  const blobs = Object.fromEntries([gguf, license, template, config].map((bytes) => [`blobs/sha256-${sha256(bytes)}`, bytes]));
  const store: Readonly<Record<string, string | Uint8Array>> = { 'manifests/registry.ollama.ai/library/tiny/1b': manifest, ...blobs };

  it('gives one model by its manifest, each blob with its role', async () => {
    const { manifest: described, ids } = await describeDirectory(temporaryDirectory(store));
    expect(ids).toEqual([]);
    expect(described.model).toMatchObject({
      name: 'tiny',
      group: 'library',
      version: '1b',
      architecture: { name: 'llama', modelType: 'llama' },
      quantization: { method: 'Q4_0' },
      parameterCount: { total: 32 },
    });
    const roles = new Map(listOf(described.artifacts, 'path').map(({ path, role }) => [path, role]));
    expect(roles.get(`blobs/sha256-${sha256(gguf)}`)).toBe('weights');
    expect(roles.get(`blobs/sha256-${sha256(license)}`)).toBe('license');
    expect(roles.get(`blobs/sha256-${sha256(template)}`)).toBe('template');
  });
  it('leaves out the blobs of other models, and names the models when none is chosen', async () => {
    const other = utf8('another blob');
    const directory = temporaryDirectory({
      ...store,
      [`blobs/sha256-${sha256(other)}`]: other,
      'manifests/registry.ollama.ai/someone/big/latest': JSON.stringify({ layers: [layer('model', other)] }),
    });
    await expect(collectDirectory(directory, NOW)).rejects.toMatchObject({
      code: 'ERR_COLLECT_SELECT',
      message: expect.stringContaining('someone/big:latest, tiny:1b'),
    });
    expect((await describeDirectory(directory, { select: 'tiny:1b' })).paths).not.toContain(`blobs/sha256-${sha256(other)}`);
  });
  it('says which blob is missing, short or changed', async () => {
    const { [`blobs/sha256-${sha256(license)}`]: _gone, ...rest } = store;
    const directory = temporaryDirectory({ ...rest, [`blobs/sha256-${sha256(template)}`]: utf8('{{ .System }}') });
    const { findings } = await describeDirectory(directory);
    expect(findings.map(({ id }) => id).sort()).toEqual(['companion-missing', 'published-digest']);
  });
});

it('an OCI image layout with a ModelPack gives what its config says', async () => {
  const blob = (bytes: Uint8Array) => [`blobs/sha256/${sha256(bytes)}`, bytes] as const;
  const config = utf8(
    JSON.stringify({
      descriptor: { name: 'packed', version: '2.1', family: 'llama', licenses: ['apache-2.0'] },
      config: { architecture: 'transformer', quantization: 'awq' },
    }),
  );
  const image = utf8(
    JSON.stringify({
      schemaVersion: 2,
      artifactType: 'application/vnd.cncf.model.manifest.v1+json',
      config: { mediaType: 'application/vnd.cncf.model.config.v1+json', digest: `sha256:${sha256(config)}`, size: config.byteLength },
      layers: [
        {
          mediaType: 'application/vnd.cncf.model.weight.v1.raw',
          digest: `sha256:${sha256(weights)}`,
          size: weights.byteLength,
          annotations: { 'org.cncf.model.filepath': 'model.safetensors' },
        },
      ],
    }),
  );
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${sha256(image)}`, size: image.byteLength }],
  });
  const directory = temporaryDirectory({
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': index,
    ...Object.fromEntries([blob(config), blob(image), blob(weights)]),
  });
  const { manifest, ids } = await describeDirectory(directory);
  expect(ids).toEqual([]);
  expect(manifest.model).toMatchObject({
    name: 'packed',
    version: '2.1',
    licenses: [{ expression: 'Apache-2.0' }],
    parameterCount: { total: 3 },
  });
  expect(listOf(manifest.artifacts, 'path').find(({ role }) => role === 'weights')?.note).toBe('stored under the name model.safetensors');
});

it('a diffusers pipeline has its parts, and each file belongs to one', async () => {
  const directory = temporaryDirectory({
    'model_index.json': JSON.stringify({
      _class_name: 'StableDiffusionPipeline',
      _diffusers_version: '0.30.0',
      unet: ['diffusers', 'UNet2DConditionModel'],
      vae: ['diffusers', 'AutoencoderKL'],
      safety_checker: [null, null],
    }),
    'unet/config.json': '{"_class_name":"UNet2DConditionModel"}',
    'unet/diffusion_pytorch_model.safetensors': weights,
    'unet/diffusion_pytorch_model.fp16.safetensors': safetensorsFile({ w: { dtype: 'F16', shape: [3], data_offsets: [0, 6] } }, 6),
  });
  const { manifest, findings } = await describeDirectory(directory);
  expect(manifest.model).toMatchObject({
    architecture: { name: 'StableDiffusionPipeline' },
    parameterCount: { total: 3 },
    composition: {
      unet: { model: 'unet', relation: 'part', path: 'unet', className: 'UNet2DConditionModel', library: 'diffusers' },
      vae: { className: 'AutoencoderKL' },
    },
  });
  expect(manifest.models?.unet).toMatchObject({
    name: 'unet',
    kind: 'part',
    architecture: { name: 'UNet2DConditionModel' },
    parameterCount: { total: 3 },
    artifacts: ['unet/config.json', 'unet/diffusion_pytorch_model.fp16.safetensors', 'unet/diffusion_pytorch_model.safetensors'],
  });
  expect(
    listOf(manifest.artifacts, 'path')
      .filter(({ role }) => role === 'weights')
      .map(({ variant }) => variant),
  ).toEqual(['safetensors-F16', 'safetensors-F32']);
  expect(findings).toEqual([expect.objectContaining({ id: 'companion-missing', message: expect.stringContaining('`vae`') })]);
});

it('a sentence-transformers model has its modules and versions', async () => {
  const directory = temporaryDirectory({
    'modules.json': JSON.stringify([
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ]),
    'config_sentence_transformers.json': '{"__version__":{"sentence_transformers":"5.0.0","transformers":"4.50.0","pytorch":"2.6.0"}}',
    '1_Pooling/config.json': '{"word_embedding_dimension":3}',
    'model.safetensors': weights,
  });
  const { manifest } = await describeDirectory(directory);
  expect(listOf(manifest.model?.composition)).toMatchObject([{ className: 'Transformer' }, { className: 'Pooling', path: '1_Pooling' }]);
  expect(manifest.model?.parameterCount).toEqual({ total: 3 });
  expect(listOf(manifest.artifacts, 'path').find(({ path }) => path === 'config_sentence_transformers.json')?.producers).toContainEqual({
    name: 'sentence-transformers',
    version: '5.0.0',
  });
});

it('parts of sentence-transformers add up, those without a directory too, and exports count once', async () => {
  const directory = temporaryDirectory({
    'modules.json':
      '[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Dense","type":"sentence_transformers.models.Dense"}]',
    'model.safetensors': weights,
    'onnx/model.safetensors': safetensorsFile({ w: { dtype: 'F32', shape: [9], data_offsets: [0, 36] } }, 36),
    '1_Dense/model.safetensors': weights,
  });
  const { manifest } = await describeDirectory(directory);
  expect(manifest.models).toMatchObject({ 0: { parameterCount: { total: 3 } }, '1_dense': { parameterCount: { total: 3 } } });
  expect(manifest.model?.parameterCount).toEqual({ total: 6 });
});

it('a model that keeps a cache beside it is no cache', async () => {
  const directory = temporaryDirectory({ 'model.safetensors': weights, 'README.md': '---\nlicense: mit\n---\n' });
  cachedRepository(directory, 'org/base', { [`${'1'.repeat(39)}2`]: { 'config.json': utf8('{}') } }, '');
  const { manifest, paths } = await describeDirectory(directory);
  expect(paths).toContain('model.safetensors');
  expect(manifest.model).toMatchObject({ licenses: [{ expression: 'MIT' }] });
  expect(manifest.model?.group).toBeUndefined();
  expect((await describeDirectory(directory, { select: 'org/base' })).paths).toEqual(['config.json']);
});

describe('what lies beside the model', () => {
  const base = safetensorsFile({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } }, 12);
  it('an adapter says nothing of the model', async () => {
    const lora = safetensorsFile(
      {
        __metadata__: {
          'modelspec.title': 'my style',
          'modelspec.author': 'Alice',
          ss_learning_rate: '0.0001',
          ss_base_model_version: 'sd_v1',
        },
        'q.lora_A.weight': { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      },
      8,
    );
    const alone = await describeDirectory(temporaryDirectory({ 'pytorch_lora_weights.safetensors': lora }));
    expect(alone.manifest).toMatchObject({
      model: { name: 'my style', kind: 'adapter', authors: ['alice'] },
      parties: { alice: { name: 'Alice' } },
    });
    expect(alone.manifest.model?.lineage).toBeUndefined();
    const { manifest } = await describeDirectory(
      temporaryDirectory({ 'pytorch_lora_weights.safetensors': lora, 'unet/diffusion_pytorch_model.safetensors': base }),
    );
    expect(manifest.model?.name).not.toBe('my style');
    expect(manifest.model?.authors).toBeUndefined();
    expect(manifest.model?.training).toBeUndefined();
    expect(manifest.model?.lineage).toBeUndefined();
    expect(listOf(manifest.artifacts, 'path')[0]).toMatchObject({ role: 'adapter', metadata: { 'modelspec.title': 'my style' } });
  });
  it('the projector of a GGUF is neither the architecture nor a copy', async () => {
    const gguf = (architecture: string, sizes: number[]) =>
      ggufFile({
        metadata: [['general.architecture', 8, architecture]],
        tensors: [{ name: 't', sizes, type: 0, offset: 0 }],
        dataBytes: 256,
      });
    const { manifest, ids } = await describeDirectory(
      temporaryDirectory({ 'm-f32.gguf': gguf('llama', [32]), 'mmproj-m.gguf': gguf('clip', [64]) }),
    );
    expect(ids).toEqual([]);
    expect(manifest.model).toMatchObject({ architecture: { name: 'llama' }, parameterCount: { total: 32 } });
    expect(listOf(manifest.artifacts, 'path').map(({ variant }) => variant)).toEqual([undefined, undefined]);
    const alone = await describeDirectory(temporaryDirectory({ 'mmproj-m.gguf': gguf('clip', [64]) }));
    expect(alone.manifest.model).toMatchObject({ architecture: { name: 'clip' }, parameterCount: { total: 64 } });
  });
});

it('an adapter in a directory of its own ships with the model', async () => {
  const directory = temporaryDirectory({
    'model.safetensors': weights,
    'adapters/style/adapter_config.json': '{"peft_type":"LORA","base_model_name_or_path":"org/base","r":8}',
    'adapters/style/adapter_model.safetensors': safetensorsFile(
      { 'q.lora_A.weight': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } },
      8,
    ),
  });
  const { manifest } = await describeDirectory(directory);
  expect(manifest.bom.subject).toBeUndefined();
  expect(manifest.model?.parameterCount).toEqual({ total: 3 });
  expect(manifest.model?.lineage).toBeUndefined();
  expect(manifest.models).toMatchObject({
    style: {
      name: 'style',
      kind: 'adapter',
      parameterCount: { total: 2 },
      artifacts: ['adapters/style/adapter_config.json', 'adapters/style/adapter_model.safetensors'],
      training: { methods: ['lora'], hyperparameters: { lora_r: 8 } },
      lineage: { parents: { 'org-base': { model: 'org-base', relation: 'adapter' } } },
    },
    'org-base': { name: 'org/base' },
  });
});

it('several adapters of one base, which the model came from too, have that one base', async () => {
  const config = '{"peft_type":"LORA","base_model_name_or_path":"org/base"}';
  const directory = temporaryDirectory({
    'model.safetensors': weights,
    'README.md': '---\nbase_model: org/base\n---\n',
    'one/adapter_config.json': config,
    'two/adapter_config.json': config,
  });
  const { manifest } = await describeDirectory(directory);
  expect(validateManifest(manifest).valid).toBe(true);
  const parents = [manifest.model, manifest.models?.one, manifest.models?.two].map((each) => Object.keys(each?.lineage?.parents ?? {}));
  expect(parents).toEqual([['org-base'], ['org-base'], ['org-base']]);
  expect(Object.keys(manifest.models ?? {}).sort()).toEqual(['one', 'org-base', 'two']);
});

it('weights among the saves of a run are checkpoints, not a second model', async () => {
  const directory = temporaryDirectory({
    'model.safetensors': weights,
    'checkpoint-500/model.safetensors': safetensorsFile({ w: { dtype: 'F32', shape: [9], data_offsets: [0, 36] } }, 36),
  });
  const { manifest } = await describeDirectory(directory);
  expect(listOf(manifest.artifacts, 'path').map(({ role }) => role)).toEqual(['checkpoint', 'weights']);
  expect(manifest.model?.parameterCount).toEqual({ total: 3 });
});

it('a Kitfile names model, licence, data and code', async () => {
  const directory = temporaryDirectory({
    Kitfile:
      'manifestVersion: 1.0.0\npackage:\n  name: tabular\n  version: 1.10\n  authors: [Example]\nmodel:\n  path: model.safetensors\n  license: apache-2.0\ndatasets:\n- name: rows\n  path: rows.csv\n  license: cc-by-4.0\ncode:\n- path: train.py\n',
    'model.safetensors': weights,
    'rows.csv': 'a,b\n',
    'train.py': 'pass\n',
  });
  const { manifest } = await describeDirectory(directory);
  expect(manifest.model).toMatchObject({
    name: 'tabular',
    version: '1.10',
    licenses: [{ expression: 'Apache-2.0' }],
    authors: ['example'],
  });
  expect(manifest.parties).toEqual({ example: { name: 'Example' } });
  expect(listOf(manifest.datasets)).toMatchObject([{ name: 'rows', licenses: [{ expression: 'CC-BY-4.0' }] }]);
});
