/** The library for Node: directories, hashing, writing. Everything here reads the disk; nothing touches the network but what a registry is asked, by a function that the caller gives. */

export { type CollectDatasetDirectoryOptions, collectDatasetDirectory } from './collect/disk/dataset.js';
export { addFiles, type CollectDirectoryOptions, collectDirectory, type MachineOptions } from './collect/disk/directory.js';
export type { DirectoryOptions } from './collect/disk/hashing.js';
export type { CollectResult } from './collect/index.js';
export type { Host } from './core/host.js';
export type { Waiver } from './core/waiver.js';
export type { FileVerdict, Uncovered, VerifyResult } from './manifest/compare-files.js';
export { type OpenFile, openFile, openTree } from './platform/files.js';
export { type FileGuard, openGuard } from './platform/guard.js';
export { hashFile } from './platform/hash.js';
export { type HostOptions, openHost } from './platform/host.js';
export { type WriteOptions, writeFileAtomic } from './platform/write.js';
export { PROBES } from './probe/index.js';
export {
  type RecordedCommand,
  type RecordedRun,
  type RecordOptions,
  type Run,
  type RunRecord,
  recordCommand,
  recordRun,
} from './record/index.js';
export { type Config, defineConfig } from './verbs/config.js';
export {
  type AnswerCode,
  type ArtifactAnswer,
  type AttachVerbOptions,
  type AttachVerbResult,
  type AttestAbout,
  type AttestOptions,
  type AttestResult,
  type AuditVerbOptions,
  type AuditVerbResult,
  attach,
  attest,
  audit,
  type CollectVerbOptions,
  type ComplyResult,
  type ComplyVerbOptions,
  type ConvertOptions,
  type ConvertResult,
  collect,
  comply,
  convert,
  type DiffOptions,
  type DiffResult,
  type DocumentInput,
  type DocumentResult,
  diff,
  type InspectOptions,
  type InspectResult,
  inspect,
  type ManifestVerdict,
  type MergeVerbOptions,
  merge,
  type NotRun,
  type PaperOptions,
  type PaperResult,
  type PullVerbOptions,
  type PullVerbResult,
  paper,
  pull,
  type RecordResult,
  type RegistryAccess,
  type RenderOptions,
  record,
  type ScanVerbOptions,
  type ScanVerbResult,
  type ShowOptions,
  type ShowResult,
  type SignatureVerdict,
  type SignVerbOptions,
  type SignVerbResult,
  scan,
  show,
  sign,
  type ValidateResult,
  type ValidateVerbOptions,
  type VerbOptions,
  type VerbResult,
  type VerifyByManifest,
  type VerifyByRegistry,
  type VerifyBySignature,
  validate,
  verify,
  type WaiverOptions,
} from './verbs/index.js';
export { inspectFile } from './verbs/inspect-file.js';
export { type VerifyOptions, verifyDirectory } from './verbs/verify-directory.js';
