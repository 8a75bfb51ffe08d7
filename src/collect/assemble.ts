/** Contributions from all sources → one document, its evidence and the disagreements. */
import { append } from '../core/append.js';
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { resolvePointer } from '../core/json-pointer.js';
import type { ValueEvidence } from '../manifest/evidence.js';
import type { Party } from '../schema/index.js';
import { isSameArchitecture } from './architectures.js';
import { type Addition, type Claim, type Contribution, type Origin, RANKS } from './contribution.js';
import { joinedStatus, settleDependencies } from './graph.js';
import { fromPython } from './hyperparameters.js';
import { likenessOf } from './likeness.js';
import { ALL, type Joined, type Json, type Parties, placeAll, put, type Where } from './places.js';

export interface Assembled {
  /** Sections by name, without `artifacts`, and of `bom` only what sources say of it. */
  readonly sections: Json;
  /** Ids of the authors. */
  readonly authors: readonly string[];
  /** How the subject came from every model that it came from, where sources say so and may name none. */
  readonly relation: JsonValue | undefined;
  /** Takes in parties of claims. */
  readonly parties: Parties;
  readonly evidence: readonly ValueEvidence[];
  readonly findings: readonly Finding[];
}

export interface AssembleOptions {
  /** Ids that things have which are not among the contributions. */
  readonly taken?: Iterable<string>;
  /** Who makes the document. */
  readonly authors?: readonly Party[];
}

/** A claim about every parent of a model at once. */
const OF_PARENTS = /^(.*\/lineage\/parents)\/\*(\/relation)$/;

/** Joins claims and additions. The order of the contributions does not matter for claims, and decides which of two alike things comes first. */
export function assemble(contributions: readonly Contribution[], { taken = [], authors = [] }: AssembleOptions = {}): Assembled {
  const sections: Json = {};
  const evidence: ValueEvidence[] = [];
  const findings: Finding[] = [];
  const relations = new Map<string, JsonValue>();
  const ofParents: (() => void)[] = [];
  const noted = { evidence, findings };
  for (const [pointer, claims] of groupBy(contributions.filter(isClaim), (claim) => claim.pointer)) {
    const settled = settle(pointer, claims);
    if (settled === undefined) continue;
    const list = OF_PARENTS.exec(pointer)?.[1];
    if (list === undefined) {
      put(sections, pointer, settled.kept);
      tell(settled, [pointer], noted);
    } else {
      relations.set(list, settled.kept);
      ofParents.push(() => {
        for (const pointer of where(list)(ALL, '/relation')) tell(placed(settled, resolvePointer(sections, pointer)), [pointer], noted);
      });
    }
  }
  const aliases = new Map<string, string>();
  const additions = groupBy(contributions.filter(isAddition), (addition) => addition.list);
  const joined = new Map([...additions].map(([list, own]) => [list, joinItems(list, own, aliases)]));
  const edges = joined.get('/dependencies');
  if (edges !== undefined) settleDependencies(edges.items, aliases);
  const { where, parties, authors: ids } = placeAll(sections, joined, { taken: new Set(taken), authors, relations });
  if (Object.keys(parties.all).length > 0) sections.parties = parties.all;
  for (const each of ofParents) each();
  for (const [list, { items, placed }] of joined) tellItems(list, additions.get(list) ?? [], { items, placed, where: where(list) }, noted);
  return { sections, authors: ids, relation: relations.get('/model/lineage/parents'), parties, evidence, findings };
}

/** What is kept of the claims for one value, and what each of them says. */
interface Settled {
  readonly kept: JsonValue;
  readonly best: Claim;
  readonly others: readonly Claim[];
  readonly pointer: string;
}

function settle(pointer: string, claims: readonly Claim[]): Settled | undefined {
  const [best, ...others] = withoutGuesses(claims).sort(
    (a, b) => a.rank - b.rank || (a.nearness ?? 0) - (b.nearness ?? 0) || byPath(a.from, b.from),
  );
  if (best === undefined) return undefined;
  if (isJoined(pointer) && best.rank !== RANKS.option) return { kept: unionOf([best, ...others]), best, others, pointer };
  // Trackers keep every setting as text: another source tells its type.
  const typed = others.find(({ value }) => typeof best.value === 'string' && isSameSetting(pointer, value, best.value));
  return { kept: typed?.value ?? best.value, best, others, pointer };
}

