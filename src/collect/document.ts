/** What every collected document needs, whatever its subject: the files of a tree, time, serial number. */

import { MsbomError } from '../core/error.js';
import { type Finding, findingOf, sortFindings } from '../core/finding.js';
import type { Limits } from '../core/limits.js';
import { compareCodePoints, type SourceEntry, type SourceTree } from '../core/source-tree.js';
import { uuidFrom } from '../core/uuid.js';
import type { Manifest } from '../schema/index.js';

/**
 * What is no part of a model: what OpenSSF Model Signing v1.0 leaves out at the top level. The manifest that is being written or
 * verified is left out where it is known; any other manifest or signature is a file like any other.
 */
export function isExcluded(path: string): boolean {
  return /^\.git(\/|$)|^\.gitignore$|^\.gitattributes$|^\.github(\/|$)/.test(path);
}

/**
 * The files of a tree in code point order.
 * @throws ERR_COLLECT_INCOMPLETE with one finding for each file that cannot be part of it; ERR_LIMIT_COUNT
 */
export async function listFiles(
  tree: SourceTree,
  limits: Limits,
  exclude: (path: string) => boolean = () => false,
): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const entry of tree.list()) {
    if (isExcluded(entry.path) || exclude(entry.path)) continue;
    entries.push(entry);
    if (entries.length > limits.maxFiles)
      throw new MsbomError('ERR_LIMIT_COUNT', `the directory has more than ${limits.maxFiles} files`, { file: tree.name });
  }
  const problems = entries.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  if (problems.length > 0) throw incomplete(problems);
  return entries.sort((a, b) => compareCodePoints(a.path, b.path));
}

/** One finding for each file that cannot be described; without all of them there is no manifest. */
export function incomplete(problems: readonly MsbomError[]): MsbomError {
  const findings = problems.map(findingOf);
  const [first] = problems;
  return new MsbomError(
    'ERR_COLLECT_INCOMPLETE',
    `${problems.length} of the files cannot be described; \`${first?.file}\`: ${first?.message}`,
    {
      file: first?.file,
      findings: sortFindings(findings),
      hint: 'Make every file readable, or leave it out with --exclude.',
    },
  );
}

/** Time of a document as the specification writes it. */
export function timestampOf(now: Date | string): string {
  return (typeof now === 'string' ? new Date(now) : now).toISOString().replace(/\.000Z$/, 'Z');
}

/** A value that was found and that the specification has no place for. */
export const leftOut = (pointer: string): Finding => ({
  id: 'value-left-out',
  severity: 'medium',
  message: `a value that was found (${pointer}) has no place in the specification and was left out`,
  fix: 'State it with --set where the specification has a place for it.',
});

/** Ids that something in a document has; none of them may be that of another thing. */
export const idsOf = (manifest: Manifest): Set<string> =>
  new Set(['model', ...COLLECTIONS.flatMap((collection) => Object.keys(manifest[collection] ?? {}))]);

const COLLECTIONS = [
  'parties',
  'models',
  'datasets',
  'environments',
  'components',
  'services',
  'evaluations',
  'robustnessTests',
  'documents',
] as const;

/** A UUID made from what the document describes (RFC 9562, version 8). */
export const derivedSerialNumber = (parts: readonly string[]): string =>
  `urn:uuid:${uuidFrom(`urn:msbom:serial-number\n${parts.join('\n')}`)}`;
