/** A manifest as a CycloneDX document: what CycloneDX has a place for natively, the rest in named properties. */

import { appendTo } from '../../core/append.js';
import type { JsonValue } from '../../core/canonical-json.js';
import { parsePointer } from '../../core/json-pointer.js';
import { isObject, own } from '../../core/objects.js';
import type { Manifest } from '../../schema/index.js';
import { FRAMED, frameOf, leftOf, restOf } from '../frames.js';
import { type Edge, edgesOf, thingOf } from '../graph.js';
import { type Json, writeBlocks } from '../mapping/block.js';
import { writeKind } from '../mapping/kind.js';
import { cycloneDXType } from '../mapping/kinds.js';
import { EDGE, MODALITY, SAME_AS, TUNE_METHOD } from '../mapping/names.js';
import { flatten, type Property } from '../mapping/properties.js';
import type { CycloneDXVersion } from '../mapping/row.js';
import { valueAt, without, withValue } from '../mapping/row.js';
import { partiesOf } from '../parties.js';
import type { Places } from './citations.js';
import type { Context } from './context.js';
import { writeFormulation } from './formulation.js';
import { json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, textOf, unique } from './json.js';
import { writeMetadata } from './metadata.js';
import { holders, inverted, isService, things } from './nesting.js';
import { KINDS, type KindName } from './things.js';
import { writeVulnerabilities } from './vulnerabilities.js';

/** What a document came with that tells nothing of the thing: names, and the order. Default our own. */
export interface Layout {
  /** bom-refs of ids that have another one; '' of what has none. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface Writing extends Context {
  readonly manifest: Manifest;
  /** The bom-ref of an id. */
  readonly ref: (id: string) => string;
  /** The id of the subject. */
  readonly subject: string;
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
  /** The thing that each thing lies in. */
  readonly holder: ReadonlyMap<string, string>;
  /** The same the other way round. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
  /** Models that stand in the pedigree of another, and in no list. */
  readonly ancestors: ReadonlySet<string>;
  /** Things that have been written: a bom-ref stands once. */
  readonly written: Set<string>;
  /** Where members of things were written. */
  readonly places: Places;
  /** What the elements of models have not said of the sections about them. */
  readonly left: { [section: string]: JsonValue };
}

/** @param places takes where members of things were written */
export function writeNative(manifest: Manifest, version: CycloneDXVersion, layout: Layout = {}, places: Places = new Map()): Json {
  const writing = { ...startWriting(manifest, version, layout), places };
  const { subject } = writing;
  const main = kindOf(subject, writing)[1] === undefined ? undefined : writeThing(subject, writing);
  const top = [...(manifest.model === undefined ? [] : ['model']), ...things(manifest)].filter(
    (id) => id !== subject && !writing.holder.has(id) && !writing.ancestors.has(id),
  );
  const components = top.flatMap((id) => (writing.written.has(id) || isService(id, manifest) ? [] : [writeThing(id, writing)]));
  const services = top.flatMap((id) => (isService(id, manifest) && !writing.written.has(id) ? [writeThing(id, writing)] : []));
  const { bom } = manifest;
  const metadata = writeMetadata(bom, writing);
  const sections = sectionProperties(writing, metadata.rest);
  return pick({
    bomFormat: 'CycloneDX',
    specVersion: version,
    serialNumber: bom.serialNumber,
    version: bom.version,
    metadata: { ...metadata.members, component: main, ...sections } as Json,
    components: json(components),
    services: json(services),
    dependencies: json(writeDependencies(writing)),
    compositions: json(writeCompositions(writing)),
    vulnerabilities: json(writeVulnerabilities(manifest, writing.ref)),
    formulation: json(writeFormulation(manifest, writing.ref)),
  });
}

function startWriting(manifest: Manifest, version: CycloneDXVersion, { names = {} }: Layout): Writing {
  const all = edgesOf(manifest);
  const edges = new Map<string, Edge[]>();
  for (const edge of all) appendTo(edges, edge.from, edge);
  const subject = manifest.bom.subject ?? 'model';
  const holder = holders(manifest, all, subject);
  const isOther = (id: string): boolean => id !== subject && (own(manifest.models, id) ?? own(manifest.components, id)) !== undefined;
  // What others depend on stands in a list: the graph of a document is over its lists.
  const needed = new Set(all.flatMap(({ from, relation, to }) => (relation === 'dependsOn' ? [from, to] : [])));
  const parents = all
    .filter(({ relation, to }) => relation === 'descendantOf' && isOther(to) && !holder.has(to) && !needed.has(to))
    .map(({ to }) => to);
  return {
    manifest,
    version,
    subject,
    edges,
    holder,
    parts: inverted(holder),
    ancestors: new Set(parents),
    written: new Set(),
    places: new Map(),
    left: {},
    ref: (id) => own(names, id) || id,
    ...partiesOf(manifest),
  };
}

