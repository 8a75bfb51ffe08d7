import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../support/builders.js';
import { collected } from '../support/collected.js';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('dvc');
const facts = factsOf('dvc') as unknown as { params: Record<string, unknown>; dependencies: Record<string, string> };

describe('a pipeline of DVC', () => {
  it('is what its API says', async () => {
    const { manifest, ids, own } = await described(files);
    expect(ids).toEqual([]);
    const { seed, train } = facts.params as { seed: number; train: Record<string, unknown> };
    // `unused` stands in the file of parameters, and no stage takes it.
    expect(own).toEqual({ seed, ...Object.fromEntries(Object.entries(train).map(([key, value]) => [`train.${key}`, value])) });
    const digests = Object.fromEntries(
      listOf(manifest.datasets).map(({ name, digest, identifiers }) => [name, digest?.root.md5 ?? identifiers?.[0]?.value]),
    );
    for (const [path, digest] of Object.entries(facts.dependencies)) if (path !== 'train.py') expect(digests[path], path).toBe(digest);
    expect(listOf(manifest.datasets).find(({ name }) => name === 'prepared.txt')).toMatchObject({
      sources: { 'labels.txt': { dataset: 'labels.txt' } },
      size: { bytes: 4 },
    });
    expect(listOf(manifest.model?.training?.stages, 'name')).toEqual([
      // What went into the stage that prepared the data was not trained on.
      {
        name: 'train',
        uses: { data: { dataset: 'data' }, 'prepared.txt': { dataset: 'prepared.txt' } },
        hyperparameters: { seed: 42, 'train.lr': 0.01, 'train.epochs': 4, 'train.shuffle': true },
      },
    ]);
    // The program of the one stage that wrote weights.
    expect(manifest.model?.training?.code).toEqual({ entrypoint: 'train.py', digest: { md5: 'be46ddfbc6c58daef0fdc95aa2baf578' } });
  });
  it('keeps the credentials of remotes out', async () => {
    expect((await described(files, { includePrivate: true })).text).not.toContain('not-a-secret');
  });
  it('of one stage names its program', async () => {
    const lock =
      "schema: '2.0'\nstages:\n  train:\n    cmd: python3 train.py --lr 0.1\n    deps:\n    - path: train.py\n      hash: md5\n      md5: be46ddfbc6c58daef0fdc95aa2baf578\n";
    const { manifest } = await described({ 'dvc.lock': text(lock) });
    expect(manifest.model?.training?.code).toEqual({
      entrypoint: 'train.py',
      arguments: ['--lr', '0.1'],
      digest: { md5: 'be46ddfbc6c58daef0fdc95aa2baf578' },
    });
    const piped = await described({ 'dvc.lock': text(lock.replace('--lr 0.1', '--lr $LR | tee log')) });
    expect(piped.manifest.model?.training?.code).not.toHaveProperty('arguments');
  });
  it('of stages that disagree says nothing for the model', async () => {
    const stage = (name: string, lr: number) =>
      `  ${name}:\n    cmd: x\n    params:\n      params.yaml:\n        lr: ${lr}\n        same: 1\n`;
    const { manifest } = await described({ 'dvc.lock': text(`schema: '2.0'\nstages:\n${stage('a', 1)}${stage('b', 2)}`) });
    expect(manifest.model?.training?.hyperparameters).toEqual({ same: 1 });
    expect(listOf(manifest.model?.training?.stages, 'name')).toMatchObject([
      { hyperparameters: { learning_rate: 1 } },
      { hyperparameters: { learning_rate: 2 } },
    ]);
  });
  it('with stages in a circle ends', async () => {
    const stage = (name: string, takes: string, makes: string) =>
      `  ${name}:\n    cmd: x\n    deps:\n    - path: ${takes}\n    outs:\n    - path: ${makes}\n`;
    const { manifest } = await described({ 'dvc.lock': text(`stages:\n${stage('a', 'x.csv', 'y.csv')}${stage('b', 'y.csv', 'x.csv')}`) });
    expect(listOf(manifest.model?.training?.stages, 'name')).toHaveLength(2);
  });
  it('that was not run says what is to be run', async () => {
    const { 'dvc.lock': _lock, ...asked } = files;
    const { manifest, own } = await described(asked);
    expect(own).toEqual({ seed: 42, 'train.lr': 0.01, 'train.epochs': 4, 'train.shuffle': true });
    expect(listOf(manifest.model?.training?.stages, 'name')).toEqual([{ name: 'prepare' }, { name: 'train', after: ['prepare'] }]);
  });
  it('is not any `params.yaml`', async () => {
    expect((await described({ 'params.yaml': text('lr: 1\n') })).manifest.model?.training).toBeUndefined();
  });
  it('may have a damaged lock', () => fuzzFiles(files, 'dvc.lock'));
  it('may have a damaged pipeline', () =>
    fuzzFiles({ 'dvc.yaml': files['dvc.yaml'] ?? text(''), 'params.yaml': text('seed: 1\n') }, 'dvc.yaml', 30));
});

