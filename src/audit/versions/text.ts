/** What the orders of versions share: signs, and numbers of any length. */

/** Signs of a version that is ordered: what is longer is compared as a text. */
export const MAX_VERSION = 200;

export const isDigit = (sign: string | undefined): boolean => sign !== undefined && sign >= '0' && sign <= '9';

export const isLetter = (sign: string | undefined): boolean =>
  sign !== undefined && ((sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'));

/** Are all its signs digits? */
export const isNumber = (text: string): boolean => text !== '' && [...text].every(isDigit);

/** The end of what begins at a place and whose signs are all of a kind. */
export function endOf(text: string, from: number, is: (sign: string) => boolean): number {
  let end = from;
  while (end < text.length && is(text.charAt(end))) end++;
  return end;
}

/** Runs of digits and runs of letters; all other signs separate them. */
export function runsOf(text: string): readonly string[] {
  const runs: string[] = [];
  for (let at = 0; at < text.length; ) {
    const sign = text.charAt(at);
    const is = isDigit(sign) ? isDigit : isLetter(sign) ? isLetter : undefined;
    const end = is === undefined ? at + 1 : endOf(text, at, is);
    if (is !== undefined) runs.push(text.slice(at, end));
    at = end;
  }
  return runs;
}

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whole numbers in digits, whatever their length. */
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.slice(endOf(a, 0, isZero)), b.slice(endOf(b, 0, isZero))];
  return x.length - y.length || compareTexts(x, y);
}

const isZero = (sign: string): boolean => sign === '0';

/** The first that is not 0. */
export function firstOf(count: number, compare: (at: number) => number): number {
  for (let at = 0; at < count; at++) {
    const order = compare(at);
    if (order !== 0) return order;
  }
  return 0;
}

/** The parts before and after the first of a sign, the sign left out; the second is missing where the sign is. */
export function cut(text: string, sign: string): readonly [string, string | undefined] {
  const at = text.indexOf(sign);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + sign.length)];
}
