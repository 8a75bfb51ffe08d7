/** What was made from a text that holds a credential may hold it too, without what told it: the last part of an address, an id made from a name. */
import { isIdentifier, isPlaceholder, looksDrawn, looksSecret } from './randomness.js';
import type { Secret } from './rules.js';

/** Parts of credentials by which they are known again, with their kinds. */
export type Traces = ReadonlyMap<string, string>;

/** More in one directory are no accident; each costs a search in each text. */
const MAX_TRACES = 200;
const MIN_LENGTH = 8;
const LONGEST = 60;

/** Adds the parts of credentials that no other text would hold by chance. */
export function addTraces(traces: Map<string, string>, text: string, secrets: readonly Secret[]): void {
  for (const { kind, start, end } of secrets)
    for (const part of text.slice(start, Math.min(end, start + 4096)).split(/[\s"'`:@/\\&?=,;[\]{}()]+/)) {
      if (traces.size >= MAX_TRACES) return;
      const known = part.slice(0, LONGEST);
      const isTelling = looksSecret(part) || looksDrawn(part) || (isIdentifier(part) && part.length >= 20);
      if (part.length >= MIN_LENGTH && !isPlaceholder(part) && isTelling) traces.set(known, kind);
    }
}

const asId = (text: string): string => text.toLowerCase().replace(/[^a-z0-9._-]+/g, '-');

/** Where parts of known credentials stand in a text. Ids are in small letters, with `-` for what cannot be in them. */
export function tracesIn(text: string, traces: Traces): readonly Secret[] {
  const found: Secret[] = [];
  for (const [part, kind] of traces) {
    const at = text.indexOf(part);
    const id = asId(part);
    const from = at >= 0 ? at : text.indexOf(id);
    if (from < 0) continue;
    const rest = /^[\w.~+%-]*/.exec(text.slice(from))?.[0].length ?? 0;
    found.push({ kind, start: from, end: from + Math.max(rest, part.length) });
    if (at >= 0)
      for (let next = text.indexOf(part, at + part.length); next >= 0; next = text.indexOf(part, next + part.length))
        found.push({ kind, start: next, end: next + part.length });
  }
  return found.sort((a, b) => a.start - b.start).filter(({ start }, i, all) => i === 0 || start >= (all[i - 1]?.end ?? 0));
}
