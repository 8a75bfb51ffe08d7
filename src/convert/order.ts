/** A manifest with the members of every object in order: what is written must not hang on how they happen to stand. */
import { compareCodePoints } from '../core/source-tree.js';

export function inOrder<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.some((item, i) => item !== value[i]) ? (items as T) : value; // the same items
  }
  const members = Object.entries(value).map(([key, member]) => [key, inOrder(member)] as const);
  const isSame = members.every(
    ([key, member], i) =>
      (i === 0 || compareCodePoints(members[i - 1]?.[0] ?? '', key) < 0) && member === (value as Record<string, unknown>)[key],
  );
  // The copy has the same members.
  return isSame ? value : (Object.fromEntries(members.sort(([a], [b]) => compareCodePoints(a, b))) as T);
}
