/** Libraries, frameworks, drivers and tools. Those that contain others hold them, as the graph of the manifest says. */
import type * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import { COMPONENT_TYPES, type Component, type Manifest } from '../../schema/index.js';
import { type ComponentParts, type ComponentRead, type Part, type ReferencePart, readComponent, readTable } from './component.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { type Json, objectOf, objectsOf, pick, textOf, uriOf, wordOf } from './json.js';
import { partOf } from './plain-component.js';
import type { PropertyRow } from './properties.js';

const ROWS: readonly PropertyRow[] = [
  ['msbom:component:scope', 'scope', 'texts'],
  ['msbom:component:status', 'status'],
  ['msbom:component:environment', 'environment'],
  ['msbom:component:supportEnd', 'supportEnd'],
  ['msbom:component:executable', 'properties.executable', 'flag'],
  ['msbom:component:archive', 'properties.archive', 'flag'],
  ['msbom:component:structured', 'properties.structured', 'flag'],
];

export const refOfComponent = (component: Component, index: number, ref: Context['ref']): string =>
  refOfItem('component', component.id, index, ref);

/** Components by what holds them: those at the top and those of the main component. */
export interface Software {
  readonly top: readonly Part[];
  readonly inSubject: readonly Part[];
}

export function softwareComponents(manifest: Manifest, context: Context): Software {
  const { components = [] } = manifest;
  const holders = holdersOf(manifest);
  const held = new Map<number, number[]>();
  const [top, inSubject]: [number[], number[]] = [[], []];
  components.forEach((_, i) => {
    const holder = holders.get(i);
    if (typeof holder === 'number') held.get(holder)?.push(i) ?? held.set(holder, [i]);
    else (holder === 'model' ? inSubject : top).push(i);
  });
  // Indices of the list.
  const part = (index: number): Part =>
    partOf(partsOf(components[index] as Component, index, held.get(index)?.map(part), context), context);
  const lazy = (index: number): Part => ({
    ref: refOfComponent(components[index] as Component, index, context.ref),
    make: () => part(index).make(),
    json: () => part(index).json(),
  });
  return { top: top.map(lazy), inSubject: inSubject.map(lazy) };
}

/**
 * What holds each component: the one thing that the graph says contains it, another component or the model. Circles
 * and second holders are left to the residual.
 */
function holdersOf(manifest: Manifest): Holders {
  const known = holdersByManifest.get(manifest);
  if (known !== undefined) return known;
  const holders = findHolders(manifest);
  holdersByManifest.set(manifest, holders);
  return holders;
}

type Holders = ReadonlyMap<number, number | 'model'>;
/** Asked for by several parts of one conversion. */
const holdersByManifest = new WeakMap<Manifest, Holders>();

function findHolders({ components = [], dependencies = [] }: Manifest): Holders {
  if (!dependencies.some(({ kind }) => kind === 'contains')) return new Map();
  const places = new Map(components.flatMap(({ id }, i) => (id === undefined ? [] : [[id, i] as const])));
  const holders = new Map<number, number | 'model'>();
  for (const { ref, dependsOn, kind } of dependencies) {
    const holder = ref === 'model' ? 'model' : places.get(ref);
    if (kind !== 'contains' || holder === undefined) continue;
    for (const id of dependsOn) {
      const held = places.get(id);
      // A holder stands before what it holds, so there is no circle.
      if (held !== undefined && !holders.has(held) && (holder === 'model' || holder < held)) holders.set(held, holder);
    }
  }
  keepShallow(holders, components.length);
  return holders;
}

/** Each takes two of the levels that a document may have; edges beyond them are said by the list of dependencies. */
const MAX_LEVELS = 90;

function keepShallow(holders: Map<number, number | 'model'>, count: number): void {
  const levels = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const holder = holders.get(i);
    // A holder stands before what it holds.
    const level = holder === undefined ? 0 : (typeof holder === 'number' ? (levels[holder] ?? 0) : 0) + 1;
    if (level > MAX_LEVELS) holders.delete(i);
    else levels[i] = level;
  }
}

/** Which edges of the graph are said by nesting, and which components are nested. */
export interface Nested {
  readonly has: (holder: string, held: string) => boolean;
  readonly any: (held: string) => boolean;
}

export function nestedEdges(manifest: Manifest): Nested {
  const { components = [] } = manifest;
  const holders = new Map<string | undefined, string | undefined>();
  for (const [held, holder] of holdersOf(manifest)) holders.set(components[held]?.id, holder === 'model' ? holder : components[holder]?.id);
  return { has: (holder, held) => holders.get(held) === holder, any: (held) => holders.has(held) };
}

