/** adapter_config.json of PEFT: what kind of adapter, on which base. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { type Collector, type Contribution, directoryOf, RANKS } from '../../contribution.js';
import { roleAt } from '../../roles.js';
import { asName, asText, type Loose } from '../../values.js';
import { ancestor, baseName } from '../shared/ancestor.js';
import { fromJson } from '../shared/json-file.js';

const METHOD = 'PEFT adapter configuration';

/** PEFT's names and the canonical ones. */
const HYPERPARAMETERS: Readonly<Record<string, string>> = {
  r: 'lora_r',
  lora_alpha: 'lora_alpha',
  lora_dropout: 'lora_dropout',
  target_modules: 'target_modules',
  modules_to_save: 'modules_to_save',
  use_dora: 'use_dora',
  use_rslora: 'use_rslora',
  bias: 'bias',
  num_virtual_tokens: 'num_virtual_tokens',
};

export const peftAdapter: Collector = {
  id: 'peft-adapter',
  files: '`adapter_config.json`',
  matches: (path) => /(?:^|\/)adapter_config\.json$/.test(path) && roleAt(path, 'adapter') === 'adapter',
  collect: (file, { limits }) => fromJson(file, limits, (config) => ({ contributions: adapterConfig(file.path, config) })),
};

/**
 * The directory that `../base` leads to from that of the adapter; undefined where it leads out of what is described. Of a
 * path from elsewhere the last parts are kept, without a `/` at their end; a repository is no place.
 */
function placeOf(directory: string, text: string): string | undefined {
  if (!text.startsWith('.')) return baseName(text).onHub ? undefined : lastParts(text);
  const parts = directory.split('/').filter((part) => part !== '');
  for (const part of text.split(/[\\/]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.map((part) => `${part}/`).join('');
}

/** Directories of a path that tell where it leads to, and nothing of the disk it is on. */
const TELLING_PARTS = 4;
const lastParts = (text: string): string =>
  text
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .slice(-TELLING_PARTS)
    .join('/');

function adapterConfig(path: string, config: Loose): Contribution[] {
  const from = (key: string) => ({ origin: 'declared', path, key, method: METHOD }) as const;
  const named = asName(config.base_model_name_or_path);
  const place = named === undefined ? undefined : placeOf(directoryOf(path), named);
  // Dots name no model: only what lies there does.
  const isUnnamed = named !== undefined && /^[./\\]{1,64}$/.test(named);
  const base = isUnnamed && place === undefined ? undefined : named;
  const revision = asText(config.revision);
  const settings = Object.entries(HYPERPARAMETERS).flatMap(([key, name]): Contribution[] => {
    const value = config[key];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
    // Parsed from JSON.
    return [
      { kind: 'claim', pointer: `/model/training/hyperparameters/${name}`, value: value as JsonValue, rank: RANKS.config, from: from(key) },
    ];
  });
  const method = asText(config.peft_type);
  const version = asText(config.peft_version);
  return [
    {
      kind: 'claim',
      pointer: '/model/lineage/parents/*/relation',
      value: 'adapter',
      rank: RANKS.config,
      from: { origin: 'inferred', path, method: METHOD },
    },
    ...(method === undefined
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/model/training/methods',
            value: [method.toLowerCase()],
            rank: RANKS.config,
            from: from('peft_type'),
          } as const,
        ]),
    ...(base === undefined
      ? []
      : [
          {
            kind: 'addition',
            list: '/model/lineage/parents',
            item: {
              ...ancestor(base, revision),
              ...(isUnnamed ? { name: '' } : {}),
              ...(place === undefined ? {} : { place }),
              relation: 'adapter',
              role: 'base',
            },
            from: from('base_model_name_or_path'),
          } as const,
        ]),
    ...(version === undefined
      ? []
      : [{ kind: 'file', path, facts: { producers: [{ name: 'peft', version }] }, from: from('peft_version') } as const]),
    ...settings,
  ];
}
