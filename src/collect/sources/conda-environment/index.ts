/** environment.yml of conda: what is asked for. Only `name=version=build` and `name==version` name one version. */
import type { PackageFacts } from '../../component.js';
import { baseName, type Collector, type Origin } from '../../contribution.js';
import { parseRequirement, pinnedVersion } from '../../python-package/requirement.js';
import { asObject, asText, asTexts, type Loose } from '../../values.js';
import { fromYaml, isProjectFile, type Pinned, passedOver, pinnedPackages } from '../kernel/lock-file.js';

export const condaEnvironment: Collector = {
  id: 'conda-environment',
  files: '`environment.yml`, `conda.yaml`',
  matches: (path) => /^(environment([_.-][\w.-]*)?|conda)\.ya?ml$/.test(baseName(path)) && isProjectFile(path),
  collect: (file, { includePrivate }) =>
    fromYaml(file, (document) => {
      // Other files are called so too.
      if (!Array.isArray(document.dependencies)) return { contributions: [] };
      const found = document.dependencies.flatMap((each) => packagesOf(each));
      const from: Origin = { origin: 'declared', path: file.path, method: 'conda environment file' };
      const pinned = found.filter((each) => each !== undefined);
      return {
        contributions: pinnedPackages(pinned, from, includePrivate),
        findings: passedOver(file.path, found.length - pinned.length),
      };
    }),
};

function packagesOf(value: unknown): readonly (Pinned | undefined)[] {
  const map = asObject(value);
  if (map !== undefined) return fromPip(map);
  const text = asText(value);
  const facts = text === undefined ? undefined : matchSpecification(text);
  return [facts === undefined ? undefined : { facts, files: [] }];
}

/** `- pip: [requirements]`. */
function fromPip(map: Loose): readonly (Pinned | undefined)[] {
  return asTexts(map.pip ?? []).flatMap((text) => {
    // Options, files and the project itself.
    if (/^(-|\.)/.test(text)) return [];
    const requirement = parseRequirement(text);
    if (requirement === undefined) return [undefined];
    const version = pinnedVersion(requirement.specifier);
    const status = version === undefined ? 'declared' : 'locked';
    const key = requirement.url === undefined ? text : requirement.name;
    return [{ facts: { type: 'pypi', name: requirement.name, version, status, key }, files: [] }];
  });
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
