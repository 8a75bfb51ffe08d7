/** Words of the manifest and words of SPDX 3.0.1 for the same thing. What a table lacks has no twin. */
import type { Component, Dataset, DigestSet, LinkedDocument } from '../../schema/index.js';

/** The context that every SPDX 3.0.1 document names. */
export const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
export const SPDX_VERSION = '3.0.1';

/** A table and its reverse. Where two words of the manifest share one of SPDX, the first is read back. */
export interface Words<K extends string = string> {
  readonly to: ReadonlyMap<string, string>;
  readonly from: ReadonlyMap<string, K>;
}

function words<K extends string>(table: { readonly [key in K]?: string }): Words<K> {
  const entries = Object.entries(table) as [K, string][]; // the members of a table are all given
  return { to: new Map(entries), from: new Map(entries.map(([key, word]): [string, K] => [word, key]).reverse()) };
}

/** Digest algorithms. SHA-512/256 and Git ids have none. */
export const HASHES = words<keyof DigestSet>({
  sha256: 'sha256',
  sha512: 'sha512',
  sha384: 'sha384',
  sha224: 'sha224',
  sha3_256: 'sha3_256',
  sha3_384: 'sha3_384',
  sha3_512: 'sha3_512',
  blake2b: 'blake2b512',
  blake3: 'blake3',
  sha1: 'sha1',
  md5: 'md5',
});

/** Kinds of components as purposes. */
export const COMPONENT_PURPOSES = words<NonNullable<Component['type']>>({
  library: 'library',
  framework: 'framework',
  application: 'application',
  'operating-system': 'operatingSystem',
  'device-driver': 'deviceDriver',
  firmware: 'firmware',
  device: 'device',
  container: 'container',
  platform: 'platform',
  file: 'file',
});

/** Roles of files as purposes. */
export const FILE_PURPOSES = words({
  weights: 'model',
  config: 'configuration',
  code: 'source',
  data: 'data',
  document: 'documentation',
  archive: 'archive',
  container: 'container',
  adapter: 'model',
  checkpoint: 'model',
  tokenizer: 'data',
  optimizerState: 'data',
  index: 'data',
  template: 'configuration',
  license: 'documentation',
  signature: 'evidence',
  other: 'other',
});

/** Modalities of datasets as dataset types. */
export const DATASET_TYPES = words<NonNullable<NonNullable<Dataset['content']>['modalities']>[number]>({
  text: 'text',
  image: 'image',
  audio: 'audio',
  video: 'video',
  tabular: 'structured',
  timeseries: 'timeseries',
  graph: 'graph',
  sensor: 'sensor',
  other: 'other',
  code: 'text',
  pointCloud: 'other',
  multimodal: 'other',
});

export const DATASET_ACCESS = words<NonNullable<Dataset['access']>>({
  public: 'directDownload',
  registration: 'registration',
  clickthrough: 'clickthrough',
});

export const PRESENCE = words({ yes: 'yes', no: 'no' });

/** Phases of the document as kinds of SBOM. */
export const SBOM_TYPES = words({
  design: 'design',
  'pre-build': 'source',
  build: 'build',
  'post-build': 'analyzed',
  deployed: 'deployed',
  runtime: 'runtime',
  retrospective: 'analyzed',
});

/** Where a component is used, as the scope of its relationship. */
export const SCOPES = words({ training: 'development', evaluation: 'test', inference: 'runtime', build: 'build' });

export const COMPLETENESS = words({ complete: 'complete', partial: 'incomplete', unknown: 'noAssertion' });

/** Kinds of documents as external references; the kind itself stands in the comment. */
export const DOCUMENT_REFERENCES = words<LinkedDocument['type']>({
  modelCard: 'documentation',
  systemCard: 'documentation',
  dataCard: 'documentation',
  datasheet: 'documentation',
  technicalReport: 'documentation',
  researchPaper: 'documentation',
  evaluationReport: 'qualityAssessmentReport',
  acceptableUsePolicy: 'documentation',
  license: 'license',
  instructionsForUse: 'documentation',
  inferenceCode: 'sourceArtifact',
  preprocessingCode: 'sourceArtifact',
  evaluationCode: 'sourceArtifact',
  supportingLibraries: 'documentation',
  sampleOutputs: 'documentation',
  illustration: 'documentation',
  sbom: 'other',
  hbom: 'other',
  vex: 'vulnerabilityExploitabilityAssessment',
  euDeclaration: 'certificationReport',
  changelog: 'releaseNotes',
  readme: 'documentation',
  securityPolicy: 'securityPolicy',
  other: 'other',
});

/** Schemes of identifiers. What SPDX has no word for is `other`, with the scheme as its comment. */
export const IDENTIFIER_TYPES = words({ purl: 'packageUrl', cpe: 'cpe23', swhid: 'swhid', omnibor: 'gitoid', swid: 'swid' });

/** Activities that use energy. */
export const ENERGY_LISTS = words({
  training: 'ai_trainingEnergyConsumption',
  'fine-tuning': 'ai_finetuningEnergyConsumption',
  inference: 'ai_inferenceEnergyConsumption',
});

/** Learning approaches, which SPDX has among the types of a model. */
export const LEARNING_APPROACHES: ReadonlySet<string> = new Set([
  'supervised',
  'unsupervised',
  'reinforcement-learning',
  'semi-supervised',
  'self-supervised',
]);

/** OpenVEX states as assessments: the class and its relationship. */
export const ASSESSMENTS: Readonly<Record<string, readonly [type: string, relationship: string]>> = {
  not_affected: ['security_VexNotAffectedVulnAssessmentRelationship', 'doesNotAffect'],
  affected: ['security_VexAffectedVulnAssessmentRelationship', 'affects'],
  exploitable: ['security_VexAffectedVulnAssessmentRelationship', 'affects'],
  fixed: ['security_VexFixedVulnAssessmentRelationship', 'fixedIn'],
  under_investigation: ['security_VexUnderInvestigationVulnAssessmentRelationship', 'underInvestigationFor'],
};
