/** Are there uncommitted changes? Told from the files alone: git would run what the repository tells it to run. */
import type { Finding } from '../../core/finding.js';
import type { Sight } from '../sight.js';
import { type IndexEntry, parseIndex } from './index-file.js';
import type { ObjectStore } from './objects.js';
import { objectStore } from './objects.js';
import { type Head, readHead, readPackedRefs } from './refs.js';
import { findRepository, type Repository } from './repository.js';
import { foreignFormat, readSettings } from './settings.js';
import { isCommitted } from './trees.js';
import { comparer, findUntracked, type Verdict, type Work } from './worktree.js';

export interface Status {
  /** Undefined when it is not known; then there is a finding. */
  readonly dirty?: boolean;
  readonly findings: readonly Finding[];
}

const MAX_INDEX = 128 * 1024 * 1024;
const MAX_STEPS = 20_000_000;
/** Bytes of all files of the working directory that are read. */
const MAX_BYTES = 256 * 1024 ** 3;
const MAX_FILES = 1_000_000;
const MAX_SUBMODULES = 4;
/** Files that are read at one time. */
const AT_ONCE = 8;

/**
 * `dirty` as `git status --porcelain` has it, new files that are not ignored included. Every file is read, so that false
 * means that the files are those of the commit; what a repository says of times and sizes is not believed.
 */
export async function statusOf(sight: Sight, repository: Repository, head: Head, store: ObjectStore): Promise<Status> {
  const verdict = await verdictOf(sight, repository, { head, store, depth: 0 });
  if (typeof verdict === 'string') return { dirty: verdict === 'changed', findings: [] };
  return { findings: [unknownChanges(verdict.unknown)] };
}

interface Question {
  readonly head: Head;
  readonly store: ObjectStore;
  /** Submodules that this one lies in. */
  readonly depth: number;
}

async function verdictOf(sight: Sight, repository: Repository, { head, store, depth }: Question): Promise<Verdict> {
  if (head.commit === undefined && !head.unborn && !head.foreign) return { unknown: 'its HEAD names no commit' };
  const foreign = foreignFormat(repository);
  const entries = foreign === undefined ? await readIndex(repository) : foreign;
  if (typeof entries === 'string') return { unknown: entries };
  const committed = head.foreign ? undefined : await isCommitted(store, repository, head.commit, entries);
  if (committed === false || entries.some(({ stage }) => stage !== 0)) return 'changed';
  const work = await workOf(sight, repository, { entries, store, depth });
  const files = await compareAll(entries, comparer(work));
  if (files === 'changed') return files;
  const untracked = await findUntracked(work);
  if (untracked === 'changed') return untracked;
  const doubt = [files, untracked].find((each) => each !== 'same');
  return doubt ?? (committed === undefined ? { unknown: 'the commit cannot be read' } : 'same');
}

/** What is needed to compare a working directory with its index. */
export async function workOf(
  sight: Sight,
  repository: Repository,
  { entries, store, depth }: { readonly entries: readonly IndexEntry[]; readonly store: ObjectStore; readonly depth: number },
): Promise<Work> {
  return {
    repository,
    store,
    settings: await readSettings(sight, repository),
    entries: new Map(entries.map((entry) => [entry.path, entry])),
    budget: { steps: MAX_STEPS, bytes: MAX_BYTES, entries: MAX_FILES },
    submodule: (path, id) => submoduleVerdict(sight, `${repository.root}/${path}`, id, depth + 1),
  };
}

/** The entries; a text says why they are not known. A repository without an index has none. */
export async function readIndex({ sight, gitDirectory, digits }: Repository): Promise<readonly IndexEntry[] | string> {
  const path = `${gitDirectory}/index`;
  if ((await sight.entry(path)) === undefined) return [];
  const source = await sight.open(path);
  if (source === undefined) return 'its index cannot be read';
  try {
    if (source.size > MAX_INDEX) return `its index has more than ${MAX_INDEX} bytes`;
    const index = parseIndex((await source.read(0, source.size)).slice(), digits);
    if ('unknown' in index) return index.unknown;
    const odd = sight.host.platform === 'win32' && index.entries.some((entry) => /[\\:]/.test(entry.path));
    return odd ? 'its index has a path that no file here can have' : index.entries;
  } finally {
    await source.close();
  }
}

async function compareAll(entries: readonly IndexEntry[], compare: (entry: IndexEntry) => Promise<Verdict>): Promise<Verdict> {
  const found = { changed: false, doubt: 'same' as Verdict };
  let next = 0;
  const run = async (): Promise<void> => {
    for (let entry = entries[next++]; entry !== undefined && !found.changed; entry = entries[next++]) {
      const verdict = await compare(entry);
      if (verdict === 'changed') found.changed = true;
      else if (verdict !== 'same') found.doubt = verdict;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  return found.changed ? 'changed' : found.doubt;
}

/** A directory without a repository is a submodule that was not fetched: nothing of it is changed. */
async function submoduleVerdict(sight: Sight, directory: string, id: string, depth: number): Promise<Verdict> {
  if ((await sight.entry(`${directory}/.git`)) === undefined) return 'same';
  const inner = depth > MAX_SUBMODULES ? undefined : await findRepository(sight, directory);
  if (inner === undefined || inner.root !== directory) return { unknown: 'it has a submodule that cannot be read' };
  const head = await readHead(inner, await readPackedRefs(inner));
  if (!head.foreign && head.commit !== id) return 'changed';
  const store = objectStore(inner);
  try {
    return await verdictOf(sight, inner, { head, store, depth });
  } finally {
    await store.close();
  }
}

function unknownChanges(why: string): Finding {
  return {
    id: 'changes-unknown',
    severity: 'info',
    message: `whether the code has uncommitted changes is not known: ${why}`,
    fix: 'Say it by hand, after `git status` in a repository that you trust.',
  };
}
