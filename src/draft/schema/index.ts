/** The specification as code: constants, and types generated from the JSON Schema. */

/** The version of the specification that this package writes. */
export const SPEC_VERSION = '1.0';
/** `$id` of the JSON Schema. */
export const SCHEMA_ID = 'urn:msbom:schema:1.0';
/** Media type of a manifest. */
export const MEDIA_TYPE = 'application/vnd.msbom+json';
/** Ending of a manifest's file name. */
export const FILE_EXTENSION = '.msbom.json';

export type {
  Accelerator,
  Adapter,
  Artifact,
  Attestation,
  Bom,
  CodeReference,
  Component,
  Contact,
  Dataset,
  Declaration,
  Dependency,
  DigestSet,
  Environment,
  Evaluation,
  Evidence,
  EvidenceSource,
  Governance,
  Hyperparameters,
  Identifier,
  License,
  Lineage,
  LinkedDocument,
  Metric,
  Modality,
  Model,
  ModelReference,
  Party,
  PartyRef,
  ProvenanceStatement,
  Reference,
  RobustnessTest,
  Security,
  Service,
  Signature,
  Snapshot,
  TensorSummary,
  Tool,
  Training,
  Usage,
} from './generated/types.js';

import type { Lineage, Model, Manifest as OneModel, Training } from './generated/types.js';

/** What is said of a model beside the subject, each section as the subject has it. */
export interface OtherModel {
  readonly model?: Model & { readonly artifacts?: readonly string[] };
  readonly training?: Training;
  readonly lineage?: Lineage;
}

/** The form of the collectors: the subject, and by id the other models of the directory. */
export type Manifest = OneModel & { models?: { readonly [id: string]: OtherModel } };
export { SECTIONS } from './sections.js';
