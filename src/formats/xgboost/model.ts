/** What an XGBoost model file says, whichever of its three encodings it has. */
import type { JsonValue } from '../../core/canonical-json.js';
import { type Keyed, knownFacts, type ModelFacts, summarize, type TensorInfo } from '../../core/facts.js';
import { selection, type Taker, type Wanted } from '../shared/selection.js';

export interface XgboostHeader {
  readonly encoding: 'json' | 'ubj' | 'binary';
  /** Values by path in the document; of lists only the length. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Nodes of all trees, where every tree says how many it has. */
  readonly nodes?: number | undefined;
  /** Trees that were walked over. */
  readonly trees?: number | undefined;
  readonly notInspected: readonly string[];
}

const BOOSTER = 'learner.gradient_booster';
/** The model of a tree booster; `dart` wraps a `gbtree`. */
const TREES = [`${BOOSTER}.model`, `${BOOSTER}.gbtree.model`] as const;

const WANTED: Readonly<Record<string, Wanted>> = {
  'learner.attributes': 'value',
  'learner.feature_names': 'length',
  'learner.feature_types': 'length',
  'learner.learner_model_param': 'value',
  'learner.objective': 'value',
  [`${BOOSTER}.name`]: 'value',
  [`${BOOSTER}.model.boosted_rounds`]: 'value',
  [`${BOOSTER}.model.weights`]: 'length',
  ...Object.fromEntries(
    TREES.flatMap((path): [string, Wanted][] => [
      [`${path}.gbtree_model_param`, 'value'],
      [`${path}.trees[].tree_param`, 'value'],
    ]),
  ),
  version: 'value',
};
export const SELECTION = selection(WANTED);

const MAX_VALUE = 512;
const MAX_ATTRIBUTES = 64;
const TREE_PARAM = /\.trees\[\]\.tree_param$/;

/** Gathers selected values; the parameters of single trees are added up, not kept. */
export function gatherer(): { readonly take: Taker; readonly gathered: () => Pick<XgboostHeader, 'values' | 'nodes' | 'trees'> } {
  const values = new Map<string, JsonValue>();
  let nodes: number | undefined;
  let trees = 0;
  let isKnown = true;
  const take: Taker = (path, value) => {
    if (!TREE_PARAM.test(path)) return void values.set(path, value);
    trees++;
    const count = numeric(record(value).get('num_nodes'));
    if (count === undefined) isKnown = false;
    else nodes = (nodes ?? 0) + count;
  };
  return { take, gathered: () => ({ values, trees, nodes: isKnown ? nodes : undefined }) };
}

export function describeXgboost(header: XgboostHeader): ModelFacts {
  const { values, notInspected } = header;
  const booster = keyedText(values, `${BOOSTER}.name`);
  const tensors = tensorsOf(header);
  return knownFacts<ModelFacts>({
    format: 'xgboost',
    mediaType: header.encoding === 'json' ? 'application/json' : undefined,
    role: 'weights',
    tensors: tensors.length > 0 ? summarize(tensors) : undefined,
    architecture: booster,
    producers: producers(values),
    hyperparameters: hyperparameters(values),
    metadata: metadata(header),
    notInspected,
  });
}

/** The weights of a linear booster; trees are no tensors. */
export function tensorsOf({ values }: XgboostHeader): readonly TensorInfo[] {
  const length = values.get(`${BOOSTER}.model.weights`);
  return typeof length === 'number' ? [{ name: 'weights', dtype: 'float32', shape: [length], bytes: length * 4 }] : [];
}

function producers(values: XgboostHeader['values']): ModelFacts['producers'] {
  const version = values.get('version');
  if (!Array.isArray(version) || version.length === 0 || version.length > 4) return undefined;
  if (!version.every((part) => Number.isSafeInteger(part) && Number(part) >= 0)) return undefined;
  return [{ key: 'version', value: { name: 'xgboost', version: version.join('.') } }];
}

/** The training parameters that a saved model keeps: booster, objective with its settings, trees in a round. */
function hyperparameters(values: XgboostHeader['values']): ModelFacts['hyperparameters'] {
  type Found = NonNullable<ModelFacts['hyperparameters']>[number];
  const found: Found[] = [];
  const add = (name: string, value: JsonValue | undefined, key: string): void => {
    const plain = typeof value === 'string' ? (numeric(value) ?? value) : value;
    if (typeof plain === 'number' || typeof plain === 'boolean' || (typeof plain === 'string' && plain !== '' && plain.length <= MAX_VALUE))
      found.push({ key, value: { name, value: plain } });
  };
  add('booster', values.get(`${BOOSTER}.name`), `${BOOSTER}.name`);
  for (const [name, value] of record(values.get('learner.objective'))) {
    if (name === 'name') add('objective', value, 'learner.objective.name');
    // `softmax_multiclass_param`, `reg_loss_param` and the like: one group of settings for each kind of objective.
    else if (name.endsWith('_param'))
      for (const [setting, member] of record(value)) add(setting, member, `learner.objective.${name}.${setting}`);
  }
  for (const path of TREES) {
    const key = `${path}.gbtree_model_param`;
    add('num_parallel_tree', record(values.get(key)).get('num_parallel_tree'), `${key}.num_parallel_tree`);
  }
  return found;
}

/** Does the file say of itself that it has another number of trees than it has? */
export function contradictsTrees({ values, trees = 0 }: Pick<XgboostHeader, 'values' | 'trees'>): boolean {
  const stated = TREES.map((path) => statedTrees(values, path)).find((count) => count !== undefined);
  return stated !== undefined && stated !== trees;
}

const statedTrees = (values: XgboostHeader['values'], path: string): number | undefined =>
  numeric(record(values.get(`${path}.gbtree_model_param`)).get('num_trees'));

function metadata({ encoding, values, nodes }: XgboostHeader): Readonly<Record<string, string>> {
  const found = new Map<string, JsonValue | undefined>([['encoding', encoding]]);
  for (const [name, value] of record(values.get('learner.learner_model_param'))) found.set(name, value);
  for (const path of TREES) {
    const stated = statedTrees(values, path);
    if (stated !== undefined) found.set('num_trees', stated);
  }
  found.set('nodes', nodes);
  found.set('boosted_rounds', values.get(`${BOOSTER}.model.boosted_rounds`));
  found.set('feature_names', values.get('learner.feature_names') || undefined);
  for (const [name, value] of [...record(values.get('learner.attributes'))].slice(0, MAX_ATTRIBUTES))
    found.set(`attributes.${name}`, value);
  return Object.fromEntries(
    [...found].flatMap(([name, value]) =>
      (typeof value === 'string' && value !== '' && value.length <= MAX_VALUE) || typeof value === 'number'
        ? [[name.slice(0, MAX_VALUE), String(value)]]
        : [],
    ),
  );
}

/** Members of an object; none for anything else. */
function record(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  return new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}

/** XGBoost writes numbers as texts: `1`, `5E-1`. Whole numbers that a double cannot hold stay texts. */
function numeric(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return Number.isSafeInteger(number) || !Number.isInteger(number) ? number : undefined;
}

function keyedText(values: XgboostHeader['values'], key: string): Keyed<string> | undefined {
  const value = values.get(key);
  return typeof value === 'string' && value !== '' && value.length <= MAX_VALUE ? { value, key } : undefined;
}
