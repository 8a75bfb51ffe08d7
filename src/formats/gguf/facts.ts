import { sha256Text } from '../../core/digest.js';
import { type BaseModelHint, type Keyed, knownFacts, type ModelFacts, summarize } from '../../core/facts.js';
import type { GgufHeader } from './index.js';
import { FILE_TYPES } from './types.js';
import type { GgufValue } from './value.js';

type Metadata = ReadonlyMap<string, GgufValue>;

const MAX_VALUE = 512;
const MAX_PARENTS = 64;

/** What the key-values say of the model. Source: gguf.md, "Standardized key-value pairs". */
export function describeGguf({ version, metadata, tensors }: GgufHeader): ModelFacts {
  const architecture = text(metadata, 'general.architecture');
  const type = text(metadata, 'general.type')?.value;
  return knownFacts<ModelFacts>({
    format: 'gguf',
    formatVersion: String(version),
    mediaType: 'application/vnd.gguf',
    role: type === 'adapter' ? 'adapter' : tensors.length === 0 && metadata.has('tokenizer.ggml.tokens') ? 'tokenizer' : 'weights',
    tensors: summarize(tensors),
    name: text(metadata, 'general.name'),
    version: text(metadata, 'general.version'),
    description: text(metadata, 'general.description'),
    author: text(metadata, 'general.author'),
    license: text(metadata, 'general.license') ?? text(metadata, 'general.license.name'),
    licenseUri: text(metadata, 'general.license.link'),
    architecture,
    contextLength: architecture && count(metadata, `${architecture.value}.context_length`),
    vocabularySize: vocabulary(metadata),
    quantization: fileType(metadata),
    languages: list(metadata, 'general.languages'),
    tags: list(metadata, 'general.tags'),
    uri: text(metadata, 'general.repo_url') ?? text(metadata, 'general.url'),
    producers: quantizer(metadata),
    baseModels: baseModels(metadata),
    datasets: datasets(metadata),
    chatTemplates: chatTemplates(metadata),
    metadata: small(metadata),
  });
}

function text(metadata: Metadata, key: string): Keyed<string> | undefined {
  const value = metadata.get(key)?.value;
  return typeof value === 'string' && value.trim() !== '' ? { value: value.trim(), key } : undefined;
}

function count(metadata: Metadata, key: string): Keyed<number> | undefined {
  const value = metadata.get(key)?.value;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? { value, key } : undefined;
}

function list(metadata: Metadata, key: string): Keyed<readonly string[]> | undefined {
  const value = metadata.get(key)?.value;
  const texts = Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
  return texts.length > 0 ? { value: texts, key } : undefined;
}

function vocabulary(metadata: Metadata): Keyed<number> | undefined {
  const length = metadata.get('tokenizer.ggml.tokens')?.length;
  return length === undefined || length === 0 ? undefined : { value: length, key: 'tokenizer.ggml.tokens' };
}

function fileType(metadata: Metadata): Keyed<string> | undefined {
  const value = metadata.get('general.file_type')?.value;
  const name = typeof value === 'number' ? FILE_TYPES[value] : undefined;
  return name === undefined ? undefined : { value: name, key: 'general.file_type' };
}

function quantizer(metadata: Metadata): ModelFacts['producers'] {
  const by = text(metadata, 'general.quantized_by');
  return by && [{ key: by.key, value: { name: by.value } }];
}

function baseModels(metadata: Metadata): readonly BaseModelHint[] | undefined {
  const total = Math.min(count(metadata, 'general.base_model.count')?.value ?? 0, MAX_PARENTS);
  const hints: BaseModelHint[] = [];
  for (let i = 0; i < total; i++) {
    const key = `general.base_model.${i}`;
    const hint = {
      name: text(metadata, `${key}.name`)?.value,
      version: text(metadata, `${key}.version`)?.value,
      organization: text(metadata, `${key}.organization`)?.value ?? text(metadata, `${key}.author`)?.value,
      uri: text(metadata, `${key}.repo_url`)?.value ?? text(metadata, `${key}.url`)?.value,
      doi: text(metadata, `${key}.doi`)?.value,
    };
    if (Object.values(hint).some((value) => value !== undefined)) hints.push({ key, ...hint });
  }
  return hints.length > 0 ? hints : undefined;
}

function datasets(metadata: Metadata): ModelFacts['datasets'] {
  const named = list(metadata, 'general.datasets')?.value.map((name) => ({ value: { name }, key: 'general.datasets' })) ?? [];
  const total = Math.min(count(metadata, 'general.dataset.count')?.value ?? 0, MAX_PARENTS);
  for (let i = 0; i < total; i++) {
    const key = `general.dataset.${i}`;
    const name = text(metadata, `${key}.name`)?.value;
    const uri = text(metadata, `${key}.repo_url`)?.value ?? text(metadata, `${key}.url`)?.value;
    if (name !== undefined) named.push({ value: { name, ...(uri === undefined ? {} : { uri }) }, key });
  }
  return named.length > 0 ? named : undefined;
}

/** A template steers the model and may carry instructions: its digest shows when it changes. */
function chatTemplates(metadata: Metadata): Readonly<Record<string, string>> | undefined {
  const templates: Record<string, string> = {};
  for (const [key, { value }] of metadata) {
    const name = /^tokenizer\.chat_template(?:\.(.+))?$/.exec(key);
    if (name !== null && typeof value === 'string') templates[name[1] ?? 'default'] = sha256Text(value);
  }
  return Object.keys(templates).length > 0 ? templates : undefined;
}

function small(metadata: Metadata): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const [key, { value, length }] of metadata) {
    if (key.startsWith('tokenizer.chat_template')) continue;
    if (length !== undefined && (length > 16 || typeof value !== 'object')) entries.push([key, `[${length} items]`]);
    else {
      const shown = typeof value === 'object' ? value.join(', ') : String(value);
      entries.push([key, shown.length > MAX_VALUE ? `[${shown.length} characters left out]` : shown]);
    }
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
