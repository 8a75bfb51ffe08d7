/** The specification as code: types generated from the JSON Schema, and the schema compiled to a function. */

import type { Manifest } from './generated/types.js';
import validate from './generated/validate.js';

/** The version of the specification that this package writes. */
export const SPEC_VERSION = '1.0';
/** `$id` of the JSON Schema. */
export const SCHEMA_ID = 'urn:msbom:schema:1.0';
/** Media type of a manifest. */
export const MEDIA_TYPE = 'application/vnd.msbom+json';
/** Ending of a manifest's file name. */
export const FILE_EXTENSION = '.msbom.json';

/** A broken keyword of the schema, as the compiled validator reports it (the shape of ajv's error objects). */
export interface SchemaError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface CompiledSchema {
  (value: unknown): boolean;
  errors?: SchemaError[] | null;
}

/** Every way in which a value breaks the schema; empty when it is a manifest as far as a schema can tell. */
export function checkSchema(value: unknown): readonly SchemaError[] {
  // The generated module is plain JavaScript; its shape is ajv's standalone contract.
  const compiled = validate as unknown as CompiledSchema;
  return compiled(value) ? [] : (compiled.errors ?? []);
}

/** Does the value meet the schema? Rules that a schema cannot say are checked by `validateManifest`. */
export function meetsSchema(value: unknown): value is Manifest {
  return checkSchema(value).length === 0;
}

export { SECTIONS } from './generated/sections.js';
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
