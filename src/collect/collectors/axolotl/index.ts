/** Recipes of Axolotl. Source: https://docs.axolotl.ai/docs/config-reference.html */
import type { Collector } from '../../contribution.js';
import { mayBeRecipe, recipeOf } from '../shared/recipe.js';
import { axolotlFacts, isAxolotl } from './facts.js';

export const axolotl: Collector = {
  id: 'axolotl',
  files: 'a `.yaml` file with the keys of an Axolotl recipe',
  matches: mayBeRecipe,
  collect(file) {
    const recipe = recipeOf(file, [/^base_model\s*:/m, /^(pretraining_dataset|datasets)\s*:/m]);
    const from = { origin: 'declared', path: file.path, method: 'Axolotl recipe' } as const;
    return { contributions: recipe !== undefined && isAxolotl(recipe) ? axolotlFacts(recipe, from) : [] };
  },
};