/** What is said of all parents, at one of them: a source may say of that alone how the model came from it. */
function placed(settled: Settled, at: unknown): Settled {
  const kept = at as JsonValue | undefined; // sections are plain JSON
  if (kept === undefined || agree(kept, settled.kept)) return settled;
  const claims = [settled.best, ...settled.others];
  const best = claims.find(({ value }) => agree(value, kept)) ?? settled.best;
  return { ...settled, kept, best, others: claims.filter((each) => each !== best) };
}

function tell({ pointer, kept, best, others }: Settled, places: readonly string[], { evidence, findings }: Noted): void {
  const isUnion = isJoined(pointer) && best.rank !== RANKS.option;
  const told = new Set<string>();
  for (const { value, from } of [best, ...others]) {
    const isSaid = isUnion || agree(value, kept) || isSameSetting(pointer, value, kept);
    if (isSaid && isTold(from, told)) continue;
    append(
      evidence,
      places.map((place) => ({ ...valueEvidence(place, from), ...(isSaid ? {} : { said: asSaid(value, kept) }) })),
    );
  }
  // What the caller says is a decision, not a disagreement.
  if (isUnion || best.rank === RANKS.option) return;
  append(
    findings,
    others
      .filter((claim) => !meansTheSame(pointer, claim.value, best.value) && !isBelow(claim, best))
      .map((claim) => conflict(places[0], best, claim)),
  );
}

/** Does a source only say that the value is no less? */
const isBelow = ({ isLeast, value }: Claim, kept: Claim): boolean =>
  isLeast === true && typeof value === 'number' && typeof kept.value === 'number' && value <= kept.value;

/** Has the same source told it before, under whatever key? */
function isTold(from: Origin, told: Set<string>): boolean {
  const source = sourceOf(from);
  if (told.has(source)) return true;
  told.add(source);
  return false;
}

const sourceOf = ({ origin, method, path, name }: Origin): string => [origin, method, path, name].join('\u0000');

/** Lists that each source knows a part of: an adapter says `lora`, the recipe `sft`. */
const isJoined = (pointer: string): boolean => pointer.endsWith('/training/methods');

const unionOf = (claims: readonly Claim[]): JsonValue => [
  ...new Set(claims.flatMap(({ value }) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]))), // words
];

const isClaim = (contribution: Contribution): contribution is Claim => contribution.kind === 'claim';
/** The directory's name is a guess: it counts when nothing else speaks, and never as a disagreement. */
function withoutGuesses(claims: readonly Claim[]): Claim[] {
  const said = claims.filter(({ rank }) => rank < RANKS.directory);
  return said.length > 0 ? said : [...claims];
}

const isAddition = (contribution: Contribution): contribution is Addition => contribution.kind === 'addition';
const byPath = (a: Origin, b: Origin): number => ((a.path ?? '') < (b.path ?? '') ? -1 : 1);

/** Is it the same value, or another word for it? */
const meansTheSame = (pointer: string, a: JsonValue, b: JsonValue): boolean =>
  agree(a, b) ||
  isSameSetting(pointer, a, b) ||
  (/^\/models?\/(?:[^/]*\/)?architecture\/name$/.test(pointer) && isSameArchitecture(String(a), String(b)));
/** Is one the text of the other, as a program in Python prints it? */
const isSameSetting = (pointer: string, a: JsonValue, b: JsonValue): boolean =>
  pointer.includes('/training/hyperparameters/') && typeof a !== typeof b && agreeAsPrinted(a, b);
const agreeAsPrinted = (a: JsonValue, b: JsonValue): boolean => {
  const [one, two] = [fromPython(a), fromPython(b)];
  return typeof one === typeof two && one === two;
};
const agree = (a: JsonValue, b: JsonValue): boolean => canonicalize(a) === canonicalize(b);

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Where joining writes down what it saw. */
interface Noted {
  readonly evidence: ValueEvidence[];
  readonly findings: Finding[];
}

