/** The memo of a pickle: values by number. Millions of texts are kept as places in the file, eight bytes each. */
import { type Text, unknown, type Value } from './values.js';

export interface Memo {
  /** Entries that were set: the number that MEMOIZE gives to the next one. */
  readonly size: number;
  /** Sets an entry; false where there is no room for it: more than `most`, or far apart. */
  set(index: number, value: Value, most: number): boolean;
  /** `undefined` for one that was never set. */
  get(index: number): Value | undefined;
  /** Visits the values that may be heavy: all but those that were let go. */
  visit(each: (value: Value) => boolean): void;
  /** Lets go of containers behind the early entries; where one is asked for again, `LET_GO` comes back. */
  lighten(): void;
  copy(): Memo;
}

/** Entries that stay as they are: what is used over and over stands early in a file. */
const EARLY = 65_536;
const FORMS = ['utf8', 'latin1', 'escaped', 'quoted'] as const;
/** A place in one double: 39 bits of offset, 12 of length, 2 of form. */
const MAX_OFFSET = 2 ** 39;
const MAX_LENGTH = 2 ** 12;
/** Stands in the memo for a text that is kept as a place. */
const PLACE: Value = unknown('a text of the memo');

/** Comes back for a container that was let go. */
export const LET_GO: Value = unknown('an object too far back to be remembered');

const isText = (value: Value): value is Text => typeof value === 'object' && value !== null && value.kind === 'text';

const isHeavy = (value: Value | undefined): boolean =>
  typeof value === 'object' && value !== null && value.kind !== 'global' && value.kind !== 'unknown';

export function newMemo(like?: Memo): Memo {
  return like?.copy() ?? open([], new Float64Array(0), new Map(), 0);
}

function open(entries: Value[], first: Float64Array, far: Map<number, Value>, count: number): Memo {
  let places = first;
  let size = count;
  /** Behind the early entries none before this one is heavy. */
  let heavyFrom = EARLY;
  /** What is kept for a value at an index. */
  const kept = (index: number, value: Value): Value => {
    if (index < EARLY || !isText(value) || value.at >= MAX_OFFSET || value.length >= MAX_LENGTH) return value;
    const at = index - EARLY;
    if (at >= places.length) {
      const more = new Float64Array(Math.max(1024, at * 2));
      more.set(places);
      places = more;
    }
    places[at] = (value.at * MAX_LENGTH + value.length) * FORMS.length + FORMS.indexOf(value.form);
    return PLACE;
  };
  return {
    get size() {
      return size;
    },
    set(index, value, most) {
      if (index >= EARLY && index < heavyFrom) heavyFrom = index;
      if (index < entries.length) entries[index] = kept(index, value);
      else if (index === entries.length && index < most) {
        entries.push(kept(index, value));
        size++;
      } else if (far.size < most / 8) {
        if (!far.has(index)) size++;
        far.set(index, value);
      } else return false;
      return true;
    },
    get(index) {
      const value = index < entries.length ? entries[index] : far.get(index);
      return value === PLACE ? textAt(places[index - EARLY] ?? 0) : value;
    },
    visit(each) {
      const early = Math.min(EARLY, entries.length);
      for (let i = 0; i < early; i++) if (!each(entries[i] ?? null)) return;
      for (let i = heavyFrom; i < entries.length; i++) if (!each(entries[i] ?? null)) return;
      for (const value of far.values()) if (!each(value)) return;
    },
    lighten() {
      for (let i = heavyFrom; i < entries.length; i++) if (isHeavy(entries[i])) entries[i] = LET_GO;
      heavyFrom = Math.max(heavyFrom, entries.length);
      for (const [index, value] of far) if (isHeavy(value)) far.set(index, LET_GO);
    },
    copy: () => open(entries.slice(), places.slice(), new Map(far), size),
  };
}

function textAt(place: number): Text {
  const form = FORMS[place % FORMS.length] ?? 'utf8';
  const rest = Math.floor(place / FORMS.length);
  return { kind: 'text', at: Math.floor(rest / MAX_LENGTH), length: rest % MAX_LENGTH, form };
}
