/** YAML before the text of a README, and whether it is the card of a model or of a dataset. */

import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import type { MetadataFile } from '../../contribution.js';
import { asObject, type Loose } from '../../values.js';
import { unreadable } from './json-file.js';
import { parseYaml } from './yaml.js';

const MAX_FRONT_MATTER = 1024 * 1024;

/** `card` is missing when there is no front matter, or none that can be used. */
export interface FrontMatter {
  readonly card?: Loose;
  readonly finding?: Finding;
}

/** What stands between the `---` lines of a README. */
export function readFrontMatter({ path, bytes }: MetadataFile): FrontMatter {
  let text: string;
  try {
    text = decodeUtf8(bytes, path);
  } catch {
    return { finding: unreadable(path, 'the file is not valid UTF-8') };
  }
  const front = /^---\r?\n([\s\S]*?)\r?\n---\s*(\r?\n|$)/.exec(text.slice(0, MAX_FRONT_MATTER));
  if (front === null) return {};
  const parsed = parseYaml(front[1] ?? '');
  if ('problem' in parsed) return { finding: unreadable(path, `the front matter is not YAML: ${parsed.problem}`) };
  const card = asObject(parsed.value);
  return card === undefined ? {} : { card };
}

/**
 * Keys that the Hub gives to one kind of card alone.
 * Sources: https://github.com/huggingface/hub-docs/blob/main/datasetcard.md and modelcard.md
 */
const DATASET_KEYS = [
  'dataset_info',
  'configs',
  'config_names',
  'size_categories',
  'source_datasets',
  'annotations_creators',
  'language_creators',
  'multilinguality',
  'task_categories',
  'task_ids',
  'train-eval-index',
];
const MODEL_KEYS = [
  'pipeline_tag',
  'library_name',
  'base_model',
  'base_model_relation',
  'model-index',
  'model_name',
  'datasets',
  'widget',
  'new_version',
  'co2_eq_emissions',
  'quantized_by',
];

/** `both` when keys of both kinds stand in it, `unknown` when none does: then the card alone does not say. */
export type CardKind = 'model' | 'dataset' | 'both' | 'unknown';

export function cardKind(card: Loose): CardKind {
  const has = (key: string): boolean => Object.hasOwn(card, key) && card[key] !== null && card[key] !== '';
  const dataset = DATASET_KEYS.some(has);
  const model = MODEL_KEYS.some(has);
  return dataset ? (model ? 'both' : 'dataset') : model ? 'model' : 'unknown';
}

/** The keys by which the kind was told, for messages. */
export function tellingKeys(card: Loose): { readonly dataset: readonly string[]; readonly model: readonly string[] } {
  const has = (key: string): boolean => Object.hasOwn(card, key);
  return { dataset: DATASET_KEYS.filter(has), model: MODEL_KEYS.filter(has) };
}
