/** Inputs of a run: hashed before it starts, described as datasets, looked at again when it is over. */
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Addition, Contribution } from '../collect/contribution.js';
import { isExcluded } from '../collect/index.js';
import type { JsonValue } from '../core/canonical-json.js';
import { rootDigest } from '../core/digest.js';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { globPattern } from '../core/glob.js';
import { idFrom } from '../core/id.js';
import type { Limits } from '../core/limits.js';
import { type DirectoryOptions, hashEntries } from '../directory/hashing.js';
import { type DiskEntry, openTree } from '../node/files.js';
import { changedFiles, type Snapshot, snapshot } from '../node/snapshot.js';

/** Files of one dataset are listed up to this number; of larger ones the root digest and the amount are stated. */
const MAX_LISTED_FILES = 10_000;

export interface Input {
  readonly name: string;
  /** Directory that its paths are relative to. */
  readonly root: string;
  readonly contributions: readonly Contribution[];
  /** Its files, and their state before the run. */
  readonly files: ReadonlySet<string>;
  readonly before: Snapshot;
}

/**
 * A file, a directory or a glob as a dataset.
 * @throws ERR_IO_NOT_FOUND when nothing is there, ERR_IO_*, ERR_LIMIT_COUNT
 */
export async function describeInput(
  given: string,
  cwd: string,
  roles: readonly string[],
  options: DirectoryOptions & { readonly limits: Limits },
): Promise<Input> {
  const { root, wanted } = await placeOf(given, cwd);
  const tree = await openTree(root);
  const entries: DiskEntry[] = [];
  for await (const entry of tree.list()) {
    if (!wanted(entry.path)) continue;
    if (entry.problem !== undefined) throw entry.problem;
    entries.push(entry);
    if (entries.length > options.limits.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the input has more than ${options.limits.maxFiles} files`, { file: given });
  }
  if (entries.length === 0)
    throw new MsbomError('ERR_IO_NOT_FOUND', 'no file is there', {
      file: given,
      hint: 'Name a file, a directory or a pattern that matches some.',
    });
  const before = await snapshotOf(root, entries);
  const { files, problems } = await hashEntries(entries, options);
  if (problems[0] !== undefined) throw problems[0];
  const name = /[*?]/.test(given) ? given : basename(resolve(cwd, given));
  const digest = files.length === 1 ? files[0]?.digest : { sha256: rootDigest(files) };
  const item: { [key: string]: JsonValue } = {
    id: idFrom(name),
    name,
    roles: [...roles],
    digest: { ...digest } as { [key: string]: string }, // every file has SHA-256
    size: { bytes: files.reduce((sum, { size }) => sum + size, 0) },
    ...(files.length <= MAX_LISTED_FILES
      ? {
          files: files.map(
            ({ path, size, digest: own }) => ({ path, role: 'data', size, digest: { ...own } }) as { [key: string]: JsonValue },
          ),
        }
      : {}),
    provenanceStatus: 'unknown',
  };
  const addition: Addition = {
    kind: 'addition',
    list: '/datasets',
    item,
    from: { origin: 'observed', name: 'input of the run', key: given, method: 'hash of the files before the run' },
  };
  return { name, root, contributions: [addition], files: new Set(entries.map(({ path }) => path)), before };
}

async function placeOf(given: string, cwd: string): Promise<{ readonly root: string; readonly wanted: (path: string) => boolean }> {
  const path = resolve(cwd, given);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return { root: path, wanted: (file) => !isExcluded(file) };
  if (stats?.isFile()) return { root: dirname(path), wanted: (file) => file === basename(path) };
  if (stats === undefined && /[*?]/.test(given)) {
    const fixed = given.split('/').slice(
      0,
      given.split('/').findIndex((part) => /[*?]/.test(part)),
    );
    const root = resolve(cwd, fixed.join('/') || (given.startsWith('/') ? '/' : '.'));
    const pattern = globPattern(given.split('/').slice(fixed.length).join('/'));
    return { root, wanted: (file) => pattern.test(file) };
  }
  throw new MsbomError('ERR_IO_NOT_FOUND', 'the file or directory does not exist', { file: relative(cwd, path).split(sep).join('/') });
}

async function snapshotOf(root: string, entries: readonly DiskEntry[]): Promise<Snapshot> {
  const wanted = new Set(entries.map(({ path }) => path));
  return new Map([...(await snapshot(root, Number.MAX_SAFE_INTEGER))].filter(([path]) => wanted.has(path)));
}

/** A finding for an input whose files are no longer the ones that were hashed. */
export async function inputFindings({ name, root, files, before }: Input): Promise<readonly Finding[]> {
  const after = new Map([...(await snapshot(root, Number.MAX_SAFE_INTEGER))].filter(([path]) => files.has(path)));
  const changed = [...changedFiles(before, after), ...[...before.keys()].filter((path) => !after.has(path))].sort();
  return changed.length === 0
    ? []
    : [
        {
          id: 'input-changed',
          severity: 'high',
          message: `${changed.length} files of the input \`${name}\` were changed while the run went on, \`${changed[0]}\` among them: what was read may not be what was hashed`,
          fix: 'Keep inputs apart from what the run writes, and run again.',
          file: name,
        },
      ];
}
