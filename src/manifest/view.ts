/**
 * Views of a manifest for an audience. `bom.audiences` says who may see what; a view leaves out the rest and says so,
 * with a declaration for every place.
 */
import { MsbomError } from '../core/error.js';
import { parsePointer, pointerStep } from '../core/json-pointer.js';
import { checkSchema } from '../schema/check.js';
import type { Declaration, Evidence, Manifest } from '../schema/index.js';
import { declarationsOf, withCoverage } from './view-declarations.js';
import { KEYED_BY_POINTERS, lostAlong, type Place, parentsOf } from './view-losses.js';

export const VIEWS = ['public', 'downstream', 'authority', 'internal'] as const;
export type View = (typeof VIEWS)[number];

type Audience = NonNullable<Manifest['bom']['audiences']>[string];

/** Who else sees what is for an audience. The AI Office is an authority. */
const SEES: Readonly<Record<View, ReadonlySet<Audience>>> = {
  public: new Set<Audience>(['public']),
  downstream: new Set<Audience>(['public', 'downstream']),
  authority: new Set<Audience>(['public', 'downstream', 'authority', 'aiOffice']),
  internal: new Set<Audience>(['public', 'downstream', 'authority', 'aiOffice', 'internal']),
};

export interface ViewResult {
  /** Without the values, and all that refers to them. What it must not lack may be gone: `validateManifest` tells. */
  readonly manifest: Manifest;
  /** Pointers of what was left out, in the manifest that was given; the parts of what was left out as a whole are not listed. */
  readonly withheld: readonly string[];
}

interface Run {
  readonly audiences: ReadonlyMap<string, Audience>;
  /** Uses of things that are withheld: withheld as well. */
  readonly hidden: ReadonlySet<string>;
  /** What only speaks of things that are gone: left out without a word. */
  readonly idle: ReadonlySet<string>;
  /** Places with an entry, a hidden or an idle place somewhere below them. */
  readonly above: ReadonlySet<string>;
  readonly sees: ReadonlySet<Audience>;
  readonly withheld: string[];
  /** All places where nothing is any more: withheld, idle, or left with nothing in them. */
  readonly gone: Set<string>;
  /** Where in its list each item is now, of lists that lost some. */
  readonly moved: Map<string, number>;
}

/**
 * The manifest as the audience may see it; the same object when it may see all.
 *
 * @throws ERR_MANIFEST_INVALID when what a manifest must have is not for the audience
 */
export function viewOf(manifest: Manifest, view: View): ViewResult {
  const audiences = new Map(Object.entries(manifest.bom.audiences ?? {}));
  let hidden: ReadonlySet<string> = new Set();
  let idle: ReadonlySet<string> = new Set();
  for (;;) {
    const above = new Set([...audiences.keys(), ...hidden, ...idle].flatMap(parentsOf));
    const run: Run = { audiences, hidden, idle, above, sees: SEES[view], withheld: [], gone: new Set(), moved: new Map() };
    const kept = keep(manifest, '', 'public', run);
    const { withheld } = run;
    if (withheld.length === 0) return { manifest, withheld };
    // The members that are left have the types that they had.
    const seen = (kept ?? {}) as Manifest;
    const place = placer(run);
    // What is gone only grows from round to round.
    const along = lostAlong(manifest, seen, place, withheld);
    const nextHidden: ReadonlySet<string> = new Set([...hidden, ...along.hidden]);
    const nextIdle: ReadonlySet<string> = new Set([...idle, ...along.idle]);
    if (nextHidden.size === hidden.size && nextIdle.size === idle.size) {
      refuseUnlessWhole(seen, run.moved, view);
      return {
        manifest: tellOf(withCoverage(manifest, seen, place, withheld), place, declarationsOf(manifest, withheld, place, view)),
        withheld,
      };
    }
    [hidden, idle] = [nextHidden, nextIdle];
  }
}

function refuseUnlessWhole(seen: Manifest, moved: Run['moved'], view: View): void {
  const [first] = checkSchema(seen);
  if (first === undefined) return;
  throw new MsbomError('ERR_MANIFEST_INVALID', `what the view ${view} may see is no manifest: something it must have is for others`, {
    pointer: originOf(first.instancePath, moved),
    hint: 'Correct `bom.audiences` so that required fields have the audience of what holds them.',
  });
}

