/** What a manifest keeps under keys, as lists that tests can compare. */
import { evidenceFor } from '../../src/manifest/evidence.js';
import type { Evidence, Manifest, Model, ParentReference } from '../../src/schema/index.js';

type Named<T, K extends string> = T & { readonly [P in K]: string };

/** The things of a collection with their keys, as a member of each. */
export const listOf = <T, K extends string = 'id'>(
  things: { readonly [key: string]: T } | undefined,
  member: K = 'id' as K,
): Named<T, K>[] => Object.entries(things ?? {}).map(([key, thing]) => ({ [member]: key, ...thing }) as Named<T, K>); // its own members, and the one

/** The models that a model came from, each with how it did. */
export const parentsOf = ({ model, models }: Manifest, of = model?.lineage): (Omit<ParentReference, 'model'> & Partial<Model>)[] =>
  Object.values(of?.parents ?? {}).map(({ model: id, ...how }) => ({ ...models?.[id], ...how }));

/** Entries of evidence that bear out a value, those that speak of it most closely, with the key that each has for it. */
export function sourcesOf(manifest: Manifest, pointer: string): (Omit<Evidence, 'values'> & { readonly key?: string })[] {
  const { supports } = evidenceFor(manifest, pointer);
  const closest = Math.max(...supports.map(({ pointer: { length } }) => length));
  return supports
    .filter(({ pointer: { length } }) => length === closest)
    .map(({ entry: { values: _, ...entry }, key }) => ({ ...entry, ...(key === undefined ? {} : { key }) }));
}

/** What a thing depends on, and how sure it is that this is all. */
export function edgeOf(
  { dependencies }: Pick<Manifest, 'dependencies'>,
  ref: string,
): { readonly dependsOn: readonly string[]; readonly completeness?: string | undefined } | undefined {
  const node = dependencies?.[ref];
  return node === undefined ? undefined : { dependsOn: node.edges?.['depends-on'] ?? [], completeness: node.completeness };
}
