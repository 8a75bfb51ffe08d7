/** Statements about values and where they came from: which support a value, which say something else, and how they are written. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { bare, isObject, own, sameJson } from '../core/objects.js';
import type { Evidence, EvidenceValue, Manifest } from '../schema/index.js';

/** What one entry of evidence says of a value. */
export interface Statement {
  /** Number of the entry in `evidence`. */
  readonly index: number;
  readonly entry: Evidence;
  /** The pointer of the entry that speaks of the value: its own, or one above it. */
  readonly pointer: string;
  /** The source's own name for it. */
  readonly key?: string;
  /** What the source says where that is something else. */
  readonly said?: JsonValue;
}

/** What is known of where a value comes from. */
export interface Statements {
  readonly supports: readonly Statement[];
  readonly dissents: readonly Statement[];
}

/** An entry of evidence, and what it says at a pointer of its own. */
interface Mention {
  readonly index: number;
  readonly entry: Evidence;
  readonly value: EvidenceValue;
}

/**
 * Statements about a value. Of each entry only its deepest pointer at or above the value counts, and only as far as `members` goes.
 * An entry with `said` dissents, unless what it said is a part of the list that is the value.
 */
export const evidenceFor = (manifest: Manifest, pointer: string): Statements => evidenceOf(manifest)(pointer);

/** The same for many values of a manifest, which must not change meanwhile: its evidence is gone through once. */
export function evidenceOf(manifest: Manifest): (pointer: string) => Statements {
  const mentions = new Map<string, Mention[]>();
  manifest.evidence?.forEach((entry, index) => {
    for (const [at, value] of Object.entries(entry.values)) {
      const there = mentions.get(at);
      if (there === undefined) mentions.set(at, [{ index, entry, value }]);
      else there.push({ index, entry, value });
    }
  });
  return (pointer) => {
    const found = new Map<number, Statement & { readonly isDissent: boolean }>();
    for (const at of pointersTo(pointer)) {
      for (const { index, entry, value } of mentions.get(at) ?? []) {
        if (!found.has(index) && covers(value, at, pointer)) found.set(index, stated(manifest, at, { index, entry, value }));
      }
    }
    const supports: Statement[] = [];
    const dissents: Statement[] = [];
    for (const { isDissent, ...statement } of [...found.values()].sort((a, b) => a.index - b.index))
      (isDissent ? dissents : supports).push(statement);
    return { supports, dissents };
  };
}

function stated(manifest: Manifest, pointer: string, { index, entry, value: { key, said } }: Mention) {
  const told = said === undefined || said === null ? undefined : said;
  const isDissent = told !== undefined && !isPart(told, resolvePointer(manifest, pointer));
  return { isDissent, index, entry, pointer, ...(key === undefined ? {} : { key }), ...(told === undefined ? {} : { said: told }) };
}

/** A value about which sources disagree. */
export interface Contradiction {
  readonly pointer: string;
  /** What the manifest says. */
  readonly value: unknown;
  /** Who says so too. */
  readonly supports: readonly Statement[];
  /** Who says what else. */
  readonly dissents: readonly Statement[];
}

/** Every value about which a source says something else than the manifest, in the order of the evidence. */
export function contradictions(manifest: Manifest): readonly Contradiction[] {
  const said = (manifest.evidence ?? []).flatMap(({ values }) =>
    Object.entries(values).flatMap(([pointer, each]) => (each.said === undefined || each.said === null ? [] : [pointer])),
  );
  const statements = evidenceOf(manifest);
  return [...new Set(said)].flatMap((pointer): Contradiction[] => {
    const { supports, dissents } = statements(pointer);
    return dissents.length === 0 ? [] : [{ pointer, value: resolvePointer(manifest, pointer), supports, dissents }];
  });
}

