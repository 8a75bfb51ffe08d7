import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { SEVERITIES, type Severity } from '../core/finding.js';
import { toPointer } from '../core/json-pointer.js';
import type { Artifact, Manifest } from '../schema/index.js';
import { indexByIdentity } from './identity.js';

/** What part of the model a change touches. */
export type ChangeArea =
  | 'weights'
  | 'code'
  | 'files'
  | 'identity'
  | 'licences'
  | 'lineage'
  | 'data'
  | 'training'
  | 'hyperparameters'
  | 'metrics'
  | 'components'
  | 'environment'
  | 'security'
  | 'governance'
  | 'document'
  | 'other';

/** One difference between two manifests. */
export interface ManifestChange {
  readonly area: ChangeArea;
  readonly kind: 'added' | 'removed' | 'changed';
  /** `high`: another model, other rights or other data; `medium`: behaviour may differ; `low` and `info`: paperwork. */
  readonly severity: Severity;
  /** Into the new manifest, or into the old one for what was removed. */
  readonly pointer: string;
  /** What changed, by name where the thing has one. */
  readonly label: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

interface Rule {
  readonly pattern: RegExp;
  readonly area: ChangeArea;
  readonly severity: Severity;
}

/** First match decides. Pointers have `*` for list indices. */
const RULES: readonly Rule[] = [
  { pattern: /\/licenses(\/|$)/, area: 'licences', severity: 'high' },
  { pattern: /^\/lineage\/(ancestors|relation)/, area: 'lineage', severity: 'high' },
  { pattern: /^\/lineage/, area: 'lineage', severity: 'medium' },
  { pattern: /^\/adapters/, area: 'lineage', severity: 'high' },
  { pattern: /^\/model\/rootDigest/, area: 'weights', severity: 'medium' },
  { pattern: /^\/model\/(parameterCount|architecture|quantization)/, area: 'weights', severity: 'high' },
  { pattern: /^\/model\/remoteCode/, area: 'code', severity: 'high' },
  { pattern: /^\/model\/(name|group|version|identifiers|producer|supplier)/, area: 'identity', severity: 'medium' },
  { pattern: /^\/model/, area: 'identity', severity: 'low' },
  { pattern: /^\/artifacts\/\*\/(inspection|metadata|note|properties|producers|requires|format|tensors)/, area: 'files', severity: 'low' },
  { pattern: /^\/datasets(\/\*)?$/, area: 'data', severity: 'high' },
  { pattern: /^\/datasets\/\*\/(digest|files|snapshot|version|personalData|roles)/, area: 'data', severity: 'high' },
  { pattern: /^\/datasets/, area: 'data', severity: 'medium' },
  { pattern: /^\/training\/(.*\/)?hyperparameters/, area: 'hyperparameters', severity: 'medium' },
  { pattern: /^\/training\/code/, area: 'training', severity: 'medium' },
  { pattern: /^\/training/, area: 'training', severity: 'low' },
  { pattern: /^\/(evaluations|robustnessTests)/, area: 'metrics', severity: 'medium' },
  { pattern: /^\/security/, area: 'security', severity: 'medium' },
  { pattern: /^\/(components|dependencies)/, area: 'components', severity: 'medium' },
  { pattern: /^\/environments/, area: 'environment', severity: 'low' },
  { pattern: /^\/usage\/prohibited/, area: 'governance', severity: 'medium' },
  { pattern: /^\/(usage|governance|risk|attestations|distribution|system|services)/, area: 'governance', severity: 'low' },
  { pattern: /^\/(bom|\$schema|evidence|foreign|extensions)/, area: 'document', severity: 'info' },
];

/** What of an artifact says that its bytes, or their meaning, are others. */
const BYTES = /^\/artifacts\/\*(\/(digest|size|role|pointer|chatTemplates).*)?$/;

/** By the role of the file that was added, removed or has other bytes. */
const ROLES: Readonly<Record<NonNullable<Artifact['role']>, Pick<Rule, 'area' | 'severity'>>> = {
  weights: { area: 'weights', severity: 'high' },
  adapter: { area: 'weights', severity: 'high' },
  checkpoint: { area: 'weights', severity: 'high' },
  code: { area: 'code', severity: 'high' },
  template: { area: 'code', severity: 'high' },
  archive: { area: 'files', severity: 'high' },
  container: { area: 'files', severity: 'high' },
  config: { area: 'files', severity: 'medium' },
  tokenizer: { area: 'files', severity: 'medium' },
  index: { area: 'files', severity: 'medium' },
  optimizerState: { area: 'files', severity: 'medium' },
  data: { area: 'data', severity: 'medium' },
  license: { area: 'licences', severity: 'high' },
  signature: { area: 'files', severity: 'low' },
  document: { area: 'files', severity: 'low' },
  other: { area: 'files', severity: 'medium' },
};

/**
 * What changed from one manifest to another, most serious first. Items of lists are paired by what they are (artifacts
 * by path, components by name, datasets by name, metrics by name and slice), so order alone is no change.
 */
export function diffManifests(before: Manifest, after: Manifest): readonly ManifestChange[] {
  const changes: ManifestChange[] = [];
  // A manifest is JSON; the generated interfaces have no index signature.
  compare(before as unknown as JsonValue, after as unknown as JsonValue, { path: [], rule: '', label: '', role: undefined }, changes);
  return changes.sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (a.pointer < b.pointer ? -1 : 1));
}

