/**
 * What a Keras model configuration says: class, layers, inputs, and the code that loading it would run or import.
 * Source: https://github.com/keras-team/keras/blob/master/keras/src/saving/serialization_lib.py
 */
import { type Keyed, knownFacts, type ModelFacts, type TensorInfo } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import { isPlain, type JsonRecord, record } from './json.js';
import { KERAS_LAYERS } from './layers.js';

type Facts = Pick<ModelFacts, 'architecture' | 'name' | 'inputs' | 'imports' | 'findings' | 'quantization'>;

/** Facts of a configuration and what its layers are. */
export interface ConfigFacts {
  readonly facts: Facts;
  /** Number of layers by class. */
  readonly layers: ReadonlyMap<string, number>;
}

const MAX_SHOWN = 20;
const MAX_IMPORTS = 10_000;

export interface ConfigOptions {
  /** Where the configuration stands in its file. */
  readonly place: string;
  /** What stands apart from it; code is looked for there too. */
  readonly more?: unknown;
  /** Version of Keras that wrote it, where the file says. */
  readonly version?: unknown;
}

export function configFacts(config: JsonRecord | undefined, { place, more, version }: ConfigOptions): ConfigFacts {
  if (config === undefined && more === undefined) return { facts: {}, layers: new Map() };
  const walk = walkConfig(config ?? {}, more);
  // Keras 3 names operations like layers, so there a class without a module may be one of many more.
  if (typeof version === 'string' && /^[012]\./.test(version))
    for (const name of walk.unplaced) if (!KERAS_LAYERS.has(name)) walk.custom.add(name);
  const facts = knownFacts<Facts>({
    architecture: keyed(config?.class_name, `${place}.class_name`),
    name: keyed(record(config?.config)?.name, `${place}.config.name`),
    inputs: inputs(config ?? {}),
    quantization: quantization(walk, place),
    imports: [...walk.imports].sort(),
    findings: findings(walk, place),
  });
  return { facts, layers: walk.layers };
}

const keyed = (value: unknown, key: string): Keyed<string> | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 512 ? { value: value.trim(), key } : undefined;

interface Walk {
  readonly layers: Map<string, number>;
  readonly imports: Set<string>;
  /** Names of layers that hold compiled Python code. */
  readonly code: Set<string>;
  /** Names of classes and functions that Keras does not have. */
  readonly custom: Set<string>;
  readonly quantizations: Set<string>;
  /** Classes of layers that are named without a module. */
  readonly unplaced: Set<string>;
}

interface Waiting {
  readonly value: unknown;
  /** Name of the nearest layer above. */
  readonly layer: string;
  readonly isLayer: boolean;
  /** Are layers counted here? */
  readonly counts: boolean;
}

/** Visits every object of the configuration, however deep. */
function walkConfig(config: JsonRecord, more: unknown): Walk {
  const walk: Walk = {
    layers: new Map(),
    imports: new Set(),
    code: new Set(),
    custom: new Set(),
    quantizations: new Set(),
    unplaced: new Set(),
  };
  const top = { layer: '', isLayer: false };
  const waiting: Waiting[] = [
    { ...top, value: more, counts: false },
    { ...top, value: config, counts: true },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const object = record(next.value);
    const own = object && record(object.config)?.name;
    const layer = typeof own === 'string' ? own : next.layer;
    if (object !== undefined && typeof object.class_name === 'string') visit(object, object.class_name, { ...next, layer }, walk);
    for (const child of childrenOf(next)) waiting.push({ ...child, layer, counts: next.counts });
  }
  return walk;
}

function childrenOf({ value, isLayer }: Waiting): readonly Pick<Waiting, 'value' | 'isLayer'>[] {
  const isContainer = (item: unknown): boolean => typeof item === 'object' && item !== null;
  if (Array.isArray(value)) return value.filter(isContainer).map((item: unknown) => ({ value: item, isLayer }));
  return Object.entries(record(value) ?? {}).flatMap(([key, item]) =>
    isContainer(item) ? [{ value: item, isLayer: key === 'layers' && Array.isArray(item) }] : [],
  );
}

