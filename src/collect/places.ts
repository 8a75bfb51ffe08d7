/**
 * The keys under which things stand in a document. Sources name things side by side, as items of a list; here each gets the key that the
 * specification keeps it under, and what a source says of it finds its place.
 */
import { canonicalize, type JsonValue } from '../core/canonical-json.js';
import { idFrom, uniqueId } from '../core/id.js';
import { parsePointer, pointerStep, toPointer } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import type { Party } from '../schema/index.js';

export type Json = { [key: string]: JsonValue };

/** The items of a list, each joined from all that sources say of it, without the ids that they propose. */
export interface Joined {
  readonly items: readonly Json[];
  readonly ids: (string | undefined)[];
}

/** Joined lists by their place in the document. */
export type Lists = ReadonlyMap<string, Joined>;

/** Where something that is said of an item stands: of the item as a whole in every place that holds of it, the first the most telling. */
export type Where = (item: number, at: string) => readonly string[];

/** Parties, each under one id however often it is named. */
export interface Parties {
  readonly all: Json;
  /** The id of a party. */
  idOf(party: JsonValue | Party): string;
}

/**
 * @param taken ids that no party may have
 * @param before parties that have an id already
 */
export function partyBook(taken: Set<string>, before: { readonly [id: string]: Party } = {}): Parties {
  const all = { ...before } as unknown as Json; // plain JSON
  const known = new Map(Object.entries(all).map(([id, party]) => [canonicalize(party), id]));
  for (const id of known.values()) taken.add(id);
  return {
    all,
    idOf(given) {
      const party = given as JsonValue; // plain JSON
      const text = canonicalize(party);
      const id = known.get(text) ?? uniqueId(idFrom(isObject(party) && typeof party.name === 'string' ? party.name : ''), taken);
      known.set(text, id);
      all[id] = party;
      return id;
    },
  };
}

/** Members of things that are parties. */
const PARTIES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  datasets: [['issuer'], ['maintenance', 'maintainer']],
  components: [['producer'], ['supplier']],
};

const NONE: (readonly [string, string])[] = [];

/** Says parties by their ids, in the members of a thing that are one; tells which. */
export function withPartyIds(collection: string, thing: Json, parties: Parties): readonly (readonly [at: string, id: string])[] {
  let named: (readonly [string, string])[] = NONE;
  for (const [member = '', inner] of PARTIES[collection] ?? []) {
    const value = thing[member];
    const party = inner === undefined || !isObject(value) ? value : value[inner];
    if (!isObject(party)) continue;
    const id = parties.idOf(party);
    thing[member] = inner === undefined ? id : { ...(value as Json), [inner]: id }; // an object, by the lines above
    named = [...named, [toPointer(inner === undefined ? [member] : [member, inner]), id]];
  }
  return named;
}

/** Things whose ids other things name: these keep the id that was proposed, in this order, where it is free. */
const NAMED = ['environments', 'datasets', 'composition', 'parents', 'components'];
/** Things with a new id, and from what it is made. */
const UNNAMED: Readonly<Record<string, (thing: Json) => JsonValue | undefined>> = {
  environments: ({ purpose }) => (Array.isArray(purpose) ? (purpose as readonly JsonValue[])[0] : undefined),
  components: ({ name }) => name,
  // Of several on one dataset the part tells which.
  evaluations: ({ name, uses }) =>
    [
      name,
      ...listOf(uses)
        .slice(0, 1)
        .flatMap(({ config, split }) => [config, split]),
    ]
      .filter((part) => typeof part === 'string')
      .join(' '),
  documents: ({ type }) => type,
};
/** Members of a thing that is one part of another, or that another came from, which say how, and not what it is. */
const OF_THE_STEP: Readonly<Record<string, ReadonlySet<string>>> = {
  composition: new Set(['className', 'path', 'library']),
  parents: new Set(['relation', 'role', 'weight', 'verification']),
};

const lastStep = (list: string): string => list.slice(list.lastIndexOf('/') + 1);
const listOf = (value: JsonValue | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []); // lists of objects, by their makers

/**
 * Puts the items of all lists into a document, and tells where each is.
 *
 * @param taken ids that are no thing's yet and may not become one
 * @param relations how a model came from all of its parents, by the list of these
 */
export function placeAll(
  document: Json,
  lists: Lists,
  {
    taken,
    authors,
    relations,
  }: { readonly taken: Set<string>; readonly authors: readonly Party[]; readonly relations: ReadonlyMap<string, JsonValue> },
): { readonly where: (list: string) => Where; readonly parties: Parties; readonly authors: readonly string[] } {
  nameThings(lists, taken);
  const parties = partyBook(taken);
  const ids = authors.map((author) => parties.idOf(author));
  const places = new Map<string, Where>();
  const ordered = [...lists].sort(([a], [b]) => orderOf(a) - orderOf(b));
  const named = new Map(ordered.map(([list, joined]) => [list, partiesIn(list, joined, parties)]));
  for (const [name, textOf] of Object.entries(UNNAMED)) {
    const { items = [], ids: own = [] } = lists.get(`/${name}`) ?? {};
    for (const [i, item] of items.entries()) {
      const text = own[i] === undefined ? textOf(item) : '';
      own[i] ??= uniqueId(idFrom(typeof text === 'string' ? text : ''), taken);
    }
  }
  for (const [list, joined] of ordered)
    places.set(list, place(document, list, joined, { parties: named.get(list) ?? [], relation: relations.get(list) }));
  return { where: (list) => places.get(list) ?? (() => []), parties, authors: ids };
}

