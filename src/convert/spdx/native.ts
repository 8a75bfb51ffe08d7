/** The native part: a manifest as the elements that SPDX has for it, and what elements say as a manifest. */
import type { JsonValue } from '../../core/canonical-json.js';
import { MsbomError } from '../../core/error.js';
import type { Artifact, Dataset, Manifest } from '../../schema/index.js';
import { SCHEMA_ID, SPEC_VERSION } from '../../schema/index.js';

import { inOrder, stableText } from '../edits.js';
import { pruneManifest } from '../prune.js';
import { readAnnotations, writeAnnotations } from './annotations.js';
import { isA } from './classes.js';
import { SHORT } from './codecs.js';
import { type Reading, startWriting, type Writing } from './context.js';
import { readDataset, relateDatasets, writeDatasets } from './datasets.js';
import { readDependencies, writeDependencies } from './dependencies.js';
import { nameOf, readDocument, writeDocument } from './document.js';
import { type Json, pick } from './fields.js';
import { isArtifact, readFile, writeFiles } from './files.js';
import { decodeName, fileName, idIn, MODEL, nameIn, parseBase, uuidOf } from './ids.js';
import { merge, orUndefined, readModel, writeModel } from './model.js';
import { readParties, writeParty } from './parties.js';
import { readRun, writeRun } from './run.js';
import { readVulnerabilities, writeVulnerabilities } from './security.js';
import {
  kindOf,
  readAdapter,
  readAncestor,
  readComponent,
  readEnvironment,
  readService,
  relateAncestors,
  writeSoftware,
} from './software.js';
import { listOf, type Source } from './source.js';

export interface Native {
  readonly nodes: readonly Json[];
  /** Id of the document, and of the element that it is about. */
  readonly base: string;
  readonly root: string;
}

export function writeNative(unordered: Manifest): Native {
  const manifest = inOrder(unordered);
  const [first] = manifest.datasets ?? [];
  const rootName = manifest.model !== undefined || first === undefined ? MODEL : nameIn('dataset', first, 0);
  const writing = startWriting(manifest, rootName);
  const { graph, root } = writing;
  for (const party of manifest.parties ?? []) writeParty(writing, party);
  writeModel(writing);
  const files = writeFiles(writing, manifest.artifacts);
  graph.relate(root, 'contains', files, { completeness: COVERAGE[manifest.bom.coverage?.artifacts ?? ''] });
  relateFiles(writing);
  writeDatasets(writing);
  writeSoftware(writing);
  relateDatasets(writing);
  relateAncestors(writing);
  writeRun(writing);
  writeVulnerabilities(writing);
  writeDependencies(writing);
  writeAnnotations(writing);
  writeDocument(writing, nameOf(manifest));
  return { nodes: graph.nodes(), base: graph.base, root };
}

const COVERAGE: Readonly<Record<string, string>> = { complete: 'complete', partial: 'incomplete', unknown: 'noAssertion' };

/** What files of some roles are to the model, beside being part of it; a configuration stands before what it configures. */
const FILE_RELATIONS: readonly (readonly [role: Artifact['role'], type: string])[] = [
  ['document', 'hasDocumentation'],
  ['data', 'hasDataFile'],
  ['tokenizer', 'hasDataFile'],
];
const CONFIGURES: ReadonlySet<Artifact['role']> = new Set(['config', 'template']);

function relateFiles({ graph, manifest: { artifacts = [] }, root }: Writing): void {
  const iriOf = ({ path }: Artifact): string => graph.iri(fileName(path));
  for (const [role, type] of FILE_RELATIONS) graph.relate(root, type, artifacts.filter((file) => file.role === role).map(iriOf));
  for (const file of artifacts) if (CONFIGURES.has(file.role)) graph.relate(iriOf(file), 'configures', [root]);
}

export interface NativeReading {
  readonly manifest: Json;
  /** Name by which `writeNative` calls an element, by the id that the document has for it. */
  readonly names: ReadonlyMap<string, string>;
  readonly base: string;
  readonly document: string | undefined;
  readonly root: string | undefined;
  readonly creationInfo: string | undefined;
  readonly sbom: string | undefined;
}

/**
 * What the elements of a document say.
 *
 * @throws ERR_CONVERT_INPUT when the document does not tell when it was made, or holds nothing to describe
 */
