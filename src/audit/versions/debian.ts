/** Versions of Debian and Ubuntu packages. Source: https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
import { compareNumbers, cut, endOf, isDigit, isLetter, isNumber } from './text.js';

interface Parts {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function partsOf(text: string): Parts | undefined {
  const [before, after] = cut(text, ':');
  const [epoch, rest] = after === undefined ? ['0', before] : [before, after];
  const dash = rest.lastIndexOf('-');
  const parts = { epoch, upstream: dash === -1 ? rest : rest.slice(0, dash), revision: dash === -1 ? '' : rest.slice(dash + 1) };
  const isVersion =
    isNumber(epoch) && parts.upstream !== '' && [...rest].every((sign) => isDigit(sign) || isLetter(sign) || '.+-~:'.includes(sign));
  return isVersion ? parts : undefined;
}

/** `~` is before everything, even the end; letters are before all other signs. */
const weightOf = (sign: string): number =>
  sign === '' || isDigit(sign) ? 0 : sign === '~' ? -1 : isLetter(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;

function compareParts(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charAt(i))) || (j < b.length && !isDigit(b.charAt(j)))) {
      const order = weightOf(a.charAt(i)) - weightOf(b.charAt(j));
      if (order !== 0) return order;
      i++;
      j++;
    }
    const [x, y] = [endOf(a, i, isDigit), endOf(b, j, isDigit)];
    const order = compareNumbers(a.slice(i, x), b.slice(j, y));
    if (order !== 0) return order;
    [i, j] = [x, y];
  }
  return 0;
}

/** Undefined where one of them is no version of Debian. */
export function compareDebian(a: string, b: string): number | undefined {
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x === undefined || y === undefined) return undefined;
  return compareNumbers(x.epoch, y.epoch) || compareParts(x.upstream, y.upstream) || compareParts(x.revision, y.revision);
}