interface JoinedFrom extends Joined {
  /** The item that each addition went into. */
  readonly placed: Uint32Array;
}

/** Items of the same identity become one; members that an earlier one lacks are filled in. Ids that went when two became one are aliases. */
function joinItems(list: string, additions: readonly Addition[], aliases: Map<string, string>): JoinedFrom {
  const { identity } = likenessOf(lastStep(list));
  const items: Json[] = [];
  const ids: (string | undefined)[] = [];
  const places = new Map<string, number>();
  const placed = Uint32Array.from(additions, (addition) => {
    const own = identity(addition.item);
    const place = places.get(own) ?? items.length;
    places.set(own, place);
    const known = items[place];
    const { id, ...item } = addition.item;
    items[place] = known === undefined ? item : { ...filledIn(known, item), ...joinedLists(known, item), ...joinedStatus(known, item) };
    if (typeof id !== 'string') return place;
    const first = (ids[place] ??= id);
    if (first !== id) aliases.set(id, first);
    return place;
  });
  ids.length = items.length;
  return { items, ids, placed };
}

const lastStep = (list: string): string => list.slice(list.lastIndexOf('/') + 1);

/** Lists that are sets: who said which members stands in the evidence, where there are several. */
const SETS: ReadonlySet<string> = new Set(['licenses']);

/** Who says what of the items of a list, and where they do not agree. */
function tellItems(
  list: string,
  additions: readonly Addition[],
  { items, placed, where }: Pick<JoinedFrom, 'items' | 'placed'> & { readonly where: Where },
  noted: Noted,
): void {
  const name = lastStep(list);
  const isInParts = name === 'metrics' || likenessOf(name).inParts === true;
  const isSet = SETS.has(name) && items.length > 1;
  const first = new Map<string, Origin>();
  const once = onceEach(placed, items.length);
  for (const [i, { item, at = '', from, said: instead }] of additions.entries()) {
    const place = placed[i] ?? 0;
    const said = instead ?? (resolvePointer(item, at) as JsonValue | undefined); // both are plain JSON
    const kept = resolvePointer(items[place], at) as JsonValue | undefined;
    const pointers = where(place, kept === undefined ? '' : at);
    if ((at !== '' || instead !== undefined) && said !== undefined && kept !== undefined && !holds(kept, said)) {
      for (const pointer of pointers)
        noted.evidence.push({ ...valueEvidence(pointer, from), said: asSaid(said, pointer === list ? [] : kept) });
      // What was settled before was told there.
      if (instead === undefined)
        noted.findings.push(conflict(pointers[0], { value: kept, from: first.get(`${place}${at}`) ?? from }, { value: said, from }));
    } else if (!isSet) for (const pointer of pointers) if (once(place, pointer, from)) noted.evidence.push(valueEvidence(pointer, from));
    if (!isInParts && at === '') continue;
    if (isInParts && at === '') dissents(place, { kept: items[place] ?? {}, said: item, from, first, where }, noted);
    if (!first.has(`${place}${at}`)) first.set(`${place}${at}`, from);
  }
  if (isSet) tellMembers(where(0, ''), additions, items.length, noted);
}

/** Is a source the first to say something of a place, under whatever key it does? Most things are named once. */
function onceEach(placed: Uint32Array, count: number): (place: number, pointer: string, from: Origin) => boolean {
  const counts = new Uint32Array(count);
  for (const place of placed) counts[place] = (counts[place] ?? 0) + 1;
  const told = new Map<string, Set<string>>();
  return (place, pointer, from) => {
    if (counts[place] === 1) return true;
    const sources = told.get(pointer) ?? new Set();
    told.set(pointer, sources);
    return !isTold(from, sources);
  };
}

/** Which members of a set each source gives. */
function tellMembers(places: readonly string[], additions: readonly Addition[], count: number, { evidence }: Noted): void {
  const sources = groupBy(
    additions.filter(({ said }) => said === undefined),
    ({ from }) => sourceOf(from),
  );
  for (const own of sources.values()) {
    const said = [...new Map(own.map(({ item }) => [canonicalize(item), item])).values()];
    for (const { from } of own.slice(0, 1))
      for (const pointer of places) evidence.push({ ...valueEvidence(pointer, from), ...(said.length === count ? {} : { said }) });
  }
}

