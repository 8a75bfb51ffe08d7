import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { described, factsOf, fixture, fuzzFiles } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('tensorboard');
const facts = factsOf('tensorboard') as unknown as { metrics: Record<string, number>; hyperparameters: Record<string, unknown> };
const paths = Object.keys(files);
const [scalars = '', settings = ''] = [paths.find((path) => path.endsWith('.0')), paths.find((path) => path.endsWith('.1'))];
const metricsOf = ({ manifest }: Awaited<ReturnType<typeof described>>) =>
  Object.fromEntries(listOf(manifest.model?.training?.metrics, 'name').map(({ name, value }) => [name, value]));
const moved = (directory: string) =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replace('runs/', directory), bytes]));

describe('the event files of TensorBoard', () => {
  it('are what its own reader says', async () => {
    const said = await described(files);
    expect(said.ids).toEqual([]);
    expect(metricsOf(said)).toEqual(facts.metrics);
    expect(said.own).toEqual(facts.hyperparameters);
    expect(said.manifest.model?.training?.hyperparameters).toHaveProperty('learning_rate', 0.003);
  });
  it('of training and validation are one run', async () => {
    const { manifest, ids } = await described({ ...moved('logs/train/'), ...moved('logs/validation/') });
    expect(ids).toEqual([]);
    expect(
      listOf(manifest.model?.training?.metrics, 'name')
        .map(({ slice }) => slice)
        .sort(),
    ).toEqual(['train', 'train', 'validation', 'validation']);
  });
  it('of several runs say what they agree on', async () => {
    const { [scalars]: bytes = new Uint8Array() } = files;
    const { manifest, ids } = await described({ ...moved('a/'), [scalars.replace('runs/', 'b/')]: bytes });
    expect(ids).toEqual(['several-runs']);
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
    expect(listOf(manifest.model?.training?.metrics, 'name')).toEqual([{ name: 'loss/train', value: facts.metrics['loss/train'] }]);
  });
  it('cut off anywhere are read as far as they go', async () => {
    const { [settings]: bytes = new Uint8Array() } = files;
    for (let length = 0; length < bytes.byteLength; length += 7) {
      const { ids } = await described({ ...files, [settings]: bytes.subarray(0, length) });
      expect(ids).toEqual([]);
    }
  });
  it('with a wrong checksum are a finding, and nothing is taken from them', async () => {
    const bad = (files[settings] ?? new Uint8Array()).slice();
    bad[0] = (bad[0] ?? 0) + 1;
    const said = await described({ [settings]: bad });
    expect(said.ids).toEqual(['metadata-unreadable']);
    expect(said.manifest.model?.training).toBeUndefined();
  });
  it('that are too long to be read are said not to have been', async () => {
    const said = await described(files, { limits: { ...DEFAULT_LIMITS, maxReadBytes: 64 } });
    expect(new Set(said.ids)).toEqual(new Set(['run-not-inspected']));
    expect(said.manifest.model?.training).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles(files, settings, 200));
});
