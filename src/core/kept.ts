/** How much of a file may be held at a time, counted in things, not in bytes of memory: the same on every machine. */
import type { ByteSource } from './byte-source.js';
import { MsbomError } from './error.js';
import type { Limits } from './limits.js';

/** Things that every file may ask for, however small it is. */
const FREE = 200_000;
/** Things at most: each takes some hundred bytes, so that a file never takes more than about a gigabyte. */
const MOST = 3_000_000;
/** A tensor, an operator or another thing with a name has at least so many bytes in a file that is what it says it is. */
const BYTES_A_THING = 16;

/** Counts a thing that is kept; `weight` for one that takes as much as several. @throws ERR_LIMIT_COUNT */
export type Keep = (offset: number, weight?: number) => void;

/** Things that may be kept of a file of `size` bytes. */
export function keptLimit(limits: Pick<Limits, 'maxItems'>, size: number): number {
  return Math.min(limits.maxItems, MOST, FREE + Math.floor(size / BYTES_A_THING));
}

/** A fresh count for one file. */
export function keeper(source: Pick<ByteSource, 'name' | 'size'>, limits: Pick<Limits, 'maxItems'>): Keep {
  const most = keptLimit(limits, source.size);
  let kept = 0;
  return (offset, weight = 1) => {
    kept += weight;
    if (kept <= most) return;
    throw new MsbomError('ERR_LIMIT_COUNT', `more than ${most} items, which is too many for ${source.size} bytes`, {
      file: source.name,
      offset,
    });
  };
}
