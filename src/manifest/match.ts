/** Which things of one document are things of another, whatever their ids. */
import { PackageURL } from 'packageurl-js';
import { canonicalize } from '../core/canonical-json.js';
import { uniqueId } from '../core/id.js';
import { agree, isObject, type JsonObject, own } from '../core/objects.js';
import { type CollectionName, type Identifier, THINGS } from '../schema/index.js';
import type { ManifestPart } from './part.js';
import { type Names, renameIds } from './references.js';

/** What tells a thing from others of its kind. */
interface Identity {
  readonly purls: readonly string[];
  /** `algorithm:value`. */
  readonly digests: readonly string[];
  /** The name in all that it is made of, without version; nothing for what is known by its content only. */
  readonly name?: string;
  /** The name as Python compares it. */
  readonly python?: string;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  /** All of it, for what has no name. */
  readonly content?: string;
  /** Is it the same as what has the same id and says nothing else, though perhaps less? */
  readonly isByAgreement?: true;
}

type Identify = (item: JsonObject) => Identity;

const byContent: Identify = (item) => ({ purls: [], digests: [], content: canonicalize(item) });
const byAgreement: Identify = (item) => ({ ...byContent(item), isByAgreement: true });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const words = (...parts: readonly unknown[]): string => parts.map(text).join('\u0000');

/** By the name of the collection. */
const IDENTIFY: Readonly<Record<Exclude<CollectionName, 'artifacts'>, Identify>> = {
  components: (item) => ({ ...named(item, item.digest), kind: text(item.type) || undefined }),
  models: (item) => named(item, isObject(item.digest) ? item.digest.root : undefined),
  datasets: (item) => named(item, isObject(item.digest) ? item.digest.root : undefined),
  services: (item) => ({ purls: [], digests: [], name: words(item.name), kind: text(item.type) || undefined }),
  parties: (item) => ({ purls: [], digests: [], name: words(item.name) }),
  documents: byAgreement,
  environments: byAgreement,
  attestations: byAgreement,
  provenance: byAgreement,
  // Two results are two, unless they say the same.
  evaluations: byContent,
  robustnessTests: byContent,
};
const COLLECTIONS = Object.keys(IDENTIFY) as (keyof typeof IDENTIFY)[];

