/** Where each thing stands in a document: in another one, or in no other. */
import { appendTo } from '../../core/append.js';
import { own } from '../../core/objects.js';
import type { Manifest } from '../../schema/index.js';
import { type Edge, fileId } from '../graph.js';

/** Ids of everything that is a component or service. */
export const things = ({ models, datasets, components, services }: Manifest): readonly string[] =>
  [models, datasets, components, services].flatMap((section) => Object.keys(section ?? {}));
export const isService = (id: string, { services }: Manifest): boolean => own(services, id) !== undefined;

/** Things within things at most: what lies deeper is named by an edge, so that anybody can read the document. */
const MAX_NESTING = 90;

/** Everything lies in one thing at most, and nothing in itself: the first that says so holds it. Files that nobody claims are the subject's. */
export function holders(manifest: Manifest, edges: readonly Edge[], subject: string): ReadonlyMap<string, string> {
  const holder = new Map<string, string>();
  const known = new Set(['model', ...things(manifest), ...Object.keys(manifest.artifacts ?? {}).map(fileId)]);
  /** Levels of what lies in a thing. */
  const heights = new Map<string, number>();
  const heightOf = (id: string): number => heights.get(id) ?? 0;
  /** Things from this one up. */
  const upFrom = (id: string): readonly string[] => {
    const all: string[] = [];
    for (let at: string | undefined = id; at !== undefined; at = holder.get(at)) all.push(at);
    return all;
  };
  const put = (to: string, from: string): void => {
    const above = upFrom(from);
    if (above.includes(to) || above.length + heightOf(to) >= MAX_NESTING) return;
    holder.set(to, from);
    for (const [i, at] of above.entries()) heights.set(at, Math.max(heightOf(at), heightOf(to) + i + 1));
  };
  for (const { from, relation, to } of edges)
    if (
      relation === 'contains' &&
      to !== subject &&
      known.has(from) &&
      known.has(to) &&
      // Services lie in services only.
      isService(from, manifest) === isService(to, manifest) &&
      !holder.has(to)
    )
      put(to, from);
  for (const path of Object.keys(manifest.artifacts ?? {})) if (!holder.has(fileId(path))) holder.set(fileId(path), subject);
  return holder;
}

/** What lies in each thing. */
export function inverted(holder: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const [part, whole] of holder) appendTo(parts, whole, part);
  return parts;
}
