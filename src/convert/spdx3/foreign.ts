/**
 * What a document of another producer says beyond the manifest: the ids that it has for things, and the difference between
 * the elements that we would write and its own. Written out again, it gives the same elements.
 */

import type { JsonValue } from '../../core/canonical-json.js';
import { isObject, type Json, objectOf } from '../cyclonedx/json.js';
import { namesIn, packDifference, unpackDifference } from '../foreign.js';
import { inOrder } from '../order.js';
import { applyDifference, type Difference, diffNamed } from '../patch.js';
import { CREATION_INFO, idOf, sortNodes } from './graph.js';
import { OWN } from './ids.js';
import { listOf, type Source } from './source.js';
import type { Layout } from './write.js';

interface Foreign {
  /** The document's id for a thing, by ours without the id of the document. */
  readonly ids: Readonly<Record<string, string>>;
  readonly difference: Difference;
}

function parseForeign(value: unknown): Foreign | undefined {
  if (!isObject(value)) return undefined;
  const ids = value.ids === undefined ? {} : namesIn(value.ids);
  const difference = unpackDifference(value);
  return ids === undefined || difference === undefined ? undefined : { ids, difference };
}

/** Can what stands in a manifest be written? */
export const isForeign = (value: unknown): boolean => parseForeign(value) !== undefined;

type Tree = { readonly [id: string]: JsonValue };
const treeOf = (nodes: readonly Json[]): Tree => Object.fromEntries(nodes.map((node) => [idOf(node), node as JsonValue])); // plain JSON

/** Our elements with what the document said beyond them. Places that the manifest says differently by now stay as it says. */
export function applyForeign(
  nodes: readonly Json[],
  base: string,
  kept: unknown,
): { readonly nodes: readonly Json[]; readonly dropped: readonly string[] } {
  const foreign = parseForeign(kept);
  if (foreign === undefined) return { nodes, dropped: [] };
  const ids = new Map(Object.entries(foreign.ids).map(([name, id]): [string, string] => [name.startsWith('_:') ? name : base + name, id]));
  const { value, dropped } = applyDifference(treeOf(nodes.map((node) => rename(node, ids))), foreign.difference);
  const result = Object.values(objectOf(value)).filter(isObject);
  return { nodes: sortNodes(withoutGone(result, [...ids.values()])), dropped };
}

/** Leaves out mentions of elements that were the manifest's and are not there any more. */
function withoutGone(nodes: readonly Json[], ids: readonly string[]): readonly Json[] {
  const there = new Set(nodes.map(idOf));
  const gone = new Set(ids.filter((id) => !there.has(id)));
  if (gone.size === 0) return nodes;
  return nodes.flatMap((node) => {
    if (gone.has(String(node.from))) return [];
    const lists = ['to', 'element', 'rootElement'].filter((key) => Array.isArray(node[key]));
    const kept = Object.fromEntries(lists.map((key) => [key, listOf(node[key]).filter((id) => !gone.has(String(id)))]));
    return Array.isArray(kept.to) && kept.to.length === 0 ? [] : [{ ...node, ...kept }];
  });
}

/** What a document says beyond the elements that its manifest gives; undefined when nothing. */
export function findForeign(native: readonly Json[], base: string, source: Source, layout: Layout): JsonValue | undefined {
  const ids = knownIds(base, source, layout);
  const theirs = sortNodes([...source.nodes.values()]);
  let ours = native.map((node) => rename(node, ids));
  // Licences and parties first, so that relationships to them match then.
  for (let round = 0; round < 2; round++) {
    const more = matchByContent(ours, theirs, base);
    for (const [from, to] of more) ids.set(from, to);
    if (more.size > 0) ours = ours.map((node) => rename(node, more));
  }
  const packed = packDifference(diffNamed(treeOf(ours), treeOf(theirs)));
  const named = [...ids]
    .filter(([from, to]) => from !== to)
    .map(([from, to]): [string, string] => [from.startsWith('_:') ? from : from.slice(base.length), to]);
  if (Object.keys(packed).length === 0 && named.length === 0) return undefined;
  return { ...(named.length > 0 ? { ids: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))) } : {}), ...packed };
}

function knownIds(base: string, source: Source, { names = {} }: Layout): Map<string, string> {
  const ids = new Map(Object.entries(names).map(([id, iri]): [string, string] => [`${base}#${encodeURIComponent(id)}`, iri]));
  const [document] = source.ofType('SpdxDocument');
  const [sbom] = source.ofType('software_Sbom');
  if (document !== undefined) ids.set(base, idOf(document));
  if (sbom !== undefined) ids.set(`${base}#${OWN}sbom`, idOf(sbom));
  const creation = (document ?? sbom)?.creationInfo;
  if (typeof creation === 'string') ids.set(CREATION_INFO, creation);
  return ids;
}

/** Elements that have the same content under an id that we made up and under one of the document. */
function matchByContent(ours: readonly Json[], theirs: readonly Json[], base: string): ReadonlyMap<string, string> {
  const mine = new Set(ours.map(idOf));
  const open = ours.filter((node) => idOf(node).startsWith(`${base}#${OWN}`));
  const types = new Set(open.map(({ type }) => type));
  const byContent = new Map<string, string>();
  for (const node of theirs) if (types.has(node.type) && !mine.has(idOf(node))) byContent.set(contentOf(node), idOf(node));
  const matches = new Map<string, string>();
  for (const node of open) {
    const content = contentOf(node);
    const match = byContent.get(content);
    if (match === undefined) continue;
    matches.set(idOf(node), match);
    byContent.delete(content);
  }
  return matches;
}

const contentOf = ({ spdxId: _spdxId, '@id': _id, ...content }: Json): string => JSON.stringify(inOrder(content));

function rename(node: Json, ids: ReadonlyMap<string, string>): Json {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(walk);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)])) : value;
  };
  return ids.size === 0 ? node : (walk(node) as Json); // objects stay objects
}
