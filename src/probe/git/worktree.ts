/** Is what lies in the working directory what the index holds? */
import { concatBytes } from '@noble/hashes/utils.js';
import type { HostEntry } from '../../core/host.js';
import { type AttributeFile, type Attributes, attributesOf, readAttributeFile } from './attributes.js';
import { lfsPointer, lineEndingsOf, readLfsPointer, withLineFeeds, withoutIdent } from './content.js';
import { algorithmOf, hashed } from './hash.js';
import { type IgnoreFile, isIgnored, readIgnoreFile } from './ignore.js';
import type { IndexEntry } from './index-file.js';
import type { ObjectStore } from './objects.js';
import type { MatchBudget } from './patterns.js';
import type { Repository } from './repository.js';
import type { Settings } from './settings.js';

/** `same`, `changed`, or a text that says why it is not known. */
export type Verdict = 'same' | 'changed' | { readonly unknown: string };

/** What one comparison shares. */
export interface Work {
  readonly repository: Repository;
  readonly settings: Settings;
  readonly store: ObjectStore;
  readonly entries: ReadonlyMap<string, IndexEntry>;
  readonly budget: MatchBudget & { bytes: number; entries: number };
  /** Compares the files of a submodule at a path with the commit of that id. */
  readonly submodule: (path: string, id: string) => Promise<Verdict>;
}

/** Bytes of a file that is converted in memory. */
const MAX_CONVERTED = 64 * 1024 * 1024;
const MAX_RULES = 4 * 1024 * 1024;
const MAX_DEPTH = 512;
/** Above this a file of Git LFS is not also hashed as it stands. */
const POINTER_BYTES = 1024;
const LINK = 0o120000;
const SUBMODULE = 0o160000;
const DIRECTORY = 0o40000;

const unknown = (why: string): Verdict => ({ unknown: why });
const UNREADABLE = unknown('a file of it cannot be read');
const BUSY = unknown('it has more than is looked at');
const SETTINGS = unknown('its configuration includes or names files that were not read');

/** Compares one path; a directory on the way that is a link hides the file, as it does for git. */
export function comparer(work: Work): (entry: IndexEntry) => Promise<Verdict> {
  const directories = new Map<string, Promise<boolean>>();
  const isDirectory = (path: string): Promise<boolean> => {
    if (path === '') return Promise.resolve(true);
    const known = directories.get(path) ?? checked(path);
    directories.set(path, known);
    return known;
  };
  const checked = async (path: string): Promise<boolean> =>
    (await isDirectory(parentOf(path))) && (await work.repository.sight.entry(placeOf(work, path)))?.kind === 'directory';
  const rules = attributeReader(work);
  return async (entry) => {
    if (entry.stage !== 0 || entry.announced) return 'changed';
    const name = entry.path.replace(/\/$/, '');
    const found = (await isDirectory(parentOf(name))) ? await work.repository.sight.entry(placeOf(work, name)) : undefined;
    if (entry.mode === DIRECTORY) return found === undefined ? 'same' : unknown('a directory that is left out of its index is there');
    if (found === undefined) return entry.skipped ? 'same' : 'changed';
    if (entry.mode === SUBMODULE) return found.kind === 'directory' ? work.submodule(entry.path, entry.id) : 'changed';
    if (entry.mode === LINK) return compareLink(work, entry, found);
    return found.kind === 'file' ? compareFile(work, entry, found, rules) : 'changed';
  };
}

const placeOf = ({ repository }: Work, path: string): string => `${repository.root}/${path}`;
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

async function compareLink(work: Work, { path, id }: IndexEntry, found: HostEntry): Promise<Verdict> {
  const { digits, sight } = work.repository;
  if (found.kind === 'link') {
    const target = await sight.readLink(placeOf(work, path));
    return target === undefined ? UNREADABLE : hashed(digits, 'blob', target) === id ? 'same' : 'changed';
  }
  if (found.kind !== 'file' || work.settings.symlinks) return work.settings.certain ? 'changed' : SETTINGS;
  const digest = await sight.digest(placeOf(work, path), algorithmOf(digits), `blob ${found.size}\0`);
  return digest === id ? 'same' : 'changed';
}

