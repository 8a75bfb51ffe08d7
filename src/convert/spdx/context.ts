/** What the sections share while a document is written, and while one is read. */
import type { Manifest, Party, PartyRef } from '../../schema/index.js';
import type { Json, Properties } from './fields.js';
import { Graph } from './graph.js';
import { baseOf, decodeName, idIn, nameFromIri, namesById } from './ids.js';
import type { Source } from './source.js';

export interface Writing {
  readonly manifest: Manifest;
  readonly graph: Graph;
  /** Name of the element of a thing by the thing's id. */
  readonly names: ReadonlyMap<string, string>;
  readonly parties: ReadonlyMap<string, Party>;
  /** Id of the element that the document is about. */
  readonly root: string;
}

export function startWriting(manifest: Manifest, rootName: string): Writing {
  const graph = new Graph(baseOf(manifest));
  const parties = new Map((manifest.parties ?? []).flatMap((party) => (party.id === undefined ? [] : [[party.id, party] as const])));
  return { manifest, graph, names: namesById(manifest), parties, root: graph.iri(rootName) };
}

/** The ids of elements by ids of the manifest; ids that name no element are left out. */
export function targets({ names, graph }: Writing, ids: readonly string[] = []): readonly string[] {
  return ids.flatMap((id) => {
    const name = names.get(id);
    const iri = name === undefined ? undefined : graph.iri(name);
    return iri !== undefined && graph.has(iri) ? [iri] : [];
  });
}

export interface Reading {
  readonly source: Source;
  /** Id of the SpdxDocument, before `#` in its own ids; empty when there is none. */
  readonly base: string;
  readonly root: Json | undefined;
  /** Name by which the writer would call an element; given by `claim`. */
  readonly names: Map<string, string>;
  /** Ids that were given. */
  readonly taken: Set<string>;
  /** Ids that elements state in the form of our writer: no other gets them. */
  readonly stated: ReadonlySet<string>;
  readonly party: (id: unknown) => PartyRef | undefined;
}

/** The id of a thing in the manifest, made from that of its element; undefined where the thing has none. */
export function claim(reading: Omit<Reading, 'party'>, iri: string): string | undefined {
  const given = reading.names.get(iri);
  if (given !== undefined) return idIn(given);
  const known = decodeName(iri, reading.base);
  const stated = known === undefined ? undefined : idIn(known);
  if (known !== undefined && stated === undefined) {
    reading.names.set(iri, known);
    return undefined;
  }
  const wanted = stated ?? nameFromIri(iri);
  let id = wanted;
  for (let n = 2; reading.taken.has(id) || (id !== stated && reading.stated.has(id)); n++) id = `${wanted}-${n}`;
  reading.taken.add(id);
  reading.names.set(iri, id);
  return id;
}

export const propertyOf = (properties: Properties, name: string): string | undefined => properties.get(name)?.[0];
