/**
 * Texts of licences as words, by the matching guidelines of SPDX (https://spdx.github.io/spdx-spec/v3.0.1/annexes/license-matching-guidelines-and-templates/):
 * case, white space, punctuation, bullets, numbers of lists and lines with a copyright say nothing.
 */

/** The longest licences have some seven thousand words; a file of several has more. */
export const MAX_LICENSE_BYTES = 256 * 1024;

/** Spellings that mean the same, as words. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['https', 'http'],
  ['licence', 'license'],
  ['licences', 'licenses'],
  ['sublicence', 'sublicense'],
  ['noncommercial', 'non commercial'],
  ['noninfringement', 'non infringement'],
  ['merchantibility', 'merchantability'],
]);
/** A longer line is a paragraph. */
const MAX_LINE = 300;
/** Numbers of lists that have two characters. */
const NUMBERS: ReadonlySet<string> = new Set(['ii', 'iv', 'vi', 'ix', 'xi']);

/** Words in lower case. */
export function licenseWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const line of text
    .normalize('NFKC')
    .toLowerCase()
    .split(/\r?\n|\r/)) {
    if (isCopyright(line)) continue;
    for (const word of line
      .replaceAll('sub-licen', 'sublicen')
      .replaceAll('++', ' plusplus ')
      .match(/[a-z0-9]+/g) ?? []) {
      if (word.length === 1 || NUMBERS.has(word) || /^\d\d$/.test(word)) continue;
      const same = SAME.get(word);
      if (same === undefined) words.push(word);
      else words.push(...same.split(' '));
    }
  }
  return words;
}

/** A line that names who holds the copyright, and no line of a text that happens to begin with the word. */
function isCopyright(line: string): boolean {
  const plain = line.replace(/^[\s*#/>;-]{0,40}/, '').replace(/^portions /, '');
  if (plain.startsWith('all rights reserved')) return plain.length < 40;
  // `(c)` may be the third item of a list.
  if (/^(?:\(c\)|©)/.test(plain)) return /^(?:\(c\)|©)[^a-z]{0,20}\d{4}/.test(plain) && plain.length < MAX_LINE;
  return plain.startsWith('copyright') && plain.length < MAX_LINE && /\d{4}|\(c\)|©|[<[{]|all rights reserved/.test(plain);
}
