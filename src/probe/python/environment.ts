/** Finds a Python environment by its files: what interpreter it has and where its packages lie. Only an installed interpreter is asked. */
import { asObject, asText } from '../../collect/values.js';
import { MsbomError } from '../../core/error.js';
import type { Host } from '../../core/host.js';
import { parseJson } from '../../core/json.js';

export interface PythonEnvironment {
  /** Root of the environment, absolute. */
  readonly prefix: string;
  /** `3.11.7`, or `3.11` where no file says more. */
  readonly version?: string;
  /** `CPython`, `PyPy`; only where a file says so. */
  readonly implementation?: string;
  /** What told the version. */
  readonly source: string;
  readonly isVirtual: boolean;
  /** Directories of packages in the order in which Python searches them. */
  readonly sitePackages: readonly string[];
}

interface Layout {
  readonly prefix: string;
  /** Prefix of the interpreter that a virtual environment was made from. */
  readonly base?: string;
  readonly settings: ReadonlyMap<string, string>;
}

const MAX_PTH_DIRECTORIES = 100;
/** Prints what `-I -S` lets an interpreter know of itself: neither site nor the user's variables take part. */
const SELF =
  'import sys,platform;print(sys.executable);print(sys.base_prefix);print(platform.python_version());print(sys.implementation.name)';

/** The environment that is asked for, or that the variables and the search path name; undefined when there is none. */
export async function findPython(host: Host, asked: string | undefined): Promise<PythonEnvironment | undefined> {
  const layout = await findLayout(host, asked);
  return layout === undefined ? undefined : describe(host, layout);
}

async function findLayout(host: Host, asked: string | undefined): Promise<Layout | undefined> {
  if (asked !== undefined) return layoutAt(host, absolute(host, asked));
  for (const prefix of [host.env.VIRTUAL_ENV, host.env.CONDA_PREFIX]) {
    const layout = prefix === undefined || prefix === '' ? undefined : await layoutAt(host, absolute(host, prefix));
    if (layout !== undefined) return layout;
  }
  const search = host.env.PATH?.split(host.platform === 'win32' ? ';' : ':') ?? ['/usr/local/bin', '/usr/bin'];
  for (const name of ['python3', 'python']) {
    for (const directory of search.filter((each) => each.startsWith('/'))) {
      const path = `${directory.replace(/(?<!\/)\/+$/, '')}/${name}`;
      const layout = (await host.kind(path)) === 'file' ? await layoutOfInterpreter(host, path) : undefined;
      if (layout !== undefined) return layout;
    }
  }
  return undefined;
}

async function layoutAt(host: Host, path: string): Promise<Layout | undefined> {
  const kind = await host.kind(path);
  return kind === 'directory' ? layoutOfPrefix(host, path) : kind === 'file' ? layoutOfInterpreter(host, path) : undefined;
}

async function layoutOfPrefix(host: Host, prefix: string): Promise<Layout | undefined> {
  const text = await host.readText(`${prefix}/pyvenv.cfg`);
  const settings = iniSettings(text ?? '');
  const home = settings.get('home');
  const base = text === undefined || home === undefined ? undefined : parentOf(home);
  if (text === undefined && (await libraries(host, prefix)).length === 0) return undefined;
  return { prefix, settings, ...(base === undefined ? {} : { base }) };
}

/** The unresolved path decides on a virtual environment, as it does for Python itself; then come the links. */
async function layoutOfInterpreter(host: Host, path: string): Promise<Layout | undefined> {
  for (const directory of [parentOf(path), parentOf(parentOf(path))]) {
    if ((await host.kind(`${directory}/pyvenv.cfg`)) === 'file') return layoutOfPrefix(host, directory);
  }
  const real = (await host.resolve(path)) ?? path;
  const found = await layoutOfPrefix(host, parentOf(parentOf(real)));
  return found ?? askInterpreter(host, path);
}

/** A wrapper such as a version manager's tells only when it is run where its interpreter lies. */
async function askInterpreter(host: Host, path: string): Promise<Layout | undefined> {
  const told = await ask(host, path);
  if (told === undefined) return undefined;
  const venv = parentOf(parentOf(told.executable));
  if ((await host.kind(`${venv}/pyvenv.cfg`)) === 'file') return layoutOfPrefix(host, venv);
  return {
    prefix: told.base,
    settings: new Map([
      ['version', told.version],
      ['implementation', told.implementation],
    ]),
  };
}

