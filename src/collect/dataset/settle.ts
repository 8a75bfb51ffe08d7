/** Which of several statements about one dataset counts. */
import type { JsonValue } from '../../core/canonical-json.js';
import { canonicalize } from '../../core/canonical-json.js';
import { idFrom } from '../../core/id.js';
import { type Claim, type Contribution, RANKS } from '../contribution.js';

/** Where the item stands until it has its place in `/datasets`. */
export const ITEM = '/dataset';

/** Facts that can be right or wrong: a disagreement about them is reported. Everything else is words, of which the best source's count. */
const FACTS = new Set(
  ['version', 'licenses', 'languages', 'size/dataPoints', 'dates/issued', 'personalData'].map((pointer) => `${ITEM}/${pointer}`),
);
const NAME = `${ITEM}/name`;
/** Sources that name a dataset for programs; titles for people may differ from them. */
const NAMING: readonly number[] = [RANKS.config, RANKS.run];

/** Claims without those that only word it differently from a better source. */
export function settled(contributions: readonly Contribution[]): readonly Contribution[] {
  const best = new Map<string, Claim>();
  for (const each of contributions) {
    if (each.kind !== 'claim') continue;
    const known = best.get(each.pointer);
    if (known === undefined || each.rank < known.rank || (each.rank === known.rank && (each.from.path ?? '') < (known.from.path ?? '')))
      best.set(each.pointer, each);
  }
  return contributions.filter((each) => each.kind !== 'claim' || counts(each, best.get(each.pointer)));
}

function counts(claim: Claim, best: Claim | undefined): boolean {
  if (best === undefined || claim === best || same(claim.value, best.value)) return true;
  if (claim.pointer !== NAME) return FACTS.has(claim.pointer);
  return NAMING.includes(claim.rank) && NAMING.includes(best.rank) && idFrom(String(claim.value)) !== idFrom(String(best.value));
}

const same = (a: JsonValue, b: JsonValue): boolean => canonicalize(a) === canonicalize(b);
