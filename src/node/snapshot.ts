/** Which files of a directory are new or changed since a moment: by size, times and inode, without reading them. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MsbomError } from '../core/error.js';
import { ioError } from './io-error.js';

/** State of each regular file by path relative to the root, with `/`. */
export type Snapshot = ReadonlyMap<string, string>;

/** Directories in which a run keeps tools and caches, not results. */
const SKIPPED = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '.tox',
  '.nox',
]);

/**
 * The state of a directory. Version control, caches and virtual environments are passed over; a directory that is not there
 * is empty.
 * @throws ERR_LIMIT_COUNT, ERR_IO_*
 */
export async function snapshot(root: string, maxFiles: number): Promise<Snapshot> {
  const files = new Map<string, string>();
  await walk(root, '', files, maxFiles);
  return files;
}

async function walk(root: string, prefix: string, files: Map<string, string>, maxFiles: number): Promise<void> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw ioError(error, prefix === '' ? '.' : prefix, 'ERR_IO_READ');
  });
  // A virtual environment (PEP 405).
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  const own: string[] = [];
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) await walk(root, path, files, maxFiles);
    } else if (entry.isFile()) own.push(path);
    if (files.size + own.length > maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${maxFiles} files`, {
        file: prefix === '' ? '.' : prefix,
        hint: 'Name the directories that the run writes to with --output-path.',
      });
  }
  const states = await Promise.all(own.map((path) => stateOf(join(root, path))));
  own.forEach((path, i) => {
    const state = states[i];
    if (state !== undefined) files.set(path, state);
  });
}

/** Undefined for a file that has gone meanwhile. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await lstat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch {
    return undefined;
  }
}

/** Paths that are in the later snapshot and not, or not in this state, in the earlier one. */
export function changedFiles(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  return new Set([...after].filter(([path, state]) => before.get(path) !== state).map(([path]) => path));
}
