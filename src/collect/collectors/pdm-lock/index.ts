/** pdm.lock of PDM. */
import { baseName, type Collector } from '../../contribution.js';
import { filesOf, isOwn, lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { parseRequirement } from '../../python-package/requirement.js';
import { asText, asTexts, type Loose } from '../../values.js';
import { fromToml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { lazily, type Pinned } from '../shared/pinned.js';

export const pdmLock: Collector = {
  id: 'pdm-lock',
  files: '`pdm.lock`',
  matches: (path) => baseName(path) === 'pdm.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (lock) =>
      lockedPackages(
        file.path,
        'lock file of PDM',
        lazily(objectsIn(lock.package), (each) => packageOf(each, includePrivate)),
        includePrivate,
      ),
    ),
};

function packageOf(entry: Loose, includePrivate: boolean): Pinned | 'own' | undefined {
  if (isOwn(entry)) return 'own';
  const git = asText(entry.git);
  const facts = lockedFacts(entry.name, entry.version, {
    description: asText(entry.summary),
    ...(git === undefined ? {} : vcsFacts(git, entry.revision, includePrivate)),
  });
  if (facts === undefined) return undefined;
  const url = asText(entry.url);
  const listed = filesOf(entry.files);
  const needed = asTexts(entry.dependencies ?? []).map(parseRequirement);
  const always = needed.filter((each) => each !== undefined).filter(({ marker }) => marker === undefined);
  return {
    facts,
    files: url === undefined ? listed : listed.map((each) => ({ ...each, url: each.url ?? url })),
    // A package is listed once more for its extras, and then names itself.
    needs: always.filter(({ name }) => name !== facts.name).map(({ name }) => ({ name })),
    conditional: always.length < needed.length || entry.extras !== undefined,
  };
}
