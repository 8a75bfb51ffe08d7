/** What documents of other producers are taken to say, and what is not read into them. */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import type { Manifest } from '../../src/schema/index.js';

const TIME = '2026-01-01T00:00:00Z';
const MODEL = { type: 'machine-learning-model', 'bom-ref': 'it', name: 'detector' };
const document = (component: object, more: object = {}, version = '1.6') => ({
  bomFormat: 'CycloneDX',
  specVersion: version,
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 1,
  metadata: { timestamp: TIME, component },
  ...more,
});
const read = (value: object): Manifest => fromCycloneDX(value).manifest;
const comesBack = (value: object): void => expect(canonicalize(toCycloneDX(read(value)).document)).toBe(canonicalize(value));

describe('a workflow', () => {
  const workflow = (taskType: string) => ({
    formulation: [
      {
        workflows: [
          {
            'bom-ref': 'w',
            uid: 'job 7',
            taskTypes: [taskType],
            inputs: [{ parameters: [{ name: 'epochs', value: '3', dataType: 'integer' }] }],
            outputs: [{ type: 'artifact', resource: { ref: 'it' } }],
          },
        ],
      },
    ],
  });
  it('that builds the model is its training', () => {
    const value = document(MODEL, workflow('build'));
    expect(read(value).model?.training).toEqual({ run: { id: 'job 7' }, hyperparameters: { epochs: 3 } });
    comesBack(value);
  });
  it.each([
    ['does something else with it', MODEL, 'deploy'],
    ['builds an application', { ...MODEL, type: 'application' }, 'build'],
  ])('that %s is none', (_, component, taskType) => {
    const value = document(component, workflow(taskType));
    expect(read(value).model?.training).toBeUndefined();
    comesBack(value);
  });
});

describe('an external reference', () => {
  const referring = (...externalReferences: object[]) => document({ ...MODEL, externalReferences });
  it('to any certificate is no EU declaration of conformity', () => {
    const value = referring({ type: 'certification-report', url: 'https://example.org/soc2.pdf', comment: 'SOC 2' });
    expect(read(value).documents).toBeUndefined();
    comesBack(value);
  });
  it('to an address to write to is no document', () => {
    const value = referring({ type: 'security-contact', url: 'mailto:security@example.org' });
    expect(read(value).documents).toBeUndefined();
    comesBack(value);
  });
});

it('our own words for narrower things come back from the native part', () => {
  const manifest: Manifest = {
    ...read(document(MODEL)),
    documents: {
      declaration: { type: 'eu-declaration', uri: 'https://example.org/declaration' },
      sbom: { type: 'sbom', uri: 'https://example.org/sbom', title: 'of the server' },
    },
    security: { policy: { cvdPolicy: 'https://example.org/cvd', contact: { email: 'security@example.org' } } },
  };
  const { documents, security } = read(toCycloneDX(manifest, {}).document);
  expect(Object.values(documents ?? {})).toEqual(Object.values(manifest.documents ?? {}));
  expect(security).toEqual(manifest.security);
});