function partsOf(component: Component, index: number, nested: readonly Part[] | undefined, context: Context): ComponentParts {
  const { filename, environment } = component;
  return {
    ref: refOfComponent(component, index, context.ref),
    type: (component.type ?? 'library') as Enums.ComponentType, // the same words
    name: component.name,
    group: component.group,
    version: component.version,
    description: component.description,
    copyright: component.copyright,
    identifiers: component.identifiers,
    digest: component.digest,
    licenses: component.licenses,
    supplier: component.supplier,
    producer: component.producer,
    references: placesOf(component),
    nested,
    table: [ROWS, environment === undefined ? component : { ...component, environment: context.target(environment) }],
    ...(filename === undefined ? {} : { extra: () => ({ evidence: { occurrences: [{ location: filename }] } }) }),
  };
}

function placesOf({ uris, sourceDigest }: Component): readonly ReferencePart[] {
  const places: ReferencePart[] = [];
  if (uris?.source !== undefined) places.push({ type: 'vcs', url: uris.source, digest: sourceDigest });
  if (uris?.distribution !== undefined) places.push({ type: 'distribution', url: uris.distribution });
  if (uris?.homepage !== undefined) places.push({ type: 'website', url: uris.homepage });
  return places;
}

/** The components of a list and all that they hold, with the edges that say what holds what. */
export interface SoftwareRead {
  readonly components: Component[];
  readonly contains: { readonly ref: string; readonly dependsOn: string[]; readonly kind: 'contains' }[];
}

export type Take = (value: Json) => boolean;

/** Reads components into `into`, in the order of the document. `taken` says which of them are something else. */
export function readSoftware(list: unknown, holder: string | undefined, into: SoftwareRead, ids: Ids, taken: Take): void {
  const held: string[] = [];
  const edge = { ref: holder ?? '', dependsOn: held, kind: 'contains' as const };
  if (holder !== undefined) into.contains.push(edge);
  for (const value of objectsOf(list)) {
    if (taken(value)) continue;
    const id = readOne(value, into.components, ids, holder !== undefined || objectsOf(value.components).length > 0);
    if (holder !== undefined && id !== undefined) held.push(id);
    if (id !== undefined && value.components !== undefined) readSoftware(value.components, id, into, ids, taken);
  }
  if (held.length === 0 && holder !== undefined) into.contains.splice(into.contains.lastIndexOf(edge), 1);
}

/** Adds the component and tells its id, which one that holds or is held must have. */
function readOne(value: Json, components: Component[], ids: Ids, mustHaveId: boolean): string | undefined {
  const type = wordOf(value.type, COMPONENT_TYPES);
  const read = type === undefined ? undefined : readComponent(value);
  if (read === undefined || type === undefined) return undefined;
  const { version } = read.common;
  const label = version === undefined ? read.name : `${read.name}-${version}`;
  const ref = value['bom-ref'];
  const id = ids.assign(ref, `component:${components.length}`, label) ?? (mustHaveId ? ids.require(ref, label) : undefined);
  const component: Component = { ...(id === undefined ? {} : { id }), type, name: read.name, ...read.common };
  if (read.digest !== undefined) component.digest = read.digest;
  readPlaces(read, component);
  const [occurrence] = objectsOf(objectOf(value.evidence).occurrences);
  const filename = textOf(occurrence?.location);
  if (filename !== undefined) component.filename = filename;
  if (read.properties.size > 0) {
    const { environment, ...table } = readTable<Component>(ROWS, read);
    Object.assign(component, table, pick({ environment: environment === undefined ? undefined : ids.idOf(environment) }));
  }
  components.push(component);
  return id;
}

/** Where a component is, by its references. */
function readPlaces({ references }: ComponentRead, component: Component): void {
  const uris: NonNullable<Component['uris']> = {};
  for (const { type, url, digest } of references) {
    const key = PLACES.get(type);
    if (key === undefined) continue;
    const uri = uris[key] === undefined ? uriOf(url) : undefined;
    if (uri === undefined) continue;
    uris[key] = uri;
    if (key === 'source' && digest !== undefined) component.sourceDigest = digest;
  }
  if (Object.keys(uris).length > 0) component.uris = uris;
}

const PLACES: ReadonlyMap<string, 'source' | 'distribution' | 'homepage'> = new Map([
  ['vcs', 'source'],
  ['distribution', 'distribution'],
  ['website', 'homepage'],
]);
