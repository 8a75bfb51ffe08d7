/** package-lock.json and npm-shrinkwrap.json of npm, versions 1 to 3. */
import { baseName, type Collector } from '../../contribution.js';
import { fromJson } from '../kernel/json-file.js';
import { isProjectFile } from '../kernel/lock-file.js';
import { readNpmLock } from '../kernel/npm-lock.js';

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
