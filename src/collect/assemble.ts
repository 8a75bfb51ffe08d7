/** Contributions from all sources → one manifest, its evidence and the disagreements. */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { parsePointer } from '../core/json-pointer.js';
import { collectEvidence, type ValueEvidence } from '../manifest/evidence.js';
import { identityOf } from '../manifest/identity.js';
import type { Evidence } from '../schema/index.js';
import { type Addition, type Claim, type Contribution, type Origin, RANKS } from './contribution.js';

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
    const [best, ...others] = withoutGuesses(claims).sort((a, b) => a.rank - b.rank || byPath(a.from, b.from));
    if (best === undefined) continue;
    put(sections, pointer, best.value);
    for (const claim of [best, ...others]) {
      if (agree(claim.value, best.value)) evidence.push(valueEvidence(pointer, claim.from));
    }
    // What the caller says is a decision, not a disagreement.
    if (best.rank === RANKS.option) continue;
    findings.push(...others.filter((claim) => !agree(claim.value, best.value)).map((claim) => conflict(best, claim)));
  }
  for (const [list, additions] of groupBy(contributions.filter(isAddition), (addition) => addition.list))
    addItems(sections, list, additions, evidence);
  return { sections, evidence: collectEvidence(evidence), findings };
}

const isClaim = (contribution: Contribution): contribution is Claim => contribution.kind === 'claim';
/** The directory's name is a guess: it counts when nothing else speaks, and never as a disagreement. */
function withoutGuesses(claims: readonly Claim[]): Claim[] {
  const said = claims.filter(({ rank }) => rank < RANKS.directory);
  return said.length > 0 ? said : [...claims];
}

const isAddition = (contribution: Contribution): contribution is Addition => contribution.kind === 'addition';
const byPath = (a: Origin, b: Origin): number => ((a.path ?? '') < (b.path ?? '') ? -1 : 1);
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

/** Items of the same identity become one; members that an earlier one lacks are filled in. */
function addItems(sections: Json, list: string, additions: readonly Addition[], evidence: ValueEvidence[]): void {
  const name = list.slice(list.lastIndexOf('/') + 1);
  const items: Json[] = [];
  const places = new Map<string, number>();
  for (const { item, from } of additions) {
    const identity = identityOf(name, item, 'loose');
    const place = places.get(identity) ?? items.length;
    places.set(identity, place);
    items[place] = { ...filledIn(items[place] ?? {}, item), ...joinedRoles(items[place], item) };
    evidence.push(valueEvidence(`${list}/${place}`, from));
  }
  put(sections, list, items);
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

/** A dataset that one source trains on and another tests on does both. */
function joinedRoles(first: Json | undefined, second: { readonly [key: string]: JsonValue }): Json {
  if (!Array.isArray(first?.roles) || !Array.isArray(second.roles)) return {};
  return { roles: [...new Set([...(first.roles as readonly string[]), ...(second.roles as readonly string[])])] }; // roles are words
}

export function valueEvidence(pointer: string, { origin, path, name, key, method }: Origin): ValueEvidence {
  const source = path !== undefined ? { path } : name !== undefined ? { name } : undefined;
  return { pointer, origin, method, ...(source === undefined ? {} : { source }), ...(key === undefined ? {} : { key }) };
}

function conflict(kept: Claim, other: Claim): Finding {
  return {
    id: 'source-conflict',
    severity: 'medium',
    pointer: kept.pointer,
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
