/** The rules that a text may meet, found by the words that each is without which it cannot match. */

import { GITLEAKS } from './generated/gitleaks.js';
import { OWN_RULES } from './own-rules.js';
import { entropy } from './randomness.js';

/** A part of a text that is a credential. */
export interface Secret {
  /** Which, in the words of the rule: `github-pat`, `password in an address`. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Nothing needs to stand in its place. */
  readonly dispensable?: true;
}

interface Rule {
  readonly id: string;
  readonly source: string;
  readonly entropy: number;
  readonly group: number;
  /** Made when a text first needs it. */
  pattern?: RegExp;
}

interface Index {
  /** For two characters of a word, 32 × 32 codes: the words that begin with them. */
  readonly words: readonly (readonly { readonly word: string; readonly rules: readonly Rule[] }[] | undefined)[];
}

let index: Index | undefined;
const slot = (text: string, at: number): number => ((text.charCodeAt(at) & 31) << 5) | (text.charCodeAt(at + 1) & 31);

function indexOfRules(): Index {
  if (index !== undefined) return index;
  const byWord = new Map<string, Rule[]>();
  for (const [id, words, source, least, group] of [...OWN_RULES, ...GITLEAKS]) {
    const rule: Rule = { id, source, entropy: least, group };
    for (const word of words.split('|')) byWord.set(word, [...(byWord.get(word) ?? []), rule]);
  }
  const words: { word: string; rules: readonly Rule[] }[][] = [];
  for (const [word, rules] of byWord) (words[slot(word, 0)] ??= []).push({ word, rules });
  index = { words };
  return index;
}

/** Rules of which a word stands in the text (small letters). */
function candidates(lower: string): ReadonlySet<Rule> {
  const { words } = indexOfRules();
  const found = new Set<Rule>();
  for (let at = 0; at + 1 < lower.length; at++) {
    const here = words[slot(lower, at)];
    if (here === undefined) continue;
    for (const { word, rules } of here) if (lower.startsWith(word, at)) for (const rule of rules) found.add(rule);
  }
  return found;
}

/** What the rules find in a text, which should be short: some look far ahead. */
export function byRules(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const rule of candidates(text.toLowerCase())) {
    rule.pattern ??= new RegExp(rule.source, 'dg');
    for (const match of text.matchAll(rule.pattern)) {
      const group = rule.group !== 0 ? rule.group : Math.max(0, match.slice(1).findIndex((each) => each !== undefined) + 1);
      const [start, end] = match.indices?.[group] ?? [0, 0];
      const value = text.slice(start, end);
      if (value !== '' && (rule.entropy === 0 || entropy(value) >= rule.entropy)) secrets.push({ kind: rule.id, start, end });
    }
  }
  return secrets;
}

const vendors = new Map<string, boolean>();
const MAX_NAMES = 20_000;

/** Does a rule want to see what stands in this name beside the value? */
export function namesVendor(name: string): boolean {
  const before = vendors.get(name);
  if (before !== undefined) return before;
  if (vendors.size >= MAX_NAMES) vendors.clear();
  const found = candidates(name.slice(-100).toLowerCase()).size > 0;
  vendors.set(name, found);
  return found;
}
