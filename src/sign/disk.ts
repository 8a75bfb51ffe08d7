/** A model on disk: its files, their digests, and whether it stood still meanwhile. */
import { lstatSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { type DiskEntry, openTree } from '../platform/files.js';
import { sameFile } from '../platform/guard.js';
import { fileState, hashFiles } from '../platform/hash.js';
import { hashShards } from '../platform/hash-shards.js';
import { ioError } from '../platform/io-error.js';
import { MODEL_HASHES, type ModelHash } from './model-statement.js';

export interface Model {
  /** Base name of the directory or file. */
  readonly name: string;
  /** Is the model one file, rather than a directory? */
  readonly isFile: boolean;
  readonly entries: readonly DiskEntry[];
}

export interface ModelOptions {
  /** Files that are no part of the model wherever they lie: the signature itself, and claims about it. */
  readonly own?: readonly string[];
  readonly limits?: Limits | undefined;
}

/** All files of a directory, or the one that is given; links and what cannot be read too. @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function openModel(target: string, { own = [], limits = DEFAULT_LIMITS }: ModelOptions = {}): Promise<Model> {
  const path = resolve(target);
  const name = basename(path);
  const found = await stat(path).catch((error: unknown) => {
    throw ioError(error, name, 'ERR_IO_READ');
  });
  const isFile = found.isFile();
  const tree = await openTree(isFile ? dirname(path) : path, isFile ? { files: [name] } : {});
  const tests = await Promise.all(own.map(sameFile));
  const entries: DiskEntry[] = [];
  for await (const entry of tree.list()) {
    if (tests.some((isSame) => isSame(entry.absolutePath))) continue;
    entries.push(entry);
    if (entries.length > limits.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${limits.maxFiles} files`, { file: name });
  }
  return { name, isFile, entries };
}

export interface DigestPlan {
  readonly hash: ModelHash;
  /** Bytes of a part; without it files are hashed whole. */
  readonly shardSize?: number | undefined;
  /** Threads for hashing at most. */
  readonly jobs?: number | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

export interface DigestedEntry {
  readonly path: string;
  readonly size: number;
  /** One for a whole file; one for each part otherwise. */
  readonly digests: readonly string[];
  readonly state: string;
}

/** Digests of files, each read once; what could not be read beside them. */
export async function digestEntries(
  entries: readonly DiskEntry[],
  plan: DigestPlan,
): Promise<{ readonly files: ReadonlyMap<string, DigestedEntry>; readonly problems: readonly MsbomError[] }> {
  const wanted = { algorithm: plan.hash, digits: MODEL_HASHES[plan.hash] };
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const advance = (bytes: number): void => {
    done += bytes;
    plan.onProgress?.(done, total);
  };
  const { shardSize } = plan;
  if (shardSize !== undefined) return digestShards(entries, shardSize, wanted, advance);
  const { files, problems } = await hashFiles(
    entries.map((entry) => ({ ...entry, also: [wanted], withState: true })),
    { algorithms: [], onProgress: advance, ...(plan.jobs === undefined ? {} : { jobs: plan.jobs }) },
  );
  // The one digest that was asked for, under its name.
  const digestOf = (digest: object): string => (digest as Readonly<Record<string, string>>)[plan.hash] ?? '';
  const digested = files.map(({ path, size, digest, state = '' }) => [path, { path, size, digests: [digestOf(digest)], state }] as const);
  return { files: new Map(digested), problems };
}

async function digestShards(
  entries: readonly DiskEntry[],
  shardSize: number,
  wanted: { readonly algorithm: string; readonly digits: number },
  advance: (bytes: number) => void,
): ReturnType<typeof digestEntries> {
  const files = new Map<string, DigestedEntry>();
  const problems: MsbomError[] = [];
  for (const { absolutePath, path, size } of entries) {
    try {
      files.set(path, await hashShards(absolutePath, path, shardSize, wanted));
    } catch (error) {
      problems.push(ioError(error, path, 'ERR_IO_READ'));
    }
    advance(size);
  }
  return { files, problems };
}

/**
 * What is no longer as it was read: files that came, went, became others or links. A directory that was swapped for another while
 * it was read, and swapped back, is found too, since the file that was read is not the one that lies there.
 */
export async function movedSince(
  target: string,
  before: Model,
  read: ReadonlyMap<string, Pick<DigestedEntry, 'state'>>,
  options: ModelOptions,
): Promise<readonly string[]> {
  const after = await openModel(target, options);
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const moved = new Set<string>();
  for (const entry of after.entries) {
    const was = old.get(entry.path);
    if (was === undefined || was.isLink !== entry.isLink || (was.problem === undefined) !== (entry.problem === undefined))
      moved.add(entry.path);
    else if (read.has(entry.path) && read.get(entry.path)?.state !== stateOf(entry)) moved.add(entry.path);
    old.delete(entry.path);
  }
  for (const path of old.keys()) moved.add(path);
  return [...moved].sort();
}

function stateOf({ absolutePath, isLink }: DiskEntry): string | undefined {
  const ask = isLink === true ? statSync : lstatSync;
  const found = ask(absolutePath, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : fileState(found);
}
