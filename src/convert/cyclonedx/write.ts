/** A manifest as a CycloneDX document, as far as CycloneDX has members for it. */
import { Enums } from '@cyclonedx/cyclonedx-library';
import type { Manifest } from '../../schema/index.js';
import { withCitations, writeCitations } from './citations.js';
import { makeReference } from './component.js';
import { atLeast, type Context, type RefNames, writeContext } from './context.js';
import { dataComponent } from './datasets.js';
import { fileComponent } from './files.js';
import { formulation } from './formulation.js';
import { refsById, writeCompositions, writeDependencies } from './graph.js';
import { type Json, nonEmptyList, objectOf, pick, plain, unique } from './json.js';
import { type CycloneDXVersion, MlBom, type MlComponent, normalizeBom } from './library.js';
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
}

/** The native document, as plain JSON. Same manifest, same document. */
export function writeNative(manifest: Manifest, version: CycloneDXVersion, layout: Layout = {}): Json {
  const context = writeContext(manifest, version, layout.names);
  const document = objectOf(plain(normalizeBom(makeBom(manifest, context, layout), version)));
  return atLeast(version, '1.7') ? withCitations(document, writeCitations(manifest, document, context)) : document;
}

function makeBom(manifest: Manifest, context: Context, { main }: Layout): MlBom {
  const { bom: own, adapters = [], services = [], security } = manifest;
  const { version } = context;
  const bom = new MlBom({ serialNumber: own.serialNumber, version: own.version });
  const software = softwareComponents(manifest, context);
  const at = main?.at ?? 'metadata';
  const subject = at === 'none' ? undefined : mainComponent(manifest, main?.type, software, context);
  if (at === 'metadata' && subject !== undefined) bom.metadata.component = subject;
  const components = [
    ...(at === 'components' && subject !== undefined ? [subject] : []),
    ...datasetComponents(manifest, context),
    ...adapters.map((adapter) => adapterComponent(adapter, context)),
    ...systemComponent(manifest, context),
    ...software.top,
    // Without a main component its parts stand beside each other.
    ...(at === 'none' ? software.inSubject : []),
  ];
  for (const tool of toolComponents(manifest, context)) bom.metadata.tools.components.add(tool);
  bom.metadataExtra = writeMetadata(manifest, context);
  const refs = refsById(manifest, context);
  bom.extra = (normalize) => ({
    // Empty lists that the library writes go away.
    components: nonEmptyList(components.map(normalize)),
    services: nonEmptyList(services.map((service, i) => writeService(service, i, context))),
    externalReferences: own.uri === undefined ? undefined : [referenceTo(own.uri)],
    dependencies: nonEmptyList(writeDependencies(manifest, context).filter(({ ref }) => at !== 'none' || ref !== context.subject)),
    compositions: at === 'none' ? undefined : nonEmptyList(writeCompositions(manifest, context)),
    vulnerabilities: nonEmptyList(
      unique(
        (security?.vulnerabilities ?? []).map((each) =>
          writeVulnerability(each, (id) => (at === 'none' && id === 'model' ? undefined : refs.get(id))),
        ),
      ),
    ),
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
  const files = (manifest.artifacts ?? []).map((file) => fileComponent(file, '', context));
  return dataComponent(first, 0, context, [...files, ...software.inSubject]);
}

function datasetComponents(manifest: Manifest, context: Context): readonly MlComponent[] {
  const made = (manifest.datasets ?? []).map((dataset, i) => [i, dataset] as const);
  return made.filter(([i]) => manifest.bom.subject !== 'dataset' || i > 0).map(([i, dataset]) => dataComponent(dataset, i, context));
}
