import { describe, expect, it } from 'vitest';
import { collected } from '../support/collected.js';

const card = (yaml: string, body = '') => `---\n${yaml}\n---\n${body}`;
const state = JSON.stringify({ global_step: 30, num_train_epochs: 3, max_steps: 30, train_batch_size: 8, log_history: [] });
const trained = card('tags: [generated_from_trainer]', '### Training hyperparameters\n\n- num_epochs: 2\n- seed: 42\n');

describe('what loses against another source stays in the document', () => {
  it('as what its source said, with the key that it stood under', async () => {
    const { manifest, dissents, findings } = await collected({ 'README.md': trained, 'trainer_state.json': state });
    expect(manifest.model?.training?.hyperparameters).toMatchObject({ num_train_epochs: 3, seed: 42 });
    expect(dissents).toEqual([['/model/training/hyperparameters/num_train_epochs', 3, [2]]]);
    const entry = manifest.evidence?.find(({ values }) => values['/model/training/hyperparameters/num_train_epochs']?.said !== undefined);
    expect(entry).toMatchObject({
      source: { path: 'README.md' },
      values: { '/model/training/hyperparameters/num_train_epochs': { key: 'Training hyperparameters.num_epochs', said: 2 } },
    });
    // What the same source says as the manifest does stands apart from it.
    expect(entry?.values['/model/training/hyperparameters/seed']).toBeUndefined();
    expect(findings.filter(({ id }) => id === 'source-conflict')).toHaveLength(1);
  });
  it('and nothing is kept where sources agree', async () => {
    const { dissents, ids } = await collected({ 'README.md': trained.replace(': 2', ': 3'), 'trainer_state.json': state });
    expect(dissents).toEqual([]);
    expect(ids).not.toContain('source-conflict');
  });
});