// --- things

const SECTIONS = [
  ['models', 'model'],
  ['datasets', 'dataset'],
  ['components', 'component'],
  ['services', 'service'],
] as const;

function kindOf(id: string, { manifest, subject }: Writing): readonly [KindName, Json | undefined] {
  const thing = thingOf(manifest, id);
  if (id.startsWith('file:')) return ['file', thing];
  if (id === 'model') return [subject === 'model' ? 'subject' : 'model', thing];
  const [, kind = 'component'] = SECTIONS.find(([section]) => own(manifest[section] as object as Json, id) !== undefined) ?? [];
  return [kind, thing];
}

/** A thing as a component or service, with all that lies in it. */
function writeThing(id: string, writing: Writing): Json {
  writing.written.add(id);
  const { version, ref } = writing;
  const [name, thing = {}] = kindOf(id, writing);
  const kind = KINDS[name];
  const isFrame = name === 'model' || name === 'subject';
  const frame = isFrame ? frameOf(writing.manifest, id, thing, name === 'subject') : thing;
  const { rows, members: made, rest } = writeKind<Context>(kind, frame, { standard: 'cyclonedx', version }, writing);
  const written = kind.blocks.flatMap(({ at, places }) =>
    places.flatMap((place) => (valueAt(made, place) === undefined ? [] : at.map((member) => [member, place] as const))),
  );
  writing.places.set(id, [...rows.places, ...written]);
  if (isFrame) leftOf(rest, name === 'subject', writing.left);
  const said = withoutNative(id, name, rest, writing);
  const properties = [
    ...rows.properties,
    ...tuneMethods(thing),
    ...modalities(thing),
    ...flatten(kind.type, said, kind.at),
    ...otherEdges(id, writing),
  ];
  const own = name === 'file' ? { name: id.slice('file:'.length) } : {};
  const { dataset, ...members } = merge(rows.members, made);
  return pick({
    ...(name === 'service' ? {} : { type: typeOf(name, thing, version) }),
    'bom-ref': ref(id),
    name: textOf(thing.name) ?? id,
    ...members,
    ...own,
    pedigree: json(nonEmpty(pedigree(id, thing, writing))),
    [name === 'service' ? 'services' : 'components']: json(partsOf(id, writing)),
    // The name of the component once more, in one line.
    ...(name === 'dataset'
      ? { data: json([{ type: 'dataset', name: (textOf(thing.name) ?? id).replace(/[\t\n\r]/g, ' '), ...objectOf(dataset) }]) }
      : {}),
    ...modelCard(id, name, members, writing),
    properties: propertyList(properties),
  });
}

/** In the order of their names, so that it does not hang on where they come from. */
function propertyList(properties: readonly Property[]): JsonValue | undefined {
  const sorted = [...properties].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return json(nonEmptyList(unique(sorted.map(([name, value]) => ({ name, value })))));
}

function typeOf(name: KindName, thing: Json, version: CycloneDXVersion): string {
  if (name === 'model' || name === 'subject') return 'machine-learning-model';
  if (name === 'dataset') return 'data';
  return name === 'file' ? 'file' : cycloneDXType(textOf(thing.type), version);
}

/** What is left to say in properties of the thing itself: not its sections, not its place, not what an edge says whole. */
function withoutNative(id: string, name: KindName, rest: Json, writing: Writing): Json {
  const isFrame = name === 'model' || name === 'subject';
  let left: Json = isFrame ? Object.fromEntries(Object.entries(rest).filter(([member]) => !FRAMED.has(member))) : rest;
  if (name === 'component' && typeOf(name, rest, writing.version) === rest.type) left = without(left, ['type']);
  // Where its files lie is said by nesting, and hyperparameters by the formulation.
  left = without(without(left, ['artifacts']), ['training', 'hyperparameters']);
  if (isFrame) left = without(left, ['lineage', 'modifications']);
  for (const { relation, to, pointer } of writing.edges.get(id) ?? []) {
    const steps = insideOf(pointer, id);
    if (steps === undefined || !isNative({ from: id, relation, to }, writing)) continue;
    const entry = steps.reduce<unknown>((value, step) => objectOf(value)[step], left);
    const plain = PLAIN.find((each) => each.matches(steps, objectOf(entry), to));
    if (plain !== undefined) left = without(left, steps);
  }
  return left;
}