export function readNative(source: Source): NativeReading {
  const { document, sbom, root } = findRoot(source);
  const base = String(document?.spdxId ?? '');
  if (root === undefined) throw refuse('the document holds no package to describe');
  const names = new Map<string, string>();
  const order = orderBy(sbom);
  const stated = new Set([...source.nodes.keys()].flatMap((iri) => idIn(decodeName(iri, base) ?? '') ?? []));
  const start = { source, base, root, names, taken: new Set([MODEL]), stated };
  names.set(String(root.spdxId), MODEL);
  const isDataset = root.type === 'dataset_DatasetPackage';
  if (isDataset) names.delete(String(root.spdxId));
  const { parties, party } = readParties(start, order);
  const reading: Reading = { ...start, party };
  const manifest = merge(
    {
      $schema: SCHEMA_ID,
      bom: { specVersion: SPEC_VERSION, ...(parseBase(base) ?? { serialNumber: serialFor(source, base), version: 1 }) },
    },
    { bom: { ...(isDataset ? { subject: 'dataset' } : {}), ...readDocument(reading, document, sbom) } },
    pick({ parties }),
    readSections(reading, order, isDataset),
    readAnnotations(reading, order),
  );
  if ((manifest.bom as Json).timestamp === undefined) throw refuse('the document does not say when it was made');
  const creationInfo = String((document ?? root).creationInfo ?? '');
  return {
    manifest: withinSchema(manifest),
    names,
    base,
    document: document === undefined ? undefined : base,
    root: String(root.spdxId),
    creationInfo: source.get(creationInfo) === undefined ? undefined : creationInfo,
    sbom: sbom === undefined ? undefined : String(sbom.spdxId),
  };
}

/** What was read without what the schema refuses: such values stay in the document that they came from. */
const withinSchema = (manifest: Json): Json => pruneManifest(manifest) ?? pick({ bom: manifest.bom, model: { name: 'unnamed' } });

/** The document, its SBOM, and the element that they are about. */
export function findRoot(source: Source): {
  readonly document: Json | undefined;
  readonly sbom: Json | undefined;
  readonly root: Json | undefined;
} {
  const [document] = source.ofType('SpdxDocument');
  const sbom = sbomOf(source, document);
  return { document, sbom, root: rootOf(source, document, sbom) };
}

function refuse(message: string): MsbomError {
  return new MsbomError('ERR_CONVERT_INPUT', message, { hint: 'Run `msbom validate` on the document to see what it lacks.' });
}

function readSections(reading: Reading, order: (nodes: readonly Json[]) => readonly Json[], isDataset: boolean): Json {
  const { source, root = {} } = reading;
  const idOf = (iri: string): string | undefined => {
    const name = reading.names.get(iri);
    return name === undefined ? undefined : idIn(name);
  };
  const main = isDataset ? {} : readModel(reading, root);
  const sets = order(source.ofType('dataset_DatasetPackage'));
  // A document of a dataset must have it, under whatever name.
  const first = isDataset && SHORT.read(root.name) === undefined ? { ...root, name: 'unnamed' } : root;
  const datasets = collect(reading, isDataset ? [first, ...sets.filter((each) => each !== root)] : sets, readDataset);
  const packages = sortPackages(reading, order);
  const ancestors = collect(reading, packages.ancestors, readAncestor);
  const adapters = collect(reading, packages.adapters, readAdapter);
  const components = collect(reading, packages.components, readComponent);
  const environments = collect(reading, packages.environments, readEnvironment);
  const services = collect(reading, packages.services, readService);
  const artifacts = collect(reading, packages.files, readFileNamed);
  const fileIds = new Map(artifacts.flatMap(([node, { id }]): [string, string][] => (id === undefined ? [] : [[String(node.spdxId), id]])));
  const idOrFile = (iri: string): string | undefined => fileIds.get(iri) ?? idOf(iri);
  const training = readRun(reading, idOrFile);
  const vulnerabilities = readVulnerabilities(reading, order(source.ofType('security_Vulnerability')), idOrFile);
  const parents = (iri: string): readonly string[] =>
    source.from(iri, 'descendantOf').flatMap(({ to }) => to.flatMap((target) => idOrFile(target) ?? []));
  return merge(
    main,
    pick({
      artifacts: artifacts.map(([, artifact]) => artifact),
      datasets: datasets.map(
        ([node, dataset]) =>
          ({ ...dataset, ...pick({ derivedFrom: parents(String(node.spdxId)).filter((id) => id !== MODEL) }) }) as Dataset,
      ), // no other member
      adapters: adapters.map(([, adapter]) => adapter),
      components: components.map(([, component]) => component),
      environments: environments.map(([, environment]) => environment),
      services: services.map(([, service]) => service),
      lineage: orUndefined(
        pick({ ancestors: ancestors.map(([node, ancestor]) => ({ ...ancestor, ...pick({ parents: parents(String(node.spdxId)) }) })) }),
      ),
      dependencies: readDependencies(reading, idOrFile),
      training,
      security: vulnerabilities.length > 0 ? { vulnerabilities } : undefined,
    }),
  );
}

function readFileNamed(reading: Reading, node: Json): Artifact | undefined {
  const file = readFile(reading, node);
  if (file !== undefined) reading.names.set(String(node.spdxId), fileName(file.path));
  return file;
}

