/**
 * A model with the sections of the manifest that speak of it beside its own members: other standards have both on one element.
 * `frameOf` and `unframe` are inverses.
 */

import type { JsonValue } from '../core/canonical-json.js';
import { uniqueId } from '../core/id.js';
import type { Manifest } from '../schema/index.js';
import { json, nonEmpty, objectOf, pick } from './cyclonedx/json.js';
import type { Draft } from './graph.js';
import type { Json } from './mapping/block.js';
import { without } from './mapping/row.js';

/** Sections that speak of the subject. Of evaluations and tests each names its model. */
const OF_SUBJECT = ['usage', 'risk', 'security', 'governance', 'documents', 'distribution', 'provenance'] as const;
const BY_MODEL = ['evaluations', 'robustnessTests'] as const;
export const FRAMED: ReadonlySet<string> = new Set([...OF_SUBJECT, ...BY_MODEL]);

/** The model `id` of a manifest or draft with what is said of it elsewhere; `subject` when it is what the document is about. */
export function frameOf(manifest: Manifest | Draft, id: string, model: Json, isSubject: boolean): Json {
  const sections = manifest as Json;
  const of = (section: string): JsonValue | undefined =>
    json(
      nonEmpty(
        Object.fromEntries(Object.entries(objectOf(sections[section])).filter(([, each]) => (objectOf(each).model ?? 'model') === id)),
      ),
    );
  return {
    ...model,
    ...(isSubject ? (pick(Object.fromEntries(OF_SUBJECT.map((section) => [section, sections[section]]))) as Json) : {}),
    ...(pick(Object.fromEntries(BY_MODEL.map((section) => [section, of(section)]))) as Json),
  };
}

/** Puts the sections of a frame where they belong; answers the model itself. */
export function unframe(draft: Draft, id: string, frame: Json): Json {
  const model: { [member: string]: JsonValue } = {};
  for (const [member, value] of Object.entries(frame)) {
    if (!FRAMED.has(member)) model[member] = value;
    else if (!(BY_MODEL as readonly string[]).includes(member)) draft[member] = value;
  }
  for (const section of BY_MODEL) {
    const all = Object.entries(objectOf(draft[section]) as Json).filter(([, each]) => (objectOf(each).model ?? 'model') !== id);
    const taken = new Set(all.map(([key]) => key));
    for (const [key, each] of Object.entries(objectOf(frame[section]) as Json)) {
      all.push([uniqueId(key, taken), id === 'model' ? each : ({ ...objectOf(each), model: id } as Json)]);
    }
    if (all.length > 0) draft[section] = Object.fromEntries(all);
    else delete draft[section];
  }
  return model;
}

/** The sections of what is left of a frame, laid over those of other frames. */
export function leftOf(frame: Json, isSubject: boolean, left: { [section: string]: JsonValue }): void {
  if (isSubject) for (const section of OF_SUBJECT) if (frame[section] !== undefined) left[section] = frame[section];
  for (const section of BY_MODEL)
    if (frame[section] !== undefined) left[section] = { ...objectOf(left[section]), ...objectOf(frame[section]) } as Json;
}

/** Sections that are things, and those that other standards have members for. */
const APART: ReadonlySet<string> = new Set(
  '$schema bom model models datasets artifacts components services dependencies evidence foreign'.split(' '),
);

/**
 * What is said of the whole document and not by its elements: sections about no thing, what frames have left (`leftOf`), and what
 * is left of the document's own data (`bom`). Vulnerabilities are elements there.
 */
export function restOf(
  { manifest, subject, left }: { readonly manifest: Manifest; readonly subject: string; readonly left: Json },
  bom: Json,
): Json {
  const isLeft = (section: string): boolean =>
    subject === 'model' ? FRAMED.has(section) : (BY_MODEL as readonly string[]).includes(section);
  const others = Object.entries(manifest as unknown as Json).filter(([section]) => !APART.has(section) && !isLeft(section));
  return without({ bom, ...Object.fromEntries(others), ...left }, ['security', 'vulnerabilities']);
}
