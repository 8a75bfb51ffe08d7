import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closed } from '../../src/collect/closing.js';
import { asPart, describeDataset, withDataset } from '../../src/collect/dataset/index.js';
import { collectDataset, datasetLocation } from '../../src/collect/index.js';
import { rootDigest } from '../../src/core/digest.js';
import { MsbomError } from '../../src/core/error.js';
import { toPointer } from '../../src/core/json-pointer.js';
import { memoryTree, type SourceTree } from '../../src/core/source-tree.js';
import { stringifyManifest } from '../../src/manifest/stringify.js';
import { collectDatasetDirectory, collectDirectory, verifyDirectory } from '../../src/node.js';
import { validateManifest as validate } from '../../src/validate/index.js';
import { safetensorsFile, utf8 } from '../support/builders.js';
import { collect } from '../support/collect.js';
import { describeData, expectValid, type Files, fixtureFiles, md5, sha256 } from '../support/datasets.js';
import { temporaryDirectory } from '../support/temporary.js';
import { listOf, sourcesOf } from '../support/things.js';

const NOW = '2026-11-23T09:00:00Z';
const hub = fixtureFiles('croissant/1.0');
const reviews = fixtureFiles('croissant/1.1');

describe('a dataset as the subject of a manifest', () => {
  it('has its files, their digests and the root digest, each with evidence', async () => {
    const { manifest, dataset, listed } = await describeData(reviews);
    expect(manifest.bom).toMatchObject({ subject: dataset.id, coverage: { artifacts: 'complete' } });
    expect(manifest.model).toBeUndefined();
    expect(dataset.files).toBeUndefined();
    expect(dataset.artifacts).toEqual(listed.map(({ path }) => path));
    expect(listed.map(({ path, role, size, digest }) => [path, role, size, digest.sha256])).toEqual(
      Object.entries(reviews)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, bytes]) => [path, path.endsWith('.json') ? 'config' : 'data', bytes.byteLength, sha256(bytes)]),
    );
    expect(dataset.digest).toEqual({ root: { sha256: rootDigest(listed) }, method: 'oms-v1', complete: true });
    expect(dataset.size?.bytes).toBe(Object.values(reviews).reduce((sum, bytes) => sum + bytes.byteLength, 0));
    for (const place of ['name', 'digest/root', 'size/bytes', 'licenses', 'metadataRefs', 'sources', 'personalData'])
      expect(sourcesOf(manifest, `/datasets/${dataset.id}/${place}`), place).not.toEqual([]);
    for (const { path } of listed)
      for (const place of ['digest', 'role']) expect(sourcesOf(manifest, toPointer(['artifacts', path, place])), path).not.toEqual([]);
    expect(sourcesOf(manifest, '/datasets/raw-reviews')).toHaveLength(1);
  });
  it('of one file has the digest of that file', async () => {
    const { dataset, listed } = await describeData({ 'corpus.txt': utf8('words') });
    expect(dataset).toMatchObject({
      name: 'my-data',
      digest: { root: { sha256: sha256('words') }, method: 'file', complete: true },
      provenanceStatus: 'unknown',
    });
    expect(listed).toMatchObject([{ path: 'corpus.txt', role: 'data' }]);
    expect(dataset.size).toEqual({ bytes: 5 });
  });
  it('without any metadata says nothing that the files do not', async () => {
    const { dataset, listed } = await describeData({ 'a.csv': utf8('x\n1\n'), 'img/1.png': Uint8Array.of(137), LICENSE: utf8('MIT') });
    expect(Object.keys(dataset).sort()).toEqual(['artifacts', 'digest', 'id', 'name', 'provenanceStatus', 'size']);
    expect(listed.map(({ role }) => role)).toEqual(['license', 'data', 'data']);
  });
  it('has no files when the directory has none', async () => {
    const { dataset } = await describeData({});
    expect(dataset).toEqual({ id: 'my-data', name: 'my-data', provenanceStatus: 'unknown' });
  });
  it('takes name, version and roles from the caller before all others', async () => {
    const { dataset, ids } = await describeData(reviews, { name: 'ours', version: '9', id: 'data-1', roles: ['training', 'training'] });
    expect(dataset).toMatchObject({ id: 'data-1', name: 'ours', version: '9', roles: ['training'] });
    expect(ids).toEqual([]);
  });
  it('in the cache of the Hub has its name and commit from there', async () => {
    const commit = 'a'.repeat(40);
    const location = datasetLocation(`/cache/datasets--org--chat/snapshots/${commit}`);
    expect((await describeData(hub, { location })).dataset).toMatchObject({
      name: 'org/chat',
      version: commit,
      uri: 'https://huggingface.co/datasets/org/chat',
      identifiers: [{ type: 'uri', value: `https://huggingface.co/datasets/org/chat/tree/${commit}` }],
    });
    // A version of the metadata comes before the commit.
    expect((await describeData(reviews, { location })).dataset.version).toBe('2.1.0');
    expect(datasetLocation('/cache/models--org--chat/snapshots/x')).toBeUndefined();
  });
  it('is the same bytes in any order of the files, and another document for other bytes', async () => {
    const files: Files = { ...reviews, ...hub };
    const { manifest } = await describeData(files);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(files), { minLength: Object.keys(files).length }), async (order) => {
        const shuffled = Object.fromEntries(order.map((path) => [path, files[path] ?? new Uint8Array()]));
        expect(stringifyManifest((await describeData(shuffled)).manifest)).toBe(stringifyManifest(manifest));
      }),
      { numRuns: 15 },
    );
    expect((await describeData({ ...files, 'z.csv': utf8('z') })).manifest.bom.serialNumber).not.toBe(manifest.bom.serialNumber);
  });
  it('is not made when a file cannot be read', async () => {
    const tree: SourceTree = {
      ...memoryTree('x', {}),
      async *list() {
        yield { path: 'secret.csv', size: 0, problem: new MsbomError('ERR_IO_PERMISSION', 'permission denied', { file: 'secret.csv' }) };
      },
    };
    await expect(collectDataset(tree, { now: NOW, digestFiles: async () => [] })).rejects.toMatchObject({ code: 'ERR_COLLECT_INCOMPLETE' });
  });
});