/** Does the statement at `at` speak of the value at `pointer`, which is the same place or below it? */
function covers({ members }: EvidenceValue, at: string, pointer: string): boolean {
  if (members === undefined) return true;
  const rest = parsePointer(pointer.slice(at.length)) ?? [];
  return members.some((pattern) => matches(pattern, rest));
}

/** Does a path lie at or below a pattern of `members`: keys with `/` between them, `*` for any key? */
export function matches(pattern: string, path: readonly string[]): boolean {
  const keys = parsePointer(`/${pattern}`);
  return keys !== undefined && keys.length <= path.length && keys.every((key, i) => key === '*' || key === path[i]);
}

/** Is what a source said a part of the list that the manifest has? */
function isPart(said: unknown, value: unknown): boolean {
  if (!Array.isArray(said) || !Array.isArray(value)) return false;
  const all = new Set(value.map(canonicalize));
  return said.every((item) => all.has(canonicalize(item)));
}

/** The pointer and all above it, the deepest first. */
export function pointersTo(pointer: string): readonly string[] {
  const all = [pointer];
  for (let at = pointer; at !== ''; all.push(at)) at = at.slice(0, at.lastIndexOf('/'));
  return all;
}

/** One statement before it is grouped with others of the same source. */
export type ValueEvidence = Omit<Evidence, 'values'> & EvidenceValue & { readonly pointer: string };

/** Evidence from single statements: one entry for each source, method and so on, and one more for what the source says instead. */
export function collectEvidence(statements: Iterable<ValueEvidence>): Evidence[] {
  const groups: Groups = new Map();
  for (const { pointer, key, members, said, ...head } of statements) {
    const value = valueWith(key, members, said);
    note(groups, value.said === undefined ? headKey(head) : `${headKey(head)}\u0001`, head, [pointer, value]);
  }
  return entriesOf(groups);
}

const valueWith = (key: string | undefined, members: EvidenceValue['members'], said: EvidenceValue['said']): EvidenceValue => ({
  ...(key === undefined ? {} : { key }),
  ...(members === undefined ? {} : { members }),
  ...(said === undefined || said === null ? {} : { said }),
});

/**
 * Joins entries that are the same but for their values, in the order in which they first appear. What two of them say of the same
 * value in different ways stays in two entries.
 */
export function groupEvidence(entries: readonly Evidence[]): Evidence[] {
  const groups: Groups = new Map();
  for (const { values, ...head } of entries) {
    const id = headKey(head);
    for (const value of Object.entries(values)) note(groups, id, head, value);
  }
  return entriesOf(groups);
}

type Head = Omit<Evidence, 'values'>;
interface Home {
  readonly head: Head;
  readonly values: Map<string, EvidenceValue>;
}
/** Entries in the making, by all but their values. */
type Groups = Map<string, Home[]>;

function note(groups: Groups, id: string, head: Head, [pointer, value]: readonly [string, EvidenceValue]): void {
  const group = groups.get(id) ?? [];
  if (group.length === 0) groups.set(id, group);
  for (const { values } of group) {
    const there = values.get(pointer);
    if (there !== undefined && !sameJson(there, value)) continue;
    values.set(pointer, value);
    return;
  }
  group.push({ head, values: new Map([[pointer, value]]) });
}

/** What tells entries apart. A document may have a statement for each of a hundred thousand things, so this must be quick. */
function headKey({ origin, method, source, ...rest }: Head): string {
  for (const _ in rest) return canonicalize({ origin, method, ...(source && { source }), ...rest });
  if (source?.digest !== undefined) return canonicalize({ origin, method, source });
  return [origin, method, source === undefined ? '-' : '+', source?.path, source?.uri, source?.name].join('\u0000');
}

const entriesOf = (groups: Groups): Evidence[] =>
  [...groups.values()].flatMap((group) => group.map(({ head, values }) => ({ ...head, values: bare(values) })));

