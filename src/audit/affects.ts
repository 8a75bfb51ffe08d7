/** Is a version affected? By the algorithm of the OSV schema. Source: https://ossf.github.io/osv-schema/#evaluation */
import type { AffectedPackage, RangeEvent } from './advisory.js';
import { baseOf, type Ecosystem, ecosystemOf } from './ecosystems.js';

export type Decision = 'affected' | 'unaffected' | { readonly unevaluated: string };

/** Judges one package of an advisory. What can be told by neither listing nor order is not evaluated, which is not the same as unaffected. */
export function decide(affected: AffectedPackage, version: string): Decision {
  const ecosystem = ecosystemOf(baseOf(affected.ecosystem));
  const own = ecosystem.exact(version);
  if (affected.versions.some((each) => each === version || ecosystem.exact(each) === own)) return 'affected';
  if (affected.unaffected?.some((each) => each === version || ecosystem.exact(each) === own)) return 'unaffected';
  let unevaluated: string | undefined;
  for (const events of affected.ranges) {
    const within = isWithin(events, version, ecosystem);
    if (within === true) return 'affected';
    if (within === undefined) unevaluated ??= `versions of ${affected.ecosystem} such as ${version.slice(0, 50)} are not ordered here`;
  }
  if (unevaluated !== undefined) return { unevaluated };
  if (affected.ranges.length === 0 && affected.versions.length === 0)
    return { unevaluated: affected.gitRanges > 0 ? 'it is told by commits alone' : 'the advisory tells no versions' };
  return 'unaffected';
}

/** `0` is before everything. */
const isFirst = (version: string): boolean => version === '0';

/** Is the version in the range? Undefined where it cannot be told. */
function isWithin(events: readonly RangeEvent[], version: string, ecosystem: Ecosystem): boolean | undefined {
  const order = (a: string, b: string): number | undefined => (a === b ? 0 : isFirst(a) ? -1 : isFirst(b) ? 1 : ecosystem.compare(a, b));
  const limits = events.filter(({ kind, version: limit }) => kind === 'limit' && limit !== '*');
  const marks = events.filter(({ kind }) => kind !== 'limit').map((event) => ({ event, at: order(event.version, version) }));
  if (marks.some(({ at }) => at === undefined)) return undefined;
  // Those after the version decide nothing, but for `last_affected`, which is read from behind.
  const sorted = marks.sort((a, b) => order(a.event.version, b.event.version) ?? 0);
  let isAffected = false;
  for (const { event, at = 1 } of sorted) {
    if (event.kind === 'introduced' && at <= 0) isAffected = true;
    else if (event.kind === 'introduced_after' && (at < 0 || isFirst(event.version))) isAffected = true;
    else if (event.kind === 'fixed' && at <= 0) isAffected = false;
    else if (event.kind === 'last_affected' && at < 0) isAffected = false;
  }
  if (!isAffected || limits.length === 0) return isAffected;
  const before = limits.map((limit) => order(version, limit.version));
  return before.some((each) => each === undefined) ? undefined : before.some((each) => (each as number) < 0);
}

/** Versions that are said to fix it and are later than the one at hand, the least first. */
export function fixesOf(affected: AffectedPackage, version: string): readonly string[] {
  const ecosystem = ecosystemOf(baseOf(affected.ecosystem));
  const told = affected.ranges.flat().flatMap(({ kind, version: fix }) => (kind === 'fixed' ? [fix] : []));
  const later = [...told, ...(affected.unaffected ?? [])].filter((fix) => (ecosystem.compare(fix, version) ?? -1) > 0);
  return [...new Set(later)].sort((a, b) => ecosystem.compare(a, b) ?? 0);
}

/** The least version that fixes it and is after the one at hand. */
export const nearestFix = (affected: AffectedPackage, version: string): string | undefined => fixesOf(affected, version)[0];

/** How many candidates are tried against all records. */
const MAX_CANDIDATES = 2000;

/**
 * The least later version that some record calls a fix and that none of the records affects. Undefined where there is none: a version of
 * which that cannot be told is none.
 */
export function nearestSafe(records: readonly AffectedPackage[], version: string): string | undefined {
  const [first] = records;
  if (first === undefined) return undefined;
  const ecosystem = ecosystemOf(baseOf(first.ecosystem));
  const candidates = [...new Set(records.flatMap((each) => fixesOf(each, version)))].sort((a, b) => ecosystem.compare(a, b) ?? 0);
  return candidates.slice(0, MAX_CANDIDATES).find((candidate) => records.every((each) => decide(each, candidate) === 'unaffected'));
}
