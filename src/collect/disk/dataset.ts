/** Datasets on disk: a directory, or one file. */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { sortFindings } from '../../core/finding.js';
import { type DiskEntry, type DiskTree, openFile, openTree } from '../../platform/files.js';
import type { FileGuard } from '../../platform/guard.js';
import { ioError } from '../../platform/io-error.js';
import type { DescribeDatasetOptions } from '../dataset/index.js';
import { type CollectDatasetOptions, type CollectResult, collectDataset, datasetLocation, incomplete } from '../index.js';
import { type DirectoryOptions, hashEntries } from './hashing.js';
import { sifted } from './left-out.js';

export interface CollectDatasetDirectoryOptions
  extends DirectoryOptions,
    Omit<CollectDatasetOptions, 'digestFiles' | 'location' | 'limits' | 'exclude' | 'now'> {
  /** Time of the document; default the present. */
  readonly now?: Date | string;
}

/**
 * Describes the dataset in a directory, or that is one file, as a manifest of its own.
 * @throws ERR_IO_*, ERR_COLLECT_INCOMPLETE with a finding for each file that cannot be read
 */
export async function collectDatasetDirectory(path: string, options: CollectDatasetDirectoryOptions = {}): Promise<CollectResult> {
  const { tree, findings } = sifted(await openDataset(path, options.guard), options.exclude);
  const collected = await collectDataset(tree, { ...options, ...onDisk(tree, options), now: options.now ?? new Date() });
  return { ...collected, findings: sortFindings([...collected.findings, ...findings()]) };
}

function onDisk(tree: DiskTree, options: DirectoryOptions): Pick<DescribeDatasetOptions, 'location' | 'digestFiles'> {
  return {
    location: datasetLocation(tree.root),
    digestFiles: async (entries) => {
      const { files, problems } = await hashEntries(entries as readonly DiskEntry[], options); // the trees below yield disk entries
      if (problems.length > 0) throw incomplete(problems);
      return files;
    },
  };
}

/** A directory as a tree, or one file as a tree that holds nothing else. */
export async function openDataset(path: string, guard?: FileGuard): Promise<DiskTree> {
  const absolutePath = resolve(path);
  const stats = await stat(absolutePath).catch((error: unknown) => {
    throw ioError(error, basename(absolutePath), 'ERR_IO_READ');
  });
  if (!stats.isFile()) {
    await guard?.describes(absolutePath);
    return openTree(absolutePath, { guard });
  }
  await guard?.reads(absolutePath);
  const name = basename(absolutePath);
  return {
    name,
    root: dirname(absolutePath),
    async *list() {
      yield { path: name, size: stats.size, absolutePath };
    },
    open: () => openFile(absolutePath, name),
  };
}
