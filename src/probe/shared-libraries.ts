/** Shared libraries by the version in their file names, and the headers that say it again. */
import { linesOf, type Sight } from './sight.js';

/** A directory to look into. */
export interface LibraryDirectory {
  readonly path: string;
  /** How evidence names it: a directory from a variable may be private. */
  readonly shown: string;
}

/** A library by the stem of its file name: `libnccl` of `libnccl.so.2.21.5`. */
export interface LibraryName {
  readonly name: string;
  readonly stem: string;
}

export interface FoundLibrary extends LibraryName {
  /** File name, and what is shown of its directory. */
  readonly file: string;
  readonly shown: string;
  /** Numbers behind `.so.`. */
  readonly numbers: string;
}

const CPUS = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'powerpc64le-linux-gnu'];
const SYSTEM = [...CPUS.map((cpu) => `/usr/lib/${cpu}`), '/usr/lib64', '/usr/lib', '/usr/local/lib64', '/usr/local/lib'];
const MAX_VARIABLE_DIRECTORIES = 32;

/** Where the dynamic linker looks without being told. */
export const systemLibraryDirectories: readonly LibraryDirectory[] = SYSTEM.map((path) => ({ path, shown: path }));

/** Where LD_LIBRARY_PATH sends it first. */
export function variableLibraryDirectories({ host }: Sight): readonly LibraryDirectory[] {
  return (host.env.LD_LIBRARY_PATH ?? '')
    .split(':', MAX_VARIABLE_DIRECTORIES)
    .filter((path) => path.startsWith('/'))
    .map((path) => ({ path, shown: '$LD_LIBRARY_PATH' }));
}

const FILE = /^(lib[A-Za-z0-9_+-]{1,60})\.so\.(\d{1,9}(?:\.\d{1,9}){0,5})$/;

/** The libraries of the table in the directories: each file once, under its own name, however many links lead to it. */
export async function librariesIn(
  sight: Sight,
  directories: readonly LibraryDirectory[],
  table: readonly LibraryName[],
): Promise<readonly FoundLibrary[]> {
  const names = new Map(table.map((library) => [library.stem, library]));
  const seen = new Set<string>();
  const found: FoundLibrary[] = [];
  for (const directory of directories) {
    const real = await sight.resolve(directory.path);
    if (real === undefined || seen.has(real)) continue;
    seen.add(real);
    for (const name of await sight.list(real)) {
      const library = names.get(FILE.exec(name)?.[1] ?? '');
      const target = library === undefined ? undefined : await sight.resolve(`${real}/${name}`);
      if (library === undefined || target === undefined || seen.has(target)) continue;
      seen.add(target);
      // A link that leads to another name, such as libx.so.9 to libx.so.9.1.0, is not the file's name.
      const own = target.slice(target.lastIndexOf('/') + 1);
      const file = FILE.exec(own)?.[1] === library.stem ? own : name;
      found.push({ ...library, file, numbers: FILE.exec(file)?.[2] ?? '', shown: `${directory.shown}/${file}` });
    }
  }
  return found;
}

/** Does the file name hold a whole version, and not only the number of an interface? */
export const hasVersion = ({ numbers }: FoundLibrary): boolean => numbers.split('.').length >= 3;

/** Integers that a C header defines; a name that stands for another name is followed once. */
export function definesOf(text: string | undefined): ReadonlyMap<string, number> {
  const raw = new Map<string, string>();
  for (const line of linesOf(text)) {
    const match = /^\s*#\s*define\s+([A-Za-z_]\w{0,63})\s+\(?([A-Za-z_]\w{0,63}|\d{1,9})\)?\s*(?:\/[/*].*)?$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined && !raw.has(match[1])) raw.set(match[1], match[2]);
  }
  const defines = new Map<string, number>();
  for (const [name, value] of raw) {
    const number = /^\d+$/.test(value) ? value : raw.get(value);
    if (number !== undefined && /^\d+$/.test(number)) defines.set(name, Number(number));
  }
  return defines;
}

/** The numbers of a version by the names of a header: undefined unless the first two are there. */
export function headerVersion(text: string | undefined, names: readonly string[]): string | undefined {
  const defines = definesOf(text);
  const numbers = names.map((name) => defines.get(name));
  const end = numbers.indexOf(undefined);
  const known = end === -1 ? numbers : numbers.slice(0, end);
  return known.length < 2 ? undefined : known.join('.');
}
