/** A CycloneDX document of any producer as a manifest, as far as the manifest has members for it. */

import type { JsonValue } from '../../core/canonical-json.js';
import { idFrom, uniqueId } from '../../core/id.js';
import { own } from '../../core/objects.js';
import { frameOf, unframe } from '../frames.js';
import { type Draft, type Edge, fileId, putEdges, putThing, THINGS, type ThingKind } from '../graph.js';
import type { Json } from '../mapping/block.js';
import { ownOf, readKind } from '../mapping/kind.js';
import { EDGE, FILE_SIZE, isPath, SAME_AS } from '../mapping/names.js';
import { type PropertyValues, treeOf, unflatten } from '../mapping/properties.js';
import type { CycloneDXVersion } from '../mapping/row.js';
import { ID } from '../mapping/vulnerability.js';
import { partiesOf } from '../parties.js';
import { valuesOf } from './blocks.js';
import type { Context } from './context.js';
import { readFormulation } from './formulation.js';
import { nonEmpty, objectOf, objectsOf, textOf, textsOf, wordOf } from './json.js';
import { type Identity, readBom } from './metadata.js';
import { cardDatasets } from './model-card.js';
import { KINDS, type KindName } from './things.js';
import { readVulnerabilities } from './vulnerabilities.js';
import type { Layout } from './write.js';

export interface NativeRead {
  /** Plain JSON of the form of a manifest; the schema has the last word. */
  readonly manifest: Json;
  readonly layout: Layout;
}

type Value = Readonly<Record<string, unknown>>;

interface Reading extends Context {
  readonly draft: Draft;
  /** Id of the thing, by the bom-ref. */
  readonly ids: Map<string, string>;
  readonly kinds: Map<string, ThingKind>;
  readonly edges: Edge[];
  readonly names: Map<string, string>;
  readonly taken: Set<string>;
  /** Properties of the whole document. */
  readonly sections: ReturnType<typeof treeOf>;
  /** bom-refs that a model card names as data. */
  readonly data: ReadonlySet<string>;
  /** What is to be read once every thing has its id. */
  readonly later: (() => void)[];
}

/** The manifest of a document; `identify` is asked where the document does not name itself. */
export function readNative(document: Value, version: CycloneDXVersion, identify: () => Identity): NativeRead {
  const metadata = objectOf(document.metadata);
  const reading = startReading(document, version);
  const { draft } = reading;
  const main = metadata.component === undefined ? undefined : objectOf(metadata.component);
  Object.assign(draft, readSections(reading));
  const subject = main === undefined ? undefined : readComponent(main, undefined, true, reading);
  for (const value of objectsOf(document.components)) readComponent(value, undefined, false, reading);
  for (const value of objectsOf(document.services)) readService(value, undefined, reading);
  for (const read of reading.later) read();
  readDependencies(document.dependencies, reading);
  putEdges(draft, reading.edges, (id) => reading.kinds.get(id));
  readCompositions(document.compositions, subject, reading);
  readHyperparameters(document.formulation, reading);
  const vulnerabilities = readVulnerabilities(document.vulnerabilities, (ref) => reading.ids.get(String(ref)));
  if (Object.keys(vulnerabilities).length > 0) draft.security = { ...(draft.security as Json | undefined), vulnerabilities };
  const bom = readBom(document, subject, reading, identify);
  const { names } = reading;
  const whole = nonEmpty(Object.fromEntries(names));
  return { manifest: { ...draft, bom } as Json, layout: whole === undefined ? {} : { names: whole } };
}

function startReading(document: Value, version: CycloneDXVersion): Reading {
  const sections = treeOf(valuesOf(objectOf(document.metadata).properties));
  const draft: Draft = Object.create(null);
  const taken = new Set(['model']);
  return {
    version,
    draft,
    sections,
    taken,
    ids: new Map(),
    kinds: new Map(),
    edges: [],
    names: new Map(),
    data: new Set(allCards(document).flatMap((card) => cardDatasets(card).refs)),
    later: [],
    ...partiesOf(draft, true),
  };
}

/** Model cards of all components, wherever they stand. */
function allCards(document: Value): readonly unknown[] {
  const cards: unknown[] = [];
  const open: unknown[] = [objectOf(document.metadata).component, ...objectsOf(document.components)];
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    const { modelCard, components } = objectOf(value);
    if (modelCard !== undefined) cards.push(modelCard);
    open.push(...objectsOf(components));
  }
  return cards;
}

/** The id of a thing: its bom-ref where that is one, else one near its name. */
function idFor(value: Value, reading: Reading): string {
  const ref = textOf(value['bom-ref']);
  const { taken, ids, names } = reading;
  const isId = ref !== undefined && ID.test(ref) && !taken.has(ref);
  const id = uniqueId(isId ? ref : idFrom(textOf(value.name) ?? 'thing'), taken);
  if (!isId) names.set(id, ref ?? '');
  if (ref !== undefined && !ids.has(ref)) ids.set(ref, id);
  return id;
}

