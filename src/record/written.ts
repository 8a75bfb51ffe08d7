/** Which files a run wrote, and the directory that holds them all. */
import { fstatSync, lstatSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { MsbomError } from '../core/error.js';
import type { Finding } from '../core/finding.js';
import { changedFiles, type Snapshot, snapshot, statesOf } from '../platform/snapshot.js';

export interface Written {
  /** Directory that the paths are relative to: the deepest one that holds them all. */
  readonly root: string;
  readonly files: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

export interface WrittenOptions {
  /** What the run was to write, relative to its directory; empty for whatever is new or changed. */
  readonly outputs: ReadonlySet<string>;
  /** What was there before the run. */
  readonly before: Before;
  /** The record itself, relative to the directory of the run. */
  readonly own: ReadonlySet<string>;
  readonly maxFiles: number;
}

/** State of files before a run. */
export interface Before {
  readonly states: Snapshot;
  /** Outputs whose files are all among them; of any other the time of a file tells. */
  readonly of: ReadonlySet<string>;
  readonly start: Date;
}

/** What lies in the places that the run is to write to, or in its whole directory. @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function stateBefore(cwd: string, outputs: ReadonlySet<string>, maxFiles: number, start: Date): Promise<Before> {
  const of = new Set(outputs.size === 0 ? [''] : outputs);
  return { states: outputs.size === 0 ? await snapshot(cwd, maxFiles) : (await namedFiles(cwd, outputs, maxFiles)).states, of, start };
}

/** An output by its path in the directory of the run, with `/`. @throws ERR_CLI_USAGE when it is outside */
export function outputPath(output: string, cwd: string): string {
  const path = relative(cwd, resolve(cwd, output)).split(sep).join('/');
  if (path !== '..' && !path.startsWith('../') && !/^[A-Za-z]:/.test(path)) return path;
  throw new MsbomError('ERR_CLI_USAGE', `the output \`${output}\` is outside the directory of the run`, {
    hint: 'run the command in a directory that holds its outputs',
  });
}

/** @throws ERR_IO_*, ERR_LIMIT_COUNT */
export async function writtenFiles(cwd: string, { outputs, before, own, maxFiles }: WrittenOptions): Promise<Written> {
  const named = outputs.size > 0 ? await namedFiles(cwd, outputs, maxFiles) : undefined;
  const after = named?.states ?? (await snapshot(cwd, maxFiles));
  const changed = await writtenSince(cwd, before, after);
  const isMeant = (path: string): boolean => !own.has(path) && (named !== undefined || !OF_RECORDS.test(path)) && !isOurLog(cwd, path);
  const paths = [...changed].filter(isMeant);
  const left = named === undefined ? [] : [...after.keys()].filter((path) => !changed.has(path) && isMeant(path));
  const root = join(cwd, commonDirectory(paths));
  const prefix = relative(cwd, root) === '' ? 0 : relative(cwd, root).length + 1;
  const files = new Set<string>();
  const findings: Finding[] = [...(named?.findings ?? []), ...(left.length === 0 ? [] : [leftAlone(left)])];
  for (const path of paths) {
    const why = after.get(path)?.startsWith('link') === true ? await whyNotFollowed(join(cwd, path), root) : undefined;
    if (why === undefined) files.add(path.slice(prefix));
    else findings.push(linkLeftOut(path, why));
  }
  return { root, files, findings };
}

/** Files that are new or changed. What nobody looked at before was written by the run when it is no older than that. */
async function writtenSince(cwd: string, { states, of, start }: Before, after: Snapshot): Promise<ReadonlySet<string>> {
  const changed = changedFiles(states, after);
  const isCovered = (path: string): boolean => [...of].some((each) => each === '' || path === each || path.startsWith(`${each}/`));
  const written = new Set<string>();
  for (const path of changed) {
    const isOlder = !states.has(path) && !isCovered(path) && (await stat(join(cwd, path)).catch(() => undefined))?.ctime;
    if (!(isOlder instanceof Date) || isOlder >= start) written.add(path);
  }
  return written;
}

/** Records, also those of runs that go on at the same time and write them now. */
const OF_RECORDS = /\.msbom\.json$|\.provenance\.json$|(^|\/)\.[^/]+\.[0-9a-f]{12}\.tmp$/;

/** The files of the outputs that were named, and which of them are not there. */
async function namedFiles(
  cwd: string,
  outputs: ReadonlySet<string>,
  maxFiles: number,
): Promise<{ readonly states: Snapshot; readonly findings: readonly Finding[] }> {
  const states = new Map<string, string>();
  const findings: Finding[] = [];
  for (const path of outputs) {
    const stats = await stat(join(cwd, path)).catch(() => undefined);
    const found = stats?.isDirectory() === true ? await under(cwd, path, maxFiles) : await statesOf(cwd, [path]);
    if (found.size === 0) findings.push(notWritten(path));
    for (const [file, state] of found) states.set(file, state);
  }
  return { states, findings };
}

async function under(cwd: string, path: string, maxFiles: number): Promise<Snapshot> {
  const found = await snapshot(join(cwd, path), maxFiles);
  return new Map([...found].map(([file, state]) => [path === '' ? file : `${path}/${file}`, state]));
}

/** A file that our own standard output or error goes to still grows while it is hashed. */
function isOurLog(cwd: string, path: string): boolean {
  return [1, 2].some((stream) => {
    try {
      const [ours, file] = [fstatSync(stream), lstatSync(join(cwd, path))];
      return ours.isFile() && ours.dev === file.dev && ours.ino === file.ino;
    } catch {
      return false;
    }
  });
}

/** With a `/` at its end, or empty. */
function commonDirectory(paths: readonly string[]): string {
  const [first = '', ...rest] = paths;
  let shared = first.split('/').slice(0, -1);
  for (const path of rest) {
    const parts = path.split('/').slice(0, -1);
    const end = shared.findIndex((part, i) => parts[i] !== part);
    shared = end < 0 ? shared : shared.slice(0, end);
  }
  return shared.join('/');
}

async function whyNotFollowed(link: string, root: string): Promise<string | undefined> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined) return 'leads nowhere';
  if (!target.startsWith(`${await realpath(root)}${sep}`)) return 'leads out of the directory that holds the outputs';
  return (await stat(target)).isFile() ? undefined : 'leads to a directory';
}

const linkLeftOut = (path: string, why: string): Finding => ({
  id: 'io-link',
  severity: 'medium',
  message: `\`${path}\` is a symbolic link that ${why}, so the record does not have it`,
  fix: 'Write the file itself there.',
  file: path,
});

const notWritten = (path: string): Finding => ({
  id: 'nothing-written',
  severity: 'medium',
  message: `nothing lies at \`${path}\`, which the run was to write`,
  fix: 'Name what the run writes with --output-path.',
  file: path,
});

const leftAlone = (paths: readonly string[]): Finding => ({
  id: 'output-unchanged',
  severity: 'low',
  message: `${paths.length === 1 ? '1 file' : `${paths.length} files`} of the outputs lay there already and the run left as they were (${paths
    .slice(0, 3)
    .map((path) => `\`${path}\``)
    .join(', ')}${paths.length > 3 ? ' …' : ''}): the record says nothing of them`,
  fix: 'Let a run write to a directory of its own.',
  file: paths[0] ?? '.',
});
