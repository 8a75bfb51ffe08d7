/** What a view says of what it does not have: that lists are not complete, and what is withheld where. */
import { parsePointer, pointerStep, resolvePointer } from '../core/json-pointer.js';
import { bare, isList, isObject, own } from '../core/objects.js';
import type { Declaration, Evidence, EvidenceValue, Manifest } from '../schema/index.js';
import { matches, pointersTo } from './evidence.js';
import { shapeIn, typeOf } from './shape.js';
import { type Both, cutTrees, isLost } from './view-losses.js';

/** The view with all that it says of itself. */
export function told(both: Both, withheld: readonly string[], view: string): Manifest {
  const { original, seen } = both;
  const { evidence, ...rest } = seen;
  const isGone = (pointer: string): boolean =>
    resolvePointer(original, pointer) !== undefined && resolvePointer(seen, pointer) === undefined;
  const isAbout = (pointer: string): boolean => !pointersTo(pointer).some(isGone);
  const left = <T>(map: { readonly [pointer: string]: T } | undefined): [string, T][] =>
    Object.entries(map ?? {}).filter(([pointer]) => isAbout(pointer));
  const declarations = bare([...left(seen.bom.declarations), ...declarationsOf(original, seen, withheld, view)]);
  const audiences = left(seen.bom.audiences);
  const { audiences: _, ...bom } = seen.bom;
  const kept = evidence === undefined ? [] : evidenceLeft(evidence, both);
  return {
    ...withTrees(withEdges(rest, original), original),
    bom: {
      ...bom,
      ...coverageOf(original, seen, withheld),
      declarations,
      ...(audiences.length === 0 ? {} : { audiences: bare(audiences) }),
    },
    ...(kept.length === 0 ? {} : { evidence: kept }),
  };
}

/** Collections, and the word of `bom.coverage` that says whether they are complete. */
const COVERED = [
  ['artifacts', 'artifacts'],
  ['datasets', 'datasets'],
  ['models', 'models'],
  ['components', 'completeness'],
] as const;

/** No word is left that says of a collection that it is complete when it is not any more. */
function coverageOf(original: Manifest, { bom }: Manifest, withheld: readonly string[]): Partial<Manifest['bom']> {
  const words = COVERED.filter(([collection, word]) => {
    const isHidden = (pointer: string): boolean => resolvePointer(original, pointer) !== undefined && withheld.includes(pointer);
    if (isHidden('/bom/coverage') || isHidden(`/bom/coverage/${word}`)) return false;
    const cut = withheld.filter((pointer) => pointer === `/${collection}` || pointer.startsWith(`/${collection}/`));
    return cut.some((pointer) => pointer.split('/').length <= 3) || (cut.length > 0 && bom.coverage?.[word] === 'complete');
  });
  if (words.length === 0) return {};
  return { coverage: { ...bom.coverage, ...Object.fromEntries(words.map(([, word]) => [word, 'partial' as const])) } };
}

/** No node of which an edge is gone has all its edges listed. */
function withEdges(seen: Manifest, original: Manifest): Manifest {
  if (seen.dependencies === undefined) return seen;
  const edges = (node: { readonly edges?: { readonly [kind: string]: readonly string[] } } | undefined): number =>
    Object.values(node?.edges ?? {}).flat().length;
  const nodes = Object.entries(seen.dependencies).map(
    ([id, node]) =>
      [
        id,
        node.completeness === 'complete' && edges(node) < edges(own(original.dependencies, id))
          ? { ...node, completeness: 'partial' as const }
          : node,
      ] as const,
  );
  return { ...seen, dependencies: bare(nodes) };
}

/** The root over files that are not all listed any more is as true as it was, but it does not follow from those that are. */
function withTrees(seen: Manifest, original: Manifest): Manifest {
  const cut = cutTrees(original, seen);
  const open = <T extends { readonly digest?: object }>(thing: T, pointer: string): T =>
    thing.digest !== undefined && cut.has(pointer) ? { ...thing, digest: { ...thing.digest, complete: false } } : thing;
  const all = <T extends { readonly digest?: object }>(things: { readonly [id: string]: T }, name: string): { [id: string]: T } =>
    bare(Object.entries(things).map(([id, thing]) => [id, open(thing, `/${name}${pointerStep(id)}`)] as const));
  return {
    ...seen,
    ...(seen.model && { model: open(seen.model, '/model') }),
    ...(seen.models && { models: all(seen.models, 'models') }),
    ...(seen.datasets && { datasets: all(seen.datasets, 'datasets') }),
  };
}

