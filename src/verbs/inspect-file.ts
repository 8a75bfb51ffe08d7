import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import { type FileFacts, readFacts } from '../formats/index.js';
import { openFile, openTree } from '../platform/files.js';

/** What the header of one file says; undefined when no reader recognises it. */
export async function inspectFile(path: string, limits: Limits = DEFAULT_LIMITS): Promise<FileFacts | undefined> {
  const file = await openFile(path);
  try {
    return await readFacts(file, limits);
  } finally {
    await file.close();
  }
}

/** The files of a directory with their paths in it, or the file itself. @throws ERR_IO_* */
export async function filesAt(path: string): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return [{ name: '', path }];
  const tree = await openTree(path);
  const files: { readonly name: string; readonly path: string }[] = [];
  for await (const entry of tree.list()) {
    if (entry.problem !== undefined) throw entry.problem;
    files.push({ name: entry.path, path: join(path, entry.path) });
  }
  return files;
}
