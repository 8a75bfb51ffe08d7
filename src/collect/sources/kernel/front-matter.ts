/** YAML before the text of a README, and whether it is the card of a model or of a dataset. */

import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import { parseYaml } from '../../../core/yaml.js';
import type { MetadataFile } from '../../contribution.js';
import { asObject, type Loose } from '../../values.js';
import { unreadable } from './json-file.js';

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
  const front = frontMatterOf(text);
  if (front === undefined) return {};
  const parsed = parseYaml(front.yaml);
  if ('problem' in parsed) {
    const { line, column, offset } = parsed.place;
    const place = { line: line + front.line - 1, column, offset: offset + front.start };
    return { finding: unreadable(path, `the front matter is not YAML: ${parsed.problem}`, place) };
  }
  const card = asObject(parsed.value);
  return card === undefined ? {} : { card };
}

/** The text between a first line `---` and the next one, with its line and offset. */
export function frontMatterOf(text: string): { readonly yaml: string; readonly line: number; readonly start: number } | undefined {
  const start = text.startsWith('---\n') ? 4 : text.startsWith('---\r\n') ? 5 : undefined;
  if (start === undefined) return undefined;
  for (let end = text.indexOf('\n---', start - 1); end !== -1 && end < MAX_FRONT_MATTER; end = text.indexOf('\n---', end + 1)) {
    let after = end + 4;
    while (text[after] === ' ' || text[after] === '\t') after++;
    if (after < text.length && text[after] !== '\n' && !text.startsWith('\r\n', after)) continue;
    const last = text[end - 1] === '\r' ? end - 1 : end;
    return { yaml: text.slice(start, Math.max(start, last)), line: 2, start };
  }
  return undefined;
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
