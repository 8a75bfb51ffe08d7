/**
 * The models of a directory, by their weights: shards of one set, the same model in several formats or precisions, parts of a pipeline,
 * an adapter, the checkpoints of a run. Which names and numbers make two files one model stands in docs/collect.md.
 */
import { appendTo } from '../../core/append.js';
import { idFrom, uniqueId } from '../../core/id.js';
import { baseName, directoryOf } from '../contribution.js';
import { roleAt, roleByName, runDirectoryOf } from '../roles.js';
import type { WeightFile } from '../weights.js';
import { stemOf, tellingPath, tellingWords } from './names.js';
import { isProjector } from './projector.js';

export interface FoundModel {
  /** Id in the manifest; `model` for the subject. */
  readonly id: string;
  readonly kind: 'model' | 'adapter';
  /** What it may be called when nothing else speaks. */
  readonly name: string;
  /** Paths of its weights. */
  readonly weights: ReadonlySet<string>;
  /** Directories in which they lie, with the `/` at the end; empty at the top. Of a checkpoint that of its run, too. */
  readonly homes: ReadonlySet<string>;
  /** It prepares data for another model: a scaler, a vectorizer. */
  readonly isPreparation: boolean;
}

export interface FoundModels {
  /** What the document is about; undefined when the directory holds several models and is none itself, or holds none. */
  readonly subject?: FoundModel | undefined;
  /** The others. */
  readonly others: readonly FoundModel[];
  /** How many there are, where they are too many to be described on their own. */
  readonly tooMany?: number;
}

export interface FindInput {
  readonly weights: readonly WeightFile[];
  readonly paths: ReadonlySet<string>;
  /** Is a `config.json` one of a library that loads all weights beside it as one model? */
  readonly isLibraryConfig: (path: string) => Promise<boolean>;
}

/** Id of what the document is about. */
export const SUBJECT = 'model';
/** Models that are described on their own; of more, the directory is described as a whole. */
export const MAX_MODELS = 1000;

interface Unit {
  readonly kind: FoundModel['kind'];
  /** Directory by the words that tell a model. */
  readonly home: string;
  readonly words: string;
  /** Directory of the first file, or where the weights should be. */
  readonly at: string;
  readonly files: WeightFile[];
  /** A library loads another one from the same directory, and not this. */
  readonly isExtra?: true;
}

export async function findModels(input: FindInput): Promise<FoundModels> {
  const files = weightsOf(input);
  const units = await joined(unitsOf(files, input.paths), input);
  if (units.length > MAX_MODELS) return { others: [], tooMany: units.length };
  const subject = subjectOf(units);
  const ids = new Set([SUBJECT]);
  const shared = new Set(units.map(({ home }) => home).filter((home, i, all) => all.indexOf(home) !== i));
  return {
    ...(subject === undefined ? {} : { subject: found(subject, SUBJECT, '') }),
    others: units
      .filter((unit) => unit !== subject)
      .map((unit) => {
        const name = nameOf(unit, shared.has(unit.home));
        return found(unit, uniqueId(idFrom(name), ids), name);
      }),
  };
}

const roleOf = ({ path, facts }: WeightFile): string => roleAt(path, facts?.role ?? roleByName(path));

/** Files that make a model. What is only kept beside one (arrays, projectors, what no reader knows) makes none where others do. */
function weightsOf({ weights }: FindInput): readonly WeightFile[] {
  const companions = new Set(weights.flatMap(({ path, facts }) => (facts?.companions ?? []).map((name) => directoryOf(path) + name)));
  const all = weights.filter((file) => ['weights', 'adapter', 'checkpoint'].includes(roleOf(file)) && !companions.has(file.path));
  // Projectors and heads belong to the model beside them.
  const strong = all.filter(
    (file) => isStrong(file) && !(file.facts !== undefined && (isProjector(file.facts) || file.facts.part !== undefined)),
  );
  return strong.length > 0 ? strong : all;
}

/** Arrays may be anybody's data. */
const OF_DATA: ReadonlySet<string> = new Set(['numpy', 'npy', 'npz']);

/** A model by its bytes, or by what it says that it should be. */
function isStrong({ facts, findings }: WeightFile): boolean {
  if (facts === undefined) return findings.length > 0;
  // Trees are no tensors: of those only the reader knows that they are a model.
  const isModel = (facts.tensors?.parameters ?? 0) > 0 || facts.architecture !== undefined || facts.inputs !== undefined;
  return (isModel || facts.role === 'weights') && !OF_DATA.has(facts.format);
}

