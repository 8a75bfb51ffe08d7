/**
 * What a document of another producer says beyond the manifest: the ids that it has for things, and the difference between
 * the elements that we would write and its own. Written out again, it gives the same elements.
 */
import type { JsonValue } from '../../core/canonical-json.js';
import { applyEdit, diff, stableText } from '../edits.js';
import { type PackedEdit, packEdit, unpackEdit } from '../packed-edit.js';
import { isObject, type Json } from './fields.js';
import { CREATION_INFO, idOf, sortNodes } from './graph.js';
import { encodeName, OWN } from './ids.js';
import type { Native, NativeReading } from './native.js';
import { listOf, type Source } from './source.js';

export interface ForeignSPDX {
  /** The document's id for a thing, by ours without the id of the document. */
  readonly ids?: Readonly<Record<string, string>>;
  /** From our elements, by id, to those of the document. */
  readonly edits?: PackedEdit;
}

/** `foreign.spdx` where it is of this form. */
export function asForeign(value: unknown): ForeignSPDX | undefined {
  if (!isObject(value)) return undefined;
  const { ids, edits, ...rest } = value;
  const isIds = ids === undefined || (isObject(ids) && Object.values(ids).every((id) => typeof id === 'string'));
  return isIds && (edits === undefined || unpackEdit(edits) !== undefined) && Object.keys(rest).length === 0
    ? (value as ForeignSPDX)
    : undefined; // just checked
}

type Tree = Readonly<Record<string, Json>>;
const treeOf = (nodes: readonly Json[]): Tree => Object.fromEntries(nodes.map((node) => [idOf(node), node]));

/** Our elements with what the document said beyond them. */
export function applyForeign({ nodes, base, root }: Native, foreign: ForeignSPDX | undefined): Native {
  if (foreign === undefined) return { nodes, base, root };
  const ids = new Map(
    Object.entries(foreign.ids ?? {}).map(([name, id]): [string, string] => [name.startsWith('_:') ? name : base + name, id]),
  );
  const renamed = treeOf(nodes.map((node) => rename(node, ids)));
  const edited = applyEdit(renamed as JsonValue, unpackEdit(foreign.edits)).value;
  const result = isObject(edited) ? Object.values<unknown>(edited).filter(isObject) : [];
  return { nodes: sortNodes(withoutGone(result, [...ids.values()])), base: ids.get(base) ?? base, root: ids.get(root) ?? root };
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

/** What the document says beyond `native`, which its manifest gives; undefined when nothing. */
export function findForeign(native: Native, source: Source, reading: NativeReading): ForeignSPDX | undefined {
  const ids = knownIds(native, reading);
  const theirs = sortNodes([...source.nodes.values()]);
  let ours = native.nodes.map((node) => rename(node, ids));
  // Licences and parties first, so that relationships to them match then.
  for (let round = 0; round < 2; round++) {
    const more = matchByContent(ours, theirs, native.base);
    for (const [from, to] of more) ids.set(from, to);
    if (more.size > 0) ours = ours.map((node) => rename(node, more));
  }
  const edits = diff(treeOf(ours) as JsonValue, treeOf(theirs) as JsonValue);
  const named = [...ids]
    .filter(([from, to]) => from !== to)
    .map(([from, to]): [string, string] => [from.startsWith('_:') ? from : from.slice(native.base.length), to]);
  if (edits === undefined && named.length === 0) return undefined;
  return {
    ...(named.length > 0 ? { ids: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))) } : {}),
    ...(edits === undefined ? {} : { edits: packEdit(edits) }),
  };
}

function knownIds({ base }: Native, { names, document, creationInfo, sbom }: NativeReading): Map<string, string> {
  const ids = new Map(
    [...names].map(([iri, name]): [string, string] => [`${base}#${name.startsWith(OWN) ? name : encodeName(name)}`, iri]),
  );
  if (document !== undefined) ids.set(base, document);
  if (sbom !== undefined) ids.set(`${base}#${OWN}sbom`, sbom);
  if (creationInfo !== undefined) ids.set(CREATION_INFO, creationInfo);
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

function contentOf({ spdxId: _spdxId, '@id': _id, ...content }: Json): string {
  return stableText(content as JsonValue);
}

function rename(node: Json, ids: ReadonlyMap<string, string>): Json {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(walk);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)])) : value;
  };
  return ids.size === 0 ? node : (walk(node) as Json); // objects stay objects
}
