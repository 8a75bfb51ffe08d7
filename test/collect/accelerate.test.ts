import { describe, expect, it } from 'vitest';
import { described, fuzzFiles, text } from '../support/runs.js';

const CONFIG = `compute_environment: LOCAL_MACHINE
distributed_type: FSDP
fsdp_config:
  fsdp_sharding_strategy: FULL_SHARD
  fsdp_version: 2
machine_rank: 0
main_process_ip: 10.0.0.1
mixed_precision: bf16
num_machines: 2
num_processes: 16
use_cpu: false
`;

describe('a configuration of Accelerate', () => {
  it('says how the work was spread', async () => {
    const { manifest, text: whole } = await described({ 'accelerate_config.yaml': text(CONFIG) });
    expect(manifest.model?.training?.hyperparameters).toEqual({
      precision: 'bf16',
      distributed_type: 'FSDP',
      num_processes: 16,
      num_machines: 2,
      fsdp_sharding_strategy: 'FULL_SHARD',
      fsdp_version: 2,
    });
    expect(whole).not.toContain('10.0.0.1');
  });
  it('is no other `default_config.yaml`', async () => {
    expect((await described({ 'default_config.yaml': text('mixed_precision: bf16\n') })).manifest.model?.training).toBeUndefined();
  });
  it('may be damaged in any way', () => fuzzFiles({ 'default_config.yaml': text(CONFIG) }, 'default_config.yaml'));
});
