/** Asking a predicate of a document. */
import { isObject, own } from '../core/objects.js';
import { pointersTo } from '../manifest/evidence.js';
import type { Declaration, Manifest } from '../schema/index.js';
import { find, findAll, itemsAt, type Node, rootOf } from './lookup.js';
import { absent, all, any, declared, distinct, no, type Outcome, wrong, yes } from './outcome.js';
import { compilePattern, type Matcher } from './pattern.js';
import { isPredicate, type Predicate, type PredicateOf, predicatesIn, type Values, type Where, type Word } from './profile.js';

/** What the predicates are answered for that a document does not answer by itself. */
export interface Asked {
  /** Of the whole document, by the predicate. */
  special(predicate: SpecialPredicate): Outcome;
}

/** A predicate that is about the document as a whole, or about what lies beside it. */
export type SpecialPredicate = PredicateOf<
  'attested' | 'refsResolve' | 'signatureValid' | 'exportExcludes' | 'allAbsentDeclared' | 'exportValid'
>;

interface Context extends Asked {
  readonly root: Node;
  readonly declarations: Readonly<Record<string, Declaration>>;
  /** Does a declaration stand in for what is absent? */
  readonly lenient: boolean;
  readonly patterns: Map<string, Matcher>;
}

/**
 * Asks a predicate of the document.
 *
 * @param lenient a declaration in `/bom/declarations` stands in for what is absent, and is listed
 */
export type Evaluate = (predicate: Predicate, asked: Asked, lenient?: boolean) => Outcome;

/** For predicates of one document, which must not change meanwhile. What several requirements ask in the same words is asked once. */
export function evaluator(manifest: Manifest): Evaluate {
  const root = rootOf(manifest);
  const declarations = (manifest.bom as Manifest['bom'] | undefined)?.declarations ?? {};
  const patterns = new Map<string, Matcher>();
  const known = new Map<string, Outcome>();
  return (predicate, asked, lenient = false) => {
    const answered = (): Outcome => distinct(ask(predicate, root, { ...asked, root, declarations, lenient, patterns }));
    if (isAboutRequirement(predicate)) return answered();
    const words = `${lenient} ${JSON.stringify(predicate)}`;
    const outcome = known.get(words) ?? answered();
    known.set(words, outcome);
    return outcome;
  };
}

/** Does the answer hang on the requirement that asks? */
const isAboutRequirement = (predicate: Predicate): boolean =>
  [...predicatesIn(predicate)].some(({ op }) => op === 'attested' || op === 'allAbsentDeclared');

type Ask<P> = (predicate: P, node: Node, context: Context) => Outcome;

const ASK: { readonly [O in Predicate['op']]: Ask<PredicateOf<O>> } = {
  present: ({ path }, node, context) => withValue(path, node, context, ({ pointer }) => yes(pointer)),
  and: ({ of }, node, context) => all(of.map((each) => ask(each, node, context))),
  or: ({ of }, node, context) => any(of.map((each) => ask(each, node, context))),
  not: ({ of }, node, context) => opposite(all(of.map((each) => ask(each, node, context))), node.pointer),
  every: ({ path, min = 1, where, then = [] }, node, context) => {
    const items = counted(path, where, node, context);
    if (items.length < min) return absentHere(pointerOf(path, node, context), tooFew(items.length, min, where), context);
    const outcomes: Outcome[] = [];
    for (const { item, by } of items) {
      outcomes.push(by);
      for (const each of then) outcomes.push(ask(each, item, context));
    }
    return all(outcomes);
  },
  some: ({ path, where, then = [] }, node, context) => {
    const items = counted(path, where, node, context);
    if (items.length === 0) return absentHere(pointerOf(path, node, context), tooFew(0, 1, where), context);
    return any(items.map(({ item, by }) => all([by, ...then.map((each) => ask(each, item, context))])));
  },
  none: ({ path, where, then = [] }, node, context) => {
    const bad = counted(path, where, node, context).filter(({ item }) => then.every((each) => ask(each, item, context).verdict === 'yes'));
    return bad.length === 0
      ? yes()
      : no(...bad.map(({ item: { pointer } }) => ({ pointer, what: 'is one that must not be', kind: 'wrong' as const })));
  },
  in: ({ path, values }, node, context) =>
    withValue(path, node, context, ({ value, pointer }) =>
      values.includes(value as Word) ? yes(pointer) : wrong(pointer, `is ${shown(value)}, not ${listed(values)}`),
    ),
  notIn: ({ path, values }, node, context) =>
    withValue(path, node, context, ({ value, pointer }) =>
      values.includes(value as Word) ? wrong(pointer, `is ${shown(value)}, which it must not be`) : yes(pointer),
    ),
  matches: ({ path, pattern }, node, context) =>
    withValue(path, node, context, ({ value, pointer }) =>
      typeof value === 'string' && matcher(pattern, context)(value)
        ? yes(pointer)
        : wrong(pointer, `is ${shown(value)}, which has not the form asked for`),
    ),
  min: ({ path, value: least }, node, context) =>
    withValue(path, node, context, ({ value, pointer }) =>
      typeof value === 'number' && value >= least ? yes(pointer) : wrong(pointer, `is ${shown(value)}, at least ${least} is asked for`),
    ),
  notBefore: (predicate, node, context) => notBefore(predicate, node, context),
  attested: (predicate, _, context) => context.special(predicate),
  refsResolve: (predicate, _, context) => context.special(predicate),
  signatureValid: (predicate, _, context) => context.special(predicate),
  exportExcludes: (predicate, _, context) => context.special(predicate),
  allAbsentDeclared: (predicate, _, context) => context.special(predicate),
  exportValid: (predicate, _, context) => context.special(predicate),
};

