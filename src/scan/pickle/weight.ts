/** About how many bytes of memory the values of a machine take: what a file of a few megabytes can name may take a gigabyte. */
import type { Memo } from './memo.js';
import { NO_ITEMS, type Value } from './values.js';

/** Objects that may be made before the first look. */
export const WEIGH_AFTER = 200_000;

/** Bytes of an object by its kind; what many share weighs nothing. */
const BYTES: Readonly<Record<string, number>> = {
  text: 64,
  bytes: 56,
  made: 64,
  list: 56,
  set: 56,
  frozenset: 56,
  tuple: 56,
  dict: 56,
  persistent: 40,
};
const SLOT = 8;
const LIST_HEAD = 32;

/**
 * Weighs what the stack and the memo hold, each container once.
 * @param most where to stop: beyond it the numbers are too small
 */
export function weigh(stack: readonly Value[], memo: Memo, most: number): { readonly bytes: number; readonly objects: number } {
  const seen = new Set<object>();
  const open: Value[] = [];
  let bytes = 0;
  let objects = 0;
  const add = (value: Value | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    const own = BYTES[value.kind] ?? 0;
    if (own === 0) return;
    if (value.kind !== 'text' && value.kind !== 'bytes') {
      if (seen.has(value)) return;
      seen.add(value);
      open.push(value);
    }
    bytes += own;
    objects++;
  };
  const close = (): void => {
    for (let value = open.pop(); value !== undefined && bytes <= most; value = open.pop()) {
      if (typeof value !== 'object' || value === null) continue;
      if (value.kind === 'made') {
        add(value.callee);
        add(value.args);
        add(value.state);
      } else if (value.kind === 'persistent') add(value.id);
      else if ('items' in value && value.items !== NO_ITEMS) {
        bytes += LIST_HEAD + SLOT * value.items.length;
        for (const item of value.items) add(item);
      }
    }
  };
  const holds = (value: Value): boolean => {
    add(value);
    if (open.length > 0) close();
    return bytes <= most;
  };
  bytes += SLOT * stack.length;
  for (const value of stack) if (!holds(value)) return { bytes, objects };
  memo.visit(holds);
  return { bytes, objects };
}