/** Evidence about what is left. What is withheld is named neither as its source nor by its patterns. */
function evidenceLeft(entries: readonly Evidence[], { original, seen, references }: Both): Evidence[] {
  const lost = lostFiles(original, seen);
  // Of the original, whose entries are all still there.
  const gone = new Set(
    references.flatMap((use) => (use.pointer.startsWith('/evidence/') && isLost(use, original, seen) ? [use.pointer] : [])),
  );
  return entries.flatMap((entry, i): Evidence[] => {
    const values = Object.entries(entry.values).flatMap(([pointer, value]): [string, EvidenceValue][] => {
      const is = resolvePointer(seen, pointer);
      if (is === undefined) return [];
      const { members, ...rest } = value;
      if (members === undefined) return [[pointer, value]];
      const left = members.filter((pattern) => hasMatch(is, pattern));
      return left.length === 0 ? [] : [[pointer, { ...rest, members: left }]];
    });
    if (values.length === 0) return [];
    const { source, by, ...rest } = entry;
    const { path = '', name = '', digest } = source ?? {};
    const isSourceLost = lost.paths.has(path) || lost.paths.has(name) || lost.digests.has(digest?.sha256 ?? '');
    return [
      {
        ...rest,
        ...(source === undefined || isSourceLost ? {} : { source }),
        ...(by === undefined || gone.has(`/evidence/${i}/by`) ? {} : { by }),
        values: bare(values),
      },
    ];
  });
}

function hasMatch(value: unknown, pattern: string): boolean {
  const depth = pattern.split('/').length;
  const search = (at: unknown, path: readonly string[]): boolean => {
    if (path.length === depth) return matches(pattern, path);
    const parts: [string, unknown][] = isList(at) || isObject(at) ? Object.entries(at) : [];
    return parts.some(
      ([key, member]) =>
        matches(
          pattern
            .split('/')
            .slice(0, path.length + 1)
            .join('/'),
          [...path, key],
        ) && search(member, [...path, key]),
    );
  };
  return search(value, []);
}

function lostFiles(original: Manifest, seen: Manifest): { readonly paths: ReadonlySet<string>; readonly digests: ReadonlySet<string> } {
  const [before, after] = [original.artifacts ?? {}, seen.artifacts ?? {}];
  // A file that lacks its digest is refused, but only at the end.
  const left = new Set(Object.values(after).map(({ digest }) => digest?.sha256));
  return {
    paths: new Set(Object.keys(before).filter((path) => own(after, path) === undefined)),
    digests: new Set(Object.values(before).flatMap(({ digest: { sha256 } }) => (sha256 === undefined || left.has(sha256) ? [] : [sha256]))),
  };
}

/**
 * A declaration for each place where something is withheld: a member by its name; entries of maps and items of lists as `-` with their
 * number, since an id or path may tell what is withheld.
 */
function declarationsOf(
  original: Manifest,
  seen: Manifest,
  withheld: readonly string[],
  view: string,
): readonly (readonly [string, Declaration])[] {
  const counts = new Map<string, { readonly of?: string; count: number }>();
  for (const pointer of withheld) {
    const { at, of } = nearest(pointer, original, seen);
    const there = counts.get(at);
    if (there === undefined) counts.set(at, { ...(of === undefined ? {} : { of }), count: 1 });
    else there.count++;
  }
  return [...counts].map(([pointer, { of, count }]) => [
    pointer,
    { status: 'withheld', reason: `not in the view ${view}${of === undefined ? '' : `: ${count} of the ${of}`}` },
  ]);
}

/** A place that is there no more, in the nearest thing that is. */
function nearest(pointer: string, original: Manifest, seen: Manifest): { readonly at: string; readonly of?: 'list' | 'map' } {
  const holder = pointer.slice(0, pointer.lastIndexOf('/'));
  const is = resolvePointer(seen, holder);
  if (is === undefined && holder !== '') return nearest(holder, original, seen);
  if (isList(resolvePointer(original, holder))) return { at: `${holder}/-`, of: 'list' };
  const shape = (parsePointer(holder) ?? []).reduce(shapeIn, 'Manifest');
  return typeOf(shape) === undefined ? { at: free(`${holder}/-`, seen), of: 'map' } : { at: pointer };
}

/** A file may be called so. */
function free(pointer: string, seen: Manifest): string {
  return resolvePointer(seen, pointer) === undefined ? pointer : free(`${pointer}-`, seen);
}
