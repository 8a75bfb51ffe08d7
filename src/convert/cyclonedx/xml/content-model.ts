/**
 * Which elements may follow each other in an element: its content as an automaton, whose states are the places of names in the
 * content, in order. XML Schema wants contents in which the next name alone tells the place, so each name leads to one at most.
 */

/** The state before the first element. */
export const START = 0;

export interface ContentModel {
  /** By state; that of `START` is empty. */
  readonly places: readonly Place[];
  /** States that may come next, by state. */
  readonly next: readonly (readonly number[])[];
  /** States in which the content may end. */
  readonly ends: ReadonlySet<number>;
}

export interface Place {
  /** `#` for elements of other namespaces. */
  readonly name: string;
  /** The rule of the element; `-1` is any text. */
  readonly rule: number;
}

/** A part of a content: where it may begin and end. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** It may be left out. */
  readonly isOptional: boolean;
}

const TOKEN = /([\w.-]+|#)(?::(\d+))?|[(),|?*+]/g;
const EMPTY: Part = { first: [], last: [], isOptional: true };

/** The model of a content as the table writes it. */
export function contentModel(content: string): ContentModel {
  const tokens = [...content.matchAll(TOKEN)];
  const places: Place[] = [{ name: '', rule: -1 }];
  const next: Set<number>[] = [new Set()];
  let at = 0;

  const follow = (before: Part, after: Part): void => {
    for (const state of before.last) for (const other of after.first) next[state]?.add(other);
  };
  const part = (): Part => {
    const [token = '', name, rule] = tokens[at++] ?? [];
    return times(token === '(' ? group() : place(name ?? '', rule));
  };
  const place = (name: string, rule = '-1'): Part => {
    const state = places.push({ name, rule: Number(rule) }) - 1;
    next.push(new Set());
    return { first: [state], last: [state], isOptional: false };
  };
  const times = (one: Part): Part => {
    const sign = tokens[at]?.[0] ?? '';
    if (!/^[?*+]$/.test(sign)) return one;
    at++;
    if (sign !== '?') follow(one, one);
    return { ...one, isOptional: one.isOptional || sign !== '+' };
  };
  const group = (): Part => {
    let whole = part();
    for (let sign = tokens[at++]?.[0]; sign === ',' || sign === '|'; sign = tokens[at++]?.[0])
      whole = sign === ',' ? inSequence(whole, part()) : either(whole, part());
    return whole;
  };
  const inSequence = (a: Part, b: Part): Part => {
    follow(a, b);
    return {
      first: a.isOptional ? [...a.first, ...b.first] : a.first,
      last: b.isOptional ? [...a.last, ...b.last] : b.last,
      isOptional: a.isOptional && b.isOptional,
    };
  };

  const whole = content === '' ? EMPTY : part();
  follow({ first: [], last: [START], isOptional: false }, whole);
  return { places, next: next.map((states) => [...states]), ends: new Set([...whole.last, ...(whole.isOptional ? [START] : [])]) };
}

const either = (a: Part, b: Part): Part => ({
  first: [...a.first, ...b.first],
  last: [...a.last, ...b.last],
  isOptional: a.isOptional || b.isOptional,
});

/** The state behind an element; undefined where it must not stand. */
export function step(model: ContentModel, state: number, name: string): number | undefined {
  return model.next[state]?.find((each) => model.places[each]?.name === name);
}

/** Places that are empty, each with the elements of which one must stand there. */
export type Missing = readonly (readonly string[])[];

/** What must still stand in an element before it may end. */
export const missingAtEnd = (model: ContentModel, state: number): Missing =>
  model.ends.has(state) ? NONE : (wayTo(model, state, (each) => model.ends.has(each)) ?? NONE);

const NONE: Missing = [];

/** The state behind an element that comes too early, and what must stand before it; undefined where it cannot come later. */
export function stepOver(
  model: ContentModel,
  state: number,
  name: string,
): { readonly state: number; readonly missing: Missing } | undefined {
  for (let ahead = state + 1; ahead < model.places.length; ahead++) {
    if (model.places[ahead]?.name !== name) continue;
    const missing = wayTo(model, state, (each) => model.next[each]?.includes(ahead) === true);
    if (missing !== undefined) return { state: ahead, missing };
  }
  return undefined;
}

/** The fewest places to go through, forward, until a goal is met. */
function wayTo({ places, next }: ContentModel, from: number, isGoal: (state: number) => boolean): Missing | undefined {
  const ahead = (state: number): readonly number[] => (next[state] ?? []).filter((each) => each > state);
  const steps: number[] = [];
  for (let state = places.length - 1; state >= from; state--)
    steps[state] = isGoal(state) ? 0 : 1 + Math.min(...ahead(state).map((each) => steps[each] ?? Infinity));
  let left = steps[from] ?? Infinity;
  if (left === Infinity) return undefined;
  const missing: string[][] = [];
  for (let state = from; left > 0; left--) {
    const on = ahead(state).filter((each) => steps[each] === left - 1);
    missing.push([...new Set(on.map((each) => places[each]?.name ?? ''))]);
    state = on[0] ?? from;
  }
  return missing;
}
