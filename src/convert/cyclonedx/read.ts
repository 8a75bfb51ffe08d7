/** A CycloneDX document of any producer as a manifest, as far as the manifest has members for it. */
import { sha256Text } from '../../core/digest.js';
import { type Dependency, type Manifest, SPEC_VERSION } from '../../schema/index.js';
import { withoutCircles } from '../circles.js';
import { pruneManifest } from '../prune.js';
import { readComponent } from './component.js';
import { type Ids, makeIds, writeContext } from './context.js';
import { datasetId, isDataset, readDataset, readInlineDataset } from './datasets.js';
import { readFile } from './files.js';
import { type FormulationRead, readFormulation } from './formulation.js';
import { type CompositionsRead, hasEmptyLists, readCompositions, readDependencies } from './graph.js';
import { type Json, nonEmpty, nonEmptyList, objectOf, objectsOf, pick, plain, textOf } from './json.js';
import { isAdapter, readAdapter, readLineage } from './lineage.js';
import { readMetadata } from './metadata.js';
import { findMain, isModel, type MainComponent, readSubject, type SubjectRead } from './model.js';
import { readService, serviceId } from './services.js';
import { readSoftware, type SoftwareRead } from './software.js';
import { readDeclarations, readStandards } from './standards.js';
import { isSystem, readSystem } from './system.js';
import { readVulnerabilities } from './vulnerabilities.js';
import type { Layout } from './write.js';

/** What a document lacks and a manifest must have. */
export interface Identity {
  readonly serialNumber: string;
  readonly timestamp: string;
}

export interface NativeRead {
  readonly manifest: Manifest;
  readonly layout: Layout;
}

/** Everything that was read of a document before it is put together. */
interface Parts {
  readonly document: Json;
  readonly ids: Ids;
  readonly main: MainComponent;
  readonly isDataset: boolean;
  /** Values that are something of the manifest already. */
  readonly taken: Set<Json>;
}

/** The manifest of a document; values that the manifest cannot hold stay behind. `identify` is asked where the document does not name itself. */
export function readNative(document: Json, identify: () => Identity): NativeRead {
  const ids = makeIds();
  const main = findMain(document, isAdapter);
  const aboutData = main.value !== undefined && main.value.type === 'data' && isDataset(main.value, new Set());
  const parts: Parts = { document, ids, main, isDataset: aboutData, taken: new Set(main.value === undefined ? [] : [main.value]) };
  if (!aboutData) ids.subject(main.value?.['bom-ref']);
  const manifest = withinSchema(assemble(parts, identify));
  const names = ids.names();
  const type = aboutData ? undefined : main.value?.type;
  const layout: Layout = {
    ...(Object.keys(names).length > 0 ? { names } : {}),
    ...(hasEmptyLists(document.dependencies) ? { emptyLists: true } : {}),
    ...(main.at === 'metadata' && (type === undefined || type === 'machine-learning-model')
      ? {}
      : { main: { at: main.at, ...(typeof type === 'string' ? { type } : {}) } }),
  };
  return { manifest, layout };
}

/** A manifest must have a model, and some documents have none. */
const UNNAMED = { name: 'unnamed' };

function assemble(parts: Parts, identify: () => Identity): Manifest {
  const { document, ids, main, isDataset: aboutData } = parts;
  const formulation = readFormulation(document.formulation, ids);
  const subject = subjectOf(parts);
  const artifacts = readFiles(parts);
  const datasets = readDatasets(parts);
  if (aboutData && ids.idOf(main.value?.['bom-ref']) === undefined) ids.subject(main.value?.['bom-ref']);
  const services = readServices(parts);
  const adapters = readAdapters(parts);
  const software = readComponents(parts);
  const lineage = main.value === undefined ? undefined : readLineage(main.value, ids);
  const compositions = readCompositions(document.compositions, main.value?.['bom-ref'], ids);
  const { usage, risk, security, ...sections } = subject?.sections ?? {};
  const manifest: Manifest = {
    bom: bomOf(parts, subject, compositions, artifacts !== undefined, identify),
    ...pick({
      model: aboutData ? undefined : (subject?.model ?? UNNAMED),
      artifacts,
      adapters,
      lineage,
      datasets,
      training: trainingOf(parts, formulation, subject),
      environments: formulation.environments,
      components: nonEmptyList(software.components),
      dependencies: nonEmptyList<Dependency>(software.contains),
      evaluations: subject?.card.evaluations,
      usage,
      ...sections,
      documents: nonEmptyList([...(subject?.sections.documents ?? []), ...illustrationsOf(subject)]),
      system: readSystem(document.components),
      risk,
      security: nonEmpty({ ...security, ...pick({ vulnerabilities: readVulnerabilities(document.vulnerabilities, ids) }) }),
      governance: nonEmpty(pick({ standards: readStandards(document.definitions) })),
      services,
      attestations: readDeclarations(document.declarations, document.definitions),
    }),
  };
  return { ...manifest, ...pick({ dependencies: graphOf(manifest, document, compositions, ids) }) };
}

function subjectOf({ main, isDataset: aboutData }: Parts): SubjectRead | undefined {
  const read = main.value === undefined || aboutData ? undefined : readComponent(main.value);
  return main.value === undefined || read === undefined ? undefined : readSubject(main.value, read);
}

