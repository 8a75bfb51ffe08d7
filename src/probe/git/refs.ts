/** What the references of a repository say. */
import { linesOf } from '../sight.js';
import { lastValue } from './config.js';
import type { Repository } from './repository.js';

export interface Head {
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  /** Where the commit stands, as it lies in a plain repository. */
  readonly place: string;
  /** Are the references in a format that is not read here? */
  readonly foreign: boolean;
  /** Is it a branch without a commit yet? Otherwise no commit means that HEAD is broken. */
  readonly unborn: boolean;
}

const MAX_STEPS = 5;

/** What HEAD is: a branch, or a commit by itself. A branch without a commit yet has none. */
export async function readHead(repository: Repository, packed: PackedRefs): Promise<Head> {
  const { sight, gitDirectory, common, config } = repository;
  const text = await sight.text(`${gitDirectory}/HEAD`, 64 * 1024);
  const target = /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1];
  const plain = { foreign: false, unborn: false };
  if (target === undefined) return { ...plain, commit: objectId(text, repository), place: '.git/HEAD' };
  if (lastValue(config, 'extensions.refstorage') === 'reftable') return { ...plain, place: '.git/reftable', foreign: true };
  const branch = isRefName(target) ? /^refs\/heads\/(.+)$/s.exec(target)?.[1] : undefined;
  const found = await resolveRef(repository, packed, target, MAX_STEPS);
  const unborn = branch !== undefined && found === undefined && (await sight.entry(`${common}/${target}`)) === undefined;
  return { ...plain, commit: found?.id, branch, place: found?.place ?? '.git/HEAD', unborn };
}

interface Found {
  readonly id: string;
  readonly place: string;
}

/** The object that a reference names; a file of its own comes before the packed ones. */
async function resolveRef(repository: Repository, packed: PackedRefs, name: string, steps: number): Promise<Found | undefined> {
  if (steps === 0 || !isRefName(name)) return undefined;
  const base = /^refs\/(bisect|worktree|rewritten)\//.test(name) ? repository.gitDirectory : repository.common;
  const text = await repository.sight.text(`${base}/${name}`, 64 * 1024);
  const target = /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1];
  if (target !== undefined) return resolveRef(repository, packed, target, steps - 1);
  const id = objectId(text, repository);
  if (id !== undefined) return { id, place: `.git/${name}` };
  const other = packed.get(name)?.id;
  return other === undefined ? undefined : { id: other, place: '.git/packed-refs' };
}

export function objectId(text: string | undefined, { digits }: Pick<Repository, 'digits'>): string | undefined {
  const id = /^([0-9a-f]{40,64})\s*$/.exec(text ?? '')?.[1];
  return id?.length === digits ? id : undefined;
}

/** Names that git allows (https://git-scm.com/docs/git-check-ref-format), so that no reference leads to another file. */
export function isRefName(name: string): boolean {
  return name.length <= 1000 && /^refs\/[^\x00-\x20\x7f~^:?*[\\]+$/.test(name) && !/\.\.|\/\/|@\{|\/\.|\.lock(\/|$)|[./]$/.test(name);
}

export interface PackedRef {
  readonly id: string;
  /** Commit that a tag object stands for, as the file says; null when it says that there is none. */
  readonly peeled?: string | null;
}

export type PackedRefs = ReadonlyMap<string, PackedRef>;

const MAX_PACKED_BYTES = 64 * 1024 * 1024;

/** packed-refs: a line a reference, the next with `^` the object that a tag object names. */
export async function readPackedRefs({ sight, common, digits }: Repository): Promise<PackedRefs> {
  const refs = new Map<string, PackedRef>();
  let whole = false;
  let last: string | undefined;
  for (const line of linesOf(await sight.text(`${common}/packed-refs`, MAX_PACKED_BYTES), 1_000_000)) {
    // `peeled` speaks of tags, `fully-peeled` of all references.
    if (line.startsWith('#')) whole = /\s(fully-)?peeled(\s|$)/.test(line);
    else if (line.startsWith('^')) {
      const id = objectId(line.slice(1), { digits });
      const ref = last === undefined ? undefined : refs.get(last);
      if (id !== undefined && last !== undefined && ref !== undefined) refs.set(last, { id: ref.id, peeled: id });
    } else {
      const id = objectId(line.slice(0, digits), { digits });
      last = line[digits] === ' ' ? line.slice(digits + 1) : undefined;
      if (id !== undefined && last !== undefined && isRefName(last)) refs.set(last, whole ? { id, peeled: null } : { id });
    }
  }
  return refs;
}
