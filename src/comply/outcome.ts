/** What came of a question about the document: yes, no, or that what it takes to tell was not given; and what that rests on. */

/** Why a question is answered by no. */
export interface Gap {
  /** Where something is absent or wrong. */
  readonly pointer: string;
  /** What is there, or what is not. */
  readonly what: string;
  readonly kind: 'absent' | 'wrong';
}

/** A declaration in `/bom/declarations` that stood in for a value. */
export interface Declared {
  readonly pointer: string;
  readonly status: 'unknown' | 'withheld' | 'not-applicable';
  readonly reason?: string;
}

export interface Outcome {
  readonly verdict: 'yes' | 'no' | 'untold';
  /** Pointers of the values that a yes rests on. */
  readonly rests: readonly string[];
  readonly gaps: readonly Gap[];
  /** What was not given that it takes to tell. */
  readonly untold: readonly string[];
  readonly declared: readonly Declared[];
}

const NOTHING: Outcome = { verdict: 'yes', rests: [], gaps: [], untold: [], declared: [] };

export const yes = (...rests: readonly string[]): Outcome => ({ ...NOTHING, rests });
export const no = (...gaps: readonly Gap[]): Outcome => ({ ...NOTHING, verdict: 'no', gaps });
export const untold = (what: string): Outcome => ({ ...NOTHING, verdict: 'untold', untold: [what] });
export const declared = (declaration: Declared): Outcome => ({ ...NOTHING, declared: [declaration] });
export const absent = (pointer: string, what = 'is absent'): Outcome => no({ pointer, what, kind: 'absent' });
export const wrong = (pointer: string, what: string): Outcome => no({ pointer, what, kind: 'wrong' });

function joined(verdict: Outcome['verdict'], outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  if (outcomes.length === 1 && first?.verdict === verdict) return first;
  const rests: string[] = [];
  const gaps: Gap[] = [];
  const open: string[] = [];
  const said: Declared[] = [];
  for (const each of outcomes) {
    for (const pointer of each.rests) rests.push(pointer);
    for (const gap of each.gaps) gaps.push(gap);
    for (const what of each.untold) open.push(what);
    for (const one of each.declared) said.push(one);
  }
  return { verdict, rests, gaps, untold: open, declared: said };
}

/** The same without what stands twice. */
export function distinct(outcome: Outcome): Outcome {
  const gaps = new Map(outcome.gaps.map((gap) => [`${gap.pointer} ${gap.what}`, gap]));
  return { ...outcome, rests: [...new Set(outcome.rests)], gaps: [...gaps.values()], untold: [...new Set(outcome.untold)] };
}

/** All hold. A no decides, and then what was not told does not matter. */
export function all(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.some(({ verdict }) => verdict === 'no')) return { ...joined('no', outcomes), untold: [] };
  return joined(outcomes.some(({ verdict }) => verdict === 'untold') ? 'untold' : 'yes', outcomes);
}

/** One holds or more. Where none does, a value that is wrong counts only when there is nothing else that could be added. */
export function any(outcomes: readonly Outcome[]): Outcome {
  const met = outcomes.filter(({ verdict }) => verdict === 'yes');
  if (met.length > 0) return joined('yes', met);
  const open = outcomes.filter(({ verdict }) => verdict === 'untold');
  if (open.length > 0) return joined('untold', open);
  const couldBeAdded = outcomes.filter(({ gaps }) => gaps.every(({ kind }) => kind === 'absent'));
  return joined('no', couldBeAdded.length > 0 ? couldBeAdded : outcomes);
}
