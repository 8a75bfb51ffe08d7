/** What can be settled only when everything is there: who was trained on what, and names and statements that lead nowhere. */
import type { Finding } from '../core/finding.js';
import { uniqueId } from '../core/id.js';
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import {
  type CollectionName,
  type DatasetUse,
  type Evidence,
  type EvidenceValue,
  type Manifest,
  type ReferenceAt,
  referencesIn,
} from '../schema/index.js';
import { leftOut } from './document.js';

/** The manifest with its loose ends tied, and what had to be left out for it. */
export function closed({ evidence: told = [], ...all }: Manifest): { readonly manifest: Manifest; readonly findings: readonly Finding[] } {
  const { uses, manifest: used } = withRoleUses(all);
  const { lost, manifest } = withoutUnresolved(used);
  const evidence = settledEvidence(told, manifest, uses);
  return {
    manifest: { ...manifest, ...(evidence.length > 0 ? { evidence } : {}) },
    findings: [...new Set(lost)].sort().map(leftOut),
  };
}

/** What a use without a role may have been for. */
const IN_TRAINING = ['training', 'pretraining', 'finetuning', 'alignment', 'validation'];
const IN_TESTS = ['validation', 'testing', 'calibration'];

type Uses = { readonly [key: string]: DatasetUse };

/** Uses that follow from the roles of a dataset, by its id: where they stand. */
type RoleUses = ReadonlyMap<string, readonly string[]>;

/** Roles for which no use speaks become uses of the training, where the dataset is used at all: roles and uses must agree. */
function withRoleUses(manifest: Manifest): { readonly manifest: Manifest; readonly uses: RoleUses } {
  const { model, models = {}, datasets = {} } = manifest;
  const places = new Map<string, string[]>();
  if (model === undefined) return { manifest, uses: places };
  const possible = possibleRoles(manifest, [model, ...Object.values(models)]);
  const uses: { [key: string]: DatasetUse } = { ...model.training?.uses };
  const taken = new Set(Object.keys(uses));
  for (const [id, { roles = [] }] of Object.entries(datasets))
    for (const role of roles) {
      const known = possible.get(id);
      if (known === undefined || role === 'grounding' || known.has(role)) continue;
      const key = uniqueId(id, taken);
      uses[key] = { dataset: id, role };
      places.set(id, [...(places.get(id) ?? []), `/model/training/uses${pointerStep(key)}`]);
    }
  return {
    manifest: places.size === 0 ? manifest : { ...manifest, model: { ...model, training: { ...model.training, uses } } },
    uses: places,
  };
}

/** Roles of each dataset that is used, for which a use of it may speak. */
function possibleRoles(
  { evaluations = {}, robustnessTests = {} }: Manifest,
  models: readonly NonNullable<Manifest['model']>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const possible = new Map<string, Set<string>>();
  const add = (uses: Uses = {}, roles: readonly string[]): void => {
    for (const { dataset } of Object.values(uses)) possible.set(dataset, new Set([...(possible.get(dataset) ?? []), ...roles]));
  };
  for (const { training } of models) {
    add(training?.uses, IN_TRAINING);
    for (const { uses } of Object.values(training?.stages ?? {})) add(uses, IN_TRAINING);
  }
  for (const { uses } of [...Object.values(evaluations), ...Object.values(robustnessTests)]) add(uses, IN_TESTS);
  return possible;
}

/** Statements of what is there, those of a dataset and its roles also of the uses that follow from them. Sources that are no files here are called by name. */
function settledEvidence(evidence: readonly Evidence[], manifest: Manifest, uses: RoleUses): Evidence[] {
  const { artifacts = {} } = manifest;
  return evidence.flatMap((entry): Evidence[] => {
    const values: [string, EvidenceValue][] = Object.entries(entry.values).filter(
      ([pointer]) => resolvePointer(manifest, pointer) !== undefined,
    );
    for (const [id, places] of uses)
      for (const at of [`/datasets/${id}`, `/datasets/${id}/roles`]) {
        const value = Object.hasOwn(entry.values, at) ? entry.values[at] : undefined;
        if (value !== undefined) for (const place of places) values.push([place, value]);
      }
    const { path, ...source } = entry.source ?? {};
    const isHere = path === undefined || Object.hasOwn(artifacts, path);
    if (values.length === 0) return [];
    return [{ ...entry, ...(isHere ? {} : { source: { name: path, ...source } }), values: Object.fromEntries(values) }];
  });
}

/** The manifest without references to things that it does not have, and where they were. */
function withoutUnresolved(manifest: Manifest): { readonly manifest: Manifest; readonly lost: readonly string[] } {
  const isKnown = (collection: CollectionName, id: string): boolean => Object.hasOwn(manifest[collection] ?? {}, id);
  const unresolved = referencesIn(manifest).filter(
    ({ row, value }) =>
      row.beside === undefined &&
      !row.in.some((collection) => isKnown(collection, value)) &&
      !(row.subject === true && value === 'model' && manifest.model !== undefined),
  );
  if (unresolved.length === 0) return { manifest, lost: [] };
  const cuts: Cuts = new Map();
  const lost: string[] = [];
  for (const each of unresolved) {
    const { pointer } = each;
    const holder = pointer.slice(0, pointer.lastIndexOf('/'));
    if (isNameable(each)) {
      cut(cuts, holder, called);
      continue;
    }
    lost.push(pointer);
    cut(cuts, WHOLE.has(each.member) ? holder : pointer, () => undefined);
  }
  return { manifest: cutOut(manifest, cuts) as Manifest, lost }; // the document itself has members that are no references
}

/** What is nothing without the thing that it names. */
const WHOLE: ReadonlySet<string> = new Set(['DatasetUse.dataset', 'ParentReference.model', 'PartReference.model']);

/** Can it be called by the path that it cannot have here? Files of a dataset that is a part are none of the document. */
const isNameable = ({ member, place }: ReferenceAt): boolean =>
  member === 'Reference.path' && isObject(place.parent?.value) && place.parent.value.title === undefined;

function called(reference: unknown): unknown {
  const { path, ...rest } = reference as { readonly path: string }; // a reference with a path
  return { ...rest, title: path };
}

type Change = (value: unknown) => unknown;
/** What is to be changed in a value, by the keys that lead there. */
type Cuts = Map<string, Cuts | Change>;

function cut(cuts: Cuts, pointer: string, change: Change): void {
  const keys = parsePointer(pointer) ?? [];
  const last = keys.pop() ?? '';
  let at = cuts;
  for (const key of keys) {
    const next = at.get(key);
    if (typeof next === 'function') return;
    const inner: Cuts = next ?? new Map();
    at.set(key, inner);
    at = inner;
  }
  at.set(last, change);
}

/** The value with its changes made, and without what holds nothing then. */
function cutOut(value: unknown, cuts: Cuts): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const change = cuts.get(key);
    const after = change === undefined ? member : typeof change === 'function' ? change(member) : cutOut(member, change);
    return after === undefined ? [] : [[key, after] as const];
  });
  if (kept.length === 0) return undefined;
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}
