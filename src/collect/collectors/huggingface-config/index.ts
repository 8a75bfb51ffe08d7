/** config.json and generation_config.json of Hugging Face transformers. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { baseName, type Collector, type Contribution, RANKS } from '../../contribution.js';
import { maySpeak } from '../../models/owners.js';
import { asCount, asObject, asText, asTexts, type Loose } from '../../values.js';
import { ancestor, baseName as baseNameOf } from '../shared/ancestor.js';
import { fromJson } from '../shared/json-file.js';

const METHOD = 'Hugging Face configuration';

export const huggingfaceConfig: Collector = {
  id: 'huggingface-config',
  files: '`config.json`, `generation_config.json`',
  matches: (path) => /^(?:generation_)?config\.json$/.test(baseName(path)),
  collect(file, { limits, owner }) {
    if (!maySpeak(file.path, owner)) return { contributions: [] };
    return fromJson(file, limits, (config) => ({
      contributions: baseName(file.path) === 'config.json' ? modelConfig(file.path, config) : generationConfig(file.path, config),
      findings: Object.keys(asObject(config.auto_map) ?? {}).length > 0 ? [remoteCode(file.path)] : [],
    }));
  },
};

const remoteCode = (file: string) =>
  ({
    id: 'remote-code',
    severity: 'high',
    message: 'the configuration names code that ships with the model and runs when it is loaded with trust_remote_code',
    fix: 'Review the Python files of the model before loading it.',
    file,
    pointer: '/auto_map',
  }) as const;

function modelConfig(path: string, config: Loose): Contribution[] {
  const claim = (pointer: string, key: string, value: JsonValue | undefined): Contribution[] =>
    value === undefined
      ? []
      : [{ kind: 'claim', pointer, value, rank: RANKS.config, from: { origin: 'declared', path, key, method: METHOD } }];
  const quantization = asObject(config.quantization_config);
  const contextKey = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'].find(
    (key) => asCount(config[key]) !== undefined,
  );
  return [
    ...claim('/model/architecture/name', 'architectures.0', asTexts(config.architectures)[0]),
    ...claim('/model/architecture/modelType', 'model_type', asText(config.model_type)),
    ...(contextKey === undefined ? [] : claim('/model/contextLength', contextKey, asCount(config[contextKey]))),
    ...claim('/model/vocabularySize', 'vocab_size', asCount(config.vocab_size)),
    ...claim('/model/quantization/method', 'quantization_config.quant_method', asText(quantization?.quant_method)),
    ...claim('/model/quantization/bits', 'quantization_config.bits', bitsOf(quantization)),
    ...claim('/model/quantization/groupSize', 'quantization_config.group_size', asCount(quantization?.group_size)),
    ...claim('/model/remoteCode', 'auto_map', asObject(config.auto_map) !== undefined ? true : undefined),
    ...loadedFrom(path, config),
    ...basesOf(path, config),
    ...producer(path, config),
  ];
}

/** `_name_or_path` of a repository: the base, or the model itself; a path on somebody's disk says nothing, but one in the Hub's cache does. */
function loadedFrom(path: string, config: Loose): Contribution[] {
  const text = asText(config._name_or_path);
  if (text === undefined || !baseNameOf(text).onHub) return [];
  const from = { origin: 'declared', path, key: '_name_or_path', method: METHOD } as const;
  return [{ kind: 'addition', list: '/model/lineage/parents', item: { ...ancestor(text), role: 'base' }, from, hint: true }];
}

/** `base_model`, which some programs write into the configuration of what they made. */
function basesOf(path: string, config: Loose): Contribution[] {
  const key = ['base_model', 'base_model_name_or_path'].find((each) => asTexts(config[each]).length > 0);
  return key === undefined
    ? []
    : asTexts(config[key]).map((text) => ({
        kind: 'addition',
        list: '/model/lineage/parents',
        item: { ...ancestor(text), role: 'base' },
        from: { origin: 'declared', path, key, method: METHOD },
      }));
}

/** Bits of packed weights, where the configuration says so. */
export function bitsOf(quantization: Loose | undefined): number | undefined {
  if (quantization === undefined) return undefined;
  if (quantization.load_in_4bit === true || quantization._load_in_4bit === true) return 4;
  if (quantization.load_in_8bit === true || quantization._load_in_8bit === true) return 8;
  const bits = asCount(quantization.bits);
  return bits === undefined || bits === 0 ? undefined : bits;
}

function generationConfig(path: string, { _from_model_config: _f, transformers_version: _t, ...defaults }: Loose): Contribution[] {
  const plain = Object.fromEntries(
    Object.entries(defaults).filter(([key, value]) => value !== null && key !== '' && key.length <= 256),
  ) as { [key: string]: JsonValue }; // parsed from JSON
  const facts: Contribution[] =
    Object.keys(plain).length === 0
      ? []
      : [
          {
            kind: 'claim',
            pointer: '/usage/generationDefaults',
            value: plain,
            rank: RANKS.config,
            from: { origin: 'declared', path, method: METHOD },
          },
        ];
  return [...facts, ...producer(path, { transformers_version: _t })];
}

function producer(path: string, config: Loose): Contribution[] {
  const version = asText(config.transformers_version) ?? asText(config._diffusers_version);
  if (version === undefined) return [];
  const name = config.transformers_version === version ? 'transformers' : 'diffusers';
  const key = name === 'transformers' ? 'transformers_version' : '_diffusers_version';
  return [{ kind: 'file', path, facts: { producers: [{ name, version }] }, from: { origin: 'declared', path, key, method: METHOD } }];
}
