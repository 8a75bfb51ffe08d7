/** Which files of a working directory are not those of its commit, with the digests that they have. */
import { MsbomError } from '../../core/error.js';
import type { Host, HostEntry } from '../../core/host.js';
import { compareCodePoints } from '../../core/source-tree.js';
import { sightOf } from '../sight.js';
import type { IndexEntry } from './index-file.js';
import { type ObjectStore, objectStore } from './objects.js';
import { readHead, readPackedRefs } from './refs.js';
import { findRepository, type Repository } from './repository.js';
import { foreignFormat } from './settings.js';
import { readIndex, workOf } from './status.js';
import { committedFiles } from './trees.js';
import { comparer, findUntracked } from './worktree.js';

export interface ChangedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly state: 'changed' | 'added' | 'removed';
  /** Of the file as it lies there; missing for one that was removed or cannot be read. */
  readonly sha256?: string;
  /** What it held and holds, where that was asked for: of a plain file that is not too long. */
  readonly content?: FileContent;
}

export interface FileContent {
  /** In the commit; missing for one that is new. */
  readonly before?: Uint8Array;
  /** As it lies there; missing for one that was removed. */
  readonly after?: Uint8Array;
  /** `100644` or `100755`. */
  readonly mode: string;
  readonly modeBefore?: string;
}

export interface Changes {
  /** By path. */
  readonly files: readonly ChangedFile[];
  /** Are these all? */
  readonly isComplete: boolean;
}

const MAX_CHANGED = 1000;
/** Bytes of a file whose content is asked for. */
const MAX_CONTENT = 1024 * 1024;
const MAX_COMMITTED = 1_000_000;

/**
 * What `git status` would list, ignored files left out: of files that git does not know only those of which `wanted` says so. Undefined
 * where there is no repository that can be read. `withContent`: also what they held and hold.
 */
export async function repositoryChanges(host: Host, wanted: (path: string) => boolean, withContent = false): Promise<Changes | undefined> {
  const sight = sightOf(host);
  const repository = await findRepository(sight, host.cwd);
  if (repository === undefined) return undefined;
  const entries = foreignFormat(repository) ?? (await readIndex(repository));
  if (typeof entries === 'string') return undefined;
  const store = objectStore(repository);
  try {
    return await changesOf(repository, store, entries, { wanted, withContent });
  } finally {
    await store.close();
  }
}

async function changesOf(
  repository: Repository,
  store: ObjectStore,
  entries: readonly IndexEntry[],
  { wanted, withContent }: { readonly wanted: (path: string) => boolean; readonly withContent: boolean },
): Promise<Changes> {
  const { sight, root } = repository;
  const head = await readHead(repository, await readPackedRefs(repository));
  const committed = head.commit === undefined ? new Map() : await committedFiles(store, repository, head.commit, MAX_COMMITTED);
  const work = await workOf(sight, repository, { entries, store, depth: 0 });
  const compare = comparer(work);
  const states = new Map<string, ChangedFile['state']>();
  let isComplete = committed !== undefined;
  for (const entry of entries) {
    if (states.size >= MAX_CHANGED) break;
    const known = committed?.get(entry.path);
    const verdict = await compare(entry);
    if (verdict !== 'same' && verdict !== 'changed') isComplete = false;
    if (verdict === 'changed' || (committed !== undefined && known !== entry.id))
      states.set(entry.path, known === undefined ? 'added' : 'changed');
  }
  const indexed = new Set(entries.map(({ path }) => path));
  for (const path of committed?.keys() ?? []) if (!indexed.has(path) && states.size < MAX_CHANGED) states.set(path, 'removed');
  const rest = await findUntracked(work, (path) => {
    if (states.size < MAX_CHANGED && wanted(path)) states.set(path, 'added');
  });
  const modes = new Map(entries.map(({ path, mode }) => [path, mode]));
  const files: ChangedFile[] = [];
  for (const [path, state] of [...states].sort(([a], [b]) => compareCodePoints(a, b))) {
    const there = await sight.entry(`${root}/${path}`);
    const isThere = there?.kind === 'file';
    const sha256 = isThere ? await sight.digest(`${root}/${path}`, 'sha256', '') : undefined;
    const wasAt = { id: committed?.get(path), mode: modes.get(path) };
    const content = withContent && (isThere || there === undefined) ? await contentOf(repository, store, path, there, wasAt) : undefined;
    files.push({
      path,
      state: isThere ? state : 'removed',
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(content === undefined ? {} : { content }),
    });
  }
  return { files, isComplete: isComplete && rest === 'same' && states.size < MAX_CHANGED };
}

const PLAIN = 0o100000;
const modeOf = (isProgram: boolean): string => (isProgram ? '100755' : '100644');

/** Undefined for what is no plain file, is too long or cannot be read. */
async function contentOf(
  { sight, root }: Repository,
  store: ObjectStore,
  path: string,
  there: HostEntry | undefined,
  was: { readonly id: string | undefined; readonly mode: number | undefined },
): Promise<FileContent | undefined> {
  if (was.mode !== undefined && (was.mode & 0o170000) !== PLAIN) return undefined;
  if ((there?.size ?? 0) > MAX_CONTENT) return undefined;
  const before = was.id === undefined ? undefined : await store.read(was.id);
  if (was.id !== undefined && (before?.type !== 'blob' || before.body.byteLength > MAX_CONTENT)) return undefined;
  const after = there === undefined ? undefined : await bytesOf(sight, `${root}/${path}`, there.size);
  if (there !== undefined && after === undefined) return undefined;
  // The index has the mode of what is new too; a file that is gone from it was most likely a plain one.
  const modeBefore = modeOf(((was.mode ?? 0) & 0o100) !== 0);
  return {
    ...(before === undefined ? {} : { before: before.body, modeBefore }),
    ...(after === undefined ? {} : { after }),
    mode: there === undefined ? modeBefore : modeOf(there.executable),
  };
}

async function bytesOf({ open }: Repository['sight'], path: string, size: number): Promise<Uint8Array | undefined> {
  const source = await open(path);
  if (source === undefined) return undefined;
  try {
    const bytes = await source.read(0, size);
    return bytes.byteLength === size ? bytes.slice() : undefined;
  } catch (error) {
    if (!MsbomError.is(error)) throw error;
    return undefined; // changed or unreadable
  } finally {
    await source.close();
  }
}
