/** Which files of a working directory are not those of its commit, with the digests that they have. */
import type { Host } from '../../core/host.js';
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
}

export interface Changes {
  /** By path. */
  readonly files: readonly ChangedFile[];
  /** Are these all? */
  readonly isComplete: boolean;
}

const MAX_CHANGED = 1000;
const MAX_COMMITTED = 1_000_000;

/**
 * What `git status` would list, ignored files left out: of files that git does not know only those of which `wanted` says so. Undefined
 * where there is no repository that can be read.
 */
export async function repositoryChanges(host: Host, wanted: (path: string) => boolean): Promise<Changes | undefined> {
  const sight = sightOf(host);
  const repository = await findRepository(sight, host.cwd);
  if (repository === undefined) return undefined;
  const entries = foreignFormat(repository) ?? (await readIndex(repository));
  if (typeof entries === 'string') return undefined;
  const store = objectStore(repository);
  try {
    return await changesOf(repository, store, entries, wanted);
  } finally {
    await store.close();
  }
}

async function changesOf(
  repository: Repository,
  store: ObjectStore,
  entries: readonly IndexEntry[],
  wanted: (path: string) => boolean,
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
  const files: ChangedFile[] = [];
  for (const [path, state] of [...states].sort(([a], [b]) => compareCodePoints(a, b))) {
    const isThere = (await sight.entry(`${root}/${path}`))?.kind === 'file';
    const sha256 = isThere ? await sight.digest(`${root}/${path}`, 'sha256', '') : undefined;
    files.push({ path, state: isThere ? state : 'removed', ...(sha256 === undefined ? {} : { sha256 }) });
  }
  return { files, isComplete: isComplete && rest === 'same' && states.size < MAX_CHANGED };
}