interface Told {
  readonly kept: Json;
  readonly said: { readonly [key: string]: JsonValue };
  readonly from: Origin;
  /** Who first spoke of each place. */
  readonly first: ReadonlyMap<string, Origin>;
  readonly where: Where;
}

/** Single values of an item of which another source said something else. */
function dissents(place: number, { kept, said, from, first, where }: Told, noted: Noted): void {
  for (const [key, value] of Object.entries(said)) {
    const known = kept[key];
    if (OURS.has(key) || known === undefined || isCollection(known) || isCollection(value) || agree(known, value)) continue;
    const pointers = where(place, `/${key}`);
    for (const pointer of pointers) noted.evidence.push({ ...valueEvidence(pointer, from), said: value });
    const before = first.get(`${place}/${key}`) ?? first.get(`${place}`) ?? from;
    noted.findings.push(conflict(pointers[0], { value: known, from: before }, { value, from }));
  }
}

/** Members that collectors make up themselves. */
const OURS: ReadonlySet<string> = new Set(['id', 'provenanceStatus', 'role', 'status', 'verification']);

const isCollection = (value: JsonValue): boolean => typeof value === 'object' && value !== null;

/** What a source says in place of what was kept: of a list it is the members that the source gives. */
const asSaid = (said: JsonValue, kept: JsonValue): JsonValue => (Array.isArray(kept) && !Array.isArray(said) ? [said] : said);

/** Is what was said what was kept, or, of a list, in it? */
function holds(kept: JsonValue, said: JsonValue): boolean {
  return Array.isArray(kept) && Array.isArray(said) ? said.every((item) => kept.some((each) => agree(each, item))) : agree(kept, said);
}

/** What came first, with the members that it lacks taken from what came later, objects member by member. */
function filledIn(first: Json, later: { readonly [key: string]: JsonValue }): Json {
  const joined: Json = { ...first };
  for (const [key, value] of Object.entries(later)) {
    const known = joined[key];
    joined[key] = known === undefined ? value : isObject(known) && isObject(value) ? filledIn(known, value) : known;
  }
  return joined;
}

const isObject = (value: JsonValue | undefined): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists that each source adds to: a dataset that one trains on and another tests on does both; each probe knows its own devices. */
const JOINED = ['roles', 'accelerators', 'dependsOn', 'metrics'] as const;

function joinedLists(first: Json | undefined, second: { readonly [key: string]: JsonValue }): Json {
  const joined: Json = {};
  for (const name of JOINED) {
    const [one, two] = [first?.[name], second[name]];
    if (!Array.isArray(one) || !Array.isArray(two)) continue;
    const known = new Set(one.map(canonicalize));
    joined[name] = [...one, ...two.filter((item) => !known.has(canonicalize(item)))];
  }
  return joined;
}

export function valueEvidence(pointer: string, { origin, path, name, key, method }: Origin): ValueEvidence {
  const source = path !== undefined ? { path } : name !== undefined ? { name } : undefined;
  return { pointer, origin, method, ...(source === undefined ? {} : { source }), ...(key === undefined ? {} : { key }) };
}

type Said = Pick<Claim, 'value' | 'from'>;

function conflict(pointer: string | undefined, kept: Said, other: Said): Finding {
  return {
    id: 'source-conflict',
    severity: 'medium',
    ...(pointer === undefined ? {} : { pointer }),
    message: `${place(kept.from)} says ${excerpt(kept.value)}, ${place(other.from)} says ${excerpt(other.value)}; the first was kept`,
    fix: 'Find out which is right and correct the other source. The order of trust stands in docs/collect.md.',
    ...(other.from.path === undefined ? {} : { file: other.from.path }),
  };
}

const place = ({ path, name, key }: Origin): string => `\`${path ?? name ?? 'the caller'}\`${key === undefined ? '' : ` (${key})`}`;

function excerpt(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
