/** pyproject.toml: the package that a model may be supplied in, and what it asks for. */
import type { PackageFacts } from '../../component.js';
import { baseName, type Collected, type Collector, type Contribution } from '../../contribution.js';
import { pythonLicenses, spdxOf } from '../../python-package/license.js';
import { lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { personNames } from '../../python-package/metadata.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose, membersOf } from '../../values.js';
import { fromToml, isProjectFile } from '../shared/lock-file.js';
import { type Entry, lazily, type Pinned } from '../shared/pinned.js';
import { componentIds, isOfWhole, type SuppliedPackage, suppliedPackage } from '../shared/supplied-package.js';

const METHOD = 'dependencies of pyproject.toml';

export const pyproject: Collector = {
  id: 'pyproject',
  files: '`pyproject.toml`',
  matches: (path) => baseName(path) === 'pyproject.toml' && isProjectFile(path),
  collect: (file, { includePrivate, owner }) =>
    fromToml(file, (document): Collected => {
      const project = asObject(document.project);
      const poetry = asObject(asObject(document.tool)?.poetry);
      const asked = lockedPackages(file.path, METHOD, entriesOf(project, poetry, includePrivate), includePrivate);
      const requirements = {
        ids: componentIds(asked.contributions),
        complete: (asked.findings ?? []).length === 0 && (asked.beyond ?? 0) === 0,
      };
      const own = isOfWhole(file.path, owner) ? itself(project, poetry, requirements, file.path) : [];
      return { ...asked, contributions: [...own, ...asked.contributions] };
    }),
};

/** The project as a package (PEP 621, PEP 639), or by Poetry's own table. */
function itself(
  project: Loose | undefined,
  poetry: Loose | undefined,
  requirements: NonNullable<SuppliedPackage['requirements']>,
  path: string,
): readonly Contribution[] {
  const table = project?.name === undefined ? poetry : project;
  const facts = lockedFacts(table?.name, table?.version, { status: undefined, key: undefined });
  if (table === undefined || facts === undefined) return [];
  const license = asText(table.license) ?? asText(asObject(table.license)?.text);
  const classifiers = asTexts(table.classifiers ?? []);
  // PEP 639 makes a text an expression; before, and in Poetry's table, it was free.
  const isExpression = license !== undefined && typeof table.license === 'string' && spdxOf(license) === undefined;
  const authors = (Array.isArray(table.authors) ? table.authors : []).flatMap(
    (each: unknown) => personNames(asText(asObject(each)?.name), asText(each)) ?? [],
  );
  const licenses = pythonLicenses(isExpression ? license : undefined, license, classifiers);
  const prefix = table === poetry ? 'tool.poetry' : 'project';
  return suppliedPackage(
    {
      name: asText(table.name) ?? facts.name,
      facts: { ...facts, description: asText(table.description), licenses },
      authors,
      requirements,
    },
    { origin: 'declared', path, method: 'project table of pyproject.toml' },
    Object.fromEntries(['name', 'version', 'description', 'authors', 'license'].map((key) => [key, `${prefix}.${key}`])),
  );
}

function* entriesOf(project: Loose | undefined, poetry: Loose | undefined, includePrivate: boolean): Generator<Entry> {
  yield* lazily(asTexts(project?.dependencies ?? []), (text) => fromText(text, includePrivate));
  yield* fromPoetry(asObject(poetry?.dependencies), includePrivate);
}

function fromText(text: string, includePrivate: boolean): Pinned | undefined {
  const requirement = parseRequirement(text);
  if (requirement === undefined) return undefined;
  const { name, specifier, url } = requirement;
  const facts: PackageFacts = {
    type: 'pypi',
    name,
    version: pinnedVersion(specifier),
    status: 'declared',
    key: url === undefined ? text : name,
  };
  const vcs =
    url !== undefined && /^git\+/.test(url) ? vcsFacts(url.replace(/@[^/@]*$/, ''), /@([0-9a-f]{40})$/.exec(url)?.[1], includePrivate) : {};
  return { facts: { ...facts, ...vcs }, files: [] };
}

/** Poetry's own table, where a plain version means a range. */
function* fromPoetry(dependencies: Loose | undefined, includePrivate: boolean): Generator<Entry> {
  for (const [name, value] of membersOf(dependencies)) {
    if (name.toLowerCase() === 'python') continue;
    const table = asObject(value);
    const asked = asText(value) ?? asText(table?.version);
    const git = asText(table?.git);
    const facts = lockedFacts(name, pinnedVersion(asked ?? ''), {
      status: 'declared',
      key: asked === undefined ? name : `${name} ${asked}`,
      ...(git === undefined ? {} : vcsFacts(git, table?.rev, includePrivate)),
    });
    yield facts === undefined ? undefined : { facts, files: [] };
  }
}
