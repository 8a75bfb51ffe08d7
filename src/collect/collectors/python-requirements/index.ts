/** requirements.txt of pip. What is pinned to one version counts as locked, anything else as asked for. */

import { append } from '../../../core/append.js';
import type { Finding } from '../../../core/finding.js';
import type { PackageFacts } from '../../component.js';
import {
  type CollectContext,
  type Collected,
  type Collector,
  directoryOf,
  MAX_FILE_PACKAGES,
  type MetadataFile,
} from '../../contribution.js';
import { prefixedDigest } from '../../hashes.js';
import { fileNameOf, shownUri, vcsPlace } from '../../public-uri.js';
import { lockedPackages } from '../../python-package/locked.js';
import { pinnedVersion, type Requirement, versionOfArchive } from '../../python-package/requirement.js';
import { unreadable } from '../shared/json-file.js';
import { fromText, isProjectFile } from '../shared/lock-file.js';
import type { Pinned } from '../shared/pinned.js';
import { isOfRun } from '../wandb/place.js';
import { type RequirementLine, requirementLines } from './lines.js';

const MAX_INCLUDES = 100;
/** Characters of the file and all that it includes. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Versions that constraint files pin. */
const MAX_CONSTRAINTS = 4 * MAX_FILE_PACKAGES;
const METHOD = 'requirements of pip';

export const pythonRequirements: Collector = {
  id: 'python-requirements',
  files: '`requirements*.txt`, `*-requirements.txt`, `requirements/*.txt`',
  // Those of a run of Weights & Biases say what was installed: its own collector reads them.
  matches: (path) => isRequirements(path) && !isOfRun(path),
  async collect(file, context) {
    const findings: Finding[] = [];
    const texts = await readAll(file, context, findings);
    const constraints = constraintsOf(texts, findings);
    const collected = lockedPackages(file.path, METHOD, packagesOf(texts, constraints, context.includePrivate), context.includePrivate);
    return { ...collected, findings: [...(collected.findings ?? []), ...findings] } satisfies Collected;
  },
};

function isRequirements(path: string): boolean {
  return (
    (/(^|[/_.-])requirements([_.-][\w.-]*)?\.txt$/i.test(path) || /(^|\/)requirements\/[^/]+\.txt$/i.test(path)) && isProjectFile(path)
  );
}

interface Text {
  readonly path: string;
  readonly text: string;
  /** Does it only narrow what others ask for? */
  readonly constraint: boolean;
}

/** The file and those that it names with `-r` and `-c` inside the directory. */
async function readAll(first: MetadataFile, context: CollectContext, findings: Finding[]): Promise<readonly Text[]> {
  const texts: Text[] = [];
  const open = [{ file: first, constraint: false }];
  const seen = new Set([first.path]);
  let room = MAX_TEXT;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { file, constraint } = at;
    const text = textOf(file, findings);
    if (text === undefined) continue;
    room -= text.length;
    if (room < 0) {
      findings.push(unreadable(file.path, `the file and those that include it have more than ${MAX_TEXT} characters`));
      continue;
    }
    texts.push({ path: file.path, text, constraint });
    const { includes, unnamed, outside } = look(file.path, text, context);
    if (unnamed > 0) findings.push(withoutNames(file.path, unnamed));
    if (outside > 0) findings.push(missing(file.path, outside));
    for (const [path, isConstraint] of includes) {
      // A file that is read for itself is not read twice.
      if (seen.has(path) || (!isConstraint && isRequirements(path))) continue;
      seen.add(path);
      const included = seen.size > MAX_INCLUDES ? undefined : await context.read(path);
      if (included !== undefined) open.push({ file: included, constraint: constraint || isConstraint });
    }
  }
  return texts;
}

function textOf(file: MetadataFile, findings: Finding[]): string | undefined {
  let found: string | undefined;
  const { findings: problems = [] } = fromText(file, (text) => {
    found = text;
    return { contributions: [] };
  });
  append(findings, problems);
  return found;
}

interface Look {
  /** Files of the directory, and whether they only narrow: each once, as it is named first. */
  readonly includes: Map<string, boolean>;
  /** Lines that ask for something without a name. */
  unnamed: number;
  /** Lines that name files that are not there. */
  outside: number;
}

function look(path: string, text: string, { paths }: CollectContext): Look {
  const found: Look = { includes: new Map(), unnamed: 0, outside: 0 };
  const directory = directoryOf(path);
  for (const line of requirementLines(text)) {
    if (line === 'unnamed') found.unnamed++;
    else if ('target' in line) {
      const target = within(directory, line.target);
      if (target === undefined || !paths.has(target)) found.outside++;
      else if (!found.includes.has(target)) found.includes.set(target, line.constraint);
    }
  }
  return found;
}

const withoutNames = (path: string, count: number): Finding => ({
  ...unreadable(path, `${count === 1 ? '1 line is' : `${count} lines are`} no requirement by name; the manifest lacks what is meant`),
  severity: 'low',
  fix: 'Look into them by hand.',
});

const missing = (path: string, count: number): Finding => ({
  ...unreadable(
    path,
    `${count === 1 ? 'a file' : `${count} files`} that it includes cannot be found in the directory; what they ask for is not in the manifest`,
  ),
  severity: 'low',
  fix: 'Keep included files in the directory.',
});

/** Versions that constraint files pin, by name. */
function constraintsOf(texts: readonly Text[], findings: Finding[]): ReadonlyMap<string, string> {
  const constraints = new Map<string, string>();
  for (const { path, text, constraint } of texts) {
    let beyond = 0;
    for (const line of constraint ? requirementLines(text) : []) {
      if (line === 'unnamed' || 'target' in line) continue;
      const { name, specifier, marker } = line.requirement;
      const version = pinnedVersion(specifier);
      if (version === undefined || marker !== undefined) continue;
      if (constraints.size === MAX_CONSTRAINTS && !constraints.has(name)) beyond++;
      else constraints.set(name, version);
    }
    if (beyond > 0)
      findings.push({
        ...unreadable(path, `${beyond} constraints came behind ${MAX_CONSTRAINTS} others and were not used`),
        id: 'limit-count',
      });
  }
  return constraints;
}

function* packagesOf(texts: readonly Text[], constraints: ReadonlyMap<string, string>, includePrivate: boolean): Generator<Pinned> {
  for (const { text, constraint } of texts)
    for (const line of constraint ? [] : requirementLines(text))
      if (line !== 'unnamed' && 'requirement' in line) yield packageOf(line, constraints, includePrivate);
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
