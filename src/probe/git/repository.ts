/** Where a repository is (https://git-scm.com/docs/gitrepository-layout), and whether what it points at belongs to it. */
import type { Finding } from '../../core/finding.js';
import type { Host } from '../../core/host.js';
import { linesOf, type Sight } from '../sight.js';
import { type GitConfig, joinedConfig, lastValue, parseGitConfig } from './config.js';

export interface Repository {
  /** Directory that `.git` is in. */
  readonly root: string;
  /** What belongs to this working directory: HEAD, index. */
  readonly gitDirectory: string;
  /** What all working directories share: objects, references, configuration. */
  readonly common: string;
  readonly config: GitConfig;
  /** Digits of an object id. */
  readonly digits: 40 | 64;
  /** Sees nothing that lies, links followed, outside the working directory and the two directories above. */
  readonly sight: Sight;
}

const MAX_PARENTS = 64;
const MAX_CONFIG = 4 * 1024 * 1024;
const MAX_POINTER = 64 * 1024;

/**
 * The repository that a directory lies in, as git finds it: the nearest `.git` upwards. A `.git` that leads elsewhere is
 * followed only where that place names the directory in turn, as working trees and submodules do: otherwise anybody could
 * pass the repository of somebody else off as the one of these files. What is refused is a finding of the sight.
 */
export async function findRepository(sight: Sight, from: string): Promise<Repository | undefined> {
  let root = /^[A-Za-z]:\\/.test(from) ? from.replace(/\\/g, '/') : from;
  for (let i = 0; i < MAX_PARENTS; i++) {
    const path = root === '/' ? '/.git' : `${root}/.git`;
    const gitDirectory = await gitDirectoryAt(sight, root, path);
    if (typeof gitDirectory === 'object') return refused(sight, '.git', gitDirectory.why);
    if (gitDirectory !== undefined) return openRepository(sight, root, gitDirectory);
    if (await isGitDirectory(sight, root, root)) return refused(sight, '.', 'the directory is itself a Git directory, and no checkout');
    const parent = parentOf(root);
    if (parent === root) return undefined;
    root = parent;
  }
  return undefined;
}

/** `.git` itself, or where the file or link `.git` points. */
async function gitDirectoryAt(sight: Sight, root: string, path: string): Promise<string | undefined | { readonly why: string }> {
  const kind = (await sight.entry(path))?.kind;
  if (kind === undefined) return undefined;
  if (kind === 'directory') {
    const common = await commonOf(sight, path);
    return common !== undefined && (await isGitDirectory(sight, path, common)) ? path : undefined;
  }
  const text = kind === 'file' ? /^gitdir: ([^\n\r\0]+)[\n\r]*$/.exec((await sight.text(path, MAX_POINTER)) ?? '')?.[1] : undefined;
  const target = kind === 'link' ? path : text === undefined ? undefined : within(root, text);
  if (target === undefined) return kind === 'other' ? undefined : { why: 'it names no Git directory' };
  const real = await sight.resolve(target);
  if (real === undefined) return { why: 'it leads to a place that is not there' };
  if ((await isInside(sight, real, root)) || (await namesBack(sight, real, root))) return real;
  return { why: 'it leads to a Git directory elsewhere, which does not name this directory' };
}

function refused(sight: Sight, file: string, why: string): undefined {
  const message = `the Git directory was not read: ${why}`;
  sight.findings.push({ id: 'metadata-unreadable', severity: 'low', message, fix: 'State the commit by hand.', file } satisfies Finding);
}

async function isGitDirectory(sight: Sight, directory: string, common: string): Promise<boolean> {
  const [head, objects, refs] = await Promise.all([
    sight.entry(`${directory}/HEAD`),
    sight.kind(`${common}/objects`),
    sight.kind(`${common}/refs`),
  ]);
  return (head?.kind === 'file' || head?.kind === 'link') && objects === 'directory' && refs === 'directory';
}

/** Where `commondir` points; git takes nothing from its text but the end of the line. Undefined for nowhere. */
async function commonOf(sight: Sight, gitDirectory: string): Promise<string | undefined> {
  const named = (await sight.text(`${gitDirectory}/commondir`, MAX_POINTER))?.replace(/(?<![\r\n])[\r\n]+$/, '');
  return named === undefined || named === '' ? gitDirectory : within(gitDirectory, named);
}

