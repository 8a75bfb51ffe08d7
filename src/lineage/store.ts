/** Where parents are looked for: signed directories below the given ones, by the roots that their signatures state. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MsbomError } from '../core/error.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { openTree } from '../platform/files.js';
import { ioError } from '../platform/io-error.js';
import { presentModel, readSignedModel } from '../sign/index.js';

/** A directory that may be the thing of a digest. That it is has to be verified. */
export interface Candidate {
  readonly directory: string;
  /** Its path as it may be shown: relative to the directory that was searched. */
  readonly shown: string;
  /** Missing where there is none. */
  readonly signatureFile?: string;
}

export interface Store {
  /** Directories whose signature states that digest, in the order of their paths. Directories without one are read only when asked for. */
  find(sha256: string): Promise<readonly Candidate[]>;
  /** Signatures that could not be read, as they may be shown. */
  readonly unreadable: readonly string[];
}

export interface StoreOptions {
  /** Base name of signatures. Default `model.sig`. */
  readonly signatureName?: string;
  readonly limits?: Limits;
}

/** Signatures in all directories together, and bytes of one. */
const MAX_SIGNATURES = 10_000;
const MAX_SIGNATURE_BYTES = 16 * 1024 * 1024;

/**
 * Searches directories and what lies below; links are not followed.
 * @throws ERR_IO_*, ERR_LIMIT_COUNT
 */
export async function openStore(
  roots: readonly string[],
  { signatureName = 'model.sig', limits = DEFAULT_LIMITS }: StoreOptions = {},
): Promise<Store> {
  const signed = new Map<string, Candidate[]>();
  const bare: Candidate[] = [];
  const unreadable: string[] = [];
  let count = 0;
  let seen = 0;
  for (const root of [...new Set(roots.map((each) => resolve(each)))]) {
    const tree = await openTree(root);
    let isSigned = false;
    for await (const { path, absolutePath, isLink, problem, size } of tree.list()) {
      if (++seen > limits.maxFiles)
        throw new MsbomError('ERR_LIMIT_COUNT', `the directories have more than ${limits.maxFiles} files`, { file: tree.name });
      if (basename(path) !== signatureName || isLink === true || problem !== undefined) continue;
      if (++count > MAX_SIGNATURES)
        throw new MsbomError('ERR_LIMIT_COUNT', `the directories have more than ${MAX_SIGNATURES} signatures`, { file: tree.name });
      isSigned = true;
      const shown = dirname(path) === '.' ? tree.name : `${tree.name}/${dirname(path)}`;
      const read = size > MAX_SIGNATURE_BYTES ? undefined : await signedRoots(absolutePath, limits);
      if (read === undefined) unreadable.push(`${shown}/${signatureName}`);
      for (const digest of read ?? []) {
        const list = signed.get(digest);
        const candidate = { directory: dirname(absolutePath), shown, signatureFile: absolutePath };
        if (list === undefined) signed.set(digest, [candidate]);
        else list.push(candidate);
      }
    }
    if (!isSigned) bare.push({ directory: root, shown: tree.name });
  }
  return { find: finder(signed, bare), unreadable };
}

async function signedRoots(file: string, limits: Limits): Promise<readonly string[] | undefined> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw ioError(error, basename(file), 'ERR_IO_READ');
  });
  const read = readSignedModel(bytes, limits);
  if ('reason' in read) return undefined;
  return [read.value.root, ...(read.value.specification === undefined ? [] : [read.value.specification])];
}

/** Directories that nobody signed are hashed once, and not before a digest is not found among those that somebody did. */
function finder(signed: ReadonlyMap<string, readonly Candidate[]>, bare: readonly Candidate[]): Store['find'] {
  let unsigned: Promise<ReadonlyMap<string, readonly Candidate[]>> | undefined;
  return async (sha256) => {
    const found = signed.get(sha256);
    if (found !== undefined) return found;
    unsigned ??= rootsOf(bare);
    return (await unsigned).get(sha256) ?? [];
  };
}

async function rootsOf(bare: readonly Candidate[]): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  const roots = new Map<string, Candidate[]>();
  for (const candidate of bare) {
    try {
      const { root } = await presentModel(candidate.directory, undefined);
      roots.set(root, [...(roots.get(root) ?? []), candidate]);
    } catch (error) {
      // What could not be signed is not what somebody signed.
      if (!MsbomError.is(error, 'ERR_SIGN_CONTENT')) throw error;
    }
  }
  return roots;
}