interface Place {
  readonly path: readonly (string | number)[];
  /** The path with `*` for indices. */
  readonly rule: string;
  readonly label: string;
  /** Role of the artifact that the place is in. */
  readonly role: Artifact['role'];
}

type JsonObject = { readonly [key: string]: JsonValue };

function compare(before: JsonValue | undefined, after: JsonValue | undefined, place: Place, changes: ManifestChange[]): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined || after === undefined) expand(before, after, place, changes);
  else if (isList(before) && isList(after)) compareLists(before, after, place, changes);
  else if (isObject(before) && isObject(after)) compareObjects(before, after, place, changes);
  else if (canonicalize(before) !== canonicalize(after)) changes.push(change(before, after, place));
}

/** A whole list that came or went is told item by item. */
function expand(before: JsonValue | undefined, after: JsonValue | undefined, place: Place, changes: ManifestChange[]): void {
  const list = isList(before) ? before : isList(after) ? after : undefined;
  if (list === undefined || !list.some(isObject)) changes.push(change(before, after, place));
  else if (isList(before)) compareLists(before, [], place, changes);
  else compareLists([], list, place, changes);
}

function compareObjects(before: JsonObject, after: JsonObject, place: Place, changes: ManifestChange[]): void {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) {
    compare(
      before[key],
      after[key],
      { ...place, path: [...place.path, key], rule: `${place.rule}/${key}`, label: join(place.label, key) },
      changes,
    );
  }
}

function compareLists(before: readonly JsonValue[], after: readonly JsonValue[], place: Place, changes: ManifestChange[]): void {
  const list = String(place.path.at(-1));
  const left = indexByIdentity(list, before, 'loose');
  const right = indexByIdentity(list, after, 'loose');
  for (const [key, index] of left) {
    const other = right.get(key);
    const old = before[index] as JsonValue; // the map holds indices of this list
    compare(old, other === undefined ? undefined : after[other], within(place, other ?? index, old), changes);
  }
  for (const [key, index] of right) {
    const item = after[index] as JsonValue; // as above
    if (!left.has(key)) compare(undefined, item, within(place, index, item), changes);
  }
}

function within(place: Place, index: number, item: JsonValue): Place {
  const named = isObject(item) ? (item.path ?? item.name ?? item.expression ?? item.id ?? item.pointer ?? item.ref ?? item.type) : item;
  return {
    path: [...place.path, index],
    rule: `${place.rule}/*`,
    label: join(place.label, typeof named === 'object' || named === undefined ? String(index) : String(named)),
    role: place.rule === '/artifacts' && isObject(item) ? ((item.role as Artifact['role']) ?? 'other') : place.role,
  };
}

function change(before: JsonValue | undefined, after: JsonValue | undefined, place: Place): ManifestChange {
  return {
    ...classify(place),
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    pointer: toPointer(place.path),
    label: place.label,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function classify({ rule, role }: Place): Pick<Rule, 'area' | 'severity'> {
  if (role !== undefined && BYTES.test(rule)) return ROLES[role];
  const { area, severity } = RULES.find(({ pattern }) => pattern.test(rule)) ?? { area: 'other', severity: 'low' };
  return { area, severity };
}

const join = (label: string, part: string): string => (label === '' ? part : `${label} › ${part}`);
const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
