/** poetry.lock of Poetry, versions 1 and 2. */
import { pypiName } from '../../component.js';
import { baseName, type Collector } from '../../contribution.js';
import { filesOf, lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { asObject, asText, type Loose } from '../../values.js';
import { fromToml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { lazily, type Need, type Pinned } from '../shared/pinned.js';

export const poetryLock: Collector = {
  id: 'poetry-lock',
  files: '`poetry.lock`',
  matches: (path) => baseName(path) === 'poetry.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (lock) => {
      // Until version 1.1 of the format the files stood apart.
      const apart = asObject(asObject(lock.metadata)?.files);
      const packages = lazily(objectsIn(lock.package), (entry) => packageOf(entry, apart, includePrivate));
      return lockedPackages(file.path, 'lock file of Poetry', packages, includePrivate);
    }),
};

function packageOf(entry: Loose, apart: Loose | undefined, includePrivate: boolean): Pinned | undefined {
  const source = asObject(entry.source);
  const name = asText(entry.name);
  const isVcs = source?.type === 'git' || source?.type === 'hg' || source?.type === 'svn';
  const facts = lockedFacts(name, entry.version, {
    description: asText(entry.description),
    ...(isVcs ? vcsFacts(source.url, source.resolved_reference, includePrivate) : {}),
  });
  if (facts === undefined) return undefined;
  const listed = filesOf(
    entry.files ?? (name !== undefined && apart !== undefined && Object.hasOwn(apart, name) ? apart[name] : undefined),
  );
  const files = source?.type === 'url' ? listed.map((each) => ({ ...each, url: asText(source.url) })) : listed;
  const { needs, conditional } = needsOf(asObject(entry.dependencies) ?? {});
  return { facts, files, needs, conditional: conditional || entry.extras !== undefined };
}

/** `name = ">=1"`, or a table, or a list of tables for several platforms. */
function needsOf(dependencies: Loose): { readonly needs: readonly Need[]; readonly conditional: boolean } {
  const needs: Need[] = [];
  let conditional = false;
  for (const [name, value] of Object.entries(dependencies)) {
    const table = asObject(value);
    if (Array.isArray(value) || table?.markers !== undefined || table?.optional === true) conditional = true;
    else needs.push({ name: pypiName(name) });
  }
  return { needs, conditional };
}
