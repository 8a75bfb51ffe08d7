import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { SEVERITIES, type Severity } from '../core/finding.js';
import { parsePointer, pointerStep } from '../core/json-pointer.js';
import { isList, isObject, own, sameJson } from '../core/objects.js';
import { compareCodePoints } from '../core/source-tree.js';
import { type Evidence, isOrdered, type Manifest, type TypeName } from '../schema/index.js';
import { type ChangeArea, weightOf } from './areas.js';
import { contradictions } from './evidence.js';
import { matchIds } from './match.js';
import { renameIds } from './references.js';
import { shapeIn, typeOf } from './shape.js';

export type { ChangeArea } from './areas.js';

/** One difference between two manifests. */
export interface ManifestChange {
  readonly area: ChangeArea;
  /** `contradicted`: a source says something else now, `agreed`: none does any more; the value itself may be the same. */
  readonly kind: 'added' | 'removed' | 'changed' | 'contradicted' | 'agreed';
  /** `high`: another model, other rights or other data; `medium`: behaviour may differ; `low` and `info`: paperwork. */
  readonly severity: Severity;
  /** Into the new manifest; for what was removed, into the old one with the ids of the new. */
  readonly pointer: string;
  /** What changed, by name where the thing has one. */
  readonly label: string;
  readonly before?: JsonValue;
  /** For `contradicted`, what the source says. */
  readonly after?: JsonValue;
}

/**
 * What changed from one manifest to another, most serious first. Things are the same by what they are, whatever their ids: by purl, then
 * digest, then name and version, then name. Order alone is no change. Evidence that changes without its values is told as such (area
 * `evidence`), and so are contradictions that appear or go.
 */
export function diffManifests(before: Manifest, after: Manifest): readonly ManifestChange[] {
  const [old = before] = renameIds(before, matchIds(after, before, { successors: true })) as readonly Manifest[];
  const changes: ManifestChange[] = [];
  const { evidence: oldEvidence = [], ...oldRest } = old;
  const { evidence: newEvidence = [], ...newRest } = after;
  // A manifest is JSON; the generated interfaces have no index signature.
  const place = { pointer: '', shape: 'Manifest', member: '', label: '', document: after, other: old };
  compare(oldRest as unknown as JsonValue, newRest as unknown as JsonValue, place, changes);
  compareContradictions(old, after, place, changes);
  compareEvidence(oldEvidence, newEvidence, changes);
  return changes.sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || compareCodePoints(a.pointer, b.pointer));
}

interface Place {
  readonly pointer: string;
  readonly shape: string;
  /** `Type.member`. */
  readonly member: string;
  readonly label: string;
  readonly document: Manifest;
  readonly other: Manifest;
}

function compare(before: JsonValue | undefined, after: JsonValue | undefined, place: Place, changes: ManifestChange[]): void {
  if (sameJson(before, after)) return;
  const [old, now] = [isObject(before) ? before : undefined, isObject(after) ? after : undefined];
  // A whole map that came or went is told entry by entry.
  if ((old && now) || (place.shape.startsWith('{}') && (old ?? now))) compareMembers(old ?? {}, now ?? {}, place, changes);
  else if (!isSameSet(before, after, place)) changes.push(change(before, after, place));
}

function isSameSet(before: JsonValue | undefined, after: JsonValue | undefined, { member, shape }: Place): boolean {
  const [type = '', name = ''] = member.split('.');
  if (!shape.startsWith('[]') || isOrdered(type as TypeName, name) || !isList(before) || !isList(after)) return false; // a type, as its member has a shape
  const [a, b] = [new Set(before.map(canonicalize)), new Set(after.map(canonicalize))];
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function compareMembers(
  before: { readonly [key: string]: JsonValue },
  after: { readonly [key: string]: JsonValue },
  place: Place,
  changes: ManifestChange[],
): void {
  const isType = typeOf(place.shape) !== undefined;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [own(before, key), own(after, key)];
    const inner = {
      ...place,
      pointer: place.pointer + pointerStep(key),
      shape: shapeIn(place.shape, key),
      member: isType ? `${place.shape}.${key}` : place.member,
      label: joined(place.label, isType ? key : nameOf(now ?? old, key)),
    };
    compare(old, now, inner, changes);
  }
}

/** A thing's own name, where its key is not it. */
const nameOf = (item: JsonValue | undefined, key: string): string =>
  isObject(item) && typeof item.name === 'string' && item.name !== '' ? item.name : key;

const joined = (label: string, part: string): string => (label === '' ? part : `${label} › ${part}`);

function change(before: JsonValue | undefined, after: JsonValue | undefined, place: Place): ManifestChange {
  return {
    ...weightAt(place.pointer, place),
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    pointer: place.pointer,
    label: place.label,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function weightAt(pointer: string, { document, other }: Pick<Place, 'document' | 'other'>): { area: ChangeArea; severity: Severity } {
  const [collection, path = ''] = parsePointer(pointer) ?? [];
  const file = collection === 'artifacts' ? (own(document.artifacts, path) ?? own(other.artifacts, path)) : undefined;
  return weightOf(pointer, file?.role);
}

/** Contradictions that one of the two has and the other has not; a contradiction is as serious as a change of the value. */
function compareContradictions(before: Manifest, after: Manifest, place: Place, changes: ManifestChange[]): void {
  const [old, now] = [saidIn(before), saidIn(after)];
  for (const [others, own, kind] of [
    [old, now, 'contradicted'],
    [now, old, 'agreed'],
  ] as const) {
    for (const [key, { pointer, value, said }] of own) {
      if (others.has(key)) continue;
      changes.push({
        ...weightAt(pointer, place),
        kind,
        pointer,
        label: (parsePointer(pointer) ?? []).join(' › '),
        ...(value === undefined ? {} : { before: value }),
        after: said,
      });
    }
  }
}

interface Said {
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  readonly said: JsonValue;
}

const saidIn = (manifest: Manifest): ReadonlyMap<string, Said> =>
  new Map(
    contradictions(manifest).flatMap(({ pointer, value, dissents }) =>
      dissents.map(({ said }): [string, Said] => [
        canonicalize([pointer, said]),
        { pointer, value: value as JsonValue | undefined, said: said as JsonValue }, // of a manifest, which is JSON
      ]),
    ),
  );

/** One change for all that was said about a value by other sources, or in another way. */
function compareEvidence(before: readonly Evidence[], after: readonly Evidence[], changes: ManifestChange[]): void {
  const [old, now] = [statementsIn(before), statementsIn(after)];
  for (const pointer of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(pointer), now.get(pointer)];
    if (a !== undefined && b !== undefined && a.size === b.size && [...a].every((each) => b.has(each))) continue;
    changes.push({
      area: 'evidence',
      severity: 'info',
      kind: a === undefined ? 'added' : b === undefined ? 'removed' : 'changed',
      pointer: `/evidence/-/values${pointerStep(pointer)}`,
      label: joined('evidence', (parsePointer(pointer) ?? []).join(' › ')),
    });
  }
}

function statementsIn(entries: readonly Evidence[]): ReadonlyMap<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { values, ...head } of entries) {
    const source = canonicalize(head);
    for (const [pointer, value] of Object.entries(values)) {
      const there = found.get(pointer) ?? new Set();
      found.set(pointer, there.add(source + canonicalize(value)));
    }
  }
  return found;
}
