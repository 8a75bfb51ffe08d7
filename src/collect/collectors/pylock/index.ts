/** pylock.toml, the lock file of PEP 751. */
import { pypiName } from '../../component.js';
import { baseName, type Collector } from '../../contribution.js';
import { filesOf, isOwn, lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromToml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { lazily, type Pinned } from '../shared/pinned.js';

export const pylock: Collector = {
  id: 'pylock',
  files: '`pylock.toml`, `pylock.*.toml`',
  matches: (path) => /^pylock(\.[^.]+)?\.toml$/.test(baseName(path)) && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (lock) =>
      lockedPackages(
        file.path,
        'lock file of PEP 751',
        lazily(objectsIn(lock.packages), (each) => packageOf(each, includePrivate)),
        includePrivate,
      ),
    ),
};

function packageOf(entry: Loose, includePrivate: boolean): Pinned | 'own' | undefined {
  if (isOwn(asObject(entry.directory))) return 'own';
  const vcs = asObject(entry.vcs);
  const facts = lockedFacts(entry.name, entry.version, vcs === undefined ? {} : vcsFacts(vcs.url, vcs['commit-id'], includePrivate));
  if (facts === undefined) return undefined;
  const needed = entry.dependencies === undefined ? undefined : objectsIn(entry.dependencies);
  return {
    facts,
    files: [...filesOf(entry.archive), ...filesOf(entry.sdist), ...filesOf(entry.wheels)],
    ...(needed === undefined
      ? {}
      : { needs: needed.map(({ name, version }) => ({ name: pypiName(asText(name) ?? ''), version: asText(version) })) }),
  };
}
