/** package.json: what a Node project asks for. */
import { packageAddition } from '../../component.js';
import { baseName, type Collector, type Origin } from '../../contribution.js';
import { asObject, asText } from '../../values.js';
import { fromJson } from '../kernel/json-file.js';
import { isProjectFile, passedOver } from '../kernel/lock-file.js';
import { NPM_NAME } from '../kernel/npm-package.js';

/** What it runs with; what it is only developed with is no part of anything here. */
const GROUPS = ['dependencies', 'optionalDependencies'] as const;
const EXACT = /^=?v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,100})?)$/;
/** A range or tag, and no address or path, which may be private. */
const RANGE = /^[\w\s.^~<>=|*+-]{1,200}$/;

export const packageJson: Collector = {
  id: 'package-json',
  files: '`package.json`',
  matches: (path) => baseName(path) === 'package.json' && isProjectFile(path),
  collect: (file, { limits }) =>
    fromJson(file, limits, (document) => {
      const from: Origin = { origin: 'declared', path: file.path, method: 'dependencies of package.json' };
      const asked = GROUPS.flatMap((group) => Object.entries(asObject(document[group]) ?? {}));
      const named = asked.filter(([name]) => NPM_NAME.test(name));
      return {
        contributions: named.map(([name, value]) => {
          const range = asText(value) ?? '';
          const key = RANGE.test(range) ? `${name} ${range}` : name;
          return packageAddition({ type: 'npm', name, version: EXACT.exec(range)?.[1], status: 'declared', key }, from);
        }),
        findings: passedOver(file.path, asked.length - named.length),
      };
    }),
};
