/**
 * An SPDX 3.0.1 document of any producer, made even: one flat list of nodes by id, whatever was nested, named by `@id` and
 * `@type`, or written as a single object.
 */

import { appendTo } from '../../core/append.js';
import { sha256Text } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import { isObject, type Json } from '../cyclonedx/json.js';
import type { PropertyValues } from '../mapping/properties.js';
import { classOf, isA, isElement, propertiesOf } from './classes.js';
import { CREATION_INFO, idOf, sortNodes } from './graph.js';
import { CONTEXT } from './words.js';

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly type: string;
  readonly node: Json;
}

export interface Source {
  /** Nodes that have an id, sorted: a graph is a set. Elements carry `spdxId`, the others `@id`. */
  readonly nodes: ReadonlyMap<string, Json>;
  /** Elements of a type; here and below, what is no element stands in place, also where the document only names it. */
  ofType(type: string): readonly Json[];
  /** The node of an id. */
  get(id: unknown): Json | undefined;
  /** Relationships from an element, of a type. */
  from(id: string, type: string): readonly Edge[];
  readonly edges: readonly Edge[];
  /** Properties in the extension of an element. */
  properties(node: Json): PropertyValues;
}

/** Deepest nesting of elements within elements that is followed. */
const MAX_NESTING = 64;

/**
 * The even form of a document.
 *
 * @throws ERR_CONVERT_INPUT when it is no SPDX 3 document
 */
export function readSource(document: unknown): Source {
  const nodes = new Map<string, Json>();
  const flatten = flattener(nodes);
  for (const node of topLevel(document)) flatten(node);
  return indexNodes(new Map(sortNodes(relabelled(nodes)).map((node) => [idOf(node), node])));
}

/**
 * The label of a blank node means nothing: the creation information of the document gets the one that our writer gives it, so
 * that it is no difference.
 */
function relabelled(nodes: ReadonlyMap<string, Json>): readonly Json[] {
  const all = sortNodes([...nodes.values()]);
  const label = (all.find(({ type }) => type === 'SpdxDocument') ?? all.find(({ creationInfo }) => isText(creationInfo)))?.creationInfo;
  if (!isText(label) || !label.startsWith('_:') || label === CREATION_INFO || nodes.has(CREATION_INFO)) return all;
  return all.map((node) => {
    if (node['@id'] === label) return { ...node, '@id': CREATION_INFO };
    return node.creationInfo === label ? { ...node, creationInfo: CREATION_INFO } : node;
  });
}

export function indexNodes(nodes: ReadonlyMap<string, Json>): Source {
  const byType = new Map<string, Json[]>();
  const edges: Edge[] = [];
  const outgoing = new Map<string, Edge[]>();
  const whole = partsInPlace(nodes);
  for (const [id, node] of whole) {
    appendTo(byType, String(node.type), node);
    if (typeof node.from !== 'string' || typeof node.relationshipType !== 'string') continue;
    const edge = { id, from: node.from, to: listOf(node.to).filter(isText), type: node.relationshipType, node };
    edges.push(edge);
    appendTo(outgoing, `${edge.type} ${edge.from}`, edge);
  }
  return {
    nodes,
    edges,
    ofType: (type) => byType.get(type) ?? [],
    get: (id) => (typeof id === 'string' ? whole.get(id) : undefined),
    from: (id, type) => outgoing.get(`${type} ${id}`) ?? [],
    properties: propertiesIn,
  };
}

/** Things that are put in place, in all: who names the same ones a thousand times a thousand times is not followed. */
const MAX_PLACED = 1_000_000;

interface Placed {
  readonly node: Json;
  /** It, and what stands in it. */
  readonly size: number;
}

/** The nodes, with hashes and other things that are no elements put where they are named: some producers write them apart. */
function partsInPlace(nodes: ReadonlyMap<string, Json>): ReadonlyMap<string, Json> {
  const parts = new Map<string, Json>();
  for (const [id, node] of nodes) {
    const type = String(node.type);
    if (type !== 'CreationInfo' && classOf(type) !== undefined && !isElement(type)) parts.set(id, node);
  }
  if (parts.size === 0) return nodes;
  const done = new Map<string, Placed>();
  let placed = 0;
  const put = (node: Json): Placed => {
    const before = placed;
    const properties = propertiesOf(String(node.type));
    const members = Object.entries(node).map(([key, value]): [string, unknown] => {
      const wanted = properties.get(key)?.class;
      if (wanted === undefined || wanted === 'CreationInfo' || isElement(wanted)) return [key, value];
      return [key, Array.isArray(value) ? value.map((item: unknown) => place(item, wanted)) : place(value, wanted)];
    });
    return { node: Object.fromEntries(members), size: placed - before + 1 };
  };
  const place = (value: unknown, wanted: string): unknown => {
    if (isObject(value)) return put(value).node;
    const part = isText(value) ? parts.get(value) : undefined;
    // Of the class that the place asks for: the classes hold each other in no circle.
    if (!isText(value) || part === undefined || !isA(String(part.type), wanted)) return value;
    const known = done.get(value) ?? put(part);
    done.set(value, known);
    placed += known.size;
    return placed > MAX_PLACED ? value : known.node;
  };
  return new Map([...nodes].map(([id, node]) => [id, put(node).node]));
}

