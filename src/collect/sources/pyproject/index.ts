/** pyproject.toml: what a Python project asks for. */
import type { PackageFacts } from '../../component.js';
import { baseName, type Collected, type Collector } from '../../contribution.js';
import { lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';
import { fromToml, isProjectFile, type Pinned } from '../kernel/lock-file.js';

const METHOD = 'dependencies of pyproject.toml';

export const pyproject: Collector = {
  id: 'pyproject',
  files: '`pyproject.toml`',
  matches: (path) => baseName(path) === 'pyproject.toml' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (document): Collected => {
      const project = asObject(document.project);
      const poetry = asObject(asObject(document.tool)?.poetry);
      const standard = asTexts(project?.dependencies ?? []).map((text) => fromText(text, includePrivate));
      return lockedPackages(
        file.path,
        METHOD,
        [...standard, ...fromPoetry(asObject(poetry?.dependencies) ?? {}, includePrivate)],
        includePrivate,
      );
    }),
};

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
function fromPoetry(dependencies: Loose, includePrivate: boolean): readonly (Pinned | undefined)[] {
  return Object.entries(dependencies)
    .filter(([name]) => name.toLowerCase() !== 'python')
    .map(([name, value]) => {
      const table = asObject(value);
      const asked = asText(value) ?? asText(table?.version);
      const git = asText(table?.git);
      const facts = lockedFacts(name, pinnedVersion(asked ?? ''), {
        status: 'declared',
        key: asked === undefined ? name : `${name} ${asked}`,
        ...(git === undefined ? {} : vcsFacts(git, table?.rev, includePrivate)),
      });
      return facts === undefined ? undefined : { facts, files: [] };
    });
}