function unitsOf(files: readonly WeightFile[], paths: ReadonlySet<string>): readonly Unit[] {
  const units = new Map<string, Unit>();
  // What nothing is known of is no model of its own.
  const isWeak = !files.some(isStrong);
  const pipelines = pipelineDirectories(paths);
  for (const file of files) {
    const run = runDirectoryOf(file.path);
    const isAdapter =
      file.facts?.role === 'adapter' || roleByName(baseName(file.path)) === 'adapter' || hasAdapterConfig(file.path, run, paths);
    const kind = isAdapter ? 'adapter' : 'model';
    const pipeline = isAdapter ? undefined : pipelineOf(run, pipelines);
    const bundle = bundleOf(file.path);
    const home = isWeak ? '' : (pipeline ?? (isAdapter ? run : tellingPath(bundle === undefined ? run : directoryOf(bundle))));
    const words =
      isWeak || pipeline !== undefined || (isAdapter && paths.has(`${run}adapter_config.json`))
        ? ''
        : tellingWords(stemOf(bundle ?? file.path));
    const key = `${kind}\u0000${home}\u0000${words}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, { kind, home, words, at: pipeline ?? run, files: [file] });
    else unit.files.push(file);
  }
  // An adapter whose weights are elsewhere is still one: what lies with its configuration is no word about its neighbours.
  const homes = new Set([...units.values()].flatMap(({ kind, home }) => (kind === 'adapter' ? [home] : [])));
  for (const path of paths) {
    const at = directoryOf(path);
    if (baseName(path) !== 'adapter_config.json' || at === '' || runDirectoryOf(path) !== at || homes.has(at)) continue;
    homes.add(at);
    units.set(`adapter\u0000${at}`, { kind: 'adapter', home: at, words: '', at, files: [] });
  }
  return [...units.values()];
}

const hasAdapterConfig = (path: string, run: string, paths: ReadonlySet<string>): boolean =>
  [directoryOf(path), run].some((directory) => directory !== '' && paths.has(`${directory}adapter_config.json`));

const PIPELINE_INDEXES = ['model_index.json', 'modules.json'];

/** Directories with the index of a pipeline in them. */
export const pipelineDirectories = (paths: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...paths].filter((path) => PIPELINE_INDEXES.includes(baseName(path))).map(directoryOf));

/** The directory of the pipeline that a directory belongs to. */
export function pipelineOf(directory: string, pipelines: ReadonlySet<string>): string | undefined {
  if (pipelines.size === 0) return undefined;
  for (let at = directory; ; at = directoryOf(at.slice(0, -1))) {
    if (pipelines.has(at)) return at;
    if (at === '') return undefined;
  }
}

/** Directories that are one model, by their ending. */
const BUNDLE = /^(.{0,4096}?\.(?:mlpackage|mlmodelc|mlmodel))\//;
const bundleOf = (path: string): string | undefined => BUNDLE.exec(path)?.[1];

/** What exporters call the halves of one model. Source: https://github.com/huggingface/optimum-onnx (file names of exports). */
export const HALVES: ReadonlySet<string> = new Set([
  ...['', 'encoder', 'decoder', 'decoder_with_past', 'decoder_merged', 'decoder_with_past_merged', 'text_encoder', 'vision_encoder'],
  ...['audio_encoder', 'image_encoder', 'prompt_encoder', 'mask_decoder', 'embed_tokens', 'lm_head', 'unet', 'vae_encoder', 'vae_decoder'],
  ...['joiner', 'detokenizer', 'vocoder', 'encoder_with_past', 'text', 'vision', 'audio', 'prompt_encoder_mask_decoder', 'speaker'],
]);
/** What is fitted to prepare data for a model, by its name. */
const PREPARES =
  /^(?:(?:.{0,60}_)?(?:scaler|vectorizer|vectoriser|imputer|preprocessor|binarizer|tfidf|label_encoder|onehot|one_hot_encoder))$/;
/** Counts of so many parameters do not agree by chance. */
const MIN_TELLING_COUNT = 10_000;

/** Units of one directory that are one model after all. */
async function joined(units: readonly Unit[], input: FindInput): Promise<readonly Unit[]> {
  const homes = new Map<string, Unit[]>();
  for (const unit of units) appendTo(homes, `${unit.kind}\u0000${unit.home}`, unit);
  const out: Unit[] = [];
  for (const all of homes.values()) {
    const prepares = all.length > 1 ? all.filter(isPreparation) : [];
    const group = all.filter((unit) => !prepares.includes(unit));
    const isOne = group.length > 1 && group[0]?.kind === 'model' && (await areOne(group, input));
    out.push(...(isOne ? ofLibrary(group) : joinedByCount(group)), ...prepares);
  }
  return out;
}

const isPreparation = ({ words, isExtra }: Unit): boolean => isExtra === true || PREPARES.test(words);

/** What a library loads as one model: the files that it names, and copies of them in other forms; a second file of one form is another. */
function ofLibrary(group: readonly Unit[]): readonly Unit[] {
  const named = group.filter(({ words }) => HALVES.has(words));
  if (named.length === 0) return [together(group)];
  const forms = new Set(named.flatMap(({ files }) => files.map(formOf)));
  const counts = new Set(named.flatMap(({ files }) => files.map(countOf)));
  const others = group.filter(
    (unit) => !named.includes(unit) && unit.files.every((file) => forms.has(formOf(file)) && !counts.has(countOf(file))),
  );
  return [together(group.filter((unit) => !others.includes(unit))), ...others.map((unit) => ({ ...unit, isExtra: true as const }))];
}

const together = (group: readonly Unit[]): Unit => ({ ...(group[0] as Unit), files: group.flatMap(({ files }) => files) }); // never empty

async function areOne(group: readonly Unit[], { paths, isLibraryConfig }: FindInput): Promise<boolean> {
  if (group.every(({ words }) => HALVES.has(words))) return true;
  const directories = new Set(group.flatMap(({ files }) => files.flatMap(({ path }) => [directoryOf(path), runDirectoryOf(path)])));
  if ([...directories].some((directory) => paths.has(`${directory}saved_model.pb`))) return true;
  for (const directory of directories)
    if (paths.has(`${directory}config.json`) && (await isLibraryConfig(`${directory}config.json`))) return true;
  return false;
}

/** The same number of values in another format or precision is another copy, whatever it is called. */
function joinedByCount(group: readonly Unit[]): readonly Unit[] {
  const byCount = new Map<number, Unit>();
  const out: Unit[] = [];
  for (const unit of group) {
    const count = unit.files.length === 1 ? (unit.files[0]?.facts?.tensors?.parameters ?? 0) : 0;
    const same = count >= MIN_TELLING_COUNT ? byCount.get(count) : undefined;
    if (
      same !== undefined &&
      unit.files[0] !== undefined &&
      same.files.every((file) => formOf(file) !== formOf(unit.files[0] as WeightFile))
    )
      same.files.push(...unit.files);
    else {
      if (count >= MIN_TELLING_COUNT && same === undefined) byCount.set(count, unit);
      out.push(unit);
    }
  }
  return out;
}

const countOf = ({ facts }: WeightFile): number => facts?.tensors?.parameters ?? 0;
const formOf = ({ facts }: WeightFile): string => `${facts?.format} ${Object.keys(facts?.tensors?.dtypes ?? {}).join(' ')}`;

/** The only model; the only one at the top; the only one that is no adapter; the only adapter. */
function subjectOf(units: readonly Unit[]): Unit | undefined {
  const ready = units.filter((unit) => !isPreparation(unit));
  const models = (ready.length > 0 ? ready : units).filter(({ kind }) => kind === 'model');
  const atTop = (models.length > 0 ? models : units).filter(({ files }) => files.some(({ path }) => runDirectoryOf(path) === ''));
  const [only] = models.length > 0 ? models : units;
  if ((models.length > 0 ? models : units).length === 1) return only;
  if (atTop.length === 1) return atTop[0];
  const nearTop = models.filter(({ home }) => home === '');
  return atTop.length === 0 && nearTop.length === 1 ? nearTop[0] : undefined;
}

function nameOf({ files, home, words, at }: Unit, isShared: boolean): string {
  const path = files[0]?.path ?? at;
  const bundle = bundleOf(path);
  const segments = (bundle === undefined ? at : directoryOf(bundle)).split('/').filter((each) => each !== '');
  const directory = [...segments].reverse().find((segment) => tellingWords(segment) !== '');
  if ((isShared && words !== '') || home === '' || directory === undefined) return stemOf(bundle ?? path);
  return directory;
}

function found(unit: Unit, id: string, name: string): FoundModel {
  const { kind, files, at } = unit;
  const homes = new Set([at, ...files.flatMap(({ path }) => [directoryOf(path), runDirectoryOf(path)])]);
  for (const home of [...homes]) if (bundleOf(home) !== undefined) homes.add(directoryOf(bundleOf(home) ?? ''));
  return { id, kind, name, weights: new Set(files.map(({ path }) => path)), homes, isPreparation: isPreparation(unit) };
}
