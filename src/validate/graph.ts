/** The ids of one cycle in a directed graph, first one repeated at the end; undefined when there is none. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const cycle = done.has(start) ? undefined : search(start, edges, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Depth-first without recursion, so that a hostile document cannot exhaust the stack. */
function search(start: string, edges: ReadonlyMap<string, readonly string[]>, done: Set<string>): readonly string[] | undefined {
  const path: string[] = [start];
  const next: number[] = [0];
  const open = new Set([start]);
  while (path.length > 0) {
    const depth = path.length - 1;
    const node = path[depth] ?? '';
    const target = edges.get(node)?.[next[depth] ?? 0];
    if (target === undefined) {
      open.delete(node);
      done.add(node);
      path.pop();
      next.pop();
      continue;
    }
    next[depth] = (next[depth] ?? 0) + 1;
    if (open.has(target)) return [...path.slice(path.indexOf(target)), target];
    if (done.has(target)) continue;
    path.push(target);
    next.push(0);
    open.add(target);
  }
  return undefined;
}

/** A circle in words; it may be as long as the document. */
export const shown = (cycle: readonly string[]): string =>
  (cycle.length > 10 ? [...cycle.slice(0, 5), `${cycle.length - 9} more`, ...cycle.slice(-4)] : cycle).join(' → ');
