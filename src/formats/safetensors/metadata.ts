import { type BaseModelHint, type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';

type Metadata = Readonly<Record<string, string>>;
type Facts = Omit<ModelFacts, 'format'>;

/** Longest metadata value that is kept as it is; the rest is named with its length. */
const MAX_VALUE = 512;

/** kohya's names of training settings whose values are plain. */
const SETTINGS: readonly string[] = (
  'ss_learning_rate ss_unet_lr ss_text_encoder_lr ss_optimizer ss_lr_scheduler ss_lr_warmup_steps ss_num_epochs ss_epoch ss_steps ss_max_train_steps ss_total_batch_size ' +
  'ss_batch_size_per_device ss_gradient_accumulation_steps ss_gradient_checkpointing ss_network_dim ss_network_alpha ss_network_dropout ss_network_module ss_mixed_precision ss_full_fp16 ' +
  'ss_seed ss_clip_skip ss_max_token_length ss_noise_offset ss_min_snr_gamma ss_caption_dropout_rate ss_resolution ss_num_train_images ss_num_reg_images'
).split(' ');

/** Facts from `__metadata__`: Stability's `modelspec.*` keys (ModelSpec 1.0.1) and kohya's `ss_*` training keys. */
export function embeddedFacts(metadata: Metadata): Facts {
  return knownFacts<Facts>({
    name: keyed(metadata, 'modelspec.title'),
    author: keyed(metadata, 'modelspec.author'),
    description: keyed(metadata, 'modelspec.description'),
    license: keyed(metadata, 'modelspec.license'),
    architecture: keyed(metadata, 'modelspec.architecture'),
    version: keyed(metadata, 'modelspec.version'),
    baseModels: baseModels(metadata),
    datasets: datasets(metadata),
    hyperparameters: hyperparameters(metadata),
    producers: metadata.ss_sd_scripts_commit_hash
      ? [{ key: 'ss_sd_scripts_commit_hash', value: { name: 'sd-scripts', version: metadata.ss_sd_scripts_commit_hash } }]
      : undefined,
    metadata: small(metadata),
  });
}

function keyed(metadata: Metadata, key: string): Keyed<string> | undefined {
  const value = metadata[key]?.trim();
  return value === undefined || value === '' || isMissing(value) ? undefined : { value, key };
}

const isMissing = (value: string): boolean => /^(none|null|nan)$/i.test(value);
const isPath = (value: string): boolean => /^([A-Za-z]:[\\/]|\/|~|\.\.?[\\/])/.test(value);

function baseModels(metadata: Metadata): readonly BaseModelHint[] | undefined {
  const hints: BaseModelHint[] = [];
  const name = keyed(metadata, 'ss_sd_model_name');
  const sha256 = metadata.ss_new_sd_model_hash;
  const digest = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { digest: { sha256 } } : {};
  if (name !== undefined || 'digest' in digest) {
    hints.push({ key: name?.key ?? 'ss_new_sd_model_hash', ...(name && !isPath(name.value) ? { name: name.value } : {}), ...digest });
  }
  for (const parent of (keyed(metadata, 'modelspec.merged_from')?.value ?? '').split(',')) {
    if (parent.trim() !== '') hints.push({ key: 'modelspec.merged_from', name: parent.trim() });
  }
  return hints.length > 0 ? hints : undefined;
}

/** kohya keeps the folders of the training images: their names are the only names the data has. */
function datasets(metadata: Metadata): ModelFacts['datasets'] {
  const folders = record(metadata.ss_dataset_dirs);
  const names = Object.keys(folders ?? {}).filter((name) => name !== '' && !isPath(name));
  return names.length > 0 ? names.map((name) => ({ value: { name }, key: 'ss_dataset_dirs' })) : undefined;
}

function hyperparameters(metadata: Metadata): ModelFacts['hyperparameters'] {
  const found = SETTINGS.flatMap((key) => {
    const text = keyed(metadata, key)?.value;
    return text === undefined || text.length > MAX_VALUE ? [] : [{ key, value: { name: key.slice('ss_'.length), value: scalar(text) } }];
  });
  return found.length > 0 ? found : undefined;
}

/** kohya writes every value as text: numbers and Python's booleans are read back. */
function scalar(text: string): string | number | boolean {
  if (text === 'True' || text === 'False') return text === 'True';
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function record(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // a note in the file that is not JSON says nothing about folders
  }
}

function small(metadata: Metadata): Facts['metadata'] {
  const entries = Object.entries(metadata).map(([key, value]) => [
    key,
    value.length > MAX_VALUE ? `[${value.length} characters left out]` : value,
  ]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
