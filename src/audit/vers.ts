/** Ranges of versions in the notation of `vers`, as events of a range. Source: https://github.com/package-url/vers-spec */
import type { RangeEvent } from './advisory.js';

const MAX_RANGE = 10_000;
const KINDS: readonly (readonly [sign: string, kind: RangeEvent['kind']])[] = [
  ['>=', 'introduced'],
  ['<=', 'last_affected'],
  ['>', 'introduced_after'],
  ['<', 'fixed'],
];

/** `vers:generic/>=1.0|<2.0`, or bounds of one sign alone (`<2.0`); undefined for anything else. */
export function eventsOfRange(text: string | undefined): readonly RangeEvent[] | undefined {
  if (text === undefined || text.length > MAX_RANGE) return undefined;
  const bounds = (text.startsWith('vers:') ? text.slice(text.indexOf('/') + 1) : text).split('|').map((each) => each.trim());
  if (bounds.length === 1 && bounds[0] === '*') return [{ kind: 'introduced', version: '0' }];
  const events = bounds.flatMap((bound): readonly RangeEvent[] => {
    const found = KINDS.find(([sign]) => bound.startsWith(sign));
    const version = found === undefined ? '' : bound.slice(found[0].length).trim();
    return found === undefined || version === '' || version.includes(' ') ? [] : [{ kind: found[1], version }];
  });
  if (events.length !== bounds.length) return undefined;
  return events[0]?.kind.startsWith('introduced') ? events : [{ kind: 'introduced', version: '0' }, ...events];
}
