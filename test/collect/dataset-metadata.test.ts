import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../support/builders.js';
import { describeData, describeModel, fixtureFiles, md5, sha256 } from '../support/datasets.js';
import { listOf } from '../support/things.js';

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const DATA = utf8('a,b\n1,2\n');
const FAR = 'a.csv';

describe('the datasets library', () => {
  it('saves a dictionary of splits, which is one dataset', async () => {
    const { dataset, listed, ids } = await describeData(fixtureFiles('dataset/saved'));
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'my-data',
      size: { dataPoints: 4 },
      content: { types: ['text: string', 'label: ClassLabel'], labels: ['neg', 'pos'] },
      provenanceStatus: 'declared',
    });
    const state = listed.find(({ path }) => path === 'train/state.json');
    expect(state).toMatchObject({ role: 'config', metadata: { _fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) } });
    expect(listed.find(({ path }) => path === 'train/data-00000-of-00001.arrow')).toMatchObject({
      role: 'data',
      format: { serialization: 'arrow-stream' },
      shard: { index: 1, total: 1 },
    });
  });
  it('gives counts, features and version of what it prepared, and not its defaults', async () => {
    const { dataset, listed } = await describeData(fixtureFiles('dataset/cache'));
    expect(dataset).toMatchObject({ name: 'my-data', size: { dataPoints: 2 }, content: { types: ['text: large_string', 'label: int64'] } });
    // `csv` is a loader, 0.0.0 the version that nobody gave.
    expect(dataset.version).toBeUndefined();
    expect(listed.find(({ path }) => path === 'dataset_info.json')?.metadata).toEqual({
      builder_name: 'csv',
      config_name: 'default',
    });
  });
  it('keeps counts of the whole beside a part, which are not taken', async () => {
    const { dataset, ids } = await describeData(fixtureFiles('dataset/filtered'));
    expect(ids).toEqual([]);
    expect(dataset.size?.dataPoints).toBe(1);
    expect(dataset.statistics).toBeUndefined();
  });
  it('lists its files', async () => {
    const { 'train/data-00000-of-00001.arrow': _gone, ...rest } = fixtureFiles('dataset/saved');
    expect((await describeData(rest)).findings).toMatchObject([{ id: 'dataset-file-missing', file: 'train/state.json' }]);
  });
  it('states the SHA-256 of what it downloaded, in older files for each configuration', async () => {
    const info = (checksum: string) => ({
      description: 'D',
      citation: '@misc{d}',
      homepage: 'https://example.org/d',
      license: 'CC BY 4.0',
      features: { text: { dtype: 'string', id: null, _type: 'Value' } },
      builder_name: 'reviews',
      config_name: 'plain',
      version: { version_str: '1.2.0', major: 1, minor: 2, patch: 0 },
      splits: { train: { name: 'train', num_bytes: 9, num_examples: 1, dataset_name: 'reviews' } },
      download_checksums: { 'https://example.org/files/a.csv': { num_bytes: DATA.byteLength, checksum } },
      download_size: 8,
    });
    const { dataset, ids } = await describeData({ 'dataset_infos.json': json({ plain: info(sha256(DATA)) }), [FAR]: DATA });
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'reviews',
      version: '1.2.0',
      description: 'D',
      uri: 'https://example.org/d',
      licenses: [{ name: 'CC BY 4.0', kind: 'declared' }],
      size: { dataPoints: 1, bytes: expect.any(Number) },
      provenanceStatus: 'verified',
    });
    expect(dataset.metadataRefs).toContainEqual({ title: '@misc{d}', note: 'citation' });
    const wrong = await describeData({ 'dataset_infos.json': json({ plain: info('0'.repeat(64)) }), [FAR]: DATA });
    expect(wrong.findings).toMatchObject([{ id: 'dataset-digest-mismatch', severity: 'high', file: FAR }]);
    // What was downloaded need not be kept.
    expect((await describeData({ 'dataset_infos.json': json({ plain: info('0'.repeat(64)) }), 'b.csv': DATA })).ids).toEqual([]);
  });
});

