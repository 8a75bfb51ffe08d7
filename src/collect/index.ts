/** A directory of files → one manifest of one model: every file, every fact with its evidence, nothing invented. */
import type { Finding } from '../core/finding.js';
import type { SourceTree } from '../core/source-tree.js';
import type { Manifest } from '../schema/index.js';
import { type CollectDatasetOptions, describeAsSubject } from './dataset/index.js';
import { type DescribeOptions, describe } from './describe.js';
import { finished, type Said } from './finished.js';

export type { Claim, ClaimSource } from './claim.js';
export { COLLECTORS } from './collectors/index.js';
export type { Collector, Contribution, SourceCollector } from './contribution.js';
export { type CollectDatasetOptions, DATASET_SOURCES, type DatasetLocation, datasetLocation } from './dataset/index.js';
export type { FileDigest } from './describe.js';
export { incomplete, isExcluded } from './document.js';
export { type HubLocation, hubLocation } from './identity.js';
export { suppliedPart, suppliedValue } from './supplied.js';

export interface CollectOptions extends DescribeOptions, Said {}

export interface CollectResult {
  readonly manifest: Manifest;
  /** What is odd about the files: conflicts, missing shards, headers that cannot be read. */
  readonly findings: readonly Finding[];
}

/**
 * Describes a directory.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT
 */
export async function collect(tree: SourceTree, options: CollectOptions): Promise<CollectResult> {
  return finished(await describe(tree, options), options);
}

/**
 * Describes a directory as one dataset, the subject of its manifest.
 *
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function collectDataset(tree: SourceTree, options: CollectDatasetOptions & Said): Promise<CollectResult> {
  return finished(await describeAsSubject(tree, options), options);
}
