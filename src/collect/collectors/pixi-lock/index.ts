/** pixi.lock of pixi: conda and Python packages of all its environments. */
import { packageAddition, pypiName } from '../../component.js';
import { baseName, type Collector } from '../../contribution.js';
import { fileNameOf } from '../../public-uri.js';
import { fileOf, lockedFacts } from '../../python-package/locked.js';
import { versionOfArchive } from '../../python-package/requirement.js';
import { asText, type Loose } from '../../values.js';
import { condaComponent } from '../shared/conda-package.js';
import { fromYaml, isProjectFile, objectsIn } from '../shared/lock-file.js';
import { firstOf, joined, lazily, type Pinned, passedOver, pinnedPackages } from '../shared/pinned.js';

export const pixiLock: Collector = {
  id: 'pixi-lock',
  files: '`pixi.lock`',
  matches: (path) => baseName(path) === 'pixi.lock' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromYaml(file, (lock) => {
      const from = { origin: 'declared', path: file.path, method: 'lock file of pixi' } as const;
      const entries = objectsIn(lock.packages);
      // Until version 5 the kind stood in a member of its own.
      const isPip = (entry: Loose): boolean => entry.pypi !== undefined || entry.kind === 'pypi';
      const { first, passed, beyond } = firstOf(
        lazily(
          entries.filter((entry) => !isPip(entry)),
          (entry) => condaComponent({ ...entry, url: entry.conda ?? entry.url }, 'locked', includePrivate),
        ),
      );
      const contributions = first.map(({ facts }) => packageAddition({ ...facts, key: facts.filename ?? facts.name }, from));
      const pip = pinnedPackages(lazily(entries.filter(isPip), pipOf), from, includePrivate);
      return joined({ contributions, findings: passedOver(file.path, passed), beyond }, pip);
    }),
};

function pipOf(entry: Loose): Pinned | undefined {
  const url = asText(entry.pypi) ?? asText(entry.url) ?? '';
  const name = asText(entry.name) ?? '';
  const version = asText(entry.version) ?? versionOfArchive(fileNameOf(url) ?? '', pypiName(name));
  const facts = lockedFacts(name, version);
  const file = fileOf({ url, hashes: { sha256: asText(entry.sha256) } });
  return facts === undefined ? undefined : { facts, files: file === undefined ? [] : [file] };
}