type Read<T> = (reading: Reading, node: Json) => T | undefined;

function collect<T>(reading: Reading, nodes: readonly Json[], read: Read<T>): readonly (readonly [Json, T])[] {
  const found: [Json, T][] = [];
  for (const node of nodes) {
    const thing = read(reading, node);
    if (thing !== undefined) found.push([node, thing]);
  }
  return found;
}

interface Packages {
  readonly ancestors: readonly Json[];
  readonly adapters: readonly Json[];
  readonly components: readonly Json[];
  readonly environments: readonly Json[];
  readonly services: readonly Json[];
  readonly files: readonly Json[];
}

/** By the mark of our own writer. */
const PLACES: ReadonlyMap<string, keyof Packages> = new Map([
  ['ancestor', 'ancestors'],
  ['adapter', 'adapters'],
  ['environment', 'environments'],
  ['service', 'services'],
]);

/** Which package is what: by the mark of our own writer, else by class and by how it is tied to the root. */
function sortPackages(reading: Reading, order: (nodes: readonly Json[]) => readonly Json[]): Packages {
  const { source, root } = reading;
  const lineage = ancestorsOf(source, String(root?.spdxId));
  const ofDatasets = new Set(
    source.ofType('dataset_DatasetPackage').flatMap(({ spdxId }) => source.from(String(spdxId), 'contains').flatMap(({ to }) => to)),
  );
  const groups: Record<keyof Packages, Json[]> = { ancestors: [], adapters: [], components: [], environments: [], services: [], files: [] };
  const all = ['ai_AIPackage', 'software_Package', 'software_File'].flatMap((type) => source.ofType(type));
  for (const node of order(all)) {
    if (node === root) continue;
    const place = PLACES.get(kindOf(reading, node) ?? '');
    if (place !== undefined) groups[place].push(node);
    else if (node.type === 'software_File') {
      if (ofDatasets.has(String(node.spdxId))) continue;
      groups[isArtifact(reading, node) ? 'files' : 'components'].push(node);
    } else if (lineage.has(String(node.spdxId))) groups.ancestors.push(node);
    else if (node.type === 'software_Package') groups.components.push(node);
  }
  return groups;
}

/** What the root came from, and what that came from. */
function ancestorsOf(source: Source, root: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [root];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { to } of source.from(id, 'descendantOf'))
      for (const target of to) {
        if (found.has(target) || target === root) continue;
        found.add(target);
        open.push(target);
      }
  }
  return found;
}

const isPackage = (node: Json | undefined): node is Json => typeof node?.type === 'string' && isA(node.type, 'software_Package');
const isOfSoftware = (node: Json | undefined): node is Json =>
  typeof node?.type === 'string' && isA(node.type, 'software_SoftwareArtifact');

function sbomOf(source: Source, document: Json | undefined): Json | undefined {
  const named = listOf(document?.rootElement).map((id) => source.get(id));
  return named.find((node) => typeof node?.type === 'string' && isA(node.type, 'Bundle')) ?? source.ofType('software_Sbom')[0];
}

/** The model, where there is one; else the dataset, else the package that the document is about. */
function rootOf(source: Source, document: Json | undefined, sbom: Json | undefined): Json | undefined {
  const roots = [...listOf(sbom?.rootElement), ...listOf(document?.rootElement)].map((id) => source.get(id));
  const named = roots.filter(isPackage);
  const ofType = (type: string): Json | undefined => named.find((node) => node.type === type);
  const bases = new Set(source.edges.flatMap(({ type, to }) => (type === 'descendantOf' ? to : [])));
  const models = source.ofType('ai_AIPackage');
  return (
    ofType('ai_AIPackage') ??
    named[0] ??
    models.find(({ spdxId }) => !bases.has(String(spdxId))) ??
    models[0] ??
    source.ofType('dataset_DatasetPackage')[0] ??
    source.ofType('software_Package')[0] ??
    // A file alone may be what a document is about.
    roots.find(isOfSoftware) ??
    source.ofType('software_File')[0]
  );
}

/** Elements in the order of the SBOM's list; what it does not name follows in the order of the document. */
function orderBy(sbom: Json | undefined): (nodes: readonly Json[]) => readonly Json[] {
  const places = new Map(listOf(sbom?.element).map((id, index) => [id, index]));
  if (places.size === 0) return (nodes) => nodes;
  const place = ({ spdxId }: Json): number => places.get(spdxId) ?? places.size;
  return (nodes) => [...nodes].sort((a, b) => place(a) - place(b));
}

/** A serial number that follows from the id of the document, or from all of it (UUID version 8, RFC 9562). */
function serialFor(source: Source, base: string): string {
  return `urn:uuid:${uuidOf(base !== '' ? base : stableText([...source.nodes.values()] as unknown as JsonValue))}`; // plain JSON
}
