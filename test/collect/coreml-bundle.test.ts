import { describe, expect, it } from 'vitest';
import { coremlBundle } from '../../src/collect/collectors/coreml-bundle/index.js';
import type { Contribution } from '../../src/collect/contribution.js';
import { OF_THE_SUBJECT } from '../../src/collect/models/owners.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { utf8 } from '../support/builders.js';

const collect = async (path: string, content: unknown, paths: readonly string[] = []) =>
  coremlBundle.collect(
    { path, bytes: utf8(typeof content === 'string' ? content : JSON.stringify(content)) },
    { owner: OF_THE_SUBJECT, paths: new Set(paths), limits: DEFAULT_LIMITS, includePrivate: false, read: async () => undefined },
  );
const claims = (contributions: readonly Contribution[]) =>
  Object.fromEntries(contributions.flatMap((each) => (each.kind === 'claim' ? [[each.pointer, each.value]] : [])));

// The members that the tools for packages write.
const manifest = {
  fileFormatVersion: '1.0.0',
  itemInfoEntries: {
    a: { author: 'com.apple.CoreML', description: 'CoreML Model Weights', name: 'weights', path: 'com.apple.CoreML/weights' },
    b: {
      author: 'com.apple.CoreML',
      description: 'CoreML Model Specification',
      name: 'model.mlmodel',
      path: 'com.apple.CoreML/model.mlmodel',
    },
  },
  rootModelIdentifier: 'b',
};
const whole = ['m.mlpackage/Data/com.apple.CoreML/model.mlmodel', 'm.mlpackage/Data/com.apple.CoreML/weights/weight.bin'];

describe('the manifest of a package', () => {
  it('is an index of what is there', async () => {
    const { contributions, findings } = await collect('m.mlpackage/Manifest.json', manifest, whole);
    expect(findings).toEqual([]);
    expect(contributions).toMatchObject([
      { kind: 'file', facts: { role: 'index', format: { serialization: 'coreml-package', version: '1.0.0' } } },
    ]);
  });

  it('shows what is missing', async () => {
    const { findings } = await collect('m.mlpackage/Manifest.json', { ...manifest, rootModelIdentifier: 'c' }, whole.slice(0, 1));
    expect(findings?.map(({ id, severity, message }) => [id, severity, message])).toEqual([
      ['companion-missing', 'high', 'the package says it has `com.apple.CoreML/weights`, which is not there'],
      ['companion-missing', 'high', 'the package does not say which of its items is the model'],
    ]);
  });

  it('is read when the package itself is collected, and no other of this name', async () => {
    const here = whole.map((path) => path.slice('m.mlpackage/'.length));
    expect(await collect('Manifest.json', manifest, here)).toMatchObject({ contributions: [{ kind: 'file' }], findings: [] });
    expect(await collect('Manifest.json', { name: 'an app' })).toEqual({ contributions: [] });
  });

  it('may be broken', async () => {
    expect((await collect('m.mlpackage/Manifest.json', '{')).findings).toMatchObject([{ id: 'metadata-unreadable' }]);
    expect((await collect('m.mlpackage/Manifest.json', '{"itemInfoEntries":{"__proto__":{"path":3}}}')).contributions).toEqual([]);
    expect((await collect('m.mlpackage/Manifest.json', { itemInfoEntries: [1, 'x', null] })).findings).toHaveLength(1);
  });
});

describe('the description of a compiled model', () => {
  const model = {
    metadataOutputVersion: '3.0',
    storagePrecision: 'Float16',
    computePrecision: 'Mixed (Float16, Float32, Int32)',
    specificationVersion: 7,
    isUpdatable: '0',
    modelType: { name: 'MLModelType_mlProgram' },
    shortDescription: 'Sorts things',
    version: 'v1',
    author: 'Example',
    license: 'MIT',
    generatedClassName: 'Sorter',
    userDefinedMetadata: { 'com.github.apple.coremltools.version': '9.0', 'com.github.apple.coremltools.source': 'torch==2.7.0' },
  };

  it('speaks of the model', async () => {
    const { contributions, findings } = await collect('m.mlmodelc/metadata.json', [model]);
    expect(findings).toBeUndefined();
    expect(claims(contributions)).toEqual({ '/model/description': 'Sorts things', '/model/version': 'v1' });
    expect(contributions.flatMap((each) => (each.kind === 'addition' ? [[each.list, each.item]] : []))).toEqual([
      ['/model/authors', { name: 'Example' }],
      ['/model/licenses', expect.objectContaining({ expression: 'MIT' })],
    ]);
    expect(contributions[0]).toMatchObject({
      facts: {
        format: { serialization: 'coreml-compiled', version: '7' },
        producers: [
          { name: 'coremltools', version: '9.0' },
          { name: 'torch', version: '2.7.0' },
        ],
        metadata: { storagePrecision: 'Float16', generatedClassName: 'Sorter' },
      },
    });
  });

  it('may be broken', async () => {
    for (const content of ['[', '{}', '[]', '[3]'])
      expect((await collect('m.mlmodelc/metadata.json', content)).findings, content).toMatchObject([{ id: 'metadata-unreadable' }]);
  });
});

it('takes no other file', () => {
  expect(coremlBundle.matches('m.mlpackage/Manifest.json')).toBe(true);
  expect(coremlBundle.matches('a/m.mlmodelc/metadata.json')).toBe(true);
  expect(coremlBundle.matches('a/Manifest.json')).toBe(false);
  expect(coremlBundle.matches('m.keras/metadata.json')).toBe(false);
});
