/** Settings of an optimiser as its state keeps them (`param_groups`). Source: https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.state_dict.html */
import type { ModelFacts } from '../../core/facts.js';
import { dictOf, itemsOf, type PickleDict, type PickleValue } from '../shared/pickle/index.js';
import { isOptimizerState } from './walk.js';

type Setting = NonNullable<ModelFacts['hyperparameters']>[number];
type Scalar = Setting['value']['value'];

/** Keys of checkpoints whose value is the state of an optimiser, or a list of them. */
const PLACES = ['optimizer', 'optimizer_state_dict', 'optimizer_states', 'optim', 'optimizer_state', 'optim_state_dict'];
/** Its names, and what they are called everywhere. */
const NAMES: readonly (readonly [name: string, common: string])[] = [
  ['weight_decay', 'weight_decay'],
  ['eps', 'epsilon'],
  ['momentum', 'momentum'],
  ['nesterov', 'nesterov'],
  ['amsgrad', 'amsgrad'],
];
const MAX_GROUPS = 1000;

/** Settings on which all groups agree; a rate only where no scheduler has changed it since. */
export function optimizerSettings(root: PickleValue): readonly Setting[] {
  const entries = dictOf(root)?.entries;
  const [place, state] = stateIn(root) ?? [];
  const groups = (itemsOf(state?.entries.get('param_groups')) ?? []).slice(0, MAX_GROUPS).flatMap((group) => dictOf(group) ?? []);
  if (place === undefined || groups.length === 0) return [];
  const key = (name: string): string => `${place}param_groups.${name}`;
  const setting = (name: string, common: string): readonly Setting[] => {
    const value = agreed(groups, name);
    return value === undefined ? [] : [{ key: key(name), value: { name: common, value } }];
  };
  // A scheduler notes where it began.
  const isScheduled = [...(entries?.keys() ?? [])].some((each) => /sched/i.test(each));
  const begun = setting('initial_lr', 'learning_rate');
  return [
    ...(begun.length > 0 || isScheduled || groups.some(({ entries: group }) => group.has('initial_lr'))
      ? begun
      : setting('lr', 'learning_rate')),
    ...NAMES.flatMap(([name, common]) => setting(name, common)),
  ];
}

/** The only optimiser of a file, and what stands before its keys. */
function stateIn(root: PickleValue): readonly [string, PickleDict] | undefined {
  if (isOptimizerState(root)) {
    const own = dictOf(root);
    return own && ['', own];
  }
  const found = PLACES.flatMap((key): (readonly [string, PickleDict])[] => {
    const value = dictOf(root)?.entries.get(key);
    const items = isOptimizerState(value) ? [value] : (itemsOf(value) ?? []).filter(isOptimizerState);
    return items.flatMap((each) => {
      const state = dictOf(each);
      return state === undefined ? [] : [[`${key}.`, state] as const];
    });
  });
  return found.length === 1 ? found[0] : undefined;
}

function agreed(groups: readonly PickleDict[], name: string): Scalar | undefined {
  const [first, ...others] = groups.map(({ entries }) => entries.get(name));
  const isPlain = (typeof first === 'number' && Number.isFinite(first)) || typeof first === 'boolean';
  return isPlain && others.every((each) => each === first) ? first : undefined;
}
