/** Forms of names, where a build gets another name each time: `https://github.com/acme/x/.github/workflows/release.yml@refs/tags/*`. */

/** The parts of an address or URI, and what separates them: no star stands for that, so that no part can take the place of another. */
const partsOf = (text: string): readonly string[] =>
  text
    .split('/')
    .flatMap((segment, i) => [...(i === 0 ? [] : ['/']), ...segment.split('@').flatMap((part, k) => (k === 0 ? [part] : ['@', part]))]);

/** Why a text is no pattern; undefined when it is one. */
export function whyNoNamePattern(pattern: string): string | undefined {
  if (!pattern.includes('*')) return 'the pattern has no star: give it as `name`';
  if (pattern.includes('**')) return 'two stars of the pattern stand side by side';
  const names = partsOf(pattern).some((part) => !part.includes('*') && /[A-Za-z0-9]/.test(part));
  return names ? undefined : 'no part of the pattern, between `/` and `@`, is a name by itself';
}

/** Is it of that form, as a whole? A star stands for one character or more, but for `/` and `@`. */
export function fitsNamePattern(name: string, pattern: string): boolean {
  if (whyNoNamePattern(pattern) !== undefined) return false;
  const [parts, forms] = [partsOf(name), partsOf(pattern)];
  return parts.length === forms.length && forms.every((form, i) => fitsPart(parts[i] ?? '', form));
}

function fitsPart(part: string, form: string): boolean {
  const [start = '', ...rest] = form.split('*');
  const end = rest.pop();
  if (end === undefined) return part === form;
  if (!part.startsWith(start) || !part.endsWith(end)) return false;
  let at = start.length;
  for (const each of rest) {
    const found = part.indexOf(each, at + 1);
    if (found === -1) return false;
    at = found + each.length;
  }
  return part.length - end.length > at;
}
