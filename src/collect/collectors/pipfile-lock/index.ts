/** Pipfile.lock of Pipenv. */
import { baseName, type Collector } from '../../contribution.js';
import { prefixedDigest } from '../../hashes.js';
import { isOwn, lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose, membersOf } from '../../values.js';
import { fromJson } from '../shared/json-file.js';
import { isProjectFile } from '../shared/lock-file.js';
import type { Entry, Pinned } from '../shared/pinned.js';

export const pipfileLock: Collector = {
  id: 'pipfile-lock',
  files: '`Pipfile.lock`',
  matches: (path) => baseName(path) === 'Pipfile.lock' && isProjectFile(path),
  collect: (file, { limits, includePrivate }) =>
    fromJson(file, limits, (lock) => {
      return lockedPackages(file.path, 'lock file of Pipenv', packagesOf(lock, includePrivate), includePrivate);
    }),
};

function* packagesOf(lock: Loose, includePrivate: boolean): Generator<Entry> {
  for (const [group, packages] of membersOf(lock)) {
    // Further groups have names of their own.
    if (group !== '_meta') for (const [name, entry] of membersOf(asObject(packages))) yield packageOf(name, entry, includePrivate);
  }
}

function packageOf(name: string, value: unknown, includePrivate: boolean): Pinned | 'own' | undefined {
  const entry = asObject(value) ?? {};
  if (isOwn(entry)) return 'own';
  const git = asText(entry.git);
  const version = pinnedVersion(asText(entry.version) ?? '');
  const facts = lockedFacts(name, version, git === undefined ? {} : vcsFacts(git, entry.ref, includePrivate));
  if (facts === undefined) return undefined;
  const url = asText(entry.file);
  const files = asTexts(entry.hashes ?? []).map((hash) => ({ digest: prefixedDigest(hash), url }));
  return { facts, files: files.map(({ digest, url: place }) => ({ url: place, ...(digest === undefined ? {} : { digest }) })) };
}
