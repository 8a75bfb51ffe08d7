/** Does a text look as if it had been drawn by a machine or made up to be hard to guess? */

/** Characters by which a longer text is judged. */
const MAX_SAMPLE = 256;
const HEX = /^[0-9a-f]+$|^[0-9A-F]+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What stands where a credential would: nothing, a word of a language, a reference to a variable, stars. */
const PLACEHOLDER =
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|auto|default|required|optional|unset|empty|\[?redacted\]?|(.)\1*|<[^<>]*>|\[[^[\]]*\]|\$\{?[A-Za-z_]\w*\}?|\$\(.*|\{\{?[^{}]*\}?\}|%\(?\w+\)?[s%]?|(?:os\.|process\.)?(?:env|environ|getenv|getpass|secrets?|vars?)\b[.[(].*|(?:your|my|insert|enter|change|replace|some|the|example|sample|dummy|fake|test|foo|xxx+)[-_ a-z]*)$/i;

/** Bits for each character, by how often each occurs (Shannon 1948). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Nothing, or a reference to where the value stands. */
export const isUnset = (text: string): boolean =>
  /^(?:true|false|none|null|nil|undefined|yes|no|<[^<>]*>|\[[^[\]]*\]|\*+|\$\{?\w+\}?|\$\{\{[^{}]*\}\}|(?:os\.|process\.)?(?:env|environ|getenv)\b.*)$/i.test(
    text,
  );

/** An identifier by the rules of a standard: a purl, a CPE, a URN, an SWHID, an element or licence of SPDX. */
export const isStandardId = (text: string): boolean =>
  /^(?:pkg:[a-z][a-z0-9.+-]{0,30}\/|cpe:[/2]|urn:[a-z0-9-]{2,32}:|swh:1:|(?:SPDX|License|Document)Ref-)/i.test(text);

export const isPlaceholder = (text: string): boolean => text.length <= 256 && PLACEHOLDER.test(text.trim());

/** A digest, a commit, a UUID. */
export const isIdentifier = (text: string): boolean => (text.length >= 7 && HEX.test(text)) || UUID.test(text);

const kindOf = (code: number): 0 | 1 | 2 | 3 =>
  code >= 97 && code <= 122 ? 0 : code >= 65 && code <= 90 ? 1 : code >= 48 && code <= 57 ? 2 : 3;

/** Neighbours of different kinds (small, capital, digit) of all neighbours, and how many there are of each kind. */
function mixture(text: string): { readonly changes: number; readonly counts: readonly [number, number, number, number] } {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let changes = 0;
  let before: number | undefined;
  for (let i = 0; i < text.length; i++) {
    const kind = kindOf(text.charCodeAt(i));
    counts[kind]++;
    if (kind === 3) continue;
    if (before !== undefined && before !== kind) changes++;
    before = kind;
  }
  return { changes: changes / Math.max(1, text.length - counts[3] - 1), counts };
}

/**
 * A token of letters and digits that no one would have written as a name. Thresholds lie two standard deviations below what
 * drawing each character gives: 0.62 changes with both cases and digits, 0.40 with one case and digits, 0.50 with letters only.
 */
export function looksDrawn(text: string): boolean {
  if (text.length < 16) return false;
  const { changes, counts } = mixture(text);
  const [small, capital, digits, others] = counts;
  if (others > text.length / 4) return false;
  const kinds = (small > 0 ? 1 : 0) + (capital > 0 ? 1 : 0) + (digits > 0 ? 1 : 0);
  const least = kinds === 3 ? 0.34 : digits > 0 ? 0.18 : 0.3;
  return kinds >= 2 && changes >= least && entropy(text) >= Math.min(3.6, Math.log2(text.length) * 0.78);
}

/** Names of things: `org/model`, `1.2.3`, `2024-01-01`, addresses, paths, purls, words with or without numbers behind them. */
const NAME =
  /^(?:[a-z]+:[/\w].*|[\w.-]+\/[\w./-]+|[~.]?\/.*|v?\d+([.\-_:/T]\d+)*\w{0,4}|[A-Za-z]{0,24}\d{0,4}|(?:[A-Za-z]+\d{0,3}|\d{1,4}[A-Za-z]{0,4})(?:[-_. :+][A-Za-z]*(?:\d{1,4}[A-Za-z]{0,3})?)*)$/;

/** A text under a name that may be one of a credential, such as `key`: only what looks like one is one. */
export function looksSecret(text: string): boolean {
  if (text.length < 8 || text.length > 4096 || /\s/.test(text) || isPlaceholder(text)) return false;
  // What an address holds is found by its parts.
  if (isStandardId(text) || /^[a-z][a-z0-9+.-]{1,30}:\/\//i.test(text)) return false;
  const sample = text.slice(0, MAX_SAMPLE);
  if (looksDrawn(sample) && !isIdentifier(text)) return true;
  if (text.length > 128 || NAME.test(text) || isIdentifier(text)) return false;
  const { changes, counts } = mixture(text);
  const kinds = counts.filter((count) => count > 0).length;
  return kinds >= 3 && changes >= 0.2 && entropy(text) >= 2.75;
}
