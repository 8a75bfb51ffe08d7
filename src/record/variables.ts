import { findNamedSecrets, isCredentialName } from '../core/secrets/index.js';

/** Environment variables that change what a training run computes, and never hold a secret. All others are left out. */
const NAMES = new Set([
  'CUBLAS_WORKSPACE_CONFIG',
  'CUDA_DEVICE_ORDER',
  'CUDA_LAUNCH_BLOCKING',
  'CUDA_VISIBLE_DEVICES',
  'DEEPSPEED_ZERO3_INIT',
  'HF_DATASETS_OFFLINE',
  'HF_HUB_OFFLINE',
  'HIP_VISIBLE_DEVICES',
  'KERAS_BACKEND',
  'LOCAL_RANK',
  'LOCAL_WORLD_SIZE',
  'MKL_NUM_THREADS',
  'NVIDIA_TF32_OVERRIDE',
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'PYTHONHASHSEED',
  'RANK',
  'ROCR_VISIBLE_DEVICES',
  'TF_CUDNN_DETERMINISTIC',
  'TF_DETERMINISTIC_OPS',
  'TF_ENABLE_ONEDNN_OPTS',
  'TF_USE_LEGACY_KERAS',
  'TOKENIZERS_PARALLELISM',
  'TRANSFORMERS_OFFLINE',
  'WANDB_MODE',
  'WORLD_SIZE',
  'XLA_FLAGS',
]);
const PREFIXES = ['ACCELERATE_', 'FSDP_', 'NCCL_', 'RCCL_', 'PYTORCH_', 'TORCH_', 'TORCHINDUCTOR_'];
const MAX_LENGTH = 512;

/** The selected variables of an environment, by name. */
export function selectedVariables(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const selected = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      entry[1] !== '' &&
      entry[1].length <= MAX_LENGTH &&
      !isCredentialName(entry[0]) &&
      findNamedSecrets(entry[0], entry[1]).length === 0 &&
      (NAMES.has(entry[0]) || PREFIXES.some((prefix) => entry[0].startsWith(prefix))),
  );
  return Object.fromEntries(selected.sort(([a], [b]) => (a < b ? -1 : 1)));
}