/** A second working tree is named by `gitdir` of its Git directory, a submodule by `core.worktree`. */
async function namesBack(sight: Sight, gitDirectory: string, root: string): Promise<boolean> {
  const home = await sight.resolve(root);
  const pointer = linesOf(await sight.text(`${gitDirectory}/gitdir`, MAX_POINTER), 2)[0];
  if (pointer !== undefined && /(^|[/\\])\.git$/.test(pointer)) {
    const named = within(gitDirectory, parentOf(pointer.replace(/\\/g, '/')));
    return named !== undefined && (await sight.resolve(named)) === home;
  }
  const worktree = lastValue(await ownConfig(sight, gitDirectory, gitDirectory), 'core.worktree');
  const named = worktree === undefined ? undefined : within(gitDirectory, worktree);
  return named !== undefined && (await sight.resolve(named)) === home;
}

async function ownConfig(sight: Sight, gitDirectory: string, common: string): Promise<GitConfig> {
  const shared = await configAt(sight, `${common}/config`);
  if (lastValue(shared, 'extensions.worktreeconfig') === undefined) return shared;
  return joinedConfig([shared, await configAt(sight, `${gitDirectory}/config.worktree`)]);
}

/** A file that is there and was not read may say anything. */
async function configAt(sight: Sight, path: string): Promise<GitConfig> {
  const text = await sight.text(path, MAX_CONFIG);
  const { values, whole } = parseGitConfig(text);
  return { values, whole: whole && (text !== undefined || (await sight.entry(path)) === undefined) };
}

async function openRepository(sight: Sight, root: string, gitDirectory: string): Promise<Repository | undefined> {
  const file = '.git';
  const named = await commonOf(sight, gitDirectory);
  const common = named === undefined ? undefined : await sight.resolve(named);
  if (common === undefined) return refused(sight, file, 'it leads to a place that is not there');
  const own = parentOf(gitDirectory) === `${common}/worktrees` || (await sight.resolve(gitDirectory)) === common;
  if (!own && !(await isInside(sight, common, root))) return refused(sight, file, 'what it shares with others lies elsewhere');
  const bounds = await Promise.all([root, gitDirectory, common].map((each) => sight.resolve(each)));
  const bounded = boundedSight(
    sight,
    bounds.filter((each) => each !== undefined),
  );
  const config = await ownConfig(bounded, gitDirectory, common);
  const worktree = lastValue(config, 'core.worktree');
  const elsewhere = worktree === undefined ? undefined : within(gitDirectory, worktree);
  if (worktree !== undefined && (elsewhere === undefined || (await sight.resolve(elsewhere)) !== bounds[0]))
    return refused(sight, file, 'its configuration says that its working tree is another directory');
  const digits = lastValue(config, 'extensions.objectformat')?.toLowerCase() === 'sha256' ? 64 : 40;
  return { root: root === '/' ? '' : root, gitDirectory, common, config, digits, sight: bounded };
}

/** Reads only what lies, links followed, inside one of the directories; anything else is as if it were not there, and told. */
function boundedSight(sight: Sight, bounds: readonly string[]): Sight {
  const only = <T>(work: (path: string, ...more: never[]) => Promise<T>, otherwise: T) =>
    (async (path: string, ...more: never[]) => {
      const real = await sight.resolve(path);
      if (real === undefined) return otherwise;
      if (bounds.some((bound) => holds(bound, real))) return work(path, ...more);
      if (!sight.findings.some(({ file }) => file === path)) refused(sight, path, 'a link leads out of the repository');
      return otherwise;
    }) as typeof work;
  return {
    ...sight,
    text: only(sight.text as (path: string, ...more: never[]) => Promise<string | undefined>, undefined) as Sight['text'],
    list: only(sight.list, []),
    kind: only(sight.kind, undefined),
    open: only(sight.open, undefined),
  };
}

const holds = (directory: string, path: string): boolean =>
  path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`) || path.startsWith(`${directory}\\`);

async function isInside(sight: Sight, path: string, directory: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([sight.resolve(path), sight.resolve(directory)]);
  return inner !== undefined && outer !== undefined && holds(outer, inner);
}

/** A path that may be relative to a directory; undefined for one on another machine, which Windows would ask with a password. */
function within(directory: string, path: string): string | undefined {
  if (/^[/\\]{2}/.test(path) || path === '') return undefined;
  return /^(\/|[A-Za-z]:[\\/])/.test(path) ? path : `${directory}/${path}`;
}

/** The directory above, or the same one at the top. */
function parentOf(directory: string): string {
  const at = directory.lastIndexOf('/');
  return at > 0 ? directory.slice(0, at) : at === 0 ? '/' : directory;
}

/** What `~/` means, where the host says. */
export const homePath = ({ env }: Host, path: string): string | undefined =>
  !path.startsWith('~') ? path : path.startsWith('~/') && env.HOME?.startsWith('/') ? `${env.HOME}${path.slice(1)}` : undefined;
