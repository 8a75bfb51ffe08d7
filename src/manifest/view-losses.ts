/** What a view loses along with what is withheld: uses of it, and what is about the whole. */
import { parsePointer, pointerStep, resolvePointer, toPointer } from '../core/json-pointer.js';
import { isObject } from '../core/objects.js';
import type { Manifest, ReferenceAt } from '../schema/index.js';

/** Members without which their holder says nothing: it goes along. */
export const ESSENTIAL: ReadonlySet<string> = new Set(['DatasetUse.dataset', 'ParentReference.model', 'PartReference.model']);

/** A manifest and what is left of it so far. */
export interface Both {
  readonly original: Manifest;
  readonly seen: Manifest;
  /** All places of the original where something is named. */
  readonly references: readonly ReferenceAt[];
}

/** Pointers, in the original, of what is withheld along with what is. */
export function lostAlong(both: Both, withheld: readonly string[]): readonly string[] {
  const { original, seen, references } = both;
  const uses = references.flatMap((use) => (!use.pointer.startsWith('/evidence/') && isLost(use, original, seen) ? [holderOf(use)] : []));
  const sums = withheld.flatMap((pointer) =>
    (/^(\/datasets\/[^/]+)\/files(\/|$)/.exec(pointer) ?? []).slice(1, 2).map((at) => `${at}/size/bytes`),
  );
  return ['/foreign', '/bom/signatures', ...uses, ...sums, ...rolesOfLost(both)].filter(
    (pointer) => resolvePointer(original, pointer) !== undefined,
  );
}

/** The roles of a dataset sum up its uses: of one that lost some of them, and has others, they would say what those do not. */
function rolesOfLost({ seen, references }: Both): readonly string[] {
  const uses = new Map<string, boolean[]>();
  for (const { member, value, pointer } of references) {
    if (member !== 'DatasetUse.dataset') continue;
    const isLeft = resolvePointer(seen, pointer) !== undefined;
    uses.set(value, [...(uses.get(value) ?? []), isLeft]);
  }
  return [...uses].flatMap(([id, left]) => (left.includes(true) && left.includes(false) ? [`/datasets${pointerStep(id)}/roles`] : []));
}

/** Was the thing there, and is no more? */
export const isLost = (use: ReferenceAt, original: Manifest, seen: Manifest): boolean => isIn(use, original) && !isIn(use, seen);

function isIn({ row, value, pointer }: ReferenceAt, document: Manifest): boolean {
  const has = (map: unknown): boolean => isObject(map) && Object.hasOwn(map, value);
  if (row.subject === true && value === 'model' && document.model !== undefined) return true;
  return (
    row.in.some((collection) => has(document[collection])) ||
    (row.beside !== undefined && has(resolvePointer(document, besideOf(pointer, row.beside))))
  );
}

/** The map nearer by that a reference may name something of. */
function besideOf(pointer: string, beside: 'stages' | 'files'): string {
  const path = parsePointer(pointer) ?? [];
  return beside === 'files' ? toPointer([...path.slice(0, 2), 'files']) : toPointer(path.slice(0, path.lastIndexOf('stages') + 1));
}

/** What goes with a name: its holder where that says nothing without, or would tell the digest of the file. */
function holderOf({ pointer, member, row, place }: ReferenceAt): string {
  const holder = pointer.slice(0, pointer.lastIndexOf('/'));
  const isFile =
    row.in.includes('artifacts') &&
    place.inside === undefined &&
    isObject(place.parent?.value) &&
    Object.hasOwn(place.parent.value, 'digest');
  return ESSENTIAL.has(member) || isFile ? holder : pointer;
}

/** Pointers of files that are gone, and of lists of files that lost some: what is said to be over all of them is not any more. */
export function cutTrees(original: Manifest, seen: Manifest): ReadonlySet<string> {
  const cut = new Set<string>();
  const count = (value: unknown): number => (typeof value === 'object' && value !== null ? Object.keys(value).length : 0);
  const things = [
    '/model',
    ...(['models', 'datasets'] as const).flatMap((each) => Object.keys(original[each] ?? {}).map((id) => `/${each}${pointerStep(id)}`)),
  ];
  const subject = original.bom.subject ?? 'model';
  for (const thing of things) {
    const lists = [`${thing}/artifacts`, `${thing}/files`];
    // The digest of the subject is over all files.
    if (thing === '/model' || thing === `/datasets${pointerStep(subject)}`) lists.push('/artifacts');
    if (lists.some((list) => count(resolvePointer(seen, list)) < count(resolvePointer(original, list)))) cut.add(thing);
  }
  return cut;
}
