/** Words of the manifest and words of SPDX 3.0.1 for the same thing. What a table lacks has no twin. */

/** The context that every SPDX 3.0.1 document names. */
export const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
export const SPDX_VERSION = '3.0.1';

export type Table = readonly (readonly [ours: string, theirs: string])[];

/** Roles of files as purposes. */
export const FILE_PURPOSES: Table = [
  ['weights', 'model'],
  ['config', 'configuration'],
  ['code', 'source'],
  ['data', 'data'],
  ['document', 'documentation'],
  ['archive', 'archive'],
  ['container', 'container'],
  ['adapter', 'model'],
  ['checkpoint', 'model'],
  ['tokenizer', 'data'],
  ['optimizer-state', 'data'],
  ['index', 'data'],
  ['template', 'configuration'],
  ['license', 'documentation'],
  ['signature', 'evidence'],
  ['other', 'other'],
];

/** Modalities of datasets as types of datasets; the first word of ours is read back. */
export const DATASET_TYPES: Table = [
  ['text', 'text'],
  ['image', 'image'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['tabular', 'structured'],
  ['timeseries', 'timeseries'],
  ['graph', 'graph'],
  ['sensor', 'sensor'],
  ['other', 'other'],
  ['code', 'text'],
];

/** Phases of the document as kinds of SBOM. */
export const SBOM_TYPES: Table = [
  ['design', 'design'],
  ['pre-build', 'source'],
  ['build', 'build'],
  ['post-build', 'analyzed'],
  ['deployed', 'deployed'],
  ['runtime', 'runtime'],
  ['retrospective', 'analyzed'],
];

export const COMPLETENESS: Table = [
  ['complete', 'complete'],
  ['partial', 'incomplete'],
  ['unknown', 'noAssertion'],
];

/** Kinds of documents as external references; what is not here is `other`. */
export const DOCUMENT_REFERENCES: Table = [
  ['other', 'documentation'],
  ['evaluation-report', 'qualityAssessmentReport'],
  ['license', 'license'],
  ['inference-code', 'sourceArtifact'],
  ['preprocessing-code', 'sourceArtifact'],
  ['evaluation-code', 'sourceArtifact'],
  ['vex', 'vulnerabilityExploitabilityAssessment'],
  ['eu-declaration', 'certificationReport'],
  ['changelog', 'releaseNotes'],
  ['security-policy', 'securityPolicy'],
  ...'model-card system-card data-card datasheet technical-report research-paper acceptable-use-policy instructions-for-use supporting-libraries sample-outputs illustration readme'
    .split(' ')
    .map((kind) => [kind, 'documentation'] as const),
];

/** Schemes of identifiers besides purl. What SPDX has no word for is `other`, with the scheme as its comment. */
export const IDENTIFIER_TYPES: Table = [
  ['cpe', 'cpe23'],
  ['swhid', 'swhid'],
  ['omnibor', 'gitoid'],
  ['swid', 'swid'],
];

/** Activities that use energy. */
export const ENERGY_LISTS: Table = [
  ['training', 'ai_trainingEnergyConsumption'],
  ['fine-tuning', 'ai_finetuningEnergyConsumption'],
  ['inference', 'ai_inferenceEnergyConsumption'],
];

/** Licences by how they were arrived at; one that does not say is declared. */
export const LICENSE_RELATIONS: Table = [
  ['declared', 'hasDeclaredLicense'],
  ['concluded', 'hasConcludedLicense'],
];

export const toWord = (table: Table, ours: unknown): string | undefined => table.find(([word]) => word === ours)?.[1];
export const fromWord = (table: Table, theirs: unknown): string | undefined => table.find(([, word]) => word === theirs)?.[0];