describe('TensorFlow Datasets', () => {
  const info = {
    citation: '@article{x}',
    description: 'Digits.',
    downloadSize: '11594722',
    fileFormat: 'tfrecord',
    location: { urls: ['https://example.org/digits/'] },
    moduleName: 'digits.digits',
    name: 'digits',
    redistributionInfo: { license: 'CC BY-SA 3.0' },
    splits: [
      { filepathTemplate: '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}', name: 'test', numBytes: '30', shardLengths: ['3'] },
      { filepathTemplate: '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}', name: 'train', numBytes: '60', shardLengths: ['4', '3'] },
    ],
    version: '3.0.1',
  };
  const features = {
    pythonClassName: 'tensorflow_datasets.core.features.features_dict.FeaturesDict',
    featuresDict: {
      features: {
        image: { pythonClassName: 'tensorflow_datasets.core.features.image_feature.Image', image: { dtype: 'uint8' } },
        label: { pythonClassName: 'tensorflow_datasets.core.features.class_label_feature.ClassLabel', classLabel: { numClasses: '10' } },
      },
    },
  };
  const shards = Object.fromEntries(
    ['test.tfrecord-00000-of-00001', 'train.tfrecord-00000-of-00002', 'train.tfrecord-00001-of-00002'].map((name, i) => [
      `digits-${name}`,
      Uint8Array.of(i),
    ]),
  );
  it('are read, and their shards found by the template', async () => {
    const { dataset, ids } = await describeData({ 'dataset_info.json': json(info), 'features.json': json(features), ...shards });
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'digits',
      version: '3.0.1',
      uri: 'https://example.org/digits/',
      licenses: [{ name: 'CC BY-SA 3.0', kind: 'declared' }],
      size: { dataPoints: 10 },
      content: { format: 'tfrecord', types: ['image: Image', 'label: ClassLabel'], modalities: ['image'] },
    });
    const { 'digits-train.tfrecord-00001-of-00002': _gone, ...rest } = shards;
    expect((await describeData({ 'dataset_info.json': json(info), ...rest })).findings).toMatchObject([
      { id: 'dataset-file-missing', message: expect.stringContaining('00001-of-00002') },
    ]);
  });
});

describe('a Data Package', () => {
  const descriptor = (resource: object) => ({
    name: 'periods',
    title: 'Periods',
    version: '0.3.0',
    created: '2026-01-02T03:04:05Z',
    id: 'https://doi.org/10.5281/zenodo.1234',
    homepage: 'https://example.org/periods',
    licenses: [{ name: 'ODC-PDDL-1.0', path: 'http://opendatacommons.org/licenses/pddl/' }],
    sources: [{ title: 'Raw periods', path: 'https://example.org/raw', version: '7' }, { title: 'An office' }],
    contributors: [
      { title: 'Example', path: 'https://example.org', email: 'a@example.org', roles: ['publisher'] },
      { title: 'Example Two', role: 'maintainer' },
    ],
    resources: [
      {
        name: 'a',
        path: FAR,
        format: 'csv',
        encoding: 'utf-8',
        schema: {
          fields: [
            { name: 'a', type: 'integer' },
            { name: 'b', type: 'string', constraints: { enum: ['x', 'y'] } },
          ],
        },
        ...resource,
      },
    ],
  });
  const describePackage = (resource: object) => describeData({ 'datapackage.json': json(descriptor(resource)), [FAR]: DATA });
  it('is read whole, and its MD5 is recomputed', async () => {
    const { dataset, manifest, ids } = await describePackage({ bytes: DATA.byteLength, hash: md5(DATA) });
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'periods',
      version: '0.3.0',
      description: 'Periods',
      uri: 'https://example.org/periods',
      dates: { issued: '2026-01-02' },
      identifiers: [{ type: 'doi', value: '10.5281/zenodo.1234' }],
      licenses: [{ expression: 'PDDL-1.0', kind: 'declared' }],
      issuer: 'example',
      maintenance: { maintainer: 'example-two' },
      collection: { description: 'An office' },
      content: { format: 'csv', encoding: 'utf-8', types: ['a: integer', 'b: string'], labels: ['x', 'y'] },
      sources: { 'raw-periods': { dataset: 'raw-periods' } },
      provenanceStatus: 'verified',
    });
    expect(listOf(manifest.datasets)[1]).toMatchObject({ name: 'Raw periods', version: '7', uri: 'https://example.org/raw' });
    expect(JSON.stringify(manifest)).not.toContain('a@example.org');
  });
  it.each<[string, object, string[]]>([
    ['another MD5', { hash: md5('x') }, ['dataset-digest-mismatch']],
    ['the right SHA-256', { hash: `sha256:${sha256(DATA)}` }, []],
    ['another SHA-256', { hash: `sha256:${sha256('x')}` }, ['dataset-digest-mismatch']],
    ['another SHA-1', { hash: `sha1:${'0'.repeat(40)}` }, ['dataset-digest-mismatch']],
    ['an unknown algorithm', { hash: 'crc32:00000000' }, []],
    ['another size', { bytes: 1 }, ['dataset-size-mismatch']],
    ['a file that is not there', { path: 'b.csv' }, ['dataset-file-missing', 'dataset-file-unlisted']],
    ['data inline', { path: undefined, data: [[1]] }, []],
    ['a file outside', { path: '../a.csv' }, []],
  ])('with %s', async (_, resource, expected) => {
    expect([...(await describePackage(resource)).ids].sort()).toEqual(expected);
  });
});

