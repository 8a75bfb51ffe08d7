/** Files of the project that a traced run imported or read: code and settings as files with digests, all else as data. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Contribution } from '../../collect/contribution.js';
import { describeInput, type InputOptions } from '../../collect/disk/inputs.js';
import { looksLikeModel } from '../../collect/disk/model-input.js';
import { sha256Text } from '../../core/digest.js';
import { MsbomError } from '../../core/error.js';
import type { Finding } from '../../core/finding.js';
import type { Limits } from '../../core/limits.js';
import { hashFile } from '../../platform/hash.js';
import type { RunInput } from '../inputs.js';
import { projectPath } from '../project.js';
import type { RunState } from '../run-facts.js';
import type { Written } from '../written.js';
import type { Traced } from './index.js';

interface Place {
  readonly options: InputOptions;
  readonly limits: Limits;
  readonly cwd: string;
  readonly written: Written;
  readonly given: readonly RunInput[];
  readonly state: RunState;
}

export interface Used {
  readonly contributions: readonly Contribution[];
  readonly inputs: readonly RunInput[];
  readonly findings: readonly Finding[];
}

/** Modules and settings that are named one by one. */
const MAX_FILES = 1000;
/** Other files that are looked at. */
const MAX_READS = 100_000;
/** Files that tell a program what to do; other text is data. */
const SETTINGS =
  /\.(?:ya?ml|toml|cfg|ini|conf|properties|ipynb|[cm]?js|sh)$|(?:^|[/_-])(?:config|settings|params|args)\.json$|(?:^|\/)requirements[^/]*\.txt$/i;
const RECORDS = /\.msbom\.json$|\.provenance\.json$/;
const METHOD = 'msbom record --trace';

/** Paths are relative to the directory of the run. What the run itself wrote is none of them, nor what stands in hidden directories. */
export async function filesUsed(traced: Traced | undefined, place: Place): Promise<Used> {
  if (traced === undefined) return { contributions: [], inputs: [], findings: [] };
  const told = await pathsOf(traced, place);
  const [modules, reads] = [told.modules.filter((path) => path !== place.state.entrypoint?.path), told.reads];
  const settings: string[] = [];
  const data: string[] = [];
  for (const path of reads) (SETTINGS.test(path) || (await looksLikeModel(path, place.cwd)) ? settings : data).push(path);
  const files = [...modules.map((path) => [path, IMPORTED] as const), ...settings.map((path) => [path, READ] as const)];
  const contributions = await Promise.all(files.slice(0, MAX_FILES).map(([path, what]) => fileOf(path, what, place.cwd)));
  const inputs: RunInput[] = [];
  const findings: Finding[] = [];
  for (const [directory, group] of groupsOf(data)) {
    try {
      inputs.push({ kind: 'data', input: await describeGroup(directory, group, place) });
    } catch (error) {
      if (!MsbomError.is(error)) throw error;
      findings.push(left(`data in \`${directory}\` that was read is not in the record: ${error.message}`));
    }
  }
  if (told.changed.length > 0)
    findings.push(
      left(
        `${told.changed.length} files that were read were changed while the run went on, \`${told.changed[0]}\` among them, and are not in the record`,
      ),
    );
  if (files.length > MAX_FILES)
    findings.push(left(`${files.length - MAX_FILES} modules and settings of the project are not in the record`));
  if (told.isCut) findings.push(left(`more than ${MAX_READS} files were read; the others are not in the record`));
  return { contributions: contributions.flat(), inputs, findings };
}

export const IMPORTED = 'module of the project that the run imported';
export const READ = 'file of the project that the run read';

interface Told {
  readonly modules: readonly string[];
  readonly reads: readonly string[];
  readonly changed: readonly string[];
  readonly isCut: boolean;
}

async function pathsOf({ processes }: Traced, { cwd, written, given, state }: Place): Promise<Told> {
  const own = new Set([...written.files].map((path) => relative(cwd, join(written.root, path)).split(sep).join('/')));
  const taken = given.map(({ input: { given: path } }) => relative(cwd, resolve(cwd, path)).split(sep).join('/'));
  const isGiven = (path: string): boolean => taken.some((each) => each === '' || path === each || path.startsWith(`${each}/`));
  const isMeant = (path: string): boolean =>
    !own.has(path) && !RECORDS.test(path) && !path.split('/').some((part) => part.startsWith('.') || part === '__pycache__');
  const changed: string[] = [];
  const pick = async (all: readonly string[]): Promise<readonly string[]> => {
    const paths = new Set<string>();
    for (const file of new Set(all)) {
      const path = await projectPath(file, cwd);
      if (path === undefined || !isMeant(path) || paths.has(path)) continue;
      const stats = await stat(join(cwd, path)).catch(() => undefined);
      if (stats === undefined) continue;
      if (stats.ctime < state.start) paths.add(path);
      // What came with the run and is no output is its own affair. Where the system does not know when a file came it was the last change.
      else if (stats.birthtime < state.start) changed.push(path);
      if (paths.size >= MAX_READS) break;
    }
    return [...paths].sort();
  };
  const modules = await pick(processes.flatMap((each) => each.modules));
  const reads = await pick(processes.flatMap((each) => each.reads));
  return { modules, reads: reads.filter((path) => !isGiven(path)), changed, isCut: reads.length >= MAX_READS };
}

/** A dataset is all that was read below one entry of the directory of the run, named by the deepest directory that holds it. */
function groupsOf(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const [first = ''] = path.split('/');
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [path]);
    else group.push(path);
  }
  return new Map([...groups.values()].map((group) => [group.length === 1 ? (group[0] ?? '') : common(group), group]));
}

function common(paths: readonly string[]): string {
  let [shared = ''] = paths.map(dirname);
  while (shared !== '.' && !paths.every((path) => path.startsWith(`${shared}/`))) shared = dirname(shared);
  return shared;
}

async function describeGroup(place: string, paths: readonly string[], { options, limits, cwd }: Place) {
  const files = new Set(paths.map((path) => (path === place ? basename(path) : path.slice(place.length + 1))));
  return describeInput(place, cwd, [], { ...options, limits, onlyFiles: files });
}

async function fileOf(path: string, description: string, cwd: string): Promise<readonly Contribution[]> {
  const hashed = await hashFile(await realpath(join(cwd, path)), path).catch(() => undefined);
  if (hashed === undefined) return [];
  const item = {
    id: `file-${sha256Text(path).slice(0, 12)}`,
    type: 'file',
    name: path,
    description,
    digest: { sha256: hashed.digest.sha256 },
    scope: ['training'],
  };
  return [{ kind: 'addition', list: '/components', item, from: { origin: 'observed', name: METHOD, method: METHOD } }];
}

const left = (message: string): Finding => ({
  id: 'trace-incomplete',
  severity: 'low',
  message,
  fix: 'Keep what a run reads apart from what it writes, and name data with --input.',
});
