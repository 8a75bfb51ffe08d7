/** package.json: the package that a model may be supplied in, and what it asks for. */
import { type PackageFacts, packageAddition } from '../../component.js';
import { baseName, type Collector, type Contribution, type Origin } from '../../contribution.js';
import { shownUri } from '../../public-uri.js';
import { personNames } from '../../python-package/metadata.js';
import { asObject, asText, type Loose, membersOf } from '../../values.js';
import { fromJson } from '../shared/json-file.js';
import { isProjectFile } from '../shared/lock-file.js';
import { NPM_NAME, npmFacts } from '../shared/npm-package.js';
import { firstOf, passedOver } from '../shared/pinned.js';
import { componentIds, isOfWhole, type SuppliedPackage, suppliedPackage } from '../shared/supplied-package.js';

/** What it runs with; what it is only developed with is no part of anything here. */
const GROUPS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;
const EXACT = /^=?v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,100})?)$/;
/** A range or tag, and no address or path, which may be private. */
const RANGE = /^[\w\s.^~<>=|*+-]{1,200}$/;

export const packageJson: Collector = {
  id: 'package-json',
  files: '`package.json`',
  matches: (path) => baseName(path) === 'package.json' && isProjectFile(path),
  collect: (file, { limits, includePrivate, owner }) =>
    fromJson(file, limits, (document) => {
      const from: Origin = { origin: 'declared', path: file.path, method: 'dependencies of package.json' };
      const { first, passed, beyond } = firstOf(askedFor(document));
      const asked = first.map(([name, value]) => {
        const range = asText(value) ?? '';
        const key = RANGE.test(range) ? `${name} ${range}` : name;
        return packageAddition({ type: 'npm', name, version: EXACT.exec(range)?.[1], status: 'declared', key }, from);
      });
      const requirements = { ids: componentIds(asked), complete: passed === 0 && beyond === 0 };
      const own = isOfWhole(file.path, owner) ? itself(document, requirements, file.path, includePrivate) : [];
      return { contributions: [...own, ...asked], findings: passedOver(file.path, passed), beyond };
    }),
};

/** The package that the file describes. A project that is called after nothing, such as the root of a workspace, is none. */
function itself(
  document: Loose,
  requirements: NonNullable<SuppliedPackage['requirements']>,
  path: string,
  includePrivate: boolean,
): readonly Contribution[] {
  const name = asText(document.name);
  const facts =
    name === undefined
      ? undefined
      : npmFacts(
          { name, version: document.version ?? '0', license: document.license ?? document.licenses, status: 'installed', key: 'name' },
          includePrivate,
        );
  if (name === undefined || facts === undefined) return [];
  const source = shownUri(asText(asObject(document.repository)?.url)?.replace(/^git\+/, ''), includePrivate);
  const homepage = shownUri(asText(document.homepage), includePrivate);
  const own: PackageFacts = {
    ...facts,
    status: undefined,
    version: document.version === undefined ? undefined : facts.version,
    description: asText(document.description),
    uris: { ...(source === undefined ? {} : { source }), ...(homepage === undefined ? {} : { homepage }) },
  };
  const authors = [document.author, ...(Array.isArray(document.contributors) ? document.contributors : [])].flatMap(
    (each: unknown) => personNames(asText(asObject(each)?.name) ?? asText(each)?.replace(/\([^()]*\)/g, ''), undefined) ?? [],
  );
  return suppliedPackage(
    { facts: own, authors, requirements },
    { origin: 'declared', path, method: 'package.json' },
    { authors: 'author' },
  );
}

/** Names with their ranges; undefined for what is no name of a package. */
function* askedFor(document: Loose): Generator<readonly [name: string, range: unknown] | undefined> {
  for (const group of GROUPS)
    for (const member of membersOf(asObject(document[group]))) yield NPM_NAME.test(member[0]) ? member : undefined;
}
