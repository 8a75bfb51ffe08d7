/** How a directory is arranged: a plain model, a cache, a store. What is no part of the model is left out here. */

import type { Limits } from '../../core/limits.js';
import type { SourceEntry, SourceTree } from '../../core/source-tree.js';
import { close } from '../read.js';
import { blobStore } from './blob-store.js';
import { hubCache } from './hub-cache.js';
import { hubLocalDirectory } from './hub-local-dir.js';
import type { Layout, LayoutInput } from './layout.js';

export type { Layout, PlacedEntry } from './layout.js';

/** Small files that say how a store is arranged. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A layout with the model's files as a tree of their own. */
export interface ModelTree extends Layout {
  readonly tree: SourceTree;
}

/**
 * Recognises the layout of a directory and picks the model in it.
 * @throws ERR_COLLECT_SELECT when it holds several and none is asked for
 */
export async function resolveLayout(
  tree: SourceTree,
  entries: readonly SourceEntry[],
  limits: Limits,
  select?: string,
): Promise<ModelTree> {
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const input: LayoutInput = { name: tree.name, entries, read: (path) => readSmall(tree, path, sizes.get(path)), select };
  const store = (await hubCache(input)) ?? (await blobStore(input, limits));
  const layout: Layout = store ?? (await hubLocalDirectory(input)) ?? { entries: entries.map((entry) => ({ ...entry, at: entry.path })) };
  return { ...layout, ...(store === undefined ? {} : { isStore: true }), tree: viewOf(tree, layout) };
}

function viewOf(tree: SourceTree, { entries, name }: Layout): SourceTree {
  const places = new Map(entries.map(({ path, at }) => [path, at]));
  return {
    name: name ?? tree.name,
    async *list() {
      yield* entries;
    },
    async open(path) {
      const at = places.get(path) ?? path;
      const source = await tree.open(at);
      return at === path ? source : { ...source, name: path };
    },
  };
}

async function readSmall(tree: SourceTree, path: string, size: number | undefined): Promise<Uint8Array | undefined> {
  if (size === undefined || size > MAX_BYTES) return undefined;
  const source = await tree.open(path);
  try {
    return (await source.read(0, size)).slice();
  } finally {
    await close(source);
  }
}
