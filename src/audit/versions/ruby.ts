/** Versions of Ruby gems. Source: https://docs.ruby-lang.org/en/master/Gem/Version.html */
import { compareNumbers, compareTexts, firstOf, isDigit, isLetter, isNumber, runsOf } from './text.js';

/** Numbers and words, without zeros at the end of the release and at the end; undefined for what is no version. */
function segmentsOf(text: string): readonly string[] | undefined {
  const plain = text.replaceAll('-', '.pre.');
  if (!isDigit(plain[0]) || ![...plain].every((sign) => isDigit(sign) || isLetter(sign) || sign === '.') || plain.includes('..'))
    return undefined;
  const all = runsOf(plain);
  const word = all.findIndex((each) => !isNumber(each));
  const [release, more] = word === -1 ? [all, []] : [all.slice(0, word), all.slice(word)];
  return [...withoutZeros(release), ...withoutZeros(more)];
}

function withoutZeros(segments: readonly string[]): readonly string[] {
  let end = segments.length;
  while (end > 0 && isNumber(segments[end - 1] ?? '') && compareNumbers(segments[end - 1] ?? '', '0') === 0) end--;
  return segments.slice(0, end);
}

/** Undefined where one of them is no version of a gem. */
export function compareRuby(a: string, b: string): number | undefined {
  const [x, y] = [segmentsOf(a), segmentsOf(b)];
  if (x === undefined || y === undefined) return undefined;
  return firstOf(Math.max(x.length, y.length), (at) => {
    const [p, q] = [x[at] ?? '0', y[at] ?? '0'];
    if (isNumber(p) !== isNumber(q)) return isNumber(p) ? 1 : -1;
    return isNumber(p) ? compareNumbers(p, q) : compareTexts(p, q);
  });
}
