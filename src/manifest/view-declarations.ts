/** What a view says of what it does not have: that lists are not complete, and what is withheld where. */
import { resolvePointer } from '../core/json-pointer.js';
import type { Declaration, Manifest } from '../schema/index.js';
import { KEYED_BY_POINTERS, type Place } from './view-losses.js';

/** Lists, and the word of `bom.coverage` that says whether they are complete. */
const COVERED = [
  ['artifacts', 'artifacts'],
  ['datasets', 'datasets'],
  ['components', 'completeness'],
] as const;

/**
 * With no word left that says of a list that it is complete when it is not any more. That something of an item is
 * withheld takes back a word; that an item is withheld is said also where nothing was.
 */
export function withCoverage(original: Manifest, seen: Manifest, place: Place, withheld: readonly string[]): Manifest {
  const stated = seen.bom.coverage;
  const declared = new Set((original.bom.declarations ?? []).map(({ pointer }) => pointer));
  // What is itself withheld, or declared, has been spoken of.
  const isFree = (pointer: string): boolean => place(pointer) !== undefined && !declared.has(pointer);
  const words = COVERED.filter(([list, word]) => {
    if (!isFree('/bom/coverage') || !isFree(`/bom/coverage/${word}`)) return false;
    const cut = withheld.filter((pointer) => pointer === `/${list}` || pointer.startsWith(`/${list}/`));
    return cut.some((pointer) => pointer.split('/').length <= 3) || (cut.length > 0 && stated?.[word] === 'complete');
  });
  const dependencies = withEdges(original, seen, place);
  if (words.length === 0) return { ...seen, ...dependencies };
  const coverage = { ...stated, ...Object.fromEntries(words.map(([, word]) => [word, 'partial' as const])) };
  return { ...seen, ...dependencies, bom: { ...seen.bom, coverage } };
}

/** No node of which an edge is gone has all its edges listed. */
function withEdges(original: Manifest, { dependencies }: Manifest, place: Place): Pick<Manifest, 'dependencies'> {
  if (dependencies === undefined) return {};
  const isGone = (pointer: string): boolean => place(pointer) === undefined;
  const cut = (original.dependencies ?? []).filter(({ dependsOn }, i) => {
    const edge = `/dependencies/${i}`;
    return isGone(edge) || dependsOn.some((_, j) => isGone(`${edge}/dependsOn/${j}`));
  });
  const refs = new Set(cut.map(({ ref }) => ref));
  return {
    dependencies: dependencies.map((each) =>
      refs.has(each.ref) && each.completeness === 'complete' ? { ...each, completeness: 'partial' } : each,
    ),
  };
}

/** The list of declarations is there whatever is withheld of it. */
const DECLARATIONS = '/bom/declarations';

/**
 * One declaration for a place. Items of a list are counted, as their places are taken by others; and members of a map
 * of pointers, as a pointer may tell what is withheld.
 */
export function declarationsOf(original: Manifest, withheld: readonly string[], place: Place, view: string): readonly Declaration[] {
  const counts = new Map<string, { readonly of?: string; count: number }>();
  const pointers = withheld.flatMap((pointer) =>
    pointer === DECLARATIONS ? (original.bom.declarations ?? []).map((_, i) => `${DECLARATIONS}/${i}`) : pointer,
  );
  for (const pointer of pointers) {
    const { at, ...kind } = nearest(pointer, original, place);
    const counted = counts.get(at);
    if (counted === undefined) counts.set(at, { ...kind, count: 1 });
    else counted.count++;
  }
  return [...counts].map(([pointer, { of, count }]) => ({
    pointer,
    status: 'withheld',
    reason: `not in the view ${view}${of === undefined ? '' : `: ${count} of the ${of}`}`,
  }));
}

/** A place that is there no more, in the nearest thing that is: a member of an object, or one more of a list or map. */
function nearest(pointer: string, original: Manifest, place: Place): { readonly at: string; readonly of?: 'list' | 'map' } {
  const slash = pointer.lastIndexOf('/');
  const holder = pointer.slice(0, slash);
  const now = holder === DECLARATIONS ? holder : place(holder);
  if (now === undefined) return nearest(holder, original, place);
  if (Array.isArray(resolvePointer(original, holder))) return { at: `${now}/-`, of: 'list' };
  return KEYED_BY_POINTERS.test(holder) ? { at: `${now}/-`, of: 'map' } : { at: now + pointer.slice(slash) };
}