describe('rows', () => {
  const parquet = fixtureFiles('dataset/parquet');
  const [train = new Uint8Array(), test = new Uint8Array()] = [parquet['train.parquet'], parquet['test.parquet']];
  const rows = async (files: Files) => (await describeData(files)).dataset.size?.dataPoints;
  it('are counted where the files leave no doubt', async () => {
    expect(await rows(parquet)).toBe(4);
  });
  it.each<[string, Files]>([
    ['a file is there twice', { 'a.parquet': train, 'b.parquet': train }],
    ['other data is there', { 'a.parquet': train, 'b.csv': utf8('x') }],
    ['tables differ', { 'a.parquet': train, ...fixtureFiles('dataset/cache') }],
    ['a table cannot be read', { 'a.parquet': train, 'b.parquet': test.slice(0, -1) }],
    [
      'the library left a cache',
      { 'data.arrow': fixtureFiles('dataset')['stream.arrow'] ?? train, 'cache-1.arrow': fixtureFiles('dataset')['types.arrow'] ?? train },
    ],
  ])('are not when %s', async (_, { 'dataset_info.json': _info, ...files }) => {
    expect(await rows(files)).toBeUndefined();
  });
});

describe('files that are not what they seem', () => {
  it('pointers count with the real size, and prove nothing', async () => {
    const pointer = utf8(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(reviews['data/train.csv'] ?? '')}\nsize 28\n`);
    const { dataset, listed, findings } = await describeData({ ...reviews, 'data/train.csv': pointer });
    expect(findings).toMatchObject([{ id: 'storage-pointer', file: 'data/train.csv' }]);
    expect(dataset.provenanceStatus).toBe('declared');
    expect(listed.find(({ path }) => path === 'data/train.csv')).toMatchObject({
      role: 'data',
      pointer: { kind: 'git-lfs', size: 28 },
    });
    const other = utf8(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256('other')}\nsize 28\n`);
    expect((await describeData({ ...reviews, 'data/train.csv': other })).ids).toContain('dataset-digest-mismatch');
  });
  it('tables that are none are listed, hashed and reported', async () => {
    const { listed, ids } = await describeData({ 'a.parquet': utf8('no table') });
    expect(ids).toEqual(['data-unreadable']);
    expect(listed[0]).toMatchObject({ inspection: { status: 'not-inspected' } });
  });
  it('shards that are missing are reported; those for data count from 0', async () => {
    const { listed, findings } = await describeData({
      'train-00000-of-00003.csv': utf8('a'),
      'train-00001-of-00003.csv': utf8('b'),
    });
    expect(listed.map(({ shard }) => shard?.index)).toEqual([1, 2]);
    expect(findings).toMatchObject([{ id: 'dataset-file-missing', message: expect.stringContaining('1 of 3') }]);
  });
  it('metadata with private things in it loses those', async () => {
    const files = { ...hub, 'dataset_info.json': utf8('{"features":{},"description":"kept at /home/alice/data by alice@example.org"}') };
    const { croissant: _none, ...rest } = files as Record<string, Uint8Array>;
    const { manifest, ids } = await describeData(Object.fromEntries(Object.entries(rest).filter(([path]) => path !== 'croissant.json')));
    expect(ids).toContain('private-data');
    expect(JSON.stringify(manifest)).not.toContain('alice');
  });
});

