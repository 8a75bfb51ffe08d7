/** Where a format may carry something: all of it but what is tensors, and of these their first bytes. */
import type { Range } from './index.js';

/** Bytes of a tensor that are looked at: what is loaded from numbers begins where they begin. */
const HEAD_BYTES = 4096;

/** The first bytes of each part of a run of tensors; `bytes` are their sizes, up to a multiple of `alignment`. */
export function headsOf(from: number, sizes: readonly number[], alignment = 1): Range[] {
  let at = from;
  return sizes.map((bytes) => {
    const range = [at, at + Math.min(bytes, HEAD_BYTES)] as const;
    at += Math.ceil(bytes / alignment) * alignment;
    return range;
  });
}

/** All bytes of a file but those behind the first of each tensor. */
export function without(size: number, tensors: readonly Range[]): Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const [from, to] of [...tensors].sort((a, b) => a[0] - b[0])) {
    const end = Math.min(from + HEAD_BYTES, to);
    if (end > at) ranges.push([at, end]);
    at = Math.max(at, to);
  }
  if (at < size) ranges.push([at, size]);
  return ranges;
}
