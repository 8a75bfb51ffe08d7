/** Which values of a large document are wanted, so that all others can be skipped without being held. */
import type { JsonValue } from '../../core/canonical-json.js';

/** `value`: the value whole; `length`: only the number of items of a list; `size`: that, or the number of members of an object. */
export type Wanted = 'value' | 'length' | 'size';

export interface Selection {
  /** What to do with the value at a path: take it, look inside, or skip it. */
  kindOf(path: string): Wanted | 'inside' | 'skip';
}

/** Takes a wanted value; a length comes as a number. */
export type Taker = (path: string, value: JsonValue) => void;

/**
 * Values by path. Members of objects are joined by dots, `[]` stands for every item of a list: `trees[].size`. A key that
 * holds a dot is never wanted.
 */
export function selection(wanted: Readonly<Record<string, Wanted>>): Selection {
  const kinds = new Map<string, Wanted | 'inside'>([['', 'inside']]);
  for (const [path, kind] of Object.entries(wanted)) {
    for (const { index } of path.matchAll(/\.|\[\]/g)) if (!kinds.has(path.slice(0, index))) kinds.set(path.slice(0, index), 'inside');
    for (const { index } of path.matchAll(/\[\]/g)) if (!kinds.has(path.slice(0, index + 2))) kinds.set(path.slice(0, index + 2), 'inside');
    kinds.set(path, kind);
  }
  return { kindOf: (path) => kinds.get(path) ?? 'skip' };
}

/** The path of a member. */
export const memberPath = (path: string, key: string): string =>
  key.includes('.') || key.includes('[') ? '\u0000' : path === '' ? key : `${path}.${key}`;