type AttributeReader = (path: string) => Promise<Attributes | undefined>;

async function compareFile(work: Work, entry: IndexEntry, found: HostEntry, rules: AttributeReader): Promise<Verdict> {
  const { settings, budget, repository } = work;
  if (settings.fileMode && found.executable !== ((entry.mode & 0o100) !== 0)) return settings.certain ? 'changed' : SETTINGS;
  budget.bytes -= found.size;
  if (budget.bytes < 0) return BUSY;
  const large = found.size > POINTER_BYTES ? await rules(entry.path) : undefined;
  if (large?.get('filter') !== 'lfs') {
    const digest = await repository.sight.digest(placeOf(work, entry.path), algorithmOf(repository.digits), `blob ${found.size}\0`);
    if (digest === undefined) return UNREADABLE;
    if (digest === entry.id) return 'same';
  }
  const attributes = large ?? (await rules(entry.path));
  if (attributes === undefined) return BUSY;
  const filter = attributes.get('filter');
  if (filter === 'lfs') return comparePointer(work, entry, found);
  if (typeof filter === 'string') return unknown('its attributes name a program that changes a file before it is compared');
  return compareConverted(work, entry, found, attributes);
}

async function comparePointer(work: Work, { path, id }: IndexEntry, { size }: HostEntry): Promise<Verdict> {
  const { sight, digits } = work.repository;
  const sha256 = await sight.digest(placeOf(work, path), 'sha256', '');
  if (sha256 === undefined) return UNREADABLE;
  if (hashed(digits, 'blob', new TextEncoder().encode(lfsPointer(sha256, size))) === id) return 'same';
  const blob = await work.store.read(id);
  if (blob === undefined) return unknown('a pointer of Git LFS cannot be read');
  const pointer = readLfsPointer(new TextDecoder().decode(blob.body.subarray(0, POINTER_BYTES)));
  return pointer?.sha256 === sha256 && pointer.size === size ? 'same' : 'changed';
}

/** By line endings and `$Id$`, which are simple enough to be done here. */
async function compareConverted(work: Work, { path, id }: IndexEntry, { size }: HostEntry, attributes: Attributes): Promise<Verdict> {
  const { settings, repository } = work;
  const encoding = attributes.get('working-tree-encoding');
  if (typeof encoding === 'string' && !/^utf-?8$/i.test(encoding)) return unknown('its attributes give a file another encoding');
  const said = lineEndingsOf(attributes);
  // What an unread configuration may ask for is tried, but proves nothing.
  const endings = said ?? (settings.convertLines || !settings.certain ? 'auto' : 'keep');
  const ident = attributes.get('ident') === true;
  if (endings === 'keep' && !ident) return settings.certain ? 'changed' : SETTINGS;
  if (size > MAX_CONVERTED) return BUSY;
  const bytes = await wholeFile(work, path);
  if (bytes === undefined) return UNREADABLE;
  const lines = withLineFeeds(bytes, endings);
  const equal = hashed(repository.digits, 'blob', ident ? withoutIdent(lines) : lines) === id;
  if (said === undefined && !settings.certain) return SETTINGS;
  return equal ? 'same' : 'changed';
}

async function wholeFile({ repository }: Work, path: string): Promise<Uint8Array | undefined> {
  const source = await repository.sight.open(`${repository.root}/${path}`);
  if (source === undefined) return undefined;
  try {
    return concatBytes(await source.read(0, Math.min(source.size, MAX_CONVERTED)));
  } finally {
    await source.close();
  }
}

/** A file of rules: the one in the working directory, else the one of the index. Links are not followed, as git does not. */
async function rulesText(work: Work, path: string): Promise<string | undefined> {
  const { sight } = work.repository;
  if ((await sight.entry(placeOf(work, path)))?.kind === 'file') return sight.text(placeOf(work, path), MAX_RULES);
  const entry = work.entries.get(path);
  const blob = entry === undefined || entry.mode === LINK ? undefined : await work.store.read(entry.id);
  return blob === undefined ? undefined : new TextDecoder().decode(blob.body);
}

