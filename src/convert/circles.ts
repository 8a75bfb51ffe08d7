/** Graphs of other producers may run in circles; that of a manifest does not. */
import type { Dependency } from '../schema/index.js';

/**
 * The entries without the edges that lead back to a thing on the way, of whatever kind they are: a part may depend on what contains
 * it. What contains things is followed first, so that it is rather the other edge that is left out. Without recursion, for graphs of
 * any depth.
 */
export function withoutCircles(entries: readonly Dependency[]): readonly Dependency[] {
  const edges = new Map<string, string[]>();
  for (const isContained of [true, false])
    for (const { ref, dependsOn, kind } of entries)
      if ((kind === 'contains') === isContained) {
        const known = edges.get(ref);
        if (known === undefined) edges.set(ref, [...dependsOn]);
        else for (const each of dependsOn) known.push(each);
      }
  const closing = closingEdges(edges);
  if (closing.size === 0) return entries;
  return entries.flatMap((entry) => {
    const kept = entry.dependsOn.filter((each) => closing.get(entry.ref)?.has(each) !== true);
    return kept.length === 0 && entry.dependsOn.length > 0 ? [] : [{ ...entry, dependsOn: kept }];
  });
}

type Targets = ReadonlyMap<string, ReadonlySet<string>>;

function closingEdges(edges: ReadonlyMap<string, readonly string[]>): Targets {
  const closing = new Map<string, Set<string>>();
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    open.add(start);
    const stack = [{ node: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = edges.get(top.node)?.[top.next++];
      if (target === undefined) {
        stack.pop();
        open.delete(top.node);
        done.add(top.node);
      } else if (open.has(target)) closing.set(top.node, (closing.get(top.node) ?? new Set()).add(target));
      else if (!done.has(target)) {
        open.add(target);
        stack.push({ node: target, next: 0 });
      }
    }
  }
  return closing;
}
