/** package-lock.json of npm, versions 1 to 3, and the hidden one in `node_modules`. */

import type { Finding } from '../core/finding.js';
import { edgeAddition, type PackageFacts, packageAddition, packageId } from './component.js';
import type { Collected, Contribution, Origin } from './contribution.js';
import { hasOptional, neededNames, npmFacts } from './npm-package.js';
import { asObject, type Loose } from './values.js';

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

const MAX_DEPTH = 64;

/** Packages and edges of a lock file. Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export function readNpmLock(lock: Loose, file: string, options: NpmLockOptions): Collected {
  const entries = asObject(lock.packages) === undefined ? nested(lock) : Object.entries(asObject(lock.packages) ?? {});
  const placed = new Map<string, Placed>();
  let passed = 0;
  for (const [place, value] of entries) {
    const entry = asObject(value);
    // The project itself, its workspaces and links to them are no packages of a registry.
    if (entry === undefined || !place.includes('node_modules/') || entry.link === true) continue;
    const facts = factsAt(place, entry, options);
    if (facts === undefined) passed++;
    else placed.set(place, { place, entry, facts });
  }
  return {
    contributions: [...placed.values()].flatMap((each) => contributionsOf(each, placed, options)),
    findings: passed === 0 ? [] : [unnamed(file, passed)],
  };
}

function factsAt(place: string, entry: Loose, { status, includePrivate, common, licenseAt }: NpmLockOptions): PackageFacts | undefined {
  const name = typeof entry.name === 'string' ? entry.name : place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const license = entry.license ?? licenseAt?.(place);
  const facts = npmFacts(
    { name, version: entry.version, resolved: entry.resolved, integrity: entry.integrity, license, status, key: place },
    includePrivate,
  );
  return facts === undefined ? undefined : { ...facts, ...common };
}

function contributionsOf(
  { place, entry, facts }: Placed,
  placed: ReadonlyMap<string, Placed>,
  { from }: NpmLockOptions,
): readonly Contribution[] {
  const needed = neededNames(entry);
  const targets = needed.map((name) => seenFrom(place, name, placed)).filter((each) => each !== undefined);
  const complete = targets.length === needed.length && !hasOptional(entry);
  const edge = { ref: packageId(facts), dependsOn: targets.map((each) => packageId(each.facts)), complete };
  return [packageAddition(facts, from), edgeAddition(edge, { ...from, key: place })];
}

/** Node looks into the `node_modules` of the package, then of each directory above. */
function seenFrom(place: string, name: string, placed: ReadonlyMap<string, Placed>): Placed | undefined {
  for (let at = place, depth = 0; depth < MAX_DEPTH; depth++) {
    const found = placed.get(`${at === '' ? '' : `${at}/`}node_modules/${name}`);
    if (found !== undefined || at === '') return found;
    const above = at.lastIndexOf('/node_modules/');
    at = above < 0 ? '' : at.slice(0, above);
  }
  return undefined;
}

/** Version 1 nests the packages as the directories do. */
function nested(lock: Loose): readonly (readonly [string, unknown])[] {
  const found: (readonly [string, unknown])[] = [];
  const open: { readonly place: string; readonly entries: unknown; readonly depth: number }[] = [
    { place: '', entries: lock.dependencies, depth: 0 },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const [name, value] of Object.entries(asObject(at.entries) ?? {})) {
      const entry = asObject(value);
      if (entry === undefined) continue;
      const place = `${at.place}node_modules/${name}`;
      found.push([place, { ...entry, dependencies: entry.requires }]);
      if (entry.dependencies !== undefined && at.depth < MAX_DEPTH)
        open.push({ place: `${place}/`, entries: entry.dependencies, depth: at.depth + 1 });
    }
  }
  return found;
}

const unnamed = (file: string, count: number): Finding => ({
  id: 'metadata-unreadable',
  severity: 'low',
  message: `${count} entries name no package and version; they are not in the manifest`,
  fix: 'Look into them by hand.',
  file,
});
