/** Sources that name the base of a model in their own ways: what is one model becomes one, what is not is a disagreement. */

import type { JsonValue } from '../core/canonical-json.js';
import type { Finding } from '../core/finding.js';
import { idFrom } from '../core/id.js';
import { TEXT_OF_CARD } from './collectors/model-card/prose.js';
import { type Addition, type Contribution, directoryOf } from './contribution.js';
import { hubPurl, plainName } from './values.js';

const PARENTS = '/model/lineage/parents';
const isAncestor = (each: Contribution): each is Addition => each.kind === 'addition' && each.list === PARENTS;
const nameOf = ({ item }: Addition): string => String(item.name);

const GGUF = 'GGUF header';

/** Whether the model came straight from what they name, by what they are read by; the most trusted first. */
const DIRECT: readonly string[] = [
  'PEFT adapter configuration',
  'Hugging Face configuration',
  'model card front matter',
  TEXT_OF_CARD,
  GGUF,
];

export interface SettledBases {
  readonly contributions: readonly Contribution[];
  readonly findings: readonly Finding[];
}

/**
 * One name, revision and purl for each base, and what another source names instead as its dissent.
 *
 * @param headers names that weight files give themselves, by path
 */
export function settleBases(
  contributions: readonly Contribution[],
  other: (kept: Addition, said: Addition) => Finding,
  headers: ReadonlyMap<string, string> = new Map(),
): SettledBases {
  const ancestors = contributions.filter(isAncestor);
  if (ancestors.length < 2) return { contributions, findings: [] };
  const keyOf = keys(ancestors);
  const bases = new Map<string, Base>();
  for (const each of ancestors) bases.set(keyOf(each), withFacts(bases.get(keyOf(each)), each));
  const kept = contradictions(withoutOlder(ancestors, headers), keyOf);
  const findings = new Map<string, Finding>();
  const settled = contributions.map((each) => {
    if (!isAncestor(each)) return each;
    const own = identified(each, bases.get(keyOf(each)));
    const better = kept.get(each);
    if (better === undefined) return own;
    // A place has no name that another one could contradict.
    if (nameOf(better) !== '') findings.set(`${each.from.path} ${each.from.method} ${nameOf(own)}`, other(better, own));
    return { ...each, item: identified(better, bases.get(keyOf(better))).item, at: '/name', said: nameOf(own) };
  });
  return { contributions: settled, findings: [...findings.values()] };
}

/** The last part of a path is the name of the repository that another source names. */
export function isSame(one: Addition, two: Addition): boolean {
  const [a, b] = [nameOf(one), nameOf(two)];
  if (a.toLowerCase() === b.toLowerCase()) return true;
  return a.includes('/') !== b.includes('/') && plainName(a) === plainName(b);
}

/** What tells bases apart: the repository, which a last part is of where it fits one alone. */
function keys(ancestors: readonly Addition[]): (each: Addition) => string {
  const wholes = new Map<string, Set<string>>();
  for (const each of ancestors) {
    const name = nameOf(each);
    if (name.includes('/')) wholes.set(plainName(name), (wholes.get(plainName(name)) ?? new Set()).add(name.toLowerCase()));
  }
  return (each) => {
    const name = nameOf(each);
    const fitting = name.includes('/') ? undefined : wholes.get(plainName(name));
    const [whole] = fitting ?? [];
    return fitting?.size === 1 && whole !== undefined ? whole : name.toLowerCase();
  };
}

/** What is known of one base from all that name it. */
interface Base {
  readonly name: string;
  readonly versions: ReadonlySet<string>;
  readonly onHub: boolean;
}

function withFacts(base: Base | undefined, each: Addition): Base {
  const name = nameOf(each);
  const { version } = each.item;
  return {
    name: base === undefined || (name.includes('/') && !base.name.includes('/')) ? name : base.name,
    versions:
      version === undefined || base?.versions.has(String(version)) === true
        ? (base?.versions ?? new Set())
        : new Set([...(base?.versions ?? []), String(version)].slice(0, 2)),
    onHub: base?.onHub === true || purlsOf(each.item.identifiers).some((purl) => purl.startsWith('pkg:huggingface/')),
  };
}

function identified(each: Addition, base: Base | undefined): Addition {
  if (base === undefined) return each;
  const { name, versions, onHub } = base;
  const { version: own, identifiers, ...rest } = each.item;
  // Two revisions are two statements: each keeps its own.
  const version = versions.size === 1 ? [...versions][0] : own;
  const all =
    onHub && name.includes('/')
      ? [{ type: 'purl', value: hubPurl(name, version === undefined ? undefined : String(version)) }, ...otherIdentifiers(identifiers)]
      : identifiers;
  return {
    ...each,
    item: {
      ...rest,
      ...(name === each.item.name ? {} : { id: idFrom(name) }),
      name,
      ...(version === undefined ? {} : { version }),
      ...(all === undefined ? {} : { identifiers: all }),
    },
  };
}

const identifiersOf = (value: JsonValue | undefined): readonly { readonly type?: JsonValue; readonly value?: JsonValue }[] =>
  Array.isArray(value) ? (value as readonly { readonly type?: JsonValue; readonly value?: JsonValue }[]) : []; // as collectors make them
const purlsOf = (value: JsonValue | undefined): readonly string[] =>
  identifiersOf(value).flatMap(({ type, value: text }) => (type === 'purl' ? [String(text)] : []));
const otherIdentifiers = (value: JsonValue | undefined): readonly JsonValue[] =>
  identifiersOf(value).filter(({ type }) => type !== 'purl') as readonly JsonValue[];

/**
 * The header of a quantised model names the parents of what was quantised: no contradiction to a card that names that model, which has the
 * name that stands in the header.
 */
function withoutOlder(ancestors: readonly Addition[], headers: ReadonlyMap<string, string>): readonly Addition[] {
  const others = ancestors.filter(({ from }) => from.method !== GGUF);
  const named = new Set(others.map((each) => plainName(nameOf(each))));
  const isQuantized = others.some(({ item }) => item.relation === 'quantize');
  const isOfBase = (path: string | undefined): boolean => named.has(plainName(headers.get(path ?? '') ?? ''));
  return ancestors.filter(({ from }) => from.method !== GGUF || (!isQuantized && !isOfBase(from.path)));
}

/** What a better source in the same directory names instead, when neither names what the other does. */
function contradictions(ancestors: readonly Addition[], keyOf: (each: Addition) => string): ReadonlyMap<Addition, Addition> {
  const places = new Map<string, Map<number, Addition[]>>();
  for (const each of ancestors) {
    const rank = DIRECT.indexOf(each.from.method);
    if (rank === -1 || each.hint === true) continue;
    const directory = directoryOf(each.from.path ?? '');
    const place = places.get(directory) ?? new Map<number, Addition[]>();
    places.set(directory, place);
    const list = place.get(rank);
    if (list === undefined) place.set(rank, [each]);
    else list.push(each);
  }
  const kept = new Map<Addition, Addition>();
  for (const place of places.values()) {
    const best = Math.min(...place.keys());
    const trusted = place.get(best) ?? [];
    const names = new Set(trusted.map(keyOf));
    for (const [rank, additions] of place)
      if (rank !== best && trusted[0] !== undefined && !additions.some((each) => names.has(keyOf(each))))
        for (const each of additions) kept.set(each, trusted[0]);
  }
  return kept;
}