describe('data that DVC tracks', () => {
  const md5 = 'dd8c6a395b5dd36c56d23275028f526c';
  it('has digest and size', async () => {
    const { manifest } = await described({ 'labels.txt.dvc': files['labels.txt.dvc'] ?? text('') });
    expect(listOf(manifest.datasets)).toEqual([
      {
        id: 'labels.txt',
        name: 'labels.txt',
        provenanceStatus: 'declared',
        digest: { root: { md5 }, method: 'unknown', complete: false },
        size: { bytes: 4 },
      },
    ]);
  });
  it('of before DVC 3 has the name of DVC for it, which need not be the MD5 of its bytes', async () => {
    const { manifest } = await described({ 'a.csv.dvc': text(`outs:\n- md5: ${md5}\n  path: a.csv\n`) });
    expect(listOf(manifest.datasets)).toMatchObject([{ name: 'a.csv', identifiers: [{ scheme: 'dvc', value: md5 }] }]);
    expect(listOf(manifest.datasets)[0]?.digest).toBeUndefined();
  });
  it('imported from elsewhere names the place, without credentials', async () => {
    const record = `deps:\n- path: data.csv\n  repo:\n    url: https://jane:pw@example.org/team/data.git\n    rev_lock: ${'a'.repeat(40)}\nouts:\n- md5: ${md5}\n  hash: md5\n  path: data.csv\n`;
    const { manifest, text: whole } = await described({ 'data.csv.dvc': text(record) });
    expect(listOf(manifest.datasets)).toMatchObject([
      { name: 'data.csv', uri: 'https://example.org/team/data.git', version: 'a'.repeat(40) },
    ]);
    expect(whole).not.toMatch(/jane|pw@/);
  });
  it('is no model', async () => {
    expect(
      (await described({ 'model.safetensors.dvc': text(`outs:\n- md5: ${md5}\n  path: model.safetensors\n`) })).manifest.datasets,
    ).toBeUndefined();
  });
  it('on somebody’s disk has no name', async () => {
    expect((await described({ 'x.dvc': text(`outs:\n- md5: ${md5}\n  path: /home/jane/x.csv\n`) })).manifest.datasets).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles(files, 'labels.txt.dvc', 40));
});

it('data that a stage takes and writes did not come from themselves', async () => {
  const lock = 'stages: {a: {cmd: x, deps: [{path: d.csv, md5: a}], outs: [{path: d.csv, md5: b}]}}\n';
  const { manifest } = await described({ 'dvc.lock': text(lock) });
  expect(listOf(manifest.datasets)).toHaveLength(1);
  expect(listOf(manifest.datasets)[0]?.sources).toBeUndefined();
});

describe('files against what DVC says of them', () => {
  const md5 = '8c06a029fa3d12bf14030248e8bcb340';
  const out = (path: string, digest: string, size: number) => `- md5: ${digest}\n  size: ${size}\n  hash: md5\n  path: ${path}\n`;
  it('weights that are not here are told, and what DVC says of them is kept', async () => {
    const { manifest, findings } = await collected({ 'm/model.onnx.dvc': `outs:\n${out('model.onnx', md5, 188_262)}` });
    expect(manifest.artifacts?.['m/model.onnx.dvc']).toMatchObject({
      pointer: { kind: 'dvc', digest: { md5 }, size: 188_262 },
      inspection: { status: 'not-inspected' },
    });
    expect(findings).toContainEqual(expect.objectContaining({ id: 'storage-pointer', file: 'm/model.onnx.dvc' }));
    expect(findings.find(({ id }) => id === 'storage-pointer')?.message).toContain('`m/model.onnx`');
    expect(manifest.bom.coverage?.artifacts).toBe('partial');
    expect(manifest.datasets).toBeUndefined();
  });
  it.each(['model.onnx', 'rows.csv'])('a digest that nobody computed is left out: %s', async (name) => {
    const { manifest } = await collected({ [`${name}.dvc`]: `outs:\n${out(name, '0'.repeat(32), 9)}` });
    expect(JSON.stringify([manifest.artifacts, manifest.datasets])).not.toContain('"md5"');
  });
  it('a directory of models that is not here is one, a directory of data is data', async () => {
    const directory = (path: string) => `outs:\n- md5: ${md5}.dir\n  size: 9\n  nfiles: 2\n  hash: md5\n  path: ${path}\n`;
    const models = await collected({ 'models.dvc': directory('models') });
    expect(models.ids).toEqual(['storage-pointer']);
    expect(models.manifest.artifacts?.['models.dvc']).toMatchObject({ metadata: { 'outs.md5': `${md5}.dir` } });
    expect((await collected({ 'models.dvc': directory('models'), 'models/a.txt': 'x' })).ids).toEqual([]);
    const data = await collected({ 'data.dvc': directory('data') });
    expect(data.ids).toEqual([]);
    expect(Object.keys(data.manifest.datasets ?? {})).toEqual(['data']);
  });
  it.each([
    ['the same', 'hello', '5d41402abc4b2a76b9719d911017c592', 5, []],
    ['others', 'hellO', '5d41402abc4b2a76b9719d911017c592', 5, ['published-digest']],
    ['of another size', 'hello!', '5d41402abc4b2a76b9719d911017c592', 5, ['published-digest']],
  ])('bytes that are here may be %s', async (_, bytes, digest, size, ids) => {
    expect((await collected({ 'a.txt': bytes, 'a.txt.dvc': `outs:\n${out('a.txt', digest, size)}` })).ids).toEqual(ids);
    // Before version 3 the digest of a text need not be that of its bytes.
    expect((await collected({ 'a.txt': bytes, 'a.txt.dvc': `outs:\n- md5: ${digest}\n  path: a.txt\n` })).ids).toEqual([]);
  });
  it('the lock tells what was written from what went in', async () => {
    const lock = `stages:\n  train:\n    cmd: x\n    deps:\n${out('in.txt', md5, 1)}    outs:\n${out('out.txt', md5, 1)}`.replaceAll(
      /^(- | {2})(md5|size|hash|path)/gm,
      '    $1$2',
    );
    const { findings } = await collected({ 'dvc.lock': lock, 'in.txt': 'x', 'out.txt': 'x' });
    expect(findings.map(({ id, severity, message }) => [id, severity, /`([^`]+)`/.exec(message)?.[1]])).toEqual([
      ['published-digest', 'medium', 'out.txt'],
      ['published-digest', 'low', 'in.txt'],
    ]);
  });
});

describe('stages that wrote several models', () => {
  it('each say what they took of their own', async () => {
    const stage = (name: string, rate: number) =>
      `  ${name}:\n    cmd: python ${name}.py\n    params:\n      params.yaml:\n        ${name}.lr: ${rate}\n    outs:\n    - path: ${name}/model.safetensors\n      md5: ${'a'.repeat(32)}\n`;
    const weights = (name: string) => safetensorsFile({ [name]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4);
    const { manifest } = await collected({
      'one/model.safetensors': weights('one'),
      'two/model.safetensors': weights('two'),
      'dvc.lock': `schema: '2.0'\nstages:\n${stage('one', 0.1)}${stage('two', 0.2)}`,
    });
    expect(manifest.models?.one?.training?.hyperparameters).toEqual({ 'one.lr': 0.1 });
    expect(manifest.models?.two?.training?.hyperparameters).toEqual({ 'two.lr': 0.2 });
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
  });
});