/** Entries that say no more than their edge does, in the words that a reader of the edge would choose. */
const PLAIN: readonly { readonly matches: (steps: readonly string[], entry: Readonly<Record<string, unknown>>, to: string) => boolean }[] =
  [
    {
      matches: ([first, , key], { model, relation, ...more }, to) =>
        first === 'lineage' && key === to && model === to && relation === 'derived' && Object.keys(more).length === 0,
    },
    {
      matches: ([first, key], { model, relation, ...more }, to) =>
        first === 'composition' && key === to && model === to && relation === 'part' && Object.keys(more).length === 0,
    },
    {
      matches: ([first, key], { dataset, ...more }, to) =>
        first === 'sources' && key === to && dataset === to && Object.keys(more).length === 0,
    },
    {
      matches: ([first, second, key], { dataset, ...more }, to) =>
        first === 'training' && second === 'uses' && key === to && dataset === to && Object.keys(more).length === 0,
    },
  ];

/** The steps of a pointer behind the thing that it is in. */
function insideOf(pointer: string, id: string): readonly string[] | undefined {
  const steps = parsePointer(pointer) ?? [];
  if (id === 'model' && steps[0] === 'model') return steps.slice(1);
  return (steps[0] === 'models' || steps[0] === 'datasets' || steps[0] === 'components') && steps[1] === id ? steps.slice(2) : undefined;
}

/** How a model was made from its parents, in the words of the official taxonomy. */
function tuneMethods(thing: Json): readonly Property[] {
  const parents = Object.values(objectOf(objectOf(thing.lineage).parents)).map(objectOf);
  return [...new Set(parents.flatMap(({ relation }) => textOf(relation) ?? []))]
    .filter((word) => word !== 'derived')
    .map((word) => [TUNE_METHOD, word]);
}

/** What goes into a model and comes out, in the words of the official taxonomy. */
const modalities = ({ io }: Json): readonly Property[] =>
  unique([...objectsOf(objectOf(io).inputs), ...objectsOf(objectOf(io).outputs)].flatMap(({ modality }) => textOf(modality) ?? [])).map(
    (word) => [MODALITY, word],
  );

/** What lies in a thing. */
function partsOf(id: string, writing: Writing): readonly Json[] {
  // In the order of their ids: who claims them is not told by the document.
  return [...(writing.parts.get(id) ?? [])].sort().flatMap((part) => (writing.written.has(part) ? [] : [writeThing(part, writing)]));
}

function pedigree(id: string, thing: Json, writing: Writing): Json {
  const parents = (writing.edges.get(id) ?? []).filter((edge) => edge.relation === 'descendantOf' && isNative(edge, writing));
  return pick({
    ancestors: json(unique(parents.map(({ to }) => to)).map((to) => ancestor(to, writing))),
    notes: textOf(objectOf(thing.lineage).modifications),
  });
}

/** A bom-ref stands once: a model that has been written is named by what identifies it. */
function ancestor(id: string, writing: Writing): Json {
  const listed = !writing.ancestors.has(id);
  if (!listed && !writing.written.has(id)) return writeThing(id, writing);
  const [name, thing = {}] = kindOf(id, writing);
  const { hashes, purl } = writeBlocks(KINDS[name].blocks, thing, writing).members;
  return pick({
    type: typeOf(name, thing, writing.version),
    name: textOf(thing.name) ?? id,
    group: textOf(thing.group),
    version: textOf(thing.version),
    hashes,
    purl,
    properties: [{ name: SAME_AS, value: writing.ref(id) }],
  });
}

const isModel = (id: string, { manifest }: Writing): boolean => id === 'model' || own(manifest.models, id) !== undefined;
const isComponent = (id: string, writing: Writing): boolean => isModel(id, writing) || own(writing.manifest.components, id) !== undefined;
const isDataset = (id: string, { manifest }: Writing): boolean => own(manifest.datasets, id) !== undefined;

const DATA: ReadonlySet<string> = new Set(['trainedOn', 'testedOn']);

