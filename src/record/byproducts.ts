/** Files that a run leaves behind besides what it was run for: logs, locks, caches, the files of trackers. */
import type { Artifact } from '../schema/index.js';

/** Directories that programs keep for themselves. */
const DIRECTORIES = new Set([
  ...['wandb', 'mlruns', '.hydra', '.dvc', '.cache', '.locks', '.neptune', '.comet', '.clearml', '.ipynb_checkpoints', '__pycache__'],
  ...['.aim', 'tensorboard', 'runs', 'lightning_logs', 'logs', '.huggingface', '.pytest_cache'],
]);
const ENDINGS = ['.log', '.lock', '.pid', '.tmp', '.out', '.err', '.lck', '.pyc'];
const NAMES = new Set(['mlflow.db', 'nohup.out', '.gitignore', 'dvc.lock', 'emissions.csv']);
/** What a run was run for, wherever it lies. */
const RESULTS = new Set(['weights', 'adapter', 'checkpoint', 'tokenizer', 'config', 'template']);

export function isByproduct(path: string, { role }: Pick<Artifact, 'role'>): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (name.includes('tfevents') || NAMES.has(name) || ENDINGS.some((ending) => name.endsWith(ending))) return true;
  if (parts.some((part) => part === '.hydra' || part === 'wandb')) return true;
  return role !== undefined && RESULTS.has(role) ? false : parts.some((part) => DIRECTORIES.has(part));
}
