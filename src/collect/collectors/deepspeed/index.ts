/** Configuration of DeepSpeed. Source: https://www.deepspeed.ai/docs/config-json/ */
import { type Collector, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { readJsonObject } from '../shared/run-file.js';

const SIGNS = ['zero_optimization', 'train_micro_batch_size_per_gpu', 'train_batch_size', 'fp16', 'bf16'] as const;

export const deepspeed: Collector = {
  id: 'deepspeed',
  files: '`ds_config*.json`, `deepspeed*.json`, `zero*.json`',
  matches: (path) => /(^|\/)(ds_?config|deepspeed|zero_?[0-3])[^/]{0,60}\.json$/i.test(path),
  collect(file, { limits }) {
    const { value, finding } = readJsonObject(file, limits);
    if (finding !== undefined) return { contributions: [], findings: [finding] };
    if (!SIGNS.some((key) => value[key] !== undefined)) return { contributions: [] };
    const from = { origin: 'declared', path: file.path, method: 'DeepSpeed configuration' } as const;
    return { contributions: hyperparameterClaims('deepspeed', value, from, RANKS.recipe) };
  },
};
