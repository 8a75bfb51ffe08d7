/**
 * Versions that nobody gave an order: numbers are compared as numbers, words as words, and a word that says that it is before a release
 * comes before it. For products that are named by CPE.
 */
import { compareNumbers, compareTexts, firstOf, isDigit, isNumber, runsOf } from './text.js';

const BEFORE: ReadonlySet<string> = new Set(['a', 'alpha', 'b', 'beta', 'c', 'rc', 'pre', 'preview', 'dev', 'ea']);

const rankOf = (part: string | undefined): number => (part === undefined ? 1 : isNumber(part) ? 3 : BEFORE.has(part.toLowerCase()) ? 0 : 2);

/** Undefined where one of them does not begin with a number. */
export function compareDotted(a: string, b: string): number | undefined {
  if (!isDigit(a[0]) || !isDigit(b[0])) return undefined;
  const [x, y] = [runsOf(a), runsOf(b)];
  return firstOf(Math.max(x.length, y.length), (at) => {
    const [p, q] = [x[at], y[at]];
    // `1.2` and `1.2.0` are the same.
    if ((p === undefined || isNumber(p)) && (q === undefined || isNumber(q))) return compareNumbers(p ?? '0', q ?? '0');
    return rankOf(p) - rankOf(q) || compareTexts(p ?? '', q ?? '');
  });
}
