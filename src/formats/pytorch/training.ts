/** What checkpoints and arguments say of the training: hyperparameters, progress, versions of the programs. */
import { type Keyed, knownFacts, type ModelFacts } from '../../core/facts.js';
import type { Finding } from '../../core/finding.js';
import {
  className,
  dictOf,
  enumValue,
  globalName,
  itemsOf,
  ofKind,
  type PickleDict,
  type PickleValue,
  stateOf,
} from '../shared/pickle/index.js';
import { smallMetadata } from '../shared/small-metadata.js';

type Hyperparameters = NonNullable<ModelFacts['hyperparameters']>;
type Scalar = string | number | boolean;

const MAX_PARAMETERS = 1000;
const MAX_TEXT = 512;

/** Keys of checkpoints whose value is a table of hyperparameters: Lightning, DeepSpeed, Ultralytics, timm, fairseq and the like. */
const TABLES = ['hyper_parameters', 'datamodule_hyper_parameters', 'hparams', 'hyperparameters', 'train_args', 'args', 'ds_config'];
/** Never told, whatever they hold. */
const CREDENTIAL = /(^|[_.-])(token|secret|password|passwd|api_?key|credentials?)$/i;
/** Words that end in `token` and are no credentials. */
const TEXT_TOKEN = /(^|_)(pad|eos|bos|unk|sep|cls|mask|start|end|image|video|audio|stop|special|im|eot)_token$/i;
/** Names of places and runs: facts for the reader, no hyperparameters. */
const PLACES: ReadonlySet<string> = new Set([
  'output_dir',
  'logging_dir',
  'run_name',
  'hub_model_id',
  'resume_from_checkpoint',
  'trackio_space_id',
  'trackio_bucket_id',
  'trackio_static_space_id',
]);

/** Is the value an object of arguments that the Trainer of transformers, or a class made from it, saved? */
export function isTrainingArguments(value: PickleValue): boolean {
  const entries = stateOf(value)?.entries;
  return entries !== undefined && ['output_dir', 'learning_rate', 'num_train_epochs', 'seed'].every((key) => entries.has(key));
}

/** Plain scalars of arguments or of the tables of a checkpoint, each name once. */
export function hyperparameters(root: PickleValue): Hyperparameters | undefined {
  const found = new Map<string, Keyed<{ readonly name: string; readonly value: Scalar }>>();
  for (const [prefix, table] of tables(root)) {
    for (const [name, value] of table.entries) {
      const scalar = isParameter(name) ? scalarOf(value) : undefined;
      if (scalar === undefined || found.has(name) || found.size >= MAX_PARAMETERS) continue;
      found.set(name, { value: { name, value: scalar }, key: prefix + name });
    }
  }
  return found.size === 0 ? undefined : [...found.values()];
}

/** Facts of arguments that were pickled without PyTorch. */
export function describeTrainingArguments(root: PickleValue): Partial<ModelFacts> {
  const found = isTrainingArguments(root) ? hyperparameters(root) : undefined;
  if (found === undefined) return {};
  const metadata = smallMetadata(rootMetadata(root));
  return knownFacts({ role: 'config', hyperparameters: found, metadata, findings: credentialFindings(root) });
}

const MAX_TOLD = 10;

/** What was left out for its name alone, told by that name and never by the value; empty values are none. */
export function credentialFindings(root: PickleValue): readonly Finding[] {
  const names = new Set<string>();
  const note = ({ entries }: PickleDict, prefix: string): void => {
    for (const [name, value] of entries) if (isCredential(name) && says(value)) names.add(prefix + name);
  };
  const whole = dictOf(root);
  if (whole !== undefined) note(whole, '');
  for (const [prefix, table] of tables(root)) note(table, prefix);
  if (names.size === 0) return [];
  const told = [...names].slice(0, MAX_TOLD).map((name) => `\`${name.slice(0, 100)}\``);
  const more = names.size > told.length ? [`${names.size - told.length} more`] : [];
  return [
    {
      id: 'private-data',
      severity: 'medium',
      message: `the training arguments hold credentials (named-credential), which were left out: ${[...told, ...more].join(', ')}`,
      fix: 'Revoke them: whoever has the file has them.',
    },
  ];
}

/** `None`, an empty text and a switch hold no credential. */
const says = (value: PickleValue): boolean => value !== null && value !== undefined && value !== '' && typeof value !== 'boolean';

function tables(root: PickleValue): readonly (readonly [string, PickleDict])[] {
  if (isTrainingArguments(root)) return [['', stateOf(root)]].flatMap(([key, dict]) => (dict ? [[key, dict] as [string, PickleDict]] : []));
  const entries = dictOf(root)?.entries;
  return TABLES.flatMap((key): [string, PickleDict][] => {
    const value = entries?.get(key);
    const table = dictOf(value) ?? stateOf(value);
    return table === undefined ? [] : [[`${key}.`, table]];
  });
}

