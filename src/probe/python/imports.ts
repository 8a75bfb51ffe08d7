/** What programs can import from an environment, and which distribution each name is of. */
import { pypiName } from '../../collect/component.js';
import { MsbomError } from '../../core/error.js';
import type { Host } from '../../core/host.js';
import type { Entry } from './distribution.js';
import { findEntries } from './entries.js';
import { findPython } from './environment.js';
import { readWords } from './files.js';

const MAX_LIST = 16 * 1024 * 1024;
const AT_ONCE = 16;

export interface ImportNames {
  /** Names of distributions, as the registry has them, by the first part of what is imported. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same by the file name of an installed program. */
  readonly programs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Distributions that have one of the files that were asked about. */
  readonly used: ReadonlySet<string>;
}

/** Read from the lists of installed files; nothing is imported. `files`: absolute paths, of which it is asked whose they are. */
export async function importNames(host: Host, python: string, files: ReadonlySet<string> = new Set()): Promise<ImportNames> {
  const [modules, programs, used] = [new Map<string, Set<string>>(), new Map<string, Set<string>>(), new Set<string>()];
  const environment = await findPython(host, python);
  const { entries } = environment === undefined ? { entries: [] } : await findEntries(host, environment.sitePackages);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let entry = entries[next++]; entry !== undefined; entry = entries[next++]) {
      const name = pypiName(entry.name.split('-', 1)[0] ?? '');
      for (const path of await filesOf(host, entry)) {
        const [first = '', second] = path.split('/');
        if (files.has(`${entry.site}/${path}`)) used.add(name);
        if (first === '..') add(programs, path.slice(path.lastIndexOf('/') + 1), name);
        else if (!first.endsWith('-info') && first !== '__pycache__')
          add(modules, second === undefined ? (first.split('.', 1)[0] ?? '') : first, name);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { modules, programs, used };
}

function add(names: Map<string, Set<string>>, key: string, name: string): void {
  const known = names.get(key);
  if (known === undefined) names.set(key, new Set([name]));
  else known.add(name);
}

/** Paths of the files of a distribution, or what stands for them: `RECORD` (PEP 376), else the names in `top_level.txt`. */
async function filesOf(host: Host, { path }: Entry): Promise<readonly string[]> {
  const record = await text(host, `${path}/RECORD`);
  // Fields are quoted where they hold a comma, which no name of a module does.
  if (record !== undefined) return record.split('\n').flatMap((line) => line.split(',', 1)[0]?.trim() || []);
  return ((await text(host, `${path}/top_level.txt`)) ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [`${line.trim()}/`]));
}

/** What cannot be read names nothing; the probe of the packages tells of it. */
const text = (host: Host, path: string): Promise<string | undefined> =>
  readWords(host, path, MAX_LIST).catch((error: unknown) => {
    if (MsbomError.is(error)) return undefined;
    throw error;
  });
