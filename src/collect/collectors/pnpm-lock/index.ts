/** pnpm-lock.yaml of pnpm, versions 5 to 9. */
import { baseName, type Collected, type Collector } from '../../contribution.js';
import { integrityDigest } from '../../hashes.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromYaml, isProjectFile } from '../shared/lock-file.js';
import { npmFacts } from '../shared/npm-package.js';
import { lazily, type Pinned, pinnedPackages } from '../shared/pinned.js';

export const pnpmLock: Collector = {
  id: 'pnpm-lock',
  files: '`pnpm-lock.yaml`',
  matches: (path) => baseName(path) === 'pnpm-lock.yaml' && isProjectFile(path),
  collect: (file, { includePrivate }) => fromYaml(file, (lock) => packagesOf(lock, file.path, includePrivate)),
};

function packagesOf(lock: Loose, path: string, includePrivate: boolean): Collected {
  const from = { origin: 'declared', path, method: 'lock file of pnpm' } as const;
  const entries = Object.entries(asObject(lock.packages) ?? {});
  const snapshots = Object.entries(asObject(lock.snapshots) ?? {});
  // Since version 9 the edges stand apart, once for each set of peers.
  const needs = new Map<string, Loose[]>();
  for (const [key, value] of snapshots.length > 0 ? snapshots : entries) {
    const name = nameOf(key);
    const at = name === undefined ? '' : `${name.name}@${name.version}`;
    const known = needs.get(at) ?? [];
    known.push(asObject(value) ?? {});
    needs.set(at, known);
  }
  const found = lazily(entries, ([key, value]) => packageOf(key, asObject(value) ?? {}, needs, includePrivate));
  return pinnedPackages(found, from, includePrivate);
}

function packageOf(key: string, entry: Loose, needs: ReadonlyMap<string, readonly Loose[]>, includePrivate: boolean): Pinned | undefined {
  const named = nameOf(key);
  const name = asText(entry.name) ?? named?.name;
  const version = asText(entry.version) ?? named?.version;
  if (name === undefined) return undefined;
  const { tarball, repo, commit, integrity } = asObject(entry.resolution) ?? {};
  const resolved = asText(repo) === undefined ? tarball : `git+${String(repo)}#${String(commit)}`;
  const facts = npmFacts({ name, version, resolved, status: 'locked', key: `${name} ${version}` }, includePrivate);
  if (facts === undefined) return undefined;
  const snapshots = needs.get(`${named?.name}@${named?.version}`) ?? [];
  const digest = integrityDigest(integrity);
  return {
    facts,
    files: digest === undefined ? [] : [{ digest, url: asText(tarball), filename: facts.filename }],
    needs: snapshots.flatMap(({ dependencies }) =>
      Object.entries(asObject(dependencies) ?? {}).map(([target, value]) => needOf(target, asText(value) ?? '')),
    ),
    conditional: snapshots.some(({ optionalDependencies }) => optionalDependencies !== undefined) || entry.peerDependencies !== undefined,
  };
}

/** `1.2.3`, `1.2.3(react@18.0.0)`, `other@1.2.3` for an alias. */
function needOf(name: string, value: string): { readonly name: string; readonly version: string } {
  const [bare = ''] = value.split(/[(_]/, 1);
  return nameOf(bare) ?? { name, version: bare };
}

/** `name@1.2.3(peers)`, `/name@1.2.3(peers)`, `/name/1.2.3_peers`. */
function nameOf(key: string): { readonly name: string; readonly version: string } | undefined {
  const [bare = ''] = key.split('(', 1);
  const [, name, version] = /^\/?((?:@[^/@]+\/)?[^/@]+)@([^@]+)$/.exec(bare) ?? /^\/((?:@[^/@]+\/)?[^/@]+)\/([^/_]+)/.exec(bare) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}