function attributeReader(work: Work): AttributeReader {
  const { settings, repository, budget } = work;
  const files = new Map<string, Promise<AttributeFile | undefined>>();
  const parsed = (text: string | undefined, base: string) =>
    text === undefined ? { base, lines: [], macros: new Map() } : readAttributeFile(text, base, settings.foldCase);
  const at = (directory: string): Promise<AttributeFile | undefined> => {
    const path = directory === '' ? '.gitattributes' : `${directory}/.gitattributes`;
    const known = files.get(directory) ?? rulesText(work, path).then((text) => parsed(text, directory));
    files.set(directory, known);
    return known;
  };
  const info = repository.sight.text(`${repository.common}/info/attributes`, MAX_RULES).then((text) => parsed(text, ''));
  return async (path) => {
    const directories = [''];
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) directories.push(path.slice(0, slash));
    const inside = await Promise.all(directories.map(at));
    const all = [...settings.attributeTexts.map((text) => parsed(text, '')), ...inside, await info];
    const known = all.filter((each) => each !== undefined);
    const found = attributesOf(known, path, budget);
    return known.length < all.length || budget.steps < 0 ? undefined : found;
  };
}

/** Is there a file that git neither knows nor ignores? With `note` each is told, and the answer is that of the rest. */
export async function findUntracked(work: Work, note?: (path: string) => void): Promise<Verdict> {
  const { repository, settings } = work;
  const parsed = (text: string | undefined, base: string) =>
    text === undefined ? { base, patterns: [] } : readIgnoreFile(text, base, settings.foldCase);
  const info = await repository.sight.text(`${repository.common}/info/exclude`, MAX_RULES);
  const outer = [parsed(settings.ignoreText, ''), parsed(info, '')];
  const directories = new Set([...work.entries.keys()].flatMap(parentsOf));
  const visit = async (directory: string, above: readonly IgnoreFile[], depth: number): Promise<Verdict> => {
    if (depth > MAX_DEPTH) return BUSY;
    const prefix = directory === '' ? '' : `${directory}/`;
    const own = parsed(await rulesText(work, `${prefix}.gitignore`), directory);
    if (own === undefined) return BUSY;
    const files = [...above, own];
    let doubt: Verdict = 'same';
    for (const name of await repository.sight.list(placeOf(work, directory).replace(/(.)\/$/, '$1'))) {
      const path = prefix + name;
      if (--work.budget.entries < 0) return BUSY;
      if (isGitName(name, settings) || work.entries.has(path)) continue;
      const found = await repository.sight.entry(placeOf(work, path));
      const isDirectory = found?.kind === 'directory';
      const ignored = isIgnored(files, path, isDirectory, work.budget);
      if (work.budget.steps < 0) return BUSY;
      if (ignored || found?.kind === 'other') continue;
      if (found === undefined) doubt = UNREADABLE;
      else if (isDirectory && (directories.has(path) || !(await isRepository(work, path)))) {
        const inner = await visit(path, files, depth + 1);
        if (inner === 'changed') return inner;
        if (inner !== 'same') doubt = inner;
      } else if (note !== undefined) note(path);
      else return settings.certain ? 'changed' : SETTINGS;
    }
    return doubt;
  };
  const known = outer.filter((each) => each !== undefined);
  return known.length < outer.length ? BUSY : visit('', known, 0);
}

const isGitName = (name: string, { foldCase }: Settings): boolean => name === '.git' || (foldCase && name.toLowerCase() === '.git');

function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at));
  return parents;
}

/** A repository inside this one is one thing that is not tracked, whatever lies in it. */
async function isRepository(work: Work, path: string): Promise<boolean> {
  const git = `${placeOf(work, path)}/.git`;
  const found = (await work.repository.sight.entry(git))?.kind;
  return found === 'file' || (found === 'directory' && (await work.repository.sight.kind(`${git}/objects`)) === 'directory');
}
