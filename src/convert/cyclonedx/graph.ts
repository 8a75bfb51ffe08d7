/** What depends on what, and how completely the document lists it. */
import type { Dependency, Manifest } from '../../schema/index.js';
import { type Context, type Ids, refOfItem } from './context.js';
import { refOfDataset } from './datasets.js';
import { refOfFile } from './files.js';
import { type Json, objectsOf, textsOf, unique } from './json.js';
import type { Extra } from './library.js';
import { refOfAncestor } from './lineage.js';
import { refOfService } from './services.js';
import { nestedEdges, refOfComponent } from './software.js';

/** bom-ref of everything that an id of the manifest may name. */
function refsById(manifest: Manifest, context: Context): ReadonlyMap<string, string> {
  const known = refsByContext.get(context);
  if (known !== undefined) return known;
  const refs = collectRefs(manifest, context);
  refsByContext.set(context, refs);
  return refs;
}

/** A context is that of one manifest. */
const refsByContext = new WeakMap<Context, ReadonlyMap<string, string>>();

/** The context with the targets of references. */
export function withTargets(context: Context, manifest: Manifest): Context {
  const refs = refsById(manifest, context);
  const whole = { ...context, target: (id: string) => refs.get(id) };
  refsByContext.set(whole, refs);
  return whole;
}

function collectRefs(manifest: Manifest, { ref, subject, hasMain }: Context): ReadonlyMap<string, string> {
  const refs = new Map<string, string>(hasMain ? [['model', subject]] : []);
  const add = <T extends { readonly id?: string }>(items: readonly T[] | undefined, refOf: (item: T, index: number) => string): void => {
    items?.forEach((item, index) => {
      if (item.id !== undefined) refs.set(item.id, refOf(item, index));
    });
  };
  // Files and ancestors stand in the main component; a dataset has no pedigree.
  if (hasMain) add(manifest.artifacts, (file) => refOfFile(file, '', ref));
  if (hasMain && manifest.bom.subject !== 'dataset') add(manifest.lineage?.ancestors, (ancestor, i) => refOfAncestor(ancestor, i, ref));
  add(manifest.datasets, (dataset, i) => refOfDataset(dataset, i, ref));
  manifest.datasets?.forEach((dataset, i) => {
    add(dataset.files, (file) => refOfFile(file, `${refOfDataset(dataset, i, ref)}/`, ref));
  });
  add(manifest.components, (component, i) => refOfComponent(component, i, ref));
  add(manifest.environments, (environment, i) => refOfItem('environment', environment.id, i, ref));
  add(manifest.adapters, ({ id }) => ref(id));
  add(manifest.services, (service, i) => refOfService(service, i, ref));
  return refs;
}

/**
 * Things that stand in a pedigree or in the formulation. The graph of a document is over its components and services: readers
 * refuse, or drop, an edge to anything else.
 */
function refsApart({ lineage, environments }: Manifest, { ref }: Context): ReadonlySet<string> {
  const ancestors = lineage?.ancestors?.map((ancestor, i) => refOfAncestor(ancestor, i, ref)) ?? [];
  return new Set([...ancestors, ...(environments?.map(({ id }, i) => refOfItem('environment', id, i, ref)) ?? [])]);
}

type Edges = ReadonlyMap<string, readonly string[]>;

/** What the lists of the manifest say without its graph: the main thing needs its files, its data and what nothing else needs. */
function impliedEdges(manifest: Manifest, stated: Edges, { ref, subject }: Context): Edges {
  const { artifacts = [], datasets = [], components = [], adapters = [] } = manifest;
  const needed = new Set([...stated].flatMap(([from, targets]) => (from === subject ? [] : targets)));
  const held = nestedEdges(manifest);
  const isHeld = (id: string | undefined): boolean => id !== undefined && held.any(id);
  const own = [
    ...artifacts.map((file) => refOfFile(file, '', ref)),
    ...datasets.map((dataset, i) => refOfDataset(dataset, i, ref)).filter((each) => each !== subject),
    ...components
      .flatMap((component, i) => (isHeld(component.id) ? [] : [refOfComponent(component, i, ref)]))
      .filter((each) => !needed.has(each)),
  ];
  const files = new Map(artifacts.map((file) => [file.path, refOfFile(file, '', ref)] as const));
  const ofAdapters = adapters.map(
    ({ id, artifacts: paths = [] }) => [ref(id), unique(paths.flatMap((path) => files.get(path) ?? []))] as const,
  );
  return new Map([[subject, unique(own)] as const, ...ofAdapters].filter(([, targets]) => targets.length > 0));
}

/** What the graph of the manifest says, less what is said by nesting. */
function statedEdges(manifest: Manifest, context: Context): Edges {
  const refs = refsById(manifest, context);
  const held = nestedEdges(manifest);
  const apart = refsApart(manifest, context);
  const edges = new Map<string, Set<string>>();
  for (const { ref, dependsOn, kind } of manifest.dependencies ?? []) {
    const from = refs.get(ref);
    const others = kind === 'contains' ? dependsOn.filter((each) => !held.has(ref, each)) : dependsOn;
    const targets = others.flatMap((each) => refs.get(each) ?? []).filter((to) => to !== from && !apart.has(to));
    // An empty entry says that nothing is needed: not where something is, but cannot be named here.
    if (from === undefined || apart.has(from) || (targets.length === 0 && dependsOn.length > 0)) continue;
    const known = edges.get(from) ?? new Set<string>();
    edges.set(from, known);
    for (const to of targets) known.add(to);
  }
  return new Map([...edges].map(([from, targets]) => [from, [...targets]] as const));
}

