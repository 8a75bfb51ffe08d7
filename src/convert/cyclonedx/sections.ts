/** The components, workflow and graph of the document, one function for each section of the manifest. */
import { Enums } from '@cyclonedx/cyclonedx-library';
import type { LinkedDocument, Manifest, ModelReference } from '../../schema/index.js';
import { atLeast, type Context, entity, makeComponent, type Property, pick, type ReferencePart, unique } from './component.js';
import { fileComponent, nestedFile } from './files.js';
import type { Extra, MlComponent } from './library.js';
import { modelCard } from './model-card.js';
import { refOf } from './refs.js';

const { ComponentType } = Enums;

export function modelComponent(manifest: Manifest, context: Context): MlComponent {
  const { model, artifacts = [], lineage, bom } = manifest;
  const subject = model ?? { name: manifest.datasets?.[0]?.name ?? 'dataset' };
  return makeComponent(
    {
      ref: refOf.model,
      type: model === undefined ? ComponentType.Data : ComponentType.MachineLearningModel,
      name: subject.name,
      group: model?.group,
      version: model?.version ?? (model === undefined ? manifest.datasets?.[0]?.version : undefined),
      description: model?.description,
      copyright: model?.copyright,
      identifiers: model?.identifiers,
      licenses: model?.licenses,
      supplier: model?.supplier,
      manufacturer: model?.producer,
      authors: model?.authors,
      references: modelReferences(manifest),
      properties: [...modelProperties(manifest), ['msbom:subject', bom.subject]],
      components: artifacts.map((artifact) => fileComponent(artifact, context)),
      extra: (normalize) => ({
        ...pick({ pedigree: pedigree(lineage, context, normalize) }),
        ...(atLeast(context.version, '1.6') && model?.tags !== undefined ? { tags: unique([...model.tags]) } : {}),
        ...(model === undefined ? {} : modelCard(manifest, context)),
      }),
    },
    context,
  );
}

function modelProperties({ model, lineage }: Manifest): readonly Property[] {
  if (model === undefined) return [];
  const { architecture, quantization, parameterCount, rootDigest } = model;
  return [
    ['cdx:ai-ml:model:parameter:count', parameterCount?.total],
    ['cdx:ai-ml:model:parameter:tune_method', lineage?.relation],
    ['cdx:ai-ml:model:hyperparameter:context_length', model.contextLength],
    ['cdx:ai-ml:model:hyperparameter:vocab_size', model.vocabularySize],
    ['cdx:ai-ml:model:hyperparameter:quantization', quantization?.method],
    ...(model.languages ?? []).map((language): Property => ['cdx:ai-ml:model:language', language]),
    ...Object.entries(rootDigest ?? {}).map(([algorithm, value]): Property => [`msbom:rootDigest:${algorithm}`, value]),
    ['msbom:parameterCount:active', parameterCount?.active],
    ['msbom:parameterCount:trainable', parameterCount?.trainable],
    ['msbom:parameterCount:bin', parameterCount?.bin],
    ['msbom:quantization:bits', quantization?.bits],
    ['msbom:quantization:groupSize', quantization?.groupSize],
    ['msbom:quantization:description', quantization?.description],
    ['msbom:architecture:modelType', architecture?.modelType],
    ['msbom:architecture:description', architecture?.description],
    ['msbom:timestamp', model.timestamp],
    ['msbom:releaseDate', model.releaseDate],
    ['msbom:euMarketDate', model.euMarketDate],
    ['msbom:remoteCode', model.remoteCode],
    ['msbom:explainability', model.explainability],
    ['msbom:autonomy', model.autonomy],
    ['msbom:safetyRisk', model.safetyRisk],
    ['msbom:optimisationObjective', model.optimisationObjective],
    ['msbom:lineage:modifications', lineage?.modifications],
    ...(model.types ?? []).slice(1).map((type): Property => ['msbom:type', type]),
    ...(model.learningApproaches ?? []).slice(1).map((approach): Property => ['msbom:learningApproach', approach]),
    ...(model.aliases ?? []).map((alias): Property => ['msbom:alias', alias]),
    ...(model.libraries ?? []).map((library): Property => ['msbom:library', library]),
    ...(model.capabilities ?? []).map((capability): Property => ['msbom:capability', capability]),
  ];
}