// --- components

/** What a component is of the manifest. */
function kindOf(value: Value, isMain: boolean, reading: Reading): KindName {
  if (value.type === 'machine-learning-model') return isMain ? 'subject' : 'model';
  const isData =
    value.type === 'data' && (objectsOf(value.data).some(({ type }) => type === 'dataset') || reading.data.has(String(value['bom-ref'])));
  if (isData) return 'dataset';
  return value.type === 'file' && !isMain && isOwnFile(value) ? 'file' : 'component';
}

/** A file of the manifest, which must say its size: a property of ours. Others are components. */
const isOwnFile = ({ name, hashes, properties }: Value): boolean =>
  isPath(String(name)) &&
  objectsOf(hashes).some(({ alg }) => alg === 'SHA-256') &&
  objectsOf(properties).some((each) => each.name === FILE_SIZE);

/** Reads a component and all that lies in it; answers its id. */
function readComponent(value: Value, within: string | undefined, isMain: boolean, reading: Reading): string | undefined {
  if (textOf(value.name) === undefined) return undefined;
  const name = kindOf(value, isMain, reading);
  const { ids, kinds, edges } = reading;
  const ref = textOf(value['bom-ref']);
  const path = String(value.name);
  const isFile = name === 'file' && own(reading.draft.artifacts as Json | undefined, path) === undefined;
  if (name === 'file' && !isFile) return undefined;
  const id = isFile ? fileId(path) : name === 'subject' ? 'model' : idFor(value, reading);
  if (name === 'subject' || isFile) {
    if (ref !== undefined) ids.set(ref, id);
    if (ref !== id) reading.names.set(id, ref ?? '');
  }
  kinds.set(id, THINGS[KINDS[name].type]);
  if (within !== undefined && !(isFile && within === 'model' && isMainModel(reading)))
    edges.push({ from: within, relation: 'contains', to: id, pointer: '' });
  putThing(reading.draft, id, THINGS[KINDS[name].type], readThing(value, name, id, reading));
  for (const part of objectsOf(value.components)) readComponent(part, id, false, reading);
  readPedigree(value, id, reading);
  readCardData(value, id, reading);
  return id;
}

/** Files that nobody claims are the subject's anyway. */
const isMainModel = ({ kinds, draft }: Reading): boolean => kinds.get('model') === 'model' && draft.model !== undefined;

function readThing(value: Value, name: KindName, id: string, reading: Reading): Json {
  const kind = KINDS[name];
  const properties = valuesOf(value.properties);
  const own = ownOf(kind, properties);
  const isFrame = name === 'model' || name === 'subject';
  const frame = isFrame ? frameOf(reading.draft, id, own, name === 'subject') : own;
  const [data] = objectsOf(value.data);
  const object = { ...value, ...(name === 'dataset' && data !== undefined ? { dataset: data } : {}) } as Json; // JSON of a document
  const card = valuesOf(objectOf(value.modelCard).properties);
  const said = { members: object, properties: joined(properties, card), own: frame };
  const thing = readKind<Context>(kind, said, { standard: 'cyclonedx', version: reading.version }, reading);
  readEdges(properties, id, reading);
  const type = textOf(value.type);
  const rest = name === 'component' && thing.type === undefined && type !== undefined ? { ...thing, type } : thing;
  const notes = textOf(objectOf(value.pedigree).notes);
  const named = { name: String(value.name), ...rest };
  const whole =
    name === 'file'
      ? rest
      : notes === undefined
        ? named
        : { ...named, lineage: { ...(objectOf(rest.lineage) as Json), modifications: notes } };
  return isFrame ? unframe(reading.draft, id, whole as Json) : (whole as Json);
}

function joined(a: PropertyValues, b: PropertyValues): PropertyValues {
  return b.size === 0 ? a : new Map([...b, ...a]);
}

/** Edges that CycloneDX has no place for. */
function readEdges(properties: PropertyValues, from: string, reading: Reading): void {
  for (const [name, refs] of properties) {
    if (!name.startsWith(EDGE)) continue;
    const relation = name.slice(EDGE.length);
    reading.later.push(() => {
      for (const ref of refs) {
        const to = reading.ids.get(ref);
        if (to !== undefined) reading.edges.push({ from, relation, to, pointer: '' });
      }
    });
  }
}

const WITH_PEDIGREE: ReadonlySet<ThingKind | undefined> = new Set(['model', 'component', 'dataset']);

