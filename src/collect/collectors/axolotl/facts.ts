import type { JsonValue } from '../../../core/canonical-json.js';
import { type Contribution, type Origin, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { asName, asObject, asText, type Loose } from '../../values.js';
import { baseAddition, datasetAddition, listOf, methodClaims } from '../shared/recipe.js';

/** Only Axolotl has these names together. Source: https://docs.axolotl.ai/docs/config-reference.html */
export function isAxolotl(recipe: Loose): boolean {
  return (
    asName(recipe.base_model) !== undefined &&
    (Array.isArray(recipe.datasets) || (recipe.pretraining_dataset ?? undefined) !== undefined) &&
    SIGNS.some((key) => recipe[key] !== undefined)
  );
}

const SIGNS = ['micro_batch_size', 'sequence_len', 'sample_packing', 'val_set_size', 'dataset_prepared_path', 'num_epochs'] as const;

/** What an Axolotl recipe asks for. */
export function axolotlFacts(recipe: Loose, from: Origin): readonly Contribution[] {
  const adapter = asText(recipe.adapter);
  const preference = asText(recipe.rl);
  const key = (name: string): Origin => ({ ...from, key: name });
  const role = preference === undefined ? 'finetuning' : 'alignment';
  const data = (name: string, value: unknown, roles: readonly string[]): readonly Contribution[] =>
    listOf(value).flatMap((item) => dataset(item, roles, key(name)));
  return [
    ...baseAddition(recipe.base_model, recipe.revision_of_model, adapter === undefined ? 'finetune' : 'adapter', key('base_model')),
    ...data('datasets', recipe.datasets, [role]),
    ...data('pretraining_dataset', recipe.pretraining_dataset, ['pretraining']),
    ...data('test_datasets', recipe.test_datasets, ['validation']),
    ...methodClaims(
      [preference ?? (Array.isArray(recipe.datasets) ? 'sft' : undefined), adapter],
      key(preference === undefined ? 'adapter' : 'rl'),
    ),
    ...hyperparameterClaims('axolotl', recipe, from, RANKS.recipe),
  ];
}

function dataset(item: unknown, roles: readonly string[], from: Origin): readonly Contribution[] {
  const facts = asObject(item);
  const revision = asText(facts?.revision);
  const known: { readonly [key: string]: JsonValue } = { roles, ...(revision === undefined ? {} : { version: revision }) };
  return datasetAddition(facts === undefined ? item : facts.path, known, from);
}
