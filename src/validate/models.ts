import { pointerStep } from '../core/json-pointer.js';
import type { Artifact, ListedFile, Manifest, Model } from '../schema/index.js';

/** Roles of data that made the weights. */
export const TRAINING_ROLES: ReadonlySet<string> = new Set(['training', 'pretraining', 'finetuning', 'alignment']);

/** A model with its id and place. */
export interface ModelAt {
  readonly id: string;
  readonly pointer: string;
  readonly value: Model;
}

/** Every model of a manifest; the subject has the id `model`. */
export function modelsOf({ model, models = {} }: Manifest): readonly ModelAt[] {
  const others = Object.entries(models).map(([id, value]) => ({ id, value, pointer: `/models${pointerStep(id)}` }));
  return model === undefined ? others : [{ id: 'model', value: model, pointer: '/model' }, ...others];
}

/** The id of what the document describes. */
export const subjectOf = ({ bom }: Manifest): string => bom.subject ?? 'model';

/** Every map of files by path: what lies here, and what models and datasets have elsewhere. */
export function fileMapsOf(
  manifest: Manifest,
): readonly (readonly [string, Readonly<Record<string, ListedFile & Pick<Artifact, 'variant'>>>])[] {
  const { artifacts = {}, datasets = {} } = manifest;
  return [
    ['/artifacts', artifacts],
    ...modelsOf(manifest).map(({ pointer, value }) => [`${pointer}/files`, value.files ?? {}] as const),
    ...Object.entries(datasets).map(([id, { files }]) => [`/datasets${pointerStep(id)}/files`, files ?? {}] as const),
  ];
}

/** Ids of all models that one was made from, near ones first, as far as the document has them. */
export function ancestorsOf(model: Model, models: Readonly<Record<string, Model>>): readonly string[] {
  const found = new Set<string>();
  const add = ({ lineage }: Model): void => {
    for (const parent of Object.values(lineage?.parents ?? {})) if (Object.hasOwn(models, parent.model)) found.add(parent.model);
  };
  add(model);
  for (const id of found) {
    const next = models[id];
    if (next !== undefined) add(next); // a set goes on with what is added to it
  }
  return [...found];
}

/** The files of the subject model: those that it names, else all that nothing else names. */
export function ownArtifacts({ artifacts = {}, model, models = {}, datasets = {}, components = {} }: Manifest): readonly Artifact[] {
  const own = model?.artifacts;
  if (own !== undefined) return own.flatMap((path) => (Object.hasOwn(artifacts, path) ? (artifacts[path] ?? []) : []));
  const others = [...Object.values(models), ...Object.values(datasets), ...Object.values(components)];
  const claimed = new Set(others.flatMap((thing) => thing.artifacts ?? []));
  return Object.entries(artifacts).flatMap(([path, artifact]) => (claimed.has(path) ? [] : artifact));
}
