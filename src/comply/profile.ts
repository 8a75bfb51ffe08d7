/** What a profile is: requirements of an instrument as data, each with a predicate on the manifest. */

/** How the text of the instrument was read. `memory` is unverified and is shown as such. */
export type Reading = 'primary' | 'transcript' | 'secondary' | 'memory' | 'own';
export type Level = 'MUST' | 'SHOULD' | 'MAY';
/** `auto`: the predicate decides; `attested`: it finds the statement, whose truth rests on who made it; `manual`: a person decides. */
export type Judged = 'auto' | 'attested' | 'manual';
export type Word = string | number | boolean;
/** Relative path → values of which the item has one; a list has one when a member of it is one. */
export type Values = { readonly [path: string]: readonly Word[] };

interface At {
  readonly path: string;
}
interface Which extends At {
  /** Which items count; all where it is not given. */
  readonly where?: Where;
  readonly then?: readonly Predicate[];
}
interface Combined {
  readonly of: readonly Predicate[];
}
interface Listed extends At {
  readonly values: readonly Word[];
}

/** The members of each kind of predicate. Paths start at the document, those in `where` and `then` at the item. */
interface Members {
  readonly present: At;
  readonly every: Which & { readonly min?: number };
  readonly some: Which;
  readonly none: Which;
  readonly and: Combined;
  readonly or: Combined;
  readonly not: Combined;
  readonly in: Listed;
  readonly notIn: Listed;
  readonly matches: At & { readonly pattern: string };
  readonly min: At & { readonly value: number };
  readonly notBefore: At & { readonly reference: string; readonly quantifier?: 'every' | 'some' };
  readonly attested: unknown;
  readonly refsResolve: unknown;
  readonly signatureValid: At;
  readonly allAbsentDeclared: { readonly scope: 'coreLevel=MUST' | 'profile' };
  readonly exportValid: { readonly formats: readonly string[] };
  readonly exportExcludes: At;
}
export type Op = keyof Members;
/** A predicate of one kind. */
export type PredicateOf<O extends Op> = { readonly [K in O]: { readonly op: K } & Members[K] }[O];
/** A tree of questions about a document. */
export type Predicate = PredicateOf<Op>;
export type Where = Values | Predicate;

/** One thing that is asked. */
export interface Requirement {
  /** What attestations name it by. */
  readonly id: string;
  readonly title: string;
  /** Where the instrument says it. */
  readonly citation?: string;
  readonly requirement: string;
  readonly level: Level;
  readonly judged: Judged;
  readonly audience?: 'public' | 'downstream' | 'authority';
  readonly reading: Reading;
  /** The condition under which it is asked at all. */
  readonly when?: Predicate;
  readonly predicate: Predicate;
}

export interface Profile {
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly issuer?: string;
  readonly force?: string;
  readonly status?: string;
  readonly appliesTo?: string;
  readonly url?: string;
  /** Id of the profile that this one came after. */
  readonly replaces?: string;
  /** Does a declaration that a value is unknown or withheld answer a requirement? */
  readonly unknown: 'accepted' | 'refused';
  readonly readAt?: string;
  readonly requirements: readonly Requirement[];
}

/** Is `where` a predicate, or an object from path to values? */
export const isPredicate = (where: Where): where is Predicate => typeof (where as { readonly op?: unknown }).op === 'string';

/** A predicate and all that are in it, it first. */
export function* predicatesIn(predicate: Predicate): Generator<Predicate> {
  yield predicate;
  if ('of' in predicate) for (const each of predicate.of) yield* predicatesIn(each);
  if ('then' in predicate && predicate.then !== undefined) for (const each of predicate.then) yield* predicatesIn(each);
  if ('where' in predicate && predicate.where !== undefined && isPredicate(predicate.where)) yield* predicatesIn(predicate.where);
}
