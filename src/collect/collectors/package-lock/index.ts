/** package-lock.json and npm-shrinkwrap.json of npm, versions 1 to 3. */
import { baseName, type Collector } from '../../contribution.js';
import { fromJson } from '../shared/json-file.js';
import { isProjectFile } from '../shared/lock-file.js';
import { readNpmLock } from '../shared/npm-lock.js';

export const packageLock: Collector = {
  id: 'package-lock',
  files: '`package-lock.json`, `npm-shrinkwrap.json`',
  matches: (path) => /^(package-lock|npm-shrinkwrap)\.json$/.test(baseName(path)) && isProjectFile(path),
  collect: (file, { limits, includePrivate }) =>
    fromJson(file, limits, (lock) =>
      readNpmLock(lock, file.path, {
        status: 'locked',
        includePrivate,
        from: { origin: 'declared', path: file.path, method: 'lock file of npm' },
      }),
    ),
};