/** Names that can stand in a manifest, that are no private attribute, no place and no credential. */
function isParameter(name: string): boolean {
  return /^[A-Za-z0-9][\w.:+ -]{0,127}$/.test(name) && !PLACES.has(name) && !isCredential(name);
}

const isCredential = (name: string): boolean => CREDENTIAL.test(name) && !TEXT_TOKEN.test(name);

/** A text, number or truth value, or the value of an Enum; numbers that JSON cannot hold as Python writes them. */
function scalarOf(value: PickleValue): Scalar | undefined {
  const plain = typeof value === 'object' && value !== null ? enumValue(value) : value;
  if (typeof plain === 'bigint') return String(plain);
  if (typeof plain === 'number' && !Number.isFinite(plain)) return Number.isNaN(plain) ? 'nan' : plain > 0 ? 'inf' : '-inf';
  if (plain === null || plain === undefined) return undefined;
  return typeof plain === 'string' && plain.length > MAX_TEXT ? undefined : plain;
}

/** Small values of the root of a checkpoint, and the places that arguments name. */
export function rootMetadata(root: PickleValue): readonly (readonly [string, string | undefined])[] {
  const arguments_ = isTrainingArguments(root);
  const entries = (arguments_ ? stateOf(root) : dictOf(root))?.entries ?? new Map<string, PickleValue>();
  const kept: (readonly [string, string])[] = [];
  for (const [key, value] of entries) {
    if (kept.length >= 200) break;
    if (isCredential(key) || !/^[\w.:+ -]{1,128}$/.test(key) || (arguments_ && !PLACES.has(key))) continue;
    const scalar = typeof value === 'object' ? undefined : scalarOf(value);
    if (scalar !== undefined) kept.push([key, String(scalar)]);
  }
  return kept;
}

const text = (value: PickleValue | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.length <= MAX_TEXT ? value.trim() : undefined;

/** Keys under which programs write their own version into a checkpoint. */
const VERSIONS: readonly (readonly [key: string, name: string])[] = [
  ['pytorch-lightning_version', 'pytorch-lightning'],
  ['ds_version', 'deepspeed'],
];

export function checkpointProducers(root: PickleValue): ModelFacts['producers'] {
  const entries = dictOf(root)?.entries;
  const producers = VERSIONS.flatMap(([key, name]) => {
    const version = text(entries?.get(key));
    return version === undefined ? [] : [{ value: { name, version }, key }];
  });
  const version = text(entries?.get('version'));
  const ultralytics = /ultralytics/i.test(`${text(entries?.get('docs')) ?? ''} ${text(entries?.get('license')) ?? ''}`);
  return ultralytics && version !== undefined ? [...producers, { value: { name: 'ultralytics', version }, key: 'version' }] : producers;
}

/** `license` of a checkpoint, as Ultralytics writes it. */
export function checkpointLicense(root: PickleValue): Keyed<string> | undefined {
  const value = text(dictOf(root)?.entries.get('license'));
  return value === undefined ? undefined : { value, key: 'license' };
}

/** Keys of a checkpoint that may hold the whole module, and the one that names its architecture. */
const MODULES = ['model', 'ema', 'net', 'module'];

/** Class of a module that was pickled whole, or the architecture that a checkpoint names. */
export function architecture(root: PickleValue): Keyed<string> | undefined {
  const entries = dictOf(root)?.entries;
  const named = text(entries?.get('arch'));
  if (named !== undefined) return { value: named, key: 'arch' };
  const whole = moduleClass(root);
  if (whole !== undefined) return { value: whole, key: 'data.pkl' };
  for (const key of MODULES) {
    const found = moduleClass(entries?.get(key));
    if (found !== undefined) return { value: found, key };
  }
  return undefined;
}

/** Name of the class of a module: it has the dicts of `torch.nn.Module`, or is one that TorchScript compiled. */
function moduleClass(value: PickleValue | undefined): string | undefined {
  if (ofKind(value, 'call') === undefined) return undefined;
  const name = className(value) ?? savedClass(value) ?? '';
  const state = stateOf(value)?.entries;
  const isModule = name.startsWith('__torch__.') || (state?.has('_modules') === true && state.has('_parameters'));
  const short = name.slice(name.lastIndexOf('.') + 1);
  return isModule && /^\w{1,128}$/.test(short) ? short : undefined;
}

/** The old form keeps the class of a module, with its source, outside of the pickle: `('module', class, file, source)`. */
function savedClass(value: PickleValue | undefined): string | undefined {
  const [word, type] = itemsOf(ofKind(ofKind(value, 'call')?.callee, 'persistent')?.id) ?? [];
  return word === 'module' ? globalName(type) : undefined;
}