function visit(object: JsonRecord, className: string, { layer, isLayer, counts }: Waiting, walk: Walk): void {
  const { module, config } = object;
  if (isLayer && counts) walk.layers.set(className, (walk.layers.get(className) ?? 0) + 1);
  if (typeof module === 'string' && module !== '' && module !== 'builtins' && walk.imports.size < MAX_IMPORTS)
    walk.imports.add(`${module}.${className}`.slice(0, 512));
  if (className === '__lambda__' || (className === 'Lambda' && isMarshalled(record(config)))) walk.code.add(layer);
  if (isLayer && module === undefined && !className.includes('>') && walk.unplaced.size < MAX_IMPORTS)
    walk.unplaced.add(className.slice(0, 200));
  const custom = customName(object, className);
  if (custom !== undefined && walk.custom.size < MAX_IMPORTS) walk.custom.add(custom.slice(0, 200));
  const mode = /^Quantized/.test(className) ? (record(config)?.mode ?? record(config)?.name) : undefined;
  if (typeof mode === 'string') walk.quantizations.add(mode.slice(0, 100));
}

/** Before Keras 3 the code of a Lambda layer stood in its configuration as marshalled bytes in base64. */
function isMarshalled(config: JsonRecord | undefined): boolean {
  return Array.isArray(config?.function) || config?.function_type === 'lambda';
}

/** Keras writes the registered name of what is not its own; names of packages stand before `>`. */
function customName(object: JsonRecord, className: string): string | undefined {
  const { module, registered_name: registered, config } = object;
  if (className === '__lambda__') return undefined;
  if (className === 'Lambda' && typeof record(config)?.function === 'string') return String(record(config)?.function);
  if (className === 'function') return typeof config === 'string' && typeof registered === 'string' ? config : undefined;
  if (className.includes('>')) return className;
  const isOwn = typeof module !== 'string' || /^(builtins|(keras|tf_keras|tensorflow)(\.|$))/.test(module);
  if (typeof registered === 'string' && registered !== '' && (typeof module !== 'string' || !isOwn)) return registered;
  return isOwn ? undefined : `${module}.${className}`;
}

function quantization({ quantizations }: Walk, place: string): Keyed<string> | undefined {
  return quantizations.size === 0 ? undefined : { value: [...quantizations].sort().slice(0, MAX_SHOWN).join(', '), key: place };
}

function findings({ code, custom }: Walk, place: string): readonly Finding[] {
  const shown = (names: ReadonlySet<string>): string => {
    const all = [...names].sort();
    const more = all.length > MAX_SHOWN ? ` and ${all.length - MAX_SHOWN} more` : '';
    return (
      all
        .slice(0, MAX_SHOWN)
        .map((name) => `\`${printable(name.slice(0, 100))}\``)
        .join(', ') + more
    );
  };
  const found: Finding[] = [];
  if (code.size > 0)
    found.push({
      id: 'embedded-code',
      severity: 'medium',
      message: `\`${place}\` holds compiled Python code, in ${shown(code)}`,
      fix: 'Review the code before loading the model, and load it in safe mode only.',
    });
  if (custom.size > 0)
    found.push({
      id: 'custom-operators',
      severity: 'info',
      message: `the model needs classes or functions that are not part of Keras: ${shown(custom)}`,
      fix: 'Name the library that provides them among the components.',
    });
  return found;
}

/** Names come from the file; line breaks and the like must not reach a report. */
const printable = (name: string): string => name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

/** The input layers of the model itself, not those of models inside it. */
function inputs(config: JsonRecord): readonly TensorInfo[] {
  const layers = record(config.config)?.layers;
  if (!Array.isArray(layers)) return [];
  return layers.slice(0, 10_000).flatMap((layer: unknown) => {
    const { class_name: className, config: settings } = record(layer) ?? {};
    if (className !== 'InputLayer') return [];
    const { name, dtype, batch_shape: batchShape, batch_input_shape: oldShape } = record(settings) ?? {};
    const stated = batchShape ?? oldShape;
    // Keras 2 wrote tuples as objects of their own kind.
    const shape = record(stated)?.class_name === '__tuple__' ? record(stated)?.items : stated;
    if (!Array.isArray(shape) || shape.length > 32) return [];
    const sizes = shape.map((size: unknown) => (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : -1));
    return [{ name: isPlain(name) ? String(name).slice(0, 512) : '', dtype: typeof dtype === 'string' ? dtype : 'unknown', shape: sizes }];
  });
}
