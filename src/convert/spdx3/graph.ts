/** An SPDX graph that is being written. */

import { canonicalize } from '../../core/canonical-json.js';
import { sha256Text } from '../../core/digest.js';
import { type Json, pick } from '../cyclonedx/json.js';
import type { Property } from '../mapping/properties.js';
import { isElement } from './classes.js';
import { OWN } from './ids.js';

export const CREATION_INFO = '_:creationInfo';

/** Name of the properties that say which members of an element only stand there because SPDX asks for them. */
export const SYNTHETIC = 'msbom:synthetic';

export interface Relation {
  readonly comment?: string | undefined;
  readonly completeness?: string | undefined;
  readonly scope?: string | undefined;
  /** Tells apart relationships of one type from one element. */
  readonly label?: string | undefined;
}

export class Graph {
  readonly #nodes = new Map<string, Json>();
  readonly #edges = new Map<string, { readonly node: Json; readonly to: Set<string> }>();
  readonly #order: string[] = [];

  constructor(readonly base: string) {}

  /** The id of a thing by its name. */
  iri(name: string): string {
    return `${this.base}#${encodeURIComponent(name)}`;
  }

  /** The id of something the converter makes up. */
  own(...names: readonly string[]): string {
    return `${this.base}#${OWN}${names.map(encodeURIComponent).join(':')}`;
  }

  /** The id of something that is told by its content alone, so that equal things are one. */
  ownByContent(kind: string, content: unknown): string {
    return this.own(kind, sha256Text(canonicalize(content)).slice(0, 24));
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** Adds an element; the first of one id wins. Properties go into an extension of CycloneDX's names and values. */
  add(type: string, id: string, members: Json, properties: readonly Property[] = []): string {
    if (this.#nodes.has(id)) return id;
    this.#nodes.set(id, {
      type,
      spdxId: id,
      creationInfo: CREATION_INFO,
      ...pick(members),
      ...pick({ extension: extensionOf(properties) }),
    });
    this.#order.push(id);
    return id;
  }

  /** Adds something that is no element and lives beside them, such as the creation information. */
  addBlank(id: string, node: Json): void {
    const { type, ...rest } = node;
    this.#nodes.set(id, { type, '@id': id, ...rest });
  }

  /** Adds targets to the relationship of a type from an element. */
  relate(from: string, type: string, to: readonly string[], { comment, completeness, scope, label }: Relation = {}): void {
    if (to.length === 0) return;
    const name = this.#relationName(from, type, [scope, label]);
    const edge = this.#edges.get(name) ?? {
      node: pick({
        type: scope === undefined ? 'Relationship' : 'LifecycleScopedRelationship',
        spdxId: name,
        creationInfo: CREATION_INFO,
        comment,
        from,
        relationshipType: type,
        completeness,
        scope,
      }),
      to: new Set<string>(),
    };
    for (const target of to) edge.to.add(target);
    this.#edges.set(name, edge);
  }

  #relationName(from: string, type: string, more: readonly (string | undefined)[]): string {
    const source = from.startsWith(`${this.base}#`) ? from.slice(this.base.length + 1) : encodeURIComponent(from);
    return `${this.base}#${OWN}${type}:${[source, ...more.flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)]))].join(':')}`;
  }

  /** Ids of the elements in the order in which they were added. */
  elements(): readonly string[] {
    return this.#order;
  }

  /** Types of the elements and relationships. */
  types(): ReadonlySet<string> {
    return new Set([...this.#nodes.values(), ...[...this.#edges.values()].map(({ node }) => node)].map(({ type }) => String(type)));
  }

  /** Everything, sorted: creation information, document, SBOM, then by type and id. */
  nodes(): Json[] {
    const edges = [...this.#edges.values()].map(({ node, to }) => ({ ...node, to: [...to] }));
    return sortNodes([...this.#nodes.values(), ...edges]);
  }
}

const FIRST = [
  'CreationInfo',
  'SpdxDocument',
  'software_Sbom',
  'ai_AIPackage',
  'dataset_DatasetPackage',
  'software_Package',
  'software_File',
];
const rank = ({ type }: Json): number => {
  const place = FIRST.indexOf(String(type));
  return place === -1 ? FIRST.length : place;
};
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const idOf = (node: Json): string =>
  String(node[typeof node.type === 'string' && isElement(node.type) ? 'spdxId' : '@id'] ?? node.spdxId);

export function sortNodes(nodes: readonly Json[]): Json[] {
  const keyed = nodes.map((node) => ({ node, rank: rank(node), type: String(node.type), id: idOf(node) }));
  return keyed.sort((a, b) => a.rank - b.rank || byText(a.type, b.type) || byText(a.id, b.id)).map(({ node }) => node);
}

/** Properties as the extension that SPDX has for those of CycloneDX; none for none. */
export function extensionOf(properties: readonly Property[]): readonly Json[] {
  const entries = properties.map(([name, value]) => ({
    type: 'extension_CdxPropertyEntry',
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  }));
  return entries.length === 0 ? [] : [{ type: 'extension_CdxPropertiesExtension', extension_cdxProperty: entries }];
}

/** A program in place of the agent that SPDX asks for, where it is not known who made something; the mark says that it is no party. */
export const addStandIn = (graph: Graph, id: string, name: string): string =>
  graph.add('SoftwareAgent', id, { name }, [[SYNTHETIC, 'element']]);