/** The graph. A thing without an entry is one of which nobody has said what it needs; one with an empty entry needs nothing. */
export function writeDependencies(manifest: Manifest, context: Context, emptyLists = false): readonly Extra[] {
  const stated = statedEdges(manifest, context);
  const implied = [...impliedEdges(manifest, stated, context)].filter(([from]) => !stated.has(from));
  return [...implied, ...stated].map(([ref, dependsOn]) => (dependsOn.length === 0 && !emptyLists ? { ref } : { ref, dependsOn }));
}

/** Does the document give things that depend on nothing an empty list? */
export const hasEmptyLists = (list: unknown): boolean => {
  const first = objectsOf(list).find(({ dependsOn }) => textsOf(dependsOn).length === 0);
  return Array.isArray(first?.dependsOn);
};

/** The graph of a document, less what the lists say already. Edges to unknown things stay behind. */
export function readDependencies(list: unknown, manifest: Manifest, ids: Ids, context: Context): Dependency[] {
  const entries = objectsOf(list).flatMap((entry): Dependency[] => {
    const ref = ids.idOf(entry.ref);
    if (ref === undefined) return [];
    const dependsOn = unique(textsOf(entry.dependsOn).flatMap((each) => ids.idOf(each) ?? [])).filter((each) => each !== ref);
    // An entry whose targets are all unknown says nothing that can be kept.
    return dependsOn.length === 0 && textsOf(entry.dependsOn).length > 0 ? [] : [{ ref, dependsOn: [...dependsOn] }];
  });
  const isOwn = ownEntries(list, manifest, context);
  return entries.filter(({ ref }) => !isOwn(context.ref(ref)));
}

/** Tells which entries a writer adds by itself: those that say the same as the lists. */
function ownEntries(list: unknown, manifest: Manifest, context: Context): (ref: string) => boolean {
  const stated = new Map(objectsOf(list).map(({ ref, dependsOn }) => [String(ref), textsOf(dependsOn)] as const));
  const implied = impliedEdges(manifest, stated, context);
  return (ref) => {
    const [mine, theirs] = [implied.get(ref), stated.get(ref)];
    return mine !== undefined && theirs !== undefined && mine.length === theirs.length && mine.every((each, i) => each === theirs[i]);
  };
}

type Completeness = NonNullable<Dependency['completeness']>;

/** CycloneDX's words for how complete a list is. */
const AGGREGATES: Readonly<Record<Completeness, string>> = { complete: 'complete', partial: 'incomplete', unknown: 'unknown' };
const COVERAGE = 'msbom:coverage';

export function writeCompositions(manifest: Manifest, context: Context): readonly Extra[] {
  const { completeness, artifacts } = manifest.bom.coverage ?? {};
  const refs = refsById(manifest, context);
  const listed = (word: Completeness): readonly string[] =>
    unique((manifest.dependencies ?? []).flatMap((each) => (each.completeness === word ? (refs.get(each.ref) ?? []) : [])));
  return [
    ...(completeness === undefined
      ? []
      : [{ 'bom-ref': `${COVERAGE}:components`, aggregate: AGGREGATES[completeness], dependencies: [context.subject] }]),
    ...(artifacts === undefined || manifest.artifacts === undefined
      ? []
      : [{ 'bom-ref': `${COVERAGE}:files`, aggregate: AGGREGATES[artifacts], assemblies: [context.subject] }]),
    ...(['complete', 'partial', 'unknown'] as const).flatMap((word) => {
      const dependencies = listed(word);
      return dependencies.length === 0 ? [] : [{ 'bom-ref': `msbom:dependencies:${word}`, aggregate: AGGREGATES[word], dependencies }];
    }),
  ];
}

const COMPLETENESS: Readonly<Record<string, Completeness>> = {
  complete: 'complete',
  incomplete: 'partial',
  incomplete_first_party_only: 'partial',
  incomplete_first_party_proprietary_only: 'partial',
  incomplete_first_party_opensource_only: 'partial',
  incomplete_third_party_only: 'partial',
  incomplete_third_party_proprietary_only: 'partial',
  incomplete_third_party_opensource_only: 'partial',
  unknown: 'unknown',
};

export interface CompositionsRead {
  readonly components?: Completeness;
  readonly artifacts?: Completeness;
  /** By id. */
  readonly dependencies: ReadonlyMap<string, Completeness>;
}

/** What compositions say of the main component, and of the entries of the graph. */
export function readCompositions(list: unknown, subject: unknown, ids: Ids): CompositionsRead {
  const read: { components?: Completeness; artifacts?: Completeness } = {};
  const dependencies = new Map<string, Completeness>();
  for (const value of objectsOf(list)) {
    const word = completenessOf(value);
    if (word === undefined) continue;
    const listed = textsOf(value.dependencies);
    const isOfGraph = String(value['bom-ref']).startsWith('msbom:dependencies:');
    if (!isOfGraph && subject !== undefined && listed.includes(String(subject))) read.components ??= word;
    else for (const ref of listed) dependencies.set(ids.idOf(ref) ?? '', word);
    if (subject !== undefined && textsOf(value.assemblies).includes(String(subject))) read.artifacts ??= word;
  }
  return { ...read, dependencies };
}

const completenessOf = ({ aggregate }: Json): Completeness | undefined =>
  typeof aggregate === 'string' && Object.hasOwn(COMPLETENESS, aggregate) ? COMPLETENESS[aggregate] : undefined;
