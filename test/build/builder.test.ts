import vm from 'node:vm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ManifestDraft, manifest } from '../../src/build/index.js';
import { MsbomError } from '../../src/core/error.js';
import { evidenceFor } from '../../src/manifest/evidence.js';
import { parseManifest } from '../../src/manifest/parse.js';
import { validateText } from '../../src/validate/index.js';

const fixed = { now: '2026-11-23T09:00:00Z', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' };
const draft = () =>
  manifest({ name: 'digits-cnn', version: '1.2.0', licenses: ['MIT'] }, fixed)
    .author({ name: 'Example GmbH', contact: { url: 'https://example.org' } })
    .dataset({ name: 'MNIST', original: true, licenses: ['CC-BY-4.0'], splits: { train: { rows: 60_000 }, test: { rows: 10_000 } } })
    .trainedOn('MNIST', { split: 'train', epochs: 5 })
    .hyperparameters({ learning_rate: 1e-3, batch_size: 64 })
    .library('@tensorflow/tfjs', '4.22.0', { ecosystem: 'npm' })
    .evaluation({ name: 'MNIST', on: { dataset: 'MNIST', split: 'test' }, metrics: { accuracy: 0.989 } })
    .fromScratch();

const thrown = (step: () => unknown): MsbomError => {
  try {
    step();
  } catch (error) {
    if (MsbomError.is(error)) return error;
  }
  throw new Error('nothing was thrown');
};

it('makes a valid manifest without any finding, every value with evidence', () => {
  const result = validateText(draft().stringify());
  expect(result.findings).toEqual([]);
  expect(result.valid).toBe(true);
});

it('gives the same bytes for the same time and serial number, and again for the same draft', () => {
  const one = draft();
  expect(one.stringify()).toBe(draft().stringify());
  expect(one.stringify()).toBe(one.stringify());
  expect(manifest({ name: 'x' }).build().bom.serialNumber).not.toBe(manifest({ name: 'x' }).build().bom.serialNumber);
});

it('says what the caller said and what a rule made', () => {
  const built = draft().build();
  const origins = (pointer: string) => evidenceFor(built, pointer).supports.map(({ entry }) => `${entry.origin}: ${entry.method}`);
  for (const pointer of [
    '/model/name',
    '/datasets/mnist/splits/train/rows',
    '/model/training/uses/mnist/epochs',
    '/components/tensorflow-tfjs/version',
  ])
    expect(origins(pointer)).toEqual(['supplied: msbom builder']);
  expect(built.components?.['tensorflow-tfjs']?.identifiers).toEqual([{ type: 'purl', value: 'pkg:npm/%40tensorflow/tfjs@4.22.0' }]);
  expect(origins('/components/tensorflow-tfjs/identifiers')).toEqual(['inferred: purl of the registry, name and version']);
});

it('speaks of a thing as a whole where the caller said all of it, and of its parts where not', () => {
  const built = manifest({ name: 'm' }, fixed).library('torch', '2', { ecosystem: 'pypi' }).library('own', '1').build();
  expect(built.evidence?.map(({ origin, values }) => [origin, Object.keys(values).sort()])).toEqual([
    ['supplied', ['/components/own', '/components/torch/name', '/components/torch/type', '/components/torch/version', '/model']],
    ['inferred', ['/components/torch/identifiers']],
  ]);
});

it('computes the root digest over the files, without those that are no part of a model', () => {
  const file = { size: 3, digest: { sha256: 'ab'.repeat(32) } };
  const one = draft().artifact('m.onnx', { role: 'weights', ...file });
  const { digest } = one.build().model ?? {};
  expect(digest).toMatchObject({ method: 'oms-v1', complete: true, root: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  const more = one.artifact('.gitignore', file).build();
  expect(more.model?.digest).toEqual({ ...digest, ignored: ['.gitignore'] });
  expect(evidenceFor(more, '/model/digest/root').supports.map(({ entry }) => entry.origin)).toEqual(['inferred']);
});

describe('what belongs together and what does not', () => {
  it('every split, configuration and role of a dataset is a use of its own', () => {
    const built = manifest({ name: 'm' }, fixed)
      .dataset({
        name: 'Tickets',
        use: [
          { split: 'train', epochs: 3 },
          { split: 'dev', role: 'validation' },
        ],
      })
      .trainedOn('tickets', { split: 'train', samples: 9 })
      .trainedOn('Tickets', { stage: 'dpo', split: 'train', epochs: 1 })
      .build();
    expect(built.model?.training).toEqual({
      uses: {
        tickets: { dataset: 'tickets', split: 'train', epochs: 3, samples: 9 },
        'tickets-dev': { dataset: 'tickets', split: 'dev', role: 'validation' },
      },
      stages: { dpo: { uses: { tickets: { dataset: 'tickets', split: 'train', epochs: 1 } } } },
    });
  });
  it('results on other data are another evaluation, more results on the same are not', () => {
    const built = manifest({ name: 'm' }, fixed)
      .dataset({ name: 'MMLU' })
      .evaluation({ name: 'MMLU', on: { dataset: 'MMLU', split: 'test' }, metrics: { accuracy: 0.61 } })
      .evaluation({ name: 'MMLU', on: { dataset: 'MMLU', split: 'validation' }, metrics: { accuracy: 0.63 } })
      .evaluation({ name: 'MMLU', on: { dataset: 'MMLU', split: 'test' }, metrics: { f1: 0.6 } })
      .build();
    expect(Object.values(built.evaluations ?? {}).map(({ uses, metrics }) => [uses?.mmlu?.split, metrics])).toEqual([
      ['test', { accuracy: { value: 0.61 }, f1: { value: 0.6 } }],
      ['validation', { accuracy: { value: 0.63 } }],
    ]);
    expect(Object.keys(built.evaluations ?? {})).toEqual(['mmlu', 'mmlu-mmlu']);
  });
  it('every one of several values of a metric stays', () => {
    const built = manifest({ name: 'm' }, fixed)
      .evaluation({
        name: 'seeds',
        metrics: { accuracy: [0.61, 0.63], verdict: 'passed', safe: true, em: { name: 'exact match', value: 1 } },
      })
      .evaluation({
        name: 'languages',
        metrics: [
          { name: 'f1', value: 0.5, slice: 'de' },
          { name: 'f1', value: 0.6, slice: 'en' },
        ],
      })
      .evaluation({
        name: 'languages',
        metrics: [{ name: 'f1', value: 0.6, slice: 'en', unit: undefined as never }].map(({ unit: _, ...each }) => each),
      })
      .build();
    expect(built.evaluations?.seeds?.metrics).toEqual({
      accuracy: { value: 0.61 },
      'accuracy 2': { name: 'accuracy', value: 0.63 },
      verdict: { text: 'passed' },
      safe: { text: 'true' },
      'exact match': { value: 1 },
    });
    expect(built.evaluations?.languages?.metrics).toEqual({
      f1: { value: 0.5, slice: 'de' },
      'f1 en': { name: 'f1', value: 0.6, slice: 'en' },
    });
  });
  it('every author, base and test against attacks', () => {
    const built = manifest({ name: 'm', producer: { name: 'Maker' } }, fixed)
      .author({ name: 'A' })
      .author({ name: 'B' })
      .base({ name: 'x' }, { relation: 'merge', weight: 0.4 })
      .base({ name: 'y', id: 'other', licenses: ['MIT'] }, { relation: 'merge' })
      .base('other', { relation: 'merge', weight: 0.6 })
      .robustnessTest({ attackClass: 'evasion', method: { name: 'PGD' }, results: { accuracy: { clean: 0.9, attacked: 0.1 } } })
      .robustnessTest({ attackClass: 'evasion', method: { name: 'FGSM' }, results: { accuracy: { clean: 0.9, attacked: 0.4 } } })
      .build();
    expect(built.bom.authors).toEqual(['a', 'b']);
    expect(built.parties).toEqual({ maker: { name: 'Maker' }, a: { name: 'A' }, b: { name: 'B' } });
    expect(built.model?.lineage?.parents).toEqual({
      x: { model: 'x', relation: 'merge', weight: 0.4 },
      other: { model: 'other', relation: 'merge', weight: 0.6 },
    });
    expect(Object.values(built.robustnessTests ?? {}).map(({ results }) => results?.accuracy?.attacked)).toEqual([0.1, 0.4]);
  });
  it('a dataset and a library of one name have ids of their own', () => {
    const built = manifest({ name: 'm' }, fixed).library('mnist', '1').dataset({ name: 'mnist' }).trainedOn('mnist').build();
    expect(Object.keys(built.components ?? {})).toEqual(['mnist']);
    expect(built.model?.training?.uses).toEqual({ 'mnist-2': { dataset: 'mnist-2' } });
  });
});

describe('what is said twice', () => {
  const twice: readonly (readonly [string, string, (one: ManifestDraft) => ManifestDraft, string, string])[] = [
    ['a version', '/model/version', (one) => one.model({ version: '2' }).model({ version: '3' }), '"2"', '"3"'],
    [
      'a hyperparameter',
      '/model/training/hyperparameters/seed',
      (one) => one.hyperparameters({ seed: 1 }).hyperparameters({ seed: 2 }),
      '1',
      '2',
    ],
    ['a list', '/model/tags', (one) => one.model({ tags: ['a'] }).model({ tags: ['b'] }), '["a"]', '["b"]'],
    [
      'a metric',
      '/evaluations/e/metrics/f1/value',
      (one) => one.evaluation({ name: 'e', metrics: { f1: 0.1 } }).evaluation({ name: 'e', metrics: { f1: 0.2 } }),
      '0.1',
      '0.2',
    ],
    [
      'an epoch',
      '/model/training/uses/d/epochs',
      (one) => one.dataset({ name: 'd', use: { epochs: 1 } }).trainedOn('d', { epochs: 2 }),
      '1',
      '2',
    ],
    [
      'a relation',
      '/model/lineage/parents/b/relation',
      (one) => one.base({ name: 'b' }, { relation: 'finetune' }).base('b', { relation: 'merge' }),
      '"finetune"',
      '"merge"',
    ],
    ['a library', '/components/torch/version', (one) => one.library('torch', '1').library('torch', '2'), '"1"', '"2"'],
    [
      'a file',
      '/artifacts/a.bin/size',
      (one) => one.artifact('a.bin', { size: 1, digest: {} }).artifact('a.bin', { size: 2, digest: {} }),
      '1',
      '2',
    ],
    [
      'a part',
      '/usage/intendedPurpose',
      (one) => one.usage({ intendedPurpose: 'x' }).include({ usage: { intendedPurpose: 'y' } }),
      '"x"',
      '"y"',
    ],
    ['a producer', '/model/producer', (one) => one.producer({ name: 'A' }).producer({ name: 'B' }), '"a"', '"b"'],
    [
      'a reason',
      '/bom/declarations/~1model~1io/status',
      (one) => one.declare('/model/io', 'unknown').declare('/model/io', 'withheld'),
      '"unknown"',
      '"withheld"',
    ],
  ];
  it.each(twice)('and differently is an error with both values: %s', (_name, pointer, steps, first, second) => {
    const error = thrown(() => steps(manifest({ name: 'm' }, fixed)).build());
    expect(error).toMatchObject({ code: 'ERR_MANIFEST_VALUE', pointer });
    expect(error.message).toContain(`first ${first}, then ${second}`);
  });
  it('and alike is said once', () => {
    const { model } = manifest({ name: 'm', tags: ['a'] }, fixed)
      .model({ tags: ['a'] })
      .hyperparameters({ a: { b: 1 } })
      .hyperparameters({ a: { c: 2 } })
      .build();
    expect(model).toMatchObject({ tags: ['a'], training: { hyperparameters: { a: { b: 1, c: 2 } } } });
  });
  it('by others is kept beside what the caller says', () => {
    const evidence = [
      { origin: 'declared', method: 'model card', source: { name: 'card' }, values: { '/model/version': {}, '/model/tags': {} } },
    ] as const;
    const built = manifest({ name: 'm' }, fixed)
      .include({ model: { version: '1', tags: ['x'] } as never, evidence: structuredClone([...evidence]) as never })
      .model({ version: '2' })
      .build();
    expect(built.model).toMatchObject({ name: 'm', version: '2', tags: ['x'] });
    const { supports, dissents } = evidenceFor(built, '/model/version');
    expect([supports.map(({ entry }) => entry.origin), dissents.map(({ said }) => said)]).toEqual([['supplied'], ['1']]);
    expect(evidenceFor(built, '/model/tags').supports.map(({ entry }) => entry.origin)).toEqual(['declared']);
  });
});

describe('arguments', () => {
  it('are copied', () => {
    const values = { layers: [1, 2], nested: { a: 1 } };
    const author = { name: 'A' };
    const one = manifest({ name: 'm' }, fixed).hyperparameters(values).author(author);
    const before = one.stringify();
    values.layers.push(3);
    values.nested.a = 2;
    author.name = 'B';
    expect(one.stringify()).toBe(before);
    const { layers } = one.build().model?.training?.hyperparameters ?? {};
    (layers as number[]).push(4);
    expect(one.stringify()).toBe(before);
  });
  const holes: number[] = [1];
  holes[2] = 3;
  const circle: Record<string, unknown> = {};
  circle.self = { circle };
  class Config {
    rate = 1;
  }
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['undefined', { a: { b: undefined } }, '`hyperparameters.a.b` is undefined'],
    ['NaN', { losses: [1, Number.NaN] }, '`hyperparameters.losses[1]` is NaN'],
    ['Infinity', { a: -Infinity }, '`hyperparameters.a` is -Infinity'],
    ['a BigInt', { a: 1n }, '`hyperparameters.a` is a BigInt'],
    ['a Date that is none', { a: new Date('x') }, '`hyperparameters.a` is a Date that is no date'],
    ['a Map', { a: new Map() }, '`hyperparameters.a` is a Map'],
    ['a Set', { 'my key': new Set() }, '`hyperparameters["my key"]` is a Set'],
    ['a typed array', { a: new Float32Array(2) }, '`hyperparameters.a` holds binary data'],
    ['a Buffer', { a: Buffer.from('x') }, '`hyperparameters.a` holds binary data'],
    ['an ArrayBuffer', { a: new ArrayBuffer(2) }, '`hyperparameters.a` holds binary data'],
    ['an instance', { a: new Config() }, '`hyperparameters.a` is an instance of Config'],
    ['an instance at the top', new Config(), '`hyperparameters` is an instance of Config'],
    ['an expression', { a: /x/ }, '`hyperparameters.a` is an instance of RegExp'],
    ['a boxed number', { a: Object(1) }, '`hyperparameters.a` is an instance of Number'],
    ['a promise', { a: Promise.resolve(1) }, '`hyperparameters.a` is a Promise'],
    ['a made prototype', { a: Object.create({ b: 1 }) }, '`hyperparameters.a` is an object with a prototype of its own'],
    ['a function', { a: () => 1 }, '`hyperparameters.a` is a function'],
    ['a symbol', { a: Symbol('x') }, '`hyperparameters.a` is a symbol'],
    ['a symbol as name', { a: { [Symbol('x')]: 1 } }, '`hyperparameters.a` has a member whose name is a symbol'],
    ['a circle', circle, '`hyperparameters.self.circle` contains itself'],
    ['a hole', { a: holes }, '`hyperparameters.a[1]` is a hole in a list'],
    ['a list with members', { a: Object.assign([1], { index: 0 }) }, '`hyperparameters.a.index` is a member of a list'],
    ['half a pair', { a: '\ud800' }, '`hyperparameters.a` has half of a surrogate pair'],
  ];
  it.each(wrong)('that JSON cannot hold are refused with their place: %s', (_name, value, message) => {
    const error = thrown(() => manifest({ name: 'm' }, fixed).hyperparameters(value as object));
    expect(error.code).toBe('ERR_MANIFEST_VALUE');
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(/\.$/);
  });
  it('may be a Date, of another realm or without prototype, and the same object may stand twice', () => {
    const shared = { x: 1 };
    const values = {
      when: new Date('2026-01-02T03:04:05Z'),
      zero: -0,
      other: vm.runInNewContext('({ a: [1] })'),
      none: Object.assign(Object.create(null), { b: 2 }),
      shared,
      again: shared,
    };
    const built = manifest({ name: 'm', timestamp: new Date(0) }, fixed)
      .hyperparameters(values)
      .build();
    expect(built.model?.timestamp).toBe('1970-01-01T00:00:00Z');
    expect(JSON.stringify(built.model?.training?.hyperparameters)).toBe(
      '{"when":"2026-01-02T03:04:05Z","zero":0,"other":{"a":[1]},"none":{"b":2},"shared":{"x":1},"again":{"x":1}}',
    );
  });
  it('may have names that a plain object would lose', () => {
    const values = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as object;
    const digest = { sha256: 'cd'.repeat(32) };
    const built = manifest({ name: 'm' }, fixed).hyperparameters(values).artifact('__proto__', { size: 1, digest }).build();
    expect(Object.keys(built.model?.training?.hyperparameters ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(built.artifacts ?? {})).toEqual(['__proto__']);
  });
});

describe('a draft that breaks the specification', () => {
  it('throws with every finding, and with what to do about the first', () => {
    const wrong = draft()
      .dataset({ name: 'other', licenses: ['apache 2'] })
      .declare('/model/io', 'unknown', 'x')
      .trainedOn('nowhere');
    const { code, findings = [], hint } = thrown(() => wrong.build());
    expect(code).toBe('ERR_MANIFEST_INVALID');
    expect(findings.map((finding) => (finding as { id: string }).id)).toEqual(
      expect.arrayContaining(['license-expression', 'reference-unresolved']),
    );
    expect(hint).toBeTruthy();
  });
  it('never yields a text', () => {
    expect(() => manifest({ name: '' }, fixed).stringify()).toThrow(MsbomError);
    expect(() => manifest({ name: 'x' }, { now: 'yesterday' })).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE' }));
    expect(() => draft().base({ name: 'x' }, { relation: 'finetune' }).build()).toThrow(
      expect.objectContaining({ code: 'ERR_MANIFEST_INVALID' }),
    );
    const text = manifest({ name: 'x' }, fixed)
      .training('sft' as never)
      .hyperparameters({ a: 1 });
    expect(() => text.build()).toThrow(/`\/model\/training` was said twice: first "sft"/);
  });
});

describe('types', () => {
  interface Settings {
    learning_rate: number;
    layers: readonly number[];
  }
  interface Scores {
    accuracy: number;
  }
  interface Splits {
    train: { rows: number };
  }
  it('take an interface where an object literal is taken', () => {
    const settings: Settings = { learning_rate: 1, layers: [1] };
    const scores: Scores = { accuracy: 1 };
    const splits: Splits = { train: { rows: 1 } };
    const built = manifest({ name: 'm' }, fixed)
      .hyperparameters(settings)
      .training({ hyperparameters: settings })
      .dataset({ name: 'd', splits })
      .evaluation({ name: 'e', metrics: scores })
      .build();
    expect(built.evaluations?.e?.metrics?.accuracy?.value).toBe(1);
  });
  it('make mistakes compile errors', () => {
    const neverCalled = () => {
      // @ts-expect-error: a member that does not exist
      draft().dataset({ name: 'd', rolls: ['training'] });
      // @ts-expect-error: a dataset needs a name
      draft().dataset({ version: '1' });
      // @ts-expect-error: a base needs a relation
      draft().base({ name: 'x' }, {});
      // @ts-expect-error: a relation that does not exist
      draft().base({ name: 'x' }, { relation: 'tuned' });
      // @ts-expect-error: a number that is text
      draft().trainedOn('d', { epochs: '3' });
      // @ts-expect-error: a file needs its size
      draft().artifact('a', { digest: {} });
    };
    expect(neverCalled).toBeTypeOf('function');
    const result = validateText(draft().stringify());
    if (result.valid) expectTypeOf(result.manifest.bom.version).toEqualTypeOf<number>();
    expect(parseManifest(draft().stringify()).model?.name).toBe('digits-cnn');
  });
});