/** Does CycloneDX say the edge by itself: as a dependency, by nesting, in a pedigree or in a model card? */
function isNative({ from, relation, to }: Pick<Edge, 'from' | 'relation' | 'to'>, writing: Writing): boolean {
  if (relation === 'contains') return writing.holder.get(to) === from;
  if (relation === 'descendantOf')
    return (isComponent(from, writing) && isComponent(to, writing)) || (isDataset(from, writing) && isDataset(to, writing));
  if (DATA.has(relation)) return isModel(from, writing) && isDataset(to, writing);
  return relation === 'dependsOn' && !writing.ancestors.has(from) && !writing.ancestors.has(to);
}

/** Edges that CycloneDX has no place for. */
function otherEdges(id: string, writing: Writing): readonly Property[] {
  return (writing.edges.get(id) ?? []).flatMap(({ relation, to }): readonly Property[] =>
    to.startsWith('file:') || isNative({ from: id, relation, to }, writing) ? [] : [[EDGE + relation, writing.ref(to)]],
  );
}

function modelCard(id: string, name: KindName, members: Json, writing: Writing): Json {
  if (name !== 'model' && name !== 'subject') return {};
  const data = (writing.edges.get(id) ?? []).filter(({ relation, to }) => DATA.has(relation) && isDataset(to, writing));
  const refs = unique(data.map(({ to }) => ({ ref: writing.ref(to) })));
  const card = objectOf(members.modelCard) as Json; // made by the rows
  if (refs.length === 0) return pick({ modelCard: nonEmpty(card) });
  return { modelCard: withValue(card, ['modelParameters', 'datasets'], json(refs) ?? []) };
}

/** The members of both, object by object; the names come from the tables. */
function merge(a: Json, b: Json): Json {
  const merged: Record<string, JsonValue> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = merged[key];
    merged[key] = isObject(known) && isObject(value) ? merge(known, value) : value;
  }
  return merged;
}

// --- the document

/** What the elements have not said exactly. To be called when all of them are written. */
const sectionProperties = (writing: Writing, bom: Json): Json =>
  pick({ properties: propertyList(flatten('Manifest', restOf(writing, without(bom, ['subject'])), 'msbom')) });

/** The graph. A thing without an entry is one of which nobody has said what it needs; one with an empty entry needs nothing. */
function writeDependencies(writing: Writing): readonly Json[] {
  const { manifest, ref } = writing;
  const needs = new Map<string, Set<string>>();
  for (const [from, { completeness }] of Object.entries(manifest.dependencies ?? {}))
    if (completeness === 'complete') needs.set(from, new Set());
  for (const edges of writing.edges.values())
    for (const edge of edges) {
      if (edge.relation !== 'dependsOn' || !isNative(edge, writing)) continue;
      const known = needs.get(edge.from) ?? new Set<string>();
      needs.set(edge.from, known.add(edge.to));
    }
  return [...needs]
    .filter(([from]) => !writing.ancestors.has(from))
    .map(([from, targets]) => ({ ref: ref(from), ...(targets.size === 0 ? {} : { dependsOn: [...targets].map(ref) }) }));
}

const needsSomething = (id: string, writing: Writing): boolean =>
  writing.edges.get(id)?.some((edge) => edge.relation === 'dependsOn' && isNative(edge, writing)) === true;

const AGGREGATES: Readonly<Record<string, string>> = { complete: 'complete', partial: 'incomplete', unknown: 'unknown' };

function writeCompositions(writing: Writing): readonly Json[] {
  const { manifest, ref, subject } = writing;
  const { completeness, artifacts } = manifest.bom.coverage ?? {};
  const byWord = Object.entries(AGGREGATES).flatMap(([word, aggregate]) => {
    const listed = Object.entries(manifest.dependencies ?? {}).filter(
      // What is complete and needs nothing has an empty entry in the graph.
      ([id, node]) => node.completeness === word && (word !== 'complete' || needsSomething(id, writing)),
    );
    return listed.length === 0 ? [] : [{ aggregate, dependencies: listed.map(([id]) => ref(id)) }];
  });
  return unique([
    ...(completeness === undefined ? [] : [{ aggregate: own(AGGREGATES, completeness) ?? 'unknown', dependencies: [ref(subject)] }]),
    ...(artifacts === undefined || manifest.artifacts === undefined
      ? []
      : [{ aggregate: own(AGGREGATES, artifacts) ?? 'unknown', assemblies: [ref(subject)] }]),
    ...byWord,
  ]) as readonly Json[];
}