/** Evidence without what it says of the places at or below some pointers; an entry that says nothing more is left out. */
export function withoutEvidence(entries: readonly Evidence[], pointers: Iterable<string>): Evidence[] {
  const gone = new Set(pointers);
  return mapPointers(entries, (pointer) => (pointersTo(pointer).some((each) => gone.has(each)) ? undefined : pointer));
}

/** Evidence about places that have other names now: each pointer at or below a moved one follows it, the deepest move first. */
export function movedEvidence(entries: readonly Evidence[], moved: ReadonlyMap<string, string>): Evidence[] {
  if (moved.size === 0) return [...entries];
  return mapPointers(entries, (pointer) => movedPointer(pointer, moved));
}

/** Where the place of a pointer is now. */
export function movedPointer(pointer: string, moved: ReadonlyMap<string, string>): string {
  for (const at of pointersTo(pointer)) {
    const to = moved.get(at);
    if (to !== undefined) return to + pointer.slice(at.length);
  }
  return pointer;
}

/** Evidence with other pointers; undefined drops what is said at one. */
export function mapPointers(entries: readonly Evidence[], to: (pointer: string) => string | undefined): Evidence[] {
  return entries.flatMap((entry): Evidence[] => {
    const values = Object.entries(entry.values).flatMap(([pointer, value]): [string, EvidenceValue][] => {
      const place = to(pointer);
      return place === undefined ? [] : [[place, value]];
    });
    return values.length === 0 ? [] : [{ ...entry, values: bare(values) }];
  });
}

/**
 * Evidence of a document that became part of another: it says of the values that it speaks of what they were. Where a place above a
 * value holds more than before, the entry is told by the values that it was about; where the value is another now, it has `said`.
 *
 * @param whole pointers of values that are one statement each, whatever they are made of
 */
export function narrowedEvidence(
  entries: readonly Evidence[],
  before: unknown,
  after: unknown,
  whole: ReadonlySet<string> = new Set(),
): Evidence[] {
  return entries.flatMap((entry): Evidence[] => {
    const values = Object.entries(entry.values).flatMap(([pointer, value]) => {
      const [was, is] = [resolvePointer(before, pointer), resolvePointer(after, pointer)];
      if (value.said !== undefined && value.said !== null)
        return [[pointer, sameJson(value.said, is) ? withoutSaid(value) : value] as const];
      return was === undefined ? [[pointer, value] as const] : [...narrowed(pointer, value, { was, is, whole })];
    });
    return values.length === 0 ? [] : [{ ...entry, values: bare(values) }];
  });
}

const withoutSaid = ({ said: _, ...value }: EvidenceValue): EvidenceValue => value;

interface Change {
  readonly was: unknown;
  readonly is: unknown;
  readonly whole: ReadonlySet<string>;
}

function* narrowed(pointer: string, value: EvidenceValue, { was, is, whole }: Change): Generator<readonly [string, EvidenceValue]> {
  if (sameJson(was, is)) yield [pointer, value];
  else if (!isObject(was) || !isObject(is) || whole.has(pointer))
    yield [pointer, { ...(value.key === undefined ? {} : { key: value.key }), said: was as JsonValue }];
  else {
    for (const [key, member] of Object.entries(was)) {
      const members = value.members?.flatMap((pattern) => below(pattern, key));
      if (members?.length === 0) continue;
      // A pattern that ends here speaks of all that is in it.
      const inner: EvidenceValue = members === undefined || members.includes('') ? {} : { members };
      yield* narrowed(pointer + pointerStep(key), inner, { was: member, is: own(is, key), whole });
    }
  }
}

/** What is left of a pattern of `members` below one of its keys: nothing when it is about others, `''` when it ends there. */
function below(pattern: string, key: string): readonly string[] {
  const end = pattern.indexOf('/');
  const head = end === -1 ? pattern : pattern.slice(0, end);
  return head === '*' || head === pointerStep(key).slice(1) ? [end === -1 ? '' : pattern.slice(end + 1)] : [];
}