/** Where in the original a place of what is left was. */
function originOf(pointer: string, moved: Run['moved']): string {
  let origin = '';
  for (const key of parsePointer(pointer) ?? []) {
    const item = [...moved].find(([from, now]) => String(now) === key && from.slice(0, from.lastIndexOf('/')) === origin);
    origin = item?.[0] ?? origin + pointerStep(key);
  }
  return origin;
}

/** What is left of a value; undefined when nothing is. */
function keep(value: unknown, pointer: string, inherited: Audience, run: Run): unknown {
  const audience = run.audiences.get(pointer) ?? inherited;
  const parts = keepParts(value, pointer, audience, run);
  const left = run.idle.has(pointer) ? undefined : parts;
  if (left === undefined) run.gone.add(pointer);
  return left;
}

function keepParts(value: unknown, pointer: string, audience: Audience, run: Run): unknown {
  const isSeen = run.sees.has(audience) && !run.hidden.has(pointer);
  const hasParts = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  // What is idle and may be seen can hold what is withheld, which is told.
  const isWhole = run.hidden.has(pointer) || (run.idle.has(pointer) && !isSeen) || !run.above.has(pointer);
  if (isWhole || !hasParts) {
    if (!isSeen) run.withheld.push(pointer);
    return isSeen ? value : undefined;
  }
  const told = run.withheld.length;
  const left = Array.isArray(value) ? keepItems(value, pointer, audience, run) : keepMembers(value, pointer, audience, run);
  // Without a part that may be seen it is one place.
  if (left === undefined && !isSeen) run.withheld.splice(told, Number.POSITIVE_INFINITY, pointer);
  return left;
}

function keepMembers(value: object, pointer: string, audience: Audience, run: Run): unknown {
  const members = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const left = keep(member, pointer + pointerStep(key), audience, run);
    return left === undefined ? [] : [[key, left]];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

function keepItems(items: readonly unknown[], pointer: string, audience: Audience, run: Run): unknown {
  const kept: unknown[] = [];
  items.forEach((item, i) => {
    const left = keep(item, `${pointer}/${i}`, audience, run);
    if (left === undefined) return;
    if (kept.length !== i) run.moved.set(`${pointer}/${i}`, kept.length);
    kept.push(left);
  });
  return kept.length > 0 ? kept : undefined;
}

/** With the new pointers of what is left, and a declaration for what is not. */
function tellOf(seen: Manifest, place: Place, told: readonly Declaration[]): Manifest {
  const { evidence, bom, ...rest } = seen;
  const { audiences, declarations = [], ...others } = bom;
  return {
    bom: {
      ...others,
      declarations: [...declarations.map((each) => ({ ...each, pointer: placed(each.pointer, place) })), ...told],
      ...(audiences === undefined ? {} : { audiences: rekey(audiences, place) }),
    },
    ...rest,
    ...(evidence === undefined ? {} : { evidence: evidence.map((entry) => evidenceOf(entry, place)) }),
  };
}

function evidenceOf({ keys, pointers, ...rest }: Evidence, place: Place): Evidence {
  return {
    ...rest,
    pointers: pointers.map((pointer) => placed(pointer, place)),
    ...(keys === undefined ? {} : { keys: rekey(keys, place) }),
  };
}

const rekey = <T>(map: Readonly<Record<string, T>>, place: Place): Record<string, T> =>
  Object.fromEntries(Object.entries(map).map(([pointer, value]) => [placed(pointer, place), value]));

/** The new pointer of what is left. */
const placed = (pointer: string, place: Place): string => place(pointer) ?? pointer;

/** The new pointer of a place; undefined when it is gone, or what holds it is. */
function placer({ gone, moved }: Run): Place {
  const place: Place = (pointer) => {
    let [at, now] = ['', ''];
    for (const key of parsePointer(pointer) ?? []) {
      const renamed = KEYED_BY_POINTERS.test(at) ? placed(key, place) : key;
      at += pointerStep(key);
      if (gone.has(at)) return undefined;
      now += pointerStep(String(moved.get(at) ?? renamed));
    }
    return now;
  };
  return place;
}
