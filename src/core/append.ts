/** Puts items behind those of a list. `list.push(...items)` hands each item over as an argument, and the engine takes some 100,000. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}

/** Puts an item behind those of a list in a map. A new list for each would take a time that grows with the square of their number. */
export function appendTo<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