/** Parties in the order of the document. */
const ORDER = [/^\/model\//, /^\/models\//, /^\/dataset/, /^\/components$/];
const orderOf = (list: string): number => {
  const at = ORDER.findIndex((pattern) => pattern.test(list));
  return at === -1 ? ORDER.length : at;
};

/** Gives every thing that others name an id of its own. The first of a name keeps it, so that references to it hold. */
function nameThings(lists: Lists, taken: Set<string>): void {
  // Several adapters may have one base, which is also that of the model.
  const bases = new Map<string, string>();
  for (const name of NAMED)
    for (const [list, { items, ids }] of lists) {
      if (lastStep(list) !== name) continue;
      for (const [i, item] of items.entries()) {
        const id = ids[i];
        if (id === undefined || item.here === true) continue;
        const what = name === 'parents' ? canonicalize(parted(name, item).thing) : undefined;
        const own = (what === undefined ? undefined : bases.get(what)) ?? uniqueId(id, taken);
        if (what !== undefined) bases.set(what, own);
        ids[i] = own;
      }
    }
}

/** What a thing is, and how it is part of another or another came from it. */
function parted(name: string, item: Json): { readonly thing: Json; readonly step: Json } {
  const [thing, step]: [Json, Json] = [{}, {}];
  for (const [key, value] of Object.entries(item)) if (key !== 'here') (OF_THE_STEP[name]?.has(key) === true ? step : thing)[key] = value;
  return { thing, step };
}

type NamedParties = readonly (readonly (readonly [at: string, id: string])[])[];

function partiesIn(list: string, { items }: Joined, parties: Parties): NamedParties {
  const name = lastStep(list);
  if (name === 'authors') return items.map((item) => [['', parties.idOf(item)]] as const);
  return PARTIES[name] === undefined ? [] : items.map((item) => withPartyIds(name, item, parties));
}

interface Around {
  readonly parties: NamedParties;
  readonly relation: JsonValue | undefined;
}

/** Puts one list where it belongs. */
function place(document: Json, list: string, joined: Joined, around: Around): Where {
  switch (lastStep(list)) {
    case 'environments':
    case 'components':
    case 'documents':
    case 'datasets':
    case 'evaluations':
      return placeThings(document, list, joined, around);
    case 'composition':
    case 'parents':
      return placeSteps(document, list, joined, around);
    case 'metrics':
    case 'stages': {
      const { keyed, keys } = lastStep(list) === 'metrics' ? keyedMetrics(joined.items) : keyedStages(joined.items);
      put(document, list, keyed);
      return (item, at) => [list + pointerStep(keys[item] ?? '') + at];
    }
    case 'dependencies':
      put(document, list, nodesOf(joined.items));
      return (item) => [list + pointerStep(String(joined.items[item]?.ref))];
    case 'authors': {
      const ids = around.parties.map(([named]) => named?.[1] ?? '');
      put(document, list, [...new Set(ids)]);
      return (item) => [list, `/parties/${ids[item]}`];
    }
    default:
      put(document, list, joined.items);
      return () => [list];
  }
}

function placeThings(document: Json, list: string, { items, ids }: Joined, { parties }: Around): Where {
  const things = Object.fromEntries(items.map((item, i) => [ids[i] ?? '', withKeys(item)]));
  put(document, list, things);
  return (i, at) => {
    const also = (parties[i] ?? []).flatMap(([member, id]) =>
      member === at || member.startsWith(`${at}/`)
        ? [`/parties/${id}`]
        : at.startsWith(`${member}/`)
          ? [`/parties/${id}${at.slice(member.length)}`]
          : [],
    );
    return [`${list}/${ids[i]}${outOfLists(items[i], at)}`, ...also];
  };
}

/** Lists inside of a thing whose items stand under keys, too. */
function withKeys(thing: Json): Json {
  const { uses, sources, metrics } = thing;
  if (uses === undefined && sources === undefined && metrics === undefined) return thing;
  return {
    ...thing,
    ...(uses === undefined ? {} : { uses: keyedUses(uses) }),
    ...(sources === undefined ? {} : { sources: keyedUses(sources) }),
    ...(metrics === undefined ? {} : { metrics: keyedMetrics(listOf(metrics)).keyed }),
  };
}

/** Uses of datasets, each under the id of the dataset, and what came of it where one has several. */
function keyedUses(uses: JsonValue): Json {
  const taken = new Set<string>();
  return Object.fromEntries(listOf(uses).map((use) => [uniqueId(String(use.dataset), taken), use]));
}

/** A pointer inside of a value, cut at the first list on its way: a list is pointed at as a whole. */
function outOfLists(value: JsonValue | undefined, at: string): string {
  const keys = parsePointer(at) ?? [];
  let inner = value;
  for (const [depth, key] of keys.entries()) {
    if (Array.isArray(inner)) return toPointer(keys.slice(0, depth));
    inner = isObject(inner) ? inner[key] : undefined;
  }
  return at;
}

/** Models that are parts of one, or that it came from: they stand among the models, and what ties them to it stands with it. */
function placeSteps(document: Json, list: string, { items, ids }: Joined, { relation }: Around): Where {
  const name = lastStep(list);
  const models = (document.models ??= {}) as Json; // a collection
  const steps: Json = {};
  for (const [i, item] of items.entries()) {
    const id = ids[i] ?? '';
    const { thing, step } = parted(name, item);
    if (item.here !== true) models[id] = name === 'parents' ? thing : { name: id, kind: 'part', ...thing };
    steps[id] = name === 'parents' ? parentStep(id, step, relation) : { model: id, relation: 'part', ...step };
  }
  put(document, list, steps);
  return (i, at) => {
    if (i === ALL) return Object.keys(steps).map((id) => `${list}/${id}${at}`);
    const [step, thing] = [`${list}/${ids[i]}`, ...(items[i]?.here === true ? [] : [`/models/${ids[i]}`])];
    if (at === '') return [...(thing === undefined ? [] : [thing]), step];
    const [member = ''] = parsePointer(at) ?? [];
    return [(OF_THE_STEP[name]?.has(member) === true ? step : (thing ?? step)) + outOfLists(items[i], at)];
  };
}

/** The number of what is said of all items at once. */
export const ALL = -1;

function parentStep(model: string, step: Json, all: JsonValue | undefined): Json {
  const relation = step.relation ?? all;
  return { model, ...step, relation: relation === undefined || relation === 'other' ? 'derived' : relation };
}

/** Stages in their order, each after the one before it. */
function keyedStages(stages: readonly Json[]): { readonly keyed: Json; readonly keys: readonly string[] } {
  const taken = new Set<string>();
  const keys = stages.map(({ name }) => uniqueId(idFrom(String(name)), taken));
  const keyed = stages.map(({ name = '', ...stage }, i): [string, Json] => {
    const [key = '', before] = [keys[i], keys[i - 1]];
    return [key, withKeys({ ...(key === name ? {} : { name }), ...(before === undefined ? {} : { after: [before] }), ...stage })];
  });
  return { keyed: Object.fromEntries(keyed), keys };
}

/** Metrics by name; what is measured twice is told apart by what it was measured on. */
function keyedMetrics(metrics: readonly Json[]): { readonly keyed: Json; readonly keys: readonly string[] } {
  const keyed = new Map<string, Json>();
  const keys = metrics.map(({ name = '', ...metric }) => {
    const key = metricKey(String(name), metric.slice, keyed);
    keyed.set(key, key === name && !key.startsWith('unnamed') ? metric : { name, ...metric });
    return key;
  });
  return { keyed: Object.fromEntries(keyed), keys };
}

function metricKey(name: string, slice: JsonValue | undefined, taken: ReadonlyMap<string, Json>): string {
  const short = name.slice(0, 200);
  const long = (typeof slice === 'string' ? `${short} ${slice}` : short).slice(0, 240);
  let key = [short, long].find((each) => !taken.has(each));
  for (let n = 2; key === undefined; n++) if (!taken.has(`${long} ${n}`)) key = `${long} ${n}`;
  return key;
}

/** Least sure first: what is said of one kind of edge holds for the node only as far as all say it. */
const SURE = ['unknown', 'partial', 'complete'];

/** Nodes by the thing that depends, from edges of one kind each. */
function nodesOf(edges: readonly Json[]): Json {
  const nodes = new Map<string, { readonly edges: Json; completeness?: string }>();
  for (const { ref, kind, dependsOn, completeness } of edges) {
    const node = nodes.get(String(ref)) ?? { edges: {} };
    const targets = listOf(dependsOn);
    if (targets.length > 0) node.edges[String(kind)] = targets;
    const least = SURE.find((word) => word === node.completeness || word === completeness);
    nodes.set(String(ref), least === undefined ? node : { ...node, completeness: least });
  }
  return Object.fromEntries(
    [...nodes].map(([ref, { edges: kinds, ...node }]) => [ref, { ...(Object.keys(kinds).length === 0 ? {} : { edges: kinds }), ...node }]),
  );
}

/** Puts a value at a pointer into objects. */
export function put(document: Json, pointer: string, value: JsonValue): void {
  const keys = parsePointer(pointer) ?? [];
  const last = keys.pop() ?? '';
  let at = document;
  for (const key of keys) at = (at[key] ??= {}) as Json; // members of objects only
  at[last] = value;
}
