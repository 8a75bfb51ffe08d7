/** Recipes of LLaMA-Factory. Source: https://github.com/hiyouga/LLaMA-Factory/tree/main/examples */
import { type Collector, type Contribution, RANKS } from '../../contribution.js';
import { hyperparameterClaims } from '../../hyperparameters.js';
import { asText, type Loose } from '../../values.js';
import { baseAddition, datasetAddition, listOf, mayBeRecipe, methodClaims, recipeOf } from '../shared/recipe.js';

/** Stages, the method that each is, and the part that its data plays. */
const STAGES: Readonly<Record<string, { readonly method: string; readonly role: string }>> = {
  pt: { method: 'pretraining', role: 'pretraining' },
  sft: { method: 'sft', role: 'finetuning' },
  rm: { method: 'reward-modelling', role: 'alignment' },
  ppo: { method: 'ppo', role: 'alignment' },
  dpo: { method: 'dpo', role: 'alignment' },
  kto: { method: 'kto', role: 'alignment' },
};
/** Losses of the stage `dpo` that are methods of their own. */
const PREFERENCE_LOSSES: Readonly<Record<string, string>> = { orpo: 'orpo', simpo: 'simpo', ipo: 'ipo' };

export const llamaFactory: Collector = {
  id: 'llama-factory',
  files: 'a `.yaml` file with the keys of a LLaMA-Factory recipe',
  matches: mayBeRecipe,
  collect(file) {
    const recipe = recipeOf(file, [/^model_name_or_path\s*:/m, /^stage\s*:/m, /^finetuning_type\s*:/m]);
    return { contributions: recipe === undefined ? [] : recipeFacts(file.path, recipe) };
  },
};

function recipeFacts(path: string, recipe: Loose): readonly Contribution[] {
  const from = (key?: string) =>
    ({ origin: 'declared', path, method: 'LLaMA-Factory recipe', ...(key === undefined ? {} : { key }) }) as const;
  const word = asText(recipe.stage) ?? '';
  const stage = Object.hasOwn(STAGES, word) ? STAGES[word] : undefined;
  const tuning = asText(recipe.finetuning_type);
  const loss = asText(recipe.pref_loss) ?? '';
  const method = word === 'dpo' && Object.hasOwn(PREFERENCE_LOSSES, loss) ? PREFERENCE_LOSSES[loss] : stage?.method;
  const isAdapter = tuning === 'lora' || tuning === 'oft';
  const names = (value: unknown): readonly unknown[] => listOf(value).flatMap((item) => (typeof item === 'string' ? item.split(',') : []));
  return [
    ...baseAddition(recipe.model_name_or_path, recipe.model_revision, isAdapter ? 'adapter' : 'finetune', from('model_name_or_path')),
    ...names(recipe.dataset).flatMap((name) => datasetAddition(name, stage === undefined ? {} : { roles: [stage.role] }, from('dataset'))),
    ...names(recipe.eval_dataset).flatMap((name) => datasetAddition(name, { roles: ['validation'] }, from('eval_dataset'))),
    ...methodClaims([method, tuning === 'full' ? undefined : tuning], from('stage')),
    ...hyperparameterClaims('llama-factory', recipe, from(), RANKS.recipe),
  ];
}
