import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ManifestDraft, type Metric, MsbomError, manifest, parseManifest, validateText } from '../../src/index.js';

const fixed = { now: '2026-11-23T09:00:00Z', serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' };
const draft = () =>
  manifest({ name: 'digits-cnn', version: '1.2.0', licenses: ['MIT'] }, fixed)
    .author({ name: 'Example GmbH', contact: { url: 'https://example.org' } })
    .dataset({ name: 'Digits', roles: ['training'], licenses: ['CC-BY-4.0'] })
    .hyperparameters({ learning_rate: 1e-3, epochs: 5 })
    .library('@tensorflow/tfjs', '4.22.0', { ecosystem: 'npm' })
    .evaluation({ name: 'test split', metrics: { accuracy: 0.989 } })
    .fromScratch();

it('makes a valid manifest without any finding', () => {
  const result = validateText(draft().stringify());
  expect(result.valid).toBe(true);
  expect(result.findings).toEqual([]);
});

it('gives the same bytes for the same time and serial number', () => {
  expect(draft().stringify()).toBe(draft().stringify());
  expect(manifest({ name: 'x' }).build().bom.serialNumber).not.toBe(manifest({ name: 'x' }).build().bom.serialNumber);
});

it('says that every value was supplied by the caller', () => {
  const { evidence = [] } = draft().build();
  expect(evidence).toEqual([expect.objectContaining({ origin: 'supplied' })]);
  expect(evidence[0]?.pointers).toEqual(
    expect.arrayContaining(['/model/name', '/datasets/0', '/training/hyperparameters', '/components/0', '/evaluations/0']),
  );
});

it('writes purls as their specification does', () => {
  expect(draft().build().components?.[0]?.identifiers).toEqual([{ type: 'purl', value: 'pkg:npm/%40tensorflow/tfjs@4.22.0' }]);
});

it('computes the root digest over the artifacts', () => {
  const built = draft()
    .artifact({ path: 'm.onnx', role: 'weights', size: 3, digest: { sha256: 'ab'.repeat(32) } })
    .build();
  expect(built.model?.rootDigest?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it('keeps every author and every base', () => {
  const built = manifest({ name: 'm' }, fixed)
    .author({ name: 'A' })
    .author({ name: 'B' })
    .base({ name: 'x', relation: 'merge' })
    .base({ name: 'y', relation: 'merge' })
    .build();
  expect(built.bom.authors).toHaveLength(2);
  expect(built.lineage).toMatchObject({ relation: 'merge', ancestors: [{ name: 'x' }, { name: 'y' }] });
});

describe('a draft that breaks the specification', () => {
  it('throws with every finding, and with what to do about the first', () => {
    const wrong = draft()
      .dataset({ name: 'other', licenses: ['apache 2'] })
      .declare('/model/io', 'unknown', 'x')
      .include({ evaluations: [{ name: 'e', datasets: ['nowhere'] }] });
    try {
      wrong.build();
      expect.unreachable();
    } catch (error) {
      expect(MsbomError.is(error, 'ERR_MANIFEST_INVALID')).toBe(true);
      const { findings = [], hint } = error as MsbomError;
      expect(findings.map((finding) => (finding as { id: string }).id).sort()).toEqual(['license-expression', 'reference-unresolved']);
      expect(hint).toBeTruthy();
    }
  });
  it('never yields a text', () => {
    expect(() => manifest({ name: '' }, fixed).stringify()).toThrow(MsbomError);
    expect(() => manifest({ name: 'x' }, { now: 'yesterday' })).toThrow(expect.objectContaining({ code: 'ERR_MANIFEST_VALUE' }));
  });
});

describe('types', () => {
  it('make mistakes compile errors', () => {
    expectTypeOf<Parameters<ManifestDraft['dataset']>[0]['roles']>().not.toEqualTypeOf<string[]>();
    const neverCalled = () => {
      // @ts-expect-error: a role that does not exist
      draft().dataset({ name: 'd', roles: ['train'] });
      // @ts-expect-error: a dataset needs a name
      draft().dataset({ roles: ['training'] });
      // @ts-expect-error: a base needs a relation
      draft().base({ name: 'x' });
    };
    expect(neverCalled).toBeTypeOf('function');
    expectTypeOf(draft().evaluation).parameter(0).toHaveProperty('metrics').extract<readonly Metric[]>().toEqualTypeOf<readonly Metric[]>();
  });
  it('a valid result narrows to a manifest', () => {
    const result = validateText(draft().stringify());
    if (result.valid) expectTypeOf(result.manifest.bom.version).toEqualTypeOf<number>();
    expect(parseManifest(draft().stringify()).model?.name).toBe('digits-cnn');
  });
});
