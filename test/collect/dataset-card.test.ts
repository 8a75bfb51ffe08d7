import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../support/builders.js';
import { describeData, describeModel, fixtureFiles } from '../support/datasets.js';
import { listOf } from '../support/things.js';

const card = (front: string): Uint8Array => utf8(`---\n${front}\n---\n# Text\n`);
const tables = fixtureFiles('dataset/parquet');
const HUB = `annotations_creators:
- crowdsourced
language_creators:
- found
language:
- en
- nb-NO
- code
license: odc-by
multilinguality:
- multilingual
pretty_name: Tiny Reviews
size_categories:
- n<1K
source_datasets:
- original
- extended|org/reviews
- extended|other-forum
task_categories:
- text-classification
task_ids:
- sentiment-classification
paperswithcode_id: tiny-reviews
tags:
- modality:text
- format:parquet
- doi:10.57967/hf/1234
- chat
extra_gated_prompt: You agree to be kind.
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': neg
          '1': pos
  splits:
  - name: train
    num_bytes: 46
    num_examples: 3
  - name: test
    num_bytes: 15
    num_examples: 1
  download_size: 2518
  dataset_size: 61
configs:
- config_name: default
  data_files:
  - split: train
    path: train*
  - split: test
    path: test.parquet`;

describe('a card as the Hub has it', () => {
  it('is read whole', async () => {
    const { dataset, manifest, ids } = await describeData({ 'README.md': card(HUB), ...tables });
    expect(ids).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'Tiny Reviews',
      licenses: [{ expression: 'ODC-By-1.0', kind: 'declared' }],
      languages: ['en', 'nb-NO'],
      size: { bin: 'n<1K', dataPoints: 4 },
      labelling: { annotators: 'crowdsourced' },
      collection: { method: ['found'] },
      intendedUse: 'text-classification, sentiment-classification',
      accessTerms: 'You agree to be kind.',
      content: { modalities: ['text'], format: 'parquet', types: ['text: string', 'label: ClassLabel'], labels: ['neg', 'pos'] },
      identifiers: [
        { type: 'other', scheme: 'paperswithcode', value: 'tiny-reviews' },
        { type: 'doi', value: '10.57967/hf/1234' },
      ],
      sources: { 'org-reviews': { dataset: 'org-reviews' } },
      statistics: { summary: expect.stringMatching(/^split train: 3 examples, 46 bytes .*; split test: 1 examples/) },
      provenanceStatus: 'declared',
    });
    expect(listOf(manifest.datasets)[1]).toMatchObject({ name: 'org/reviews', uri: 'https://huggingface.co/datasets/org/reviews' });
  });
  it('that counts other rows than the files have is a disagreement, and the files count', async () => {
    const { dataset, findings } = await describeData({ 'README.md': card(HUB.replace('num_examples: 3', 'num_examples: 30')), ...tables });
    expect(dataset.size?.dataPoints).toBe(4);
    expect(findings).toMatchObject([{ id: 'source-conflict', pointer: `/datasets/${dataset.id}/size/dataPoints` }]);
  });
  it('of several configurations gives no count, since they may hold the same data', async () => {
    const info = (name: string) => `- config_name: ${name}\n  splits:\n  - name: train\n    num_examples: 5`;
    const { dataset } = await describeData({ 'README.md': card(`dataset_info:\n${info('a')}\n${info('b')}`), 'x.csv': utf8('x') });
    expect(dataset.size?.dataPoints).toBeUndefined();
    expect(dataset.statistics?.summary).toBe('split a/train: 5 examples; split b/train: 5 examples');
  });
  it('that lists files which are not there is reported', async () => {
    const { 'test.parquet': _gone, ...rest } = tables;
    expect((await describeData({ 'README.md': card(HUB), ...rest })).ids).toContain('dataset-file-missing');
    expect((await describeData({ 'README.md': card(HUB), ...tables, 'more.csv': utf8('x') })).findings).toMatchObject([
      { id: 'dataset-file-unlisted', severity: 'info', file: 'more.csv' },
    ]);
  });
  it.each([
    ['license: other\nlicense_name: terms-1\nlicense_link: LICENSE', [{ name: 'terms-1', kind: 'declared', path: 'LICENSE' }]],
    [
      'license: [mit, cc-by-4.0]',
      [
        { expression: 'MIT', kind: 'declared' },
        { expression: 'CC-BY-4.0', kind: 'declared' },
      ],
    ],
    ['license: unknown', undefined],
    ['license: cc', [{ name: 'cc', kind: 'declared', note: expect.any(String) }]],
  ])('has the licence %j', async (front, licenses) => {
    const { dataset } = await describeData({ 'README.md': card(front), LICENSE: utf8('text'), 'x.csv': utf8('x') });
    expect(dataset.licenses).toEqual(licenses);
  });
});

