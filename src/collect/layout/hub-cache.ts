/**
 * The cache of the Hugging Face Hub: models--org--name/{refs,blobs,snapshots/<commit>}, alone or among others.
 * Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
import { MsbomError } from '../../core/error.js';
import type { Layout, LayoutInput } from './layout.js';

const REPOSITORY = /^models--[^/]+$/;
/** What the cache holds besides models. A directory with anything else is a model that keeps a cache beside it. */
const OF_CACHE = /^(?:(?:models|datasets|spaces)--[^/]+\/|\.locks\/|version\.txt$|CACHEDIR\.TAG$)/;
const SNAPSHOT = /^((?:models--[^/]+\/)?)snapshots\/([0-9a-f]{40})\//;

/** The snapshot of a cached repository; undefined when the directory is no cache. @throws ERR_COLLECT_SELECT when it holds several */
export async function hubCache({ name, entries, read, select }: LayoutInput): Promise<Layout | undefined> {
  const snapshots = new Map<string, { readonly repository: string; readonly commit: string }>();
  for (const { path } of entries) {
    const match = SNAPSHOT.exec(path);
    if (match === null) continue;
    const [, prefix = '', commit = ''] = match;
    const folder = prefix === '' ? name : prefix.slice(0, -1);
    if (REPOSITORY.test(folder)) snapshots.set(`${prefix}snapshots/${commit}/`, { repository: repositoryOf(folder), commit });
  }
  if (snapshots.size === 0) return undefined;
  const isWhole = [...snapshots.keys()].some((root) => root.startsWith('models--'));
  if (isWhole && select === undefined && !entries.every(({ path }) => OF_CACHE.test(path))) return undefined;
  const root = await chosen(snapshots, read, select);
  const { repository, commit } = snapshots.get(root) ?? { repository: '', commit: '' };
  return {
    name: repository.slice(repository.indexOf('/') + 1),
    location: { repository, commit },
    entries: entries
      .filter(({ path }) => path.startsWith(root))
      .map((entry) => ({ ...entry, at: entry.path, path: entry.path.slice(root.length) })),
  };
}

const repositoryOf = (folder: string): string => folder.slice('models--'.length).replace('--', '/');

/** The one that is asked for, or the only one, or the one that `refs/main` of the only repository names. */
async function chosen(
  snapshots: ReadonlyMap<string, { readonly repository: string; readonly commit: string }>,
  read: LayoutInput['read'],
  select: string | undefined,
): Promise<string> {
  const all = [...snapshots];
  const asked = all.filter(
    ([, { repository, commit }]) =>
      select === undefined ||
      select === repository ||
      (commit.startsWith(select.replace(/^.*@/, '')) && (!select.includes('@') || select.startsWith(`${repository}@`))),
  );
  const repositories = new Set(asked.map(([, { repository }]) => repository));
  const [first] = asked;
  if (asked.length === 1 && first !== undefined) return first[0];
  if (repositories.size === 1 && first !== undefined) {
    const prefix = first[0].slice(0, first[0].indexOf('snapshots/'));
    const bytes = await read(`${prefix}refs/main`);
    const main = bytes === undefined ? '' : new TextDecoder('latin1').decode(bytes).trim();
    const found = asked.find(([, { commit }]) => commit === main);
    if (found !== undefined) return found[0];
  }
  throw severalModels(all.map(([, { repository, commit }]) => `${repository}@${commit.slice(0, 12)}`));
}

export function severalModels(names: readonly string[]): MsbomError {
  const shown = [...names].sort().slice(0, 20);
  return new MsbomError(
    'ERR_COLLECT_SELECT',
    `the directory holds ${names.length} models: ${shown.join(', ')}${names.length > shown.length ? ' …' : ''}`,
    {
      hint: `Name one with --select, for example --select ${shown[0] ?? 'NAME'}.`,
    },
  );
}
