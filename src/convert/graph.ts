/**
 * What is tied to what. A manifest says it in several places (dependencies, composition, lineage, uses of data); other standards
 * have edges. `edgesOf` and `putEdges` are inverses as far as an edge can say it; what else is said of an edge (weight, share,
 * split) stays with the thing that it leaves.
 */
import type { JsonValue } from '../core/canonical-json.js';
import { parsePointer, pointerStep } from '../core/json-pointer.js';
import { freeKey, type JsonObject, own } from '../core/objects.js';
import type { DatasetUse, Manifest, Model } from '../schema/index.js';

/** Words of the edges, those of SPDX 3; CycloneDX, which does not tell training from testing, gives `usesData`. */
export type Relation = 'dependsOn' | 'contains' | 'descendantOf' | 'trainedOn' | 'testedOn' | 'usesData' | (string & {});

export interface Edge {
  /** Ids of things; `model` is the subject's, and files go by `file:` and their path. */
  readonly from: string;
  readonly relation: Relation;
  readonly to: string;
  /** Place in the manifest that says so. */
  readonly pointer: string;
}

/** Words of `dependencies` and the relation that each is. */
const KINDS: readonly (readonly [kind: string, relation: Relation])[] = [
  ['depends-on', 'dependsOn'],
  ['derived-from', 'descendantOf'],
  ['trained-on', 'trainedOn'],
  ['tested-on', 'testedOn'],
];
/** Tools by the stage that they are used in; SPDX has the stage as a member of the relationship. */
export const TOOLS: readonly (readonly [relation: string, scope: string])[] = [
  ['uses-build-tool', 'build'],
  ['uses-development-tool', 'development'],
  ['uses-test-tool', 'test'],
];

const RELATIONS: ReadonlyMap<string, Relation> = new Map(KINDS);
const WORDS: ReadonlyMap<string, string> = new Map(KINDS.map(([kind, relation]) => [relation, kind]));

/** What a part is to the whole where it does not lie in it, but runs beside it. */
const OF_PARTS: Readonly<Record<string, Relation>> = { draft: 'dependsOn', companion: 'dependsOn' };

/** Data that a model was tested with and not trained on. */
const TESTED: ReadonlySet<string> = new Set(['testing', 'validation', 'calibration', 'grounding']);

export const fileId = (path: string): string => `file:${path}`;

/** Every edge that a manifest states, each with the place that states it; files of a thing are contained in it. */
export function edgesOf(manifest: Manifest): readonly Edge[] {
  const edges: Edge[] = [];
  const add = (from: string, relation: Relation, to: string, pointer: string): void => void edges.push({ from, relation, to, pointer });
  for (const [id, model, at] of modelsOf(manifest)) ofModel(id, model, at, add);
  for (const [id, { sources, artifacts }] of entries(manifest.datasets)) {
    const at = `/datasets${pointerStep(id)}`;
    for (const [key, { dataset }] of entries(sources)) add(id, 'descendantOf', dataset, `${at}/sources${pointerStep(key)}`);
    for (const path of artifacts ?? []) add(id, 'contains', fileId(path), `${at}/artifacts`);
  }
  for (const [id, { composition, artifacts }] of entries(manifest.components)) {
    const at = `/components${pointerStep(id)}`;
    for (const [key, { model, relation }] of entries(composition))
      add(id, own(OF_PARTS, relation) ?? 'contains', model, `${at}/composition${pointerStep(key)}`);
    for (const path of artifacts ?? []) add(id, 'contains', fileId(path), `${at}/artifacts`);
  }
  for (const [id, { model = 'model', uses, metrics }] of entries(manifest.evaluations)) {
    const at = `/evaluations${pointerStep(id)}`;
    for (const [key, { dataset }] of entries(uses)) add(model, 'testedOn', dataset, `${at}/uses${pointerStep(key)}`);
    for (const [key, { use }] of entries(metrics))
      if (use !== undefined) add(model, 'testedOn', use.dataset, `${at}/metrics${pointerStep(key)}/use`);
  }
  for (const [id, { model = 'model', uses }] of entries(manifest.robustnessTests))
    for (const [key, { dataset }] of entries(uses))
      add(model, 'testedOn', dataset, `/robustnessTests${pointerStep(id)}/uses${pointerStep(key)}`);
  for (const [from, { edges: kinds }] of entries(manifest.dependencies))
    for (const [kind, targets] of entries(kinds as Readonly<Record<string, readonly string[]>> | undefined))
      for (const to of targets) add(from, RELATIONS.get(kind) ?? kind, to, `/dependencies${pointerStep(from)}/edges${pointerStep(kind)}`);
  return edges;
}

