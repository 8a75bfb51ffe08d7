/** What findings and what was not inspected make of a file. */
import { SEVERITIES } from '../core/finding.js';
import type { Finding, Span } from './inspector.js';

export type Status = 'complete' | 'incomplete' | 'error';
/** `unknown`: nothing was found, and not everything was looked at. */
export type Verdict = 'clean' | 'unknown' | 'suspicious' | 'malicious';

/** `clean` needs a complete status: nothing found is not clean. */
export function verdictOf(findings: readonly Finding[], status: Status): Verdict {
  if (findings.some(({ verdict }) => verdict === 'malicious')) return 'malicious';
  if (findings.some(({ verdict }) => verdict === 'suspicious')) return 'suspicious';
  return status === 'complete' ? 'clean' : 'unknown';
}

const STATUSES: readonly Status[] = ['complete', 'incomplete', 'error'];

/** The worse of two. */
export const worseStatus = (a: Status, b: Status): Status => (STATUSES.indexOf(a) >= STATUSES.indexOf(b) ? a : b);

/** The most serious first, then by place. */
export function sortScanFindings(findings: readonly Finding[]): Finding[] {
  const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      text(a.member, b.member) ||
      (a.offset ?? 0) - (b.offset ?? 0) ||
      text(a.rule, b.rule) ||
      text(a.message, b.message),
  );
}

/** Ranges of `size` bytes that no span tells about. */
export function unaccounted(spans: readonly Span[], size: number): readonly (readonly [from: number, to: number])[] {
  const gaps: (readonly [number, number])[] = [];
  let reached = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from > reached) gaps.push([reached, from]);
    reached = Math.max(reached, to);
  }
  if (reached < size) gaps.push([reached, size]);
  return gaps;
}
