/** Versions of RPM packages: epoch, version and release. Source: https://rpm.org/docs/latest/man/rpm-version.7 */
import { compareNumbers, compareTexts, cut, endOf, isDigit, isLetter, isNumber } from './text.js';

interface Parts {
  readonly epoch: string;
  readonly version: string;
  readonly release?: string | undefined;
}

function partsOf(text: string): Parts | undefined {
  const [before, after] = cut(text, ':');
  const [epoch, rest] = after === undefined ? ['0', before] : [before, after];
  const [version, release] = cut(rest, '-');
  return isNumber(epoch) && version !== '' && !/\s/.test(rest) ? { epoch, version, release } : undefined;
}

const isMark = (sign: string): boolean => sign === '~' || sign === '^';
const isSeparator = (sign: string): boolean => !isDigit(sign) && !isLetter(sign) && !isMark(sign);

/** `~` is before the end, `^` is after it and before everything else. */
function compareMarks(x: string, y: string): number | undefined {
  if (x === '~' || y === '~') return x === y ? undefined : x === '~' ? -1 : 1;
  if (x === '^' || y === '^') return x === y ? undefined : x === '' ? -1 : y === '' ? 1 : x === '^' ? -1 : 1;
  return undefined;
}

function compareSegments(a: string, b: string): number {
  let [i, j] = [0, 0];
  for (;;) {
    [i, j] = [endOf(a, i, isSeparator), endOf(b, j, isSeparator)];
    const [x, y] = [a.charAt(i), b.charAt(j)];
    if (isMark(x) || isMark(y)) {
      const order = compareMarks(x, y);
      if (order !== undefined) return order;
      i++;
      j++;
      continue;
    }
    if (x === '' || y === '') return x === y ? 0 : x === '' ? -1 : 1;
    // A number is later than letters.
    if (isDigit(x) !== isDigit(y)) return isDigit(x) ? 1 : -1;
    const kind = isDigit(x) ? isDigit : isLetter;
    const [p, q] = [endOf(a, i, kind), endOf(b, j, kind)];
    const order = (isDigit(x) ? compareNumbers : compareTexts)(a.slice(i, p), b.slice(j, q));
    if (order !== 0) return order;
    [i, j] = [p, q];
  }
}

/** Undefined where one of them is no version of RPM. Where one has no release, releases are not compared. */
export function compareRpm(a: string, b: string): number | undefined {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x === undefined || y === undefined) return undefined;
  const order = compareNumbers(x.epoch, y.epoch) || compareSegments(x.version, y.version);
  return order !== 0 || x.release === undefined || y.release === undefined ? order : compareSegments(x.release, y.release);
}
