/** A small document that the tests of this folder change. */
import { treeDigest } from '../../src/core/tree-digest.js';
import type { Artifact, Manifest } from '../../src/schema/index.js';

export const bom: Manifest['bom'] = {
  specVersion: '1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  timestamp: '2026-11-23T09:00:00Z',
};

const sha = (digits: string): string => digits.repeat(32);
export const artifacts: Readonly<Record<string, Artifact>> = {
  'config.json': { role: 'config', size: 10, digest: { sha256: sha('1a') } },
  'model.safetensors': { role: 'weights', size: 100, digest: { sha256: sha('2b') } },
};
const digest = treeDigest(Object.entries(artifacts).map(([path, file]) => ({ path, digest: file.digest })));

export const manifest: Manifest = {
  bom,
  parties: { acme: { name: 'Acme' }, lab: { name: 'Lab' } },
  model: {
    name: 'classifier',
    producer: 'acme',
    ...(digest === undefined ? {} : { digest: { root: digest.root, method: digest.method, symlinks: digest.symlinks, complete: true } }),
    identifiers: [{ type: 'purl', value: 'pkg:huggingface/example/classifier@1' }],
    licenses: [{ expression: 'Apache-2.0', kind: 'declared' }],
    contextLength: 8192,
    tags: ['a', 'b'],
    lineage: { parents: { base: { model: 'base', relation: 'finetune' } } },
    training: {
      hyperparameters: { seed: 42 },
      uses: { data: { dataset: 'tickets', split: 'train' } },
      metrics: { loss: { value: 1, slice: 'en' } },
    },
  },
  models: { base: { name: 'base model', version: '1' } },
  datasets: { tickets: { name: 'support tickets', issuer: 'lab' } },
  artifacts,
  components: { torch: { name: 'torch', version: '2.9.0', type: 'library' } },
  dependencies: { model: { edges: { 'depends-on': ['torch'], 'trained-on': ['tickets'] } } },
  evaluations: { mmlu: { name: 'MMLU', metrics: { accuracy: { value: 0.61 } } } },
};
