/**
 * The model card that the Hugging Face Trainer and TRL write: methods by tag, hyperparameters, versions of the frameworks.
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/modelcard.py (TrainingSummary),
 * https://github.com/huggingface/trl/blob/main/trl/templates/lm_model_card.md
 */

import { parseLenientYaml } from '../../../core/yaml.js';
import { packageAddition } from '../../component.js';
import { baseName, type Collector, type Contribution, RANKS } from '../../contribution.js';
import { fromPython, hyperparameterClaims } from '../../hyperparameters.js';
import { maySpeak } from '../../models/owners.js';
import { asObject, asTexts } from '../../values.js';
import { axolotlFacts, isAxolotl } from '../axolotl/facts.js';
import { frontMatterOf } from '../shared/front-matter.js';
import { claim, readYamlMap, textOf } from '../shared/run-file.js';

const METHOD = 'model card written by the training program';
const MAX_TEXT = 1024 * 1024;
const MAX_LINES = 200;

/** Tags of cards that a training program wrote, and what the Trainer and the Keras callback of transformers put before their settings. */
const TAGS = ['generated_from_trainer', 'generated_from_keras_callback', 'trl', 'axolotl'];
const SENTENCE = 'The following hyperparameters were used during training:';

/** Tags that TRL gives to what its trainers make (`_tag_names`), and what they stand for. */
const METHODS: ReadonlySet<string> = new Set([
  'sft',
  'dpo',
  'grpo',
  'ppo',
  'rloo',
  'kto',
  'orpo',
  'cpo',
  'gkd',
  'nash-md',
  'online-dpo',
  'xpo',
  'bco',
  'prm-trainer',
  'reward-trainer',
]);

/** Names under "Framework versions" and on PyPI. */
const FRAMEWORKS: Readonly<Record<string, string>> = {
  trl: 'trl',
  peft: 'peft',
  transformers: 'transformers',
  pytorch: 'torch',
  tensorflow: 'tensorflow',
  datasets: 'datasets',
  tokenizers: 'tokenizers',
  unsloth: 'unsloth',
  accelerate: 'accelerate',
};

export const trainerCard: Collector = {
  id: 'trainer-card',
  files: '`README.md` that the Hugging Face Trainer, TRL or Axolotl wrote',
  matches: (path) => baseName(path) === 'README.md',
  collect({ path, bytes }, { owner }) {
    if (!maySpeak(path, owner)) return { contributions: [] };
    const text = textOf(bytes.subarray(0, MAX_TEXT));
    const front = frontMatterOf(text ?? '');
    // The card itself is the model card collector's, which reports what is wrong with it.
    const parsed = front === undefined ? undefined : parseLenientYaml(front.yaml);
    const tags = parsed === undefined || 'problem' in parsed ? [] : asTexts(asObject(parsed.value)?.tags);
    // People edit the tags; the sentence before the list stays.
    const isTrainers = TAGS.some((tag) => tags.includes(tag)) || text?.replaceAll('\r\n', '\n').includes(`\n${SENTENCE}\n`) === true;
    return { contributions: isTrainers ? cardFacts(path, (text ?? '').replaceAll('\r\n', '\n'), tags) : [] };
  },
};

function cardFacts(path: string, text: string, tags: readonly string[]): readonly Contribution[] {
  const from = { origin: 'declared', path, method: METHOD } as const;
  const methods = tags.includes('trl') ? tags.filter((tag) => METHODS.has(tag)) : [];
  return [
    ...claim('/model/training/methods', methods, RANKS.card, { ...from, key: 'tags' }),
    ...hyperparameterClaims('trainer-card', settings(text), { ...from, key: 'Training hyperparameters' }, RANKS.card),
    ...listUnder(text, 'Framework versions').flatMap(([name, version]) => {
      const known = name.toLowerCase();
      const pypi = Object.hasOwn(FRAMEWORKS, known) ? FRAMEWORKS[known] : undefined;
      return pypi === undefined || !/^\d[\w.+!-]{0,63}$/.test(version)
        ? []
        : [
            packageAddition(
              { type: 'pypi', name: pypi, version, scope: ['training'], status: 'declared', key: `Framework versions: ${name}` },
              from,
            ),
          ];
    }),
    ...axolotlRecipe(path, text),
  ];
}

/** Values are as Python printed them. `optimizer` goes on in prose, of which the first word is the name. */
const settings = (text: string): readonly (readonly [string, unknown])[] =>
  listUnder(text, 'Training hyperparameters').map(([name, value]) => {
    const optimizer = name === 'optimizer' ? /^(?:Use )?(?:OptimizerNames\.)?([\w.-]+)/.exec(value)?.[1] : undefined;
    return [name, optimizer === undefined ? fromPython(value) : optimizerName(value, optimizer)];
  });

/** Members of `OptimizerNames` whose value, which the arguments have, is not their name in lower case. */
const OPTIMIZERS: Readonly<Record<string, string>> = {
  ADAMW_BNB: 'adamw_bnb_8bit',
  LION: 'lion_32bit',
  PAGED_ADAMW: 'paged_adamw_32bit',
  PAGED_ADEMAMIX: 'paged_ademamix_32bit',
  PAGED_LION: 'paged_lion_32bit',
  RMSPROP_8BIT: 'rmsprop_bnb_8bit',
  RMSPROP_32BIT: 'rmsprop_bnb_32bit',
};

const optimizerName = (value: string, name: string): string =>
  !/^(?:Use )?OptimizerNames\./.test(value) ? name : Object.hasOwn(OPTIMIZERS, name) ? (OPTIMIZERS[name] ?? name) : name.toLowerCase();

/** Items `- name: value` under a heading. */
function listUnder(text: string, heading: string): readonly (readonly [string, string])[] {
  const start = text.indexOf(`### ${heading}`);
  if (start === -1) return [];
  const items: (readonly [string, string])[] = [];
  for (const line of text.slice(start).split('\n', MAX_LINES).slice(1)) {
    if (line.startsWith('#')) break;
    const item = /^- ([A-Za-z][\w ]{0,63}):? (\S.{0,300})$/.exec(line.trimEnd());
    if (item !== null) items.push([item[1] ?? '', item[2] ?? '']);
  }
  return items;
}

/** Axolotl puts its whole recipe into the card. */
function axolotlRecipe(path: string, text: string): readonly Contribution[] {
  const start = text.indexOf('See axolotl config');
  const block = start === -1 ? undefined : codeBlock(text.slice(start, start + 100_000));
  const version = start === -1 ? undefined : /axolotl version: `(\d[\w.+-]{0,63})`/.exec(text.slice(start, start + 1000))?.[1];
  const read = block === undefined ? undefined : readYamlMap({ path, bytes: new TextEncoder().encode(block) });
  const from = { origin: 'declared', path, method: 'Axolotl recipe in the model card' } as const;
  return [
    ...(version === undefined
      ? []
      : [
          packageAddition(
            { type: 'pypi', name: 'axolotl', version, scope: ['training'], status: 'declared', key: 'axolotl version' },
            from,
          ),
        ]),
    ...(read?.value !== undefined && isAxolotl(read.value) ? axolotlFacts(read.value, from) : []),
  ];
}

/** The first block of YAML; looked for by index, since a search for both ends at once takes time for each of many starts. */
function codeBlock(text: string): string | undefined {
  const start = text.indexOf('```yaml\n');
  const end = start === -1 ? -1 : text.indexOf('\n```', start + 8);
  return end === -1 ? undefined : text.slice(start + 8, end);
}
