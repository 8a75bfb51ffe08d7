/** environment.yml of conda: what is asked for. Only `name=version=build` and `name==version` name one version. */
import type { PackageFacts } from '../../component.js';
import { baseName, type Collector } from '../../contribution.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';
import { fromYaml, isProjectFile } from '../shared/lock-file.js';
import { type Pinned, pinnedPackages } from '../shared/pinned.js';

export const condaEnvironment: Collector = {
  id: 'conda-environment',
  files: '`environment.yml`, `conda.yaml`',
  matches: (path) => /^(environment([_.-][\w.-]*)?|conda)\.ya?ml$/.test(baseName(path)) && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromYaml(file, (document) => {
      // Other files are called so too.
      if (!Array.isArray(document.dependencies)) return { contributions: [] };
      const from = { origin: 'declared', path: file.path, method: 'conda environment file' } as const;
      return pinnedPackages(packagesOf(document.dependencies), from, includePrivate);
    }),
};

function* packagesOf(dependencies: readonly unknown[]): Generator<Pinned | undefined> {
  for (const value of dependencies) {
    const map = asObject(value);
    const text = asText(value);
    const facts = text === undefined ? undefined : matchSpecification(text);
    if (map !== undefined) yield* fromPip(map);
    else yield facts === undefined ? undefined : { facts, files: [] };
  }
}

/** `- pip: [requirements]`. */
function* fromPip(map: Loose): Generator<Pinned | undefined> {
  for (const text of asTexts(map.pip ?? [])) {
    // Options, files and the project itself.
    if (/^(-|\.)/.test(text)) continue;
    const requirement = parseRequirement(text);
    const version = requirement === undefined ? undefined : pinnedVersion(requirement.specifier);
    const status = version === undefined ? 'declared' : 'locked';
    const key = requirement?.url === undefined ? text : requirement.name;
    yield requirement === undefined ? undefined : { facts: { type: 'pypi', name: requirement.name, version, status, key }, files: [] };
  }
}

/** `channel/subdir::name=version=build`, `name >=1`. */
function matchSpecification(text: string): PackageFacts | undefined {
  if (text.length > 500) return undefined;
  const [, channel, rest = ''] = /^(?:([^\s:]+)::?)?(.*)$/.exec(text.includes('::') ? text : `::${text}`) ?? [];
  const [, name, tail = ''] = /^([A-Za-z0-9_][\w.-]*)\s*(.*)$/s.exec(rest.replace(/^:+/, '')) ?? [];
  if (name === undefined) return undefined;
  const [, version, build] = /^==?([\w.!+]+)=([\w.]+)$/.exec(tail) ?? /^==\s*([\w.!+]+)$/.exec(tail) ?? [];
  const [label = '', subdir] = channel?.split('/') ?? [];
  const qualifiers = {
    ...(build === undefined ? {} : { build }),
    ...(/^[\w.-]{1,100}$/.test(label) ? { channel: label } : {}),
    ...(subdir !== undefined && /^[\w-]{1,40}$/.test(subdir) ? { subdir } : {}),
  };
  return { type: 'conda', name: name.toLowerCase(), version, status: version === undefined ? 'declared' : 'locked', key: text, qualifiers };
}
