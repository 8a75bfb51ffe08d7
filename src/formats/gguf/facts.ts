import { type BaseModelHint, type Keyed, knownFacts, type ModelFacts, summarize } from '../../core/facts.js';
import { chatTemplateDigests, isChatTemplate } from '../shared/chat-template.js';
import { plainCount } from '../shared/parameters.js';
import { smallMetadata } from '../shared/small-metadata.js';
import type { GgufHeader } from './index.js';
import { splitFindings } from './split.js';
import { BITNET_NAMES, FILE_TYPES, isBitnet } from './types.js';
import type { GgufValue } from './value.js';

type Metadata = ReadonlyMap<string, GgufValue>;

const MAX_PARENTS = 64;

/** What the key-values say of the model. Source: gguf.md, "Standardized key-value pairs". */
export function describeGguf({ version, metadata, tensors, fileName }: GgufHeader): ModelFacts {
  const architecture = text(metadata, 'general.architecture');
  const type = text(metadata, 'general.type')?.value;
  return knownFacts<ModelFacts>({
    format: 'gguf',
    formatVersion: String(version),
    mediaType: 'application/vnd.gguf',
    role: roleOf(type, metadata, tensors.length),
    // An importance matrix has sums over activations, which are no parameters.
    tensors: type === 'imatrix' ? undefined : summarize(tensors, plainCount),
    name: text(metadata, 'general.name'),
    version: text(metadata, 'general.version'),
    description: text(metadata, 'general.description'),
    author: text(metadata, 'general.author'),
    license: text(metadata, 'general.license') ?? text(metadata, 'general.license.name'),
    licenseUri: text(metadata, 'general.license.link'),
    architecture,
    contextLength: architecture && count(metadata, `${architecture.value}.context_length`),
    vocabularySize: vocabulary(metadata),
    quantization: fileType(metadata, tensors),
    languages: list(metadata, 'general.languages'),
    tags: list(metadata, 'general.tags'),
    uri: text(metadata, 'general.repo_url') ?? text(metadata, 'general.url'),
    baseModels: baseModels(metadata),
    datasets: datasets(metadata),
    hyperparameters: adapterSettings(metadata),
    chatTemplates: chatTemplates(metadata),
    metadata: small(metadata),
    findings: splitFindings(metadata, tensors.length, fileName),
  });
}

function roleOf(type: string | undefined, metadata: Metadata, tensors: number): ModelFacts['role'] {
  if (type === 'adapter') return 'adapter';
  if (type === 'imatrix') return 'data';
  return tensors === 0 && metadata.has('tokenizer.ggml.tokens') ? 'tokenizer' : 'weights';
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

/** bitnet.cpp numbers its kinds of files as its types, and ggml gave the numbers to others: there the tensors decide. */
function fileType(metadata: Metadata, tensors: GgufHeader['tensors']): Keyed<string> | undefined {
  const value = metadata.get('general.file_type')?.value;
  const forked = isBitnet(metadata.get('general.architecture')?.value)
    ? tensors.find(({ dtype }) => BITNET_NAMES.has(dtype))?.dtype
    : undefined;
  const name = typeof value === 'number' ? (forked ?? FILE_TYPES[value]) : undefined;
  return name === undefined ? undefined : { value: name, key: 'general.file_type' };
}

function baseModels(metadata: Metadata): readonly BaseModelHint[] | undefined {
  const total = Math.min(count(metadata, 'general.base_model.count')?.value ?? 0, MAX_PARENTS);
  const hints: BaseModelHint[] = [];
  for (let i = 0; i < total; i++) {
    const key = `general.base_model.${i}`;
    const hint = told({
      name: text(metadata, `${key}.name`)?.value,
      version: text(metadata, `${key}.version`)?.value,
      organization: text(metadata, `${key}.organization`)?.value ?? text(metadata, `${key}.author`)?.value,
      uri: text(metadata, `${key}.repo_url`)?.value ?? text(metadata, `${key}.url`)?.value,
      doi: text(metadata, `${key}.doi`)?.value,
    });
    if (hint !== undefined) hints.push({ key, ...hint });
  }
  const source = sourceModel(metadata);
  if (source !== undefined) hints.push(source);
  return hints.length > 0 ? hints : undefined;
}

/** What is told of a parent; undefined when nothing is. */
function told(hint: Omit<BaseModelHint, 'key'>): Omit<BaseModelHint, 'key'> | undefined {
  const known = Object.entries(hint).filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** The model that this file was converted from. */
function sourceModel(metadata: Metadata): BaseModelHint | undefined {
  const key = 'general.source';
  const hint = told({
    name: text(metadata, `${key}.huggingface.repository`)?.value,
    uri: text(metadata, `${key}.repo_url`)?.value ?? text(metadata, `${key}.url`)?.value,
    doi: text(metadata, `${key}.doi`)?.value,
  });
  return hint && { key, ...hint };
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

function chatTemplates(metadata: Metadata): Readonly<Record<string, string>> | undefined {
  return chatTemplateDigests([...metadata].flatMap(([key, { value }]) => (typeof value === 'string' ? [[key, value] as const] : [])));
}

/** What an adapter was trained with, as far as it says. */
function adapterSettings(metadata: Metadata): ModelFacts['hyperparameters'] {
  return ['adapter.type', 'adapter.lora.alpha'].flatMap((key) => {
    const value = metadata.get(key)?.value;
    return value === undefined || typeof value === 'object' ? [] : [{ key, value: { name: key.slice('adapter.'.length), value } }];
  });
}

function small(metadata: Metadata): ModelFacts['metadata'] {
  return smallMetadata(
    [...metadata]
      .filter(([key]) => !isChatTemplate(key))
      .map(([key, { value, length }]): [string, string] => {
        if (length !== undefined && (length > 16 || typeof value !== 'object')) return [key, `[${length} items]`];
        return [key, typeof value === 'object' ? value.join(', ') : String(value)];
      }),
  );
}