/** Kinds of documents that CycloneDX has a reference type for. */
const DOCUMENT_TYPES: Readonly<Partial<Record<LinkedDocument['type'], string>>> = {
  modelCard: 'model-card',
  sbom: 'bom',
  hbom: 'bom',
  license: 'license',
  changelog: 'release-notes',
  vex: 'exploitability-statement',
  evaluationReport: 'quality-metrics',
  euDeclaration: 'certification-report',
};

function modelReferences({ documents = [], usage, training, distribution, security, provenance = [] }: Manifest): readonly ReferencePart[] {
  const { acceptableUsePolicy: policy, instructions } = usage ?? {};
  const linked = (
    type: string,
    reference: { readonly uri?: string; readonly path?: string; readonly title?: string } | undefined,
  ): readonly ReferencePart[] => {
    const url = reference?.uri ?? reference?.path;
    return url === undefined ? [] : [{ type, url, comment: reference?.title }];
  };
  return [
    ...documents.flatMap((document) => {
      const url = document.uri ?? document.path;
      return url === undefined
        ? []
        : [
            {
              type: DOCUMENT_TYPES[document.type] ?? 'documentation',
              url,
              comment: document.title ?? document.type,
              digest: document.digest,
            },
          ];
    }),
    ...linked('documentation', policy),
    ...linked('documentation', instructions),
    ...(training?.code?.repository === undefined ? [] : [{ type: 'vcs', url: training.code.repository, comment: training.code.commit }]),
    ...(distribution?.channels ?? []).flatMap(({ uri, kind, audience }) =>
      uri === undefined ? [] : [{ type: 'distribution', url: uri, comment: audience === undefined ? kind : `${kind}; ${audience}` }],
    ),
    ...linked('rfc-9116', security?.policy?.securityTxt === undefined ? undefined : { uri: security.policy.securityTxt }),
    ...linked('security-contact', security?.policy?.cvdPolicy === undefined ? undefined : { uri: security.policy.cvdPolicy }),
    ...provenance.flatMap(({ uri, path, predicateType, digest }) => {
      const url = uri ?? path;
      return url === undefined ? [] : [{ type: 'attestation', url, comment: predicateType, digest }];
    }),
  ];
}

function pedigree(lineage: Manifest['lineage'], context: Context, normalize: (component: MlComponent) => unknown): Extra | undefined {
  const ancestors = (lineage?.ancestors ?? []).map((ancestor, i) => normalize(ancestorComponent(ancestor, i, context)));
  const relation = lineage?.relation;
  if (ancestors.length === 0) return undefined;
  return pick({ ancestors: unique(ancestors), notes: relation === undefined ? undefined : `relation: ${relation}` });
}

function ancestorComponent(ancestor: ModelReference, index: number, context: Context): MlComponent {
  return makeComponent(
    {
      ref: refOf.ancestor(ancestor, index),
      type: ComponentType.MachineLearningModel,
      name: ancestor.name,
      version: ancestor.version,
      identifiers: ancestor.identifiers,
      digest: ancestor.digest,
      licenses: ancestor.licenses,
      manufacturer: ancestor.producer,
      references: [
        ...(ancestor.uri === undefined ? [] : [{ type: 'website', url: ancestor.uri }]),
        ...(ancestor.summaryUri === undefined ? [] : [{ type: 'documentation', url: ancestor.summaryUri, comment: 'training summary' }]),
      ],
      properties: [
        ['cdx:ai-ml:model:parameter:tune_method', ancestor.relation],
        ['msbom:lineage:role', ancestor.role],
        ['msbom:lineage:weight', ancestor.weight],
        ['msbom:lineage:verification', ancestor.verification],
        ...(ancestor.parents ?? []).map((parent): Property => ['msbom:lineage:parent', parent]),
      ],
    },
    context,
  );
}

