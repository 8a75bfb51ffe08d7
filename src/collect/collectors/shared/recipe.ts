/** What recipes of fine-tuning programs have in common: a base, data, a method. */
import type { JsonValue } from '../../../core/canonical-json.js';
import { idFrom } from '../../../core/id.js';
import { type Contribution, type MetadataFile, type Origin, RANKS } from '../../contribution.js';
import { asName, asText, isRepositoryName, type Loose } from '../../values.js';
import { ancestor } from './ancestor.js';
import { addition, readYamlMap } from './run-file.js';

/** A recipe is written by hand. */
const MAX_BYTES = 256 * 1024;
const MAX_DATASETS = 200;

/** YAML files that other collectors know are not looked into for recipes. */
export const mayBeRecipe = (path: string): boolean =>
  /\.ya?ml$/i.test(path) &&
  !/(^|\/)(dvc|params|conda|python_env|meta|hparams|environment|docker-compose)\.ya?ml$|(^|\/)\.[^/]+\/|(^|\/)wandb\//.test(path);

/** The recipe when the file holds all of `words` as keys; undefined for any other YAML file, which is nobody's fault. */
export function recipeOf(file: MetadataFile, words: readonly RegExp[]): Loose | undefined {
  if (file.bytes.byteLength > MAX_BYTES) return undefined;
  const text = new TextDecoder().decode(file.bytes);
  return words.every((word) => word.test(text)) ? readYamlMap(file).value : undefined;
}

/** The model that the training starts from: an ancestor, never the model itself. */
export function baseAddition(base: unknown, revision: unknown, relation: 'adapter' | 'finetune', from: Origin): readonly Contribution[] {
  const name = asName(base);
  if (name === undefined || name.length > 256) return [];
  return [addition('/model/lineage/parents', { ...ancestor(name, asText(revision)), relation, role: 'base' }, from)];
}

/** A dataset of a recipe: by its name in a repository or of a file, never by a place on somebody's disk. */
export function datasetAddition(name: unknown, facts: { readonly [key: string]: JsonValue }, from: Origin): readonly Contribution[] {
  const text = asText(name);
  if (text === undefined || text.length > 256) return [];
  const isPlace = /^([~/\\]|\.{1,2}\/|[A-Za-z]:[\\/])|:\/\//.test(text);
  const shown = isPlace ? (text.split(/[?#]/, 1)[0] ?? '').split(/[\\/]/).filter(Boolean).at(-1) : text;
  if (shown === undefined || shown.includes('@')) return [];
  const isFile = /\.(jsonl?|csv|tsv|parquet|arrow|txt|ya?ml|zip|gz|zst)$/i.test(text);
  const uri = isRepositoryName(text) && text.includes('/') && !isPlace && !isFile ? { uri: `https://huggingface.co/datasets/${text}` } : {};
  return [addition('/datasets', { id: idFrom(shown), name: shown, provenanceStatus: 'declared', ...uri, ...facts }, from)];
}

/** Items of a list of the recipe, as objects. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, MAX_DATASETS) : value === undefined ? [] : [value];

/** How the model was trained; other sources may add to it. */
export function methodClaims(methods: readonly (string | undefined)[], from: Origin): readonly Contribution[] {
  const known = [...new Set(methods.filter((method) => method !== undefined))];
  return known.length === 0 ? [] : [{ kind: 'claim', pointer: '/model/training/methods', value: known, rank: RANKS.recipe, from }];
}
