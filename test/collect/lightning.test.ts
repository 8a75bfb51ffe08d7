import { describe, expect, it } from 'vitest';
import { described, factsOf, fixture, fuzzFiles, text } from '../support/runs.js';
import { listOf } from '../support/things.js';

const files = fixture('lightning');

describe('the logs of Lightning', () => {
  it('are what the module and the logger hold', async () => {
    const { manifest, ids, own } = await described(files);
    const facts = factsOf('lightning') as Record<string, Record<string, unknown>>;
    expect(ids).toEqual([]);
    expect(own).toEqual(facts.hyperparameters);
    expect(manifest.model?.training?.hyperparameters).toHaveProperty('batch_size', 4);
    expect(listOf(manifest.model?.training?.metrics, 'name')).toEqual([
      { name: 'epoch', value: 1 },
      { name: 'step', value: facts.step },
      { name: 'train_loss', value: facts.metrics?.train_loss },
    ]);
  });
  it('have the last value of each metric, wherever its column is empty', async () => {
    const { manifest } = await described({
      'version_0/metrics.csv': text('epoch,step,train_loss,val_loss\r\n0,0,1.5,\r\n0,1,,0.5\r\n1,2,1e-3,\r\n1,3,nan,\r\n'),
    });
    expect(listOf(manifest.model?.training?.metrics, 'name')).toEqual([
      { name: 'epoch', value: 1 },
      { name: 'step', value: 3 },
      { name: 'train_loss', value: 0.001 },
      { name: 'val_loss', value: 0.5 },
    ]);
  });
  it('hold objects of Python, which are left out', async () => {
    const { manifest } = await described({
      'hparams.yaml': text(
        "lr: 0.1\nact: !!python/name:torch.nn.ReLU ''\nargs: !!python/object:argparse.Namespace\n  seed: 1\nbetas: !!python/tuple\n- 0.9\n- 0.99\n",
      ),
    });
    expect(manifest.model?.training?.hyperparameters).toEqual({ learning_rate: 0.1, betas: [0.9, 0.99] });
  });
  it('are not any `metrics.csv`', async () => {
    expect((await described({ 'metrics.csv': text('step,loss\n1,2\n') })).manifest.model?.training).toBeUndefined();
  });
  it.each(['- a\n- b\n', 'a: [\n', 'lr: 1\nlr: 2\n', `${'a: ['.repeat(20000)}`, '&a [*a]'])(
    'are a finding when they cannot be read: %#',
    async (content) => {
      expect((await described({ 'hparams.yaml': text(content) })).ids).toEqual(['metadata-unreadable']);
    },
  );
  it('with very many keys take no long time', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `k${i}: ${i}`).join('\n');
    await described({ 'hparams.yaml': text(many) });
  });
  it('may be damaged in any way', () => fuzzFiles(files, 'lightning_logs/version_0/hparams.yaml'));
  it('may have damaged metrics', () => fuzzFiles(files, 'lightning_logs/version_0/metrics.csv', 30));
});
