/** requirements.txt of pip. What is pinned to one version counts as locked, anything else as asked for. */

import { append } from '../../../core/append.js';
import type { Finding } from '../../../core/finding.js';
import type { PackageFacts } from '../../component.js';
import { type CollectContext, type Collected, type Collector, directoryOf, type MetadataFile } from '../../contribution.js';
import { prefixedDigest } from '../../hashes.js';
import { fileNameOf, shownUri, vcsPlace } from '../../public-uri.js';
import { lockedPackages } from '../../python-package/locked.js';
import { pinnedVersion, type Requirement, versionOfArchive } from '../../python-package/requirement.js';
import { unreadable } from '../kernel/json-file.js';
import { fromText, isProjectFile, type Pinned } from '../kernel/lock-file.js';
import { isOfRun } from '../wandb/place.js';
import { type RequirementLine, requirementLines } from './lines.js';

const MAX_INCLUDES = 100;
const METHOD = 'requirements of pip';

export const pythonRequirements: Collector = {
  id: 'python-requirements',
  files: '`requirements*.txt`, `*-requirements.txt`, `requirements/*.txt`',
  // Those of a run of Weights & Biases say what was installed: its own collector reads them.
  matches: (path) => isRequirements(path) && !isOfRun(path),
  async collect(file, context) {
    const read = await readAll(file, context);
    const packages = read.lines.map((line) => packageOf(line, read.constraints, context.includePrivate));
    const collected = lockedPackages(file.path, METHOD, packages, context.includePrivate);
    return { ...collected, findings: [...(collected.findings ?? []), ...read.findings] } satisfies Collected;
  },
};

function isRequirements(path: string): boolean {
  return (
    (/(^|[/_.-])requirements([_.-][\w.-]*)?\.txt$/i.test(path) || /(^|\/)requirements\/[^/]+\.txt$/i.test(path)) && isProjectFile(path)
  );
}

interface Read {
  readonly lines: RequirementLine[];
  /** Versions that constraint files pin, by name. */
  readonly constraints: Map<string, string>;
  readonly findings: Finding[];
}

/** The file and those that it names with `-r` and `-c` inside the directory. */
async function readAll(first: MetadataFile, context: CollectContext): Promise<Read> {
  const read: Read = { lines: [], constraints: new Map(), findings: [] };
  const open = [{ file: first, constraint: false }];
  const seen = new Set([first.path]);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { file, constraint } = at;
    const found = linesOf(file, read.findings);
    if (constraint) pin(found.requirements, read.constraints);
    else append(read.lines, found.requirements);
    for (const include of found.includes) {
      const path = within(directoryOf(file.path), include.target);
      // A file that is read for itself is not read twice.
      if (path === undefined || seen.has(path) || (!include.constraint && isRequirements(path) && context.paths.has(path))) continue;
      seen.add(path);
      const included = seen.size > MAX_INCLUDES ? undefined : await context.read(path);
      if (included !== undefined) open.push({ file: included, constraint: constraint || include.constraint });
    }
    const outside = found.includes.filter(({ target }) => !context.paths.has(within(directoryOf(file.path), target) ?? ''));
    if (outside.length > 0) read.findings.push(missing(file.path, outside.length));
  }
  return read;
}

function linesOf(file: MetadataFile, findings: Finding[]): ReturnType<typeof requirementLines> {
  let found: ReturnType<typeof requirementLines> = { requirements: [], includes: [], passed: 0 };
  const { findings: problems = [] } = fromText(file, (text) => {
    found = requirementLines(text);
    return { contributions: [], findings: [] };
  });
  append(findings, problems);
  if (found.passed > 0) {
    const count = found.passed === 1 ? '1 line is' : `${found.passed} lines are`;
    findings.push({
      ...unreadable(file.path, `${count} no requirement by name; the manifest lacks what is meant`),
      severity: 'low',
      fix: 'Look into them by hand.',
    });
  }
  return found;
}

const missing = (path: string, count: number): Finding => ({
  ...unreadable(
    path,
    `${count === 1 ? 'a file' : `${count} files`} that it includes cannot be found in the directory; what they ask for is not in the manifest`,
  ),
  severity: 'low',
  fix: 'Keep included files in the directory.',
});

function pin(requirements: readonly RequirementLine[], constraints: Map<string, string>): void {
  for (const { requirement } of requirements) {
    const version = pinnedVersion(requirement.specifier);
    if (version !== undefined && requirement.marker === undefined) constraints.set(requirement.name, version);
  }
}

/** The path that a relative one means; undefined for one that leaves the directory, and for addresses. */
function within(directory: string, target: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/|[A-Za-z]:)/i.test(target) || target.includes('\\')) return undefined;
  const parts: string[] = [];
  for (const part of `${directory}${target}`.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function packageOf(
  { requirement, hashes, text }: RequirementLine,
  constraints: ReadonlyMap<string, string>,
  includePrivate: boolean,
): Pinned {
  const { name, specifier, url } = requirement;
  if (url !== undefined) return fromAddress(requirement, url, hashes, includePrivate);
  const version = pinnedVersion(specifier) ?? constraints.get(name);
  const digests = hashes.map(prefixedDigest).filter((each) => each !== undefined);
  return {
    facts: { type: 'pypi', name, version, status: version === undefined ? 'declared' : 'locked', key: text },
    files: digests.map((digest) => ({ digest })),
  };
}

/** `name @ address`: an archive, or code at a commit. */
function fromAddress({ name }: Requirement, url: string, hashes: readonly string[], includePrivate: boolean): Pinned {
  const base: PackageFacts = { type: 'pypi', name, key: name };
  if (/^(git|hg|svn|bzr)\+/.test(url)) {
    const { source, commit } = vcsPlace(url, includePrivate);
    return {
      facts: {
        ...base,
        status: commit === undefined ? 'declared' : 'locked',
        sourceDigest: commit === undefined ? undefined : { gitCommit: commit },
        uris: source === undefined ? {} : { source },
      },
      files: [],
    };
  }
  const filename = fileNameOf(url);
  const version = filename === undefined ? undefined : versionOfArchive(filename, name);
  const [, fragment = ''] = url.split('#');
  const digests = [...hashes, ...fragment.split('&')].map(prefixedDigest).filter((each) => each !== undefined);
  const distribution = shownUri(url, includePrivate);
  return {
    facts: {
      ...base,
      version,
      status: version === undefined ? 'declared' : 'locked',
      filename,
      uris: distribution === undefined ? {} : { distribution },
    },
    files: digests.length === 0 ? [] : digests.map((digest) => ({ digest, url, filename })),
  };
}
