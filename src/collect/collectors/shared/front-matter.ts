/** YAML before the text of a README, and whether it is the card of a model or of a dataset. */

import type { Finding } from '../../../core/finding.js';
import { decodeUtf8 } from '../../../core/json.js';
import type { TextPlace } from '../../../core/json-text.js';
import { parseLenientYaml } from '../../../core/yaml.js';
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
  const parsed = parseLenientYaml(front.yaml);
  const placed = ({ line, column, offset }: TextPlace) => ({ line: line + front.line - 1, column, offset: offset + front.start });
  if ('problem' in parsed) return { finding: unreadable(path, `the front matter is not YAML: ${parsed.problem}`, placed(parsed.place)) };
  const card = asObject(parsed.value);
  const finding = parsed.duplicate === undefined ? {} : { finding: duplicateKey(path, placed(parsed.duplicate)) };
  return card === undefined ? finding : { card, ...finding };
}

const duplicateKey = (file: string, place: TextPlace): Finding => ({
  id: 'card-duplicate-key',
  severity: 'low',
  message: 'a key of the front matter stands there twice; the last value counts, as for the libraries that read it with PyYAML',
  fix: 'Take out the value that is not meant.',
  file,
  ...place,
});

/**
 * The text between a first line `---` and the next one, with its line and offset. White space may stand before it, as for the library
 * of the Hub. Source: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/repocard.py (REGEX_YAML_BLOCK)
 */
export function frontMatterOf(text: string): { readonly yaml: string; readonly line: number; readonly start: number } | undefined {
  let open = text.startsWith('\ufeff') ? 1 : 0;
  while (open < MAX_FRONT_MATTER && /\s/.test(text[open] ?? '-')) open++;
  if (!text.startsWith('---', open) || !isLineEnd(text[open + 3])) return undefined;
  const start = open + (text.startsWith('\r\n', open + 3) ? 5 : 4);
  const line = text.slice(0, start).split(/\r?\n|\r/).length;
  for (let fence = text.indexOf('---', start); fence !== -1 && fence < MAX_FRONT_MATTER; fence = text.indexOf('---', fence + 1)) {
    if (!isLineEnd(text[fence - 1])) continue;
    const end = fence - 1;
    let after = end + 4;
    while (text[after] === ' ' || text[after] === '\t') after++;
    if (after < text.length && !isLineEnd(text[after])) continue;
    const last = text.startsWith('\r\n', end - 1) ? end - 1 : end;
    return { yaml: text.slice(start, Math.max(start, last)), line, start };
  }
  return undefined;
}

const isLineEnd = (character: string | undefined): boolean => character === '\n' || character === '\r';

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
