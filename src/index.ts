/** msbom: describe what a machine-learning model is made of, and check the description. Runs in browsers too. */
export {
  type BuildOptions,
  type DatasetInput,
  type EvaluationInput,
  type LibraryOptions,
  type ManifestDraft,
  type ModelInput,
  manifest,
} from './build/index.js';
export { canonicalize, type JsonValue } from './core/canonical-json.js';
export { DIGEST_HEX_LENGTHS, type DigestAlgorithm, rootDigest } from './core/digest.js';
export { ERROR_CODES, type ErrorCode, MsbomError } from './core/error.js';
export { type Finding, isBlocking, SEVERITIES, type Severity } from './core/finding.js';
export { parseJson } from './core/json.js';
export { DEFAULT_LIMITS, type Limits, withLimits } from './core/limits.js';
export { type MerkleTree, merkleTree } from './core/merkle.js';
export { TOOL } from './core/tool.js';
export { compareFiles, type FileVerdict, type ObservedFile, type VerifyResult } from './manifest/compare-files.js';
export { type ChangeArea, diffManifests, type ManifestChange } from './manifest/diff.js';
export { digestManifest } from './manifest/digest.js';
export { type Contradiction, contradictions, evidenceFor, type Statement, type Statements } from './manifest/evidence.js';
export { type JoinOptions, type JoinResult, joinManifests, withSubject } from './manifest/join.js';
export { type MergeOptions, type MergeResult, mergeManifests } from './manifest/merge.js';
export { parseManifest, type ReadManifest, readManifest } from './manifest/parse.js';
export type { ManifestPart } from './manifest/part.js';
export { type SnapshotItem, type SnapshotOptions, snapshotOfItems, snapshotOfLines } from './manifest/snapshot.js';
export { stringifyManifest } from './manifest/stringify.js';
export type {
  Accelerator,
  Artifact,
  Component,
  Dataset,
  DatasetUse,
  DependencyNode,
  DigestSet,
  Environment,
  Evaluation,
  Evidence,
  Identifier,
  License,
  Lineage,
  Manifest,
  Metric,
  Model,
  ParentReference,
  PartReference,
  Party,
  RobustnessTest,
  Training,
  TreeDigest,
  Usage,
} from './schema/index.js';
export { FILE_EXTENSION, MEDIA_TYPE, SCHEMA_ID, SPEC_VERSION } from './schema/index.js';
export {
  RULES,
  type RuleMeta,
  SCHEMA_FINDINGS,
  type ValidateOptions,
  type ValidationResult,
  validateManifest,
  validateText,
} from './validate/index.js';
