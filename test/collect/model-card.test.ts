import { describe, expect, it } from 'vitest';
import { collected } from '../support/collected.js';

const card = (yaml: string, body = '') => `---\n${yaml}\n---\n${body}`;
const result = (dataset: string, metrics: string, task = 'text-classification') =>
  `  - task: {type: ${task}}\n    dataset: {name: Reviews, type: acme/reviews, ${dataset}}\n    metrics: ${metrics}`;
const index = (...results: string[]) => card(['model-index:', '- name: m', '  results:', ...results].join('\n'));

describe('a card as the Hub and its library read it', () => {
  it.each([
    ['blank lines before it', `\n \t\n${card('license: mit')}`],
    ['a mark of the byte order', `\ufeff${card('license: mit')}`],
    ['CRLF', card('license: mit').replaceAll('\n', '\r\n')],
    ['CR alone', card('license: mit').replaceAll('\n', '\r')],
    ['several dashes in it', card('license: mit\ntags: ["a---b"]')],
  ])('may have %s', async (_, text) => {
    const { subject, ids } = await collected({ 'README.md': text });
    expect(subject?.licenses).toEqual([{ expression: 'MIT', kind: 'declared' }]);
    expect(ids).toEqual([]);
  });
  it.each([
    ['text', `read me\n${card('license: mit')}`],
    ['more than dashes', card('license: mit').replace('---', '----')],
  ])('is none with %s before it', async (_, text) => {
    expect((await collected({ 'README.md': text })).subject?.licenses).toBeUndefined();
  });
  it('takes the last of two values for a key, and says so with the place', async () => {
    const { subject, findings } = await collected({ 'README.md': `\n${card('license: mit\ntags: [a]\nlicense: apache-2.0')}` });
    expect(subject?.licenses).toMatchObject([{ expression: 'Apache-2.0' }]);
    expect(findings).toMatchObject([{ id: 'card-duplicate-key', line: 5, column: 1, file: 'README.md' }]);
  });
  it('may merge maps, where its own values come before merged ones', async () => {
    const results = [
      '  - task: {type: asr}\n    dataset: &d {name: Speech, type: acme/speech, config: clean, split: test}\n    metrics: [{type: wer, value: 3.1}]',
      '  - task: {type: asr}\n    dataset:\n      <<: *d\n      config: other\n    metrics: [{type: wer, value: 8.2}]',
    ];
    const { manifest } = await collected({ 'README.md': index(...results) });
    expect(Object.values(manifest.evaluations ?? {}).map(({ uses }) => Object.values(uses ?? {}))).toEqual([
      [{ dataset: 'acme-speech', config: 'clean', split: 'test' }],
      [{ dataset: 'acme-speech', config: 'other', split: 'test' }],
    ]);
  });
  it('may say that the licence is not known, which is told', async () => {
    const { subject, findings } = await collected({ 'README.md': card('license: unknown') });
    expect(subject?.licenses).toBeUndefined();
    expect(findings).toMatchObject([{ id: 'license-unknown', severity: 'medium', file: 'README.md' }]);
    expect((await collected({ 'README.md': card('license: other\nlicense_name: acme') })).ids).toEqual([]);
  });
  it('tells the whole of its emissions', async () => {
    const whole =
      'co2_eq_emissions: {emissions: 1.2e3, source: CodeCarbon, training_type: fine-tuning, geographical_location: Oslo, hardware_used: 2 x L4}';
    expect((await collected({ 'README.md': card(whole) })).subject?.training?.energy?.carbon).toEqual({
      tonnesCo2Equivalent: 0.0012,
      methodology: 'CodeCarbon; training: fine-tuning; location: Oslo; hardware: 2 x L4',
    });
    const unread = (await collected({ 'README.md': card('co2_eq_emissions: {emissions: about 3 kg}') })).subject;
    expect(unread?.training?.energy?.carbon).toEqual({ methodology: 'emissions as written: about 3 kg' });
  });
});

describe('results of a card', () => {
  it('are of the configuration, split and revision that they were measured on, not of the dataset that was trained on', async () => {
    const { manifest } = await collected({
      'README.md': index(
        result('config: plain, split: test, revision: 0a1b2c', '[{type: f1, value: 0.5, args: {average: macro}, config: glue}]'),
      ).replace('model-index', 'datasets: [acme/reviews]\nmodel-index'),
    });
    expect(manifest.evaluations).toEqual({
      'reviews-plain-test': {
        name: 'Reviews',
        kind: 'accuracy',
        task: 'text-classification',
        uses: { 'acme-reviews': { dataset: 'acme-reviews', config: 'plain', split: 'test', revision: '0a1b2c' } },
        metrics: { f1: { value: 0.5, parameters: { average: 'macro', config: 'glue' } } },
      },
    });
    expect(manifest.datasets?.['acme-reviews']).not.toHaveProperty('version');
  });
  it('on two parts of a dataset are two, on the same part one with all their metrics', async () => {
    const { manifest } = await collected({
      'README.md': index(
        result('split: test', '[{type: f1, value: 0.5}]'),
        result('split: validation', '[{type: f1, value: 0.6}]'),
        result('split: test', '[{type: accuracy, value: 0.7}]'),
      ),
    });
    expect(Object.entries(manifest.evaluations ?? {}).map(([id, { metrics }]) => [id, metrics])).toEqual([
      ['reviews-test', { f1: { value: 0.5 }, accuracy: { value: 0.7 } }],
      ['reviews-validation', { f1: { value: 0.6 } }],
    ]);
  });
  it('name where they were reported, and with what the dataset was loaded', async () => {
    const { manifest } = await collected({
      'README.md': index(
        `${result('args: {lang: de}', '[{type: f1, value: "<0.5"}]')}\n    source: {name: Leaderboard, url: https://example.org/board}`,
      ),
    });
    expect(Object.values(manifest.evaluations ?? {})).toMatchObject([
      {
        report: { title: 'Leaderboard', uri: 'https://example.org/board' },
        uses: { 'acme-reviews': { note: 'args: {"lang":"de"}' } },
        metrics: { f1: { text: '<0.5' } },
      },
    ]);
  });
});

