/** Small files, whole. */
import type { SourceTree } from '../core/source-tree.js';
import type { MetadataFile } from './contribution.js';

export async function readWhole(tree: SourceTree, path: string): Promise<MetadataFile> {
  const source = await tree.open(path);
  try {
    return { path, bytes: (await source.read(0, source.size)).slice() };
  } finally {
    await close(source);
  }
}

export async function close(source: object): Promise<void> {
  if ('close' in source && typeof source.close === 'function') await source.close();
}
