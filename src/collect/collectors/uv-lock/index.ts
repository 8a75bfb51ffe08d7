/** uv.lock of uv: every package for every platform, with its files. */

import { pypiName } from '../../component.js';
import type { Collector } from '../../contribution.js';
import { baseName } from '../../contribution.js';
import { filesOf, isOwn, lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromToml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { lazily, type Pinned } from '../shared/pinned.js';

export const uvLock: Collector = {
  id: 'uv-lock',
  files: '`uv.lock`',
  matches: (path) => baseName(path) === 'uv.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (lock) =>
      lockedPackages(
        file.path,
        'lock file of uv',
        lazily(objectsIn(lock.package), (each) => packageOf(each, includePrivate)),
        includePrivate,
      ),
    ),
};

function packageOf(entry: Loose, includePrivate: boolean): Pinned | 'own' | undefined {
  const source = asObject(entry.source);
  if (isOwn(source)) return 'own';
  const git = asText(source?.git);
  const facts = lockedFacts(
    entry.name,
    entry.version,
    git === undefined ? {} : vcsFacts(git, /#([0-9a-f]{40})$/.exec(git)?.[1], includePrivate),
  );
  if (facts === undefined) return undefined;
  const files = [...filesOf(entry.sdist), ...filesOf(entry.wheels)];
  const archive = asText(source?.url);
  const needed = objectsIn(entry.dependencies);
  return {
    facts,
    // The files of an archive have no address of their own.
    files: archive === undefined ? files : files.map((file) => ({ ...file, url: file.url ?? archive })),
    needs: needed
      .filter(({ marker }) => marker === undefined)
      .map(({ name, version }) => ({ name: pypiName(asText(name) ?? ''), version: asText(version) })),
    conditional:
      needed.some(({ marker, extra }) => marker !== undefined || extra !== undefined) || entry['optional-dependencies'] !== undefined,
  };
}
