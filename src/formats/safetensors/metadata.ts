import { type BaseModelHint, type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';
import { chatTemplateDigests, isChatTemplate } from '../shared/chat-template.js';
import { smallMetadata } from '../shared/small-metadata.js';

type Metadata = Readonly<Record<string, string>>;
type Facts = Omit<ModelFacts, 'format'>;
type Setting = NonNullable<ModelFacts['hyperparameters']>[number];

/** Longest text and longest list that become facts; a file can hold a hundred million characters of either. */
const MAX_TEXT = 16_384;
const MAX_LIST = 1000;
/** Longest setting that is kept. */
const MAX_VALUE = 512;
const MAX_SETTINGS = 256;

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
    license: keyed(metadata, 'modelspec.license') ?? keyed(metadata, 'license'),
    architecture: keyed(metadata, 'modelspec.architecture'),
    version: keyed(metadata, 'modelspec.version'),
    tags: tags(metadata),
    baseModels: baseModels(metadata),
    datasets: datasets(metadata),
    hyperparameters: hyperparameters(metadata),
    producers: metadata.ss_sd_scripts_commit_hash
      ? [{ key: 'ss_sd_scripts_commit_hash', value: { name: 'sd-scripts', version: metadata.ss_sd_scripts_commit_hash } }]
      : undefined,
    chatTemplates: chatTemplateDigests(Object.entries(metadata)),
    metadata: smallMetadata(Object.entries(metadata).filter(([key]) => !isChatTemplate(key))),
  });
}

function keyed(metadata: Metadata, key: string): Keyed<string> | undefined {
  const value = metadata[key]?.trim();
  return value === undefined || value === '' || value.length > MAX_TEXT || isMissing(value) ? undefined : { value, key };
}

const isMissing = (value: string): boolean => /^(none|null|nan)$/i.test(value);
const isPath = (value: string): boolean => /^([A-Za-z]:[\\/]|\/|~|\.\.?[\\/])/.test(value);

function baseModels(metadata: Metadata): readonly BaseModelHint[] | undefined {
  const hints: BaseModelHint[] = [];
  const name = keyed(metadata, 'ss_sd_model_name');
  const sha256 = metadata.ss_new_sd_model_hash;
  const digest = sha256 !== undefined && /^(?!(.)\1*$)[0-9a-f]{64}$/.test(sha256) ? { digest: { sha256 } } : {};
  const version = keyed(metadata, 'ss_base_model_version');
  const key = name?.key ?? ('digest' in digest ? 'ss_new_sd_model_hash' : version?.key);
  if (key !== undefined) {
    const known = name && !isPath(name.value) ? { name: name.value } : {};
    hints.push({ key, ...known, ...(version ? { version: version.value } : {}), ...digest });
  }
  for (const parent of (keyed(metadata, 'modelspec.merged_from')?.value ?? '').split(',')) {
    if (parent.trim() !== '') hints.push({ key: 'modelspec.merged_from', name: parent.trim() });
  }
  return hints.length > 0 ? hints : undefined;
}

const tags = (metadata: Metadata): Keyed<readonly string[]> | undefined => {
  const found = (keyed(metadata, 'modelspec.tags')?.value ?? '').split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]));
  return found.length > 0 ? { value: found.slice(0, MAX_LIST), key: 'modelspec.tags' } : undefined;
};

/** kohya keeps the folders of the training images: their names are the only names the data has. */
function datasets(metadata: Metadata): ModelFacts['datasets'] {
  const found = new Map<string, string>();
  const add = (name: unknown, key: string): void => {
    if (typeof name === 'string' && name !== '' && name.length <= MAX_VALUE && !isPath(name) && !found.has(name) && found.size < MAX_LIST)
      found.set(name, key);
  };
  for (const key of ['ss_dataset_dirs', 'ss_reg_dataset_dirs', 'ss_tag_frequency']) {
    for (const name of Object.keys(record(metadata[key]) ?? {})) add(name, key);
  }
  for (const subset of trainingSets(metadata).flatMap(({ subsets }) => (Array.isArray(subsets) ? subsets : []))) {
    if (isRecord(subset)) add(subset.image_dir, 'ss_datasets');
  }
  return found.size > 0 ? [...found].map(([name, key]) => ({ value: { name }, key })) : undefined;
}

/** `ss_datasets`: settings of each set of training data, as nested JSON. */
function trainingSets(metadata: Metadata): readonly Record<string, unknown>[] {
  const sets = json(metadata.ss_datasets);
  return Array.isArray(sets) ? sets.filter(isRecord) : [];
}

function hyperparameters(metadata: Metadata): ModelFacts['hyperparameters'] {
  const found = SETTINGS.flatMap((key): Setting[] => {
    const text = keyed(metadata, key)?.value;
    return text === undefined || text.length > MAX_VALUE ? [] : [{ key, value: { name: key.slice('ss_'.length), value: scalar(text) } }];
  });
  const more = [...setSettings(metadata, new Set(found.map(({ value }) => value.name))), ...adapterSettings(metadata)];
  return found.length + more.length > 0 ? [...found, ...more] : undefined;
}

/** Settings that newer versions of kohya write for each set; they hold for the run only when there is one set. */
function setSettings(metadata: Metadata, known: ReadonlySet<string>): Setting[] {
  const [only, ...others] = trainingSets(metadata);
  if (only === undefined || others.length > 0) return [];
  return ['batch_size_per_device', 'num_train_images', 'num_reg_images'].flatMap((name) => {
    const value = only[name];
    return typeof value === 'number' && !known.has(name) ? [{ key: `ss_datasets[0].${name}`, value: { name, value } }] : [];
  });
}

/** The settings of the low-rank factors that diffusers keeps, as nested JSON: `transformer.r`, `transformer.lora_alpha`. */
function adapterSettings(metadata: Metadata): Setting[] {
  const settings = Object.entries(record(metadata.lora_adapter_metadata) ?? {}).slice(0, MAX_SETTINGS);
  return settings.flatMap(([name, value]) =>
    typeof value === 'number' || typeof value === 'boolean' ? [{ key: `lora_adapter_metadata.${name}`, value: { name, value } }] : [],
  );
}

/** kohya writes every value as text: numbers and Python's booleans are read back. */
function scalar(text: string): string | number | boolean {
  if (text === 'True' || text === 'False') return text === 'True';
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function record(text: string | undefined): Record<string, unknown> | undefined {
  const value = json(text);
  return isRecord(value) ? value : undefined;
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // a note in the file that is not JSON says nothing about folders
  }
}
