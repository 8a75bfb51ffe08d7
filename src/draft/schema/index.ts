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
  Manifest,
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
export { SECTIONS } from './sections.js';
