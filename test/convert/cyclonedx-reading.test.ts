/** What documents of other producers are taken to say, and what is not read into them. */
import { describe, expect, it } from 'vitest';
import { fromCycloneDX, toCycloneDX } from '../../src/convert/index.js';
import { canonicalize } from '../../src/core/canonical-json.js';
import { resolvePointer } from '../../src/core/json-pointer.js';
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
    expect(read(value).training).toEqual({ run: { id: 'job 7' }, hyperparameters: { epochs: 3 } });
    comesBack(value);
  });
  it.each([
    ['does something else with it', MODEL, 'deploy'],
    ['builds an application', { ...MODEL, type: 'application' }, 'build'],
  ])('that %s is none', (_, component, taskType) => {
    const value = document(component, workflow(taskType));
    expect(read(value).training).toBeUndefined();
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
  it.each([
    ['mailto:security@example.org', { email: 'security@example.org' }],
    ['https://example.org/security', { url: 'https://example.org/security' }],
  ])('to the security contact %s is no policy', (url, contact) => {
    const value = referring({ type: 'security-contact', url });
    expect(read(value).security).toEqual({ policy: { contact } });
    comesBack(value);
  });
});

it('our own words for narrower things come back without a residual', () => {
  const manifest: Manifest = {
    ...read(document(MODEL)),
    documents: [
      { type: 'euDeclaration', uri: 'https://example.org/declaration' },
      { type: 'hbom', uri: 'https://example.org/hbom' },
      { type: 'sbom', uri: 'https://example.org/sbom', title: 'of the server' },
    ],
    security: { policy: { cvdPolicy: 'https://example.org/cvd', contact: { email: 'security@example.org' } } },
  };
  const { documents, security } = read(toCycloneDX(manifest, { residual: false }).document);
  expect(documents).toEqual(manifest.documents);
  expect(security).toEqual(manifest.security);
});

it('a citation names the member that holds the identifier', () => {
  const manifest: Manifest = {
    ...read(document(MODEL)),
    model: {
      name: 'detector',
      identifiers: [
        { type: 'arxiv', value: '2401.00001' },
        { type: 'purl', value: 'pkg:huggingface/example/detector@1' },
        { type: 'purl', value: 'pkg:generic/detector@1' },
      ],
    },
    evidence: [0, 1, 2].map((i) => ({ origin: 'declared', method: `way ${i}`, pointers: [`/model/identifiers/${i}`] })),
  };
  const tools = [{ name: 'example' }];
  const { citations } = toCycloneDX({ ...manifest, bom: { ...manifest.bom, tools } }, { version: '1.7' }).document;
  expect((citations as { pointers: string[] }[]).map(({ pointers }) => pointers)).toEqual([
    ['/metadata/component/properties'],
    ['/metadata/component/purl'],
    ['/metadata/component/properties'],
  ]);
});

it('a citation names what it is about where another producer has put other things before it', () => {
  const components = [
    { type: 'library', name: 'first', 'bom-ref': 'lib' },
    { type: 'data', name: 'photos', 'bom-ref': 'data', data: [{ type: 'dataset', name: 'photos' }] },
  ];
  const metadata = { timestamp: TIME, component: MODEL, tools: { components: [{ type: 'application', name: 'example' }] } };
  const manifest: Manifest = {
    ...read(document(MODEL, { components, metadata }, '1.7')),
    evidence: [{ origin: 'declared', method: 'count', pointers: ['/datasets/0/name'] }],
  };
  const whole = toCycloneDX(manifest, { version: '1.7' }).document;
  const [pointer = ''] = (whole.citations as { pointers: string[] }[]).flatMap(({ pointers }) => pointers);
  expect(resolvePointer(whole, pointer)).toBe('photos');
  expect(canonicalize(fromCycloneDX(whole).manifest)).toBe(canonicalize(manifest));
});
