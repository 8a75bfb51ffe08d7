/** How reports call things. */
import type { Style } from '../../report/lines.js';
import type { Answer, Status } from '../judge.js';

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  met: 'met',
  'met-by-declaration': 'met by declaration',
  'not-applicable': 'not applicable',
  missing: 'missing',
  failed: 'failed',
  'needs-review': 'needs review',
  'not-examined': 'not examined',
};

export const STATUS_STYLES: Readonly<Record<Status, Style>> = {
  met: 'green',
  'met-by-declaration': 'green',
  'not-applicable': 'dim',
  missing: 'yellow',
  failed: 'red',
  'needs-review': 'cyan',
  'not-examined': 'yellow',
};

/** `met (recomputed)`. What nothing vouches for is told apart from what something does. */
export function statusOf({ status, by, pointers }: Answer): string {
  if (status !== 'met') return STATUS_WORDS[status];
  if (by !== undefined) return `met (${by})`;
  return pointers.every((pointer) => /^\/bom(\/|$)/.test(pointer)) ? 'met' : 'met (stated, without evidence)';
}

/** Statuses that leave a requirement open. */
export const OPEN: ReadonlySet<Status> = new Set(['missing', 'failed', 'needs-review', 'not-examined']);

export const UNVERIFIED = 'unverified reading';

/** `12 met, 3 missing`. */
export const sums = (counts: Readonly<Record<Status, number>>): string =>
  (Object.entries(counts) as [Status, number][])
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${STATUS_WORDS[status]}`)
    .join(', ') || 'nothing is asked';

/** `/model/name is absent`, as many as one reads. */
export function gapsOf({ gaps, moreGaps = 0 }: Answer, most: number): readonly string[] {
  const shown = gaps.slice(0, most).map(({ pointer, what }) => `${pointer === '' ? 'the document' : pointer} ${what}`);
  const left = gaps.length - shown.length + moreGaps;
  return left > 0 ? [...shown, `and ${left} more`] : shown;
}
