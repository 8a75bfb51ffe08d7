import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../support/builders.js';
import { describeData, describeModel, fixtureFiles, issuerOf, md5, sha256 } from '../support/datasets.js';
import { listOf, sourcesOf } from '../support/things.js';

const files = fixtureFiles('croissant/1.1');
const document = JSON.parse(new TextDecoder().decode(files['croissant.json'])) as Record<string, unknown>;
/** What mlcroissant reads in the same documents; scripts/interop/croissant.py writes it. */
const facts = (version: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/collect/croissant/facts-${version}.json`, import.meta.url), 'utf8'));
const changed = (members: Record<string, unknown>) => ({ ...files, 'croissant.json': utf8(JSON.stringify({ ...document, ...members })) });
const minimal = {
  '@context': {
    '@vocab': 'https://schema.org/',
    cr: 'http://mlcommons.org/croissant/',
    dct: 'http://purl.org/dc/terms/',
    conformsTo: 'dct:conformsTo',
  },
  '@type': 'Dataset',
  conformsTo: 'http://mlcommons.org/croissant/1.0',
  name: 'small',
};
const described = async (members: Record<string, unknown>) =>
  describeData({ 'croissant.json': utf8(JSON.stringify({ ...minimal, ...members })), 'a.csv': utf8('x\n') });

describe('Croissant 1.1 with responsible AI', () => {
  it('is what mlcroissant reads', async () => {
    const { dataset, ids, manifest } = await describeData(files);
    const library = facts('1.1');
    expect(issuerOf({ manifest, dataset })).toEqual({ name: library.publisher[0] });
    expect(ids).toEqual([]);
    expect(library.warnings).toEqual([]);
    expect(dataset).toMatchObject({
      name: library.name,
      description: library.description,
      version: library.version,
      uri: library.url,
      licenses: [{ expression: 'CC-BY-4.0', kind: 'declared' }],
      languages: library.in_language,
      dates: { issued: library.date_published.slice(0, 10), updated: library.date_modified.slice(0, 10) },
      collection: {
        description: library.data_collection,
        method: library.data_collection_type,
        missing: library.data_collection_missing_data,
        raw: library.data_collection_raw_data,
      },
      timeframe: {
        start: library.data_collection_timeframe[0].slice(0, 10),
        end: library.data_collection_timeframe[1].slice(0, 10),
        continuous: false,
      },
      processing: [
        ...library.data_preprocessing_protocol.map((description: string) => ({ kind: 'other', description })),
        { kind: 'impute', description: library.data_imputation_protocol },
      ],
      labelling: {
        protocol: library.data_annotation_protocol[0],
        platform: library.data_annotation_platform[0],
        analysis: library.data_annotation_analysis[0],
        perItem: Number(library.annotations_per_item),
        annotators: library.annotator_demographics[0],
        machineTools: library.machine_annotation_tools[0],
      },
      biases: library.data_biases.map((description: string) => ({ description })),
      gaps: library.data_limitations,
      intendedUse: library.data_use_cases.join('; '),
      personalData: { contains: 'yes', categories: library.personal_sensitive_information },
      maintenance: { plan: library.data_release_maintenance_plan },
      content: { format: 'text/csv', labels: ['neg', 'pos'], types: ['reviews/text: Text', 'reviews/label: Text, Label'] },
      identifiers: [{ type: 'uri', value: library.same_as[0] }],
    });
    expect(dataset.metadataRefs).toEqual([
      { path: 'croissant.json', mediaType: 'application/ld+json', digest: { sha256: sha256(files['croissant.json'] ?? '') } },
      { title: library.cite_as, note: 'citation' },
    ]);
    expect(dataset.content?.types?.map((type) => type.split(':')[0])).toEqual(
      library.fields.filter((id: string) => !id.startsWith('labels/')),
    );
  });
  it('is verified, since every file has a digest that was published and is right', async () => {
    const { dataset, manifest } = await describeData(files);
    expect(dataset.provenanceStatus).toBe('verified');
    expect(sourcesOf(manifest, `/datasets/${dataset.id}/provenanceStatus`)).toEqual([expect.objectContaining({ origin: 'observed' })]);
    expect(sourcesOf(manifest, `/datasets/${dataset.id}/biases`)).toEqual([
      expect.objectContaining({
        origin: 'declared',
        source: { path: 'croissant.json' },
        key: 'rai:dataBiases',
      }),
    ]);
  });
  it('names what it came from', async () => {
    const { manifest } = await describeData(files);
    expect(listOf(manifest.datasets)[0]?.sources).toEqual({ 'raw-reviews': { dataset: 'raw-reviews' } });
    expect(listOf(manifest.datasets)[1]).toEqual({
      id: 'raw-reviews',
      name: 'raw-reviews',
      uri: 'https://example.org/raw-reviews',
      provenanceStatus: 'declared',
    });
  });
  it('keeps e-mail addresses only when they may stay', async () => {
    const { publisher: _gone, ...rest } = document;
    const alone = { ...files, 'croissant.json': utf8(JSON.stringify(rest)) };
    expect(issuerOf(await describeData(alone))).toEqual({ name: 'Example', contact: { url: 'https://example.org' } });
    expect(issuerOf(await describeData(alone, { includePrivate: true }))).toMatchObject({ contact: { email: 'data@example.org' } });
    expect(JSON.stringify((await describeData(alone)).manifest)).not.toContain('data@');
  });
});

describe('the files of a Croissant document', () => {
  it('that were changed are found, by SHA-256 and by MD5', async () => {
    const { findings, dataset } = await describeData({ ...files, 'data/train.csv': utf8('text,label\ngood,neg\nbad,neg\n') });
    expect(findings).toEqual([expect.objectContaining({ id: 'dataset-digest-mismatch', severity: 'high', file: 'data/train.csv' })]);
    expect(dataset.provenanceStatus).toBe('declared');
    expect((await describeData({ ...files, 'data/test.csv': utf8('text,label\nfine,neg\n') })).findings).toMatchObject([
      { id: 'dataset-digest-mismatch', file: 'data/test.csv', message: expect.stringContaining('md5') },
    ]);
  });
  it('that have another size are found', async () => {
    const { findings } = await describeData({ ...files, 'data/train.csv': utf8('text\n') });
    expect(findings.map(({ id }) => id).sort()).toEqual(['dataset-digest-mismatch', 'dataset-size-mismatch']);
  });
  it('that are gone, and those that nobody lists, are found', async () => {
    const { 'data/test.csv': _gone, ...rest } = files;
    const { findings, dataset } = await describeData({ ...rest, 'data/extra.csv': utf8('x\n') });
    expect(findings.map(({ id, severity, file }) => `${id} ${severity} ${file}`).sort()).toEqual([
      'dataset-file-missing medium croissant.json',
      'dataset-file-unlisted info data/extra.csv',
    ]);
    expect(dataset.provenanceStatus).toBe('declared');
  });
  it('in an archive are not looked for, and rounded sizes are not compared', async () => {
    const distribution = [
      { '@type': 'cr:FileObject', '@id': 'all.zip', contentUrl: 'all.zip', contentSize: '1.2 MB', encodingFormat: 'application/zip' },
      { '@type': 'cr:FileObject', '@id': 'inner', contentUrl: 'inner.csv', containedIn: { '@id': 'all.zip' }, sha256: '0'.repeat(64) },
      { '@type': 'cr:FileSet', '@id': 'set', includes: '*.jpg', containedIn: { '@id': 'all.zip' } },
    ];
    const { ids, listed } = await describeData({
      'croissant.json': utf8(JSON.stringify({ ...minimal, distribution })),
      'all.zip': utf8('PK'),
    });
    expect(ids).toEqual([]);
    expect(listed.map(({ path, role }) => [path, role])).toEqual([
      ['all.zip', 'archive'],
      ['croissant.json', 'config'],
    ]);
  });
  it('behind a URL are compared where a file of that name is here, and not missed otherwise', async () => {
    const object = (url: string, digest: string) => ({ '@type': 'cr:FileObject', '@id': url, name: url, contentUrl: url, sha256: digest });
    const distribution = [
      object('https://example.org/datasets/x/resolve/main/a.csv', sha256('y')),
      object('https://example.org/other.csv', sha256('z')),
    ];
    expect((await described({ distribution })).findings).toMatchObject([{ id: 'dataset-digest-mismatch', file: 'a.csv' }]);
  });
  it('that lead out of the directory are no files of it', async () => {
    const distribution = ['../a.csv', '/a.csv', 'x/../../a.csv', 'C:\\a.csv'].map((contentUrl) => ({
      '@type': 'cr:FileObject',
      contentUrl,
    }));
    expect((await described({ distribution })).ids).toEqual([]);
  });
});

describe('Croissant 1.0 as the Hub writes it', () => {
  const hub = fixtureFiles('croissant/1.0');
  it('finds the files of the repository, and takes no link for a digest', async () => {
    const { dataset, ids, manifest } = await describeData(hub);
    const library = facts('1.0');
    expect(issuerOf({ manifest, dataset })).toMatchObject({ name: library.creators[0] });
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: library.name,
      licenses: [{ expression: 'MIT', kind: 'declared' }],
      size: { dataPoints: 3 },
      content: { format: 'application/x-parquet' },
      provenanceStatus: 'declared',
    });
    expect(dataset.version).toBeUndefined();
  });
  it('misses files of a pattern', async () => {
    const { 'data/train-00000-of-00001.parquet': bytes, ...rest } = hub;
    expect((await describeData({ ...rest, 'data/other.parquet': bytes ?? new Uint8Array() })).ids).toEqual([
      'dataset-file-missing',
      'dataset-file-unlisted',
    ]);
  });
});

describe('what is a Croissant document', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an older version', { conformsTo: 'http://mlcommons.org/croissant/0.8' }],
    ['no version', { conformsTo: undefined, description: 'mlcommons.org/croissant' }],
    ['another thing', { '@type': 'Organization' }],
    ['a version in prose', { conformsTo: 'see http://mlcommons.org/croissant/1.0' }],
  ])('is not %s', async (_, members) => {
    expect((await described(members)).dataset.name).toBe('my-data');
  });
  it.each<[string, Record<string, unknown>]>([
    [
      'prefixed keys',
      {
        '@context': { schema: 'http://schema.org/' },
        '@type': 'schema:Dataset',
        'schema:name': 'small',
        conformsTo: undefined,
        'dct:conformsTo': 'http://mlcommons.org/croissant/1.1',
        name: undefined,
      },
    ],
    ['whole addresses', { 'http://schema.org/name': 'small', name: undefined }],
    ['a reference', { conformsTo: { '@id': 'http://mlcommons.org/croissant/1.0' } }],
    ['several versions', { conformsTo: ['http://mlcommons.org/croissant/RAI/1.0', 'https://mlcommons.org/croissant/1.1'] }],
    ['names in languages', { name: { en: 'small', no: 'liten' } }],
    ['values as objects', { name: { '@value': 'small' } }],
  ])('is one with %s', async (_, members) => {
    expect((await described(members)).dataset.name).toBe('small');
  });
  it('is decided by the content, not by the name of the file', async () => {
    const { dataset } = await describeData({ 'metadata.json': utf8(JSON.stringify(minimal)), 'a.csv': utf8('x') });
    expect(dataset.name).toBe('small');
    expect((await describeData({ 'metadata.json': utf8('{"name":"other"}'), 'a.csv': utf8('x') })).ids).toEqual([]);
  });
  it('that is broken is a finding', async () => {
    const { ids } = await describeData({
      'croissant.json': utf8('{"conformsTo":"http://mlcommons.org/croissant/1.0"'),
      'a.csv': utf8('x'),
    });
    expect(ids).toEqual(['metadata-unreadable']);
  });
});

describe('licences', () => {
  it.each<[unknown, unknown]>([
    ['https://spdx.org/licenses/Apache-2.0.html', [{ expression: 'Apache-2.0', kind: 'declared' }]],
    ['https://choosealicense.com/licenses/mit/', [{ expression: 'MIT', kind: 'declared' }]],
    ['http://creativecommons.org/licenses/by-nc-sa/4.0', [{ expression: 'CC-BY-NC-SA-4.0', kind: 'declared' }]],
    ['https://creativecommons.org/licenses/by/4.0/legalcode.en', [{ expression: 'CC-BY-4.0', kind: 'declared' }]],
    ['https://creativecommons.org/publicdomain/zero/1.0/', [{ expression: 'CC0-1.0', kind: 'declared' }]],
    ['https://www.opendatacommons.org/licenses/odbl/1-0/', [{ expression: 'ODbL-1.0', kind: 'declared' }]],
    ['https://cdla.dev/permissive-2-0/', [{ expression: 'CDLA-Permissive-2.0', kind: 'declared' }]],
    ['https://spdx.org/licenses/GPL-3.0.html', [{ name: 'GPL-3.0', kind: 'declared', url: 'https://spdx.org/licenses/GPL-3.0.html' }]],
    ['https://example.org/terms', [{ kind: 'declared', url: 'https://example.org/terms' }]],
    [
      ['mit', 'apache-2.0'],
      [
        { expression: 'MIT', kind: 'declared' },
        { expression: 'Apache-2.0', kind: 'declared' },
      ],
    ],
    [
      { '@type': 'CreativeWork', name: 'Our terms', url: 'https://example.org/t' },
      [{ name: 'Our terms', kind: 'declared', url: 'https://example.org/t' }],
    ],
    ['unknown', undefined],
    ['', undefined],
  ])('%j', async (license, expected) => {
    expect((await described({ license })).dataset.licenses).toEqual(expected);
  });
});

describe('personal data', () => {
  it.each<[unknown, unknown]>([
    [['Gender', 'Age'], { contains: 'yes', categories: ['Gender', 'Age'] }],
    ['Gender, Age', { contains: 'yes', categories: ['Gender', 'Age'] }],
    ['None', { contains: 'no' }],
    ['Names were removed.', { contains: 'unknown', categories: ['Names were removed.'] }],
    [undefined, undefined],
  ])('%j', async (value, expected) => {
    expect((await described({ 'rai:personalSensitiveInformation': value })).dataset.personalData).toEqual(expected);
  });
});

it('of a model says which dataset lies there', async () => {
  const { manifest, ids } = await describeModel({
    'data/croissant.json': files['croissant.json'] ?? new Uint8Array(),
    'data/data/train.csv': files['data/train.csv'] ?? new Uint8Array(),
  });
  expect(ids).toEqual([]);
  expect(listOf(manifest.datasets).map(({ name, version, provenanceStatus }) => [name, version, provenanceStatus])).toEqual([
    ['example-reviews', '2.1.0', 'declared'],
    ['raw-reviews', undefined, 'declared'],
  ]);
  expect(listOf(manifest.datasets)[0]?.roles).toBeUndefined();
  expect(manifest.model?.licenses).toBeUndefined();
});

it('never stops the rest, whatever it holds', async () => {
  const keys = Object.keys(document);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue(), { maxKeys: 12 }), async (members) => {
      const { listed } = await describeData(changed({ ...members, '@type': 'sc:Dataset' }));
      expect(listed).toHaveLength(3);
    }),
    { numRuns: 200 },
  );
});

it('holds texts that UTF-8 cannot', async () => {
  const json = JSON.stringify({ ...minimal, description: 'x' }).replace('"x"', '"half \\ud83d of a pair"');
  expect((await describeData({ 'croissant.json': utf8(json), 'a.csv': utf8('x') })).dataset.description).toBe('half \ufffd of a pair');
});

it('is not fooled by an MD5 that another file has', async () => {
  const distribution = [{ '@type': 'cr:FileObject', contentUrl: 'a.csv', 'cr:md5': md5('y') }];
  expect((await described({ distribution })).ids).toEqual(['dataset-digest-mismatch']);
});
