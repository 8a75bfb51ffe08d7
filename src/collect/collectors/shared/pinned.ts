/** The way from pinned packages to contributions. */
import type { Finding } from '../../../core/finding.js';
import { edgeAddition, type PackageFacts, packageAddition, packageId } from '../../component.js';
import { type Collected, type Contribution, MAX_FILE_PACKAGES, type Origin } from '../../contribution.js';
import { joinDigests } from '../../hashes.js';
import { fileNameOf, shownUri } from '../../public-uri.js';

/** A file that a lock pins for a package. */
export interface PinnedFile {
  readonly digest?: PackageFacts['digest'];
  readonly url?: string | undefined;
  readonly filename?: string | undefined;
}

/** A package as a lock file names it. */
export interface Pinned {
  readonly facts: PackageFacts;
  readonly files: readonly PinnedFile[];
  /** What it needs on every platform; undefined where the lock does not say. */
  readonly needs?: readonly Need[];
  /** Does it need more on some platforms, or with some extras? */
  readonly conditional?: boolean;
}

export interface Need {
  readonly name: string;
  readonly version?: string | undefined;
}

/** What an entry stands for: a package, the project itself, or nothing that can be used. */
export type Entry = Pinned | 'own' | undefined;

/**
 * Components and edges of a lock file. A package with several files (wheels of several platforms, a source archive) has no
 * digest: it is not known which of them is used. The entries are asked for one by one, and no more packages are held than may
 * stand in a manifest; `beyond` counts the entries of the others.
 */
export function pinnedPackages(entries: Iterable<Entry>, from: Origin & { readonly path: string }, includePrivate: boolean): Collected {
  const byId = new Map<string, Merged>();
  let passed = 0;
  let beyond = 0;
  let hasEdges = false;
  for (const entry of entries) {
    if (entry === 'own') continue;
    if (entry === undefined) {
      passed++;
      continue;
    }
    hasEdges ||= entry.needs !== undefined;
    const id = packageId(entry.facts);
    const known = byId.get(id);
    if (known !== undefined) merge(known, entry);
    else if (byId.size === MAX_FILE_PACKAGES) beyond++;
    else byId.set(id, merge({ facts: entry.facts, files: [], needs: undefined, conditional: false }, entry));
  }
  const byName = hasEdges ? idsByName(byId) : undefined;
  const isWhole = beyond === 0;
  const contributions: Contribution[] = [];
  for (const [id, each] of byId) {
    contributions.push(packageAddition({ ...each.facts, ...ofOneFile(each.files, each.facts, includePrivate) }, from));
    const edge = byName === undefined ? undefined : edgeOf(id, each, { byName, isWhole }, from);
    if (edge !== undefined) contributions.push(edge);
    byId.delete(id);
  }
  return { contributions, findings: passedOver(from.path, passed), beyond };
}

/** What `make` gives for each item, when it is asked for. */
export function* lazily<T, U>(items: Iterable<T>, make: (item: T) => U): Generator<U> {
  for (const item of items) yield make(item);
}

/** The first that are something, as many as may stand in a manifest; how many are nothing, and how many come later. */
export function firstOf<T>(items: Iterable<T | undefined>): {
  readonly first: readonly T[];
  readonly passed: number;
  readonly beyond: number;
} {
  const first: T[] = [];
  let passed = 0;
  let beyond = 0;
  for (const item of items) {
    if (item === undefined) passed++;
    else if (first.length === MAX_FILE_PACKAGES) beyond++;
    else first.push(item);
  }
  return { first, passed, beyond };
}

/** What two parts of a file say, one after the other. */
export const joined = (one: Collected, other: Collected): Collected => ({
  contributions: [...one.contributions, ...other.contributions],
  findings: [...(one.findings ?? []), ...(other.findings ?? [])],
  beyond: (one.beyond ?? 0) + (other.beyond ?? 0),
});

/** Ids by name, then by version: a lookup must not cost more for a package with many versions. Only edges ask for them. */
function idsByName(byId: ReadonlyMap<string, Merged>): ReadonlyMap<string, ReadonlyMap<string | undefined, string>> {
  const byName = new Map<string, Map<string | undefined, string>>();
  for (const [id, { facts }] of byId) {
    const versions = byName.get(facts.name) ?? new Map<string | undefined, string>();
    byName.set(facts.name, versions.set(facts.version, id));
  }
  return byName;
}

/** What all entries of one package say together. */
interface Merged {
  readonly facts: PackageFacts;
  readonly files: PinnedFile[];
  needs: Need[] | undefined;
  conditional: boolean;
}

/** What one entry needs, as far as it is held; with more the list is partial. */
const MAX_NEEDS = 10_000;

function merge(known: Merged, { files, needs, conditional }: Pinned): Merged {
  for (const file of files) known.files.push(file);
  if (needs !== undefined) known.needs ??= [];
  for (const need of needs?.slice(0, MAX_NEEDS) ?? []) known.needs?.push(need);
  known.conditional ||= conditional === true || (needs?.length ?? 0) > MAX_NEEDS;
  return known;
}

const NO_FACTS: Partial<PackageFacts> = {};

function ofOneFile(files: readonly PinnedFile[], { uris, filename }: PackageFacts, includePrivate: boolean): Partial<PackageFacts> {
  const [only] = files;
  if (only === undefined) return NO_FACTS;
  const key = (file: PinnedFile): string => JSON.stringify([file.digest, file.digest === undefined ? file.url : '']);
  const first = key(only);
  if (files.some((file) => key(file) !== first)) return {};
  const last = files.at(-1) ?? only;
  const distribution = shownUri(last.url, includePrivate);
  return {
    digest: joinDigests(last.digest),
    filename: last.filename ?? (last.url === undefined ? undefined : fileNameOf(last.url)) ?? filename,
    uris: { ...uris, ...(distribution === undefined ? {} : { distribution }) },
  };
}

interface Known {
  readonly byName: ReadonlyMap<string, ReadonlyMap<string | undefined, string>>;
  /** Is it all that the file names? */
  readonly isWhole: boolean;
}

function edgeOf(ref: string, { needs, conditional, facts }: Merged, { byName, isWhole }: Known, from: Origin): Contribution | undefined {
  if (needs === undefined) return undefined;
  const known = new Set<string>();
  let complete = !conditional;
  for (const { name, version } of needs) {
    const versions = byName.get(name);
    // With several versions and none named it is not known which one is meant; another may be among those that are left out.
    const only = isWhole && versions?.size === 1 ? [...versions.values()][0] : undefined;
    const id = version === undefined ? only : versions?.get(version);
    if (id === undefined) complete = false;
    else known.add(id);
  }
  return edgeAddition({ ref, dependsOn: [...known], complete }, facts.key === undefined ? from : { ...from, key: facts.key });
}

/** A file with so many packages that those of `more` entries are left out. */
export const beyondRoom = (path: string, kept: number, more: number): Finding => ({
  id: 'limit-count',
  severity: 'medium',
  message: `the file names more packages than there is room for: the first ${kept} are in the manifest, ${more} more ${more === 1 ? 'entry is' : 'entries are'} not`,
  fix: 'Describe the parts that have lists of packages of their own one by one.',
  file: path,
});

/** Entries that name no package and version; the others are used. */
export function passedOver(path: string, count: number): readonly Finding[] {
  if (count === 0) return [];
  const message = `${count === 1 ? '1 entry names' : `${count} entries name`} no package that can be used; the manifest lacks what is meant`;
  return [{ id: 'metadata-unreadable', severity: 'low', message, fix: 'Correct the entries, or look into them by hand.', file: path }];
}
