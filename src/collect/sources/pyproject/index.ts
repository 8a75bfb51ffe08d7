/** pyproject.toml: what a Python project asks for. */
import type { PackageFacts } from '../../component.js';
import { baseName, type Collected, type Collector } from '../../contribution.js';
import { lockedFacts, lockedPackages, vcsFacts } from '../../python-package/locked.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose, membersOf } from '../../values.js';
import { fromToml, isProjectFile } from '../kernel/lock-file.js';
import { type Entry, lazily, type Pinned } from '../kernel/pinned.js';

const METHOD = 'dependencies of pyproject.toml';

export const pyproject: Collector = {
  id: 'pyproject',
  files: '`pyproject.toml`',
  matches: (path) => baseName(path) === 'pyproject.toml' && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromToml(file, (document): Collected => {
      const project = asObject(document.project);
      const poetry = asObject(asObject(document.tool)?.poetry);
      return lockedPackages(file.path, METHOD, entriesOf(project, poetry, includePrivate), includePrivate);
    }),
};

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
