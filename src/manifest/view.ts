/**
 * Views of a manifest for an audience. `bom.audiences` says who may see what; a view leaves out the rest and says so,
 * with a declaration for every place.
 */
import { MsbomError } from '../core/error.js';
import { parsePointer, resolvePointer, toPointer } from '../core/json-pointer.js';
import { checkSchema } from '../schema/check.js';
import type { Declaration, Evidence, Manifest } from '../schema/index.js';
import { FREE_FORM, holdsId } from './references.js';

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
  /** Uses of things that are withheld. */
  readonly hidden: ReadonlySet<string>;
  /** Places with an entry or a hidden place somewhere below them. */
  readonly above: ReadonlySet<string>;
  readonly sees: ReadonlySet<Audience>;
  readonly withheld: string[];
  /** Where each item of a list that lost some is now. */
  readonly moved: Map<string, string>;
}

/**
 * The manifest as the audience may see it; the same object when it may see all.
 *
 * @throws ERR_MANIFEST_INVALID when what a manifest must have is not for the audience
 */
export function viewOf(manifest: Manifest, view: View): ViewResult {
  const audiences = new Map(Object.entries(manifest.bom.audiences ?? {}));
  let hidden: ReadonlySet<string> = new Set();
  for (;;) {
    const above = new Set([...audiences.keys(), ...hidden].flatMap(parentsOf));
    const run: Run = { audiences, hidden, above, sees: SEES[view], withheld: [], moved: new Map() };
    const kept = keep(manifest, '', 'public', run);
    if (run.withheld.length === 0) return { manifest, withheld: [] };
    // The members that are left have the types that they had.
    const seen = (kept ?? {}) as Manifest;
    const next = new Set([...usesOfLost(manifest, seen), ...wholes(manifest, run.withheld)]);
    if (next.size === hidden.size) refuseUnlessWhole(seen, view);
    if (next.size === hidden.size)
      return { manifest: tellOf(withCoverage(seen, run.withheld), manifest, run, view), withheld: run.withheld };
    hidden = next;
  }
}

function refuseUnlessWhole(seen: Manifest, view: View): void {
  const [first] = checkSchema(seen);
  if (first === undefined) return;
  throw new MsbomError('ERR_MANIFEST_INVALID', `what the view ${view} may see is no manifest: something it must have is for others`, {
    pointer: first.instancePath,
    hint: 'Correct `bom.audiences` so that required fields have the audience of what holds them.',
  });
}

function parentsOf(pointer: string): readonly string[] {
  const keys = parsePointer(pointer) ?? [];
  return keys.map((_, i) => toPointer(keys.slice(0, i)));
}