type Add = (from: string, relation: Relation, to: string, pointer: string) => void;

function ofModel(id: string, { composition, lineage, training, artifacts }: Model, at: string, add: Add): void {
  for (const [key, { model, relation }] of entries(composition))
    add(id, own(OF_PARTS, relation) ?? 'contains', model, `${at}/composition${pointerStep(key)}`);
  for (const [key, { model }] of entries(lineage?.parents)) add(id, 'descendantOf', model, `${at}/lineage/parents${pointerStep(key)}`);
  for (const path of artifacts ?? []) add(id, 'contains', fileId(path), `${at}/artifacts`);
  const uses = (list: Readonly<Record<string, DatasetUse>> | undefined, place: string): void => {
    for (const [key, { dataset, role }] of entries(list))
      add(id, role !== undefined && TESTED.has(role) ? 'testedOn' : 'trainedOn', dataset, `${place}${pointerStep(key)}`);
  };
  uses(training?.uses, `${at}/training/uses`);
  for (const [key, stage] of entries(training?.stages)) uses(stage.uses, `${at}/training/stages${pointerStep(key)}/uses`);
}

/** The subject and every other model: id, what is said of it, where. */
export function modelsOf({ model, models }: Manifest): readonly (readonly [id: string, model: Model, pointer: string])[] {
  return [
    ...(model === undefined ? [] : [['model', model, '/model'] as const]),
    ...entries(models).map(([id, each]) => [id, each, `/models${pointerStep(id)}`] as const),
  ];
}

/** What is said of a thing where it stands. */
export function thingOf(sections: Manifest | Draft, id: string): JsonObject | undefined {
  const { model, models, datasets, components, services, artifacts } = sections as { readonly [section: string]: JsonObject | undefined };
  if (id === 'model') return model;
  if (id.startsWith('file:')) return own(artifacts, id.slice('file:'.length)) as JsonObject | undefined; // of the schema, as below
  return [models, datasets, components, services].map((section) => own(section, id)).find(Boolean) as JsonObject | undefined;
}

const entries = <T>(map: Readonly<Record<string, T>> | undefined): readonly [string, T][] => (map === undefined ? [] : Object.entries(map));

// --- reading

/** A document in the making: sections that are read one after the other. */
export type Draft = { [section: string]: JsonValue };
type Json = { [key: string]: JsonValue };

/** What kind of thing an id names in a draft. */
export type ThingKind = 'model' | 'dataset' | 'component' | 'service' | 'file';

/** Kinds of things by the definitions of the schema. */
export const THINGS = { Model: 'model', Dataset: 'dataset', Component: 'component', Service: 'service', Artifact: 'file' } as const;
const SECTIONS = { model: 'models', dataset: 'datasets', component: 'components', service: 'services', file: 'artifacts' } as const;

/** Puts a thing where it stands; that it is the subject's model, its id says, and that it is a file. */
export function putThing(draft: Draft, id: string, kind: ThingKind, thing: JsonObject): void {
  if (id === 'model') draft.model = thing;
  else objectAt(draft as Json, SECTIONS[kind])[kind === 'file' ? id.slice('file:'.length) : id] = thing;
}

/**
 * Puts edges that a document states natively where the manifest says them. What the things say of an edge by themselves (a parent
 * with its relation, a use with its split) is kept where the edge is there, and goes where it is not.
 */
export function putEdges(draft: Draft, edges: readonly Edge[], kindOf: (id: string) => ThingKind | undefined): void {
  const stated = new Set(edges.map(({ from, relation, to }) => key(from, family(relation), to)));
  const kept = new Set<string>();
  withdraw(draft, (from, relation, to) => {
    const name = key(from, family(relation), to);
    if (!stated.has(name)) return false;
    kept.add(name);
    return true;
  });
  for (const { from, relation, to } of edges) {
    if (kept.has(key(from, family(relation), to))) continue;
    kept.add(key(from, family(relation), to));
    place(draft, { from, relation, to }, kindOf);
  }
}

/** Relations that one place of a manifest may be written as: data that is used is one of the two. */
const family = (relation: Relation): string =>
  relation === 'trainedOn' || relation === 'testedOn' || relation === 'usesData' ? 'data' : relation;