/** Runs the interpreter in isolation; only on the running machine, and undefined where it says nothing. */
async function ask(
  host: Host,
  path: string,
): Promise<{ readonly executable: string; readonly base: string; readonly version: string; readonly implementation: string } | undefined> {
  const output = host.live ? await host.run(path, ['-I', '-S', '-c', SELF]).catch(unlessTrusted) : undefined;
  const lines = output?.exitCode === 0 ? output.stdout.split(/\r?\n/) : [];
  const [executable = '', base = '', version = '', implementation = ''] = lines;
  return executable.startsWith('/') && base.startsWith('/') ? { executable, base, version, implementation } : undefined;
}

/** An interpreter that lies in what is described is never started: its files have to do. */
function unlessTrusted(error: unknown): undefined {
  if (!MsbomError.is(error, 'ERR_IO_PERMISSION')) throw error;
}

async function describe(host: Host, layout: Layout): Promise<PythonEnvironment> {
  const { prefix, base } = layout;
  const own = await libraries(host, prefix);
  const told = await self(host, layout, own);
  const version = told.find((each) => isFull(each.version)) ?? told.find((each) => each.version !== undefined);
  const implementation = told.find((each) => each.implementation !== undefined)?.implementation;
  return {
    prefix,
    isVirtual: base !== undefined,
    source: version?.source ?? 'library directory',
    sitePackages: await sitePackages(host, layout, own),
    ...(version?.version === undefined ? {} : { version: version.version }),
    ...(implementation === undefined ? {} : { implementation: IMPLEMENTATIONS.get(implementation.toLowerCase()) ?? implementation }),
  };
}

/** What one source says of the interpreter. */
interface Told {
  readonly source: string;
  readonly version?: string | undefined;
  readonly implementation?: string | undefined;
}

const isFull = (version: string | undefined): boolean => version !== undefined && /^\d+\.\d+\.\d+/.test(version);

/** Best source first. `pyvenv.cfg` is of the day when the environment was made, so the interpreter's own files come before it. */
async function self(host: Host, { prefix, base, settings }: Layout, own: readonly string[]): Promise<readonly Told[]> {
  const root = base ?? prefix;
  const directory = own[0]?.slice(own[0].lastIndexOf('/') + 1) ?? '';
  const minor = /3\.\d+/.exec(directory)?.[0];
  const files = directory === '' ? [] : [await buildDetails(host, `${root}/lib/${directory}`), await headers(host, root, directory)];
  const written: Told[] = [
    ...files.filter((each) => each !== undefined).filter(({ version }) => minor === undefined || version?.startsWith(minor)),
    {
      source: base === undefined ? 'interpreter' : 'pyvenv.cfg',
      version: /^\d+(\.\d+){1,2}/.exec(settings.get('version_info') ?? settings.get('version') ?? '')?.[0],
      implementation: settings.get('implementation'),
    },
    await soabi(host, `${root}/lib/${directory}`, minor),
  ];
  const enough = written.some(({ version }) => isFull(version)) && written.some(({ implementation }) => implementation !== undefined);
  const asked = enough ? undefined : await ask(host, `${prefix}/bin/python3`);
  return asked === undefined ? written : [...written, { source: 'interpreter', ...asked }];
}

const IMPLEMENTATIONS: ReadonlyMap<string, string> = new Map([
  ['cpython', 'CPython'],
  ['pypy', 'PyPy'],
  ['graalpy', 'GraalPy'],
]);

/** Directories of the standard library or of packages, `lib/python3.11`; newest first. */
async function libraries(host: Host, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const lib of ['lib', 'lib64']) {
    const names = (await host.list(`${prefix}/${lib}`)).filter((name) => /^(python|pypy)3\.\d{1,3}t?$/.test(name));
    for (const name of names) {
      const path = `${prefix}/${lib}/${name}`;
      if ((await host.kind(`${path}/site-packages`)) === 'directory' || (await host.kind(`${path}/os.py`)) === 'file') found.push(path);
    }
  }
  const minor = (path: string): number => Number(/3\.(\d+)t?$/.exec(path)?.[1] ?? 0);
  return found.sort((a, b) => minor(b) - minor(a));
}

async function sitePackages(host: Host, { prefix, base, settings }: Layout, own: readonly string[]): Promise<readonly string[]> {
  const minor = /^\d+\.\d+/.exec(settings.get('version_info') ?? settings.get('version') ?? '')?.[0] ?? /3\.\d+/.exec(own[0] ?? '')?.[0];
  const shared = base === undefined || settings.get('include-system-site-packages')?.toLowerCase() === 'true';
  const candidates = [
    ...(host.live ? (host.env.PYTHONPATH?.split(':') ?? []) : []),
    ...(base === undefined ? [] : sitesOf(prefix, minor)),
    ...(shared ? [...userSites(host, minor), ...systemSites(base ?? prefix, minor)] : []),
    // Windows keeps one directory for all.
    `${prefix}/Lib/site-packages`,
  ];
  const found = await distinctDirectories(host, candidates);
  return distinctDirectories(host, [...found, ...(await pathFiles(host, found))]);
}

