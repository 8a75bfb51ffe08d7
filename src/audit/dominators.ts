/** What lies on every way to a node. Source: Cooper, Harvey, Kennedy, A Simple, Fast Dominance Algorithm (2001) */

type Edges = ReadonlyMap<string, readonly string[]>;

export interface Dominators {
  /** What lies on every way from a root to a node, itself among it; undefined for a node that no root reaches. */
  get(node: string): ReadonlySet<string> | undefined;
}

/** Nodes at most: a graph that is made to be slow takes time by their square. */
const MAX_NODES = 20_000;

/** Roots lie on ways as everything does. Undefined for a graph of more than 20,000 nodes. */
export function dominatorsOf(edges: Edges, roots: ReadonlySet<string>): Dominators | undefined {
  const order = postorder(edges, roots);
  if (order.length > MAX_NODES) return undefined;
  const number = new Map(order.map((node, i) => [node, i]));
  const before = predecessors(edges, roots, number);
  const start = order.length;
  const parent = new Array<number | undefined>(start).fill(undefined);
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      while (x < y) x = parent[x] ?? start;
      while (y < x) y = parent[y] ?? start;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let node = start - 1; node >= 0; node--) {
      const known = (before[node] ?? []).filter((each) => each === start || parent[each] !== undefined);
      const [first = start, ...others] = known;
      const next = others.reduce(meet, first);
      if (parent[node] !== next) {
        parent[node] = next;
        changed = true;
      }
    }
  }
  return {
    get(node) {
      const at = number.get(node);
      return at === undefined ? undefined : chainOf(at, { parent, order, start });
    },
  };
}

interface Tree {
  readonly parent: readonly (number | undefined)[];
  readonly order: readonly string[];
  readonly start: number;
}

function chainOf(node: number, { parent, order, start }: Tree): ReadonlySet<string> {
  const chain = new Set<string>();
  for (let at = node; at !== start; at = parent[at] ?? start) chain.add(order[at] ?? '');
  return chain;
}

/** Depth first, without recursion: a chain may be long. */
function postorder(edges: Edges, roots: ReadonlySet<string>): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack: { readonly node: string; next: number }[] = [{ node: root, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = edges.get(top.node)?.[top.next++];
      if (target === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(target)) {
        seen.add(target);
        stack.push({ node: target, next: 0 });
      }
    }
  }
  return order;
}

/** By number; the start, which leads to the roots, has the number after the last. */
function predecessors(edges: Edges, roots: ReadonlySet<string>, number: ReadonlyMap<string, number>): readonly (readonly number[])[] {
  const before: number[][] = Array.from({ length: number.size }, () => []);
  for (const root of roots) before[number.get(root) ?? 0]?.push(number.size);
  for (const [node, at] of number) for (const target of edges.get(node) ?? []) before[number.get(target) ?? -1]?.push(at);
  return before;
}
