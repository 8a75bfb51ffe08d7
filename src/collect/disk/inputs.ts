/** Data that a model was made of: a file, a directory or a pattern as a dataset, and a second look at it later. */
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import { globPattern } from '../../core/glob.js';
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.js';
import { withoutEvidence } from '../../manifest/evidence.js';
import { type DiskEntry, type DiskTree, openTree } from '../../platform/files.js';
import { changedFiles, type Snapshot, statesOf } from '../../platform/snapshot.js';
import { asPart, type DescribedDataset, datasetLocation, describeDataset } from '../dataset/index.js';
import { isExcluded } from '../index.js';
import { openDataset } from './dataset.js';
import { type DirectoryOptions, digester } from './hashing.js';

/** Files of one dataset are listed up to this number; of larger ones the root digest and the amount are stated. */
const MAX_LISTED_FILES = 100_000;

export interface InputOptions extends DirectoryOptions {
  readonly limits?: Limits;
  readonly includePrivate?: boolean;
  /** Of a directory only these files, by their paths in it. */
  readonly onlyFiles?: ReadonlySet<string>;
}

export interface Input {
  /** As the caller wrote it. */
  readonly given: string;
  readonly described: DescribedDataset;
  /** Directory that its paths are relative to. */
  readonly root: string;
  /** State of its files before the run. */
  readonly before: Snapshot;
}

/**
 * A file, a directory or a glob as a dataset.
 * @throws ERR_IO_NOT_FOUND when nothing is there, ERR_IO_*, ERR_COLLECT_INCOMPLETE, ERR_LIMIT_COUNT
 */
export async function describeInput(given: string, cwd: string, roles: readonly string[], options: InputOptions): Promise<Input> {
  const { guard } = options;
  const place = await placeOf(given, cwd);
  if (place.isWhole === true) await guard?.describes(place.root);
  const whole = place.file === undefined ? await openTree(place.root, { guard }) : await openDataset(place.file, guard);
  const entries: DiskEntry[] = [];
  const { maxFiles } = options.limits ?? DEFAULT_LIMITS;
  for await (const entry of whole.list()) {
    if (!place.wanted(entry.path) || options.onlyFiles?.has(entry.path) === false) continue;
    entries.push(entry);
    if (entries.length > maxFiles) throw new MsbomError('ERR_LIMIT_COUNT', `the input has more than ${maxFiles} files`, { file: given });
  }
  if (entries.length === 0)
    throw new MsbomError('ERR_IO_NOT_FOUND', 'no file is there', {
      file: given,
      hint: 'Name a file, a directory or a pattern that matches some.',
    });
  const before = await statesOf(
    place.root,
    entries.map(({ path }) => path),
  );
  const { limits, includePrivate } = options;
  const described = await describeDataset(only(whole, entries, place.name ?? whole.name), {
    roles,
    ...(limits === undefined ? {} : { limits }),
    ...(includePrivate === undefined ? {} : { includePrivate }),
    ...(place.name === undefined ? { location: datasetLocation(whole.root) } : { name: place.name }),
    digestFiles: digester(options),
  });
  return { given, described: entries.length > MAX_LISTED_FILES ? withoutFiles(described) : asPart(described), root: place.root, before };
}

/** The tree with nothing but the given files in it. */
function only(tree: DiskTree, entries: readonly DiskEntry[], name: string): DiskTree {
  return {
    ...tree,
    name,
    async *list() {
      yield* entries;
    },
  };
}

/** Root digest and amount stay; the list of a million files helps nobody. */
function withoutFiles(described: DescribedDataset): DescribedDataset {
  const { id, datasets, evidence } = described;
  const { digest, ...dataset } = datasets[id] ?? { name: id };
  const whole = { ...dataset, ...(digest === undefined ? {} : { digest: { ...digest, complete: false } }) };
  return { ...described, datasets: { ...datasets, [id]: whole }, artifacts: {}, evidence: withoutEvidence(evidence, ['/artifacts']) };
}

interface Place {
  readonly root: string;
  /** Name of the dataset, where it is not that of the directory. */
  readonly name?: string;
  /** It is all that lies in the root. */
  readonly isWhole?: boolean;
  /** The one file that it is. */
  readonly file?: string;
  readonly wanted: (path: string) => boolean;
}

async function placeOf(given: string, cwd: string): Promise<Place> {
  const path = resolve(cwd, given);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return { root: path, isWhole: true, wanted: (file) => !isExcluded(file) };
  if (stats?.isFile()) return { root: dirname(path), name: basename(path), file: path, wanted: () => true };
  if (stats === undefined && /[*?]/.test(given)) {
    const parts = given.split('/');
    const fixed = parts.slice(
      0,
      parts.findIndex((part) => /[*?]/.test(part)),
    );
    const rest = parts.slice(fixed.length).join('/');
    const pattern = globPattern(rest);
    const root = resolve(cwd, fixed.join('/') || (given.startsWith('/') ? '/' : '.'));
    return {
      root,
      // Where it lies on somebody's disk is no part of a name.
      name: isAbsolute(given) || fixed.includes('..') ? `${basename(root)}/${rest}` : given,
      wanted: (file) => pattern.test(file),
    };
  }
  throw new MsbomError('ERR_IO_NOT_FOUND', 'the file or directory does not exist', { file: relative(cwd, path).split(sep).join('/') });
}

/** What was odd about an input, and whether its files are still the ones that were hashed. */
export async function inputFindings({
  given,
  described,
  root,
  before,
}: Pick<Input, 'given' | 'root' | 'before'> & { readonly described: Pick<DescribedDataset, 'findings'> }): Promise<readonly Finding[]> {
  const after = await statesOf(root, [...before.keys()]);
  const changed = [...changedFiles(before, after), ...[...before.keys()].filter((path) => !after.has(path))].sort();
  if (changed.length === 0) return described.findings;
  return [
    ...described.findings,
    {
      id: 'input-changed',
      severity: 'high',
      message: `${changed.length} files of the input \`${given}\` were changed while the run went on, \`${changed[0]}\` among them: what was read may not be what was hashed`,
      fix: 'Keep inputs apart from what the run writes, and run again.',
      file: given,
    },
  ];
}