describe('a dataset in a model’s manifest', () => {
  const weights = safetensorsFile({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8);
  const digests = (files: Files) => async (entries: readonly { path: string; size: number }[]) =>
    entries.map(({ path, size }) => ({ path, size, digest: { sha256: sha256(files[path] ?? '') } }));
  const model = async (card: string) => {
    const files = { 'm.safetensors': weights, 'README.md': utf8(`---\n${card}\n---\n`) };
    return (await collect(memoryTree('m', files), { now: NOW, digestFiles: digests(files) })).manifest;
  };
  const described = async () =>
    asPart(await describeDataset(memoryTree('reviews', reviews), { digestFiles: digests(reviews), roles: ['finetuning'] }));
  it('is added with its files, its sources and its evidence', async () => {
    const before = await model('datasets: [org/other]\nlibrary_name: x');
    const { manifest } = closed(withDataset(before, await described()));
    expectValid(manifest);
    expect(listOf(manifest.datasets).map(({ id, name }) => [id, name])).toEqual([
      ['org-other', 'org/other'],
      ['example-reviews', 'example-reviews'],
      ['raw-reviews', 'raw-reviews'],
    ]);
    expect(listOf(manifest.datasets)[1]).toMatchObject({
      roles: ['finetuning'],
      provenanceStatus: 'verified',
      sources: { 'raw-reviews': { dataset: 'raw-reviews' } },
    });
    expect(sourcesOf(manifest, '/datasets/example-reviews/files/croissant.json/digest')).toMatchObject([{ origin: 'observed' }]);
    expect(manifest.bom.serialNumber).not.toBe(before.bom.serialNumber);
    expect(manifest.model).toEqual(before.model);
    expect(withDataset(before, await described(), { serialNumber: before.bom.serialNumber }).bom.serialNumber).toBe(
      before.bom.serialNumber,
    );
  });
  it('becomes the one that a card named, which keeps its id', async () => {
    const { manifest } = closed(withDataset(await model('datasets: [example-reviews, raw-reviews]\nlibrary_name: x'), await described()));
    expectValid(manifest);
    expect(listOf(manifest.datasets)).toHaveLength(2);
    expect(listOf(manifest.datasets)[0]).toMatchObject({
      id: 'example-reviews',
      roles: ['training', 'finetuning'],
      provenanceStatus: 'verified',
      sources: { 'raw-reviews': { dataset: 'raw-reviews' } },
    });
    expect(listOf(manifest.datasets)[1]).toMatchObject({
      name: 'raw-reviews',
      roles: ['training'],
      uri: 'https://example.org/raw-reviews',
    });
  });
  it('takes no id that something else has', async () => {
    const before = await model('base_model: example-reviews\ndatasets: [Raw-Reviews]');
    const { manifest } = closed(withDataset(before, await described()));
    expectValid(manifest);
    expect(listOf(manifest.datasets).map(({ id }) => id)).toEqual(['raw-reviews', 'example-reviews-2', 'raw-reviews-2']);
    expect(listOf(manifest.datasets)[1]?.sources).toEqual({ 'raw-reviews-2': { dataset: 'raw-reviews-2' } });
  });
});

describe('on disk', () => {
  const texts = Object.fromEntries(Object.entries(reviews).map(([path, bytes]) => [path, bytes]));
  it('a directory is described and verified', async () => {
    const directory = temporaryDirectory(texts);
    const { manifest, findings } = await collectDatasetDirectory(directory, { now: NOW, sha512: true });
    expect(validate(manifest).valid).toBe(true);
    expect(findings).toEqual([]);
    expect(Object.values(manifest.artifacts ?? {})[0]?.digest?.sha512).toMatch(/^[0-9a-f]{128}$/);
    expect(await verifyDirectory(directory, manifest)).toMatchObject({ ok: true });
    const other = temporaryDirectory({ ...texts, 'data/train.csv': 'text,label\n', 'data/new.csv': 'x' });
    const verdict = await verifyDirectory(other, manifest);
    expect(verdict.ok).toBe(false);
    expect(verdict.files.filter(({ status }) => status !== 'matched').map(({ path, status }) => [path, status])).toEqual([
      ['data/new.csv', 'added'],
      ['data/train.csv', 'changed'],
    ]);
  });
  it('one file is a dataset', async () => {
    const directory = temporaryDirectory({ 'corpus.jsonl': '{"a":1}\n', 'other.txt': 'x' });
    const { manifest } = await collectDatasetDirectory(`${directory}/corpus.jsonl`, { now: NOW });
    expect(manifest.datasets).toMatchObject({
      'corpus.jsonl': {
        digest: { root: { sha256: sha256('{"a":1}\n') }, method: 'file', complete: true },
        artifacts: ['corpus.jsonl'],
      },
    });
    expect(manifest.artifacts).toMatchObject({ 'corpus.jsonl': { size: 8 } });
    // As the data of a model.
    const model = temporaryDirectory({ 'model.bin': 'x' });
    const whole = await collectDirectory(model, { now: NOW, datasets: [`${directory}/corpus.jsonl`] });
    expect(validate(whole.manifest).valid).toBe(true);
    expect(whole.manifest.datasets?.['corpus.jsonl']?.digest?.root.sha256).toBe(sha256('{"a":1}\n'));
    await expect(collectDatasetDirectory(`${directory}/none`)).rejects.toMatchObject({ code: 'ERR_IO_NOT_FOUND' });
  });
});

describe('listings', () => {
  const card = (paths: readonly string[]) =>
    utf8(`---\nconfigs:\n- config_name: default\n  data_files:\n${paths.map((path) => `  - ${JSON.stringify(path)}`).join('\n')}\n---\n`);
  it.each<[string, readonly string[], readonly string[]]>([
    ['a directory', ['data'], []],
    ['patterns that cross directories', ['**/*.csv'], []],
    ['ranges, which are not evaluated', ['data/[a-b].csv'], []],
    ['one of two', ['data/a.csv'], ['dataset-file-unlisted']],
    ['what is elsewhere', ['https://example.org/a.csv', 'hf://datasets/a/b.csv'], []],
    ['what is not there', ['other/*.csv', 'data/*'], ['dataset-file-missing']],
  ])('of %s', async (_, paths, expected) => {
    const { ids } = await describeData({ 'README.md': card(paths), 'data/a.csv': utf8('a'), 'data/b.csv': utf8('b') });
    expect(ids).toEqual(expected);
  });
  it('of very many files that are missing say the first hundred', async () => {
    const { ids } = await describeData({ 'README.md': card(Array.from({ length: 500 }, (_, i) => `f${i}.csv`)), 'f0.csv': utf8('a') });
    expect(ids).toHaveLength(101);
  });
  it('of patterns that would take for ever are not compared, and that is said', async () => {
    const files = Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`d/${i}.csv`, utf8(String(i))]));
    const { ids } = await describeData({ 'README.md': card(Array.from({ length: 9999 }, (_, i) => `*/${i}*.csv`)), ...files });
    expect(ids).toEqual(['limit-count']);
  });
  it('that state an MD5 again and again have it computed once', async () => {
    const bytes = utf8('x'.repeat(1000));
    const resources = Array.from({ length: 300 }, (_, i) => ({ name: `r${i}`, path: 'a.csv', hash: md5(bytes) }));
    const files: Files = { 'datapackage.json': utf8(JSON.stringify({ name: 'p', resources })), 'a.csv': bytes };
    let opened = 0;
    const tree = memoryTree('p', files);
    const counting: SourceTree = {
      ...tree,
      open(path) {
        if (path === 'a.csv') opened++;
        return tree.open(path);
      },
    };
    await describeDataset(counting, {
      digestFiles: async (entries) => entries.map(({ path, size }) => ({ path, size, digest: { sha256: sha256(files[path] ?? '') } })),
    });
    expect(opened).toBeLessThan(5);
  });
});