const isText = (value: unknown): value is string => typeof value === 'string';
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

function topLevel(document: unknown): readonly Json[] {
  if (!isObject(document)) throw refuse('the document is not a JSON object', '');
  const contexts = listOf(document['@context']);
  if (
    !contexts.some(
      (context) => typeof context === 'string' && /^https?:\/\/spdx\.(org|github\.io)\/(rdf|spdx-3-model|spdx-spec)\/.*3\.0/.test(context),
    )
  )
    throw refuse('the document does not name the context of SPDX 3.0', '/@context');
  const graph = document['@graph'];
  if (graph === undefined) return [Object.fromEntries(Object.entries(document).filter(([key]) => key !== '@context'))];
  return listOf(graph).filter(isObject);
}

function refuse(message: string, pointer: string): MsbomError {
  return new MsbomError('ERR_CONVERT_INPUT', message, { pointer, hint: `Give an SPDX 3.0.1 document: its context is ${CONTEXT}.` });
}

/** Moves nested elements, and creation information that is written in place, to the top. */
function flattener(nodes: Map<string, Json>): (node: Json) => string {
  const flatten = (node: Json, depth: number): string => {
    const even = evenNode(node, depth);
    const id = idFor(even);
    // The first of two nodes with one id wins; later members add to it.
    nodes.set(id, { ...withId(even, id), ...nodes.get(id) });
    return id;
  };
  const evenNode = (node: Json, depth: number): Json => {
    if (depth > MAX_NESTING)
      throw new MsbomError('ERR_LIMIT_DEPTH', `elements nest deeper than ${MAX_NESTING}`, { hint: 'Write the elements side by side.' });
    const entries: [string, unknown][] = [];
    const type = typeof node.type === 'string' ? node.type : isText(node['@type']) ? node['@type'] : undefined;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type' || key === '@type' || value === null || value === undefined) continue;
      const list = type === undefined ? undefined : propertiesOf(type).get(key)?.list;
      const items = listOf(value).map((item) => evenValue(item, depth));
      // What the standard has as a list is one, what it has once is not, whatever the producer wrote.
      const single = list === undefined && (type !== undefined && propertiesOf(type).has(key) ? items.length === 1 : !Array.isArray(value));
      entries.push([key, single ? items[0] : items]);
    }
    return { ...(type === undefined ? {} : { type: localName(type) }), ...Object.fromEntries(entries) };
  };
  const evenValue = (value: unknown, depth: number): unknown => {
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    if (keys.length === 1 && isText(value['@id'])) return value['@id'];
    if (isText(value['@value']) || typeof value['@value'] === 'number') return value['@value'];
    const type = String(value.type ?? value['@type'] ?? '');
    return isElement(localName(type)) || localName(type) === 'CreationInfo' ? flatten(value, depth + 1) : evenNode(value, depth + 1);
  };
  return (node) => flatten(node, 0);
}

/** `https://spdx.org/rdf/3.0.1/terms/AI/AIPackage` as `ai_AIPackage`, `.../Core/Tool` as `Tool`. */
function localName(type: string): string {
  const match = /^https?:\/\/spdx\.org\/rdf\/[\d.v]+\/terms\/([A-Za-z]+)\/([A-Za-z]+)$/.exec(type);
  if (match === null) return type;
  const name = match[1] === 'Core' ? match[2] : `${match[1]?.toLowerCase()}_${match[2]}`;
  return name !== undefined && classOf(name) !== undefined ? name : type;
}

function idFor(node: Json): string {
  const id = node.spdxId ?? node['@id'];
  return isText(id) && id !== '' ? id : `_:${sha256Text(JSON.stringify(node)).slice(0, 24)}`;
}

function withId(node: Json, id: string): Json {
  const { spdxId: _spdxId, '@id': _id, type, ...rest } = node;
  return { ...(type === undefined ? {} : { type }), [isText(type) && isElement(type) ? 'spdxId' : '@id']: id, ...rest };
}

function propertiesIn(node: Json): PropertyValues {
  const found = new Map<string, string[]>();
  for (const extension of listOf(node.extension)) {
    if (!isObject(extension)) continue;
    for (const entry of listOf(extension.extension_cdxProperty)) {
      if (isObject(entry) && isText(entry.extension_cdxPropName) && isText(entry.extension_cdxPropValue))
        appendTo(found, entry.extension_cdxPropName, entry.extension_cdxPropValue);
    }
  }
  return found;
}
