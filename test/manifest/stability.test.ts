/** Inserting, deleting or reordering any item changes the meaning of no other statement, or the result is refused by the rules. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.js';
import { pointerStep, resolvePointer } from '../../src/core/json-pointer.js';
import { bare, isList, isObject } from '../../src/core/objects.js';
import { evidenceFor } from '../../src/manifest/evidence.js';
import { type Manifest, type ReferenceAt, referencesIn } from '../../src/schema/index.js';
import { validateManifest } from '../../src/validate/index.js';
import { arbitraryManifest } from '../support/arbitrary-manifest.js';
import { pointersOf } from '../support/closed-manifest.js';

type Edit = 'insert' | 'delete' | 'reorder';

/** Every object, map and list of a manifest that holds something, by pointer. */
function holdersOf(value: unknown, pointer = ''): string[] {
  if (!isList(value) && !isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([key, member]) => holdersOf(member, pointer + pointerStep(key)));
  return Object.keys(value).length === 0 ? inner : [pointer, ...inner];
}

/** The document with the holder at the pointer edited. */
function edited(value: unknown, pointer: string, edit: Edit, at: number): unknown {
  if (pointer === '') return editedHere(value, edit, at);
  const end = pointer.indexOf('/', 1);
  const [head, rest] = end === -1 ? [pointer, ''] : [pointer.slice(0, end), pointer.slice(end)];
  const change = (key: string, member: unknown): unknown => (pointerStep(key) === head ? edited(member, rest, edit, at) : member);
  if (isList(value)) return value.map((item, i) => change(String(i), item));
  return bare(Object.entries(value as object).map(([key, member]) => [key, change(key, member)] as const));
}

function editedHere(value: unknown, edit: Edit, at: number): unknown {
  const entries = Object.entries(value as object);
  const i = at % entries.length;
  const copy = entries[i]?.[1];
  if (edit === 'reorder') entries.reverse();
  else if (edit === 'delete') entries.splice(i, 1);
  else entries.unshift([`new-${entries.length}`, isList(value) && typeof copy === 'string' ? `${copy}x` : copy]);
  return isList(value) ? entries.map(([, item]) => item) : bare(entries);
}

/** What is said of a place: its value, who vouches for it, who says something else. */
function meaning(manifest: Manifest, pointer: string, left: (index: number) => boolean): string {
  const { supports, dissents } = evidenceFor(manifest, pointer);
  const said = [supports, dissents].map((all) =>
    all
      .filter(({ index }) => left(index))
      .map(({ entry: { values: _, ...head }, key = null, said: other = null }) => canonicalize([head, key, other]))
      .sort(),
  );
  return canonicalize([asSet(resolvePointer(manifest, pointer)), ...said]);
}

const asSet = (value: unknown): unknown => (isObject(value) || isList(value) ? 'more than one value' : (value ?? null));

/** What each name means: the thing that it names. */
const named = (manifest: Manifest, { row, value }: ReferenceAt): string =>
  row.in.flatMap((collection) => {
    const thing = (manifest[collection] as { readonly [id: string]: { readonly name?: string } } | undefined)?.[value];
    return thing === undefined ? [] : [`${collection} ${thing.name ?? ''}`];
  })[0] ?? value;

it('an item that comes, goes or moves changes nothing that is said of others', () => {
  let stood = 0;
  fc.assert(
    fc.property(
      arbitraryManifest,
      fc.constantFrom<Edit>('insert', 'delete', 'reorder'),
      fc.nat(),
      fc.nat(),
      (manifest, edit, where, at) => {
        const holders = holdersOf(manifest).filter((pointer) => !/^\/(bom|foreign)/.test(pointer) && !/^\/evidence\/./.test(pointer));
        const holder = holders[where % holders.length] ?? '';
        const after = edited(manifest, holder, edit, at) as Manifest;
        if (!validateManifest(after).valid) return;
        stood++;
        const before = resolvePointer(manifest, holder) as object;
        const keys = Object.keys(before);
        const item = edit === 'delete' && !isList(before) ? holder + pointerStep(keys[at % keys.length] ?? '') : undefined;
        const list = isList(before) ? holder : undefined;
        const isOther = (pointer: string): boolean =>
          [item, list].every(
            (place) =>
              place === undefined ||
              !(pointer === place || pointer.startsWith(`${place}/`) || (place === list && holder.startsWith(pointer))),
          );
        // An entry of evidence that goes, or stands twice now, is one statement; the others are as they were.
        const evidence = holder === '/evidence' ? at % (manifest.evidence?.length ?? 1) : undefined;
        const is = (index: number): boolean => edit === 'reorder' || evidence === undefined || index !== evidence;
        const isNow = (index: number): boolean => edit !== 'insert' || evidence === undefined || (index !== 0 && index !== evidence + 1);
        for (const pointer of pointersOf(manifest).filter(isOther))
          expect(meaning(after, pointer, isNow), pointer).toBe(meaning(manifest, pointer, is));
        const names = new Map(referencesIn(manifest).map((each) => [`${each.member} ${each.value}`, named(manifest, each)]));
        for (const each of referencesIn(after)) {
          const meant = names.get(`${each.member} ${each.value}`);
          if (meant !== undefined) expect(named(after, each)).toBe(meant);
        }
      },
    ),
    { numRuns: Number(process.env.MSBOM_RUNS ?? 150), endOnFailure: true },
  );
  expect(stood).toBeGreaterThan(20);
});
