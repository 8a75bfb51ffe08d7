/**
 * Which model a file speaks of: the one whose weights lie in its folder; else those below it, when they are one; else the nearest above;
 * else what the document is about. Never a neighbour.
 */
import { baseName, directoryOf } from '../contribution.js';
import { momentOf } from '../roles.js';
import { type FoundModel, type FoundModels, pipelineOf, SUBJECT } from './find.js';
import { stemOf } from './names.js';

/** How near a file lies to the weights that it speaks of, nearest first; saves of a run stand between `above` and `below`, the last first. */
export const NEARNESS = { beside: 0, above: 1, below: 2, apart: 3 } as const;
export type Nearness = number;

export interface Owner {
  /** Id of the model. */
  readonly model: string;
  readonly nearness: Nearness;
  /** The file lies with a part of a pipeline, and says nothing of the whole. */
  readonly isOfPart: boolean;
  /** Id of the adapter that was trained, where one run left it and its base: what the file says of a training is about that. */
  readonly trained?: string;
}

export type Owners = (path: string) => Owner;

export function ownersOf({ subject, others }: FoundModels, pipelines: ReadonlySet<string>): Owners {
  const models = [...(subject === undefined ? [] : [subject]), ...others];
  const byFile = new Map(models.flatMap((model) => [...model.weights].map((path) => [path, model] as const)));
  const at = new Map<string, Home>();
  const under = new Map<string, Set<FoundModel>>();
  for (const model of models)
    for (const directory of model.homes) {
      const home = at.get(directory) ?? { models: [], byStem: new Map<string, FoundModel>() };
      home.models.push(model);
      at.set(directory, home);
      for (let up = directory; up !== ''; ) {
        up = directoryOf(up.slice(0, -1));
        under.set(up, (under.get(up) ?? new Set()).add(model));
      }
    }
  for (const [path, model] of byFile) at.get(directoryOf(path))?.byStem.set(stemOf(path), model);

  const find = (path: string): readonly [FoundModel | undefined, Nearness] => {
    const own = byFile.get(path);
    if (own !== undefined) return [own, NEARNESS.beside];
    const directory = directoryOf(path);
    const here = at.get(directory);
    if (here !== undefined) return [ofHome(here, path), ofMoment(path)];
    const [below, ...more] = under.get(directory) ?? [];
    if (below !== undefined && more.length === 0) return [below, NEARNESS.above];
    for (let up = directory; up !== ''; ) {
      up = directoryOf(up.slice(0, -1));
      const above = at.get(up);
      if (above !== undefined) return [ofHome(above, path), NEARNESS.below];
    }
    return [subject, NEARNESS.apart];
  };
  return (path) => {
    const [model, nearness] = find(path);
    const directory = directoryOf(path);
    const pipeline = model?.kind === 'adapter' ? undefined : pipelineOf(directory, pipelines);
    const trained = byFile.has(path) ? undefined : trainedOf(at.get(directory)?.models ?? [...(under.get(directory) ?? [])]);
    return {
      model: model?.id ?? SUBJECT,
      nearness,
      isOfPart: pipeline !== undefined && pipeline !== directory,
      ...(trained === undefined ? {} : { trained: trained.id }),
    };
  };
}

/** Of a model and an adapter in one place it was the adapter that was trained: the base is what it was trained on, or merged with. */
function trainedOf(models: readonly FoundModel[]): FoundModel | undefined {
  const adapters = models.filter(({ kind }) => kind === 'adapter');
  return adapters.length === 1 && models.length === 2 ? adapters[0] : undefined;
}

/** The final model lies beside its own files; what lies in saves was said on the way to it. */
function ofMoment(path: string): Nearness {
  const moment = momentOf(path);
  return moment === undefined ? NEARNESS.beside : NEARNESS.above + 1 / (moment + 2);
}

/** A directory with weights in it. */
interface Home {
  readonly models: FoundModel[];
  readonly byStem: Map<string, FoundModel>;
}

/** Files that only an adapter has. */
const OF_ADAPTERS = /^adapter_/;

/** Of several models in one folder the one that a file is called after; the adapter for its configuration, else the only one that is none. */
function ofHome({ models, byStem }: Home, path: string): FoundModel | undefined {
  const [only] = models;
  if (models.length === 1) return only;
  const name = baseName(path);
  for (let end = name.length; end > 0; end--) {
    const model = end === name.length || !/\w/.test(name[end] ?? '') ? byStem.get(name.slice(0, end)) : undefined;
    if (model !== undefined) return model;
  }
  const kind = OF_ADAPTERS.test(name) ? 'adapter' : 'model';
  const ofKind = models.filter((model) => model.kind === kind);
  return ofKind.length === 1 ? ofKind[0] : undefined;
}

/** Where there is one thing alone that files may speak of. */
export const OF_THE_SUBJECT: Owners = () => ({ model: SUBJECT, nearness: NEARNESS.beside, isOfPart: false });

/**
 * May a card or a configuration of this name be that of a model? Beside weights or above them, at the top or in `docs/`; elsewhere it is
 * the page of a folder of code or data.
 */
export const maySpeak = (path: string, owners: Owners): boolean =>
  owners(path).nearness < NEARNESS.below || /^(?:docs\/)?[^/]+$/.test(path);
