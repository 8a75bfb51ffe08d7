/** Semantic versions, and those that are nearly that: of Go, NuGet and Packagist. Source: https://semver.org */
import semver from 'semver';
import { compareNumbers, compareTexts, cut, firstOf, isNumber, runsOf } from './text.js';

export function compareSemantic(a: string, b: string): number | undefined {
  return semver.valid(a) === null || semver.valid(b) === null ? undefined : semver.compare(a, b);
}

/** `v1.2.3`, `1.21` of the standard library, `go1.21.3`. Source: https://go.dev/ref/mod#versions */
export function compareGo(a: string, b: string): number | undefined {
  return compareSemantic(goOf(a), goOf(b));
}

function goOf(version: string): string {
  const plain = version.startsWith('go') ? version.slice(2) : version.startsWith('v') ? version.slice(1) : version;
  const parts = plain.split('.');
  return parts.length < 3 && parts.every(isNumber) ? [...parts, '0', '0'].slice(0, 3).join('.') : plain;
}

interface NuGet {
  readonly numbers: readonly string[];
  readonly pre?: string | undefined;
}

/** Up to four numbers, and a pre-release without case. Source: https://learn.microsoft.com/nuget/concepts/package-versioning */
export function compareNuGet(a: string, b: string): number | undefined {
  const [x, y] = [nuGetOf(a), nuGetOf(b)];
  if (x === undefined || y === undefined) return undefined;
  const order = firstOf(4, (at) => compareNumbers(x.numbers[at] ?? '0', y.numbers[at] ?? '0'));
  if (order !== 0) return order;
  if (x.pre === undefined || y.pre === undefined) return x.pre === y.pre ? 0 : x.pre === undefined ? 1 : -1;
  return compareSemantic(`0.0.0-${x.pre}`, `0.0.0-${y.pre}`);
}

function nuGetOf(text: string): NuGet | undefined {
  const [whole] = cut(text.startsWith('v') ? text.slice(1) : text, '+');
  const [core, pre] = cut(whole, '-');
  const numbers = core.split('.');
  if (numbers.length > 4 || !numbers.every(isNumber) || pre === '') return undefined;
  return { numbers, pre: pre?.toLowerCase() };
}

/** Words of PHP in their order; others come before `dev`. Source: https://www.php.net/version_compare */
const PHP: Readonly<Record<string, number>> = { dev: 1, alpha: 2, a: 2, beta: 3, b: 3, RC: 4, rc: 4, '#': 5, pl: 6, p: 6 };

/** Versions of Packagist, as Composer has PHP compare them. */
export function comparePackagist(a: string, b: string): number | undefined {
  const [x, y] = [phpOf(a), phpOf(b)];
  if (x === undefined || y === undefined) return undefined;
  return firstOf(Math.max(x.length, y.length), (at) => {
    const [p, q] = [x[at], y[at]];
    // What is missing is before a number and after a word of before the release.
    if (p === undefined || q === undefined) {
      const order = isNumber(p ?? q ?? '') ? 1 : rankOf(p ?? q) - rankOf('#');
      return p === undefined ? -order : order;
    }
    if (isNumber(p) && isNumber(q)) return compareNumbers(p, q);
    return rankOf(p) - rankOf(q) || 0;
  });
}

const rankOf = (part = ''): number => (isNumber(part) ? 5 : Object.hasOwn(PHP, part) ? (PHP[part] ?? 0) : 0);

/** Branches (`dev-main`, `1.x-dev`) are no versions. Missing numbers up to the fourth are 0, as Composer has them. */
function phpOf(text: string): readonly string[] | undefined {
  const [plain] = cut(text.startsWith('v') || text.startsWith('V') ? text.slice(1) : text, '+');
  const parts = runsOf(plain);
  const word = parts.findIndex((each) => !isNumber(each));
  const numbers = word === -1 ? parts : parts.slice(0, word);
  if (numbers.length === 0 || parts.some((each) => each === 'x' || each === 'X' || each === 'dev')) return undefined;
  const filled = [...numbers];
  while (filled.length < 4) filled.push('0');
  return [...filled, ...(word === -1 ? [] : parts.slice(word).map(lower))];
}

const lower = (text: string): string => (compareTexts(text, 'RC') === 0 ? text : text.toLowerCase());
