/** Where a model lies: a directory on disk, or somewhere else that has files by name, such as an artifact in a registry. */
import { resolve } from 'node:path';
import type { MsbomError } from '../core/error.js';
import type { DiskEntry } from '../platform/files.js';
import { type DigestPlan, digestEntries, type ModelOptions, movedSince, openModel } from './disk.js';
import { loaderKind } from './loaders.js';
import type { ModelStatement } from './model-statement.js';

export interface ModelFile {
  /** Relative to the model, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly isLink?: boolean;
  /** Why it cannot be read. */
  readonly problem?: MsbomError;
}

export interface FileDigests {
  readonly path: string;
  readonly size: number;
  /** In lower-case hexadecimal: one for a whole file, one for each part otherwise. */
  readonly digests: readonly string[];
}

export interface ModelSource<File extends ModelFile = ModelFile> {
  /** As it may be shown. */
  readonly name: string;
  /** Is the model one file, rather than a directory? */
  readonly isFile: boolean;
  readonly entries: readonly File[];
  /** Digests of some of the entries, and what could not be read. */
  digest(
    entries: readonly File[],
    plan: DigestPlan,
  ): Promise<{ readonly files: ReadonlyMap<string, FileDigests>; readonly problems: readonly MsbomError[] }>;
  /** Paths that are not any more as they were when they were read. */
  moved(): Promise<readonly string[]>;
  /** What kind of loader a file is by its name or its first bytes; undefined for one that runs nothing. */
  loaderKind(file: File): Promise<string | undefined>;
}

/** What a signature says of the files, for whoever opens a source for it. */
export type StatedFiles = Pick<ModelStatement, 'hash' | 'shardSize' | 'resources'>;

/** A model that is looked at only once somebody who is trusted is proven to have signed it. */
export interface ModelPlace<File extends ModelFile = ModelFile> {
  /** As it may be shown. */
  readonly name: string;
  open(stated: StatedFiles): Promise<ModelSource<File>>;
}

/** A directory, or one file. @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function diskSource(target: string, options: ModelOptions): Promise<ModelSource<DiskEntry>> {
  const model = await openModel(target, options);
  let read: Awaited<ReturnType<typeof digestEntries>>['files'] = new Map();
  return {
    ...model,
    async digest(entries, plan) {
      const digested = await digestEntries(entries, plan);
      read = digested.files;
      return digested;
    },
    moved: () => movedSince(target, model, read, options),
    loaderKind: async ({ path, absolutePath }) => loaderKind(path, resolve(absolutePath)),
  };
}
