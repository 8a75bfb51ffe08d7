/** Components and their dependencies after all sources have spoken: no circles, and the surest of what is said. */
import type { JsonValue } from '../core/canonical-json.js';

import type { Json } from './places.js';

/** How a component is known, strongest first. */
const STATUSES: readonly JsonValue[] = ['installed', 'locked', 'declared'];

/** What is found on disk was also asked for: the stronger word stays. */
export function joinedStatus(first: Json | undefined, second: { readonly [key: string]: JsonValue }): Json {
  if (first?.status === undefined || second.status === undefined) return {};
  const known = STATUSES.find((status) => status === first.status || status === second.status);
  return known === undefined ? {} : { status: known };
}

/**
 * Edges by the ids that the components have now; `aliases` are those that went when two became one. Packages may need each other in a circle, and a manifest may not: the edge
 * that closes one is left out, and the listing of that node is then partial.
 */
export function settleDependencies(dependencies: readonly Json[], aliases: ReadonlyMap<string, string>): void {
  const renamed = (id: JsonValue | undefined): JsonValue => (typeof id === 'string' ? (aliases.get(id) ?? id) : '');
  const edges = new Map<JsonValue, Set<JsonValue>>();
  for (const each of dependencies) {
    each.ref = renamed(each.ref);
    const targets = Array.isArray(each.dependsOn) ? each.dependsOn.map(renamed) : [];
    each.dependsOn = [...new Set(targets)];
    const known = edges.get(each.ref) ?? new Set();
    for (const target of targets) known.add(target);
    edges.set(each.ref, known);
  }
  const closing = circleEdges(edges);
  if (closing.size === 0) return;
  for (const each of dependencies) {
    const targets = each.dependsOn as readonly JsonValue[]; // set above
    const kept = targets.filter((target) => !closing.get(each.ref as JsonValue)?.has(target)); // set above
    if (kept.length < targets.length) Object.assign(each, { dependsOn: kept, completeness: 'partial' });
  }
}

/** The edges that lead back to a node whose own edges are being followed; without recursion, for graphs of any depth. */
function circleEdges(edges: ReadonlyMap<JsonValue, ReadonlySet<JsonValue>>): Map<JsonValue, Set<JsonValue>> {
  const closing = new Map<JsonValue, Set<JsonValue>>();
  const done = new Set<JsonValue>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const path = [{ node: start, next: (edges.get(start) ?? new Set()).values() }];
    const open = new Set([start]);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const { value, done: ended } = at.next.next();
      if (ended === true) {
        open.delete(at.node);
        done.add(at.node);
        path.pop();
      } else if (open.has(value)) closing.set(at.node, (closing.get(at.node) ?? new Set()).add(value));
      else if (!done.has(value)) {
        open.add(value);
        path.push({ node: value, next: (edges.get(value) ?? new Set()).values() });
      }
    }
  }
  return closing;
}
