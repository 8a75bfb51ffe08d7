/** Contributions from all sources → one manifest, its evidence and the disagreements. */
import { append } from '../core/append.js';
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { parsePointer, resolvePointer } from '../core/json-pointer.js';
import { collectEvidence, type ValueEvidence } from '../draft/manifest/evidence.js';
import { identityOf } from '../draft/manifest/identity.js';
import type { Evidence } from '../draft/schema/index.js';
import { isSameArchitecture } from './architectures.js';
import { type Addition, type Claim, type Contribution, type Origin, RANKS } from './contribution.js';
import { joinedStatus, settleGraph } from './graph.js';
import { fromPython } from './hyperparameters.js';

type Json = { [key: string]: JsonValue };

export interface Assembled {
  /** Sections by name, without `bom` and `artifacts`. */
  readonly sections: Json;
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
}

/** Joins claims and additions. The order of the contributions does not matter for claims, and decides the order of lists. */
export function assemble(contributions: readonly Contribution[]): Assembled {
  const sections: Json = {};
  const evidence: ValueEvidence[] = [];
  const findings: Finding[] = [];
  for (const [pointer, claims] of groupBy(contributions.filter(isClaim), (claim) => claim.pointer)) {
    const [best, ...others] = withoutGuesses(claims).sort(
      (a, b) => a.rank - b.rank || (a.nearness ?? 0) - (b.nearness ?? 0) || byPath(a.from, b.from),
    );
    if (best === undefined) continue;
    if (isJoined(pointer) && best.rank !== RANKS.option) {
      put(sections, pointer, unionOf([best, ...others]));
      append(
        evidence,
        [best, ...others].map((claim) => valueEvidence(pointer, claim.from)),
      );
      continue;
    }
    // Trackers keep every setting as text: another source tells its type.
    const kept =
      others.find(({ value }) => typeof best.value === 'string' && isSameSetting(pointer, value, best.value))?.value ?? best.value;
    put(sections, pointer, kept);
    for (const { value, from } of [best, ...others]) {
      const isSaid = agree(value, kept) || isSameSetting(pointer, value, kept);
      evidence.push({ ...valueEvidence(pointer, from), ...(isSaid ? {} : { said: value }) });
    }
    // What the caller says is a decision, not a disagreement.
    if (best.rank === RANKS.option) continue;
    append(
      findings,
      others.filter((claim) => !meansTheSame(pointer, claim.value, best.value)).map((claim) => conflict(pointer, best, claim)),
    );
  }
  const aliases = new Map<string, string>();
  for (const [list, additions] of groupBy(contributions.filter(isAddition), (addition) => addition.list))
    addItems(sections, list, additions, { evidence, findings, aliases });
  settleGraph(sections, aliases);
  return { sections, evidence: collectEvidence(evidence), findings };
}

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
  agree(a, b) || isSameSetting(pointer, a, b) || (pointer.endsWith('/model/architecture/name') && isSameArchitecture(String(a), String(b)));
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

function put(sections: Json, pointer: string, value: JsonValue): void {
  const keys = parsePointer(pointer) ?? [];
  const last = keys.pop() ?? '';
  let at = sections;
  for (const key of keys) at = (at[key] ??= {}) as Json; // claims name members of objects only
  at[last] = value;
}

/** Where joining writes down what it saw. */
interface Noted {
  readonly evidence: ValueEvidence[];
  readonly findings: Finding[];
  /** Ids that went when two items became one, and what the one is called. */
  readonly aliases: Map<string, string>;
}

/**
 * Lists whose items one source names and another dates: the same name is the same thing. Elsewhere (licences, components,
 * results) two items that differ in what tells them apart are two.
 */
const SAID_IN_PARTS = new Set(['datasets', 'ancestors', 'environments', 'parts', 'evaluations']);

/** Items of the same identity become one; members that an earlier one lacks are filled in. */
function addItems(sections: Json, list: string, additions: readonly Addition[], noted: Noted): void {
  const name = list.slice(list.lastIndexOf('/') + 1);
  const mode = SAID_IN_PARTS.has(name) ? 'loose' : 'exact';
  const items: Json[] = [];
  const places = new Map<string, number>();
  const placed = Uint32Array.from(additions, (addition) => {
    const identity = identityOf(name, addition.item, mode);
    const place = places.get(identity) ?? items.length;
    places.set(identity, place);
    const known = items[place];
    items[place] =
      known === undefined
        ? { ...addition.item }
        : { ...filledIn(known, addition.item), ...joinedLists(known, addition.item), ...joinedStatus(known, addition.item) };
    if (typeof known?.id === 'string' && typeof addition.item.id === 'string' && known.id !== addition.item.id)
      noted.aliases.set(addition.item.id, known.id);
    return place;
  });
  const first = new Map<string, Origin>();
  for (const [i, { item, at = '', from, said: instead }] of additions.entries()) {
    const place = placed[i] ?? 0;
    const pointer = `${list}/${place}${at}`;
    const said = instead ?? (resolvePointer(item, at) as JsonValue | undefined); // both are plain JSON
    const kept = resolvePointer(items[place], at) as JsonValue | undefined;
    const evidence = valueEvidence(kept === undefined ? `${list}/${place}` : pointer, from);
    if ((at !== '' || instead !== undefined) && said !== undefined && kept !== undefined && !holds(kept, said)) {
      noted.evidence.push({ ...evidence, said });
      // What was settled before was told there.
      if (instead === undefined)
        noted.findings.push(conflict(pointer, { value: kept, from: first.get(pointer) ?? from }, { value: said, from }));
    } else noted.evidence.push(SETS.has(name) && items.length > 1 ? { ...evidence, said: item } : evidence);
    if (at === '' && (mode === 'loose' || name === 'metrics'))
      dissents(`${list}/${place}`, { kept: items[place] ?? {}, said: item, from, first }, noted);
    if (!first.has(pointer)) first.set(pointer, from);
  }
  put(sections, list, items);
}

/** Lists that are sets: who said which members stands in the evidence, where more than one source speaks. */
const SETS: ReadonlySet<string> = new Set(['licenses']);

interface Told {
  readonly kept: Json;
  readonly said: { readonly [key: string]: JsonValue };
  readonly from: Origin;
  /** Who first spoke of each place. */
  readonly first: ReadonlyMap<string, Origin>;
}

/** Single values of an item of which another source said something else. */
function dissents(place: string, { kept, said, from, first }: Told, noted: Noted): void {
  for (const [key, value] of Object.entries(said)) {
    const known = kept[key];
    if (OURS.has(key) || known === undefined || isCollection(known) || isCollection(value) || agree(known, value)) continue;
    const pointer = `${place}/${key}`;
    noted.evidence.push({ ...valueEvidence(pointer, from), said: value });
    noted.findings.push(conflict(pointer, { value: known, from: first.get(pointer) ?? first.get(place) ?? from }, { value, from }));
  }
}

/** Members that collectors make up themselves. */
const OURS: ReadonlySet<string> = new Set(['id', 'provenanceStatus', 'role', 'status', 'verification']);

const isCollection = (value: JsonValue): boolean => typeof value === 'object' && value !== null;

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

function conflict(pointer: string, kept: Said, other: Said): Finding {
  return {
    id: 'source-conflict',
    severity: 'medium',
    pointer,
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