function readPedigree(value: Value, id: string, reading: Reading): void {
  if (!WITH_PEDIGREE.has(reading.kinds.get(id))) return;
  for (const ancestor of objectsOf(objectOf(value.pedigree).ancestors)) {
    const same = valuesOf(ancestor.properties).get(SAME_AS)?.[0];
    if (same !== undefined) {
      reading.later.push(() => {
        const to = reading.ids.get(same);
        if (to !== undefined) reading.edges.push({ from: id, relation: 'descendantOf', to, pointer: '' });
      });
      continue;
    }
    const known = textOf(ancestor['bom-ref']) === undefined ? undefined : reading.ids.get(String(ancestor['bom-ref']));
    const to = known ?? readComponent(ancestor, undefined, false, reading);
    if (to !== undefined) reading.edges.push({ from: id, relation: 'descendantOf', to, pointer: '' });
  }
}

function readCardData(value: Value, id: string, reading: Reading): void {
  const { refs, inline } = cardDatasets(value.modelCard);
  reading.later.push(() => {
    for (const ref of refs) {
      const to = reading.ids.get(ref);
      if (to !== undefined) reading.edges.push({ from: id, relation: 'usesData', to, pointer: '' });
    }
  });
  for (const data of inline) {
    const name = textOf(data.name);
    if (name === undefined || (data.type !== undefined && data.type !== 'dataset')) continue;
    const to = readComponent(
      { type: 'data', 'bom-ref': data['bom-ref'], name, description: data.description, data: [{ ...data, type: 'dataset' }] },
      undefined,
      false,
      reading,
    );
    if (to !== undefined) reading.edges.push({ from: id, relation: 'usesData', to, pointer: '' });
  }
}

/** Reads a service and all that lie in it. */
function readService(value: Value, within: string | undefined, reading: Reading): void {
  if (textOf(value.name) === undefined) return;
  const id = idFor(value, reading);
  reading.kinds.set(id, 'service');
  if (within !== undefined) reading.edges.push({ from: within, relation: 'contains', to: id, pointer: '' });
  putThing(reading.draft, id, 'service', readThing(value, 'service', id, reading));
  for (const part of objectsOf(value.services)) readService(part, id, reading);
}

// --- the document

function readSections({ sections }: Reading): Json {
  return unflatten('Manifest', sections);
}

function readDependencies(list: unknown, { ids, edges, draft, kinds }: Reading): void {
  for (const { ref, dependsOn } of objectsOf(list)) {
    const from = ids.get(String(ref));
    if (from === undefined || from.startsWith('file:')) continue;
    const targets = textsOf(dependsOn).flatMap((each) => ids.get(each) ?? []);
    for (const to of targets) if (kinds.get(to) !== 'file') edges.push({ from, relation: 'dependsOn', to, pointer: '' });
    // An entry without targets says that nothing is needed.
    if (textsOf(dependsOn).length === 0) node(draft, from).completeness = 'complete';
  }
}

function node(draft: Draft, id: string): { [member: string]: JsonValue } {
  const nodes = (draft.dependencies ??= Object.create(null)) as { [id: string]: JsonValue };
  return (nodes[id] ??= Object.create(null)) as { [member: string]: JsonValue };
}

function readCompositions(list: unknown, subject: string | undefined, { ids, draft }: Reading): void {
  const nodes = (): Json => (draft.dependencies ?? {}) as Json;
  const own = objectOf(objectOf(draft.bom).coverage).completeness;
  for (const { aggregate, dependencies } of objectsOf(list)) {
    const word = /^incomplete/.test(String(aggregate)) ? 'partial' : wordOf(aggregate, ['complete', 'unknown']);
    if (word === undefined) continue;
    for (const ref of textsOf(dependencies)) {
      const id = ids.get(ref);
      // What the document says of its own graph it says of the subject.
      if (id === undefined || id.startsWith('file:') || (word === own && id === subject && !Object.hasOwn(nodes(), id))) continue;
      node(draft, id).completeness = word;
    }
  }
}

function readHyperparameters(formulation: unknown, { ids, draft, kinds }: Reading): void {
  for (const [ref, { hyperparameters, run }] of readFormulation(formulation)) {
    const id = ref === '' ? 'model' : ids.get(ref);
    if (id === undefined || kinds.get(id) !== 'model') continue;
    const model = (id === 'model' ? draft.model : (draft.models as Json)[id]) as { [member: string]: JsonValue } | undefined;
    if (model === undefined) continue;
    const known = model.training as Json | undefined;
    const whole = { ...(known?.run as Json | undefined), ...run };
    model.training = {
      ...known,
      ...(hyperparameters === undefined ? {} : { hyperparameters }),
      ...(Object.keys(whole).length > 0 ? { run: whole } : {}),
    };
  }
}
