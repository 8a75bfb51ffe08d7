/**
 * Versions of Maven artifacts, by the rules of `ComparableVersion`.
 * Source: https://maven.apache.org/pom.html#Version_Order_Specification
 */
import { compareNumbers, compareTexts, endOf, firstOf, isDigit } from './text.js';

/** Words in their order; what is no word of these is after `sp`, and before every number. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Readonly<Record<string, string>> = { ga: '', final: '', release: '', cr: 'rc' };
/** Before a number. */
const SHORT: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

type Item = { readonly number: string } | { readonly word: string } | { readonly list: Item[] };

const isNull = (item: Item): boolean =>
  'number' in item ? compareNumbers(item.number, '0') === 0 : 'word' in item ? item.word === '' : item.list.length === 0;

/** Takes zeros, releases and empty lists off the end, and off what stands before a list. */
function trim(list: Item[]): void {
  for (let at = list.length - 1; at >= 0; at--) {
    const item = list[at] as Item;
    if (isNull(item)) list.splice(at, 1);
    else if (!('list' in item)) break;
  }
}

function wordOf(text: string, isBeforeNumber: boolean): Item {
  const word = isBeforeNumber && Object.hasOwn(SHORT, text) ? (SHORT[text] ?? text) : text;
  return { word: Object.hasOwn(ALIASES, word) ? (ALIASES[word] ?? word) : word };
}

function parse(version: string): Item[] {
  const text = version.toLowerCase();
  const root: Item[] = [];
  const all = [root];
  let list = root;
  const deeper = (): void => {
    const next: Item[] = [];
    list.push({ list: next });
    all.push(next);
    list = next;
  };
  for (let at = 0; at <= text.length; ) {
    const isAtDigit = isDigit(text[at]);
    const end = endOf(text, at, (sign) => sign !== '.' && sign !== '-' && isDigit(sign) === isAtDigit);
    const [token, next] = [text.slice(at, end), text.charAt(end)];
    if (isAtDigit) {
      list.push({ number: token });
      // A word right after a number is in a list of its own.
      if (next !== '' && next !== '.' && next !== '-') deeper();
    } else if (token !== '') {
      list.push(wordOf(token, isDigit(next)));
      if (isDigit(next)) deeper();
    } else list.push({ number: '0' });
    if (next === '-') deeper();
    at = next === '.' || next === '-' || next === '' ? end + 1 : end;
  }
  for (const each of all.reverse()) trim(each);
  return root;
}

const rankOf = (word: string): string => {
  const at = QUALIFIERS.indexOf(word);
  return at === -1 ? `${QUALIFIERS.length}-${word}` : String(at);
};

const RELEASE = rankOf('');

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareItems(b, a);
  if ('number' in a) return b === undefined ? (isNull(a) ? 0 : 1) : 'number' in b ? compareNumbers(a.number, b.number) : 1;
  if ('word' in a) {
    if (b === undefined) return compareTexts(rankOf(a.word), RELEASE);
    return 'word' in b ? compareTexts(rankOf(a.word), rankOf(b.word)) : -1;
  }
  if (b === undefined) return firstOf(a.list.length, (at) => compareItems(a.list[at], undefined));
  if ('number' in b) return -1;
  if ('word' in b) return 1;
  return firstOf(Math.max(a.list.length, b.list.length), (at) => compareItems(a.list[at], b.list[at]));
}

/** Every text is a version of Maven but an empty one. */
export function compareMaven(a: string, b: string): number | undefined {
  if (a === '' || b === '') return undefined;
  return compareItems({ list: parse(a) }, { list: parse(b) });
}