/** What was done to make something else than a model is no training. */
function trainingOf({ main }: Parts, formulation: FormulationRead, subject: SubjectRead | undefined): Manifest['training'] {
  const model = main.value !== undefined && isModel(main.value) ? textOf(main.value['bom-ref']) : undefined;
  return nonEmpty({ ...formulation.training(model), ...pick({ energy: subject?.card.sections.energy }) });
}

/** Pictures of the model card that no reference stands for. */
function illustrationsOf(subject: SubjectRead | undefined): SubjectRead['card']['illustrations'] {
  const known = new Set((subject?.sections.documents ?? []).map(({ title, uri, path }) => title ?? path ?? uri));
  return (subject?.card.illustrations ?? []).filter(({ title }) => !known.has(title));
}

function bomOf(
  { document, isDataset: aboutData }: Parts,
  subject: SubjectRead | undefined,
  { components, artifacts }: CompositionsRead,
  hasFiles: boolean,
  identify: () => Identity,
): Manifest['bom'] {
  const { serialNumber, version, timestamp, coverage, ...rest } = readMetadata(document);
  const isComplete = serialNumber !== undefined && timestamp !== undefined;
  const identity = isComplete ? { serialNumber, timestamp } : { ...identify(), ...pick({ serialNumber, timestamp }) };
  const about = aboutData ? 'dataset' : subject?.subject === 'adapter' || subject?.subject === 'model' ? subject.subject : undefined;
  return {
    specVersion: SPEC_VERSION,
    ...pick({ subject: about }),
    serialNumber: identity.serialNumber,
    version: version ?? 1,
    timestamp: identity.timestamp,
    ...rest,
    ...pick({ coverage: nonEmpty({ ...pick({ completeness: components, artifacts: hasFiles ? artifacts : undefined }), ...coverage }) }),
  };
}

/** The files of the main component, each path once. */
function readFiles({ main, ids, taken }: Parts): Manifest['artifacts'] {
  const paths = new Set<string>();
  return nonEmptyList(
    objectsOf(main.value?.components).flatMap((value) => {
      const file = typeof value.name === 'string' && paths.has(value.name) ? undefined : readFile(value, '', ids);
      if (file === undefined) return [];
      paths.add(file.path);
      taken.add(value);
      return [file];
    }),
  );
}

/** Datasets that are components, the main one first, and those that stand in the model card. */
function readDatasets({ document, main, ids, taken, isDataset: aboutData }: Parts): Manifest['datasets'] {
  const { datasets } = objectOf(objectOf(main.value?.modelCard).modelParameters);
  const stated = objectsOf(datasets);
  const refs = new Set(stated.map(({ ref }) => ref).filter((ref) => ref !== undefined));
  const components = objectsOf(document.components).filter((value) => isDataset(value, refs));
  const values = [...(aboutData && main.value !== undefined ? [main.value] : []), ...components];
  const inline = stated.filter((value) => value.ref === undefined);
  const given = [...values, ...inline].map((value, i) => datasetId(value, i, ids));
  for (const value of components) taken.add(value);
  return nonEmptyList([
    ...values.flatMap((value, i) => readDataset(value, i, given[i], ids) ?? []),
    ...inline.flatMap((value, i) => readInlineDataset(value, given[values.length + i]) ?? []),
  ]);
}

function readServices({ document, ids }: Parts): Manifest['services'] {
  return nonEmptyList(objectsOf(document.services).flatMap((value, i) => readService(value, serviceId(value, i, ids)) ?? []));
}

function readAdapters({ document, ids, taken }: Parts): Manifest['adapters'] {
  const values = objectsOf(document.components).filter(isAdapter);
  for (const value of values) taken.add(value);
  return nonEmptyList(values.flatMap((value) => readAdapter(value, ids) ?? []));
}

function readComponents({ document, main, ids, taken }: Parts): SoftwareRead {
  const software: SoftwareRead = { components: [], contains: [] };
  const isTaken = (value: Json): boolean => taken.has(value) || isSystem(value);
  readSoftware(main.value?.components, main.at === 'none' ? undefined : 'model', software, ids, isTaken);
  readSoftware(document.components, undefined, software, ids, isTaken);
  return software;
}

function graphOf(manifest: Manifest, document: Json, { dependencies }: CompositionsRead, ids: Ids): Manifest['dependencies'] {
  const contains = manifest.dependencies ?? [];
  const context = writeContext(manifest, '1.6', ids.names());
  const read = readDependencies(document.dependencies, manifest, ids, context);
  const stated = read.map((entry) => ({ ...entry, ...pick({ completeness: dependencies.get(entry.ref) }) }));
  // Edges that close a circle stay behind.
  return nonEmptyList(withoutCircles([...contains, ...stated]));
}

/** The manifest without what its schema refuses: such values stay in the document that they came from. */
function withinSchema(manifest: Manifest): Manifest {
  const kept = pruneManifest(plain(manifest));
  if (kept !== undefined) return kept;
  // What is left has nothing to be about; these members were checked when they were read.
  const { specVersion, serialNumber, version, timestamp } = manifest.bom;
  return { bom: { specVersion, serialNumber, version, timestamp }, model: UNNAMED };
}

/** A serial number for a document that has none: the same for the same text, by RFC 9562 version 8. */
export function serialNumberOf(text: string): string {
  const hex = sha256Text(text);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
