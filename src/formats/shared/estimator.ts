/**
 * What a scikit-learn estimator says of itself, whatever it is stored as: class, version, parameters, steps, fitted facts.
 * Source: https://scikit-learn.org/stable/developers/develop.html (parameters are attributes that fitting does not change;
 * what fitting sets ends in `_`)
 */
import { knownFacts, type ModelFacts } from '../../core/facts.js';
import { NO_PARAMETERS } from './estimator-attributes.js';
import { LIBRARIES } from './estimator-learned.js';
import { smallList, smallMetadata } from './small-metadata.js';

export type Scalar = string | number | boolean;

/** How to look at the values of one kind of file. None of these runs anything. */
export interface ObjectView<V> {
  /** `module.Class` of an object that has attributes. */
  classOf(value: V): string | undefined;
  /** Attributes of an object, by name. */
  attributesOf(value: V): ReadonlyMap<string, V> | undefined;
  /** Entries of a dict with text keys. */
  entriesOf(value: V): ReadonlyMap<string, V> | undefined;
  /** Items of a list or tuple. */
  itemsOf(value: V): readonly V[] | undefined;
  /** A text, number or boolean. */
  scalarOf(value: V): Scalar | undefined;
  /** Values of a small array. */
  arrayOf(value: V): readonly Scalar[] | undefined;
}

const MAX_DEPTH = 8;
const MAX_SETTINGS = 1000;
/** Estimators that are looked into: a few shared ones can stand inside each other in very many ways. */
const MAX_ESTIMATORS = 10_000;
const MAX_VALUE = 512;
const VERSION = '_sklearn_version';
/** Attributes that hold named estimators: pairs, or triples with columns. */
const NAMED_PARTS: readonly string[] = ['steps', 'transformers', 'transformer_list', 'estimators'];

const className = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

type Settings = NonNullable<ModelFacts['hyperparameters']>[number][];

interface Gathering<V> {
  readonly view: ObjectView<V>;
  readonly settings: Settings;
  estimators: number;
}

/** Is the value an object of scikit-learn, or one that was pickled like one? */
function isEstimator<V>(value: V, view: ObjectView<V>): boolean {
  if (LIBRARIES.some((module) => (view.classOf(value) ?? '').startsWith(module))) return view.attributesOf(value) !== undefined;
  return view.attributesOf(value)?.has(VERSION) ?? false;
}

/** The estimator that a value is or, when it is the only one there, holds. */
function estimatorIn<V>(root: V, view: ObjectView<V>): V | undefined {
  if (isEstimator(root, view)) return root;
  const inside = view.itemsOf(root) ?? [...(view.entriesOf(root)?.values() ?? [])];
  const [only, ...more] = inside.slice(0, 1000).filter((value) => isEstimator(value, view));
  return more.length === 0 ? only : undefined;
}

/** Facts of the estimator in a value; none where there is none. */
export function describeEstimator<V>(root: V, view: ObjectView<V>): Partial<ModelFacts> {
  const estimator = estimatorIn(root, view);
  const path = estimator === undefined ? undefined : view.classOf(estimator);
  if (estimator === undefined || path === undefined) return {};
  const attributes = view.attributesOf(estimator) ?? new Map<string, V>();
  const settings: Settings = [];
  addSettings(estimator, '', { view, settings, estimators: 0 }, 0);
  const version = scalarAt(attributes, VERSION, view);
  const fitted = (name: string): V | undefined => attributes.get(name) ?? ofFirstStep(attributes, view, name);
  const features = fitted('n_features_in_');
  return knownFacts<Partial<ModelFacts>>({
    role: 'weights',
    architecture: { value: className(path), key: path },
    producers:
      typeof version === 'string' ? [{ key: VERSION, value: { name: 'scikit-learn', version: version.slice(0, MAX_VALUE) } }] : undefined,
    hyperparameters: settings,
    metadata: smallMetadata([
      ['estimator', path],
      ['steps', steps(attributes, view)],
      ['n_features_in_', features === undefined ? undefined : view.scalarOf(features)],
      ['feature_names_in_', names(fitted('feature_names_in_'), view)],
      ['classes_', names(attributes.get('classes_'), view)],
    ]),
  });
}

