import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { toPointer } from '../core/json-pointer.js';
import type { Evidence, Manifest } from '../schema/index.js';
import { groupEvidence, remapEvidence } from './evidence.js';
import { hasIdentity, identityOf, indexByIdentity } from './identity.js';
import { renameIds } from './references.js';

export interface MergeResult {
  readonly manifest: Manifest;
  /** Where the two disagree: the first one's value was kept. */
  readonly conflicts: readonly Finding[];
}

/** A manifest or a piece of one. */
export type ManifestPart = Partial<Manifest>;

interface Run {
  readonly conflicts: Finding[];
  /** Where each value of the second document ended up, when its pointer changed. */
  readonly moved: Map<string, string>;
}

/**
 * Joins a second manifest into a first. Objects are joined member by member, lists item by item (artifacts by path,
 * datasets by name, components by purl and so on). Where both say something different, the first wins and the
 * disagreement is reported; nothing is dropped in silence. Evidence follows its values. Ids of the second that mean
 * another thing in the first get a new name.
 */
export function mergeManifests(first: Manifest, second: ManifestPart): MergeResult {
  const run: Run = { conflicts: [], moved: new Map() };
  const { evidence: firstEvidence = [], bom, ...firstRest } = first;
  const { evidence: secondEvidence = [], bom: secondBom, $schema: _schema, ...secondRest } = withoutClashes(first, second);
  const merged = mergeObjects(firstRest as JsonObject, secondRest as JsonObject, '', '', run);
  const joined = { ...bom, ...mergeBom(bom, secondBom, run) };
  const evidence: Evidence[] = groupEvidence([...firstEvidence, ...remapEvidence(secondEvidence, run.moved)]);
  const { $schema, ...rest } = merged;
  const manifest = { ...($schema === undefined ? {} : { $schema }), bom: joined, ...rest, ...(evidence.length > 0 ? { evidence } : {}) };
  // Both parts met the schema's types; joining members and items keeps them.
  return { manifest: manifest as unknown as Manifest, conflicts: run.conflicts };
}

type JsonObject = { readonly [key: string]: JsonValue };

/** Of the second document's own data only authors, tools, declarations and revisions add to the first's. */
function mergeBom(first: Manifest['bom'], second: ManifestPart['bom'], run: Run): Partial<Manifest['bom']> {
  if (second === undefined) return {};
  const { authors, tools, declarations } = second;
  const added = { ...(authors && { authors }), ...(tools && { tools }), ...(declarations && { declarations }) };
  return mergeObjects(first as unknown as JsonObject, added as unknown as JsonObject, '/bom', 'bom', run) as unknown as Partial<
    Manifest['bom']
  >;
}

function mergeValues(first: JsonValue, second: JsonValue, pointer: string, key: string, run: Run): JsonValue {
  if (isList(first) && isList(second)) return mergeLists(first, second, pointer, key, run);
  if (isObject(first) && isObject(second)) return mergeObjects(first, second, pointer, key, run);
  if (canonicalize(first) !== canonicalize(second)) run.conflicts.push(conflict(pointer, first, second));
  return first;
}

function mergeObjects(first: JsonObject, second: JsonObject, pointer: string, _key: string, run: Run): JsonObject {
  const merged: Record<string, JsonValue> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const mine = merged[key];
    merged[key] = mine === undefined ? value : mergeValues(mine, value, pointer + toPointer([key]), key, run);
  }
  return merged;
}

function mergeLists(first: readonly JsonValue[], second: readonly JsonValue[], pointer: string, key: string, run: Run): JsonValue {
  const merged = [...first];
  const places = indexByIdentity(key, first, 'exact');
  for (const [identity, index] of indexByIdentity(key, second, 'exact')) {
    const item = second[index] as JsonValue; // the map holds indices of this list
    const place = places.get(identity);
    const target = place ?? merged.length;
    if (target !== index) run.moved.set(`${pointer}/${index}`, `${pointer}/${target}`);
    if (place === undefined) merged.push(item);
    else if (hasIdentity(key)) merged[place] = mergeValues(merged[place] as JsonValue, item, `${pointer}/${place}`, key, run); // as above
  }
  return merged;
}

/** Renames ids of the second document that the first uses for something else. */
function withoutClashes(first: Manifest, second: ManifestPart): ManifestPart {
  const mine = identifiedThings(first);
  const names = new Map<string, string>();
  const taken = new Set([...mine.keys(), ...identifiedThings(second).keys()]);
  for (const [id, identity] of identifiedThings(second)) {
    if (!mine.has(id) || mine.get(id) === identity) continue;
    let number = 2;
    while (taken.has(`${id}-${number}`)) number++;
    names.set(id, `${id}-${number}`);
    taken.add(`${id}-${number}`);
  }
  return renameIds(second, names);
}

/** What each id of a document names: its list and its identity there. */
function identifiedThings(document: ManifestPart): Map<string, string> {
  const things = new Map<string, string>();
  const lists: readonly (readonly [string, readonly unknown[] | undefined])[] = [
    ['parties', document.parties],
    ['datasets', document.datasets],
    ['components', document.components],
    ['environments', document.environments],
    ['adapters', document.adapters],
    ['services', document.services],
    ['artifacts', document.artifacts],
    ['evaluations', document.evaluations],
    ['robustnessTests', document.robustnessTests],
    ['ancestors', document.lineage?.ancestors],
  ];
  for (const [list, items] of lists) {
    for (const item of items ?? []) {
      const id = (item as { readonly id?: string }).id;
      if (id !== undefined) things.set(id, `${list}\u0000${identityOf(list, item, 'exact')}`);
    }
  }
  return things;
}

function conflict(pointer: string, kept: JsonValue, other: JsonValue): Finding {
  return {
    id: 'merge-conflict',
    severity: 'medium',
    pointer,
    message: `two sources disagree: ${excerpt(kept)} was kept, ${excerpt(other)} was not`,
    fix: 'Decide which is right and correct the other source.',
  };
}

function excerpt(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
