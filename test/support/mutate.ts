/** Documents with a fault, the same each time. */

/** A generator that gives the same numbers each time. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % below;
}

type Node = Record<string, unknown>;

/** Breaks one member of a document, or not. */
export function mutate(document: unknown, random: (below: number) => number): void {
  const nodes: Node[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    nodes.push(value as Node);
    Object.values(value).forEach(collect);
  };
  collect(document);
  const node = nodes[random(nodes.length)] ?? {};
  const keys = Object.keys(node);
  const key = keys[random(keys.length || 1)] ?? 'new';
  const other = nodes[random(nodes.length)];
  const changes: readonly (() => unknown)[] = [
    () => delete node[key],
    () => (node[key] = 5),
    () => (node[key] = ''),
    () => (node[key] = [node[key], node[key]]),
    () => (node[key] = null),
    () => (node.extra = 1),
    () => (node[key] = structuredClone(other)),
    () => (node[key] = structuredClone(Object.values(other ?? {})[0])),
    () => (node[key] = 'https://example.org/'),
  ];
  changes[random(changes.length)]?.();
}