describe('the card of a model and that of a dataset', () => {
  const MODEL = 'license: mit\npipeline_tag: text-generation\nlibrary_name: transformers';
  const DATA = 'license: cc-by-4.0\npretty_name: Data\nsize_categories: n<1K';
  it('are told apart by keys that only one of them has', async () => {
    const { manifest, ids } = await describeModel({ 'README.md': card(MODEL), 'data/README.md': card(DATA), 'data/x.csv': utf8('x') });
    expect(ids).toEqual([]);
    expect(manifest.model?.licenses).toEqual([{ expression: 'MIT', kind: 'declared' }]);
    expect(listOf(manifest.datasets)).toMatchObject([{ name: 'Data', licenses: [{ expression: 'CC-BY-4.0' }], size: { bin: 'n<1K' } }]);
    expect(listOf(manifest.datasets)[0]?.roles).toBeUndefined();
  });
  it('that fits both is used for neither', async () => {
    const both = card(`${MODEL}\nsize_categories: n<1K`);
    const model = await describeModel({ 'README.md': both });
    expect(model.findings).toMatchObject([
      { id: 'card-ambiguous', severity: 'medium', file: 'README.md', message: expect.stringContaining('pipeline_tag') },
    ]);
    expect(model.manifest.model?.licenses).toBeUndefined();
    const data = await describeData({ 'README.md': both, 'x.csv': utf8('x') });
    expect(data.ids).toEqual(['card-ambiguous']);
    expect(data.dataset.licenses).toBeUndefined();
  });
  it('at the root of the other is reported', async () => {
    const model = await describeModel({ 'README.md': card(DATA) });
    expect(model.ids).toEqual(['card-other-subject']);
    expect(model.manifest.model?.licenses).toBeUndefined();
    const data = await describeData({ 'README.md': card(MODEL), 'x.csv': utf8('x') });
    expect(data.ids).toEqual(['card-other-subject']);
    expect(data.dataset.licenses).toBeUndefined();
  });
  it('that says of neither belongs to what is described', async () => {
    expect((await describeModel({ 'README.md': card('license: mit') })).manifest.model?.licenses).toHaveLength(1);
    expect((await describeData({ 'README.md': card('license: mit'), 'x.csv': utf8('x') })).dataset.licenses).toHaveLength(1);
    // In a directory below, nobody says whose card it is.
    expect((await describeModel({ 'data/README.md': card('license: mit\npretty_name: D') })).manifest.datasets).toBeUndefined();
  });
});

describe('a card that is broken', () => {
  it.each([
    [card('a: ['), 'metadata-unreadable'],
    [Uint8Array.of(0xff, 0xfe), 'metadata-unreadable'],
    // The libraries that read cards take the last of two.
    [card('a: 1\na: 2'), 'card-duplicate-key'],
  ])('is a finding', async (bytes, id) => {
    expect((await describeData({ 'README.md': bytes, 'x.csv': utf8('x') })).ids).toEqual([id]);
  });
  it('or strange never stops the rest', async () => {
    const keys = [
      'license',
      'language',
      'configs',
      'dataset_info',
      'source_datasets',
      'tags',
      'size_categories',
      'pretty_name',
      'license_link',
    ];
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 })), async (front) => {
        const { listed } = await describeData({ 'README.md': card(JSON.stringify(front)), 'x.csv': utf8('x') });
        expect(listed).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });
});
