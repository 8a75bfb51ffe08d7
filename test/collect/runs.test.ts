import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../support/builders.js';
import { described, fixture, text } from '../support/runs.js';
import { sourcesOf } from '../support/things.js';

const hparams = (lines: string) => text(lines);

describe('several runs in one directory', () => {
  const one = { 'logs/version_0/hparams.yaml': hparams('lr: 0.1\nwidth: 3\n') };
  it('of which there is one speak for the model', async () => {
    const { manifest, ids } = await described(one);
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 0.1, width: 3 });
    expect(ids).toEqual([]);
  });
  it('say only what all of them say, and that they are several is told', async () => {
    const { manifest, findings } = await described({
      ...one,
      'logs/version_1/hparams.yaml': hparams('lr: 0.2\nwidth: 3\n'),
      'logs/version_2/hparams.yaml': hparams('width: 3\nextra: 1\n'),
    });
    expect(manifest.model?.training?.hyperparameters).toEqual({ width: 3 });
    expect(findings).toEqual([expect.objectContaining({ id: 'several-runs', message: expect.stringContaining('3 runs of Lightning') })]);
    expect(sourcesOf(manifest, '/model/training/hyperparameters/width')).toHaveLength(3);
  });
  it('say nothing when they are too many to compare', async () => {
    const runs = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`version_${i}/hparams.yaml`, hparams('lr: 0.1\n')]));
    const { manifest, findings } = await described(runs);
    expect(manifest.model?.training).toBeUndefined();
    expect(findings[0]?.message).toContain('70 runs of Lightning, too many');
  });
  it('of the Trainer and others are told apart from a second copy', async () => {
    const files = fixture('hydra');
    const again = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replace('00-00-00', '11-11-11'), bytes]));
    const changed = Object.fromEntries(
      Object.entries(again).map(([path, bytes]) => [
        path,
        path.endsWith('/config.yaml') ? text(new TextDecoder().decode(bytes).replace('seed: 5', 'seed: 6')) : bytes,
      ]),
    );
    expect((await described({ ...files, ...again })).manifest.model?.training?.hyperparameters).toMatchObject({ seed: 5 });
    const { manifest, ids } = await described({ ...files, ...changed });
    expect(manifest.model?.training?.hyperparameters).not.toHaveProperty('seed');
    expect(ids).toEqual(['several-runs']);
  });
});

describe('runs of MLflow', () => {
  const id = (digit: string) => digit.repeat(32);
  const run = (digit: string, value: string) => ({
    [`mlruns/1/${id(digit)}/meta.yaml`]: text(`run_id: ${id(digit)}\nstatus: 3\n`),
    [`mlruns/1/${id(digit)}/params/alpha`]: text(value),
  });
  const weights = safetensorsFile({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 4);
  const artifacts = (digit: string) => ({ [`mlruns/1/${id(digit)}/artifacts/model/model.safetensors`]: weights });
  it('of which one made no model do not speak for the whole', async () => {
    const { manifest, findings } = await described({
      ...run('a', '1'),
      ...artifacts('a'),
      ...run('b', '2'),
      ...artifacts('b'),
      ...run('c', '3'),
    });
    expect(manifest.model?.training).toBeUndefined();
    expect(JSON.stringify(manifest.models)).not.toContain(`"${id('c')}"`);
    expect(findings.filter(({ id: kind }) => kind === 'several-runs').map(({ message }) => message)).toEqual([
      expect.stringContaining('no weights lie in this one'),
    ]);
  });
  it('speak for the models that lie in them, by all of their files', async () => {
    const { manifest } = await described({ ...run('a', '1'), ...artifacts('a'), ...run('b', '2'), ...artifacts('b') });
    const values = Object.values(manifest.models ?? {}).map(({ training }) => training?.hyperparameters);
    expect(values).toEqual([{ alpha: '1' }, { alpha: '2' }]);
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
  });
  it('beside a model at the top neither does the one that another model did not come from', async () => {
    const { manifest } = await described({ 'model.safetensors': weights, ...run('a', '1'), ...artifacts('a'), ...run('b', '2') });
    expect(manifest.model?.training?.hyperparameters).toBeUndefined();
  });
});