/** Parameters of an estimator and, with `name__` before them, of those inside it, as `get_params` names them. */
function addSettings<V>(estimator: V, prefix: string, gathering: Gathering<V>, depth: number): void {
  const { view, settings } = gathering;
  const attributes = view.attributesOf(estimator);
  if (attributes === undefined || depth > MAX_DEPTH || ++gathering.estimators > MAX_ESTIMATORS) return;
  const inherited = NO_PARAMETERS.get(className(view.classOf(estimator) ?? ''));
  for (const [name, value] of attributes) {
    if (settings.length >= MAX_SETTINGS) return;
    if (name.startsWith('_') || name.endsWith('_') || inherited?.has(name)) continue;
    addSetting(`${prefix}${name}`, value, gathering);
    if (NAMED_PARTS.includes(name)) addParts(value, prefix, gathering, depth);
    else if (isEstimator(value, view) && !isTemplate(name, attributes, view))
      addSettings(value, `${prefix}${name}__`, gathering, depth + 1);
  }
}

function addSetting<V>(name: string, value: V, { view, settings }: Gathering<V>): void {
  const scalar = view.scalarOf(value);
  const isShown =
    typeof scalar === 'string' ? scalar !== '' && scalar.length <= MAX_VALUE : typeof scalar !== 'number' || Number.isFinite(scalar);
  if (scalar !== undefined && isShown && name.length <= MAX_VALUE) settings.push({ key: name, value: { name, value: scalar } });
}

function addParts<V>(parts: V, prefix: string, gathering: Gathering<V>, depth: number): void {
  if (gathering.estimators > MAX_ESTIMATORS) return;
  for (const [name, part] of namedParts(parts, gathering.view)) {
    addSetting(`${prefix}${name}`, part, gathering); // 'passthrough' and 'drop'
    addSettings(part, `${prefix}${name}__`, gathering, depth + 1);
  }
}

/** Forests keep the tree that they copy in `estimator`; it is no parameter, since its own ones are those of the forest. */
function isTemplate<V>(name: string, attributes: ReadonlyMap<string, V>, view: ObjectView<V>): boolean {
  const copied = attributes.get('estimator_params');
  return /^(base_)?estimator$/.test(name) && copied !== undefined && (view.itemsOf(copied)?.length ?? 0) > 0;
}

function namedParts<V>(parts: V, view: ObjectView<V>): readonly (readonly [string, V])[] {
  return (view.itemsOf(parts) ?? []).slice(0, MAX_SETTINGS).flatMap((part) => {
    const [first, estimator] = view.itemsOf(part) ?? [];
    const name = first === undefined ? undefined : view.scalarOf(first);
    return typeof name === 'string' && estimator !== undefined ? [[name, estimator] as const] : [];
  });
}

/** `scale: sklearn.preprocessing._data.StandardScaler, …` */
function steps<V>(attributes: ReadonlyMap<string, V>, view: ObjectView<V>): string | undefined {
  for (const key of NAMED_PARTS) {
    const parts = attributes.get(key);
    const found = parts === undefined ? [] : namedParts(parts, view);
    if (found.length > 0)
      return smallList(found.map(([name, part]) => `${name}: ${view.classOf(part) ?? String(view.scalarOf(part) ?? 'unknown')}`));
  }
  return undefined;
}

/** An attribute of the first step of a pipeline: what goes in there goes into the whole. */
function ofFirstStep<V>(attributes: ReadonlyMap<string, V>, view: ObjectView<V>, name: string): V | undefined {
  const parts = attributes.get('steps');
  const [first] = parts === undefined ? [] : namedParts(parts, view);
  return first === undefined ? undefined : view.attributesOf(first[1])?.get(name);
}

function names<V>(value: V | undefined, view: ObjectView<V>): string | undefined {
  const items = value === undefined ? undefined : view.arrayOf(value);
  return items === undefined || items.length === 0 ? undefined : smallList(items.map(String));
}

function scalarAt<V>(attributes: ReadonlyMap<string, V>, name: string, view: ObjectView<V>): Scalar | undefined {
  const value = attributes.get(name);
  return value === undefined ? undefined : view.scalarOf(value);
}