describe('a card without the tag of its trainer', () => {
  const body = 'The following hyperparameters were used during training:\n- learning_rate: 2e-05\n';
  it.each([body, body.replaceAll('\n', '\r\n')])('is known by the sentence before the list', async (list) => {
    const { subject } = await collected({ 'README.md': card('license: mit', `### Training hyperparameters\n\n${list}`) });
    expect(subject?.training?.hyperparameters).toEqual({ learning_rate: 0.00002 });
  });
});

describe('the text of a card', () => {
  const described = async (body: string, front = 'license: mit') =>
    (await collected({ 'README.md': `---\n${front}\n---\n${body}` })).manifest;
  it('names the hardware and what was emitted, in the lines of the template', async () => {
    const manifest = await described(
      '## Environmental Impact\n\n- **Hardware Type:** 8 x NVIDIA A100\n- **Hours used:** 12\n- **Cloud Provider:** [More Information Needed]\n- **Compute Region:** eu-west\n- **Carbon Emitted:** 1.5 kg CO2eq\n',
    );
    expect(Object.values(manifest.environments ?? {})).toEqual([
      { purpose: ['training'], accelerators: [{ model: 'NVIDIA A100', count: 8 }] },
    ]);
    expect(manifest.model?.training?.energy?.carbon).toEqual({
      tonnesCo2Equivalent: 0.0015,
      methodology: 'hardware: 8 x NVIDIA A100; hours used: 12; compute region: eu-west',
    });
  });
  it('or in a table', async () => {
    const table = '### Hardware\n| Hardware Type | Hours used |\n|---|---|\n| H100 | 3 |\n';
    const manifest = await described(table);
    expect(Object.values(manifest.environments ?? {})[0]?.accelerators).toEqual([{ model: 'H100' }]);
    // Of two rows each is of another model.
    expect((await described(`${table}| A100 | 4 |\n`)).environments).toBeUndefined();
  });
  it.each([
    ['a placeholder', '## Hardware\n- **Hardware Type:** [More Information Needed]\n'],
    ['a processor, which is no accelerator', '## Hardware\n- Hardware: Intel Xeon\n'],
    ['another section', '## Usage\n- **Hardware Type:** A100\n'],
    ['code', '## Hardware\n```\nHardware Type: A100\n```\n'],
  ])('says nothing of hardware in %s', async (_, body) => expect((await described(body)).environments).toBeUndefined());
  it('is not asked where the front matter states emissions', async () => {
    const manifest = await described('## Environmental Impact\n- **Carbon Emitted:** 9 kg\n', 'co2_eq_emissions: 5');
    expect(manifest.model?.training?.energy?.carbon?.tonnesCo2Equivalent).toBe(5e-6);
  });
  it('says how the model is cited, and not how the tools are', async () => {
    const entry = (title: string) =>
      `\`\`\`bibtex\n@misc{x,\n  title = {A {Tiny} ${title}},\n  eprint={2401.01234},\n  year = 2024\n}\n\`\`\`\n`;
    const papers = (manifest: Awaited<ReturnType<typeof described>>) =>
      Object.values(manifest.documents ?? {}).filter(({ type }) => type === 'research-paper');
    expect(papers(await described(`## Citation\n\n${entry('Model')}`))).toEqual([
      { type: 'research-paper', title: 'A Tiny Model', uri: 'https://arxiv.org/abs/2401.01234' },
    ]);
    expect(papers(await described(`## Citations\n\nCite GRPO as:\n${entry('Method')}`))).toEqual([]);
    expect(papers(await described(`## Citation\n\nCite TRL as:\n${entry('Method')}`))).toEqual([]);
  });
});

describe('entries of model-index under other names', () => {
  it('are results of their own', async () => {
    const result = (value: number) =>
      `    results:\n      - task: {type: t}\n        dataset: {type: d, name: D}\n        metrics: [{type: acc, value: ${value}}]\n`;
    const { manifest } = await collected({
      'README.md': `---\nmodel-index:\n  - name: one\n${result(1)}  - name: two\n${result(2)}---\n`,
    });
    const all = Object.values(manifest.evaluations ?? {});
    expect(all.map(({ name }) => name).sort()).toEqual(['D', 'D (two)']);
    expect(all.map(({ metrics }) => Object.values(metrics ?? {}).map(({ value }) => value))).toEqual([[1], [2]]);
  });
});
