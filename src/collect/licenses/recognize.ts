/** Which licence is this text? Only what stands there word by word is one: a text with other words is another licence. */
import { sha256Text } from '../../core/digest.js';
import { LICENSES, type LicenseRow } from './table.js';
import { TERMS, TERMS_WORDS } from './terms.js';
import { licenseWords } from './words.js';

/** What a text is, as far as it is known. */
export interface RecognizedText {
  /** Ids of SPDX, or `LicenseRef-` ones, in the order of the text; GPL, LGPL and AGPL without `-only` or `-or-later`. */
  readonly ids: readonly string[];
  /** Does the file hold more than these, such as further terms? */
  readonly hasMore: boolean;
  /** Its first line that says something. */
  readonly title: string | undefined;
}

/** Words of a file that are looked at. */
const MAX_WORDS = 60_000;
/** Words that a file may have before a licence besides what usually stands there (a title, a name, an address), and behind it. */
const MARGIN = 24;
const MARGIN_BEHIND = 8;
/** Places where a text may begin; further ones are repetitions. */
const MAX_STARTS = 64;

interface Match {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** The match with what usually stands around it. */
  readonly from: number;
  readonly to: number;
}

/** Looks for the texts of the table and the terms of models, each part of which is compared by its digest. */
export function recognizeLicense(text: string): RecognizedText {
  const words = licenseWords(text).slice(0, MAX_WORDS);
  const title = titleOf(text);
  const terms = termsOf(words);
  if (terms !== undefined) return { ids: [`LicenseRef-${terms}`], hasMore: false, title };
  const found = LICENSES.flatMap((row) => matchesOf(row, words)).sort((a, b) => a.start - b.start || b.end - a.end);
  // A text that belongs to another one, such as the GPL behind the LGPL, is not another licence.
  const own = found.filter((each) => !found.some((other) => other !== each && isWithin(each, other)));
  return { ids: [...new Set(own.map(({ id }) => id))], hasMore: own.length > 0 && hasOtherWords(own, words.length), title };
}

const isWithin = (inner: Match, outer: Match): boolean =>
  inner.start >= outer.from && inner.end <= outer.to && outer.end - outer.start >= inner.end - inner.start
    ? outer.start !== inner.start || outer.end !== inner.end
    : inner.start >= outer.start && inner.end <= outer.to && outer.start < inner.start;

/** Are there more words that no licence, nor what usually stands around it, takes up than a title may have? */
function hasOtherWords(matches: readonly Match[], total: number): boolean {
  let free = 0;
  let at = 0;
  for (const { from, to } of [...matches].sort((a, b) => a.from - b.from)) {
    free += Math.max(0, from - at);
    at = Math.max(at, to);
  }
  return free > MARGIN || total - at > MARGIN_BEHIND;
}

function matchesOf([id, before, after, ...parts]: LicenseRow, words: readonly string[]): readonly Match[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  const matches: Match[] = [];
  for (const start of startsOf(first[0], words, 0, words.length)) {
    if (matches.length >= MAX_STARTS) break;
    let end: number | undefined = isPart(first, words, start) ? start + first[1] : undefined;
    for (const part of others) {
      if (end === undefined) break;
      const from: number = end;
      const next: number | undefined = startsOf(part[0], words, from, from + part[3]).find((at) => isPart(part, words, at));
      end = next === undefined ? undefined : next + part[1];
    }
    if (end !== undefined) matches.push({ id, start, end, from: start - before - 2, to: end + after + 2 });
  }
  return matches;
}

type Part = LicenseRow extends readonly [string, number, number, ...(infer P)[]] ? P : never;

const isPart = ([, count, digest]: Part, words: readonly string[], at: number): boolean =>
  at + count <= words.length && sha256Text(words.slice(at, at + count).join(' ')).slice(0, digest.length) === digest;

/** Places, no further than `last`, at which words stand. */
function startsOf(phrase: string, words: readonly string[], from: number, last: number): readonly number[] {
  const wanted = phrase.split(' ');
  const starts: number[] = [];
  for (let at = words.indexOf(wanted[0] ?? '', from); at !== -1 && at <= last; at = words.indexOf(wanted[0] ?? '', at + 1)) {
    if (wanted.every((word, i) => words[at + i] === word) && starts.push(at) >= MAX_STARTS) break;
  }
  return starts;
}

function termsOf(words: readonly string[]): string | undefined {
  if (words.length < TERMS_WORDS[0] || words.length > TERMS_WORDS[1]) return undefined;
  const text = ` ${words.join(' ')} `;
  const row = TERMS.find(([, ...phrases]) => {
    let at = 0;
    for (const phrase of phrases) {
      const found = phrase.split('|').map((each) => text.indexOf(` ${each} `, at));
      const first = Math.min(...found.map((each) => (each === -1 ? text.length : each)));
      if (first === text.length) return false;
      at = first + 1;
    }
    return true;
  });
  return row?.[0];
}

/** The first line with letters, which usually names the licence. */
function titleOf(text: string): string | undefined {
  for (const line of text.slice(0, 4096).split(/\r?\n|\r/)) {
    const plain = line.replace(/^[\s#*=_>-]{0,80}/, '').trim();
    if (/\p{L}{3}/u.test(plain)) return plain.length > 120 ? undefined : plain;
  }
  return undefined;
}