const sitesOf = (prefix: string, minor = '3'): readonly string[] =>
  ['lib', 'lib64']
    .flatMap((lib) => ['python', 'pypy'].map((name) => `${prefix}/${lib}/${name}${minor}/site-packages`))
    .concat(`${prefix}/lib/python${minor}t/site-packages`);

/** Debian keeps what it packages and what pip installs apart, in `dist-packages`. */
function systemSites(prefix: string, minor = '3'): readonly string[] {
  const debian =
    prefix === '/usr'
      ? [`/usr/local/lib/python${minor}/dist-packages`, '/usr/lib/python3/dist-packages', `/usr/lib/python${minor}/dist-packages`]
      : [];
  return [...(prefix === '/usr' ? sitesOf('/usr/local', minor) : []), ...sitesOf(prefix, minor), ...debian];
}

function userSites(host: Host, minor = '3'): readonly string[] {
  const base = host.env.PYTHONUSERBASE ?? (host.env.HOME === undefined ? undefined : `${host.env.HOME}/.local`);
  return base === undefined || (host.env.PYTHONNOUSERSITE ?? '') !== '' ? [] : [`${base}/lib/python${minor}/site-packages`];
}

async function distinctDirectories(host: Host, candidates: readonly string[]): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const path of candidates.filter((each) => each.startsWith('/'))) {
    const real = (await host.kind(path)) === 'directory' ? await host.resolve(path) : undefined;
    if (real !== undefined && !found.has(real)) found.set(real, path);
  }
  return [...found.keys()];
}

/** Directories that `.pth` files name. Their lines of code, which Python would run, are passed over. */
async function pathFiles(host: Host, directories: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const directory of directories) {
    for (const name of (await host.list(directory)).filter((each) => each.endsWith('.pth'))) {
      for (const line of ((await host.readText(`${directory}/${name}`)) ?? '').split('\n')) {
        const entry = line.trim();
        if (entry === '' || entry.startsWith('#') || /^import[ \t]/.test(entry) || paths.length >= MAX_PTH_DIRECTORIES) continue;
        paths.push(entry.startsWith('/') ? entry : `${directory}/${entry}`);
      }
    }
  }
  return paths;
}

/** `build-details.json` of the interpreter (PEP 739). */
async function buildDetails(host: Host, library: string): Promise<Told | undefined> {
  const text = await host.readText(`${library}/build-details.json`);
  const value = text === undefined ? undefined : asObject(quietJson(text));
  if (value === undefined) return undefined;
  const implementation = asObject(value.implementation);
  const { major, minor, micro } = asObject(implementation?.version) ?? {};
  const full = [major, minor, micro].every(Number.isSafeInteger) ? `${major}.${minor}.${micro}` : asText(asObject(value.language)?.version);
  return { source: 'build-details.json', version: full, implementation: asText(implementation?.name) };
}

/** The interpreter's C headers name its exact version. */
async function headers(host: Host, prefix: string, directory: string): Promise<Told | undefined> {
  const text = await host.readText(`${prefix}/include/${directory}/patchlevel.h`);
  const version = /^#define\s+PY_VERSION\s+"([0-9][\w.+]{0,30})"/m.exec(text ?? '')?.[1];
  return version === undefined ? undefined : { source: 'patchlevel.h', version };
}

/** Compiled modules of the standard library name the implementation in their endings. */
async function soabi(host: Host, library: string, minor: string | undefined): Promise<Told> {
  const names = await host.list(`${library}/lib-dynload`);
  const implementation = names.map((name) => /\.(cpython|pypy|graalpy)-?\d+[^.]*\.so$/.exec(name)?.[1]).find(Boolean);
  return { source: 'library directory', version: minor, implementation };
}

function quietJson(text: string): unknown {
  try {
    return parseJson(text, { inexactIntegers: 'text' });
  } catch {
    return undefined;
  }
}

/** `key = value` lines; keys in lower case. */
function iniSettings(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const equals = line.indexOf('=');
      return equals <= 0 ? [] : [[line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim()] as const];
    }),
  );
}

function absolute(host: Host, path: string): string {
  const joined = path.startsWith('/') ? path : `${host.cwd}/${path}`;
  return joined.length > 1 ? joined.replace(/(?<!\/)\/+$/, '') : joined;
}

const parentOf = (path: string): string => {
  const trimmed = path.replace(/(?<!\/)\/+$/, '');
  return trimmed.slice(0, trimmed.lastIndexOf('/')) || '/';
};
