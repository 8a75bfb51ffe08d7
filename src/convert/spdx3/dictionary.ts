/** Dictionaries: keys and texts. */
import { objectsOf } from '../cyclonedx/json.js';
import type { Json } from '../mapping/block.js';

export const entry = (key: string, value: string): Json => ({ type: 'DictionaryEntry', key, value });

/** Texts of a dictionary by key; a key that stands twice has its first value. */
export function dictionary(list: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value } of objectsOf(list)) if (typeof key === 'string' && !found.has(key)) found.set(key, String(value ?? ''));
  return found;
}