export function dataComponents(manifest: Manifest, context: Context): readonly MlComponent[] {
  return (manifest.datasets ?? []).map((dataset, i) => {
    const { sensitivity, personalData, size } = dataset;
    const issuer = dataset.issuer === undefined ? undefined : context.party(dataset.issuer);
    const maintainer = dataset.maintenance?.maintainer === undefined ? undefined : context.party(dataset.maintenance.maintainer);
    const properties: readonly Property[] = [
      ...(dataset.roles ?? []).map((role): Property => ['msbom:dataset:role', role]),
      ...(dataset.languages ?? []).map((language): Property => ['msbom:dataset:language', language]),
      ...(dataset.biases ?? []).map(({ description }): Property => ['msbom:dataset:bias', description]),
      ...(dataset.derivedFrom ?? []).map((source): Property => ['msbom:dataset:derivedFrom', source]),
      ['msbom:dataset:sourceCategory', dataset.sourceCategory],
      ['msbom:dataset:provenanceStatus', dataset.provenanceStatus],
      ['msbom:dataset:intendedUse', dataset.intendedUse],
      ['msbom:dataset:access', dataset.access],
      ['msbom:dataset:personalData', personalData?.contains],
      ['msbom:dataset:size:dataPoints', size?.dataPoints],
      ['msbom:dataset:size:bytes', size?.bytes],
      ['msbom:dataset:size:tokens', size?.tokens],
    ];
    const data = pick({
      type: 'dataset',
      name: dataset.name,
      contents: dataset.uri === undefined ? undefined : { url: dataset.uri },
      classification: sensitivity?.level,
      sensitiveData: unique([...(sensitivity?.classes ?? []), ...(personalData?.categories ?? [])]),
      governance:
        issuer === undefined && maintainer === undefined
          ? undefined
          : pick({ owners: issuer && [{ organization: entity(issuer) }], stewards: maintainer && [{ organization: entity(maintainer) }] }),
    });
    return makeComponent(
      {
        ref: refOf.dataset(dataset, i),
        type: ComponentType.Data,
        name: dataset.name,
        version: dataset.version,
        description: dataset.description,
        identifiers: dataset.identifiers,
        digest: dataset.digest,
        licenses: dataset.licenses,
        references: dataset.uri === undefined ? [] : [{ type: 'website', url: dataset.uri }],
        properties,
        components: (dataset.files ?? []).map((file) => nestedFile(file, `${refOf.dataset(dataset, i)}/`, context)),
        extra: () => ({ data: [data] }),
      },
      context,
    );
  });
}

const COMPONENT_TYPES: Readonly<Record<string, Enums.ComponentType>> = {
  library: ComponentType.Library,
  framework: ComponentType.Framework,
  application: ComponentType.Application,
  'operating-system': ComponentType.OperatingSystem,
  'device-driver': ComponentType.DeviceDriver,
  firmware: ComponentType.Firmware,
  device: ComponentType.Device,
  container: ComponentType.Container,
  platform: ComponentType.Platform,
  file: ComponentType.File,
};

export function softwareComponents(manifest: Manifest, context: Context): readonly MlComponent[] {
  return (manifest.components ?? []).map((component, i) =>
    makeComponent(
      {
        ref: refOf.component(component, i),
        type: COMPONENT_TYPES[component.type ?? 'library'] ?? ComponentType.Library,
        name: component.name,
        group: component.group,
        version: component.version,
        description: component.description,
        copyright: component.copyright,
        identifiers: component.identifiers,
        digest: component.digest,
        licenses: component.licenses,
        supplier: component.supplier,
        manufacturer: component.producer,
        references: [
          ...(component.uris?.source === undefined ? [] : [{ type: 'vcs', url: component.uris.source, digest: component.sourceDigest }]),
          ...(component.uris?.distribution === undefined ? [] : [{ type: 'distribution', url: component.uris.distribution }]),
          ...(component.uris?.homepage === undefined ? [] : [{ type: 'website', url: component.uris.homepage }]),
        ],
        properties: [
          ...(component.scope ?? []).map((scope): Property => ['msbom:component:scope', scope]),
          ['msbom:component:status', component.status],
          ['msbom:component:environment', component.environment],
          ['msbom:component:filename', component.filename],
          ['msbom:component:supportEnd', component.supportEnd],
        ],
      },
      context,
    ),
  );
}

export function adapterComponents(manifest: Manifest, context: Context): readonly MlComponent[] {
  return (manifest.adapters ?? []).map((adapter) =>
    makeComponent(
      {
        ref: adapter.id,
        type: ComponentType.MachineLearningModel,
        name: adapter.name ?? adapter.id,
        version: adapter.version,
        identifiers: adapter.identifiers,
        digest: undefined,
        licenses: adapter.licenses,
        manufacturer: adapter.producer,
        properties: [
          ['msbom:adapter:method', adapter.method],
          ['cdx:ai-ml:model:parameter:count', adapter.parameterCount],
          ...(adapter.artifacts ?? []).map((path): Property => ['msbom:adapter:artifact', path]),
          ...Object.entries(adapter.digest ?? {}).map(([algorithm, value]): Property => [`msbom:rootDigest:${algorithm}`, value]),
        ],
      },
      context,
    ),
  );
}
