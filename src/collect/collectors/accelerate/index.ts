/** Configuration of Accelerate. Source: https://huggingface.co/docs/accelerate/package_reference/cli#accelerate-config */
import { type Collector, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { readYamlMap } from '../shared/run-file.js';

export const accelerate: Collector = {
  id: 'accelerate',
  files: '`default_config.yaml`, `accelerate*.yaml`',
  matches: (path) => /(^|\/)(default_config|accelerate[^/]{0,60})\.ya?ml$/i.test(path),
  collect(file) {
    const { value } = readYamlMap(file);
    // Other programs have a `default_config.yaml` too.
    if (value?.compute_environment === undefined || value.distributed_type === undefined) return { contributions: [] };
    const from = { origin: 'declared', path: file.path, method: 'Accelerate configuration' } as const;
    return { contributions: hyperparameterClaims('accelerate', value, from, RANKS.recipe) };
  },
};
