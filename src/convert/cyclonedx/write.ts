/** A manifest as a CycloneDX document, as far as CycloneDX has members for it. */
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import type { JsonValue } from '../../core/canonical-json.js';
import type { Manifest } from '../../schema/index.js';
import type { LazyList } from '../edits.js';
import { withCitations, writeCitations } from './citations.js';
import { makeReference, type Part } from './component.js';
import { atLeast, type Context, type RefNames, writeContext } from './context.js';
import { dataComponent, refOfDataset } from './datasets.js';
import { filePart } from './files.js';
import { formulation } from './formulation.js';
import { withTargets, writeCompositions, writeDependencies } from './graph.js';
import { type Json, nonEmptyList, objectOf, pick, plain, unique } from './json.js';
import { type CycloneDXVersion, componentNormalizer, MlBom, type MlComponent, normalizeBom } from './library.js';
import { adapterComponent } from './lineage.js';
import { toolComponents, writeAnnotations, writeMetadata } from './metadata.js';
import { modelComponent } from './model.js';
import { writeService } from './services.js';
import { type Software, softwareComponents } from './software.js';
import { writeDeclarations, writeDefinitions } from './standards.js';
import { systemComponent } from './system.js';
import { writeVulnerability } from './vulnerabilities.js';

/** What a document of another producer looked like, where there is a choice. */
export interface Layout {
  /** bom-refs by id, where they differ. */
  readonly names?: RefNames;
  /** Where the main component stands, and its type; `none` for a document without one. */
  readonly main?: { readonly at: 'metadata' | 'components' | 'none'; readonly type?: string };
  /** A thing that depends on nothing has an empty list, and not none. */
  readonly emptyLists?: true;
}

/** The native document, as plain JSON. Same manifest, same document. */
export function writeNative(manifest: Manifest, version: CycloneDXVersion, layout: Layout = {}): Json {
  const { document, components } = writeLazily(manifest, version, layout);
  if (components.length === 0) return document;
  return inOrder(document, { components: Array.from({ length: components.length }, (_, i) => components.at(i)) });
}

/** The native document, less its components: there may be many, and who only compares needs no more than one at a time. */
export interface LazyDocument {
  readonly document: Json;
  readonly components: LazyList;
}

export function writeLazily(manifest: Manifest, version: CycloneDXVersion, layout: Layout = {}): LazyDocument {
  const context = withTargets(writeContext(manifest, version, layout.names, layout.main?.at !== 'none'), manifest);
  const parts = componentParts(manifest, context, layout);
  const document = objectOf(plain(normalizeBom(makeBom(manifest, context, layout, parts), version)));
  const normalize = componentNormalizer(version);
  // An index of the list, and plain JSON.
  const at = (i: number): JsonValue => {
    const part = parts.components[i] as Part;
    return (part.json() ?? plain(normalize(part.make()))) as JsonValue;
  };
  const components = { length: parts.components.length, nameAt: (i: number) => `bom-ref:${parts.components[i]?.ref}`, at };
  return {
    document: withCitations(document, atLeast(version, '1.7') ? writeCitations(manifest, document, components, context) : []),
    components,
  };
}

/** The components stand after the metadata, as in the schema. */
function inOrder(document: Json, components: Json): Json {
  const { $schema, bomFormat, specVersion, version, serialNumber, metadata, ...rest } = document;
  return { ...pick({ $schema, bomFormat, specVersion, version, serialNumber, metadata }), ...components, ...rest };
}

interface Parts {
  readonly subject: MlComponent | undefined;
  readonly components: readonly Part[];
}

function componentParts(manifest: Manifest, context: Context, { main }: Layout): Parts {
  const { adapters = [], datasets = [], bom } = manifest;
  const software = softwareComponents(manifest, context);
  const at = main?.at ?? 'metadata';
  const subject = at === 'none' ? undefined : mainComponent(manifest, main?.type, software, context);
  const byLibrary = (ref: string, make: () => MlComponent): Part => ({ ref, make, json: () => undefined });
  const data = datasets.map((dataset, i) => byLibrary(refOfDataset(dataset, i, context.ref), () => dataComponent(dataset, i, context)));
  return {
    subject,
    components: [
      ...(at === 'components' && subject !== undefined ? [byLibrary(context.subject, () => subject)] : []),
      ...(bom.subject === 'dataset' ? data.slice(1) : data),
      ...adapters.map((adapter) => byLibrary(context.ref(adapter.id), () => adapterComponent(adapter, context))),
      ...systemComponent(manifest, context).map((system) => byLibrary(String(system.bomRef.value), () => system)),
      ...software.top,
      // Without a main component its parts stand beside each other.
      ...(at === 'none' ? software.inSubject : []),
    ],
  };
}

function makeBom(manifest: Manifest, context: Context, { main, emptyLists }: Layout, { subject }: Parts): MlBom {
  const { bom: own, services = [], security } = manifest;
  const { version } = context;
  const bom = new MlBom({ serialNumber: own.serialNumber, version: own.version });
  const at = main?.at ?? 'metadata';
  if (at === 'metadata' && subject !== undefined) bom.metadata.component = subject;
  for (const tool of toolComponents(manifest, context)) bom.metadata.tools.components.add(tool);
  bom.metadataExtra = writeMetadata(manifest, context);
  bom.extra = (normalize) => ({
    // The library writes an empty list where there is none.
    components: undefined,
    services: nonEmptyList(services.map((service, i) => writeService(service, i, context))),
    externalReferences: own.uri === undefined ? undefined : [referenceTo(own.uri)],
    dependencies: nonEmptyList(
      writeDependencies(manifest, context, emptyLists).filter(({ ref }) => at !== 'none' || ref !== context.subject),
    ),
    compositions: at === 'none' ? undefined : nonEmptyList(writeCompositions(manifest, context)),
    vulnerabilities: nonEmptyList(unique((security?.vulnerabilities ?? []).map((each) => writeVulnerability(each, context.target)))),
    annotations: at === 'none' ? undefined : nonEmptyList(writeAnnotations(manifest, context)),
    formulation: formulation(manifest, context, normalize),
    ...(atLeast(version, '1.6')
      ? pick({ declarations: writeDeclarations(manifest, context), definitions: writeDefinitions(manifest) })
      : {}),
  });
  return bom;

  function referenceTo(url: string): object {
    return { type: makeReference({ type: 'bom', url }, version).type, url };
  }
}

/** The model; or, of a manifest that is about a dataset, that. */
function mainComponent(manifest: Manifest, type: string | undefined, software: Software, context: Context): MlComponent {
  const [first] = manifest.datasets ?? [];
  if (manifest.bom.subject !== 'dataset' || first === undefined)
    return modelComponent(manifest, type ?? Enums.ComponentType.MachineLearningModel, software.inSubject, context);
  const files = (manifest.artifacts ?? []).map((file) => filePart(file, '', context));
  return dataComponent(first, 0, context, [...files, ...software.inSubject]);
}