describe('Kaggle', () => {
  it('is read, as it is uploaded and as it is handed out', async () => {
    const metadata = {
      title: 'Reviews of things',
      subtitle: 'Short',
      description: 'Long',
      id: 'example/reviews-of-things',
      licenses: [{ name: 'CC0-1.0' }],
      resources: [{ path: FAR, schema: { fields: [{ name: 'a', type: 'integer' }] } }],
      expectedUpdateFrequency: 'monthly',
      userSpecifiedSources: 'An office',
    };
    for (const document of [metadata, { info: metadata }]) {
      const { dataset, ids } = await describeData({ 'dataset-metadata.json': json(document), [FAR]: DATA, 'b.csv': utf8('x') });
      expect(ids).toEqual([]);
      expect(dataset).toMatchObject({
        name: 'Reviews of things',
        description: 'Long',
        uri: 'https://www.kaggle.com/datasets/example/reviews-of-things',
        licenses: [{ expression: 'CC0-1.0', kind: 'declared' }],
        maintenance: { updateMechanism: 'monthly' },
        collection: { description: 'An office' },
      });
    }
  });
});

describe('DVC', () => {
  const dvc = (md5OfBytes: string, more = '  hash: md5\n') =>
    utf8(`outs:\n- md5: ${md5OfBytes}\n  size: ${DATA.byteLength}\n${more}  path: ${FAR}\n`);
  it('states MD5 and size, which are recomputed', async () => {
    expect(await describeData({ [FAR]: DATA, 'a.csv.dvc': dvc(md5(DATA)) })).toMatchObject({
      ids: [],
      dataset: { provenanceStatus: 'verified' },
    });
    expect((await describeData({ [FAR]: DATA, 'a.csv.dvc': dvc(md5('x')) })).ids).toEqual(['dataset-digest-mismatch']);
  });
  it('before version 3 changed line ends before hashing, so that such an MD5 proves nothing', async () => {
    expect(await describeData({ [FAR]: DATA, 'a.csv.dvc': dvc(md5('x'), '') })).toMatchObject({
      ids: [],
      dataset: { provenanceStatus: 'unknown' },
    });
  });
  it('of a directory states the digest of a list that is not here', async () => {
    const file = utf8(`outs:\n- md5: ${md5('x')}.dir\n  size: 8\n  nfiles: 1\n  hash: md5\n  path: data\n`);
    expect((await describeData({ 'data/a.csv': DATA, 'data.dvc': file })).ids).toEqual([]);
  });
});

describe('metadata of other kinds', () => {
  it.each(['state.json', 'metadata.json', 'features.json', 'dataset_info.json'])('called %s is left alone', async (path) => {
    const model = await describeModel({ [path]: json({ name: 'other', epoch: 3 }) });
    expect(model.ids).toEqual([]);
    expect(model.manifest.datasets).toBeUndefined();
    expect((await describeData({ [path]: json({ name: 'other', epoch: 3 }), [FAR]: DATA })).ids).toEqual([]);
  });
  it('never stops the rest, whatever it holds', async () => {
    const names = [
      'dataset_info.json',
      'dataset_infos.json',
      'state.json',
      'datapackage.json',
      'dataset-metadata.json',
      'features.json',
      'a.csv.dvc',
    ];
    const keys =
      'features splits download_checksums _data_files resources licenses license version name info id outs citation featuresDict contributors sources'.split(
        ' ',
      );
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys, 'path', 'hash', 'name'), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.dictionary(fc.constantFrom(...keys), tree), async (path, document) => {
        const { listed } = await describeData({ [path]: json(document), [FAR]: DATA });
        expect(listed).toHaveLength(2);
        await describeModel({ [path]: json(document) });
      }),
      { numRuns: 250 },
    );
  });
});
