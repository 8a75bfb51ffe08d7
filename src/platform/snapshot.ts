/** Which files of a directory are new or changed since a moment: by size, times and inode, without reading them. */
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MsbomError } from '../core/error.js';
import { ioError } from './io-error.js';

/** State of each regular file and each link by path relative to the root, with `/`; that of a link begins with `link`. */
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

/** Files asked about at the same time. */
const AT_ONCE = 1024;
const NAME_OUTPUTS = 'Name the directories that the run writes to with --output-path.';

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
    const { code, message, file } = ioError(error, prefix === '' ? '.' : prefix, 'ERR_IO_READ');
    throw new MsbomError(code, message, { file, hint: NAME_OUTPUTS, cause: error });
  });
  // A virtual environment (PEP 405).
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  const own: string[] = [];
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) await walk(root, path, files, maxFiles);
    } else if (entry.isFile() || entry.isSymbolicLink()) own.push(path);
    if (files.size + own.length > maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${maxFiles} files`, {
        file: prefix === '' ? '.' : prefix,
        hint: NAME_OUTPUTS,
      });
  }
  for (const [path, state] of await statesOf(root, own)) files.set(path, state);
}

/** The state of the given files, without those that have gone. */
export async function statesOf(root: string, paths: readonly string[]): Promise<Snapshot> {
  const states = new Map<string, string>();
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((path) => stateOf(join(root, path))));
    some.forEach((path, i) => {
      const state = found[i];
      if (state !== undefined) states.set(path, state);
    });
  }
  return states;
}

const stateText = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs} ${ino}`;

/** Undefined for a file that has gone meanwhile. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const own = await lstat(path, { bigint: true });
    if (!own.isSymbolicLink()) return stateText(own);
    const target = await stat(path, { bigint: true }).catch(() => undefined);
    return `link ${stateText(own)} ${target?.isFile() === true ? stateText(target) : ''}`;
  } catch {
    return undefined;
  }
}

/** Paths that are in the later snapshot and not, or not in this state, in the earlier one. */
export function changedFiles(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  return new Set([...after].filter(([path, state]) => before.get(path) !== state).map(([path]) => path));
}