const key = (...parts: readonly string[]): string => JSON.stringify(parts);

/** Takes out of a draft what it says of edges that do not hold. */
function withdraw(draft: Draft, holds: (from: string, relation: Relation, to: string) => boolean): void {
  for (const { from, relation, to, pointer } of edgesOf(draft as unknown as Manifest)) {
    if (pointer.endsWith('/artifacts')) continue;
    if (!holds(from, relation, to)) remove(draft, pointer, to);
  }
}

function remove(draft: Draft, pointer: string, to: string): void {
  const steps = parsePointer(pointer) ?? [];
  const path: Json[] = [draft as Json];
  for (const step of steps.slice(0, -1)) path.push(path[path.length - 1]?.[step] as Json); // `edgesOf` has just been there
  const last = steps[steps.length - 1] ?? '';
  const at = path[path.length - 1];
  const value = at?.[last];
  if (at === undefined) return;
  if (Array.isArray(value)) {
    const left = value.filter((each) => each !== to);
    if (left.length > 0) at[last] = left;
    else delete at[last];
  } else delete at[last];
  for (let i = path.length - 1; i > 0 && Object.keys(path[i] ?? {}).length === 0; i--) delete path[i - 1]?.[steps[i - 1] ?? ''];
}

function place(draft: Draft, { from, relation, to }: Omit<Edge, 'pointer'>, kindOf: (id: string) => ThingKind | undefined): void {
  const [source, target] = [kindOf(from), kindOf(to)];
  if (source === undefined || target === undefined) return;
  if (relation === 'contains' && target === 'file') {
    contain(draft, from, to.slice('file:'.length));
    return;
  }
  if (target === 'file' || source === 'file') return;
  const thing = drafted(draft, from);
  // What is a companion already, and lies in it as well, is said by a plain edge.
  const isPart = (): boolean => Object.values((thing.composition ?? {}) as Json).some((part) => (part as Json).model === to);
  if (relation === 'contains' && target === 'model' && (source === 'model' || source === 'component') && !isPart()) {
    putKeyed(thing, ['composition'], to, { model: to, relation: 'part' });
    return;
  }
  if (relation === 'descendantOf' && source === 'model' && target === 'model') {
    putKeyed(thing, ['lineage', 'parents'], to, { model: to, relation: 'derived' });
    return;
  }
  if (relation === 'descendantOf' && source === 'dataset' && target === 'dataset') {
    putKeyed(thing, ['sources'], to, { dataset: to });
    return;
  }
  if (family(relation) === 'data' && source === 'model' && target === 'dataset') {
    putKeyed(thing, ['training', 'uses'], to, { dataset: to, ...(relation === 'testedOn' ? { role: 'testing' } : {}) });
    return;
  }
  const node = objectAt(objectAt(draft as Json, 'dependencies'), from);
  const edges = objectAt(node, 'edges');
  const kind = WORDS.get(relation === 'usesData' ? 'dependsOn' : relation) ?? relation;
  edges[kind] = grown(edges[kind], to);
}

function contain(draft: Draft, from: string, path: string): void {
  const thing = drafted(draft, from);
  const { artifacts } = thing;
  if (!Array.isArray(artifacts) || !itemsOf(artifacts).has(path)) thing.artifacts = grown(artifacts, path);
}

/** Lists that were made here, with what is in them: they grow in place, since one thing may have a hundred thousand of something. */
const made = new WeakMap<readonly unknown[], Set<JsonValue>>();

const itemsOf = (list: readonly JsonValue[]): Set<JsonValue> => made.get(list) ?? new Set(list);

function grown(known: JsonValue | undefined, item: JsonValue): JsonValue {
  const given = (known as readonly JsonValue[] | undefined) ?? []; // a list of ids
  const items = itemsOf(given).add(item);
  const list = made.has(given) ? (given as JsonValue[]) : [...given]; // ours to change
  list.push(item);
  made.set(list, items);
  return list;
}

const drafted = (draft: Draft, id: string): Json =>
  id === 'model' ? objectAt(draft as Json, 'model') : ((thingOf(draft, id) ?? {}) as Json);

function objectAt(object: Json, name: string): Json {
  if (!Object.hasOwn(object, name)) object[name] = Object.create(null) as Json;
  return object[name] as Json; // made here, or by a reader of this folder
}

function putKeyed(thing: Json, path: readonly string[], id: string, value: Json): void {
  const map = path.reduce(objectAt, thing);
  map[freeKey(map, id)] = value;
}
