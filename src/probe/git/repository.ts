/** Where a repository is (https://git-scm.com/docs/gitrepository-layout), and what its references say. */
import { linesOf, type Sight } from '../sight.js';
import { type GitConfig, lastValue, parseGitConfig, programEntry } from './config.js';

export interface Repository {
  /** Directory that `.git` is in. */
  readonly root: string;
  /** What belongs to this working directory: HEAD, index. */
  readonly gitDirectory: string;
  /** What all working directories share: objects, references, configuration. */
  readonly common: string;
  readonly config: GitConfig;
  /** Entry of the configuration by which git would run a program. */
  readonly program: string | undefined;
  /** Digits of an object id. */
  readonly digits: 40 | 64;
}

const MAX_PARENTS = 64;

/** The repository that a directory lies in, as git finds it: the nearest `.git` upwards. */
export async function findRepository(sight: Sight, from: string): Promise<Repository | undefined> {
  let root = /^[A-Za-z]:\\/.test(from) ? from.replace(/\\/g, '/') : from;
  for (let i = 0; i < MAX_PARENTS; i++) {
    const gitDirectory = await gitDirectoryAt(sight, root);
    if (gitDirectory !== undefined) return openRepository(sight, root, gitDirectory);
    const parent = parentOf(root);
    if (parent === root) return undefined;
    root = parent;
  }
  return undefined;
}

/** `.git` itself, or where the file `.git` of a working tree or submodule points. */
async function gitDirectoryAt(sight: Sight, root: string): Promise<string | undefined> {
  const path = root === '/' ? '/.git' : `${root}/.git`;
  const kind = await sight.kind(path);
  if (kind === undefined) return undefined;
  const named = kind === 'directory' ? path : /^gitdir: ([^\n\r\0]+)\s*$/.exec((await sight.text(path, 64 * 1024)) ?? '')?.[1];
  const directory = named === undefined ? undefined : within(root, named);
  return directory !== undefined && (await sight.kind(`${directory}/HEAD`)) === 'file' ? directory : undefined;
}

async function openRepository(sight: Sight, root: string, gitDirectory: string): Promise<Repository> {
  const named = linesOf(await sight.text(`${gitDirectory}/commondir`, 64 * 1024), 2)[0]?.trim();
  const common = named === undefined || named === '' ? gitDirectory : within(gitDirectory, named);
  const config = parseGitConfig(await sight.text(`${common}/config`));
  const own = parseGitConfig(await sight.text(`${gitDirectory}/config.worktree`));
  const digits = lastValue(config, 'extensions.objectformat') === 'sha256' ? 64 : 40;
  return { root, gitDirectory, common, config, program: programEntry(config) ?? programEntry(own), digits };
}

/** A path that may be relative to a directory. What `..` means where links are is the host's to say. */
const within = (directory: string, path: string): string => (/^(\/|[A-Za-z]:[\\/])/.test(path) ? path : `${directory}/${path}`);

/** The directory above, or the same one at the top. */
function parentOf(directory: string): string {
  const at = directory.lastIndexOf('/');
  return at > 0 ? directory.slice(0, at) : at === 0 ? '/' : directory;
}

export interface Head {
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  /** Where the commit stands, as it lies in a plain repository. */
  readonly place: string;
  /** Are the references in a format that is not read here? */
  readonly foreign: boolean;
}

const MAX_STEPS = 5;

/** What HEAD is: a branch, or a commit by itself. A branch without a commit yet has none. */
export async function readHead(sight: Sight, repository: Repository, packed: PackedRefs): Promise<Head> {
  const text = await sight.text(`${repository.gitDirectory}/HEAD`, 64 * 1024);
  const target = /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1];
  if (target === undefined) return { commit: objectId(text, repository), place: '.git/HEAD', foreign: false };
  if (lastValue(repository.config, 'extensions.refstorage') === 'reftable') return { place: '.git/reftable', foreign: true };
  const branch = isRefName(target) ? /^refs\/heads\/(.+)$/s.exec(target)?.[1] : undefined;
  const found = await resolveRef(sight, repository, packed, target, MAX_STEPS);
  return { commit: found?.id, branch, place: found?.place ?? '.git/HEAD', foreign: false };
}

interface Found {
  readonly id: string;
  readonly place: string;
}

/** The object that a reference names; a file of its own comes before the packed ones. */
async function resolveRef(
  sight: Sight,
  repository: Repository,
  packed: PackedRefs,
  name: string,
  steps: number,
): Promise<Found | undefined> {
  if (steps === 0 || !isRefName(name)) return undefined;
  const base = /^refs\/(bisect|worktree|rewritten)\//.test(name) ? repository.gitDirectory : repository.common;
  const text = await sight.text(`${base}/${name}`, 64 * 1024);
  const target = /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1];
  if (target !== undefined) return resolveRef(sight, repository, packed, target, steps - 1);
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
export async function readPackedRefs(sight: Sight, { common, digits }: Repository): Promise<PackedRefs> {
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