/** What is left of a value; undefined when nothing is. */
function keep(value: unknown, pointer: string, inherited: Audience, run: Run): unknown {
  const audience = run.audiences.get(pointer) ?? inherited;
  const isSeen = run.sees.has(audience) && !run.hidden.has(pointer);
  if (!run.above.has(pointer) || run.hidden.has(pointer)) {
    if (!isSeen) run.withheld.push(pointer);
    return isSeen ? value : undefined;
  }
  if (Array.isArray(value)) return keepItems(value, pointer, audience, run);
  if (typeof value !== 'object' || value === null) return isSeen ? value : undefined;
  const members = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const left = keep(member, pointer + toPointer([key]), audience, run);
    return left === undefined ? [] : [[key, left]];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

function keepItems(items: readonly unknown[], pointer: string, audience: Audience, run: Run): unknown {
  const kept: unknown[] = [];
  items.forEach((item, i) => {
    const left = keep(item, `${pointer}/${i}`, audience, run);
    if (left === undefined) return;
    if (kept.length !== i) run.moved.set(`${pointer}/${i}`, `${pointer}/${kept.length}`);
    kept.push(left);
  });
  return kept.length > 0 ? kept : undefined;
}

/** Where the original names things that are gone: the ids, the paths of files, and edges that would lead nowhere. */
function usesOfLost(original: Manifest, seen: Manifest): ReadonlySet<string> {
  const [before, after] = [idsOf(original), idsOf(seen)];
  const lost = new Set([...before].filter((id) => !after.has(id)));
  const uses = new Set<string>();
  if (lost.size > 0) collectUses(original, '', '', '', lost, uses);
  original.dependencies?.forEach(({ ref, dependsOn }, i) => {
    // An edge to nothing that may be seen would say that there is none.
    if (lost.has(ref) || (dependsOn.length > 0 && dependsOn.every((id) => lost.has(id)))) uses.add(`/dependencies/${i}`);
  });
  const gone = hiddenPaths(original, seen);
  original.adapters?.forEach(({ artifacts }, i) => {
    artifacts?.forEach((path, j) => {
      if (gone.has(path)) uses.add(`/adapters/${i}/artifacts/${j}`);
    });
  });
  return uses;
}

/** Paths of the files that are withheld. */
function hiddenPaths(original: Manifest, seen: Manifest): ReadonlySet<string> {
  const left = new Set((seen.artifacts ?? []).map(({ path }) => path));
  return new Set((original.artifacts ?? []).map(({ path }) => path).filter((path) => !left.has(path)));
}

function idsOf(manifest: Manifest): ReadonlySet<string> {
  const ids = new Set<string>(['model']);
  const visit = (value: unknown, key: string, parent: string): void => {
    if (typeof value === 'string') {
      if (key === 'id' && holdsId(key, parent)) ids.add(value);
    } else if (Array.isArray(value)) for (const item of value) visit(item, key, parent);
    else if (typeof value === 'object' && value !== null && !FREE_FORM.has(key))
      for (const [name, member] of Object.entries(value)) visit(member, name, key);
  };
  visit(manifest, '', '');
  return ids;
}

function collectUses(value: unknown, pointer: string, key: string, parent: string, lost: ReadonlySet<string>, uses: Set<string>): void {
  if (typeof value === 'string') {
    if (key !== 'id' && holdsId(key, parent) && lost.has(value)) uses.add(pointer);
  } else if (Array.isArray(value)) value.forEach((item, i) => void collectUses(item, `${pointer}/${i}`, key, parent, lost, uses));
  else if (typeof value === 'object' && value !== null && !FREE_FORM.has(key))
    for (const [name, member] of Object.entries(value)) collectUses(member, pointer + toPointer([name]), name, key, lost, uses);
}

const isFile = (pointer: string): boolean => /^\/artifacts(\/|$)/.test(pointer);

/** What is about the whole and does not hold of a part: signatures, digests over all files, and content that may hold what is withheld. */
function wholes({ foreign, bom, model }: Manifest, withheld: readonly string[]): readonly string[] {
  return [
    ...(foreign === undefined ? [] : ['/foreign']),
    ...(bom.signatures === undefined ? [] : ['/bom/signatures']),
    ...(model?.rootDigest === undefined || !withheld.some(isFile) ? [] : ['/model/rootDigest']),
  ];
}

function withCoverage(manifest: Manifest, withheld: readonly string[]): Manifest {
  if (!withheld.some(isFile)) return manifest;
  return { ...manifest, bom: { ...manifest.bom, coverage: { ...manifest.bom.coverage, artifacts: 'partial' } } };
}

/** Pointers and keys of evidence are written anew: what is said about one of them has no place any more. */
const INSIDE_EVIDENCE = /^\/evidence\/\d+\/(pointers|keys)(\/|$)/;

/** Evidence, audiences and declarations of what is left, and a declaration for what is not. */
function tellOf(manifest: Manifest, original: Manifest, run: Run, view: View): Manifest {
  const { evidence, bom, ...rest } = manifest;
  const place = placer(run, manifest);
  const hidden = hiddenPaths(original, manifest);
  const about: Place = (pointer) => (INSIDE_EVIDENCE.test(pointer) ? undefined : place(pointer));
  const sources = evidence?.flatMap((entry) => evidenceOf(entry, about, hidden) ?? []);
  const audiences = Object.entries(bom.audiences ?? {}).flatMap(([pointer, audience]) => {
    const at = place(pointer);
    const isGone = at === undefined || (INSIDE_EVIDENCE.test(at) && resolvePointer({ evidence: sources ?? [] }, at) === undefined);
    return isGone ? [] : [[at, audience] as const];
  });
  const { audiences: _audiences, declarations = [], ...others } = bom;
  const stated = declarations.flatMap((each): Declaration[] => {
    const pointer = place(each.pointer);
    return pointer === undefined ? [] : [{ ...each, pointer }];
  });
  return {
    bom: {
      ...others,
      declarations: [...stated, ...declarationsOf(run.withheld, place, view)],
      ...(audiences.length > 0 ? { audiences: Object.fromEntries(audiences) } : {}),
    },
    ...rest,
    ...(sources === undefined || sources.length === 0 ? {} : { evidence: sources }),
  };
}

/** The new pointer of a place; undefined when there is nothing any more, in whole or because of what holds it. */
function placer({ withheld, moved }: Run, seen: Manifest): Place {
  const gone = new Set(withheld);
  return (pointer) => {
    let [at, now] = ['', ''];
    for (const key of parsePointer(pointer) ?? []) {
      const step = toPointer([key]);
      at += step;
      if (gone.has(at)) return undefined;
      const target = moved.get(at);
      now += target === undefined ? step : target.slice(target.lastIndexOf('/'));
    }
    return resolvePointer(seen, now) === undefined ? undefined : now;
  };
}

type Place = (pointer: string) => string | undefined;

/** The evidence for what is left; a file that is withheld is not named as its source either. */
function evidenceOf(entry: Evidence, place: Place, hidden: ReadonlySet<string>): Evidence | undefined {
  const { keys, source, ...rest } = entry;
  const isHidden = source?.path !== undefined && hidden.has(source.path);
  const pointers = entry.pointers.flatMap((pointer) => place(pointer) ?? []);
  if (pointers.length === 0) return undefined;
  const named = Object.entries(keys ?? {}).flatMap(([pointer, key]) => {
    const at = place(pointer);
    return at === undefined || !pointers.includes(at) ? [] : [[at, key] as const];
  });
  return {
    ...rest,
    ...(source === undefined || isHidden ? {} : { source }),
    pointers,
    ...(named.length > 0 ? { keys: Object.fromEntries(named) } : {}),
  };
}

/** One declaration for a place; items of a list are counted, as their places are taken by others. */
function declarationsOf(withheld: readonly string[], place: Place, view: View): readonly Declaration[] {
  const counts = new Map<string, number>();
  for (const pointer of withheld) {
    const at = nearest(pointer, place);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts].map(([pointer, count]) => ({
    pointer,
    status: 'withheld',
    reason: `not in the view ${view}${pointer.endsWith('/-') ? `: ${count} of the list` : ''}`,
  }));
}

/** A place that is there no more, in the nearest thing that is: a member of an object, or one more item of a list. */
function nearest(pointer: string, place: Place): string {
  const slash = pointer.lastIndexOf('/');
  const parent = place(pointer.slice(0, slash));
  if (parent === undefined) return nearest(pointer.slice(0, slash), place);
  const step = pointer.slice(slash);
  return parent + (/^\/\d+$/.test(step) ? '/-' : step);
}
