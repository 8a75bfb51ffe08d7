/** The library for Node: directories, hashing, writing. Everything here reads the disk; nothing touches the network. */
export type { CollectResult } from './collect/index.js';
export type { Host } from './core/host.js';
export { addFiles, type CollectDirectoryOptions, collectDirectory, type MachineOptions } from './directory/collect.js';
export { type Config, defineConfig } from './directory/config.js';
export { type CollectDatasetDirectoryOptions, collectDatasetDirectory } from './directory/dataset.js';
export type { DirectoryOptions } from './directory/hashing.js';
export { inspectFile } from './directory/inspect.js';
export { type VerifyOptions, verifyDirectory } from './directory/verify.js';
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