function ask(predicate: Predicate, node: Node, context: Context): Outcome {
  // The table has a row for each kind of predicate, of its own type.
  return (ASK[predicate.op] as Ask<Predicate>)(predicate, node, context);
}

/** What is said of a value, when there is one. */
function withValue(path: string, node: Node, context: Context, say: (node: Node) => Outcome): Outcome {
  const found = find(context.root, node, path);
  if ('absent' in found) return absentHere(found.absent, 'is absent', context);
  if (isEmpty(found.node.value)) return absentHere(found.node.pointer, 'is empty', context);
  if (!isPlaceholder(found.node.value)) return say(found.node);
  const { pointer } = found.node;
  return context.lenient
    ? declared({ pointer, status: 'unknown', reason: 'NOASSERTION' })
    : absent(pointer, 'is NOASSERTION, which says that nothing is said');
}

/** Nothing that could be a value; 0 and `false` are. */
export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** What SPDX writes for what nobody says. */
export const isPlaceholder = (value: unknown): boolean =>
  value === 'NOASSERTION' ||
  (Array.isArray(value) && value.length > 0 && value.every(isPlaceholder)) ||
  (isObject(value) && own(value, 'expression') === 'NOASSERTION');

/** Nothing is there; a declaration of the place or of one above it may stand in. */
function absentHere(pointer: string, what: string, { lenient, declarations }: Context): Outcome {
  if (!lenient) return absent(pointer, what);
  const found = declarationOf(pointer, declarations);
  return found === undefined ? absent(pointer, what) : declared(found);
}

/** What is declared of a place. That something does not apply counts only with a reason. */
export function declarationOf(pointer: string, declarations: Readonly<Record<string, Declaration>>) {
  const at = pointersTo(pointer).find((each) => each !== '' && own(declarations, each) !== undefined);
  const found = at === undefined ? undefined : own(declarations, at);
  if (at === undefined || found === undefined || (found.status === 'not-applicable' && found.reason === undefined)) return undefined;
  return { pointer: at, status: found.status, ...(found.reason === undefined ? {} : { reason: found.reason }) };
}

interface Counted {
  readonly item: Node;
  /** Why it counts. */
  readonly by: Outcome;
}

/** The items that `where` lets in. */
function counted(path: string, where: Where | undefined, node: Node, context: Context): readonly Counted[] {
  const items = itemsAt(context.root, node, path);
  if (where === undefined) return items.map((item) => ({ item, by: yes(item.pointer) }));
  return items.flatMap((item): Counted[] => {
    const by = isPredicate(where) ? ask(where, item, context) : hasValues(where, item, context);
    return by.verdict === 'no' || by.declared.length > 0 ? [] : [{ item, by: all([yes(item.pointer), by]) }];
  });
}

function hasValues(where: Values, item: Node, context: Context): Outcome {
  return all(
    Object.entries(where).map(([path, values]) => {
      const found = find(context.root, item, path);
      if ('absent' in found) return absent(found.absent);
      const { value, pointer } = found.node;
      const has = (Array.isArray(value) ? value : [value]).some((each) => values.includes(each as Word));
      return has ? yes(pointer) : wrong(pointer, 'is another');
    }),
  );
}

function opposite(outcome: Outcome, pointer: string): Outcome {
  if (outcome.verdict === 'untold') return outcome;
  if (outcome.verdict === 'no') return yes();
  const [first = pointer, ...others] = outcome.rests;
  return no(...[first, ...others].map((each) => ({ pointer: each, what: 'is there and must not be', kind: 'wrong' as const })));
}

function notBefore({ path, reference, quantifier = 'every' }: PredicateOf<'notBefore'>, node: Node, context: Context): Outcome {
  const earliest = find(context.root, context.root, reference);
  if ('absent' in earliest) return absentHere(earliest.absent, 'is absent', context);
  const from = day(earliest.node.value);
  if (from === undefined) return wrong(earliest.node.pointer, 'is no date');
  const dates = findAll(context.root, node, path);
  if (dates.length === 0) return absentHere(path.includes('/*') ? path.slice(0, path.indexOf('/*')) : path, 'has no date', context);
  const outcomes = dates.map(({ value, pointer }) => {
    const on = day(value);
    if (on === undefined) return wrong(pointer, 'is no date');
    return on >= from ? yes(pointer, earliest.node.pointer) : wrong(pointer, `is ${on}, before ${from}`);
  });
  return (quantifier === 'some' ? any : all)(outcomes);
}

/** Years, months and days of a date or time. */
const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? value.slice(0, 10) : undefined;

const pointerOf = (path: string, node: Node, { root }: Context): string => {
  const found = find(root, node, path);
  return 'absent' in found ? found.absent : found.node.pointer;
};

function tooFew(found: number, min: number, where: Where | undefined): string {
  const which = where === undefined ? '' : isPredicate(where) ? ' of the kind asked for' : ` with ${wordsOf(where)}`;
  return min === 1 ? `has no entry${which}` : `has ${found} entries${which}, at least ${min} are asked for`;
}

const wordsOf = (where: Values): string =>
  Object.entries(where)
    .map(([path, values]) => `${path.slice(1)} ${listed(values)}`)
    .join(' and ');

const listed = (values: readonly Word[]): string =>
  (values.length > 8 ? [...values.slice(0, 7), `${values.length - 7} more`] : values).join(' or ');

const MAX_SHOWN = 80;
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function matcher(pattern: string, { patterns }: Context): Matcher {
  const known = patterns.get(pattern) ?? compilePattern(pattern);
  patterns.set(pattern, known);
  return known;
}
