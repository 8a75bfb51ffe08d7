/** package-lock.json of npm, versions 1 to 3, and the hidden one in `node_modules`. */

import type { Finding } from '../../../core/finding.js';
import { edgeAddition, type PackageEdges, type PackageFacts, packageAddition, packageId } from '../../component.js';
import { type Collected, MAX_FILE_PACKAGES, type Origin } from '../../contribution.js';
import { asObject, type Loose, membersOf } from '../../values.js';
import { hasOptional, neededNames, npmFacts } from './npm-package.js';

export interface NpmLockOptions {
  readonly status: 'installed' | 'locked';
  readonly includePrivate: boolean;
  readonly from: Origin;
  /** What else is known of every package. */
  readonly common?: Partial<PackageFacts>;
  /** A licence that the lock does not have, by the package's place. */
  readonly licenseAt?: (place: string) => unknown;
}

interface Placed {
  /** `node_modules/a/node_modules/b`. */
  readonly place: string;
  readonly entry: Loose;
  readonly facts: PackageFacts;
}

const MODULES = 'node_modules/';
const MAX_DEPTH = 64;
/** No file system has longer paths; each lookup walks up the whole of one. */
const MAX_PLACE = 4096;

/** Packages and edges of a lock file. Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export function readNpmLock(lock: Loose, file: string, options: NpmLockOptions): Collected {
  const packages = asObject(lock.packages);
  const entries = packages === undefined ? nested(lock) : membersOf(packages);
  const placed = new Map<string, Placed>();
  const beyond = new Set<string>();
  let passed = 0;
  for (const [place, value] of entries) {
    const entry = asObject(value);
    // The project itself, its workspaces and links to them are no packages of a registry.
    if (entry === undefined || !place.includes(MODULES) || entry.link === true) continue;
    const facts = factsAt(place, entry, options);
    if (facts === undefined) passed++;
    else if (placed.size === MAX_FILE_PACKAGES) beyond.add(place);
    else placed.set(place, { place, entry, facts });
  }
  return {
    contributions: [
      ...[...placed.values()].map(({ facts }) => packageAddition(facts, options.from)),
      ...edgesOf(placed, beyond).map((edge) => edgeAddition(edge, options.from)),
    ],
    findings: passed === 0 ? [] : [unnamed(file, passed)],
    beyond: beyond.size,
  };
}

function factsAt(place: string, entry: Loose, { status, includePrivate, common, licenseAt }: NpmLockOptions): PackageFacts | undefined {
  if (place.length > MAX_PLACE) return undefined;
  const name = typeof entry.name === 'string' ? entry.name : place.slice(place.lastIndexOf(MODULES) + MODULES.length);
  const license = entry.license ?? licenseAt?.(place);
  const facts = npmFacts(
    { name, version: entry.version, resolved: entry.resolved, integrity: entry.integrity, license, status, key: place },
    includePrivate,
  );
  return facts === undefined ? undefined : { ...facts, ...common };
}

/** A package that lies in several places may see different versions in each. What lies in a place of `beyond` is no target, and hides what lies further out. */
function edgesOf(placed: ReadonlyMap<string, Placed>, beyond: ReadonlySet<string>): readonly PackageEdges[] {
  const inside = byDirectory(placed);
  const edges = new Map<string, { readonly targets: Set<string>; complete: boolean }>();
  for (const { place, entry, facts } of placed.values()) {
    const ref = packageId(facts);
    const known = edges.get(ref) ?? { targets: new Set<string>(), complete: true };
    const seen = searched(place).map((directory) => ({ directory, names: inside.get(directory) }));
    const isBeyond = (directory: string, name: string): boolean => beyond.size > 0 && beyond.has(`${directory}${MODULES}${name}`);
    for (const name of neededNames(entry)) {
      const target = seen.find(({ directory, names }) => names?.has(name) || isBeyond(directory, name))?.names?.get(name);
      if (target === undefined) known.complete = false;
      else known.targets.add(target);
    }
    if (hasOptional(entry)) known.complete = false;
    edges.set(ref, known);
  }
  return [...edges].map(([ref, { targets, complete }]) => ({ ref, dependsOn: [...targets], complete }));
}

/** Ids by the directory that holds a `node_modules`, then by name. */
function byDirectory(placed: ReadonlyMap<string, Placed>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const directories = new Map<string, Map<string, string>>();
  for (const { place, facts } of placed.values()) {
    const at = place.lastIndexOf(MODULES);
    const directory = place.slice(0, at);
    const names = directories.get(directory) ?? new Map<string, string>();
    directories.set(directory, names.set(place.slice(at + MODULES.length), packageId(facts)));
  }
  return directories;
}

/** Node looks into the `node_modules` of the package, then of each directory above. */
function searched(place: string): readonly string[] {
  const directories = [`${place}/`];
  for (let at = place.lastIndexOf(MODULES); at > 0 && directories.length < MAX_DEPTH; at = place.lastIndexOf(MODULES, at - 1))
    directories.push(place.slice(0, at));
  return [...directories, ''];
}

/** Version 1 nests the packages as the directories do. */
function* nested(lock: Loose): Generator<readonly [place: string, entry: unknown]> {
  const open: { readonly place: string; readonly entries: unknown; readonly depth: number }[] = [
    { place: '', entries: lock.dependencies, depth: 0 },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const [name, value] of membersOf(asObject(at.entries))) {
      const entry = asObject(value);
      if (entry === undefined) continue;
      const place = `${at.place}node_modules/${name}`;
      yield [place, { ...entry, dependencies: entry.requires }];
      if (entry.dependencies !== undefined && at.depth < MAX_DEPTH && place.length <= MAX_PLACE)
        open.push({ place: `${place}/`, entries: entry.dependencies, depth: at.depth + 1 });
    }
  }
}

const unnamed = (file: string, count: number): Finding => ({
  id: 'metadata-unreadable',
  severity: 'low',
  message: `${count} entries name no package and version; they are not in the manifest`,
  fix: 'Look into them by hand.',
  file,
});