function named(item: JsonObject, digest: unknown): Identity {
  const { group, name, version } = item;
  return {
    purls: purlsOf(item),
    digests: isObject(digest) ? Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${text(value)}`) : [],
    name: words(group, name),
    // Source: https://packaging.python.org/en/latest/specifications/name-normalization/
    python: words(
      group,
      text(name)
        .replace(/[-_.]+/g, '-')
        .toLowerCase(),
    ),
    version: typeof version === 'string' ? version : undefined,
  };
}

/** The purls of a thing as the specification spells them, without qualifiers and subpath. */
export function purlsOf(item: { readonly identifiers?: unknown }): readonly string[] {
  const identifiers = Array.isArray(item.identifiers) ? (item.identifiers as readonly Identifier[]) : [];
  return identifiers.filter(({ type }) => type === 'purl').map(({ value }) => purlText(value, false));
}

/** A purl as the specification spells it; what is none, as it is. */
export function purlText(value: string, isWhole: boolean): string {
  try {
    const { type, namespace, name, version, qualifiers, subpath } = PackageURL.fromString(value);
    return new PackageURL(type, namespace, name, version, isWhole ? qualifiers : undefined, isWhole ? subpath : undefined).toString();
  } catch {
    return value;
  }
}

export interface MatchOptions {
  /** Is a thing of another version, when nothing else is it, what became of the first? For comparing an old and a new document. */
  readonly successors?: boolean;
}

/**
 * New names for the things of a second document: of what is in the first too, the name there; of what is not and whose name there means
 * something else, a free one. Components, models and datasets are known by purl, then by digest, then by name and version; what has no
 * name is the same only when all of it is.
 */
export function matchIds(first: ManifestPart, second: ManifestPart, options: MatchOptions = {}): Names {
  const names = new Map<CollectionName, Map<string, string>>();
  for (const space of spaces()) {
    const taken = new Set(space.flatMap((collection) => Object.keys(first[collection] ?? {})));
    taken.add('model');
    const rest: [CollectionName, string][] = [];
    const twins: [CollectionName, string, string][] = [];
    for (const collection of space) {
      // What is known by all of its content names other things, which have their new names by now.
      const [part = second] = renameIds({ [collection]: second[collection] ?? {} }, names);
      const found = matched(first, part, collection, options);
      const own = new Map<string, string>();
      names.set(collection, own);
      for (const [id, { there, twin }] of found) {
        if (there !== undefined && there !== id) own.set(id, there);
        if (twin !== undefined) twins.push([collection, id, twin]);
        else if (there === undefined) rest.push([collection, id]);
      }
    }
    // What keeps its name comes first, so that no other gets it.
    const free = rest.filter(([, id]) => !taken.has(id));
    for (const [, id] of free) taken.add(id);
    const keeps = new Set(free.map(([, id]) => id));
    for (const [collection, id] of rest) if (!keeps.has(id)) names.get(collection)?.set(id, uniqueId(id, taken));
    for (const [collection, id, twin] of twins) names.get(collection)?.set(id, names.get(collection)?.get(twin) ?? twin);
  }
  for (const [collection, map] of names) if (map.size === 0) names.delete(collection);
  return names;
}

/** Collections that share their ids, and those that have their own. */
const spaces = (): readonly (readonly (keyof typeof IDENTIFY)[])[] => {
  const shared: readonly string[] = THINGS;
  return [
    COLLECTIONS.filter((each) => shared.includes(each)),
    ...COLLECTIONS.filter((each) => !shared.includes(each)).map((each) => [each]),
  ];
};

/** Where a thing of the second is: in the first, or before in the second, which may have it twice; nowhere when it is new. */
interface Found {
  readonly there?: string | undefined;
  readonly twin?: string | undefined;
}

function matched(
  first: ManifestPart,
  second: ManifestPart,
  collection: keyof typeof IDENTIFY,
  { successors = false }: MatchOptions,
): ReadonlyMap<string, Found> {
  const identify = IDENTIFY[collection];
  // Collections are maps of objects, by the schema.
  const [mine = {}, theirs = {}] = [first[collection], second[collection]] as unknown as (
    | { readonly [id: string]: JsonObject }
    | undefined
  )[];
  const found = new Map<string, Found>();
  const [index, before] = [indexOf(mine, identify), indexOf({}, identify)];
  for (const [id, item] of Object.entries(theirs)) {
    const identity = identify(item);
    const same = own(mine, id);
    const there = same !== undefined && isOne(same, item, identify) ? id : index.find(identity);
    const twin = there === undefined && !successors ? before.find(identity) : undefined;
    found.set(id, { there, twin });
    if (there === undefined && twin === undefined) before.add(id, identity);
  }
  return successors ? withSuccessors(found, mine, theirs, identify) : found;
}

/** Each thing of the first is at most one of the second; what is left is paired by id and name, and by a name that only one has. */
function withSuccessors(
  found: ReadonlyMap<string, Found>,
  mine: { readonly [id: string]: JsonObject },
  theirs: { readonly [id: string]: JsonObject },
  identify: Identify,
): ReadonlyMap<string, Found> {
  const pairs = new Map<string, Found>();
  const used = new Set<string>();
  // One that has kept its id is more likely the same than one that has another.
  for (const [id, { there }] of [...found].sort(([a, x], [b, y]) => Number(y.there === b) - Number(x.there === a))) {
    const isFree = there !== undefined && !used.has(there);
    pairs.set(id, isFree ? { there } : {});
    if (isFree) used.add(there);
  }
  const lineOf = (item: JsonObject): string | undefined => identify(item).python ?? identify(item).name;
  const left = groupBy(
    Object.entries(mine).filter(([id]) => !used.has(id)),
    ([, item]) => lineOf(item),
  );
  const open = groupBy(
    Object.entries(theirs).filter(([id]) => pairs.get(id)?.there === undefined),
    ([, item]) => lineOf(item),
  );
  for (const [line, items] of open) {
    const others = left.get(line) ?? [];
    if (line !== undefined && items.length === 1 && others.length === 1) pairs.set(items[0]?.[0] ?? '', { there: others[0]?.[0] });
    else for (const [id] of items) if (others.some(([other]) => other === id)) pairs.set(id, { there: id });
  }
  return pairs;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string | undefined): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

interface Index {
  add(id: string, identity: Identity): void;
  find(identity: Identity): string | undefined;
}

function indexOf(items: { readonly [id: string]: JsonObject }, identify: Identify): Index {
  const places = new Map<string, string>();
  const purls = new Map<string, readonly string[]>();
  const first = (keys: readonly string[]): string | undefined => keys.map((key) => places.get(key)).find((id) => id !== undefined);
  const index: Index = {
    add(id, identity) {
      purls.set(id, identity.purls);
      for (const key of [...keysOf(identity), ...nameKeys(identity, true)]) if (!places.has(key)) places.set(key, id);
    },
    find(identity) {
      const whole = first(keysOf({ ...identity, digests: [] }));
      if (whole !== undefined) return whole;
      const digest = first(keysOf({ ...identity, purls: [] }));
      if (digest !== undefined && !haveOtherPurls(purls.get(digest) ?? [], identity.purls)) return digest;
      return first(nameKeys(identity, false));
    },
  };
  for (const [id, item] of Object.entries(items)) index.add(id, identify(item));
  return index;
}

const keysOf = ({ purls, digests, content }: Identity): readonly string[] => [
  ...purls.map((purl) => words('purl', purl)),
  ...digests.map((digest) => words('digest', digest)),
  ...(content === undefined ? [] : [words('content', content)]),
];

/**
 * Under which names something stands, or is looked for. Two that both have purls are told apart by these; names that are only the same
 * to Python count when one of the two is of Python. Where one of the two has no kind, it may be any.
 */
function nameKeys({ name, python, version = '', kind, purls }: Identity, stands: boolean): readonly string[] {
  const isOfPython = purls.some((purl) => purl.startsWith('pkg:pypi/'));
  const lists: (readonly [list: string, name: string | undefined])[] = stands
    ? [
        ['any', name],
        ...(purls.length === 0
          ? ([
              ['bare', name],
              ['bare python', python],
            ] as const)
          : []),
        ...(isOfPython ? ([['pypi', python]] as const) : []),
      ]
    : purls.length === 0
      ? [
          ['any', name],
          ['pypi', python],
        ]
      : [['bare', name], ...(isOfPython ? ([['bare python', python]] as const) : [])];
  const kinds = stands ? [kind ?? '', '*'] : kind === undefined ? ['*'] : [kind, ''];
  return lists.flatMap(([list, each]) => (each === undefined ? [] : kinds.map((one) => words(list, each, version, one))));
}

/** Is what stands under the same id the same thing? */
function isOne(there: JsonObject, item: JsonObject, identify: Identify): boolean {
  const [a, b] = [identify(there), identify(item)];
  return a.content === undefined ? isSame(a, b) : a.content === b.content || (b.isByAgreement === true && agree(there, item, true));
}

/** Is it the same thing by its name, as far as both say: one of the two may lack version, kind or purl? */
function isSame(a: Identity, b: Identity): boolean {
  if (a.name === undefined || b.name === undefined) return false;
  const agree = (x: string | undefined, y: string | undefined): boolean => x === undefined || y === undefined || x === y;
  if (!agree(a.version, b.version) || !agree(a.kind, b.kind)) return false;
  // Two purls tell more than a name, and they are not the same or it would have been found.
  if (a.purls.length > 0 && b.purls.length > 0) return a.purls.some((purl) => b.purls.includes(purl));
  if (a.name === b.name) return true;
  return a.python === b.python && [...a.purls, ...b.purls].some((purl) => purl.startsWith('pkg:pypi/'));
}

/** Do both have purls of one type that are not the same? */
function haveOtherPurls(a: readonly string[], b: readonly string[]): boolean {
  const typeOf = (purl: string): string => purl.slice(0, purl.indexOf('/'));
  const types = new Set(a.map(typeOf));
  return b.some((purl) => types.has(typeOf(purl)));
}
