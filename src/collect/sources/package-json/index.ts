/** package.json: what a Node project asks for. */
import { packageAddition } from '../../component.js';
import { baseName, type Collector, type Origin } from '../../contribution.js';
import { asObject, asText, type Loose, membersOf } from '../../values.js';
import { fromJson } from '../kernel/json-file.js';
import { isProjectFile } from '../kernel/lock-file.js';
import { NPM_NAME } from '../kernel/npm-package.js';
import { firstOf, passedOver } from '../kernel/pinned.js';

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
      const { first, passed, beyond } = firstOf(askedFor(document));
      return {
        contributions: first.map(([name, value]) => {
          const range = asText(value) ?? '';
          const key = RANGE.test(range) ? `${name} ${range}` : name;
          return packageAddition({ type: 'npm', name, version: EXACT.exec(range)?.[1], status: 'declared', key }, from);
        }),
        findings: passedOver(file.path, passed),
        beyond,
      };
    }),
};

/** Names with their ranges; undefined for what is no name of a package. */
function* askedFor(document: Loose): Generator<readonly [name: string, range: unknown] | undefined> {
  for (const group of GROUPS)
    for (const member of membersOf(asObject(document[group]))) yield NPM_NAME.test(member[0]) ? member : undefined;
}
