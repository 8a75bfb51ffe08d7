/** From what came of a predicate to the status of a requirement. */
import type { Finding } from '../core/finding.js';
import type { Manifest } from '../schema/index.js';
import { evaluator } from './evaluate.js';
import type { Declared, Gap, Outcome } from './outcome.js';
import type { Profile, Requirement } from './profile.js';
import { type SpecialFacts, specials } from './special.js';
import { type By, type Recomputed, type Vouching, vouching } from './vouched.js';
import { conditionInWords } from './words.js';

export const STATUSES = ['met', 'met-by-declaration', 'not-applicable', 'missing', 'failed', 'needs-review', 'not-examined'] as const;
export type Status = (typeof STATUSES)[number];

/** What is said of one requirement. */
export interface Answer {
  readonly profile: string;
  readonly id: string;
  readonly title: string;
  readonly citation?: string;
  readonly requirement: string;
  readonly level: Requirement['level'];
  readonly judged: Requirement['judged'];
  readonly audience?: Requirement['audience'];
  readonly reading: Requirement['reading'];
  readonly status: Status;
  /** What vouches for the values of a requirement that is met: the weakest of them. Missing where nothing but the document says so. */
  readonly by?: By;
  /** Pointers of the values that the status rests on, as many as are shown. */
  readonly pointers: readonly string[];
  /** How many more there are. */
  readonly morePointers?: number;
  /** What is absent or wrong, as far as the status is not `met`. */
  readonly gaps: readonly { readonly pointer: string; readonly what: string }[];
  readonly moreGaps?: number;
  /** In words, where the status needs them. */
  readonly reasons: readonly string[];
  /** Values about which a source says something else. */
  readonly disputed?: readonly string[];
  /** Somebody decided to live with an open requirement: it is shown, and does not count. */
  readonly waived?: Finding['waived'];
}

export interface Facts extends SpecialFacts {
  /** What the files say, by pointer. */
  readonly recomputed: ReadonlyMap<string, Recomputed>;
}

/** Pointers and gaps that an answer lists. */
const MAX_LISTED = 50;

/** Answers all requirements of profiles for a document, in their order. */
export function judge(manifest: Manifest, profiles: readonly Profile[], facts: Facts): readonly Answer[] {
  const evaluate = evaluator(manifest);
  const asker = specials(manifest, facts, evaluate);
  const vouched = vouching(manifest, facts.recomputed);
  return profiles.flatMap((profile) =>
    profile.requirements.map((requirement) => {
      const asked = asker({ requirement, profile });
      const found = settle(requirement, profile, {
        strict: (predicate) => evaluate(predicate, asked),
        lenient: (predicate) => evaluate(predicate, asked, true),
        attested: () => asked.special({ op: 'attested' }),
        vouched,
      });
      return answer(requirement, profile, found, vouched);
    }),
  );
}

interface Ask {
  readonly strict: (predicate: Requirement['predicate']) => Outcome;
  /** Declarations stand in for what is absent. */
  readonly lenient: (predicate: Requirement['predicate']) => Outcome;
  readonly attested: () => Outcome;
  readonly vouched: Vouching;
}

interface Settled {
  readonly status: Status;
  readonly by?: By | undefined;
  readonly pointers?: readonly string[];
  readonly gaps?: readonly Gap[];
  readonly reasons?: readonly string[];
}

function settle(requirement: Requirement, profile: Profile, ask: Ask): Settled {
  const { when, predicate } = requirement;
  const condition = when === undefined ? undefined : ask.strict(when);
  if (condition?.verdict === 'untold') return { status: 'not-examined', reasons: condition.untold };
  if (when !== undefined && condition?.verdict === 'no')
    return { status: 'not-applicable', reasons: [`it is asked only if ${conditionInWords(when)}`] };
  const outcome = ask.strict(predicate);
  if (outcome.verdict === 'untold') return { status: 'not-examined', pointers: outcome.rests, reasons: outcome.untold };
  return outcome.verdict === 'yes' ? held(requirement, outcome, ask) : notHeld(requirement, profile, outcome, ask);
}

/** What it takes is there: unless the files say otherwise, or a person has to decide and has not. */
function held({ id, judged }: Requirement, outcome: Outcome, { attested, vouched }: Ask): Settled {
  const refuted = vouched.refuted(outcome.rests);
  if (refuted.length > 0)
    return {
      status: 'failed',
      pointers: outcome.rests,
      gaps: refuted.map(([pointer, found]) => ({ pointer, what: `is not what the files say: ${found}`, kind: 'wrong' })),
    };
  const word = attested();
  const isAttested = word.verdict === 'yes';
  if (judged !== 'manual') {
    const by = vouched.by(outcome.rests);
    return { status: 'met', by: isAttested && by !== 'recomputed' ? 'attested' : by, pointers: outcome.rests };
  }
  if (isAttested) return { status: 'met', by: 'attested', pointers: [...new Set([...outcome.rests, ...word.rests])] };
  return {
    status: 'needs-review',
    pointers: outcome.rests,
    gaps: word.gaps,
    reasons: [`a person has to judge it, and attest ${id} with a date and evidence`],
  };
}

function notHeld({ id, judged, predicate }: Requirement, profile: Profile, outcome: Outcome, ask: Ask): Settled {
  const { gaps } = outcome;
  if (judged === 'manual' && predicate.op === 'attested')
    return {
      status: 'needs-review',
      gaps,
      reasons: [`the document cannot show it: a person has to attest ${id} with a date and evidence`],
    };
  const status = gaps.some(({ kind }) => kind === 'wrong') ? 'failed' : 'missing';
  const declared = ask.lenient(predicate);
  if (declared.verdict !== 'yes' || declared.declared.length === 0) return { status, pointers: outcome.rests, gaps };
  const reasons = [...new Set(declared.declared.map(inWords))];
  if (declared.declared.every((each) => each.status === 'not-applicable'))
    return { status: 'not-applicable', pointers: declared.rests, reasons };
  if (profile.unknown === 'accepted') return { status: 'met-by-declaration', pointers: declared.rests, reasons };
  return { status, pointers: outcome.rests, gaps, reasons: [...reasons, 'this profile does not take that for an answer'] };
}

const inWords = ({ pointer, status, reason }: Declared): string =>
  `${pointer} is declared ${status === 'not-applicable' ? 'not applicable' : status}${reason === undefined ? '' : `: ${reason}`}`;

function answer(requirement: Requirement, profile: Profile, settled: Settled, vouched: Vouching): Answer {
  const { when: _when, predicate: _predicate, ...said } = requirement;
  const { status, by, pointers = [], gaps = [], reasons = [] } = settled;
  const disputed = vouched.disputed(pointers);
  const more = (name: string, list: readonly unknown[]) => (list.length > MAX_LISTED ? { [name]: list.length - MAX_LISTED } : {});
  return {
    profile: profile.id,
    ...said,
    status,
    ...(by === undefined ? {} : { by }),
    pointers: pointers.slice(0, MAX_LISTED),
    ...more('morePointers', pointers),
    gaps: gaps.slice(0, MAX_LISTED).map(({ pointer, what }) => ({ pointer, what })),
    ...more('moreGaps', gaps),
    reasons,
    ...(disputed.length === 0 ? {} : { disputed: disputed.slice(0, MAX_LISTED) }),
  };
}
